package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
)

// migrations are those that SQL alone cannot do: what a client is found by is worked
// out by package match.
var migrations = []*goose.Migration{
	goose.NewGoMigration(20, &goose.GoFunc{RunTx: fileCertificates}, &goose.GoFunc{RunTx: dropCertificates}),
}

// fileCertificates lets the clients who were on file before be found by the number of
// their birth certificates. Where a record went into another, its number leads to
// whoever stands at the end.
func fileCertificates(ctx context.Context, tx *sql.Tx) error {
	const step = 1000
	for after, more := iis.ClientID(""), true; more; {
		var s statement
		n := 0
		// Each client comes once for each record on his way to the end. The merged_into
		// of one who is not there is NULL.
		rows, err := tx.QueryContext(ctx, fmt.Sprintf(`
WITH RECURSIVE step AS (
	SELECT id, birth_certificate, merged_into
	FROM client
	WHERE birth_certificate <> '' AND id > $1
	ORDER BY id
	LIMIT %d),
way (id, birth_certificate, reached, further) AS (
	SELECT id, birth_certificate, id, merged_into
	FROM step
	UNION
	SELECT id, birth_certificate, further, (SELECT c.merged_into FROM client c WHERE c.id = way.further)
	FROM way
	WHERE further <> '')
SELECT id, birth_certificate, reached, COALESCE(further = '', FALSE)
FROM way
ORDER BY id`, step), after)
		_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var id, reached iis.ClientID
			var number string
			var end bool
			if err = r.Scan(&id, &number, &reached, &end); err != nil {
				return none, err
			}
			if id != after {
				after = id
				n++
			}
			if k := match.CertificateKey(number); end && k != "" {
				s.WriteString(", (" + s.arg(k) + ", " + s.arg(reached) + ")")
			}
			return none, nil
		})
		if more = n == step; err != nil || s.Len() == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, `
INSERT INTO client_key (value, client_id)
VALUES `+s.String()[2:]+`
ON CONFLICT (value, client_id) DO NOTHING`, s.args...); err != nil {
			return err
		}
	}
	return nil
}

func dropCertificates(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
DELETE FROM client_key
WHERE value >= 'B' AND value < 'C'`)
	return err
}
