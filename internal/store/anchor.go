package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// head is where a chain stood when an anchor was written.
type head struct {
	Chain string `json:"chain"`
	Seq   int64  `json:"seq"`
	Hash  string `json:"hash"`

	at time.Time // of the row; not part of the anchor
}

// anchor is a row of audit_anchor. Anchors are one chain for all processes.
type anchor struct {
	seq        int64
	at         time.Time
	heads      string // JSON of []head
	prev, hash string
}

const anchorColumns = `seq, at, heads, prev, hash`

// anchorStart is what the first anchor is linked to.
var anchorStart = chainHash("audit_anchor")

func (a *anchor) digest() string {
	return digest("openiis audit anchor 1", decimal(a.seq), moment(a.at), a.heads, a.prev)
}

func scanAnchor(rows *sql.Rows) (anchor, error) {
	var a anchor
	err := rows.Scan(&a.seq, &a.at, &a.heads, &a.prev, &a.hash)
	return a, err
}

// line is what the anchor file keeps of an anchor.
func (a *anchor) line() string { return fmt.Sprintf("%d %s %s\n", a.seq, moment(a.at), a.hash) }

// stillMoving is how long after its last row a chain is compared with earlier
// anchors. It covers transactions that lasted, and clocks that differ.
const stillMoving = time.Hour

// Anchor writes one anchor that ties together the heads of all chains that have
// grown since they were last in one, those of other processes too. It writes
// none if no chain has. From then on nobody can cut off the end of a chain
// unnoticed.
func (db *DB) Anchor(ctx context.Context) error {
	db.anchoring.Lock()
	defer db.anchoring.Unlock()
	for try := range mostTries {
		written, err := db.anchor(ctx)
		if err == nil && written.seq > 0 && db.anchorFile != "" {
			err = appendLine(db.anchorFile, written.line())
		}
		if !errors.Is(err, errOvertaken) {
			return err
		}
		pause(afterMeet, try)
	}
	return errBusy
}

// errOvertaken means that another process has written the next anchor.
var errOvertaken = errors.New("another anchor was written meanwhile")

func (db *DB) anchor(ctx context.Context) (anchor, error) {
	var last anchor
	var heads []head
	// The heads are read on a snapshot of their own: a serializable transaction
	// that read the audit trail would clash with all that write to it.
	err := db.View(ctx, func(tx *Tx) (err error) {
		if last, err = tx.lastAnchor(ctx); err != nil {
			return err
		}
		heads, err = tx.movedHeads(ctx, last)
		return err
	})
	if err != nil || len(heads) == 0 {
		return anchor{}, err
	}
	text, err := json.Marshal(heads)
	if err != nil {
		return anchor{}, err
	}
	var a anchor
	err = db.Update(ctx, func(tx *Tx) error {
		newest, err := tx.lastAnchor(ctx)
		if err != nil {
			return err
		}
		if newest.seq != last.seq {
			return errOvertaken
		}
		a = anchor{seq: last.seq + 1, at: tx.Now, heads: string(text), prev: last.hash}
		a.hash = a.digest()
		return tx.exec(ctx, `INSERT INTO audit_anchor (`+anchorColumns+`)
VALUES ($1, $2, $3, $4, $5)`, a.seq, a.at, a.heads, a.prev, a.hash)
	})
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "23505" {
		err = errOvertaken // two inserted the same number at the same time
	}
	if err != nil {
		return anchor{}, fmt.Errorf("write an anchor of the audit trail: %w", err)
	}
	return a, nil
}

// lastAnchor returns the newest anchor; the one of seq 0 if there is none.
func (tx *Tx) lastAnchor(ctx context.Context) (anchor, error) {
	rows, err := tx.query(ctx, `SELECT `+anchorColumns+`
FROM audit_anchor
ORDER BY seq DESC
LIMIT 1`)
	last, err := collect(rows, err, scanAnchor)
	if err != nil || len(last) == 0 {
		return anchor{hash: anchorStart}, err
	}
	return last[0], nil
}

// movedHeads returns the heads of the chains that have grown since they were
// last anchored, in order of the chains' names. The recursion steps from chain
// to chain in the index, whatever the number of rows.
func (tx *Tx) movedHeads(ctx context.Context, last anchor) ([]head, error) {
	rows, err := tx.query(ctx, `WITH RECURSIVE one (chain) AS (
	SELECT min(chain)
	FROM audit
	UNION ALL
	SELECT (SELECT min(audit.chain) FROM audit WHERE audit.chain > one.chain)
	FROM one
	WHERE one.chain IS NOT NULL
)
SELECT audit.chain, audit.seq, audit.hash, audit.at
FROM one
JOIN audit ON audit.chain = one.chain
	AND audit.seq = (SELECT max(a.seq) FROM audit AS a WHERE a.chain = one.chain)
ORDER BY audit.chain`)
	heads, err := collect(rows, err, func(rows *sql.Rows) (h head, err error) {
		err = rows.Scan(&h.Chain, &h.Seq, &h.Hash, &h.at)
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("heads of the audit trail: %w", err)
	}
	if last.seq == 0 {
		return heads, nil
	}
	horizon := last.at.Add(-stillMoving)
	anchored, err := tx.anchoredSince(ctx, horizon.Add(-stillMoving))
	if err != nil {
		return nil, err
	}
	moved := heads[:0]
	for _, h := range heads {
		if h.at.After(horizon) && h.Seq > anchored[h.Chain] {
			moved = append(moved, h)
		}
	}
	return moved, nil
}

// anchoredSince returns up to where each chain was anchored since then.
func (tx *Tx) anchoredSince(ctx context.Context, since time.Time) (map[string]int64, error) {
	anchored := map[string]int64{}
	rows, err := tx.query(ctx, `SELECT `+anchorColumns+`
FROM audit_anchor
WHERE at >= $1`, since)
	recent, err := collect(rows, err, scanAnchor)
	if err != nil {
		return nil, fmt.Errorf("recent anchors of the audit trail: %w", err)
	}
	for _, a := range recent {
		var heads []head
		if err := json.Unmarshal([]byte(a.heads), &heads); err != nil {
			continue // VerifyAudit says so; here the chains are anchored anew
		}
		for _, h := range heads {
			anchored[h.Chain] = max(anchored[h.Chain], h.Seq)
		}
	}
	return anchored, nil
}

// appendLine adds a line to a file and waits until it is on disk.
func appendLine(path, line string) (err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(line); err != nil {
		return err
	}
	return f.Sync()
}

// StartAnchors writes an anchor at each interval, and one more at Close. What
// fails is logged and tried again at the next.
func (db *DB) StartAnchors(interval time.Duration) {
	db.anchors.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			var last bool
			select {
			case <-tick.C:
			case <-db.stop:
				last = true
			}
			if err := db.Anchor(context.Background()); err != nil {
				slog.Error("anchor of the audit trail", "error", err)
			}
			if last {
				return
			}
		}
	})
}
