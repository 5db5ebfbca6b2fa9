package match

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

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
		if n := Fold(p.Client.Name.Last); len(n) > 3 && len(n) <= 14 && !seen[n] && ascii(n) {
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
