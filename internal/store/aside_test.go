package store_test

import (
	"context"
	"errors"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestAside: parts of a transaction see what it sees, before it has written and after.
func TestAside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		filed(t, db, iis.Client{ID: "1"})
		write(t, db, func(tx *store.Tx) error {
			count := func() (n [3]int64) {
				parts := make([]func(*store.Tx) error, len(n))
				for i := range parts {
					parts[i] = func(part *store.Tx) (err error) {
						if part.Now != tx.Now {
							t.Errorf("part %d happens at %v, want %v", i, part.Now, tx.Now)
						}
						n[i], err = part.CountClients(t.Context())
						return err
					}
				}
				if err := tx.Aside(t.Context(), parts...); err != nil {
					t.Fatal(err)
				}
				return n
			}
			same(t, "before a change", count(), [3]int64{1, 1, 1})
			if err := tx.InsertClient(t.Context(), iis.Client{ID: "2", Version: 1, Gender: iis.UnknownGender, Created: noon, Updated: noon}); err != nil {
				return err
			}
			same(t, "after a change", count(), [3]int64{2, 2, 2})
			return nil
		})
		write(t, db, func(tx *store.Tx) error {
			broken := errors.New("broken")
			err := tx.Aside(t.Context(), func(*store.Tx) error { return nil }, func(*store.Tx) error { return broken })
			if !errors.Is(err, broken) {
				t.Errorf("the error of a part is %v, want %v", err, broken)
			}
			return nil
		})
		func() {
			defer func() { same(t, "what a part panicked with", recover(), any("ouch")) }()
			db.Update(t.Context(), func(tx *store.Tx) error {
				return tx.Aside(t.Context(), func(*store.Tx) error { return nil }, func(*store.Tx) error { panic("ouch") })
			})
		}()
		// Whatever happened, the database goes on.
		write(t, db, func(tx *store.Tx) error { return nil })
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Aside(t.Context(), func(*store.Tx) error { return nil }, func(*store.Tx) error { return nil })
		}); err != nil {
			t.Error(err)
		}
	})
}

// TestAsideAmongOthers: of transactions that are committed together, each sees what the
// one before has written, in its parts too.
func TestAsideAmongOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const clerks, rounds = 8, 10
		errs := make(chan error, clerks)
		for c := range clerks {
			go func() {
				errs <- func() error {
					for i := range rounds {
						id := iis.ClientID(string(rune('A'+c)) + string(rune('A'+i)))
						err := db.Update(t.Context(), func(tx *store.Tx) error {
							n, err := tx.CountClients(t.Context())
							if err != nil {
								return err
							}
							look := func(part *store.Tx) error {
								got, err := part.CountClients(t.Context())
								if err == nil && got != n {
									return errors.New("a part sees other clients than its transaction")
								}
								return err
							}
							if err := tx.Aside(t.Context(), look, look, look); err != nil {
								return err
							}
							return tx.InsertClient(t.Context(), iis.Client{ID: id, Version: 1, Gender: iis.UnknownGender, Created: noon, Updated: noon})
						})
						if err != nil {
							return err
						}
					}
					return nil
				}()
			}()
		}
		for range clerks {
			if err := <-errs; err != nil {
				t.Fatal(err)
			}
		}
		if n := ask(t, db, func(tx *store.Tx) (int64, error) { return tx.CountClients(t.Context()) }); n != clerks*rounds {
			t.Errorf("%d clients are on file, want %d", n, clerks*rounds)
		}
	})
}

// TestAsideUnheeded: like the rest of a change, its parts run on though nobody waits for
// it any more.
func TestAsideUnheeded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *store.Tx) error {
			cancel()
			look := func(tx *store.Tx) error {
				_, err := tx.CountClients(ctx)
				return err
			}
			return tx.Aside(ctx, look, look, look)
		})
		if err != nil {
			t.Errorf("a change whose caller went away = %v, want it done", err)
		}
	})
}

// TestAsideWithoutReaders: while all readers are busy, a change goes on alone.
func TestAsideWithoutReaders(t *testing.T) {
	db := storetest.SQLite(t)
	busy, release, done := make(chan bool), make(chan bool), make(chan error)
	readers := db.Readers()
	for range readers {
		go func() {
			done <- db.View(t.Context(), func(tx *store.Tx) error {
				busy <- true
				<-release
				return nil
			})
		}()
	}
	for range readers {
		<-busy
	}
	look := func(tx *store.Tx) error {
		_, err := tx.CountClients(t.Context())
		return err
	}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Aside(t.Context(), look, look, look) }); err != nil {
		t.Error(err)
	}
	close(release)
	for range readers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
