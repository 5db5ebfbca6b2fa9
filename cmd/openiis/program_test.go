package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// binary is the program, built once for all tests, which run it as people do.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "openiis-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "openiis")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	os.Exit(pgtest.Run(func() int {
		code := m.Run()
		if path, err := binary(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
		return code
	}))
}

// session is a folder in which the program is run.
type session struct {
	t   *testing.T
	dir string
}

func newSession(t *testing.T) session { return session{t, t.TempDir()} }

func (s session) command(args ...string) *exec.Cmd {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	c := exec.CommandContext(s.t.Context(), path, args...)
	c.Dir = s.dir
	return c
}

// either is a code to end with that a test leaves open.
const either = -1

// run runs the program with that on its standard input and checks how it ends.
func (s session) run(want int, stdin string, args ...string) (stdout, stderr string) {
	s.t.Helper()
	c := s.command(args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		s.t.Fatal(err)
	}
	if got := c.ProcessState.ExitCode(); got != want && want != either {
		s.t.Fatalf("openiis %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, &out, &errs)
	}
	return out.String(), errs.String()
}

// file writes a file of the session's folder.
func (s session) file(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// read reads a file of the session's folder.
func (s session) read(name string) string {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}

// running is a program that serves.
type running struct {
	t       *testing.T
	cmd     *exec.Cmd
	lines   chan string // of what it prints
	address string
	done    chan error
}

var served = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start starts a program that serves, and waits until it names its address.
func (s session) start(args ...string) *running {
	s.t.Helper()
	c := s.command(args...)
	r, w := io.Pipe()
	c.Stdout, c.Stderr = w, w
	p := &running{t: s.t, cmd: c, lines: make(chan string, 1000), done: make(chan error, 1)}
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(r); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	go func() { p.done <- c.Wait(); w.Close() }()
	s.t.Cleanup(func() { c.Process.Kill() })
	limit := time.After(time.Minute)
	var said []string
	for p.address == "" {
		select {
		case line, open := <-p.lines:
			if !open {
				s.t.Fatalf("openiis %s ended:\n%s", strings.Join(args, " "), strings.Join(said, "\n"))
			}
			said = append(said, line)
			p.address = served.FindString(line)
		case <-limit:
			s.t.Fatalf("openiis %s did not name its address:\n%s", strings.Join(args, " "), strings.Join(said, "\n"))
		}
	}
	return p
}

// stop tells the program to end and checks that it does so as it should.
func (p *running) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("after SIGTERM the program ended with %v, want 0", err)
		}
	case <-time.After(30 * time.Second):
		p.t.Fatal("the program goes on after SIGTERM")
	}
}

// signIn returns a browser of sorts that is signed in.
func (p *running) signIn(user, password string) *http.Client {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	form := url.Values{"user": {user}, "password": {password}}
	r, err := c.PostForm(p.address+"/signin", form)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || strings.HasSuffix(r.Request.URL.Path, "/signin") {
		p.t.Fatalf("sign in as %s: %s at %s, want the home page", user, r.Status, r.Request.URL.Path)
	}
	return c
}

var tags = regexp.MustCompile(`<[^>]*>`)

// page gets a page, and checks its status and that it holds all texts, as words
// or as values of inputs.
func (p *running) page(c *http.Client, path string, status int, texts ...string) {
	p.t.Helper()
	r, err := c.Get(p.address + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if r.StatusCode != status {
		p.t.Errorf("GET %s: %s, want %d", path, r.Status, status)
	}
	words := tags.ReplaceAllString(string(body), "")
	for _, s := range texts {
		if !strings.Contains(words, s) && !strings.Contains(string(body), `"`+s+`"`) {
			p.t.Errorf("GET %s: the page does not hold %q", path, s)
		}
	}
}

// eachEngine runs f with the address of an empty database of each engine.
func eachEngine(t *testing.T, f func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { f(t, "file:"+filepath.Join(t.TempDir(), "openiis.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, pgtest.URL(t)) })
}

func TestHelp(t *testing.T) {
	s := newSession(t)
	out, _ := s.run(0, "", "help")
	for _, cmd := range []string{"demo", "serve", "migrate", "user", "import", "generate", "forecast", "schedule", "verify-audit", "version", "help"} {
		if !strings.Contains(out, "\n  "+cmd) {
			t.Errorf("openiis help does not list %s", cmd)
		}
	}
	if bare, _ := s.run(0, ""); bare != out {
		t.Error("openiis without a command prints something else than openiis help")
	}
	for _, cmd := range []string{"demo", "serve", "migrate", "user add", "import clients", "import immunizations", "import list", "import undo", "generate", "forecast", "schedule load", "schedule list", "schedule use", "verify-audit"} {
		out, _ := s.run(0, "", append([]string{"help"}, strings.Fields(cmd)...)...)
		if !strings.Contains(out, "openiis "+cmd) || !strings.Contains(out, "Examples:") {
			t.Errorf("openiis help %s has no examples", cmd)
		}
		flag, _ := s.run(0, "", append(strings.Fields(cmd), "--help")...)
		if flag != out {
			t.Errorf("openiis help %s and openiis %s --help differ", cmd, cmd)
		}
	}
	if out, _ := s.run(0, "", "version"); !strings.HasPrefix(out, "openiis "+release) {
		t.Errorf("openiis version prints %q", out)
	}
}

func TestUsage(t *testing.T) {
	s := newSession(t)
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"dance"}, exitUsage, "dance"},
		{[]string{"help", "dance"}, exitUsage, "dance"},
		{[]string{"serve", "--nonsense"}, exitUsage, "--nonsense"},
		{[]string{"generate", "--clients", "20000000"}, exitUsage, "from 0 to 10,000,000"},
		{[]string{"demo", "--data", "x", "--database", "file:y"}, exitUsage, "not both"},
		{[]string{"serve", "--listen", "nowhere"}, exitUsage, "nowhere"},
		{[]string{"serve", "--listen", ":8080"}, exitUsage, "--trusted-proxy"},
		{[]string{"serve", "--time-zone", "Mars/Olympus", "--listen", "127.0.0.1:0"}, exitUsage, "Mars/Olympus"},
		{[]string{"serve", "--mail-server", "mail.example.org", "--mail-from", "r@example.org", "--listen", "127.0.0.1:0"}, exitUsage, "host:port"},
		{[]string{"serve", "--mail-server", "mail.example.org:25", "--listen", "127.0.0.1:0"}, exitUsage, "--mail-from"},
		{[]string{"serve", "--mail-from", "r@example.org", "--listen", "127.0.0.1:0"}, exitUsage, "without --mail-server"},
		{[]string{"serve", "--mail-server", "mail.example.org:587", "--mail-from", "r@example.org", "--mail-password-file", "password", "--database", "file:none.db", "--listen", "127.0.0.1:0"}, exitUsage, "--mail-user"},
		{[]string{"serve", "--mail-server", "mail.example.org:25", "--mail-from", "r@example.org", "--mail-user", "r", "--listen", "127.0.0.1:0"}, exitUsage, "a user with a password"},
		{[]string{"serve", "--mail-server", "mail.example.org:25", "--mail-from", "r@example.org", "--mail-user", "r", "--mail-password-file", "none", "--listen", "127.0.0.1:0"}, exitUsage, "--mail-password-file"},
		{[]string{"serve", "--mail-password", "secret"}, exitUsage, "unknown flag"},
		{[]string{"migrate", "--database", "mysql://x"}, exitFailed, "file:"},
		{[]string{"migrate", "--database", "postgres://nobody@127.0.0.1:1/none"}, exitFailed, "openiis: "},
		{[]string{"import", "clients", "none.csv"}, exitFailed, "none.csv"},
		{[]string{"user", "add", "x", "--role", "King"}, exitUsage, "Typical User"},
	} {
		_, errs := s.run(test.code, "", test.args...)
		if !strings.Contains(errs, test.want) || strings.Contains(errs, "goroutine") {
			t.Errorf("openiis %s says %q, want %q", strings.Join(test.args, " "), errs, test.want)
		}
	}
}

func TestDemo(t *testing.T) {
	s := newSession(t)
	begun := time.Now()
	p := s.start("demo", "--listen", "127.0.0.1:0", "--data", "data")
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("the demonstration took %s to start", took)
	}
	p.page(&http.Client{}, "/healthz", 200, "ok")
	p.page(&http.Client{}, "/signin", 200)
	c := p.signIn("clerk", sample.Password)
	p.page(c, "/", 200, "Test Clinic", "Demonstration Region", "Release 7.22 is live")
	p.page(c, "/clients/6714871", 200, "DUCK", "DON", "123 1ST ST SE", "555-555-5555", "12345678910", "10/15/2021", "01/11/2023")
	p.page(c, "/clients/14883406", 200, "RAINBOW", "UNICORN", "PEGASUS")
	p.page(c, "/clients/"+string(sample.LockedElsewhere), 404)
	for _, a := range sample.Accounts() {
		p.page(p.signIn(a.User.UserName, sample.Password), "/", 200)
	}
	_, errs := s.run(exitFailed, "", "demo", "--listen", strings.TrimPrefix(p.address, "http://"))
	if !strings.Contains(errs, "another program listens") {
		t.Errorf("a second demonstration at one address says %q", errs)
	}
	p.stop()

	again := s.start("demo", "--listen", "127.0.0.1:0", "--data", "data", "--clients", "5")
	again.page(again.signIn("helpdesk", sample.Password), "/clients/"+string(sample.LockedElsewhere), 200)
	again.stop()
	out, _ := s.run(0, "", "verify-audit", "--database", "file:data/openiis.db")
	if !strings.Contains(out, "whole") {
		t.Errorf("verify-audit prints %q", out)
	}
}

// TestDemoSame fills two databases and finds the same people.
func TestDemoSame(t *testing.T) {
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "30", "--seed", "9").stop()
		db, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		err = db.View(t.Context(), func(tx *store.Tx) error {
			for p := range sample.Population(9, 30) {
				if _, err := tx.Client(t.Context(), p.Client.ID); err != nil {
					return err
				}
			}
			n, err := tx.CountClients(t.Context())
			if want := int64(30 + len(sample.GuidePeople())); n != want {
				t.Errorf("%d clients, want %d", n, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestServe(t *testing.T) {
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		if strings.HasPrefix(url, "postgres") {
			_, errs := s.run(exitFailed, "", "serve", "--database", url, "--listen", "127.0.0.1:0")
			if !strings.Contains(errs, "run openiis migrate") {
				t.Errorf("serve without tables says %q", errs)
			}
		}
		out, _ := s.run(0, "", "migrate", "--database", url)
		if !strings.Contains(out, "set up") {
			t.Errorf("the first migrate prints %q", out)
		}
		if out, _ = s.run(0, "", "migrate", "--database", url); !strings.Contains(out, "up to date") {
			t.Errorf("the second migrate prints %q", out)
		}
		const password = "correct horse battery"
		out, _ = s.run(0, password+"\n", "user", "add", "desk", "--database", url, "--type", "Registry", "--password-from", "stdin")
		if !strings.Contains(out, "desk can sign in as Help Desk") {
			t.Errorf("user add prints %q", out)
		}
		s.run(exitFailed, password+"\n", "user", "add", "DESK", "--database", url, "--password-from", "stdin")
		s.run(exitFailed, "short\n", "user", "add", "desk2", "--database", url, "--password-from", "stdin")
		s.run(exitFailed, "", "user", "add", "clerk", "--database", url, "--role", "Typical User", "--organization", "Nowhere Clinic")
		out, _ = s.run(0, "", "user", "add", "clerk", "--database", url, "--role", "Typical User",
			"--organization", "Nowhere Clinic", "--type", "Clinic", "--url", "https://registry.example.org/")
		link := regexp.MustCompile(`https://registry\.example\.org(/invite/\w+)`).FindStringSubmatch(out)
		if link == nil {
			t.Fatalf("user add prints no link: %q", out)
		}
		p := s.start("serve", "--database", url, "--listen", "127.0.0.1:0", "--id-label", "State ID",
			"--help-email", "desk@example.org", "--region", "Test Region", "--anchor-file", "anchors")
		c := p.signIn("desk", password)
		p.page(c, "/", 200, "Test Region", "Registry Help Desk")
		p.page(&http.Client{}, "/helpdesk", 200, "desk@example.org")
		p.page(&http.Client{}, link[1], 200)
		p.stop()
		s.run(0, "", "verify-audit", "--database", url, "--anchor-file", "anchors")
	})
}

func TestImport(t *testing.T) {
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "10").stop()
		s.run(0, "", "generate", "--clients", "120", "--seed", "3", "-o", "people.csv")
		if n := strings.Count(s.read("people.csv"), "\n"); n < 121 {
			t.Fatalf("generate wrote %d lines, want 121", n)
		}
		first, _ := s.run(either, "", "import", "clients", "people.csv", "--database", url)
		second, _ := s.run(either, "", "import", "clients", "people.csv", "--database", url)
		var added, changed, same int
		if _, err := fmt.Sscanf(first, "%d new, %d changed, %d same", &added, &changed, &same); err != nil || added < 100 {
			t.Errorf("the first import prints %q, want more than 100 new", first)
		}
		if _, err := fmt.Sscanf(second, "%d new, %d changed, %d same", &added, &changed, &same); err != nil || added+changed > 0 {
			t.Errorf("the second import prints %q, want nothing new and nothing changed", second)
		}

		s.file("roster.csv", "Last Name,first_name,birth_date,phone\nGood,Gil,02/03/2011,612-345-6789\nBad,Bea,02/30/2011,\nToo,Many,2011-01-01,,\n")
		out, _ := s.run(exitFailed, "", "import", "clients", "roster.csv", "--organization", "Test Clinic", "--database", url)
		if !strings.HasPrefix(out, "1 new, 0 changed, 0 same, 0 held for the help desk, 0 possible, 2 wrong\n") {
			t.Errorf("import prints %q", out)
		}
		errs := s.read("roster.csv.errors.csv")
		for _, want := range []string{"Last Name,first_name,birth_date,phone,x_line,x_reason\n", "Bad,Bea,02/30/2011,,3,\"Birth Date", "Too,Many,2011-01-01,,4,\"has 5 values"} {
			if !strings.Contains(errs, want) {
				t.Errorf("the file of errors does not hold %q:\n%s", want, errs)
			}
		}
		s.file("mended.csv", strings.ReplaceAll(errs, "02/30/2011", "02/28/2011"))
		s.run(0, "", "import", "clients", "mended.csv", "--organization", "test-clinic", "--database", url)
		s.file("doses.csv", "last_name,first_name,birth_date,date,cvx,lot,phone\nGood,Gil,02/03/2011,2015-10-01,141,A1,612-345-6789\n"+
			"Good,Gil,02/03/2011,2016-10-01,141,B2,612-345-6789\nNobody,Nell,2001-01-01,2016-10-01,141,,\n")
		out, _ = s.run(exitFailed, "", "import", "immunizations", "doses.csv", "--organization", "Test Clinic", "--database", url, "--dry-run")
		if !strings.HasPrefix(out, "2 new, 0 changed, 0 same, 0 possible, 1 wrong\n") {
			t.Errorf("import immunizations --dry-run prints %q", out)
		}
		if check := s.read("doses.csv.check.csv"); !strings.Contains(check, "2,new,") || !strings.Contains(check, "4,wrong,,") {
			t.Errorf("the check of the rows is %q", check)
		}
		out, _ = s.run(exitFailed, "", "import", "immunizations", "doses.csv", "--organization", "Test Clinic", "--database", url)
		batch := regexp.MustCompile(`openiis import undo (\w+)`).FindStringSubmatch(out)
		if batch == nil || !strings.HasPrefix(out, "2 new, 0 changed, 0 same, 0 held for the help desk, 0 possible, 1 wrong\n") {
			t.Fatalf("import immunizations prints %q", out)
		}
		if out, _ = s.run(0, "", "import", "list", "--database", url); !strings.Contains(out, batch[1]) || !strings.Contains(out, "2 new, 1 wrong") {
			t.Errorf("import list prints %q", out)
		}
		if out, _ = s.run(0, "", "import", "undo", batch[1], "--database", url); out != "0 clients removed, 1 set back, 0 kept in part or whole\n" {
			t.Errorf("import undo prints %q", out)
		}
		if _, errs := s.run(exitFailed, "", "import", "undo", batch[1], "--database", url); !strings.Contains(errs, "undone already") {
			t.Errorf("import undo again says %q", errs)
		}
		s.file("nonsense.csv", "shoe_size\n42\n")
		if _, errs := s.run(exitFailed, "", "import", "clients", "nonsense.csv", "--database", url); !strings.Contains(errs, "shoe_size") {
			t.Errorf("a file with unknown columns: %q", errs)
		}
		s.file("map.json", `{"columns":{"Familie":"last_name","Tag":"birth_date","Note":""},"dates":"dmy"}`)
		s.file("other.csv", "Familie,first_name,Tag,Note\nGood,Gil,03.02.2011,x\n")
		out, _ = s.run(0, "", "import", "clients", "other.csv", "--organization", "Test Clinic", "--map", "map.json", "--database", url)
		if !strings.HasPrefix(out, "0 new, 0 changed, 1 same") {
			t.Errorf("import with a mapping prints %q, want the same client", out)
		}
		s.run(0, "", "verify-audit", "--database", url)
	})
}

// TestVerifyAudit changes a row behind the program's back.
func TestVerifyAudit(t *testing.T) {
	s := newSession(t)
	s.start("demo", "--listen", "127.0.0.1:0", "--data", "data", "--clients", "3").stop()
	db := filepath.Join(s.dir, "data", "openiis.db")
	b, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	// The note of one event becomes another of the same length.
	i := bytes.LastIndex(b, []byte(`"note":"loaded"`))
	if i < 0 {
		t.Fatal("the file does not hold the event")
	}
	copy(b[i:], `"note":"forged"`)
	if err := os.WriteFile(db, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := s.run(exitFailed, "", "verify-audit", "--database", "file:"+db)
	if !strings.Contains(out, "row ") || !strings.Contains(out, "was changed") {
		t.Errorf("verify-audit prints %q, want the bad row", out)
	}
}

// TestGenerateStops writes to a pipe that nobody reads and interrupts it.
func TestGenerateStops(t *testing.T) {
	s := newSession(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := s.command("generate", "--clients", "10000000", "-o", "big.csv")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		if info, err := os.Stat(filepath.Join(s.dir, "big.csv")); err == nil && info.Size() > 0 {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("nothing is written")
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if c.Wait(); c.ProcessState.ExitCode() != exitFailed {
		t.Errorf("interrupted, generate ends with %d, want %d", c.ProcessState.ExitCode(), exitFailed)
	}
}
