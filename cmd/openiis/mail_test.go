package main

import (
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/mail/mailtest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// TestServeMail: whoever has sent a file that a program left half looked at is told by
// the next one when its check is done; the demonstration tells nobody.
func TestServeMail(t *testing.T) {
	server := mailtest.Start(t, false)
	server.Know("registry", "a password")
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "3").stop()
		checking(t, url, "last_name,first_name\nKanarek,Olimpia\n")
		before := len(server.Received())
		s.file("password", "a password\nand a line that is none\n")
		p := s.start("serve", "--listen", "127.0.0.1:0", "--database", url, "--url", "https://registry.example.org/", "--mail-server", server.Addr,
			"--mail-from", "registry@example.net", "--mail-user", "registry", "--mail-password-file", "password")
		m := server.Await(t, before+1)[before]
		if m.From != "registry@example.net" || m.To != "admin@example.org" || m.User != "registry" {
			t.Errorf("a message from %s to %s by %q, want it from the registry to admin", m.From, m.To, m.User)
		}
		for _, want := range []string{"From: \"Open Immunization Registry\" <registry@example.net>", "Auto-Submitted: auto-generated", "\nhttps://registry.example.org\n"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("the message does not hold %q:\n%s", want, m.Text)
			}
		}
		if strings.Contains(m.Text, "Kanarek") {
			t.Error("the message holds a name of the file")
		}
		p.page(p.signIn("admin", sample.Password), "/account", 200, "Tell me when work on a file I sent has ended")
		p.page(p.signIn("helpdesk", sample.Password), "/system", 200, "Users are told by e-mail when work on their files has ended")
		p.stop()
		if n := len(server.Received()); n != before+1 {
			t.Errorf("%d messages came, want 1", n-before)
		}
	})
}

// TestStopMail: a program that is told to end notes first that the mail server has taken
// a message, though it has not said goodbye yet.
func TestStopMail(t *testing.T) {
	server := mailtest.Start(t, false)
	server.Answer("QUIT", "221-wait")
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "3").stop()
		checking(t, url, "last_name,first_name\nKanarek,Olimpia\n")
		before := len(server.Received())
		p := s.start("serve", "--listen", "127.0.0.1:0", "--database", url, "--mail-server", server.Addr, "--mail-from", "registry@example.net")
		server.Await(t, before+1)
		p.stop()
		db, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		err = db.View(t.Context(), func(tx *store.Tx) error {
			waiting, _, err := tx.CountMail(t.Context())
			last, e := tx.LastMail(t.Context())
			if waiting != 0 || last.IsZero() || e != nil {
				t.Errorf("%d mails wait after one that was sent at %v, %v; want none", waiting, last, e)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// checking sends a file of clients as the administrator of the demonstration, and asks
// that it be looked at.
func checking(t *testing.T, url, text string) {
	t.Helper()
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reg := registry.New(db, registry.Options{})
	a := iis.Actor{User: "user-admin", UserName: "admin", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
	id, err := reg.KeepUpload(t.Context(), a, registry.ImportOfClients, text)
	if err != nil {
		t.Fatal(err)
	}
	u, err := reg.Upload(t.Context(), a, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := reg.CheckUpload(t.Context(), a, id, u.Mapping); err != nil {
		t.Fatal(err)
	}
}
