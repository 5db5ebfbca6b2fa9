package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/store"
)

const (
	// mailTick is how often it is looked what is to be sent, besides when there is
	// something new.
	mailTick = 30 * time.Second
	// mailLease is how long who tries to send a mail has it for himself: twice as long
	// as a try may take.
	mailLease = 2 * mail.SendFor
	// After a first try that failed mailPause goes by, then twice as long each time, but
	// not more than mailMostPause.
	mailPause     = time.Minute
	mailMostPause = time.Hour
	// mailLife is after how long a mail is given up, and mailKept for how long it is known
	// what has become of it.
	mailLife = 24 * time.Hour
	mailKept = 30 * 24 * time.Hour

	// mailAtOnce is how many mails are read from the outbox at a time, and how many in
	// trouble are told.
	mailAtOnce = 20
)

// Post is how e-mail leaves the program.
type Post struct {
	Site string // name of the registry
	Home string // where people reach it; "" if that is not known
	Send func(context.Context, mail.Message) error
}

// tell puts a mail into the outbox, in the transaction of what it tells of, if there
// is a mail server and its user can be reached and wants to be.
func (r *Registry) tell(ctx context.Context, tx *store.Tx, m store.Mail) error {
	if !r.opts.Mail {
		return nil
	}
	return putMail(ctx, tx, m)
}

// putMail puts a mail into the outbox, unless the user has no address or wants none.
func putMail(ctx context.Context, tx *store.Tx, m store.Mail) error {
	u, err := tx.User(ctx, m.User)
	if err != nil || !u.Mailable() {
		return err
	}
	m.ID = iis.NewID()
	return tx.AddMail(ctx, m)
}

// RunMail sends what is in the outbox until ctx ends. A mail that cannot be sent is
// tried again after growing pauses, for a day. It is sent by one program at a time;
// one that was cut off between sending a mail and noting it sends it again under the
// same ID. Failed is told of every try that has failed, without an address.
func (r *Registry) RunMail(ctx context.Context, p Post, failed func(error)) {
	tick := time.NewTicker(mailTick)
	defer tick.Stop()
	wake(r.mails) // a program before this one may have left something
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.mails:
		case <-tick.C:
		}
		for again := true; again && ctx.Err() == nil; {
			again = r.sendDue(ctx, p, failed)
		}
	}
}

// sendDue tries the mail that is due, and reports whether there may be more. While
// the server does not answer, what else is due is left for the next time.
func (r *Registry) sendDue(ctx context.Context, p Post, failed func(error)) (more bool) {
	var due []store.Mail
	err := r.view(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.DueMail(ctx, mailAtOnce)
		return err
	})
	for _, m := range due {
		err = r.sendMail(ctx, p, m)
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			continue
		}
		failed(err)
		if e, ok := errors.AsType[*mail.Error](err); !ok || e.Code == 0 && !e.Permanent {
			return false
		}
	}
	if err != nil && len(due) == 0 && ctx.Err() == nil {
		failed(err)
	}
	return len(due) > 0
}

// sendMail tries to send one mail, unless another has begun to.
func (r *Registry) sendMail(ctx context.Context, p Post, m store.Mail) error {
	var u iis.User
	var now time.Time
	taken := false
	err := r.update(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		if taken, err = tx.TakeMail(ctx, m, now.Add(mailLease)); err != nil || !taken {
			return err
		}
		if u, err = tx.User(ctx, m.User); err == nil && !u.Mailable() {
			taken, err = false, tx.EndMail(ctx, m.ID, store.MailUnwanted, "")
		}
		return err
	})
	if err != nil || !taken {
		return err
	}
	try := m.Tries + 1
	if now.Sub(m.Made) < mailLife {
		err = p.Send(ctx, r.message(p, m, u.Email, now))
	} else {
		err = &mail.Error{What: cmp.Or(m.Trouble, "nothing was sent for a day"), Permanent: true}
	}
	why, permanent := "it was not sent", false
	if e, ok := errors.AsType[*mail.Error](err); ok {
		why, permanent = e.Brief(), e.Permanent
	}
	note := context.WithoutCancel(ctx)
	pause := min(mailPause<<min(try-1, 10), mailMostPause)
	switch {
	case err == nil:
		return r.update(note, func(tx *store.Tx) error { return tx.EndMail(note, m.ID, store.MailSent, "") })
	case ctx.Err() != nil: // it is the program that ends
		return r.update(note, func(tx *store.Tx) error { return tx.PutOffMail(note, m.ID, try, tx.Now, m.Trouble) })
	}
	then := "given up"
	noted := r.update(note, func(tx *store.Tx) error {
		next := tx.Now.Add(pause) // the try may have taken longer than the pause
		if permanent || next.Sub(m.Made) >= mailLife {
			return tx.EndMail(note, m.ID, store.MailFailed, why)
		}
		then = fmt.Sprintf("again in %s", pause)
		return tx.PutOffMail(note, m.ID, try, next, why)
	})
	return errors.Join(fmt.Errorf("e-mail %s to user %s, try %d, %s: %w", m.ID, m.User, try, then, err), noted)
}

// TurnMail turns e-mail about the actor's files on or off.
func (r *Registry) TurnMail(ctx context.Context, a iis.Actor, on bool) error {
	word := map[bool]string{true: "on", false: "off"}
	return r.update(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, a.User)
		if err != nil || u.NoMail != on {
			return err
		}
		u.NoMail = !on
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		return recordUser(ctx, tx, a, u.ID, "e-mail", iis.Change{Field: "mail", Old: word[!on], New: word[on]})
	})
}

// MailStatus is how the outbox stands.
type MailStatus struct {
	On      bool // there is a mail server
	Waiting int
	Since   time.Time      // when the oldest that waits was made
	Last    time.Time      // when one was sent last; zero if none was for long
	Trouble []TroubledMail // the newest
}

// TroubledMail is a mail that was given up, or that was tried and waits.
type TroubledMail struct {
	store.Mail
	UserName string
}

// GivenUp reports whether the mail is not tried any more.
func (m TroubledMail) GivenUp() bool { return m.State == store.MailFailed }

// mailStatus tells how the outbox stands.
func (r *Registry) mailStatus(ctx context.Context, tx *store.Tx) (s MailStatus, err error) {
	s.On = r.opts.Mail
	if s.Waiting, s.Since, err = tx.CountMail(ctx); err != nil {
		return s, err
	}
	if s.Last, err = tx.LastMail(ctx); err != nil {
		return s, err
	}
	troubled, err := tx.TroubledMail(ctx, mailAtOnce)
	for _, m := range troubled {
		u, err := tx.User(ctx, m.User)
		if err != nil {
			return s, err
		}
		s.Trouble = append(s.Trouble, TroubledMail{m, u.UserName})
	}
	return s, err
}
