package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"openiis.org/iis"
)

// CarryPairs makes what is known of a record, which goes by a merge into another,
// known of that one: whoever may be the one may be the other, and whoever is not the
// one is not the other. What was decided of the other stands.
func (tx *Tx) CarryPairs(ctx context.Context, merge string, from, to iis.ClientID) error {
	rows, err := tx.query(ctx, `
SELECT `+duplicateColumns+`
FROM duplicate d
WHERE (d.a = $1 OR d.b = $1) AND d.state IN ('waiting', 'later', 'different')
ORDER BY d.a, d.b`, from)
	pairs, err := collect(rows, err, func(r *sql.Rows) (Duplicate, error) {
		var d Duplicate
		return d, r.Scan(duplicateFields(&d)...)
	})
	if err != nil {
		return err
	}
	for _, d := range pairs {
		third := d.A
		if third == from {
			third = d.B
		}
		if third == to {
			continue
		}
		if err := tx.carryPair(ctx, merge, d, third, to); err != nil {
			return wrap(err, "carry a pair over to client", to)
		}
	}
	return nil
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
	return tx.exec(ctx, `
UPDATE duplicate
SET was = CASE WHEN via = '' THEN state ELSE was END, state = $3, decided = $4, decided_by = $5, reason = $6, asked_by = '',
	via = CASE WHEN via = '' THEN $7 ELSE via END
WHERE a = $1 AND b = $2 AND state IN ('waiting', 'later')`, a, b, d.State, nullTime(d.Decided), d.DecidedBy, d.Reason, merge)
}

// DropCarried undoes CarryPairs of a merge, but for what people have decided since.
func (tx *Tx) DropCarried(ctx context.Context, merge string) error {
	if err := tx.exec(ctx, `
DELETE FROM duplicate
WHERE via = $1 AND was = ''`, merge); err != nil {
		return wrap(err, "drop what came with merge", merge)
	}
	return wrap(tx.exec(ctx, `
UPDATE duplicate
SET state = was, decided = NULL, decided_by = '', reason = '', via = '', was = ''
WHERE via = $1`, merge), "drop what came with merge", merge)
}
