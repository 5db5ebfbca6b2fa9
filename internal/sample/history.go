package sample

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// How common each of these is, of all doses unless it says of whom.
const (
	reportedTwice = .04   // of those whom several organizations vaccinate
	expiredLot    = .0012 // the lot was over
	subpotent     = .002
	reacted       = .0008
	notInTable    = .006 // of people: a dose of a code that nobody knows
	unvaccinated  = .025 // of children
)

// strange are codes that stand in no table.
var strange = []iis.CVX{"899", "951", "9001"}

// shotStream parts the chances of the doses from those of the person, who is the
// same with and without them.
const shotStream = 0x5f3759df

// history is what is being written of one person's immunizations.
type history struct {
	draw
	p      *Person
	doses  []iis.Dose           // so far
	last   iis.Date             // nothing was given after it
	home   iis.OrganizationID   // the home clinic
	places []iis.OrganizationID // the client's organizations that vaccinate, the home clinic first
	shop   iis.OrganizationID   // a pharmacy, hospital or health department among them; "" if none

	care   care
	given  [kinds]int      // doses so far, by what they are against
	latest [kinds]iis.Date // day of the latest of them
	funded string          // eligibility while a child

	// The visit at hand.
	day     iis.Date
	kind    iis.DoseKind
	by      iis.OrganizationID
	source  string
	at      string // where a historical dose was given, in words
	who     string
	entered time.Time
	arm     int // shots in this visit
}

// care is how well a family keeps to the schedule.
type care struct {
	none   bool
	missed float64 // share of visits
	slow   int     // days, about
	style  int     // which combination vaccines the clinic buys
}

// immunize gives every person of the household a history, those entered twice a
// part of the one they have.
func (g *generator) immunize() {
	furnish()
	for i := range g.home {
		p := &g.home[i]
		g.story.begin(p, g.seed)
		if p.DuplicateOf == "" {
			g.story.childhood()
			g.story.youth()
			g.story.adulthood()
			g.story.influenza()
			g.story.covid()
			g.story.oddities()
		} else if j := slices.IndexFunc(g.home, func(o Person) bool { return o.Client.ID == p.DuplicateOf }); j >= 0 {
			g.story.share(g.home[j].Doses)
		}
		g.story.finish()
	}
}

// finish puts the doses in order, gives them their IDs and hands them over.
func (h *history) finish() {
	if len(h.doses) == 0 {
		return
	}
	h.p.Doses = slices.Clone(h.doses)
	inOrder(h.p.Doses)
}

// inOrder sorts doses by day and entry, and numbers them.
func inOrder(doses []iis.Dose) {
	slices.SortStableFunc(doses, func(a, b iis.Dose) int {
		return cmp.Or(a.Date.Compare(b.Date), a.Entered.Compare(b.Entered))
	})
	for i := range doses {
		doses[i].ID = iis.DoseID("d" + strconv.Itoa(i+1))
	}
}

// begin sets the history to nothing.
func (h *history) begin(p *Person, seed uint64) {
	number, _ := strconv.ParseUint(string(p.Client.ID), 10, 64) // nextID wrote it
	*h = history{draw: h.draw, p: p, doses: h.doses[:0], places: h.places[:0], last: Today}
	h.reset(seed+shotStream, number)
	if death := p.Client.Death; !death.Recorded.IsZero() {
		h.last = iis.DateOf(death.Recorded)
		if !death.Date.IsZero() {
			h.last = earliest(h.last, death.Date)
		}
	}
	for _, m := range p.Memberships {
		switch kindOf()[m.Organization] {
		case iis.Pharmacy, iis.Hospital, iis.PublicHealth:
			h.shop = m.Organization
		case iis.Clinic, iis.PublicClinic, iis.HealthSystem, iis.TribalHealth, iis.LongTermCare, iis.Corrections:
		default:
			continue // of no use: it does not vaccinate
		}
		h.places = append(h.places, m.Organization)
	}
	h.home = h.places[0]
	h.care = care{style: h.IntN(8)}
	switch x := h.Float64(); {
	case x < .70:
		h.care.missed, h.care.slow = .03, 6
	case x < .92:
		h.care.missed, h.care.slow = .14, 25
	case x < 1-unvaccinated:
		h.care.missed, h.care.slow = .4, 50
	default:
		h.care.none = true
	}
	h.funded = eligible.draw(h.draw)
}

var eligible = newTable([]string{"V01", "V02", "V03", "V04", "V05"}, []float64{55, 36, 4, 3, 2})

// kindOf tells the type of each organization.
var kindOf = sync.OnceValue(func() map[iis.OrganizationID]iis.OrgType {
	kinds := map[iis.OrganizationID]iis.OrgType{}
	for _, o := range organizations {
		kinds[o.id] = o.kind
	}
	return kinds
})

// place is the sort of place where vaccine is given.
type place int

const (
	clinic place = iota
	maternity
	walkIn
)

// visit begins a visit on a day, and reports whether it can have taken place.
func (h *history) visit(d iis.Date, where place) bool {
	c := &h.p.Client
	if d.Before(c.BirthDate) || d.After(h.last) {
		return false
	}
	h.day, h.kind, h.by, h.source, h.at, h.arm = d, iis.Administered, h.home, "", "", 0
	known := !d.Before(iis.DateOf(c.Created))
	switch {
	case where == maternity:
		if h.shop == "" || kindOf()[h.shop] != iis.Hospital {
			h.kind, h.source, h.at = iis.Historical, pick(h.draw, []string{"02", "06", "02"}), pick(h.draw, maternities)
		} else {
			h.by = h.shop
		}
	case where == walkIn && h.shop != "" && h.chance(.75):
		h.by = h.shop
	case where == walkIn && h.chance(.5):
		h.kind, h.source, h.at = iis.Historical, pick(h.draw, []string{"02", "05", "04"}), pick(h.draw, shops)
	case h.chance(.1):
		h.by = pick(h.draw, h.places)
	}
	if h.kind == iis.Administered && (d.Before(opened) || !known && h.chance(.5) || h.chance(.04)) {
		h.kind, h.source, h.at = iis.Historical, sources.draw(h.draw), pick(h.draw, clinics)
	}
	h.who = pick(h.draw, nurses)
	if h.kind == iis.Historical {
		h.who = ""
	}
	h.entered = h.momentOn(d)
	if h.kind == iis.Historical {
		h.entered = h.momentOn(d.AddDays(h.between(1, 500)))
	}
	h.entered = sooner(later(h.entered, c.Created), at(Today.Year, Today.Month, Today.Day))
	return true
}

var sources = newTable([]string{"01", "02", "03", "05", "07", "04"}, []float64{30, 30, 22, 10, 6, 2})

// What a clerk types of where a dose was given.
var (
	maternities = []string{"", "Birth hospital", "Out-of-state hospital", "St. Invented Hospital, Fargo ND"}
	shops       = []string{"", "Chain pharmacy", "Workplace clinic", "Pharmacy in Hudson WI"}
	clinics     = []string{"", "", "", "Previous clinic", "Clinic in Sioux Falls SD", "Made-Up Family Medicine, Des Moines IA"}
	nurses      = []string{"A. Berg, RN", "B. Olson, LPN", "C. Nguyen, RN", "D. Hassan, CMA", "E. Johnson, RN", "F. Vang, LPN",
		"G. Miller, RN", "H. Larson, NP", "I. Garcia, RN", "J. Swanson, CMA", "K. Peterson, PharmD", "L. Moua, RN"}
)

// give records that a product was given at the visit at hand, against the named
// diseases.
func (h *history) give(p *product, against ...kind) {
	if p == nil || h.barred(p) {
		return
	}
	for _, k := range against {
		h.given[k]++
		h.latest[k] = h.day
	}
	var d iis.Dose
	if h.kind == iis.Historical {
		d = iis.Dose{Kind: h.kind, Date: h.day, Vaccine: p.cvx, By: h.by, Source: h.source, Provider: h.at}
		if h.chance(.6) {
			d.TradeName, d.Maker = p.trade, p.maker
			if p.trade != "" && h.chance(.3) {
				d.Lot, _ = p.lot(h.by, h.day)
			}
		} else if cvx := unspecified(p.cvx); cvx != "" && h.chance(.15) {
			d.Vaccine = cvx
		}
	} else {
		age := years(h.p.Client.BirthDate, h.day)
		d = p.stocked(h.by, h.day, age, h.arm)
		d.GivenBy = h.who
		switch {
		case h.funded == "V01":
		case age < 19:
			d.Eligibility, d.Funding = h.funded, "VXC51"
		default:
			d.Eligibility = ""
		}
		h.mishap(&d)
	}
	d.Entered = h.entered
	h.doses = append(h.doses, d)
	h.arm++
}

// stocked is a dose that an organization gives from its own stock, to a client of
// an age in years, in the arm of a number.
func (p *product) stocked(by iis.OrganizationID, d iis.Date, age, arm int) iis.Dose {
	o := iis.Dose{
		Kind: iis.Administered, Date: d, By: by, Vaccine: p.cvx, TradeName: p.trade, Maker: p.maker, Product: p.ndc(d),
		Amount: p.ml, Route: routes[p.way], VIS: p.edition(d), Eligibility: "V01", Funding: "PHC70",
	}
	o.Lot, o.Expires = p.lot(by, d)
	switch {
	case p.way == mouth:
		o.Site = "MO"
	case p.way == nose:
		o.Site = "BN"
	case p.way == skin:
		o.Site = [2]string{"LA", "RA"}[arm%2]
	case age < 2:
		o.Site = [2]string{"LVL", "RVL"}[arm%2]
	default:
		o.Site = [2]string{"LD", "RD"}[arm%2]
	}
	return o
}

// mishap draws what may be wrong with a dose.
func (h *history) mishap(d *iis.Dose) {
	switch x := h.Float64(); {
	case x < expiredLot:
		d.Expires = iis.Date{Year: d.Date.Year, Month: d.Date.Month, Day: 1}.AddDays(-1)
	case x < expiredLot+subpotent:
		d.Subpotent = true
	case x < expiredLot+subpotent+reacted:
		d.Reactions = pick(h.draw, []string{"VXC14", "VXC12", "VXC9", "VXC11,VXC12"})
	}
}

// refuse records that a product was offered at the visit at hand, and not taken.
func (h *history) refuse(p *product) {
	if p == nil || h.kind != iis.Administered {
		return
	}
	why := "03"
	if years(h.p.Client.BirthDate, h.day) < 18 {
		why = pick(h.draw, []string{"00", "00", "00", "01"})
	}
	h.doses = append(h.doses, iis.Dose{Kind: iis.Refused, Date: h.day, Vaccine: p.cvx, Refusal: why, By: h.by, Entered: h.entered})
}

// barred reports whether a comment on file keeps a product from being given on
// the day at hand: immunity and exemptions from their day on, a refusal for a
// year.
func (h *history) barred(p *product) bool {
	for _, c := range h.p.Comments {
		row, ok := iis.CommentRowOf(c.Code)
		if !ok || h.day.Before(c.Date) || row.Kind == iis.KindRefusal && h.day.After(c.Date.AddMonths(12)) {
			continue
		}
		if slices.ContainsFunc(p.groups, func(g string) bool { return slices.Contains(row.Groups, g) }) {
			return true
		}
	}
	return false
}

// unspecified is the code that says of a vaccine only against what it is; "" for
// combinations and where CDC has none.
func unspecified(cvx iis.CVX) iis.CVX { return vague()[cvx] }

// vague holds them by the code of the product.
var vague = sync.OnceValue(func() map[iis.CVX]iis.CVX {
	codes := map[iis.CVX]iis.CVX{}
	groups := code.Groups()
	for _, p := range market {
		v, _ := code.VaccineOf(p.cvx)
		if len(v.Groups) != 1 {
			continue
		}
		i := slices.IndexFunc(groups, func(g code.Group) bool { return g.CDC == v.Groups[0] })
		if i < 0 {
			continue
		}
		if u, ok := code.VaccineOf(groups[i].CVX); ok && u.CVX != p.cvx && u.Status == code.Inactive {
			codes[p.cvx] = u.CVX
		}
	}
	return codes
})

// share gives someone who was entered twice a part of the doses: what the second
// organization was told.
func (h *history) share(doses []iis.Dose) {
	for _, d := range doses {
		if d.Date.Before(h.p.Client.BirthDate) || d.Date.After(h.last) || !d.Given() || !h.chance(.4) {
			continue
		}
		h.doses = append(h.doses, h.report(d, h.home))
	}
}

// report is a dose as another organization tells of it.
func (h *history) report(of iis.Dose, by iis.OrganizationID) iis.Dose {
	d := iis.Dose{Kind: iis.Historical, Date: of.Date, Vaccine: of.Vaccine, By: by, Source: sources.draw(h.draw)}
	d.Entered = h.momentOn(d.Date.AddDays(h.between(0, 200)))
	d.Entered = sooner(later(d.Entered, h.p.Client.Created), at(Today.Year, Today.Month, Today.Day))
	if cvx := unspecified(of.Vaccine); cvx != "" && h.chance(.5) {
		d.Vaccine = cvx
	} else if h.chance(.5) {
		d.TradeName, d.Maker = of.TradeName, of.Maker
	}
	return d
}

// oddities are second reports of a dose, and codes that nobody knows.
func (h *history) oddities() {
	if len(h.places) > 1 {
		for _, d := range h.doses {
			if d.Kind != iis.Administered || !h.chance(reportedTwice) {
				continue
			}
			for _, other := range h.places {
				if other != d.By {
					h.doses = append(h.doses, h.report(d, other))
					break
				}
			}
		}
	}
	if len(h.doses) > 0 && h.chance(notInTable) {
		d := h.report(pick(h.draw, h.doses), h.home)
		d.Vaccine, d.TradeName, d.Maker = pick(h.draw, strange), "", ""
		h.doses = append(h.doses, d)
	}
}
