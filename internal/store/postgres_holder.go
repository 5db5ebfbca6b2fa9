package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Each connection of a program shares a lock under the program's number; it ends with
// the last of them, however the program ends.

func (p *postgres) assert(ctx context.Context, conn *pgx.Conn) error {
	if err := assertPostgres(ctx, conn); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "SELECT pg_advisory_lock_shared($1)", int64(p.program))
	return err
}

// appear does nothing: the program shows itself by its connections.
func (p *postgres) appear(context.Context, program) error { return nil }

// gone reports whether no connection of a program is left.
func (p *postgres) gone(ctx context.Context, of program) (gone bool, err error) {
	err = p.pool.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", int64(of)).Scan(&gone)
	return gone, err
}
