package store_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// eachURL runs f with the address of a fresh database of each engine.
func eachURL(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, storetest.SQLiteURL(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, storetest.PostgreSQLURL(t)) })
}

// holdsAt names the database of which TestHolderProgram, as a program of its own, takes
// a holder.
const holdsAt = "OPENIIS_TEST_HOLDER"

// TestHolderProgram is no test but the program that TestHolderKilled kills.
func TestHolderProgram(t *testing.T) {
	url := os.Getenv(holdsAt)
	if url == "" {
		t.Skip("it is run by TestHolderKilled")
	}
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("holder " + db.NewHolder(t.Context()) + "\n")
	io.Copy(io.Discard, os.Stdin) // until it is killed
}

// goes waits until a holder is gone whose program has ended: PostgreSQL takes a moment
// to notice.
func goes(t *testing.T, db *store.DB, holder string) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !db.Gone(t.Context(), holder); {
		if time.Now().After(until) {
			t.Fatalf("Gone(%s) of a program that has ended = false", holder)
		}
	}
}

// TestHolderKilled: of a program that was killed others know at once that it is gone.
func TestHolderKilled(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		db, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		cmd := exec.Command(os.Args[0], "-test.run=^TestHolderProgram$")
		cmd.Env = append(os.Environ(), holdsAt+"="+url)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer stdin.Close()
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Process.Kill()
		holder := ""
		for lines := bufio.NewScanner(stdout); holder == "" && lines.Scan(); {
			holder, _ = strings.CutPrefix(lines.Text(), "holder ")
		}
		for range 3 {
			if db.Gone(t.Context(), holder) {
				t.Fatalf("Gone(%s) of a program that lives = true", holder)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		goes(t, db, holder)
	})
}

// TestHolder: a holder is there until his program closes the database, and nobody
// takes one for gone of whom he knows nothing.
func TestHolder(t *testing.T) {
	eachURL(t, func(t *testing.T, url string) {
		ctx := t.Context()
		open := func() *store.DB {
			t.Helper()
			db, err := store.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
		holder := func(db *store.DB) string { return db.NewHolder(ctx) }
		one, other := open(), open()
		defer one.Close()
		mine, first, second := holder(one), holder(other), holder(other)
		if first == second {
			t.Errorf("two holders of one program have the name %s", first)
		}
		for _, h := range []string{mine, first, second, "", "somebody", "somebody.else", "."} {
			if one.Gone(ctx, h) {
				t.Errorf("Gone(%q) = true, want false", h)
			}
		}
		if other.Gone(ctx, mine) {
			t.Error("the other program takes the first for gone")
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{first, second} {
			goes(t, one, h)
			goes(t, one, h)
		}
		third := open()
		defer third.Close()
		if third.Gone(ctx, mine) || third.Gone(ctx, holder(third)) {
			t.Error("a program that has just begun takes another that lives for gone")
		}
	})
}

// TestHolderLinked: two programs that open one SQLite database by different links see
// each other.
func TestHolderLinked(t *testing.T) {
	path := strings.TrimPrefix(storetest.SQLiteURL(t), "file:")
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	open := func(path string) *store.DB {
		t.Helper()
		db, err := store.Open(t.Context(), "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	one, other := open(path), open(link)
	holder := other.NewHolder(t.Context())
	if one.Gone(t.Context(), holder) {
		t.Error("a program that has opened the database by a link is taken for gone")
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if !one.Gone(t.Context(), holder) {
		t.Error("Gone of a program that has ended = false")
	}
}

// TestHolderFiles: on SQLite nothing stays beside the database of programs that have
// ended, however they did.
func TestHolderFiles(t *testing.T) {
	url := storetest.SQLiteURL(t)
	path := strings.TrimPrefix(url, "file:")
	beside := func() int {
		t.Helper()
		list, err := filepath.Glob(path + "-program-*")
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	// As of a program that was killed, and of one whose names are not ours.
	for _, name := range []string{"-program-00000000000000ab", "-program-robot"} {
		if err := os.WriteFile(path+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if n := beside(); n != 2 {
		t.Errorf("%d files before there is a holder, want the 2", n)
	}
	for range 2 {
		db.NewHolder(t.Context())
	}
	if n := beside(); n != 2 { // its own, and what is none of ours
		t.Errorf("%d files while there are holders, want 2", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := beside(); n != 1 {
		t.Errorf("%d files after Close, want the one that is none of ours", n)
	}
}

// TestHolderMeets: of programs that begin at once, and clear away what others have left
// meanwhile, none is ever taken for gone, and each has a sign.
func TestHolderMeets(t *testing.T) {
	url := storetest.SQLiteURL(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 15 {
				db, err := store.Open(t.Context(), url)
				if err != nil {
					t.Error(err)
					return
				}
				other, err := store.Open(t.Context(), url)
				if err != nil {
					t.Error(errors.Join(err, db.Close()))
					return
				}
				holder := db.NewHolder(t.Context())
				if !strings.Contains(holder, ".") {
					t.Errorf("NewHolder = %s, of which nobody can tell whether it is gone", holder)
				}
				other.NewHolder(t.Context())
				for range 3 {
					if other.Gone(t.Context(), holder) {
						t.Error("Gone of a program that lives = true")
					}
				}
				if err := errors.Join(db.Close(), other.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	left, err := filepath.Glob(strings.TrimPrefix(url, "file:") + "-program-*")
	if err != nil || len(left) != 0 {
		t.Errorf("%d files stay, %v; want none", len(left), err)
	}
}

// TestHolderSignRemoved: a program whose sign somebody removes has one again with its
// next holder, and where none can be made the lease decides.
func TestHolderSignRemoved(t *testing.T) {
	url := storetest.SQLiteURL(t)
	path := strings.TrimPrefix(url, "file:")
	open := func() *store.DB {
		t.Helper()
		db, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db, other := open(), open()
	defer other.Close()
	holder := db.NewHolder(t.Context())
	signs, err := filepath.Glob(path + "-program-*")
	if err != nil || len(signs) != 1 {
		t.Fatalf("signs = %v, %v; want one", signs, err)
	}
	remove := func() {
		t.Helper()
		if err := os.Remove(signs[0]); err != nil {
			t.Fatal(err)
		}
	}
	remove()
	again := db.NewHolder(t.Context())
	for _, h := range []string{holder, again} {
		if other.Gone(t.Context(), h) {
			t.Errorf("Gone(%s) of a program that lives and has made its sign anew = true", h)
		}
	}
	remove()
	if err := os.Mkdir(signs[0], 0o700); err != nil { // in its way
		t.Fatal(err)
	}
	if h := db.NewHolder(t.Context()); other.Gone(t.Context(), h) {
		t.Errorf("Gone(%s) of a program that cannot make a sign = true", h)
	}
	remove()
	last := db.NewHolder(t.Context())
	if other.Gone(t.Context(), last) {
		t.Error("Gone of a program that can make its sign again = true")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if !other.Gone(t.Context(), last) {
		t.Error("Gone of a program that has ended = false")
	}
}
