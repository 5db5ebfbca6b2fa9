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
	all, err := tx.carriedWith(ctx, append([]Merge{undone}, standing...))
	if err != nil {
		return err
	}
	var assigned []Duplicate
	for _, m := range slices.Backward(all) {
		pairs, err := tx.dropCarried(ctx, m)
		if err != nil {
			return wrap(err, "drop what came with merge", m.ID)
		}
		assigned = append(assigned, pairs...)
	}
	for _, m := range all {
		if m.ID == undone.ID {
			continue
		}
		if err := tx.CarryPairs(ctx, m); err != nil {
			return err
		}
	}
	// What another merge makes known still is in the same hands.
	for _, d := range assigned {
		if err := tx.exec(ctx, `
UPDATE duplicate
SET assigned_to = $3
WHERE a = $1 AND b = $2 AND via <> '' AND was = ''`, d.A, d.B, d.Assigned); err != nil {
			return err
		}
	}
	return nil
}

// carriedWith adds to merges those that have carried further what these have: where
// the other one of a pair went into a third too. They are in order of time.
func (tx *Tx) carriedWith(ctx context.Context, all []Merge) ([]Merge, error) {
	for i := 0; i < len(all); i++ {
		pairs, err := tx.pairs(ctx, `
WHERE d.via = $1`, all[i].ID)
		if err != nil {
			return nil, err
		}
		for _, d := range pairs {
			third := d.beside(all[i].Survivor)
			root, err := tx.MergedInto(ctx, third)
			if iis.KindOf(err) == iis.NotFound || err == nil && root == third {
				continue // went into nobody, or out of the registry
			}
			if err != nil {
				return nil, err
			}
			under, err := tx.MergesUnder(ctx, root)
			if err != nil {
				return nil, err
			}
			for _, m := range under {
				if !slices.ContainsFunc(all, func(x Merge) bool { return x.ID == m.ID }) {
					all = append(all, m)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Merge) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// dropCarried takes away what came with a merge, and returns the pairs that were none
// before and that have been assigned anew since: whoever looks into such a one looks
// into the pair it came from.
func (tx *Tx) dropCarried(ctx context.Context, m Merge) (assigned []Duplicate, err error) {
	pairs, err := tx.pairs(ctx, `
WHERE d.via = $1 AND d.was = ''`, m.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range pairs {
		third := d.beside(m.Survivor)
		from, err := tx.Duplicate(ctx, third, m.Other)
		if iis.KindOf(err) == iis.NotFound || err == nil && from.Assigned == d.Assigned {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := tx.AssignDuplicate(ctx, third, m.Other, d.Assigned); err != nil {
			return nil, err
		}
		assigned = append(assigned, d)
	}
	if err := tx.exec(ctx, `
DELETE FROM duplicate
WHERE via = $1 AND was = ''`, m.ID); err != nil {
		return nil, err
	}
	return assigned, tx.exec(ctx, `
UPDATE duplicate
SET state = was, decided = was_decided, decided_by = was_decided_by, reason = '', asked_by = was_asked_by,
	via = '', was = '', was_decided = NULL, was_decided_by = '', was_asked_by = ''
WHERE via = $1`, m.ID)
}
