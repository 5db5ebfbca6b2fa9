package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

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
	knownClients = `
SELECT c.id, c.version, c.last, c.first, c.middle, c.suffix, c.gender, c.birth_date, c.birth_certificate, c.mother_maiden_last, c.mother_first,
	c.street, c.other_address, c.po_box, c.city, c.state, c.zip, c.phone, c.email, c.locked_to, c.death_recorded
FROM client c
WHERE c.merged_into = '' AND c.id > $1`
	knownAliases = `
SELECT client_id, last, first, birth_date
FROM alias
WHERE client_id BETWEEN $1 AND $2
ORDER BY client_id, id`
	knownCharts = `
SELECT client_id, organization_id, chart_number
FROM membership
WHERE chart_number <> '' AND client_id BETWEEN $1 AND $2
ORDER BY client_id, organization_id`
)

const (
	knownFew = `
SELECT 0, c.id, c.version, c.last, c.first, c.middle, c.suffix, c.gender, c.birth_date, c.birth_certificate, c.mother_maiden_last, c.mother_first,
	c.street, c.other_address, c.po_box, c.city, c.state, c.zip, c.phone, c.email, c.locked_to, c.death_recorded
FROM client c
WHERE c.merged_into = '' AND c.id IN %[1]s
UNION ALL
SELECT 1, client_id, 0, last, first, '', '', '', birth_date, '', '', '', '', '', '', '', '', '', '', '', '', NULL
FROM alias
WHERE client_id IN %[1]s
UNION ALL
SELECT 2, client_id, 0, organization_id, chart_number, '', '', '', NULL, '', '', '', '', '', '', '', '', '', '', '', '', NULL
FROM membership
WHERE chart_number <> '' AND client_id IN %[1]s`
)

// MostKnown is how many clients KnownClients returns at most.
const MostKnown = 64

// KnownClients returns those of at most MostKnown clients that are on file and not
// merged into others, hidden or not, in order of their IDs.
func (tx *Tx) KnownClients(ctx context.Context, ids []iis.ClientID) ([]Known, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var args []any
	rows, err := tx.query(ctx, fmt.Sprintf(knownFew, in(&args, ids)), args...)
	all := make([]Known, 0, len(ids))
	var rest []Known // a former name or a chart number each
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var kind int
		var k Known
		err = r.Scan(append([]any{&kind}, knownFields(&k.Client)...)...)
		switch c := k.Client; kind {
		case 0:
			all = append(all, k)
		case 1:
			rest = append(rest, Known{Client: c, Aliases: []iis.Alias{{Name: c.Name, BirthDate: c.BirthDate}}})
		case 2:
			m := iis.Membership{Organization: iis.OrganizationID(c.Name.Last), ChartNumber: c.Name.First}
			rest = append(rest, Known{Client: c, Memberships: []iis.Membership{m}})
		}
		return none, err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Known) int { return cmp.Compare(a.Client.ID, b.Client.ID) })
	for _, one := range rest {
		i, found := slices.BinarySearchFunc(all, one.Client.ID, func(k Known, id iis.ClientID) int { return cmp.Compare(k.Client.ID, id) })
		if found { // not merged into another
			all[i].Aliases = append(all[i].Aliases, one.Aliases...)
			all[i].Memberships = append(all[i].Memberships, one.Memberships...)
		}
	}
	return all, nil
}

func knownFields(c *iis.Client) []any {
	return []any{&c.ID, &c.Version, &c.Name.Last, &c.Name.First, &c.Name.Middle, &c.Name.Suffix, &c.Gender, &c.BirthDate, &c.BirthCertificate,
		&c.MotherMaidenLast, &c.MotherFirst, &c.Address.Street, &c.Address.Other, &c.Address.POBox,
		&c.Address.City, &c.Address.State, &c.Address.Zip, &c.Phone, &c.Email, &c.LockedTo, (*instant)(&c.Death.Recorded)}
}

// KnownAfter returns the next clients after an ID that are not merged into others,
// hidden or not, in order of their IDs.
func (tx *Tx) KnownAfter(ctx context.Context, after iis.ClientID, limit int) ([]Known, error) {
	rows, err := tx.query(ctx, knownClients+fmt.Sprintf(`
ORDER BY c.id
LIMIT %d`, limit), after)
	all, err := collect(rows, err, func(r *sql.Rows) (Known, error) {
		var k Known
		return k, r.Scan(knownFields(&k.Client)...)
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	first, last := all[0].Client.ID, all[len(all)-1].Client.ID
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
	rows, err = tx.query(ctx, knownAliases, first, last)
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
	rows, err = tx.query(ctx, knownCharts, first, last)
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
