// Package storetest gives tests fresh databases, migrated and empty, on both
// engines. Only tests call it.
package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/store"
)

// Each runs f as a subtest on SQLite and as one on PostgreSQL, which is skipped
// where PostgreSQL is not installed (see pgtest.URL).
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, PostgreSQL(t)) })
}

// SQLite returns a fresh database in the test's temporary folder.
func SQLite(t testing.TB, opts ...store.Option) *store.DB {
	t.Helper()
	return open(t, SQLiteURL(t), opts...)
}

// PostgreSQL returns a fresh database on the server of the test binary.
func PostgreSQL(t testing.TB, opts ...store.Option) *store.DB {
	t.Helper()
	return open(t, PostgreSQLURL(t), opts...)
}

// SQLiteURL returns the address of a fresh database.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	blank, err := blankFile()
	if err != nil {
		t.Fatalf("make an SQLite database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "openiis.db")
	if err := os.WriteFile(path, blank, 0o600); err != nil {
		t.Fatal(err)
	}
	return "file:" + path
}

// PostgreSQLURL returns the address of a fresh database.
func PostgreSQLURL(t testing.TB) string {
	t.Helper()
	pgtest.Template(t, "openiis_blank", migrate)
	return pgtest.Clone(t, "openiis_blank")
}

// blankFile is a migrated and empty SQLite database; copying it takes a
// fraction of migrating.
var blankFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "blank.db")
	if err := migrate("file:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

func open(t testing.TB, url string, opts ...store.Option) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}
