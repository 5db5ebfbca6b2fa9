package store

import (
	"context"
	"database/sql"
	"errors"

	"openiis.org/iis"
)

// MatchPolicies returns the loaded matching policies, the one loaded last first.
func (tx *Tx) MatchPolicies(ctx context.Context) ([]iis.MatchPolicy, error) {
	rows, err := tx.query(ctx, `
SELECT version, about, loaded, loaded_by
FROM match_policy
ORDER BY loaded DESC, version DESC`)
	return collect(rows, err, func(r *sql.Rows) (iis.MatchPolicy, error) {
		var p iis.MatchPolicy
		return p, r.Scan(&p.Version, &p.About, (*instant)(&p.Loaded), &p.LoadedBy)
	})
}

// AddMatchPolicy adds a matching policy with its text, at tx.Now. One of its
// version must not be there.
func (tx *Tx) AddMatchPolicy(ctx context.Context, p iis.MatchPolicy, body []byte) error {
	return wrap(tx.exec(ctx, `
INSERT INTO match_policy (version, about, body, loaded, loaded_by)
VALUES ($1, $2, $3, $4, $5)`,
		p.Version, p.About, string(body), tx.Now, p.LoadedBy), "write matching policy", p.Version)
}

// MatchPolicyBody returns the text of a loaded matching policy.
func (tx *Tx) MatchPolicyBody(ctx context.Context, version string) ([]byte, error) {
	var body string
	err := tx.queryRow(ctx, `
SELECT body
FROM match_policy
WHERE version = $1`, version).Scan(&body)
	return []byte(body), notFound(err, "no such matching policy")
}

// CurrentMatchPolicy returns the version of the loaded matching policy in force,
// "" if none was chosen: then it is the one inside the program.
func (tx *Tx) CurrentMatchPolicy(ctx context.Context) (version string, err error) {
	err = tx.queryRow(ctx, `
SELECT version
FROM match_policy_current
WHERE one = 1`).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return version, err
}

// UseMatchPolicy puts a loaded matching policy in force, or for "" the one inside
// the program.
func (tx *Tx) UseMatchPolicy(ctx context.Context, version string) error {
	if version == "" {
		return tx.exec(ctx, `
DELETE FROM match_policy_current
WHERE one = 1`)
	}
	return wrap(tx.exec(ctx, `
INSERT INTO match_policy_current (one, version, since)
VALUES (1, $1, $2)
ON CONFLICT (one) DO UPDATE
SET version = excluded.version, since = excluded.since`, version, tx.Now), "use matching policy", version)
}
