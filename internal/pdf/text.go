package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// ScriptError says that the document has text in a script that this package
// cannot write: the fonts lack its letters, or it runs from right to left. The
// caller can offer the page on the screen instead. It does not hold the text,
// which may be a person's name.
type ScriptError struct {
	// Script is the script as Unicode names it, such as "Arabic" or
	// "Ethiopic"; "Common" for signs of no script, such as pictures.
	Script string
}

func (e *ScriptError) Error() string {
	return fmt.Sprintf("pdf: no letters for text in script %s", e.Script)
}

// glyph is one character of a text, and what is to be known of it.
type glyph struct {
	r    rune
	face face
	lang string // empty: the document's
}

var lineEnds = strings.NewReplacer("\r\n", "\n")

// glyphs returns the text as characters that can be written: composed where
// letters and marks came apart, with spaces of one kind, without signs that
// cannot be seen.
func glyphs(t Text, strong bool) ([]glyph, error) {
	var list []glyph
	for _, span := range t {
		if span.Lang != "" {
			if err := checkLanguage(span.Lang); err != nil {
				return nil, err
			}
		}
		g := glyph{lang: span.Lang}
		if span.Bold || strong {
			g.face = bold
		}
		for _, r := range norm.NFC.String(lineEnds.Replace(strings.ToValidUTF8(span.Text, "\uFFFD"))) {
			r, seen := plain(r)
			if !seen {
				continue
			}
			if r != '\n' {
				if err := writable(r); err != nil {
					return nil, err
				}
			}
			g.r = r
			list = append(list, g)
		}
	}
	return list, nil
}

// plain replaces what looks the same by what the fonts hold, and reports whether
// there is anything to see at all.
func plain(r rune) (rune, bool) {
	switch {
	case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
		return '\n', true
	case unicode.Is(unicode.Cc, r):
		return ' ', true
	case r == '\u2011' && !has(r): // hyphen without a break
		return '-', true
	case r == '\u202F' && !has(r): // narrow space without a break
		return '\u00A0', true
	case unicode.Is(unicode.Zs, r) && !has(r):
		return ' ', true
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
		return 0, false
	}
	return r, true
}

// writable returns a [ScriptError] for a character that cannot be written as it
// should be.
func writable(r rune) error {
	p, _ := bidi.LookupRune(r)
	if c := p.Class(); has(r) && c != bidi.R && c != bidi.AL {
		return nil
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return &ScriptError{name}
		}
	}
	return &ScriptError{"Unknown"} // no character, or one of private use
}
