package web

import (
	"net/http"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// organizationData is the page "Switch Organizations" (guide 8).
type organizationData struct {
	Now        iis.OrganizationID
	Workplaces []registry.Workplace
}

var organizationPage = newPage[organizationData]("organization/switch")

func (s *Server) showOrganizations(w http.ResponseWriter, r *http.Request) error {
	all, err := s.reg.Workplaces(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return organizationPage.show(w, r, http.StatusOK, organizationData{actor(r).Organization, all})
}

func (s *Server) switchOrganization(w http.ResponseWriter, r *http.Request) error {
	to := iis.OrganizationID(r.PostForm.Get("to"))
	if to == "" {
		problems := []iis.Problem{{Field: "to", Text: "Choose the organization to act for."}}
		all, err := s.reg.Workplaces(r.Context(), actor(r))
		if err != nil {
			return err
		}
		return organizationPage.show(w, r, http.StatusUnprocessableEntity, organizationData{actor(r).Organization, all}, problems...)
	}
	token, err := s.signin.Switch(r.Context(), visitOf(r).Visit, s.token(r), to)
	if err != nil {
		return err
	}
	s.setToken(w, r, token)
	return done(w, r, "/", "switched")
}
