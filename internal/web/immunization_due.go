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

// dueTable is what the schedule recommends.
type dueTable struct {
	Today []dueChip // what matters today, the gravest first
	Rows  []dueRow
	Notes []string // what the schedule could not use
	// Refused are refusals of what the schedule has no recommendation for.
	Refused []string
	Basis   string // what the recommendations were worked out from, and when
}

// dueChip is the groups of one status.
type dueChip struct{ Status, Class, Groups string }

// dueRow is what is recommended against one vaccine group.
type dueRow struct {
	Group                          string
	Status, Class                  string
	Refused                        []string // shown beside the status; changes nothing
	Earliest, Recommended, Overdue string
	Why                            []string
	Vaccines                       []string // to choose from
	Guidance                       []string
	Also                           []string // the group's other forecasts

	group string
	rank  int
}

// dueStatus is a status as the screen says it. Green is for what needs nothing
// more, and no status is told by its colour alone.
type dueStatus struct {
	word, class string
	today       bool // is told above the history
}

// The statuses in the order of the table.
const (
	overdue = iota
	dueNow
	notKnown
	contraindicated
	dueLater
	complete
	immune
	agedOut
	notRecommended
)

var dueStatuses = []dueStatus{
	overdue: {"Overdue", "bad", true}, dueNow: {"Due now", "warn", true}, notKnown: {"Not known", "warn", true},
	contraindicated: {"Contraindicated", "bad", true}, dueLater: {"Due later", "info", false}, complete: {"Complete", "good", false},
	immune: {"Immune", "violet", true}, agedOut: {"Aged out", "", false}, notRecommended: {"Not recommended", "", false},
}

// statusOf is the status of a forecast on a day. What would be "not recommended"
// only because the schedule's last season has ended is not known.
func statusOf(f forecast.Forecast, today iis.Date, outOfSeason bool) int {
	if outOfSeason {
		return notKnown
	}
	switch f.Status {
	case forecast.Complete:
		return complete
	case forecast.Immune:
		return immune
	case forecast.Contraindicated:
		return contraindicated
	case forecast.AgedOut:
		return agedOut
	case forecast.NotRecommended:
		return notRecommended
	}
	switch {
	case !f.PastDue.IsZero() && !today.Before(f.PastDue):
		return overdue
	case !today.Before(f.Recommended):
		return dueNow
	}
	return dueLater
}

// newDueTable says the forecasts of a history in words.
func newDueTable(m *registry.Immunizations) dueTable {
	var t dueTable
	refused := refusalsByGroup(m)
	at := map[string]int{}
	for _, f := range m.Result.Forecasts { // the primary one of a group comes first
		rank := statusOf(f, m.Today, m.OutOfSeason(f))
		i, ok := at[f.VaccineGroup]
		if ok {
			t.Rows[i].Also = append(t.Rows[i].Also, also(f, rank))
			continue
		}
		at[f.VaccineGroup] = len(t.Rows)
		t.Rows = append(t.Rows, newDueRow(m, f, rank, refused))
	}
	for _, r := range refused {
		if _, ok := at[r.group]; !ok {
			t.Refused = append(t.Refused, r.text)
		}
	}
	t.Refused = slices.Compact(t.Refused)
	slices.SortStableFunc(t.Rows, func(a, b dueRow) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(strings.ToLower(a.Group), strings.ToLower(b.Group)))
	})
	t.chips()
	for _, al := range m.Result.Alerts {
		if al.Dose < 0 {
			t.Notes = append(t.Notes, sentence(al.String()))
		}
	}
	t.Basis = workedOut(m)
	return t
}

// workedOut says what the verdicts and recommendations rest on: the day, the
// doses and the schedule, by its hash too where another is in force than the one
// inside the program.
func workedOut(m *registry.Immunizations) string {
	s := fmt.Sprintf("Worked out %s from the %s here, rules CDSi %s", m.Today.US(), count(len(m.Shots), "immunization", "immunizations"), m.Result.Schedule)
	if m.Loaded {
		s += " (" + m.ScheduleHash[:min(len(m.ScheduleHash), 8)] + ")"
	}
	return s + "."
}

// chips gathers what is told above the history.
func (t *dueTable) chips() {
	for i := 0; i < len(t.Rows); {
		s := dueStatuses[t.Rows[i].rank]
		var groups []string
		j := i
		for ; j < len(t.Rows) && t.Rows[j].rank == t.Rows[i].rank; j++ {
			groups = append(groups, t.Rows[j].Group)
		}
		if s.today {
			t.Today = append(t.Today, dueChip{s.word, s.class, strings.Join(groups, ", ")})
		}
		i = j
	}
}

func newDueRow(m *registry.Immunizations, f forecast.Forecast, rank int, refused []refusal) dueRow {
	s := dueStatuses[rank]
	r := dueRow{
		Group: iis.GroupName(f.VaccineGroup), Status: s.word, Class: s.class, group: f.VaccineGroup, rank: rank,
		Earliest: f.Earliest.US(), Recommended: f.Recommended.US(), Overdue: f.PastDue.US(),
	}
	if f.Status == forecast.NotComplete || f.Status == forecast.Contraindicated {
		r.Guidance = f.Guidance
	}
	for _, no := range refused {
		if no.group != f.VaccineGroup {
			continue
		}
		text := "Refused " + no.on
		if no.reason != "" {
			text += ", " + no.reason
		}
		if rank == overdue || rank == dueNow || rank == dueLater {
			text += " (still due)"
		}
		r.Refused = append(r.Refused, text)
	}
	if f.Status == forecast.NotComplete {
		r.due(f)
		return r
	}
	if rank == notKnown {
		for _, why := range f.Reasons {
			if why.Code == forecast.PastSeason {
				r.say("The season of this schedule ended on " + why.Until.US() +
					". What is recommended now is not known until a newer schedule is loaded.")
			}
		}
		return r
	}
	for _, reason := range f.Reasons {
		r.say(reasonOf(m, f.VaccineGroup, reason))
	}
	return r
}

// due says which dose is due, what set its dates and what may be given.
func (r *dueRow) due(f forecast.Forecast) {
	switch {
	case f.Recurring && f.Dose > 1:
		r.say("Booster.")
	case f.Of > 0 && f.Dose > 0:
		r.say(fmt.Sprintf("Dose %d of %d.", f.Dose, max(f.Of, f.Dose)))
	case f.Dose > 0:
		r.say(fmt.Sprintf("Dose %d.", f.Dose))
	}
	if len(f.Antigens) < len(f.Series) {
		r.say("Needed against " + strings.Join(f.Antigens, ", ") + ".")
	}
	r.basis(f, f.Recommended, forecast.ByAge, forecast.ByInterval, forecast.ByEarliest)
	if f.Earliest != f.Recommended {
		r.basis(f, f.Earliest, forecast.FromAge, forecast.FromInterval, forecast.AfterConflict, forecast.FromSeason, forecast.AfterLastDose)
	}
	if !f.Latest.IsZero() {
		r.say("Not later than " + f.Latest.US() + ".")
	}
	for _, cvx := range f.Vaccines {
		r.Vaccines = append(r.Vaccines, code.Label(iis.CVX(cvx)))
	}
}

// basis says what set a date: of the reasons with one of the codes those that
// lead to that very day, or all of them if none does.
func (r *dueRow) basis(f forecast.Forecast, day iis.Date, codes ...forecast.ReasonCode) {
	for _, exact := range []bool{true, false} {
		said := false
		for _, b := range f.Basis {
			if slices.Contains(codes, b.Code) && (!exact || b.Until == day) {
				r.say(why(b))
				said = true
			}
		}
		if said {
			return
		}
	}
}

// say adds a sentence once.
func (r *dueRow) say(s string) {
	if s != "" && !slices.Contains(r.Why, s) {
		r.Why = append(r.Why, s)
	}
}

// reasonOf says why nothing is due, and by which comment of the client.
func reasonOf(m *registry.Immunizations, group string, reason forecast.Reason) string {
	s := why(reason)
	if reason.Code != forecast.MedicalExemption && reason.Value == "" {
		return s
	}
	for _, c := range m.Record.Comments {
		row, ok := iis.CommentRowOf(c.Code)
		until := row.Ends(c.Date)
		if !ok || c.Date.After(m.Today) || !until.IsZero() && !m.Today.Before(until) {
			continue // it says nothing of today
		}
		exempt := reason.Code == forecast.MedicalExemption && row.Kind == iis.KindExemption && slices.Contains(row.Groups, group)
		if !exempt && (reason.Value == "" || !slices.Contains(row.CDSi, reason.Value)) {
			continue
		}
		told := row.Label
		if !c.Date.IsZero() {
			told = c.Date.US() + " ~ " + told
		}
		if exempt {
			return told + "."
		}
		return s + " (" + told + ")"
	}
	return s
}

// also says another forecast of a group in a line.
func also(f forecast.Forecast, rank int) string {
	s := dueStatuses[rank].word
	if f.Status == forecast.NotComplete {
		s += ", recommended " + f.Recommended.US()
	}
	switch f.SeriesType {
	case forecast.Risk:
		s += " (for a special indication)"
	case forecast.EvaluationOnly:
		s += " (for doses of other countries)"
	}
	return s + ": " + strings.Join(f.Series, ", ")
}

// refusal is a vaccine group that was refused, by a comment or a dose that was
// offered. No forecast changes for it.
type refusal struct{ group, on, reason, text string }

// refusalsByGroup lists the latest refusal of each group.
func refusalsByGroup(m *registry.Immunizations) []refusal {
	type said struct {
		day iis.Date
		refusal
	}
	latest := map[string]said{}
	add := func(groups []string, day iis.Date, reason, text string) {
		for _, g := range groups {
			if was, ok := latest[g]; !ok || was.day.Before(day) {
				latest[g] = said{day, refusal{g, day.US(), reason, strings.TrimSpace(text + " " + day.US())}}
			}
		}
	}
	for _, c := range m.Record.Comments {
		if row, ok := iis.CommentRowOf(c.Code); ok && row.Kind == iis.KindRefusal {
			groups := row.Groups
			if len(groups) == 0 {
				groups = []string{row.Label}
			}
			add(groups, c.Date, "", row.Label)
		}
	}
	for _, d := range m.Refusals {
		groups := code.GroupsOf(d.Vaccine)
		if len(groups) == 0 {
			groups = []string{otherGroup}
		}
		add(groups, d.Date, labelIn(iis.Refusals, d.Refusal), "Refusal of "+code.Label(d.Vaccine))
	}
	var list []refusal
	for _, s := range latest {
		list = append(list, s.refusal)
	}
	slices.SortFunc(list, func(a, b refusal) int { return cmp.Compare(a.text, b.text) })
	return list
}
