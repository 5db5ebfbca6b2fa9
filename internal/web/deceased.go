package web

import (
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// deceasedScreen is the interruption before a client is marked as deceased and
// the record vanishes for every organization (guide 36).
type deceasedScreen struct {
	Banner   banner
	Action   string
	Version  int64
	Others   int // other organizations that have the client
	Died     *Field
	NotKnown bool
	Source   *Field
	LastName *Field
}

var deceasedPage = newPage[deceasedScreen]("client/deceased")

func (s *Server) askDeceased(w http.ResponseWriter, r *http.Request) error {
	page, err := s.reg.Client(r.Context(), actor(r), clientID(r))
	if err != nil {
		return err
	}
	if page.Record.Client.Deceased() {
		return done(w, r, clientPath(clientID(r))+"?tab="+tabInfo, "")
	}
	return s.showDeceased(w, r, http.StatusOK, page, nil)
}

func (s *Server) showDeceased(w http.ResponseWriter, r *http.Request, status int, page registry.ClientPage, problems []iis.Problem) error {
	sc := s.newScreen(page, actor(r))
	sc.problems = problems
	d := deceasedScreen{
		Banner: sc.Banner, Action: sc.Action + "/deceased", Version: sc.Version, Others: page.Others,
		Died: sc.F(string(iis.FieldDied)), Source: sc.F(string(iis.FieldDeathSource)),
		LastName: newField("confirm", "Last name of the client", r.PostForm.Get("confirm")),
		NotKnown: r.PostForm.Get("not-known") == iis.Yes,
	}
	// What was saved of a death that is only being entered is of no interest.
	d.Died.Changed, d.Source.Changed = false, false
	d.Died.Help = "Month, day and year, such as 03/02/2024."
	d.LastName.Help, d.LastName.Limit, d.LastName.Width = "Type it as on the top of this page.", 128, "m up"
	d.LastName.Error = sc.problem("confirm")
	d.Died.Width = "s"
	return deceasedPage.show(w, r, status, d, problems...)
}

// markDeceased answers the interruption: the death and all else that waits in
// the draft are saved together.
func (s *Server) markDeceased(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	id, p := clientID(r), r.PostForm
	page, err := s.reg.Client(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	f, _, err := readClientForm(p)
	if err != nil {
		return err
	}
	f.Client, f.Tab, f.Confirmed = id, tabInfo, page.Draft.Confirmed
	if p.Get(inputDo) == "cancel" {
		f.Do = registry.DoKeep
		f.Typed = iis.Values{iis.FieldStatus: page.Record.Values()[iis.FieldStatus], iis.FieldDied: "", iis.FieldDeathSource: ""}
		if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
			return err
		}
		return done(w, r, clientPath(id)+"?tab="+tabInfo, "")
	}
	f.Typed = iis.Values{
		iis.FieldStatus: string(iis.StatusDeceased),
		iis.FieldDied:   p.Get(string(iis.FieldDied)), iis.FieldDeathSource: p.Get(string(iis.FieldDeathSource)),
	}
	problems := deceasedProblems(f.Typed, p.Get("not-known") == iis.Yes, p.Get("confirm"), page)
	f.DeathConfirmed = len(problems) == 0
	if !f.DeathConfirmed {
		f.Do = registry.DoKeep
		if err := s.reg.StageClient(r.Context(), actor(r), f); err != nil {
			return err
		}
		if page, err = s.reg.Client(r.Context(), actor(r), id); err != nil {
			return err
		}
		return s.showDeceased(w, r, http.StatusUnprocessableEntity, page, problems)
	}
	out, err := s.reg.SaveClient(r.Context(), actor(r), f)
	if ps := iis.ProblemsIn(err); onlyDeath(ps) {
		if page, err = s.reg.Client(r.Context(), actor(r), id); err != nil {
			return err
		}
		return s.showDeceased(w, r, http.StatusUnprocessableEntity, page, ps)
	}
	if err != nil {
		return s.refuse(w, r, id, err)
	}
	return s.saved(w, r, f, "save", out)
}

// deceasedProblems finds what the interruption itself asks for.
func deceasedProblems(typed iis.Values, notKnown bool, confirm string, page registry.ClientPage) []iis.Problem {
	var ps []iis.Problem
	died := strings.TrimSpace(typed[iis.FieldDied])
	switch {
	case died == "" && !notKnown:
		ps = append(ps, iis.Problem{Field: iis.FieldDied, Text: "Date of death is missing: enter it or tick that it is not known."})
	case died != "" && notKnown:
		ps = append(ps, iis.Problem{Field: iis.FieldDied, Text: "Date of death is entered and ticked as not known: clear one of them."})
	}
	if typed[iis.FieldDeathSource] == "" {
		ps = append(ps, iis.Problem{Field: iis.FieldDeathSource, Text: "Source is not chosen: choose who told of the death."})
	}
	saved := page.Record.Values()
	same := func(name string) bool { return strings.EqualFold(strings.TrimSpace(confirm), strings.TrimSpace(name)) }
	if !same(saved[iis.FieldLast]) && !same(page.Draft.Value(saved, iis.FieldLast)) {
		ps = append(ps, iis.Problem{Field: "confirm", Text: "Last name differs from that of the client: type it as on the top of this page."})
	}
	return ps
}

// onlyDeath reports whether every problem is about the interruption's fields.
func onlyDeath(ps []iis.Problem) bool {
	for _, p := range ps {
		if p.Field != iis.FieldDied && p.Field != iis.FieldDeathSource {
			return false
		}
	}
	return len(ps) > 0
}

// undecease takes a death back.
func (s *Server) undecease(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	if err := s.reg.Undecease(r.Context(), actor(r), clientID(r)); err != nil {
		return err
	}
	return done(w, r, clientPath(clientID(r)), "undeceased")
}
