package store

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// Report is what VerifyAudit found.
type Report struct {
	Rows, Chains, Anchors int64 // looked at
	// Faults are what is wrong, the earliest first; at most one a chain, the
	// first of the chain, since what follows hangs on it.
	Faults []Fault
}

// Fault is the first bad row of a chain.
type Fault struct {
	Chain string // "audit_anchor" for an anchor
	Seq   int64
	At    time.Time // of the row, or of its nearest neighbour if it is gone
	Text  string    // what is wrong
}

func (f Fault) String() string {
	return fmt.Sprintf("chain %s, row %d, %s: %s", f.Chain, f.Seq, moment(f.At), f.Text)
}

// OK reports whether the audit trail is whole.
func (r Report) OK() bool { return len(r.Faults) == 0 }

// String says in one line how much was looked at and which row is the first bad
// one.
func (r Report) String() string {
	s := fmt.Sprintf("%d rows in %d chains and %d anchors checked: ", r.Rows, r.Chains, r.Anchors)
	if r.OK() {
		return s + "the audit trail is whole"
	}
	return s + fmt.Sprintf("%d faults, the first at %v", len(r.Faults), r.Faults[0])
}

// What can be wrong with a row.
const (
	textChanged    = "was changed"
	textMissing    = "is missing"
	textInserted   = "was inserted: it is not what the row before leads to"
	textReordered  = "was put in another place"
	textUnreadable = "holds what openiis never writes"
	textCut        = "is missing: the end of the chain was cut off"
	textRewritten  = "was rewritten: an anchor ties it to another hash"
	textAnchorGone = "is missing: the anchor file has it"
	textAnchorElse = "was rewritten: the anchor file has another hash"
)

// VerifyAudit recomputes the whole audit trail on one snapshot while work goes
// on, and names the first row that is not as it was written. The rows after the
// last anchor, at most those of the last minute, can be cut off unnoticed; and
// the last anchors too, unless there is an anchor file (WithAnchorFile).
func (db *DB) VerifyAudit(ctx context.Context) (Report, error) {
	var v *verifier
	err := db.View(ctx, func(tx *Tx) error {
		v = &verifier{tx: tx, tied: map[string][]tie{}}
		if err := v.checkAnchors(ctx, db.anchorFile); err != nil {
			return err
		}
		return v.checkChains(ctx)
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify the audit trail: %w", err)
	}
	slices.SortFunc(v.report.Faults, func(a, b Fault) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Chain, b.Chain))
	})
	return v.report, nil
}

// verifier walks through the audit trail once.
type verifier struct {
	tx     *Tx
	report Report
	tied   map[string][]tie // by chain, in order of seq
}

// tie is what an anchor says of a row.
type tie struct {
	seq  int64
	hash string
	at   time.Time // of the anchor
}

func (v *verifier) fault(f Fault) { v.report.Faults = append(v.report.Faults, f) }

// checkAnchors checks the chain of the anchors and gathers what they tie.
func (v *verifier) checkAnchors(ctx context.Context, file string) error {
	const name = "audit_anchor"
	known, err := readAnchorFile(file)
	if err != nil {
		return err
	}
	rows, err := v.tx.query(ctx, `SELECT `+anchorColumns+`
FROM audit_anchor
ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	want := anchor{seq: 1, prev: anchorStart}
	sound := true
	for rows.Next() {
		v.report.Anchors++
		a, err := scanAnchor(rows)
		var heads []head
		if err == nil {
			err = json.Unmarshal([]byte(a.heads), &heads)
		}
		var text string
		seq := a.seq
		switch line, filed := known[a.seq]; {
		case err != nil:
			text, seq = textUnreadable, max(a.seq, want.seq)
		case a.seq > want.seq:
			text, seq = textMissing, want.seq
		case a.seq < want.seq:
			text = textInserted
		case a.hash != a.digest():
			text = textChanged
		case a.prev != want.prev:
			text = textInserted
		case filed && line.hash != a.hash:
			text = textAnchorElse
		}
		delete(known, a.seq)
		if text != "" && sound {
			v.fault(Fault{name, seq, a.at, text})
			sound = false
		}
		want = anchor{seq: a.seq + 1, prev: a.hash}
		for _, h := range heads {
			v.tied[h.Chain] = append(v.tied[h.Chain], tie{h.Seq, h.Hash, a.at})
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if sound && len(known) > 0 {
		first := known[slices.Min(slices.Collect(maps.Keys(known)))]
		v.fault(Fault{name, first.seq, first.at, textAnchorGone})
	}
	for _, ties := range v.tied {
		slices.SortStableFunc(ties, func(a, b tie) int { return int(a.seq - b.seq) })
	}
	return nil
}

// readAnchorFile returns the anchors that the file has, by seq.
func readAnchorFile(path string) (map[int64]tie, error) {
	known := map[int64]tie{}
	if path == "" {
		return known, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var t tie
		var at string
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if _, err := fmt.Sscan(lines.Text(), &t.seq, &at, &t.hash); err != nil {
			return nil, fmt.Errorf("line %d of the anchor file is damaged", n)
		}
		if t.at, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, fmt.Errorf("line %d of the anchor file is damaged", n)
		}
		known[t.seq] = t
	}
	return known, lines.Err()
}

// checkChains checks every row of every chain.
func (v *verifier) checkChains(ctx context.Context) error {
	rows, err := v.tx.query(ctx, `SELECT `+auditColumns+`
FROM audit
ORDER BY chain, seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var c chainCheck
	var bad []badRow
	finish := func() {
		if c.id == "" {
			return
		}
		v.report.Chains++
		c.end()
		if c.bad != nil {
			bad = append(bad, *c.bad)
		}
	}
	for rows.Next() {
		v.report.Rows++
		var r auditRow
		// A row that cannot be read is a fault like others, if its chain can.
		unreadable := r.scan(rows)
		if unreadable != nil && r.chain == "" {
			return unreadable
		}
		if r.chain != c.id {
			finish()
			c = chainCheck{id: r.chain, hash: chainHash(r.chain), ties: v.tied[r.chain]}
			delete(v.tied, r.chain)
		}
		c.next(&r, unreadable == nil)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	finish()
	if err := rows.Close(); err != nil {
		return err
	}
	for _, b := range bad {
		if err := v.explain(ctx, &b); err != nil {
			return err
		}
		v.fault(b.fault)
	}
	// What is left was anchored, but has no row at all any more.
	for id, ties := range v.tied {
		v.fault(Fault{id, 1, ties[0].at, textCut})
	}
	return nil
}

// chainCheck follows one chain up to its first bad row.
type chainCheck struct {
	id   string
	seq  int64 // of the row before
	hash string
	at   time.Time
	ties []tie // that are still ahead
	bad  *badRow
}

// badRow is the first bad row of a chain and what is needed to explain it.
type badRow struct {
	fault      Fault
	before     string // the hash of the row before
	prev, hash string // as found
}

func (c *chainCheck) next(r *auditRow, readable bool) {
	if c.bad != nil {
		return
	}
	want := c.seq + 1
	f := Fault{Chain: c.id, Seq: r.seq, At: r.at}
	switch {
	case !readable:
		f.Text, f.Seq = textUnreadable, want
	case r.seq > want:
		f.Text, f.Seq = textMissing, want
	case r.seq < want:
		f.Text = textInserted
	case r.hash != r.digest():
		f.Text = textChanged
	case r.prev != c.hash:
		f.Text = textInserted
	}
	for len(c.ties) > 0 && c.ties[0].seq <= r.seq && f.Text == "" {
		if c.ties[0].seq == r.seq && c.ties[0].hash != r.hash {
			f.Text = textRewritten
		}
		c.ties = c.ties[1:]
	}
	if f.Text != "" {
		c.bad = &badRow{f, c.hash, r.prev, r.hash}
		return
	}
	c.seq, c.hash, c.at = r.seq, r.hash, r.at
}

// end looks for rows that an anchor knows beyond the last one.
func (c *chainCheck) end() {
	if c.bad == nil && len(c.ties) > 0 {
		c.bad = &badRow{fault: Fault{c.id, c.seq + 1, c.at, textCut}}
	}
}

// explain tells a row that was moved or inserted from one that was changed, by
// where the row is that belongs in its place.
func (v *verifier) explain(ctx context.Context, b *badRow) error {
	if b.fault.Seq < 1 || b.fault.Text != textChanged && b.fault.Text != textInserted {
		return nil
	}
	// elsewhere: rows in other places that follow the row before.
	// follow: rows that follow this one, which only a true row has.
	var elsewhere, follow int
	err := v.tx.queryRow(ctx, `SELECT count(*) FILTER (WHERE prev = $1), count(*) FILTER (WHERE prev = $2)
FROM audit
WHERE chain = $3 AND seq <> $4`, b.before, b.hash, b.fault.Chain, b.fault.Seq).Scan(&elsewhere, &follow)
	switch {
	case err != nil:
		return err
	case elsewhere > 0 && follow > 0 && b.prev != b.before:
		b.fault.Text = textReordered
	case elsewhere > 0:
		b.fault.Text = textInserted
	}
	return nil
}
