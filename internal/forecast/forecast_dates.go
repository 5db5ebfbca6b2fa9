package forecast

// candidate is the first day on which the open target dose could be given, and
// what set it: the latest of all that must have passed.
// cdsi/4.6 §7.5, FORECASTDTCAN-1
func (r *runner) candidate(ps *patientSeries, d *seriesDose, age *ageRow) (day, reason) {
	first, basis := noDay, reason{code: FromAge, from: noDay, until: noDay}
	if age != nil && age.min != 0 {
		first = r.ages[age.min]
		basis = reason{FromAge, age.min, r.birth, first, "", ""}
	}
	for k := range d.intervals {
		iv := &d.intervals[k]
		if iv.min == 0 || !iv.in(ps.asOf) {
			continue
		}
		ref := r.reference(ps, iv, len(ps.aars))
		if on := ref.add(r.s.periods[iv.min]); ref != noDay && on > first {
			first, basis = on, reason{FromInterval, iv.min, ref, on, "", ""}
		}
	}
	if len(d.live) > 0 {
		first, basis = r.afterConflicts(d, first, basis)
	}
	if d.seasonStart != noDay && d.seasonStart > first {
		first, basis = d.seasonStart, reason{code: FromSeason, from: noDay, until: d.seasonStart}
	}
	// The last dose that was looked at, an inadvertent one included.
	if n := len(ps.aars); n > 0 {
		if on := r.given[ps.aars[n-1]].date; on > first {
			first, basis = on, reason{code: AfterLastDose, from: noDay, until: on}
		}
	}
	if ps.undated = first == noDay; ps.undated {
		first, basis = r.firstAge(d)
	}
	return first, basis
}

// firstAge is the first day on which a target dose that nothing else holds back
// could be given: the age from which one of its vaccines is used. CDSi leaves the
// date empty.
func (r *runner) firstAge(d *seriesDose) (day, reason) {
	first, per := noDay, pid(0)
	for i := range d.preferable {
		// ages[0] is no day, before every other: a vaccine for every age.
		if p := &d.preferable[i]; i == 0 || r.ages[p.begin] < first {
			first, per = r.ages[p.begin], p.begin
		}
	}
	first = later(first, r.birth)
	return first, reason{FromAge, per, r.birth, first, "", ""}
}

// afterConflicts takes in the ends of the conflicts of every live vaccine given
// with every live vaccine that is preferred. cdsi/4.6 §7.5, CALCDTCONFLICT-3
func (r *runner) afterConflicts(d *seriesDose, first day, basis reason) (day, reason) {
	for j := range r.given {
		g := &r.given[j]
		if g.live < 0 {
			continue
		}
		for _, live := range d.live {
			c := r.s.conflictOf(g.live, live)
			if on := g.date.add(c.end); c.is && on > first {
				first, basis = on, reason{AfterConflict, c.endID, g.date, on, r.s.names[g.cvx], ""}
			}
		}
	}
	return first, basis
}

// dueDates sets the dates and the number of the dose that is due. It finds the
// candidate earliest date in ps.earliest.
// cdsi/4.6 §7.5, FORECASTDT-1 to FORECASTDT-6, FORECASTDN-1
func (r *runner) dueDates(ps *patientSeries, d *seriesDose) {
	ps.status = NotComplete
	age := d.ageOn(ps.asOf)
	var earliestAge, latestAge, maxAge pid
	if age != nil {
		earliestAge, latestAge, maxAge = age.earliest, age.latest, age.max
	}
	recommended, pastDue, basis := noDay, noDay, reason{code: ByEarliest, from: noDay, until: noDay}
	if earliestAge != 0 {
		recommended = r.ages[earliestAge]
		basis = reason{ByAge, earliestAge, r.birth, recommended, "", ""}
	}
	if latestAge != 0 {
		pastDue = r.ages[latestAge] - 1
	}
	if earliestAge == 0 || latestAge == 0 {
		for k := range d.intervals {
			iv := &d.intervals[k]
			if !iv.in(ps.asOf) || iv.earliest == 0 && iv.latest == 0 {
				continue
			}
			ref := r.reference(ps, iv, len(ps.aars))
			if ref == noDay {
				continue
			}
			if on := ref.add(r.s.periods[iv.earliest]); earliestAge == 0 && iv.earliest != 0 && on > recommended {
				recommended, basis = on, reason{ByInterval, iv.earliest, ref, on, "", ""}
			}
			if latestAge == 0 && iv.latest != 0 {
				pastDue = later(pastDue, ref.add(r.s.periods[iv.latest])-1)
			}
		}
	}
	if recommended == noDay {
		recommended = ps.earliest
		basis.until = recommended
	}
	ps.unadjusted, ps.recommended, ps.basis[1] = recommended, later(ps.earliest, recommended), basis
	ps.unadjPast, ps.pastDue = pastDue, noDay
	if pastDue != noDay {
		ps.pastDue = later(ps.earliest, pastDue)
	}
	ps.latest = noDay
	if maxAge != 0 {
		ps.latest = r.ages[maxAge] - 1
	}
	ps.number = 1
	for i := range ps.targets {
		t := &ps.targets[i]
		if s := ps.series.doses[t.dose].seasonStart; s == noDay || r.given[t.given].date >= s {
			ps.number++
		}
	}
	if r.trace != nil {
		r.say(ps, -1, "7.5", "", "earliest "+ps.earliest.date().String()+": "+r.told(ps.antigen, ps.basis[0]).Sentence())
		r.say(ps, -1, "7.5", "", "recommended "+ps.recommended.date().String()+": "+r.told(ps.antigen, basis).Sentence())
	}
}

// finishDate is the day on which the series could be done: its earliest date and
// the longest minimum interval of the doses that remain after.
// It is noDay if nothing is due. cdsi/4.6 chapter 8, SELECTB-12
func (r *runner) finishDate(ps *patientSeries) day {
	if ps.status != NotComplete {
		return noDay
	}
	finish := ps.earliest
	for i := ps.next + 1; i < len(ps.series.doses); i++ {
		d := &ps.series.doses[i]
		for k := range d.intervals {
			if iv := &d.intervals[k]; iv.min != 0 && iv.in(ps.asOf) {
				finish = later(finish, ps.earliest.add(r.s.periods[iv.min]))
			}
		}
	}
	return finish
}

// override reports whether the forecast of a series takes precedence in its
// vaccine group: its target dose has preferable intervals, and all have priority.
// cdsi/4.6 chapter 9, FORECASTPRIORITY-1
func (ps *patientSeries) override() bool {
	some := false
	d := &ps.series.doses[ps.next]
	for k := range d.intervals {
		if iv := &d.intervals[k]; iv.in(ps.asOf) {
			if !iv.override {
				return false
			}
			some = true
		}
	}
	return some
}
