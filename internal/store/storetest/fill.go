package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Put adds one row to a table. Dates and instants are times in UTC.
type Put func(table string, columns []string, row []any) error

// Fill puts many rows into the fresh database at the address, past package store
// and its promises: nothing is synchronized, foreign keys are not looked up, and
// indexes are made at the end. It is for benchmarks over millions of rows.
func Fill(ctx context.Context, url string, rows func(put Put) error) error {
	if path, ok := strings.CutPrefix(url, "file:"); ok {
		return fillSQLite(path, rows)
	}
	return fillPostgreSQL(ctx, url, rows)
}

// Texts returns the one column of a query on the SQLite database at the address.
func Texts(t testing.TB, url, query string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := texts(db, query)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func texts(db *sql.DB, query string) (all []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// fillSQLite inserts row by row in one transaction.
func fillSQLite(path string, rows func(put Put) error) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_time_format=sqlite&_timezone=UTC&_pragma=synchronous(OFF)"+
		"&_pragma=cache_size(-1000000)&_pragma=temp_store(MEMORY)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const indexes = ` FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('client_name', 'membership') AND sql IS NOT NULL ORDER BY name`
	again, err := dropIndexes(func(what string) ([]string, error) { return texts(db, "SELECT "+what+indexes) },
		func(q string) error { _, err := db.Exec(q); return err }, "name", "sql")
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	statements := map[string]*sql.Stmt{}
	err = rows(func(table string, columns []string, row []any) error {
		s := statements[table]
		if s == nil {
			places := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
			if s, err = tx.Prepare(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING",
				table, strings.Join(columns, ", "), places)); err != nil {
				return err
			}
			statements[table] = s
		}
		for i, v := range row {
			if t, ok := v.(time.Time); ok && dates[columns[i]] {
				row[i] = t.Format(time.DateOnly)
			}
		}
		_, err := s.Exec(row...)
		return err
	})
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, q := range append(again, "PRAGMA wal_checkpoint(TRUNCATE)") {
		if _, err := db.Exec(q); err != nil {
			return err
		}
	}
	return nil
}

// dates are the columns of type DATE, which SQLite keeps as text.
var dates = map[string]bool{"birth_date": true, "address_updated": true, "death_date": true, "since": true}

// fillPostgreSQL copies rows in, table by table in large pieces.
func fillPostgreSQL(ctx context.Context, url string, rows func(put Put) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	exec := func(q string) error { _, err := conn.Exec(ctx, q); return err }
	const indexes = ` FROM pg_indexes WHERE tablename IN ('client_name', 'membership') AND indexname NOT LIKE '%_pkey' ORDER BY indexname`
	again, err := dropIndexes(func(what string) ([]string, error) {
		rs, err := conn.Query(ctx, "SELECT "+what+indexes)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rs, pgx.RowTo[string])
	}, exec, "indexname", "indexdef")
	if err != nil {
		return err
	}
	if err := exec("SET session_replication_role = replica"); err != nil { // no foreign keys looked up
		return err
	}
	type pile struct {
		columns []string
		rows    [][]any
	}
	piles := map[string]*pile{}
	flush := func(table string, p *pile) error {
		_, err := conn.CopyFrom(ctx, pgx.Identifier{table}, p.columns, pgx.CopyFromRows(p.rows))
		p.rows = p.rows[:0]
		return err
	}
	err = rows(func(table string, columns []string, row []any) error {
		p := piles[table]
		if p == nil {
			p = &pile{columns: columns}
			piles[table] = p
		}
		if p.rows = append(p.rows, row); len(p.rows) < 20_000 {
			return nil
		}
		return flush(table, p)
	})
	if err != nil {
		return err
	}
	for table, p := range piles {
		if err := flush(table, p); err != nil {
			return err
		}
	}
	for _, q := range append(again, "VACUUM ANALYZE") {
		if err := exec(q); err != nil {
			return err
		}
	}
	return nil
}

// dropIndexes drops the indexes that list tells the names of, and returns the
// statements that make them again.
func dropIndexes(list func(what string) ([]string, error), exec func(string) error, name, definition string) ([]string, error) {
	definitions, err := list(definition)
	if err != nil {
		return nil, err
	}
	names, err := list(name)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if err := exec("DROP INDEX " + n); err != nil {
			return nil, err
		}
	}
	return definitions, nil
}
