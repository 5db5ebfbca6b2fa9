// Package store holds every statement of openiis and runs it on SQLite or on
// PostgreSQL, in one text for both. It keeps and finds what it is told; it
// knows no policy. Only registry, signin and report call it.
//
// All work happens in a transaction: Update for what changes anything, View for
// what reads. Files are named for the noun whose statements they hold.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"openiis.org/iis"
)

// DB is one database. It is safe for use by many goroutines.
type DB struct {
	engine     engine
	program    program
	now        func() time.Time
	chains     *chains
	anchorFile string
	current    atomic.Bool // no migration is missing

	close    sync.Once
	closeErr error

	anchoring sync.Mutex     // held while an anchor is written
	anchors   sync.WaitGroup // of StartAnchors
	stop      chan struct{}  // closed by Close; ends StartAnchors
}

// Option changes how Open sets up a DB.
type Option func(*DB)

// WithClock replaces the clock that sets Tx.Now.
func WithClock(now func() time.Time) Option {
	return func(db *DB) { db.now = now }
}

// WithAnchorFile also writes one line for each anchor of the audit trail to a
// file, which belongs on another machine than the database: VerifyAudit then
// finds out even if the newest anchors were removed.
func WithAnchorFile(path string) Option {
	return func(db *DB) { db.anchorFile = path }
}

// Open opens a database: "file:PATH" is SQLite in the file at PATH, taken as it
// stands without escapes, and created if missing; "postgres://…" is PostgreSQL.
// A database that cannot keep the promises of Update is refused.
func Open(ctx context.Context, url string, opts ...Option) (*DB, error) {
	db := &DB{now: time.Now, program: newProgram(), chains: &chains{}, stop: make(chan struct{})}
	for _, o := range opts {
		o(db)
	}
	var err error
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "file":
		db.engine, err = openSQLite(ctx, rest, db.chains)
	case "postgres", "postgresql":
		db.engine, err = openPostgres(ctx, url, db.chains, db.program)
	default:
		err = errors.New(`the address of a database begins with "file:" or "postgres://"`)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Engine says which program keeps the data.
func (db *DB) Engine() Engine { return db.engine.name() }

// Update runs f in a serializable transaction and commits it. When Update
// returns nil, what f wrote is on disk; when it returns an error, nothing of it
// is, unless the connection was lost in the very moment of the commit.
//
// f may run more than once, so it touches nothing but tx and variables it sets
// anew. It runs to its end even if ctx is cancelled meanwhile. It must not call
// Update or View. A statement that failed fails the whole, whatever f returns.
// Under contention that does not end, or without a database, the error is Busy.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	if err := db.Ready(ctx); err != nil {
		return err
	}
	return db.engine.update(context.WithoutCancel(ctx), db, f)
}

// View runs f on one unchanging state of the database, which f cannot write.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	if err := db.Ready(ctx); err != nil {
		return err
	}
	return db.engine.view(ctx, db, f)
}

// Ahead runs f like View where that spares time to the Update that follows: on
// SQLite, where all wait for one writer, who then need only see that what f read
// still stands. Otherwise it does nothing.
func (db *DB) Ahead(ctx context.Context, f func(*Tx) error) error {
	if db.Engine() != SQLite {
		return nil
	}
	return db.View(ctx, f)
}

// Close waits for the running transactions, writes a last anchor if StartAnchors
// was called, and closes the database.
func (db *DB) Close() error {
	db.close.Do(func() {
		close(db.stop)
		db.anchors.Wait()
		db.closeErr = db.engine.close()
	})
	return db.closeErr
}

// begin makes the Tx of one run of f.
func (db *DB) begin(conn statements, writes bool) *Tx {
	return &Tx{
		Now:    db.now().UTC().Truncate(time.Microsecond),
		db:     db,
		conn:   conn,
		writes: writes,
	}
}

var (
	errClosed = errors.New("the database is closed")
	errBusy   = iis.Errorf(iis.Busy, "The registry is very busy. Nothing was saved. Please try again.")
	errAway   = iis.Errorf(iis.Busy, "The database cannot be reached. Nothing was saved. Please try again shortly.")
)
