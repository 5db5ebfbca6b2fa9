package web

import (
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// lookalikeScreen shows the clients who may already be the person entered.
type lookalikeScreen struct {
	IDLabel string
	Name    string // of the new client, and his birth date
	Born    string
	Found   []foundRow
	Do      string
	Tab     string
	Reason  *Field
	MayEdit bool
}

// heldScreen says that the help desk has to look at an entry, and no more.
type heldScreen struct{ Code string }

var (
	lookalikePage = newPage[lookalikeScreen]("client/lookalikes")
	heldPageNew   = newPage[heldScreen]("client/held")
)

// newClient shows the form for a new client, with the draft of one.
func (s *Server) newClient(w http.ResponseWriter, r *http.Request) error {
	page, err := s.reg.NewClient(r.Context(), actor(r))
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	sc.arrive(r.URL.Query())
	return clientPage.show(w, r, http.StatusOK, sc)
}

// enterClient answers every button of the form for a new client.
func (s *Server) enterClient(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	if r.PostForm.Get(inputDo) == "begin" {
		return s.beginClient(w, r, iis.SearchID(r.PostForm.Get("search")))
	}
	if id, ok := strings.CutPrefix(r.PostForm.Get(inputDo), "use:"); ok {
		if err := sameOrganization(r); err != nil {
			return err
		}
		if err := s.reg.UseRecord(r.Context(), a, iis.ClientID(id)); err != nil {
			return err
		}
		return done(w, r, clientPath(iis.ClientID(id)), "")
	}
	f, do, err := readClientForm(r.PostForm)
	if err != nil {
		return err
	}
	f.Version = 0
	switch do {
	case "draft", "cancel", "row", "undeliverable":
		if do == "undeliverable" {
			for _, field := range iis.AddressFields() {
				if iis.JunkAddress(f.Typed[field]) {
					f.Typed[field] = ""
				}
			}
			f.Typed[iis.FieldUndeliverable] = iis.Yes
		}
		if do != "row" {
			f.Do = registry.DoKeep
		}
		if err := s.reg.StageClient(r.Context(), a, f); err != nil {
			return s.refuseNew(w, r, err)
		}
		switch do {
		case "draft":
			w.WriteHeader(http.StatusNoContent)
			return nil
		case "cancel":
			return done(w, r, "/clients/new/discard", "")
		case "undeliverable":
			return done(w, r, "/clients/new?at=undeliverable&tab="+f.Tab, "")
		}
		return done(w, r, "/clients/new"+rowQuery(f), "")
	}
	out, err := s.reg.EnterClient(r.Context(), a, registry.Entry{Form: f, Different: registry.Different(r.PostForm.Get("different"))})
	switch {
	case err != nil:
		return s.refuseNew(w, r, err)
	case out.HeldCode != "":
		return heldPageNew.show(w, r, http.StatusOK, heldScreen{out.HeldCode})
	case out.Client == "":
		return s.showLookalikes(w, r, f, do, out.Lookalikes)
	case do == "next":
		return done(w, r, "/clients/new", "client-entered")
	}
	return done(w, r, leadsTo(do, out.Client, f.Tab), "client-entered")
}

func (s *Server) refuseNew(w http.ResponseWriter, r *http.Request, err error) error {
	problems, err := refused(err)
	if err != nil {
		return err
	}
	page, err := s.reg.NewClient(r.Context(), actor(r))
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	return clientPage.show(w, r, http.StatusUnprocessableEntity, sc, sc.blame(problems)...)
}

func (s *Server) showLookalikes(w http.ResponseWriter, r *http.Request, f registry.Form, do string, found []registry.Found) error {
	page, err := s.reg.NewClient(r.Context(), actor(r))
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	d := lookalikeScreen{
		IDLabel: sc.IDLabel, Name: lastFirst(iis.Name{Last: sc.draftValue(iis.FieldLast), First: sc.draftValue(iis.FieldFirst)}),
		Born: screenText(iis.FieldBirthDate, sc.draftValue(iis.FieldBirthDate)), Found: s.foundRows(found),
		Do: do, Tab: f.Tab, MayEdit: actor(r).May(iis.EditClient),
	}
	d.Reason = newField("different", "Why is this another person?", "")
	words := map[registry.Different]string{
		registry.DifferentTwin:     "Twin, brother or sister",
		registry.DifferentSameName: "Two people of the same name",
		registry.DifferentOther:    "Other: the help desk looks at it before the client is added",
	}
	for _, why := range registry.DifferentReasons {
		d.Reason.Choices = append(d.Reason.Choices, Choice{Value: string(why), Label: words[why]})
	}
	var problems []iis.Problem
	if r.PostForm.Has("answer") {
		d.Reason.Error = "Choose why this is another person, or use one of the records."
		problems = append(problems, iis.Problem{Field: "different", Text: d.Reason.Error})
		return lookalikePage.show(w, r, http.StatusUnprocessableEntity, d, problems...)
	}
	return lookalikePage.show(w, r, http.StatusOK, d)
}

// beginClient opens the form with the details of a search in it. The draft of
// another new client is not mixed with them: it is asked about first.
func (s *Server) beginClient(w http.ResponseWriter, r *http.Request, search iis.SearchID) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	a := actor(r)
	q, err := s.reg.SearchOf(r.Context(), a, search)
	if err != nil {
		return err
	}
	page, err := s.reg.NewClient(r.Context(), a)
	if err != nil {
		return err
	}
	if n := page.Draft.Count(); n > 0 {
		sc := s.newScreen(page, a)
		return discardPage.show(w, r, http.StatusOK, discardScreen{
			Action: "/clients/new/discard", Back: "/clients/new", Count: n, At: clock(page.Draft.Changed),
			Changes: sc.changes(page.Draft.Changes), Search: search,
		})
	}
	return s.beginWith(w, r, q)
}

// beginWith puts what was searched for into the form for a new client.
func (s *Server) beginWith(w http.ResponseWriter, r *http.Request, q registry.Query) error {
	typed := iis.Values{}
	born, _ := q.BirthDate.Whole()
	for f, v := range map[iis.Field]string{
		iis.FieldLast: q.Last, iis.FieldFirst: q.First, iis.FieldBirthDate: born.US(), iis.FieldPhone: q.Phone,
		iis.FieldMaidenLast: q.MotherMaidenLast, iis.FieldMotherFirst: q.MotherFirst, iis.FieldGender: string(q.Gender),
	} {
		if v != "" {
			typed[f] = v
		}
	}
	err := s.reg.StageClient(r.Context(), actor(r), registry.Form{
		Organization: actor(r).Organization, Typed: typed, Do: registry.DoKeep, Tab: tabInfo,
	})
	if err != nil {
		return err
	}
	return done(w, r, "/clients/new?at=top", "")
}
