package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"openiis.org/iis"
)

// chain is where one list of the audit trail stands: what its next row is
// linked to. One chain a writer, not one for all, since a single chain would
// make every transaction wait for every other.
type chain struct {
	id   string
	seq  int64  // of the last row; 0: none yet
	hash string // of the last row; that of the chain's id if none yet
}

func newChain() chain {
	id := iis.NewID()
	return chain{id: id, hash: chainHash(id)}
}

// chainHash is what the first row of a chain is linked to.
func chainHash(id string) string { return digest("openiis audit chain 1", id) }

// chains are the chains of this process that no transaction holds. SQLite,
// which writes one transaction at a time, has one; PostgreSQL as many as there
// have ever been writers at once.
type chains struct {
	mu   sync.Mutex
	free []chain
}

// take hands out a chain, the last one used first so that they stay few.
func (c *chains) take() chain {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) == 0 {
		return newChain()
	}
	last := c.free[len(c.free)-1]
	c.free = c.free[:len(c.free)-1]
	return last
}

// keep gives back the chain of a transaction that stands.
func (c *chains) keep(tx *Tx) {
	if tx.chain != nil {
		c.give(*tx.chain)
	}
}

// undo gives back the chain of a transaction that was rolled back, as it was.
func (c *chains) undo(tx *Tx) {
	if tx.chain != nil && !tx.broken {
		c.give(tx.before)
	}
	tx.chain = nil
}

func (c *chains) give(one chain) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, one)
}

// drop forgets the free chains: what became of their last rows is not known.
func (c *chains) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = nil
}

// StoredEvent is an event as the audit trail keeps it.
type StoredEvent struct {
	iis.Event
	Version int64 // of the client after the change; 0 if it changed none
	Chain   string
	Seq     int64 // within the chain, from 1
}

// auditRow is a row of the audit trail as it is hashed.
type auditRow struct {
	chain                                               string
	seq                                                 int64
	at                                                  time.Time
	action, user, userName, organization, orgName, role string
	client                                              string
	version                                             int64
	detail, prev, hash                                  string
}

const auditColumns = `chain, seq, at, action, user_id, user_name, organization_id, org_name, role, client_id, version, detail, prev, hash`

func (r *auditRow) scan(rows *sql.Rows) error {
	return rows.Scan(&r.chain, &r.seq, &r.at, &r.action, &r.user, &r.userName, &r.organization, &r.orgName, &r.role,
		&r.client, &r.version, &r.detail, &r.prev, &r.hash)
}

// digest computes the hash that the row has to have.
func (r *auditRow) digest() string {
	return digest("openiis audit 1", r.chain, decimal(r.seq), moment(r.at), r.action, r.user, r.userName,
		r.organization, r.orgName, r.role, r.client, decimal(r.version), r.detail, r.prev)
}

// digest is the SHA-256, in hexadecimal, of fields each led by its length, so
// that no two lists of fields run into the same bytes.
func digest(fields ...string) string {
	b := make([]byte, 0, 1024)
	for _, f := range fields {
		b = binary.AppendUvarint(b, uint64(len(f)))
		b = append(b, f...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func decimal(n int64) string { return fmt.Sprint(n) }

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

const insertAudit = `INSERT INTO audit (` + auditColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// Record writes an event to the audit trail, at tx.Now. It stands or falls with
// the transaction.
func (tx *Tx) Record(ctx context.Context, e iis.Event) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	if tx.chain == nil {
		tx.before = tx.db.chains.take()
		c := tx.before
		tx.chain = &c
	}
	r := auditRow{
		chain:        tx.chain.id,
		seq:          tx.chain.seq + 1,
		at:           tx.Now,
		action:       string(e.Action),
		user:         clean(string(e.User)),
		userName:     clean(e.UserName),
		organization: clean(string(e.Organization)),
		orgName:      clean(e.OrgName),
		role:         clean(string(e.Role)),
		client:       clean(string(e.Client)),
		version:      e.Detail.Version,
		detail:       string(detail),
		prev:         tx.chain.hash,
	}
	r.hash = r.digest()
	err = tx.exec(ctx, insertAudit,
		r.chain, r.seq, r.at, r.action, r.user, r.userName, r.organization, r.orgName, r.role,
		r.client, r.version, r.detail, r.prev, r.hash)
	if err != nil {
		// Someone else may have put a row where this one belongs: then this chain
		// could never go on. A new one can.
		tx.broken = true
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	tx.chain.seq, tx.chain.hash = r.seq, r.hash
	return nil
}

// clean makes storable what came from outside unchecked, such as the user name
// of a refused sign-in: PostgreSQL takes neither invalid UTF-8 nor NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// EventQuery selects events of a client for the change history.
type EventQuery struct {
	Client  iis.ClientID
	Also    []iis.ClientID // whose events are listed with the client's: those who went into him
	Actions []iis.Action   // only these; all if empty
	Limit   int            // at most so many; 0 means all
	Offset  int            // so many are passed over first
}

// ChangeActions are the actions that change a client, ViewActions those that
// disclose one: the two lists of the change history.
var (
	ChangeActions = []iis.Action{iis.ActionEnter, iis.ActionUpdate, iis.ActionUndecease, iis.ActionImport, iis.ActionUndoImport, iis.ActionImmunize,
		iis.ActionMerge, iis.ActionMergedInto, iis.ActionUnmerge, iis.ActionAskMerge, iis.ActionDifferent, iis.ActionReportPair}
	ViewActions = []iis.Action{iis.ActionView, iis.ActionHistory, iis.ActionPrint, iis.ActionVerify, iis.ActionMisguess}
)

// Events returns what happened to a client, newest first, at most limit events.
func (tx *Tx) Events(ctx context.Context, client iis.ClientID, limit int) ([]StoredEvent, error) {
	return tx.FindEvents(ctx, EventQuery{Client: client, Limit: limit})
}

// FindEvents returns the events that q selects, newest first.
func (tx *Tx) FindEvents(ctx context.Context, q EventQuery) ([]StoredEvent, error) {
	where, args := q.where()
	text := `SELECT ` + auditColumns + `
FROM audit
WHERE ` + where + `
ORDER BY at DESC, chain DESC, seq DESC`
	if q.Limit > 0 {
		args = append(args, q.Limit)
		text += fmt.Sprintf("\nLIMIT $%d + 0", len(args))
		if q.Offset > 0 {
			args = append(args, q.Offset)
			text += fmt.Sprintf("\nOFFSET $%d + 0", len(args))
		}
	}
	rows, err := tx.query(ctx, text, args...)
	events, err := collect(rows, err, scanEvent)
	if err != nil {
		return nil, fmt.Errorf("events of client %s: %w", q.Client, err)
	}
	return events, nil
}

// CountEvents returns how many events q selects, whatever its Limit and Offset.
func (tx *Tx) CountEvents(ctx context.Context, q EventQuery) (int, error) {
	where, args := q.where()
	var n int
	if err := tx.queryRow(ctx, `SELECT count(*) FROM audit WHERE `+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count events of client %s: %w", q.Client, err)
	}
	return n, nil
}

// where is the condition. That client_id is not empty is said so that the
// partial index serves.
func (q EventQuery) where() (string, []any) {
	where := `client_id = $1 AND client_id <> ''`
	args := []any{string(q.Client)}
	if len(q.Also) > 0 {
		where = `client_id <> '' AND client_id IN ($1`
		for _, id := range q.Also {
			args = append(args, string(id))
			where += fmt.Sprintf(", $%d", len(args))
		}
		// Made up to a power of two, so that few statements need preparing.
		for n := len(args); n&(n-1) != 0; n++ {
			where += fmt.Sprintf(", $%d", len(args))
		}
		where += ")"
	}
	if len(q.Actions) > 0 {
		places := make([]string, len(q.Actions))
		for i, a := range q.Actions {
			args = append(args, string(a))
			places[i] = fmt.Sprintf("$%d", len(args))
		}
		where += ` AND action IN (` + strings.Join(places, ", ") + `)`
	}
	return where, args
}

// EventsSince returns the changes of a client after a version, oldest first:
// who changed what since a form was opened.
func (tx *Tx) EventsSince(ctx context.Context, client iis.ClientID, version int64) ([]StoredEvent, error) {
	rows, err := tx.query(ctx, `SELECT `+auditColumns+`
FROM audit
WHERE client_id = $1 AND client_id <> '' AND version > $2
ORDER BY version, at, chain, seq`, client, version)
	events, err := collect(rows, err, scanEvent)
	if err != nil {
		return nil, fmt.Errorf("events of client %s: %w", client, err)
	}
	return events, nil
}

func scanEvent(rows *sql.Rows) (StoredEvent, error) {
	var r auditRow
	if err := r.scan(rows); err != nil {
		return StoredEvent{}, err
	}
	e := StoredEvent{
		Event: iis.Event{
			At:           r.at.UTC(),
			Action:       iis.Action(r.action),
			User:         iis.UserID(r.user),
			UserName:     r.userName,
			Organization: iis.OrganizationID(r.organization),
			OrgName:      r.orgName,
			Role:         iis.Role(r.role),
			Client:       iis.ClientID(r.client),
		},
		Version: r.version,
		Chain:   r.chain,
		Seq:     r.seq,
	}
	if err := json.Unmarshal([]byte(r.detail), &e.Detail); err != nil {
		return StoredEvent{}, fmt.Errorf("event %s/%d: detail is not JSON", r.chain, r.seq)
	}
	return e, nil
}
