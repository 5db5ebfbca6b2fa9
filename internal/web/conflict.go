package web

import (
	"net/http"
	"net/url"
	"strings"

	"openiis.org/iis"
)

// conflictScreen shows, field by field, what someone else has saved meanwhile.
type conflictScreen struct {
	Banner    banner
	Action    string
	Version   int64
	Tab       string
	Then      string // the saving button that was pressed
	Confirmed []string
	Rows      []conflictRow
}

// conflictRow is a field that two people changed at once.
type conflictRow struct {
	Input             string // name of the radio buttons
	Of, Label         string
	Was, Theirs, Mine string
	By, At            string // who changed it, and when
	Chosen            string
	Error             string
}

var conflictPage = newPage[conflictScreen]("client/conflict")

// choicePrefix begins the names of the radio buttons of a conflict.
const choicePrefix = "choice:"

// choices reads which value was chosen for each field of a conflict.
func choices(p url.Values) map[iis.Field]string {
	chosen := map[iis.Field]string{}
	for name := range p {
		if f, ok := strings.CutPrefix(name, choicePrefix); ok {
			chosen[iis.Field(f)] = p.Get(name)
		}
	}
	return chosen
}

// showConflict answers a save that met changes of someone else. Nothing was
// saved; all that was typed is in the draft.
func (s *Server) showConflict(w http.ResponseWriter, r *http.Request, id iis.ClientID) error {
	a := actor(r)
	page, err := s.reg.Client(r.Context(), a, id)
	if err != nil {
		return err
	}
	clashes, by, err := s.reg.Clashes(r.Context(), a, id, iis.ScreenClient)
	if err != nil {
		return err
	}
	sc := s.newScreen(page, a)
	d := conflictScreen{
		Banner: sc.Banner, Action: sc.Action, Version: sc.Version, Tab: tabNamed(r.PostForm.Get(inputTab)),
		Then: cameFor(r.PostForm.Get(inputDo)), Confirmed: page.Draft.Confirmed,
	}
	if then := r.PostForm.Get("then"); then != "" {
		d.Then = cameFor(then)
	}
	var problems []iis.Problem
	d.Rows, problems = conflictRows(r, clashes, by, sc.draftValue, sc.saved)
	return conflictPage.show(w, r, http.StatusConflict, d, problems...)
}

// conflictRows are the fields of a conflict, and those that were not settled by
// the form. now gives the value of any field in the draft, was the saved ones:
// rows are named by them.
func conflictRows(r *http.Request, clashes []iis.Clash, by map[iis.Field]iis.Event, now func(iis.Field) string, was iis.Values) (rows []conflictRow, problems []iis.Problem) {
	asked := r.PostForm.Get(inputDo) == "resolve"
	for _, c := range clashes {
		row := conflictRow{
			Input: choicePrefix + string(c.Field), Label: c.Field.Label(),
			Was: screenText(c.Field, c.Was), Theirs: screenText(c.Field, c.Theirs), Mine: screenText(c.Field, c.Yours),
		}
		if kind, rowID, _, ok := c.Field.Row(); ok {
			row.Of = rowName(kind, rowID, now, was)
		}
		if e, ok := by[c.Field]; ok {
			row.By, row.At = e.OrgName, usDay(e.At)+" at "+clock(e.At)
		}
		if row.Chosen = r.PostForm.Get(row.Input); asked && row.Chosen == "" {
			row.Error = row.Label + " is not settled: choose which value to keep."
			problems = append(problems, iis.Problem{Field: iis.Field(row.Input), Text: row.Error})
		}
		rows = append(rows, row)
	}
	return rows, problems
}
