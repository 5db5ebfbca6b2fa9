package mail_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/mail/mailtest"
)

var note = mail.Message{ID: "A1", To: "admin@example.org", Subject: "Ended", Body: "It has ended.\n..\n.\n", Date: noon}

func from(user, password string) mail.Server {
	return mail.Server{From: "registry@example.org", Name: "Registry", User: user, Password: password}
}

// TestSend: a message reaches the server on every way that is safe.
func TestSend(t *testing.T) {
	for name, test := range map[string]struct {
		port     string // "" for a server on this machine
		offer    []string
		tls      bool
		user     string
		password string
	}{
		"STARTTLS":              {port: "587", offer: []string{"STARTTLS"}, tls: true},
		"TLS first":             {port: "465", tls: true},
		"this machine":          {},
		"PLAIN over STARTTLS":   {port: "587", offer: []string{"STARTTLS", "AUTH LOGIN PLAIN"}, tls: true, user: "u", password: "p w"},
		"LOGIN over TLS":        {port: "465", offer: []string{"AUTH XOAUTH2 LOGIN"}, tls: true, user: "u", password: "p w"},
		"PLAIN on this machine": {offer: []string{"AUTH PLAIN"}, user: "u", password: "p w"},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, test.port == "465")
			server.Offer(test.offer...)
			if test.user != "" {
				server.Know(test.user, test.password)
			}
			s := from(test.user, test.password)
			if s.Addr = server.Addr; test.port != "" {
				s = s.At(server, test.port)
			}
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			if err := s.Send(t.Context(), note); err != nil {
				t.Fatalf("Send() = %v", err)
			}
			got := server.Received()
			if len(got) != 1 {
				t.Fatalf("%d messages came, want 1", len(got))
			}
			m := got[0]
			if m.From != "registry@example.org" || m.To != "admin@example.org" || m.TLS != test.tls || m.User != test.user {
				t.Errorf("from %q to %q, over TLS %v, by %q; want TLS %v by %q", m.From, m.To, m.TLS, m.User, test.tls, test.user)
			}
			if _, body := read(t, []byte(m.Text)); strings.ReplaceAll(body, "\r\n", "\n") != note.Body {
				t.Errorf("body = %q, want %q", body, note.Body)
			}
		})
	}
}

// TestSendFails: what is not safe is not done, what the server refuses is told apart,
// and no address stands in the error.
func TestSendFails(t *testing.T) {
	for name, test := range map[string]struct {
		verb, answer string
		offer        []string
		distrust     bool
		user         string
		want         string
		code         int
		permanent    bool
	}{
		"no STARTTLS":                {offer: []string{"8BITMIME"}, want: "there is no secure connection to the mail server: it does not offer STARTTLS"},
		"STARTTLS refused":           {verb: "STARTTLS", answer: "454 not now", want: "there is no secure connection to the mail server (454)", code: 454},
		"a stranger's certificate":   {distrust: true, want: "there is no secure connection to the mail server: tls: failed to verify certificate"},
		"busy":                       {answer: "421 busy", want: "the mail server cannot be reached (421)", code: 421},
		"not a mail server":          {answer: "HTTP/1.1 400 admin@example.org", want: "the mail server cannot be reached: its answer is not SMTP"},
		"a wrong password":           {user: "u", want: "the mail server did not accept the user and password (535)", code: 535},
		"a password nobody asks for": {user: "v", want: "the mail server did not accept the user and password: it offers neither PLAIN nor LOGIN"},
		"sender refused":             {verb: "MAIL", answer: "550 5.1.8 registry@example.org", want: "the mail server refused the sender (550)", code: 550},
		"unknown recipient":          {verb: "RCPT", answer: "550 5.1.1 <admin@example.org> unknown", want: "the mail server refused the recipient (550)", code: 550, permanent: true},
		"grey list":                  {verb: "RCPT", answer: "450 4.2.0 <admin@example.org> later", want: "the mail server refused the recipient (450)", code: 450},
		"no relay":                   {verb: "RCPT", answer: "554 5.7.1 <admin@example.org> relay denied", want: "the mail server refused the recipient (554)", code: 554},
		"sign in first":              {verb: "RCPT", answer: "530 who are you", want: "the mail server refused the recipient (530)", code: 530},
		"no data":                    {verb: "DATA", answer: "451 later", want: "the mail server refused the message (451)", code: 451},
		"message refused":            {verb: ".", answer: "552 5.3.4 too big", want: "the mail server refused the message (552)", code: 552, permanent: true},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, false)
			if test.offer != nil {
				server.Offer(test.offer...)
			}
			if test.answer != "" {
				server.Answer(test.verb, test.answer)
			}
			if test.user == "u" {
				server.Know("u", "another")
			}
			s := from("", "").At(server, "587")
			if test.user != "" {
				s.User, s.Password = test.user, "p"
			}
			if test.distrust {
				s = s.Distrusting()
			}
			err := s.Send(t.Context(), note)
			e, ok := errors.AsType[*mail.Error](err)
			if !ok {
				t.Fatalf("Send() = %v, want a *mail.Error", err)
			}
			if !strings.HasPrefix(e.Error(), test.want) || e.Code != test.code || e.Permanent != test.permanent {
				t.Errorf("Send() = %q, code %d, permanent %v; want %q, %d, %v", e, e.Code, e.Permanent, test.want, test.code, test.permanent)
			}
			if strings.Contains(e.Error(), "example.org>") || strings.Contains(e.Error(), "admin") {
				t.Errorf("the error %q names somebody", e)
			}
			if n := len(server.Received()); n > 0 {
				t.Errorf("%d messages came", n)
			}
		})
	}
}

// TestSendForeign: an address of other letters goes only to a server that takes them.
func TestSendForeign(t *testing.T) {
	server := mailtest.Start(t, false)
	m := note
	m.To = "zoë@example.org"
	err := from("", "").At(server, "587").Send(t.Context(), m)
	if e, ok := errors.AsType[*mail.Error](err); !ok || !e.Permanent {
		t.Errorf("Send() to a server of ASCII = %v, want a permanent error", err)
	}
	server.Offer("STARTTLS", "SMTPUTF8", "8BITMIME")
	if err := from("", "").At(server, "587").Send(t.Context(), m); err != nil {
		t.Errorf("Send() = %v", err)
	}
	if got := server.Received(); len(got) != 1 || got[0].To != m.To {
		t.Errorf("received %v, want one to %s", got, m.To)
	}
}

// TestSendWithoutGoodbye: a message that the server has is sent, though it never says
// goodbye.
func TestSendWithoutGoodbye(t *testing.T) {
	server := mailtest.Start(t, false)
	server.Answer("QUIT", "221-wait")
	s := from("", "")
	s.Addr = server.Addr
	begun := time.Now()
	if err := s.Send(t.Context(), note); err != nil {
		t.Errorf("Send() = %v", err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("Send() took %s, want about a second", took)
	}
	if n := len(server.Received()); n != 1 {
		t.Errorf("%d messages came, want 1", n)
	}
}

// TestSendEnds: nobody waits for a server that says nothing once he has been told to
// end, and one that is not there is an error of the connection.
func TestSendEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := l.Accept()
		cancel()
		if err == nil {
			<-t.Context().Done()
			conn.Close()
		}
	}()
	s := from("", "")
	s.Addr = l.Addr().String()
	if err := s.Send(ctx, note); err == nil || !strings.HasPrefix(err.Error(), "the mail server cannot be reached") {
		t.Errorf("Send() to a silent server = %v", err)
	}
	l.Close()
	e, ok := errors.AsType[*mail.Error](s.Send(t.Context(), note))
	if !ok || e.Permanent || e.Brief() != "the mail server cannot be reached" {
		t.Errorf("Send() to no server = %v", e)
	}
}

func TestCheck(t *testing.T) {
	good := mail.Server{Addr: "mail.example.org:587", From: "registry@example.org"}
	for name, test := range map[string]struct {
		change func(*mail.Server)
		ok     bool
	}{
		"good":             {func(*mail.Server) {}, true},
		"with password":    {func(s *mail.Server) { s.User, s.Password = "u", "p" }, true},
		"no port":          {func(s *mail.Server) { s.Addr = "mail.example.org" }, false},
		"no host":          {func(s *mail.Server) { s.Addr = ":25" }, false},
		"a named sender":   {func(s *mail.Server) { s.From = "R <registry@example.org>" }, false},
		"a foreign sender": {func(s *mail.Server) { s.From = "registry@exämple.org" }, false},
		"no sender":        {func(s *mail.Server) { s.From = "" }, false},
		"no password":      {func(s *mail.Server) { s.User = "u" }, false},
		"a password alone": {func(s *mail.Server) { s.Password = "p" }, false},
	} {
		s := good
		test.change(&s)
		if err := s.Check(); (err == nil) != test.ok {
			t.Errorf("%s: Check() = %v, want it to be right: %v", name, err, test.ok)
		}
	}
}
