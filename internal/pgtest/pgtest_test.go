package pgtest

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// victim, in the environment, makes the test binary start a server, print its
// process ID and wait to be killed.
const victim = "OPENIIS_PGTEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(victim) != "" {
		s, err := start([]string{"fsync=off"})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(s.process.Pid, s.dir)
		select {}
	}
	Main(m)
}

func TestURL(t *testing.T) {
	one, other := URL(t), URL(t)
	for _, url := range []string{one, other, DurableURL(t)} {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		var collation, fsync string
		err = conn.QueryRow(t.Context(), `SELECT datcollate, current_setting('fsync')
FROM pg_database
WHERE datname = current_database()`).Scan(&collation, &fsync)
		if err != nil || collation != "C.UTF-8" || (fsync == "on") != (url != one && url != other) {
			t.Errorf("database has collation %q and fsync %q, %v", collation, fsync, err)
		}
		// A table of one must not be in the other.
		if _, err := conn.Exec(t.Context(), "CREATE TABLE mine (id TEXT)"); err != nil {
			t.Error(err)
		}
		conn.Close(t.Context())
	}
}

func TestTemplate(t *testing.T) {
	filled := 0
	for range 2 {
		Template(t, "with_table", func(url string) error {
			filled++
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				return err
			}
			defer conn.Close(t.Context())
			_, err = conn.Exec(t.Context(), "CREATE TABLE mine (id TEXT)")
			return err
		})
		conn, err := pgx.Connect(t.Context(), Clone(t, "with_table"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "INSERT INTO mine (id) VALUES ('x')"); err != nil {
			t.Error(err)
		}
		conn.Close(t.Context())
	}
	if filled != 1 {
		t.Errorf("the template was filled %d times, want once", filled)
	}
}

// TestServerDiesWithUs kills a test binary that runs a server.
func TestServerDiesWithUs(t *testing.T) {
	URL(t) // skips if there is no PostgreSQL
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	number, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
	pid, err := strconv.Atoi(number)
	if err != nil {
		t.Fatalf("the other test binary says %q", line)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("the server does not run: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for syscall.Kill(pid, 0) == nil && !zombie(pid) {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("the server outlives the test binary")
		}
	}
	sweep()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("after sweep the folder is still there: %v", err)
	}
}

// zombie reports whether a process has ended and only waits to be asked how;
// in a container there may be nobody to ask.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestMissing(t *testing.T) {
	for _, test := range []struct {
		require string
		want    string
	}{
		{"", "skip"},
		{"chromium", "skip"},
		{"postgres,chromium", "fatal"},
	} {
		t.Setenv("OPENIIS_REQUIRE", test.require)
		r := &recorder{TB: t}
		missing(r, errMissing)
		if r.got != test.want {
			t.Errorf("with OPENIIS_REQUIRE=%s a missing server ends in %s, want %s", test.require, r.got, test.want)
		}
	}
}

// recorder notes how a test would have ended.
type recorder struct {
	testing.TB
	got string
}

func (r *recorder) Helper() {}

func (r *recorder) Fatal(...any) { r.got = "fatal" }

func (r *recorder) Skip(...any) { r.got = cmp.Or(r.got, "skip") }
