package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

// Aliases returns the former names and birth dates of the client, newest first.
func (tx *Tx) Aliases(ctx context.Context, client iis.ClientID) ([]iis.Alias, error) {
	of, err := tx.aliasesOf(ctx, client)
	return of[client], err
}

func (tx *Tx) aliasesOf(ctx context.Context, clients ...iis.ClientID) (map[iis.ClientID][]iis.Alias, error) {
	var args []any
	rows, err := tx.query(ctx, `
SELECT client_id, id, last, first, middle, birth_date, until, by_organization
FROM alias
WHERE client_id IN `+in(&args, clients)+`
ORDER BY until DESC, id`, args...)
	return byClient(rows, err, func(r *sql.Rows, id *iis.ClientID) (iis.Alias, error) {
		var a iis.Alias
		return a, r.Scan(id, &a.ID, &a.Name.Last, &a.Name.First, &a.Name.Middle, &a.BirthDate, (*instant)(&a.Until), &a.By)
	})
}

// AddAlias keeps a former name and birth date. The suffix of a name is not part
// of an alias.
func (tx *Tx) AddAlias(ctx context.Context, client iis.ClientID, a iis.Alias) error {
	return wrap(tx.exec(ctx, `
INSERT INTO alias (client_id, id, last, first, middle, birth_date, until, by_organization)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		client, a.ID, a.Name.Last, a.Name.First, a.Name.Middle, a.BirthDate, nullTime(a.Until), a.By),
		"add alias of client", client)
}
