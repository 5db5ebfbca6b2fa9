package forecast

// score chooses among several scorable series of a group by points; of equals the
// one the data prefers. cdsi/4.6 chapter 8, table 8-5, SELECTBEST-1, SELECTBEST-2
func (r *runner) score(runs []patientSeries, group, completes, inProcesses int) *patientSeries {
	r.groupRuns = r.groupRuns[:0]
	for i := range runs {
		ps := &runs[i]
		if ps.series.group != group || !ps.scorable ||
			completes > 1 && ps.status != Complete ||
			completes == 0 && inProcesses > 1 && !ps.inProcess() {
			continue
		}
		ps.score, ps.finish = 0, r.finishDate(ps)
		r.groupRuns = append(r.groupRuns, ps)
	}
	list := r.groupRuns
	switch {
	case completes > 1:
		most(list, func(ps *patientSeries) int { return ps.valid }, 1)
	case inProcesses > 1:
		r.scoreInProcess(list)
	default:
		r.scoreNotStarted(list)
	}
	var chosen *patientSeries
	for _, ps := range list {
		if chosen == nil || ps.score > chosen.score || ps.score == chosen.score && ps.before(chosen) {
			chosen = ps
		}
	}
	return chosen
}

// before breaks a tie of points. SELECTBEST-2 has nothing for a tie of
// preference; the order of the data then decides.
func (ps *patientSeries) before(o *patientSeries) bool {
	if ps.series.preference != o.series.preference {
		return ps.series.preference < o.series.preference
	}
	return ps.series.order < o.series.order
}

// scoreInProcess gives points to series that have been begun.
// cdsi/4.6 chapter 8, table 8-5, SELECTB-2, SELECTB-3, SELECTB-5, SELECTB-7, SELECTB-11
func (r *runner) scoreInProcess(list []*patientSeries) {
	for _, ps := range list {
		ps.score += points(ps.series.product && !ps.invalid, 2)
		ps.score += points(r.completable(ps), 3)
	}
	most(list, func(ps *patientSeries) int { return ps.valid }, 2)
	most(list, func(ps *patientSeries) int { return ps.next - len(ps.series.doses) }, 2)
	most(list, func(ps *patientSeries) int { return -int(ps.finish) }, 1)
}

// scoreNotStarted gives points to series without a valid dose.
// cdsi/4.6 chapter 8, table 8-5, SELECTB-14, SELECTB-19
func (r *runner) scoreNotStarted(list []*patientSeries) {
	for _, ps := range list {
		ps.score += points(r.completable(ps), 1)
		ps.score -= points(ps.series.product, 1)
	}
	most(list, func(ps *patientSeries) int {
		if ps.status != NotComplete || ps.undated {
			return -int(lastDay) // it never starts
		}
		return -int(ps.earliest)
	}, 1)
}

func points(is bool, n int) int {
	if is {
		return n
	}
	return -n
}

// most gives n points to the one with the most of something, none to several
// that tie for it, and takes n from the others.
func most(list []*patientSeries, of func(*patientSeries) int, n int) {
	top, ties := 0, 0
	for i, ps := range list {
		switch v := of(ps); {
		case i == 0 || v > top:
			top, ties = v, 1
		case v == top:
			ties++
		}
	}
	for _, ps := range list {
		switch {
		case of(ps) != top:
			ps.score -= n
		case ties == 1:
			ps.score += n
		}
	}
}

// completable reports whether the series could be done before the maximum age of
// its last dose. cdsi/4.6 chapter 8, SELECTB-3
func (r *runner) completable(ps *patientSeries) bool {
	if ps.status != NotComplete {
		return false
	}
	age := ps.series.doses[len(ps.series.doses)-1].ageOn(ps.asOf)
	return age == nil || age.max == 0 || ps.finish < r.ages[age.max]
}
