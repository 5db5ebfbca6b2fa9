package registry

import (
	"fmt"
	"strings"
	"time"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/store"
)

// mailSubjects say what a mail tells of.
var mailSubjects = map[store.MailAbout]string{
	store.MailChecked:       "the check of a file has ended",
	store.MailCheckStopped:  "the check of a file has stopped",
	store.MailTaken:         "a file was taken in",
	store.MailTakingStopped: "taking in a file has stopped",
	store.MailUndone:        "an import was undone",
}

// message is a mail in words. They tell what has ended and how many rows there are:
// nothing from the file, nor its name, nor anything of a client.
func (r *Registry) message(p Post, m store.Mail, to string, now time.Time) mail.Message {
	now, made := now.In(r.opts.Zone), m.Made.In(r.opts.Zone)
	when := made.Format("01/02/2006") + " at " + made.Format("15:04")
	file := "a file of " + m.Kind
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	switch m.About {
	case store.MailChecked:
		say("The check of %s that you have sent to %s ended on %s.\n\n", file, p.Site, when)
		say("%s\n", lookedAt(m, "as they are, they would not be taken in", "as it is, it would not be taken in"))
		if m.Asks {
			say("Something looks wrong with the file as a whole: it cannot be taken in before you have confirmed that it is right.\n")
		}
		say("Nothing is changed before you approve the file. It is kept for a day after it was sent.\n")
	case store.MailCheckStopped:
		say("The check of %s that you have sent to %s stopped on %s. The reason stands with the file, which is kept for a day after it was sent.\n", file, p.Site, when)
	case store.MailTaken:
		say("%s that you have sent to %s was taken in; that ended on %s.\n\n", "A"+file[1:], p.Site, when)
		say("%s\n", lookedAt(m, "they were not taken in, or wait for the help desk", "it was not taken in, or waits for the help desk"))
	case store.MailTakingStopped:
		say("Taking in %s that you have sent to %s stopped on %s. What was taken in until then stays. The reason stands with the import.\n", file, p.Site, when)
	case store.MailUndone:
		say("Taking back %s, as you have asked %s to, ended on %s.\n\n", file, p.Site, when)
		say("It concerned %s.", countOf(m.Total, "client", "clients"))
		if m.Attention > 0 {
			say(" Of %s of them something stays, because somebody has worked on them since.", Grouped(m.Attention))
		}
		say("\n")
	}
	say("\nTo go on, sign in and open \"import a file\"")
	if p.Home != "" {
		say(":\n%s\n", p.Home)
	} else {
		say(".\n")
	}
	say("\nA program has written this e-mail; nobody reads an answer to it. You can turn such e-mail off under \"manage my account\".\n")
	return mail.Message{ID: m.ID, To: to, Subject: p.Site + ": " + mailSubjects[m.About], Body: b.String(), Date: now}
}

// lookedAt says how many rows there are, and what many or one of them need.
func lookedAt(m store.Mail, many, one string) string {
	text := countOf(m.Total, "row was", "rows were") + " looked at. "
	switch m.Attention {
	case 0:
		return text + "None needs attention."
	case 1:
		return text + "1 of them needs attention: " + one + "."
	}
	return text + Grouped(m.Attention) + " of them need attention: " + many + "."
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}
