package store

import (
	"context"
	"database/sql"
	"fmt"

	"openiis.org/iis"
)

// Known is a client with all that tells him from others: of the client the fields
// that are compared and what hides him, his former names, and his chart numbers.
type Known struct {
	Client      iis.Client
	Aliases     []iis.Alias
	Memberships []iis.Membership // those with a chart number
}

const (
	knownColumns = `
SELECT c.id, c.version, c.last, c.first, c.middle, c.suffix, c.gender, c.birth_date, c.birth_certificate, c.mother_maiden_last, c.mother_first,
	c.street, c.other_address, c.po_box, c.city, c.state, c.zip, c.phone, c.email, c.locked_to, c.death_recorded
FROM client c
WHERE c.merged_into = '' AND c.id `
	knownAliases = `
SELECT client_id, last, first, birth_date
FROM alias
WHERE client_id `
	knownCharts = `
SELECT client_id, organization_id, chart_number
FROM membership
WHERE chart_number <> '' AND client_id `
)

// KnownClients returns those of at most 64 clients that are on file and not
// merged into others, hidden or not, in order of their IDs.
func (tx *Tx) KnownClients(ctx context.Context, ids []iis.ClientID) ([]Known, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var args []any
	among := "IN " + in(&args, ids)
	return tx.known(ctx, knownColumns+among+`
ORDER BY c.id`, args, among, func([]Known) []any { return args })
}

// KnownAfter returns the next clients after an ID that are not merged into others,
// hidden or not, in order of their IDs.
func (tx *Tx) KnownAfter(ctx context.Context, after iis.ClientID, limit int) ([]Known, error) {
	return tx.known(ctx, knownColumns+fmt.Sprintf(`> $1
ORDER BY c.id
LIMIT %d`, limit), []any{after}, "BETWEEN $1 AND $2", func(all []Known) []any {
		return []any{all[0].Client.ID, all[len(all)-1].Client.ID}
	})
}

func (tx *Tx) known(ctx context.Context, query string, args []any, among string, of func([]Known) []any) ([]Known, error) {
	rows, err := tx.query(ctx, query, args...)
	all, err := collect(rows, err, func(r *sql.Rows) (Known, error) {
		var k Known
		c := &k.Client
		return k, r.Scan(&c.ID, &c.Version, &c.Name.Last, &c.Name.First, &c.Name.Middle, &c.Name.Suffix, &c.Gender, &c.BirthDate, &c.BirthCertificate,
			&c.MotherMaidenLast, &c.MotherFirst, &c.Address.Street, &c.Address.Other, &c.Address.POBox,
			&c.Address.City, &c.Address.State, &c.Address.Zip, &c.Phone, &c.Email, &c.LockedTo, (*instant)(&c.Death.Recorded))
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	args = of(all)
	// Both lists are in order of the clients, and so go in beside each other.
	at := 0
	find := func(id iis.ClientID) *Known {
		for at < len(all) && all[at].Client.ID < id {
			at++
		}
		if at == len(all) || all[at].Client.ID != id {
			return nil // merged into another
		}
		return &all[at]
	}
	rows, err = tx.query(ctx, knownAliases+among+`
ORDER BY client_id, id`, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id iis.ClientID
		var a iis.Alias
		if err := r.Scan(&id, &a.Name.Last, &a.Name.First, &a.BirthDate); err != nil {
			return none, err
		}
		if k := find(id); k != nil {
			k.Aliases = append(k.Aliases, a)
		}
		return none, nil
	})
	if err != nil {
		return nil, err
	}
	at = 0
	rows, err = tx.query(ctx, knownCharts+among+`
ORDER BY client_id, organization_id`, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id iis.ClientID
		var m iis.Membership
		if err := r.Scan(&id, &m.Organization, &m.ChartNumber); err != nil {
			return none, err
		}
		if k := find(id); k != nil {
			k.Memberships = append(k.Memberships, m)
		}
		return none, nil
	})
	return all, err
}
