package store

import (
	"context"
	"database/sql"
	"time"

	"openiis.org/iis"
)

// IssuedRecord is a record that was printed for a client and can be verified by
// the code that stands on it.
type IssuedRecord struct {
	Code     string
	Client   iis.ClientID
	Kind     string
	Language string
	Digest   string // of what the record says
	Doses    int
	Issued   time.Time
	User     iis.UserID
	By       iis.OrganizationID
	ByName   string // filled when read
}

const issuedColumns = `
i.code, i.client_id, i.kind, i.language, i.digest, i.doses, i.issued, i.by_user, i.by_organization, COALESCE(o.name, '')`

func issuedFields(i *IssuedRecord) []any {
	return []any{&i.Code, &i.Client, &i.Kind, &i.Language, &i.Digest, &i.Doses, (*instant)(&i.Issued), &i.User, &i.By, &i.ByName}
}

// PutIssuedRecord keeps that a record was issued. The code is random and new.
func (tx *Tx) PutIssuedRecord(ctx context.Context, i IssuedRecord) error {
	return wrap(tx.exec(ctx, `
INSERT INTO issued_record (code, client_id, kind, language, digest, doses, issued, by_user, by_organization)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		i.Code, i.Client, i.Kind, i.Language, i.Digest, i.Doses, nullTime(i.Issued), i.User, i.By), "keep issued record of client", i.Client)
}

// IssuedRecord returns the record of a code.
func (tx *Tx) IssuedRecord(ctx context.Context, code string) (IssuedRecord, error) {
	var i IssuedRecord
	err := tx.queryRow(ctx, `
SELECT `+issuedColumns+`
FROM issued_record i
LEFT JOIN organization o ON o.id = i.by_organization
WHERE i.code = $1`, code).Scan(issuedFields(&i)...)
	return i, notFound(err, "no record of this code")
}

// IssuedRecords returns the records issued for a client, newest first.
func (tx *Tx) IssuedRecords(ctx context.Context, client iis.ClientID, limit int) ([]IssuedRecord, error) {
	rows, err := tx.query(ctx, `
SELECT `+issuedColumns+`
FROM issued_record i
LEFT JOIN organization o ON o.id = i.by_organization
WHERE i.client_id = $1
ORDER BY i.issued DESC, i.code
LIMIT $2 + 0`, client, limit)
	return collect(rows, err, func(r *sql.Rows) (IssuedRecord, error) {
		var i IssuedRecord
		return i, r.Scan(issuedFields(&i)...)
	})
}
