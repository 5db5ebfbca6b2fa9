package main

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// sweepMemory is what the program tries to keep to while it sweeps so many clients:
// their profiles, and a fifth for garbage, of which it otherwise leaves as much again
// lying for speed.
func sweepMemory(clients int64) int64 { return 64<<20 + 450*clients }

// liveMemory is what the program holds now that is not garbage.
func liveMemory() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// sweepOn runs sweeps behind the pages until ctx ends: those that are asked for
// there, those that were cut off, and one a day at the time given, if any.
func sweepOn(ctx context.Context, reg *registry.Registry, at string, zone *time.Location, logger *slog.Logger) error {
	var due chan time.Time
	if at != "" {
		clock, err := time.Parse("15:04", at)
		if err != nil {
			return fmt.Errorf("%w: --sweep-at takes a time of day such as 02:00", errUsage)
		}
		due = make(chan time.Time)
		go daily(ctx, clock.Hour(), clock.Minute(), zone, due)
	}
	go reg.RunSweeps(ctx, due, func() {
		was := debug.SetMemoryLimit(-1)
		defer debug.SetMemoryLimit(was)
		held := liveMemory()
		s, err := reg.Sweep(ctx, func(s registry.Sweeping) {
			if was == math.MaxInt64 { // else the operator knows better
				debug.SetMemoryLimit(held + sweepMemory(max(s.Total, s.Read)))
			}
		})
		switch {
		case err == nil:
			logger.Info("looked for duplicates", "clients", s.Looked, "compared", s.Compared, "found", s.Found)
		case ctx.Err() == nil && iis.KindOf(err) != iis.Conflict:
			logger.Error("look for duplicates", "error", err)
		}
	})
	return nil
}

// daily sends at a time of every day.
func daily(ctx context.Context, hour, minute int, zone *time.Location, due chan<- time.Time) {
	for {
		timer := time.NewTimer(time.Until(nextAt(time.Now().In(zone), hour, minute)))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case now := <-timer.C:
			select {
			case due <- now:
			case <-ctx.Done():
				return
			}
		}
	}
}

// nextAt is the next time after now at which the clock shows hour and minute.
func nextAt(now time.Time, hour, minute int) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, hour, minute, 0, 0, now.Location())
	}
	if at.Hour()*60+at.Minute() < hour*60+minute {
		at = at.Add(time.Hour) // the clock leaves the hour out on this day
	}
	return at
}
