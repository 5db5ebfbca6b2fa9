package forecast

// evaluateConflict looks for a live vaccine given too shortly before the dose i,
// against whatever antigen. Vaccines of one day do not conflict.
// cdsi/4.6 §6.7, CALCDTCONFLICT-1, CALCDTCONFLICT-2, CONFLICT-3
func (r *runner) evaluateConflict(ps *patientSeries, i int) (clear bool) {
	g := &r.given[ps.aars[i]]
	if g.live < 0 {
		r.say(ps, i, "6.7", "", "no live vaccine is in the way")
		return true
	}
	clear = true
	for j := range r.given[:ps.aars[i]] {
		e := &r.given[j]
		if e.live < 0 || e.date >= g.date {
			continue
		}
		c := r.s.conflictOf(e.live, g.live)
		if !c.is || g.date < e.date.add(c.begin) || g.date >= e.date.add(c.end) {
			continue // the minimum end is never after the full one
		}
		id, end := c.endID, e.date.add(c.end)
		if s := r.statusOf(ps, int32(j)); s == Valid || s == "" {
			id, end = c.minEndID, e.date.add(c.minEnd)
		}
		if g.date < end {
			clear = false
			r.because(ps, i, "6.7", reason{LiveVirusConflict, id, e.date, end, r.s.names[e.cvx], ""})
		}
	}
	if clear {
		r.say(ps, i, "6.7", "", "no live vaccine is in the way")
	}
	return clear
}

// statusOf is the verdict on a dose of the history in a series, "" if the series
// has none.
func (r *runner) statusOf(ps *patientSeries, g int32) EvaluationStatus {
	for i := range ps.verdicts {
		if ps.aars[i] == g {
			return ps.verdicts[i].status
		}
	}
	return ""
}
