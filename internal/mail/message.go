package mail

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
	"unicode"
)

// Message is plain text to one person.
type Message struct {
	ID      string    // random letters and digits; the same message again has the same
	To      string    // address, without a name
	Subject string    // one line
	Body    string    // lines that end with "\n"
	Date    time.Time // when it is sent
}

const (
	mostAddress = 254 // bytes; rfc/5321 §4.5.3.1.3, without the brackets
	mostLine    = 120 // characters of a subject or of a name
)

var errAddress = errors.New("this is no address of one person's e-mail")

// CheckAddress says what keeps an address from being written into a header or a
// command: that it is not the bare address of one person, such as name@example.org.
func CheckAddress(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > mostAddress || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return errAddress
	}
	return nil
}

// checkSender is CheckAddress for who sends: any server has to take that address.
func checkSender(s string) error {
	if !ascii(s) {
		return errAddress
	}
	return CheckAddress(s)
}

// compose writes a message as it goes to the server, lines ended by CR LF. Name
// stands beside the address it is from. What is put into its headers cannot end
// them: control characters become spaces, and what is not ASCII is encoded.
func (m Message) compose(name, from string) ([]byte, error) {
	if m.ID == "" || strings.ContainsFunc(m.ID, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return nil, errors.New("the ID of a message is made of letters and digits")
	}
	if err := errors.Join(CheckAddress(m.To), checkSender(from)); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", fold((&mail.Address{Name: line(name), Address: from}).String()))
	header("To", (&mail.Address{Address: m.To}).String())
	header("Subject", fold(mime.QEncoding.Encode("utf-8", line(m.Subject))))
	header("Date", m.Date.Format(time.RFC1123Z))
	header("Message-ID", "<"+m.ID+from[strings.LastIndexByte(from, '@'):]+">")
	header("Auto-Submitted", "auto-generated") // rfc/3834 §5
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(strings.ToValidUTF8(m.Body, "\uFFFD"))) // a bytes.Buffer takes all
	w.Close()
	return b.Bytes(), nil
}

// line is a text as one line of at most mostLine characters.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), mostLine)])
}

// fold puts each encoded word of a header on a line of its own: lines have an end
// (rfc/2047 §2).
func fold(s string) string { return strings.ReplaceAll(s, "?= =?", "?=\r\n =?") }
