package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/mail/mailtest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestMailText: a message says in words what has ended, and nothing of the file or of
// a client.
func TestMailText(t *testing.T) {
	eachMail(t, func(t *testing.T, w *mailWorld) {
		for i, m := range []store.Mail{
			{About: store.MailChecked, Kind: "clients", Total: 10_000, Attention: 12, Asks: true},
			{About: store.MailChecked, Kind: "immunizations", Total: 1},
			{About: store.MailCheckStopped, Kind: "clients"},
			{About: store.MailTaken, Kind: "clients", Total: 1_234_567, Attention: 1},
			{About: store.MailTakingStopped, Kind: "immunizations", Total: 5},
			{About: store.MailUndone, Kind: "clients", Total: 1_000, Attention: 3},
		} {
			m.ID, m.User = fmt.Sprint("T", i), "u1"
			w.update(func(ctx context.Context, tx *store.Tx) error { return tx.AddMail(ctx, m) })
			w.pass(time.Second)
		}
		w.send()
		const end = "\r\nTo go on, sign in and open \"import a file\":\r\nhttps://registry.example.org\r\n\r\n" +
			"A program has written this e-mail; nobody reads an answer to it. You can turn such e-mail off under \"manage my account\".\r\n"
		want := []string{
			"Test Registry: the check of a file has ended|The check of a file of clients that you have sent to Test Registry ended on 11/23/2026 at 15:04.\r\n\r\n" +
				"10,000 rows were looked at. 12 of them need attention: as they are, they would not be taken in.\r\n" +
				"Something looks wrong with the file as a whole: it cannot be taken in before you have confirmed that it is right.\r\n" +
				"Nothing is changed before you approve the file. It is kept for a day after it was sent.\r\n",
			"Test Registry: the check of a file has ended|The check of a file of immunizations that you have sent to Test Registry ended on 11/23/2026 at 15:04.\r\n\r\n" +
				"1 row was looked at. None needs attention.\r\nNothing is changed before you approve the file. It is kept for a day after it was sent.\r\n",
			"Test Registry: the check of a file has stopped|The check of a file of clients that you have sent to Test Registry stopped on 11/23/2026 at 15:04. " +
				"The reason stands with the file, which is kept for a day after it was sent.\r\n",
			"Test Registry: a file was taken in|A file of clients that you have sent to Test Registry was taken in; that ended on 11/23/2026 at 15:04.\r\n\r\n" +
				"1,234,567 rows were looked at. 1 of them needs attention: it was not taken in, or waits for the help desk.\r\n",
			"Test Registry: taking in a file has stopped|Taking in a file of immunizations that you have sent to Test Registry stopped on 11/23/2026 at 15:04. " +
				"What was taken in until then stays. The reason stands with the import.\r\n",
			"Test Registry: an import was undone|Taking back a file of clients, as you have asked Test Registry to, ended on 11/23/2026 at 15:04.\r\n\r\n" +
				"It concerned 1,000 clients. Of 3 of them something stays, because somebody has worked on them since.\r\n",
		}
		var got []string
		for _, r := range w.server.Received() {
			subject, body := readMail(t, r.Text)
			got = append(got, subject+"|"+strings.TrimSuffix(body, end))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
}

// readMail takes a message apart.
func readMail(t *testing.T, text string) (subject, body string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header.Get("Subject"), strings.ReplaceAll(string(b), "\n", "\r\n")
}

// TestMailHoldsNothing: no value of a file stands in the messages about it, whatever it
// is, nor in the outbox.
func TestMailHoldsNothing(t *testing.T) {
	db := storetest.SQLite(t)
	reg := mailer(t, db)
	text := "last_name,first_name,birth_date,gender,chart_number,email,x_note\n" +
		"Kanarek,Olimpia,1999-08-07,F,CH-7781,kanarek@example.org,zielony\n" +
		"Duck,Don,2009-09-21,M,CH-7782,,zielony\nQuex,Quentin,2001-02-30,M,CH-7783,,zielony\n"
	u := send(t, reg, registry.ImportOfClients, text)
	behind(t, reg)
	u = approve(t, reg, u.ID, registry.Approval{})
	behind(t, reg)
	if err := reg.StartUndo(t.Context(), sender, u.Batch); err != nil {
		t.Fatal(err)
	}
	behind(t, reg)
	server := mailtest.Start(t, false)
	post := registry.Post{Site: "Test Registry", Home: "https://registry.example.org",
		Send: mail.Server{Addr: server.Addr, From: "registry@example.net", Name: "Test Registry"}.Send}
	var failed error
	for reg.SendDue(t.Context(), post, func(err error) { failed = errors.Join(failed, err) }) {
	}
	messages := server.Received()
	if failed != nil || len(messages) != 3 {
		t.Fatalf("%d messages came (%v), want 3", len(messages), failed)
	}
	secrets := []string{u.ID, u.Batch, string(sample.Don), string(sender.Organization), sender.OrgName, sender.Name}
	for line := range strings.SplitSeq(text, "\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if len(cell) > 1 {
				secrets = append(secrets, cell)
			}
		}
	}
	for _, m := range messages {
		subject, body := readMail(t, m.Text)
		for _, s := range append(secrets, "08/07/1999", "09/21/2009") {
			if strings.Contains(m.Text, s) || strings.Contains(subject+body, s) {
				t.Errorf("a message holds %q", s)
			}
		}
	}
}
