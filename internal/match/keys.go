package match

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis"
)

// NamesOf returns the rows under which a client is found by name: the present
// name and each former one, whole and by the parts of a double name, with the
// present birth date and each former one. The row of what the client is now
// comes first; a former name that is also a part of another counts whole; the order
// is always the same.
func NamesOf(c iis.Client, aliases []iis.Alias) []iis.NameKey {
	names := []iis.Name{{Last: c.Name.Last, First: c.Name.First}}
	births := []iis.Date{c.BirthDate}
	for _, a := range inOrder(aliases) {
		if n := (iis.Name{Last: a.Name.Last, First: a.Name.First}); n != (iis.Name{}) && !slices.Contains(names, n) {
			names = append(names, n)
		}
		if !a.BirthDate.IsZero() && !slices.Contains(births, a.BirthDate) {
			births = append(births, a.BirthDate)
		}
	}
	keys := make([]iis.NameKey, 0, 1)
	file := func(i int, whole, parts bool) {
		n := names[i]
		lasts, firsts := variants(n.Last, true), variants(n.First, false)
		for j, last := range lasts {
			for k, first := range firsts {
				if part := j+k > 0; part && !parts || !part && !whole {
					continue
				}
				key := iis.NameKey{
					Last: last, First: first,
					LastSound: Sound(last), FirstSound: Sound(first),
					LastPart: j > 0, FirstPart: k > 0,
				}
				for b, birth := range births {
					key.BirthDate = birth
					key.Former = i > 0 || b > 0
					if len(keys) < maxRows && !slices.ContainsFunc(keys, func(o iis.NameKey) bool {
						return o.Last == key.Last && o.First == key.First && o.BirthDate == key.BirthDate
					}) {
						keys = append(keys, key)
					}
				}
			}
		}
	}
	file(0, true, true)
	for i := range names[1:] {
		file(i+1, true, false)
	}
	for i := range names[1:] {
		file(i+1, false, true)
	}
	return keys
}

// inOrder are former names as they are on file, the newest first; of two that became
// former at once, as in a merge, that with the lesser ID.
func inOrder(aliases []iis.Alias) []iis.Alias {
	order := func(a, b iis.Alias) int { return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.ID, b.ID)) }
	if slices.IsSortedFunc(aliases, order) {
		return aliases
	}
	return slices.SortedStableFunc(slices.Values(aliases), order)
}

// maxRows bounds what a client with a long history costs.
const maxRows = 64

// variants are the folded forms under which one half of a name is filed: joined
// first, then, of a double name, its parts. Of a double first name that is the
// first part only.
func variants(name string, last bool) []string {
	tokens := nameTokens(name, last)
	all := []string{joined(tokens)}
	if len(tokens) < 2 {
		return all
	}
	for i, t := range tokens {
		if i > 3 || !last && i > 0 {
			break
		}
		if len(t) > 1 && !particles[t] {
			all = append(all, t)
		}
	}
	return all
}

// nameTokens are the parts of one half of a name, without a suffix typed after
// the last name: SMITH JR is SMITH.
func nameTokens(name string, last bool) []string {
	tokens := Tokens(name)
	for last && len(tokens) > 1 && suffixes[tokens[len(tokens)-1]] {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

func joined(tokens []string) string {
	if len(tokens) == 1 {
		return tokens[0]
	}
	s := strings.Join(tokens, "")
	if len(s) <= maxFolded {
		return s
	}
	return Fold(s)
}

// particles belong to the name that follows and are none by themselves.
var particles = set("VAN VON VOM DE DEL DER DEN DES DI DA DO DOS DAS DU LA LE LAS LOS EL AL BIN BINT IBN ABU " +
	"MC MAC ST SAINT SAN SANTA SANTO TER TEN TE ZU ZUM ZUR AF AV")

var suffixes = set("JR SR II III IV")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// KeysOf returns the other keys of a client: phone number, mother's maiden
// name, the chart number of the membership's organization, and the number of the
// birth certificate.
func KeysOf(c iis.Client, m iis.Membership) []iis.Key {
	var keys []iis.Key
	for _, k := range []iis.Key{
		PhoneKey(c.Phone),
		MotherKey(c.MotherMaidenLast, c.BirthDate),
		ChartKey(m.Organization, m.ChartNumber),
		CertificateKey(c.BirthCertificate),
	} {
		if k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// PhoneKey is the key of a telephone number; "" if there is none in it.
func PhoneKey(phone string) iis.Key {
	if p := Phone(phone); p != "" {
		return iis.Key("P" + p)
	}
	return ""
}

// MotherKey is the key of a mother's maiden name and her child's birth date,
// which may be unknown; "" without a name.
func MotherKey(maiden string, birth iis.Date) iis.Key {
	n := joined(nameTokens(maiden, true))
	if n == "" {
		return ""
	}
	return iis.Key("M" + n + "|" + birth.String())
}

// MotherKeys are the bounds of all keys of a mother's maiden name and what is
// known of her child's birth date, the second not included; "" without a name.
func MotherKeys(maiden string, birth iis.PartialDate) (from, to iis.Key) {
	k := MotherKey(maiden, iis.Date{})
	if k == "" {
		return "", ""
	}
	k += iis.Key(birth.String())
	return k, k + "~"
}

// ChartKey is the key of a chart number, which means something in one
// organization only; "" without a number.
func ChartKey(org iis.OrganizationID, chart string) iis.Key {
	n := Fold(chart)
	if n == "" || org == "" {
		return ""
	}
	return iis.Key("C" + string(org) + "|" + n)
}

// Phone returns the ten digits of a telephone number of North America, or
// what digits there are if at least seven; "" otherwise.
func Phone(s string) string {
	b := make([]byte, 0, 16)
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	if len(b) == 11 && b[0] == '1' {
		b = b[1:]
	}
	if len(b) < 7 || len(b) > 15 {
		return ""
	}
	return string(b)
}

// PlaceholderPhone reports whether a number stands for none: all digits but the
// area code alike. Such a number is found when searched for, but is no evidence
// that two clients are one.
func PlaceholderPhone(phone string) bool {
	p := Phone(phone)
	if len(p) < 7 {
		return true
	}
	p = p[len(p)-7:]
	return strings.Count(p, p[:1]) == len(p)
}
