package cdsi

import (
	"fmt"
	"maps"
	"slices"

	"openiis.org/iis"
)

// check holds the release to its own codes.
func (r *reader) check(rel *Release) {
	r.line = 0
	leave := r.in("%s", scheduleFile)
	defer func() { leave() }()
	antigens, groups, vaccines, observations := map[string]string{}, map[string]bool{}, map[int]bool{}, map[string]bool{}
	once := func(new bool, format string, args ...any) {
		if !new {
			r.errorf("%s stands twice", fmt.Sprintf(format, args...))
		}
	}
	for _, g := range rel.Groups {
		once(!groups[g.Name], "vaccine group %q", g.Name)
		groups[g.Name] = true
		for _, a := range g.Antigens {
			once(antigens[a] == "", "antigen %q", a)
			antigens[a] = g.Name
		}
	}
	for _, v := range rel.Vaccines {
		once(!vaccines[v.CVX], "CVX %d", v.CVX)
		vaccines[v.CVX] = true
		for _, a := range v.Associations {
			if antigens[a.Antigen] == "" {
				r.errorf("CVX %d counts for the unknown antigen %q", v.CVX, a.Antigen)
			}
		}
	}
	for _, o := range rel.Observations {
		once(!observations[o.Code], "observation %s", o.Code)
		observations[o.Code] = true
	}
	vaccine := func(cvx int) {
		if !vaccines[cvx] {
			r.errorf("CVX %d is not defined", cvx)
		}
	}
	observed := func(code string) {
		if !observations[code] {
			r.errorf("observation %q is not defined", code)
		}
	}
	// Conflicts name vaccines that count for no antigen of the release, such as
	// BCG: they are in the way all the same.
	leave()
	for _, a := range rel.Antigens {
		leave := r.in("%s", r.files[a.Name])
		for _, c := range a.Immunity {
			observed(c)
		}
		for _, b := range a.BirthImmunity {
			for _, c := range b.Exclusions {
				observed(c)
			}
		}
		for _, c := range a.Contraindications {
			observed(c.Observation)
		}
		for _, c := range a.Contraindicated {
			observed(c.Observation)
			for _, v := range c.Vaccines {
				vaccine(v.CVX)
			}
		}
		for i := range a.Series {
			r.checkSeries(&a.Series[i], antigens[a.Name], vaccine, observed)
		}
		leave()
	}
	leave = r.in("release")
	for _, a := range slices.Sorted(maps.Keys(antigens)) {
		if r.files[a] == "" {
			r.errorf("there is no file %s*.xml of the antigen %q", antigenFiles, a)
		}
	}
}

func (r *reader) checkSeries(s *Series, group string, vaccine func(int), observed func(string)) {
	defer r.in("%s", s.Name)()
	if s.Group != group || group == "" {
		r.errorf("vaccine group %q, where the map of groups says %q", s.Group, group)
	}
	if s.Type == Risk && len(s.Indications) == 0 {
		r.errorf("a risk series without indications")
	}
	for _, i := range s.Indications {
		observed(i.Observation)
	}
	for i, d := range s.Doses {
		leave := r.in("dose %d", i+1)
		for _, v := range d.Preferable {
			vaccine(v.CVX)
		}
		for _, v := range d.Alternative {
			vaccine(v.CVX)
		}
		for _, v := range d.Inadvertent {
			vaccine(v)
		}
		for _, iv := range append(slices.Clone(d.Intervals), d.Allowable...) {
			if iv.FromTarget > i {
				r.errorf("an interval from dose %d", iv.FromTarget)
			}
			if iv.FromObservation != "" {
				observed(iv.FromObservation)
			}
		}
		if d.SeasonEnd != (iis.Date{}) && d.SeasonEnd.Before(d.SeasonStart) {
			r.errorf("a season that ends before it starts")
		}
		leave()
	}
}
