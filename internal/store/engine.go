package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// Engine names the program that keeps the data.
type Engine string

const (
	SQLite     Engine = "SQLite"
	PostgreSQL Engine = "PostgreSQL"
)

// engine is what differs between the two: how a transaction is run. The
// statements inside it do not differ.
type engine interface {
	name() Engine
	// update runs f as DB.Update says; ctx is never cancelled.
	update(ctx context.Context, db *DB, f func(*Tx) error) error
	// view runs f as DB.View says.
	view(ctx context.Context, db *DB, f func(*Tx) error) error
	// owner opens connections with the rights to change the schema.
	owner() (*sql.DB, goose.Dialect, error)
	// lock waits until no other process migrates the database, and keeps others
	// from it until release is called.
	lock(ctx context.Context, owner *sql.DB) (release func(), err error)
	// protect makes the audit trail append-only for the program. It runs after
	// every migration, and again changes nothing.
	protect(ctx context.Context, owner *sql.DB) error
	// appear lets others find out by gone that the program has not ended; it is called
	// for each holder.
	appear(ctx context.Context, p program) error
	gone(ctx context.Context, p program) (bool, error)
	close() error
}

// appendOnly guards the audit trail on SQLite, which has no users to take
// rights from. PostgreSQL spells triggers in another way and needs none: there
// the program's role may only insert and select (grants).
var appendOnly = []string{
	`CREATE TRIGGER IF NOT EXISTS audit_update
	BEFORE UPDATE ON audit
	BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
	`CREATE TRIGGER IF NOT EXISTS audit_delete
	BEFORE DELETE ON audit
	BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
	`CREATE TRIGGER IF NOT EXISTS audit_anchor_update
	BEFORE UPDATE ON audit_anchor
	BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
	`CREATE TRIGGER IF NOT EXISTS audit_anchor_delete
	BEFORE DELETE ON audit_anchor
	BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END`,
}

// roomy leaves room in each page of the tables that every save updates, so that
// PostgreSQL writes the new row beside the old one and leaves the indexes alone:
// an entry added to an index meets every transaction that reads near it.
// SQLite updates in place.
var roomy = []string{
	`ALTER TABLE client SET (fillfactor = 85)`,
	`ALTER TABLE membership SET (fillfactor = 85)`,
	`ALTER TABLE contact SET (fillfactor = 85)`,
}

// appRole is the PostgreSQL role that the program takes on each connection. It
// owns nothing, so it cannot give itself back what grants leaves out.
const appRole = "openiis_app"

// grants are the rights of appRole in one database; PostgreSQL only, since
// SQLite has no roles.
var grants = []string{
	`GRANT USAGE ON SCHEMA public TO ` + appRole,
	`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ` + appRole,
	`REVOKE ALL ON audit, audit_anchor, goose_db_version FROM ` + appRole,
	`GRANT SELECT, INSERT ON audit, audit_anchor TO ` + appRole,
	`GRANT SELECT ON goose_db_version TO ` + appRole,
}
