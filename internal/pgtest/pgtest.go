// Package pgtest runs PostgreSQL for tests: a server of its own for each test
// binary, from the programs installed on the machine, in a temporary folder and
// reachable by a unix socket only. It ends with the test binary, however that
// ends. Only tests call it.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// URL returns the address of a fresh, empty database on a server that does not
// wait for the disk. The database goes with the test. Where PostgreSQL is not
// installed the test is skipped, or fails if OPENIIS_REQUIRE names postgres.
func URL(t testing.TB) string {
	t.Helper()
	return ordinary.get(t).Database(t, "template0")
}

// Clone is URL with a database that is a copy of the one called template, see
// Template.
func Clone(t testing.TB, template string) string {
	t.Helper()
	return ordinary.get(t).Database(t, template)
}

// Template makes a database to be cloned, once for each name: fill gets its
// address, and must have closed its connections when it returns.
func Template(t testing.TB, name string, fill func(url string) error) {
	t.Helper()
	s := ordinary.get(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.templates[name] {
		return
	}
	if err := s.create(name, "template0"); err != nil {
		t.Fatalf("make database %s: %v", name, err)
	}
	if err := fill(s.url(name)); err != nil {
		t.Fatalf("fill database %s: %v", name, err)
	}
	s.templates[name] = true
}

// DurableURL is URL on a second server, which writes to disk as in real use.
func DurableURL(t testing.TB) string {
	t.Helper()
	return durable.get(t).Database(t, "template0")
}

// Main runs the tests and removes the servers' folders: TestMain calls it.
// Without it the servers end all the same; their folders are removed by the
// next test binary that starts one.
func Main(m *testing.M) { os.Exit(Run(m.Run)) }

// Run is Main for a TestMain that has more to clear away: it returns what tests
// returns, once the folders are gone.
func Run(tests func() int) int {
	defer durable.stop()
	defer ordinary.stop()
	return tests()
}

// once is a server that is started when first asked for.
type once struct {
	settings []string
	start    sync.Once
	server   *Server
	err      error
}

var (
	ordinary = once{settings: []string{"fsync=off", "full_page_writes=off"}}
	durable  once
)

func (o *once) get(t testing.TB) *Server {
	t.Helper()
	o.start.Do(func() { o.server, o.err = start(o.settings) })
	if errors.Is(o.err, errMissing) {
		missing(t, o.err)
	}
	if o.err != nil {
		t.Fatalf("start PostgreSQL: %v", o.err)
	}
	return o.server
}

func (o *once) stop() {
	if o.server != nil {
		o.server.Stop()
	}
}

// errMissing means that PostgreSQL is not installed.
var errMissing = errors.New("PostgreSQL 15 or later is not installed: no initdb in /usr/lib/postgresql/*/bin or PATH")

func missing(t testing.TB, err error) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("OPENIIS_REQUIRE"), ","), "postgres") {
		t.Fatal(err)
	}
	t.Skip(err)
}

// Start starts a server of the test's own, which the test may stop and start
// again, with settings such as "fsync=off" beyond the defaults of PostgreSQL. It
// goes with the test.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := start(settings)
	if errors.Is(err, errMissing) {
		missing(t, err)
	}
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Server is a running PostgreSQL.
type Server struct {
	bin       string // folder of the programs
	dir       string // of data and socket
	settings  []string
	process   *os.Process
	ended     chan struct{} // closed when process is gone
	mu        sync.Mutex    // guards the fields below, and makes one database at a time
	templates map[string]bool
	made      int
}

// prefix begins the names of the servers' folders; the process ID of the test
// binary follows. Short, since the path of a socket has at most 107 bytes.
const prefix = "iis-pg-"

func start(settings []string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	sweep()
	parent := "/tmp"
	if slices.Contains(settings, "fsync=off") && roomInMemory() {
		parent = memory
	}
	dir, err := os.MkdirTemp(parent, fmt.Sprintf("%s%d-", prefix, os.Getpid()))
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, settings: settings, templates: map[string]bool{}}
	if err := s.initialize(); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := s.Restart(); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// memory is where Linux keeps files in memory: a database is made there in a
// tenth of the time. What must survive a crash of the machine does not belong
// there.
const memory = "/dev/shm"

// roomInMemory reports whether there is at least 1 GiB of it.
func roomInMemory() bool {
	var fs syscall.Statfs_t
	return syscall.Statfs(memory, &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= 1<<30
}

// programs finds the folder with initdb and postgres, the newest if several.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 && version(found[0]) >= 15 {
		return filepath.Dir(found[0]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	return "", errMissing
}

// version reads 15 from /usr/lib/postgresql/15/bin/initdb.
func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// sweep removes what test binaries left behind that were killed.
func sweep() {
	dirs, _ := filepath.Glob("/tmp/" + prefix + "*")
	inMemory, _ := filepath.Glob(memory + "/" + prefix + "*")
	for _, dir := range append(dirs, inMemory...) {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
}

// initialize runs initdb.
func (s *Server) initialize() error {
	as := owner()
	if as != nil {
		if err := os.Chown(s.dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(s.bin, "initdb"), "--pgdata="+s.data(), "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	s.prepare(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) log() string { return filepath.Join(s.dir, "log") }

// prepare sets what every program of PostgreSQL needs here.
func (s *Server) prepare(cmd *exec.Cmd) {
	cmd.Dir = s.dir
	cmd.Env = []string{"HOME=" + s.dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: owner(),
		Setpgid:    true,            // an interrupt from the terminal is for the tests
		Pdeathsig:  syscall.SIGQUIT, // to PostgreSQL: stop at once
	}
}

// owner is the user PostgreSQL runs as if we are root, which it refuses.
func owner() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	return unprivileged()
}

// Restart starts the server after Kill.
func (s *Server) Restart() error {
	// After Kill the children of the server live on for a moment, and keep
	// another from starting.
	deadline := time.Now().Add(10 * time.Second)
	for {
		err := s.run()
		if err == nil || time.Now().After(deadline) || !strings.Contains(err.Error(), "pre-existing shared memory") {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// run starts the server and waits until it takes connections.
func (s *Server) run() error {
	log, err := os.Create(s.log())
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "shared_buffers=64MB",
		"-c", "max_connections=200", "-c", "max_wal_senders=0", "-c", "wal_level=minimal"}
	for _, v := range s.settings {
		args = append(args, "-c", v)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	s.prepare(cmd)
	cmd.Stdout, cmd.Stderr = log, log

	started := make(chan error)
	ended := make(chan struct{})
	go func() {
		// The kernel sends Pdeathsig when the thread ends that started the
		// process, so this one is kept until the process is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	s.process, s.ended = cmd.Process, ended
	return s.await()
}

// await returns when the server takes connections.
func (s *Server) await() error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(60 * time.Second)
	for {
		err := s.admin("SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			log, _ := os.ReadFile(s.log())
			return fmt.Errorf("PostgreSQL has ended:\n%s", log)
		case <-timeout:
			return err
		case <-tick.C:
		}
	}
}

// Kill ends the server without any warning, as kill -9 does.
func (s *Server) Kill() {
	s.process.Kill()
	<-s.ended
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() {
	if s.process != nil {
		s.process.Signal(syscall.SIGQUIT)
		<-s.ended
	}
	os.RemoveAll(s.dir)
}

// Database makes a database as a copy of a template and returns its address. It
// is dropped when the test ends.
func (s *Server) Database(t testing.TB, template string) string {
	t.Helper()
	s.mu.Lock()
	s.made++
	name := fmt.Sprintf("test_%d", s.made)
	err := s.create(name, template)
	s.mu.Unlock()
	if err != nil {
		t.Fatalf("make database %s: %v", name, err)
	}
	t.Cleanup(func() {
		if err := s.admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Logf("drop database %s: %v", name, err)
		}
	})
	return s.url(name)
}

func (s *Server) create(name, template string) error {
	return s.admin(fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s ENCODING 'UTF8' LOCALE 'C.UTF-8'", name, template))
}

// url is the address of a database, for the superuser.
func (s *Server) url(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		Path:     "/" + database,
		RawQuery: url.Values{"host": {s.dir}, "user": {"postgres"}}.Encode(),
	}
	return u.String()
}

// URL returns the address of a database for another user than the superuser.
func (s *Server) URL(database, user string) string {
	return strings.Replace(s.url(database), "user=postgres", "user="+url.QueryEscape(user), 1)
}

// admin runs one statement as the superuser.
func (s *Server) admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
