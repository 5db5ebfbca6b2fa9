package store

import "context"

// Exec lets tests run statements of their own.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) error {
	return tx.exec(ctx, query, args...)
}

// Scan lets tests read one row.
func (tx *Tx) Scan(ctx context.Context, dest []any, query string, args ...any) error {
	return tx.queryRow(ctx, query, args...).Scan(dest...)
}
