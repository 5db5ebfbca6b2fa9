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
	path string // "" until there is one
	pool *sql.DB
	conn *sql.Conn
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

// appear makes the sign of a program, if there is none yet, and clears away those of
// programs that have ended.
func (s *sqlite) appear(ctx context.Context, p program) error {
	s.present.mu.Lock()
	defer s.present.mu.Unlock()
	if s.present.path != "" {
		return nil
	}
	all := s.signOf("")
	list, err := os.ReadDir(filepath.Dir(all))
	if err != nil {
		return err
	}
	for _, e := range list {
		name, ok := strings.CutPrefix(e.Name(), filepath.Base(all))
		if n, err := strconv.ParseUint(name, 16, 64); ok && err == nil {
			s.gone(ctx, program(n)) // one that stays does no harm
		}
	}
	path := s.signOf(p.String())
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if s.present.pool, s.present.conn, err = lockFile(ctx, path); err != nil {
		return err
	}
	s.present.path = path
	return nil
}

// gone reports whether a program has ended, and removes its sign then.
func (s *sqlite) gone(ctx context.Context, p program) (bool, error) {
	path := s.signOf(p.String())
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	pool, conn, err := lockFile(ctx, path)
	switch mended := mendSQLite(err); {
	case mended == errBusy: // it holds the lock
		return false, nil
	case err != nil:
		return false, err
	}
	return true, errors.Join(conn.Close(), pool.Close(), os.Remove(path))
}

// disappear takes the sign of the program away.
func (s *sqlite) disappear() error {
	s.present.mu.Lock()
	defer s.present.mu.Unlock()
	if s.present.path == "" {
		return nil
	}
	return errors.Join(s.present.conn.Close(), s.present.pool.Close(), os.Remove(s.present.path))
}
