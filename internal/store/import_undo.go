package store

import (
	"context"
	"database/sql"
	"time"

	"openiis.org/iis"
)

// AskUndo notes at tx.Now that a batch is to be taken back by a user for an
// organization. If that was asked already, it is a Conflict.
func (tx *Tx) AskUndo(ctx context.Context, batch string, by iis.UserID, org iis.OrganizationID, mail bool) error {
	n, err := tx.execN(ctx, `
UPDATE import_batch
SET undo_asked = $2, undone_by = $3, undo_for = $4, undo_mail = $5, undo_holder = '', undo_moved = $2
WHERE id = $1 AND undone IS NULL AND undo_asked IS NULL`, batch, tx.Now, by, org, mail)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "This import is being undone already.")
	}
	return wrap(err, "ask for the undo of import", batch)
}

// BeginUndo notes at tx.Now that taking a batch back begins, if it has not before.
func (tx *Tx) BeginUndo(ctx context.Context, batch string) error {
	return wrap(tx.exec(ctx, `
UPDATE import_batch
SET undo_begun = $2
WHERE id = $1 AND undo_begun IS NULL`, batch, tx.Now), "begin the undo of import", batch)
}

// DropUndo forgets that a batch is to be taken back.
func (tx *Tx) DropUndo(ctx context.Context, batch string) error {
	return wrap(tx.exec(ctx, `
UPDATE import_batch
SET undo_asked = NULL, undone_by = '', undo_for = '', undo_holder = ''
WHERE id = $1 AND undone IS NULL`, batch), "drop the undo of import", batch)
}

// OpenUndos returns the batches that are to be taken back, whoever works on them,
// oldest first.
func (tx *Tx) OpenUndos(ctx context.Context) ([]ImportBatch, error) {
	rows, err := tx.query(ctx, `
SELECT `+batchColumns+`
FROM import_batch
WHERE undo_asked IS NOT NULL AND undone IS NULL
ORDER BY undo_asked, id`)
	return collect(rows, err, func(r *sql.Rows) (ImportBatch, error) {
		var b ImportBatch
		return b, r.Scan(batchFields(&b)...)
	})
}

// TakeUndo makes holder the one who takes a batch back, if nobody does, or who does
// is gone or has not since a moment. It reports whether he does.
func (tx *Tx) TakeUndo(ctx context.Context, batch, holder, gone string, since time.Time) (bool, error) {
	n, err := tx.execN(ctx, `
UPDATE import_batch
SET undo_holder = $2, undo_moved = $3
WHERE id = $1 AND undo_asked IS NOT NULL AND undone IS NULL AND (undo_holder IN ('', $2, $5) OR undo_moved < $4)`,
		batch, holder, tx.Now, since, gone)
	return n > 0, wrap(err, "take the undo of import", batch)
}

// MoveUndo says that its holder still takes a batch back. If another has taken that
// over, the answer is a Conflict.
func (tx *Tx) MoveUndo(ctx context.Context, batch, holder string) error {
	n, err := tx.execN(ctx, `
UPDATE import_batch
SET undo_moved = $3
WHERE id = $1 AND undo_holder = $2`, batch, holder, tx.Now)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "another program goes on with this undo")
	}
	return wrap(err, "move the undo of import", batch)
}

// ReleaseUndo lets others go on with an undo at once.
func (tx *Tx) ReleaseUndo(ctx context.Context, batch, holder string) error {
	return wrap(tx.exec(ctx, `
UPDATE import_batch
SET undo_holder = ''
WHERE id = $1 AND undo_holder = $2`, batch, holder), "release the undo of import", batch)
}

// CountImportTouched counts the clients of whom a batch was taken back, those of them
// of whom something stayed, and all whom it has entered or changed.
func (tx *Tx) CountImportTouched(ctx context.Context, batch string) (done, kept, all int, err error) {
	err = tx.queryRow(ctx, `
SELECT count(*) FILTER (WHERE state <> ''), count(*) FILTER (WHERE state = 'kept'), count(*)
FROM import_touched
WHERE batch_id = $1`, batch).Scan(&done, &kept, &all)
	return done, kept, all, err
}
