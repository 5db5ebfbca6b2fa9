package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

// Comments returns the coded comments of the client by Applies-To Date, those
// without one last, and of one day in order of entry.
func (tx *Tx) Comments(ctx context.Context, client iis.ClientID) ([]iis.Comment, error) {
	of, err := tx.commentsOf(ctx, client)
	return of[client], err
}

func (tx *Tx) commentsOf(ctx context.Context, clients ...iis.ClientID) (map[iis.ClientID][]iis.Comment, error) {
	var args []any
	rows, err := tx.query(ctx, `
SELECT m.client_id, m.id, m.code, m.applies_to, m.by_organization, COALESCE(o.name, ''), m.entered
FROM client_comment m
LEFT JOIN organization o ON o.id = m.by_organization
WHERE m.client_id IN `+in(&args, clients)+`
ORDER BY m.applies_to NULLS LAST, m.entered, m.id`, args...)
	return byClient(rows, err, func(r *sql.Rows, id *iis.ClientID) (iis.Comment, error) {
		var m iis.Comment
		return m, r.Scan(id, &m.ID, &m.Code, &m.Date, &m.By, &m.ByName, (*instant)(&m.Entered))
	})
}

// PutComment writes a comment, new or changed.
func (tx *Tx) PutComment(ctx context.Context, client iis.ClientID, m iis.Comment) error {
	return wrap(tx.exec(ctx, `
INSERT INTO client_comment (client_id, id, code, applies_to, by_organization, entered)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (client_id, id) DO UPDATE
SET code = excluded.code, applies_to = excluded.applies_to,
	by_organization = excluded.by_organization, entered = excluded.entered`,
		client, m.ID, m.Code, m.Date, m.By, nullTime(m.Entered)),
		"write comment of client", client)
}

// DeleteComment removes a comment; the audit trail keeps what it said.
func (tx *Tx) DeleteComment(ctx context.Context, client iis.ClientID, id iis.CommentID) error {
	n, err := tx.execN(ctx, `
DELETE FROM client_comment
WHERE client_id = $1 AND id = $2`, client, id)
	return orMissing(n, err, "no such comment")
}
