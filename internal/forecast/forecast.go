package forecast

// forecast says where the patient stands in a series and when its next dose is
// due. cdsi/4.6 chapter 7
func (r *runner) forecast(ps *patientSeries) {
	ps.earliest, ps.recommended, ps.unadjusted, ps.pastDue, ps.unadjPast, ps.latest = noDay, noDay, noDay, noDay, noDay, noDay
	for {
		r.skipAhead(ps, ps.asOf)
		if r.needNone(ps) {
			return
		}
		d := &ps.series.doses[ps.next]
		if r.pastTime(ps, d) {
			return
		}
		r.dueDates(ps, d)
		// The dose may not be needed by the time it could be given.
		if !r.skips(ps, d.forecast, ps.earliest, ps.asOf, -1) {
			r.say(ps, -1, "7.6", "", "the forecast stands")
			return
		}
		r.say(ps, -1, "7.6", "", "the dose is not needed by the time it could be given")
		ps.pass()
	}
}

// skipAhead passes the target doses that are not needed on a day.
// cdsi/4.6 §7.1
func (r *runner) skipAhead(ps *patientSeries, ref day) {
	for ps.next < len(ps.series.doses) && r.skips(ps, ps.series.doses[ps.next].forecast, ref, ps.asOf, -1) {
		r.say(ps, -1, "7.1", "", "skipped: the target dose is not needed")
		ps.pass()
	}
}
