package registry

import (
	"cmp"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Member is a user account in one organization.
type Member struct {
	iis.User
	Role iis.Role
}

// Staff is an organization with its users.
type Staff struct {
	Organization iis.Organization
	Members      []Member
	Grantable    []iis.Role // what the actor may give here
}

// UserPage is an account as the actor may see it: an administrator sees his own
// organization's part of it, the help desk all.
type UserPage struct {
	User   iis.User
	Grants []iis.Grant
	// Self is set for the actor's own account, Elsewhere for one that has roles
	// out of the actor's sight: neither can be deactivated or reset by him.
	Self, Elsewhere bool
	// Organizations are those that the actor could give a role in.
	Organizations []iis.Organization
	Grantable     []iis.Role
}

// Fields of the forms about users, as problems name them.
const (
	FieldUserName iis.Field = "user_name"
	FieldUserFull iis.Field = "name"
	FieldUserMail iis.Field = "email"
	FieldRole     iis.Field = "role"
	FieldOrg      iis.Field = "organization"
)

var errUnknownUser = iis.Errorf(iis.NotFound, "There is no such user, or it is not one of your organization's.")

// grantable lists the roles that the actor may give in an organization.
func grantable(a iis.Actor, o iis.Organization) []iis.Role {
	var roles []iis.Role
	for _, r := range iis.Roles {
		if a.MayGrant(r, o) {
			roles = append(roles, r)
		}
	}
	return roles
}

// Users returns the users of an organization: of the actor's own, or of any for
// the help desk. With no organization it is the one acted for.
func (r *Registry) Users(ctx context.Context, a iis.Actor, org iis.OrganizationID) (s Staff, err error) {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return s, err
	}
	org = cmp.Or(org, a.Organization)
	if org != a.Organization {
		if err := r.may(ctx, a, iis.ManageAnyUsers); err != nil {
			return s, err
		}
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		s = Staff{}
		var err error
		if s.Organization, err = tx.Organization(ctx, org); err != nil {
			return err
		}
		users, err := tx.UsersOf(ctx, org)
		for _, u := range users {
			s.Members = append(s.Members, Member{u.User, u.Role})
		}
		s.Grantable = grantable(a, s.Organization)
		return err
	})
	return s, err
}

// User returns one account.
func (r *Registry) User(ctx context.Context, a iis.Actor, id iis.UserID) (p UserPage, err error) {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return p, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		p, err = userPage(ctx, tx, a, id)
		return err
	})
	return p, err
}

func userPage(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.UserID) (p UserPage, err error) {
	if p.User, err = tx.User(ctx, id); err != nil {
		if iis.KindOf(err) == iis.NotFound {
			err = errUnknownUser
		}
		return p, err
	}
	all, err := tx.Grants(ctx, id)
	if err != nil {
		return p, err
	}
	p.Self = id == a.User
	if a.May(iis.ManageAnyUsers) {
		p.Grants = all
		p.Organizations, err = tx.Organizations(ctx)
		p.Organizations = slices.DeleteFunc(p.Organizations, func(o iis.Organization) bool { return !o.Active })
		p.Grantable = iis.Roles
		return p, err
	}
	for _, g := range all {
		if g.Organization.ID == a.Organization {
			p.Grants = append(p.Grants, g)
			p.Organizations = append(p.Organizations, g.Organization)
			p.Grantable = grantable(a, g.Organization)
		} else {
			p.Elsewhere = true
		}
	}
	if len(p.Grants) == 0 {
		return UserPage{}, errUnknownUser
	}
	return p, nil
}

// Invitation asks for a new account.
type Invitation struct {
	UserName, Name, Email string
	Role                  iis.Role
	Organization          iis.OrganizationID // the one acted for if empty
}

// InviteUser makes an account that waits for its person to choose a password
// through a one-time link. tokenHash is the hash of the link's token, which
// only the caller knows, and it lasts until life has passed.
func (r *Registry) InviteUser(ctx context.Context, a iis.Actor, in Invitation, tokenHash string, life time.Duration) (id iis.UserID, err error) {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return "", err
	}
	in.UserName, in.Name, in.Email = strings.TrimSpace(in.UserName), strings.Join(strings.Fields(in.Name), " "), strings.TrimSpace(in.Email)
	in.Organization = cmp.Or(in.Organization, a.Organization)
	if err := r.mayGrant(ctx, a, in.Role, in.Organization); err != nil {
		return "", err
	}
	if err := checkUser(in); err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organization(ctx, in.Organization)
		if err != nil {
			return err
		}
		id = iis.UserID(iis.NewID())
		u := iis.User{ID: id, UserName: in.UserName, Name: in.Name, Email: in.Email, State: iis.UserInvited, Created: tx.Now}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if err := tx.PutGrant(ctx, iis.Grant{User: id, Organization: o, Role: in.Role}); err != nil {
			return err
		}
		if err := tx.PutInvite(ctx, id, tokenHash, tx.Now.Add(life)); err != nil {
			return err
		}
		return recordUser(ctx, tx, a, id, "invited", roleChange(o, "", in.Role), stateChange("", iis.UserInvited))
	})
	return id, err
}

// checkUser says what is wrong with the details of a new account.
func checkUser(in Invitation) error {
	var ps []iis.Problem
	add := func(f iis.Field, text string) { ps = append(ps, iis.Problem{Field: f, Text: text}) }
	switch n := utf8.RuneCountInString(in.UserName); {
	case n < 2 || n > 64:
		add(FieldUserName, "Enter a user name of 2 to 64 letters or digits.")
	case strings.ContainsFunc(in.UserName, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@+", r)
	}):
		add(FieldUserName, "A user name is made of letters, digits and . _ - @ + without spaces.")
	}
	if n := utf8.RuneCountInString(in.Name); n < 1 || n > 128 || strings.ContainsFunc(in.Name, unicode.IsControl) {
		add(FieldUserFull, "Enter the person's name, at most 128 characters.")
	}
	if in.Email != "" {
		if m, err := mail.ParseAddress(in.Email); err != nil || m.Address != in.Email || len(in.Email) > 254 {
			add(FieldUserMail, "Enter the e-mail address like name@example.org, or leave it empty.")
		}
	}
	return iis.Problems(ps...)
}

// mayGrant refuses, and records, a role that the actor may not give.
func (r *Registry) mayGrant(ctx context.Context, a iis.Actor, role iis.Role, org iis.OrganizationID) error {
	if !slices.Contains(iis.Roles, role) {
		return iis.Problems(iis.Problem{Field: FieldRole, Text: "Choose a role from the list."})
	}
	var o iis.Organization
	err := r.view(ctx, func(tx *store.Tx) (err error) {
		o, err = tx.Organization(ctx, org)
		return err
	})
	if iis.KindOf(err) == iis.NotFound {
		return iis.Problems(iis.Problem{Field: FieldOrg, Text: "Choose an organization from the list."})
	}
	if err != nil {
		return err
	}
	if a.MayGrant(role, o) {
		return nil
	}
	if a.May(iis.ManageAnyUsers) {
		return iis.Problems(iis.Problem{Field: FieldRole, Text: "The role " + string(iis.HelpDesk) +
			" belongs to the registry's own organization, and no other role does."})
	}
	return r.refuse(ctx, a, "grant "+string(role), fmt.Sprintf("give the role %s in this organization", role))
}

// GrantRole gives a user a role in an organization, in place of the one he has
// there. The help desk may add organizations, which voids a link that was given
// out before; an administrator changes roles in his own. Nobody changes his own
// role.
func (r *Registry) GrantRole(ctx context.Context, a iis.Actor, id iis.UserID, org iis.OrganizationID, role iis.Role) error {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return err
	}
	org = cmp.Or(org, a.Organization)
	if err := r.mayGrant(ctx, a, role, org); err != nil {
		return err
	}
	if id == a.User {
		return r.refuse(ctx, a, "own role", "change your own role")
	}
	return r.update(ctx, func(tx *store.Tx) error {
		p, err := userPage(ctx, tx, a, id)
		if err != nil {
			return err
		}
		o, err := tx.Organization(ctx, org)
		if err != nil {
			return err
		}
		was := roleIn(p.Grants, org)
		if was == role {
			return nil
		}
		if err := tx.PutGrant(ctx, iis.Grant{User: id, Organization: o, Role: role}); err != nil {
			return err
		}
		if was == "" { // who gave out a link before must not get in there by it
			if err := tx.DeleteInvite(ctx, id); err != nil {
				return err
			}
		}
		return recordUser(ctx, tx, a, id, "role", roleChange(o, was, role))
	})
}

// RevokeRole takes away the role a user has in an organization.
func (r *Registry) RevokeRole(ctx context.Context, a iis.Actor, id iis.UserID, org iis.OrganizationID) error {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return err
	}
	org = cmp.Or(org, a.Organization)
	if id == a.User {
		return r.refuse(ctx, a, "own role", "change your own role")
	}
	if org != a.Organization {
		if err := r.may(ctx, a, iis.ManageAnyUsers); err != nil {
			return err
		}
	}
	return r.update(ctx, func(tx *store.Tx) error {
		p, err := userPage(ctx, tx, a, id)
		if err != nil {
			return err
		}
		was := roleIn(p.Grants, org)
		if was == "" {
			return errUnknownUser
		}
		if err := tx.DeleteGrant(ctx, id, org); err != nil {
			return err
		}
		o, err := tx.Organization(ctx, org)
		if err != nil {
			return err
		}
		return recordUser(ctx, tx, a, id, "role", roleChange(o, was, ""))
	})
}

// DeactivateUser closes an account: it signs nobody in, its sessions end at once
// and a link to it is void.
func (r *Registry) DeactivateUser(ctx context.Context, a iis.Actor, id iis.UserID) error {
	return r.changeState(ctx, a, id, "deactivated", func(ctx context.Context, tx *store.Tx, u *iis.User) error {
		u.State = iis.UserDeactivated
		if err := tx.DeleteInvite(ctx, id); err != nil {
			return err
		}
		return tx.DeleteSessionsOf(ctx, id, "")
	})
}

// ReactivateUser opens a closed account again. One whose person never chose a
// password waits for that as before.
func (r *Registry) ReactivateUser(ctx context.Context, a iis.Actor, id iis.UserID) error {
	return r.changeState(ctx, a, id, "reactivated", func(ctx context.Context, tx *store.Tx, u *iis.User) error {
		hash, err := tx.PasswordHash(ctx, id)
		if err != nil {
			return err
		}
		u.State, u.Failures, u.NotBefore = iis.UserActive, 0, time.Time{}
		if hash == "" {
			u.State = iis.UserInvited
		}
		return nil
	})
}

// ResetUser gives out a new one-time link: the person chooses another password,
// and an account disabled by failed sign-ins works again. Until then the old
// password stands.
func (r *Registry) ResetUser(ctx context.Context, a iis.Actor, id iis.UserID, tokenHash string, life time.Duration) error {
	return r.changeState(ctx, a, id, "link given out", func(ctx context.Context, tx *store.Tx, u *iis.User) error {
		if u.State == iis.UserDeactivated {
			return iis.Problems(iis.Problem{Text: "Reactivate the user before giving out a link."})
		}
		return tx.PutInvite(ctx, id, tokenHash, tx.Now.Add(life))
	})
}

// changeState changes an account as a whole, which an administrator may only do
// to one that works for nobody else: he would reach into that organization.
func (r *Registry) changeState(ctx context.Context, a iis.Actor, id iis.UserID, note string,
	change func(context.Context, *store.Tx, *iis.User) error) error {
	if err := r.may(ctx, a, iis.ManageUsers); err != nil {
		return err
	}
	if id == a.User {
		return r.refuse(ctx, a, "own account", "do this to your own account")
	}
	var elsewhere bool
	err := r.update(ctx, func(tx *store.Tx) error {
		p, err := userPage(ctx, tx, a, id)
		if elsewhere = p.Elsewhere; err != nil || elsewhere {
			return err
		}
		u := p.User
		if err := change(ctx, tx, &u); err != nil {
			return err
		}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		return recordUser(ctx, tx, a, id, note, stateChange(p.User.State, u.State))
	})
	if err == nil && elsewhere {
		return r.refuse(ctx, a, "user of others", "do this to someone who also works for another organization; you can take away the role here")
	}
	return err
}

func roleIn(grants []iis.Grant, org iis.OrganizationID) iis.Role {
	for _, g := range grants {
		if g.Organization.ID == org {
			return g.Role
		}
	}
	return ""
}

func roleChange(o iis.Organization, old, now iis.Role) iis.Change {
	return iis.Change{Field: iis.Field("role/" + string(o.ID)), Old: string(old), New: string(now)}
}

func stateChange(old, now iis.UserState) iis.Change {
	return iis.Change{Field: "state", Old: string(old), New: string(now)}
}

func recordUser(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.UserID, note string, changes ...iis.Change) error {
	changes = slices.DeleteFunc(changes, func(c iis.Change) bool { return c.Old == c.New })
	return record(ctx, tx, a, iis.ActionUserChange, "", iis.Detail{Subject: string(id), Note: note, Changes: changes})
}
