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
