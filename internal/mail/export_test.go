package mail

import (
	"context"
	"net"

	"openiis.org/iis/internal/mail/mailtest"
)

// At is a server that is found where a test's listens, under the name that its
// certificate is for and a port; it is trusted.
func (s Server) At(t *mailtest.Server, port string) Server {
	s.Addr, s.roots = net.JoinHostPort(mailtest.Host, port), t.Roots
	s.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, t.Addr)
	}
	return s
}

// Distrusting trusts whom the machine trusts.
func (s Server) Distrusting() Server { s.roots = nil; return s }

// Compose is the message as it goes to the server.
func (m Message) Compose(name, from string) ([]byte, error) { return m.compose(name, from) }
