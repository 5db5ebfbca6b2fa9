package web

import (
	"net/http"
	"net/url"

	"openiis.org/iis/internal/registry"
)

// heldData lists the new clients that wait for the help desk.
type heldData struct{ Entries []registry.HeldEntry }

var (
	heldListPage = newPage[heldData]("held/list")
	heldPage     = newPage[registry.HeldEntry]("held/show")
)

// listHeld shows what waits; with ?code= it leads to the entry of that code.
func (s *Server) listHeld(w http.ResponseWriter, r *http.Request) error {
	if code := r.URL.Query().Get("code"); code != "" {
		http.Redirect(w, r, "/held/"+url.PathEscape(code), http.StatusSeeOther)
		return nil
	}
	all, err := s.reg.HeldEntries(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return heldListPage.show(w, r, http.StatusOK, heldData{all})
}

func (s *Server) showHeld(w http.ResponseWriter, r *http.Request) error {
	e, err := s.reg.HeldEntry(r.Context(), actor(r), r.PathValue("code"))
	if err != nil {
		return err
	}
	return heldPage.show(w, r, http.StatusOK, e)
}

func (s *Server) resolveHeld(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if r.PostForm.Get("do") == "add" {
		id, err := s.reg.AddHeld(r.Context(), actor(r), code)
		if err != nil {
			return err
		}
		return done(w, r, "/clients/"+string(id), "client-entered")
	}
	err := s.reg.ResolveHeldEntry(r.Context(), actor(r), code, r.PostForm.Get("outcome"))
	if err != nil {
		problems, err := refused(err)
		if err != nil {
			return err
		}
		e, err := s.reg.HeldEntry(r.Context(), actor(r), code)
		if err != nil {
			return err
		}
		return heldPage.show(w, r, http.StatusUnprocessableEntity, e, problems...)
	}
	return done(w, r, "/held", "resolved")
}
