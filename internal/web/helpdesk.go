package web

import "net/http"

func (s *Server) showHelpDesk(w http.ResponseWriter, r *http.Request) error {
	return helpDeskPage.show(w, r, http.StatusOK, s.set.Help)
}
