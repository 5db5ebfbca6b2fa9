package pair

import (
	"testing"

	"pgregory.net/rapid"

	"openiis.org/iis/internal/match"
)

// TestWeights holds the rules by which a search takes its weights, under any
// policy that can be read, however odd.
func TestWeights(t *testing.T) {
	likelihood := rapid.Float64Range(1e-9, 1)
	rapid.Check(t, func(t *rapid.T) {
		p := &Policy{Version: "drawn", Cap: rapid.Float64Range(-10, 60).Draw(t, "cap"), Fields: map[string]map[string][2]float64{}}
		for f := range fields {
			if f != LastName && !rapid.Bool().Draw(t, "has "+fieldNames[f]) {
				continue
			}
			p.Fields[fieldNames[f]] = map[string][2]float64{}
			for _, g := range fieldGrades[f] {
				if rapid.Bool().Draw(t, "has "+gradeNames[g]) {
					p.Fields[fieldNames[f]][gradeNames[g]] = [2]float64{likelihood.Draw(t, "m"), likelihood.Draw(t, "u")}
				}
			}
		}
		if err := p.prepare(); err != nil {
			t.Fatal(err)
		}
		checkWeights(t, p.Weights())
	})
	checkWeights(t, Start().Weights())
	checkWeights(t, Shipped().Weights())
}

func checkWeights(t rapid.TB, w *match.Weights) {
	t.Helper()
	for name, s := range map[string]match.Scale{"last": w.Last, "first": w.First, "middle": w.Middle, "maiden": w.Maiden, "mother": w.Mother} {
		for l := match.Initial; l <= match.Same; l++ {
			if s[l] < s[l-1] || s[l] > 20 && s[l] == s[l-1] {
				t.Errorf("%s: level %d counts %d, no more than the level below, %d", name, l, s[l], s[l-1])
			}
		}
	}
	for name, s := range map[string]match.Scale{"last": w.Last, "first": w.First, "middle": w.Middle, "maiden": w.Maiden, "mother": w.Mother,
		"birth": w.Birth, "gender": {match.Same: -w.OtherGender, match.Different: w.OtherGender}} {
		if same, different := s[match.Same], s[match.Different]; same <= 0 || different < -same || different > -same/2 || s[match.Unsaid] != 0 {
			t.Errorf("%s: the same counts %d, different %d, unsaid %d", name, same, different, s[match.Unsaid])
		}
		for l, n := range s {
			if n > s[match.Same] {
				t.Errorf("%s: level %d counts %d, the same %d", name, l, n, s[match.Same])
			}
		}
	}
	b := w.Birth
	if !(b[match.SameYear] <= b[match.SameMonth] && b[match.SameMonth] < b[match.Same] && b[match.SameYear] > 0) {
		t.Errorf("the year counts %d, the month %d, the day %d", b[match.SameYear], b[match.SameMonth], b[match.Same])
	}
	if !(w.Swapped < 0 && -w.Swapped <= w.First[match.Same]) || w.AsMiddle >= w.First[match.Same] || w.AsMiddle < 0 {
		t.Errorf("swapped counts %d, as middle name %d, the first name %d", w.Swapped, w.AsMiddle, w.First[match.Same])
	}
	if w.LocalPhone > w.Phone || w.LocalPhone <= 0 || w.Address <= 0 || w.Household <= w.Last[match.Same] {
		t.Errorf("telephone %d, without area code %d, address %d, a household %d", w.Phone, w.LocalPhone, w.Address, w.Household)
	}
}
