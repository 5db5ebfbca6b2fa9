package web

import (
	"net/http"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/signin"
)

// usersData is the list of an organization's users.
type usersData struct {
	registry.Staff
	Organizations []iis.Organization // to choose from, for the help desk
}

// userData is the page of one user.
type userData struct {
	registry.UserPage
	Roles []Choice
	Orgs  []Choice
}

// newUserData is the form for a new user.
type newUserData struct {
	registry.Invitation
	Roles []Choice
	Orgs  []Choice
}

// linkData shows a one-time link, the only time it can be shown.
type linkData struct {
	User iis.User
	Link string
	Full bool // with the address of the site
}

var (
	usersPage   = newPage[usersData]("user/list")
	userPage    = newPage[userData]("user/show")
	newUserPage = newPage[newUserData]("user/new")
	linkPage    = newPage[linkData]("user/link")
)

// roleHelp says in words what a role lets a person do.
var roleHelp = map[iis.Role]string{
	iis.ReportsOnly: "views clients and prints",
	iis.TypicalUser: "also edits and enters clients, where the organization's type allows it",
	iis.OrgAdmin:    "also manages the organization's users",
	iis.HelpDesk:    "staff of the registry",
}

func roleChoices(roles []iis.Role) []Choice {
	var out []Choice
	for _, r := range roles {
		out = append(out, Choice{Value: string(r), Label: string(r), Help: roleHelp[r]})
	}
	return out
}

func orgChoices(orgs []iis.Organization) []Choice {
	var out []Choice
	for _, o := range orgs {
		out = append(out, Choice{Value: string(o.ID), Label: o.Name + " (" + string(o.Type) + ")"})
	}
	return out
}

// anyOrganizations lists the organizations for those who manage users anywhere;
// for others it is empty.
func (s *Server) anyOrganizations(r *http.Request) ([]iis.Organization, error) {
	if !actor(r).May(iis.ManageAnyUsers) {
		return nil, nil
	}
	return s.reg.Organizations(r.Context(), actor(r))
}

func (s *Server) listUsers(w http.ResponseWriter, r *http.Request) error {
	staff, err := s.reg.Users(r.Context(), actor(r), iis.OrganizationID(r.URL.Query().Get("organization")))
	if err != nil {
		return err
	}
	orgs, err := s.anyOrganizations(r)
	if err != nil {
		return err
	}
	return usersPage.show(w, r, http.StatusOK, usersData{staff, orgs})
}

func (s *Server) newUser(w http.ResponseWriter, r *http.Request) error {
	in := registry.Invitation{Role: iis.TypicalUser, Organization: iis.OrganizationID(r.URL.Query().Get("organization"))}
	return s.userForm(w, r, http.StatusOK, in, nil)
}

func (s *Server) userForm(w http.ResponseWriter, r *http.Request, status int, in registry.Invitation, problems []iis.Problem) error {
	orgs, err := s.anyOrganizations(r)
	if err != nil {
		return err
	}
	if in.Organization == "" {
		in.Organization = actor(r).Organization
	}
	staff, err := s.reg.Users(r.Context(), actor(r), in.Organization)
	if err != nil {
		return err
	}
	roles := staff.Grantable
	if len(orgs) > 0 {
		roles = iis.Roles
	}
	return newUserPage.show(w, r, status, newUserData{in, roleChoices(roles), orgChoices(orgs)}, problems...)
}

func (s *Server) inviteUser(w http.ResponseWriter, r *http.Request) error {
	f := r.PostForm
	in := registry.Invitation{UserName: f.Get("user_name"), Name: f.Get("name"), Email: f.Get("email"),
		Role: iis.Role(f.Get("role")), Organization: iis.OrganizationID(f.Get("organization"))}
	token, hash := signin.NewInvite()
	id, err := s.reg.InviteUser(r.Context(), actor(r), in, hash, signin.Invite)
	if err != nil {
		problems, err := refused(err)
		if err != nil {
			return err
		}
		return s.userForm(w, r, http.StatusUnprocessableEntity, in, problems)
	}
	return s.showLink(w, r, id, token)
}

// showLink answers the post itself, without a redirect: the link exists nowhere
// but in this answer.
func (s *Server) showLink(w http.ResponseWriter, r *http.Request, id iis.UserID, token string) error {
	p, err := s.reg.User(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	return linkPage.show(w, r, http.StatusOK, linkData{p.User, s.set.URL + "/invite/" + token, s.set.URL != ""})
}

func (s *Server) showUser(w http.ResponseWriter, r *http.Request) error {
	return s.userPage(w, r, http.StatusOK, nil)
}

func (s *Server) userPage(w http.ResponseWriter, r *http.Request, status int, problems []iis.Problem) error {
	p, err := s.reg.User(r.Context(), actor(r), iis.UserID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return userPage.show(w, r, status, userData{p, roleChoices(p.Grantable), orgChoices(p.Organizations)}, problems...)
}

func (s *Server) changeUser(w http.ResponseWriter, r *http.Request) error {
	id := iis.UserID(r.PathValue("id"))
	ctx, a, org := r.Context(), actor(r), iis.OrganizationID(r.PostForm.Get("organization"))
	var err error
	switch r.PostForm.Get("do") {
	case "role":
		err = s.reg.GrantRole(ctx, a, id, org, iis.Role(r.PostForm.Get("role")))
	case "revoke":
		err = s.reg.RevokeRole(ctx, a, id, org)
		if err == nil && !a.May(iis.ManageAnyUsers) {
			return done(w, r, "/users", "user-changed")
		}
	case "deactivate":
		err = s.reg.DeactivateUser(ctx, a, id)
	case "reactivate":
		err = s.reg.ReactivateUser(ctx, a, id)
	case "link":
		token, hash := signin.NewInvite()
		if err = s.reg.ResetUser(ctx, a, id, hash, signin.Invite); err == nil {
			return s.showLink(w, r, id, token)
		}
	default:
		return errBadForm
	}
	if err != nil {
		problems, err := refused(err)
		if err != nil {
			return err
		}
		return s.userPage(w, r, http.StatusUnprocessableEntity, problems)
	}
	return done(w, r, "/users/"+string(id), "user-changed")
}
