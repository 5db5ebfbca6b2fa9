package web_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
)

// BenchmarkHidden measures what the time of an answer tells: it asks in turn for
// a client locked to another organization, for a deceased one and for an ID that
// was never given, and reports the median of each.
func BenchmarkHidden(b *testing.B) {
	s := sqliteSiteFor(b)
	c := s.account("clerk")
	ids := []iis.ClientID{sample.LockedElsewhere, sample.Dead, "5299999"}
	took := make([][]time.Duration, len(ids))
	for b.Loop() {
		for i, id := range ids {
			start := time.Now()
			answer := c.get("/clients/" + string(id))
			took[i] = append(took[i], time.Since(start))
			if answer.status != http.StatusNotFound {
				b.Fatalf("GET a client who is hidden = %d, want %d", answer.status, http.StatusNotFound)
			}
		}
	}
	for i, name := range []string{"locked-µs", "deceased-µs", "unknown-µs"} {
		slices.Sort(took[i])
		b.ReportMetric(float64(took[i][len(took[i])/2].Nanoseconds())/1000, name)
	}
}
