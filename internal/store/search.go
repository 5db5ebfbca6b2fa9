package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"openiis.org/iis"
)

// Audience is in whose name clients are looked for. Who is hidden from it is
// left out in the statement, before anything is counted or cut off: a client
// locked to another organization, and a deceased one.
type Audience struct {
	All          bool // staff who see hidden clients
	Organization iis.OrganizationID
}

// visible is the condition for a client c to be seen by the audience whose two
// arguments are the first of the statement.
const visible = `($1 OR c.death_recorded IS NULL AND (c.locked_to = '' OR c.locked_to = $2))`

func (a Audience) args(more ...any) []any { return append([]any{a.All, a.Organization}, more...) }

// NamesCalledBorn returns rows with exactly this last name, first name and
// birth date.
func (tx *Tx) NamesCalledBorn(ctx context.Context, to Audience, last, first string, born iis.Date, limit int) ([]NameHit, error) {
	rows, err := tx.query(ctx, selectNames+`
	AND n.last = $3 AND n.first = $4 AND n.birth_date = $5
ORDER BY n.client_id
LIMIT $6 + 0`, to.args(last, first, born, limit)...)
	return collect(rows, err, scanName)
}

// NamesBorn returns rows with the birth date, hidden clients among them: it is
// the one lookup that leaves the question of visibility to Candidates, because
// it returns many rows of which few are kept.
func (tx *Tx) NamesBorn(ctx context.Context, born iis.Date, limit int) ([]NameHit, error) {
	rows, err := tx.query(ctx, `
SELECT client_id, last, first, former, last_part, first_part
FROM client_name
WHERE birth_date = $1
LIMIT $2 + 0`, born, limit)
	return collect(rows, err, func(r *sql.Rows) (NameHit, error) {
		h := NameHit{NameKey: iis.NameKey{BirthDate: born}}
		return h, r.Scan(&h.Client, &h.Last, &h.First, &h.Former, &h.LastPart, &h.FirstPart)
	})
}

// ClientsWithKey returns the clients that have the key.
func (tx *Tx) ClientsWithKey(ctx context.Context, to Audience, k iis.Key, limit int) ([]iis.ClientID, error) {
	rows, err := tx.query(ctx, `
SELECT k.client_id
FROM client_key k
JOIN client c ON c.id = k.client_id
WHERE `+visible+`
	AND k.value = $3
ORDER BY k.client_id
LIMIT $4 + 0`, to.args(k, limit)...)
	return collect(rows, err, scanID)
}

// ClientsWithKeys returns the clients that have a key from a up to, but not
// including, b.
func (tx *Tx) ClientsWithKeys(ctx context.Context, to Audience, a, b iis.Key, limit int) ([]iis.ClientID, error) {
	rows, err := tx.query(ctx, `
SELECT k.client_id
FROM client_key k
JOIN client c ON c.id = k.client_id
WHERE `+visible+`
	AND k.value >= $3 AND k.value < $4
ORDER BY k.value, k.client_id
LIMIT $5 + 0`, to.args(a, b, limit)...)
	return collect(rows, err, scanID)
}

func scanID(r *sql.Rows) (iis.ClientID, error) {
	var id iis.ClientID
	return id, r.Scan(&id)
}

// Candidates returns those of at most 64 clients that the audience may see, in
// no order, with the fields that a search compares: names, gender, birth date,
// mother, address, phone, and what hides a client.
func (tx *Tx) Candidates(ctx context.Context, to Audience, ids []iis.ClientID) ([]iis.Client, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := to.args()
	rows, err := tx.query(ctx, `
SELECT c.id, c.last, c.first, c.middle, c.gender, c.birth_date, c.mother_maiden_last, c.mother_first,
	c.street, c.other_address, c.po_box, c.city, c.state, c.zip, c.phone, c.locked_to, c.death_recorded
FROM client c
WHERE `+visible+`
	AND c.id IN `+in(&args, ids), args...)
	return collect(rows, err, func(r *sql.Rows) (iis.Client, error) {
		var c iis.Client
		return c, r.Scan(&c.ID, &c.Name.Last, &c.Name.First, &c.Name.Middle, &c.Gender, &c.BirthDate,
			&c.MotherMaidenLast, &c.MotherFirst, &c.Address.Street, &c.Address.Other, &c.Address.POBox,
			&c.Address.City, &c.Address.State, &c.Address.Zip, &c.Phone, &c.LockedTo, (*instant)(&c.Death.Recorded))
	})
}

// Seen returns those of at most 64 IDs that lead to a client whom the audience may
// see: one who was merged is seen if the client is who has his records now.
func (tx *Tx) Seen(ctx context.Context, to Audience, ids []iis.ClientID) ([]iis.ClientID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := to.args()
	rows, err := tx.query(ctx, `
WITH RECURSIVE lead_to (client_id, now_id) AS (
	SELECT id, id
	FROM client
	WHERE id IN `+in(&args, ids)+`
	UNION
	SELECT l.client_id, c.merged_into
	FROM lead_to l
	JOIN client c ON c.id = l.now_id
	WHERE c.merged_into <> '')
SELECT l.client_id
FROM lead_to l
JOIN client c ON c.id = l.now_id
WHERE c.merged_into = '' AND `+visible, args...)
	return collect(rows, err, scanID)
}

// in writes a list of placeholders for all values and appends them to args.
func in[T any](args *[]any, values []T) string {
	return "(" + strings.Join(places(args, values), ", ") + ")"
}

// with writes a table of what is wanted, to which rows are then joined, one
// lookup for each of it. Of two columns that must each be IN a list, or in a
// table of its own, PostgreSQL may look up the first alone and then go through
// all rows of a common name. CROSS JOIN keeps SQLite to the order.
func with(wanted string) string { return "\nWITH wanted AS MATERIALIZED (" + wanted + ")" }

// selectWanted is completed by the condition that joins n to w.
const selectWanted = nameColumns + `
FROM wanted w
CROSS JOIN client_name n` + shown

// pairs writes a query for each of as with each of bs, to be compared with two
// columns of client_name.
func pairs[B any](args *[]any, a string, as []string, b string, bs []B) string {
	return pairsOf(a, places(args, as), b, places(args, bs))
}

// pairsOf is pairs of what the placeholders stand for.
func pairsOf(a string, as []string, b string, bs []string) string {
	return "SELECT a." + a + ", b." + b + " FROM (" + oneOf(a, as) + ") a CROSS JOIN (" + oneOf(b, bs) + ") b"
}

// union writes a query for the values, each once. A column of client_name gives
// them name and type.
func union[T any](args *[]any, column string, values []T) string {
	return oneOf(column, places(args, values))
}

// oneOf is union of what placeholders stand for.
func oneOf(column string, places []string) string {
	return "SELECT " + column + " FROM client_name WHERE 1 = 0 UNION SELECT " + strings.Join(places, " UNION SELECT ")
}

// places appends values to args and returns their placeholders. Their number is
// one of a few, made up with the last value, so that few statements need
// preparing; no more than 64 are taken.
func places[T any](args *[]any, values []T) []string {
	n := 1
	for n < len(values) && n < 64 {
		n *= 2
	}
	values = values[:min(n, len(values))]
	list := make([]string, n)
	for i := range list {
		*args = append(*args, values[min(i, len(values)-1)])
		list[i] = fmt.Sprintf("$%d", len(*args))
	}
	return list
}

// nobody is who may see a client besides staff who see hidden ones, if no
// organization may.
const nobody iis.OrganizationID = "-"

// shownTo says who may see a client: "" for everybody; see iis.Client.VisibleTo.
func shownTo(c iis.Client) iis.OrganizationID {
	if c.Deceased() {
		return nobody
	}
	return c.LockedTo
}

// PutNames files a client under these names, for those who may see him, in place of
// what he was filed under. It is called whenever one or the other changes. Only rows
// that differ are written, and their names go into the vocabulary.
func (tx *Tx) PutNames(ctx context.Context, c iis.Client, names []iis.NameKey) error {
	client, to := c.ID, shownTo(c)
	rows, err := tx.query(ctx, `
SELECT last, first, last_sound, first_sound, birth_date, former, last_part, first_part, shown_to
FROM client_name
WHERE client_id = $1
ORDER BY n`, client)
	elsewise := false // who sees him
	was, err := collect(rows, err, func(r *sql.Rows) (iis.NameKey, error) {
		var k iis.NameKey
		var shown iis.OrganizationID
		err := r.Scan(&k.Last, &k.First, &k.LastSound, &k.FirstSound, &k.BirthDate, &k.Former, &k.LastPart, &k.FirstPart, &shown)
		elsewise = elsewise || shown != to
		return k, err
	})
	if err != nil {
		return err
	}
	for i, k := range names {
		if i < len(was) && was[i] == k && !elsewise {
			continue
		}
		if err := tx.putName(ctx, client, i, k, to); err != nil {
			return wrap(err, "file the names of client", client)
		}
	}
	if err := tx.addVocabulary(ctx, names, was); err != nil {
		return err
	}
	if len(was) <= len(names) {
		return nil
	}
	return wrap(tx.exec(ctx, `
DELETE FROM client_name
WHERE client_id = $1 AND n >= $2`, client, len(names)), "file the names of client", client)
}

func (tx *Tx) putName(ctx context.Context, client iis.ClientID, n int, k iis.NameKey, to iis.OrganizationID) error {
	return tx.exec(ctx, `
INSERT INTO client_name (client_id, n, last, first, last_sound, first_sound, birth_date, former, last_part, first_part, shown_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (client_id, n) DO UPDATE
SET last = EXCLUDED.last, first = EXCLUDED.first, last_sound = EXCLUDED.last_sound, first_sound = EXCLUDED.first_sound,
	birth_date = EXCLUDED.birth_date, former = EXCLUDED.former,
	last_part = EXCLUDED.last_part, first_part = EXCLUDED.first_part, shown_to = EXCLUDED.shown_to`,
		client, n, k.Last, k.First, k.LastSound, k.FirstSound, k.BirthDate, k.Former, k.LastPart, k.FirstPart, to)
}

// AddNames files a client who is not filed yet under these names.
func (tx *Tx) AddNames(ctx context.Context, c iis.Client, names []iis.NameKey) error {
	for i, k := range names {
		if err := tx.putName(ctx, c.ID, i, k, shownTo(c)); err != nil {
			return wrap(err, "file the names of client", c.ID)
		}
	}
	return tx.addVocabulary(ctx, names, nil)
}

// addVocabulary puts names into the vocabulary, in one order, so that two who add
// the same do not wait for each other; those that the client was filed under are
// there.
func (tx *Tx) addVocabulary(ctx context.Context, names, was []iis.NameKey) error {
	var s statement
	now := s.arg(tx.Now)
	for _, kind := range []struct {
		name string
		of   func(iis.NameKey) string
	}{{"last", func(k iis.NameKey) string { return k.Last }}, {"first", func(k iis.NameKey) string { return k.First }}} {
		var fresh []string
		for _, k := range names {
			if name := kind.of(k); name != "" && !slices.ContainsFunc(was, func(w iis.NameKey) bool { return kind.of(w) == name }) {
				fresh = append(fresh, name)
			}
		}
		slices.Sort(fresh)
		for _, name := range slices.Compact(fresh) {
			fmt.Fprintf(&s, ", ('%s', %s, %s)", kind.name, s.arg(name), now)
		}
	}
	if s.Len() == 0 {
		return nil
	}
	return tx.exec(ctx, `
INSERT INTO name_vocabulary (kind, name, added)
VALUES `+s.String()[2:]+`
ON CONFLICT (kind, name) DO NOTHING`, s.args...)
}

// PutKeys takes keys from a client and gives others.
func (tx *Tx) PutKeys(ctx context.Context, client iis.ClientID, drop, add []iis.Key) error {
	for _, k := range drop {
		if err := tx.exec(ctx, `
DELETE FROM client_key
WHERE value = $1 AND client_id = $2`, k, client); err != nil {
			return wrap(err, "drop a key of client", client)
		}
	}
	if len(add) == 0 {
		return nil
	}
	var s statement
	id := s.arg(client)
	for _, k := range add {
		s.WriteString(", (" + s.arg(k) + ", " + id + ")")
	}
	return wrap(tx.exec(ctx, `
INSERT INTO client_key (value, client_id)
VALUES `+s.String()[2:]+`
ON CONFLICT (value, client_id) DO NOTHING`, s.args...), "add keys of client", client)
}

// VocabularySince returns the folded last and first names that came on file at
// that time or later. The time of a name is that at which its transaction began:
// a reader who asks again asks from a little before the last time.
func (tx *Tx) VocabularySince(ctx context.Context, since time.Time) (lasts, firsts []string, err error) {
	rows, err := tx.query(ctx, `
SELECT kind, name
FROM name_vocabulary
WHERE added >= $1`, since)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var kind, name string
		if err := r.Scan(&kind, &name); err != nil {
			return struct{}{}, err
		}
		if kind == "last" {
			lasts = append(lasts, name)
		} else {
			firsts = append(firsts, name)
		}
		return struct{}{}, nil
	})
	return lasts, firsts, err
}

// PutSearch keeps what a user searched for under an ID, so that no address of a
// page holds it.
func (tx *Tx) PutSearch(ctx context.Context, id iis.SearchID, user iis.UserID, org iis.OrganizationID, query any) error {
	body, err := json.Marshal(query)
	if err != nil {
		return fmt.Errorf("encode search: %w", err)
	}
	return wrap(tx.exec(ctx, `
INSERT INTO search (id, user_id, organization_id, body, made)
VALUES ($1, $2, $3, $4, $5)`, id, user, org, string(body), tx.Now), "keep search", id)
}

// DeleteSearchesBefore forgets the searches made before a time.
func (tx *Tx) DeleteSearchesBefore(ctx context.Context, made time.Time) error {
	return tx.exec(ctx, `
DELETE FROM search
WHERE made < $1`, made)
}

// Search reads into query what the user searched for while acting for the
// organization; NotFound for anyone and anywhere else.
func (tx *Tx) Search(ctx context.Context, id iis.SearchID, user iis.UserID, org iis.OrganizationID, query any) error {
	var body string
	err := tx.queryRow(ctx, `
SELECT body
FROM search
WHERE id = $1 AND user_id = $2 AND organization_id = $3`, id, user, org).Scan(&body)
	if err != nil {
		return notFound(err, "no such search")
	}
	if json.Unmarshal([]byte(body), query) != nil {
		return fmt.Errorf("decode search %s", id)
	}
	return nil
}
