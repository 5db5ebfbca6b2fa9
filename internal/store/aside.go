package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Aside runs parts of what a transaction reads; no part may write. On SQLite they run at
// once, on connections of the readers and other processors: as long as nothing was
// written that is not committed, what is committed is what the transaction sees, and it
// keeps everybody else from committing. A part for which no reader is free, all parts
// where something was written, and those on PostgreSQL, where each connection has a
// snapshot of its own, run in the transaction itself, one after the other.
func (tx *Tx) Aside(ctx context.Context, parts ...func(*Tx) error) error {
	if tx.aside == nil || tx.written || len(parts) < 2 {
		for _, part := range parts {
			if err := part(tx); err != nil {
				return err
			}
		}
		return nil
	}
	left := make([]bool, len(parts))
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	var panicked atomic.Value
	for i, part := range parts[1:] {
		errs[i+1] = errPartEnded
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store([1]any{p})
				}
			}()
			left[i+1], errs[i+1] = tx.aside(tx, part)
		})
	}
	func() {
		defer wg.Wait() // whatever becomes of the first
		errs[0] = parts[0](tx)
	}()
	if p, ok := panicked.Load().([1]any); ok {
		panic(p[0]) // on the caller's goroutine, who knows what to do about it
	}
	for i, part := range parts {
		if left[i] {
			errs[i] = part(tx)
		}
		if errs[i] != nil {
			return errs[i]
		}
	}
	return nil
}

var errPartEnded = errors.New("a part of the transaction has ended its goroutine")

// aside runs a part of the writer's turn on a connection of the readers. It waits for
// none: who reads may be waiting for the writer. left is set if none was free.
func (s *sqlite) aside(of *Tx, part func(*Tx) error) (left bool, err error) {
	if !s.enter() {
		return true, nil
	}
	defer s.views.Done()
	select {
	case r := <-s.idle:
		return false, s.viewOn(context.Background(), r, of.db, func(tx *Tx) error {
			tx.Now, tx.within = of.Now, true
			return part(tx)
		})
	default:
		return true, nil
	}
}
