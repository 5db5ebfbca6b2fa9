package store_test

import (
	"fmt"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// withUsers writes users u1 (clerk) and u2 (nurse) and the organizations a, b
// and c.
func withUsers(t *testing.T, db *store.DB) {
	t.Helper()
	withClient(t, db)
	write(t, db, func(tx *store.Tx) error {
		for id, name := range map[iis.UserID]string{"u1": "clerk", "u2": "nurse"} {
			err := tx.PutUser(t.Context(), iis.User{ID: id, UserName: name, State: iis.UserActive, Created: noon})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func putUser(t *testing.T, u iis.User) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.PutUser(t.Context(), u) }
}

func TestUser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		states := []iis.UserState{iis.UserInvited, iis.UserActive, iis.UserDeactivated}
		for i, s := range nasty {
			want := iis.User{ID: iis.UserID(fmt.Sprint(i)), UserName: s + "user", Name: s, Email: s + "@", State: states[i%3],
				Created: noon, MustSet: i%2 == 0, Failures: i, NoMail: i%2 == 1}
			if i%2 == 0 {
				want.LastSeen, want.NotBefore = noon.Add(time.Hour), noon.Add(2*time.Hour)
			}
			if s == " " {
				want.UserName = "space" // folded, it is the name of the first
			}
			write(t, db, putUser(t, want))
			user := func(tx *store.Tx) (iis.User, error) { return tx.User(t.Context(), want.ID) }
			same(t, "User", ask(t, db, user), want)

			want.Name, want.LastSeen, want.NotBefore, want.Failures = "changed", time.Time{}, time.Time{}, 0
			write(t, db, putUser(t, want))
			same(t, "User after a change", ask(t, db, user), want)
		}
		refused(t, db, iis.Internal, "an unknown state", putUser(t, iis.User{ID: "x", UserName: "x", State: "Asleep"}))
		refused(t, db, iis.NotFound, "an unknown user", func(tx *store.Tx) error {
			_, err := tx.User(t.Context(), "x")
			return err
		})
	})
}

func TestUserByName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, putUser(t, iis.User{ID: "u", UserName: "Ånn.Ö", State: iis.UserActive, Created: noon}))
		write(t, db, putUser(t, iis.User{ID: "v", UserName: "clerk", State: iis.UserActive, Created: noon}))
		for typed, want := range map[string]iis.UserID{
			"Ånn.Ö": "u", " ånn.ö\t": "u", "ÅNN.Ö": "u", "A\u030ann.O\u0308": "u", "CLERK": "v",
			"ann.o": "", "": "", "%": "", "clerk'": "",
		} {
			var got iis.User
			err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				got, err = tx.UserByName(t.Context(), typed)
				return err
			})
			if got.ID != want || (want == "") != (iis.KindOf(err) == iis.NotFound) {
				t.Errorf("UserByName(%q) = %q, %v, want %q", typed, got.ID, err, want)
			}
		}
		refused(t, db, iis.Invalid, "a user name that is taken", putUser(t, iis.User{ID: "w", UserName: "Clerk ", State: iis.UserActive}))
		refused(t, db, iis.Invalid, "a change to one that is taken", putUser(t, iis.User{ID: "u", UserName: "CLERK", State: iis.UserActive}))
		write(t, db, putUser(t, iis.User{ID: "v", UserName: "Clerk", State: iis.UserActive, Created: noon}))
	})
}

func TestPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		hash := func(id iis.UserID) string {
			return ask(t, db, func(tx *store.Tx) (string, error) { return tx.PasswordHash(t.Context(), id) })
		}
		if got := hash("u1"); got != "" {
			t.Errorf("PasswordHash before any = %q, want none", got)
		}
		const encoded = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"
		write(t, db, func(tx *store.Tx) error { return tx.PutPassword(t.Context(), "u1", encoded) })
		// A change of the account leaves the password alone.
		write(t, db, putUser(t, iis.User{ID: "u1", UserName: "clerk", Name: "C. Clerk", State: iis.UserDeactivated, Created: noon}))
		if got := hash("u1"); got != encoded {
			t.Errorf("PasswordHash = %q, want %q", got, encoded)
		}
		if got := hash("u2"); got != "" {
			t.Errorf("PasswordHash of another = %q, want none", got)
		}
		refused(t, db, iis.NotFound, "password of an unknown user", func(tx *store.Tx) error {
			return tx.PutPassword(t.Context(), "u3", encoded)
		})
		refused(t, db, iis.NotFound, "hash of an unknown user", func(tx *store.Tx) error {
			_, err := tx.PasswordHash(t.Context(), "u3")
			return err
		})
	})
}

func TestInvite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		invite := func(id iis.UserID, hash string, d time.Duration) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutInvite(t.Context(), id, hash, tx.Now.Add(d)) })
		}
		check := func(when, hash string, want iis.UserID) {
			t.Helper()
			var got iis.User
			err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				got, err = tx.UserByInvite(t.Context(), hash)
				return err
			})
			if got.ID != want || (want == "") != (iis.KindOf(err) == iis.NotFound) {
				t.Errorf("%s: UserByInvite(%q) = %q, %v, want %q", when, hash, got.ID, err, want)
			}
		}
		check("before", "h1", "")
		check("before", "", "")
		invite("u1", "h1", time.Hour)
		invite("u2", "h2", time.Hour)
		check("invited", "h1", "u1")
		check("invited", "h2", "u2")
		check("invited", "", "")
		invite("u1", "h3", time.Hour)
		check("invited again", "h1", "")
		check("invited again", "h3", "u1")
		invite("u2", "h2", -time.Second)
		check("expired", "h2", "")
		write(t, db, func(tx *store.Tx) error { return tx.PutPassword(t.Context(), "u1", "hash") })
		check("used", "h3", "")
		invite("u1", "", time.Hour)
		check("withdrawn", "", "")
		refused(t, db, iis.NotFound, "inviting an unknown user", func(tx *store.Tx) error {
			return tx.PutInvite(t.Context(), "u3", "h", noon)
		})
	})
}

func TestGrants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		withUsers(t, db)
		org := func(id iis.OrganizationID) iis.Organization {
			return iis.Organization{ID: id, Name: "Clinic " + string(id), Type: iis.Clinic, Active: true}
		}
		put := func(g iis.Grant) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.PutGrant(t.Context(), g) }
		}
		grants := func(id iis.UserID) []iis.Grant {
			return ask(t, db, func(tx *store.Tx) ([]iis.Grant, error) { return tx.Grants(t.Context(), id) })
		}
		same(t, "none", grants("u1"), []iis.Grant(nil))
		write(t, db, put(iis.Grant{User: "u1", Organization: org("b"), Role: iis.TypicalUser}))
		write(t, db, put(iis.Grant{User: "u1", Organization: org("a"), Role: iis.ReportsOnly}))
		write(t, db, put(iis.Grant{User: "u2", Organization: org("a"), Role: iis.TypicalUser}))
		for _, r := range iis.Roles {
			write(t, db, put(iis.Grant{User: "u1", Organization: org("a"), Role: r}))
		}
		refused(t, db, iis.Internal, "an unknown role", put(iis.Grant{User: "u1", Organization: org("a"), Role: "King"}))
		same(t, "Grants", grants("u1"), []iis.Grant{
			{User: "u1", Organization: org("a"), Role: iis.HelpDesk},
			{User: "u1", Organization: org("b"), Role: iis.TypicalUser},
		})

		u1 := iis.User{ID: "u1", UserName: "clerk", State: iis.UserActive, Created: noon}
		u2 := iis.User{ID: "u2", UserName: "nurse", State: iis.UserActive, Created: noon}
		for o, want := range map[iis.OrganizationID][]iis.User{"a": {u1, u2}, "b": {u1}, "c": nil, "": {u1, u2}} {
			same(t, "Users of "+string(o), ask(t, db, func(tx *store.Tx) ([]iis.User, error) {
				return tx.Users(t.Context(), o)
			}), want)
		}
		same(t, "UsersOf", ask(t, db, func(tx *store.Tx) ([]store.UserRole, error) { return tx.UsersOf(t.Context(), "a") }),
			[]store.UserRole{{User: u1, Role: iis.HelpDesk}, {User: u2, Role: iis.TypicalUser}})

		remove := func(tx *store.Tx) error { return tx.DeleteGrant(t.Context(), "u1", "a") }
		write(t, db, remove)
		refused(t, db, iis.NotFound, "removing again", remove)
		same(t, "after removing", grants("u1"), []iis.Grant{{User: "u1", Organization: org("b"), Role: iis.TypicalUser}})
	})
}
