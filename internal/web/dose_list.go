package web

import (
	"cmp"
	"encoding/json"
	"html"
	"html/template"
	"slices"
	"strings"
	"sync"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
)

// optionSet is a list of options written once: it is the same on every page but
// for the one chosen.
type optionSet struct {
	html  string
	codes map[string]bool
}

func (o *optionSet) add(value, label string) {
	if o.codes == nil {
		o.codes = map[string]bool{}
	}
	o.codes[value] = true
	o.html += optionHTML(value, label)
}

func optionHTML(value, label string) string {
	return `<option value="` + html.EscapeString(value) + `">` + html.EscapeString(label) + "\n"
}

func (o *optionSet) group(label string) {
	o.html += `<optgroup label="` + html.EscapeString(label) + `">`
}

// chosen is the list with one option selected.
func (o *optionSet) chosen(value string) string {
	return strings.Replace(o.html, `<option value="`+html.EscapeString(value)+`">`, `<option value="`+html.EscapeString(value)+`" selected>`, 1)
}

// lists are what the fields of a dose are chosen from.
type lists struct {
	vaccines, makers optionSet
	offered          map[iis.CVX]bool
	trades           []string
}

var doseLists = sync.OnceValue(func() *lists {
	l := &lists{offered: map[iis.CVX]bool{}}
	l.vaccines.group("Vaccines")
	for _, v := range code.Offered() {
		l.offered[v.CVX] = true
		l.vaccines.add(string(v.CVX), v.Short)
	}
	l.vaccines.group("Older, foreign or unspecified")
	for _, v := range code.Recordable() {
		if !l.offered[v.CVX] {
			l.vaccines.add(string(v.CVX), v.Short)
		}
	}
	for _, status := range []code.Status{code.Active, code.Inactive} {
		l.makers.group(map[code.Status]string{code.Active: "Manufacturers", code.Inactive: "Former manufacturers"}[status])
		for _, m := range code.Manufacturers() {
			if (m.Status == code.Active) == (status == code.Active) {
				l.makers.add(string(m.MVX), m.Name)
			}
		}
	}
	for _, p := range code.Products() {
		if !slices.Contains(l.trades, p.TradeName) {
			l.trades = append(l.trades, p.TradeName)
		}
	}
	return l
})

// dueGroup is a vaccine group that is due, with what can be given for it.
type dueGroup struct {
	label    string
	vaccines []code.Vaccine
}

// dueGroups are the vaccine groups that are overdue, then those that are due.
func dueGroups(res forecast.Result, today iis.Date) (groups []dueGroup) {
	rank := func(f forecast.Forecast) int {
		if !f.PastDue.IsZero() && !f.PastDue.After(today) {
			return 0
		}
		return 1
	}
	var due []forecast.Forecast
	for _, f := range res.Forecasts {
		if f.Primary && f.Status == forecast.NotComplete && !f.Recommended.IsZero() && !f.Recommended.After(today) {
			due = append(due, f)
		}
	}
	slices.SortStableFunc(due, func(a, b forecast.Forecast) int { return cmp.Compare(rank(a), rank(b)) })
	for _, f := range due {
		g := dueGroup{label: []string{"Overdue: ", "Due: "}[rank(f)] + f.VaccineGroup}
		for _, cvx := range f.Vaccines {
			if v, ok := code.VaccineOf(iis.CVX(cvx)); ok && doseLists().offered[v.CVX] {
				g.vaccines = append(g.vaccines, v)
			}
		}
		if len(g.vaccines) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// vaccineOptions are the options of the vaccine for one client: what is due first,
// then all the others, each once.
func vaccineOptions(due []dueGroup) (o optionSet) {
	l := doseLists()
	rest := l.vaccines.html
	o.add("", "")
	for _, g := range due {
		o.group(g.label)
		for _, v := range g.vaccines {
			if !o.codes[string(v.CVX)] {
				o.add(string(v.CVX), v.Short)
				rest = strings.Replace(rest, optionHTML(string(v.CVX), v.Short), "", 1)
			}
		}
	}
	o.html += rest
	for cvx := range l.vaccines.codes {
		o.codes[cvx] = true
	}
	return o
}

// Vaccines are the options of the vaccine of the row. One on file that is in no
// list is among them.
func (row *doseRow) Vaccines() template.HTML {
	value, o := row.value("vaccine"), row.sc.vaccines
	if !o.codes[value] {
		return template.HTML(o.html + `<optgroup label="On file">` + strings.Replace(optionHTML(value, unknownLabel(value)), ">", " selected>", 1))
	}
	return template.HTML(o.chosen(value))
}

// Makers are the options of the manufacturer.
func (row *doseRow) Makers() template.HTML {
	value := row.value("maker")
	l := doseLists()
	if value == "" || l.makers.codes[value] {
		return template.HTML(`<option value="">` + l.makers.chosen(value))
	}
	var o optionSet
	o.add("", "")
	o.add(value, value)
	return template.HTML(o.chosen(value) + l.makers.html)
}

// vaccineTable is the file that tells the script what a choice of vaccine brings
// with it.
const vaccineTable = "vaccines.json"

func init() {
	type product struct {
		Trade string `json:"t"`
		CVX   string `json:"c"`
		MVX   string `json:"m"`
	}
	table := struct {
		Products []product         `json:"products"` // in use
		Older    []product         `json:"older"`
		VIS      map[string]string `json:"vis"` // current editions, as 2024-10-30
	}{VIS: map[string]string{}}
	for _, p := range code.Products() {
		one := product{p.TradeName, string(p.CVX), string(p.MVX)}
		if p.Status == code.Active {
			table.Products = append(table.Products, one)
		} else {
			table.Older = append(table.Older, one)
		}
	}
	for _, v := range code.Vaccines() {
		if vis := currentVIS(v.CVX); !vis.IsZero() {
			table.VIS[string(v.CVX)] = vis.String()
		}
	}
	body, err := json.Marshal(table)
	if err != nil {
		panic(err)
	}
	addStatic(vaccineTable, "application/json", body)
}
