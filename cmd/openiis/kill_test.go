package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// kills is how often the program is killed on each engine.
const kills = 50

// killedClerk is someone who saves one client at a program that may be gone any
// moment, and remembers what was answered.
type killedClerk struct {
	client iis.ClientID
	org    iis.OrganizationID
	http   *http.Client
	tried  int   // number of the last save that was sent
	acked  int   // and of the last that was answered as saved
	all    []int // every one that was
}

// mail is what save number n writes.
func (c *killedClerk) mail(n int) string { return fmt.Sprintf("s%d.%s@example.org", n, c.client) }

// save saves until the program is gone, telling of every answer.
func (c *killedClerk) save(address string, answered func()) error {
	for {
		c.tried++
		form := url.Values{"do": {"save"}, "org": {string(c.org)}, "email": {c.mail(c.tried)}, "middle": {"N" + strconv.Itoa(c.tried)}}
		r, err := c.http.PostForm(address+"/clients/"+string(c.client), form)
		if err != nil {
			return nil // killed: whether this one was saved nobody knows
		}
		_, err = io.Copy(io.Discard, r.Body)
		r.Body.Close()
		if !strings.Contains(r.Header.Get("Location"), "client-updated") {
			return fmt.Errorf("save %d of client %s is answered %s %s", c.tried, c.client, r.Status, r.Header.Get("Location"))
		}
		c.acked = c.tried
		c.all = append(c.all, c.tried)
		answered()
		if err != nil {
			return nil
		}
	}
}

// TestKill kills the program while several clerks save, again and again: it
// starts by itself, its audit trail is whole, and everything that was answered
// as saved is there (F1).
func TestKill(t *testing.T) {
	rounds := kills
	if testing.Short() {
		rounds = 5
	}
	eachEngine(t, func(t *testing.T, address string) {
		fillForKill(t, address)
		s := newSession(t)
		clerks := []*killedClerk{}
		random := rand.New(rand.NewPCG(1, 2))
		started := time.Now()
		for round := range rounds {
			p := s.start("serve", "--database", address, "--listen", "127.0.0.1:0")
			go func() {
				for range p.lines { // so that the program does not wait for its log to be read
				}
			}()
			if round == 0 {
				for _, w := range []struct {
					user    string
					org     iis.OrganizationID
					clients []iis.ClientID
				}{
					{"clerk", sample.TestClinic, []iis.ClientID{sample.Don, sample.OfTwoClinics, sample.SameNameElder}},
					{"admin", sample.TestClinic, []iis.ClientID{sample.Son, sample.BadAddress}},
					{"clerk2", sample.RiversideClinic, []iis.ClientID{sample.LockedElsewhere, sample.OneName, sample.AtSchool}},
				} {
					browser := p.signIn(w.user, sample.Password)
					for _, id := range w.clients {
						clerks = append(clerks, &killedClerk{client: id, org: w.org, http: &http.Client{
							Jar: browser.Jar, Timeout: 20 * time.Second,
							CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
						}})
					}
				}
			}
			moveCookies(t, clerks, p.address)
			// The moment of the kill is that of an answer, which varies by round.
			var answers atomic.Int64
			enough := make(chan struct{})
			after := 1 + random.Int64N(60)
			errs := make([]error, len(clerks))
			var wg sync.WaitGroup
			for i, c := range clerks {
				wg.Go(func() {
					errs[i] = c.save(p.address, func() {
						if answers.Add(1) == after {
							close(enough)
						}
					})
				})
			}
			select {
			case <-enough:
			case <-time.After(time.Minute):
				t.Errorf("round %d: %d answers in a minute, want %d", round, answers.Load(), after)
			}
			if err := p.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-p.done
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			s.run(0, "", "verify-audit", "--database", address)
			afterKill(t, address, clerks, round == rounds-1)
			if t.Failed() {
				t.Fatalf("after round %d", round)
			}
		}
		saves := 0
		for _, c := range clerks {
			saves += len(c.all)
		}
		t.Logf("%d kills among %d saves in %s", rounds, saves, time.Since(started).Round(time.Second))
		p := s.start("serve", "--database", address, "--listen", "127.0.0.1:0")
		p.page(&http.Client{}, "/healthz", 200, "ok")
		p.stop()
	})
}

// fillForKill makes the guide's people and the accounts of the demonstration.
func fillForKill(t *testing.T, address string) {
	t.Helper()
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Migrate(t.Context())
	if err == nil {
		err = demo{Seed: 1}.fill(t.Context(), db, io.Discard)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// moveCookies takes the sessions along to the address the program has now: they
// are kept in the database and outlive it.
func moveCookies(t *testing.T, clerks []*killedClerk, address string) {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clerks {
		c.http.CloseIdleConnections()
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		// A jar knows no ports: what it holds for the machine holds for all.
		jar.SetCookies(to, c.http.Jar.Cookies(to))
		c.http.Jar = jar
	}
}

// afterKill compares the database with what the clerks were answered: of each
// client the record, in the end also the whole trail.
func afterKill(t *testing.T, address string, clerks []*killedClerk, whole bool) {
	t.Helper()
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(t.Context(), func(tx *store.Tx) error {
		for _, c := range clerks {
			got, err := tx.Client(t.Context(), c.client)
			if err != nil {
				return err
			}
			n, _ := strconv.Atoi(strings.TrimPrefix(strings.SplitN(got.Email, ".", 2)[0], "s"))
			if n < c.acked || n > c.tried || n > 0 && (got.Email != c.mail(n) || got.Name.Middle != "N"+strconv.Itoa(n)) {
				t.Errorf("client %s holds %q and %q, want save %d or, not answered, up to %d", c.client, got.Email, got.Name.Middle, c.acked, c.tried)
			}
			if whole {
				if err := inTrail(t.Context(), tx, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inTrail checks that every save that was answered has its event.
func inTrail(ctx context.Context, tx *store.Tx, c *killedClerk) error {
	events, err := tx.EventsSince(ctx, c.client, 0)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, e := range events {
		for _, ch := range e.Detail.Changes {
			if ch.Field == iis.FieldEmail {
				there[ch.New] = true
			}
		}
	}
	for _, n := range c.all {
		if !there[c.mail(n)] {
			return fmt.Errorf("save %d of client %s was answered as saved and is not in the audit trail", n, c.client)
		}
	}
	return nil
}
