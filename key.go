package iis

// NameKey is one row under which a client is found by name: a present or
// former name joined with a present or former birth date, folded so that
// spelling that carries no meaning (case, marks, spaces, hyphens) is gone.
type NameKey struct {
	Last, First           string // folded: capital letters and digits
	LastSound, FirstSound string // how they sound, spelling aside
	BirthDate             Date
	Former                bool // the name or the birth date is one the client no longer has
	LastPart, FirstPart   bool // only a part of a double name, JONES of SMITH-JONES
}

// Key is a text under which a client is found by something other than a name.
// Its first letter says what: P the phone number, M the mother's maiden name
// with the birth date, C the chart number of one organization, B the number of the
// birth certificate.
type Key string
