package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"openiis.org/iis"
)

// UploadState is how far a file that was sent has come.
type UploadState string

const (
	UploadColumns  UploadState = "columns"  // it is being said how its columns are read
	UploadChecking UploadState = "checking" // being looked at
	UploadChecked  UploadState = "checked"  // waits for an approval
	UploadTaking   UploadState = "taking"   // being taken in
	UploadTaken    UploadState = "taken"
)

// Upload is a file that was sent through a browser to be taken in.
type Upload struct {
	ID            string
	User          iis.UserID
	Organization  iis.OrganizationID
	Kind          string // "clients" or "immunizations"
	Body          string // the file; "" where it was not asked for
	Digest        string // SHA-256 of the file, in hexadecimal
	Total         int    // rows
	Columns       string // JSON: how each column is read
	Dates         string // in which order they are written
	State         UploadState
	EnterPossible bool
	Batch         string // "" until it begins to be taken in
	Trouble       string // why it does not go on
	Made          time.Time
	Holder        string    // who works on it; "" for nobody
	Moved         time.Time // of his last sign of life
	Begun         time.Time // when he took it
	BegunAt       int       // rows that were done then
}

const uploadColumns = `
id, user_id, organization_id, kind, digest, total, columns, dates, state, enter_possible, batch_id, trouble, made, holder, moved, begun, begun_at`

func uploadFields(u *Upload) []any {
	return []any{&u.ID, &u.User, &u.Organization, &u.Kind, &u.Digest, &u.Total, &u.Columns, &u.Dates, &u.State, &u.EnterPossible,
		&u.Batch, &u.Trouble, (*instant)(&u.Made), &u.Holder, (*instant)(&u.Moved), (*instant)(&u.Begun), &u.BegunAt}
}

// PutUpload keeps a file, sent at tx.Now.
func (tx *Tx) PutUpload(ctx context.Context, u Upload) error {
	err := tx.exec(ctx, `
INSERT INTO upload (id, user_id, organization_id, kind, digest, total, columns, dates, state, made, moved)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
		u.ID, u.User, u.Organization, u.Kind, u.Digest, u.Total, u.Columns, u.Dates, u.State, tx.Now)
	if err != nil {
		return wrap(err, "keep upload", u.ID)
	}
	return wrap(tx.exec(ctx, `
INSERT INTO upload_body (upload_id, body)
VALUES ($1, $2)`, u.ID, u.Body), "keep the text of upload", u.ID)
}

// Upload returns a file without its body.
func (tx *Tx) Upload(ctx context.Context, id string) (Upload, error) {
	var u Upload
	err := tx.queryRow(ctx, `
SELECT `+uploadColumns+`
FROM upload
WHERE id = $1`, id).Scan(uploadFields(&u)...)
	return u, notFound(err, "no such upload")
}

// UploadBody returns the text of a file.
func (tx *Tx) UploadBody(ctx context.Context, id string) (body string, err error) {
	err = tx.queryRow(ctx, `
SELECT body
FROM upload_body
WHERE upload_id = $1`, id).Scan(&body)
	return body, notFound(err, "no such upload")
}

// UploadOfBatch returns the file that a batch was made of.
func (tx *Tx) UploadOfBatch(ctx context.Context, batch string) (Upload, error) {
	var u Upload
	err := tx.queryRow(ctx, `
SELECT `+uploadColumns+`
FROM upload
WHERE batch_id = $1 AND batch_id <> ''`, batch).Scan(uploadFields(&u)...)
	return u, notFound(err, "no such upload")
}

func (tx *Tx) uploads(ctx context.Context, where string, args ...any) ([]Upload, error) {
	rows, err := tx.query(ctx, `
SELECT `+uploadColumns+`
FROM upload
WHERE `+where, args...)
	return collect(rows, err, func(r *sql.Rows) (Upload, error) {
		var u Upload
		return u, r.Scan(uploadFields(&u)...)
	})
}

// UploadsOf returns the files of a user for an organization that were sent since a
// moment or are being taken in, and are not taken in yet, newest first.
func (tx *Tx) UploadsOf(ctx context.Context, user iis.UserID, org iis.OrganizationID, since time.Time) ([]Upload, error) {
	return tx.uploads(ctx, `user_id = $1 AND organization_id = $2 AND (made >= $3 OR state = 'taking') AND state <> 'taken'
ORDER BY made DESC, id`, user, org, since)
}

// OpenUploads returns the files sent since a moment that are to be looked at, and those
// whenever sent that are to be taken in, whoever works on them, oldest first.
func (tx *Tx) OpenUploads(ctx context.Context, made time.Time) ([]Upload, error) {
	return tx.uploads(ctx, `state IN ('checking', 'taking') AND (made >= $1 OR state = 'taking')
ORDER BY made, id`, made)
}

// SetUpload writes how the columns of a file are read, its state, its batch and what
// keeps it from going on, if its state is still was; else it is a Conflict. Whoever
// has worked on it does not any more.
func (tx *Tx) SetUpload(ctx context.Context, u Upload, was UploadState) error {
	n, err := tx.execN(ctx, `
UPDATE upload
SET columns = $3, dates = $4, state = $5, enter_possible = $6, batch_id = $7, trouble = $8, moved = $9, holder = ''
WHERE id = $1 AND state = $2`, u.ID, was, u.Columns, u.Dates, u.State, u.EnterPossible, u.Batch, u.Trouble, tx.Now)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "Another page has gone on with this file meanwhile.")
	}
	return wrap(err, "set upload", u.ID)
}

// TakeUpload makes holder the one who works on a file from done rows on, if nobody
// does, or who does is gone or has not since a moment. It reports whether he does.
func (tx *Tx) TakeUpload(ctx context.Context, id, holder, gone string, done int, since time.Time) (bool, error) {
	n, err := tx.execN(ctx, `
UPDATE upload
SET holder = $2, moved = $3, begun = $3, begun_at = $4
WHERE id = $1 AND state IN ('checking', 'taking') AND (holder IN ('', $2, $6) OR moved < $5)`, id, holder, tx.Now, done, since, gone)
	return n > 0, wrap(err, "take upload", id)
}

// MoveUpload says that its holder still works on a file. If another has taken it,
// the answer is a Conflict.
func (tx *Tx) MoveUpload(ctx context.Context, id, holder string) error {
	n, err := tx.execN(ctx, `
UPDATE upload
SET moved = $3
WHERE id = $1 AND holder = $2`, id, holder, tx.Now)
	if err == nil && n == 0 {
		return errUploadTaken
	}
	return wrap(err, "move upload", id)
}

var errUploadTaken = iis.Errorf(iis.Conflict, "another goes on with this file, or it is not to be worked on any more")

// HoldsUpload answers nil while holder is the one who works on a file, else a
// Conflict.
func (tx *Tx) HoldsUpload(ctx context.Context, id, holder string) error {
	var is string
	err := tx.queryRow(ctx, `
SELECT holder
FROM upload
WHERE id = $1`, id).Scan(&is)
	if err == nil && is != holder || errors.Is(err, sql.ErrNoRows) {
		return errUploadTaken
	}
	return err
}

// ReleaseUpload lets others go on with a file at once.
func (tx *Tx) ReleaseUpload(ctx context.Context, id, holder string) error {
	return wrap(tx.exec(ctx, `
UPDATE upload
SET holder = ''
WHERE id = $1 AND holder = $2`, id, holder), "release upload", id)
}

// DeleteUpload forgets a file and its rows.
func (tx *Tx) DeleteUpload(ctx context.Context, id string) error {
	if err := tx.DeleteUploadRows(ctx, id); err != nil {
		return err
	}
	err := tx.exec(ctx, `
DELETE FROM upload_choice
WHERE upload_id = $1`, id)
	if err != nil {
		return err
	}
	err = tx.exec(ctx, `
DELETE FROM upload_body
WHERE upload_id = $1`, id)
	if err != nil {
		return err
	}
	return tx.exec(ctx, `
DELETE FROM upload
WHERE id = $1`, id)
}

// UploadsBefore returns the IDs of files that were sent before a moment, apart from
// those on whose taking in somebody has worked since.
func (tx *Tx) UploadsBefore(ctx context.Context, before time.Time, limit int) ([]string, error) {
	rows, err := tx.query(ctx, `
SELECT id
FROM upload
WHERE made < $1 AND (state <> 'taking' OR moved < $1)
ORDER BY made
LIMIT $2 + 0`, before, limit)
	return collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}

// UploadColumnsFor returns how an organization reads files whose columns have the
// names of a digest: the columns as JSON, and the order of dates.
func (tx *Tx) UploadColumnsFor(ctx context.Context, org iis.OrganizationID, kind, headers string) (columns, dates string, err error) {
	err = tx.queryRow(ctx, `
SELECT columns, dates
FROM upload_columns
WHERE organization_id = $1 AND kind = $2 AND headers = $3`, org, kind, headers).Scan(&columns, &dates)
	return columns, dates, notFound(err, "not known how these columns are read")
}

// PutUploadColumns notes it.
func (tx *Tx) PutUploadColumns(ctx context.Context, org iis.OrganizationID, kind, headers, columns, dates string) error {
	return tx.exec(ctx, `
INSERT INTO upload_columns (organization_id, kind, headers, columns, dates, used)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, kind, headers) DO UPDATE
SET columns = excluded.columns, dates = excluded.dates, used = excluded.used`, org, kind, headers, columns, dates, tx.Now)
}
