package store

import (
	"context"
	"database/sql"
	"time"

	"openiis.org/iis"
)

// DoseProblem is what someone told the organization that recorded a dose: that
// something about it is wrong.
type DoseProblem struct {
	ID         string
	Client     iis.ClientID
	Dose       iis.DoseID
	Owner      iis.OrganizationID
	Text       string
	User       iis.UserID
	By         iis.OrganizationID
	ByName     string // filled when read
	Told       time.Time
	Resolved   time.Time // zero while it waits
	ResolvedBy iis.UserID
	Outcome    string
}

const problemColumns = `
p.id, p.client_id, p.dose_id, p.owner, p.text, p.by_user, p.by_organization, COALESCE(o.name, ''),
p.told, p.resolved, p.resolved_by, p.outcome`

func problemFields(p *DoseProblem) []any {
	return []any{&p.ID, &p.Client, &p.Dose, &p.Owner, &p.Text, &p.User, &p.By, &p.ByName,
		(*instant)(&p.Told), (*instant)(&p.Resolved), &p.ResolvedBy, &p.Outcome}
}

// PutDoseProblem keeps a new problem.
func (tx *Tx) PutDoseProblem(ctx context.Context, p DoseProblem) error {
	return wrap(tx.exec(ctx, `
INSERT INTO dose_problem (id, client_id, dose_id, owner, text, by_user, by_organization, told)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Client, p.Dose, p.Owner, p.Text, p.User, p.By, nullTime(p.Told)), "keep problem", p.ID)
}

// DoseProblem returns one problem, waiting or resolved.
func (tx *Tx) DoseProblem(ctx context.Context, id string) (DoseProblem, error) {
	var p DoseProblem
	err := tx.queryRow(ctx, `
SELECT `+problemColumns+`
FROM dose_problem p
LEFT JOIN organization o ON o.id = p.by_organization
WHERE p.id = $1`, id).Scan(problemFields(&p)...)
	return p, notFound(err, "no such problem")
}

// DoseProblems returns the problems that wait for an organization, the longest
// waiting first.
func (tx *Tx) DoseProblems(ctx context.Context, owner iis.OrganizationID) ([]DoseProblem, error) {
	rows, err := tx.query(ctx, `
SELECT `+problemColumns+`
FROM dose_problem p
LEFT JOIN organization o ON o.id = p.by_organization
WHERE p.owner = $1 AND p.resolved IS NULL
ORDER BY p.told, p.id`, owner)
	return problems(rows, err)
}

// ProblemsOf returns every problem told of a client's doses, oldest first.
func (tx *Tx) ProblemsOf(ctx context.Context, client iis.ClientID) ([]DoseProblem, error) {
	rows, err := tx.query(ctx, `
SELECT `+problemColumns+`
FROM dose_problem p
LEFT JOIN organization o ON o.id = p.by_organization
WHERE p.client_id = $1
ORDER BY p.told, p.id`, client)
	return problems(rows, err)
}

func problems(rows *sql.Rows, err error) ([]DoseProblem, error) {
	return collect(rows, err, func(r *sql.Rows) (DoseProblem, error) {
		var p DoseProblem
		return p, r.Scan(problemFields(&p)...)
	})
}

// ResolveDoseProblem notes at tx.Now what became of a problem that waits. One that
// is resolved already is a Conflict.
func (tx *Tx) ResolveDoseProblem(ctx context.Context, id string, by iis.UserID, outcome string) error {
	n, err := tx.execN(ctx, `
UPDATE dose_problem
SET resolved = $2, resolved_by = $3, outcome = $4
WHERE id = $1 AND resolved IS NULL`, id, tx.Now, by, outcome)
	if err == nil && n == 0 {
		if _, err := tx.DoseProblem(ctx, id); err != nil {
			return err
		}
		return iis.Errorf(iis.Conflict, "this problem has been resolved already")
	}
	return err
}
