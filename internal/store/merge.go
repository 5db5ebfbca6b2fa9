package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"openiis.org/iis"
)

// Merge is two records made one, with all that is needed to part them again.
type Merge struct {
	ID              string
	Survivor, Other iis.ClientID
	WasSurvivor     iis.Whole
	WasOther        iis.Whole
	Merged          iis.Whole
	Reason          string
	User            iis.UserID
	By              iis.OrganizationID
	At              time.Time
	Undone          time.Time // zero while it stands
	UndoneBy        iis.UserID
}

// wholeBody scans the JSON of a whole client.
type wholeBody iis.Whole

// Scan implements sql.Scanner. Its error tells nothing of the client.
func (b *wholeBody) Scan(v any) error {
	s, ok := v.(string)
	if !ok || json.Unmarshal([]byte(s), (*iis.Whole)(b)) != nil {
		return fmt.Errorf("scan %T as a client", v)
	}
	return nil
}

// PutMerge keeps a merge.
func (tx *Tx) PutMerge(ctx context.Context, m Merge) error {
	bodies, err := m.bodies()
	if err != nil {
		return err
	}
	args := append([]any{m.ID, m.Survivor, m.Other}, bodies...)
	return wrap(tx.exec(ctx, `
INSERT INTO merge (id, survivor, other, was_survivor, was_other, merged, reason, by_user, by_organization, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		append(args, m.Reason, m.User, m.By, nullTime(m.At))...), "keep merge", m.ID)
}

const mergeColumns = `
id, survivor, other, was_survivor, was_other, merged, reason, by_user, by_organization, at, undone, undone_by`

func mergeFields(m *Merge) []any {
	return []any{&m.ID, &m.Survivor, &m.Other, (*wholeBody)(&m.WasSurvivor), (*wholeBody)(&m.WasOther), (*wholeBody)(&m.Merged),
		&m.Reason, &m.User, &m.By, (*instant)(&m.At), (*instant)(&m.Undone), &m.UndoneBy}
}

// Merge returns one merge, standing or undone.
func (tx *Tx) Merge(ctx context.Context, id string) (Merge, error) {
	var m Merge
	err := tx.queryRow(ctx, `
SELECT `+mergeColumns+`
FROM merge
WHERE id = $1`, id).Scan(mergeFields(&m)...)
	return m, notFound(err, "no such merge")
}

// PutMergeAgain writes what the records of a merge were and became anew: another that
// went into one of them before was taken out.
func (tx *Tx) PutMergeAgain(ctx context.Context, m Merge) error {
	bodies, err := m.bodies()
	if err != nil {
		return err
	}
	n, err := tx.execN(ctx, `
UPDATE merge
SET was_survivor = $2, was_other = $3, merged = $4
WHERE id = $1 AND undone IS NULL`, append([]any{m.ID}, bodies...)...)
	return orMissing(n, err, "no such merge")
}

// bodies are the three records of a merge as JSON.
func (m Merge) bodies() (bodies []any, err error) {
	for _, w := range []iis.Whole{m.WasSurvivor, m.WasOther, m.Merged} {
		body, err := json.Marshal(w)
		if err != nil {
			return nil, fmt.Errorf("encode merge %s: %w", m.ID, err)
		}
		bodies = append(bodies, string(body))
	}
	return bodies, nil
}

// MergesUnder returns the merges by which records went into a client, and into those
// that did, that all stand, oldest first.
func (tx *Tx) MergesUnder(ctx context.Context, client iis.ClientID) (all []Merge, err error) {
	for under := []iis.ClientID{client}; len(under) > 0; under = under[1:] {
		rows, err := tx.query(ctx, `
SELECT `+mergeColumns+`
FROM merge
WHERE survivor = $1 AND undone IS NULL`, under[0])
		some, err := collect(rows, err, func(r *sql.Rows) (Merge, error) {
			var m Merge
			return m, r.Scan(mergeFields(&m)...)
		})
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			all, under = append(all, m), append(under, m.Other)
		}
	}
	slices.SortFunc(all, func(a, b Merge) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// UndoMerge notes at tx.Now that a merge was undone. One that is undone already is
// a Conflict.
func (tx *Tx) UndoMerge(ctx context.Context, id string, by iis.UserID) error {
	n, err := tx.execN(ctx, `
UPDATE merge
SET undone = $2, undone_by = $3
WHERE id = $1 AND undone IS NULL`, id, tx.Now, by)
	if err == nil && n == 0 {
		return iis.Errorf(iis.Conflict, "this merge has been undone already")
	}
	return err
}

// MergedInto returns the client whom an ID leads to: the survivor if the client
// was merged, else the client himself.
func (tx *Tx) MergedInto(ctx context.Context, id iis.ClientID) (iis.ClientID, error) {
	for {
		var into iis.ClientID
		err := tx.queryRow(ctx, `
SELECT merged_into
FROM client
WHERE id = $1`, id).Scan(&into)
		if err != nil {
			return "", notFound(err, "no such client")
		}
		if into == "" {
			return id, nil
		}
		id = into
	}
}

// SetMergedInto makes the ID of a client lead to another, or with "" to himself.
func (tx *Tx) SetMergedInto(ctx context.Context, id, into iis.ClientID) error {
	n, err := tx.execN(ctx, `
UPDATE client
SET merged_into = $2
WHERE id = $1`, id, into)
	return orMissing(n, err, "no such client")
}

// Whole returns all that is on file of a client, for every organization.
func (tx *Tx) Whole(ctx context.Context, id iis.ClientID) (iis.Whole, error) {
	var w iis.Whole
	var err error
	if w.Record, err = tx.ClientRecord(ctx, id, ""); err != nil {
		return w, err
	}
	w.Membership = iis.Membership{}
	if w.Doses, err = tx.Doses(ctx, id); err != nil {
		return w, err
	}
	w.Memberships, err = tx.MembershipsOf(ctx, id)
	return w, err
}

// childTables hold what is on file of a client besides his own row.
var childTables = []string{"membership", "alias", "contact", "client_comment", "dose"}

// ClearWhole removes what is on file of a client but for his own row: it has gone
// into another record.
func (tx *Tx) ClearWhole(ctx context.Context, id iis.ClientID) error {
	for _, table := range childTables {
		if err := tx.exec(ctx, `DELETE FROM `+table+` WHERE client_id = $1`, id); err != nil {
			return wrap(err, "clear client", id)
		}
	}
	return nil
}

// PutWhole writes a client and all that is on file of him in place of what was
// there. The client is on file at the version before c.Version.
func (tx *Tx) PutWhole(ctx context.Context, w iis.Whole) error {
	id := w.Client.ID
	if err := tx.PutClient(ctx, w.Client); err != nil {
		return err
	}
	if err := tx.ClearWhole(ctx, id); err != nil {
		return err
	}
	for _, m := range w.Memberships {
		if err := tx.PutMembership(ctx, id, m); err != nil {
			return err
		}
	}
	for _, a := range w.Aliases {
		if err := tx.AddAlias(ctx, id, a); err != nil {
			return err
		}
	}
	for _, c := range w.Contacts {
		if err := tx.PutContact(ctx, id, c); err != nil {
			return err
		}
	}
	for _, c := range w.Comments {
		if err := tx.PutComment(ctx, id, c); err != nil {
			return err
		}
	}
	for _, d := range w.Doses {
		if err := tx.PutDose(ctx, id, d); err != nil {
			return err
		}
	}
	return nil
}

// MoveDoseProblems gives the problems told of one client's doses to another,
// those of the doses named or all.
func (tx *Tx) MoveDoseProblems(ctx context.Context, from, to iis.ClientID, of func(iis.DoseID) bool) error {
	all, err := tx.ProblemsOf(ctx, from)
	if err != nil {
		return err
	}
	for _, p := range all {
		if of != nil && !of(p.Dose) {
			continue
		}
		if err := tx.exec(ctx, `
UPDATE dose_problem
SET client_id = $2
WHERE id = $1`, p.ID, to); err != nil {
			return wrap(err, "move problem", p.ID)
		}
	}
	return nil
}
