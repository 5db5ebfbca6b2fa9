package store_test

import (
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestDrafts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		// put returns the draft as it must be read again.
		put := func(user iis.UserID, org iis.OrganizationID, d iis.Draft) iis.Draft {
			t.Helper()
			write(t, db, func(tx *store.Tx) error {
				d.Changed = tx.Now
				return tx.PutDraft(t.Context(), user, org, d)
			})
			return d
		}
		draft := func(tx *store.Tx) (iis.Draft, error) {
			return tx.Draft(t.Context(), "u1", "a", "6714871", iis.ScreenClient)
		}
		list := func(user iis.UserID, org iis.OrganizationID) []iis.Draft {
			return ask(t, db, func(tx *store.Tx) ([]iis.Draft, error) { return tx.Drafts(t.Context(), user, org) })
		}
		missing := func(what string) {
			t.Helper()
			refused(t, db, iis.NotFound, what, func(tx *store.Tx) error {
				_, err := draft(tx)
				return err
			})
		}

		missing("no draft yet")
		entry := put("u1", "a", iis.Draft{Changes: []iis.Change{{Field: "last", New: "BRIGHT"}}})
		missing("a draft of a new client only")
		put("u2", "a", iis.Draft{Client: "6714871"})
		put("u1", "b", iis.Draft{Client: "6714871"})
		missing("drafts of another user and organization only")

		var d iis.Draft
		for _, s := range nasty {
			d = put("u1", "a", iis.Draft{
				Client:  "6714871",
				Changes: []iis.Change{{Field: "last", Old: s, New: s + "\u2028\x00"}, {Field: "contact/K1/street", Old: s + "1", New: ""}},
				Contact: "K1", NewContact: true, Tab: s, Confirmed: []string{s}, Reminded: true,
			})
			same(t, "Draft", ask(t, db, draft), d)
		}
		same(t, "Drafts, last changed first", list("u1", "a"), []iis.Draft{d, entry})
		entry = put("u1", "a", entry)
		same(t, "Drafts after another change", list("u1", "a"), []iis.Draft{entry, d})
		same(t, "Drafts where there are none", list("u2", "b"), []iis.Draft(nil))

		for range 2 {
			write(t, db, func(tx *store.Tx) error { return tx.DeleteDraft(t.Context(), "u1", "a", "6714871", iis.ScreenClient) })
			missing("after deleting")
		}
		if got := len(list("u2", "a")) + len(list("u1", "b")); got != 2 {
			t.Errorf("others' drafts after deleting one = %d, want 2", got)
		}

		before := func(at time.Time) (n int64) {
			write(t, db, func(tx *store.Tx) (err error) {
				n, err = tx.DeleteDraftsBefore(t.Context(), at)
				return err
			})
			return n
		}
		if got := before(entry.Changed); got != 2 {
			t.Errorf("DeleteDraftsBefore the last = %d, want 2", got)
		}
		same(t, "the last, changed at that moment", list("u1", "a"), []iis.Draft{entry})
		if got := before(entry.Changed.Add(time.Microsecond)); got != 1 {
			t.Errorf("DeleteDraftsBefore after the last = %d, want 1", got)
		}
	})
}
