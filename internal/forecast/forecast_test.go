package forecast

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

// TestForecast holds statuses and dates to chapter 7. It forecasts Alpha as of
// 2021-01-01 for a girl born on 2020-01-01.
func TestForecast(t *testing.T) {
	season := func(start, end string) func(*cdsi.Dose) {
		return func(d *cdsi.Dose) { d.SeasonStart, d.SeasonEnd = on(start), on(end) }
	}
	immune := func(rel *cdsi.Release) { rel.Antigens[0].Immunity = []string{"002"} }
	bornBefore := func(country string) func(*cdsi.Release) {
		return func(rel *cdsi.Release) {
			rel.Antigens[0].BirthImmunity = []cdsi.BirthImmunity{{Before: on("2020-01-02"), Country: country, Exclusions: []string{"003"}}}
		}
	}
	contra := func(begin, end string) func(*cdsi.Release) {
		return func(rel *cdsi.Release) {
			rel.Antigens[0].Contraindications = []cdsi.Contraindication{{Observation: "001", Text: "Do not.", BeginAge: per(begin), EndAge: per(end)}}
		}
	}
	contraVaccines := func(list ...cdsi.VaccineWindow) func(*cdsi.Release) {
		return func(rel *cdsi.Release) {
			rel.Antigens[0].Contraindicated = []cdsi.ContraindicatedVaccines{{Observation: "001", Vaccines: list}}
		}
	}
	all := []cdsi.VaccineWindow{{CVX: 10}, {CVX: 11}, {CVX: 20}, {CVX: 30}}
	windowed := func(rel *cdsi.Release) { rel.Observations[0].Window = per("3 months") }
	saw := func(list ...string) func(*Patient) {
		return func(p *Patient) { *p = observing(*p, list...) }
	}
	for _, test := range []struct {
		name   string
		world  []func(*cdsi.Release)
		doses  []string
		change func(*Patient)
		want   string
	}{
		{"FORECASTDT-1 to -4: by age", []func(*cdsi.Release){alpha(dose(ages("", "18 months", "19 months", "20 months + 4 weeks", "5 years")))}, nil, nil,
			"Not Complete 1 2021-07-01 2021-08-01 2021-09-28 2024-12-31"},
		{"FORECASTDT-2, -3: by interval", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("", "4 weeks", "8 weeks", "13 weeks"))))}, []string{"2020-12-31/10"}, nil,
			"Not Complete 2 2021-01-28 2021-02-25 2021-03-31 "},
		{"FORECASTDT-2: age goes before interval", []func(*cdsi.Release){alpha(dose(), dose(ages("", "", "4 years"), intervals(since("", "4 weeks", "8 weeks", "13 weeks"))))}, []string{"2020-12-31/10"}, nil,
			"Not Complete 2 2021-01-28 2024-01-01 2021-03-31 "},
		{"FORECASTDT-5, -6: not before the earliest date", []func(*cdsi.Release){alpha(dose(), dose(ages("", "", "2 months", "3 months"), intervals(since("", "4 weeks"))))}, []string{"2020-12-31/10"}, nil,
			"Not Complete 2 2021-01-28 2021-01-28 2021-01-28 "},
		{"FORECASTDTCAN-1: the longest of the minimum intervals", []func(*cdsi.Release){alpha(dose(), dose(), dose(intervals(since("", "8 weeks"), from(since("", "16 weeks"), func(i *cdsi.Interval) { i.FromTarget = 1 }))))},
			[]string{"2020-10-01/10", "2020-11-01/10"}, nil, "Not Complete 3 2021-01-21 2021-01-21  "},
		{"FORECASTDTCAN-1: a dose not valid counts as the last", []func(*cdsi.Release){alpha(dose(ages("1 year")))}, []string{"2020-12-31/10"}, nil,
			"Not Complete 1 2020-12-31 2020-12-31  "},
		{"FORECASTDTCAN-1: so does an inadvertent one", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks"), func(d *cdsi.Dose) { d.Inadvertent = []int{11} }))}, []string{"2020-12-31/11"}, nil,
			"Not Complete 1 2020-12-31 2020-12-31  "},
		{"FORECASTDTCAN-1: the past is not cut off", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks", "2 months", "3 months")))}, nil, nil,
			"Not Complete 1 2020-02-12 2020-03-01 2020-03-31 "},
		{"CALCDTCONFLICT-3: any live vaccine against any preferable one", []func(*cdsi.Release){conflicting, alpha(dose(ages("", "6 weeks")))}, []string{"2020-12-31/40"}, nil,
			"Not Complete 1 2021-01-28 2021-01-28  "},
		{"CALCDTCONFLICT-3: the full end, also after a valid dose", []func(*cdsi.Release){conflicting, alpha(dose(), dose())}, []string{"2020-12-31/10"}, nil,
			"Not Complete 2 2021-01-28 2021-01-28  "},
		{"FORECASTDTCAN-1: the season", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks"), season("2020-12-01", "2021-01-01")))}, nil, nil,
			"Not Complete 1 2020-12-01 2020-12-01  "},
		{"7-10: past the season", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks"), season("2020-09-01", "2020-12-31")))}, nil, nil, "Not Recommended"},
		{"7-10: a season left open", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks"), season("2020-09-01", "")))}, nil, nil,
			"Not Complete 1 2020-09-01 2020-09-01  "},
		{"FORECASTDN-1: doses before the season do not count", []func(*cdsi.Release){alpha(dose(season("2020-09-01", "2021-06-30")), dose(season("2020-09-01", "2021-06-30")), dose(season("2020-09-01", "2021-06-30")))},
			[]string{"2020-08-31/10", "2020-09-01/10"}, nil, "Not Complete 2 2020-09-01 2020-09-01  "},
		{"7-10: too old", []func(*cdsi.Release){alpha(dose(ages("", "", "", "", "1 year")))}, nil, nil, "Aged Out"},
		{"7-10: a day before", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks", "", "", "1 year + 1 day")))}, nil, nil,
			"Not Complete 1 2020-02-12 2020-02-12  2021-01-01"},
		{"7-10: cannot finish", []func(*cdsi.Release){alpha(dose(), dose(ages("", "", "", "", "13 months"), intervals(since("", "8 weeks"))))}, []string{"2020-12-31/10"}, nil, "Aged Out"},
		{"7-10: complete", nil, []string{"2020-03-01/10", "2020-04-01/10"}, nil, "Complete"},
		{"7-10: the history suffices", []func(*cdsi.Release){alpha(dose(skipping(cdsi.InForecast, cdsi.Condition{Type: cdsi.ByAge, BeginAge: per("6 months")})))}, nil, nil, "Not Recommended"},
		{"7.1: skipped, and the next dose is due", []func(*cdsi.Release){alpha(dose(skipping(cdsi.InBoth, cdsi.Condition{Type: cdsi.ByAge, BeginAge: per("1 year")})), dose(ages("", "4 years")))}, nil, nil,
			"Not Complete 1 2024-01-01 2024-01-01  "},
		{"7.1: a recurring dose can be skipped", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) { d.Recurring = true }, skipping(cdsi.InBoth, cdsi.Condition{Type: cdsi.ByCount, Compare: ">", Count: 1, Valid: true})))},
			[]string{"2020-03-01/10", "2020-04-01/10"}, nil, "Complete"},
		{"7.6: not needed by the time it could be given", []func(*cdsi.Release){alpha(dose(), dose(intervals(since("", "6 months")), skipping(cdsi.InForecast, cdsi.Condition{Type: cdsi.ByAge, BeginAge: per("15 months")})))},
			[]string{"2020-12-31/10"}, nil, "Complete"},
		{"7-3: evidence of immunity", []func(*cdsi.Release){immune}, nil, saw("002 2020-05-01"), "Immune"},
		{"7-3: immunity before completeness", []func(*cdsi.Release){immune}, []string{"2020-03-01/10", "2020-04-01/10"}, saw("002"), "Immune"},
		{"7-3: observed tomorrow", []func(*cdsi.Release){immune, alpha(dose(ages("", "6 weeks")))}, nil, saw("002 2021-01-02"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"7-3: born before", []func(*cdsi.Release){bornBefore("")}, nil, nil, "Immune"},
		{"7-3: an exclusion", []func(*cdsi.Release){bornBefore(""), alpha(dose(ages("", "6 weeks")))}, nil, saw("003"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"7-3: the country is not known", []func(*cdsi.Release){bornBefore("U.S."), alpha(dose(ages("", "6 weeks")))}, nil, nil, "Not Complete 1 2020-02-12 2020-02-12  "},
		{"7-3: the country", []func(*cdsi.Release){bornBefore("U.S.")}, nil, func(p *Patient) { p.BirthCountry = "USA" }, "Immune"},
		{"7-5: contraindicated", []func(*cdsi.Release){contra("", "")}, nil, saw("001"), "Contraindicated"},
		{"7-5: not by another observation", []func(*cdsi.Release){contra("", ""), alpha(dose(ages("", "6 weeks")))}, nil, saw("002"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"CALCDTCI-1: before the age", []func(*cdsi.Release){contra("1 year + 1 day", ""), alpha(dose(ages("", "6 weeks")))}, nil, saw("001"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"CALCDTCI-1: from the age", []func(*cdsi.Release){contra("1 year", "")}, nil, saw("001"), "Contraindicated"},
		{"CALCDTCI-2: on the end age", []func(*cdsi.Release){contra("", "1 year"), alpha(dose(ages("", "6 weeks")))}, nil, saw("001"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"7-10: complete before contraindicated", []func(*cdsi.Release){contra("", "")}, []string{"2020-03-01/10", "2020-04-01/10"}, saw("001"), "Complete"},
		{"7-6: every preferable vaccine", []func(*cdsi.Release){contraVaccines(all...)}, nil, saw("001"), "Contraindicated"},
		{"7-6: not every one", []func(*cdsi.Release){contraVaccines(all[1:]...), alpha(dose(ages("", "6 weeks")))}, nil, saw("001"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"7-6: one at another age", []func(*cdsi.Release){contraVaccines(append([]cdsi.VaccineWindow{{CVX: 10, EndAge: per("1 year")}}, all[1:]...)...), alpha(dose(ages("", "6 weeks")))}, nil, saw("001"),
			"Not Complete 1 2020-02-12 2020-02-12  "},
		{"a blood product stands in the way for its window", []func(*cdsi.Release){windowed, contra("", "")}, nil, saw("001 2020-10-02"), "Contraindicated"},
		{"and no longer", []func(*cdsi.Release){windowed, contra("", ""), alpha(dose(ages("", "6 weeks")))}, nil, saw("001 2020-10-01"), "Not Complete 1 2020-02-12 2020-02-12  "},
		{"an observation to its last day", []func(*cdsi.Release){contra("", "")}, nil, func(p *Patient) {
			p.Observations = []Observation{{Code: "001", From: on("2020-01-01"), Until: on("2021-01-01")}}
		}, "Contraindicated"},
		{"and not after", []func(*cdsi.Release){contra("", ""), alpha(dose(ages("", "6 weeks")))}, nil, func(p *Patient) {
			p.Observations = []Observation{{Code: "001", From: on("2020-01-01"), Until: on("2020-12-31")}}
		}, "Not Complete 1 2020-02-12 2020-02-12  "},
		{"a medical exemption", nil, nil, func(p *Patient) { p.Exemptions = []Exemption{{VaccineGroup: "Alpha"}} }, "Contraindicated"},
		{"a medical exemption that has ended", []func(*cdsi.Release){alpha(dose(ages("", "6 weeks")))}, nil, func(p *Patient) { p.Exemptions = []Exemption{{VaccineGroup: "Alpha", Until: on("2020-12-31")}} },
			"Not Complete 1 2020-02-12 2020-02-12  "},
		{"nothing says from when", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) { d.Preferable[0].BeginAge = per("2 months") }))}, nil, nil, "Not Complete 1 2020-01-01 2020-01-01  "},
		{"nothing but the age of the vaccine", []func(*cdsi.Release){alpha(dose(func(d *cdsi.Dose) {
			d.Preferable = d.Preferable[:1]
			d.Preferable[0].BeginAge = per("2 months")
		}))}, nil, nil, "Not Complete 1 2020-03-01 2020-03-01  "},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := born(test.doses...)
			if test.change != nil {
				test.change(&p)
			}
			f := world(t, test.world...).Run(p, on("2021-01-01")).Primary("Alpha")
			if got := due(f); got != test.want {
				t.Errorf("forecast = %q, want %q", got, test.want)
			}
			if f.Status != NotComplete && len(f.Reasons) == 0 {
				t.Errorf("no reason for %s", f.Status)
			}
			for _, r := range append(slices.Clone(f.Reasons), f.Basis...) {
				if r.Sentence() == string(r.Code) {
					t.Errorf("reason %q is not put in words", r.Code)
				}
			}
		})
	}
}

// TestVaccines holds the vaccines of a forecast to FORECASTRECVAC-1.
func TestVaccines(t *testing.T) {
	d := dose(ages("", "6 weeks"))
	d.Preferable = []cdsi.PreferableVaccine{
		{VaccineWindow: cdsi.VaccineWindow{CVX: 10, EndAge: per("1 month")}, Forecast: true},
		{VaccineWindow: cdsi.VaccineWindow{CVX: 11}},
		{VaccineWindow: cdsi.VaccineWindow{CVX: 30, BeginAge: per("6 weeks")}, Forecast: true},
	}
	contra := func(rel *cdsi.Release) {
		rel.Antigens[0].Contraindicated = []cdsi.ContraindicatedVaccines{{Observation: "001", Guidance: "Give 11.", Vaccines: []cdsi.VaccineWindow{{CVX: 30}}}}
	}
	s := world(t, alpha(d), contra, func(rel *cdsi.Release) { rel.Antigens[0].Series[0].Guidance = []string{"Mind."} })
	f := s.Run(born(), on("2021-01-01")).Primary("Alpha")
	if diff := cmp.Diff([]string{"30"}, f.Vaccines); diff != "" || !f.Named {
		t.Errorf("vaccines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Mind."}, f.Guidance); diff != "" {
		t.Errorf("guidance (-want +got):\n%s", diff)
	}
	f = s.Run(observing(born(), "001"), on("2021-01-01")).Primary("Alpha")
	if diff := cmp.Diff([]string{"11"}, f.Vaccines); diff != "" || f.Named {
		t.Errorf("vaccines without a contraindicated one (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Mind.", "Give 11."}, f.Guidance); diff != "" {
		t.Errorf("guidance with a contraindicated one (-want +got):\n%s", diff)
	}
}

// TestAlerts sees what cannot be used said, and the rest answered.
func TestAlerts(t *testing.T) {
	s := world(t, conflicting)
	p := observing(born("2020-03-01/10", "2019-12-31/10", "2021-01-02/10", "2020-03-01/999", "2020-03-01/x", "2020-03-01/40"), "999")
	p.Doses = append(p.Doses, Dose{CVX: "10"})
	res := s.Run(p, on("2021-01-01"))
	want := []Alert{{UnknownObservation, -1, "999"}, {DoseBeforeBirth, 1, ""}, {DoseInFuture, 2, ""}, {UnknownVaccine, 3, "999"}, {UnknownVaccine, 4, "x"}, {NoDoseDate, 6, ""}}
	if diff := cmp.Diff(want, res.Alerts); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
	if got := verdicts(res, "Alpha")[0]; got != "Valid" {
		t.Errorf("verdict on the dose that can be used = %s", got)
	}
	many := born()
	for range maxDoses + 1 {
		many.Doses = append(many.Doses, Dose{Date: on("2020-03-01"), CVX: "10"})
	}
	if res := s.Run(many, on("2021-01-01")); len(res.Alerts) != 1 || res.Alerts[0].Code != TooManyDoses || res.Alerts[0].Dose != maxDoses {
		t.Errorf("alerts of more doses than anyone has: %+v", res.Alerts)
	}
	for _, p := range []Patient{{}, born("2020-03-01/10")} {
		asOf := on("2021-01-01")
		if !p.Birth.IsZero() {
			asOf = iis.Date{}
		}
		if res := s.Run(p, asOf); len(res.Alerts) != 1 || len(res.Doses) != len(p.Doses) || len(res.Forecasts) != 0 {
			t.Errorf("without birth or assessment date: %+v", res)
		}
	}
}

// TestComment turns comments of a client into what the engine looks at.
func TestComment(t *testing.T) {
	s := schedule(t)
	asOf := on("2025-11-10")
	for _, test := range []struct {
		code    iis.CommentCode
		applies string
		group   string
		want    SeriesStatus
	}{
		{"immunity-hepb", "2022-05-23", "HepB", Immune},
		{"immunity-hepb", "2025-11-11", "HepB", NotComplete},
		{"refusal-hepb", "2022-05-23", "HepB", NotComplete},
		{"exemption-hepb", "2022-05-23", "HepB", Contraindicated},
		{"cdsi-126", "2025-06-01", "MMR", Contraindicated}, // 6 months
		{"cdsi-126", "2025-05-10", "MMR", NotComplete},
		{"no-such-comment", "2025-05-10", "MMR", NotComplete},
	} {
		p := Patient{Birth: on("2020-01-01"), Gender: iis.Female}
		p.Comment(test.code, on(test.applies))
		if got := s.Run(p, asOf).Primary(test.group).Status; got != test.want {
			t.Errorf("%s of %s makes %s %s, want %s", test.code, test.applies, test.group, got, test.want)
		}
	}
}
