package store

import (
	"context"
	"database/sql"
	"errors"
)

// mostPrepared bounds the statements that a session keeps.
const mostPrepared = 500

// session is one connection to SQLite with its prepared statements: preparing
// costs more than running most of ours.
type session struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

func openSession(ctx context.Context, pool *sql.DB) (*session, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn, map[string]*sql.Stmt{}}, nil
}

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if p, ok := s.prepared[query]; ok {
		return p, nil
	}
	p, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.prepared[query] = p
	return p, nil
}

func (s *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.ExecContext(ctx, args...)
}

func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, args...)
}

// trim forgets the prepared statements if they have become too many. It is
// called between transactions, when no rows are open.
func (s *session) trim() {
	if len(s.prepared) <= mostPrepared {
		return
	}
	for _, p := range s.prepared {
		p.Close()
	}
	clear(s.prepared)
}

func (s *session) close() error {
	var errs []error
	for _, p := range s.prepared {
		errs = append(errs, p.Close())
	}
	clear(s.prepared)
	return errors.Join(append(errs, s.conn.Close())...)
}
