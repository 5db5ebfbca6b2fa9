package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// verified returns the report on an audit trail that must be whole.
func verified(t *testing.T, db *store.DB) store.Report {
	t.Helper()
	r, err := db.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("VerifyAudit() = %v", r)
	}
	return r
}

// record writes events in a transaction of their own.
func record(t testing.TB, db *store.DB, events ...iis.Event) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for _, e := range events {
			if err := tx.Record(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for _, text := range nasty {
			want := iis.Event{
				Action: iis.ActionUpdate, User: "u", UserName: text, Organization: "o", OrgName: text,
				Role: iis.HelpDesk, Client: iis.ClientID(iis.NewClientID()),
				Detail: iis.Detail{
					Version: 7, Changes: []iis.Change{{Field: "last", Old: text, New: "x"}}, Confirmed: []string{"last"},
					Reason: text, Found: []iis.ClientID{"6714871"}, Subject: "s", Note: text,
				},
			}
			record(t, db, want)
			err := db.View(ctx, func(tx *store.Tx) error {
				got, err := tx.Events(ctx, want.Client, 10)
				if err != nil {
					return err
				}
				if len(got) != 1 || got[0].Version != 7 || got[0].Seq == 0 || got[0].Chain == "" {
					t.Errorf("Events() = %d events, want one with its version, chain and seq", len(got))
					return nil
				}
				want.At = got[0].At
				if diff := cmp.Diff(want, got[0].Event); diff != "" {
					t.Errorf("event comes back otherwise (-want +got):\n%s", diff)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if r := verified(t, db); r.Rows != int64(len(nasty)) {
			t.Errorf("VerifyAudit() = %v, want %d rows", r, len(nasty))
		}
	})
}

// TestRecordRefusedName records the user name of a sign-in that nobody checked.
func TestRecordRefusedName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db, iis.Event{Action: iis.ActionSignInRefused, UserName: "a\x00b\xff",
			Detail: iis.Detail{Subject: "a\x00b\xff"}})
		verified(t, db)
	})
}

func TestFindEvents(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := store.WithClock(func() time.Time { now = now.Add(time.Second); return now })
	for name, db := range map[string]*store.DB{
		"SQLite": storetest.SQLite(t, clock), "PostgreSQL": storetest.PostgreSQL(t, clock),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			for n := range 10 {
				record(t, db, iis.Event{Action: iis.ActionView, Client: "1", Detail: iis.Detail{Note: fmt.Sprint("view ", n)}})
				record(t, db,
					iis.Event{Action: iis.ActionUpdate, Client: "1", Detail: iis.Detail{Version: int64(n + 2)}},
					iis.Event{Action: iis.ActionView, Client: "2"})
				record(t, db, iis.Event{Action: iis.ActionSearch})
			}
			for _, test := range []struct {
				name  string
				query store.EventQuery
				want  string // versions, or 0 for a view
				count int
			}{
				{"all", store.EventQuery{Client: "1", Limit: 4}, "[11 0 10 0]", 20},
				{"changes", store.EventQuery{Client: "1", Actions: store.ChangeActions, Limit: 3}, "[11 10 9]", 10},
				{"next page", store.EventQuery{Client: "1", Actions: store.ChangeActions, Limit: 3, Offset: 3}, "[8 7 6]", 10},
				{"last page", store.EventQuery{Client: "1", Actions: store.ChangeActions, Limit: 3, Offset: 9}, "[2]", 10},
				{"views", store.EventQuery{Client: "1", Actions: store.ViewActions, Limit: 2}, "[0 0]", 10},
				{"another's", store.EventQuery{Client: "2", Actions: store.ChangeActions}, "[]", 0},
				{"nobody's", store.EventQuery{Client: ""}, "[]", 0},
			} {
				err := db.View(ctx, func(tx *store.Tx) error {
					events, err := tx.FindEvents(ctx, test.query)
					if err != nil {
						return err
					}
					versions := make([]int64, len(events))
					for i, e := range events {
						versions[i] = e.Version
					}
					if got := fmt.Sprint(versions); got != test.want {
						t.Errorf("%s: FindEvents() = versions %s, want %s", test.name, got, test.want)
					}
					n, err := tx.CountEvents(ctx, test.query)
					if err != nil || n != test.count {
						t.Errorf("%s: CountEvents() = %d, %v, want %d", test.name, n, err, test.count)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			err := db.View(ctx, func(tx *store.Tx) error {
				events, err := tx.EventsSince(ctx, "1", 9)
				if len(events) != 2 || events[0].Version != 10 || events[1].Version != 11 {
					t.Errorf("EventsSince(9) = %d events, want versions 10 and 11", len(events))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestAppendOnly asks that the program itself cannot change its audit trail.
func TestAppendOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		record(t, db, iis.Event{Action: iis.ActionView, Client: "1"})
		if err := db.Anchor(ctx); err != nil {
			t.Fatal(err)
		}
		statements := []string{
			`UPDATE audit SET user_name = 'someone else'`,
			`DELETE FROM audit`,
			`UPDATE audit_anchor SET heads = '[]'`,
			`DELETE FROM audit_anchor`,
			`INSERT INTO audit (chain, seq, at, action, user_id, user_name, organization_id, org_name, role, client_id,
	version, detail, prev, hash)
SELECT chain, seq, at, action, user_id, 'x', organization_id, org_name, role, client_id, version, detail, prev, hash
FROM audit
WHERE true
ON CONFLICT (chain, seq) DO UPDATE SET user_name = EXCLUDED.user_name`,
		}
		if db.Engine() == store.PostgreSQL {
			statements = append(statements, `TRUNCATE audit`, `TRUNCATE audit_anchor`, `DROP TABLE audit`,
				`ALTER TABLE audit DISABLE TRIGGER ALL`, `DELETE FROM goose_db_version`,
				`CREATE TABLE x (y TEXT)`)
		} else {
			statements = append(statements, `INSERT OR REPLACE INTO audit (chain, seq, at, action, user_id, user_name,
	organization_id, org_name, role, client_id, version, detail, prev, hash)
SELECT chain, seq, at, action, user_id, 'x', organization_id, org_name, role, client_id, version, detail, prev, hash
FROM audit`)
		}
		for _, s := range statements {
			if err := db.Update(ctx, func(tx *store.Tx) error { return tx.Exec(ctx, s) }); err == nil {
				t.Errorf("%.40s… = nil, want it refused", s)
			}
		}
		if r := verified(t, db); r.Rows != 1 || r.Anchors != 1 {
			t.Errorf("VerifyAudit() = %v, want 1 row and 1 anchor", r)
		}
	})
}

// TestRecordInTheWay puts a foreign row where the next one of the chain
// belongs: one transaction fails, those after it go on in a new chain.
func TestRecordInTheWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		record(t, db, iis.Event{Action: iis.ActionView})
		err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.Exec(ctx, `INSERT INTO audit (chain, seq, at, action, user_id, user_name, organization_id, org_name, role,
	client_id, version, detail, prev, hash)
SELECT chain, seq + 1, at, action, user_id, user_name, organization_id, org_name, role, client_id, version, detail, prev, hash
FROM audit`)
		})
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for range 3 {
			err := db.Update(ctx, func(tx *store.Tx) error { return tx.Record(ctx, iis.Event{Action: iis.ActionView}) })
			if err != nil {
				failed++
			}
		}
		if failed != 1 {
			t.Errorf("%d of 3 records failed, want 1", failed)
		}
	})
}

func TestAnchor(t *testing.T) {
	urls := map[string]string{"SQLite": storetest.SQLiteURL(t), "PostgreSQL": storetest.PostgreSQLURL(t)}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			open := func() *store.DB {
				db, err := store.Open(ctx, url)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			anchors := func(db *store.DB) int64 { return verified(t, db).Anchors }

			db := open()
			if err := db.Anchor(ctx); err != nil || anchors(db) != 0 {
				t.Errorf("Anchor() of an empty trail = %v, and %d anchors", err, anchors(db))
			}
			for range 3 {
				record(t, db, iis.Event{Action: iis.ActionView})
				for range 2 {
					if err := db.Anchor(ctx); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got := anchors(db); got != 3 {
				t.Errorf("%d anchors, want 3: one each time that the chain has grown", got)
			}
			// A process ends without an anchor; the next one sees to it.
			record(t, db, iis.Event{Action: iis.ActionView})
			db.Close()
			db = open()
			db.StartAnchors(time.Hour)
			db.Close()
			db = open()
			defer db.Close()
			if got := anchors(db); got != 4 {
				t.Errorf("%d anchors after Close, want 4", got)
			}
		})
	}
}

func TestAnchorTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.WithoutCancel(t.Context())
		done := make(chan error)
		for range 4 {
			go func() {
				for range 10 {
					record(t, db, iis.Event{Action: iis.ActionView})
					if err := db.Anchor(ctx); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if r := verified(t, db); r.Rows != 40 || r.Anchors == 0 {
			t.Errorf("VerifyAudit() = %v, want 40 rows and anchors", r)
		}
	})
}
