package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// matchSweep is the command that looks for duplicates among all clients.
type matchSweep struct {
	database
	Memory int `env:"-" placeholder:"MIB" help:"Memory in MiB that the program tries to keep to; half a GiB for a million clients if not given."`
}

func (matchSweep) Help() string {
	return `Compares every client on file with all that have something in common with him, and puts the pairs that are or
may be of one person into the queue of possible duplicates, where people decide. A pair that was told apart before is not
asked about again.

A sweep that was cut off goes on where it ended: run the command again. It can run while the program serves.

Examples:

  openiis match sweep
  openiis match sweep --database postgres://openiis@db/registry`
}

// sweepTry is how often a sweep that another program seems to run is asked for
// again.
const sweepTry = 2 * time.Second

// Run sweeps, and says how far it is.
func (m matchSweep) Run(ctx context.Context, st streams) (err error) {
	if m.Memory != 0 && m.Memory < 64 {
		return fmt.Errorf("%w: --memory is 64 or more", errUsage)
	}
	given := debug.SetMemoryLimit(-1) != math.MaxInt64
	if m.Memory != 0 {
		given = true
		debug.SetMemoryLimit(int64(m.Memory) << 20)
	}
	db, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	reg := registry.New(db, registry.Options{})
	var p *progress
	comparing := false
	begun := time.Now()
	each := func(s registry.Sweeping) {
		if !given {
			debug.SetMemoryLimit(sweepMemory(max(s.Total, s.Read)))
		}
		switch {
		case s.Looked == 0 && !comparing:
			if p == nil {
				p = newProgress(st.err, "clients read", int(s.Total))
			}
			p.at(int(s.Read))
		default:
			if !comparing {
				comparing = true
				p = newProgress(st.err, "clients compared", int(s.Total))
			}
			p.at(int(s.Looked))
		}
	}
	s, err := reg.Sweep(ctx, each)
	for told := false; iis.KindOf(err) == iis.Conflict && ctx.Err() == nil; s, err = reg.Sweep(ctx, each) {
		_, open, failed := reg.OpenSweep(ctx)
		if failed != nil {
			return failed
		}
		if !open {
			fmt.Fprintln(st.out, "The other program has looked through all clients.")
			return nil
		}
		if !told {
			told = true
			fmt.Fprintln(st.err, "Another program runs a sweep, or was cut off in one: waiting to go on with it.")
		}
		select {
		case <-ctx.Done():
		case <-time.After(sweepTry):
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(st.out, "%s clients looked through, %s pairs compared, %s new pairs to review, in %s\n",
		registry.Grouped(int(s.Looked)), registry.Grouped(int(s.Compared)), registry.Grouped(int(s.Found)), time.Since(begun).Round(100*time.Millisecond))
	return nil
}
