package match

import (
	"strings"

	"openiis.org/iis"
)

// CertificateKey is the key of a birth certificate number; "" if there is none, or one
// that stands for none.
func CertificateKey(number string) iis.Key {
	n := Fold(number)
	if PlaceholderNumber(n) {
		return ""
	}
	return iis.Key("B" + n)
}

// PlaceholderNumber reports whether a folded identifier stands for none: too short, all
// characters but one alike, counted up, or a word that says so.
func PlaceholderNumber(n string) bool {
	if len(n) < 3 || noNumbers[n] {
		return true
	}
	if strings.Count(n, n[:1]) == len(n) || strings.Count(n, n[len(n)-1:]) >= len(n)-1 && len(n) > 4 {
		return true
	}
	return strings.HasPrefix("1234567890", n) || strings.HasPrefix("0123456789", n) && len(n) > 4
}

var noNumbers = set("UNKNOWN UNK UNKN NONE NULL NIL NOTGIVEN NOTKNOWN NOTAVAILABLE NOTAPPLICABLE NOTONFILE NOTPROVIDED " +
	"NONEGIVEN NONUMBER MISSING PENDING REFUSED TBD TEST TEMP UNAVAILABLE")
