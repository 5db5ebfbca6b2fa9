package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"openiis.org/iis"
	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// admin runs statements as the owner of a database.
func admin(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, s := range statements {
		if _, err := conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestPostgresRefuses(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	base := server.URL("postgres", "postgres")
	for _, test := range []struct{ name, make, want string }{
		{"ascii", "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'", "encoding SQL_ASCII"},
		{"icu", "CREATE DATABASE icu TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C.UTF-8'", "LOCALE 'C.UTF-8'"},
		{"async", "CREATE DATABASE async", "synchronous_commit"},
	} {
		admin(t, base, test.make)
		if test.name == "async" {
			admin(t, base, "ALTER DATABASE async SET synchronous_commit = off")
		}
		db, err := store.Open(t.Context(), server.URL(test.name, "postgres"))
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Open of database %s = %v, want an error with %q", test.name, err, test.want)
		}
	}
}

// TestPostgresRole migrates as a user that may not make roles: the error says
// what to ask for, and afterwards the program runs under its own role.
func TestPostgresRole(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	base := server.URL("postgres", "postgres")
	admin(t, base, "CREATE ROLE plain LOGIN", "CREATE DATABASE iis OWNER plain")
	ctx := t.Context()
	db, err := store.Open(ctx, server.URL("iis", "plain"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Migrate(ctx)
	for _, want := range []string{"CREATE ROLE openiis_app NOLOGIN;", "GRANT openiis_app TO plain;"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Migrate() without the right to make a role = %v, want it to say %q", err, want)
		}
	}
	admin(t, base, "CREATE ROLE openiis_app NOLOGIN", "GRANT openiis_app TO plain")
	if err := db.Migrate(ctx); err != nil {
		t.Fatalf("Migrate() with the role = %v", err)
	}
	record(t, db, iis.Event{Action: iis.ActionView})
	var user string
	err = db.View(ctx, func(tx *store.Tx) error { return tx.Scan(ctx, []any{&user}, "SELECT current_user") })
	if err != nil || user != "openiis_app" {
		t.Errorf("the program runs as %q, %v, want openiis_app", user, err)
	}
}

// TestPostgresMigrateBeside migrates several databases of one new server at
// once; they share the role.
func TestPostgresMigrateBeside(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	var wg sync.WaitGroup
	for n := range 4 {
		name := fmt.Sprint("beside", n)
		admin(t, server.URL("postgres", "postgres"), "CREATE DATABASE "+name)
		wg.Go(func() {
			db, err := store.Open(t.Context(), server.URL(name, "postgres"))
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := db.Migrate(t.Context()); err != nil {
				t.Errorf("Migrate() of %s = %v", name, err)
			}
		})
	}
	wg.Wait()
}

// TestPostgresUnconfirmed cancels the wait for a standby server: PostgreSQL then
// says that it has committed, and we must not.
func TestPostgresUnconfirmed(t *testing.T) {
	server := pgtest.Start(t, "fsync=off", "wal_level=replica", "max_wal_senders=2")
	base := server.URL("postgres", "postgres")
	admin(t, base, "CREATE DATABASE iis")
	db := openMigrated(t, server.URL("iis", "postgres"))
	record(t, db, iis.Event{Action: iis.ActionView})
	setStandby := func(name string) {
		admin(t, base, "ALTER SYSTEM SET synchronous_standby_names = '"+name+"'", "SELECT pg_reload_conf()")
	}
	// The reload reaches a session between two statements.
	setStandby("nobody")
	answer := make(chan error)
	go func() {
		answer <- db.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.Exec(t.Context(), "SELECT pg_sleep(0.2)"); err != nil {
				return err
			}
			return tx.Record(t.Context(), iis.Event{Action: iis.ActionView})
		})
	}()
	conn, err := pgx.Connect(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for waiting := 0; waiting == 0; {
		err := conn.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE pg_cancel_backend(pid))
FROM pg_stat_activity
WHERE wait_event = 'SyncRep'`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-answer; err == nil || !strings.Contains(err.Error(), "standby") {
		t.Errorf("Update whose wait for the standby was cancelled = %v, want an error", err)
	}
	if _, err := conn.Exec(t.Context(), "ALTER SYSTEM RESET synchronous_standby_names"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "SELECT pg_reload_conf()"); err != nil {
		t.Fatal(err)
	}
	record(t, db, iis.Event{Action: iis.ActionView})
	if r := verified(t, db); r.Rows != 3 || r.Chains != 2 {
		t.Errorf("VerifyAudit() = %v, want 3 rows, the last in a new chain", r)
	}
}

// TestPostgresRestarts kills the server under load, twice. What was acknowledged
// is there, nothing is there twice, and the program goes on by itself.
func TestPostgresRestarts(t *testing.T) {
	server := pgtest.Start(t)
	admin(t, server.URL("postgres", "postgres"), "CREATE DATABASE iis")
	db := openMigrated(t, server.URL("iis", "postgres"))
	ctx := t.Context()
	stop := make(chan struct{})
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				key := fmt.Sprint(w, "-", n)
				err := db.Update(ctx, func(tx *store.Tx) error {
					err := tx.Exec(ctx, `INSERT INTO announcement (id, posted, title) VALUES ($1, '2026-11-22', 'x')`, key)
					if err != nil {
						return err
					}
					return tx.Record(ctx, iis.Event{Action: iis.ActionAnnouncement})
				})
				mu.Lock()
				acknowledged[key] = err == nil
				mu.Unlock()
			}
		})
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		n := 0
		for _, ok := range acknowledged {
			if ok {
				n++
			}
		}
		return n
	}
	progress := func() { // waits until the writers write
		t.Helper()
		deadline := time.After(20 * time.Second)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for from := count(); count() < from+100; {
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatal("the program does not go on after a restart of the server")
			}
		}
	}
	for range 2 {
		progress()
		server.Kill()
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	progress()
	close(stop)
	wg.Wait()
	for key, ok := range acknowledged {
		if ok && got(t, db, key) == "" {
			t.Errorf("text %s was acknowledged and is lost", key)
		}
	}
	verified(t, db)
}

func TestPostgresAway(t *testing.T) {
	server := pgtest.Start(t, "fsync=off")
	admin(t, server.URL("postgres", "postgres"), "CREATE DATABASE iis")
	db := openMigrated(t, server.URL("iis", "postgres"))
	server.Kill()
	err := db.View(t.Context(), func(*store.Tx) error { return nil })
	if iis.KindOf(err) != iis.Busy {
		t.Errorf("View without a server = %v, want Busy", err)
	}
	err = db.Update(t.Context(), func(*store.Tx) error { return nil })
	if iis.KindOf(err) != iis.Busy {
		t.Errorf("Update without a server = %v, want Busy", err)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	record(t, db, iis.Event{Action: iis.ActionView})
}

// TestPostgresRetries counts how often f runs again when two meet.
func TestPostgresRetries(t *testing.T) {
	db := storetest.PostgreSQL(t)
	ctx := t.Context()
	fillClients(t, db, 1)
	runs := 0
	err := db.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Client(ctx, clientNumber(0))
		if err != nil {
			return err
		}
		if runs++; runs == 1 { // another is faster, once
			done := make(chan error)
			go func() {
				done <- db.Update(ctx, func(tx *store.Tx) error { return saveClient(ctx, tx, clientNumber(0)) })
			}()
			if err := <-done; err != nil {
				return err
			}
		}
		c.Version++
		return tx.PutClient(ctx, c)
	})
	if err != nil || runs != 2 {
		t.Errorf("Update that met another = %v after %d runs, want nil after 2", err, runs)
	}
}
