package store

import (
	"context"
	"database/sql"
	"errors"

	"openiis.org/iis"
)

// Membership returns what the organization says of the client. With nothing on
// file OnFile is false, and the rest is what the tab starts from: Active, with
// reminders.
func (tx *Tx) Membership(ctx context.Context, client iis.ClientID, org iis.OrganizationID) (iis.Membership, error) {
	m := iis.Membership{Organization: org, OnFile: true}
	err := tx.queryRow(ctx, `
SELECT chart_number, status, reason, reminders, since
FROM membership
WHERE client_id = $1 AND organization_id = $2`, client, org).
		Scan(&m.ChartNumber, &m.Status, &m.Reason, &m.Reminders, &m.Since)
	if errors.Is(err, sql.ErrNoRows) {
		return iis.Membership{Organization: org, Status: iis.Active, Reminders: true}, nil
	}
	return m, err
}

// MembershipsOf returns every organization's membership of the client, in order
// of the organizations' IDs.
func (tx *Tx) MembershipsOf(ctx context.Context, client iis.ClientID) ([]iis.Membership, error) {
	rows, err := tx.query(ctx, `
SELECT organization_id, chart_number, status, reason, reminders, since
FROM membership
WHERE client_id = $1
ORDER BY organization_id`, client)
	return collect(rows, err, func(r *sql.Rows) (iis.Membership, error) {
		m := iis.Membership{OnFile: true}
		return m, r.Scan(&m.Organization, &m.ChartNumber, &m.Status, &m.Reason, &m.Reminders, &m.Since)
	})
}

// MembershipCount returns how many organizations other than one have the client
// on file: those who lose sight of the record when it is locked or marked as
// deceased.
func (tx *Tx) MembershipCount(ctx context.Context, client iis.ClientID, other iis.OrganizationID) (int, error) {
	var n int
	err := tx.queryRow(ctx, `
SELECT COUNT(*)
FROM membership
WHERE client_id = $1 AND organization_id <> $2`, client, other).Scan(&n)
	return n, err
}

// PutMembership writes what m.Organization says of the client. StatusDeceased
// is refused: it is never an organization's own (guide 36).
func (tx *Tx) PutMembership(ctx context.Context, client iis.ClientID, m iis.Membership) error {
	return wrap(tx.exec(ctx, `
INSERT INTO membership (client_id, organization_id, chart_number, status, reason, reminders, since)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (client_id, organization_id) DO UPDATE
SET chart_number = excluded.chart_number, status = excluded.status, reason = excluded.reason,
	reminders = excluded.reminders, since = excluded.since`,
		client, m.Organization, m.ChartNumber, m.Status, m.Reason, m.Reminders, m.Since),
		"write membership of client", client)
}
