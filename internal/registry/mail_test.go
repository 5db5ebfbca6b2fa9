package registry_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestMailSent: a mail is sent once, also if two programs want to.
func TestMailSent(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.put("A", "u1")
		w.pass(time.Second)
		w.put("B", "u2")
		if s := w.status(); !s.On || s.Waiting != 2 || !s.Since.Equal(w.clock.read().Add(-time.Second)) || !s.Last.IsZero() {
			t.Errorf("the outbox stands %+v, want two that wait for a second", s)
		}
		w.send()
		w.send()
		w.wantCame("one@example.org <A@example.org>", "two@example.org <B@example.org>")
		w.wantFailed()
		if s := w.status(); s.Waiting != 0 || !s.Last.Equal(w.clock.read()) || len(s.Trouble) != 0 {
			t.Errorf("the outbox stands %+v, want all sent now", s)
		}
		for i := range 12 {
			w.put(fmt.Sprintf("C%d", i), "u1")
		}
		var both sync.WaitGroup
		for range 2 {
			another := registry.New(w.db, registry.Options{Mail: true})
			both.Go(func() {
				for another.SendDue(t.Context(), w.post, func(err error) { t.Errorf("failed: %v", err) }) {
				}
			})
		}
		both.Wait()
		seen := map[string]int{}
		for _, m := range w.came() {
			seen[m]++
		}
		for m, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", m, n)
			}
		}
		if len(seen) != 14 {
			t.Errorf("%d different messages came, want 14", len(seen))
		}
	})
}

// TestMailTriedAgain: after a failure more and more time goes by before the next try,
// and what waits is told to staff.
func TestMailTriedAgain(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.server.Answer("RCPT", "450 4.2.0 <one@example.org> later", "", "451 4.3.0 <one@example.org> later", "")
		w.put("A", "u1")
		w.put("B", "u2")
		w.send()
		w.wantFailed("e-mail A to user u1, try 1, again in 1m0s: the mail server refused the recipient (450)")
		w.wantCame("two@example.org <B@example.org>")
		if s := w.status(); s.Waiting != 1 || len(s.Trouble) != 1 || s.Trouble[0].GivenUp() || s.Trouble[0].UserName != "u1" ||
			s.Trouble[0].Mail.Trouble != "the mail server refused the recipient (450)" || !s.Trouble[0].Next.Equal(w.clock.read().Add(registry.MailPause)) {
			t.Errorf("the outbox stands %+v, want one that was tried", s)
		}
		w.pass(registry.MailPause - time.Second)
		w.send()
		w.wantFailed()
		w.pass(time.Second)
		w.send()
		w.wantFailed("e-mail A to user u1, try 2, again in 2m0s: the mail server refused the recipient (451)")
		w.pass(2 * registry.MailPause)
		w.send()
		w.wantFailed()
		w.wantCame("two@example.org <B@example.org>", "one@example.org <A@example.org>")
		if s := w.status(); s.Waiting != 0 || len(s.Trouble) != 0 {
			t.Errorf("the outbox stands %+v, want no trouble", s)
		}
	})
}

// TestMailSlowServer: the pause before the next try begins where the last one ended,
// however long that took.
func TestMailSlowServer(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		tries := 0
		w.post.Send = func(context.Context, mail.Message) error {
			tries++
			w.pass(registry.MailPause + 30*time.Second)
			return &mail.Error{What: "the mail server refused the recipient", Code: 450}
		}
		w.put("A", "u1")
		w.send()
		w.wantFailed("e-mail A to user u1, try 1, again in 1m0s: the mail server refused the recipient (450)")
		w.pass(registry.MailPause - time.Second)
		if w.send(); tries != 1 {
			t.Errorf("%d tries before the pause has gone by, want 1", tries)
		}
		w.pass(time.Second)
		if w.send(); tries != 2 {
			t.Errorf("%d tries once it has, want 2", tries)
		}
	})
}

// TestMailGivenUp: a recipient who is refused for good is not tried again, nor anybody
// after a day; staff see both for a month.
func TestMailGivenUp(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.server.Answer("RCPT", "550 5.1.1 <one@example.org> unknown", "450 4.2.0 later")
		w.put("A", "u1")
		w.pass(time.Second)
		w.put("B", "u2")
		w.send()
		w.wantFailed("e-mail A to user u1, try 1, given up: the mail server refused the recipient (550)",
			"e-mail B to user u2, try 1, again in 1m0s: the mail server refused the recipient (450)")
		tries, began := 1, w.clock.read()
		for w.status().Waiting > 0 {
			w.failed = nil
			w.pass(time.Minute)
			w.send()
			tries += len(w.failed)
		}
		if took := w.clock.read().Sub(began); took > registry.MailLife || took < registry.MailLife-2*time.Hour || tries < 20 || tries > 40 {
			t.Errorf("given up after %s and %d tries, want about %s and 29", took, tries, registry.MailLife)
		}
		w.wantFailed(fmt.Sprintf("e-mail B to user u2, try %d, given up: the mail server refused the recipient (450)", tries))
		var got []string
		for _, m := range w.status().Trouble {
			got = append(got, fmt.Sprint(m.UserName, " ", m.GivenUp(), " ", m.Mail.Trouble))
		}
		want := []string{"u2 true the mail server refused the recipient (450)", "u1 true the mail server refused the recipient (550)"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("trouble (-want +got):\n%s", diff)
		}
		w.wantCame()

		// What nobody has tried in time is not sent later.
		w.server.Answer("RCPT", "")
		w.put("C", "u1")
		w.pass(registry.MailLife)
		w.send()
		w.wantFailed("e-mail C to user u1, try 1, given up: nothing was sent for a day")
		w.wantCame()
		w.pass(31 * 24 * time.Hour)
		if err := w.reg.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := w.status(); len(s.Trouble) != 0 {
			t.Errorf("after a month the outbox stands %+v, want nothing", s)
		}
	})
}

// TestMailServerGone: while the server does not answer, one mail is tried and the others
// are left alone.
func TestMailServerGone(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.put("A", "u1")
		w.pass(time.Second)
		w.put("B", "u2")
		send, asked := w.post.Send, 0
		w.post.Send = func(context.Context, mail.Message) error {
			asked++
			return &mail.Error{What: "the mail server cannot be reached"}
		}
		w.send()
		if asked != 1 {
			t.Errorf("the server was asked %d times, want 1", asked)
		}
		w.wantFailed("e-mail A to user u1, try 1, again in 1m0s: the mail server cannot be reached")
		w.post.Send = send
		w.send()
		w.wantCame("two@example.org <B@example.org>")
		w.pass(registry.MailPause)
		w.send()
		w.wantCame("two@example.org <B@example.org>", "one@example.org <A@example.org>")
	})
}

// TestMailUnwanted: what is not wanted any more when it could be sent is not sent, and
// what is goes to the address that the account has then.
func TestMailUnwanted(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.put("A", "u1")
		w.put("B", "u2")
		if err := w.reg.TurnMail(t.Context(), iis.Actor{User: "u1"}, false); err != nil {
			t.Fatal(err)
		}
		w.user("u2", "new@example.org")
		w.send()
		w.wantCame("new@example.org <B@example.org>")
		w.wantFailed()
		if s := w.status(); s.Waiting != 0 || len(s.Trouble) != 0 {
			t.Errorf("the outbox stands %+v, want nothing in it", s)
		}
		w.user("u1", "one@example.org\r\nBcc: two@example.org")
		w.put("C", "u1")
		w.send()
		w.wantFailed("e-mail C to user u1, try 1, given up: the message cannot be written: this is no address of one person's e-mail")
		w.wantCame("new@example.org <B@example.org>")
	})
}

// TestMailCutOff: who is cut off between sending a mail and noting it sends it again,
// under the same ID, when his lease has ended; a program that ends leaves what it was
// about to send to the next at once.
func TestMailCutOff(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		w.put("A", "u1")
		send := w.post.Send
		w.post.Send = func(ctx context.Context, m mail.Message) error {
			if err := send(ctx, m); err != nil {
				return err
			}
			panic("killed")
		}
		func() {
			defer func() { recover() }()
			w.send()
		}()
		w.post.Send = send
		w.pass(registry.MailLease - time.Second)
		w.send()
		w.wantCame("one@example.org <A@example.org>")
		w.pass(time.Second)
		w.send()
		w.send()
		w.wantCame("one@example.org <A@example.org>", "one@example.org <A@example.org>")

		w.put("B", "u2")
		ctx, end := context.WithCancel(t.Context())
		w.post.Send = func(ctx context.Context, m mail.Message) error { end(); return ctx.Err() }
		for w.reg.SendDue(ctx, w.post, func(err error) { t.Errorf("failed: %v", err) }) {
		}
		w.post.Send = send
		w.send()
		if got := w.came(); len(got) != 3 || got[2] != "two@example.org <B@example.org>" {
			t.Errorf("messages after the program has ended: %q, want B too", got)
		}
	})
}

// TestRunMail: what the work on a file puts into the outbox is sent at once.
func TestRunMail(t *testing.T) {
	db := storetest.SQLite(t)
	reg := mailer(t, db)
	sent := make(chan mail.Message)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		reg.RunMail(ctx, registry.Post{Site: "Test Registry", Send: func(ctx context.Context, m mail.Message) error {
			select {
			case sent <- m:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}, func(err error) { t.Errorf("failed: %v", err) })
	}()
	for i := range 2 {
		send(t, reg, registry.ImportOfClients, newcomers(3+i))
		behind(t, reg)
		if m := <-sent; m.To != "sender@example.org" {
			t.Errorf("a message to %q", m.To)
		}
	}
	stop()
	<-ended
}

// TestTurnMail: turning e-mail off is a change of the account like others; again it is
// none.
func TestTurnMail(t *testing.T) {
	url := storetest.SQLiteURL(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reg := mailer(t, db)
	for _, on := range []bool{true, false, false, true} {
		if err := reg.TurnMail(t.Context(), sender, on); err != nil {
			t.Fatal(err)
		}
	}
	got := storetest.Texts(t, url, `SELECT user_name || ' ' || detail FROM audit WHERE action = 'user.change' ORDER BY at, seq`)
	want := []string{
		`sender {"changes":[{"f":"mail","o":"on","n":"off"}],"subject":"u-sender","note":"e-mail"}`,
		`sender {"changes":[{"f":"mail","o":"off","n":"on"}],"subject":"u-sender","note":"e-mail"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
