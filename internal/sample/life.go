package sample

import (
	"slices"
	"strconv"
	"time"

	"openiis.org/iis"
)

// How common each of these is.
const (
	locked        = .005
	deceased      = .010
	undeliverable = .025
	moved         = .08
	respelled     = .012 // a name or a birth date that was corrected
	adopted       = .01
	duplicates    = .031
)

// opened is when the registry began: nothing on file is older.
var opened = iis.Date{Year: 2002, Month: time.May, Day: 1}

// live gives a person of the household what a registry gathers over the years.
func (g *generator) live(f *family, p *Person) {
	c := &p.Client
	if g.chance(.3) && c.Name.First != "" {
		c.Email = g.email(c.Name)
	}
	from := latest(opened, c.BirthDate)
	c.Created = g.momentOn(g.dayBetween(from, Today))
	c.Updated = later(c.Created, g.momentOn(g.dayBetween(iis.DateOf(c.Created), Today)))
	g.join(f, p)
	c.UpdatedBy = p.Memberships[0].Organization
	c.Undeliverable = !c.Address.IsZero() && g.chance(undeliverable)
	g.correct(f, p)
	g.addContacts(f, p)
	g.addComments(p)
	if g.chance(locked) {
		c.LockedTo = p.Memberships[0].Organization
	}
	if age := Today.Year - c.BirthDate.Year; g.chance(deceasedAt(age)) {
		day := g.dayBetween(iis.DateOf(c.Created), Today)
		c.Death = iis.Death{Date: day, Source: pick(g.draw, iis.DeathSources), By: c.UpdatedBy, Recorded: g.momentOn(day.AddDays(3))}
		c.Death.Recorded = sooner(c.Death.Recorded, midnight(Today))
		c.Updated = later(c.Created, c.Death.Recorded)
		if g.chance(.08) {
			c.Death.Date = iis.Date{}
		}
	}
}

// deceasedAt is the share of people of an age who died while on file; together
// they are about one in a hundred.
func deceasedAt(age int) float64 {
	switch {
	case age >= 75:
		return deceased * 12
	case age >= 55:
		return deceased * 4
	}
	return deceased * .5
}

// join makes a person a client of the family's clinic and of others.
func (g *generator) join(f *family, p *Person) {
	c := &p.Client
	add := func(org iis.OrganizationID, chart bool) {
		for _, m := range p.Memberships {
			if m.Organization == org {
				return
			}
		}
		m := iis.Membership{Organization: org, Status: iis.Active, Reminders: !g.chance(.04), OnFile: true}
		m.Since = g.dayBetween(iis.DateOf(c.Created), iis.DateOf(c.Updated))
		if chart {
			m.ChartNumber = g.chart(org, c.ID)
		}
		if g.chance(.07) {
			m.Status, m.Reason = iis.Inactive, pick(g.draw, inactive)
		}
		p.Memberships = append(p.Memberships, m)
	}
	add(f.home, true)
	age := Today.Year - c.BirthDate.Year
	if g.chance(.22) {
		add(visitedSites.draw(g.draw), g.chance(.8))
	}
	switch {
	case age < 5 && g.chance(.25):
		add(careSites.draw(g.draw), false)
	case age >= 5 && age < 19 && g.chance(.4):
		add(schoolSites.draw(g.draw), false)
	case age >= 19 && age < 23 && g.chance(.1):
		add(collegeSites.draw(g.draw), false)
	case age > 78 && g.chance(.2):
		add(elderSites.draw(g.draw), true)
	case g.chance(.002):
		add(custodySites.draw(g.draw), true)
	}
	if g.chance(.05) {
		add(payerSites.draw(g.draw), true)
	}
	if g.chance(.06) {
		add(homeSites.draw(g.draw), true)
	}
}

var inactive = []string{"M", "M", "M", "L", "I", "P"}

// chart makes the number that an organization would give: of its own length,
// and no other client of it has the same.
func (g *generator) chart(org iis.OrganizationID, id iis.ClientID) string {
	if len(org)%3 == 0 {
		return "MR" + string(id[1:])
	}
	return string(id[3:]) + string(id[:3])
}

// correct writes the changes of name and birth date that saves have made, each
// with its alias (guide 21).
func (g *generator) correct(f *family, p *Person) {
	c := &p.Client
	switch age := Today.Year - c.BirthDate.Year; {
	case age < 20 && f.heritage.naming == familyName && g.chance(adopted):
		g.changedName(f, p, f.heritage.last(g.draw))
	case g.chance(respelled):
		was := iis.Alias{Name: iis.Name{Last: c.Name.Last, First: c.Name.First, Middle: c.Name.Middle}, BirthDate: c.BirthDate}
		switch x := g.IntN(3); {
		case x == 0 && was.Name.First != "":
			was.Name.First = g.slip(was.Name.First)
		case x == 1:
			was.Name.Last = g.slip(was.Name.Last)
		default:
			was.BirthDate = g.slipDate(was.BirthDate)
		}
		if was.Name.Last != c.Name.Last || was.Name.First != c.Name.First || was.BirthDate != c.BirthDate {
			g.addAlias(f, p, was)
		}
	}
}

// changedName notes that the person bore another last name before.
func (g *generator) changedName(f *family, p *Person, last string) {
	n := p.Client.Name
	if last == n.Last {
		return
	}
	g.addAlias(f, p, iis.Alias{Name: iis.Name{Last: last, First: n.First, Middle: n.Middle}, BirthDate: p.Client.BirthDate})
}

func (g *generator) addAlias(f *family, p *Person, a iis.Alias) {
	a.ID = iis.AliasID("a" + strconv.Itoa(len(p.Aliases)+1))
	a.Until = g.momentOn(g.dayBetween(latest(opened, p.Client.BirthDate), Today))
	a.By = f.home
	p.Aliases = append(p.Aliases, a)
	slices.SortStableFunc(p.Aliases, func(a, b iis.Alias) int { return b.Until.Compare(a.Until) })
	p.Client.Version++
}

// addContacts fills the Address(es)/Contact(s) tab: the client, parents of a
// child, a former address.
func (g *generator) addContacts(f *family, p *Person) {
	c := &p.Client
	child := Today.Year-c.BirthDate.Year < 18
	if !c.Address.IsZero() && (child && g.chance(.8) || g.chance(.35)) {
		p.addContact(iis.Contact{Name: c.Name, Relation: iis.Self, Phone: c.Phone, Address: c.Address,
			Undeliverable: c.Undeliverable, Notices: !c.Undeliverable, Primary: true})
	}
	if child {
		for i := range g.home {
			q := &g.home[i].Client
			if Today.Year-q.BirthDate.Year < 18 || q.ID == c.ID || g.chance(.3) {
				continue
			}
			relation := iis.Father
			switch {
			case c.BirthDate.Year-q.BirthDate.Year > 42:
				relation = iis.Grandparent
			case q.Gender == iis.Female:
				relation = iis.Mother
			}
			p.addContact(iis.Contact{Name: q.Name, Relation: relation, Phone: q.Phone, Address: c.Address, Notices: relation == iis.Mother})
		}
	}
	if g.chance(moved) {
		old := g.address(towns.draw(g.draw))
		p.addContact(iis.Contact{Name: c.Name, Relation: iis.Self, Address: old, Undeliverable: g.chance(.3),
			Former: g.dayBetween(latest(opened, c.BirthDate), Today)})
	}
}

func (p *Person) addContact(c iis.Contact) {
	c.Position = len(p.Contacts) + 1
	c.ID = iis.ContactID("c" + strconv.Itoa(c.Position))
	c.Name.Suffix = ""
	p.Contacts = append(p.Contacts, c)
}

// remark is a comment and how common it is among people of an age.
type remark struct {
	code     iis.CommentCode
	from, to int // years of age
	share    float64
}

var remarks = []remark{
	{commented("Refusal of Influenza"), 1, 120, .03},
	{commented("Refusal of COVID-19"), 1, 120, .03},
	{commented("Immunity: Titer/MD Dx Varicella or Zoster"), 12, 50, .05},
	{commented("Immunity: Titer Hepatitis B"), 20, 70, .03},
	{commented("Immunity: Titer/MD Dx Measles"), 40, 80, .02},
	{commented("Refusal of HPV"), 9, 26, .03},
	{commented("Refusal of Hep B"), 0, 3, .02},
	{commented("Medical exemption: MMR"), 0, 18, .003},
	{commented("Medical exemption: COVID-19"), 5, 120, .003},
	{commented("Immunity: Titer/MD Dx Hepatitis A"), 5, 90, .004},
}

// commented finds the code behind a comment's words; a misspelled one is a
// fault of this file and stops every program that uses it.
func commented(label string) iis.CommentCode {
	row, ok := iis.CommentLabeled(label)
	if !ok {
		panic("sample: no comment " + label)
	}
	return row.Code
}

func (g *generator) addComments(p *Person) {
	c := &p.Client
	age := Today.Year - c.BirthDate.Year
	for _, r := range remarks {
		if age < r.from || age > r.to || !g.chance(r.share) {
			continue
		}
		day := g.dayBetween(latest(opened, c.BirthDate), Today)
		p.Comments = append(p.Comments, iis.Comment{
			ID: iis.CommentID("k" + strconv.Itoa(len(p.Comments)+1)), Code: r.code, Date: day,
			By: c.UpdatedBy, Entered: g.momentOn(day),
		})
	}
}
