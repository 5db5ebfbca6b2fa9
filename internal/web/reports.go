package web

import (
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// reportScreen is the list of reports for a client, and the summary itself.
type reportScreen struct {
	Banner  banner
	Path    string
	MayEdit bool

	Printed string // when and by whom
	Screen  *clientScreen
}

var (
	reportsPage = newPage[reportScreen]("client/reports")
	summaryPage = newPage[reportScreen]("client/summary")
)

// showReports lists the reports available for a client.
func (s *Server) showReports(w http.ResponseWriter, r *http.Request) error {
	page, err := s.reg.Client(r.Context(), actor(r), clientID(r))
	if err != nil {
		return err
	}
	sc := s.newScreen(page, actor(r))
	return reportsPage.show(w, r, http.StatusOK, reportScreen{Banner: sc.Banner, Path: sc.Action, MayEdit: page.MayEdit})
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
