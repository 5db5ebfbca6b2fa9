package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/webtest"
)

const (
	promise = "If it takes longer, we will e-mail you when it is done."
	ask     = "Tell me when work on a file I sent has ended"
)

// says checks whether a page that is there says a thing.
func (c *caller) says(path, text string, want bool) {
	c.s.t.Helper()
	g := c.get(path)
	if got := strings.Contains(words(g.body), text); g.status != http.StatusOK || got != want {
		c.s.t.Errorf("GET %s = %d, says %q: %v, want %v", path, g.status, text, got, want)
	}
}

// changeUser changes an account past every rule.
func (s *site) changeUser(id iis.UserID, change func(*iis.User)) {
	s.t.Helper()
	err := s.db.Update(s.t.Context(), func(tx *store.Tx) error {
		u, err := tx.User(s.t.Context(), id)
		if err != nil {
			return err
		}
		change(&u)
		return tx.PutUser(s.t.Context(), u)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// noMail reports whether a user wants no e-mail.
func (s *site) noMail(id iis.UserID) (no bool) {
	s.t.Helper()
	s.view(func(ctx context.Context, tx *store.Tx) error {
		u, err := tx.User(ctx, id)
		no = u.NoMail
		return err
	})
	return no
}

// TestMailPromise: the page of a file promises an e-mail to whom one is sent.
func TestMailPromise(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.halfChecked()
		admin := s.account("admin")
		turn := func(on string) {
			t.Helper()
			if g := admin.post("/account", url.Values{"do": {"mail"}, "mail": {on}}); g.status != http.StatusSeeOther || g.header.Get("Location") != "/account?done=mail" {
				t.Fatalf("POST /account = %d %s", g.status, g.header.Get("Location"))
			}
		}
		admin.says(at, promise, true)
		admin.says("/account", ask, true)
		turn("")
		admin.says(at, promise, false)
		admin.says(at, "You can leave this page and come back", true)
		turn(iis.Yes)
		admin.says(at, promise, true)
		s.changeUser(demoAdmin.User, func(u *iis.User) { u.Email = "" })
		admin.says(at, promise, false)
		admin.says("/account", "There is no e-mail address on your account", true)
		s.changeUser(demoAdmin.User, func(u *iis.User) { u.Email = "admin@example.org" })

		// An undo is told to who has asked for it.
		_, batch, _ := strings.Cut(s.imported("admin"), "/imports/")
		if err := s.reg.StartUndo(t.Context(), demoAdmin, batch); err != nil {
			t.Fatal(err)
		}
		admin.says("/imports/"+batch, promise, true)
		s.account("helpdesk").says("/imports/"+batch, promise, false)
		s.account("helpdesk").says("/imports/"+batch, "Taking back", true)

		// Without a mail server nothing is promised or asked.
		without := newSiteOf(t, s.data, registry.Options{Zone: time.UTC}).account("admin")
		without.says(at, promise, false)
		without.says("/imports/"+batch, promise, false)
		without.says("/account", ask, false)
	})
}

// TestMailAccount: everybody turns e-mail on and off for himself, and nobody for
// another; whatever else is sent turns it off.
func TestMailAccount(t *testing.T) {
	s := sqliteSite(t)
	admin, clerk := s.account("admin"), s.account("clerk")
	clerk.says("/account", ask, false) // he sends no files
	for _, form := range []url.Values{
		{"do": {"mail"}, "user": {string(demoAdmin.User)}},
		{"do": {"mail"}, "id": {string(demoAdmin.User)}, "user_id": {string(demoAdmin.User)}},
	} {
		clerk.post("/account", form)
	}
	if s.noMail(demoAdmin.User) || !s.noMail("user-clerk") {
		t.Error("a clerk has turned off the e-mail of another, or not his own")
	}
	if g := admin.post("/account", url.Values{"do": {"mail"}, "org": {"another"}}); g.status == http.StatusSeeOther || s.noMail(demoAdmin.User) {
		t.Errorf("a form of another organization = %d, e-mail off %v; want it refused", g.status, s.noMail(demoAdmin.User))
	}
	if g := s.caller("", "").post("/account", url.Values{"do": {"mail"}}); !strings.HasPrefix(g.header.Get("Location"), "/signin") {
		t.Errorf("POST /account signed out = %d %s", g.status, g.header.Get("Location"))
	}
	for _, value := range []string{"yes", "<script>alert(1)</script>", "Yes\r\nBcc: x"} {
		admin.post("/account", url.Values{"do": {"mail"}, "mail": {iis.Yes}})
		if g := admin.post("/account", url.Values{"do": {"mail"}, "mail": {value}}); g.status != http.StatusSeeOther || !s.noMail(demoAdmin.User) {
			t.Errorf("mail=%q = %d, e-mail off %v", value, g.status, s.noMail(demoAdmin.User))
		}
	}
	s.changeUser(demoAdmin.User, func(u *iis.User) { u.Email = `"><script>alert(1)</script>@example.org` })
	if g := admin.get("/account"); strings.Contains(g.body, "<script>alert") {
		t.Error("an address is markup")
	}
}

// TestMailJourney: an administrator turns e-mail off, and on again.
func TestMailJourney(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		at := s.halfChecked()
		signIn(v, "admin")
		v.Open("/account")
		v.Untick(ask)
		v.Within("form[aria-labelledby=mail]").Press("Save")
		v.SeesStatus("E-mail setting saved")
		v.Open(at)
		v.SeesNot(promise)
		v.Open("/account")
		v.Tick(ask)
		v.Within("form[aria-labelledby=mail]").Press("Save")
		v.Open(at)
		v.Sees(promise)
	})
}

// troubledMail leaves two mails in trouble: one that is given up, and one that waits.
func (s *site) troubledMail() {
	s.t.Helper()
	for i, e := range []*mail.Error{{What: "the mail server refused the recipient", Code: 550, Permanent: true}, {What: "the mail server cannot be reached"}} {
		err := s.db.Update(s.t.Context(), func(tx *store.Tx) error {
			return tx.AddMail(s.t.Context(), store.Mail{ID: iis.NewID(), User: demoAdmin.User, About: store.MailChecked, Kind: "clients", Total: 10})
		})
		if err != nil {
			s.t.Fatal(err)
		}
		ctx, stop := context.WithCancel(s.t.Context())
		s.reg.RunMail(ctx, registry.Post{Send: func(context.Context, mail.Message) error { return e }}, func(error) { stop() })
		stop()
		s.now.pass(time.Duration(i+1) * time.Second)
	}
}

// TestSystemMail: the help desk sees what is wrong with e-mail, and for whom; nobody's
// address.
func TestSystemMail(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		desk := s.account("helpdesk")
		desk.says("/system", "Users are told by e-mail when work on their files has ended. None was sent in the last 30 days. None waits.", true)
		s.troubledMail()
		for _, want := range []string{"not all is sent", "1 e-mail waits to be sent", "the mail server refused the recipient (550) given up",
			"1 time the mail server cannot be reached tried again after"} {
			desk.says("/system", want, true)
		}
		desk.says("/system", "admin@example.org", false)
		without := newSiteOf(t, s.data, registry.Options{Zone: time.UTC}).account("helpdesk")
		without.says("/system", "This program knows no mail server", true)
		without.says("/system", "1 e-mail waits to be sent", true)
	})
}
