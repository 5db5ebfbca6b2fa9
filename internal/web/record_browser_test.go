package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/webtest"
)

func reportsOf(id iis.ClientID) string { return "/clients/" + string(id) + "/reports" }

// issueForm is the form on the reports page that issues a record.
func issueForm(v webtest.Visitor) webtest.Visitor {
	return v.Within(`form.issue[action$="/records"]`)
}

// issued issues a record for a client on the reports page and returns its code.
func issued(v webtest.Visitor, id iis.ClientID) string {
	v.Open(reportsOf(id))
	issueForm(v).Press("Open an official immunization record")
	path, _, _ := strings.Cut(v.Path(), "?")
	return path[strings.LastIndex(path, "/")+1:]
}

// TestIssueRecord issues a record in two languages, verifies it by its code as
// somebody else, sees its doses by the birth date, and sees on the record and by
// its code that it has changed when a dose has.
func TestIssueRecord(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		s.immunized()
		signIn(v, "viewer")
		v.Open(reportsOf(sample.Rainbow))
		v.Sees("The Spanish labels have not been reviewed by a native speaker.")
		form := issueForm(v)
		form.Choose("Language", "English + Spanish")
		form.Tick("Include recommendations")
		form.Press("Open an official immunization record")
		v.SeesStatus("Record issued")
		record := v.Within("article.paper")
		record.Sees("Official immunization record / Registro oficial de vacunas", "Sample Department of Health", "BRIGHT, RAINBOW FANCYPANTS", "02/14/2015",
			"14883406", "Issued by / Emitido por Test Clinic", "DTaP-Hep B-IPV [Pediarix]", "04/16/2015", "Not valid / No válida", "CVX 9990",
			"Immunity / Inmunidad", "Recommendations / Recomendaciones", "Demonstration data. Do not use for care.")
		record.SeesNot("Comments / Comentarios", "UNICORN", "CLOUDNINE", "651-201-4629", "Riverside")
		path, _, _ := strings.Cut(v.Path(), "?")
		code := path[strings.LastIndex(path, "/")+1:]
		record.Sees(paper.GroupedCode(code))

		v.Open(reportsOf(sample.Rainbow))
		v.Sees("Printed before", iis.DateOf(s.now.now().UTC()).US()+" by ", paper.GroupedCode(code), "English + Spanish, with recommendations")
		v.Open("/clients/" + string(sample.Rainbow) + "/history/views")
		v.Sees("Printed: official immunization record " + paper.GroupedCode(code))

		family := v.Again(t)
		family.Open("/verify")
		ask := family.Within("main form")
		ask.Fill("Code on the record / Código del registro", "BRIGHT, RAINBOW")
		ask.Press("Verify / Verificar")
		family.Within(".summary").Sees("This is not a code of a record")
		if strings.Contains(family.Path(), "BRIGHT") {
			t.Errorf("what was typed stands in the address %s", family.Path())
		}
		ask.Fill("Code on the record / Código del registro", strings.ToLower(paper.GroupedCode(code)))
		ask.Press("Verify / Verificar")
		family.SeesStatus("for initials R.B., born 2015, 6 doses, not changed since.")
		family.SeesNot("Pediarix", "RAINBOW", "14883406", "02/14/2015")
		ask.Fill("Birth date / Fecha de nacimiento", "02/15/2015")
		ask.Press("Show the doses / Mostrar las dosis")
		family.Within(".summary").Sees("This is not the birth date on the record")
		family.SeesNot("Pediarix")
		s.now.pass(time.Minute)
		ask.Fill("Birth date / Fecha de nacimiento", "2/14/15")
		ask.Press("Show the doses / Mostrar las dosis")
		family.Sees("DTaP-Hep B-IPV [Pediarix]", "04/16/2015")
		family.SeesNot("RAINBOW", "14883406")
		v.Open("/clients/" + string(sample.Rainbow) + "/history/views")
		v.Sees("Someone with the code, not signed in", "Verified by its code", "wrong birth date")

		s.immunize(demoClerk, sample.Rainbow, shotOf{"g1", "Administered", "07/08/2015", "20", nil})
		family.Open("/verify/" + code)
		family.SeesStatus("Changed since: ask for a new one.")
		if family.Has("#f-birth") {
			t.Error("a record that has changed asks for the birth date")
		}
		v.Open(path)
		v.Sees("Changed since.")
		v.SeesNot("Pediarix")
		v.Open(path + "/pdf")
		v.Sees("Changed since.")
		v.Within("form.issue").Press("Open")
		v.SeesStatus("Record issued")
		v.Sees("07/08/2015")
	})
}

// TestPrintConfidential holds that the confidential print lacks what it says it
// leaves out, and the other one does not.
func TestPrintConfidential(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		s.immunized()
		signIn(v, "clerk")
		rec := s.record(sample.Rainbow, sample.TestClinic)
		left := []string{rec.Client.Address.Street, "201-4629", strings.ToUpper(rec.Client.MotherMaidenLast), "R. Nurse", "Test Clinic shown"}
		if rec.Membership.ChartNumber != "" {
			left = append(left, rec.Membership.ChartNumber)
		}
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/print")
		print := v.Within(".sheets")
		print.Sees(left...)
		print.Sees("RAINBOW FANCYPANTS BRIGHT", "04/16/2015", "Recommended by ACIP schedule")
		print.SeesNot("Left out of this print")
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/print?confidential=1")
		print.SeesNot(append(left, "Riverside Clinic", "Test Clinic")...)
		print.Sees("RAINBOW FANCYPANTS BRIGHT", "04/16/2015", "Recommended by ACIP schedule", "Left out of this print",
			"the address and the phone number", "the chart number", "the mother's maiden name", "the names of the organizations", "who printed it")
		for _, c := range rec.Comments {
			print.Sees(c.Code.Label())
		}
	})
}

// TestNeeded opens what a family needs next.
func TestNeeded(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		s.immunized()
		signIn(v, "viewer")
		v.Open(reportsOf(sample.Rainbow))
		form := v.Within(`form[action$="/needed"]`)
		form.Choose("Language", "English + Spanish")
		form.Press("Open immunizations needed")
		v.Within("article.paper").Sees("Immunizations needed / Vacunas que se necesitan", "MMR", "sarampión, paperas, rubéola", "Overdue / Atrasada")
		v.Open("/clients/" + string(sample.Rainbow) + "/history/views")
		v.Sees("Printed: immunizations needed")
	})
}

// TestVerifyTellsNothing: for a code that was never given, for a locked and for a
// deceased client the page is the same, byte for byte but for the code, whether
// or not a birth date is typed, and after too many questions it is that for every
// code.
func TestVerifyTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		nobody := s.caller("", "")
		ask := func(id iis.ClientID, birth string) string {
			at := "/verify/" + recordCode(id)
			var g got
			if birth == "" {
				g = nobody.get(at)
			} else {
				g = nobody.post(at, url.Values{"birth": {birth}})
			}
			g.header.Del("Content-Length") // another code is packed otherwise
			return unnamed(g, id)
		}
		birth := func(id iis.ClientID) string { return s.record(id, sample.RiversideClinic).Client.BirthDate.US() }
		unknown := ask(noClient, "")
		if !strings.HasPrefix(unknown, "404") || !strings.Contains(unknown, "No record can be shown for this code") || !strings.Contains(unknown, "no-store") {
			t.Errorf("an unknown code is answered %s", unknown)
		}
		for _, id := range []iis.ClientID{lockedClient, deadClient} {
			for _, b := range []string{"", birth(id), "01/01/2000"} {
				if got := ask(id, b); got != unknown {
					t.Errorf("client %s, birth date %q: the answer differs from that of an unknown code:\n%s\n\n%s", id, b, got, unknown)
				}
			}
		}
		if got := ask(noClient, "01/01/2000"); got != unknown {
			t.Errorf("an unknown code with a birth date is answered differently:\n%s", got)
		}
		if got := ask(openClient, ""); !strings.Contains(got, "O.O., born 1991, 1 dose") {
			t.Errorf("the code of an open client is answered %s", got)
		}
		wrong := ask(openClient, "01/01/2000")
		if !strings.HasPrefix(wrong, "422") || strings.Contains(wrong, "OPENFIRST") {
			t.Errorf("a wrong birth date is answered %s", wrong)
		}
		if got := ask(openClient, birth(openClient)); got != wrong {
			t.Errorf("the right birth date at once after a wrong one is answered differently")
		}
		s.now.pass(time.Hour)
		if got := ask(openClient, birth(openClient)); !strings.HasPrefix(got, "200") || !strings.Contains(got, "02/03/2023") {
			t.Errorf("the right birth date is answered %s", got)
		}
		for range 120 {
			nobody.get("/verify/" + recordCode(noClient))
		}
		if got := ask(openClient, ""); got != unknown {
			t.Errorf("after 120 questions a code is answered differently from an unknown one:\n%s", got)
		}
		for line := range strings.SplitSeq(s.log.String(), "\n") {
			if strings.Contains(line, recordCode(openClient)) || strings.Contains(line, birth(openClient)) {
				t.Errorf("logged: %s", line)
			}
		}
	})
}

// TestIssueHostile: a record is issued by a form of one's own organization alone,
// a language nobody knows is English, and looking issues nothing.
func TestIssueHostile(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		c := s.account("viewer")
		at := "/clients/" + string(openClient) + "/records"
		prints := func() int {
			n := 0
			for _, e := range s.events(openClient) {
				if e.Action == iis.ActionPrint && e.Detail.Note == "issued" {
					n++
				}
			}
			return n
		}
		if g := c.post(at, url.Values{"org": {string(sample.RiversideClinic)}}); g.status != http.StatusConflict || prints() != 0 {
			t.Errorf("a form of another organization = %d and %d records, want 409 and none", g.status, prints())
		}
		for _, path := range []string{"/reports", "/reports/needed", "/reports/needed/pdf", "/records/" + recordCode(openClient), "/records/" + recordCode(openClient) + "/pdf"} {
			if g := c.get("/clients/" + string(openClient) + path); g.status != http.StatusOK || !strings.Contains(g.header.Get("Cache-Control"), "no-store") {
				t.Errorf("GET %s = %d, %s, want 200 and no-store", path, g.status, g.header.Get("Cache-Control"))
			}
		}
		if prints() != 0 {
			t.Errorf("looking issued %d records", prints())
		}
		g := c.post(at, url.Values{"language": {"xx<script>"}, "do": {"open"}})
		if g.status != http.StatusSeeOther || prints() != 1 {
			t.Fatalf("POST = %d and %d records, want 303 and one", g.status, prints())
		}
		page := c.get(g.header.Get("Location"))
		if strings.Contains(page.body, `lang="es"`) || strings.Contains(page.body, "xx<script>") {
			t.Error("a language nobody knows is not English")
		}
		if !slices.ContainsFunc(s.events(openClient), func(e store.StoredEvent) bool { return e.Detail.Note == "page" }) {
			t.Error("the look at the record is not recorded")
		}
		for _, code := range []string{"NONE", recordCode(lockedClient), recordCode(noClient), "%2e%2e", strings.Repeat("Z", 500)} {
			if g := c.get(at + "/" + code); g.status != http.StatusNotFound {
				t.Errorf("GET /records/%s = %d, want 404", code, g.status)
			}
		}
	})
}
