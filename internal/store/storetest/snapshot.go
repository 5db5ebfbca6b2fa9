package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tables are all that hold what people entered, and what they did.
var tables = []string{"organization", "user_account", "user_grant", "session", "announcement", "announcement_read",
	"client", "membership", "alias", "contact", "client_comment", "dose", "dose_problem", "issued_record",
	"client_name", "client_key", "draft", "search", "held_entry", "schedule", "schedule_current", "match_policy", "match_policy_current", "merge", "duplicate", "sweep", "import_batch", "import_touched", "import_held", "upload", "audit"}

// Snapshot reads every row of the database at an address, a text a row, for a
// test to compare with a later one. Tables in but are left out.
func Snapshot(t testing.TB, url string, but ...string) map[string][]string {
	t.Helper()
	driver, at := "pgx", url
	if path, ok := strings.CutPrefix(url, "file:"); ok {
		driver, at = "sqlite", "file:"+path+"?mode=ro&_pragma=busy_timeout(5000)"
	}
	conn, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	all := map[string][]string{}
	for _, table := range tables {
		if slices.Contains(but, table) {
			continue
		}
		if all[table], err = rowsOf(t.Context(), conn, table); err != nil {
			t.Fatalf("snapshot of %s: %v", table, err)
		}
	}
	return all
}

func rowsOf(ctx context.Context, conn *sql.DB, table string) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	list := []string{}
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		var b strings.Builder
		for i, name := range names {
			fmt.Fprintf(&b, "%s=%v ", name, *values[i].(*any))
		}
		list = append(list, b.String())
	}
	slices.Sort(list)
	return list, rows.Err()
}
