package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestVocabulary(t *testing.T) {
	var v Vocabulary
	if got := v.Near(nil, "DUCK"); got != nil {
		t.Errorf("Near in an empty vocabulary = %q", got)
	}
	if n := v.Add("DUCK", "DUKE", "DICK", "DUCK", "", "GOOSE", "DUCKS", "UDCK", "ИВАН"); n != 7 {
		t.Errorf("Add = %d new names, want 7", n)
	}
	if n := v.Add("DUCK"); n != 0 || v.Len() != 7 || !v.Has("DUCK") || v.Has("DUC") {
		t.Errorf("adding again = %d, Len %d, Has %v %v", n, v.Len(), v.Has("DUCK"), v.Has("DUC"))
	}
	for name, want := range map[string][]string{
		"DUCK":  {"DUCKS", "UDCK", "DICK"},
		"DUK":   {"DUCK", "DUKE"},
		"ИВАНА": {"ИВАН"},
		"MOOSE": {"GOOSE"},
		"XYZ":   nil,
	} {
		got := v.Near(nil, name)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Near(%s) -want +got\n%s", name, diff)
		}
	}
}

// TestVocabularyAgreesWithLookingAtAll adds names in pieces of any size and
// compares with a search through the list.
func TestVocabularyAgreesWithLookingAtAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringMatching(`[A-D]{1,7}`), 0, 400).Draw(t, "names")
		var v Vocabulary
		for rest := names; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			v.Add(rest[:n]...)
			rest = rest[n:]
		}
		asked := rapid.StringMatching(`[A-D]{1,7}`).Draw(t, "asked")
		var want []string
		for _, n := range names {
			if Distance(asked, n) == 1 && !slices.Contains(want, n) {
				want = append(want, n)
			}
		}
		got := v.Near(nil, asked)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("Near(%s) -want +got\n%s", asked, diff)
		}
	})
}

func TestVocabularyWhileItGrows(t *testing.T) {
	var v Vocabulary
	v.Add("DUCK")
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := v.Near(nil, "DUKC"); !slices.Contains(got, "DUCK") {
					t.Errorf("Near(DUKC) = %q while names are added", got)
					return
				}
			}
		})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3_000 {
		b := make([]byte, 3+r.IntN(8))
		for i := range b {
			b[i] = 'A' + byte(r.IntN(26))
		}
		v.Add(string(b))
	}
	close(stop)
	wg.Wait()
	e := v.edition()
	if !slices.IsSorted(e.large) || !slices.IsSorted(e.tail) || len(e.large) == 0 {
		t.Errorf("arrays of %d and %d entries are not both sorted, or none was merged", len(e.large), len(e.tail))
	}
}

func BenchmarkNear(b *testing.B) {
	var v Vocabulary
	r := rand.New(rand.NewPCG(1, 2))
	names := make([]string, 140_000)
	for i := range names {
		name := make([]byte, 5+r.IntN(6))
		for j := range name {
			name[j] = "AAEEIOUNRSTLMKDBCG"[r.IntN(18)]
		}
		names[i] = string(name)
	}
	v.Add(names...)
	var dst []string
	i := 0
	for b.Loop() {
		dst = v.Near(dst[:0], names[i%len(names)])
		i++
	}
	b.ReportMetric(float64(v.Len()), "names")
}

func ExampleVocabulary() {
	var v Vocabulary
	v.Add("DUCK", "DICK", "DRAKE")
	fmt.Println(v.Near(nil, "DUK"))
	// Output: [DUCK]
}
