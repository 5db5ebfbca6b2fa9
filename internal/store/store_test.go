package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // a machine without zones still tests them

	"openiis.org/iis"
	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// put stores a text under a key in a table that suits.
func put(ctx context.Context, tx *store.Tx, key, text string) error {
	return tx.Exec(ctx, `INSERT INTO announcement (id, posted, title)
VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title`, key, "2026-11-22", text)
}

// got returns the text under a key, "" if there is none.
func got(t *testing.T, db *store.DB, key string) string {
	t.Helper()
	var text string
	err := db.View(t.Context(), func(tx *store.Tx) error {
		return tx.Scan(t.Context(), []any{&text}, `SELECT COALESCE(max(title), '') FROM announcement WHERE id = $1`, key)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestUpdateAlone runs closures that fail, panic or end their goroutine among
// others that share a commit with them: each undoes its own work only.
func TestUpdateAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		errPlanned := errors.New("planned")
		var wg sync.WaitGroup
		for n := range 40 {
			key := string(rune('A' + n))
			wg.Go(func() {
				ended := false
				defer func() {
					r := recover()
					if panics := n%4 == 2; panics != (r == "planned") {
						t.Errorf("Update(%s) panics with %v", key, r)
					}
					if ended != (n%4 < 2) {
						t.Errorf("Update(%s) returns: %v", key, ended)
					}
				}()
				err := db.Update(ctx, func(tx *store.Tx) error {
					if err := put(ctx, tx, key, "kept"); err != nil {
						return err
					}
					if err := tx.Record(ctx, iis.Event{Action: iis.ActionAnnouncement}); err != nil {
						return err
					}
					switch n % 4 {
					case 1:
						return errPlanned
					case 2:
						panic("planned")
					case 3:
						runtime.Goexit()
					}
					return nil
				})
				ended = true
				switch {
				case n%4 == 0 && err != nil:
					t.Errorf("Update(%s) = %v", key, err)
				case n%4 == 1 && !errors.Is(err, errPlanned):
					t.Errorf("Update(%s) = %v, want %v", key, err, errPlanned)
				}
			})
		}
		wg.Wait()
		for n := range 40 {
			want := ""
			if n%4 == 0 {
				want = "kept"
			}
			if got := got(t, db, string(rune('A'+n))); got != want {
				t.Errorf("after Update %d the text is %q, want %q", n%4, got, want)
			}
		}
		if r := verified(t, db); r.Rows != 10 {
			t.Errorf("VerifyAudit() = %v, want 10 rows", r)
		}
	})
}

func TestUpdateCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *store.Tx) error {
			if err := put(ctx, tx, "before", "kept"); err != nil {
				return err
			}
			cancel()
			return put(ctx, tx, "after", "kept")
		})
		if err != nil {
			t.Errorf("Update cancelled on the way = %v", err)
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { return put(ctx, tx, "later", "kept") }); err != nil {
			t.Errorf("Update cancelled before = %v", err)
		}
		for _, key := range []string{"before", "after", "later"} {
			if got := got(t, db, key); got != "kept" {
				t.Errorf("text %s = %q, want it kept", key, got)
			}
		}
		err = db.View(ctx, func(tx *store.Tx) error {
			return tx.Scan(ctx, []any{new(int)}, `SELECT count(*) FROM announcement`)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("View cancelled before = %v, want context.Canceled", err)
		}
		if got := got(t, db, "before"); got != "kept" {
			t.Errorf("after a cancelled View the text is %q", got)
		}
	})
}

func TestUpdateLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		fillClients(t, db, 1)
		const writers, times = 64, 5
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range times {
					err := db.Update(ctx, func(tx *store.Tx) error {
						c, err := tx.Client(ctx, clientNumber(0))
						if err != nil {
							return err
						}
						c.Version++
						return tx.PutClient(ctx, c)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var version int64
		err := db.View(ctx, func(tx *store.Tx) error {
			c, err := tx.Client(ctx, clientNumber(0))
			version = c.Version
			return err
		})
		if want := int64(1 + writers*times); err != nil || version != want {
			t.Errorf("version after %d increments = %d, %v, want %d", writers*times, version, err, want)
		}
	})
}

// TestUpdateSerializable is the case that tells serializable from less: two
// transactions each read what the other writes.
func TestUpdateSerializable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for round := range 50 {
			a, b := string(rune('a'+round)), string(rune('A'+round))
			var wg sync.WaitGroup
			for _, pair := range [][2]string{{a, b}, {b, a}} {
				wg.Go(func() {
					err := db.Update(ctx, func(tx *store.Tx) error {
						var n int
						err := tx.Scan(ctx, []any{&n}, `SELECT count(*) FROM announcement WHERE id = $1`, pair[0])
						if err != nil || n > 0 {
							return err
						}
						return put(ctx, tx, pair[1], "alone")
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if both := got(t, db, a) + got(t, db, b); both != "alone" {
				t.Fatalf("round %d: both wrote though each saw nothing of the other: %q", round, both)
			}
		}
	})
}

func TestFailedStatement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Update(ctx, func(tx *store.Tx) error {
			if err := put(ctx, tx, "k", "kept"); err != nil {
				return err
			}
			tx.Exec(ctx, `INSERT INTO announcement (id, posted, title) VALUES ($1, $2, $3)`, "k", "2026-11-22", "twice")
			return nil
		})
		if err == nil {
			t.Error("Update with a failed statement = nil")
		}
		if got := got(t, db, "k"); got != "" {
			t.Errorf("Update with a failed statement kept %q", got)
		}
	})
}

func TestErrorsAreDiscreet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.Scan(ctx, []any{new(int64)}, `SELECT CAST($1 AS BIGINT)`, "CANARY")
		})
		if err != nil && strings.Contains(err.Error(), "CANARY") {
			t.Errorf("the error quotes a value: %v", err)
		}
	})
}

func TestViewIsOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		read := func(tx *store.Tx) (text string) {
			err := tx.Scan(ctx, []any{&text}, `SELECT COALESCE(max(title), '') FROM announcement WHERE id = $1`, "k")
			if err != nil {
				t.Error(err)
			}
			return text
		}
		err := db.View(ctx, func(tx *store.Tx) error {
			before := read(tx)
			if err := db.Update(ctx, func(tx *store.Tx) error { return put(ctx, tx, "k", "new") }); err != nil {
				return err
			}
			if after := read(tx); after != before {
				t.Errorf("View sees %q, then %q", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := got(t, db, "k"); got != "new" {
			t.Errorf("the next View sees %q, want new", got)
		}
	})
}

func TestAhead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ran bool
		err := db.Ahead(t.Context(), func(tx *store.Tx) error {
			ran = true
			return put(t.Context(), tx, "k", "written")
		})
		if want := db.Engine() == store.SQLite; ran != want || (err != nil) != want {
			t.Errorf("Ahead on %s ran f: %v, %v; want it run, and kept from writing, on SQLite alone", db.Engine(), ran, err)
		}
		if got := got(t, db, "k"); got != "" {
			t.Errorf("Ahead wrote %q", got)
		}
	})
}

func TestViewCannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.View(t.Context(), func(tx *store.Tx) error { return put(t.Context(), tx, "k", "written") })
		if err == nil || got(t, db, "k") != "" {
			t.Errorf("View that writes = %v, and the text is %q", err, got(t, db, "k"))
		}
	})
}

func TestTxEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var kept *store.Tx
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			kept = tx
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := put(t.Context(), kept, "k", "late"); err == nil {
			t.Error("a statement after the transaction = nil")
		}
	})
}

// TestInstants stores one moment in the clothes of several zones. A TIMESTAMP of
// PostgreSQL drops a zone without converting, so that an hour of New York would
// come back hours off.
func TestInstants(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for _, at := range []time.Time{
			time.Date(2026, 7, 4, 20, 30, 1, 123456789, newYork),
			time.Date(2026, 11, 1, 1, 30, 0, 0, newYork), // comes twice that night
			time.Date(2026, 3, 8, 7, 0, 0, 999999999, time.UTC),
			time.Date(1900, 1, 1, 0, 0, 0, 1000, time.UTC),
			time.Date(2099, 12, 31, 23, 59, 59, 0, time.FixedZone("", 14*3600)),
		} {
			var back time.Time
			var found int
			err := db.Update(ctx, func(tx *store.Tx) error {
				key := iis.NewID()
				if err := tx.Exec(ctx, `INSERT INTO search (id, user_id, organization_id, body, made)
VALUES ($1, 'u', 'o', '{}', $2)`, key, at); err != nil {
					return err
				}
				if err := tx.Scan(ctx, []any{&back}, `SELECT made FROM search WHERE id = $1`, key); err != nil {
					return err
				}
				return tx.Scan(ctx, []any{&found}, `SELECT count(*) FROM search WHERE id = $1 AND made >= $2 AND made < $3`,
					key, at, at.Add(time.Millisecond))
			})
			if want := at.UTC().Truncate(time.Microsecond); err != nil || !back.Equal(want) || back.Hour() != want.Hour() {
				t.Errorf("instant %v comes back as %v, %v", want, back, err)
			}
			if found != 1 {
				t.Errorf("instant %v is not found by itself", at)
			}
		}
	})
}

func TestNow(t *testing.T) {
	newYork := time.FixedZone("New York", -4*3600)
	clock := func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 1999, newYork) }
	for name, db := range map[string]*store.DB{
		"SQLite":     storetest.SQLite(t, store.WithClock(clock)),
		"PostgreSQL": storetest.PostgreSQL(t, store.WithClock(clock)),
	} {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			if want := time.Date(2026, 11, 22, 12, 0, 0, 1000, time.UTC); tx.Now != want {
				t.Errorf("%s: Now = %v, want %v", name, tx.Now, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				for range 50 {
					err := db.Update(ctx, func(tx *store.Tx) error { return put(ctx, tx, "k", "v") })
					if err != nil {
						return
					}
				}
			})
		}
		if err := db.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		wg.Wait()
		for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{"Update": db.Update, "View": db.View} {
			if err := do(ctx, func(*store.Tx) error { return nil }); err == nil {
				t.Errorf("%s after Close = nil", name)
			}
		}
		if err := db.Close(); err != nil {
			t.Errorf("second Close() = %v", err)
		}
	})
}

func TestUnmigrated(t *testing.T) {
	for name, url := range map[string]string{
		"SQLite":     "file:" + filepath.Join(t.TempDir(), "new.db"),
		"PostgreSQL": pgtest.URL(t),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			db, err := store.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if pending, err := db.Pending(ctx); err != nil || !pending {
				t.Errorf("Pending() = %v, %v, want true", pending, err)
			}
			none := func(*store.Tx) error { return nil }
			for _, err := range []error{db.Ready(ctx), db.Update(ctx, none), db.View(ctx, none)} {
				if err == nil || !strings.Contains(err.Error(), "run openiis migrate") {
					t.Errorf("before Migrate: %v, want it to say what to do", err)
				}
			}
			for range 2 {
				if err := db.Migrate(ctx); err != nil {
					t.Fatalf("Migrate() = %v", err)
				}
			}
			if pending, err := db.Pending(ctx); err != nil || pending {
				t.Errorf("Pending() after Migrate = %v, %v, want false", pending, err)
			}
			if err := db.Update(ctx, func(tx *store.Tx) error { return put(ctx, tx, "k", "v") }); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMigrateTogether(t *testing.T) {
	for name, url := range map[string]string{
		"SQLite":     "file:" + filepath.Join(t.TempDir(), "new.db"),
		"PostgreSQL": pgtest.URL(t),
	} {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					db, err := store.Open(t.Context(), url)
					if err != nil {
						t.Error(err)
						return
					}
					defer db.Close()
					if err := db.Migrate(t.Context()); err != nil {
						t.Errorf("Migrate() = %v", err)
					}
				})
			}
			wg.Wait()
		})
	}
}
