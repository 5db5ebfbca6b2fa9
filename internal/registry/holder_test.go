package registry_test

import (
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// eachURL runs f with the address of a fresh database of each engine.
func eachURL(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, storetest.SQLiteURL(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, storetest.PostgreSQLURL(t)) })
}

func openAt(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestUploadAfterCrash: checking a file, taking it in and taking it back go on at once
// when the program that was at it has ended without a word, and not before.
func TestUploadAfterCrash(t *testing.T) {
	registry.SetUploadStep(t, 3)
	eachURL(t, func(t *testing.T, url string) {
		ctx, db := t.Context(), openAt(t, url)
		reg := uploader(t, db)
		// cut has another program begin with something and end in the midst of it; what
		// it leaves is gone on with.
		cut := func(what string, begin func(other *store.DB, holder string) error) {
			t.Helper()
			other := openAt(t, url)
			if err := begin(other, other.NewHolder(ctx)); err != nil {
				t.Fatal(err)
			}
			if worked, err := reg.Turn(ctx); worked || err != nil {
				t.Errorf("%s: Turn while another program is at it = %t, %v; want nothing to do", what, worked, err)
			}
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			// PostgreSQL takes a moment to notice.
			for until, worked := time.Now().Add(20*time.Second), false; !worked; {
				var err error
				if worked, err = reg.Turn(ctx); err != nil || time.Now().After(until) {
					t.Fatalf("%s: Turn when that program has ended = %t, %v; want work", what, worked, err)
				}
			}
		}
		u := send(t, reg, registry.ImportOfClients, newcomers(10))
		takes := func(other *store.DB, holder string) error {
			if err := registry.New(other, registry.Options{}).WorkUpload(ctx, u.ID, 0); err != nil { // one step
				return err
			}
			return other.Update(ctx, func(tx *store.Tx) error {
				taken, err := tx.TakeUpload(ctx, u.ID, holder, "", 0, tx.Now)
				if err == nil && !taken {
					t.Error("the other program cannot take the file")
				}
				return err
			})
		}
		cut("check", takes)
		if u = uploadNow(t, reg, u.ID); u.State != registry.UploadChecked {
			t.Fatalf("the file is %s, want checked", u.State)
		}
		u = approve(t, reg, u.ID, registry.Approval{})
		cut("taking in", takes)
		if got, want := outcomes(t, reg, u.ID), "10 new"; got != want || uploadNow(t, reg, u.ID).State != registry.UploadTaken {
			t.Fatalf("taken in = %s, want %s", got, want)
		}
		var clients []iis.ClientID
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			clients, err = tx.ImportTouched(ctx, u.Batch, "", 99)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.StartUndo(ctx, sender, u.Batch); err != nil {
			t.Fatal(err)
		}
		cut("undo", func(other *store.DB, holder string) error {
			if err := registry.New(other, registry.Options{}).WorkUndo(ctx, u.Batch, 0); err != nil {
				return err
			}
			return other.Update(ctx, func(tx *store.Tx) error {
				taken, err := tx.TakeUndo(ctx, u.Batch, holder, "", tx.Now)
				if err == nil && !taken {
					t.Error("the other program cannot take the undo")
				}
				return err
			})
		})
		b, _, err := reg.ImportedBatch(ctx, sender, u.Batch)
		if err != nil || b.Undone.IsZero() {
			t.Errorf("the batch is undone %s, %v; want it undone", b.Undone, err)
		}
		if left, err := reg.Turn(ctx); left || err != nil {
			t.Errorf("Turn at the end = %t, %v; want nothing to do", left, err)
		}
		entered, removed := 0, 0
		err = db.View(ctx, func(tx *store.Tx) error {
			entered, removed = 0, 0
			for _, id := range clients {
				events, err := tx.Events(ctx, id, 0)
				if err != nil {
					return err
				}
				for _, e := range events {
					switch e.Action {
					case iis.ActionImport:
						entered++
					case iis.ActionUndoImport:
						removed++
					}
				}
			}
			return nil
		})
		if err != nil || entered != 10 || removed != 10 {
			t.Errorf("%d entered and %d taken back, %v; want 10 and 10", entered, removed, err)
		}
	})
}

// TestSweepAfterCrash: a sweep goes on at once when the program that ran it has ended
// without a word, and not before.
func TestSweepAfterCrash(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		ctx, db := t.Context(), openAt(t, url)
		reg, _ := importer(t, db)
		if err := reg.StartSweep(ctx, operator); err != nil {
			t.Fatal(err)
		}
		other := openAt(t, url)
		holder := other.NewHolder(ctx)
		err := other.Update(ctx, func(tx *store.Tx) error {
			s, err := tx.OpenSweep(ctx)
			if err != nil {
				return err
			}
			_, err = tx.TakeSweep(ctx, s.ID, holder, "", tx.Now)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reg.Sweep(ctx, nil); iis.KindOf(err) != iis.Conflict {
			t.Errorf("Sweep while another program runs it = %v, want a conflict", err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		for until := time.Now().Add(20 * time.Second); ; { // PostgreSQL takes a moment to notice
			s, err := reg.Sweep(ctx, nil)
			if err == nil && !s.Finished.IsZero() {
				break
			}
			if iis.KindOf(err) != iis.Conflict || time.Now().After(until) {
				t.Fatalf("Sweep when that program has ended = %v, finished %s; want it finished", err, s.Finished)
			}
		}
	})
}
