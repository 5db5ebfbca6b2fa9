package web

import (
	"net/http"

	"openiis.org/iis"
)

// helpDeskData is whom to turn to, and the client it is about if the page was
// reached from one (guide 23).
type helpDeskData struct {
	HelpDesk
	Client iis.ClientID
}

func (s *Server) showHelpDesk(w http.ResponseWriter, r *http.Request) error {
	d := helpDeskData{HelpDesk: s.set.Help}
	if id := r.URL.Query().Get("client"); iis.ValidClientID(id) {
		d.Client = iis.ClientID(id)
	}
	return helpDeskPage.show(w, r, http.StatusOK, d)
}
