package web

import (
	"cmp"
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/registry"
)

// reportScreen is the list of reports for a client.
type reportScreen struct {
	Banner  banner
	Path    string
	MayEdit bool
	Issued  []issuedLine
	Options issueForm

	// Of the summary.
	Printed string // when and by whom
	Screen  *clientScreen
}

// issuedLine is an official record that was printed before.
type issuedLine struct {
	Path, Code, On, By, What string
}

// issueForm is what is chosen when an official record is issued.
type issueForm struct {
	Languages []Choice
	Chosen    paper.Options
	// Unreviewed says that the Spanish labels have not been read by a native
	// speaker.
	Unreviewed bool
}

var (
	reportsPage = newPage[reportScreen]("client/reports")
	summaryPage = newPage[reportScreen]("client/summary")
)

func (s *Server) newIssueForm(chosen paper.Options) issueForm {
	f := issueForm{Chosen: chosen}
	for _, l := range paper.Languages(s.set.EnglishOnly) {
		f.Languages = append(f.Languages, Choice{Value: string(l), Label: l.Label()})
	}
	left, _ := paper.Unreviewed()
	f.Unreviewed = left > 0 && !s.set.EnglishOnly
	return f
}

// showReports lists the reports available for a client.
func (s *Server) showReports(w http.ResponseWriter, r *http.Request) error {
	p, err := s.reg.Reports(r.Context(), actor(r), clientID(r))
	if err != nil {
		return err
	}
	sc := reportScreen{
		Banner: s.bannerOf(p.Record, s.today()), Path: clientPath(p.Record.Client.ID), MayEdit: p.MayEdit,
		Options: s.newIssueForm(paper.Options{Language: paper.English}),
	}
	for _, i := range p.Issued {
		sc.Issued = append(sc.Issued, issuedLine{
			Path: recordPath(p.Record.Client.ID, i.Code), Code: paper.GroupedCode(i.Code), On: usDay(i.At), By: cmp.Or(i.User, i.By), What: issuedWhat(i.Options),
		})
	}
	return reportsPage.show(w, r, http.StatusOK, sc)
}

// issuedWhat says what an issued record holds: "English + Spanish, with comments".
func issuedWhat(o paper.Options) string {
	what := o.Language.Label()
	switch {
	case o.Recommendations && o.Comments:
		what += ", with recommendations and comments"
	case o.Recommendations:
		what += ", with recommendations"
	case o.Comments:
		what += ", with comments"
	}
	return what
}

// printSummary shows the client's details as a page to print; it is recorded as
// printed.
func (s *Server) printSummary(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	rec, err := s.reg.Print(r.Context(), a, clientID(r), "client summary")
	if err != nil {
		return err
	}
	sc := s.newScreen(summaryOf(rec, s.today()), a)
	now := s.set.Now()
	return summaryPage.show(w, r, http.StatusOK, reportScreen{
		Banner: sc.Banner, Path: sc.Action, Screen: sc,
		Printed: usDay(now) + " " + clock(now) + " by " + a.Name + ", " + a.OrgName,
	})
}

// summaryOf is a record as the view-only screen and the print show it: without
// a draft.
func summaryOf(rec iis.Record, today iis.Date) registry.ClientPage {
	return registry.ClientPage{Record: rec, Today: today}
}

// Line is a field of the record in words, for a list without inputs.
func (sc *clientScreen) Line(name string) *Field {
	f := iis.Field(name)
	return newField(name, f.Label(), screenText(f, sc.saved[f]))
}

// contactLine is a contact in a list without inputs.
type contactLine struct {
	Last, First, Relation, Phone, Address, Notices, Primary, Former string
	Undeliverable                                                   bool
}

// AllContacts are the contacts and former addresses, as saved.
func (sc *clientScreen) AllContacts() []contactLine {
	var lines []contactLine
	for _, c := range sc.page.Record.Contacts {
		phone := c.Phone
		if c.Extension != "" {
			phone += " ext. " + c.Extension
		}
		lines = append(lines, contactLine{
			Last: upper(c.Name.Last), First: upper(c.Name.First), Relation: c.Relation.Label(), Phone: phone,
			Address: wholeAddress(c.Address), Notices: yesNo(c.Notices), Primary: yesNo(c.Primary),
			Former: c.Former.US(), Undeliverable: c.Undeliverable,
		})
	}
	return lines
}

// wholeAddress is an address on one line.
func wholeAddress(a iis.Address) string {
	var parts []string
	for _, p := range []string{a.Street, a.Other, a.POBox, upper(a.City), strings.TrimSpace(a.State + " " + a.Zip)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
