package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
)

// explainScreen is why a dose has its status, and all that is known of it.
type explainScreen struct {
	Banner  banner
	Path    string // of the client
	IDLabel string

	Vaccine, Date string
	Age           string // exact
	Refused       bool
	Verdicts      []explained
	Reports       []doseReport
	Basis         string
}

// explained is the verdict in one vaccine group, and what it rests on.
type explained struct {
	verdict
	Series  string // the name of the series that gave it
	Place   string // "1 of 4"
	Checks  []check
	Trace   []traceStep
	Antigen string
}

// check is one rule: what it is about, what was found and what was asked for.
type check struct {
	What, Found string
	Asked       []string
}

// traceStep is one decision with the section of the logic specification.
type traceStep struct{ Section, Text string }

// doseReport is one report of the dose.
type doseReport struct {
	Title  string // the organization
	Speaks bool   // it is the one the history shows
	Pairs  []pair
	Told   []string // problems that wait
	Edit   string
	Report string
}

// pair is a label and what is on file under it.
type pair struct{ Label, Value string }

var explainPage = newPage[*explainScreen]("immunization/explain")

func doseID(r *http.Request) iis.DoseID { return iis.DoseID(r.PathValue("dose")) }

// explainDose shows why a dose has its status.
func (s *Server) explainDose(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	e, err := s.reg.ExplainDose(r.Context(), a, clientID(r), doseID(r))
	if err != nil {
		return err
	}
	return explainPage.show(w, r, http.StatusOK, s.newExplain(&e, a))
}

func (s *Server) newExplain(e *registry.DoseExplained, a iis.Actor) *explainScreen {
	d, born := e.Shot.Dose, e.Record.Client.BirthDate
	sc := &explainScreen{
		Banner: s.bannerOf(e.Record, s.today()), Path: clientPath(e.Record.Client.ID), IDLabel: s.reg.Options().IDLabel,
		Vaccine: code.ProductLabel(d.Vaccine, d.TradeName), Date: d.Date.US(), Refused: !d.Given(), Basis: workedOut(&e.Immunizations),
	}
	if !born.IsZero() && !d.Date.Before(born) {
		sc.Age = exactAge(born, d.Date)
	}
	if e.Index >= 0 {
		var row historyRow
		list := e.Result.Doses[e.Index].Evaluations
		row.judge(list, d, born, doseAlerts(e.Result, len(e.Shots))[e.Index])
		for i, v := range row.Verdicts {
			x := explained{verdict: v, Place: v.Series}
			if i < len(list) {
				x.fill(e, list[i], e.Steps[i])
			}
			sc.Verdicts = append(sc.Verdicts, x)
		}
	}
	for i, d := range e.Shot.Reports() {
		sc.Reports = append(sc.Reports, newDoseReport(e, a, sc.Path, d, i == 0))
	}
	return sc
}

// sections are the sections of the logic specification that judge a dose, by
// what a person calls the rule.
var sections = []struct{ what, section string }{
	{"Age", "6.4"}, {"Interval", "6.5"}, {"Interval", "6.6"}, {"Live vaccines", "6.7"}, {"Vaccine", "6.8"}, {"Vaccine", "6.9"},
	{"Inadvertent vaccine", "6.3"},
}

// fill tells what an evaluation rests on: what was found of the dose, and what
// the series asked for where the dose was last judged.
func (x *explained) fill(e *registry.DoseExplained, ev forecast.Evaluation, steps forecast.Trace) {
	x.verdict.Series, x.Series, x.Antigen = "", ev.Series, ev.Antigen
	last := 0
	for _, st := range steps {
		last = st.Target
		section := st.Section
		if st.Table != "" {
			section += ", table " + st.Table
		}
		x.Trace = append(x.Trace, traceStep{section, "Series dose " + strconv.Itoa(st.Target) + ": " + sentence(st.Text)})
	}
	d := e.Shot.Dose
	for _, s := range sections {
		var asked []string
		for _, st := range steps {
			if st.Target == last && st.Section == s.section {
				asked = append(asked, sentence(period(st.Text)))
			}
		}
		if len(asked) == 0 {
			continue
		}
		i := slices.IndexFunc(x.Checks, func(c check) bool { return c.What == s.what })
		if i < 0 {
			i = len(x.Checks)
			x.Checks = append(x.Checks, check{What: s.what, Found: found(e, ev.VaccineGroup, s.what, d)})
		}
		x.Checks[i].Asked = append(x.Checks[i].Asked, asked...)
	}
}

// found is what is known of the dose for a rule, to the day.
func found(e *registry.DoseExplained, group, what string, d iis.Dose) string {
	switch what {
	case "Age":
		return "Given at " + exactAge(e.Record.Client.BirthDate, d.Date)
	case "Vaccine", "Inadvertent vaccine":
		return code.Label(d.Vaccine)
	case "Interval":
		for i := e.Index - 1; i >= 0; i-- {
			before := e.Shots[i].Dose
			if before.Date.Before(d.Date) && slices.ContainsFunc(e.Result.Doses[i].Evaluations,
				func(v forecast.Evaluation) bool { return v.VaccineGroup == group }) {
				return exactInterval(days(before.Date, d.Date)) + " after the dose of " + before.Date.US()
			}
		}
		return "No dose of the group before it"
	case "Live vaccines":
		return "The doses before it"
	}
	return ""
}

func newDoseReport(e *registry.DoseExplained, a iis.Actor, path string, d iis.Dose, speaks bool) doseReport {
	r := doseReport{Title: d.ByName, Speaks: speaks && len(e.Shot.Others) > 0}
	add := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			r.Pairs = append(r.Pairs, pair{label, value})
		}
	}
	show := func(name, value string) string {
		f := iis.DoseField(d.ID, name)
		return f.Show(value)
	}
	add("Reported by", d.ByName)
	add("Entered", usDay(d.Entered)+" "+clock(d.Entered))
	add("Kind", string(d.Kind))
	add("Vaccine", code.ProductLabel(d.Vaccine, d.TradeName)+" (CVX "+string(d.Vaccine)+")")
	if d.Given() {
		add("Date Administered", d.Date.US())
	} else {
		add("Date of refusal", d.Date.US())
	}
	add("Reason for Refusal", show("refusal", d.Refusal))
	add("Manufacturer", makerName(d.Maker))
	add("NDC", string(d.Product))
	add("Lot Number", d.Lot)
	add("Expiration Date", d.Expires.US())
	if d.Amount != "" {
		add("Dose", d.Amount+" mL")
	}
	add("Route", show("route", d.Route))
	add("Site", show("site", d.Site))
	add("Eligibility", show("eligibility", d.Eligibility))
	add("Funding", show("funding", d.Funding))
	add("VIS Date", d.VIS.US())
	add("Given By", d.GivenBy)
	add("Source", show("source", d.Source))
	add("Given At", d.Provider)
	if d.Subpotent {
		add("Less than a full dose", iis.Yes)
	}
	add("Reactions", show("reactions", d.Reactions))
	for _, p := range e.Problems {
		if p.Dose == d.ID {
			told := "Problem reported " + usDay(p.Told) + " by " + p.ByName
			if e.MayEdit { // who only reads need not know in what words
				told += ": " + p.Text
			}
			r.Told = append(r.Told, told)
		}
	}
	switch {
	case e.MayChange(d, a):
		r.Edit = path + "/immunizations/record?edit=" + string(d.ID)
	case e.MayEdit:
		r.Report = dosePath(path, d.ID) + "/problem"
	}
	return r
}
