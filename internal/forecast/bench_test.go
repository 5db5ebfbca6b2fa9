package forecast

import (
	"syscall"
	"testing"
	"time"
)

// processor is the time the processor has given this process. On a machine with
// other work it says more than the clock.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRun is a full evaluation over all antigens of CDC's healthy cases, a
// patient an operation.
func BenchmarkRun(b *testing.B) {
	s, err := Shipped()
	if err != nil {
		b.Fatal(err)
	}
	list := readCopy(b, "testdata/healthy.tsv")
	b.ReportAllocs()
	for i := range list { // warm
		s.Run(list[i].patient, list[i].asOf)
	}
	start := processor()
	for i := 0; b.Loop(); i++ {
		c := &list[i%len(list)]
		s.Run(c.patient, c.asOf)
	}
	b.ReportMetric(float64(processor()-start)/float64(b.N)/1000, "cpu-µs/op")
}

// BenchmarkCount is the same with the lengths of the series.
func BenchmarkCount(b *testing.B) {
	s, err := Shipped()
	if err != nil {
		b.Fatal(err)
	}
	list := readCopy(b, "testdata/healthy.tsv")
	b.ReportAllocs()
	start := processor()
	for i := 0; b.Loop(); i++ {
		c := &list[i%len(list)]
		s.Count(c.patient, c.asOf)
	}
	b.ReportMetric(float64(processor()-start)/float64(b.N)/1000, "cpu-µs/op")
}

// BenchmarkShipped makes the schedule ready, as each start of the program does.
func BenchmarkShipped(b *testing.B) {
	b.ReportAllocs()
	start := processor()
	for b.Loop() {
		if _, err := Shipped(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processor()-start)/float64(b.N)/1e6, "cpu-ms/op")
}
