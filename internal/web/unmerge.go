package web

import (
	"net/http"
	"net/url"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

var unmergePage = newPage[*unmergeScreen]("duplicate/unmerge")

// unmergeScreen asks whether a merge is to be undone, and whose it is what was set
// since.
type unmergeScreen struct {
	Banner   banner
	Path     string // of the client
	Action   string
	IDLabel  string
	Version  int64 // of who has all of it now
	Merge    registry.MergedRecord
	At       string
	Survivor pairPerson // as it was
	Other    pairPerson
	Since    []sortedRow
}

// sortedRow is one thing that was set since.
type sortedRow struct {
	Name    string // of the choice
	What    string
	Choices []Choice
	Chosen  string
}

// Whose it can be, as the form says it.
const (
	ofSurvivor = "survivor"
	ofOther    = "other"
	ofBoth     = "both"
)

func (s *Server) askUnmerge(w http.ResponseWriter, r *http.Request) error {
	sc, err := s.newUnmerge(r)
	if err != nil {
		return err
	}
	return unmergePage.show(w, r, http.StatusOK, sc)
}

func (s *Server) newUnmerge(r *http.Request) (*unmergeScreen, error) {
	m, err := s.reg.Merged(r.Context(), actor(r), clientID(r), r.PathValue("merge"))
	if err != nil {
		return nil, err
	}
	person := func(c iis.Client) pairPerson { return pairPerson{c.ID, bannerName(c.Name), c.BirthDate.US()} }
	sc := &unmergeScreen{
		Banner: s.bannerOf(m.Record, s.today()), Path: clientPath(clientID(r)), Version: m.Record.Client.Version,
		Action: clientPath(clientID(r)) + "/unmerge/" + url.PathEscape(m.Merge), IDLabel: s.reg.Options().IDLabel,
		Merge: m.MergedRecord, At: usDay(m.At), Survivor: person(m.Was[0]), Other: person(m.Was[1]),
	}
	for _, since := range m.Since {
		row := sortedRow{Name: "whose-" + string(since.Field), What: sinceText(m, since), Chosen: ofSurvivor,
			Choices: []Choice{{Value: ofSurvivor, Label: string(m.Into)}, {Value: ofOther, Label: string(m.Other)}}}
		if !since.Row {
			row.Choices = append(row.Choices, Choice{Value: ofBoth, Label: "both"})
		}
		sc.Since = append(sc.Since, row)
	}
	return sc, nil
}

// sinceText says what was set since a merge.
func sinceText(m registry.Merged, since iis.Sorted) string {
	f := since.Field
	row, id, _, isRow := f.Row()
	switch {
	case row == iis.RowMembership:
		return "What " + m.Orgs[iis.OrganizationID(id)] + " says, new"
	case isRow:
		return rowName(row, id, func(f iis.Field) string { return m.Now.Value(f) }, m.Now.Values()) + ", new"
	case f == iis.FieldStreet:
		return "Address: " + orBlank(wholeAddress(m.Now.Client.Address))
	}
	return f.Label() + ": " + orBlank(shownChange(f, since.Old)) + " → " + orBlank(shownChange(f, since.New))
}

// orBlank is a value as text, also of none.
func orBlank(s string) string {
	if s == "" {
		return "(blank)"
	}
	return s
}

// unmerge makes two records of one again and shows them side by side.
func (s *Server) unmerge(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	u := registry.Unmerging{Survivor: clientID(r), Merge: r.PathValue("merge"), Version: versionIn(r.PostForm, clientID(r)), Sorting: iis.Sorting{}}
	for name, values := range r.PostForm {
		f, ok := strings.CutPrefix(name, "whose-")
		if !ok || len(values) == 0 {
			continue
		}
		switch values[0] {
		case ofOther:
			u.Sorting[iis.Field(f)] = iis.Others
		case ofBoth:
			u.Sorting[iis.Field(f)] = iis.Both
		}
	}
	other, err := s.reg.UnmergeClients(r.Context(), actor(r), u)
	if err != nil {
		return err
	}
	return done(w, r, pairPath(clientID(r), other), "unmerged")
}
