package web

import (
	"net/http"

	"openiis.org/iis/internal/registry"
)

// systemData is how the system is. Version is what the program was built from.
type systemData struct {
	registry.SystemStatus
	Version string
}

var systemPage = newPage[systemData]("system/status")

func (s *Server) showSystem(w http.ResponseWriter, r *http.Request) error {
	st, err := s.reg.SystemStatus(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return systemPage.show(w, r, http.StatusOK, systemData{st, s.set.Version})
}

// useSchedule makes another schedule current.
func (s *Server) useSchedule(w http.ResponseWriter, r *http.Request) error {
	_, err := s.reg.UseSchedule(r.Context(), actor(r), r.PostForm.Get("schedule"))
	if err == nil {
		return done(w, r, "/system", "schedule-used")
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	st, err := s.reg.SystemStatus(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return systemPage.show(w, r, http.StatusUnprocessableEntity, systemData{st, s.set.Version}, problems...)
}
