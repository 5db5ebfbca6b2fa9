package web

import (
	"net/http"

	"openiis.org/iis"
)

// inviteData is the page on which an invited person chooses a password.
type inviteData struct {
	UserName string
	Path     string
	Lengths  passwordLengths
}

var invitePage = newPage[inviteData]("signin/invite")

func (s *Server) showInvite(w http.ResponseWriter, r *http.Request) error {
	u, err := s.signin.Invited(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return invitePage.show(w, r, http.StatusOK, inviteData{u.UserName, r.URL.Path, lengths})
}

func (s *Server) acceptInvite(w http.ResponseWriter, r *http.Request) error {
	token, err := s.signin.Accept(r.Context(), r.PathValue("token"), r.PostForm.Get("new"), r.PostForm.Get("again"))
	if iis.KindOf(err) == iis.Invalid {
		u, missing := s.signin.Invited(r.Context(), r.PathValue("token"))
		if missing != nil {
			return missing
		}
		return invitePage.show(w, r, http.StatusUnprocessableEntity, inviteData{u.UserName, r.URL.Path, lengths}, iis.ProblemsIn(err)...)
	}
	if err != nil {
		return err
	}
	s.setToken(w, r, token)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
