package registry_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// benchSaved counts the saves of all runs, so that each sets a phone number of
// its own: a save of what is on file already would cost next to nothing.
var benchSaved atomic.Int64

// benchmarkSave saves the phone of one client after another from so many clerks
// at once, audit included, and reports saves a second and how long one took. With
// a rate, so many saves a second fall due, and how long one took is counted from
// when it was due; without, each clerk saves as soon as the last save is answered.
func benchmarkSave(b *testing.B, r *registry.Registry, ids []iis.ClientID, clerks, rate int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU() + 2)) // as openiis serve does
	var next atomic.Int64
	first := benchSaved.Load()
	next.Store(first)
	last := next.Load() + int64(b.N)
	took := make([][]time.Duration, clerks)
	var wg sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for w := range clerks {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > last {
					return
				}
				id := ids[(n*7919)%int64(len(ids))]
				begun := time.Now()
				if rate > 0 {
					begun = start.Add(time.Duration(n-first) * time.Second / time.Duration(rate))
					time.Sleep(time.Until(begun))
				}
				phone := fmt.Sprintf("651-2%02d-%04d", n/10_000%100, n%10_000)
				out, err := r.SaveClient(b.Context(), clerk, registry.Form{Client: id, Typed: iis.Values{"phone": phone}})
				if err != nil || out != registry.Saved {
					b.Errorf("SaveClient = %q, %v", out, err)
					return
				}
				took[w] = append(took[w], time.Since(begun))
			}
		})
	}
	wg.Wait()
	benchSaved.Store(last)
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/time.Since(start).Seconds(), "saves/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
}
