package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

// Contacts returns the contacts of the client: current ones in order of entry,
// then former addresses, the latest first. The contact marked as the client's
// primary address has the client's own address (guide 50).
func (tx *Tx) Contacts(ctx context.Context, client iis.ClientID) ([]iis.Contact, error) {
	of, err := tx.contactsOf(ctx, client)
	return of[client], err
}

func (tx *Tx) contactsOf(ctx context.Context, clients ...iis.ClientID) (map[iis.ClientID][]iis.Contact, error) {
	var args []any
	rows, err := tx.query(ctx, `
SELECT k.client_id, k.id, k.last, k.first, k.middle, k.relation, k.phone, k.extension,
	CASE WHEN k.is_primary THEN c.street ELSE k.street END,
	CASE WHEN k.is_primary THEN c.other_address ELSE k.other_address END,
	CASE WHEN k.is_primary THEN c.po_box ELSE k.po_box END,
	CASE WHEN k.is_primary THEN c.city ELSE k.city END,
	CASE WHEN k.is_primary THEN c.state ELSE k.state END,
	CASE WHEN k.is_primary THEN c.zip ELSE k.zip END,
	CASE WHEN k.is_primary THEN c.county ELSE k.county END,
	CASE WHEN k.is_primary THEN c.undeliverable ELSE k.undeliverable END,
	k.notices, k.is_primary, k.former, k.position
FROM contact k
JOIN client c ON c.id = k.client_id
WHERE k.client_id IN `+in(&args, clients)+`
ORDER BY k.former DESC NULLS FIRST, k.position, k.id`, args...)
	return byClient(rows, err, func(r *sql.Rows, id *iis.ClientID) (iis.Contact, error) {
		var k iis.Contact
		return k, r.Scan(id, &k.ID, &k.Name.Last, &k.Name.First, &k.Name.Middle, &k.Relation, &k.Phone, &k.Extension,
			&k.Address.Street, &k.Address.Other, &k.Address.POBox, &k.Address.City, &k.Address.State, &k.Address.Zip, &k.Address.County,
			&k.Undeliverable, &k.Notices, &k.Primary, &k.Former, &k.Position)
	})
}

// PutContact writes a contact, new or changed. Of a primary contact no address
// is stored: the caller puts it on the client, so that there is one value. The
// suffix of a name is not part of a contact.
func (tx *Tx) PutContact(ctx context.Context, client iis.ClientID, k iis.Contact) error {
	if k.Primary {
		k.Address, k.Undeliverable = iis.Address{}, false
	}
	return wrap(tx.exec(ctx, `
INSERT INTO contact (client_id, id, last, first, middle, relation, phone, extension,
	street, other_address, po_box, city, state, zip, county,
	undeliverable, notices, is_primary, former, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
	$9, $10, $11, $12, $13, $14, $15,
	$16, $17, $18, $19, $20)
ON CONFLICT (client_id, id) DO UPDATE
SET last = excluded.last, first = excluded.first, middle = excluded.middle,
	relation = excluded.relation, phone = excluded.phone, extension = excluded.extension,
	street = excluded.street, other_address = excluded.other_address, po_box = excluded.po_box,
	city = excluded.city, state = excluded.state, zip = excluded.zip, county = excluded.county,
	undeliverable = excluded.undeliverable, notices = excluded.notices, is_primary = excluded.is_primary,
	former = excluded.former, position = excluded.position`,
		client, k.ID, k.Name.Last, k.Name.First, k.Name.Middle, k.Relation, k.Phone, k.Extension,
		k.Address.Street, k.Address.Other, k.Address.POBox, k.Address.City, k.Address.State, k.Address.Zip, k.Address.County,
		k.Undeliverable, k.Notices, k.Primary, k.Former, k.Position),
		"write contact of client", client)
}

// DeleteContact removes a contact; the audit trail keeps what it said.
func (tx *Tx) DeleteContact(ctx context.Context, client iis.ClientID, id iis.ContactID) error {
	n, err := tx.execN(ctx, `
DELETE FROM contact
WHERE client_id = $1 AND id = $2`, client, id)
	return orMissing(n, err, "no such contact")
}
