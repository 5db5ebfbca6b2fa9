package pair

import (
	"syscall"
	"testing"
	"time"
)

// cpu is the processor time the process has used: unlike the clock, it does not
// count what others on the machine do.
func cpu(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// benchPairs are candidates among invented people: what a sweep compares.
func benchPairs(tb testing.TB) ([]*Profile, []candidate) {
	book := NewBook(Shipped())
	var all []*Profile
	for _, k := range invented(5, 20_000) {
		p, err := book.Prepare(k.facts)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, p)
	}
	return all, candidates(all, 0)
}

// BenchmarkDecide compares and decides the pairs that are found among invented
// people; an operation is one pair.
func BenchmarkDecide(b *testing.B) {
	all, pairs := benchPairs(b)
	p := Shipped()
	var c Comparer
	b.ReportAllocs()
	k, from := 0, cpu(b)
	for b.Loop() {
		i, j := pairs[k].places()
		p.Decide(&c, all[i], all[j])
		if k++; k == len(pairs) {
			k = 0
		}
	}
	b.ReportMetric(float64(b.N)/(cpu(b)-from).Seconds(), "pairs/cpu-s")
}

// BenchmarkDecideAIRA does the same with AIRA's pairs.
func BenchmarkDecideAIRA(b *testing.B) {
	p := Shipped()
	book := NewBook(p)
	var all []*Profile
	for _, l := range mismo(b, "AIRA-A.txt", true) {
		x, err := book.Prepare(l.a)
		if err != nil {
			b.Fatal(err)
		}
		y, err := book.Prepare(l.b)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, x, y)
	}
	var c Comparer
	b.ReportAllocs()
	k, from := 0, cpu(b)
	for b.Loop() {
		p.Decide(&c, all[k], all[k+1])
		if k += 2; k == len(all) {
			k = 0
		}
	}
	b.ReportMetric(float64(b.N)/(cpu(b)-from).Seconds(), "pairs/cpu-s")
}

func BenchmarkPrepare(b *testing.B) {
	facts := invented(5, 2_000)
	book := NewBook(Shipped())
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		if _, err := book.Prepare(facts[k].facts); err != nil {
			b.Fatal(err)
		}
		k = (k + 1) % len(facts)
	}
}

func TestDecidingAllocatesNothing(t *testing.T) {
	all, pairs := benchPairs(t)
	p := Shipped()
	var c Comparer
	if n := testing.AllocsPerRun(5, func() {
		for _, pr := range pairs[:20_000] {
			i, j := pr.places()
			p.Decide(&c, all[i], all[j])
		}
	}); n != 0 {
		t.Errorf("deciding allocates %v times, want 0", n)
	}
}
