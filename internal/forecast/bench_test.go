package forecast

import "testing"

// BenchmarkRun is a full evaluation over all antigens of CDC's healthy cases, a
// patient an operation.
func BenchmarkRun(b *testing.B) {
	s, err := Shipped()
	if err != nil {
		b.Fatal(err)
	}
	list := readCopy(b, "testdata/healthy.tsv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c := &list[i%len(list)]
		s.Run(c.patient, c.asOf)
	}
}

// BenchmarkShipped makes the schedule ready, as each start of the program does.
func BenchmarkShipped(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Shipped(); err != nil {
			b.Fatal(err)
		}
	}
}
