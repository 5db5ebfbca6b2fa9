package store_test

import (
	"sync"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestSchedules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		current := func() string {
			return ask(t, db, func(tx *store.Tx) (string, error) { return tx.CurrentSchedule(t.Context()) })
		}
		list := func() []iis.Schedule {
			return ask(t, db, func(tx *store.Tx) ([]iis.Schedule, error) { return tx.Schedules(t.Context()) })
		}
		body := func(hash string) []byte {
			return ask(t, db, func(tx *store.Tx) ([]byte, error) { return tx.ScheduleBody(t.Context(), hash) })
		}
		use := func(hash string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.UseSchedule(t.Context(), hash) }
		}
		put := func(s iis.Schedule, compact string) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutSchedule(t.Context(), s, []byte(compact)) })
		}
		same(t, "CurrentSchedule of a new database", current(), "")
		same(t, "Schedules of a new database", list(), []iis.Schedule{})

		// Two of one version, told apart by their hash.
		old := iis.Schedule{Hash: "aa01", Version: "4.64", Source: nasty[3], LoadedBy: "clerk"}
		fresh := iis.Schedule{Hash: "bb02", Version: "4.64", Source: "mended", LoadedBy: "root (command line)"}
		put(old, "one")
		put(fresh, "two")
		put(iis.Schedule{Hash: "aa01", Version: "5", Source: "x", LoadedBy: "x"}, "\x00\xff one")
		got := list()
		for i := range got {
			if got[i].Loaded.IsZero() {
				t.Errorf("schedule %s has no moment of loading", got[i].Hash)
			}
			got[i].Loaded = old.Loaded
		}
		same(t, "Schedules", got, []iis.Schedule{fresh, old})
		same(t, "ScheduleBody", string(body("aa01")), "\x00\xff one")
		refused(t, db, iis.NotFound, "the body of an unknown schedule", func(tx *store.Tx) error {
			_, err := tx.ScheduleBody(t.Context(), "cc03")
			return err
		})

		same(t, "CurrentSchedule before a choice", current(), "")
		for _, hash := range []string{"aa01", "aa01", "bb02", "", "", "aa01"} {
			write(t, db, use(hash))
			same(t, "CurrentSchedule after UseSchedule "+hash, current(), hash)
		}
		if err := db.Update(t.Context(), use("cc03")); err == nil {
			t.Error("UseSchedule of an unknown schedule succeeds")
		}
		same(t, "CurrentSchedule after a refusal", current(), "aa01")
	})
}

// TestUseScheduleAtOnce lets many choose at once: all succeed, and one choice
// stands.
func TestUseScheduleAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		hashes := []string{"a", "b", "c"}
		write(t, db, func(tx *store.Tx) error {
			for _, h := range hashes {
				if err := tx.PutSchedule(t.Context(), iis.Schedule{Hash: h, Version: h}, []byte(h)); err != nil {
					return err
				}
			}
			return nil
		})
		var wg sync.WaitGroup
		for n := range 12 {
			wg.Go(func() {
				err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.UseSchedule(t.Context(), hashes[n%3]) })
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var rows int
		err := db.View(t.Context(), func(tx *store.Tx) error {
			return tx.Scan(t.Context(), []any{&rows}, `SELECT count(hash) FROM schedule_current`)
		})
		if err != nil || rows != 1 {
			t.Errorf("%d rows say what is current, want 1 (%v)", rows, err)
		}
	})
}
