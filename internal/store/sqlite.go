package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	moderncsqlite "modernc.org/sqlite"

	"openiis.org/iis"
)

// SQLite errors by number, see https://www.sqlite.org/rescode.html.
const (
	sqliteBusy       = 5
	sqliteIOError    = 10
	sqliteFull       = 13
	sqliteConstraint = 19
)

// oldestSQLite is the first version without the fault that could corrupt a
// database in WAL mode when a checkpoint met a writer.
var oldestSQLite = [3]int{3, 51, 3}

// mostBatched bounds how many transactions share one commit.
const mostBatched = 64

const (
	// checkpointRest is how long the log gathers changes before they are moved
	// into the file, if there are any. Short rests cost some saves a second, and
	// keep the disk from being busy with many pages at once while saves wait.
	checkpointRest = 2 * time.Millisecond
	// longLog is after how many pages (of 4 KiB) the log is begun anew.
	longLog = 16_000
	// shortRest is how few pages the writer itself may have to move to bring a
	// checkpoint to its end: it keeps everyone waiting meanwhile.
	shortRest = 100
)

// sqlite keeps the data in one file. Changes go through one connection, one
// after the other, and those that wait are committed together: one fsync for
// all of them. Reads have connections of their own, each with its snapshot.
type sqlite struct {
	path   string
	chains *chains
	pool   *sql.DB // of the writer
	reads  *sql.DB

	writer  *session
	queue   chan *turn
	quit    chan struct{}
	stopped sync.WaitGroup // of write and checkpoint

	mover  *session      // of checkpoint
	dirty  chan struct{} // something was committed since the last checkpoint
	finish atomic.Bool   // the writer is to finish a checkpoint

	idle    chan *session  // readers; nil where one is still to be opened
	views   sync.WaitGroup // running reads
	closing sync.Mutex     // guards closed, and views.Add against it
	closed  bool

	present presence
}

func openSQLite(ctx context.Context, path string, c *chains) (*sqlite, error) {
	if after, ok := strings.CutPrefix(path, "//"); ok {
		path = after
	}
	if path == "" || path == ":memory:" {
		return nil, errors.New("SQLite needs a file: file:PATH")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// The file holds people's data: nobody but its owner reads it. SQLite gives
	// the files beside it the same mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no folder %s", filepath.Dir(path))
	}
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}

	readers := min(max(2*runtime.NumCPU(), 4), 16)
	s := &sqlite{
		path:   path,
		chains: c,
		queue:  make(chan *turn),
		quit:   make(chan struct{}),
		dirty:  make(chan struct{}, 1),
		idle:   make(chan *session, readers),
	}
	for range readers {
		s.idle <- nil
	}
	if s.pool, err = sql.Open("sqlite", sqliteURL(path, false)); err != nil {
		return nil, err
	}
	if s.reads, err = sql.Open("sqlite", sqliteURL(path, true)); err != nil {
		return nil, err
	}
	for try := range mostTries {
		// Of several that turn a new file to WAL at once, one succeeds at first.
		if s.writer, err = openSession(ctx, s.pool); mendSQLite(err) != errBusy {
			break
		}
		pause(afterMeet, try)
	}
	if err != nil {
		return nil, errors.Join(err, s.pool.Close(), s.reads.Close())
	}
	if err := assertSQLite(ctx, s.writer.conn); err != nil {
		return nil, errors.Join(err, s.writer.close(), s.pool.Close(), s.reads.Close())
	}
	if s.mover, err = openSession(ctx, s.pool); err != nil {
		return nil, errors.Join(err, s.writer.close(), s.pool.Close(), s.reads.Close())
	}
	s.stopped.Go(s.write)
	s.stopped.Go(s.checkpoint)
	return s, nil
}

// sqliteURL is the address of the file at an absolute path. In it '#', '?' and
// '%' would otherwise end the path, and without "file:" modernc would take the
// parameters as part of the name.
func sqliteURL(path string, readOnly bool) string {
	q := url.Values{
		"_time_format":  {"sqlite"},
		"_timezone":     {"UTC"},
		"_dqs":          {"0"},
		"_txlock":       {"immediate"},
		"_defensive":    {"1"},
		"_busy_timeout": {"10000"},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"},
		"_pragma": {
			"temp_store(MEMORY)",
			"recursive_triggers(1)", // so that REPLACE cannot pass the guard of the audit trail
			"cache_size(-16384)",
		},
	}
	if readOnly {
		q.Set("_query_only", "1")
	} else {
		q.Set("_journal_mode", "WAL")
		q["_pragma"] = append(q["_pragma"][:2], "cache_size(-65536)", "wal_autocheckpoint(50000)", "journal_size_limit(67108864)")
	}
	return fileURL(path, q)
}

func fileURL(path string, q url.Values) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}).String()
}

// assertSQLite refuses what could lose an acknowledged transaction.
func assertSQLite(ctx context.Context, conn *sql.Conn) error {
	var version, journal string
	var synchronous int
	if err := conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if !atLeast(version, oldestSQLite) {
		return fmt.Errorf("SQLite is %s; openiis needs %d.%d.%d or later, which do not corrupt a database in WAL mode",
			version, oldestSQLite[0], oldestSQLite[1], oldestSQLite[2])
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return err
	}
	if journal != "wal" {
		return fmt.Errorf("the file system of the database allows no write-ahead log (journal mode is %s); a network drive cannot hold it", journal)
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return err
	}
	if synchronous != 2 {
		return fmt.Errorf("PRAGMA synchronous is %d, not FULL", synchronous)
	}
	return nil
}

// atLeast compares a version such as "3.54.1" by its numbers.
func atLeast(version string, oldest [3]int) bool {
	parts := strings.Split(version, ".")
	for i, want := range oldest {
		got := 0
		if i < len(parts) {
			got, _ = strconv.Atoi(parts[i])
		}
		if got != want {
			return got > want
		}
	}
	return true
}

func (s *sqlite) name() Engine { return SQLite }

// checkpoint moves the log into the file beside the writer, which would
// otherwise keep everyone waiting while it does so. Only the writer can bring
// it to an end, since nobody adds to the log meanwhile; little is left then. What
// fails here is done later: the log is as durable as the file.
func (s *sqlite) checkpoint() {
	for {
		select {
		case <-s.dirty:
		case <-s.quit:
			return
		}
		select {
		case <-time.After(checkpointRest):
		case <-s.quit:
			return
		}
		for before, tries := 0, 0; ; tries++ {
			var busy, log, moved int
			err := s.mover.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &moved)
			if err != nil || log < longLog {
				break
			}
			// What came in while the pages were moved is moved in turn, until little is
			// left for the writer.
			if log-before <= shortRest || tries == 8 {
				s.finish.Store(true)
				break
			}
			before = log
		}
	}
}

func (s *sqlite) view(ctx context.Context, db *DB, f func(*Tx) error) error {
	if !s.enter() {
		return errClosed
	}
	defer s.views.Done()
	select {
	case r := <-s.idle:
		return s.viewOn(ctx, r, db, f)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// viewOn is view on a reader, who may be still to be opened and is free afterwards.
func (s *sqlite) viewOn(ctx context.Context, r *session, db *DB, f func(*Tx) error) error {
	defer func() { s.idle <- r }()
	if r == nil {
		var err error
		if r, err = openSession(ctx, s.reads); err != nil {
			r = nil
			return mendSQLite(err)
		}
	}
	if _, err := r.ExecContext(ctx, "BEGIN"); err != nil {
		return mendSQLite(err)
	}
	tx := db.begin(r, false)
	defer func() {
		tx.ended = true
		if _, err := r.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
			r.close()
			r = nil
			return
		}
		r.trim()
	}()
	return mendSQLite(tx.outcome(f(tx)))
}

// enter counts a read as running, unless the database is closed.
func (s *sqlite) enter() bool {
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		return false
	}
	s.views.Add(1)
	return true
}

func (s *sqlite) owner() (*sql.DB, goose.Dialect, error) {
	pool, err := sql.Open("sqlite", sqliteURL(s.path, false))
	if err != nil {
		return nil, "", err
	}
	pool.SetMaxOpenConns(1)
	return pool, goose.DialectSQLite3, nil
}

// lock keeps nobody out: each migration is a transaction of its own here, and
// Migrate tries again if another process was faster.
func (s *sqlite) lock(context.Context, *sql.DB) (func(), error) { return func() {}, nil }

func (s *sqlite) protect(ctx context.Context, owner *sql.DB) error {
	for _, q := range appendOnly {
		if _, err := owner.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("protect the audit trail: %w", err)
		}
	}
	return nil
}

func (s *sqlite) close() error {
	close(s.quit)
	s.stopped.Wait()
	s.closing.Lock()
	s.closed = true
	s.closing.Unlock()
	s.views.Wait()
	var errs []error
	for range cap(s.idle) {
		if r := <-s.idle; r != nil {
			errs = append(errs, r.close())
		}
	}
	// The writer last: whoever closes last moves the log into the file.
	errs = append(errs, s.disappear(), s.reads.Close(), s.mover.close(), s.writer.close(), s.pool.Close())
	return errors.Join(errs...)
}

// mendSQLite tells errors apart that a later attempt may not meet.
func mendSQLite(err error) error {
	e, ok := errors.AsType[*moderncsqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case sqliteBusy:
		return errBusy
	case sqliteFull, sqliteIOError:
		return &awayError{iis.Errorf(iis.Busy, "The disk of the database is full or failing. Nothing was saved."), err}
	}
	return err
}

// awayError is a Busy that keeps its cause for the log.
type awayError struct{ told, cause error }

func (e *awayError) Error() string   { return e.told.Error() + ": " + e.cause.Error() }
func (e *awayError) Unwrap() []error { return []error{e.told, e.cause} }
