package forecast

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
		r.say(ps, i, "6.4", "6-15", "valid by the days of grace")
		return ageRight, true
	}
	r.say(ps, i, "6.4", "6-15", "the age is right")
	return ageRight, false
}
