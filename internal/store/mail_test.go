package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// mailAt is the mail of an ID that is to be tried a while from now.
func mailAt(t *testing.T, db *store.DB, id string, ahead time.Duration) (store.Mail, bool) {
	t.Helper()
	due := ask(t, db, func(tx *store.Tx) ([]store.Mail, error) {
		tx.Now = tx.Now.Add(ahead)
		return tx.DueMail(t.Context(), 10)
	})
	for _, m := range due {
		if m.ID == id {
			return m, true
		}
	}
	return store.Mail{}, false
}

// takeMail begins a try of a mail a while from now, and holds it for a minute.
func takeMail(t *testing.T, db *store.DB, m store.Mail, ahead time.Duration) (taken bool) {
	t.Helper()
	write(t, db, func(tx *store.Tx) (err error) {
		tx.Now = tx.Now.Add(ahead)
		taken, err = tx.TakeMail(t.Context(), m, tx.Now.Add(time.Minute))
		return err
	})
	return taken
}

func TestMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		want := store.Mail{ID: "m1", User: "u1", About: store.MailChecked, Kind: "clients", Total: 10_000, Attention: 12, Asks: true}
		write(t, db, func(tx *store.Tx) error {
			want.State, want.Made, want.Next = store.MailWaiting, tx.Now, tx.Now
			return tx.AddMail(t.Context(), want)
		})
		write(t, db, func(tx *store.Tx) error {
			return tx.AddMail(t.Context(), store.Mail{ID: "m2", User: "u2", About: store.MailUndone, Kind: "immunizations"})
		})
		m, due := mailAt(t, db, "m1", 0)
		same(t, "DueMail", m, want)
		if !due || !takeMail(t, db, m, 0) {
			t.Fatal("a new mail is not due, or cannot be taken")
		}
		if takeMail(t, db, m, 0) || takeMail(t, db, m, time.Hour) {
			t.Error("a mail is taken twice by who has read it once")
		}
		if _, due := mailAt(t, db, "m1", 30*time.Second); due {
			t.Error("a mail is due while somebody tries to send it")
		}
		m, due = mailAt(t, db, "m1", time.Hour) // nothing was heard of who has tried
		if !due || m.Tries != 1 || !takeMail(t, db, m, time.Hour) {
			t.Fatalf("an hour later: due %v after %d tries, want it after 1, to be taken", due, m.Tries)
		}

		// What the first still says is not heard any more.
		write(t, db, func(tx *store.Tx) error { return tx.PutOffMail(t.Context(), "m1", 1, tx.Now, "stale") })
		if _, due := mailAt(t, db, "m1", time.Hour); due {
			t.Error("who has lost a mail puts it off")
		}
		var next time.Time
		write(t, db, func(tx *store.Tx) error {
			next = tx.Now.Add(2 * time.Hour)
			return tx.PutOffMail(t.Context(), "m1", 2, next, "busy")
		})
		m, _ = mailAt(t, db, "m1", 3*time.Hour)
		want.Tries, want.Next, want.Trouble = 2, next, "busy"
		same(t, "a mail that was put off", m, want)
		trouble := func(tx *store.Tx) ([]store.Mail, error) { return tx.TroubledMail(t.Context(), 10) }
		same(t, "TroubledMail", ask(t, db, trouble), []store.Mail{want})

		end := func(state store.MailState, trouble string) {
			write(t, db, func(tx *store.Tx) error { return tx.EndMail(t.Context(), "m1", state, trouble) })
		}
		end(store.MailFailed, "refused")
		if got := ask(t, db, trouble); len(got) != 1 || got[0].State != store.MailFailed || got[0].Ended.IsZero() || got[0].Trouble != "refused" {
			t.Errorf("TroubledMail = %v, want the one that was given up", got)
		}
		last := func(tx *store.Tx) (time.Time, error) { return tx.LastMail(t.Context()) }
		if at := ask(t, db, last); !at.IsZero() {
			t.Errorf("LastMail = %s before any was sent", at)
		}
		end(store.MailUnwanted, "")
		if got := ask(t, db, trouble); len(got) != 1 {
			t.Error("a mail that has ended ends again")
		}
		end(store.MailSent, "") // the slow one has sent it after all
		end(store.MailFailed, "refused")
		if got := ask(t, db, trouble); len(got) != 0 || ask(t, db, last).IsZero() {
			t.Errorf("TroubledMail = %v after it was sent, want none", got)
		}

		type counted struct {
			n     int
			since time.Time
		}
		count := func(tx *store.Tx) (c counted, err error) {
			c.n, c.since, err = tx.CountMail(t.Context())
			return c, err
		}
		if got := ask(t, db, count); got.n != 1 || got.since.Before(want.Made) {
			t.Errorf("CountMail = %v, want the second", got)
		}
		write(t, db, func(tx *store.Tx) error { return tx.DeleteMailBefore(t.Context(), tx.Now.Add(time.Second)) })
		if got := ask(t, db, count); got.n != 0 || !got.since.IsZero() {
			t.Errorf("CountMail without any = %v", got)
		}

		add := func(m store.Mail) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				if err := tx.AddMail(t.Context(), m); err != nil {
					return err
				}
				_, err := tx.DueMail(t.Context(), 1)
				return err
			}
		}
		refused(t, db, iis.Internal, "an unknown matter", add(store.Mail{ID: "x", User: "u1", About: "weather", Kind: "clients"}))
		refused(t, db, iis.Internal, "an unknown kind", add(store.Mail{ID: "x", User: "u1", About: store.MailTaken, Kind: "rows"}))
		refused(t, db, iis.Internal, "an unknown user", add(store.Mail{ID: "x", User: "none", About: store.MailTaken, Kind: "clients"}))
	})
}

// TestTakeMailAtOnce: of many who reach for a mail at once, one gets it.
func TestTakeMailAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		write(t, db, func(tx *store.Tx) error {
			return tx.AddMail(t.Context(), store.Mail{ID: "m1", User: "u1", About: store.MailTaken, Kind: "clients"})
		})
		m, _ := mailAt(t, db, "m1", 0)
		var wg sync.WaitGroup
		var got atomic.Int32
		for range 8 {
			wg.Go(func() {
				taken := false
				err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
					taken, err = tx.TakeMail(t.Context(), m, tx.Now.Add(time.Minute))
					return err
				})
				if err != nil {
					t.Errorf("TakeMail = %v", err)
				}
				if taken {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		if got := got.Load(); got != 1 {
			t.Errorf("%d have taken the mail, want 1", got)
		}
	})
}
