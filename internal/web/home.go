package web

import (
	"net/http"

	"openiis.org/iis/internal/registry"
)

var homePage = newPage[registry.Home]("home/home")

func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	h, err := s.reg.Home(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return homePage.show(w, r, http.StatusOK, h)
}
