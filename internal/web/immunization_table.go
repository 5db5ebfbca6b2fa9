package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
)

// historyTable is the table of the history (guide 70): by vaccine, where a dose of
// a combination stands under each of its groups, or by date, a row a shot.
type historyTable struct {
	ByDate  bool
	Groups  []historyGroup // by date there is one, without a name
	Shots   int
	Reports int // of the shots
	Refused int
}

// historyGroup is the rows under one vaccine group.
type historyGroup struct {
	Name string
	Rows []historyRow
}

// historyRow is one line of the history: a shot, a refusal, or immunity that is
// known from a comment.
type historyRow struct {
	Path      string // to the explanation; "" for none, and on paper
	Date, Age string
	Verdicts  []verdict // by vaccine one; by date one a group
	Vaccine   string
	Also      string // groups that the dose counts for besides
	Amount    string
	Dose      bool // it was given: Owned? and Hist? apply
	Owned     bool
	Hist      bool
	Reports   int // more than one if several are folded
	Shown     string
	Told      string // a problem that was told and is not resolved
	Edit      string // address; "" if the actor may not
	Report    string

	on    iis.Date
	valid []string // groups in which it is valid
}

// verdict is what a dose counts for in one vaccine group.
type verdict struct {
	Group  string // named by date only
	Series string // "1 of 4"
	Chip   string // in place of Series: "Not valid"
	Class  string
	Notes  []string

	group string
}

// Several reports whether the row has verdicts of more than one vaccine group.
func (r *historyRow) Several() bool { return len(r.Verdicts) > 1 }

// Caption says how many immunizations there are, and how many reports of them
// were folded.
func (t *historyTable) Caption() string {
	s := count(t.Shots, "immunization", "immunizations")
	if n := t.Reports - t.Shots; n > 0 {
		s += ", " + count(n, "duplicate folded", "duplicates folded")
	}
	if t.Refused > 0 {
		s += ", " + count(t.Refused, "refusal", "refusals")
	}
	return s
}

// onPaper takes the links out, and of a confidential print what tells where the
// client is treated.
func (t *historyTable) onPaper(confidential bool) {
	for i := range t.Groups {
		for j := range t.Groups[i].Rows {
			r := &t.Groups[i].Rows[j]
			r.Path, r.Edit, r.Report = "", "", ""
			if confidential {
				r.Shown, r.Told = "", ""
			}
		}
	}
}

// otherGroup is where what belongs to no vaccine group stands.
const otherGroup = "Other"

// newHistoryTable makes the table of a history for an actor.
func newHistoryTable(m *registry.Immunizations, a iis.Actor, path string, byDate bool) historyTable {
	t := historyTable{ByDate: byDate, Shots: len(m.Shots), Refused: len(m.Refusals)}
	alerts := doseAlerts(m.Result, len(m.Shots))
	told := map[iis.DoseID]string{}
	for _, p := range m.Problems {
		told[p.Dose] = "Problem reported " + usDay(p.Told) + " by " + p.ByName
	}
	rows := make([]historyRow, 0, len(m.Shots)+len(m.Refusals)+4)
	for i := range m.Shots {
		s := &m.Shots[i]
		t.Reports += 1 + len(s.Others)
		r := newHistoryRow(m, a, path, s.Dose)
		r.Dose, r.Hist = true, s.Dose.Kind == iis.Historical
		r.Told = told[s.Dose.ID]
		if len(s.Others) > 0 {
			r.Reports, r.Shown = 1+len(s.Others), s.Dose.ByName
			for _, o := range s.Others {
				r.Told = cmp.Or(r.Told, told[o.ID])
			}
		}
		r.judge(m.Result.Doses[i].Evaluations, s.Dose, m.Record.Client.BirthDate, alerts[i])
		rows = append(rows, r)
	}
	for _, d := range m.Refusals {
		r := newHistoryRow(m, a, path, d)
		r.Owned, r.Told = d.OwnedBy(a.Organization), told[d.ID]
		r.refused(code.GroupsOf(d.Vaccine), labelIn(iis.Refusals, d.Refusal))
		rows = append(rows, r)
	}
	for _, c := range m.Record.Comments {
		if row, ok := iis.CommentRowOf(c.Code); ok && row.Kind == iis.KindImmunity {
			rows = append(rows, immuneRow(row, c, m.Record.Client.BirthDate))
		}
	}
	slices.SortStableFunc(rows, func(a, b historyRow) int { return a.on.Compare(b.on) })
	if byDate {
		t.Groups = []historyGroup{{Rows: rows}}
		return t
	}
	t.group(rows)
	return t
}

// group puts the rows under their vaccine groups, by name, the others last.
func (t *historyTable) group(rows []historyRow) {
	at := map[string]int{}
	for i := range rows {
		for _, v := range rows[i].Verdicts {
			j, ok := at[v.group]
			if !ok {
				j = len(t.Groups)
				at[v.group] = j
				t.Groups = append(t.Groups, historyGroup{Name: v.Group})
			}
			r := rows[i]
			v.Group = ""
			r.Verdicts = []verdict{v}
			r.Also = r.countsBeside(v.group)
			t.Groups[j].Rows = append(t.Groups[j].Rows, r)
		}
	}
	slices.SortFunc(t.Groups, func(a, b historyGroup) int {
		if o := (a.Name == otherGroup); o != (b.Name == otherGroup) {
			return map[bool]int{true: 1, false: -1}[o]
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
}

// countsBeside names the other groups in which the dose counts.
func (r *historyRow) countsBeside(group string) string {
	var names []string
	for _, g := range r.valid {
		if g != group {
			names = append(names, iis.GroupName(g))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "also counts for " + strings.Join(names, ", ")
}

func newHistoryRow(m *registry.Immunizations, a iis.Actor, path string, d iis.Dose) historyRow {
	r := historyRow{
		Path: dosePath(path, d.ID), Date: d.Date.US(), Age: age(m.Record.Client.BirthDate, d.Date), on: d.Date,
		Vaccine: code.ProductLabel(d.Vaccine, d.TradeName), Owned: d.OwnedBy(a.Organization),
	}
	if d.Amount != "" {
		r.Amount = d.Amount + " mL"
	}
	switch {
	case m.MayChange(d, a):
		r.Edit = path + "/immunizations/record?edit=" + string(d.ID)
	case m.MayEdit:
		r.Report = r.Path + "/problem"
	}
	return r
}

// judge adds the verdict on a dose in each of its vaccine groups. A group that
// the schedule has no verdict in is named all the same.
func (r *historyRow) judge(list []forecast.Evaluation, d iis.Dose, born iis.Date, alert forecast.AlertCode) {
	for _, e := range list {
		v := newVerdict(e, d.Date, born)
		if e.Status == forecast.Valid {
			r.valid = append(r.valid, e.VaccineGroup)
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	for _, g := range code.GroupsOf(d.Vaccine) {
		if !slices.ContainsFunc(r.Verdicts, func(v verdict) bool { return v.group == g }) {
			r.Verdicts = append(r.Verdicts, unjudged(g, alert))
		}
	}
	if len(r.Verdicts) == 0 {
		r.Verdicts = append(r.Verdicts, unjudged(otherGroup, alert))
	}
}

// unjudged is the verdict in a group that the schedule has none in.
func unjudged(group string, alert forecast.AlertCode) verdict {
	v := verdict{Group: iis.GroupName(group), Chip: "Not judged", group: group}
	switch {
	case alert == forecast.UnknownVaccine, alert == "" && !slices.Contains(iis.VaccineGroups, group):
		v.Chip = "Not in the schedule"
	case alert != "":
		v.Notes, v.Class = []string{sentence(string(alert))}, "warn"
	default:
		v.Notes = []string{"No series of the schedule that applies to this client has a place for it."}
	}
	return v
}

// newVerdict says an evaluation in words.
func newVerdict(e forecast.Evaluation, given, born iis.Date) verdict {
	v := verdict{Group: iis.GroupName(e.VaccineGroup), group: e.VaccineGroup}
	switch e.Status {
	case forecast.Valid:
		v.Series = series(e.Dose, e.Of, e.Recurring)
		if e.Grace {
			v.Notes = []string{"Within the 4-day grace period, counts."}
		}
		return v
	case forecast.NotValid:
		v.Chip, v.Class = "Not valid", "warn"
	case forecast.Extraneous:
		v.Chip = "Not counted"
	case forecast.Substandard:
		v.Chip, v.Class = "Sub-standard", "warn"
	default:
		v.Chip = string(e.Status)
	}
	for _, why := range e.Reasons {
		if s := against(why, given, born); !slices.Contains(v.Notes, s) {
			v.Notes = append(v.Notes, s)
		}
	}
	if e.ValidFrom.After(given) {
		v.Notes = append(v.Notes, "It would have counted from "+e.ValidFrom.US()+".")
	}
	return v
}

// series is the place of a dose in its series.
func series(n, of int, recurring bool) string {
	switch {
	case recurring || of == 0:
		return "booster"
	case n == 0:
		return "counts"
	}
	return fmt.Sprintf("%d of %d", n, of)
}

// refused makes the row one of a refusal.
func (r *historyRow) refused(groups []string, reason string) {
	if len(groups) == 0 {
		groups = []string{otherGroup}
	}
	for _, g := range groups {
		v := verdict{Group: iis.GroupName(g), group: g, Chip: "Refused"}
		if reason != "" {
			v.Notes = []string{reason}
		}
		r.Verdicts = append(r.Verdicts, v)
	}
}

// immuneRow is immunity as the history shows it, beside the doses.
func immuneRow(row iis.CommentRow, c iis.Comment, born iis.Date) historyRow {
	r := historyRow{Date: c.Date.US(), Age: age(born, c.Date), on: c.Date, Vaccine: strings.TrimPrefix(row.Label, "Immunity: ")}
	groups := row.Groups
	if len(groups) == 0 {
		groups = []string{otherGroup}
	}
	for _, g := range groups {
		v := verdict{Group: iis.GroupName(g), group: g, Chip: "Immune", Class: "violet", Notes: []string{"From client comments"}}
		if len(row.CDSi) == 0 {
			v.Chip, v.Class = "Comment", ""
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	return r
}

// doseAlerts are the alerts about doses, by their index. Where nothing could be
// judged at all, that is said of each of the n doses.
func doseAlerts(res forecast.Result, n int) []forecast.AlertCode {
	alerts := make([]forecast.AlertCode, n)
	for _, al := range res.Alerts {
		switch {
		case al.Dose >= 0 && al.Dose < n:
			alerts[al.Dose] = al.Code
		case al.Code == forecast.NoBirthDate || al.Code == forecast.NoAssessmentDate:
			for i := range alerts {
				alerts[i] = al.Code
			}
		}
	}
	return alerts
}

// labelIn is the label of a code in a list, or the code if it is not in it.
func labelIn(list []iis.Choice, value string) string {
	for _, c := range list {
		if c.Code == value {
			return c.Label
		}
	}
	return value
}
