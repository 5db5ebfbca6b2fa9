package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"openiis.org/iis"
)

// draftBody scans the JSON of a draft.
type draftBody iis.Draft

// Scan implements sql.Scanner. Its error tells nothing of what was typed.
func (b *draftBody) Scan(v any) error {
	s, ok := v.(string)
	if !ok || json.Unmarshal([]byte(s), (*iis.Draft)(b)) != nil {
		return fmt.Errorf("scan %T as a draft", v)
	}
	return nil
}

// Draft returns what the user has changed of the client for the organization
// on a screen and not saved; NotFound if nothing. The client of a new entry is "".
func (tx *Tx) Draft(ctx context.Context, user iis.UserID, org iis.OrganizationID, client iis.ClientID, screen iis.Screen) (iis.Draft, error) {
	var d iis.Draft
	err := tx.queryRow(ctx, `
SELECT body, client_id, screen, changed
FROM draft
WHERE user_id = $1 AND organization_id = $2 AND client_id = $3 AND screen = $4`, user, org, client, screen).
		Scan((*draftBody)(&d), &d.Client, &d.Screen, (*instant)(&d.Changed))
	return d, notFound(err, "no draft")
}

// Drafts returns all that the user has not saved for the organization, what was
// changed last first.
func (tx *Tx) Drafts(ctx context.Context, user iis.UserID, org iis.OrganizationID) ([]iis.Draft, error) {
	rows, err := tx.query(ctx, `
SELECT body, client_id, screen, changed
FROM draft
WHERE user_id = $1 AND organization_id = $2
ORDER BY changed DESC, client_id, screen`, user, org)
	return collect(rows, err, func(r *sql.Rows) (iis.Draft, error) {
		var d iis.Draft
		return d, r.Scan((*draftBody)(&d), &d.Client, &d.Screen, (*instant)(&d.Changed))
	})
}

// PutDraft stores a draft as changed at tx.Now, in place of an earlier one of
// the same client and screen.
func (tx *Tx) PutDraft(ctx context.Context, user iis.UserID, org iis.OrganizationID, d iis.Draft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	return wrap(tx.exec(ctx, `
INSERT INTO draft (user_id, organization_id, client_id, screen, body, changed)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (user_id, organization_id, client_id, screen) DO UPDATE
SET body = excluded.body, changed = excluded.changed`,
		user, org, d.Client, d.Screen, string(body), tx.Now), "write draft of user", user)
}

// DeleteDraft removes a draft, if there is one.
func (tx *Tx) DeleteDraft(ctx context.Context, user iis.UserID, org iis.OrganizationID, client iis.ClientID, screen iis.Screen) error {
	return tx.exec(ctx, `
DELETE FROM draft
WHERE user_id = $1 AND organization_id = $2 AND client_id = $3 AND screen = $4`, user, org, client, screen)
}

// DeleteDraftsBefore removes the drafts of all users last changed before a time
// and returns how many.
func (tx *Tx) DeleteDraftsBefore(ctx context.Context, changed time.Time) (int64, error) {
	return tx.execN(ctx, `
DELETE FROM draft
WHERE changed < $1`, changed)
}
