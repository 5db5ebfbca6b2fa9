package paper

import (
	"crypto/rand"
	"strings"
)

// signs are the digits and letters of codes: no I, L, O or U, which are read as
// something else.
const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is how many signs a code has, of 5 bits each: 60 bits.
const codeLength = 12

// NewCode draws the code of a record. It says nothing of anybody.
func NewCode() string {
	b := make([]byte, codeLength)
	rand.Read(b) // never fails
	for i, x := range b {
		b[i] = signs[int(x)%len(signs)] // 256 is a multiple of 32: each is as likely
	}
	return string(b)
}

// ReadCode reads a code as a person types it: in any case, with or without its
// hyphens, I and L for 1, O for 0 and U for V. What cannot be a code is not ok.
func ReadCode(s string) (code string, ok bool) {
	s = strings.NewReplacer("-", "", " ", "", ".", "", "I", "1", "L", "1", "O", "0", "U", "V").Replace(strings.ToUpper(s))
	if len(s) != codeLength || strings.Trim(s, signs) != "" {
		return "", false
	}
	return s, true
}

// GroupedCode is a code as it is printed and read aloud: 7F3K-22QX-9BHM.
func GroupedCode(code string) string {
	var b strings.Builder
	for i, sign := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(sign)
	}
	return b.String()
}
