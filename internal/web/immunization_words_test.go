package web

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
)

func on(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }

// TestVerdictWords says each verdict of the engine.
func TestVerdictWords(t *testing.T) {
	born, given := on(2015, 2, 14), on(2016, 2, 8)
	tests := map[string]struct {
		e    forecast.Evaluation
		want verdict
	}{
		"valid":     {forecast.Evaluation{Status: forecast.Valid, Dose: 1, Of: 4}, verdict{Series: "1 of 4"}},
		"recurring": {forecast.Evaluation{Status: forecast.Valid, Dose: 6, Recurring: true}, verdict{Series: "booster"}},
		"by grace": {forecast.Evaluation{Status: forecast.Valid, Dose: 1, Of: 2, Grace: true},
			verdict{Series: "1 of 2", Notes: []string{"Within the 4-day grace period, counts."}}},
		"too young": {forecast.Evaluation{Status: forecast.NotValid, ValidFrom: on(2016, 2, 10), Reasons: []forecast.Reason{
			{Code: forecast.TooYoung, Required: "12 months - 4 days", From: born, Until: on(2016, 2, 10)}}},
			verdict{Chip: "Not valid", Class: "warn", Notes: []string{
				"Given at 11 months 25 days, 2 days too early: the minimum age is 12 months less 4 days, reached on 02/10/2016.",
				"It would have counted from 02/10/2016."}}},
		"after a live vaccine": {forecast.Evaluation{Status: forecast.NotValid, Reasons: []forecast.Reason{
			{Code: forecast.LiveVirusConflict, Required: "28 days", From: on(2016, 2, 1), Until: on(2016, 2, 29), Value: "03"}}},
			verdict{Chip: "Not valid", Class: "warn", Notes: []string{
				"Given 7 days after the live vaccine MMR of 02/01/2016, 21 days too early: 28 days must pass, until 02/29/2016."}}},
		"for two antigens": {forecast.Evaluation{Status: forecast.NotValid, Reasons: []forecast.Reason{
			{Code: forecast.InadvertentDose, Antigen: "Measles"}, {Code: forecast.InadvertentDose, Antigen: "Mumps"}}},
			verdict{Chip: "Not valid", Class: "warn", Notes: []string{"The vaccine is not meant for this dose and does not count."}}},
		"too many": {forecast.Evaluation{Status: forecast.Extraneous, Reasons: []forecast.Reason{{Code: forecast.SeriesComplete}}},
			verdict{Chip: "Not counted", Notes: []string{"The series was already complete."}}},
		"recalled": {forecast.Evaluation{Status: forecast.Substandard, Reasons: []forecast.Reason{{Code: forecast.DoseRecalled}}},
			verdict{Chip: "Sub-standard", Class: "warn", Notes: []string{"The dose was not a full one or its condition was doubtful."}}},
	}
	for name, test := range tests {
		test.e.VaccineGroup, test.want.Group, test.want.group = "HepB", "Hep B", "HepB"
		if diff := cmp.Diff(test.want, newVerdict(test.e, given, born), cmp.AllowUnexported(verdict{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDueStatus says where a client stands on a day.
func TestDueStatus(t *testing.T) {
	f := forecast.Forecast{Status: forecast.NotComplete, Earliest: on(2026, 1, 1), Recommended: on(2026, 3, 1), PastDue: on(2026, 5, 1)}
	for _, test := range []struct {
		today iis.Date
		want  string
	}{
		{on(2025, 12, 31), "Due later"}, {on(2026, 2, 28), "Due later"}, {on(2026, 3, 1), "Due now"}, {on(2026, 4, 30), "Due now"}, {on(2026, 5, 1), "Overdue"},
	} {
		if got := dueStatuses[statusOf(f, test.today, false)].word; got != test.want {
			t.Errorf("status on %s = %s, want %s", test.today.US(), got, test.want)
		}
	}
	f.PastDue = iis.Date{}
	if got := dueStatuses[statusOf(f, on(2050, 1, 1), false)].word; got != "Due now" {
		t.Errorf("status without a day of being overdue = %s, want Due now", got)
	}
	for _, test := range []struct {
		f           forecast.Forecast
		outOfSeason bool
		want        string
	}{
		{forecast.Forecast{Status: forecast.Complete}, false, "Complete"}, {forecast.Forecast{Status: forecast.Immune}, false, "Immune"},
		{forecast.Forecast{Status: forecast.Contraindicated}, false, "Contraindicated"}, {forecast.Forecast{Status: forecast.AgedOut}, false, "Aged out"},
		{forecast.Forecast{Status: forecast.NotRecommended}, false, "Not recommended"},
		{forecast.Forecast{Status: forecast.NotRecommended}, true, "Not known"},
	} {
		if got := dueStatuses[statusOf(test.f, on(2026, 1, 1), test.outOfSeason)].word; got != test.want {
			t.Errorf("status of %s, out of season %v = %s, want %s", test.f.Status, test.outOfSeason, got, test.want)
		}
	}
	// Green is for what needs nothing more, and every status has a word.
	for _, s := range dueStatuses {
		if s.word == "" || s.class == "good" && s.word != "Complete" && s.word != "Immune" {
			t.Errorf("status %+v is green, or has no word", s)
		}
	}
}

// TestDueTable says why nothing is due by the comment behind it, and keeps the
// other forecasts of a group.
func TestDueTable(t *testing.T) {
	comment := func(code string) iis.Comment { return iis.Comment{Code: iis.CommentCode(code), Date: on(2022, 5, 23)} }
	m := &registry.Immunizations{
		Today: on(2026, 11, 22), Loaded: true, ScheduleHash: "0123456789abcdef",
		Record:   iis.Record{Comments: []iis.Comment{comment("exemption-varicella"), comment("immunity-hepb"), comment("refusal-varicella"), comment("refusal-mmr")}},
		Refusals: []iis.Dose{{Kind: iis.Refused, Date: on(2024, 1, 2), Vaccine: "03", Refusal: "01"}},
		Result: forecast.Result{Schedule: "4.65", Forecasts: []forecast.Forecast{
			{VaccineGroup: "Varicella", Primary: true, Status: forecast.Contraindicated, Reasons: []forecast.Reason{{Code: forecast.MedicalExemption}}},
			{VaccineGroup: "HepB", Primary: true, Status: forecast.Immune, Reasons: []forecast.Reason{{Code: forecast.EvidenceOfImmunity, Antigen: "HepB", Value: "019"}}},
			{VaccineGroup: "MMR", Primary: true, Status: forecast.NotComplete, Dose: 2, Of: 2, Series: []string{"a", "b", "c"}, Antigens: []string{"Measles", "Mumps", "Rubella"},
				Earliest: on(2019, 2, 14), Recommended: on(2019, 2, 14), PastDue: on(2022, 3, 13), Vaccines: []string{"03", "94"},
				Basis: []forecast.Reason{
					{Code: forecast.ByAge, Antigen: "Measles", Required: "4 years", Until: on(2019, 2, 14)},
					{Code: forecast.ByAge, Antigen: "Mumps", Required: "4 years", Until: on(2019, 2, 14)}}},
			{VaccineGroup: "MMR", Status: forecast.NotComplete, SeriesType: forecast.Risk, Series: []string{"MMR risk series"}, Recommended: on(2030, 1, 1)},
		}},
	}
	got := newDueTable(m)
	want := dueTable{
		Today: []dueChip{{"Overdue", "bad", "MMR"}, {"Contraindicated", "bad", "Varicella"}, {"Immune", "violet", "Hep B"}},
		Rows: []dueRow{
			{Group: "MMR", Status: "Overdue", Class: "bad", Refused: []string{"Refused 01/02/2024, Religious exemption (still due)"},
				Earliest: "02/14/2019", Recommended: "02/14/2019", Overdue: "03/13/2022",
				Why:      []string{"Dose 2 of 2.", "Recommended at the age of 4 years, reached on 02/14/2019."},
				Vaccines: []string{"MMR", "MMRV"}, Also: []string{"Due later, recommended 01/01/2030 (for a special indication): MMR risk series"}},
			{Group: "Varicella", Status: "Contraindicated", Class: "bad", Refused: []string{"Refused 05/23/2022"},
				Why: []string{"05/23/2022 ~ Medical exemption: Varicella."}},
			{Group: "Hep B", Status: "Immune", Class: "violet",
				Why: []string{"There is evidence of immunity to HepB. (05/23/2022 ~ Immunity: Titer Hepatitis B)"}},
		},
		Basis: "Worked out 11/22/2026 from the 0 immunizations here, rules CDSi 4.65 (01234567).",
	}
	unexported := cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && (f.Name() == "group" || f.Name() == "rank")
	}, cmp.Ignore())
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(dueRow{}), unexported); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

// TestNothingJudged: without a birth date each dose says why it has no verdict.
func TestNothingJudged(t *testing.T) {
	m := &registry.Immunizations{
		Shots:  []registry.Shot{{Dose: iis.Dose{ID: "d1", Kind: iis.Historical, Date: on(2020, 1, 1), Vaccine: "03"}}},
		Result: forecast.Result{Doses: make([]forecast.DoseResult, 1), Alerts: []forecast.Alert{{Code: forecast.NoBirthDate, Dose: -1}}},
	}
	table := newHistoryTable(m, clinicClerk, "/clients/1", false)
	v := table.Groups[0].Rows[0].Verdicts[0]
	if v.Chip != "Not judged" || !strings.HasPrefix(strings.Join(v.Notes, " "), "The birth date is not known") {
		t.Errorf("verdict = %+v, want none for want of a birth date", v)
	}
}

// TestReasonOfToday names the comment that counts today, not one of the same words
// that has ended.
func TestReasonOfToday(t *testing.T) {
	m := &registry.Immunizations{Today: on(2026, 11, 22)}
	for _, day := range []iis.Date{on(2024, 1, 5), on(2026, 10, 1)} { // each counts for three months
		m.Record.Comments = append(m.Record.Comments, iis.Comment{Code: "cdsi-125", Date: day})
	}
	reason := forecast.Reason{Code: forecast.HasContraindicated, Value: "125"}
	if got := reasonOf(m, "MMR", reason); !strings.Contains(got, "(10/01/2026 ~ ") {
		t.Errorf("reasonOf = %q, want it by the comment of 10/01/2026", got)
	}
}

func TestExactWords(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{exactAge(on(2015, 2, 14), on(2016, 2, 13)), "11 months 30 days"},
		{exactAge(on(2015, 2, 14), on(2015, 2, 14)), "0 days"},
		{exactAge(on(2015, 2, 14), on(2017, 3, 15)), "2 years 1 month 1 day"},
		{exactAge(iis.Date{}, on(2017, 3, 15)), "an unknown age"},
		{exactInterval(6), "6 days"}, {exactInterval(7), "7 days (1 week)"}, {exactInterval(61), "61 days (8 weeks 5 days)"},
		{period("12 months - 4 days"), "12 months less 4 days"}, {sentence("the age is right"), "The age is right."}, {sentence(""), ""},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
	if got := days(on(2024, 2, 28), on(2024, 3, 1)); got != 2 {
		t.Errorf("days over a leap day = %d, want 2", got)
	}
}
