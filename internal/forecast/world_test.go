package forecast

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

// A world is a small release to hold single rules to. Vaccine 10 is against
// Alpha, 20 against Beta, 30 against both; 10, 20 and 40, which is against
// nothing, are live and conflict.
func world(t testing.TB, change ...func(*cdsi.Release)) *Schedule {
	t.Helper()
	rel := &cdsi.Release{
		Version: "0",
		Antigens: []cdsi.Antigen{
			{Name: "Alpha", Series: []cdsi.Series{serie("Alpha", dose(), dose())}},
			{Name: "Beta", Series: []cdsi.Series{serie("Beta", dose(), dose())}},
		},
		Groups: []cdsi.Group{{Name: "Alpha", Antigens: []string{"Alpha"}}, {Name: "Beta", Antigens: []string{"Beta"}}},
		Vaccines: []cdsi.Vaccine{
			{CVX: 10, Associations: []cdsi.Association{{Antigen: "Alpha"}}},
			{CVX: 11, Associations: []cdsi.Association{{Antigen: "Alpha"}}},
			{CVX: 20, Associations: []cdsi.Association{{Antigen: "Beta"}}},
			{CVX: 30, Associations: []cdsi.Association{{Antigen: "Alpha"}, {Antigen: "Beta"}}},
		},
	}
	for _, code := range []string{"001", "002", "003", "004"} {
		rel.Observations = append(rel.Observations, cdsi.Observation{Code: code, Title: "observed " + code})
	}
	for _, f := range change {
		f(rel)
	}
	s, err := New(rel)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// conflicting makes 10, 20 and 40 live.
func conflicting(rel *cdsi.Release) {
	for _, a := range []int{10, 20, 40} {
		for _, b := range []int{10, 20, 40} {
			rel.Conflicts = append(rel.Conflicts, cdsi.Conflict{Previous: a, Current: b, Begin: per("1 day"), MinEnd: per("24 days"), End: per("28 days")})
		}
	}
}

// alpha replaces the doses of the series against Alpha.
func alpha(doses ...cdsi.Dose) func(*cdsi.Release) {
	return func(rel *cdsi.Release) { rel.Antigens[0].Series[0].Doses = doses }
}

// alphas replaces the series against Alpha.
func alphas(list ...cdsi.Series) func(*cdsi.Release) {
	return func(rel *cdsi.Release) { rel.Antigens[0].Series = list }
}

// serie is a standard series, the default of series group 1.
func serie(name string, doses ...cdsi.Dose) cdsi.Series {
	return cdsi.Series{Name: name, Group: name, Type: cdsi.Standard, Default: true, SeriesGroup: 1, Priority: "A", Preference: 1, Doses: doses}
}

// dose takes vaccines 10, 11, 20 and 30 at every age.
func dose(change ...func(*cdsi.Dose)) cdsi.Dose {
	d := cdsi.Dose{}
	for _, cvx := range []int{10, 11, 20, 30} {
		d.Preferable = append(d.Preferable, cdsi.PreferableVaccine{VaccineWindow: cdsi.VaccineWindow{CVX: cvx}})
	}
	for _, f := range change {
		f(&d)
	}
	return d
}

func per(s string) cdsi.Period {
	p, err := cdsi.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func on(s string) iis.Date {
	d, err := iis.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// ages is a row of ages: absolute minimum, minimum, earliest and latest
// recommended, maximum.
func ages(list ...string) func(*cdsi.Dose) {
	var p [5]cdsi.Period
	for i, s := range list {
		p[i] = per(s)
	}
	return func(d *cdsi.Dose) {
		d.Ages = append(d.Ages, cdsi.Age{AbsMin: p[0], Min: p[1], EarliestRec: p[2], LatestRec: p[3], Max: p[4]})
	}
}

// since is a row of intervals from the previous dose: absolute minimum, minimum,
// earliest and latest recommended.
func since(list ...string) cdsi.Interval {
	var p [4]cdsi.Period
	for i, s := range list {
		p[i] = per(s)
	}
	return cdsi.Interval{FromPrevious: true, AbsMin: p[0], Min: p[1], EarliestRec: p[2], LatestRec: p[3]}
}

func from(i cdsi.Interval, change func(*cdsi.Interval)) cdsi.Interval {
	i.FromPrevious = false
	change(&i)
	return i
}

func intervals(list ...cdsi.Interval) func(*cdsi.Dose) {
	return func(d *cdsi.Dose) { d.Intervals = append(d.Intervals, list...) }
}

func allowable(list ...cdsi.Interval) func(*cdsi.Dose) {
	return func(d *cdsi.Dose) { d.Allowable = append(d.Allowable, list...) }
}

// skipping skips a dose of a series where all of the conditions hold.
func skipping(context string, conditions ...cdsi.Condition) func(*cdsi.Dose) {
	return func(d *cdsi.Dose) {
		d.Skips = append(d.Skips, cdsi.Skip{Context: context, Sets: []cdsi.Set{{All: len(conditions) > 1, Conditions: conditions}}})
	}
}

// born is a patient born on 2020-01-01 with doses of "date/CVX".
func born(doses ...string) Patient {
	p := Patient{Birth: on("2020-01-01"), Gender: iis.Female}
	for _, d := range doses {
		p.Doses = append(p.Doses, Dose{Date: on(d[:10]), CVX: d[11:]})
	}
	return p
}

func observing(p Patient, list ...string) Patient {
	for _, o := range list {
		obs := Observation{Code: o[:3]}
		if len(o) > 3 {
			obs.From = on(o[4:])
		}
		p.Observations = append(p.Observations, obs)
	}
	return p
}

// verdicts are those on the doses in a vaccine group, with their reasons.
func verdicts(res Result, group string) []string {
	list := []string{}
	for _, d := range res.Doses {
		s := "none"
		for _, e := range d.Evaluations {
			if e.VaccineGroup == group {
				s = string(e.Status)
				for _, r := range e.Reasons {
					s += "; " + r.String()
				}
				if e.Grace {
					s += "; grace"
				}
			}
		}
		list = append(list, s)
	}
	return list
}

// due is a forecast in short: status, number, earliest, recommended, past due,
// latest.
func due(f Forecast) string {
	s := string(f.Status)
	if f.Status == NotComplete {
		s += " " + string(rune('0'+f.Dose)) + " " + f.Earliest.String() + " " + f.Recommended.String() + " " + f.PastDue.String() + " " + f.Latest.String()
	}
	return s
}
