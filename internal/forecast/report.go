package forecast

import (
	"slices"
)

// result puts the run into the terms of whoever asked.
func (r *runner) result(p *Patient) Result {
	res := Result{Schedule: r.s.Version, Hash: r.s.Hash, Doses: make([]DoseResult, len(p.Doses)), Alerts: append([]Alert(nil), r.alerts...)}
	r.forecasts, r.parts = r.forecasts[:0], r.parts[:0]
	var starts [maxVaccineGroups + 1]int
	for i := range r.s.groups {
		starts[i] = len(r.forecasts)
		r.group(i)
	}
	starts[len(r.s.groups)] = len(r.forecasts)
	w := writer{r: r, evaluations: make([]Evaluation, 0, r.room.evaluations), reasons: make([]Reason, 0, r.room.reasons), texts: make([]string, 0, r.room.texts)}
	res.Forecasts = make([]Forecast, len(r.forecasts))
	for i := range r.forecasts {
		w.forecast(&res.Forecasts[i], &r.forecasts[i])
	}
	for i := range r.given {
		first := len(w.evaluations)
		for j := range r.s.groups {
			if list := r.forecasts[starts[j]:starts[j+1]]; len(list) > 0 {
				w.evaluation(list, int32(i))
			}
		}
		res.Doses[r.given[i].index].Evaluations = w.evaluations[first:len(w.evaluations):len(w.evaluations)]
	}
	r.room.grow(&w)
	return res
}

// room is how much the lists of a result have held so far, so that the next
// result is made without growing them.
type room struct{ evaluations, reasons, texts int }

func (m *room) grow(w *writer) {
	m.evaluations = max(m.evaluations, len(w.evaluations))
	m.reasons = max(m.reasons, len(w.reasons))
	m.texts = max(m.texts, len(w.texts))
}

// maxVaccineGroups bounds the number of vaccine groups of a schedule.
const maxVaccineGroups = 255

// writer fills a result. Its slices hold the lists of all entries, so that a
// result is made in few pieces.
type writer struct {
	r           *runner
	evaluations []Evaluation
	reasons     []Reason
	texts       []string
}

// evaluation adds the verdict on a dose within a vaccine group, if there is one.
func (w *writer) evaluation(list []groupForecast, g int32) {
	ps, v, number := w.r.judge(list, g)
	if v == nil {
		return
	}
	e := Evaluation{
		VaccineGroup: w.r.s.groups[list[0].group].name, Antigen: ps.antigen.name, Series: ps.series.name, SeriesType: ps.series.typ,
		Status: v.status, Grace: v.grace, Dose: number, Recurring: v.recurring,
		SeriesGroup: ps.series.group, ValidFrom: v.validFrom.date(),
	}
	first := len(w.reasons)
	for _, why := range w.r.reasons[v.from:v.to] {
		w.reasons = append(w.reasons, w.r.told(ps.antigen, why))
	}
	e.Reasons = w.reasons[first:len(w.reasons):len(w.reasons)]
	w.evaluations = append(w.evaluations, e)
}

// told is a reason in the terms of whoever asked.
func (r *runner) told(a *antigen, why reason) Reason {
	return Reason{Code: why.code, Antigen: a.name, Required: r.s.texts[why.per], From: why.from.date(), Until: why.until.date(), Value: why.value, Text: why.text}
}

// forecast fills a forecast.
func (w *writer) forecast(out *Forecast, f *groupForecast) {
	r := w.r
	*out = Forecast{VaccineGroup: r.s.groups[f.group].name, SeriesGroup: f.series, SeriesType: f.typ, Status: f.status, Primary: f.primary}
	first := len(w.texts)
	for _, ps := range f.parts {
		w.texts = append(w.texts, ps.series.name)
	}
	out.Series = w.cut(first)
	if f.status != NotComplete {
		start := len(w.reasons)
		for _, ps := range f.parts {
			if ps.status != NotComplete && (ps.status == f.status || len(f.parts) == 1 || f.status == Complete) {
				w.reasons = append(w.reasons, r.told(ps.antigen, ps.why))
			}
		}
		if f.exempt {
			w.reasons = append(w.reasons, Reason{Code: MedicalExemption})
		}
		out.Reasons = w.reasons[start:len(w.reasons):len(w.reasons)]
		w.guidance(out, f)
		return
	}
	out.Dose = f.number
	out.Earliest, out.Recommended, out.PastDue, out.Latest = f.earliest.date(), f.rec.date(), f.past.date(), f.latest.date()
	first = len(w.texts)
	for _, ps := range f.parts {
		if ps.status == NotComplete {
			w.texts = append(w.texts, ps.antigen.name)
			out.Recurring = out.Recurring || ps.series.doses[ps.next].recurring
		}
	}
	out.Antigens = w.cut(first)
	w.vaccines(out, f)
	w.guidance(out, f)
	start := len(w.reasons)
	for _, ps := range f.parts {
		if ps.status == NotComplete {
			w.reasons = append(w.reasons, r.told(ps.antigen, ps.basis[0]), r.told(ps.antigen, ps.basis[1]))
		}
	}
	out.Basis = w.reasons[start:len(w.reasons):len(w.reasons)]
}

func (w *writer) cut(first int) []string { return w.texts[first:len(w.texts):len(w.texts)] }

// vaccines lists the vaccines to choose from: preferable ones for the age on the
// earliest or the recommended date that are not contraindicated. Those that the
// data wants named stand alone. Where it wants none named, any that is preferable
// for every antigen that is due will do, or else for one of them.
// cdsi/4.6 §7.5, FORECASTRECVAC-1, chapter 9, FORECASTVG-9
func (w *writer) vaccines(out *Forecast, f *groupForecast) {
	first := len(w.texts)
	w.choices(f, func(p *preferable) bool { return p.forecast })
	out.Named = len(w.texts) > first
	if !out.Named {
		w.choices(f, func(p *preferable) bool { return f.forAll(p.cvx) })
	}
	if len(w.texts) == first {
		w.choices(f, func(*preferable) bool { return true })
	}
	if len(w.texts) == first && w.r.observed {
		for _, ps := range f.parts {
			if ps.status != NotComplete {
				continue
			}
			d := &ps.series.doses[ps.next]
			if v := w.r.instead(ps, d); v != nil && len(d.preferable) > 0 && w.r.forbids(ps, d.preferable[0].cvx) != nil {
				w.texts = append(w.texts, w.r.s.names[v.cvx])
				break
			}
		}
	}
	out.Vaccines = w.cut(first)
}

// choices adds the preferable vaccines of the target doses that are due.
func (w *writer) choices(f *groupForecast, want func(*preferable) bool) {
	r, first := w.r, len(w.texts)
	for _, ps := range f.parts {
		if ps.status != NotComplete {
			continue
		}
		d := &ps.series.doses[ps.next]
		for i := range d.preferable {
			p := &d.preferable[i]
			if !want(p) || !r.within(p.begin, p.end, ps.earliest) && !r.within(p.begin, p.end, ps.recommended) || r.forbids(ps, p.cvx) != nil {
				continue
			}
			if name := r.s.names[p.cvx]; !slices.Contains(w.texts[first:], name) {
				w.texts = append(w.texts, name)
			}
		}
	}
}

// forAll reports whether a vaccine is preferable for every antigen that is due.
func (f *groupForecast) forAll(cvx uint16) bool {
	for _, ps := range f.parts {
		if ps.status != NotComplete {
			continue
		}
		d := &ps.series.doses[ps.next]
		if !slices.ContainsFunc(d.preferable, func(p preferable) bool { return p.cvx == cvx }) {
			return false
		}
	}
	return true
}

// guidance collects what the data tells whoever vaccinates: of the series, of the
// indication that makes it relevant, and of contraindications.
// cdsi/4.6 §7.5, FORECASTGUIDANCE-1
func (w *writer) guidance(out *Forecast, f *groupForecast) {
	r, first := w.r, len(w.texts)
	add := func(s string) {
		if s != "" && !slices.Contains(w.texts[first:], s) {
			w.texts = append(w.texts, s)
		}
	}
	for _, ps := range f.parts {
		if ps.status != NotComplete && ps.status != f.status {
			continue
		}
		for _, s := range ps.series.guidance {
			add(s)
		}
		if !r.observed {
			continue
		}
		for i := range ps.series.indications {
			if ind := &ps.series.indications[i]; ind.guidance != "" && r.indicated(ind) {
				add(ind.guidance)
			}
		}
		for i := range ps.antigen.contras {
			if c := &ps.antigen.contras[i]; c.guidance != "" && r.contra.has(c.obs) && r.within(c.begin, c.end, r.asOf) {
				add(c.guidance)
			}
		}
		for i := range ps.antigen.vaccines {
			if c := &ps.antigen.vaccines[i]; c.guidance != "" && r.contra.has(c.obs) {
				add(c.guidance)
			}
		}
	}
	out.Guidance = w.cut(first)
}
