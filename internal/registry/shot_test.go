package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
)

// TestFold folds the reports of one shot whatever the order they came in, and
// keeps apart what are two.
func TestFold(t *testing.T) {
	tests := map[string]struct {
		vaccines []string   // of one day, in the order entered
		want     [][]string // vaccines of the reports of each shot
	}{
		"once":                        {[]string{"20"}, [][]string{{"20"}}},
		"twice":                       {[]string{"20", "20"}, [][]string{{"20", "20"}}},
		"with and without zeros":      {[]string{"8", "08"}, [][]string{{"08", "08"}}},
		"formulation not told":        {[]string{"107", "20"}, [][]string{{"107", "20"}}},
		"formulation not told, after": {[]string{"20", "107"}, [][]string{{"20", "107"}}},
		"two, and one not told":       {[]string{"107", "20", "106"}, [][]string{{"107", "20"}, {"106"}}},
		"a combination and a part":    {[]string{"110", "107"}, [][]string{{"110"}, {"107"}}},
		"not told twice":              {[]string{"107", "107"}, [][]string{{"107", "107"}}},
	}
	each(t, registry.Options{}, func(t *testing.T, w world) {
		year := 2011
		for name, test := range tests {
			id := w.don(t)
			date := iis.Date{Year: year, Month: 5, Day: 6}
			year++
			for i, v := range test.vaccines {
				dose := iis.DoseID(date.String() + string(rune('a'+i)))
				row := map[iis.DoseID]map[string]string{dose: given(iis.Historical, date.US(), v)}
				for range 2 { // that there is one that day is asked about once
					if w.saveDoses(t, clerk, id, row) == registry.Saved {
						break
					}
				}
			}
			var got [][]string
			for _, s := range w.immunizations(t, clerk, id).Shots {
				if s.Dose.Date != date {
					continue
				}
				var list []string
				for _, d := range s.Reports() {
					list = append(list, string(d.Vaccine))
				}
				slices.Sort(list)
				got = append(got, list)
			}
			for _, l := range test.want {
				slices.Sort(l)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: shots of %v (-want +got):\n%s", name, test.vaccines, diff)
			}
		}
	})
}

// TestVerdictOfAll: whose report speaks for a shot depends on who looks, what it
// counts for does not.
func TestVerdictOfAll(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		save := func(a iis.Actor, dose iis.DoseID, row map[string]string) {
			t.Helper()
			for range 2 {
				if w.saveDoses(t, a, id, map[iis.DoseID]map[string]string{dose: row}) == registry.Saved {
					return
				}
			}
			t.Fatalf("dose %s was not saved", dose)
		}
		full := given(iis.Administered, "10/01/2010", "03")
		less := given(iis.Historical, "10/01/2010", "03")
		less["subpotent"] = iis.Yes
		save(clerk2, "d1", full)
		save(clerk, "d2", less)
		ours, theirs := w.immunizations(t, clerk, id), w.immunizations(t, clerk2, id)
		if len(ours.Shots) != 1 || ours.Shots[0].Dose.ID != "d2" || theirs.Shots[0].Dose.ID != "d1" {
			t.Errorf("shots = %v and %v, want each organization's own report first", ours.Shots, theirs.Shots)
		}
		if diff := cmp.Diff(theirs.Result, ours.Result); diff != "" {
			t.Errorf("the verdict depends on who looks (-theirs +ours):\n%s", diff)
		}
	})
}

// TestGivenAgain: a full dose that was given on the day of one that was not counts,
// and is not taken for another report of it.
func TestGivenAgain(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		less := given(iis.Administered, "10/01/2010", "03")
		less["subpotent"] = iis.Yes
		rows := map[iis.DoseID]map[string]string{"d1": less, "d2": given(iis.Administered, "10/01/2010", "03")}
		for range 2 { // the one that does not count is asked about once
			if w.saveDoses(t, clerk, id, rows) == registry.Saved {
				break
			}
		}
		m := w.immunizations(t, clerk2, id)
		got := map[iis.DoseID]forecast.EvaluationStatus{}
		for i, s := range m.Shots {
			got[s.Dose.ID] = m.Result.Doses[i].Evaluations[0].Status
		}
		want := map[iis.DoseID]forecast.EvaluationStatus{"d1": forecast.Substandard, "d2": forecast.Valid}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("verdicts (-want +got):\n%s", diff)
		}
	})
}
