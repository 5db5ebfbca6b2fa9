package store

import (
	"context"
	"time"

	"openiis.org/iis"
)

// Upload is a file that was sent through a browser to be taken in.
type Upload struct {
	ID           string
	User         iis.UserID
	Organization iis.OrganizationID
	Kind         string // "clients" or "immunizations"
	Body         string // the file
	Outcomes     string // JSON
	Made         time.Time
	Taken        time.Time // when it began to be taken in; zero before
	Batch        string    // "" until it was
}

const selectUpload = `
SELECT id, user_id, organization_id, kind, body, outcomes, made, taken, batch_id
FROM upload
WHERE `

func uploadFields(u *Upload) []any {
	return []any{&u.ID, &u.User, &u.Organization, &u.Kind, &u.Body, &u.Outcomes, (*instant)(&u.Made), (*instant)(&u.Taken), &u.Batch}
}

// PutUpload keeps a file, sent at tx.Now.
func (tx *Tx) PutUpload(ctx context.Context, u Upload) error {
	return wrap(tx.exec(ctx, `
INSERT INTO upload (id, user_id, organization_id, kind, body, outcomes, made)
VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		u.ID, u.User, u.Organization, u.Kind, u.Body, u.Outcomes, tx.Now), "keep upload", u.ID)
}

// Upload returns a file.
func (tx *Tx) Upload(ctx context.Context, id string) (Upload, error) {
	var u Upload
	err := tx.queryRow(ctx, selectUpload+`id = $1`, id).Scan(uploadFields(&u)...)
	return u, notFound(err, "no such upload")
}

// UploadOfBatch returns the file that a batch was made of.
func (tx *Tx) UploadOfBatch(ctx context.Context, batch string) (Upload, error) {
	var u Upload
	err := tx.queryRow(ctx, selectUpload+`batch_id = $1 AND batch_id <> ''`, batch).Scan(uploadFields(&u)...)
	return u, notFound(err, "no such upload")
}

// TakeUpload notes at tx.Now that a file begins to be taken in. One of which that
// has begun already is a Conflict.
func (tx *Tx) TakeUpload(ctx context.Context, id string) error {
	n, err := tx.execN(ctx, `
UPDATE upload
SET taken = $2
WHERE id = $1 AND taken IS NULL`, id, tx.Now)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "This file has been taken in already.")
	}
	return err
}

// FinishUpload notes what has become of the rows of a file that was taken in.
func (tx *Tx) FinishUpload(ctx context.Context, id, batch, outcomes string) error {
	n, err := tx.execN(ctx, `
UPDATE upload
SET batch_id = $2, outcomes = $3
WHERE id = $1`, id, batch, outcomes)
	return orMissing(n, err, "no such upload")
}

// DeleteUpload forgets a file.
func (tx *Tx) DeleteUpload(ctx context.Context, id string) error {
	return tx.exec(ctx, `
DELETE FROM upload
WHERE id = $1`, id)
}

// DeleteUploadsBefore forgets the files that were sent before a moment.
func (tx *Tx) DeleteUploadsBefore(ctx context.Context, before time.Time) error {
	return tx.exec(ctx, `
DELETE FROM upload
WHERE made < $1`, before)
}
