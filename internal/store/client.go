package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"openiis.org/iis"
)

// clientColumns are read in the order of clientFields, from a client c with
// the organization o that last updated it.
const clientColumns = `
c.id, c.version, c.last, c.first, c.middle, c.suffix, c.gender,
c.birth_date, c.birth_country, c.birth_certificate, c.mother_maiden_last, c.mother_first,
c.race, c.ethnicity,
c.street, c.other_address, c.po_box, c.city, c.state, c.zip, c.county,
c.undeliverable, c.address_updated, c.phone, c.email,
c.locked_to, c.death_date, c.death_source, c.death_recorded, c.death_by,
c.merged_into, c.created, c.updated, c.updated_by, COALESCE(o.name, '')`

const selectClient = `
SELECT ` + clientColumns + `
FROM client c
LEFT JOIN organization o ON o.id = c.updated_by
WHERE c.id = $1`

func clientFields(c *iis.Client) []any {
	return []any{
		&c.ID, &c.Version, &c.Name.Last, &c.Name.First, &c.Name.Middle, &c.Name.Suffix, &c.Gender,
		&c.BirthDate, &c.BirthCountry, &c.BirthCertificate, &c.MotherMaidenLast, &c.MotherFirst,
		(*codes)(&c.Race), &c.Ethnicity,
		&c.Address.Street, &c.Address.Other, &c.Address.POBox, &c.Address.City, &c.Address.State, &c.Address.Zip, &c.Address.County,
		&c.Undeliverable, &c.AddressUpdated, &c.Phone, &c.Email,
		&c.LockedTo, &c.Death.Date, &c.Death.Source, (*instant)(&c.Death.Recorded), &c.Death.By,
		&c.MergedInto, (*instant)(&c.Created), (*instant)(&c.Updated), &c.UpdatedBy, &c.UpdatedByName,
	}
}

// Client returns the client, visible to the actor or not: that is the caller's
// question. UpdatedByName is filled from the organization that saved last.
func (tx *Tx) Client(ctx context.Context, id iis.ClientID) (iis.Client, error) {
	var c iis.Client
	err := tx.queryRow(ctx, selectClient, id).Scan(clientFields(&c)...)
	return c, notFound(err, "no such client")
}

// Clients returns the clients of a search result in the order of ids; an id
// that is not on file is left out.
func (tx *Tx) Clients(ctx context.Context, ids []iis.ClientID) ([]iis.Client, error) {
	// One prepared statement run for each id: a list of placeholders would be a
	// new statement to prepare for each length of list.
	cs := make([]iis.Client, 0, len(ids))
	for _, id := range ids {
		c, err := tx.Client(ctx, id)
		if iis.KindOf(err) == iis.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// TakenIDs returns which of at most 64 registry IDs are taken, by hidden clients too.
func (tx *Tx) TakenIDs(ctx context.Context, ids []iis.ClientID) ([]iis.ClientID, error) {
	var args []any
	rows, err := tx.query(ctx, `
SELECT id
FROM client
WHERE id IN `+in(&args, ids), args...)
	return collect(rows, err, scanID)
}

// ClientVersion returns how often the client was saved, and so whether what was
// read of him before still stands.
func (tx *Tx) ClientVersion(ctx context.Context, id iis.ClientID) (int64, error) {
	var version int64
	err := tx.queryRow(ctx, `
SELECT version
FROM client
WHERE id = $1`, id).Scan(&version)
	return version, notFound(err, "no such client")
}

// CountClients returns how many clients are on file, hidden ones too.
func (tx *Tx) CountClients(ctx context.Context) (int64, error) {
	var n int64
	err := tx.queryRow(ctx, `
SELECT COUNT(*)
FROM client`).Scan(&n)
	return n, err
}

// InsertClient enters a client who is not on file.
func (tx *Tx) InsertClient(ctx context.Context, c iis.Client) error {
	return wrap(tx.exec(ctx, `
INSERT INTO client (
	id, version, last, first, middle, suffix, gender,
	birth_date, birth_country, birth_certificate, mother_maiden_last, mother_first,
	race, ethnicity,
	street, other_address, po_box, city, state, zip, county,
	undeliverable, address_updated, phone, email,
	locked_to, death_date, death_source, death_recorded, death_by,
	updated, updated_by, created)
VALUES (
	$1, $2, $3, $4, $5, $6, $7,
	$8, $9, $10, $11, $12,
	$13, $14,
	$15, $16, $17, $18, $19, $20, $21,
	$22, $23, $24, $25,
	$26, $27, $28, $29, $30,
	$31, $32, $33)`, append(clientArgs(c), nullTime(c.Created))...), "enter client", c.ID)
}

// PutClient writes a client as it stands after an edit: c.Version is the new
// version, one more than the one the edit was made of. If someone else saved
// meanwhile (or the client is not on file) nothing changes and the answer is a
// Conflict. If it changes who may see the client, PutNames must follow.
func (tx *Tx) PutClient(ctx context.Context, c iis.Client) error {
	n, err := tx.execN(ctx, `
UPDATE client
SET version = $2, last = $3, first = $4, middle = $5, suffix = $6, gender = $7,
	birth_date = $8, birth_country = $9, birth_certificate = $10, mother_maiden_last = $11, mother_first = $12,
	race = $13, ethnicity = $14,
	street = $15, other_address = $16, po_box = $17, city = $18, state = $19, zip = $20, county = $21,
	undeliverable = $22, address_updated = $23, phone = $24, email = $25,
	locked_to = $26, death_date = $27, death_source = $28, death_recorded = $29, death_by = $30,
	updated = $31, updated_by = $32
WHERE id = $1 AND version = $33`, append(clientArgs(c), c.Version-1)...)
	if err != nil {
		return wrap(err, "write client", c.ID)
	}
	if n == 0 {
		return iis.Errorf(iis.Conflict, "someone else has saved this client meanwhile")
	}
	return nil
}

// clientArgs are $1 to $32 of the two statements that write a client.
func clientArgs(c iis.Client) []any {
	a := c.Address
	return []any{
		c.ID, c.Version, c.Name.Last, c.Name.First, c.Name.Middle, c.Name.Suffix, c.Gender,
		c.BirthDate, c.BirthCountry, c.BirthCertificate, c.MotherMaidenLast, c.MotherFirst,
		strings.Join(c.Race, ","), c.Ethnicity,
		a.Street, a.Other, a.POBox, a.City, a.State, a.Zip, a.County,
		c.Undeliverable, c.AddressUpdated, c.Phone, c.Email,
		c.LockedTo, c.Death.Date, c.Death.Source, nullTime(c.Death.Recorded), c.Death.By,
		nullTime(c.Updated), c.UpdatedBy,
	}
}

// ClientRecord returns a client with all that the organization sees of him on
// the screens, in four statements.
func (tx *Tx) ClientRecord(ctx context.Context, id iis.ClientID, org iis.OrganizationID) (iis.Record, error) {
	return tx.VisibleRecord(ctx, id, org, func(iis.Client) bool { return true })
}

// VisibleRecord is ClientRecord for who may see the client. To who may not, the
// answer is that of an unknown ID, after the same one statement, so that the time
// it takes tells nothing either.
func (tx *Tx) VisibleRecord(ctx context.Context, id iis.ClientID, org iis.OrganizationID, visible func(iis.Client) bool) (iis.Record, error) {
	all, err := tx.records(ctx, org, visible, id)
	if err == nil && len(all) == 0 {
		err = notFound(sql.ErrNoRows, "no such client")
	}
	return all[id], err
}

// ClientRecords returns several clients, no more than MostKnown, as ClientRecord does each;
// those who are not on file are left out.
func (tx *Tx) ClientRecords(ctx context.Context, org iis.OrganizationID, ids ...iis.ClientID) (map[iis.ClientID]iis.Record, error) {
	return tx.records(ctx, org, func(iis.Client) bool { return true }, ids...)
}

func (tx *Tx) records(ctx context.Context, org iis.OrganizationID, visible func(iis.Client) bool, ids ...iis.ClientID) (map[iis.ClientID]iis.Record, error) {
	args := []any{org}
	rows, err := tx.query(ctx, `
SELECT `+clientColumns+`,
	m.client_id IS NOT NULL, COALESCE(m.chart_number, ''), COALESCE(m.status, 'Active'),
	COALESCE(m.reason, ''), COALESCE(m.reminders, TRUE), m.since
FROM client c
LEFT JOIN organization o ON o.id = c.updated_by
LEFT JOIN membership m ON m.client_id = c.id AND m.organization_id = $1
WHERE c.id IN `+in(&args, ids), args...)
	all := make(map[iis.ClientID]iis.Record, len(ids))
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		rec := iis.Record{Membership: iis.Membership{Organization: org}}
		err = r.Scan(append(clientFields(&rec.Client),
			&rec.Membership.OnFile, &rec.Membership.ChartNumber, &rec.Membership.Status,
			&rec.Membership.Reason, &rec.Membership.Reminders, &rec.Membership.Since)...)
		if visible(rec.Client) {
			all[rec.Client.ID] = rec
		}
		return none, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	seen := slices.Sorted(maps.Keys(all))
	aliases, err := tx.aliasesOf(ctx, seen...)
	if err != nil {
		return nil, err
	}
	contacts, err := tx.contactsOf(ctx, seen...)
	if err != nil {
		return nil, err
	}
	comments, err := tx.commentsOf(ctx, seen...)
	if err != nil {
		return nil, err
	}
	for id, rec := range all {
		rec.Aliases, rec.Contacts, rec.Comments = aliases[id], contacts[id], comments[id]
		all[id] = rec
	}
	return all, nil
}

// wrap says what was being written when err happened, by an identifier that
// tells nothing about a person.
func wrap[ID ~string](err error, what string, id ID) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, id, err)
}
