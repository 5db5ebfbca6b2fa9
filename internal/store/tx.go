package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"openiis.org/iis"
)

// Tx is one transaction. It is used by one goroutine, and not after the
// function that got it has returned; parts run by Aside have a Tx each.
type Tx struct {
	// Now is the one moment at which everything in the transaction happens: UTC,
	// whole microseconds.
	Now time.Time

	db      *DB
	conn    statements
	writes  bool
	written bool // something was changed: all that changes anything goes through execN
	ended   bool
	within  bool  // part of an Update; see Aside
	failed  error // the first statement that failed
	// aside runs a part of it on another connection that sees the same, as long as
	// nothing is written; nil if there is none. left is set if none is free.
	aside func(of *Tx, part func(*Tx) error) (left bool, err error)

	chain  *chain // taken by the first Record; nil before
	before chain  // as taken
	broken bool   // the chain cannot be continued
}

// statements runs SQL inside a transaction: a session of SQLite or a *sql.Tx of
// PostgreSQL.
type statements interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// pipeline is statements that can send several in one go. What is sent later runs
// before anything else does; if it fails then, so does the transaction.
type pipeline interface {
	later(query string, args []any)
	flush(ctx context.Context) error
}

var errEnded = errors.New("the transaction has ended")

// exec runs a statement that returns no rows. PostgreSQL gets it together with the
// next that is asked for an answer, which spares a way there and back; an error of it
// then comes from that one, or from Update.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	if p, ok := tx.conn.(pipeline); ok && !tx.ended {
		p.later(query, plain(args))
		return nil
	}
	_, err := tx.execN(ctx, query, args...)
	return err
}

// flush runs what was left for later.
func (tx *Tx) flush(ctx context.Context) error {
	p, ok := tx.conn.(pipeline)
	if !ok || tx.ended {
		return nil
	}
	if err := p.flush(tx.context(ctx)); err != nil {
		return tx.note(err)
	}
	return nil
}

// execN is exec, returning how many rows were inserted, changed or deleted.
func (tx *Tx) execN(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.ended {
		return 0, errEnded
	}
	if err := tx.flush(ctx); err != nil {
		return 0, err
	}
	tx.written = true
	r, err := tx.conn.ExecContext(tx.context(ctx), query, plain(args)...)
	if err != nil {
		return 0, tx.note(err)
	}
	return r.RowsAffected()
}

// query runs a statement that returns rows; see collect. Close the rows before
// the next statement: PostgreSQL runs one at a time.
func (tx *Tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if tx.ended {
		return nil, errEnded
	}
	if err := tx.flush(ctx); err != nil {
		return nil, err
	}
	rows, err := tx.conn.QueryContext(tx.context(ctx), query, plain(args)...)
	if err != nil {
		return nil, tx.note(err)
	}
	return rows, nil
}

// queryRow runs a statement that returns one row or none.
func (tx *Tx) queryRow(ctx context.Context, query string, args ...any) row {
	rows, err := tx.query(ctx, query, args...)
	return row{tx, rows, err}
}

// row is the answer of queryRow.
type row struct {
	tx   *Tx
	rows *sql.Rows
	err  error
}

// Scan reads the row; without one the error is sql.ErrNoRows, see notFound.
func (r row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return r.tx.note(err)
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return r.tx.note(err)
	}
	if err := r.rows.Close(); err != nil {
		return r.tx.note(err)
	}
	return nil
}

// collect reads all rows of a query, which it takes as query returns them.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, discreet(err)
		}
		all = append(all, v)
	}
	return all, discreet(rows.Err())
}

// byClient is collect for rows of several clients, in their order.
func byClient[T any](rows *sql.Rows, err error, scan func(*sql.Rows, *iis.ClientID) (T, error)) (map[iis.ClientID][]T, error) {
	all := map[iis.ClientID][]T{}
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var id iis.ClientID
		v, err := scan(r, &id)
		all[id] = append(all[id], v)
		return none, err
	})
	return all, err
}

// notFound turns the want of a row into a NotFound that says text.
func notFound(err error, text string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return iis.Errorf(iis.NotFound, "%s", text)
	}
	return err
}

// nullTime is how an instant that may be unknown is stored and read: the zero
// time is NULL.
func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

// context lets statements of an Update run on though nobody waits any more:
// half a transaction would be thrown away and the work be done again.
func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.writes || tx.within {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// note remembers that a statement failed. PostgreSQL then refuses the rest of
// the transaction, and so that f means the same on SQLite we do too.
func (tx *Tx) note(err error) error {
	err = discreet(err)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// outcome is what f's run comes to: its own error or that of a statement whose
// error it dropped.
func (tx *Tx) outcome(err error) error {
	tx.ended = true
	if err == nil {
		return tx.failed
	}
	return err
}

// plain is the one place where arguments become what both drivers store alike:
// instants in UTC and whole microseconds, whatever zone they came in
// (PostgreSQL drops the zone of a TIMESTAMP without converting), and kinds of
// strings as strings.
func plain(args []any) []any {
	if len(args) == 0 {
		return nil
	}
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = plainValue(a)
	}
	return out
}

func plainValue(a any) any {
	switch a := a.(type) {
	case nil, string, int64, int, bool:
		return a
	case time.Time:
		return a.UTC().Truncate(time.Microsecond)
	case driver.Valuer:
		v, err := a.Value()
		if err != nil {
			return a // the driver meets the same error and reports it
		}
		if t, ok := v.(time.Time); ok {
			return t.UTC().Truncate(time.Microsecond)
		}
		return v
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return plainValue(v.Elem().Interface())
	}
	return a
}

// discreet hides the text of an error in which PostgreSQL may quote a value
// (class 22, "data exception").
func discreet(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && len(e.Code) == 5 && e.Code[:2] == "22" {
		return &dataError{e}
	}
	return err
}

type dataError struct{ err *pgconn.PgError }

func (e *dataError) Error() string {
	return fmt.Sprintf("a value does not fit its column (SQLSTATE %s)", e.err.Code)
}

func (e *dataError) Unwrap() error { return e.err }
