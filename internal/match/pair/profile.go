package pair

import (
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis/internal/match"
)

// Profile is a record made ready to be compared with many others: its Facts
// folded, taken apart, and freed of what stands for nothing. It does not change
// and may be used by many goroutines.
type Profile struct {
	last, first, middle *term
	lastToo, firstToo   []other // further names it is found under
	maiden, mother      *term
	suffix              suffix
	gender              byte // 'M', 'F' or 0
	order               uint8
	multiple            int8 // 1 yes, -1 no, 0 not known
	placeholder         bool // the first name is none yet
	birth               birth
	number              *term // of the house
	street              *term // without the number and what is usual in streets
	city                *term
	zip                 uint32
	phone               uint64
	email               *term
	ids                 []ident
}

// other is a name besides the present one.
type other struct {
	*term
	former bool // of another time; a part of the present one if not
}

// ident is one identifier.
type ident struct {
	system, value *term
	strong        bool // the system numbers people, each once
}

// term is a folded text with what is known of it. Profiles of one Book share
// their terms.
type term struct {
	text  string
	sound string
	nicks []string // nicknames and the names they stand for
	rare  int16    // bits×10 that agreeing in it tells more than agreeing in any
	known bool     // a first name that many people have
	hash  uint64   // of the text
	echo  uint64   // of the sound, or of the text where there is none
}

// Book makes profiles by a policy. It holds every text once. It is for one
// goroutine; the profiles it makes are for any.
type Book struct {
	policy *Policy
	terms  map[termKey]*term
}

// kind keeps last names from first names, which are counted apart.
type kind uint8

const (
	plainTerm kind = iota
	lastTerm
	firstTerm
)

type termKey struct {
	kind kind
	text string
}

// NewBook returns an empty book.
func NewBook(p *Policy) *Book { return &Book{policy: p, terms: map[termKey]*term{}} }

func (b *Book) term(k kind, text string) *term {
	if text == "" {
		return nil
	}
	if t, ok := b.terms[termKey{k, text}]; ok {
		return t
	}
	t := &term{text: strings.Clone(text)}
	t.hash = hash(t.text)
	t.echo = t.hash
	if k != plainTerm {
		if t.sound = match.Sound(t.text); len(t.sound) > 1 {
			t.echo = hash(t.sound)
		}
	}
	if k == firstTerm {
		t.nicks = match.Nicknames(t.text)
	}
	b.weigh(k, t)
	b.terms[termKey{k, t.text}] = t
	return t
}

// weigh sets what the policy knows of a term.
func (b *Book) weigh(k kind, t *term) {
	switch k {
	case lastTerm:
		t.rare = b.policy.rareness(&b.policy.lastNames, t.text)
	case firstTerm:
		t.rare = b.policy.rareness(&b.policy.firstNames, t.text)
		_, t.known = b.policy.firstNames.bits[t.text]
		if !t.known {
			_, t.known = Shipped().firstNames.bits[t.text]
		}
	}
}

// Adopt makes the book, and all profiles it made, one of another policy. No
// profile of the book may be in use meanwhile.
func (b *Book) Adopt(p *Policy) {
	b.policy = p
	for k, t := range b.terms {
		b.weigh(k.kind, t)
	}
}

// Prepare makes a profile of a record. The only fault there can be is a birth
// date that is none.
func (b *Book) Prepare(f Facts) (*Profile, error) {
	p := &Profile{}
	var err error
	if p.birth, err = parseBirth(f.BirthDate); err != nil {
		return nil, err
	}
	p.suffix = suffixOf(f.Suffix)
	last, first := p.nameTokens(f.Last), p.nameTokens(f.First)
	middle := p.nameTokens(f.Middle)
	if b.policy.placeholder(first, f.First) {
		p.placeholder, first = true, nil
	}
	if b.policy.placeholder(last, f.Last) {
		last = nil
	}
	if len(middle) > 0 && noName[middle[0]] {
		middle = nil
	}
	p.last, p.first = b.term(lastTerm, join(last)), b.term(firstTerm, join(first))
	p.middle = b.term(firstTerm, join(middle))
	if len(last) > 1 {
		for i, t := range last {
			if i < 4 && len(t) > 1 && !particles[t] {
				p.lastToo = append(p.lastToo, other{b.term(lastTerm, t), false})
			}
		}
	}
	if len(first) > 1 && len(first[0]) > 1 {
		p.firstToo = append(p.firstToo, other{b.term(firstTerm, first[0]), false})
	}
	for _, a := range f.Aliases {
		l, g := p.nameTokens(a.Last), p.nameTokens(a.First)
		if t := b.term(lastTerm, join(l)); t != nil && t != p.last && !holds(p.lastToo, t) {
			p.lastToo = append(p.lastToo, other{t, true})
		}
		if t := b.term(firstTerm, join(g)); t != nil && t != p.first && !b.policy.placeholder(g, a.First) && !holds(p.firstToo, t) {
			p.firstToo = append(p.firstToo, other{t, true})
		}
	}
	switch strings.ToUpper(strings.TrimSpace(f.Gender)) {
	case "M", "MALE":
		p.gender = 'M'
	case "F", "FEMALE":
		p.gender = 'F'
	}
	if f.MultipleBirth != nil {
		p.multiple = -1
		if *f.MultipleBirth {
			p.multiple = 1
		}
	}
	if f.BirthOrder > 0 && f.BirthOrder < 10 {
		p.order = uint8(f.BirthOrder)
		if p.order > 1 {
			p.multiple = 1
		}
	}
	p.maiden = b.term(lastTerm, join(p.withoutSuffix(f.MotherMaidenLast)))
	p.mother = b.term(firstTerm, join(p.withoutSuffix(f.MotherFirst)))
	b.address(p, f)
	if n := match.Phone(f.Phone); n != "" && !match.PlaceholderPhone(n) {
		p.phone, _ = strconv.ParseUint(n, 10, 64)
	}
	if e := strings.ToUpper(strings.TrimSpace(f.Email)); strings.Count(e, "@") == 1 && len(e) >= 6 {
		p.email = b.term(plainTerm, e)
	}
	b.identifiers(p, f.IDs)
	return p, nil
}

// nameTokens are the parts of a name without a suffix, which becomes that of
// the profile if it has none.
func (p *Profile) nameTokens(name string) []string {
	tokens := match.Tokens(name)
	for len(tokens) > 1 {
		s := suffixOf(tokens[len(tokens)-1])
		if s == 0 {
			break
		}
		if p.suffix == 0 {
			p.suffix = s
		}
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

func (p *Profile) withoutSuffix(name string) []string {
	tokens := match.Tokens(name)
	for len(tokens) > 1 && suffixOf(tokens[len(tokens)-1]) != 0 {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 1 && noName[tokens[0]] {
		return nil
	}
	return tokens
}

// identifiers sorts the identifiers by system, so that two lists are compared
// in one pass.
func (b *Book) identifiers(p *Profile, ids []FactsID) {
	for _, id := range ids {
		v := match.Fold(id.Value)
		if noNumber(v) {
			continue
		}
		s := match.Fold(id.System)
		p.ids = append(p.ids, ident{b.term(plainTerm, cmpOr(s, "?")), b.term(plainTerm, v), b.policy.strong(s)})
	}
	slices.SortFunc(p.ids, func(x, y ident) int {
		if c := strings.Compare(x.system.text, y.system.text); c != 0 {
			return c
		}
		return strings.Compare(x.value.text, y.value.text)
	})
}

func cmpOr(s, t string) string {
	if s == "" {
		return t
	}
	return s
}

// noNumber reports whether a folded identifier stands for none: too short, all
// characters but one alike, or counted up.
func noNumber(v string) bool {
	if len(v) < 3 {
		return true
	}
	if strings.Count(v, v[:1]) == len(v) || strings.Count(v, v[len(v)-1:]) >= len(v)-1 && len(v) > 4 {
		return true
	}
	return strings.HasPrefix("1234567890", v) || strings.HasPrefix("0123456789", v) && len(v) > 4
}

func holds(list []other, t *term) bool {
	return slices.ContainsFunc(list, func(o other) bool { return o.term == t })
}

func join(tokens []string) string {
	switch len(tokens) {
	case 0:
		return ""
	case 1:
		return tokens[0]
	}
	return match.Fold(strings.Join(tokens, ""))
}

// suffix is a suffix of a name; a father's is told from a son's.
type suffix uint8

const (
	senior suffix = iota + 1
	junior
	third
	fourth
	fifth
)

// suffixOf returns the suffix that a word is, 0 if it is none. II is written
// for a junior as well.
func suffixOf(s string) suffix {
	switch match.Fold(s) {
	case "SR", "SENIOR", "I":
		return senior
	case "JR", "JUNIOR", "II", "2ND":
		return junior
	case "III", "3RD":
		return third
	case "IV", "4TH":
		return fourth
	case "V", "5TH":
		return fifth
	}
	return 0
}

// particles belong to the name that follows and are none by themselves.
var particles = set("VAN VON VOM DE DEL DER DEN DES DI DA DO DOS DAS DU LA LE LAS LOS EL AL BIN BINT IBN ABU " +
	"MC MAC ST SAINT SAN SANTA SANTO TER TEN TE ZU ZUM ZUR AF AV")

// noName are words that are written where a name is not known.
var noName = set("UNKNOWN UNK NONE NA NN NMN NMI NULL NOTGIVEN REFUSED NONAME FNU LNU XXX XXXX")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
