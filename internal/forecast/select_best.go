package forecast

// maxGroups is more than the number of series groups of an antigen.
const maxGroups = 32

// chooseBest chooses the best series against an antigen: the one of each series
// group that is ahead, and of those the ones that no equivalent group makes
// needless. cdsi/4.6 chapter 8, table 8-14
func (r *runner) chooseBest(a *antigen) {
	runs := r.runs[a.index]
	if len(runs) == 0 {
		return
	}
	var ahead [maxGroups]*patientSeries
	var seen uint32
	for i := range runs {
		seen |= 1 << runs[i].series.group
	}
	for g := 1; g < maxGroups; g++ {
		if seen&(1<<g) != 0 {
			ahead[g] = r.prioritize(runs, g)
		}
	}
	for g := 1; g < maxGroups; g++ {
		if ps := ahead[g]; ps != nil && best(ps, &ahead) {
			r.chosen[a.index] = append(r.chosen[a.index], ps)
			r.say(ps, -1, "8", "8-14", "a best series")
		}
	}
}

// best reports whether the prioritized series of a group is a best one.
// cdsi/4.6 chapter 8, table 8-14
func best(ps *patientSeries, ahead *[maxGroups]*patientSeries) bool {
	if ps.status == Complete {
		return true
	}
	if ps.series.typ == EvaluationOnly {
		return false
	}
	risk := false
	for g, o := range ahead {
		if o == nil || o == ps || ps.series.equivalent&(1<<g) == 0 {
			continue
		}
		if o.status == Complete {
			return false
		}
		risk = risk || o.series.typ == Risk
	}
	return ps.series.typ == Risk || !risk
}

// prioritize chooses among the relevant series of one series group.
// cdsi/4.6 chapter 8, table 8-3
func (r *runner) prioritize(runs []patientSeries, group int) *patientSeries {
	standard := scorable(runs, group)
	var one, complete, inProcess *patientSeries
	n, completes, inProcesses := 0, 0, 0
	for i := range runs {
		ps := &runs[i]
		if ps.series.group != group || !ps.scorable {
			continue
		}
		n++
		one = ps
		if ps.status == Complete {
			completes++
			complete = ps
		}
		if ps.inProcess() {
			inProcesses++
			inProcess = ps
		}
	}
	chosen := standard
	switch {
	case n == 0:
	case n == 1:
		chosen = one
	case completes == 1:
		chosen = complete
	case completes == 0 && inProcesses == 1:
		chosen = inProcess
	case completes == 0 && inProcesses == 0 && standard != nil:
	default:
		chosen = r.score(runs, group, completes, inProcesses)
	}
	if chosen != nil {
		r.say(chosen, -1, "8", "8-3", "ahead in its series group")
	}
	return chosen
}

// inProcess reports whether the series has been begun and is to be gone on with.
// cdsi/4.6 chapter 8, SELECTB-16
func (ps *patientSeries) inProcess() bool { return ps.satisfied > 0 && ps.status == NotComplete }

// scorable marks the series of a group that can be chosen by merit, and returns
// the default series of the group, nil without one.
// cdsi/4.6 chapter 8, SELECTB-24, SELECTSCORE-2
func scorable(runs []patientSeries, group int) (standard *patientSeries) {
	allContraindicated, someValid, viable := true, false, false
	for i := range runs {
		ps := &runs[i]
		if ps.series.group != group {
			continue
		}
		allContraindicated = allContraindicated && ps.status == Contraindicated
		someValid = someValid || ps.valid > 0
		viable = viable || ps.viable()
		if ps.series.isDefault && standard == nil {
			standard = ps
		}
	}
	priority := byte('Z') + 1
	for i := range runs {
		if ps := &runs[i]; ps.series.group == group && (!viable || ps.viable()) {
			priority = min(priority, ps.series.priority)
		}
	}
	for i := range runs {
		ps := &runs[i]
		if ps.series.group != group {
			continue
		}
		ps.scorable = false
		if ps.status == Contraindicated && !allContraindicated {
			continue
		}
		switch ps.series.typ {
		case Risk:
			ps.scorable = ps.series.priority == priority && (!viable || ps.viable())
		case Standard:
			ps.scorable = ps.started || !someValid && standard == nil
		case EvaluationOnly:
			ps.scorable = ps.status == Complete
		}
	}
	return standard
}

// viable reports whether a series can be followed, if it has not been begun: by
// age, from a day that something sets, with a vaccine that can be had. A series
// of high priority that the patient is too old for must not stand in the way of
// one of less; CDSi does not say so, its data has such series.
func (ps *patientSeries) viable() bool {
	switch {
	case ps.valid > 0:
		return true
	case ps.status == AgedOut:
		return false
	case ps.status != NotComplete:
		return true
	}
	return !ps.undated && len(ps.series.doses[ps.next].preferable) > 0
}
