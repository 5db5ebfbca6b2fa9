package sample

import (
	"time"

	"openiis.org/iis"
)

// duplicate enters a person a second time, as another organization would have
// done: with one to three differences of the kinds that registries meet.
func (g *generator) duplicate(of Person, f *family) Person {
	p := Person{Client: of.Client, Household: of.Household, DuplicateOf: of.Client.ID, Twin: of.Twin}
	if of.DuplicateOf != "" {
		p.DuplicateOf = of.DuplicateOf
	}
	c := &p.Client
	c.ID, c.Version = g.nextID(), 1
	c.LockedTo, c.Death = "", iis.Death{}
	c.Updated = g.momentOn(g.dayBetween(iis.DateOf(c.Created), Today))
	c.Created = c.Updated
	for range g.between(1, 3) {
		g.differ(c, f)
	}
	other := *f
	for other.home == f.home {
		other.home = homeSites.draw(g.draw)
	}
	g.join(&other, &p)
	c.UpdatedBy = p.Memberships[0].Organization
	return p
}

func (g *generator) differ(c *iis.Client, f *family) {
	n := &c.Name
	switch g.IntN(11) {
	case 0:
		n.Last = g.slip(n.Last)
	case 1:
		if n.First != "" {
			n.First = g.slip(n.First)
		}
	case 2:
		if short, ok := shortNames[n.First]; ok {
			n.First = short
		} else {
			n.Last = g.slip(n.Last)
		}
	case 3:
		c.BirthDate = g.slipDate(c.BirthDate)
	case 4:
		c.Address = g.address(towns.draw(g.draw))
	case 5:
		c.Phone = g.phone(f.town)
	case 6:
		n.Last = f.heritage.last(g.draw)
	case 7:
		if n.Middle != "" {
			n.First, n.Middle = n.Middle, n.First
		}
	case 8:
		if n.First != "" {
			n.First, n.Last = n.Last, n.First
		}
	case 9:
		c.MotherMaidenLast, c.MotherFirst, n.Middle, c.BirthCertificate = "", "", "", ""
	case 10:
		c.Phone, c.Email = "", ""
		c.Address, c.AddressUpdated, c.Undeliverable = iis.Address{}, iis.Date{}, false
	}
}

// shortNames are some first names that people shorten.
var shortNames = map[string]string{
	"William": "Bill", "Robert": "Bob", "James": "Jim", "Michael": "Mike", "Richard": "Rick", "Thomas": "Tom",
	"Charles": "Chuck", "Joseph": "Joe", "Daniel": "Dan", "Matthew": "Matt", "Anthony": "Tony", "Andrew": "Andy",
	"Benjamin": "Ben", "Samuel": "Sam", "Theodore": "Ted", "Henry": "Hank", "Alexander": "Alex", "Nicholas": "Nick",
	"Elizabeth": "Liz", "Margaret": "Peggy", "Katherine": "Kate", "Patricia": "Patty", "Jennifer": "Jen", "Susan": "Sue",
	"Rebecca": "Becky", "Christine": "Chris", "Samantha": "Sam", "Abigail": "Abby", "Madison": "Maddie", "Eleanor": "Ellie",
	"Mohamed": "Mohammed", "Guadalupe": "Lupe", "José": "Pepe", "Alejandro": "Alex",
}

// slip makes one mistake of typing in a name.
func (g *generator) slip(s string) string {
	r := []rune(s)
	if len(r) < 2 {
		return s + "e"
	}
	i := g.between(1, len(r)-1)
	switch g.IntN(4) {
	case 0: // a letter left out
		return string(r[:i]) + string(r[i+1:])
	case 1: // a letter twice
		return string(r[:i]) + string(r[i-1:])
	case 2: // the neighbours swapped
		if i > 1 {
			r[i], r[i-1] = r[i-1], r[i]
			return string(r)
		}
	}
	r[i] = rune("aeiounrstl"[g.IntN(10)])
	return string(r)
}

// slipDate makes one mistake in a date: month and day swapped, a day or a year
// beside the right one.
func (g *generator) slipDate(d iis.Date) iis.Date {
	switch g.IntN(3) {
	case 0:
		if d.Day <= 12 && d.Day != int(d.Month) {
			d.Month, d.Day = time.Month(d.Day), int(d.Month)
			return earliest(d, Today)
		}
	case 1:
		d.Year--
		d.Day = min(d.Day, 28)
		return d
	}
	return earliest(d.AddDays(pick(g.draw, []int{-10, -2, -1, 1, 2, 10})), Today)
}
