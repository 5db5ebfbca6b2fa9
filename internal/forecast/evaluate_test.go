package forecast

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/forecast/cdsi"
)

// TestEvaluate holds the verdicts to chapter 6, a table or a rule a case. Doses
// are against Alpha unless said otherwise.
func TestEvaluate(t *testing.T) {
	inadvertent := func(d *cdsi.Dose) { d.Inadvertent = []int{11} }
	recurring := func(d *cdsi.Dose) { d.Recurring = true }
	dated := func(i cdsi.Interval, from, to string) cdsi.Interval {
		i.Effective, i.Cessation = on(from), on(to)
		return i
	}
	for _, test := range []struct {
		name   string
		world  []func(*cdsi.Release)
		doses  []string
		change func(*Patient)
		want   []string
	}{
		{"6-3: an expired lot", nil, []string{"2020-03-01/10", "2020-03-02/10"},
			func(p *Patient) { p.Doses[0].Expires = on("2020-02-29") }, []string{"Sub-standard; Lot Expired", "Valid"}},
		{"6-3: on the day the lot expires", nil, []string{"2020-03-01/10"},
			func(p *Patient) { p.Doses[0].Expires = on("2020-03-01") }, []string{"Valid"}},
		{"6-3: a recall", nil, []string{"2020-03-01/10"},
			func(p *Patient) { p.Doses[0].Recalled = true }, []string{"Sub-standard; Dose Condition"}},
		{"4.4: more than the series", []func(*cdsi.Release){alpha(dose())}, []string{"2020-03-01/10", "2020-04-01/10"}, nil,
			[]string{"Valid", "Extraneous; Series Already Complete"}},
		{"4.4: a recurring dose opens again", []func(*cdsi.Release){alpha(dose(recurring))}, []string{"2020-03-01/10", "2020-04-01/10", "2020-05-01/10"}, nil,
			[]string{"Valid", "Valid", "Valid"}},
		{"6-13: inadvertent, and nothing else is looked at", []func(*cdsi.Release){alpha(dose(inadvertent, ages("6 weeks")))}, []string{"2020-01-02/11", "2020-03-01/10"}, nil,
			[]string{"Not Valid; Inadvertent Vaccine", "Valid"}},
		{"6-15: a day before the absolute minimum", []func(*cdsi.Release){alpha(dose(ages("6 weeks - 4 days", "6 weeks")))}, []string{"2020-02-07/10"}, nil,
			[]string{"Not Valid; Age: Too Young"}},
		{"6-15: on the absolute minimum", []func(*cdsi.Release){alpha(dose(ages("6 weeks - 4 days", "6 weeks")))}, []string{"2020-02-08/10"}, nil,
			[]string{"Valid; grace"}},
		{"6-15: on the minimum", []func(*cdsi.Release){alpha(dose(ages("6 weeks - 4 days", "6 weeks")))}, []string{"2020-02-12/10"}, nil,
			[]string{"Valid"}},
		{"6-15: a day before the maximum", []func(*cdsi.Release){alpha(dose(ages("", "", "", "", "8 months")))}, []string{"2020-08-31/10"}, nil,
			[]string{"Valid"}},
		{"6-15: on the maximum", []func(*cdsi.Release){alpha(dose(ages("", "", "", "", "8 months")))}, []string{"2020-09-01/10"}, nil,
			[]string{"Extraneous; Age: Too Old"}},
		{"6-31: too old goes before all else", []func(*cdsi.Release){conflicting, alpha(dose(ages("", "", "", "", "8 months")))}, []string{"2020-08-30/20", "2020-09-01/10"}, nil,
			[]string{"none", "Extraneous; Age: Too Old; Live Virus Conflict"}},
		{"6-18: a day before the absolute minimum", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks - 4 days", "4 weeks"))))}, []string{"2020-03-01/10", "2020-03-24/10"}, nil,
			[]string{"Valid", "Not Valid; Interval: Too Soon"}},
		{"6-18: on the absolute minimum", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks - 4 days", "4 weeks"))))}, []string{"2020-03-01/10", "2020-03-25/10"}, nil,
			[]string{"Valid", "Valid; grace"}},
		{"6-18: all intervals must pass", []func(*cdsi.Release){alpha(dose(), dose(), dose(intervals(since("4 weeks"), from(since("16 weeks"), func(i *cdsi.Interval) { i.FromTarget = 1 }))))},
			[]string{"2020-03-01/10", "2020-04-01/10", "2020-05-01/10", "2020-06-21/10"}, nil,
			[]string{"Valid", "Valid", "Not Valid; Interval: Too Soon", "Valid"}},
		{"6-18: both reasons are kept", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks"), from(since("16 weeks"), func(i *cdsi.Interval) { i.FromTarget = 1 }))))},
			[]string{"2020-03-01/10", "2020-03-10/10"}, nil,
			[]string{"Valid", "Not Valid; Interval: Too Soon; Interval: Too Soon"}},
		{"RELEVANT-1: a row counts on the days it holds", []func(*cdsi.Release){alpha(dose(), dose(intervals(dated(since("8 weeks"), "2020-04-01", "2020-04-30"))), dose())},
			[]string{"2020-03-20/10", "2020-04-01/10", "2020-04-30/10", "2020-05-01/10"}, nil,
			[]string{"Valid", "Not Valid; Interval: Too Soon", "Not Valid; Interval: Too Soon", "Valid"}},
		{"CALCDTINT-1: a dose that is not valid counts as previous", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks"))))},
			[]string{"2020-03-01/10", "2020-03-20/10", "2020-04-16/10", "2020-05-14/10"}, nil,
			[]string{"Valid", "Not Valid; Interval: Too Soon", "Not Valid; Interval: Too Soon", "Valid"}},
		{"CALCDTINT-1: an inadvertent one does not", []func(*cdsi.Release){alpha(dose(), dose(inadvertent, intervals(since("4 weeks"))))},
			[]string{"2020-03-01/10", "2020-03-28/11", "2020-03-29/10"}, nil,
			[]string{"Valid", "Not Valid; Inadvertent Vaccine", "Valid"}},
		{"CALCDTINT-1: a sub-standard one does not", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks"))))},
			[]string{"2020-03-01/10", "2020-03-28/10", "2020-03-29/10"}, func(p *Patient) { p.Doses[1].Recalled = true },
			[]string{"Valid", "Sub-standard; Dose Condition", "Valid"}},
		{"CALCDTINT-8: most recent of the whole history", []func(*cdsi.Release){alpha(dose(intervals(from(since("4 weeks"), func(i *cdsi.Interval) { i.FromMostRecent = []int{20} }))))},
			[]string{"2020-03-01/20", "2020-03-28/10", "2020-03-29/10"}, nil,
			[]string{"none", "Not Valid; Interval: Too Soon", "Valid"}},
		{"CALCDTINT-9: from an observation", []func(*cdsi.Release){alpha(dose(intervals(from(since("6 months"), func(i *cdsi.Interval) { i.FromObservation = "001" }))))},
			[]string{"2020-07-31/10", "2020-08-01/10"}, func(p *Patient) { *p = observing(*p, "001 2020-02-01") },
			[]string{"Not Valid; Interval: Too Soon", "Valid"}},
		{"6-18: without a reference an interval passes", []func(*cdsi.Release){alpha(dose(intervals(since("4 weeks"), from(since("6 months"), func(i *cdsi.Interval) { i.FromObservation = "001" }))))},
			[]string{"2020-03-01/10"}, nil, []string{"Valid"}},
		{"6-21: an allowable interval saves", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("6 months")), allowable(since("4 months - 4 days"))))},
			[]string{"2020-03-01/10", "2020-06-26/10", "2020-10-30/10"}, nil,
			[]string{"Valid", "Not Valid; Interval: Too Soon", "Valid"}},
		{"6-21: one without a reference does not", []func(*cdsi.Release){alpha(dose(), dose(), dose(intervals(since("6 months")), allowable(from(since("1 day"), func(i *cdsi.Interval) { i.FromMostRecent = []int{20} }))))},
			[]string{"2020-03-01/10", "2020-03-02/10", "2020-03-05/10"}, nil,
			[]string{"Valid", "Valid", "Not Valid; Interval: Too Soon"}},
		{"CALCDTCONFLICT-1: one day after", []func(*cdsi.Release){conflicting}, []string{"2020-03-01/20", "2020-03-02/10"}, nil,
			[]string{"none", "Not Valid; Live Virus Conflict"}},
		{"CONFLICT-3: the same day", []func(*cdsi.Release){conflicting}, []string{"2020-03-01/20", "2020-03-01/10"}, nil,
			[]string{"none", "Valid"}},
		{"CALCDTCONFLICT-2: the minimum end after a valid dose", []func(*cdsi.Release){conflicting}, []string{"2020-03-01/10", "2020-03-24/10", "2020-04-21/10"}, nil,
			[]string{"Valid", "Not Valid; Live Virus Conflict", "Valid"}},
		{"CALCDTCONFLICT-2: the full end after one that is not", []func(*cdsi.Release){conflicting, alpha(dose(ages("6 weeks")))}, []string{"2020-02-01/10", "2020-02-26/10", "2020-03-25/10"}, nil,
			[]string{"Not Valid; Age: Too Young", "Not Valid; Live Virus Conflict", "Valid"}},
		{"CALCDTCONFLICT-2: the minimum end after a dose of another antigen", []func(*cdsi.Release){conflicting}, []string{"2020-03-01/20", "2020-03-25/10"}, nil,
			[]string{"none", "Valid"}},
		{"6.7: a live vaccine against no antigen of the release", []func(*cdsi.Release){conflicting}, []string{"2020-03-01/40", "2020-03-24/10"}, nil,
			[]string{"none", "Not Valid; Live Virus Conflict"}},
		{"6-26: too young for a preferable vaccine", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) {
			d.Preferable = []cdsi.PreferableVaccine{{VaccineWindow: cdsi.VaccineWindow{CVX: 10, BeginAge: per("6 weeks"), EndAge: per("7 years")}}}
		}))}, []string{"2020-02-11/10", "2020-02-12/10"}, nil, []string{"Not Valid; Not a preferable or allowable vaccine", "Valid"}},
		{"6-26: another maker, and 6-29: allowed from an age on", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) {
			d.Preferable = []cdsi.PreferableVaccine{{VaccineWindow: cdsi.VaccineWindow{CVX: 10}, MVX: "MSD"}}
			d.Alternative = []cdsi.VaccineWindow{{CVX: 10, BeginAge: per("6 weeks"), EndAge: per("3 months")}}
		}), dose(), dose())}, []string{"2020-02-11/10", "2020-02-12/10"}, nil, []string{"Not Valid; Not a preferable or allowable vaccine", "Valid"}},
		{"6-26: the maker that is asked for", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) {
			d.Preferable = []cdsi.PreferableVaccine{{VaccineWindow: cdsi.VaccineWindow{CVX: 10}, MVX: "MSD", TradeName: "X"}}
		}))}, []string{"2020-02-11/10"}, func(p *Patient) { p.Doses[0].MVX = "msd" }, []string{"Valid"}},
		{"6-26: another product of the maker", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) {
			d.Preferable = []cdsi.PreferableVaccine{{VaccineWindow: cdsi.VaccineWindow{CVX: 10}, MVX: "MSD", TradeName: "X"}}
		}))}, []string{"2020-02-11/10"}, func(p *Patient) { p.Doses[0].MVX, p.Doses[0].TradeName = "MSD", "Y" }, []string{"Not Valid; Not a preferable or allowable vaccine"}},
		{"DEFPATIENT-014: the order of the input does not matter", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("4 weeks"))))}, []string{"2020-03-29/10", "2020-03-01/10"}, nil,
			[]string{"Valid", "Valid"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := born(test.doses...)
			if test.change != nil {
				test.change(&p)
			}
			got := verdicts(world(t, test.world...).Run(p, on("2021-01-01")), "Alpha")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSkip holds each type of condition, and how they are joined, to 6.2. The
// second of three doses is skipped in evaluation, so that the second dose given
// is the third of the series, which is inadvertent for vaccine 11.
func TestSkip(t *testing.T) {
	age := func(begin, end string) cdsi.Condition {
		return cdsi.Condition{Type: cdsi.ByAge, BeginAge: per(begin), EndAge: per(end)}
	}
	count := func(compare string, n int, valid bool, cvx ...int) cdsi.Condition {
		return cdsi.Condition{Type: cdsi.ByCount, Compare: compare, Count: n, Valid: valid, CVX: cvx}
	}
	with := func(c cdsi.Condition, f func(*cdsi.Condition)) cdsi.Condition { f(&c); return c }
	joined := func(all, allSets bool, effective string, sets ...[]cdsi.Condition) func(*cdsi.Dose) {
		return func(d *cdsi.Dose) {
			k := cdsi.Skip{Context: cdsi.InEvaluation, All: allSets}
			for _, conditions := range sets {
				k.Sets = append(k.Sets, cdsi.Set{All: all, Conditions: conditions, Effective: on(effective)})
			}
			d.Skips = append(d.Skips, k)
		}
	}
	for _, test := range []struct {
		name  string
		skip  func(*cdsi.Dose)
		doses []string // before the one on 2020-06-01 with vaccine 11
		want  bool
	}{
		{"6.2: age reached", skipping(cdsi.InEvaluation, age("5 months", "")), nil, true},
		{"6.2: age not reached", skipping(cdsi.InEvaluation, age("5 months + 1 day", "")), nil, false},
		{"6.2: on the end age", skipping(cdsi.InEvaluation, age("", "5 months")), nil, false},
		{"6.2: before the end age", skipping(cdsi.InBoth, age("", "5 months + 1 day")), nil, true},
		{"6.2: not in a forecast's context", skipping(cdsi.InForecast, age("0 days", "")), nil, false},
		{"CALCDTSKIP-5: interval passed", skipping(cdsi.InEvaluation, cdsi.Condition{Type: cdsi.ByInterval, Interval: per("3 months")}), nil, true},
		{"CALCDTSKIP-5: interval not passed", skipping(cdsi.InEvaluation, cdsi.Condition{Type: cdsi.ByInterval, Interval: per("3 months + 1 day")}), nil, false},
		{"CALCDTSKIP-5: from the previous dose, valid or not", skipping(cdsi.InEvaluation, cdsi.Condition{Type: cdsi.ByInterval, Interval: per("3 months")}), []string{"2020-04-01/30"}, false},
		{"6.2: more valid doses", skipping(cdsi.InEvaluation, count(">", 0, true)), nil, true},
		{"6.2: as many", skipping(cdsi.InEvaluation, count("=", 1, true)), nil, true},
		{"6.2: not as many", skipping(cdsi.InEvaluation, count("=", 2, true)), nil, false},
		{"6.2: fewer", skipping(cdsi.InEvaluation, count("<", 2, true)), nil, true},
		{"6.2: the dose at hand does not count", skipping(cdsi.InEvaluation, count(">", 1, false)), nil, false},
		{"6.2: a dose that is not valid counts in the total", skipping(cdsi.InEvaluation, count(">", 1, false)), []string{"2020-04-01/30"}, true},
		{"6.2: and not among the valid", skipping(cdsi.InEvaluation, count(">", 1, true)), []string{"2020-04-01/30"}, false},
		{"6.2: of a list, one against another antigen counts in the total", skipping(cdsi.InEvaluation, count(">", 0, false, 20)), []string{"2020-04-01/20"}, true},
		{"6.2: and not among the valid of the series", skipping(cdsi.InEvaluation, count(">", 0, true, 20)), []string{"2020-04-01/20"}, false},
		{"CALCDTSKIP-3: within ages", skipping(cdsi.InEvaluation, with(count(">", 0, true), func(c *cdsi.Condition) { c.BeginAge, c.EndAge = per("2 months"), per("2 months + 1 day") })), nil, true},
		{"CALCDTSKIP-4: the end age is out", skipping(cdsi.InEvaluation, with(count(">", 0, true), func(c *cdsi.Condition) { c.EndAge = per("2 months") })), nil, false},
		{"6.2: within dates", skipping(cdsi.InEvaluation, with(count(">", 0, true), func(c *cdsi.Condition) { c.Start, c.End = on("2020-03-01"), on("2020-03-02") })), nil, true},
		{"6.2: the end date is out", skipping(cdsi.InEvaluation, with(count(">", 0, true), func(c *cdsi.Condition) { c.End = on("2020-03-01") })), nil, false},
		{"6.2: dates and ages", skipping(cdsi.InEvaluation, with(count("=", 1, true), func(c *cdsi.Condition) { c.Start, c.EndAge = on("2020-03-01"), per("2 months") })), nil, false},
		{"6.2: all conditions of a set", skipping(cdsi.InEvaluation, age("5 months", ""), count(">", 5, true)), nil, false},
		{"6.2: any condition of a set", joined(false, false, "", []cdsi.Condition{age("5 months", ""), count(">", 5, true)}), nil, true},
		{"6.2: any set", joined(false, false, "", []cdsi.Condition{count(">", 5, true)}, []cdsi.Condition{age("5 months", "")}), nil, true},
		{"6.2: all sets", joined(false, true, "", []cdsi.Condition{age("5 months", "")}, []cdsi.Condition{count(">", 5, true)}), nil, false},
		{"6.2: all sets hold", joined(false, true, "", []cdsi.Condition{age("5 months", "")}, []cdsi.Condition{count(">", 0, true)}), nil, true},
		{"RELEVANT-2: a set that holds", joined(false, false, "2020-06-01", []cdsi.Condition{age("5 months", "")}), nil, true},
		{"RELEVANT-2: a set that does not yet", joined(false, false, "2020-06-02", []cdsi.Condition{age("5 months", "")}), nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			// Vaccine 30 is not one of the second dose: given, it is not valid.
			second := dose(test.skip, func(d *cdsi.Dose) { d.Preferable = d.Preferable[:2] })
			s := world(t, alpha(dose(), second, dose(func(d *cdsi.Dose) { d.Inadvertent = []int{11} })))
			p := born(append(append([]string{"2020-03-01/10"}, test.doses...), "2020-06-01/11")...)
			list := verdicts(s.Run(p, on("2021-01-01")), "Alpha")
			if got := list[len(list)-1] == "Not Valid; Inadvertent Vaccine"; got != test.want {
				t.Errorf("skipped = %v, want %v: %q", got, test.want, list)
			}
		})
	}
}

// TestSkipCompleted holds the condition of a completed series to 6.2: a
// series is complete in evaluation by what was given before, in a forecast by all.
func TestSkipCompleted(t *testing.T) {
	standard := serie("Standard", dose(), dose())
	standard.Group = "Alpha"
	risk := serie("Risk", dose(skipping(cdsi.InBoth, cdsi.Condition{Type: cdsi.CompletedSeries, SeriesGroups: []int{1}})), dose(func(d *cdsi.Dose) { d.Inadvertent = []int{11} }))
	risk.Group, risk.Type, risk.SeriesGroup, risk.Indications = "Alpha", cdsi.Risk, 2, []cdsi.Indication{{Observation: "001"}}
	standard.Doses = standard.Doses[:1]
	risk.Doses[0].Preferable = risk.Doses[0].Preferable[1:] // without 10
	s := world(t, alphas(risk, standard))                   // the one that asks comes first, and is looked at last
	told := func(p Patient) (list []string) {
		_, trace := s.Trace(observing(p, "001"), on("2021-01-01"))
		for _, st := range trace {
			if st.Series == "Risk" && st.Dose >= 0 && (st.Section == "6.10" || st.Section == "6.3" || st.Section == "6.2") {
				list = append(list, st.Section+" "+st.Text)
			}
		}
		return list
	}
	for _, test := range []struct {
		name  string
		doses []string
		want  []string
	}{
		{"complete on the day itself is not before it", []string{"2020-03-01/10", "2020-03-01/11"}, []string{"6.10 Not Valid", "6.10 Valid"}},
		{"complete before", []string{"2020-03-01/10", "2020-03-02/11"}, []string{"6.10 Not Valid", "6.2 holds: ", "6.2 skipped: the target dose is not needed",
			"6.3 The vaccine is not meant for this dose and does not count."}},
	} {
		if diff := cmp.Diff(test.want, told(born(test.doses...))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	late := s.Run(observing(born("2020-03-01/20", "2020-04-01/11"), "001"), on("2021-01-01"))
	if got := verdicts(late, "Alpha")[1]; got != "Valid" {
		t.Errorf("verdict where nothing was complete before = %s, want Valid", got)
	}
	if f := late.Forecasts[0]; f.SeriesType != Risk || f.Dose != 2 {
		t.Errorf("forecast = %s %d, want the second dose of the risk series", f.SeriesType, f.Dose)
	}
	none := s.Run(observing(born(), "001"), on("2021-01-01"))
	if f := none.Forecasts[0]; f.SeriesType != Risk || f.Dose != 1 {
		t.Errorf("forecast without doses = %s %d, want the first dose of the risk series", f.SeriesType, f.Dose)
	}
}
