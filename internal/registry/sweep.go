package registry

import (
	"context"
	"math"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

const (
	// sweepPage is how many clients are read at a time.
	sweepPage = 10_000
	// sweepBeat is how often a running sweep says that it runs; one that has said
	// nothing for sweepLease may be taken over.
	sweepBeat  = 5 * time.Second
	sweepLease = 30 * time.Second
)

// A step of a sweep compares so many clients with all after them; what steps found
// is written after so long, or if it is much.
var (
	sweepStep = 5_000
	sweepWait = time.Second
)

// Sweeping tells how a sweep stands.
type Sweeping struct {
	store.Sweep
	Read int64 // clients read so far by this program, before anything is compared
}

// Running reports whether somebody goes on with the sweep, as far as is known at a
// time.
func (s Sweeping) Running(now time.Time) bool {
	return s.Finished.IsZero() && s.Holder != "" && now.Sub(s.Moved) < sweepLease
}

// LastSweep returns the sweep that was begun last; NotFound if there was none.
func (r *Registry) LastSweep(ctx context.Context, a iis.Actor) (s Sweeping, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return s, err
	}
	return s, r.view(ctx, func(tx *store.Tx) (err error) {
		s.Sweep, err = tx.LastSweep(ctx)
		return err
	})
}

// StartSweep asks for a sweep. RunSweeps goes on with it; if one is open already,
// that is the one.
func (r *Registry) StartSweep(ctx context.Context, a iis.Actor) error {
	if err := r.may(ctx, a, iis.SweepDuplicates); err != nil {
		return err
	}
	err := r.update(ctx, func(tx *store.Tx) error {
		s, err := openSweep(ctx, tx, a.User)
		if err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionSweep, "", iis.Detail{Subject: s.ID})
	})
	if err == nil {
		wake(r.sweeps)
	}
	return err
}

// OpenSweep returns the sweep that is not finished, if there is one.
func (r *Registry) OpenSweep(ctx context.Context) (s Sweeping, open bool, err error) {
	err = r.view(ctx, func(tx *store.Tx) (err error) {
		s.Sweep, err = tx.OpenSweep(ctx)
		return err
	})
	if iis.KindOf(err) == iis.NotFound {
		return s, false, nil
	}
	return s, err == nil, err
}

// openSweep returns the sweep that is not finished, a new one if there is none.
func openSweep(ctx context.Context, tx *store.Tx, by iis.UserID) (store.Sweep, error) {
	s, err := tx.OpenSweep(ctx)
	if iis.KindOf(err) != iis.NotFound {
		return s, err
	}
	total, err := tx.CountClients(ctx)
	if err != nil {
		return s, err
	}
	if err := tx.BeginSweep(ctx, iis.NewID(), by, total); err != nil {
		return s, err
	}
	return tx.OpenSweep(ctx)
}

// wake tells whoever works behind the pages that there is something to do.
func wake(waiting chan<- struct{}) {
	select {
	case waiting <- struct{}{}:
	default:
	}
}

// RunSweeps goes on with sweeps that were asked for or left unfinished, by whatever
// program, until ctx ends. It begins one itself whenever due sends. Sweep is called
// for each: it calls Sweep, and tells whom it concerns if that did not work; what is
// left open is tried again later.
func (r *Registry) RunSweeps(ctx context.Context, due <-chan time.Time, sweep func()) {
	tick := time.NewTicker(sweepLease)
	defer tick.Stop()
	wake(r.sweeps) // a program before this one may have left something
	for {
		var err error
		open := false
		select {
		case <-ctx.Done():
			return
		case <-due:
			open = true
		case <-r.sweeps:
		case <-tick.C:
		}
		if !open {
			var s Sweeping
			s, open, err = r.OpenSweep(ctx)
			open = open && !r.held(ctx, s.Holder, s.Moved, time.Now())
		}
		// If it cannot be asked what is open, the sweep itself says why.
		if (open || err != nil) && ctx.Err() == nil {
			sweep()
		}
	}
}

// Sweep compares every client with all that share a key with him and puts the pairs
// that are or may be one person into the queue. It goes on with a sweep that was
// left unfinished, after its last client: each step writes the pairs it found and
// how far it came in one transaction, so that whatever ends the program loses and
// doubles nothing. Each is told how it stands now and then; it may be nil. A sweep
// that another program runs is a Conflict.
//
// The clients are read once, a page at a time in order of their IDs, and held as
// profiles: about 400 MiB for a million.
func (r *Registry) Sweep(ctx context.Context, each func(Sweeping)) (Sweeping, error) {
	if each == nil {
		each = func(Sweeping) {}
	}
	var s Sweeping
	holder, gone, err := r.newHolder(ctx, func(tx *store.Tx) (string, error) {
		s, err := tx.OpenSweep(ctx)
		if iis.KindOf(err) == iis.NotFound {
			err = nil
		}
		return s.Holder, err
	})
	if err != nil {
		return s, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		var err error
		if s.Sweep, err = openSweep(ctx, tx, ""); err != nil {
			return err
		}
		taken, err := tx.TakeSweep(ctx, s.ID, holder, gone, tx.Now.Add(-sweepLease))
		if err == nil && !taken {
			err = iis.Errorf(iis.Conflict, "Another program runs a sweep now.")
		}
		return err
	})
	if err != nil {
		return s, err
	}
	s.Holder = holder
	err = r.sweep(ctx, &s, each)
	if err != nil && s.Finished.IsZero() {
		// Whoever comes next need not wait for this one; if even this fails, he does.
		_ = r.update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ReleaseSweep(ctx, s.ID, holder) })
	}
	return s, err
}

func (r *Registry) sweep(ctx context.Context, s *Sweeping, each func(Sweeping)) error {
	each(*s)
	var p *pair.Policy
	err := r.view(ctx, func(tx *store.Tx) (err error) {
		p, err = r.policy(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ids, index, err := r.profiles(ctx, s, p, each)
	if err != nil {
		return err
	}
	// Clients up to Reached have been compared with all after them.
	from, _ := slices.BinarySearch(ids, s.Reached+"\x00")
	moved := time.Now()
	var linked []pair.Linked
	compared := 0
	for at := from; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(at+sweepStep, len(ids))
		some, n := index.Link(p, at, to)
		linked, compared = append(linked, some...), compared+n
		at = to
		if at < len(ids) && len(linked) < sweepWrites && time.Since(moved) < sweepWait {
			continue
		}
		if err := r.writeSweep(ctx, s, ids, index, p, linked, compared, at); err != nil {
			return err
		}
		linked, compared, moved = linked[:0], 0, time.Now()
		each(*s)
		if at >= len(ids) {
			return nil
		}
	}
}

// sweepWrites is how many pairs a step finds before it is written: others wait for
// the writer meanwhile.
const sweepWrites = 200

// writeSweep writes what was found up to, but not including, the client at a place.
func (r *Registry) writeSweep(ctx context.Context, s *Sweeping, ids []iis.ClientID, index *pair.Index, p *pair.Policy, linked []pair.Linked, compared, at int) error {
	next := *s
	err := r.update(ctx, func(tx *store.Tx) error {
		next = *s
		next.Compared += int64(compared)
		next.Looked = int64(at)
		if at > 0 {
			next.Reached = ids[at-1]
		}
		for _, l := range linked {
			found, err := tx.FindDuplicate(ctx, store.Duplicate{
				A: ids[l.A], B: ids[l.B], Answer: string(l.Answer), Score: hundredths(l.Score),
				Why: index.Why(p, l), FoundBy: FoundBySweep, Policy: p.Version,
			})
			if err != nil {
				return err
			}
			if found {
				next.Found++
			}
		}
		if at >= len(ids) {
			next.Finished = tx.Now
		}
		next.Moved = tx.Now
		return tx.MoveSweep(ctx, next.Sweep)
	})
	if err == nil {
		*s = next
	}
	return err
}

// hundredths is a score as the queue keeps it.
func hundredths(bits float64) int64 { return int64(math.Round(bits * 100)) }

// profiles reads all clients and makes them ready to be compared, and says now and
// then that the sweep goes on.
func (r *Registry) profiles(ctx context.Context, s *Sweeping, p *pair.Policy, each func(Sweeping)) ([]iis.ClientID, *pair.Index, error) {
	ids := make([]iis.ClientID, 0, s.Total)
	all := make([]*pair.Profile, 0, s.Total)
	book := pair.NewBook(p)
	beat := time.Now()
	err := r.everyone(ctx, func(page []store.Known) error {
		for _, k := range page {
			profile, err := book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
			if err != nil {
				return err
			}
			ids, all = append(ids, k.Client.ID), append(all, profile)
		}
		s.Read = int64(len(ids))
		each(*s)
		if time.Since(beat) < sweepBeat {
			return nil
		}
		beat = time.Now()
		return r.beat(ctx, s)
	})
	if err != nil {
		return nil, nil, err
	}
	s.Total = int64(len(ids))
	if err := r.beat(ctx, s); err != nil {
		return nil, nil, err
	}
	book.Close()
	index := pair.NewIndex(all)
	return ids, index, r.beat(ctx, s)
}

// everyone calls f with all clients who are not merged into others, a page at a time
// in order of their IDs, each page as it stands when it is read.
func (r *Registry) everyone(ctx context.Context, f func(page []store.Known) error) error {
	var last iis.ClientID
	for {
		var page []store.Known
		err := r.view(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.KnownAfter(ctx, last, sweepPage)
			return err
		})
		if err == nil {
			err = f(page)
		}
		if err != nil || len(page) < sweepPage {
			return err
		}
		last = page[len(page)-1].Client.ID
	}
}

// beat says that the sweep goes on.
func (r *Registry) beat(ctx context.Context, s *Sweeping) error {
	return r.update(ctx, func(tx *store.Tx) error { return tx.MoveSweep(ctx, s.Sweep) })
}
