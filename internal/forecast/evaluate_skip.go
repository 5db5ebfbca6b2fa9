package forecast

// skips reports whether the open target dose of a series is not needed, by any of
// its conditional skips. ref is the day the conditions look at; anchor is the day
// that dated sets must hold; i is the dose at hand in evaluation, or -1.
// cdsi/4.6 §6.2, tables 6-6 to 6-11, CONDSKIP-1, CONDSKIP-2
func (r *runner) skips(ps *patientSeries, list []skip, ref, anchor day, i int) bool {
	for k := range list {
		if r.skip(ps, &list[k], ref, anchor, i) {
			return true
		}
	}
	return false
}

func (r *runner) skip(ps *patientSeries, k *skip, ref, anchor day, i int) bool {
	held := false
	for j := range k.sets {
		z := &k.sets[j]
		if anchor < z.from || anchor > z.to { // RELEVANT-2
			continue
		}
		held = r.holds(ps, z, ref, i)
		if held && r.trace != nil {
			r.say(ps, i, "6.2", "", "holds: "+z.description)
		}
		if held != k.all { // the first that holds decides OR, the first that does not AND
			return held
		}
	}
	return held
}

func (r *runner) holds(ps *patientSeries, z *skipSet, ref day, i int) bool {
	for j := range z.conditions {
		if held := r.met(ps, &z.conditions[j], ref, i); held != z.all {
			return held
		}
	}
	return z.all
}

// met judges one condition. cdsi/4.6 §6.2, tables 6-6 to 6-11
func (r *runner) met(ps *patientSeries, c *condition, ref day, i int) bool {
	switch c.kind {
	case byAge:
		return r.within(c.begin, c.to, ref)
	case byInterval:
		last := r.lastGiven(ps, i)
		return last != noDay && ref >= last.add(r.s.periods[c.interval])
	case byCompleted:
		return r.completed(ps, c.groups, ref, i)
	}
	switch n := r.count(ps, c, i); c.compare {
	case '>':
		return n > c.count
	case '<':
		return n < c.count
	default:
		return n == c.count
	}
}

// lastGiven is the date of the dose against the antigen before the dose i, or of
// the last if i is -1, whatever it counted for. cdsi/4.6 §6.2, CALCDTSKIP-5
func (r *runner) lastGiven(ps *patientSeries, i int) day {
	if i < 0 {
		i = len(ps.aars)
	}
	if i == 0 {
		return noDay
	}
	return r.given[ps.aars[i-1]].date
}

// count counts the doses a condition asks for. In evaluation only those count
// that were given before the day of the dose i; later ones were not known then.
// Without a list of vaccines the doses against the antigen count; with one, all
// of the history, of which only those of the series can be valid.
// cdsi/4.6 §6.2, tables 6-6 to 6-11, CALCDTSKIP-3, CALCDTSKIP-4
func (r *runner) count(ps *patientSeries, c *condition, i int) (n int) {
	before := lastDay + 1
	if i >= 0 {
		before = r.given[ps.aars[i]].date
	}
	in := func(g *given) bool {
		return g.date < before && g.date >= c.start && g.date < c.end && r.within(c.begin, c.to, g.date) && (c.cvx == nil || c.cvx.has(g.cvx))
	}
	if c.cvx != nil && !c.valid {
		for j := range r.given {
			if in(&r.given[j]) {
				n++
			}
		}
		return n
	}
	for j, g := range ps.aars {
		if c.valid && (j >= len(ps.verdicts) || ps.verdicts[j].status != Valid) {
			continue
		}
		if in(&r.given[g]) {
			n++
		}
	}
	return n
}

// completed reports whether a relevant series of some series groups against the
// same antigen is complete; in evaluation, whether one was on the day of the dose
// i by the doses given before it. cdsi/4.6 §6.2, tables 6-6 to 6-11
func (r *runner) completed(ps *patientSeries, groups uint32, ref day, i int) bool {
	if i < 0 {
		runs := r.runs[ps.antigen.index]
		for k := range runs {
			if o := &runs[k]; o.series != ps.series && groups&(1<<o.series.group) != 0 && o.status == Complete {
				return true
			}
		}
		return false
	}
	if r.depth > 0 {
		return false // a series that asks does not answer another that asks
	}
	return r.completedBefore(ps.antigen, groups, ref)
}

// completedBefore evaluates and forecasts the series of some series groups as of
// a day, by the doses given before it.
func (r *runner) completedBefore(a *antigen, groups uint32, on day) bool {
	if r.nested == nil {
		r.nested = newRunner(r.s)
		r.nested.depth = 1
	}
	n := r.nested
	n.birth, n.asOf, n.genders, n.country = r.birth, on, r.genders, r.country
	n.observed, n.active, n.contra, n.dates = r.observed, r.active, r.contra, r.dates
	n.ages = r.ages
	n.verdicts, n.targets, n.reasons = n.verdicts[:0], n.targets[:0], n.reasons[:0]
	n.given = r.given
	for len(n.given) > 0 && n.given[len(n.given)-1].date >= on {
		n.given = n.given[:len(n.given)-1]
	}
	aars := r.aars[a.index]
	for len(aars) > 0 && int(aars[len(aars)-1]) >= len(n.given) {
		aars = aars[:len(aars)-1]
	}
	n.runs[a.index] = n.runs[a.index][:0]
	for i := range a.series {
		ser := &a.series[i]
		if groups&(1<<ser.group) == 0 || ser.needs || !n.relevant(a, ser) {
			continue
		}
		ps := patientSeries{series: ser, antigen: a, aars: aars, asOf: on}
		n.evaluate(&ps)
		if n.forecast(&ps); ps.status == Complete {
			return true
		}
	}
	return false
}
