package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestSQLitePaths(t *testing.T) {
	for _, name := range []string{"plain.db", "a#b.db", "a?b=c&_pragma=x.db", "100%.db", "a b.db", "%23.db", "ü.db", "a;b'c\".db"} {
		path := filepath.Join(t.TempDir(), name)
		db := openMigrated(t, "file:"+path)
		if err := db.Close(); err != nil {
			t.Errorf("Close(%s) = %v", name, err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Errorf("Open(file:%s) makes another file: %v", name, err)
			continue
		}
		if info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("Open(file:%s) makes a file of %d bytes with mode %v", name, info.Size(), info.Mode())
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(entries) != 1 {
			t.Errorf("after Close(%s) there are %d files, %v, want 1", name, len(entries), err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"openiis.db", "begins with"},
		{"mysql://x", "begins with"},
		{"file:", "needs a file"},
		{"file::memory:", "needs a file"},
		{"file:" + filepath.Join(t.TempDir(), "missing", "x.db"), "no folder"},
		{"postgres://u:secret@h:port/d", "not of the form"},
	} {
		db, err := store.Open(t.Context(), test.url)
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%q) = %v, want an error with %q", test.url, err, test.want)
		}
	}
}

func TestSQLiteVersion(t *testing.T) {
	for version, want := range map[string]bool{
		"3.51.2": false, "3.51.3": true, "3.51.10": true, "3.6.0": false, "3.54.1": true, "4.0": true, "3.51": false, "": false,
	} {
		if got := store.AtLeast(version, [3]int{3, 51, 3}); got != want {
			t.Errorf("AtLeast(%q) = %v, want %v", version, got, want)
		}
	}
}

// TestSQLiteFull fills the disk, as far as SQLite can tell, among writers that
// share commits. What was acknowledged is there, what was not is not, and
// writing goes on once there is room.
func TestSQLiteFull(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := t.Context()
	limit := func(pages int) {
		t.Helper()
		err := db.Update(ctx, func(tx *store.Tx) error {
			return tx.Scan(ctx, []any{new(int)}, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var pages int
	if err := db.View(ctx, func(tx *store.Tx) error { return tx.Scan(ctx, []any{&pages}, "PRAGMA page_count") }); err != nil {
		t.Fatal(err)
	}
	limit(pages + 20)
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	write := func(ctx context.Context, key string) error {
		err := db.Update(ctx, func(tx *store.Tx) error {
			if err := put(ctx, tx, key, strings.Repeat("x", 3000)); err != nil {
				return err
			}
			return tx.Record(ctx, iis.Event{Action: iis.ActionAnnouncement})
		})
		mu.Lock()
		defer mu.Unlock()
		acknowledged[key] = err == nil
		return err
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := range 20 {
				if err := write(ctx, fmt.Sprint(w, "-", n)); err != nil && iis.KindOf(err) != iis.Busy {
					t.Errorf("Update on a full disk = %v, want Busy", err)
				}
			}
		})
	}
	wg.Wait()
	limit(1 << 20)
	if err := write(ctx, "afterwards"); err != nil {
		t.Errorf("Update once there is room = %v", err)
	}
	kept := 0
	for key, ok := range acknowledged {
		if there := got(t, db, key) != ""; there != ok {
			t.Errorf("text %s is there: %v, acknowledged: %v", key, there, ok)
		}
		if ok {
			kept++
		}
	}
	if kept < 2 || kept == len(acknowledged) {
		t.Errorf("%d of %d acknowledged, want some", kept, len(acknowledged))
	}
	if r := verified(t, db); r.Rows != int64(kept) {
		t.Errorf("VerifyAudit() = %v, want %d rows", r, kept)
	}
}

// TestSQLiteTwoProcesses writes to one file from two, as an import beside the
// running program does.
func TestSQLiteTwoProcesses(t *testing.T) {
	url := storetest.SQLiteURL(t)
	one, other := openMigrated(t, url), openMigrated(t, url)
	var wg sync.WaitGroup
	for _, db := range []*store.DB{one, other} {
		for range 4 {
			wg.Go(func() {
				for range 25 {
					record(t, db, iis.Event{Action: iis.ActionImport})
				}
			})
		}
	}
	wg.Wait()
	if r := verified(t, one); r.Rows != 200 || r.Chains != 2 {
		t.Errorf("VerifyAudit() = %v, want 200 rows in 2 chains", r)
	}
}

// TestSQLiteViewsWait reads from more goroutines than there are connections.
func TestSQLiteViewsWait(t *testing.T) {
	db := storetest.SQLite(t)
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if got := got(t, db, "k"); got != "" {
				t.Errorf("text = %q", got)
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	err := db.View(ctx, func(tx *store.Tx) error {
		cancel()
		return tx.Scan(ctx, []any{new(int)}, "SELECT count(*) FROM client")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("View cancelled on the way = %v", err)
	}
}
