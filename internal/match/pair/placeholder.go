package pair

import (
	"slices"
	"strings"
)

// placeholder reports whether a name is one that is written where there is none
// yet: TWIN A, BABYBOY2, GIRL OF NGOZI, or BOY with the last name or a name of
// the mother, which are the record's own.
func (p *Policy) placeholder(tokens, own []string) bool {
	if len(tokens) > 1 && p.noName(join(tokens)) {
		return true
	}
	some := false
	for _, t := range tokens {
		switch {
		case some && t == "OF":
			return true // whoever follows is another
		case p.noName(t), p.madeOfPlaceholders(t, own):
			some = true
		case len(t) == 1: // TWIN A, BABY 2
		case slices.Contains(own, t), slices.Contains(own, strings.TrimSuffix(t, "S")):
		default:
			return false
		}
	}
	return some
}

func (p *Policy) noName(word string) bool { return p.placeholders[word] || noName[word] }

// madeOfPlaceholders reports whether a word is two placeholders or more, or one
// with a number or a name of the record's own.
func (p *Policy) madeOfPlaceholders(word string, own []string) bool {
	rest := strings.TrimRight(word, "0123456789")
	for _, name := range own {
		if len(name) > 2 && len(rest) > len(name) {
			rest = strings.TrimPrefix(strings.TrimSuffix(rest, name), name)
		}
	}
	if len(rest) < 2 {
		return false
	}
	if rest != word && p.noName(rest) {
		return true
	}
	for i := len(rest) - 1; i >= 2; i-- {
		if !p.placeholders[rest[:i]] {
			continue
		}
		end := rest[i:]
		if p.placeholders[end] && len(end) > 1 || len(end) == 1 && numbered[rest[:i]] || len(end) > 1 && p.madeOfPlaceholders(end, nil) {
			return true
		}
	}
	return false
}

// numbered are the placeholders that a letter follows without a space: BABYA. After
// others it makes a name: MALEA, SONA, BOYD.
var numbered = set("BABY TWIN TRIPLET NEWBORN INFANT")
