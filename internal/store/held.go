package store

import (
	"context"
	"database/sql"
	"time"

	"openiis.org/iis"
)

// HeldEntry is a new client that was not written, because he may be one whom
// the user must not see: it waits for the help desk, who finds it by the code
// that the user reads out.
type HeldEntry struct {
	ID           string
	Code         string // 4 to 6 letters and digits, unique
	User         iis.UserID
	Organization iis.OrganizationID
	Body         string // JSON: what was typed
	Reason       string
	Held         time.Time
	Resolved     time.Time // zero while it waits
	ResolvedBy   iis.UserID
	Outcome      string
}

const heldColumns = `
id, code, user_id, organization_id, body, reason, held, resolved, resolved_by, outcome`

func heldFields(h *HeldEntry) []any {
	return []any{&h.ID, &h.Code, &h.User, &h.Organization, &h.Body, &h.Reason, (*instant)(&h.Held),
		(*instant)(&h.Resolved), &h.ResolvedBy, &h.Outcome}
}

// HeldEntry returns the entry of a code, waiting or resolved.
func (tx *Tx) HeldEntry(ctx context.Context, code string) (HeldEntry, error) {
	var h HeldEntry
	err := tx.queryRow(ctx, `
SELECT `+heldColumns+`
FROM held_entry
WHERE code = $1`, code).Scan(heldFields(&h)...)
	return h, notFound(err, "no held entry of this code")
}

// HeldEntries returns the entries that wait, the longest waiting first.
func (tx *Tx) HeldEntries(ctx context.Context) ([]HeldEntry, error) {
	rows, err := tx.query(ctx, `
SELECT `+heldColumns+`
FROM held_entry
WHERE resolved IS NULL
ORDER BY held, id`)
	return collect(rows, err, func(r *sql.Rows) (HeldEntry, error) {
		var h HeldEntry
		return h, r.Scan(heldFields(&h)...)
	})
}

// PutHeldEntry keeps a new entry. The code must be free: HeldEntry tells.
func (tx *Tx) PutHeldEntry(ctx context.Context, h HeldEntry) error {
	return wrap(tx.exec(ctx, `
INSERT INTO held_entry (id, code, user_id, organization_id, body, reason, held, resolved, resolved_by, outcome)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		h.ID, h.Code, h.User, h.Organization, h.Body, h.Reason, nullTime(h.Held),
		nullTime(h.Resolved), h.ResolvedBy, h.Outcome), "keep entry", h.ID)
}

// ReopenHeldEntry makes an entry wait again.
func (tx *Tx) ReopenHeldEntry(ctx context.Context, code string) error {
	return tx.exec(ctx, `
UPDATE held_entry
SET resolved = NULL, resolved_by = '', outcome = ''
WHERE code = $1`, code)
}

// HoldImport notes that a batch has held an entry, which is new or was held before.
// One that was held before it was kept which batch held it is left alone.
func (tx *Tx) HoldImport(ctx context.Context, batch string, entry string, fresh bool) error {
	return tx.exec(ctx, `
INSERT INTO import_held (batch_id, held_id)
SELECT b.id, h.id
FROM import_batch b
CROSS JOIN held_entry h
WHERE b.id = $1 AND h.id = $2 AND ($3 OR EXISTS (SELECT 1 FROM import_held o WHERE o.held_id = h.id))
ON CONFLICT (batch_id, held_id) DO NOTHING`, batch, entry, fresh)
}

// ImportHeld returns the codes of the entries that wait and that no batch but this
// one has held, others that were undone aside.
func (tx *Tx) ImportHeld(ctx context.Context, batch string) ([]string, error) {
	rows, err := tx.query(ctx, `
SELECT h.code
FROM import_held t
JOIN held_entry h ON h.id = t.held_id
WHERE t.batch_id = $1 AND h.resolved IS NULL AND NOT EXISTS (
	SELECT 1
	FROM import_held o
	JOIN import_batch b ON b.id = o.batch_id
	WHERE o.held_id = t.held_id AND o.batch_id <> $1 AND b.undone IS NULL)
ORDER BY h.code`, batch)
	return collect(rows, err, func(r *sql.Rows) (code string, err error) { return code, r.Scan(&code) })
}

// ResolveHeldEntry notes at tx.Now what became of the entry that waits under
// the code. One that is resolved already is a Conflict.
func (tx *Tx) ResolveHeldEntry(ctx context.Context, code string, by iis.UserID, outcome string) error {
	n, err := tx.execN(ctx, `
UPDATE held_entry
SET resolved = $2, resolved_by = $3, outcome = $4
WHERE code = $1 AND resolved IS NULL`, code, tx.Now, by, outcome)
	if err == nil && n == 0 {
		if _, err := tx.HeldEntry(ctx, code); err != nil {
			return err
		}
		return iis.Errorf(iis.Conflict, "this entry has been resolved already")
	}
	return err
}
