package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	oldestPostgres = 15
	// mostConnections stays well below the 100 that a PostgreSQL server allows.
	mostConnections = 24
	// mostTries is how often Update runs f before it answers Busy.
	mostTries = 10
	// patience is after how many tries a transaction has the database to itself,
	// as far as this process goes.
	patience = 5
	// longestWait is how long Update and View wait for a free connection.
	longestWait = 30 * time.Second
)

// postgres keeps the data on a PostgreSQL server.
type postgres struct {
	chains  *chains
	program program
	config  *pgx.ConnConfig
	pool    *sql.DB
	alone   sync.RWMutex // held whole by a transaction that lost its patience
}

func openPostgres(ctx context.Context, url string, c *chains, of program) (*postgres, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The text of the error may quote the password in the address.
		return nil, errors.New("the address is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
		// A server that vanished without a word is noticed within 30 seconds.
		config.DialFunc = (&net.Dialer{
			Timeout:         10 * time.Second,
			KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4},
		}).DialContext
	}
	config.RuntimeParams["timezone"] = "UTC"
	// A serializable transaction that reads a table from end to end meets every
	// one that writes to it; one that goes by an index meets only its neighbours.
	config.RuntimeParams["enable_seqscan"] = "off"
	// Each statement goes by an index whatever its arguments, so one plan serves
	// them all: to plan anew takes as long as to run most of ours. None runs long
	// enough to be worth compiling.
	config.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.RuntimeParams["jit"] = "off"
	if _, ok := config.RuntimeParams["application_name"]; !ok {
		config.RuntimeParams["application_name"] = "openiis"
	}
	// PostgreSQL reports a commit as done though the standby never had it, if
	// someone cancels the wait; only this warning tells. pgx's own handling of
	// cancelled contexts is left as it is: its CancelRequestContextWatcherHandler
	// would cause exactly that.
	config.OnNotice = func(c *pgconn.PgConn, n *pgconn.Notice) {
		if n.Code == "01000" {
			c.CustomData()[unconfirmed] = true
		}
	}
	p := &postgres{chains: c, program: of, config: config}
	p.pool = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(p.assert))
	p.pool.SetMaxOpenConns(mostConnections)
	p.pool.SetMaxIdleConns(mostConnections)
	p.pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := p.pool.PingContext(ctx); err != nil {
		return nil, errors.Join(err, p.pool.Close())
	}
	return p, nil
}

// unconfirmed is set in a connection's custom data by a warning.
const unconfirmed = "openiis.unconfirmed"

// assertPostgres refuses a server or a database on which openiis would not keep
// its promises, and takes the role that cannot change the audit trail.
func assertPostgres(ctx context.Context, conn *pgx.Conn) error {
	server := conn.PgConn().ParameterStatus("server_version")
	major, err := leadingNumber(server)
	if err != nil || major < oldestPostgres {
		return fmt.Errorf("the server is PostgreSQL %s; openiis needs %d or later", server, oldestPostgres)
	}
	// From 16 on a role can be a member without being allowed to SET ROLE.
	right := "MEMBER"
	if major >= 16 {
		right = "SET"
	}
	var database, encoding, provider, collation, synchronous string
	var member bool
	err = conn.QueryRow(ctx, `SELECT datname, pg_encoding_to_char(encoding), datlocprovider::text, datcollate,
	current_setting('synchronous_commit'),
	COALESCE((SELECT pg_has_role(current_user, oid, $1) FROM pg_roles WHERE rolname = $2), false)
FROM pg_database
WHERE datname = current_database()`, right, appRole).Scan(&database, &encoding, &provider, &collation, &synchronous, &member)
	if err != nil {
		return err
	}
	byBytes := provider == "b" || provider == "c" && (collation == "C" || collation == "C.UTF-8" || collation == "C.utf8")
	if encoding != "UTF8" || !byBytes {
		return fmt.Errorf("database %s has encoding %s and collation %s; openiis needs one made with "+
			"CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8', so that it sorts as SQLite does",
			database, encoding, collation)
	}
	if synchronous == "off" {
		return errors.New("synchronous_commit is off: a saved change could be lost; set it to on")
	}
	if member {
		if _, err := conn.Exec(ctx, "SET ROLE "+appRole); err != nil {
			return err
		}
	}
	return nil
}

// leadingNumber reads 15 from "15.18 (Debian 15.18-1)" and 17 from "17beta2".
func leadingNumber(s string) (int, error) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return strconv.Atoi(s[:n])
}

func (p *postgres) name() Engine { return PostgreSQL }

func (p *postgres) update(ctx context.Context, db *DB, f func(*Tx) error) error {
	for try := range mostTries {
		again, err := p.attempt(ctx, db, f, try >= patience)
		if again == never {
			return err
		}
		if try == mostTries-1 {
			if again == afterLoss {
				return &awayError{errAway, err}
			}
			return errBusy
		}
		pause(again, try)
	}
	panic("not reached")
}

// retry says whether a transaction is worth another attempt.
type retry int

const (
	never     retry = iota
	afterMeet       // it met another transaction
	afterLoss       // the connection was lost before the commit
)

// pause waits a random time, longer from try to try, so that two that met do not
// meet again: at most 64 ms, or about a second while the server is away.
func pause(r retry, try int) {
	longest := time.Millisecond << min(try, 6)
	if r == afterLoss {
		longest = min(50*time.Millisecond<<try, time.Second)
	}
	time.Sleep(longest/4 + rand.N(longest))
}

// attempt runs f in one transaction, while no other of this process runs if
// alone, and says whether to try once more.
func (p *postgres) attempt(ctx context.Context, db *DB, f func(*Tx) error, alone bool) (again retry, err error) {
	waiting, cancel := context.WithTimeout(ctx, longestWait)
	conn, err := p.pool.Conn(waiting)
	cancel()
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return never, errBusy
		}
		return worth(err), err
	}
	defer conn.Close()
	if alone {
		p.alone.Lock()
		defer p.alone.Unlock()
	} else {
		p.alone.RLock()
		defer p.alone.RUnlock()
	}
	sqlTx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return worth(err), err
	}
	piped := &piped{Tx: sqlTx, conn: conn}
	tx := db.begin(piped, true)
	sent := false
	defer func() {
		if !sent { // f failed, panicked or ended its goroutine
			tx.ended = true
			sqlTx.Rollback()
			tx.broken = tx.broken || piped.unrecorded
			p.chains.undo(tx)
		}
	}()
	err = f(tx)
	if err == nil {
		err = tx.flush(ctx)
	}
	if err := tx.outcome(err); err != nil {
		return worth(cmp.Or(tx.failed, err)), err
	}
	if err := confirm(conn, false); err != nil {
		return never, err
	}
	sent = true
	err = sqlTx.Commit()
	if err == nil {
		err = confirm(conn, true)
	}
	switch {
	case err == nil:
		p.chains.keep(tx)
		return never, nil
	case refused(err):
		p.chains.undo(tx)
		return worth(err), err
	}
	// Nobody knows whether it is committed: the chain of the audit trail is left
	// where it is, and a new one begun.
	return never, fmt.Errorf("the outcome of the commit is not known: %w", err)
}

// piped is a transaction with statements that wait to be sent.
type piped struct {
	*sql.Tx
	conn       *sql.Conn
	batch      pgx.Batch
	unrecorded bool // an event of the audit trail was refused
}

func (p *piped) later(query string, args []any) { p.batch.Queue(query, args...) }

// flush sends the statements that wait and reports the first error.
func (p *piped) flush(ctx context.Context) error {
	if p.batch.Len() == 0 {
		return nil
	}
	batch := p.batch
	p.batch = pgx.Batch{}
	return p.conn.Raw(func(d any) (err error) {
		answers := d.(*stdlib.Conn).Conn().SendBatch(ctx, &batch)
		defer func() { err = cmp.Or(err, answers.Close()) }()
		for _, q := range batch.QueuedQueries {
			if _, err := answers.Exec(); err != nil {
				p.unrecorded = q.SQL == insertAudit
				return err
			}
		}
		return nil
	})
}

// confirm clears the mark of an unconfirmed commit, and after a commit reports it.
func confirm(conn *sql.Conn, after bool) error {
	return conn.Raw(func(d any) error {
		data := d.(*stdlib.Conn).Conn().PgConn().CustomData()
		marked := data[unconfirmed] != nil
		delete(data, unconfirmed)
		if after && marked {
			return errors.New("committed here, but the standby server has not confirmed")
		}
		return nil
	})
}

// refused reports whether the server answered a commit with no, as opposed to
// not at all.
func refused(err error) bool {
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return true
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && !gone(e)
}

// gone reports whether the server ended the session with this error: classes 08
// "connection exception" and 57P0x "shutdown".
func gone(e *pgconn.PgError) bool {
	return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P0") || e.Severity == "FATAL"
}

// worth says whether an error that came before the commit may not come again.
func worth(err error) retry {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case e.Code == "40001", e.Code == "40P01": // serialization failure, deadlock
			return afterMeet
		case e.Code == "0A000" && strings.Contains(e.Routine, "RevalidateCachedQuery"):
			return afterMeet // a migration changed a table under a prepared statement
		case gone(e) || e.Code == "53300": // too many connections
			return afterLoss
		}
		return never
	}
	_, network := errors.AsType[net.Error](err)
	if network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return afterLoss
	}
	return never
}

func (p *postgres) view(ctx context.Context, db *DB, f func(*Tx) error) error {
	sqlTx, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		if ctx.Err() == nil && worth(err) == afterLoss {
			return &awayError{errAway, err}
		}
		return err
	}
	defer sqlTx.Rollback()
	tx := db.begin(sqlTx, false)
	err = tx.outcome(f(tx))
	if err != nil && ctx.Err() == nil && worth(cmp.Or(tx.failed, err)) == afterLoss {
		return &awayError{errAway, err}
	}
	return err
}

func (p *postgres) owner() (*sql.DB, goose.Dialect, error) {
	config := p.config.Copy()
	// Migrations and what they leave are not worth a plan kept for later.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return stdlib.OpenDB(*config), goose.DialectPostgres, nil
}

// lock takes an advisory lock under a number that is ours; it ends with the
// connection at the latest.
func (p *postgres) lock(ctx context.Context, owner *sql.DB) (func(), error) {
	const number = 0x6f70656e696973 // "openiis"
	conn, err := owner.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", number); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", number)
		conn.Close()
	}, nil
}

// protect makes the role of the program and gives it its rights.
func (p *postgres) protect(ctx context.Context, owner *sql.DB) error {
	if err := p.makeRole(ctx, owner); err != nil {
		return err
	}
	tx, err := owner.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range slices.Concat(roomy, grants) {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("give role %s its rights: %w", appRole, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	// Connections opened before there was a role are not to be used any more.
	p.pool.SetMaxIdleConns(0)
	p.pool.SetMaxIdleConns(mostConnections)
	return nil
}

// makeRole makes appRole, which all databases of a server share, and the current
// user a member of it. Others may be doing the same.
func (p *postgres) makeRole(ctx context.Context, owner *sql.DB) error {
	var err error
	for try := range mostTries {
		var exists, member bool
		err = owner.QueryRowContext(ctx, `SELECT count(*) > 0,
	COALESCE(bool_or(pg_has_role(current_user, oid,
		CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)), false)
FROM pg_roles
WHERE rolname = $1`, appRole).Scan(&exists, &member)
		if err == nil && !exists {
			_, err = owner.ExecContext(ctx, "CREATE ROLE "+appRole+" NOLOGIN")
		}
		if err == nil && !member {
			_, err = owner.ExecContext(ctx, "GRANT "+appRole+" TO CURRENT_USER")
		}
		e, ok := errors.AsType[*pgconn.PgError](err)
		if !ok {
			return err
		}
		switch e.Code {
		case "42710", "23505", "XX000": // duplicate object, the same found later, "tuple concurrently updated"
			pause(afterMeet, try)
			continue
		case "42501": // insufficient privilege
			return fmt.Errorf("the database user may not set up role %[1]s; a database administrator must run "+
				"\"CREATE ROLE %[1]s NOLOGIN;\" (once on the server) and \"GRANT %[1]s TO %[2]s;\": %[3]w",
				appRole, p.config.User, err)
		}
		return err
	}
	return err
}

func (p *postgres) close() error { return p.pool.Close() }
