// Package mailtest is a mail server on this machine that keeps what it is given.
// Only tests call it.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Host is the name that the certificate of a server is for.
const Host = "mail.example.org"

// Received is a message that a server has taken.
type Received struct {
	From, To string
	Text     string // header and body as they came, lines ended by "\n"
	TLS      bool
	User     string // "" if nobody signed in
}

// Server is a mail server. What it answers can be changed while it runs.
type Server struct {
	Addr  string
	Roots *x509.CertPool // that vouch for Host

	cert     tls.Certificate
	implicit bool
	came     chan struct{} // a message

	mu       sync.Mutex
	received []Received
	answers  map[string][]string // by verb, one after another; the last stays
	offers   []string
	users    map[string]string
}

// Start starts a server that ends with the test. With implicit, TLS comes first.
func Start(t testing.TB, implicit bool) *Server {
	t.Helper()
	s := &Server{implicit: implicit, came: make(chan struct{}, 1), answers: map[string][]string{}, offers: []string{"STARTTLS", "8BITMIME"}, users: map[string]string{}}
	if err := s.certify(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Addr = l.Addr().String()
	var open sync.WaitGroup
	t.Cleanup(func() { l.Close(); open.Wait() })
	open.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(20 * time.Second))
				s.serve(conn)
			})
		}
	})
	return s
}

// certify makes a certificate for Host that signs itself.
func (s *Server) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: Host}, DNSNames: []string{Host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return err
	}
	s.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	if c, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AddCert(c)
	return nil
}

// Answer makes the server answer a verb (STARTTLS, MAIL, RCPT, DATA, "." for the end of
// a message, QUIT, or "" for a new connection) with these lines, one each time; the last
// stays, and an empty line is as it would otherwise be. After "221-" to QUIT it leaves the
// rest unsaid.
func (s *Server) Answer(verb string, lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[verb] = lines
}

// Offer sets what the server says it can do.
func (s *Server) Offer(extensions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offers = extensions
}

// Know makes the server take messages only from who signs in so.
func (s *Server) Know(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[user] = password
}

// Received returns the messages that came, oldest first.
func (s *Server) Received() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

// Await waits until so many messages have come, half a minute at most, and returns
// them.
func (s *Server) Await(t testing.TB, n int) []Received {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		if all := s.Received(); len(all) >= n {
			return all
		}
		select {
		case <-s.came:
		case <-limit:
			t.Fatalf("%d messages came, want %d", len(s.Received()), n)
		}
	}
}

// answer is what was set for a verb, else otherwise.
func (s *Server) answer(verb, otherwise string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.answers[verb]
	if len(lines) > 1 {
		s.answers[verb] = lines[1:]
	}
	if len(lines) == 0 || lines[0] == "" {
		return otherwise
	}
	return lines[0]
}

// serve answers one client.
func (s *Server) serve(conn net.Conn) {
	secure := s.implicit
	if secure {
		conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
	}
	r := textproto.NewReader(bufio.NewReader(conn))
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say(s.answer("", "220 "+Host+" ESMTP"))
	var m Received
	for {
		text, err := r.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(text, " ")
		verb = strings.ToUpper(verb)
		switch verb {
		case "EHLO":
			s.mu.Lock()
			offers := slices.Clone(s.offers)
			if len(s.users) > 0 && !slices.ContainsFunc(offers, func(o string) bool { return strings.HasPrefix(o, "AUTH") }) {
				offers = append(offers, "AUTH PLAIN")
			}
			s.mu.Unlock()
			if secure {
				offers = slices.DeleteFunc(offers, func(o string) bool { return o == "STARTTLS" })
			}
			for _, o := range append([]string{Host}, offers...) {
				say("250-" + o)
			}
			say("250 SIZE 1000000")
		case "STARTTLS":
			answer := s.answer(verb, "220 go on")
			say(answer)
			if !strings.HasPrefix(answer, "220") {
				continue
			}
			over := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			if over.Handshake() != nil {
				return
			}
			conn, secure = over, true
			r = textproto.NewReader(bufio.NewReader(conn))
		case "AUTH":
			m.User = s.auth(r, say, rest)
		case "MAIL":
			s.mu.Lock()
			closed := len(s.users) > 0 && m.User == ""
			s.mu.Unlock()
			if closed {
				say("530 5.7.0 Authentication required")
				continue
			}
			m = Received{From: address(rest), TLS: secure, User: m.User}
			say(s.answer(verb, "250 ok"))
		case "RCPT":
			m.To = address(rest)
			say(s.answer(verb, "250 ok"))
		case "DATA":
			answer := s.answer(verb, "354 go on")
			say(answer)
			if !strings.HasPrefix(answer, "354") {
				continue
			}
			body, err := r.ReadDotBytes()
			if err != nil {
				return
			}
			m.Text = string(body)
			answer = s.answer(".", "250 taken")
			if strings.HasPrefix(answer, "250") {
				s.mu.Lock()
				s.received = append(s.received, m)
				s.mu.Unlock()
				select {
				case s.came <- struct{}{}:
				default:
				}
			}
			say(answer)
		case "QUIT":
			answer := s.answer(verb, "221 bye")
			say(answer)
			if !strings.HasPrefix(answer, "221-") {
				return
			}
		default:
			say("502 not here")
		}
	}
}

// auth asks who somebody is, and returns his name if the password is right.
func (s *Server) auth(r *textproto.Reader, say func(string), rest string) string {
	ask := func(what string) string {
		say("334 " + base64.StdEncoding.EncodeToString([]byte(what)))
		line, _ := r.ReadLine()
		text, _ := base64.StdEncoding.DecodeString(line)
		return string(text)
	}
	var user, password string
	switch how, first, _ := strings.Cut(rest, " "); how {
	case "PLAIN":
		text, _ := base64.StdEncoding.DecodeString(first)
		if parts := strings.Split(string(text), "\x00"); len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		user, password = ask("Username:"), ask("Password:")
	}
	s.mu.Lock()
	want, known := s.users[user]
	s.mu.Unlock()
	if !known || want != password {
		say("535 5.7.8 no")
		return ""
	}
	say("235 welcome")
	return user
}

// address is what stands between angle brackets.
func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
