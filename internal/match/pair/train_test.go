package pair

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// mistaken returns the records of others, each with some mistakes: letters
// wrong, fields left out, names that changed places.
func mistaken(list []known, seed uint64, mistakes int) []known {
	draw := rand.New(rand.NewPCG(seed, 6))
	all := slices.Clone(list)
	for i := range all {
		for range mistakes {
			f := &all[i].facts
			field := []*string{&f.Last, &f.First, &f.Street, &f.City, &f.Zip, &f.BirthDate}[draw.IntN(6)]
			switch n := draw.IntN(10); {
			case n < 2:
				*field = ""
			case n == 2:
				f.Last, f.First = f.First, f.Last
			default:
				*field = misspelled(draw, *field)
			}
		}
	}
	return all
}

// misspelled changes one character of a text; a digit stays a digit.
func misspelled(draw *rand.Rand, s string) string {
	if len(s) < 3 {
		return s
	}
	b := []byte(s)
	i := 2 + draw.IntN(len(b)-2) // not the century
	switch {
	case b[i] >= '0' && b[i] <= '9':
		b[i] = byte('0' + draw.IntN(10))
	case draw.IntN(2) == 0:
		return string(b[:i]) + string(b[i+1:])
	default:
		b[i] = byte('a' + draw.IntN(26))
	}
	return string(b)
}

// only returns the records with what keep leaves of them.
func only(list []known, keep func(f Facts) Facts) []known {
	all := slices.Clone(list)
	for i := range all {
		all[i].facts = keep(all[i].facts)
	}
	return all
}

func namesAndBirth(f Facts) Facts { return Facts{Last: f.Last, First: f.First, BirthDate: f.BirthDate} }

func single(list []known) []known {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(k known) bool {
		again := seen[k.truth]
		seen[k.truth] = true
		return again
	})
}

// TestTrainingOnMistakes trains on files that are worse than those there are:
// many mistakes in each record, many records of each person, fields that are
// missing throughout. Nothing of that is a household.
func TestTrainingOnMistakes(t *testing.T) {
	a, b := withoutIDs(febrl(t, "dataset4a.csv")), withoutIDs(febrl(t, "dataset4b.csv"))
	noBirth := func(f Facts) Facts { f.BirthDate = ""; return f }
	year := func(f Facts) Facts { f.BirthDate = f.BirthDate[:min(4, len(f.BirthDate))]; return f }
	many := slices.Clone(a[:1000])
	for seed := range uint64(4) {
		many = append(many, mistaken(a[:1000], seed, 3)...)
	}
	people := only(uganda(t), func(f Facts) Facts { return Facts{Last: f.Last, First: f.First, Phone: f.Phone} })
	for _, test := range []struct {
		name          string
		first, second []known
		least         float64 // F1
	}{
		{"three mistakes in each", a, mistaken(a, 1, 3), 0.995},
		{"five mistakes in each", a, mistaken(a, 2, 5), 0.97},
		{"five records of each", many, nil, 0.96},
		{"no birth dates", only(a, noBirth), only(b, noBirth), 0.98},
		{"only the year of birth", only(a, year), only(b, year), 0.99},
		{"names and birth dates", only(a, namesAndBirth), only(b, namesAndBirth), 0.96},
		{"names and telephone", people, nil, 0.985},
		{"thirty records", a[:30], mistaken(a[:30], 3, 1), 0.95},
	} {
		t.Run(test.name, func(t *testing.T) {
			if f := links(t, test.first, test.second, Start(), true); f.f1() < test.least {
				t.Errorf("F1 = %.4f, want %.4f", f.f1(), test.least)
			}
		})
	}
}

// TestTrainingInventsNothing trains on files in which nobody is twice.
func TestTrainingInventsNothing(t *testing.T) {
	people := invented(21, 5000)
	for _, test := range []struct {
		name          string
		first, second func(t testing.TB) []known
	}{
		{"FEBRL", func(t testing.TB) []known { return febrl(t, "dataset4a.csv") }, nil},
		{"FEBRL, names and birth dates", func(t testing.TB) []known { return only(febrl(t, "dataset4a.csv"), namesAndBirth) }, nil},
		{"two files of FEBRL", func(t testing.TB) []known { return febrl(t, "dataset4a.csv")[:2500] },
			func(t testing.TB) []known { return febrl(t, "dataset4a.csv")[2500:] }},
		{"RLdata10000", func(t testing.TB) []known { return single(rldata(t)) }, nil},
		{"households", func(testing.TB) []known { return single(people) }, nil},
		{"households, names and birth dates", func(testing.TB) []known { return only(single(people), namesAndBirth) }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var second []known
			if test.second != nil {
				second = test.second(t)
			}
			if f := links(t, test.first(t), second, Start(), true); f.wrong > 0 {
				t.Errorf("%d are the same, want none", f.wrong)
			}
		})
	}
}

// TestTwinsAreNotMistakes: in a file of names and birth dates alone, twins are
// told from the mistakes of one person's records by how many they are.
func TestTwinsAreNotMistakes(t *testing.T) {
	f := links(t, only(invented(21, 5000), namesAndBirth), nil, Start(), true)
	if f.precision() < 0.95 || f.recall() < 0.8 {
		t.Errorf("precision %.4f, recall %.4f, want 0.95 and 0.8", f.precision(), f.recall())
	}
}
