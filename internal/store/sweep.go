package store

import (
	"context"
	"time"

	"openiis.org/iis"
)

// Sweep is one way through all clients in order of their IDs, in which each is
// compared with those after him.
type Sweep struct {
	ID       string
	Started  time.Time
	User     iis.UserID   // "" for the program itself
	Reached  iis.ClientID // the last client who was compared with all after him
	Looked   int64        // clients gone through
	Total    int64        // clients when it began
	Compared int64        // pairs
	Found    int64        // pairs that were not known
	Moved    time.Time    // of its last step
	Finished time.Time    // zero while it goes on
	Holder   string       // who runs it; "" for nobody yet
}

const selectSweep = `
SELECT id, started, by_user, reached, looked, total, compared, found, moved, finished, holder
FROM sweep`

func (tx *Tx) sweep(ctx context.Context, query string, args ...any) (Sweep, error) {
	var s Sweep
	err := tx.queryRow(ctx, query, args...).Scan(&s.ID, (*instant)(&s.Started), &s.User, &s.Reached, &s.Looked, &s.Total,
		&s.Compared, &s.Found, (*instant)(&s.Moved), (*instant)(&s.Finished), &s.Holder)
	return s, notFound(err, "no such sweep")
}

// LastSweep returns the sweep that was begun last, running or not; NotFound if
// there never was one.
func (tx *Tx) LastSweep(ctx context.Context) (Sweep, error) {
	return tx.sweep(ctx, selectSweep+`
ORDER BY started DESC, id DESC
LIMIT 1`)
}

// OpenSweep returns the sweep that is not finished; NotFound if there is none.
func (tx *Tx) OpenSweep(ctx context.Context) (Sweep, error) {
	return tx.sweep(ctx, selectSweep+`
WHERE finished IS NULL
ORDER BY started DESC, id DESC
LIMIT 1`)
}

// BeginSweep begins a sweep at tx.Now, which nobody runs yet.
func (tx *Tx) BeginSweep(ctx context.Context, id string, by iis.UserID, total int64) error {
	return wrap(tx.exec(ctx, `
INSERT INTO sweep (id, started, by_user, looked, total, found, moved)
VALUES ($1, $2, $3, 0, $4, 0, $2)`, id, tx.Now, by, total), "begin sweep", id)
}

// TakeSweep makes holder the one who runs a sweep, if nobody does, or who does is
// gone, or it has not moved since a time. It reports whether he runs it.
func (tx *Tx) TakeSweep(ctx context.Context, id, holder, gone string, since time.Time) (bool, error) {
	n, err := tx.execN(ctx, `
UPDATE sweep
SET holder = $2, moved = $3
WHERE id = $1 AND finished IS NULL AND (holder IN ('', $2, $5) OR moved < $4)`, id, holder, tx.Now, since, gone)
	return n > 0, wrap(err, "take sweep", id)
}

// MoveSweep notes how far its holder has come with a sweep: Reached, Looked,
// Compared and Found, and Finished if it is set. If another has taken it, the
// answer is a Conflict.
func (tx *Tx) MoveSweep(ctx context.Context, s Sweep) error {
	n, err := tx.execN(ctx, `
UPDATE sweep
SET reached = $3, looked = $4, compared = $5, found = $6, moved = $7, finished = $8
WHERE id = $1 AND holder = $2 AND finished IS NULL`,
		s.ID, s.Holder, s.Reached, s.Looked, s.Compared, s.Found, tx.Now, nullTime(s.Finished))
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "another program goes on with this sweep")
	}
	return wrap(err, "move sweep", s.ID)
}

// ReleaseSweep lets others go on with a sweep at once.
func (tx *Tx) ReleaseSweep(ctx context.Context, id, holder string) error {
	return wrap(tx.exec(ctx, `
UPDATE sweep
SET holder = ''
WHERE id = $1 AND holder = $2`, id, holder), "release sweep", id)
}
