package forecast

import "slices"

// needNone reports whether there is no need of another dose whatever its dates,
// and why. Immunity comes first; then what has been done, since whoever has had
// every dose is complete and not contraindicated.
// cdsi/4.6 §7.2 to §7.4, table 7-10
func (r *runner) needNone(ps *patientSeries) bool {
	if r.immune(ps) {
		return r.settle(ps, Immune)
	}
	if ps.next == len(ps.series.doses) {
		if ps.satisfied > 0 {
			ps.why = reason{code: DosesDone, from: noDay, until: noDay}
			return r.settle(ps, Complete)
		}
		ps.why = reason{code: HistorySuffices, from: noDay, until: noDay}
		return r.settle(ps, NotRecommended)
	}
	if r.contraindicated(ps) {
		return r.settle(ps, Contraindicated)
	}
	return false
}

// settle sets the status of a series, always with a reason set before.
func (r *runner) settle(ps *patientSeries, s SeriesStatus) bool {
	ps.status = s
	if r.trace != nil {
		r.say(ps, -1, "7.4", "7-10", string(s)+": "+r.told(ps.antigen, ps.why).Sentence())
	}
	return true
}

// immune looks for evidence of immunity, and for a birth before the day that
// stands for it. A country of birth that is not known is not the one asked for.
// cdsi/4.6 §7.2, table 7-3
func (r *runner) immune(ps *patientSeries) bool {
	a := ps.antigen
	if r.observed {
		for _, o := range a.immunity {
			if r.active.has(o) {
				ps.why = reason{code: EvidenceOfImmunity, from: r.observedOn(o), until: noDay, value: r.s.obsCodes[o]}
				return true
			}
		}
	}
	for i := range a.born {
		b := &a.born[i]
		if r.birth < b.before && (b.country == "" || b.country == r.country) && !r.anyActive(b.exclusions) {
			ps.why = reason{code: BornBefore, from: r.birth, until: b.before}
			return true
		}
	}
	return false
}

func (r *runner) anyActive(list []obsID) bool {
	if r.observed {
		if slices.ContainsFunc(list, r.active.has) {
			return true
		}
	}
	return false
}

// contraindicated looks for what forbids every vaccine against the antigen, and
// for what forbids every vaccine the open target dose prefers.
// cdsi/4.6 §7.3, tables 7-5 to 7-7, CALCDTCI-1, CALCDTCI-2
func (r *runner) contraindicated(ps *patientSeries) bool {
	if !r.observed {
		return false
	}
	a := ps.antigen
	for i := range a.contras {
		if c := &a.contras[i]; r.contra.has(c.obs) && r.within(c.begin, c.end, ps.asOf) {
			ps.why = reason{HasContraindicated, 0, r.observedOn(c.obs), noDay, r.s.obsCodes[c.obs], c.text}
			return true
		}
	}
	d := &ps.series.doses[ps.next]
	for i := range d.preferable {
		c := r.forbids(ps, d.preferable[i].cvx)
		if c == nil {
			return false
		}
		if i == 0 {
			ps.why = reason{HasContraindicated, 0, r.observedOn(c.obs), noDay, r.s.obsCodes[c.obs], c.text}
		}
	}
	return len(d.preferable) > 0 && r.instead(ps, d) == nil
}

// instead returns an allowable vaccine that remains where every preferable one is
// contraindicated for what else it holds: DT for a child who may not have another
// dose with pertussis. It is looked for in vaccine groups that need not be given
// in full, where CDSi would stop and CDC's own test case goes on.
func (r *runner) instead(ps *patientSeries, d *seriesDose) *window {
	g := &r.s.groups[ps.antigen.group]
	if g.full || len(g.antigens) < 2 {
		return nil
	}
	for i := range d.alternative {
		w := &d.alternative[i]
		if !r.within(w.begin, w.end, ps.asOf) || r.forbids(ps, w.cvx) != nil {
			continue
		}
		for _, a := range g.antigens {
			if a != ps.antigen.index && !r.s.protects(w.cvx, a) && r.s.allProtect(d.preferable, a) {
				return w
			}
		}
	}
	return nil
}

// protects reports whether a vaccine counts for an antigen at some age.
func (s *Schedule) protects(cvx uint16, antigen int) bool {
	for _, a := range s.vaccines[cvx].antigens {
		if a.antigen == antigen {
			return true
		}
	}
	return false
}

func (s *Schedule) allProtect(list []preferable, antigen int) bool {
	for i := range list {
		if !s.protects(list[i].cvx, antigen) {
			return false
		}
	}
	return true
}

// forbids returns what contraindicates one vaccine, nil if nothing does.
func (r *runner) forbids(ps *patientSeries, cvx uint16) *contraVaccines {
	if !r.observed {
		return nil
	}
	for i := range ps.antigen.vaccines {
		c := &ps.antigen.vaccines[i]
		if !r.contra.has(c.obs) {
			continue
		}
		for j := range c.vaccines {
			if w := &c.vaccines[j]; w.cvx == cvx && r.within(w.begin, w.end, ps.asOf) {
				return c
			}
		}
	}
	return nil
}

// pastTime reports whether the season or the age for the open target dose is
// over, and otherwise leaves the candidate earliest date in ps.earliest.
// cdsi/4.6 §7.4, table 7-10
func (r *runner) pastTime(ps *patientSeries, d *seriesDose) bool {
	age := d.ageOn(ps.asOf)
	ps.earliest, ps.basis[0] = r.candidate(ps, d, age)
	if d.seasonEnd != noDay && ps.asOf > d.seasonEnd {
		ps.why = reason{code: PastSeason, from: d.seasonStart, until: d.seasonEnd}
		return r.settle(ps, NotRecommended)
	}
	if age == nil || age.max == 0 {
		return false
	}
	end := r.ages[age.max]
	switch {
	case ps.asOf >= end:
		ps.why = reason{code: PastMaxAge, per: age.max, from: r.birth, until: end}
	case ps.earliest >= end:
		ps.why = reason{code: CannotFinish, per: age.max, from: r.birth, until: end}
	default:
		return false
	}
	return r.settle(ps, AgedOut)
}
