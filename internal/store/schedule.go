package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"

	"openiis.org/iis"
)

// Schedules returns the loaded schedules, the one loaded last first.
func (tx *Tx) Schedules(ctx context.Context) ([]iis.Schedule, error) {
	rows, err := tx.query(ctx, `
SELECT hash, version, source, loaded, loaded_by
FROM schedule
ORDER BY loaded DESC, version DESC, hash`)
	return collect(rows, err, func(r *sql.Rows) (iis.Schedule, error) {
		var s iis.Schedule
		return s, r.Scan(&s.Hash, &s.Version, &s.Source, (*instant)(&s.Loaded), &s.LoadedBy)
	})
}

// PutSchedule adds a schedule with its compact form, at tx.Now. Of one that is
// there only the form is written again.
func (tx *Tx) PutSchedule(ctx context.Context, s iis.Schedule, compact []byte) error {
	return wrap(tx.exec(ctx, `
INSERT INTO schedule (hash, version, source, body, loaded, loaded_by)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (hash) DO UPDATE
SET body = excluded.body`,
		s.Hash, s.Version, s.Source, base64.StdEncoding.EncodeToString(compact), tx.Now, s.LoadedBy), "write schedule", s.Hash)
}

// ScheduleBody returns the compact form of a loaded schedule.
func (tx *Tx) ScheduleBody(ctx context.Context, hash string) ([]byte, error) {
	var body string
	err := tx.queryRow(ctx, `
SELECT body
FROM schedule
WHERE hash = $1`, hash).Scan(&body)
	if err != nil {
		return nil, notFound(err, "no such schedule")
	}
	compact, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, fmt.Errorf("schedule %s: %w", hash, err)
	}
	return compact, nil
}

// CurrentSchedule returns the hash of the loaded schedule in force, "" if none
// was chosen: then it is the one inside the program.
func (tx *Tx) CurrentSchedule(ctx context.Context) (hash string, err error) {
	err = tx.queryRow(ctx, `
SELECT hash
FROM schedule_current
WHERE one = 1`).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// UseSchedule puts a loaded schedule in force, or for "" the one inside the
// program.
func (tx *Tx) UseSchedule(ctx context.Context, hash string) error {
	if hash == "" {
		return tx.exec(ctx, `
DELETE FROM schedule_current
WHERE one = 1`)
	}
	return wrap(tx.exec(ctx, `
INSERT INTO schedule_current (one, hash, since)
VALUES (1, $1, $2)
ON CONFLICT (one) DO UPDATE
SET hash = excluded.hash, since = excluded.since`, hash, tx.Now), "use schedule", hash)
}
