package forecast

import "slices"

// groupForecast is the forecast of a vaccine group by the best series of one
// series group, one an antigen. cdsi/4.6 chapter 9, FORECASTVG-1
type groupForecast struct {
	group    int // vaccine group
	series   int // number of the series group
	parts    []*patientSeries
	status   SeriesStatus
	typ      SeriesType
	primary  bool
	early    bool // the series cannot be started yet
	exempt   bool // by a medical exemption
	earliest day
	rec      day
	past     day
	latest   day
	number   int
}

// group makes the forecasts of a vaccine group, the primary one first.
// cdsi/4.6 chapter 9
func (r *runner) group(i int) []groupForecast {
	g := &r.s.groups[i]
	start := len(r.forecasts)
	for n := 1; n <= g.groups; n++ {
		first := len(r.parts)
		for _, a := range g.antigens {
			for _, ps := range r.chosen[a] {
				if ps.series.group == n {
					r.parts = append(r.parts, ps)
				}
			}
		}
		if parts := r.parts[first:len(r.parts):len(r.parts)]; len(parts) > 0 {
			f := groupForecast{group: i, series: n, parts: parts, typ: parts[0].series.typ}
			if !g.full {
				f.parts = going(parts)
			}
			if len(g.antigens) == 1 {
				f.single(parts[0])
			} else {
				r.multiple(&f, g)
			}
			f.early = r.tooEarly(parts)
			if f.status == NotComplete && slices.Contains(r.exempt, g.name) {
				f.exempt, f.status = true, Contraindicated
				f.earliest, f.rec, f.past, f.latest, f.number = noDay, noDay, noDay, noDay, 0
			}
			r.forecasts = append(r.forecasts, f)
		}
	}
	list := r.forecasts[start:]
	if p := primary(list, r.asOf); p >= 0 {
		list[p].primary = true
		for ; p > 0; p-- { // first, with the others in their order
			list[p-1], list[p] = list[p], list[p-1]
		}
	}
	return list
}

// single copies the forecast of the one antigen.
// cdsi/4.6 chapter 9, SINGLEANTVG-1, SINGLEANTVG-2
func (f *groupForecast) single(ps *patientSeries) {
	f.status, f.earliest, f.rec, f.past, f.latest, f.number = ps.status, noDay, noDay, noDay, noDay, 0
	if ps.status == NotComplete {
		f.earliest, f.rec, f.past, f.latest, f.number = ps.earliest, ps.recommended, ps.pastDue, ps.latest, ps.number
	}
}

// multiple blends the forecasts of several antigens.
// cdsi/4.6 chapter 9, table 9-4, MULTIANTVG-1, FORECASTVG-2 to FORECASTVG-4
func (r *runner) multiple(f *groupForecast, g *group) {
	f.status = blend(f.parts)
	f.earliest, f.rec, f.past, f.latest = noDay, noDay, noDay, noDay
	if f.status != NotComplete {
		return
	}
	first, last, rec, override := noDay, noDay, noDay, false
	for _, ps := range f.parts {
		if ps.status != NotComplete {
			continue
		}
		first, last = sooner(first, ps.earliest), later(last, ps.earliest)
		rec, f.past, f.latest = sooner(rec, ps.recommended), sooner(f.past, ps.pastDue), sooner(f.latest, ps.latest)
		override = override || ps.override()
		if f.number == 0 || g.full && ps.number < f.number || !g.full && ps.number > f.number { // FORECASTDN-2
			f.number = ps.number
		}
	}
	f.earliest = last
	if override {
		f.earliest = later(first, r.lastOf(g))
	}
	f.rec = later(rec, f.earliest)
	if f.past != noDay {
		f.past = later(f.past, f.earliest)
	}
}

// going leaves out the contraindicated antigens of a vaccine group that need not
// be given in full, if others go on: tetanus and diphtheria without pertussis.
// Table 9-4 read by itself would stop them all.
func going(parts []*patientSeries) []*patientSeries {
	stop := func(ps *patientSeries) bool { return ps.status == Contraindicated }
	n := 0
	for _, ps := range parts {
		n += b2i(stop(ps))
	}
	if n == 0 || n == len(parts) {
		return parts
	}
	return slices.DeleteFunc(slices.Clone(parts), stop)
}

// blend is the status of a vaccine group with several antigens: the first of
// these that any antigen has, Complete or Immune only if all have one of them.
// cdsi/4.6 chapter 9, table 9-4
func blend(parts []*patientSeries) SeriesStatus {
	for _, s := range []SeriesStatus{Contraindicated, AgedOut, NotRecommended, NotComplete} {
		for _, ps := range parts {
			if ps.status == s {
				return s
			}
		}
	}
	for _, ps := range parts {
		if ps.status != Immune {
			return Complete
		}
	}
	return Immune
}

// lastOf is the date of the last dose against an antigen of a vaccine group.
func (r *runner) lastOf(g *group) day {
	last := noDay
	for _, a := range g.antigens {
		if n := len(r.aars[a]); n > 0 {
			last = later(last, r.given[r.aars[a][n-1]].date)
		}
	}
	return last
}

// tooEarly reports whether no series can be started at this age and none has
// been.
func (r *runner) tooEarly(parts []*patientSeries) bool {
	for _, ps := range parts {
		if ps.valid > 0 || ps.series.minAge == 0 || r.asOf >= r.ages[ps.series.minAge] {
			return false
		}
	}
	return true
}

// primary chooses the forecast of a vaccine group that is shown first, which CDSi
// leaves open; docs/forecast.md tells the rule. It is -1 without forecasts.
func primary(list []groupForecast, asOf day) int {
	top, open := -1, false
	for i := range list {
		open = open || list[i].status == NotComplete && !list[i].early
	}
	for i := range list {
		if top < 0 || list[i].rank(asOf, open) > list[top].rank(asOf, open) {
			top = i
		}
	}
	return top
}

// rank orders the forecasts of a vaccine group: what can be started at this age
// before what cannot, what is open or done before what is over, risk before
// standard, and among the rest what is due already. A risk series that is done
// does not stand before a standard one that is open.
func (f *groupForecast) rank(asOf day, open bool) (n int) {
	if !f.early {
		n += 8
	}
	if f.status != AgedOut && f.status != NotRecommended {
		n += 4
	}
	if f.typ == Risk && !(open && f.status == Complete) {
		n += 2
	}
	if f.status == NotComplete && f.rec <= asOf {
		n++
	}
	return n
}

// judge finds the verdict on a dose within a vaccine group: the best that a part
// of the primary forecast gives it. If that does not count it, another forecast
// of the group may: the doses of a childhood are valid, though a series for adults
// at risk starts anew.
func (r *runner) judge(list []groupForecast, g int32) (ps *patientSeries, v *verdict, number int) {
	for i := range list {
		p, w, n := r.judgeBy(&list[i], g)
		if w != nil && (v == nil || w.status == Valid && v.status != Valid) {
			ps, v, number = p, w, n
		}
	}
	return ps, v, number
}

// judgeBy is the best verdict that a part of one forecast gives a dose, and the
// place of the dose if it is valid, counted as FORECASTDN-2 counts.
func (r *runner) judgeBy(f *groupForecast, g int32) (ps *patientSeries, v *verdict, number int) {
	full := r.s.groups[f.group].full
	for _, part := range f.parts {
		k := slices.Index(part.aars, g)
		if k < 0 {
			continue
		}
		w := &part.verdicts[k]
		if v == nil || grade(w.status) > grade(v.status) {
			ps, v, number = part, w, 0
		}
		if n := int(w.target) + 1; w.status == Valid && (number == 0 || full && n < number || !full && n > number) {
			number = n
		}
	}
	return ps, v, number
}

func grade(s EvaluationStatus) int {
	switch s {
	case Valid:
		return 3
	case Extraneous:
		return 2
	case NotValid:
		return 1
	}
	return 0
}
