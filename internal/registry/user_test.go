package registry

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// office is a database with two clinics and the registry's own staff.
type office struct {
	*Registry
	t *testing.T
}

func newOffice(t *testing.T, db *store.DB) office {
	o := office{New(db, Options{HelpDesk: "help@registry.example", Zone: time.UTC}), t}
	o.must(db.Update(t.Context(), func(tx *store.Tx) error {
		ctx := t.Context()
		for _, org := range []iis.Organization{clinicA, clinicB, staffOrg} {
			if err := tx.PutOrganization(ctx, org); err != nil {
				return err
			}
		}
		for _, u := range []struct {
			id   iis.UserID
			role iis.Role
			orgs []iis.Organization
		}{
			{"clerk", iis.TypicalUser, []iis.Organization{clinicA}},
			{"admin", iis.OrgAdmin, []iis.Organization{clinicA}},
			{"other", iis.TypicalUser, []iis.Organization{clinicB}},
			{"both", iis.TypicalUser, []iis.Organization{clinicA, clinicB}},
			{"staff", iis.HelpDesk, []iis.Organization{staffOrg}},
		} {
			user := iis.User{ID: u.id, UserName: string(u.id), Name: strings.ToUpper(string(u.id)), State: iis.UserActive, Created: tx.Now}
			if err := tx.PutUser(ctx, user); err != nil {
				return err
			}
			if err := tx.PutPassword(ctx, u.id, "hash"); err != nil {
				return err
			}
			for _, org := range u.orgs {
				if err := tx.PutGrant(ctx, iis.Grant{User: u.id, Organization: org, Role: u.role}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	return o
}

var (
	clinicA  = iis.Organization{ID: "a", Name: "Clinic A", Type: iis.Clinic, Active: true}
	clinicB  = iis.Organization{ID: "b", Name: "Clinic B", Type: iis.Clinic, Active: true}
	staffOrg = iis.Organization{ID: "desk", Name: "Desk", Type: iis.RegistryStaff, Active: true}
)

// works is the actor of a user in an organization.
func works(user iis.UserID, o iis.Organization, role iis.Role) iis.Actor {
	return iis.Actor{User: user, UserName: string(user), Organization: o.ID, OrgName: o.Name, OrgType: o.Type, Role: role}
}

func (o office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestRefusal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		for _, test := range []struct {
			actor iis.Actor
			ask   iis.Permission
			want  string
		}{
			{works("clerk", clinicA, iis.TypicalUser), iis.ManageUsers, "Your role (Typical User) does not let you manage users on behalf of Clinic A (Clinic). " +
				"Ask your organization's administrator: ADMIN, or the help desk at help@registry.example."},
			{works("clerk", clinicA, iis.ReportsOnly), iis.EditClient, "Your role (Reports Only) does not let you edit client information. " +
				"Ask your organization's administrator: ADMIN, or the help desk at help@registry.example."},
			{works("other", clinicB, iis.ReportsOnly), iis.EnterClient, "Your role (Reports Only) does not let you enter a new client. Ask the help desk at help@registry.example."},
			{works("clerk", clinicA, iis.TypicalUser), iis.EditClient, ""},
		} {
			err := o.May(t.Context(), test.actor, test.ask)
			if got := iis.TextOf(err); got != test.want || err != nil && iis.KindOf(err) != iis.Denied {
				t.Errorf("May(%s, %s) = %q, want %q", test.actor.Role, test.ask, got, test.want)
			}
		}
	})
}

// TestUserState expects whoever may to close and open an account, with its
// sessions, and no one else to.
func TestUserState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		admin, staff := works("admin", clinicA, iis.OrgAdmin), works("staff", staffOrg, iis.HelpDesk)
		o.must(db.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PutSession(t.Context(), iis.Session{TokenHash: "x", User: "clerk", Organization: "a", Created: tx.Now, Seen: tx.Now})
		}))
		for _, test := range []struct {
			name  string
			do    func(context.Context, iis.Actor, iis.UserID) error
			actor iis.Actor
			user  iis.UserID
			want  iis.Kind
			state iis.UserState
		}{
			{"a user without the permission", o.DeactivateUser, works("clerk", clinicA, iis.TypicalUser), "other", iis.Denied, iis.UserActive},
			{"of another clinic", o.DeactivateUser, admin, "other", iis.NotFound, iis.UserActive},
			{"of nowhere", o.DeactivateUser, admin, "nobody", iis.NotFound, ""},
			{"who works elsewhere too", o.DeactivateUser, admin, "both", iis.Denied, iis.UserActive},
			{"himself", o.DeactivateUser, admin, "admin", iis.Denied, iis.UserActive},
			{"of his clinic", o.DeactivateUser, admin, "clerk", "", iis.UserDeactivated},
			{"again", o.ReactivateUser, admin, "clerk", "", iis.UserActive},
			{"anyone, by the help desk", o.DeactivateUser, staff, "both", "", iis.UserDeactivated},
		} {
			if err := test.do(t.Context(), test.actor, test.user); iis.KindOf(err) != test.want {
				t.Errorf("%s: %v, want %q", test.name, err, test.want)
			}
			if test.state == "" {
				continue
			}
			o.must(db.View(t.Context(), func(tx *store.Tx) error {
				u, err := tx.User(t.Context(), test.user)
				if u.State != test.state {
					t.Errorf("%s: state %s, want %s", test.name, u.State, test.state)
				}
				return err
			}))
		}
		sessions, err := o.Sessions(t.Context(), works("clerk", clinicA, iis.TypicalUser))
		if err != nil || len(sessions) != 0 {
			t.Errorf("%d sessions after deactivation, %v, want none", len(sessions), err)
		}
	})
}

// TestLinkDoesNotOutlive expects a link that an administrator gave out to open an
// account neither once it works for others too nor after it was closed.
func TestLinkDoesNotOutlive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		admin, staff := works("admin", clinicA, iis.OrgAdmin), works("staff", staffOrg, iis.HelpDesk)
		wantVoid := func(when string) {
			t.Helper()
			err := db.View(t.Context(), func(tx *store.Tx) error {
				_, err := tx.UserByInvite(t.Context(), "hash")
				return err
			})
			if iis.KindOf(err) != iis.NotFound {
				t.Errorf("%s: the link still leads to the account: %v", when, err)
			}
		}
		o.must(o.ResetUser(t.Context(), admin, "clerk", "hash", time.Hour))
		o.must(o.DeactivateUser(t.Context(), admin, "clerk"))
		o.must(o.ReactivateUser(t.Context(), admin, "clerk"))
		wantVoid("closed and opened")
		o.must(o.ResetUser(t.Context(), admin, "clerk", "hash", time.Hour))
		o.must(o.GrantRole(t.Context(), staff, "clerk", clinicB.ID, iis.TypicalUser))
		wantVoid("given a role elsewhere")
	})
}

// TestMayGrantNothingMore tries every role in every organization as every kind
// of user, against the policy.
func TestMayGrantNothingMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		for _, a := range []iis.Actor{works("x", clinicA, iis.ReportsOnly), works("x", clinicA, iis.TypicalUser), works("x", clinicA, iis.OrgAdmin),
			works("x", clinicA, iis.HelpDesk), works("x", staffOrg, iis.HelpDesk), works("x", staffOrg, iis.OrgAdmin), works("x", clinicA, "root")} {
			for _, org := range []iis.Organization{clinicA, clinicB, staffOrg} {
				for _, role := range append(iis.Roles, "root", "") {
					err := o.GrantRole(t.Context(), a, "both", org.ID, role)
					if may := a.MayGrant(role, org); (err == nil) != may {
						t.Errorf("%s of %s gives %q at %s: %v, may = %t", a.Role, a.OrgName, role, org.Name, err, may)
					}
				}
			}
		}
	})
}

func TestInviteUser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		admin := works("admin", clinicA, iis.OrgAdmin)
		for _, test := range []struct {
			in    Invitation
			field iis.Field
		}{
			{Invitation{UserName: "n.new", Name: "N. New", Email: "n@example.org", Role: iis.TypicalUser}, ""},
			{Invitation{UserName: "N.NEW", Name: "N. New", Role: iis.TypicalUser}, FieldUserName},
			{Invitation{UserName: "x", Name: "N. New", Role: iis.TypicalUser}, FieldUserName},
			{Invitation{UserName: "with space", Name: "N. New", Role: iis.TypicalUser}, FieldUserName},
			{Invitation{UserName: "nameless", Name: "  ", Role: iis.TypicalUser}, FieldUserFull},
			{Invitation{UserName: "mailer", Name: "N. New", Email: "N <n@example.org>", Role: iis.TypicalUser}, FieldUserMail},
			{Invitation{UserName: "roleless", Name: "N. New"}, FieldRole},
		} {
			id, err := o.InviteUser(t.Context(), admin, test.in, "hash of "+test.in.UserName, time.Hour)
			ps := iis.ProblemsIn(err)
			if test.field == "" {
				o.must(err)
				p, err := o.User(t.Context(), admin, id)
				o.must(err)
				if p.User.State != iis.UserInvited || len(p.Grants) != 1 || p.Grants[0].Role != iis.TypicalUser {
					t.Errorf("invited user = %+v", p)
				}
				continue
			}
			if len(ps) != 1 || ps[0].Field != test.field {
				t.Errorf("InviteUser(%+v) = %v, want a problem of %s", test.in, err, test.field)
			}
		}
	})
}

func TestWorkplaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		names := func(a iis.Actor) (out []string) {
			all, err := o.Workplaces(t.Context(), a)
			o.must(err)
			for _, w := range all {
				out = append(out, w.Organization.Name+" as "+string(w.Role))
			}
			return out
		}
		for _, test := range []struct {
			actor iis.Actor
			want  []string
		}{
			{works("clerk", clinicA, iis.TypicalUser), []string{"Clinic A as Typical User"}},
			{works("both", clinicA, iis.TypicalUser), []string{"Clinic A as Typical User", "Clinic B as Typical User"}},
			{works("staff", staffOrg, iis.HelpDesk), []string{"Clinic A as Help Desk", "Clinic B as Help Desk", "Desk as Help Desk"}},
		} {
			if diff := cmp.Diff(test.want, names(test.actor)); diff != "" {
				t.Errorf("workplaces of %s (-want +got):\n%s", test.actor.User, diff)
			}
		}
	})
}

func TestHeldEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		staff := works("staff", staffOrg, iis.HelpDesk)
		o.must(db.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PutHeldEntry(t.Context(), store.HeldEntry{ID: "1", Code: "K4PQ2A", User: "clerk", Organization: "a",
				Body: `{"changes":[{"f":"last","o":"","n":"DOE"}]}`, Reason: "twin", Held: tx.Now})
		}))
		if _, err := o.HeldEntry(t.Context(), works("admin", clinicA, iis.OrgAdmin), "K4PQ2A"); iis.KindOf(err) != iis.Denied {
			t.Errorf("an administrator opens a held entry: %v, want Denied", err)
		}
		all, err := o.HeldEntries(t.Context(), staff)
		if err != nil || len(all) != 1 || all[0].Changes != nil {
			t.Errorf("HeldEntries = %v, %v, want one without what was typed", all, err)
		}
		e, err := o.HeldEntry(t.Context(), staff, " k4pq2a ")
		if err != nil || e.By != "CLERK" || e.OrgName != "Clinic A" || len(e.Changes) != 1 || e.Changes[0].New != "DOE" {
			t.Errorf("HeldEntry = %+v, %v", e, err)
		}
		if err := o.ResolveHeldEntry(t.Context(), staff, "K4PQ2A", "whatever"); iis.KindOf(err) != iis.Invalid {
			t.Errorf("an unknown outcome: %v, want Invalid", err)
		}
		o.must(o.ResolveHeldEntry(t.Context(), staff, "k4pq2a", HeldOnFile))
		if err := o.ResolveHeldEntry(t.Context(), staff, "K4PQ2A", HeldDropped); iis.KindOf(err) != iis.Conflict {
			t.Errorf("resolved a second time: %v, want Conflict", err)
		}
	})
}
