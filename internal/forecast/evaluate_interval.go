package forecast

import "cmp"

// in reports whether a row of intervals is in force on a day.
// cdsi/4.6 RELEVANT-1
func (iv *intervalRow) in(anchor day) bool { return iv.from <= anchor && anchor <= iv.to }

// reference is the day an interval is counted from, noDay if there is none. i is
// the dose at hand, or the number of doses when forecasting.
// cdsi/4.6 §6.5, CALCDTINT-1, CALCDTINT-2, CALCDTINT-8, CALCDTINT-9
func (r *runner) reference(ps *patientSeries, iv *intervalRow, i int) day {
	switch iv.kind {
	case fromPrevious:
		return r.previous(ps, i)
	case fromTarget:
		for j := len(ps.targets) - 1; j >= 0; j-- {
			if t := &ps.targets[j]; t.dose == iv.target-1 {
				return r.given[t.given].date
			}
		}
		return noDay
	case fromRecent:
		last := len(r.given)
		if i < len(ps.aars) {
			last = int(ps.aars[i])
		}
		for j := last - 1; j >= 0; j-- {
			if iv.recent.has(r.given[j].cvx) && !r.inadvertent(ps, int32(j)) {
				return r.given[j].date
			}
		}
		return noDay
	}
	return r.observedOn(iv.obs)
}

// inadvertent reports whether a dose of the history was inadvertent in a series.
func (r *runner) inadvertent(ps *patientSeries, g int32) bool {
	for i := range ps.verdicts {
		if ps.aars[i] == g {
			return ps.verdicts[i].inadvertent
		}
	}
	return false
}

// evaluateIntervals judges how far the dose i is from others. Every preferable
// interval must have passed; if one has not, every allowable one must have, and
// there must be one. cdsi/4.6 §6.5, §6.6, tables 6-18 and 6-21
func (r *runner) evaluateIntervals(ps *patientSeries, d *seriesDose, i int) (spaced, grace bool) {
	on := r.given[ps.aars[i]].date
	start := len(r.reasons)
	spaced = true
	for k := range d.intervals {
		iv := &d.intervals[k]
		if !iv.in(on) {
			continue
		}
		ref := r.reference(ps, iv, i)
		if ref == noDay {
			r.say(ps, i, "6.5", "6-18", "an interval has nothing to count from")
			continue
		}
		if absMin := ref.add(r.s.periods[iv.absMin]); iv.absMin != 0 && on < absMin {
			spaced = false
			r.because(ps, i, "6.5", reason{TooSoon, iv.absMin, ref, absMin, "", ""})
		} else if iv.min != 0 && on < ref.add(r.s.periods[iv.min]) {
			grace = true
			r.sayInterval(ps, i, "valid by the days of grace: ", iv.absMin, ref)
		} else {
			r.sayInterval(ps, i, "the interval is right: ", cmp.Or(iv.min, iv.absMin), ref)
		}
	}
	if spaced {
		r.say(ps, i, "6.5", "6-18", "the preferable intervals have passed")
		return true, grace
	}
	if r.allowable(ps, d, i) {
		r.say(ps, i, "6.6", "6-21", "the allowable intervals have passed")
		r.reasons = r.reasons[:start]
		return true, false
	}
	return false, false
}

// sayInterval tells of an interval that has passed.
func (r *runner) sayInterval(ps *patientSeries, i int, verdict string, per pid, ref day) {
	if r.trace != nil {
		r.say(ps, i, "6.5", "6-18", verdict+r.s.texts[per]+" from "+ref.date().US()+" ended on "+ref.add(r.s.periods[per]).date().US())
	}
}

// allowable judges the dose i by its allowable intervals.
// cdsi/4.6 §6.6, table 6-21
func (r *runner) allowable(ps *patientSeries, d *seriesDose, i int) bool {
	on, some := r.given[ps.aars[i]].date, false
	for k := range d.allowable {
		iv := &d.allowable[k]
		if !iv.in(on) {
			continue
		}
		ref := r.reference(ps, iv, i)
		if ref == noDay || iv.absMin != 0 && on < ref.add(r.s.periods[iv.absMin]) {
			return false
		}
		some = true
	}
	return some
}
