package match

import (
	"math"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xrash/smetrics"

	"openiis.org/iis/internal/sample"
)

// corpus are 4,096 pairs of last names: half of them with one slip, half of two
// people.
func corpus(tb testing.TB) [][2]string {
	tb.Helper()
	draw := rand.New(rand.NewPCG(3, 4))
	var names []string
	seen := map[string]bool{}
	for p := range sample.Population(3, 40_000) {
		if n := Fold(p.Client.Name.Last); len(n) > 3 && len(n) <= 14 && !seen[n] && utf8.RuneCountInString(n) == len(n) {
			seen[n] = true
			names = append(names, n)
		}
	}
	var pairs [][2]string
	for k := range 4096 {
		a := names[draw.IntN(len(names))]
		b := names[draw.IntN(len(names))]
		if k%2 == 0 {
			b = slipped(draw, a)
		}
		pairs = append(pairs, [2]string{a, b})
	}
	return pairs
}

// slipped makes one mistake of typing.
func slipped(draw *rand.Rand, s string) string {
	b := []byte(s)
	i := draw.IntN(len(b))
	switch draw.IntN(4) {
	case 0:
		return string(b[:i]) + string(b[i+1:])
	case 1:
		return string(b[:i]) + string(rune('A'+draw.IntN(26))) + string(b[i:])
	case 2:
		b[i] = byte('A' + draw.IntN(26))
	default:
		i = draw.IntN(len(b) - 1)
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// cpu is the processor time the process has used: unlike the clock, it does not
// count what others on the machine do.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchCorpus measures a comparison with the pattern of the first name ready;
// an operation is one pair.
func benchCorpus(b *testing.B, compare func(p *Pattern, s string)) {
	pairs := corpus(b)
	patterns := make([]*Pattern, len(pairs))
	for i, p := range pairs {
		patterns[i] = NewPattern(p[0])
	}
	b.ReportAllocs()
	k, from := 0, cpu(b)
	for b.Loop() {
		compare(patterns[k], pairs[k][1])
		k = (k + 1) % len(pairs)
	}
	b.ReportMetric(float64(cpu(b)-from)/float64(b.N), "cpu-ns/op")
}

func BenchmarkDistanceCorpus(b *testing.B) {
	benchCorpus(b, func(p *Pattern, s string) { p.Distance(s) })
}

func BenchmarkJaroWinklerCorpus(b *testing.B) {
	benchCorpus(b, func(p *Pattern, s string) { p.JaroWinkler(s) })
}

// TestAgreesWithAnotherLibrary holds the comparisons against github.com/xrash/smetrics,
// which others wrote: Jaro–Winkler to the last digit, and the edit distance,
// which that library has without swapped neighbours, as its bound: the same, or
// less where neighbours changed places.
func TestAgreesWithAnotherLibrary(t *testing.T) {
	for _, p := range corpus(t) {
		a, b := p[0], p[1]
		if got, want := JaroWinkler(a, b), smetrics.JaroWinkler(a, b, 0.7, 4); math.Abs(got-want) > 1e-9 {
			t.Errorf("JaroWinkler(%q, %q) = %v, want %v", a, b, got, want)
		}
		got, plain := Distance(a, b), smetrics.WagnerFischer(a, b, 1, 1, 1)
		if got > plain || got < plain && got < (plain+1)/2 {
			t.Errorf("Distance(%q, %q) = %d, want at most %d and at least half of it", a, b, got, plain)
		}
		if got < plain && !neighboursSwapped(a, b) {
			t.Errorf("Distance(%q, %q) = %d, want %d: no neighbours changed places", a, b, got, plain)
		}
	}
}

// neighboursSwapped reports whether two letters that are neighbours in a stand
// side by side in b the other way round.
func neighboursSwapped(a, b string) bool {
	for i := range len(a) - 1 {
		if a[i] != a[i+1] && strings.Contains(b, string([]byte{a[i+1], a[i]})) {
			return true
		}
	}
	return false
}
