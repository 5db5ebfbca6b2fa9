package iis

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Field names one value of a client's record: "last" of the Personal
// Information, "contact/ID/street" or "comment/ID/date" of a row. Drafts,
// saves, conflicts, error messages and the change history all speak of fields.
type Field string

// The fields of the Personal Information screen and of the Client Information
// tab, in screen order.
const (
	FieldLast          Field = "last"
	FieldFirst         Field = "first"
	FieldMiddle        Field = "middle"
	FieldSuffix        Field = "suffix"
	FieldBirthDate     Field = "birth"
	FieldBirthCountry  Field = "country"
	FieldGender        Field = "gender"
	FieldMaidenLast    Field = "maiden"
	FieldMotherFirst   Field = "mother"
	FieldPhone         Field = "phone"
	FieldEmail         Field = "email"
	FieldStreet        Field = "street"
	FieldOther         Field = "other"
	FieldPOBox         Field = "pobox"
	FieldCity          Field = "city"
	FieldState         Field = "state"
	FieldZip           Field = "zip"
	FieldCounty        Field = "county"
	FieldUndeliverable Field = "undeliverable"
	FieldRace          Field = "race"
	FieldEthnicity     Field = "ethnicity"
	FieldChart         Field = "chart"
	FieldStatus        Field = "status"
	FieldReason        Field = "reason"
	FieldReminders     Field = "reminders"
	FieldSharing       Field = "sharing"
	FieldDied          Field = "died"
	FieldDeathSource   Field = "death-source"

	// FieldUpdatedAddress is written by the program alone.
	FieldAddressUpdated Field = "address-updated"
	FieldCertificate    Field = "certificate"
)

// Kinds of rows a field can belong to.
const (
	RowContact = "contact"
	RowComment = "comment"
	RowAlias   = "alias"
)

// RowField names a field of a row: RowField("contact", id, "street"). With the
// name "" it names the row itself, whose value is "yes" while it exists.
func RowField[ID ~string](row string, id ID, name string) Field {
	if name == "" {
		return Field(row + "/" + string(id))
	}
	return Field(row + "/" + string(id) + "/" + name)
}

// Row splits the name of a row's field; ok is false for any other field.
func (f Field) Row() (row, id, name string, ok bool) {
	row, rest, ok := strings.Cut(string(f), "/")
	if !ok {
		return "", "", "", false
	}
	id, name, _ = strings.Cut(rest, "/")
	return row, id, name, true
}

// Values of fields that are ticked or not.
const (
	Yes = "Yes"
	No  = "No"
)

func yesNo(b bool) string {
	if b {
		return Yes
	}
	return No
}

// column is one field of T: its words on screen, how a typed text is read, and
// where the value lives. A read text is canonical: dates ISO, codes as codes.
type column[T any] struct {
	name  Field
	label string
	read  func(text string, today Date) (string, error)
	get   func(*T) string
	set   func(*T, string)
}

// text reads free text of at most limit characters made of letters, digits and
// the given signs.
func text(limit int, signs string) func(string, Date) (string, error) {
	return func(s string, _ Date) (string, error) {
		s = strings.Join(strings.Fields(s), " ")
		if n := utf8.RuneCountInString(s); n > limit {
			return "", fmt.Errorf("is too long: at most %d characters, not %d", limit, n)
		}
		for _, r := range s {
			if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != ' ' && !strings.ContainsRune(signs, r) {
				if unicode.IsControl(r) || !unicode.IsPrint(r) {
					return "", fmt.Errorf("holds a character that cannot be seen: type it again")
				}
				return "", fmt.Errorf("cannot hold the sign %c", r)
			}
		}
		return s, nil
	}
}

const (
	nameSigns    = "'’‘ʻʼ`-‐‑.,·"
	addressSigns = "'’-.,#/&():+°"
	codeSigns    = "-._/#:"
)

// address reads a part of an address and refuses words put in its place
// (guide 24).
func address(limit int) func(string, Date) (string, error) {
	read := text(limit, addressSigns)
	return func(s string, today Date) (string, error) {
		s, err := read(s, today)
		if err == nil && JunkAddress(s) {
			err = fmt.Errorf("does not hold an address: leave the address as it is and tick Undeliverable Address")
		}
		return s, err
	}
}

// oneOf reads a code of a list; the empty text means none.
func oneOf(codes ...string) func(string, Date) (string, error) {
	return func(s string, _ Date) (string, error) {
		s = strings.TrimSpace(s)
		if s == "" || slices.Contains(codes, s) {
			return s, nil
		}
		return "", fmt.Errorf("is not one of the choices: choose one from the list")
	}
}

// mustBe is oneOf without the choice of none.
func mustBe(codes ...string) func(string, Date) (string, error) {
	read := oneOf(codes...)
	return func(s string, today Date) (string, error) {
		s, err := read(s, today)
		if err == nil && s == "" {
			err = fmt.Errorf("is not chosen: choose one")
		}
		return s, err
	}
}

func readTick(s string, _ Date) (string, error) {
	switch strings.TrimSpace(s) {
	case Yes, "on":
		return Yes, nil
	case No, "":
		return No, nil
	}
	return "", fmt.Errorf("is either ticked or not")
}

// readPastDate reads a date that lies neither in the future nor before the
// oldest person alive could have been born.
func readPastDate(s string, today Date) (string, error) {
	d, err := ReadDate(s, today)
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot be read: %w", err)
	case d.IsZero():
		return "", nil
	case d.After(today):
		return "", fmt.Errorf("is in the future: check the year")
	case d.Year < today.Year-125:
		return "", fmt.Errorf("is more than 125 years ago: check the year")
	}
	return d.String(), nil
}

func readPhone(s string, _ Date) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	return ReadPhone(s)
}

func readZip(s string, _ Date) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	return ReadZip(s)
}

func readEmail(s string, today Date) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	s, err := text(254, "@.!#$%&'*+-/=?^_`{|}~")(s, today)
	if err != nil {
		return "", err
	}
	user, host, ok := strings.Cut(s, "@")
	if !ok || user == "" || !strings.Contains(host, ".") || strings.ContainsAny(host, "@ ") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") {
		return "", fmt.Errorf("is not complete: enter it like name@example.org")
	}
	return s, nil
}

// readCodes reads several codes of a list, joined by commas, into the list's
// order.
func readCodes(list []RaceRow) func(string, Date) (string, error) {
	return func(s string, _ Date) (string, error) {
		given := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		var codes []string
		for _, row := range list {
			if slices.Contains(given, row.Code) {
				codes = append(codes, row.Code)
			}
		}
		slices.Sort(given)
		if len(slices.Compact(given)) != len(codes) {
			return "", fmt.Errorf("is not one of the choices: choose from the list")
		}
		return strings.Join(codes, ","), nil
	}
}

// OfMembership reports whether the field belongs to one organization rather
// than to the client as all see it.
func (f Field) OfMembership() bool {
	return f == FieldChart || f == FieldStatus || f == FieldReason || f == FieldReminders
}
