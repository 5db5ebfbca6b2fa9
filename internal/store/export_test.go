package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/pressly/goose/v3"
)

// Exec lets tests run statements of their own.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) error {
	return tx.exec(ctx, query, args...)
}

// Scan lets tests read one row.
func (tx *Tx) Scan(ctx context.Context, dest []any, query string, args ...any) error {
	return tx.queryRow(ctx, query, args...).Scan(dest...)
}

// ForgeAudit returns the hash that someone would compute who knows the program
// and rewrites a row of the audit trail.
func ForgeAudit(chain string, seq int64, at time.Time, texts []string, version int64, detail, prev string) string {
	r := auditRow{chain: chain, seq: seq, at: at, action: texts[0], user: texts[1], userName: texts[2],
		organization: texts[3], orgName: texts[4], role: texts[5], client: texts[6], version: version,
		detail: detail, prev: prev}
	return r.digest()
}

// ForgeAnchor is ForgeAudit for an anchor.
func ForgeAnchor(seq int64, at time.Time, heads, prev string) string {
	a := anchor{seq: seq, at: at, heads: heads, prev: prev}
	return a.digest()
}

// MigrateDownTo takes back the migrations after one.
func (db *DB) MigrateDownTo(ctx context.Context, version int64) error {
	return db.withOwner(func(_ *sql.DB, p *goose.Provider) error {
		_, err := p.DownTo(ctx, version)
		return err
	})
}

// AtLeast compares versions.
func AtLeast(version string, oldest [3]int) bool { return atLeast(version, oldest) }

// PlanOfNames returns how the engine means to answer Names, line by line.
func (tx *Tx) PlanOfNames(ctx context.Context, to Audience, limit int, ways ...Lookup) ([]string, error) {
	s, explain := allOf(ways, to, limit), "EXPLAIN "
	if tx.db.Engine() == SQLite {
		explain = "EXPLAIN QUERY PLAN "
	}
	rows, err := tx.query(ctx, explain+s.String(), s.args...)
	return collect(rows, err, func(r *sql.Rows) (line string, err error) {
		if tx.db.Engine() == SQLite {
			var id, parent, unused int
			return line, r.Scan(&id, &parent, &unused, &line)
		}
		return line, r.Scan(&line)
	})
}

// Readers returns how many reads SQLite runs at once.
func (db *DB) Readers() int { return cap(db.engine.(*sqlite).idle) }
