package store_test

import (
	"fmt"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestHeldEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		put := func(h store.HeldEntry) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.PutHeldEntry(t.Context(), h) }
		}
		entry := func(code string) store.HeldEntry {
			return ask(t, db, func(tx *store.Tx) (store.HeldEntry, error) { return tx.HeldEntry(t.Context(), code) })
		}
		var want []store.HeldEntry
		for i, s := range nasty {
			h := store.HeldEntry{ID: fmt.Sprint(99 - i), Code: fmt.Sprint("K7X", i), User: "u1", Organization: "a",
				Body: s, Reason: s + "r", Held: noon.Add(time.Duration(i) * time.Second)}
			write(t, db, put(h))
			same(t, "HeldEntry", entry(h.Code), h)
			want = append(want, h)
		}
		list := func(tx *store.Tx) ([]store.HeldEntry, error) { return tx.HeldEntries(t.Context()) }
		same(t, "HeldEntries", ask(t, db, list), want)
		twice := want[0]
		twice.ID = "other"
		refused(t, db, iis.Internal, "a code twice", put(twice))

		var now time.Time
		write(t, db, func(tx *store.Tx) error {
			now = tx.Now
			return tx.ResolveHeldEntry(t.Context(), want[0].Code, "u2", "entered as 6714871")
		})
		done := want[0]
		done.Resolved, done.ResolvedBy, done.Outcome = now, "u2", "entered as 6714871"
		same(t, "resolved", entry(done.Code), done)
		same(t, "HeldEntries that wait", ask(t, db, list), want[1:])
		resolve := func(code string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.ResolveHeldEntry(t.Context(), code, "u1", "again") }
		}
		refused(t, db, iis.Conflict, "resolving again", resolve(done.Code))
		refused(t, db, iis.NotFound, "resolving an unknown one", resolve("none"))
		same(t, "resolved once", entry(done.Code), done)
		refused(t, db, iis.NotFound, "an unknown code", func(tx *store.Tx) error {
			_, err := tx.HeldEntry(t.Context(), "none")
			return err
		})
	})
}
