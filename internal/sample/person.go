package sample

import (
	"strconv"
	"strings"

	"openiis.org/iis"
)

// person adds a client of the family with what all of it share.
func (g *generator) person(f *family, gender iis.Gender, born iis.Date) *Person {
	g.home = append(g.home, Person{Household: g.number})
	p := &g.home[len(g.home)-1]
	p.Client = iis.Client{
		ID: g.nextID(), Version: 1, Gender: gender, BirthDate: born,
		Address: f.address, AddressUpdated: latest(f.moved, born), Phone: f.phone,
	}
	c := &p.Client
	if g.chance(.006) {
		c.Gender = iis.UnknownGender
	}
	g.birthplace(p)
	g.about(f, c)
	return p
}

// birthplace says where one who grew up in the country was born. Minnesota has
// sent the numbers of its birth certificates since 1993.
func (g *generator) birthplace(p *Person) {
	c := &p.Client
	if g.chance(.1) {
		return // not on file
	}
	c.BirthCountry = "USA"
	if c.BirthDate.Year >= 1993 && g.chance(bornInStates) && g.chance(.93) {
		c.BirthCertificate = certificate(c.BirthDate.Year, g.between(1, 70_000))
	}
}

func certificate(year, n int) string {
	s := strconv.Itoa(n)
	return strconv.Itoa(year) + "-" + "000000"[len(s):] + s
}

// bornAbroad moves the birth to the country the family came from. Papers of
// refugees often give January 1 for a day nobody wrote down.
func (g *generator) bornAbroad(p *Person, h *heritage) {
	c := &p.Client
	c.BirthCountry, c.BirthCertificate = h.country, ""
	if g.chance(h.jan1) {
		c.BirthDate = iis.Date{Year: c.BirthDate.Year, Month: 1, Day: 1}
	}
}

// about fills race, ethnicity, telephone and e-mail, each missing as often as
// registries miss them.
func (g *generator) about(f *family, c *iis.Client) {
	h := f.heritage
	if !g.chance(.15) {
		c.Ethnicity = "2186-5"
		if h.hispanic {
			c.Ethnicity = "2135-2"
		}
		switch race := h.race; {
		case g.chance(.015):
			c.Race = []string{iis.Declined}
		case race != "" && g.chance(.05):
			c.Race = iis.SortRaces([]string{race, "2106-3"})
		case race != "":
			c.Race = []string{race}
		default:
			c.Race = []string{races.draw(g.draw)}
		}
	}
	age := Today.Year - c.BirthDate.Year
	switch {
	case g.chance(.12):
		c.Phone = ""
	case age >= 16 && g.chance(.6):
		c.Phone = g.phone(f.town)
	}
	if g.chance(.03) {
		c.Address = iis.Address{}
		c.AddressUpdated = iis.Date{}
	}
}

// email makes an address in a domain that is kept for examples (RFC 2606).
func (g *generator) email(n iis.Name) string {
	var b strings.Builder
	for _, r := range strings.ToLower(n.First + "." + n.Last) {
		if r >= 'a' && r <= 'z' || r == '.' {
			b.WriteRune(r)
		}
	}
	return strings.Trim(b.String(), ".") + strconv.Itoa(g.between(1, 99)) + "@example." + pick(g.draw, []string{"com", "net", "org"})
}

var races = newTable([]string{"2106-3", "2054-5", "2131-1", "2028-9", "2076-8", "1002-5"}, []float64{80, 12, 5, 2, .3, .7})
