package store

import (
	"context"
	"database/sql"
	"time"

	"openiis.org/iis"
)

const sessionColumns = `token_hash, user_id, organization_id, created, seen`

func sessionFields(s *iis.Session) []any {
	return []any{&s.TokenHash, &s.User, &s.Organization, (*instant)(&s.Created), (*instant)(&s.Seen)}
}

// Session returns the session of a token's hash, expired or not: how long one
// lasts is the caller's rule.
func (tx *Tx) Session(ctx context.Context, tokenHash string) (iis.Session, error) {
	var s iis.Session
	err := tx.queryRow(ctx, `
SELECT `+sessionColumns+`
FROM session
WHERE token_hash = $1`, tokenHash).Scan(sessionFields(&s)...)
	return s, notFound(err, "no such session")
}

// SessionsOf returns the user's sessions, the one seen last first.
func (tx *Tx) SessionsOf(ctx context.Context, user iis.UserID) ([]iis.Session, error) {
	rows, err := tx.query(ctx, `
SELECT `+sessionColumns+`
FROM session
WHERE user_id = $1
ORDER BY seen DESC, token_hash`, user)
	return collect(rows, err, func(r *sql.Rows) (iis.Session, error) {
		var s iis.Session
		return s, r.Scan(sessionFields(&s)...)
	})
}

// PutSession writes a session. Of one that is on file the organization and the
// time it was seen change, never the user or the beginning.
func (tx *Tx) PutSession(ctx context.Context, s iis.Session) error {
	return tx.exec(ctx, `
INSERT INTO session (token_hash, user_id, organization_id, created, seen)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_hash) DO UPDATE
SET organization_id = excluded.organization_id, seen = excluded.seen`,
		s.TokenHash, s.User, s.Organization, nullTime(s.Created), nullTime(s.Seen))
}

// TouchSession notes that the person did something at that time. A session that
// has ended meanwhile stays ended, and a later time on file stays.
func (tx *Tx) TouchSession(ctx context.Context, tokenHash string, seen time.Time) error {
	return tx.exec(ctx, `
UPDATE session
SET seen = $2
WHERE token_hash = $1 AND seen < $2`, tokenHash, seen)
}

// DeleteSession ends a session; one that is not on file has ended already.
func (tx *Tx) DeleteSession(ctx context.Context, tokenHash string) error {
	return tx.exec(ctx, `
DELETE FROM session
WHERE token_hash = $1`, tokenHash)
}

// DeleteSessionsOf ends every session of the user but the one of the hash
// except, which may be "".
func (tx *Tx) DeleteSessionsOf(ctx context.Context, user iis.UserID, except string) error {
	return tx.exec(ctx, `
DELETE FROM session
WHERE user_id = $1 AND token_hash <> $2`, user, except)
}

// DeleteExpired ends the sessions last seen before idle and those begun before
// absolute, and returns how many.
func (tx *Tx) DeleteExpired(ctx context.Context, idle, absolute time.Time) (int64, error) {
	return tx.execN(ctx, `
DELETE FROM session
WHERE seen < $1 OR created < $2`, idle, absolute)
}
