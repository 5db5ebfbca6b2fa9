package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"
)

const (
	dialFor = 30 * time.Second
	// SendFor is how long sending one message takes at most.
	SendFor = 2 * time.Minute

	// quitFor is how long the server may take to say goodbye once it has the message.
	quitFor = time.Second
	// answerFor is how long it is waited, though ctx has ended, for whether the server has
	// taken a message that was handed over whole: else it would be sent again.
	answerFor = 5 * time.Second

	implicitTLS = "465" // the port on which TLS comes first; rfc/8314 §3.3
)

// Server is a mail server that takes messages for others. On port 465 TLS comes
// first; on any other it is begun by STARTTLS, without which nothing is sent, unless
// the server is on this machine.
type Server struct {
	Addr     string // host:port
	From     string // address that messages are from
	Name     string // that stands beside it
	User     string // "" if the server wants no password
	Password string

	roots *x509.CertPool // who vouches for the server; those of the machine if nil
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Check says what is wrong with the settings of a server.
func (s Server) Check() error {
	host, port, err := net.SplitHostPort(s.Addr)
	switch {
	case err != nil || host == "" || port == "":
		return errors.New("the mail server is given as host:port, such as mail.example.org:587")
	case checkSender(s.From) != nil:
		return errors.New("the address that e-mail is from is given like registry@example.org")
	case (s.User == "") != (s.Password == ""):
		return errors.New("the mail server wants a user with a password, or neither")
	}
	return nil
}

// Error is why a message was not sent. Its text holds no address of a person:
// servers like to repeat the one they refuse, so only the codes of their answers are
// kept.
type Error struct {
	What      string // "the mail server cannot be reached"
	Code      int    // of the server's answer; 0 if it gave none
	Permanent bool   // sending it again would come to the same
	cause     error  // of the network or of TLS
}

// Brief is the error without what the network said.
func (e *Error) Brief() string {
	if e.Code != 0 {
		return fmt.Sprintf("%s (%d)", e.What, e.Code)
	}
	return e.What
}

func (e *Error) Error() string {
	if e.cause != nil {
		return e.Brief() + ": " + e.cause.Error()
	}
	return e.Brief()
}

func (e *Error) Unwrap() error { return e.cause }

// failed is an Error of what err is.
func failed(what string, err error) *Error {
	if errors.Is(err, errEndless) {
		return &Error{What: errEndless.Error()}
	}
	e := &Error{What: what, cause: err}
	if a, ok := errors.AsType[*textproto.Error](err); ok {
		e.Code, e.cause = a.Code, nil
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		e.cause = errors.New("its answer is not SMTP")
	}
	return e
}

// refused is failed where a 5yz answer is about the message itself. One of the class
// "security or policy status" (rfc/3463 §3.8) is about the sender: that can be mended.
func refused(what string, err error) *Error {
	e := failed(what, err)
	a, ok := errors.AsType[*textproto.Error](err)
	e.Permanent = ok && a.Code >= 500 && a.Code != 530 && !strings.HasPrefix(a.Msg, "5.7.")
	return e
}

// Send hands a message to the server. The error is an *Error.
func (s Server) Send(ctx context.Context, m Message) error {
	body, err := m.compose(s.Name, s.From)
	if err != nil {
		return &Error{What: "the message cannot be written", Permanent: true, cause: err}
	}
	ctx, cancel := context.WithTimeout(ctx, SendFor)
	defer cancel()
	c, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	cut := context.AfterFunc(ctx, func() { c.Close() })
	defer cut()
	if err := s.signIn(c); err != nil {
		return err
	}
	if ok, _ := c.Extension("SMTPUTF8"); !ok && !ascii(m.To) {
		return &Error{What: "the mail server takes no addresses of other letters than a to z", Permanent: true}
	}
	if err := c.Mail(s.From); err != nil {
		return failed("the mail server refused the sender", err)
	}
	if err := c.Rcpt(m.To); err != nil {
		return refused("the mail server refused the recipient", err)
	}
	w, err := c.Data()
	if err == nil {
		if _, err = w.Write(body); err == nil {
			cut()
			defer context.AfterFunc(ctx, func() { time.AfterFunc(answerFor, func() { c.Close() }) })()
			err = w.Close()
		}
	}
	if err != nil {
		return refused("the mail server refused the message", err)
	}
	// It has the message, whatever it says now.
	defer time.AfterFunc(quitFor, func() { c.Close() }).Stop()
	c.Quit()
	return nil
}

// open connects to the server, over TLS where it has to be.
func (s Server) open(ctx context.Context) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, failed("the mail server has no such address", err)
	}
	dial := s.dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: dialFor}).DialContext
	}
	const unreached, insecure = "the mail server cannot be reached", "there is no secure connection to the mail server"
	conn, err := dial(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, failed(unreached, err)
	}
	conn = &bounded{Conn: conn, left: mostAnswers}
	if until, ok := ctx.Deadline(); ok {
		conn.SetDeadline(until)
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	config := &tls.Config{ServerName: host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
	if port == implicitTLS {
		over := tls.Client(conn, config)
		if err := over.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, failed(insecure, err)
		}
		conn = over
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		conn.Close()
		return nil, failed(unreached, err)
	}
	if err := c.Hello(literal(conn.LocalAddr())); err != nil {
		c.Close()
		return nil, failed(unreached, err)
	}
	if port == implicitTLS || Local(host) {
		return c, nil
	}
	if ok, _ := c.Extension("STARTTLS"); !ok {
		c.Close()
		return nil, failed(insecure, errors.New("it does not offer STARTTLS"))
	}
	if err := c.StartTLS(config); err != nil {
		c.Close()
		return nil, failed(insecure, err)
	}
	return c, nil
}

// Local reports whether a host is the machine itself.
func Local(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// literal is how a program without a name of its own says hello: rfc/5321 §4.1.3.
func literal(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case t.IP.To4() != nil:
		return "[" + t.IP.String() + "]"
	}
	return "[IPv6:" + t.IP.String() + "]"
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }

// signIn says who sends, if the server wants to know.
func (s Server) signIn(c *smtp.Client) error {
	if s.User == "" {
		return nil
	}
	const what = "the mail server did not accept the user and password"
	_, offered := c.Extension("AUTH")
	how := strings.Fields(offered)
	for _, known := range []string{"PLAIN", "LOGIN"} {
		for _, h := range how {
			if !strings.EqualFold(h, known) {
				continue
			}
			if err := c.Auth(&auth{known, s.User, s.Password}); err != nil {
				return failed(what, err)
			}
			return nil
		}
	}
	return failed(what, errors.New("it offers neither PLAIN nor LOGIN"))
}

// auth signs in by one of two mechanisms. Send has seen to it that nobody listens.
type auth struct{ mechanism, user, password string }

// Start implements smtp.Auth.
func (a *auth) Start(*smtp.ServerInfo) (string, []byte, error) {
	if a.mechanism == "PLAIN" {
		return a.mechanism, []byte("\x00" + a.user + "\x00" + a.password), nil
	}
	return a.mechanism, nil, nil
}

// Next implements smtp.Auth.
func (a *auth) Next(asked []byte, more bool) ([]byte, error) {
	switch {
	case !more:
		return nil, nil
	case a.mechanism == "LOGIN" && strings.EqualFold(string(asked), "Username:"):
		return []byte(a.user), nil
	case a.mechanism == "LOGIN" && strings.EqualFold(string(asked), "Password:"):
		return []byte(a.password), nil
	}
	return nil, errors.New("it asks for something else")
}
