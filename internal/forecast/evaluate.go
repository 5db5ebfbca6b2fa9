package forecast

// evaluate goes through the doses against an antigen in the order of their dates
// and holds each to the target dose that is open. cdsi/4.6 §4.4, chapter 6
func (r *runner) evaluate(ps *patientSeries) {
	ps.firstGood, ps.lastGood = noDay, noDay
	if len(ps.aars) == 0 {
		return
	}
	start, done := len(r.verdicts), len(r.targets)
	ps.verdicts, ps.targets = r.verdicts[start:start], r.targets[done:done]
	for i := range ps.aars {
		v := r.evaluateDose(ps, i)
		if v.status == Valid {
			r.satisfy(ps, i)
		} else {
			ps.invalid = true
		}
		ps.verdicts = append(ps.verdicts, v)
	}
	r.verdicts = keep(r.verdicts, ps.verdicts)
	r.targets = keep(r.targets, ps.targets)
}

// keep returns arena with part, which was grown from its end, taken in. If part
// has outgrown the arena and moved, the arena continues behind it.
func keep[T any](arena, part []T) []T {
	n := len(arena)
	if cap(arena) >= n+len(part) {
		return arena[:n+len(part)]
	}
	return part
}

// satisfy notes that a dose satisfies the open target dose. A recurring one opens
// again. cdsi/4.6 §4.4, step 7
func (r *runner) satisfy(ps *patientSeries, i int) {
	on := r.given[ps.aars[i]].date
	ps.targets = append(ps.targets, target{ps.next, ps.aars[i]})
	ps.satisfied++
	ps.valid++
	if ps.firstGood == noDay {
		ps.firstGood = on
	}
	ps.lastGood = on
	if !ps.series.doses[ps.next].recurring {
		ps.next++
	}
}

// pass skips the open target dose.
func (ps *patientSeries) pass() { ps.next++ }

// evaluateDose judges the dose i of a series.
// cdsi/4.6 §6.1 to §6.10, table 6-31
func (r *runner) evaluateDose(ps *patientSeries, i int) verdict {
	g := &r.given[ps.aars[i]]
	v := verdict{from: len(r.reasons), validFrom: noDay}
	if g.substandard {
		v.status = Substandard
		r.because(ps, i, "6.1", r.condition(g))
		v.to = len(r.reasons)
		return v
	}
	for ps.next < len(ps.series.doses) && r.skips(ps, ps.series.doses[ps.next].evaluation, g.date, g.date, i) {
		r.say(ps, i, "6.2", "", "skipped: the target dose is not needed")
		ps.pass()
	}
	v.target = int16(ps.satisfied)
	if ps.next == len(ps.series.doses) {
		v.status = Extraneous
		r.because(ps, i, "4.4", reason{code: SeriesComplete, from: noDay, until: noDay})
		v.to = len(r.reasons)
		return v
	}
	d := &ps.series.doses[ps.next]
	if d.inadvertent.has(g.cvx) {
		v.status, v.inadvertent = NotValid, true
		r.because(ps, i, "6.3", reason{code: InadvertentDose, from: noDay, until: noDay})
		v.to = len(r.reasons)
		return v
	}
	age, grace := r.evaluateAge(ps, d, i)
	spaced, graceInterval := r.evaluateIntervals(ps, d, i)
	clear := r.evaluateConflict(ps, i)
	meant := r.evaluateVaccine(ps, d, i)
	switch {
	case age == tooOld:
		v.status = Extraneous
	case age == tooYoung, !spaced, !clear, !meant:
		v.status = NotValid
	default:
		v.status, v.grace, v.recurring = Valid, grace || graceInterval, d.recurring
	}
	if v.status == NotValid {
		for _, why := range r.reasons[v.from:] {
			switch why.code {
			case TooYoung, TooSoon, LiveVirusConflict:
				v.validFrom = later(v.validFrom, why.until)
			}
		}
	}
	r.say(ps, i, "6.10", "6-31", string(v.status))
	v.to = len(r.reasons)
	return v
}

// condition says why a dose is sub-standard. cdsi/4.6 §6.1, table 6-3
func (r *runner) condition(g *given) reason {
	if g.dose.Recalled {
		return reason{code: DoseRecalled, from: noDay, until: noDay}
	}
	return reason{code: LotExpired, from: noDay, until: dayOf(g.dose.Expires)}
}

// because keeps a reason against the dose i.
func (r *runner) because(ps *patientSeries, i int, section string, why reason) {
	r.reasons = append(r.reasons, why)
	if r.trace != nil {
		r.say(ps, i, section, "", r.told(ps.antigen, why).Sentence())
	}
}

// previous is the dose before the dose i that intervals are counted from: valid
// or not, but neither inadvertent nor extraneous nor sub-standard. It is noDay
// without one. cdsi/4.6 §6.5, CALCDTINT-1
func (r *runner) previous(ps *patientSeries, i int) day {
	for i--; i >= 0; i-- {
		if v := &ps.verdicts[i]; (v.status == Valid || v.status == NotValid) && !v.inadvertent {
			return r.given[ps.aars[i]].date
		}
	}
	return noDay
}
