package sample

import (
	"strings"
	"time"

	"openiis.org/iis"
)

// family is what those who live together share.
type family struct {
	heritage *heritage
	town     *town
	address  iis.Address
	phone    string
	last     string // the family's last name, where there is one
	home     iis.OrganizationID
	moved    iis.Date // when the address was last updated
}

// household makes the next household and returns its people, duplicates
// included. The slice is used again for the next one.
func (g *generator) household() []Person {
	g.reset(g.seed, uint64(g.number))
	g.number++
	g.home = g.home[:0]
	f := family{heritage: heritages.draw(g.draw), town: towns.draw(g.draw)}
	f.address, f.phone = g.address(f.town), g.phone(f.town)
	f.home = homeSites.draw(g.draw)
	f.moved = g.dayBetween(iis.Date{Year: 2004, Month: time.January, Day: 1}, Today)
	f.last = f.heritage.last(g.draw)

	switch x := g.Float64(); {
	case x < .46:
		g.couple(&f, 21, 52)
		g.children(&f, 0, 1)
	case x < .62:
		g.adult(&f, g.parentGender(), 19, 50)
		g.children(&f, 0, 1)
	case x < .80:
		g.adult(&f, g.gender(), 18, 95)
	case x < .97:
		g.couple(&f, 28, 92)
	default: // three generations
		g.couple(&f, 48, 80)
		g.adult(&f, g.parentGender(), 20, 34)
		g.children(&f, 2, 1)
	}
	for i := range g.home {
		g.live(&f, &g.home[i])
	}
	for i, n := 0, len(g.home); i < n; i++ {
		if g.chance(duplicates) {
			g.home = append(g.home, g.duplicate(g.home[i], &f))
		}
	}
	return g.home
}

func (g *generator) gender() iis.Gender {
	if g.chance(.49) {
		return iis.Male
	}
	return iis.Female
}

// parentGender is that of a parent who lives with the children alone.
func (g *generator) parentGender() iis.Gender {
	if g.chance(.2) {
		return iis.Male
	}
	return iis.Female
}

// adult adds a person of the given age in years.
func (g *generator) adult(f *family, gender iis.Gender, youngest, oldest int) *Person {
	// The old are fewer than the young.
	age := min(g.between(youngest, oldest), g.between(youngest, oldest)+8)
	born := g.dayBetween(Today.AddDays(-365*(age+1)), Today.AddDays(-365*age))
	p := g.person(f, gender, born)
	h := f.heritage
	p.Client.Name = g.name(h, gender, f.last)
	if h.naming == double {
		p.Client.Name.Last = f.last + " " + h.last(g.draw)
	}
	if h.newcomer > 0 && g.chance(h.newcomer) {
		g.bornAbroad(p, h)
	}
	p.Client.MotherMaidenLast, p.Client.MotherFirst = h.last(g.draw), h.girls(g.draw)
	if g.chance(.25) {
		p.Client.MotherMaidenLast, p.Client.MotherFirst = "", ""
	}
	return p
}

// couple adds two adults of about the same age.
func (g *generator) couple(f *family, youngest, oldest int) {
	first := *g.adult(f, iis.Male, youngest, oldest)
	h := f.heritage
	born := g.dayBetween(first.Client.BirthDate.AddDays(-4*365), first.Client.BirthDate.AddDays(5*365))
	if grown := Today.AddDays(-18 * 365); born.After(grown) {
		born = g.dayBetween(grown.AddDays(-3*365), grown)
	}
	gender := iis.Female
	if g.chance(.03) {
		gender = iis.Male
	}
	p := g.person(f, gender, born)
	if h.newcomer > 0 && g.chance(h.newcomer) {
		g.bornAbroad(p, h)
	}
	p.Client.Name = g.name(h, gender, f.last)
	maiden := h.last(g.draw)
	p.Client.MotherMaidenLast, p.Client.MotherFirst = h.last(g.draw), h.girls(g.draw)
	switch {
	case h.naming == double:
		p.Client.Name.Last = maiden + " " + h.last(g.draw)
	case h.naming != familyName:
		p.Client.Name.Last = maiden
	case g.chance(.14): // keeps the own name
		p.Client.Name.Last = maiden
	case g.chance(.08):
		p.Client.Name.Last = maiden + "-" + f.last
		g.changedName(f, p, maiden)
	case g.chance(.5): // married while on file
		g.changedName(f, p, maiden)
	}
}

// children adds those of the adults from the given place in the household on,
// with the years between births that real ones have.
func (g *generator) children(f *family, adults, least int) {
	mother, father := g.parents(adults)
	maiden, first := g.mothersName(f, mother)
	n := least + g.IntN(2) + g.IntN(2) + g.IntN(4)/3
	parent := mother
	if parent < 0 {
		parent = max(father, adults)
	}
	born := g.home[parent].Client.BirthDate
	from := latest(Today.AddDays(-365*20), born.AddDays(365*17))
	to := earliest(Today.AddDays(-20), born.AddDays(365*44))
	hyphen := f.heritage.naming == familyName && maiden != "" && g.chance(.10)
	born = g.dayBetween(from, to)
	for i := 0; i < n && (i == 0 || born.Before(to)); i++ {
		twin := -1
		if g.chance(.019) {
			twin = len(g.home)
		}
		g.child(f, born, father, maiden, first, hyphen)
		if twin >= 0 {
			g.child(f, born, father, maiden, first, hyphen)
			g.pair(twin)
		}
		born = born.AddDays(g.between(320, 1500))
	}
}

// parents returns the places of the woman and the man among the adults from
// the given place on, -1 if there is none.
func (g *generator) parents(adults int) (mother, father int) {
	mother, father = -1, -1
	for i := adults; i < len(g.home); i++ {
		switch g.home[i].Client.Gender {
		case iis.Female:
			mother = i
		case iis.Male:
			father = i
		}
	}
	return mother, father
}

func (g *generator) mothersName(f *family, mother int) (maiden, first string) {
	if mother < 0 {
		return f.heritage.last(g.draw), f.heritage.girls(g.draw)
	}
	m := &g.home[mother]
	first = m.Client.Name.First
	switch {
	case len(m.Aliases) > 0:
		return m.Aliases[0].Name.Last, first
	case m.Client.Name.Last != f.last:
		return m.Client.Name.Last, first
	case f.heritage.naming == singleName:
		return "", m.Client.Name.Last
	}
	return f.heritage.last(g.draw), first
}

// child adds a son or a daughter with the family's names.
func (g *generator) child(f *family, born iis.Date, father int, maiden, mother string, hyphen bool) {
	h, gender := f.heritage, g.gender()
	p := g.person(f, gender, born)
	c := &p.Client
	last := f.last
	switch {
	case h.naming == patronymic && father >= 0:
		last = g.home[father].Client.Name.First
	case h.naming == double && maiden != "":
		first, _, _ := strings.Cut(maiden, " ")
		last = f.last + " " + first
	case hyphen:
		last = maiden + "-" + f.last
	}
	c.Name = g.name(h, gender, last)
	if h.naming == patronymic && father >= 0 {
		c.Name.Middle = ""
	}
	c.MotherMaidenLast, c.MotherFirst = maiden, mother
	if g.chance(.08) {
		c.MotherMaidenLast, c.MotherFirst = "", ""
	}
	if gender == iis.Male && father >= 0 && h.naming == familyName && !hyphen && g.chance(.04) {
		g.junior(c, father)
	}
	if h.newcomer > 0 && g.chance(h.newcomer/4) {
		g.bornAbroad(p, h)
	}
}

// junior names a son for his father; every fourth is also born on the same day
// of the year.
func (g *generator) junior(c *iis.Client, father int) {
	f := &g.home[father].Client
	switch f.Name.Suffix {
	case "":
		f.Name.Suffix, c.Name.Suffix = "SR", "JR"
		if g.chance(.4) {
			f.Name.Suffix = ""
		}
	case "JR":
		c.Name.Suffix = "III"
	default:
		return // there is one in this family already
	}
	c.Name.Last, c.Name.First, c.Name.Middle = f.Name.Last, f.Name.First, f.Name.Middle
	day := iis.Date{Year: c.BirthDate.Year, Month: f.BirthDate.Month, Day: min(f.BirthDate.Day, 28)}
	if g.chance(.25) && day.Before(Today) {
		c.BirthDate = day
	}
}

// pair makes twins of the person at i and the next; a quarter have names that
// are almost the same.
func (g *generator) pair(i int) {
	a, b := &g.home[i], &g.home[i+1]
	a.Twin, b.Twin = b.Client.ID, a.Client.ID
	b.Client.BirthDate = a.Client.BirthDate
	b.Client.BirthCountry = a.Client.BirthCountry
	if a.Client.Gender == b.Client.Gender && g.chance(.5) {
		names := pick(g.draw, alike[a.Client.Gender == iis.Male])
		a.Client.Name.First, b.Client.Name.First = names[0], names[1]
		return
	}
	for b.Client.Name.First == a.Client.Name.First && b.Client.Name.First != "" {
		b.Client.Name.First = g.first(recent, b.Client.Gender)
	}
}

// recent names twins whose first draw was one name for both.
var recent = &heritage{boys: recentBoys.draw, girls: recentGirls.draw}

func (g *generator) first(h *heritage, gender iis.Gender) string {
	if gender == iis.Male {
		return h.boys(g.draw)
	}
	return h.girls(g.draw)
}

// name draws first and middle name to go with a last name.
func (g *generator) name(h *heritage, gender iis.Gender, last string) iis.Name {
	if h.naming == singleName {
		if g.chance(.3) {
			return iis.Name{Last: pick(g.draw, karenWords)}
		}
		return iis.Name{Last: pick(g.draw, karenWords), First: karenNames(g.draw)}
	}
	n := iis.Name{Last: last, First: g.first(h, gender)}
	switch x := g.Float64(); {
	case x < .35:
		n.Middle = g.first(h, gender)
	case x < .6:
		n.Middle = string(rune('A' + g.IntN(26)))
	}
	return n
}

func earliest(a, b iis.Date) iis.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b iis.Date) iis.Date {
	if b.After(a) {
		return b
	}
	return a
}
