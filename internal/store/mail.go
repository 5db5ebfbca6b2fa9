package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"openiis.org/iis"
)

// MailAbout is what a mail tells of.
type MailAbout string

const (
	MailChecked       MailAbout = "checked" // the check of a file has ended
	MailCheckStopped  MailAbout = "check stopped"
	MailTaken         MailAbout = "taken" // a file was taken in
	MailTakingStopped MailAbout = "taking stopped"
	MailUndone        MailAbout = "undone" // an import was taken back
)

// MailState is what has become of a mail.
type MailState string

const (
	MailWaiting  MailState = "waiting"
	MailSent     MailState = "sent"
	MailUnwanted MailState = "unwanted" // by the time it could be sent
	MailFailed   MailState = "failed"   // given up
)

// Mail is an e-mail to a user in the outbox.
type Mail struct {
	ID        string
	User      iis.UserID
	About     MailAbout
	Kind      string    // what the file holds: "clients" or "immunizations"
	Total     int       // rows of the file, or clients whom its undo has looked at
	Attention int       // those of them that somebody should look at
	Asks      bool      // something has to be confirmed before it goes on
	Made      time.Time // when that which it tells of happened
	State     MailState
	Next      time.Time // when it may be tried; while somebody tries, when another may
	Tries     int       // that were begun
	Ended     time.Time // when it was sent or given up; zero while it waits
	Trouble   string    // why it was not sent the last time; never an address
}

const mailColumns = `
id, user_id, about, kind, total, attention, asks, made, state, next, tries, ended, trouble`

func scanMail(r interface{ Scan(...any) error }) (m Mail, err error) {
	return m, r.Scan(&m.ID, &m.User, &m.About, &m.Kind, &m.Total, &m.Attention, &m.Asks, (*instant)(&m.Made),
		&m.State, (*instant)(&m.Next), &m.Tries, (*instant)(&m.Ended), &m.Trouble)
}

// AddMail puts a mail into the outbox, about what happens at tx.Now; it can be sent
// at once.
func (tx *Tx) AddMail(ctx context.Context, m Mail) error {
	return wrap(tx.exec(ctx, `
INSERT INTO mail (id, user_id, about, kind, total, attention, asks, made, state, next)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $8)`,
		m.ID, m.User, m.About, m.Kind, m.Total, m.Attention, m.Asks, tx.Now), "put into the outbox the mail", m.ID)
}

// DueMail returns the mail that is to be tried at tx.Now, what is longest due first.
func (tx *Tx) DueMail(ctx context.Context, limit int) ([]Mail, error) {
	rows, err := tx.query(ctx, `
SELECT `+mailColumns+`
FROM mail
WHERE state = 'waiting' AND next <= $1
ORDER BY next, id
LIMIT $2 + 0`, tx.Now, limit)
	return collect(rows, err, func(r *sql.Rows) (Mail, error) { return scanMail(r) })
}

// TakeMail begins a try of a mail as DueMail has returned it, and reports whether it
// is the caller's: nobody else has begun one since. Until a moment, nobody else will.
func (tx *Tx) TakeMail(ctx context.Context, m Mail, until time.Time) (bool, error) {
	n, err := tx.execN(ctx, `
UPDATE mail
SET tries = tries + 1, next = $3
WHERE id = $1 AND tries = $2 AND state = 'waiting' AND next <= $4`, m.ID, m.Tries, until, tx.Now)
	return n > 0, wrap(err, "take mail", m.ID)
}

// PutOffMail leaves a mail for later, after its try of a number; nothing if that is
// not the last one begun.
func (tx *Tx) PutOffMail(ctx context.Context, id string, try int, next time.Time, trouble string) error {
	return wrap(tx.exec(ctx, `
UPDATE mail
SET next = $3, trouble = $4
WHERE id = $1 AND tries = $2 AND state = 'waiting'`, id, try, next, trouble), "put off mail", id)
}

// EndMail notes at tx.Now what has become of a mail. One that has ended stays as it
// is, unless it was sent after all.
func (tx *Tx) EndMail(ctx context.Context, id string, state MailState, trouble string) error {
	return wrap(tx.exec(ctx, `
UPDATE mail
SET state = $2, ended = $3, trouble = $4
WHERE id = $1 AND (state = 'waiting' OR state <> 'sent' AND $2 = 'sent')`, id, state, tx.Now, trouble), "end mail", id)
}

// CountMail counts the mail that waits, and tells since when the first does.
func (tx *Tx) CountMail(ctx context.Context) (waiting int, since time.Time, err error) {
	err = tx.queryRow(ctx, `
SELECT count(*)
FROM mail
WHERE state = 'waiting'`).Scan(&waiting)
	if err != nil || waiting == 0 {
		return waiting, since, err
	}
	err = tx.queryRow(ctx, `
SELECT made
FROM mail
WHERE state = 'waiting'
ORDER BY made
LIMIT 1`).Scan((*instant)(&since))
	return waiting, since, err
}

// LastMail returns when a mail was sent last; zero if none is known.
func (tx *Tx) LastMail(ctx context.Context) (at time.Time, err error) {
	err = tx.queryRow(ctx, `
SELECT ended
FROM mail
WHERE state = 'sent'
ORDER BY ended DESC
LIMIT 1`).Scan((*instant)(&at))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, err
}

// TroubledMail returns the mail that was given up and what waits though it was tried,
// newest first.
func (tx *Tx) TroubledMail(ctx context.Context, limit int) ([]Mail, error) {
	rows, err := tx.query(ctx, `
SELECT `+mailColumns+`
FROM mail
WHERE state = 'failed' OR state = 'waiting' AND trouble <> ''
ORDER BY made DESC, id
LIMIT $1 + 0`, limit)
	return collect(rows, err, func(r *sql.Rows) (Mail, error) { return scanMail(r) })
}

// DeleteMailBefore forgets the mail that was made before a moment.
func (tx *Tx) DeleteMailBefore(ctx context.Context, before time.Time) error {
	return tx.exec(ctx, `
DELETE FROM mail
WHERE made < $1`, before)
}
