package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"openiis.org/iis"
)

const userColumns = `
u.id, u.user_name, u.name, u.email, u.state, u.created, u.last_seen, u.must_set, u.failures, u.not_before, u.no_mail`

func userFields(u *iis.User) []any {
	return []any{&u.ID, &u.UserName, &u.Name, &u.Email, &u.State, (*instant)(&u.Created), (*instant)(&u.LastSeen),
		&u.MustSet, &u.Failures, (*instant)(&u.NotBefore), &u.NoMail}
}

// userKey folds a user name as typed at sign in: case, surrounding space and
// the way accents are composed do not tell two users apart.
func userKey(userName string) string {
	return norm.NFC.String(strings.ToLower(strings.TrimSpace(userName)))
}

// User returns one account in whatever state.
func (tx *Tx) User(ctx context.Context, id iis.UserID) (iis.User, error) {
	var u iis.User
	err := tx.queryRow(ctx, `
SELECT `+userColumns+`
FROM user_account u
WHERE u.id = $1`, id).Scan(userFields(&u)...)
	return u, notFound(err, "no such user")
}

// UserByName returns the account of a user name as typed at sign in.
func (tx *Tx) UserByName(ctx context.Context, userName string) (iis.User, error) {
	var u iis.User
	err := tx.queryRow(ctx, `
SELECT `+userColumns+`
FROM user_account u
WHERE u.user_key = $1`, userKey(userName)).Scan(userFields(&u)...)
	return u, notFound(err, "no such user")
}

// Users returns the accounts that have a role in the organization, by user
// name; with no organization, every account.
func (tx *Tx) Users(ctx context.Context, org iis.OrganizationID) ([]iis.User, error) {
	rows, err := tx.query(ctx, `
SELECT `+userColumns+`
FROM user_account u
WHERE $1 = '' OR u.id IN (SELECT g.user_id FROM user_grant g WHERE g.organization_id = $1)
ORDER BY u.user_key`, org)
	return collect(rows, err, func(r *sql.Rows) (iis.User, error) {
		var u iis.User
		return u, r.Scan(userFields(&u)...)
	})
}

// UserRole is an account with the role it has in the organization asked about.
type UserRole struct {
	iis.User
	Role iis.Role
}

// UsersOf returns the accounts of the organization with their roles, by user
// name.
func (tx *Tx) UsersOf(ctx context.Context, org iis.OrganizationID) ([]UserRole, error) {
	rows, err := tx.query(ctx, `
SELECT `+userColumns+`, g.role
FROM user_grant g
JOIN user_account u ON u.id = g.user_id
WHERE g.organization_id = $1
ORDER BY u.user_key`, org)
	return collect(rows, err, func(r *sql.Rows) (UserRole, error) {
		var u UserRole
		return u, r.Scan(append(userFields(&u.User), &u.Role)...)
	})
}

// PutUser writes an account, new or changed, all but its password. A user name
// that another account has, in whatever case, is Invalid.
func (tx *Tx) PutUser(ctx context.Context, u iis.User) error {
	var taken int64
	key := userKey(u.UserName)
	err := tx.queryRow(ctx, `
SELECT COUNT(*)
FROM user_account
WHERE user_key = $1 AND id <> $2`, key, u.ID).Scan(&taken)
	if err != nil {
		return err
	}
	if taken > 0 {
		return iis.Problems(iis.Problem{Field: "user_name", Text: "This user name is taken. Choose another."})
	}
	return wrap(tx.exec(ctx, `
INSERT INTO user_account (id, user_name, user_key, name, email, state, created, last_seen, must_set, failures, not_before, no_mail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (id) DO UPDATE
SET user_name = excluded.user_name, user_key = excluded.user_key, name = excluded.name, email = excluded.email,
	state = excluded.state, last_seen = excluded.last_seen, must_set = excluded.must_set,
	failures = excluded.failures, not_before = excluded.not_before, no_mail = excluded.no_mail`,
		u.ID, u.UserName, key, u.Name, u.Email, u.State, nullTime(u.Created), nullTime(u.LastSeen),
		u.MustSet, u.Failures, nullTime(u.NotBefore), u.NoMail), "write user", u.ID)
}

// PasswordHash returns the encoded argon2id hash of the user's password, "" if
// none has been set.
func (tx *Tx) PasswordHash(ctx context.Context, id iis.UserID) (string, error) {
	var h string
	err := tx.queryRow(ctx, `
SELECT password_hash
FROM user_account
WHERE id = $1`, id).Scan(&h)
	return h, notFound(err, "no such user")
}

// PutPassword replaces the hash of the user's password. An invitation that was
// open is used up by it.
func (tx *Tx) PutPassword(ctx context.Context, id iis.UserID, hash string) error {
	n, err := tx.execN(ctx, `
UPDATE user_account
SET password_hash = $2, invite_hash = '', invite_expires = NULL
WHERE id = $1`, id, hash)
	return orMissing(n, err, "no such user")
}

// PutInvite lets the holder of a token choose the user's password until it
// expires. Only the SHA-256 of the token is stored; an earlier one is void.
func (tx *Tx) PutInvite(ctx context.Context, id iis.UserID, hash string, expires time.Time) error {
	n, err := tx.execN(ctx, `
UPDATE user_account
SET invite_hash = $2, invite_expires = $3
WHERE id = $1`, id, hash, nullTime(expires))
	return orMissing(n, err, "no such user")
}

// DeleteInvite makes the user's invitation void, if there is one.
func (tx *Tx) DeleteInvite(ctx context.Context, id iis.UserID) error {
	return tx.exec(ctx, `
UPDATE user_account
SET invite_hash = '', invite_expires = NULL
WHERE id = $1`, id)
}

// UserByInvite returns whose invitation has the token of this hash. One that
// has expired at tx.Now is not found.
func (tx *Tx) UserByInvite(ctx context.Context, hash string) (iis.User, error) {
	var u iis.User
	err := tx.queryRow(ctx, `
SELECT `+userColumns+`
FROM user_account u
WHERE u.invite_hash = $1 AND u.invite_hash <> '' AND u.invite_expires > $2`, hash, tx.Now).Scan(userFields(&u)...)
	return u, notFound(err, "no such invitation")
}

// Grants returns the roles of the user with their organizations, by name of
// the organization.
func (tx *Tx) Grants(ctx context.Context, user iis.UserID) ([]iis.Grant, error) {
	rows, err := tx.query(ctx, `
SELECT g.user_id, o.id, o.name, o.type, o.city, o.active, g.role
FROM user_grant g
JOIN organization o ON o.id = g.organization_id
WHERE g.user_id = $1
ORDER BY o.name, o.id`, user)
	return collect(rows, err, func(r *sql.Rows) (iis.Grant, error) {
		var g iis.Grant
		o := &g.Organization
		return g, r.Scan(&g.User, &o.ID, &o.Name, &o.Type, &o.City, &o.Active, &g.Role)
	})
}

// PutGrant gives the user a role in an organization, in place of the one he had
// there.
func (tx *Tx) PutGrant(ctx context.Context, g iis.Grant) error {
	return wrap(tx.exec(ctx, `
INSERT INTO user_grant (user_id, organization_id, role)
VALUES ($1, $2, $3)
ON CONFLICT (user_id, organization_id) DO UPDATE
SET role = excluded.role`, g.User, g.Organization.ID, g.Role), "write grant of user", g.User)
}

// DeleteGrant takes away the user's role in an organization.
func (tx *Tx) DeleteGrant(ctx context.Context, user iis.UserID, org iis.OrganizationID) error {
	n, err := tx.execN(ctx, `
DELETE FROM user_grant
WHERE user_id = $1 AND organization_id = $2`, user, org)
	return orMissing(n, err, "no such grant")
}
