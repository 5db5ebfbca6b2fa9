package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Aside runs parts of what a transaction reads. On SQLite they run at once, on other
// connections and other processors: as long as nothing was written, what is committed is
// what the transaction sees, and it keeps everybody else from committing. Otherwise, and
// on PostgreSQL, where each connection has a snapshot of its own, they run one after the
// other in the transaction itself. No part may write.
func (tx *Tx) Aside(ctx context.Context, parts ...func(*Tx) error) error {
	if tx.aside == nil || tx.written || len(parts) < 2 {
		for _, part := range parts {
			if err := part(tx); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	var panicked atomic.Value
	for i, part := range parts[1:] {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store([1]any{p})
				}
			}()
			errs[i+1] = tx.aside(ctx, tx, part)
		})
	}
	func() {
		defer wg.Wait() // whatever becomes of the first
		errs[0] = parts[0](tx)
	}()
	if p, ok := panicked.Load().([1]any); ok {
		panic(p[0]) // on the caller's goroutine, who knows what to do about it
	}
	return errors.Join(errs...)
}

// aside runs a part of the writer's turn on a connection of the readers.
func (s *sqlite) aside(ctx context.Context, of *Tx, part func(*Tx) error) error {
	return s.view(context.WithoutCancel(ctx), of.db, func(tx *Tx) error {
		tx.Now = of.Now
		return part(tx)
	})
}
