package forecast

import "cmp"

// ageVerdict is what the age at a dose comes to.
type ageVerdict uint8

const (
	ageRight ageVerdict = iota
	tooYoung
	tooOld
)

// ageOn returns the row of ages in force on a day, nil without one.
// cdsi/4.6 RELEVANT-1
func (d *seriesDose) ageOn(anchor day) *ageRow {
	for i := range d.ages {
		if a := &d.ages[i]; a.from <= anchor && anchor <= a.to {
			return a
		}
	}
	return nil
}

// evaluateAge judges the age at which the dose i was given. grace says that it
// is right only by the days of grace. cdsi/4.6 §6.4, table 6-15
func (r *runner) evaluateAge(ps *patientSeries, d *seriesDose, i int) (v ageVerdict, grace bool) {
	on := r.given[ps.aars[i]].date
	a := d.ageOn(on)
	switch {
	case a == nil:
		r.say(ps, i, "6.4", "6-15", "no ages are given")
		return ageRight, false
	case a.max != 0 && on >= r.ages[a.max]:
		r.because(ps, i, "6.4", reason{TooOld, a.max, r.birth, r.ages[a.max], "", ""})
		return tooOld, false
	case a.absMin != 0 && on < r.ages[a.absMin]:
		r.because(ps, i, "6.4", reason{TooYoung, a.absMin, r.birth, r.ages[a.absMin], "", ""})
		return tooYoung, false
	case a.min != 0 && on < r.ages[a.min]:
		r.sayAge(ps, i, "valid by the days of grace: ", a.absMin)
		return ageRight, true
	}
	r.sayAge(ps, i, "the age is right: ", cmp.Or(a.min, a.absMin))
	return ageRight, false
}

// sayAge tells of an age that was reached.
func (r *runner) sayAge(ps *patientSeries, i int, verdict string, per pid) {
	if r.trace == nil {
		return
	}
	if per == 0 {
		r.say(ps, i, "6.4", "6-15", verdict+"there is no minimum")
		return
	}
	r.say(ps, i, "6.4", "6-15", verdict+r.s.texts[per]+" old on "+r.ages[per].date().US())
}
