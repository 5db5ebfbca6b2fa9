package store_test

import (
	"fmt"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestAnnouncements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		// The guide's three, the newest first (guide 7).
		want := []iis.Announcement{
			{ID: "n1", Posted: iis.Date{Year: 2020, Month: 7, Day: 8}, Title: "MIIC release 7.22 is live"},
			{ID: "n3", Posted: iis.Date{Year: 2020, Month: 3, Day: 23}, Title: "COVID-19 help desk phone suspension"},
			{ID: "n2", Posted: iis.Date{Year: 2020, Month: 3, Day: 11}, Title: "MIIC release 7.21 is live"},
		}
		put := func(a iis.Announcement) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutAnnouncement(t.Context(), a) })
		}
		list := func(user iis.UserID) []iis.Announcement {
			return ask(t, db, func(tx *store.Tx) ([]iis.Announcement, error) { return tx.Announcements(t.Context(), user) })
		}
		for i := range want {
			put(want[len(want)-1-i])
		}
		same(t, "Announcements", list("u1"), want)

		for range 2 {
			write(t, db, func(tx *store.Tx) error { return tx.ReadAnnouncement(t.Context(), "u1", "n3") })
		}
		put(want[1]) // a correction leaves it read
		same(t, "to another", list("u2"), want)
		want[1].Read = true
		same(t, "to who read one", list("u1"), want)
		same(t, "Announcement", ask(t, db, func(tx *store.Tx) (iis.Announcement, error) {
			return tx.Announcement(t.Context(), "u1", "n3")
		}), want[1])

		remove := func(tx *store.Tx) error { return tx.DeleteAnnouncement(t.Context(), "n3") }
		write(t, db, remove)
		refused(t, db, iis.NotFound, "removing again", remove)
		refused(t, db, iis.NotFound, "a removed one", func(tx *store.Tx) error {
			_, err := tx.Announcement(t.Context(), "u1", "n3")
			return err
		})
		same(t, "after removing", list("u1"), []iis.Announcement{want[0], want[2]})

		for i, s := range nasty {
			want := iis.Announcement{ID: iis.AnnouncementID(fmt.Sprint(i)), Posted: iis.Date{Year: 2026, Month: 1, Day: 1}, Title: s, Body: s + s}
			put(want)
			same(t, "Announcement", ask(t, db, func(tx *store.Tx) (iis.Announcement, error) {
				return tx.Announcement(t.Context(), "u2", want.ID)
			}), want)
		}
	})
}
