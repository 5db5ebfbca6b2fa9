package registry

import "context"

// SendDue tries the mail that is due, once.
func (r *Registry) SendDue(ctx context.Context, p Post, failed func(error)) (more bool) {
	return r.sendDue(ctx, p, failed)
}

// MailLease, MailPause and MailLife are how long a try has a mail for itself, what goes
// by after the first, and after what a mail is given up.
const (
	MailLease = mailLease
	MailPause = mailPause
	MailLife  = mailLife
)
