package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

const doseColumns = `
d.id, d.kind, d.given, d.vaccine, d.trade_name, d.maker, d.product, d.lot, d.expires,
d.amount, d.route, d.site, d.eligibility, d.funding, d.vis, d.given_by,
d.source, d.provider, d.refusal, d.subpotent, d.reactions,
d.by_organization, COALESCE(o.name, ''), d.entered`

// Doses returns what is on file of the client's immunizations, every report of
// them, by date and of one day in order of entry.
func (tx *Tx) Doses(ctx context.Context, client iis.ClientID) ([]iis.Dose, error) {
	rows, err := tx.query(ctx, `
SELECT `+doseColumns+`
FROM dose d
LEFT JOIN organization o ON o.id = d.by_organization
WHERE d.client_id = $1
ORDER BY d.given, d.entered, d.id`, client)
	return collect(rows, err, func(r *sql.Rows) (iis.Dose, error) {
		var d iis.Dose
		return d, r.Scan(
			&d.ID, &d.Kind, &d.Date, &d.Vaccine, &d.TradeName, &d.Maker, &d.Product, &d.Lot, &d.Expires,
			&d.Amount, &d.Route, &d.Site, &d.Eligibility, &d.Funding, &d.VIS, &d.GivenBy,
			&d.Source, &d.Provider, &d.Refusal, &d.Subpotent, &d.Reactions,
			&d.By, &d.ByName, (*instant)(&d.Entered))
	})
}

// PutDose writes a dose, new or changed.
func (tx *Tx) PutDose(ctx context.Context, client iis.ClientID, d iis.Dose) error {
	return wrap(tx.exec(ctx, `
INSERT INTO dose (
	client_id, id, kind, given, vaccine, trade_name, maker, product, lot, expires,
	amount, route, site, eligibility, funding, vis, given_by,
	source, provider, refusal, subpotent, reactions, by_organization, entered)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
ON CONFLICT (client_id, id) DO UPDATE
SET kind = excluded.kind, given = excluded.given, vaccine = excluded.vaccine, trade_name = excluded.trade_name,
	maker = excluded.maker, product = excluded.product, lot = excluded.lot, expires = excluded.expires,
	amount = excluded.amount, route = excluded.route, site = excluded.site, eligibility = excluded.eligibility,
	funding = excluded.funding, vis = excluded.vis, given_by = excluded.given_by, source = excluded.source,
	provider = excluded.provider, refusal = excluded.refusal, subpotent = excluded.subpotent,
	reactions = excluded.reactions, by_organization = excluded.by_organization, entered = excluded.entered`,
		client, d.ID, d.Kind, d.Date, d.Vaccine, d.TradeName, d.Maker, d.Product, d.Lot, d.Expires,
		d.Amount, d.Route, d.Site, d.Eligibility, d.Funding, d.VIS, d.GivenBy,
		d.Source, d.Provider, d.Refusal, d.Subpotent, d.Reactions, d.By, nullTime(d.Entered)),
		"write dose of client", client)
}

// DeleteDose removes a dose; the audit trail keeps what it said.
func (tx *Tx) DeleteDose(ctx context.Context, client iis.ClientID, id iis.DoseID) error {
	n, err := tx.execN(ctx, `
DELETE FROM dose
WHERE client_id = $1 AND id = $2`, client, id)
	return orMissing(n, err, "no such dose")
}
