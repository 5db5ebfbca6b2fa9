package forecast

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

// New makes a schedule of a release. It fails if the release is not sound in
// itself, which one that cdsi.Read has read always is.
func New(rel *cdsi.Release) (*Schedule, error) {
	c := &compiler{
		s:       &Schedule{Version: rel.Version, Source: rel.Source, Hash: rel.Hash, obs: map[string]obsID{}},
		periods: map[string]pid{}, sets: map[string]*cvxSet{}, antigens: map[string]int{},
	}
	c.compile(rel)
	if c.err != nil {
		return nil, fmt.Errorf("schedule %s: %w", rel.Version, c.err)
	}
	s := c.s
	s.runners.New = func() any { return newRunner(s) }
	return s, nil
}

// compiler turns a release into a schedule.
type compiler struct {
	s        *Schedule
	periods  map[string]pid
	sets     map[string]*cvxSet
	antigens map[string]int
	err      error
}

func (c *compiler) errorf(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

func (c *compiler) compile(rel *cdsi.Release) {
	s := c.s
	c.period(cdsi.Period{}) // the first is none
	if len(rel.Observations) > maxObservations {
		c.errorf("%d observations, more than %d", len(rel.Observations), maxObservations)
		return
	}
	for _, o := range rel.Observations {
		s.obs[o.Code] = obsID(len(s.obsCodes))
		s.obsCodes = append(s.obsCodes, o.Code)
		s.windows = append(s.windows, c.period(o.Window))
	}
	for cvx := range s.vaccines {
		s.names[cvx] = fmt.Sprintf("%02d", cvx)
		s.vaccines[cvx].live = -1
	}
	for i, a := range rel.Antigens {
		c.antigens[a.Name] = i
	}
	if len(rel.Groups) > maxVaccineGroups {
		c.errorf("%d vaccine groups, more than %d", len(rel.Groups), maxVaccineGroups)
		return
	}
	for i, g := range rel.Groups {
		s.groups = append(s.groups, group{name: g.Name, full: g.Full})
		for _, a := range g.Antigens {
			j, ok := c.antigens[a]
			if !ok {
				c.errorf("vaccine group %s has the unknown antigen %s", g.Name, a)
				return
			}
			s.groups[i].antigens = append(s.groups[i].antigens, j)
		}
	}
	for _, v := range rel.Vaccines {
		if c.cvx(v.CVX); c.err != nil {
			return
		}
		e := &s.vaccines[v.CVX]
		e.known = true
		for _, a := range v.Associations {
			j, ok := c.antigens[a.Antigen]
			if !ok {
				c.errorf("CVX %d has the unknown antigen %s", v.CVX, a.Antigen)
				return
			}
			e.antigens = append(e.antigens, association{j, c.period(a.BeginAge), c.period(a.EndAge)})
		}
	}
	c.conflicts(rel.Conflicts)
	s.antigens = make([]antigen, len(rel.Antigens))
	for i := range rel.Antigens {
		c.antigen(&s.antigens[i], i, &rel.Antigens[i])
	}
	slices.SortStableFunc(s.seasons, func(a, b Season) int { return a.Start.Compare(b.Start) })
}

func (c *compiler) period(p cdsi.Period) pid {
	id, ok := c.periods[p.Text]
	if !ok {
		if len(c.s.periods) > math.MaxUint16 {
			c.errorf("too many periods")
			return 0
		}
		id = pid(len(c.s.periods))
		c.periods[p.Text] = id
		c.s.periods = append(c.s.periods, period{int32(p.Months), int32(p.Days)})
		c.s.texts = append(c.s.texts, p.Text)
	}
	return id
}

func (c *compiler) cvx(n int) uint16 {
	if n < 1 || n > maxCVX {
		c.errorf("CVX %d is out of range", n)
		return 0
	}
	return uint16(n)
}

func (c *compiler) set(list []int) *cvxSet {
	if len(list) == 0 {
		return nil
	}
	key := fmt.Sprint(list)
	if c.sets[key] == nil {
		set := &cvxSet{}
		for _, n := range list {
			set.add(int(c.cvx(n)))
		}
		c.sets[key] = set
	}
	return c.sets[key]
}

func (c *compiler) observation(code string) obsID {
	id, ok := c.s.obs[code]
	if !ok {
		c.errorf("observation %q is not defined", code)
	}
	return id
}

func (c *compiler) observations(codes []string) []obsID {
	var list []obsID
	for _, code := range codes {
		list = append(list, c.observation(code))
	}
	return list
}

func (c *compiler) conflicts(rows []cdsi.Conflict) {
	s := c.s
	index := func(n int) int {
		v := &s.vaccines[c.cvx(n)]
		if v.live < 0 {
			v.live = int16(s.live)
			s.live++
		}
		return int(v.live)
	}
	for _, r := range rows {
		index(r.Previous)
		index(r.Current)
	}
	s.conflicts = make([]conflict, s.live*s.live)
	for _, r := range rows {
		begin, minEnd, end := c.period(r.Begin), c.period(r.MinEnd), c.period(r.End)
		s.conflicts[index(r.Previous)*s.live+index(r.Current)] = conflict{
			is: true, begin: s.periods[begin], minEnd: s.periods[minEnd], end: s.periods[end], endID: end, minEndID: minEnd}
	}
}

// conflictOf returns the conflict of an earlier live vaccine with a later one.
func (s *Schedule) conflictOf(earlier, later int16) *conflict {
	return &s.conflicts[int(earlier)*s.live+int(later)]
}

func (c *compiler) antigen(a *antigen, i int, from *cdsi.Antigen) {
	a.name, a.index, a.group = from.Name, i, -1
	for j, g := range c.s.groups {
		if slices.Contains(g.antigens, i) {
			a.group = j
		}
	}
	if a.group < 0 {
		c.errorf("antigen %s has no vaccine group", a.name)
		return
	}
	a.immunity = c.observations(from.Immunity)
	for _, b := range from.BirthImmunity {
		a.born = append(a.born, bornBefore{dayOf(b.Before), country(b.Country), c.observations(b.Exclusions)})
	}
	for _, x := range from.Contraindications {
		a.contras = append(a.contras, contra{c.observation(x.Observation), c.period(x.BeginAge), c.period(x.EndAge), x.Text, x.Guidance})
	}
	for _, x := range from.Contraindicated {
		a.vaccines = append(a.vaccines, contraVaccines{c.observation(x.Observation), c.windows(x.Vaccines), x.Text, x.Guidance})
	}
	for j := range from.Series {
		a.series = append(a.series, c.series(&from.Series[j], j, a.group))
	}
	slices.SortStableFunc(a.series, func(x, y series) int { return b2i(x.needs) - b2i(y.needs) })
	for j := range a.series {
		g := &c.s.groups[a.group]
		g.groups = max(g.groups, a.series[j].group)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *compiler) windows(list []cdsi.VaccineWindow) []window {
	var out []window
	for _, v := range list {
		out = append(out, window{c.cvx(v.CVX), c.period(v.BeginAge), c.period(v.EndAge)})
	}
	return out
}

func (c *compiler) bit(n int) uint32 {
	if n < 1 || n >= bits.UintSize/2 {
		c.errorf("series group %d is out of range", n)
		return 0
	}
	return 1 << n
}

func (c *compiler) series(from *cdsi.Series, order, vaccineGroup int) series {
	s := series{
		name: from.Name, order: order, typ: SeriesType(from.Type), group: from.SeriesGroup, isDefault: from.Default, product: from.ProductPath,
		preference: from.Preference, minAge: c.period(from.MinAge), maxAge: c.period(from.MaxAge), guidance: from.Guidance,
	}
	c.bit(s.group)
	s.priority = 'Z'
	if from.Priority != "" {
		s.priority = from.Priority[0]
	}
	if s.preference == 0 {
		s.preference = maxCVX // last
	}
	for _, n := range from.Equivalent {
		s.equivalent |= c.bit(n)
	}
	for _, g := range from.Genders {
		s.genders |= map[string]gender{"Female": female, "Male": male, "Unknown": unknownGender}[g]
	}
	if s.genders == 0 {
		s.genders = female | male | unknownGender
	}
	for _, i := range from.Indications {
		s.indications = append(s.indications, indication{c.observation(i.Observation), c.period(i.BeginAge), c.period(i.EndAge), i.Guidance})
	}
	s.doses = make([]seriesDose, len(from.Doses))
	for i := range from.Doses {
		c.dose(&s.doses[i], &from.Doses[i], vaccineGroup)
		for _, k := range from.Doses[i].Skips {
			for _, z := range k.Sets {
				for _, x := range z.Conditions {
					s.needs = s.needs || x.Type == cdsi.CompletedSeries
				}
			}
		}
	}
	return s
}

func (c *compiler) dose(d *seriesDose, from *cdsi.Dose, vaccineGroup int) {
	for _, a := range from.Ages {
		d.ages = append(d.ages, ageRow{c.period(a.AbsMin), c.period(a.Min), c.period(a.EarliestRec), c.period(a.LatestRec), c.period(a.Max),
			begin(a.Effective), end(a.Cessation)})
	}
	d.intervals, d.allowable = c.intervals(from.Intervals), c.intervals(from.Allowable)
	for _, v := range from.Preferable {
		p := preferable{window{c.cvx(v.CVX), c.period(v.BeginAge), c.period(v.EndAge)}, v.TradeName, v.MVX, v.Forecast}
		d.preferable = append(d.preferable, p)
		d.counts.add(v.CVX)
		if live := c.s.vaccines[v.CVX].live; live >= 0 && !slices.Contains(d.live, live) {
			d.live = append(d.live, live)
		}
	}
	d.alternative = c.windows(from.Alternative)
	for _, v := range from.Alternative {
		d.counts.add(v.CVX)
	}
	for _, n := range from.Inadvertent {
		d.inadvertent.add(int(c.cvx(n)))
	}
	for _, k := range from.Skips {
		s := c.skip(k)
		if k.Context != cdsi.InForecast {
			d.evaluation = append(d.evaluation, s)
		}
		if k.Context != cdsi.InEvaluation {
			d.forecast = append(d.forecast, s)
		}
	}
	d.recurring = from.Recurring
	d.seasonStart, d.seasonEnd = dayOf(from.SeasonStart), noDay
	if d.seasonStart != noDay {
		d.seasonEnd = end(from.SeasonEnd)
		season := Season{c.s.groups[vaccineGroup].name, from.SeasonStart, from.SeasonEnd}
		if !slices.Contains(c.s.seasons, season) {
			c.s.seasons = append(c.s.seasons, season)
		}
	}
}

// begin and end are the days of an open attribute.
func begin(d iis.Date) day {
	if d.IsZero() {
		return firstDay
	}
	return dayOf(d)
}

func end(d iis.Date) day {
	if d.IsZero() {
		return lastDay
	}
	return dayOf(d)
}

func (c *compiler) intervals(list []cdsi.Interval) []intervalRow {
	var out []intervalRow
	for _, i := range list {
		r := intervalRow{target: i.FromTarget, recent: c.set(i.FromMostRecent), absMin: c.period(i.AbsMin), min: c.period(i.Min),
			earliest: c.period(i.EarliestRec), latest: c.period(i.LatestRec), override: i.Override, from: begin(i.Effective), to: end(i.Cessation)}
		switch {
		case i.FromTarget > 0:
			r.kind = fromTarget
		case r.recent != nil:
			r.kind = fromRecent
		case i.FromObservation != "":
			r.kind, r.obs = fromObservation, c.observation(i.FromObservation)
		}
		out = append(out, r)
	}
	return out
}

func (c *compiler) skip(from cdsi.Skip) skip {
	s := skip{all: from.All}
	for _, z := range from.Sets {
		set := skipSet{from: begin(z.Effective), to: end(z.Cessation), all: z.All, description: z.Description}
		for _, x := range z.Conditions {
			k := condition{start: begin(x.Start), end: end(x.End), begin: c.period(x.BeginAge), to: c.period(x.EndAge), interval: c.period(x.Interval),
				count: x.Count, valid: x.Valid, cvx: c.set(x.CVX)}
			switch x.Type {
			case cdsi.ByAge:
				k.kind = byAge
			case cdsi.ByInterval:
				k.kind = byInterval
			case cdsi.CompletedSeries:
				k.kind = byCompleted
			case cdsi.ByCount:
				k.kind = byCount
			default:
				c.errorf("a condition of the unknown type %q", x.Type)
			}
			if k.kind == byCount {
				if len(x.Compare) != 1 {
					c.errorf("a count compared by %q", x.Compare)
					return s
				}
				k.compare = x.Compare[0]
			}
			for _, n := range x.SeriesGroups {
				k.groups |= c.bit(n)
			}
			set.conditions = append(set.conditions, k)
		}
		s.sets = append(s.sets, set)
	}
	return s
}
