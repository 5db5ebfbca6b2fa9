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

// useInForce makes another schedule or matching policy current.
func (s *Server) useInForce(w http.ResponseWriter, r *http.Request) error {
	var err error
	notice := "schedule-used"
	if policy := r.PostForm.Get("policy"); policy != "" {
		notice = "policy-used"
		_, err = s.reg.UseMatchPolicy(r.Context(), actor(r), policy)
	} else {
		_, err = s.reg.UseSchedule(r.Context(), actor(r), r.PostForm.Get("schedule"))
	}
	if err == nil {
		return done(w, r, "/system", notice)
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
