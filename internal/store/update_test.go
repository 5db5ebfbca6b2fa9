package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// BenchmarkUpdate measures transactions a second from 32 callers, on disk: tiny
// ones of one statement, and saves of about ten with the audit trail.
func BenchmarkUpdate(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(b *testing.B) *store.DB
	}{
		{"SQLite", func(b *testing.B) *store.DB { return storetest.SQLite(b) }},
		{"PostgreSQL", func(b *testing.B) *store.DB {
			return openMigrated(b, pgtest.DurableURL(b))
		}},
	} {
		b.Run(engine.name+"/tiny", func(b *testing.B) {
			db := engine.open(b)
			inParallel(b, 32, func(ctx context.Context, n int) error {
				return db.Update(ctx, func(tx *store.Tx) error {
					return tx.Exec(ctx, `INSERT INTO search (id, user_id, organization_id, body, made)
VALUES ($1, $2, $3, $4, $5)`, iis.NewID(), "u", "o", "{}", tx.Now)
				})
			})
		})
		b.Run(engine.name+"/save", func(b *testing.B) {
			db := engine.open(b)
			const clients = 20_000
			fillClients(b, db, clients)
			inParallel(b, 32, func(ctx context.Context, n int) error {
				id := clientNumber(rand.N(clients))
				return db.Update(ctx, func(tx *store.Tx) error { return saveClient(ctx, tx, id) })
			})
		})
	}
}

func openMigrated(t testing.TB, url string, opts ...store.Option) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// inParallel runs f b.N times from so many callers and reports the rate and
// the 99th percentile.
func inParallel(b *testing.B, callers int, f func(ctx context.Context, n int) error) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context()) // as a request's, it can be cancelled
	defer cancel()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= b.N {
					return
				}
				start := time.Now()
				if err := f(ctx, n); err != nil {
					b.Error(err)
					return
				}
				took[n] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
	b.ReportMetric(float64(percentile(took, 99).Microseconds())/1000, "p99-ms")
}

func clientNumber(n int) iis.ClientID { return iis.ClientID(fmt.Sprint(100_000_000 + n)) }

func fillClients(t testing.TB, db *store.DB, n int) {
	t.Helper()
	ctx := t.Context()
	err := db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.PutOrganization(ctx, testClinic); err != nil {
			return err
		}
		for i := range n {
			if err := tx.InsertClient(ctx, iis.Client{
				ID: clientNumber(i), Version: 1, Gender: iis.Female,
				Name:      iis.Name{Last: fmt.Sprint("LAST", i), First: "FIRST"},
				BirthDate: iis.Date{Year: 2009, Month: 9, Day: 21},
				Created:   tx.Now, Updated: tx.Now, UpdatedBy: testClinic.ID,
			}); err != nil {
				return err
			}
			if err := tx.PutMembership(ctx, clientNumber(i), iis.Membership{
				Organization: testClinic.ID, ChartNumber: fmt.Sprint("C", i), Status: iis.Active,
			}); err != nil {
				return err
			}
			if err := tx.PutContact(ctx, clientNumber(i), iis.Contact{ID: "1"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// saveClient does what a Save on the Personal Information screen does.
func saveClient(ctx context.Context, tx *store.Tx, id iis.ClientID) error {
	c, err := tx.Client(ctx, id)
	if err != nil {
		return err
	}
	m, err := tx.Membership(ctx, id, testClinic.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Contacts(ctx, id); err != nil {
		return err
	}
	if _, err := tx.Comments(ctx, id); err != nil {
		return err
	}
	if _, err := tx.Aliases(ctx, id); err != nil {
		return err
	}
	old := c.Phone
	c.Version++
	c.Phone = fmt.Sprint(c.Version)
	c.Updated = tx.Now
	if err := tx.PutClient(ctx, c); err != nil {
		return err
	}
	m.Reminders = !m.Reminders
	if err := tx.PutMembership(ctx, id, m); err != nil {
		return err
	}
	if err := tx.PutContact(ctx, id, iis.Contact{ID: "1", Name: c.Name, Phone: c.Phone}); err != nil {
		return err
	}
	if err := tx.DeleteDraft(ctx, "u", testClinic.ID, id, iis.ScreenClient); err != nil {
		return err
	}
	return tx.Record(ctx, iis.Event{
		Action: iis.ActionUpdate, User: "u", UserName: "clerk", Organization: testClinic.ID, OrgName: testClinic.Name,
		Role: iis.TypicalUser, Client: id,
		Detail: iis.Detail{Version: c.Version, Changes: []iis.Change{{Field: "phone", Old: old, New: c.Phone}}},
	})
}

// percentile returns the value below which p percent of the durations lie.
func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[min(len(d)*p/100, len(d)-1)]
}
