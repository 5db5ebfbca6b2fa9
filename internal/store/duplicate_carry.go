package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"openiis.org/iis"
)

// CarryPairs makes what is known of a record that goes by a merge into another known of
// that one: whoever may be the one may be the other, and whoever is not the one is not
// the other. What was decided of the other stands.
func (tx *Tx) CarryPairs(ctx context.Context, m Merge) error {
	pairs, err := tx.pairs(ctx, `
WHERE (d.a = $1 OR d.b = $1) AND d.state IN ('waiting', 'later', 'different')`, m.Other)
	if err != nil {
		return err
	}
	for _, d := range pairs {
		third := d.beside(m.Other)
		if third == m.Survivor {
			continue
		}
		if err := tx.carryPair(ctx, m.ID, d, third, m.Survivor); err != nil {
			return wrap(err, "carry a pair over to client", m.Survivor)
		}
	}
	return nil
}

// pairs returns the pairs of a condition in order of their IDs.
func (tx *Tx) pairs(ctx context.Context, where string, arg any) ([]Duplicate, error) {
	rows, err := tx.query(ctx, `
SELECT `+duplicateColumns+`
FROM duplicate d`+where+`
ORDER BY d.a, d.b`, arg)
	return collect(rows, err, func(r *sql.Rows) (Duplicate, error) {
		var d Duplicate
		return d, r.Scan(duplicateFields(&d)...)
	})
}

// beside is the other one of a pair.
func (d Duplicate) beside(id iis.ClientID) iis.ClientID {
	if d.A == id {
		return d.B
	}
	return d.A
}

func (tx *Tx) carryPair(ctx context.Context, merge string, d Duplicate, x, y iis.ClientID) error {
	a, b := ordered(x, y)
	why, err := json.Marshal(d.Why)
	if err != nil {
		return fmt.Errorf("encode the reasons of a pair: %w", err)
	}
	n, err := tx.execN(ctx, `
INSERT INTO duplicate (a, b, state, answer, score, why, found_by, found, policy, decided, decided_by, reason, assigned_to, via)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (a, b) DO NOTHING`, a, b, d.State, d.Answer, d.Score, string(why), d.FoundBy, d.Found, d.Policy,
		nullTime(d.Decided), d.DecidedBy, d.Reason, d.Assigned, merge)
	if err != nil || n > 0 || d.State != PairDifferent {
		return err
	}
	// What came by an earlier merge has nothing of its own to be given back.
	return tx.exec(ctx, `
UPDATE duplicate
SET was = CASE WHEN via = '' THEN state ELSE was END,
	was_decided = CASE WHEN via = '' THEN decided ELSE was_decided END,
	was_decided_by = CASE WHEN via = '' THEN decided_by ELSE was_decided_by END,
	was_asked_by = CASE WHEN via = '' THEN asked_by ELSE was_asked_by END,
	state = $3, decided = $4, decided_by = $5, reason = $6, asked_by = '', via = CASE WHEN via = '' THEN $7 ELSE via END
WHERE a = $1 AND b = $2 AND state IN ('waiting', 'later')`, a, b, d.State, nullTime(d.Decided), d.DecidedBy, d.Reason, merge)
}

// CarryPairsAgain undoes CarryPairs of a merge that was undone, and does it anew for
// those into the same client that stand, oldest first. What people have decided since,
// and whom they have assigned a pair to, stays.
func (tx *Tx) CarryPairsAgain(ctx context.Context, undone Merge, standing []Merge) error {
	all := append(slices.Clone(standing), undone)
	slices.SortFunc(all, func(a, b Merge) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	var dropped []Duplicate
	for _, m := range slices.Backward(all) {
		pairs, err := tx.dropCarried(ctx, m)
		if err != nil {
			return wrap(err, "drop what came with merge", m.ID)
		}
		dropped = append(dropped, pairs...)
	}
	for _, m := range standing {
		if err := tx.CarryPairs(ctx, m); err != nil {
			return err
		}
	}
	// What another merge makes known still is in the same hands.
	for _, d := range dropped {
		if err := tx.exec(ctx, `
UPDATE duplicate
SET assigned_to = $3
WHERE a = $1 AND b = $2 AND via <> '' AND was = ''`, d.A, d.B, d.Assigned); err != nil {
			return err
		}
	}
	return nil
}

// dropCarried takes away what came with a merge, and returns the pairs that were none
// before. Who looks into such a pair looks into the one it came from.
func (tx *Tx) dropCarried(ctx context.Context, m Merge) ([]Duplicate, error) {
	pairs, err := tx.pairs(ctx, `
WHERE d.via = $1 AND d.was = ''`, m.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range pairs {
		a, b := ordered(d.beside(m.Survivor), m.Other)
		if err := tx.exec(ctx, `
UPDATE duplicate
SET assigned_to = $3
WHERE a = $1 AND b = $2`, a, b, d.Assigned); err != nil {
			return nil, err
		}
	}
	if err := tx.exec(ctx, `
DELETE FROM duplicate
WHERE via = $1 AND was = ''`, m.ID); err != nil {
		return nil, err
	}
	return pairs, tx.exec(ctx, `
UPDATE duplicate
SET state = was, decided = was_decided, decided_by = was_decided_by, reason = '', asked_by = was_asked_by,
	via = '', was = '', was_decided = NULL, was_decided_by = '', was_asked_by = ''
WHERE via = $1`, m.ID)
}
