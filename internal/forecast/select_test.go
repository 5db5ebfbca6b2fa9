package forecast

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/forecast/cdsi"
)

// in makes a series one against Alpha and changes it.
func in(s cdsi.Series, change ...func(*cdsi.Series)) cdsi.Series {
	s.Group, s.Default, s.Preference = "Alpha", false, 5
	for _, f := range change {
		f(&s)
	}
	return s
}

func byDefault(s *cdsi.Series) { s.Default = true }
func product(s *cdsi.Series)   { s.ProductPath = true }
func preferred(s *cdsi.Series) { s.Preference = 1 }
func without(s *cdsi.Series)   { s.Preference = 0 }

func maxStart(age string) func(*cdsi.Series) {
	return func(s *cdsi.Series) { s.MaxAge = per(age) }
}

func minStart(age string) func(*cdsi.Series) {
	return func(s *cdsi.Series) { s.MinAge = per(age) }
}

// atRisk is a risk series of a series group while observation 001 holds.
func atRisk(group int, priority string) func(*cdsi.Series) {
	return func(s *cdsi.Series) {
		s.Type, s.SeriesGroup, s.Priority, s.Indications = cdsi.Risk, group, priority, []cdsi.Indication{{Observation: "001"}}
	}
}

func evaluationOnly(s *cdsi.Series) { s.Type = cdsi.EvaluationOnly }

func inGroup(n int, equivalent ...int) func(*cdsi.Series) {
	return func(s *cdsi.Series) { s.SeriesGroup, s.Equivalent = n, equivalent }
}

// only is a dose that takes one vaccine.
func only(cvx int, change ...func(*cdsi.Dose)) cdsi.Dose {
	d := dose(change...)
	d.Preferable = []cdsi.PreferableVaccine{{VaccineWindow: cdsi.VaccineWindow{CVX: cvx}}}
	return d
}

// TestSelect holds the choice of series to chapters 5 and 8: the series that the
// forecasts of Alpha follow on 2021-01-01, the primary one first.
func TestSelect(t *testing.T) {
	soon, late := ages("", "6 weeks"), ages("", "4 months")
	female := func(s *cdsi.Series) { s.Genders = []string{"Female", "Unknown"} }
	male := func(s *cdsi.Series) { s.Genders = []string{"Male"} }
	contra10 := func(rel *cdsi.Release) {
		rel.Antigens[0].Contraindicated = []cdsi.ContraindicatedVaccines{{Observation: "001", Vaccines: []cdsi.VaccineWindow{{CVX: 10}}}}
	}
	aged := func(begin, end string) func(*cdsi.Series) {
		return func(s *cdsi.Series) {
			atRisk(1, "A")(s)
			s.Indications[0].BeginAge, s.Indications[0].EndAge = per(begin), per(end)
		}
	}
	for _, test := range []struct {
		name   string
		world  []func(*cdsi.Release)
		doses  []string
		saw    string
		series string
	}{
		{"5-4: the gender", []func(*cdsi.Release){alphas(in(serie("m", dose(soon)), male, byDefault), in(serie("f", dose(soon)), female))}, []string{"2020-04-01/20"}, "", "f"},
		{"5-5: no risk series without an indication", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), atRisk(1, "A")))}, nil, "", ""},
		{"5-5: with one", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), atRisk(1, "A")))}, nil, "001", "risk"},
		{"CALCDTIND-1: from the age on", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), aged("1 year", "")))}, nil, "001", "risk"},
		{"CALCDTIND-2: on the end age", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), aged("", "1 year")))}, nil, "001", ""},
		{"before the age, forecast from it", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), aged("2 years", "")))}, nil, "001", "risk"},
		{"before the age, but another series concerns the patient", []func(*cdsi.Release){alphas(in(serie("risk", dose(soon)), aged("2 years", "")), in(serie("std", dose(soon)), byDefault))}, nil, "001", "std"},

		{"8-3: none scorable, the default", []func(*cdsi.Release){alphas(in(serie("a", dose(soon))), in(serie("b", dose(soon)), byDefault))}, nil, "", "b"},
		{"8-3: one", []func(*cdsi.Release){alphas(in(serie("a", only(10), only(10))), in(serie("b", only(11), only(11)), byDefault))}, []string{"2020-03-01/10"}, "", "a"},
		{"8-3: one complete", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose()), byDefault, preferred), in(serie("b", dose())))}, []string{"2020-03-01/10"}, "", "b"},
		{"8-3: one in process", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose(ages("", "", "", "", "6 months"))), byDefault, preferred), in(serie("b", dose(), dose())))}, []string{"2020-03-01/10"}, "", "b"},
		{"SELECTSCORE-2: begun at the maximum age to start", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose()), byDefault, preferred, maxStart("2 months")), in(serie("b", dose(), dose())))}, []string{"2020-03-01/10"}, "", "b"},
		{"SELECTSCORE-2: begun a day before", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose()), byDefault, preferred, maxStart("2 months")), in(serie("b", dose(), dose())))}, []string{"2020-02-29/10"}, "", "a"},
		{"SELECTSCORE-2: the minimum age takes no part", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose()), preferred, minStart("5 years")), in(serie("b", dose(), dose())))}, []string{"2020-02-29/10"}, "", "a"},
		{"SELECTSCORE-2: no default and no dose, any standard series", []func(*cdsi.Release){alphas(in(serie("a", dose(late))), in(serie("b", dose(soon))))}, nil, "", "b"},
		{"SELECTSCORE-2: the better priority", []func(*cdsi.Release){alphas(in(serie("a", dose(soon)), atRisk(1, "B"), preferred), in(serie("b", dose(late)), atRisk(1, "A")))}, nil, "001", "b"},
		{"a better priority that is aged out is not in the way", []func(*cdsi.Release){alphas(in(serie("a", dose(soon)), atRisk(1, "B")), in(serie("b", dose(ages("", "", "", "", "6 months"))), atRisk(1, "A")))}, nil, "001", "a"},
		{"SELECTSCORE-2: evaluation only, not complete", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose()), evaluationOnly, preferred), in(serie("b", dose(), dose())))}, []string{"2020-03-01/10"}, "", "b"},
		{"SELECTSCORE-2: evaluation only, complete", []func(*cdsi.Release){alphas(in(serie("a", dose()), evaluationOnly), in(serie("b", dose(), dose()), preferred))}, []string{"2020-03-01/10"}, "", "a"},
		{"SELECTB-24: not a contraindicated one", []func(*cdsi.Release){contra10, alphas(in(serie("a", only(10, soon)), preferred), in(serie("b", only(11, late))))}, nil, "001", "b"},
		{"SELECTB-24: unless all are", []func(*cdsi.Release){contra10, alphas(in(serie("a", only(10, late)), preferred), in(serie("b", only(10, soon))))}, nil, "001", "a"},

		{"8-5: several complete, the most valid doses", []func(*cdsi.Release){alphas(in(serie("a", dose()), preferred), in(serie("b", dose(), dose())))}, []string{"2020-03-01/10", "2020-04-01/10"}, "", "b"},
		{"8-5: a product path with all doses valid", []func(*cdsi.Release){alphas(in(serie("a", only(10), dose()), preferred), in(serie("b", only(10), dose()), product))}, []string{"2020-03-01/10"}, "", "b"},
		{"8-5: a product path with a dose not valid", []func(*cdsi.Release){alphas(in(serie("a", only(10), only(10)), preferred), in(serie("b", only(10), only(10)), product))}, []string{"2020-02-01/11", "2020-03-01/10"}, "", "a"},
		{"SELECTB-3: completable", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose(ages("", "", "", "", "2 years")), dose(intervals(since("", "2 years")), ages("", "", "", "", "2 years"))), preferred), in(serie("b", dose(), dose(), dose())))},
			[]string{"2020-03-01/10"}, "", "b"},
		{"8-5: the most valid doses", []func(*cdsi.Release){alphas(in(serie("a", only(10), only(11), only(11)), preferred), in(serie("b", only(10), only(10), only(10))))}, []string{"2020-03-01/10", "2020-04-01/10"}, "", "b"},
		{"8-5: the fewest open doses", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose(), dose()), preferred), in(serie("b", dose(), dose())))}, []string{"2020-03-01/10"}, "", "b"},
		{"SELECTB-12: the first to finish", []func(*cdsi.Release){alphas(in(serie("a", dose(), dose(), dose(intervals(since("", "6 months")))), preferred), in(serie("b", dose(), dose(), dose(intervals(since("", "5 months"))))))},
			[]string{"2020-03-01/10"}, "", "b"},
		{"SELECTB-12: the longest interval that remains, not their sum", []func(*cdsi.Release){alphas(
			in(serie("a", dose(), dose(), dose(intervals(since("", "5 months"))), dose(intervals(since("", "5 months")))), preferred),
			in(serie("b", dose(), dose(), dose(intervals(since("", "6 months"))), dose())))},
			[]string{"2020-03-01/10"}, "", "a"},
		{"8-5: without a dose, not a product path", []func(*cdsi.Release){alphas(in(serie("a", dose(soon)), product, preferred), in(serie("b", dose(soon))))}, nil, "", "b"},
		{"8-5: without a dose, completable", []func(*cdsi.Release){alphas(in(serie("a", dose(soon), dose(intervals(since("", "5 years")), ages("", "", "", "", "2 years"))), preferred), in(serie("b", dose(soon))))}, nil, "", "b"},
		{"SELECTBEST-2: preference", []func(*cdsi.Release){alphas(in(serie("a", dose(soon))), in(serie("b", dose(soon)), preferred))}, nil, "", "b"},
		{"SELECTBEST-2: none is last", []func(*cdsi.Release){alphas(in(serie("a", dose(soon)), without), in(serie("b", dose(soon))))}, nil, "", "b"},
		{"a tie of all: the order of the data", []func(*cdsi.Release){alphas(in(serie("a", dose(soon)), without), in(serie("b", dose(soon)), without))}, nil, "", "a"},

		{"8-14: groups that are not equivalent", []func(*cdsi.Release){alphas(in(serie("std", dose(soon)), byDefault), in(serie("risk", dose(soon)), atRisk(2, "A")))}, nil, "001", "risk std"},
		{"8-14: an equivalent risk series", []func(*cdsi.Release){alphas(in(serie("std", dose(soon)), byDefault, inGroup(1, 2)), in(serie("risk", dose(soon)), atRisk(2, "A")))}, nil, "001", "risk"},
		{"8-14: an equivalent group is complete", []func(*cdsi.Release){alphas(in(serie("std", dose()), byDefault, inGroup(1, 2)), in(serie("risk", dose(), dose()), atRisk(2, "A"), func(s *cdsi.Series) { s.Equivalent = []int{1} }))},
			[]string{"2020-03-01/10"}, "001", "std"},
		{"8-14: complete, though an equivalent group is at risk", []func(*cdsi.Release){alphas(in(serie("std", dose()), byDefault, inGroup(1, 2)), in(serie("risk", dose(), dose()), atRisk(2, "A")))},
			[]string{"2020-03-01/10"}, "001", "risk std"},

		{"primary: not what cannot be started yet", []func(*cdsi.Release){alphas(in(serie("late", dose(ages("", "50 years"))), byDefault, minStart("50 years")), in(serie("now", dose(soon)), byDefault, inGroup(2)))}, nil, "", "now late"},
		{"primary: not what is over", []func(*cdsi.Release){alphas(in(serie("over", dose(ages("", "", "", "", "6 months"))), byDefault), in(serie("now", dose(soon)), byDefault, inGroup(2)))}, nil, "", "now over"},
		{"primary: what is due", []func(*cdsi.Release){alphas(in(serie("later", dose(ages("", "4 years"))), byDefault), in(serie("now", dose(soon)), byDefault, inGroup(2)))}, nil, "", "now later"},
		{"primary: else the first group", []func(*cdsi.Release){alphas(in(serie("two", dose(soon)), byDefault, inGroup(2)), in(serie("one", dose(soon)), byDefault))}, nil, "", "one two"},
		{"primary: risk", []func(*cdsi.Release){alphas(in(serie("std", dose(soon)), byDefault), in(serie("risk", dose(late)), atRisk(2, "A")))}, nil, "001", "risk std"},
		{"primary: a risk series that is done does not hide what is open", []func(*cdsi.Release){alphas(in(serie("std", only(11, soon)), byDefault), in(serie("risk", only(10)), atRisk(2, "A")))}, []string{"2020-03-01/10"}, "001", "std risk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := born(test.doses...)
			if test.saw != "" {
				p = observing(p, test.saw)
			}
			res := world(t, test.world...).Run(p, on("2021-01-01"))
			var got []string
			primaries := 0
			for _, f := range res.Forecasts {
				if f.VaccineGroup == "Alpha" {
					got = append(got, f.Series...)
					primaries += b2i(f.Primary)
				}
			}
			if s := strings.Join(got, " "); s != test.series {
				t.Errorf("forecasts follow %q, want %q", s, test.series)
			}
			if primaries != min(1, len(got)) {
				t.Errorf("%d primary forecasts of %d", primaries, len(got))
			}
		})
	}
}

// TestGroups holds groups of two antigens to chapter 9. The vaccine group Both
// has Alpha and Beta, for the same doses with vaccine 30.
func TestGroups(t *testing.T) {
	both := func(full bool, a, b []cdsi.Dose) func(*cdsi.Release) {
		return func(rel *cdsi.Release) {
			rel.Groups = []cdsi.Group{{Name: "Both", Full: full, Antigens: []string{"Alpha", "Beta"}}}
			for i, doses := range [][]cdsi.Dose{a, b} {
				x := &rel.Antigens[i]
				x.Immunity = []string{[]string{"001", "002"}[i]}
				x.Contraindications = []cdsi.Contraindication{{Observation: []string{"003", "004"}[i]}}
				x.Series[0].Group, x.Series[0].Doses = "Both", doses
			}
		}
	}
	list := func(d ...cdsi.Dose) []cdsi.Dose { return d }
	override := func(i cdsi.Interval) cdsi.Interval { i.Override = true; return i }
	old := ages("", "", "", "", "6 months")
	for _, test := range []struct {
		name  string
		world func(*cdsi.Release)
		doses []string
		saw   []string
		want  string
	}{
		{"9-4: one immune", both(true, list(dose(ages("", "2 years"))), list(dose(ages("", "3 years")))), nil, []string{"001"}, "Not Complete 1 2023-01-01 2023-01-01  "},
		{"9-4: all immune", both(true, list(dose()), list(dose())), nil, []string{"001", "002"}, "Immune"},
		{"9-4: immune and complete", both(true, list(dose()), list(dose())), []string{"2020-03-01/20"}, []string{"001"}, "Complete"},
		{"9-4: not recommended before not complete", both(true, list(dose(ages("", "2 years"))), list(dose(skipping(cdsi.InForecast, cdsi.Condition{Type: cdsi.ByAge})))), nil, nil, "Not Recommended"},
		{"9-4: aged out before not recommended", both(true, list(dose(old)), list(dose(skipping(cdsi.InForecast, cdsi.Condition{Type: cdsi.ByAge})))), nil, nil, "Aged Out"},
		{"9-4: contraindicated before aged out", both(true, list(dose()), list(dose(old))), nil, []string{"003"}, "Contraindicated"},
		{"a group that need not be full goes on without one", both(false, list(dose(ages("", "2 years"))), list(dose(ages("", "3 years")))), nil, []string{"003"}, "Not Complete 1 2023-01-01 2023-01-01  "},
		{"but not without any", both(false, list(dose()), list(dose())), nil, []string{"003", "004"}, "Contraindicated"},
		{"MULTIANTVG-1: the latest of the earliest", both(false, list(dose(ages("", "2 years", "4 years", "5 years", "9 years"))), list(dose(ages("", "3 years", "3 years + 1 day", "6 years", "8 years")))), nil, nil,
			"Not Complete 1 2023-01-01 2023-01-02 2024-12-31 2027-12-31"},
		{"FORECASTVG-2, -3: not before the earliest", both(false, list(dose(ages("", "2 years", "2 years", "2 years + 1 month"))), list(dose(ages("", "3 years")))), nil, nil,
			"Not Complete 1 2023-01-01 2023-01-01 2023-01-01 "},
		{"FORECASTPRIORITY-1: the earliest of the earliest", both(false, list(dose(), dose(intervals(override(since("", "4 weeks"))))), list(dose(), dose(intervals(since("", "6 months"))))), []string{"2020-12-31/30"}, nil,
			"Not Complete 2 2021-01-28 2021-01-28  "},
		{"FORECASTPRIORITY-1: not before the last dose of the group", both(false, list(dose(), dose(intervals(override(since("", "4 weeks"))))), list(dose(ages("", "2 months")), dose(intervals(since("", "6 months"))))), []string{"2020-11-01/10", "2020-12-31/20"}, nil,
			"Not Complete 2 2020-12-31 2020-12-31  "},
		{"FORECASTDN-2: the greatest number", both(false, list(dose(), dose(), dose()), list(dose(), dose())), []string{"2020-11-01/30", "2020-12-01/10"}, nil, "Not Complete 3 2020-12-01 2020-12-01  "},
		{"FORECASTDN-2: the least in a full group", both(true, list(dose(), dose(), dose()), list(dose(), dose())), []string{"2020-11-01/30", "2020-12-01/10"}, nil, "Not Complete 2 2020-12-01 2020-12-01  "},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := world(t, test.world).Run(observing(born(test.doses...), test.saw...), on("2021-01-01")).Primary("Both")
			if got := due(f); got != test.want {
				t.Errorf("forecast = %q, want %q", got, test.want)
			}
		})
	}
	// A dose has the best verdict of its antigens.
	s := world(t, both(false, list(dose(ages("6 weeks"))), list(dose())))
	got := verdicts(s.Run(born("2020-01-10/30", "2020-01-11/10"), on("2021-01-01")), "Both")
	if diff := cmp.Diff([]string{"Valid", "Not Valid; Age: Too Young"}, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
}

// TestInstead lets DT go on where a vaccine with pertussis may not be given.
func TestInstead(t *testing.T) {
	s := schedule(t)
	p := observing(Patient{Birth: on("2011-02-02"), Gender: "F", Doses: []Dose{{Date: on("2011-04-02"), CVX: "110"}}}, "079")
	f := s.Run(p, on("2011-04-02")).Primary("DTaP/Tdap/Td")
	if f.Status != NotComplete || !cmp.Equal(f.Vaccines, []string{"28"}) || !cmp.Equal(f.Antigens, []string{"Diphtheria", "Tetanus"}) {
		t.Errorf("forecast = %s of %q against %q, want DT against diphtheria and tetanus", f.Status, f.Vaccines, f.Antigens)
	}
	if f := s.Run(observing(p, "080"), on("2011-04-02")).Primary("DTaP/Tdap/Td"); f.Status != Contraindicated {
		t.Errorf("forecast after a reaction to any component = %s, want Contraindicated", f.Status)
	}
}
