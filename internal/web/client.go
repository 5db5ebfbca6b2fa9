package web

import (
	"net/http"
	"net/url"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// clientRoutes are the screens about clients: finding them, editing one with
// its three tabs, entering a new one, and what happened to them.
func (s *Server) clientRoutes() []Route {
	return []Route{
		{"GET", "/clients", iis.ViewClient, s.showSearch},
		{"POST", "/clients", iis.ViewClient, s.search},
		{"POST", "/find", iis.ViewClient, s.quickFind},
		{"GET", "/immunizations", iis.ViewClient, s.showSearch},

		{"GET", "/clients/new", iis.EnterClient, s.newClient},
		{"POST", "/clients/new", iis.EnterClient, s.enterClient},
		{"GET", "/clients/new/discard", iis.EnterClient, s.askDiscard},
		{"POST", "/clients/new/discard", iis.EnterClient, s.discard},

		{"GET", "/clients/{id}", iis.ViewClient, s.showClient},
		{"POST", "/clients/{id}", iis.EditClient, s.changeClient},
		{"GET", "/clients/{id}/discard", iis.EditClient, s.askDiscard},
		{"POST", "/clients/{id}/discard", iis.EditClient, s.discard},
		{"GET", "/clients/{id}/deceased", iis.EditClient, s.askDeceased},
		{"POST", "/clients/{id}/deceased", iis.EditClient, s.markDeceased},
		{"POST", "/clients/{id}/undecease", iis.EditClient, s.undecease},
		{"GET", "/clients/{id}/history", iis.ViewClient, s.showChanges},
		{"GET", "/clients/{id}/history/views", iis.ViewClient, s.showViews},
		{"GET", "/clients/{id}/history/names", iis.ViewClient, s.showNames},
		{"GET", "/clients/{id}/immunizations", iis.ViewClient, s.showImmunizations},
		{"GET", "/clients/{id}/immunizations/{dose}", iis.ViewClient, s.explainDose},
		{"GET", "/clients/{id}/immunizations/print", iis.PrintClient, s.printImmunizations},
	}
}

var (
	clientPage  = newPage[*clientScreen]("client/edit")
	viewPage    = newPage[*clientScreen]("client/view")
	discardPage = newPage[discardScreen]("client/discard")
)

// sameOrganization refuses a form that was made for another organization than
// the one acted for now. A save is not asked here: the registry keeps what was
// typed where it belongs.
func sameOrganization(r *http.Request) error {
	if r.PostForm.Get("org") != string(actor(r).Organization) {
		return errOtherOrganization
	}
	return nil
}

func clientID(r *http.Request) iis.ClientID { return iis.ClientID(r.PathValue("id")) }

func clientPath(id iis.ClientID) string { return "/clients/" + string(id) }

// showClient shows the Personal Information screen of a client with its three
// tabs: a form, or for who may only view a list.
func (s *Server) showClient(w http.ResponseWriter, r *http.Request) error {
	page, err := s.reg.Client(r.Context(), actor(r), clientID(r))
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	sc.arrive(r.URL.Query())
	if !page.MayEdit {
		return viewPage.show(w, r, http.StatusOK, sc)
	}
	return clientPage.show(w, r, http.StatusOK, sc)
}

// changeClient answers every button of the client's form.
func (s *Server) changeClient(w http.ResponseWriter, r *http.Request) error {
	id := clientID(r)
	f, do, err := readClientForm(r.PostForm)
	if err != nil {
		return err
	}
	f.Client = id
	switch do {
	case "draft":
		f.Do = registry.DoKeep
		if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	case "row":
		if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
			return s.refuse(w, r, id, err)
		}
		return done(w, r, clientPath(id)+rowQuery(f), "")
	case "cancel":
		f.Do = registry.DoKeep
		if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
			return err
		}
		return done(w, r, clientPath(id)+"/discard", "")
	case "undeliverable":
		return s.tickUndeliverable(w, r, f)
	case "resolve":
		if err := sameOrganization(r); err != nil {
			return err
		}
		if err := s.reg.Resolve(r.Context(), actor(r), id, iis.ScreenClient, choices(r.PostForm)); err != nil {
			return err
		}
		do = cameFor(r.PostForm.Get("then"))
	}
	return s.save(w, r, f, do)
}

// save saves the form and goes where the pressed button leads.
func (s *Server) save(w http.ResponseWriter, r *http.Request, f registry.Form, do string) error {
	out, err := s.reg.SaveClient(r.Context(), actor(r), f)
	if err != nil {
		return s.refuse(w, r, f.Client, err)
	}
	return s.saved(w, r, f, do, out)
}

// saved answers a save by how it ended.
func (s *Server) saved(w http.ResponseWriter, r *http.Request, f registry.Form, do string, out registry.Outcome) error {
	notice := "client-updated"
	switch out {
	case registry.AskIdentity:
		return s.askIdentity(w, r, f.Client, do)
	case registry.AskDeath:
		return done(w, r, clientPath(f.Client)+"/deceased", "")
	case registry.Deceased:
		return done(w, r, "/clients?client="+url.QueryEscape(string(f.Client)), "deceased")
	case registry.Unchanged:
		notice = "unchanged"
	}
	return done(w, r, leadsTo(do, f.Client, f.Tab), notice)
}

// leadsTo is the page that a saving button leads to.
func leadsTo(do string, id iis.ClientID, tab string) string {
	switch do {
	case "immunize":
		return clientPath(id) + "/immunizations"
	case "next":
		return "/clients"
	case "reports":
		return clientPath(id) + "/reports"
	}
	return clientPath(id) + "?tab=" + url.QueryEscape(tab)
}

// refuse shows the form again after a save or a Next that was not done: with
// what is wrong, or with the fields that someone else has changed.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, id iis.ClientID, err error) error {
	if len(iis.ClashesIn(err)) > 0 {
		return s.showConflict(w, r, id)
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	page, err := s.reg.Client(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	problems = sc.blame(problems)
	return clientPage.show(w, r, http.StatusUnprocessableEntity, sc, problems...)
}

// askIdentity shows the form with the question which details the client
// confirmed, once (guide 12).
func (s *Server) askIdentity(w http.ResponseWriter, r *http.Request, id iis.ClientID, do string) error {
	page, err := s.reg.Client(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	sc.ask(do)
	return clientPage.show(w, r, http.StatusOK, sc)
}

// tickUndeliverable puts the address back as it was saved and ticks
// Undeliverable Address: the one right answer to "Bad Address" (guide 24).
func (s *Server) tickUndeliverable(w http.ResponseWriter, r *http.Request, f registry.Form) error {
	page, err := s.reg.Client(r.Context(), actor(r), f.Client)
	if err != nil {
		return err
	}
	saved := page.Record.Values()
	for _, a := range iis.AddressFields() {
		if _, typed := f.Typed[a]; typed {
			f.Typed[a] = saved[a]
		}
	}
	f.Typed[iis.FieldUndeliverable] = iis.Yes
	f.Do = registry.DoKeep
	if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
		return err
	}
	return done(w, r, clientPath(f.Client)+"?at=undeliverable&tab="+f.Tab, "")
}

// discardScreen lists what Cancel would throw away.
type discardScreen struct {
	Banner  *banner // nil for a new client
	Action  string
	Back    string
	Changes []changeLine
	Count   int
	At      string // when the draft was kept
	// Search is set when the form for a new client is to be begun with the
	// details of that search, once the draft is gone.
	Search iis.SearchID
}

// askDiscard answers Cancel: without changes it leads back to the search, with
// changes it lists them and asks.
func (s *Server) askDiscard(w http.ResponseWriter, r *http.Request) error {
	id := clientID(r)
	page, back := registry.ClientPage{}, "/clients/new"
	var err error
	if id == "" {
		page, err = s.reg.NewClient(r.Context(), actor(r))
	} else {
		page, err = s.reg.Client(r.Context(), actor(r), id)
		back = clientPath(id)
	}
	if err != nil {
		return err
	}
	if page.Draft.Count() == 0 {
		if err := s.reg.Discard(r.Context(), actor(r), id, iis.ScreenClient); err != nil {
			return err
		}
		return done(w, r, "/clients", "")
	}
	sc := s.newScreen(page, actor(r))
	d := discardScreen{Action: back + "/discard", Back: back, Count: page.Draft.Count(), Changes: sc.changes(page.Draft.Changes), At: clock(page.Draft.Changed)}
	if id != "" {
		d.Banner = &sc.Banner
	}
	return discardPage.show(w, r, http.StatusOK, d)
}

func (s *Server) discard(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	if err := s.reg.Discard(r.Context(), actor(r), clientID(r), iis.ScreenClient); err != nil {
		return err
	}
	if id := r.PostForm.Get("search"); id != "" && clientID(r) == "" {
		q, err := s.reg.SearchOf(r.Context(), actor(r), iis.SearchID(id))
		if err != nil {
			return err
		}
		return s.beginWith(w, r, q)
	}
	return done(w, r, "/clients", "discarded")
}
