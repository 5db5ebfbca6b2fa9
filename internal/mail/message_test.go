package mail_test

import (
	"io"
	"maps"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/mail"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", -6*3600))

// headers are all that a message has.
var headers = []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}

// read takes a message apart again: its headers as people read them, and its body.
func read(t *testing.T, text []byte) (header map[string]string, body string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(string(text)))
	if err != nil {
		t.Fatalf("the message cannot be read: %v\n%q", err, text)
	}
	header = map[string]string{}
	for name, values := range m.Header {
		if len(values) != 1 {
			t.Errorf("%s stands %d times", name, len(values))
		}
		if header[name], err = new(mime.WordDecoder).DecodeHeader(values[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Errorf("the body cannot be read: %v", err)
	}
	return header, string(b)
}

func TestCompose(t *testing.T) {
	m := mail.Message{ID: "ABC", To: "admin@example.org", Subject: "Zoë's registry: ended", Body: "One line.\n.\nDrei Zeilen, ü.\n", Date: noon}
	text, err := m.Compose("Zoë's registry", "registry@example.net")
	if err != nil {
		t.Fatal(err)
	}
	header, body := read(t, text)
	want := map[string]string{
		"Auto-Submitted": "auto-generated", "Content-Transfer-Encoding": "quoted-printable", "Content-Type": "text/plain; charset=utf-8",
		"Date": "Mon, 23 Nov 2026 12:00:00 -0600", "From": "Zoë's registry <registry@example.net>", "Message-Id": "<ABC@example.net>",
		"Mime-Version": "1.0", "Subject": "Zoë's registry: ended", "To": "<admin@example.org>",
	}
	if diff := cmp.Diff(want, header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if want := strings.ReplaceAll(m.Body, "\n", "\r\n"); body != want {
		t.Errorf("body = %q, want %q", body, want)
	}
}

func TestComposeRefuses(t *testing.T) {
	good := mail.Message{ID: "A1", To: "admin@example.org", Subject: "s", Body: "b", Date: noon}
	for _, to := range []string{"", "admin", "a@b@c", "A <a@example.org>", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org",
		"a@example.org\n", " a@example.org", "<a@example.org>", "a b@example.org", "\"a\r\nb\"@example.org", "a@example.org>\r\nDATA",
		strings.Repeat("a", 250) + "@example.org", "a@example.org\x00"} {
		m := good
		m.To = to
		if _, err := m.Compose("Registry", "registry@example.org"); err == nil {
			t.Errorf("a message to %q is written", to)
		}
		if _, err := good.Compose("Registry", to); err == nil {
			t.Errorf("a message from %q is written", to)
		}
	}
	for _, id := range []string{"", "a>\r\nBcc: b@example.org", "a b", "ä", "a@b"} {
		m := good
		m.ID = id
		if _, err := m.Compose("Registry", "registry@example.org"); err == nil {
			t.Errorf("a message of the ID %q is written", id)
		}
	}
}

// FuzzCompose: whatever is said, the message has the headers that it should have, each
// of one line, and the body stays in the body.
func FuzzCompose(f *testing.F) {
	for _, s := range []string{"", "Registry", "R\r\nBcc: all@example.org", "Zoë", "=?utf-8?q?a?=\r\n\r\nbody", "\x00\x1b", "\xff\xfe", "\u2028X: y", "a\n\tb", strings.Repeat("é\n", 400), "\"q\" <x@y>"} {
		f.Add(s, s, s, "admin@example.org")
	}
	f.Add("n", "s", ".\r\n.\r\nQUIT\r\n", "a@example.org\r\nBcc: b@example.org")
	f.Fuzz(func(t *testing.T, name, subject, body, to string) {
		m := mail.Message{ID: "A1", To: to, Subject: subject, Body: body, Date: noon}
		text, err := m.Compose(name, "registry@example.org")
		if err != nil {
			if mail.CheckAddress(to) == nil {
				t.Errorf("a message to %q is refused: %v", to, err)
			}
			return
		}
		header, got := read(t, text)
		if diff := cmp.Diff(headers, slices.Sorted(maps.Keys(header))); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
		if s := header["Subject"]; strings.ContainsAny(s, "\r\n\x00") || len([]rune(s)) > 120 {
			t.Errorf("subject = %q", s)
		}
		to2, err := netmail.ParseAddress(header["To"])
		if err != nil || to2.Address != to {
			t.Errorf("To = %q (%v), want %q", header["To"], err, to)
		}
		for line := range strings.SplitSeq(string(text), "\r\n") {
			if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("a line of %d bytes, %q", len(line), line)
			}
		}
		if want := strings.Map(func(r rune) rune { // ends of lines are those of the network
			if r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(body, "\uFFFD")); strings.NewReplacer("\r", "", "\n", "").Replace(got) != want {
			t.Errorf("body = %q, want %q", got, want)
		}
	})
}
