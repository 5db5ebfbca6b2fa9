package pair

import (
	"flag"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
)

var population = flag.Int("population", 20_000, "how many invented people TestPopulation links")

// invented returns invented people with their truth.
func invented(seed uint64, n int) []known {
	all := make([]known, 0, n)
	for p := range sample.Population(seed, n) {
		truth := p.DuplicateOf
		if truth == "" {
			truth = p.Client.ID
		}
		all = append(all, known{FactsOf(p.Client, p.Aliases, []iis.Membership(p.Memberships)), string(truth)})
	}
	return all
}

func TestPopulation(t *testing.T) {
	all := invented(11, *population)
	for _, train := range []bool{false, true} {
		f := links(t, all, nil, Shipped(), train)
		found := float64(f.right+f.possibleRight) / float64(f.right+f.missed)
		review := 100 * float64(f.possible) / float64(len(all))
		t.Logf("train %v: same right %.4f, found %.4f, to review per 100 %.2f", train, f.precision(), found, review)
		if f.precision() < 0.995 || found < 0.975 || review > 1.5 {
			t.Errorf("train %v: same right %.4f, want 0.995; found %.4f, want 0.975; to review per 100 %.2f, want 1.5", train, f.precision(), found, review)
		}
	}
}
