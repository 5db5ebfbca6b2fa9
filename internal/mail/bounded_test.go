package mail_test

import (
	"errors"
	"strings"
	"testing"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/mail/mailtest"
)

// TestSendEndless: a server that does not stop talking is not listened to for long,
// before TLS and after it.
func TestSendEndless(t *testing.T) {
	line := strings.Repeat("x", 1000) + "\r\n"
	for name, test := range map[string]struct {
		verb, code string
		port       string // "" for a server on this machine
	}{
		"greeting":           {"", "220-", ""},
		"greeting after TLS": {"", "220-", "465"},
		"recipient":          {"RCPT", "250-", "587"},
		"one line":           {"MAIL", "", "587"},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, test.port == "465")
			talk := strings.Repeat(test.code+line, 1000) + "250 ok"
			if test.code == "" {
				talk = strings.Repeat("250 ", 1<<18)
			}
			server.Answer(test.verb, talk)
			s := from("", "")
			if s.Addr = server.Addr; test.port != "" {
				s = s.At(server, test.port)
			}
			err := s.Send(t.Context(), note)
			e, ok := errors.AsType[*mail.Error](err)
			if want := "the mail server says more than belongs into its answers"; !ok || err.Error() != want || e.Permanent {
				t.Errorf("Send() = %.200v, want %q, not permanent", err, want)
			}
		})
	}
}
