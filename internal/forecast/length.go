package forecast

import (
	"slices"

	"openiis.org/iis"
)

// maxLength bounds the doses that are looked ahead.
const maxLength = 16

// course is how long after the last dose another may be recommended and still be
// one of the same course. What comes later is a booster: Tdap at 11 years is not
// the sixth of the doses an infant begins. The two doses against meningococci, at
// 11 and 16 years, are one course.
var course = period{months: 6 * 12}

// Count is Run, and counts besides how many doses each series comes to: "1 of 4".
// CDSi has no such number, since the doses of a series are skipped by age and
// history. Here it is what the engine itself would go on to ask for: each dose is
// given on the day it is recommended, today if that is past, until nothing is due
// or only boosters are.
func (s *Schedule) Count(p Patient, asOf iis.Date) Result {
	res := s.Run(p, asOf)
	r := s.runner()
	defer s.done(r)
	type key struct {
		group  string
		series int
	}
	lengths := map[key]int{}
	for i := range res.Doses {
		for j := range res.Doses[i].Evaluations {
			e := &res.Doses[i].Evaluations[j]
			k := key{e.VaccineGroup, e.SeriesGroup}
			if _, ok := lengths[k]; !ok {
				lengths[k] = r.length(&p, asOf, k.group, k.series)
			}
			if !e.Recurring {
				e.Of = max(lengths[k], e.Dose)
			}
		}
	}
	for i := range res.Forecasts {
		f := &res.Forecasts[i]
		f.Of = lengths[key{f.VaccineGroup, f.SeriesGroup}]
	}
	return res
}

// length counts the doses that a patient's series against a vaccine group come
// to, by the series of one series group.
func (r *runner) length(p *Patient, asOf iis.Date, name string, series int) (n int) {
	group := slices.IndexFunc(r.s.groups, func(g group) bool { return g.name == name })
	if group < 0 {
		return 0
	}
	ahead := *p
	ahead.Doses = slices.Clone(p.Doses)
	for range maxLength {
		f := r.groupOnly(&ahead, asOf, group, series)
		if f == nil {
			return n
		}
		n = max(n, r.place(f))
		if f.status != NotComplete || f.recurring() {
			return n
		}
		on := later(f.rec, r.asOf)
		if n > 0 && on > r.asOf && on > r.given[len(r.given)-1].date.add(course) {
			return n
		}
		cvx := r.vaccineFor(f, on)
		if cvx == 0 {
			return n
		}
		asOf = on.date()
		ahead.Doses = append(ahead.Doses, Dose{Date: asOf, CVX: r.s.names[cvx]})
	}
	return n
}

// groupOnly evaluates and forecasts one vaccine group, and returns the forecast
// of one of its series groups, nil without one.
func (r *runner) groupOnly(p *Patient, asOf iis.Date, group, series int) *groupForecast {
	if !r.gather(p, asOf) {
		return nil
	}
	for _, a := range r.s.groups[group].antigens {
		r.antigen(&r.s.antigens[a])
	}
	r.forecasts, r.parts = r.forecasts[:0], r.parts[:0]
	list := r.group(group)
	for i := range list {
		if list[i].series == series {
			return &list[i]
		}
	}
	return nil
}

// place is the greatest place of a valid dose, of those that do not come back.
func (r *runner) place(f *groupForecast) (n int) {
	for g := range r.given {
		if _, v, number := r.judgeBy(f, int32(g)); v != nil && !v.recurring {
			n = max(n, number)
		}
	}
	return n
}

// recurring reports whether the dose that is due comes back without end.
func (f *groupForecast) recurring() bool {
	for _, ps := range f.parts {
		if ps.status == NotComplete && ps.series.doses[ps.next].recurring {
			return true
		}
	}
	return false
}

// vaccineFor is the vaccine that does for most of the antigens that are due on a
// day, 0 if none does for any.
func (r *runner) vaccineFor(f *groupForecast, on day) (cvx uint16) {
	most := 0
	for _, ps := range f.parts {
		if ps.status != NotComplete {
			continue
		}
		d := &ps.series.doses[ps.next]
		for i := range d.preferable {
			p := &d.preferable[i]
			if !r.within(p.begin, p.end, on) || p.mvx != "" {
				continue
			}
			n := 0
			for _, o := range f.parts {
				if o.status == NotComplete && o.series.doses[o.next].counts.has(p.cvx) {
					n++
				}
			}
			if n > most {
				most, cvx = n, p.cvx
			}
		}
		if w := r.instead(ps, d); cvx == 0 && w != nil {
			cvx = w.cvx
		}
	}
	return cvx
}
