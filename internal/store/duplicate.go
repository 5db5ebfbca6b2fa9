package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"openiis.org/iis"
)

// PairState is what became of two clients who may be one person.
type PairState string

const (
	PairWaiting   PairState = "waiting"   // nobody has decided
	PairLater     PairState = "later"     // somebody looked and put it off
	PairDifferent PairState = "different" // they are two people: never asked again
	PairMerged    PairState = "merged"
)

// Duplicate is two clients who may be one person.
type Duplicate struct {
	A, B      iis.ClientID // A is the lesser ID
	State     PairState
	Answer    string   // "same" or "possible"
	Score     int64    // hundredths
	Why       []string // in words
	FoundBy   string   // "sweep", "entry", "import" or "report"
	Found     time.Time
	Policy    string
	Decided   time.Time
	DecidedBy iis.UserID
	Reason    string
	AskedBy   iis.UserID // who asked for a merge that needs a second person
	Assigned  iis.UserID // who looks into it; "" for nobody
}

// ordered puts the IDs of a pair in order.
func ordered(a, b iis.ClientID) (iis.ClientID, iis.ClientID) {
	if b < a {
		return b, a
	}
	return a, b
}

// texts scans a JSON list of texts.
type texts []string

func (t *texts) Scan(v any) error {
	s, ok := v.(string)
	if !ok || json.Unmarshal([]byte(s), (*[]string)(t)) != nil {
		return fmt.Errorf("scan %T as a list of texts", v)
	}
	return nil
}

const duplicateColumns = `
d.a, d.b, d.state, d.answer, d.score, d.why, d.found_by, d.found, d.policy, d.decided, d.decided_by, d.reason, d.asked_by, d.assigned_to`

func duplicateFields(d *Duplicate) []any {
	return []any{&d.A, &d.B, &d.State, &d.Answer, &d.Score, (*texts)(&d.Why), &d.FoundBy, (*instant)(&d.Found), &d.Policy,
		(*instant)(&d.Decided), &d.DecidedBy, &d.Reason, &d.AskedBy, &d.Assigned}
}

// FindDuplicate keeps a pair that was found. One that is known is left as it was
// decided; of one that waits the score and the reasons are those of now. It
// reports whether the pair is new.
func (tx *Tx) FindDuplicate(ctx context.Context, d Duplicate) (bool, error) {
	args, err := newPair(tx, d)
	if err != nil {
		return false, err
	}
	n, err := tx.execN(ctx, insertDuplicate, args...)
	if err != nil || n > 0 {
		return n > 0, err
	}
	return false, tx.exec(ctx, `
UPDATE duplicate
SET answer = $3, score = $4, why = $5, policy = $6
WHERE a = $1 AND b = $2 AND state IN ('waiting', 'later') AND score <> $4`, args[0], args[1], args[2], args[3], args[4], d.Policy)
}

// AddDuplicate keeps a pair that was found of a client who was entered just now, so
// that it is not known.
func (tx *Tx) AddDuplicate(ctx context.Context, d Duplicate) error {
	args, err := newPair(tx, d)
	if err != nil {
		return err
	}
	return tx.exec(ctx, insertDuplicate, args...)
}

const insertDuplicate = `
INSERT INTO duplicate (a, b, state, answer, score, why, found_by, found, policy)
VALUES ($1, $2, 'waiting', $3, $4, $5, $6, $7, $8)
ON CONFLICT (a, b) DO NOTHING`

// newPair are the arguments of insertDuplicate.
func newPair(tx *Tx, d Duplicate) ([]any, error) {
	a, b := ordered(d.A, d.B)
	why, err := json.Marshal(d.Why)
	if err != nil {
		return nil, fmt.Errorf("encode the reasons of a pair: %w", err)
	}
	return []any{a, b, d.Answer, d.Score, string(why), d.FoundBy, tx.Now, d.Policy}, nil
}

// Duplicate returns what is known of a pair.
func (tx *Tx) Duplicate(ctx context.Context, a, b iis.ClientID) (Duplicate, error) {
	a, b = ordered(a, b)
	var d Duplicate
	err := tx.queryRow(ctx, `
SELECT `+duplicateColumns+`
FROM duplicate d
WHERE d.a = $1 AND d.b = $2`, a, b).Scan(duplicateFields(&d)...)
	return d, notFound(err, "no such pair")
}

// DuplicateQuery selects pairs of the queue, of clients who are both seen by an
// audience and not merged into others. What is empty selects all.
type DuplicateQuery struct {
	To           Audience
	State        PairState
	Organization iis.OrganizationID // that has one of the two on file
	Answer       string
	FoundBy      string
	Assigned     iis.UserID // who looks into it
	Nobodys      bool       // only pairs that nobody looks into
	// Before goes on after a pair: those of its score and lesser IDs, or of less.
	Before *Duplicate
	Limit  int
}

// from is the rest of a statement after its columns, and its arguments.
func (q DuplicateQuery) from() (string, []any) {
	last := Duplicate{Score: 1 << 40}
	if q.Before != nil {
		last = *q.Before
	}
	args := q.To.args(q.State, last.Score, last.A, last.B, q.Limit)
	and := ""
	only := func(condition string, arg any) {
		args = append(args, arg)
		and += fmt.Sprintf("\n\tAND "+condition, len(args))
	}
	if q.Organization != "" {
		only(`EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = $%d AND (m.client_id = d.a OR m.client_id = d.b))`, q.Organization)
	}
	if q.Answer != "" {
		only(`d.answer = $%d`, q.Answer)
	}
	if q.FoundBy != "" {
		only(`d.found_by = $%d`, q.FoundBy)
	}
	if q.Assigned != "" || q.Nobodys {
		only(`d.assigned_to = $%d`, q.Assigned)
	}
	return `
FROM duplicate d
JOIN client c ON c.id = d.a AND c.merged_into = ''
JOIN client e ON e.id = d.b AND e.merged_into = ''
WHERE ` + visible + `
	AND ($1 OR e.death_recorded IS NULL AND (e.locked_to = '' OR e.locked_to = $2))
	AND d.state = $3 AND (d.score, d.a, d.b) < ($4, $5, $6)` + and + `
ORDER BY d.score DESC, d.a DESC, d.b DESC
LIMIT $7 + 0`, args
}

// Duplicates returns pairs, the likeliest first.
func (tx *Tx) Duplicates(ctx context.Context, q DuplicateQuery) ([]Duplicate, error) {
	from, args := q.from()
	rows, err := tx.query(ctx, `
SELECT `+duplicateColumns+from, args...)
	return collect(rows, err, func(r *sql.Rows) (Duplicate, error) {
		var d Duplicate
		return d, r.Scan(duplicateFields(&d)...)
	})
}

// CountDuplicates counts pairs, up to the limit.
func (tx *Tx) CountDuplicates(ctx context.Context, q DuplicateQuery) (int, error) {
	from, args := q.from()
	var n int
	err := tx.queryRow(ctx, `
SELECT COUNT(*)
FROM (SELECT 1 AS one`+from+`) x`, args...).Scan(&n)
	return n, err
}

// DecideDuplicate notes at tx.Now what a person decided of a pair, whether it was
// in the queue or not.
func (tx *Tx) DecideDuplicate(ctx context.Context, a, b iis.ClientID, state PairState, by iis.UserID, reason string) error {
	a, b = ordered(a, b)
	return tx.exec(ctx, `
INSERT INTO duplicate (a, b, state, answer, score, why, found_by, found, decided, decided_by, reason)
VALUES ($1, $2, $3, 'possible', 0, '[]', 'report', $4, $4, $5, $6)
ON CONFLICT (a, b) DO UPDATE
SET state = excluded.state, decided = excluded.decided, decided_by = excluded.decided_by, reason = excluded.reason,
	asked_by = '', via = '', was = '', was_decided = NULL, was_decided_by = '', was_asked_by = ''`, a, b, state, tx.Now, by, reason)
}

// AssignDuplicate notes who looks into a pair of the queue, "" for nobody.
func (tx *Tx) AssignDuplicate(ctx context.Context, a, b iis.ClientID, to iis.UserID) error {
	a, b = ordered(a, b)
	n, err := tx.execN(ctx, `
UPDATE duplicate
SET assigned_to = $3
WHERE a = $1 AND b = $2`, a, b, to)
	return orMissing(n, err, "no such pair")
}

// AskMerge notes that a user asks for a merge which needs a second person, and
// reports whether another one has asked for it before.
func (tx *Tx) AskMerge(ctx context.Context, a, b iis.ClientID, by iis.UserID) (second bool, err error) {
	a, b = ordered(a, b)
	d, err := tx.Duplicate(ctx, a, b)
	if iis.KindOf(err) == iis.NotFound {
		if _, err = tx.FindDuplicate(ctx, Duplicate{A: a, B: b, Answer: "possible", FoundBy: "report"}); err != nil {
			return false, err
		}
	} else if err != nil {
		return false, err
	}
	if d.AskedBy != "" && d.AskedBy != by {
		return true, nil
	}
	return false, tx.exec(ctx, `
UPDATE duplicate
SET asked_by = $3, state = 'waiting', via = '', was = '', was_decided = NULL, was_decided_by = '', was_asked_by = ''
WHERE a = $1 AND b = $2`, a, b, by)
}

// ReopenDuplicate puts a pair back among those that wait, unless it does by itself,
// because somebody reports it.
func (tx *Tx) ReopenDuplicate(ctx context.Context, a, b iis.ClientID, foundBy string) error {
	a, b = ordered(a, b)
	return tx.exec(ctx, `
UPDATE duplicate
SET state = 'waiting', found_by = $3, found = $4, decided = NULL, decided_by = '', reason = '',
	via = '', was = '', was_decided = NULL, was_decided_by = '', was_asked_by = ''
WHERE a = $1 AND b = $2 AND (state <> 'waiting' OR via <> '')`, a, b, foundBy, tx.Now)
}
