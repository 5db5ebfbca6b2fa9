package store_test

import (
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		put := func(s iis.Session) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutSession(t.Context(), s) })
		}
		// of returns the hashes of the user's sessions in order.
		of := func(id iis.UserID) []string {
			var hashes []string
			for _, s := range ask(t, db, func(tx *store.Tx) ([]iis.Session, error) { return tx.SessionsOf(t.Context(), id) }) {
				hashes = append(hashes, s.TokenHash)
			}
			return hashes
		}
		session := func(tx *store.Tx) (iis.Session, error) { return tx.Session(t.Context(), "h1") }

		s := iis.Session{TokenHash: "h1", User: "u1", Created: noon, Seen: noon}
		put(s)
		same(t, "Session", ask(t, db, session), s)
		put(iis.Session{TokenHash: "h1", User: "u2", Organization: "a", Created: noon.Add(time.Hour), Seen: noon.Add(time.Minute)})
		s.Organization, s.Seen = "a", noon.Add(time.Minute)
		same(t, "after a switch", ask(t, db, session), s)

		touch := func(d time.Duration) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.TouchSession(t.Context(), "h1", noon.Add(d)) })
		}
		touch(5 * time.Minute)
		touch(4 * time.Minute) // a slower request that began earlier
		s.Seen = noon.Add(5 * time.Minute)
		same(t, "after touching", ask(t, db, session), s)
		write(t, db, func(tx *store.Tx) error { return tx.TouchSession(t.Context(), "none", noon) })
		refused(t, db, iis.NotFound, "an unknown session", func(tx *store.Tx) error {
			_, err := tx.Session(t.Context(), "none")
			return err
		})

		put(iis.Session{TokenHash: "h2", User: "u1", Created: noon, Seen: noon.Add(time.Hour)})
		put(iis.Session{TokenHash: "h3", User: "u1", Created: noon, Seen: noon.Add(time.Second)})
		put(iis.Session{TokenHash: "h4", User: "u2", Created: noon, Seen: noon})
		same(t, "SessionsOf, last seen first", of("u1"), []string{"h2", "h1", "h3"})
		write(t, db, func(tx *store.Tx) error { return tx.DeleteSessionsOf(t.Context(), "u1", "h1") })
		same(t, "all but one ended", of("u1"), []string{"h1"})
		write(t, db, func(tx *store.Tx) error { return tx.DeleteSession(t.Context(), "h1") })
		write(t, db, func(tx *store.Tx) error { return tx.DeleteSession(t.Context(), "h1") })
		same(t, "all ended", of("u1"), []string(nil))
		write(t, db, func(tx *store.Tx) error { return tx.DeleteSessionsOf(t.Context(), "u2", "") })
		same(t, "another's ended", of("u2"), []string(nil))
	})
}

func TestDeleteExpired(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		idle, absolute := noon.Add(-30*time.Minute), noon.Add(-12*time.Hour)
		for hash, s := range map[string]iis.Session{
			"fresh":    {Created: noon.Add(-time.Hour), Seen: noon},
			"limit":    {Created: absolute, Seen: idle},
			"idle":     {Created: noon.Add(-time.Hour), Seen: idle.Add(-time.Microsecond)},
			"too long": {Created: absolute.Add(-time.Microsecond), Seen: noon},
		} {
			s.TokenHash, s.User = hash, "u1"
			write(t, db, func(tx *store.Tx) error { return tx.PutSession(t.Context(), s) })
		}
		write(t, db, func(tx *store.Tx) error {
			n, err := tx.DeleteExpired(t.Context(), idle, absolute)
			if n != 2 {
				t.Errorf("DeleteExpired = %d, want 2", n)
			}
			return err
		})
		var left []string
		for _, s := range ask(t, db, func(tx *store.Tx) ([]iis.Session, error) { return tx.SessionsOf(t.Context(), "u1") }) {
			left = append(left, s.TokenHash)
		}
		same(t, "left", left, []string{"fresh", "limit"})
	})
}
