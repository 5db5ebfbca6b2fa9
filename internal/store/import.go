package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"openiis.org/iis"
)

// ImportBatch is one file that was taken in.
type ImportBatch struct {
	ID           string
	Kind         string // "clients" or "immunizations"
	Digest       string // SHA-256 of the file, in hexadecimal; "" while it is not known
	User         iis.UserID
	UserName     string
	Organization iis.OrganizationID // whose user took it in
	Started      time.Time
	Finished     time.Time      // zero if it has not come to its end
	Counts       map[string]int // rows by what became of them
	Undone       time.Time      // zero while it stands
	UndoneBy     iis.UserID
	UndoAsked    time.Time          // when it was asked that it be taken back; zero if nobody did
	UndoFor      iis.OrganizationID // that whoever asked acted for
	UndoMail     bool               // he is to be told by e-mail when it is taken back
	UndoHolder   string             // who takes it back; "" for nobody
	UndoMoved    time.Time          // of his last sign of life
	UndoBegun    time.Time          // when taking it back began; zero if it has not
}

// TouchedState is what undoing a batch has come to for one client.
type TouchedState string

const (
	TouchedStands TouchedState = ""       // nothing is taken back yet
	TouchedUndone TouchedState = "undone" // all is as it was before
	TouchedKept   TouchedState = "kept"   // something stayed, because of later edits
)

// counts scans the JSON of numbers by name.
type counts map[string]int

// Scan implements sql.Scanner.
func (c *counts) Scan(v any) error {
	s, ok := v.(string)
	if !ok || json.Unmarshal([]byte(s), (*map[string]int)(c)) != nil {
		return fmt.Errorf("scan %T as counts", v)
	}
	return nil
}

const batchColumns = `
id, kind, digest, by_user, user_name, by_organization, started, finished, counts, undone, undone_by, undo_asked, undo_for, undo_mail, undo_holder, undo_moved, undo_begun`

func batchFields(b *ImportBatch) []any {
	return []any{&b.ID, &b.Kind, &b.Digest, &b.User, &b.UserName, &b.Organization,
		(*instant)(&b.Started), (*instant)(&b.Finished), (*counts)(&b.Counts), (*instant)(&b.Undone), &b.UndoneBy,
		(*instant)(&b.UndoAsked), &b.UndoFor, &b.UndoMail, &b.UndoHolder, (*instant)(&b.UndoMoved), (*instant)(&b.UndoBegun)}
}

// BeginImport keeps a new batch, begun at tx.Now.
func (tx *Tx) BeginImport(ctx context.Context, b ImportBatch) error {
	return wrap(tx.exec(ctx, `
INSERT INTO import_batch (id, kind, digest, by_user, user_name, by_organization, started)
VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		b.ID, b.Kind, b.Digest, b.User, clean(b.UserName), b.Organization, tx.Now), "begin import", b.ID)
}

// FinishImport notes at tx.Now that the file of a batch was read to its end.
func (tx *Tx) FinishImport(ctx context.Context, id, digest string, rows map[string]int) error {
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode the counts of import %s: %w", id, err)
	}
	n, err := tx.execN(ctx, `
UPDATE import_batch
SET digest = $2, counts = $3, finished = $4
WHERE id = $1`, id, digest, string(body), tx.Now)
	return orMissing(n, err, "no such import")
}

// TouchImport notes that a batch has entered or changed a client.
func (tx *Tx) TouchImport(ctx context.Context, id string, client iis.ClientID) error {
	return tx.exec(ctx, `
INSERT INTO import_touched (batch_id, client_id)
VALUES ($1, $2)
ON CONFLICT (batch_id, client_id) DO NOTHING`, id, client)
}

// ImportBatch returns one batch.
func (tx *Tx) ImportBatch(ctx context.Context, id string) (ImportBatch, error) {
	var b ImportBatch
	err := tx.queryRow(ctx, `
SELECT `+batchColumns+`
FROM import_batch
WHERE id = $1`, id).Scan(batchFields(&b)...)
	return b, notFound(err, "no such import")
}

// ImportBatches returns the batches of an organization's users, of all with "",
// newest first.
func (tx *Tx) ImportBatches(ctx context.Context, of iis.OrganizationID, limit int) ([]ImportBatch, error) {
	rows, err := tx.query(ctx, `
SELECT `+batchColumns+`
FROM import_batch
WHERE $1 = '' OR by_organization = $1
ORDER BY started DESC, id
LIMIT $2 + 0`, of, limit)
	return collect(rows, err, func(r *sql.Rows) (ImportBatch, error) {
		var b ImportBatch
		return b, r.Scan(batchFields(&b)...)
	})
}

// ImportsOfDigest returns the batches made of the same file by an organization's
// users, of all with "", that were not undone; newest first.
func (tx *Tx) ImportsOfDigest(ctx context.Context, of iis.OrganizationID, digest string, limit int) ([]ImportBatch, error) {
	rows, err := tx.query(ctx, `
SELECT `+batchColumns+`
FROM import_batch
WHERE digest = $2 AND digest <> '' AND ($1 = '' OR by_organization = $1) AND undone IS NULL
ORDER BY started DESC, id
LIMIT $3 + 0`, of, digest, limit)
	return collect(rows, err, func(r *sql.Rows) (ImportBatch, error) {
		var b ImportBatch
		return b, r.Scan(batchFields(&b)...)
	})
}

// ImportTouched returns the next clients that a batch has entered or changed and
// of whom nothing was taken back yet, in order of their IDs.
func (tx *Tx) ImportTouched(ctx context.Context, id string, after iis.ClientID, limit int) ([]iis.ClientID, error) {
	rows, err := tx.query(ctx, `
SELECT client_id
FROM import_touched
WHERE batch_id = $1 AND client_id > $2 AND state = ''
ORDER BY client_id
LIMIT $3 + 0`, id, after, limit)
	return collect(rows, err, scanID)
}

// ImportTouchedState returns what undoing a batch has come to for a client.
func (tx *Tx) ImportTouchedState(ctx context.Context, id string, client iis.ClientID) (state TouchedState, err error) {
	err = tx.queryRow(ctx, `
SELECT state
FROM import_touched
WHERE batch_id = $1 AND client_id = $2`, id, client).Scan(&state)
	return state, notFound(err, "the import has not touched this client")
}

// SetImportTouched notes what undoing a batch has come to for a client.
func (tx *Tx) SetImportTouched(ctx context.Context, id string, client iis.ClientID, state TouchedState) error {
	n, err := tx.execN(ctx, `
UPDATE import_touched
SET state = $3
WHERE batch_id = $1 AND client_id = $2`, id, client, state)
	return orMissing(n, err, "the import has not touched this client")
}

// UndoImport notes at tx.Now that a batch was undone. One that is undone already
// is a Conflict.
func (tx *Tx) UndoImport(ctx context.Context, id string, by iis.UserID) error {
	n, err := tx.execN(ctx, `
UPDATE import_batch
SET undone = $2, undone_by = $3
WHERE id = $1 AND undone IS NULL`, id, tx.Now, by)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "this import has been undone already")
	}
	return err
}

// ImportKept returns the clients of whom something stayed when a batch was undone.
func (tx *Tx) ImportKept(ctx context.Context, id string, limit int) ([]iis.ClientID, error) {
	rows, err := tx.query(ctx, `
SELECT client_id
FROM import_touched
WHERE batch_id = $1 AND state = 'kept'
ORDER BY client_id
LIMIT $2 + 0`, id, limit)
	return collect(rows, err, scanID)
}
