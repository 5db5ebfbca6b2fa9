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
// their birth certificates.
func fileCertificates(ctx context.Context, tx *sql.Tx) error {
	const step = 1000
	for after, more := iis.ClientID(""), true; more; {
		var s statement
		n := 0
		rows, err := tx.QueryContext(ctx, fmt.Sprintf(`
SELECT id, birth_certificate
FROM client
WHERE birth_certificate <> '' AND id > $1
ORDER BY id
LIMIT %d`, step), after)
		_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var number string
			if err = r.Scan(&after, &number); err != nil {
				return none, err
			}
			n++
			if k := match.CertificateKey(number); k != "" {
				s.WriteString(", (" + s.arg(k) + ", " + s.arg(after) + ")")
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
