package store

import (
	"context"

	"openiis.org/iis"
)

// turn is one caller's place in the queue of the writer. The caller runs f
// itself when it is its turn, so that a panic in f has the caller's stack and a
// goroutine that ends in f is not the writer's.
type turn struct {
	begin  chan error  // nil: the connection is yours
	first  bool        // nobody has written before it what is not committed
	done   chan ending // how f's savepoint ended
	answer chan error  // how the commit went
}

// ending says what became of a savepoint.
type ending int

const (
	released   ending = iota // kept, awaits the commit
	rolledBack               // undone alone
	lost                     // SQLite has given up the whole transaction
)

// write is the writer: it commits batch after batch until Close.
func (s *sqlite) write() {
	for {
		select {
		case t := <-s.queue:
			s.batch(t)
		case <-s.quit:
			return
		}
	}
}

// batch runs a turn and all that wait behind it in one transaction of SQLite,
// and answers them when it is on disk.
func (s *sqlite) batch(t *turn) {
	ctx := context.Background()
	if _, err := s.writer.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		t.begin <- mendSQLite(err)
		return
	}
	var kept []*turn
	whole := true
	for n := 1; t != nil; n++ {
		t.first = n == 1
		t.begin <- nil
		switch <-t.done {
		case released:
			kept = append(kept, t)
		case lost:
			whole = false
		}
		t = nil
		if n < mostBatched && whole {
			select {
			case t = <-s.queue:
			default:
			}
		}
	}

	var err error
	switch {
	case !whole:
		err = errAborted
	case len(kept) > 0:
		_, err = s.writer.ExecContext(ctx, "COMMIT")
	default:
		whole = false
	}
	if err != nil || !whole {
		// After a failed commit SQLite may or may not have rolled back by itself.
		s.writer.ExecContext(ctx, "ROLLBACK")
	}
	if err != nil {
		s.chains.drop() // it has gone on from rows that are not there
	}
	for _, t := range kept {
		t.answer <- mendSQLite(err)
	}
	s.writer.trim()
	select {
	case s.dirty <- struct{}{}:
	default:
	}
	if s.finish.CompareAndSwap(true, false) {
		s.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	}
}

var errAborted = iis.Errorf(iis.Busy, "The database gave up a group of changes. Nothing was saved. Please try again.")

func (s *sqlite) update(ctx context.Context, db *DB, f func(*Tx) error) (err error) {
	t := &turn{begin: make(chan error, 1), done: make(chan ending, 1), answer: make(chan error, 1)}
	select {
	case s.queue <- t:
	case <-s.quit:
		return errClosed
	}
	if err := <-t.begin; err != nil {
		return err
	}
	tx := db.begin(s.writer, true)
	if t.first {
		tx.aside = s.aside
	}
	end := lost
	defer func() {
		if end != released { // f failed, panicked or ended its goroutine
			tx.ended = true
			s.chains.undo(tx)
			end = s.undo(ctx)
			t.done <- end
		}
	}()
	if _, err := s.writer.ExecContext(ctx, "SAVEPOINT one"); err != nil {
		return mendSQLite(err)
	}
	if err := tx.outcome(f(tx)); err != nil {
		return mendSQLite(err)
	}
	if _, err := s.writer.ExecContext(ctx, "RELEASE one"); err != nil {
		return mendSQLite(err)
	}
	end = released
	s.chains.keep(tx) // the next turn goes on from it
	t.done <- released
	return <-t.answer
}

// undo rolls one savepoint back, leaving those of the others as they are. Some
// errors, such as a full disk, make SQLite roll back everything: then there is
// no savepoint any more.
func (s *sqlite) undo(ctx context.Context) ending {
	if _, err := s.writer.ExecContext(ctx, "ROLLBACK TO one"); err != nil {
		return lost
	}
	if _, err := s.writer.ExecContext(ctx, "RELEASE one"); err != nil {
		return lost
	}
	return rolledBack
}
