package forecast

import (
	"fmt"
	"strings"

	"openiis.org/iis"
)

// Trace is every decision of a run in the order it was taken.
type Trace []Step

// Step is one decision.
type Step struct {
	Section string // of the logic specification
	Table   string // "" if the section has none for it
	Antigen string
	Series  string
	Target  int // number of the series dose, from 1
	Dose    int // index of the dose in the patient, -1 when forecasting
	Text    string
}

// String returns the step on one line.
func (s Step) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", s.Section)
	if s.Table != "" {
		fmt.Fprintf(&b, " (table %s)", s.Table)
	}
	fmt.Fprintf(&b, " %s, %s, dose %d", s.Antigen, s.Series, s.Target)
	if s.Dose >= 0 {
		fmt.Fprintf(&b, ", given %d", s.Dose+1)
	}
	return b.String() + ": " + s.Text
}

// Trace is Run, with every decision told.
func (s *Schedule) Trace(p Patient, asOf iis.Date) (Result, Trace) {
	r := newRunner(s)
	r.trace = &Trace{}
	res := r.run(&p, asOf)
	return res, *r.trace
}

// say adds a step to the trace, if there is one. i is the dose at hand, or -1.
func (r *runner) say(ps *patientSeries, i int, section, table, text string) {
	if r.trace == nil {
		return
	}
	st := Step{Section: section, Table: table, Antigen: ps.antigen.name, Series: ps.series.name, Target: ps.next + 1, Dose: -1, Text: text}
	if i >= 0 {
		st.Dose = r.given[ps.aars[i]].index
	}
	*r.trace = append(*r.trace, st)
}

// Dose returns the steps that judged a dose, by its index in the patient, in one
// series: with Evaluation.Series, why the dose has its verdict.
func (t Trace) Dose(index int, series string) Trace {
	var out Trace
	for _, s := range t {
		if s.Dose == index && s.Series == series {
			out = append(out, s)
		}
	}
	return out
}
