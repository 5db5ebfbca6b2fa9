package mail

import (
	"errors"
	"net"
)

// mostAnswers is how many bytes a server may say while it is given one message, its
// certificates among them.
const mostAnswers = 128 << 10

// errEndless is why no more is read of what a server says.
var errEndless = errors.New("the mail server says more than belongs into its answers")

// bounded is a connection from which no more than left bytes are read.
type bounded struct {
	net.Conn
	left int
}

// Read implements io.Reader. The error is errEndless once nothing is left.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errEndless
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
