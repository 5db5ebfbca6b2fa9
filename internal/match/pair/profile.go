package pair

import (
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis/internal/match"
)

// Profile is a record made ready to be compared with many others: its Facts
// folded, taken apart, and freed of what stands for nothing. It does not change
// and may be used by many goroutines. It is kept small: a sweep holds millions.
type Profile struct {
	book                 *Book
	last, first, middle  *term
	maiden, mother       *term
	number, street, city *word
	also                 *also // nil of most
	ids                  []ident
	email                string
	phone                uint64
	zip                  uint32
	birth                birth
	suffix               suffix
	gender               byte // 'M', 'F' or 0
	order                uint8
	multiple             int8 // 1 yes, -1 no, 0 not known
	placeholder          bool // the first name is none yet
}

// also are the further names a profile is found under.
type also struct {
	last, first []other
}

// other is a name besides the present one.
type other struct {
	*term
	former bool // of another time; a part of the present one if not
}

func (p *Profile) lastToo() []other {
	if p.also == nil {
		return nil
	}
	return p.also.last
}

func (p *Profile) firstToo() []other {
	if p.also == nil {
		return nil
	}
	return p.also.first
}

func (p *Profile) addLast(o other) {
	if o.term == nil || o.term == p.last || holds(p.lastToo(), o.term) {
		return
	}
	if p.also == nil {
		p.also = new(also)
	}
	p.also.last = append(p.also.last, o)
}

func (p *Profile) addFirst(o other) {
	if o.term == nil || o.term == p.first || holds(p.firstToo(), o.term) {
		return
	}
	if p.also == nil {
		p.also = new(also)
	}
	p.also.first = append(p.also.first, o)
}

// ident is one identifier.
type ident struct {
	system *word
	value  string
	strong bool // the system numbers people, each once
	vague  bool // its name does not say whose numbers they are
}

// word is a folded text that many profiles have.
type word struct {
	text string
	hash uint64
}

// term is a folded name with what is known of it. Profiles of one Book share
// their words and terms.
type term struct {
	word
	sound string
	echo  uint64   // hash of the sound, or of the text where there is none
	nicks []string // nicknames and the names they stand for

	letters  uint32 // a bit for each letter it has; all of a name that is not ASCII
	nickBits uint64 // the bits of the nicknames, by which most names are told to be none
	rare     int16  // bits×10 that agreeing in it tells more than agreeing in any
	known    bool   // a first name that many people have
}

// bit is one of 64 by the hash.
func (w *word) bit() uint64 { return 1 << (w.hash & 63) }

// Book makes profiles by a policy. It holds every text once. It is for one
// goroutine; the profiles it makes are for any.
type Book struct {
	policy       *Policy
	lasts, fores map[string]*term // last names and first names are counted apart
	words        map[string]*word
}

// NewBook returns an empty book.
func NewBook(p *Policy) *Book {
	return &Book{policy: p, lasts: map[string]*term{}, fores: map[string]*term{}, words: map[string]*word{}}
}

func (b *Book) word(text string) *word {
	if text == "" {
		return nil
	}
	w, ok := b.words[text]
	if !ok {
		text = strings.Clone(text)
		w = &word{text, hash(text)}
		b.words[text] = w
	}
	return w
}

func (b *Book) lastName(text string) *term {
	if t, ok := b.lasts[text]; ok || text == "" {
		return t
	}
	t := newTerm(text)
	b.weighLast(t)
	b.lasts[t.text] = t
	return t
}

func (b *Book) firstName(text string) *term {
	if t, ok := b.fores[text]; ok || text == "" {
		return t
	}
	t := newTerm(text)
	t.nicks = match.Nicknames(t.text)
	for _, n := range t.nicks {
		t.nickBits |= (&word{hash: hash(n)}).bit()
	}
	b.weighFirst(t)
	b.fores[t.text] = t
	return t
}

func newTerm(text string) *term {
	text = strings.Clone(text)
	t := &term{word: word{text, hash(text)}, sound: match.Sound(text)}
	t.echo = t.hash
	for i := range len(text) {
		t.letters |= 1 << (text[i] & 31)
		if text[i] >= 0x80 {
			t.letters = ^uint32(0)
			break
		}
	}
	if len(t.sound) > 1 {
		t.echo = hash(t.sound)
	}
	return t
}

// weighLast and weighFirst set what the policy knows of a name.
func (b *Book) weighLast(t *term) { t.rare = b.policy.rareness(&b.policy.lastNames, t.text) }

func (b *Book) weighFirst(t *term) {
	t.rare = b.policy.rareness(&b.policy.firstNames, t.text)
	if _, t.known = b.policy.firstNames.bits[t.text]; !t.known {
		_, t.known = Shipped().firstNames.bits[t.text]
	}
}

// Adopt makes the book, and all profiles it made, one of another policy. No
// profile of the book may be in use meanwhile.
func (b *Book) Adopt(p *Policy) {
	b.policy = p
	for _, t := range b.lasts {
		b.weighLast(t)
	}
	for _, t := range b.fores {
		b.weighFirst(t)
	}
}

// Close lets go of what only making profiles takes. The profiles that the book made
// stay as they are; it makes no more.
func (b *Book) Close() { b.lasts, b.fores, b.words = nil, nil, nil }

// Prepare makes a profile of a record. The only fault there can be is a birth
// date that is none.
func (b *Book) Prepare(f Facts) (*Profile, error) {
	p := &Profile{book: b}
	var err error
	if p.birth, err = parseBirth(f.BirthDate); err != nil {
		return nil, err
	}
	p.suffix = suffixOf(f.Suffix)
	last, first := p.nameTokens(f.Last), p.nameTokens(f.First)
	middle := p.nameTokens(f.Middle)
	maiden, mother := p.withoutSuffix(f.MotherMaidenLast), p.withoutSuffix(f.MotherFirst)
	if b.policy.placeholder(first, slices.Concat(last, maiden, mother)) {
		p.placeholder, first = true, nil
	}
	if b.policy.placeholder(last, nil) {
		last = nil
	}
	if len(middle) > 0 && noName[middle[0]] {
		middle = nil
	}
	p.last, p.first = b.lastName(join(last)), b.firstName(join(first))
	p.middle = b.firstName(join(middle))
	if len(last) > 1 {
		for i, t := range last {
			if i < 4 && len(t) > 1 && !particles[t] {
				p.addLast(other{b.lastName(t), false})
			}
		}
	}
	if len(first) > 1 && len(first[0]) > 1 {
		p.addFirst(other{b.firstName(first[0]), false})
	}
	for _, a := range f.Aliases {
		l, g := p.nameTokens(a.Last), p.nameTokens(a.First)
		p.addLast(other{b.lastName(join(l)), true})
		if !b.policy.placeholder(g, l) {
			p.addFirst(other{b.firstName(join(g)), true})
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
	p.maiden = b.lastName(join(maiden))
	p.mother = b.firstName(join(mother))
	b.address(p, f)
	if n := match.Phone(f.Phone); n != "" && !match.PlaceholderPhone(n) {
		p.phone, _ = strconv.ParseUint(n, 10, 64)
	}
	if e := strings.ToUpper(strings.TrimSpace(f.Email)); strings.Count(e, "@") == 1 && len(e) >= 6 {
		p.email = strings.Clone(e)
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
