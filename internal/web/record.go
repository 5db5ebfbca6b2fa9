package web

import (
	"html/template"
	"net/http"
	"slices"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/pdf"
	"openiis.org/iis/internal/registry"
)

// recordRoutes are the records printed for a client, and the page on which
// anyone can verify one.
func (s *Server) recordRoutes() []Route {
	return []Route{
		{"GET", "/clients/{id}/reports", iis.PrintClient, s.showReports},
		{"GET", "/clients/{id}/reports/summary", iis.PrintClient, s.printSummary},
		{"GET", "/clients/{id}/reports/needed", iis.PrintClient, s.printNeeded},
		{"GET", "/clients/{id}/reports/needed/pdf", iis.PrintClient, s.neededPDF},
		{"POST", "/clients/{id}/records", iis.PrintClient, s.issueRecord},
		{"GET", "/clients/{id}/records/{record}", iis.PrintClient, s.showRecord},
		{"GET", "/clients/{id}/records/{record}/pdf", iis.PrintClient, s.recordPDF},

		{"GET", "/verify", Public, s.askVerify},
		{"POST", "/verify", Public, s.findVerify},
		{"GET", "/verify/{record}", Public, s.verify},
		{"POST", "/verify/{record}", Public, s.verify},
	}
}

// paperScreen is a printed record as a page.
type paperScreen struct {
	Path    string // of the client
	Client  iis.ClientID
	IDLabel string
	Doc     paperDoc
	PDF     string // address of the same as a PDF; "" if there is none
	Back    string // where the crumb leads
	Up      string // and what it says

	// Of an official record.
	Issued  registry.IssuedRecord
	Changed bool
	Options issueForm
}

// paperDoc is a document with its QR code drawn.
type paperDoc struct {
	paper.Document
	QR template.HTML
}

var (
	paperPage   = newPage[paperScreen]("record/paper")
	changedPage = newPage[paperScreen]("record/changed")
)

// newPaperDoc draws what a document needs besides words.
func newPaperDoc(d paper.Document) (paperDoc, error) {
	p := paperDoc{Document: d}
	for _, b := range d.Blocks {
		if b.Check != nil && b.Check.Address != "" {
			svg, err := pdf.QRSVG(b.Check.Address)
			if err != nil {
				return p, err
			}
			p.QR = template.HTML(svg) // drawn here, of an address made here
		}
	}
	return p, nil
}

// paperSite is what records say of the site.
func (s *Server) paperSite() paper.Site {
	h := s.set.Help
	site := paper.Site{Registry: s.set.Name, Agency: h.Agency, Address: h.Address, Phone: h.Phone, IDLabel: s.reg.Options().IDLabel, Format: h.Format}
	if s.set.Demo {
		site.Demo = "Demonstration data. Do not use for care."
	}
	if s.set.URL != "" {
		site.Verify = s.set.URL + "/verify"
	}
	return site
}

// recordLanguage reads a language that the site prints records in; English if it
// is none of them.
func (s *Server) recordLanguage(asked string) paper.Language {
	if l := paper.Language(asked); slices.Contains(paper.Languages(s.set.EnglishOnly), l) {
		return l
	}
	return paper.English
}

// issueRecord issues an official immunization record and leads to it.
func (s *Server) issueRecord(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	o := paper.Options{
		Language:        s.recordLanguage(r.PostForm.Get("language")),
		Recommendations: r.PostForm.Has("recommendations"), Comments: r.PostForm.Has("comments"),
	}
	code, err := s.reg.Issue(r.Context(), actor(r), clientID(r), o)
	if err != nil {
		return err
	}
	at := recordPath(clientID(r), code)
	if r.PostForm.Get("do") == "pdf" {
		return done(w, r, at+"/pdf", "")
	}
	return done(w, r, at, "record-issued")
}

func recordPath(id iis.ClientID, code string) string { return clientPath(id) + "/records/" + code }

// showRecord shows an official record that was issued as a page to print, or
// that it has changed since.
func (s *Server) showRecord(w http.ResponseWriter, r *http.Request) error {
	i, err := s.reg.IssuedRecord(r.Context(), actor(r), clientID(r), r.PathValue("record"), "page")
	if err != nil {
		return err
	}
	sc := s.newPaper(clientID(r))
	sc.Back, sc.Up, sc.Issued = sc.Path+"/reports", "Reports available for client", i
	if i.Changed {
		sc.Options = s.newIssueForm(i.Options)
		return changedPage.show(w, r, http.StatusOK, sc)
	}
	sc.PDF = recordPath(clientID(r), i.Code) + "/pdf"
	if sc.Doc, err = newPaperDoc(s.official(i)); err != nil {
		return err
	}
	return paperPage.show(w, r, http.StatusOK, sc)
}

func (s *Server) newPaper(id iis.ClientID) paperScreen {
	return paperScreen{Path: clientPath(id), Client: id, IDLabel: s.reg.Options().IDLabel}
}

// official is the document of an issued record. Labels of a language that the
// site no longer prints are left out.
func (s *Server) official(i registry.IssuedRecord) paper.Document {
	i.Options.Language = s.recordLanguage(string(i.Options.Language))
	return paper.Official(i.Facts, i.Options, paper.Issue{Code: i.Code, At: local(i.At), By: i.By}, s.paperSite())
}

// recordPDF sends an official record that was issued as a PDF. Its name is its
// code: no name, and no ID that a passer-by could read.
func (s *Server) recordPDF(w http.ResponseWriter, r *http.Request) error {
	i, err := s.reg.IssuedRecord(r.Context(), actor(r), clientID(r), r.PathValue("record"), "PDF")
	if err != nil {
		return err
	}
	if i.Changed {
		return done(w, r, recordPath(clientID(r), i.Code), "")
	}
	return sendPDF(w, r, s.official(i), "record-"+paper.GroupedCode(i.Code)+".pdf", i.At)
}

// printNeeded shows the immunizations needed, for the family.
func (s *Server) printNeeded(w http.ResponseWriter, r *http.Request) error {
	d, err := s.needed(r)
	if err != nil {
		return err
	}
	sc := s.newPaper(clientID(r))
	sc.Back, sc.Up = sc.Path+"/reports", "Reports available for client"
	sc.PDF = sc.Path + "/reports/needed/pdf?language=" + template.URLQueryEscaper(string(s.recordLanguage(r.URL.Query().Get("language"))))
	if sc.Doc, err = newPaperDoc(d); err != nil {
		return err
	}
	return paperPage.show(w, r, http.StatusOK, sc)
}

func (s *Server) neededPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := s.needed(r)
	if err != nil {
		return err
	}
	return sendPDF(w, r, d, "immunizations-needed.pdf", s.set.Now())
}

func (s *Server) needed(r *http.Request) (paper.Document, error) {
	m, err := s.reg.PrintImmunizations(r.Context(), actor(r), clientID(r), "immunizations needed")
	if err != nil {
		return paper.Document{}, err
	}
	return paper.Needed(m.Facts(), s.recordLanguage(r.URL.Query().Get("language")), s.paperSite()), nil
}
