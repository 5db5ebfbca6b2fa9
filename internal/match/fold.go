package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFolded is the number of bytes of a folded name that are kept. Nobody's
// name is told from another's after that, and index entries stay small.
const maxFolded = 64

// letters are those that Unicode does not take apart into a letter and a mark.
var letters = map[rune]string{
	'Æ': "AE", 'Œ': "OE", 'Ø': "O", 'ẞ': "SS", 'ß': "SS", 'Ł': "L", 'Đ': "D", 'Ð': "D", 'Þ': "TH",
	'Ħ': "H", 'ı': "I", 'Ŋ': "N", 'Ŧ': "T", 'Ə': "E", 'Ɓ': "B", 'Ɗ': "D", 'Ƙ': "K", 'Ɣ': "G", 'Ɛ': "E", 'Ɔ': "O",
	'Ǝ': "E",
}

// Fold returns a name as it is filed and compared: capital letters and digits
// without marks, and nothing between them. O'Neil, ONEIL and o neil are one, so
// are Núñez and NUNEZ. Letters of other alphabets are kept. A name that is
// folded already is returned as it is.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	return string(AppendFold(nil, s))
}

// AppendFold appends the folded form of s to dst.
func AppendFold(dst []byte, s string) []byte {
	return appendFold(dst, s, false)
}

// Tokens returns the parts of a name that spaces, hyphens, commas and the like
// hold apart, each folded. Apostrophes and periods join: O'NEIL is one token,
// ST. CLAIR two.
func Tokens(s string) []string {
	if folded(s) {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	var tokens []string
	b := appendFold(nil, s, true)
	from := 0
	for i := 0; i <= len(b); i++ {
		if i == len(b) || b[i] == ' ' {
			if i > from {
				tokens = append(tokens, string(b[from:i]))
			}
			from = i + 1
		}
	}
	return tokens
}

// folded reports whether s is its own folded form.
func folded(s string) bool {
	if len(s) > maxFolded {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// appendFold folds s, writing one space for whatever holds its parts asunder
// if apart is set.
func appendFold(dst []byte, s string, apart bool) []byte {
	from := len(dst)
	gap := false
	put := func(t string) bool {
		if gap && len(dst) > from {
			dst = append(dst, ' ')
		}
		gap = false
		if len(dst)-from+len(t) > maxFolded {
			return false
		}
		dst = append(dst, t...)
		return true
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			// Plain ASCII, and no mark follows: the usual case.
			i++
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			switch {
			case 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
				if !put(plain[c : c+1]) {
					return trim(dst, from)
				}
			case apart && c != '\'' && c != '.' && c != '`':
				gap = true
			}
			continue
		}
		// Take apart all that is not ASCII from here on, with what it marks.
		j := i + 1
		for j < len(s) && (s[j] >= utf8.RuneSelf || j+1 < len(s) && s[j+1] >= utf8.RuneSelf) {
			j++
		}
		for _, r := range norm.NFKD.String(strings.ToValidUTF8(s[i:j], "")) {
			t, ok := foldRune(r)
			switch {
			case t != "":
				if !put(t) {
					return trim(dst, from)
				}
			case !ok && apart:
				gap = true
			}
		}
		i = j
	}
	return dst
}

// plain holds each ASCII character at its own place, so that a letter is a
// string without an allocation.
var plain = func() string {
	b := make([]byte, utf8.RuneSelf)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}()

// foldRune folds one character that stands by itself. It returns "" for what
// is dropped; ok tells what joins its neighbours (a mark, an apostrophe) from
// what holds them apart.
func foldRune(r rune) (t string, ok bool) {
	if r == utf8.RuneError || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Me, r) {
		return "", true
	}
	if t, found := letters[r]; found {
		return t, true
	}
	r = unicode.ToUpper(r)
	if t, found := letters[r]; found {
		return t, true
	}
	switch {
	case r < utf8.RuneSelf && unicode.IsLetter(r), '0' <= r && r <= '9':
		return plain[r : r+1], true
	case unicode.Is(unicode.Lm, r), unicode.Is(unicode.Sk, r): // ʼ ʻ ʹ and their like
		return "", true
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mc, r):
		return string(r), true
	}
	switch r {
	case '\'', '.', '`', '´', '‘', '’', '‛', '′', '·':
		return "", true
	}
	return "", false
}

// trim drops a space at the end.
func trim(b []byte, from int) []byte {
	for len(b) > from && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
