package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/registry"
)

// doseScreen is the screen that records immunizations: a set of fields for each
// open row.
type doseScreen struct {
	Banner  banner
	Action  string // where the form goes
	History string // the immunization history
	Version int64
	OrgName string
	Rows    []*doseRow
	Unsaved int
	DraftAt string // when the draft was kept, if the page was opened on it
	Ask     bool   // something is worth a second look before it is saved
	Said    string // what the script announces

	vaccines optionSet
	page     registry.DosePage
	saved    iis.Values
	problems []iis.Problem
}

// doseRow is one open row: a new dose, or one on file that is being edited.
type doseRow struct {
	ID      iis.DoseID
	Number  int
	Kind    iis.DoseKind
	OnFile  string // what is on file: "MMR 09/23/2010"; "" for a new dose
	Owner   string // who recorded it, if that was another organization
	Deleted bool   // by the next Save
	Field   string // name of the whole row
	Problem string // with the whole row
	Focus   string // the field that the eye goes to

	sc *doseScreen
}

// newDoses shapes the screen that records immunizations.
func (s *Server) newDoses(p registry.DosePage, a iis.Actor) *doseScreen {
	c := p.Record.Client
	sc := &doseScreen{
		Banner: s.bannerOf(p.Record, p.Today), Action: dosesPath(c.ID), History: historyPath(c.ID), Version: c.Version, OrgName: a.OrgName,
		Unsaved: p.Draft.Count(), vaccines: vaccineOptions(dueGroups(p.Result, p.Today)), page: p, saved: p.Record.Values(),
	}
	for i, id := range p.Draft.Doses {
		row := &doseRow{ID: id, Number: i + 1, Field: string(iis.DoseField(id, "")), sc: sc}
		row.Kind = iis.DoseKind(row.value("kind"))
		if j := slices.IndexFunc(p.Record.Doses, func(d iis.Dose) bool { return d.ID == id }); j >= 0 {
			d := p.Record.Doses[j]
			row.OnFile = doseName(d.Vaccine, d.Date)
			row.Deleted = sc.draftValue(iis.DoseField(id, "")) == ""
			if !d.OwnedBy(a.Organization) {
				row.Owner = d.ByName
			}
		}
		sc.Rows = append(sc.Rows, row)
	}
	return sc
}

// arrive takes what the address of the page asks for: which row the eye goes to,
// and which field in it.
func (sc *doseScreen) arrive(q url.Values) {
	n, err := strconv.Atoi(q.Get("at"))
	if err != nil || n < 1 || n > len(sc.Rows) {
		if sc.Unsaved > 0 {
			sc.DraftAt = clock(sc.page.Draft.Changed)
		}
		if q.Get("edit") == "" && len(sc.Rows) == 1 && sc.Rows[0].OnFile == "" && sc.Unsaved == 0 {
			sc.Rows[0].Focus = "vaccine"
		}
		return
	}
	row := sc.Rows[n-1]
	row.Focus = "row"
	if on := q.Get("on"); iis.DoseField(row.ID, on).Editable() && on != "" {
		row.Focus = on
	}
	sc.Said = "Immunization " + itoa(n) + " is open."
	if row.Deleted {
		sc.Said = "Immunization " + itoa(n) + " will be deleted when you save."
	}
}

// blame notes what is wrong.
func (sc *doseScreen) blame(problems []iis.Problem) {
	sc.problems = problems
	for _, row := range sc.Rows {
		row.Problem = sc.problem(iis.Field(row.Field))
	}
}

func (sc *doseScreen) problem(f iis.Field) string {
	for _, p := range sc.problems {
		if p.Field == f {
			return p.Text
		}
	}
	return ""
}

func (sc *doseScreen) draftValue(f iis.Field) string { return sc.page.Draft.Value(sc.saved, f) }

// Checks are what is worth a second look, each a link to its field.
func (sc *doseScreen) Checks() (list []iis.Problem) {
	for _, row := range sc.Rows {
		for _, c := range sc.page.Checks[row.ID] {
			list = append(list, iis.Problem{Field: c.Field, Text: "Immunization " + itoa(row.Number) + ": " + checkText(c, sc.page.Record.Client.BirthDate)})
		}
	}
	return list
}

// Trades are the trade names that the field suggests.
func (sc *doseScreen) Trades() []string { return doseLists().trades }

// Table is the address of what the script needs to know of vaccines.
func (sc *doseScreen) Table() string { return staticURL(vaccineTable) }

func (row *doseRow) value(name string) string {
	return row.sc.draftValue(iis.DoseField(row.ID, name))
}

// Legend is the heading of the row.
func (row *doseRow) Legend() string { return "Immunization " + itoa(row.Number) }

// Name is what the row is, for buttons that are heard and not seen.
func (row *doseRow) Name() string {
	d, _ := iis.ParseDate(row.value("date"))
	if name := doseName(iis.CVX(row.value("vaccine")), d); row.value("vaccine") != "" {
		return "immunization " + itoa(row.Number) + ", " + name
	}
	return "immunization " + itoa(row.Number)
}

// F is a field of the row, with the draft over the saved value.
func (row *doseRow) F(name string) *Field {
	f := iis.DoseField(row.ID, name)
	value, was := row.value(name), row.sc.saved[f]
	fld := newField(string(f), f.Label(), value)
	fld.Error = row.sc.problem(f)
	for _, c := range row.sc.page.Checks[row.ID] {
		if c.Field == f {
			fld.Checks = append(fld.Checks, checkText(c, row.sc.page.Record.Client.BirthDate))
		}
	}
	fld.Width = belongs[name]
	if was != "" && was != iis.No {
		fld.Width += " kept" // what is on file is never hidden
	}
	if row.OnFile != "" {
		fld.Changed, fld.Saved = value != was && !(value == iis.No && was == ""), screenText(f, was)
	}
	if row.Focus == name {
		fld.Width += " goto"
	}
	if list, ok := doseChoices[name]; ok {
		fld.Choices = optional(choicesOf(list), "")
		if value != "" && !slices.ContainsFunc(fld.Choices, func(c Choice) bool { return c.Value == value }) {
			fld.Choices = append(fld.Choices, Choice{Value: value, Label: value})
		}
	}
	switch name {
	case "kind":
		for _, k := range iis.DoseKinds {
			fld.Choices = append(fld.Choices, Choice{Value: string(k), Label: string(k)})
		}
	case "date", "vis":
		if name == "date" && row.Kind == iis.Refused {
			fld.Label = "Date"
		}
		fld.EchoDate, fld.Limit, fld.Value = true, 30, f.Show(value)
	case "expires":
		fld.Limit, fld.Value = 30, f.Show(value)
	case "trade":
		fld.Limit, fld.List = 100, "trades"
	case "lot":
		fld.Limit = 40
	case "amount":
		fld.Label, fld.Limit, fld.Mode = fld.Label+" (mL)", 10, "decimal"
	case "ndc":
		fld.Label, fld.Limit = "NDC or bar code", 100
	case "given", "provider":
		fld.Limit = 128
	case "reactions":
		fld.Choices, fld.Values = choicesOf(iis.Reactions), strings.Split(value, ",")
	}
	return fld
}

// doseChoices are the lists that fields of a dose are chosen from.
var doseChoices = map[string][]iis.Choice{
	"route": iis.Routes, "site": iis.Sites, "eligibility": iis.Eligibilities, "funding": iis.Fundings,
	"source": iis.Sources, "refusal": iis.Refusals,
}

// belongs tells the kinds of doses that a field belongs to: a style hides it with
// the others where a script says which is chosen.
var belongs = map[string]string{
	"ndc": "not-h not-r", "lot": "not-r", "expires": "not-r", "amount": "not-r", "route": "not-r", "site": "not-r", "subpotent": "not-r",
	"reactions": "not-r", "eligibility": "not-h not-r", "funding": "not-h not-r", "vis": "not-h not-r", "given": "not-h not-r",
	"trade": "not-r", "maker": "not-r", "source": "not-a not-r", "provider": "not-a not-r", "refusal": "not-a not-h",
}

// VISHint says which statement is handed out with the vaccine now.
func (row *doseRow) VISHint() string {
	if vis := currentVIS(iis.CVX(row.value("vaccine"))); !vis.IsZero() {
		return "Current edition: " + vis.US()
	}
	return ""
}

// Reactions says how many are ticked.
func (row *doseRow) Reactions() int {
	return len(strings.FieldsFunc(row.value("reactions"), func(r rune) bool { return r == ',' }))
}

// unknownLabel is the label of a code that is in no list.
func unknownLabel(cvx string) string {
	if v, ok := code.VaccineOf(iis.CVX(cvx)); ok {
		return v.Short
	}
	return "CVX " + cvx
}
