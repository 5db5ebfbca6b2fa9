package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

// Organization returns one participant, active or not.
func (tx *Tx) Organization(ctx context.Context, id iis.OrganizationID) (iis.Organization, error) {
	var o iis.Organization
	err := tx.queryRow(ctx, `
SELECT id, name, type, city, active
FROM organization
WHERE id = $1`, id).Scan(&o.ID, &o.Name, &o.Type, &o.City, &o.Active)
	return o, notFound(err, "no such organization")
}

// Organizations returns every participant, inactive ones too, by name.
func (tx *Tx) Organizations(ctx context.Context) ([]iis.Organization, error) {
	rows, err := tx.query(ctx, `
SELECT id, name, type, city, active
FROM organization
ORDER BY name, id`)
	return collect(rows, err, func(r *sql.Rows) (iis.Organization, error) {
		var o iis.Organization
		return o, r.Scan(&o.ID, &o.Name, &o.Type, &o.City, &o.Active)
	})
}

// PutOrganization writes a participant, new or changed.
func (tx *Tx) PutOrganization(ctx context.Context, o iis.Organization) error {
	return wrap(tx.exec(ctx, `
INSERT INTO organization (id, name, type, city, active)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, type = excluded.type, city = excluded.city, active = excluded.active`,
		o.ID, o.Name, o.Type, o.City, o.Active), "write organization", o.ID)
}
