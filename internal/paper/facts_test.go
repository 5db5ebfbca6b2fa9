package paper

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
)

func day(y, m, d int) iis.Date { return iis.DateOf(timeOf(y, m, d)) }

func TestStandingOf(t *testing.T) {
	f := forecast.Forecast{Status: forecast.NotComplete, Earliest: day(2026, 1, 1), Recommended: day(2026, 2, 1), PastDue: day(2026, 3, 1)}
	never := f
	never.PastDue = iis.Date{}
	for _, test := range []struct {
		f    forecast.Forecast
		on   iis.Date
		want Standing
	}{
		{f, day(2025, 12, 31), DueLater},
		{f, day(2026, 1, 31), DueLater},
		{f, day(2026, 2, 1), DueNow},
		{f, day(2026, 2, 28), DueNow},
		{f, day(2026, 3, 1), Overdue},
		{never, day(2030, 1, 1), DueNow},
		{forecast.Forecast{Status: forecast.Complete}, day(2026, 1, 1), Complete},
		{forecast.Forecast{Status: forecast.Immune}, day(2026, 1, 1), Immune},
		{forecast.Forecast{Status: forecast.Contraindicated}, day(2026, 1, 1), Contraindicated},
		{forecast.Forecast{Status: forecast.AgedOut}, day(2026, 1, 1), AgedOut},
		{forecast.Forecast{Status: forecast.NotRecommended}, day(2026, 1, 1), NotRecommended},
	} {
		if got := StandingOf(test.f, test.on); got != test.want {
			t.Errorf("StandingOf(%s, %s) = %s, want %s", test.f.Status, test.on, got, test.want)
		}
	}
}

// TestJudge: each group of a vaccine has a mark, also those of which the rules
// say nothing.
func TestJudge(t *testing.T) {
	verdict := func(group string, s forecast.EvaluationStatus) forecast.Evaluation {
		return forecast.Evaluation{VaccineGroup: group, Status: s}
	}
	for _, test := range []struct {
		name    string
		vaccine iis.CVX
		res     []forecast.Evaluation
		want    []Verdict
	}{
		{"combination", "110", []forecast.Evaluation{verdict("Polio", forecast.Valid), verdict("DTaP/Tdap/Td", forecast.NotValid), verdict("HepB", forecast.Extraneous)},
			[]Verdict{{"DTaP/Tdap/Td", NotValid}, {"HepB", Extra}, {"Polio", Valid}}},
		{"recalled", "03", []forecast.Evaluation{verdict("MMR", forecast.Substandard)}, []Verdict{{"MMR", NotValid}}},
		{"left out", "03", nil, []Verdict{{"MMR", NotJudged}}},
		{"unknown code", "9998", nil, []Verdict{{noGroup, NotJudged}}},
	} {
		s := Shot{Vaccine: test.vaccine}
		s.Judge(forecast.DoseResult{Evaluations: test.res})
		if diff := cmp.Diff(test.want, s.Verdicts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestInitials(t *testing.T) {
	for _, test := range []struct {
		name iis.Name
		want string
	}{
		{iis.Name{Last: "DUCK", First: "don", Middle: "F"}, "D.D."},
		{iis.Name{Last: "Ánh"}, "Á."},
		{iis.Name{Last: "élan", First: " ówen"}, "Ó.É."},
		{iis.Name{}, ""},
	} {
		if got := (Facts{Name: test.name}).Initials(); got != test.want {
			t.Errorf("Initials(%+v) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestFullName(t *testing.T) {
	for _, test := range []struct {
		name iis.Name
		want string
	}{
		{iis.Name{Last: "DUCK", First: "Don", Middle: "F", Suffix: "JR"}, "DUCK, Don F JR"},
		{iis.Name{Last: "Duck"}, "Duck"},
	} {
		if got := FullName(test.name); got != test.want {
			t.Errorf("FullName = %q, want %q", got, test.want)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{Language: English},
		{Language: Spanish, Recommendations: true},
		{Language: English, Comments: true},
		{Language: Spanish, Recommendations: true, Comments: true},
	} {
		if got := OptionsOf(o.Kind(), string(o.Language)); got != o {
			t.Errorf("OptionsOf(%q, %q) = %+v, want %+v", o.Kind(), o.Language, got, o)
		}
	}
	if got := OptionsOf("official", "xx"); got.Language != English {
		t.Errorf("a language nobody knows = %q, want English", got.Language)
	}
}
