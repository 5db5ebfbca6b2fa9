package forecast

import "strings"

// evaluateVaccine asks whether the vaccine of the dose i is one the series is
// written for, or one it takes instead.
// cdsi/4.6 §6.8, §6.9, tables 6-26 and 6-29
func (r *runner) evaluateVaccine(ps *patientSeries, d *seriesDose, i int) bool {
	g := &r.given[ps.aars[i]]
	if d.counts.has(g.cvx) {
		for k := range d.preferable {
			if p := &d.preferable[k]; p.cvx == g.cvx && r.within(p.begin, p.end, g.date) && p.product(g.dose) {
				r.say(ps, i, "6.8", "6-26", "a preferable vaccine")
				return true
			}
		}
		for k := range d.alternative {
			if w := &d.alternative[k]; w.cvx == g.cvx && r.within(w.begin, w.end, g.date) {
				r.say(ps, i, "6.9", "6-29", "an allowable vaccine")
				return true
			}
		}
	}
	r.because(ps, i, "6.9", reason{code: WrongVaccine, from: noDay, until: noDay})
	return false
}

// product reports whether a dose can be of the product that is preferred: of its
// maker and of its trade name, as far as the dose says them.
func (p *preferable) product(d *Dose) bool {
	return (p.mvx == "" || strings.EqualFold(p.mvx, d.MVX)) &&
		(p.tradeName == "" || d.TradeName == "" || strings.EqualFold(p.tradeName, d.TradeName))
}
