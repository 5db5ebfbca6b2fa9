package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// presence is the sign of a program that works on the database: an empty file beside
// it, on which the program holds SQLite's own lock as long as it lives. However it
// ends, the lock ends with it.
type presence struct {
	mu   sync.Mutex
	path string      // "" until there is one
	file fs.FileInfo // the file that is locked, whatever stands under path
	pool *sql.DB
	conn *sql.Conn
}

// stands reports whether a path leads to a certain file.
func stands(path string, file fs.FileInfo) bool {
	now, err := os.Stat(path)
	return err == nil && os.SameFile(now, file)
}

// signOf is the path of a program's sign, the same by whatever links the database is
// opened.
func (s *sqlite) signOf(name string) string {
	path := s.path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path + "-program-" + name
}

// lockFile opens a file that is there, and locks it against all others.
func lockFile(ctx context.Context, path string) (*sql.DB, *sql.Conn, error) {
	pool, err := sql.Open("sqlite", fileURL(path, url.Values{"mode": {"rw"}, "_journal_mode": {"MEMORY"}}))
	if err != nil {
		return nil, nil, err
	}
	conn, err := pool.Conn(ctx)
	if err == nil {
		if _, err = conn.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	return pool, conn, nil
}

// appear makes the sign of a program, unless it stands, and clears away those of
// programs that have ended.
func (s *sqlite) appear(ctx context.Context, p program) error {
	s.present.mu.Lock()
	defer s.present.mu.Unlock()
	if s.present.path != "" && stands(s.present.path, s.present.file) {
		return nil
	}
	if err := s.present.end(); err != nil {
		return err
	}
	all := s.signOf("")
	list, _ := os.ReadDir(filepath.Dir(all)) // what stays there does no harm
	for _, e := range list {
		name, ok := strings.CutPrefix(e.Name(), filepath.Base(all))
		if n, err := strconv.ParseUint(name, 16, 64); ok && err == nil {
			s.gone(ctx, program(n))
		}
	}
	path := s.signOf(p.String())
	for try := range mostTries {
		made, err := s.present.begin(ctx, path)
		if made || err != nil {
			return err
		}
		pause(afterMeet, try)
	}
	return errBusy
}

// begin makes a sign at a path. It answers false where another has taken the fresh file
// for one that was left behind: he has it locked, or has removed it.
func (p *presence) begin(ctx context.Context, path string) (made bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, err
	}
	file, err := f.Stat()
	if err = errors.Join(err, f.Close()); err != nil {
		return false, err
	}
	pool, conn, err := lockFile(ctx, path)
	switch {
	case err != nil && (mendSQLite(err) == errBusy || !stands(path, file)):
		return false, nil
	case err != nil:
		return false, err
	case !stands(path, file):
		return false, errors.Join(conn.Close(), pool.Close())
	}
	p.path, p.file, p.pool, p.conn = path, file, pool, conn
	return true, nil
}

// end gives up the lock on the sign, if there is one.
func (p *presence) end() error {
	if p.path == "" {
		return nil
	}
	p.path = ""
	return errors.Join(p.conn.Close(), p.pool.Close())
}

// gone reports whether a program has ended, and removes its sign then: while that is
// locked, for later the path may lead to one that the program has just made. For the
// same reason what is not the locked file is left alone.
func (s *sqlite) gone(ctx context.Context, p program) (bool, error) {
	path := s.signOf(p.String())
	file, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	pool, conn, err := lockFile(ctx, path)
	switch mended := mendSQLite(err); {
	case mended == errBusy: // it holds the lock
		return false, nil
	case err != nil:
		return false, err
	case !stands(path, file):
		return false, errors.Join(conn.Close(), pool.Close())
	}
	return true, errors.Join(os.Remove(path), conn.Close(), pool.Close())
}

// disappear takes the sign of the program away.
func (s *sqlite) disappear() error {
	s.present.mu.Lock()
	defer s.present.mu.Unlock()
	var err error
	if s.present.path != "" && stands(s.present.path, s.present.file) {
		err = os.Remove(s.present.path)
	}
	return errors.Join(err, s.present.end())
}
