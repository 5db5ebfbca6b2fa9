package iis

import (
	"errors"
	"slices"
	"strings"
	"unicode"
)

// This file knows what people type where they have nothing to type: words put
// in place of an address (guide 24), made-up phone numbers (guide 25) and names
// given to children who have none yet.

// foldText brings text into the form in which it is compared with lists: lower
// case words of letters and digits with one space between them.
func foldText(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == '\'' || r == '’' || unicode.IsMark(r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		default:
			space = true
		}
	}
	return b.String()
}

// junkAddresses are folded values that say there is no address.
var junkAddresses = []string{
	"address unknown", "bad", "current address unknown", "deceased", "do not mail", "do not send", "dont mail",
	"general delivery unknown", "invalid", "left no address", "mail returned", "missing", "moved",
	"moved away", "moved left no address", "moved no forwarding", "n a", "na", "need", "needs", "nil", "no", "no add",
	"no address", "no current address", "no forwarding", "no known address", "no mail", "none", "none given",
	"none listed", "not applicable", "not available", "not given", "not known", "not on file", "not provided",
	"null", "old address", "refused", "return mail", "return to sender", "returned", "returned mail", "rts", "same",
	"see comments", "see notes", "tbd", "temp", "temporary", "test", "unavailable", "undeliverable",
	"undelivered", "unk", "unkn", "unknown", "unknown address", "unknown at this time", "update",
	"update address", "updated address needed", "unsure", "vacant", "wrong", "xx", "bad addr", "address",
}

// junkPhrases say so wherever they stand, unless a street word follows.
var junkPhrases = []string{
	"address needed", "address not valid", "address unknown", "attempted not known", "bad address", "incorrect address",
	"insufficient address", "invalid address", "left no address", "mail returned", "need address", "need new address",
	"need update", "needs address", "needs new address", "needs update", "needs updated", "needs updating",
	"no address", "no forwarding", "no known address", "no longer at address", "no longer at this address",
	"no longer lives", "no such address", "no such number", "no valid address", "not at this address",
	"not deliverable", "not deliverable as addressed", "return to sender", "returned mail", "unable to forward",
	"undeliverable", "undeliverable address", "unknown address", "update address", "update needed", "wrong address",
}

// streetWords end the name of a street, spelled out or as the post writes them.
var streetWords = []string{
	"aly", "alley", "ave", "avenue", "blvd", "boulevard", "cir", "circle", "court", "ct", "dr", "drive", "highway",
	"hwy", "lane", "ln", "loop", "parkway", "path", "pkwy", "pl", "place", "plaza", "rd", "road", "row", "run", "sq",
	"square", "st", "street", "ter", "terrace", "trail", "trl", "walk", "way",
}

// JunkAddress reports whether a part of an address is not one but a remark put
// in its place: "Needs Update", "BAD ADDRESS!!", "Unknown", "xxxx". Such a text
// is the whole value or a phrase beside the rest ("123 Main St - bad address").
// A street word after the phrase makes it a street: "12 Bad Address Ln" and
// "Unknown Road" are addresses. The empty text is no junk, nor is "Homeless",
// which says something true.
func JunkAddress(text string) bool {
	folded := foldText(text)
	if folded == "" {
		return strings.TrimSpace(text) != "" // only signs: "--", "???"
	}
	if slices.Contains(junkAddresses, folded) || slices.Contains(junkPhrases, folded) || repeated(folded) {
		return true
	}
	words := strings.Fields(folded)
	for _, phrase := range junkPhrases {
		p := strings.Fields(phrase)
		for i := 0; i+len(p) <= len(words); i++ {
			after := words[min(i+len(p), len(words)):]
			if slices.Equal(words[i:i+len(p)], p) && (len(after) == 0 || !slices.Contains(streetWords, after[0])) {
				return true
			}
		}
	}
	return false
}

// repeated reports whether s is nothing but x, z, 0 or 9 over and over. Four
// nines may still be a box of the post office.
func repeated(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	switch strings.Trim(s, s[:1]) + s[:1] {
	case "0":
		return true
	case "x", "z":
		return len(s) >= 2
	case "9":
		return len(s) >= 5
	}
	return false
}

// FakePhone reports whether a phone number of seven or ten digits cannot be a
// real one: the same digit over and over, the digits counted up or down, or an
// area code or exchange that the North American numbering plan does not have.
// The exchange 555 is not refused. Any other number of digits is for ReadPhone
// to refuse.
func FakePhone(digits string) bool {
	if !allDigits(digits) {
		return false
	}
	switch len(digits) {
	case 7:
		return digits[0] < '2' || oneDigit(digits) || counted(digits)
	case 10:
		area, exchange := digits[:3], digits[3:6]
		return oneDigit(digits) || counted(digits) ||
			area[0] < '2' || exchange[0] < '2' || area[1:] == "11" ||
			digits[3:] == "0000000" || digits[3:] == "9999999"
	}
	return false
}

func oneDigit(s string) bool { return strings.Trim(s, s[:1]) == "" }

// counted reports whether each digit follows the one before, up or down, with 0
// next to 9 and 1.
func counted(s string) bool {
	up, down := true, true
	for i := 1; i < len(s); i++ {
		step := (int(s[i]) - int(s[i-1]) + 10) % 10
		up = up && step == 1
		down = down && step == 9
	}
	return up || down
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

var (
	errPhoneForm = errors.New("is not complete: enter ten digits such as 651-201-4629, or leave it empty")
	errPhoneFake = errors.New("is not a real one. Clear the phone number or enter a real one: repeated digits are not accepted")
	errZipForm   = errors.New("is not complete: enter five digits, or nine as in 55164-0975")
)

// ReadPhone reads a phone number as people write it, with or without the 1 of
// the country and with any of ( ) . - and spaces between the digits, and
// returns it as 651-201-4629, or 201-4629 if the area code is not known. The
// empty text is no phone number and stays empty.
func ReadPhone(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0:
		case strings.ContainsRune("()-./ \u00a0\u2010\u2011\u2013", r):
		default:
			return "", errPhoneForm
		}
	}
	digits := b.String()
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	if len(digits) != 7 && len(digits) != 10 || text[0] == '+' && len(digits) != 10 {
		return "", errPhoneForm
	}
	if FakePhone(digits) {
		return "", errPhoneFake
	}
	if len(digits) == 7 {
		return digits[:3] + "-" + digits[3:], nil
	}
	return digits[:3] + "-" + digits[3:6] + "-" + digits[6:], nil
}

// ReadZip reads a zip code of five digits or of nine, and returns it as 55112
// or 55164-0975. The empty text stays empty.
func ReadZip(text string) (string, error) {
	text = strings.TrimSpace(text)
	five, four, dash := strings.Cut(text, "-")
	five, four = strings.TrimSpace(five), strings.TrimSpace(four)
	if !dash && len(five) == 9 {
		five, four, dash = five[:5], five[5:], true
	}
	switch {
	case text == "":
		return "", nil
	case len(five) != 5 || !allDigits(five):
		return "", errZipForm
	case five == "00000" || five == "99999":
		return "", errors.New("is not a real one. Clear the zip code or enter a real one")
	case !dash:
		return five, nil
	case len(four) != 4 || !allDigits(four):
		return "", errZipForm
	}
	return five + "-" + four, nil
}

// Words of the names that hospitals give to children who have none yet, and
// what may stand with them. Facts from Minnesota's list of junk names
// (MN_Junk_Names, 08/09/2018), brought into rules.
var (
	newbornWords = []string{"baby", "bb", "bboy", "bg", "bgirl", "boy", "female", "gboy", "girl", "infant", "male", "newborn",
		"triplet", "twin", "babyboy", "babygirl", "babygir", "ababyboy", "ababygirl", "bbabyboy", "bbabygirl"}
	newbornFollowers = []string{"bay", "bo", "brother", "gril", "oy", "sister", "one", "two", "three", "four", "first", "second", "third"}
	unknownNames     = []string{"empty", "first name unknown", "fnu", "missing", "name unknown", "nfn", "none", "not given",
		"not named", "not named yet", "null", "test", "test boy", "test client", "test girl", "test patient", "unk", "unkn",
		"unknown", "unnamed", "unknown name", "b1", "b2", "b3", "g1", "g2", "g3"}
	missingNames = []string{"no", "name", "first", "last", "middle", "nam"} // "NO FIRST NAME", "NOLASTNAM"
)

// PlaceholderName reports whether a first name stands for one that is not
// known: "BABY BOY", "TWIN A", "GIRL #2", "BGONE", "NO FIRST NAME", "TEST". Such
// a name says nothing when clients are compared. One letter alone is a name.
func PlaceholderName(first string) bool {
	folded := foldText(first)
	if slices.Contains(unknownNames, folded) || noName(folded) {
		return true
	}
	found := false
	for w := range strings.FieldsSeq(folded) {
		switch stem, rest := newbornStem(w); {
		case stem && ordinal(rest):
			found = true
		case ordinal(w), slices.Contains(newbornFollowers, w):
		default:
			return false
		}
	}
	return found
}

// newbornStem reports whether w begins with one of the newbornWords, and what
// comes after the longest of them. A letter may only be glued to a word where
// that does not make a real name such as Boyd or Malea.
func newbornStem(w string) (ok bool, rest string) {
	longest := ""
	for _, s := range newbornWords {
		if len(s) > len(longest) && strings.HasPrefix(w, s) {
			longest = s
		}
	}
	rest = w[len(longest):]
	if len(rest) == 1 && !allDigits(rest) && !(strings.ContainsAny(rest, "abc") && (strings.HasSuffix(longest, "boy") || strings.HasSuffix(longest, "girl"))) {
		return false, ""
	}
	return longest != "", rest
}

// ordinal reports whether w only tells one child of several from the others:
// nothing, a letter or a number.
func ordinal(w string) bool {
	return len(w) <= 1 || allDigits(w) || w == "one" || w == "two" || w == "three"
}

// noName reports whether every word is made of "no" and words for a name alone:
// "no first name", "nofirstname".
func noName(folded string) bool {
	if !strings.HasPrefix(folded, "no") || !slices.ContainsFunc(missingNames[1:5], func(m string) bool { return strings.Contains(folded, m) }) {
		return false
	}
	for w := range strings.FieldsSeq(folded) {
		for w != "" {
			i := slices.IndexFunc(missingNames, func(m string) bool { return strings.HasPrefix(w, m) })
			if i < 0 {
				return false
			}
			w = w[len(missingNames[i]):]
		}
	}
	return true
}
