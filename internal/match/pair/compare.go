package pair

import (
	"math/bits"
	"strings"

	"openiis.org/iis/internal/match"
)

// Comparer compares profiles. It keeps what it works with and is for one
// goroutine; comparing allocates nothing. The zero Comparer is ready.
type Comparer struct {
	pattern match.Pattern
	shared  bool // both profiles are of one book
	digitsA [20]byte
	digitsB [20]byte
}

// alike is the Jaro–Winkler likeness from which two names have much in common.
const alike = 0.88

// Compare grades a pair, field by field. Which of the two comes first makes no
// difference.
func (c *Comparer) Compare(a, b *Profile) (g Grades) {
	c.shared = a.book == b.book
	g[LastName] = c.last(a, b)
	g[FirstName] = c.first(a, b)
	g[MiddleName] = c.middle(a, b)
	if g[LastName] != Same && g[FirstName] != Same {
		if o := c.order(a, b); o != Different {
			g[LastName], g[FirstName] = o, o
		}
	}
	switch g[FirstName] {
	case Different, Missing, Close, Initial:
		if crossed, whole := crossedMiddle(a, b); crossed {
			g[FirstName] = Middle
			if whole {
				g[MiddleName] = Swapped
			} else if g[MiddleName] == Different {
				g[MiddleName] = Missing
			}
		}
	}
	g[SuffixField] = compareSuffixes(a.suffix, b.suffix)
	g[BirthField] = compareBirths(a.birth, b.birth)
	if a.gender != 0 && b.gender != 0 {
		g[GenderField] = Different
		if a.gender == b.gender {
			g[GenderField] = Same
		}
	}
	g[BirthOrder] = compareOrders(a, b)
	if len(a.ids) > 0 && len(b.ids) > 0 {
		g[Identifiers] = c.identifiers(a.ids, b.ids)
	}
	g[AddressField] = c.address(a, b)
	if a.phone != 0 && b.phone != 0 {
		g[PhoneField] = c.phone(a.phone, b.phone)
	}
	if a.email != "" && b.email != "" {
		g[EmailField] = Different
		if a.email == b.email {
			g[EmailField] = Same
		} else if c.distance(a.email, b.email) <= 2 {
			g[EmailField] = Close
		}
	}
	if a.maiden != nil && b.maiden != nil {
		g[MotherMaiden] = c.maiden(a.maiden, b.maiden)
	}
	if a.mother != nil && b.mother != nil {
		g[MotherFirst] = c.mother(a.mother, b.mother)
	}
	return g
}

// same reports whether two terms are one. Those of one book are if they stand in
// one place, which spares looking there.
func (c *Comparer) same(t, o *term) bool { return t == o || c.equal(&t.word, &o.word) }

func (c *Comparer) equal(t, o *word) bool {
	return t == o || !c.shared && t.hash == o.hash && t.text == o.text
}

// set makes the pattern that of s. The folded texts of two records are the same
// ones again and again.
func (c *Comparer) set(s string) *match.Pattern {
	if c.pattern.Text() != s {
		c.pattern.Set(s)
	}
	return &c.pattern
}

func (c *Comparer) distance(s, t string) int {
	if n := len(s) - len(t); n > 2 || n < -2 {
		return 3
	}
	return c.set(s).Distance(t)
}

func (c *Comparer) last(a, b *Profile) Grade {
	if a.last == nil || b.last == nil {
		return Missing
	}
	if c.same(a.last, b.last) {
		return Same
	}
	if g := c.among(a.last, b.last, a.lastToo(), b.lastToo()); g != Different {
		return g
	}
	return c.spelling(a.last, b.last)
}

func (c *Comparer) first(a, b *Profile) Grade {
	if a.first == nil || b.first == nil {
		if a.placeholder || b.placeholder {
			return Placeholder
		}
		return Missing
	}
	if c.same(a.first, b.first) {
		if len(a.first.text) == 1 {
			return Initial // which may stand for two names
		}
		return Same
	}
	if nicknames(a.first, b.first) {
		if x, y := a.first, b.first; x.known && y.known && len(x.text) == len(y.text) && c.distance(x.text, y.text) == 1 {
			return Close // BRIAN and BRYAN may be twins
		}
		return Nickname
	}
	g := c.among(a.first, b.first, a.firstToo(), b.firstToo())
	if g != Different {
		return g
	}
	g = c.spelling(a.first, b.first)
	if (g == Slip || g == Sound) && a.first.known && b.first.known || g == Slip && rhyme(a.first.text, b.first.text) {
		// Two names that many have, ANNA and HANNA, are two names.
		g = Close
	}
	if g == Close || g == Different {
		for _, o := range a.firstToo() {
			if nicknames(o.term, b.first) {
				return Nickname
			}
		}
		for _, o := range b.firstToo() {
			if nicknames(o.term, a.first) {
				return Nickname
			}
		}
	}
	return g
}

// rhyme reports whether two names that are one slip apart begin otherwise, as
// those of twins do: JAYDEN and HAYDEN. Few mistakes are made in the first letter,
// but that it changes places with the second.
func rhyme(s, t string) bool {
	return s[0] != t[0] && (s[0] != t[1] || s[1] != t[0])
}

func (c *Comparer) middle(a, b *Profile) Grade {
	x, y := a.middle, b.middle
	switch {
	case x == nil || y == nil:
		return Missing
	case c.same(x, y):
		return Same
	case len(x.text) == 1 || len(y.text) == 1:
		if x.text[0] == y.text[0] {
			return Initial
		}
		return Different
	case nicknames(x, y):
		return Nickname
	}
	switch g := c.spelling(x, y); g {
	case Slip:
		return Slip
	case Sound, Beginning, Close:
		return Close
	}
	return Different
}

// among looks for the present name of one record among the others of the
// second, and for another they have in common.
func (c *Comparer) among(a, b *term, as, bs []other) Grade {
	g := Different
	seen := func(former bool) {
		if !former {
			g = Part
		} else if g == Different {
			g = Former
		}
	}
	for _, o := range as {
		if c.same(o.term, b) {
			seen(o.former)
		}
	}
	for _, o := range bs {
		if c.same(o.term, a) {
			seen(o.former)
		}
		for _, p := range as {
			if p.former && o.former && c.same(o.term, p.term) {
				seen(true)
			}
		}
	}
	if g != Different {
		return g
	}
	// Two double names that share a part are one person's seldom, but they are
	// nearer than two that share none.
	for _, o := range as {
		for _, p := range bs {
			if !o.former && !p.former && len(o.text) > 2 && c.same(o.term, p.term) {
				return Close
			}
		}
	}
	return g
}

func nicknames(a, b *term) bool {
	if a.nickBits&b.bit() == 0 {
		return false
	}
	for _, n := range a.nicks {
		if n == b.text {
			return true
		}
	}
	return false
}

// spelling grades two different names by how they are written.
func (c *Comparer) spelling(a, b *term) Grade {
	s, t := a.text, b.text
	if len(s) > len(t) {
		s, t = t, s
	}
	if len(s) == 1 {
		if s[0] == t[0] {
			return Initial
		}
		return Different
	}
	if len(s) > 2 && strings.HasPrefix(t, s) && len(t)-len(s) > 1 {
		return Beginning
	}
	// Letters that only one of them has: each is a mistake at least.
	onlyA, onlyB := bits.OnesCount32(a.letters&^b.letters), bits.OnesCount32(b.letters&^a.letters)
	sound := a.echo == b.echo || len(a.sound) == 1 && a.sound == b.sound
	if worst := max(onlyA, onlyB); worst > 1 || len(t)-len(s) > 2 {
		// Too far apart for a slip; what is left is sound and likeness.
		switch {
		case sound && s[0] == t[0]:
			return Sound
		case worst == 2 && len(t)-len(s) <= 2 && len(s) >= 5 && c.set(s).Distance(t) == 2:
			return Close
		case likeness(len(a.text), len(b.text), onlyA, onlyB, s[0] == t[0]) >= alike && c.set(s).JaroWinkler(t) >= alike:
			return Close
		case sound && len(a.sound) > 1:
			return Sound
		}
		return Different
	}
	p := c.set(s)
	switch d := p.Distance(t); {
	case d == 1 && len(s) > 2:
		return Slip
	case sound && s[0] == t[0]:
		return Sound
	case d == 2 && len(s) >= 5:
		return Close
	case p.JaroWinkler(t) >= alike:
		return Close
	case sound && len(a.sound) > 1:
		return Sound
	}
	return Different
}

// likeness is the most that the Jaro–Winkler likeness of two names can be, by
// their lengths and how many letters only one of them has.
func likeness(m, n, onlyM, onlyN int, first bool) float64 {
	common := float64(min(m-onlyM, n-onlyN))
	j := (common/float64(m) + common/float64(n) + 1) / 3
	if first {
		j += 0.4 * (1 - j)
	}
	return j
}

// order finds names that have changed places: Swapped if two of last, first and
// middle name stand in the place of another, a slip of the pen allowed in one;
// Crossed if only the last name of one is the first name of the other.
func (c *Comparer) order(a, b *Profile) Grade {
	if a.last == nil || b.last == nil {
		return Different
	}
	al, af, am := a.last.text, "", ""
	bl, bf, bm := b.last.text, "", ""
	if a.first != nil {
		af = a.first.text
	}
	if b.first != nil {
		bf = b.first.text
	}
	if a.middle != nil && len(a.middle.text) > 1 {
		am = a.middle.text
	}
	if b.middle != nil && len(b.middle.text) > 1 {
		bm = b.middle.text
	}
	x, y := al == bf, bl == af
	switch {
	case x && y:
		return Swapped
	case x && c.near(af, bl), y && c.near(al, bf):
		return Swapped
	case x && (bl == am || af == bm), y && (al == bm || bf == am), al == bm && am == bl:
		return Swapped
	case (x || y) && max(len(al), len(bl)) > 2:
		return Crossed
	}
	return Different
}

func (c *Comparer) near(s, t string) bool {
	return min(len(s), len(t)) > 2 && c.distance(s, t) <= 1
}

// crossedMiddle reports whether the first name of one record is the middle name
// of the other; whole tells that the same is so the other way.
func crossedMiddle(a, b *Profile) (crossed, whole bool) {
	x := a.first != nil && b.middle != nil && len(b.middle.text) > 1 && a.first.text == b.middle.text
	y := b.first != nil && a.middle != nil && len(a.middle.text) > 1 && b.first.text == a.middle.text
	return x || y, x && y
}

func compareSuffixes(a, b suffix) Grade {
	switch {
	case a == 0 && b == 0:
		return Missing
	case a == 0 || b == 0:
		return OneSided
	case a == b:
		return Same
	}
	return Different
}

// compareOrders grades what is known of those born at one birth. Of two single
// births there is nothing to compare.
func compareOrders(a, b *Profile) Grade {
	switch {
	case a.multiple <= 0 && b.multiple <= 0:
		return Missing
	case a.multiple < 0 || b.multiple < 0:
		return OneSided
	case a.order == 0 || b.order == 0:
		if a.multiple == 0 || b.multiple == 0 {
			return OneSided
		}
		return Unordered
	case a.order == b.order:
		return Same
	}
	return Different
}

func (c *Comparer) phone(x, y uint64) Grade {
	if x == y {
		return Same
	}
	const local = 10_000_000
	if x%local == y%local {
		return Close // another area code, or none
	}
	// Digits that differ, from the right; neighbours that changed places.
	m, n := put(&c.digitsA, x), put(&c.digitsB, y)
	if m != n {
		return Different
	}
	differ, first := 0, -1
	for i := range m {
		if c.digitsA[i] != c.digitsB[i] {
			if first < 0 {
				first = i
			}
			differ++
		}
	}
	if differ == 1 || differ == 2 && c.digitsA[first] == c.digitsB[first+1] && c.digitsA[first+1] == c.digitsB[first] {
		return Close
	}
	return Different
}

func put(b *[20]byte, n uint64) int {
	i := 0
	for ; n > 0; n /= 10 {
		b[i] = byte(n % 10)
		i++
	}
	return i
}

func (c *Comparer) maiden(a, b *term) Grade {
	if c.same(a, b) {
		return Same
	}
	switch g := c.spelling(a, b); g {
	case Slip, Sound, Close:
		return g
	case Beginning:
		return Part
	}
	return Different
}

func (c *Comparer) mother(a, b *term) Grade {
	switch {
	case c.same(a, b):
		return Same
	case nicknames(a, b):
		return Nickname
	}
	switch g := c.spelling(a, b); g {
	case Slip:
		return Slip
	case Sound, Beginning, Close, Initial:
		return Close
	}
	return Different
}

func abs(n int) int { return max(n, -n) }
