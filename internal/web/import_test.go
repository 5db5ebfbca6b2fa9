package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
	"openiis.org/iis/internal/webtest"
)

// roster is a file with a row of each outcome for Test Clinic.
const roster = "last_name,first_name,birth_date,gender,phone,email\n" +
	"Neu,Nora,03/04/2019,F,,\n" +
	"Duck,Don,2009-09-21,,,don@example.org\n" +
	"Duck,Don,2009-09-21,F,,\n" +
	"=Bad,@Bea,02/30/2011,F,,\n" +
	"Secret,Selma,1988-12-09,F,,\n"

// campus is a file as a school information system writes it, with a date and a
// gender that cannot be read.
const campus = "student.studentNumber,student.lastName,student.firstName,student.birthdate,student.gender,student.grade,student.address.city\n" +
	"S-1,Neu,Nora,21.03.2019,Female,K,Winona\n" +
	"S-2,Alt,Albert,04.05.2018,m,01,\n" +
	"S-3,Bad,Bea,31.02.2018,F,01,\n" +
	"S-4,Bad,Ben,02/30/18,robot,01,\n"

// strangers are people of whom nobody is on file.
var strangers = func() string {
	var b strings.Builder
	b.WriteString("last_name,first_name,birth_date,gender\n")
	for i := range 25 {
		fmt.Fprintf(&b, "%s,Sam,%d-01-%02d,M\n", strings.Repeat(string(rune('A'+i)), 6), 1980+i, i+1)
	}
	return b.String()
}()

// halfChecked is a file of which half the rows were looked at when the program
// ended.
func (s *site) halfChecked() string {
	s.t.Helper()
	admin := s.account("admin")
	at := admin.sent("clients", strangers)
	id := strings.TrimPrefix(at, "/import/")
	err := s.db.Update(s.t.Context(), func(tx *store.Tx) error {
		u, err := tx.Upload(s.t.Context(), id)
		if err != nil {
			return err
		}
		u.State = store.UploadChecking
		for no := range 12 {
			row := store.UploadRow{No: no + 1, Line: no + 2, Cells: []string{"Aaaaaa", "Sam", "1980-01-01", "M"}, Outcome: "new"}
			if err := tx.AddUploadRow(s.t.Context(), id, row); err != nil {
				return err
			}
		}
		return tx.SetUpload(s.t.Context(), u, store.UploadColumns)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return at
}

// demoAdmin is the administrator who sends files.
var demoAdmin = iis.Actor{User: "user-admin", UserName: "admin", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}

// sendFile posts a file as a browser does.
func (c *caller) sendFile(kind, text string) got {
	c.s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("org", string(c.org))
	m.WriteField("kind", kind)
	f, err := m.CreateFormFile("file", "roster.csv")
	if err != nil {
		c.s.t.Fatal(err)
	}
	f.Write([]byte(text))
	m.Close()
	return c.ask(http.MethodPost, "/import", &b, m.FormDataContentType())
}

// uploaded sends the roster and returns the address of its check.
func (s *site) uploaded(user string) string {
	s.t.Helper()
	return s.account(user).checked("clients", roster)
}

// sent sends a file and returns its address, at which its columns are shown.
func (c *caller) sent(kind, text string) string {
	c.s.t.Helper()
	g := c.sendFile(kind, text)
	if g.status != http.StatusSeeOther {
		c.s.t.Fatalf("POST /import = %d, want the columns of the file", g.status)
	}
	return g.header.Get("Location")
}

// checked sends a file, leaves its columns as they are guessed, and has it checked.
func (c *caller) checked(kind, text string) string {
	c.s.t.Helper()
	at := c.sent(kind, text)
	if g := c.post(at, c.columns(at, "check")); g.status != http.StatusSeeOther || g.header.Get("Location") != at {
		c.s.t.Fatalf("check = %d %s, want the file again", g.status, g.header.Get("Location"))
	}
	return at
}

// columns is the form of a file's columns as it stands on its page.
func (c *caller) columns(at, do string) url.Values {
	c.s.t.Helper()
	page := c.get(at).body
	form := url.Values{"do": {do}}
	for _, m := range regexp.MustCompile(`(?s)<select[^>]* name="([a-z]+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		chosen := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(m[0])
		if chosen == nil {
			c.s.t.Fatalf("nothing is chosen in %s", m[0])
		}
		form.Add(m[1], chosen[1])
	}
	return form
}

// taken approves a file and returns the address of its batch.
func (c *caller) taken(at string) string {
	c.s.t.Helper()
	if g := c.post(at, url.Values{"do": {"approve"}}); g.status != http.StatusSeeOther || g.header.Get("Location") != at {
		c.s.t.Fatalf("approval = %d %s, want the file", g.status, g.header.Get("Location"))
	}
	path, _, _ := strings.Cut(c.get(at).header.Get("Location"), "?")
	if !strings.HasPrefix(path, "/imports/") {
		c.s.t.Fatalf("a file that was taken in leads to %q, want its batch", path)
	}
	return path
}

// imported takes the roster in and returns the address of its batch.
func (s *site) imported(user string) string {
	s.t.Helper()
	return s.account(user).taken(s.uploaded(user))
}

// uploads are the tables that hold files that are not taken in.
var uploads = []string{"upload", "upload_row", "upload_body", "upload_columns"}

// TestImportPages: a file is checked, approved once and undone; the check changes
// nothing, and nobody else sees the file.
func TestImportPages(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		admin := s.account("admin")
		before := s.record(sample.Don, sample.TestClinic)
		unchanged := storetest.Snapshot(t, s.data, append(notSaved, uploads...)...)
		check := s.uploaded("admin")
		if diff := gocmp.Diff(unchanged, storetest.Snapshot(t, s.data, append(notSaved, uploads...)...)); diff != "" {
			t.Errorf("a check changed something (-before +after):\n%s", diff)
		}
		page := admin.get(check)
		for _, want := range []string{"New <span", "Changed <span", "Close matches <span", "Errors <span", "Birth Date",
			"may be the client " + string(sample.Don), "Enter close matches"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the check does not hold %q", want)
			}
		}
		bad := admin.get(check + "/rows.csv")
		if kind := bad.header.Get("Content-Type"); bad.status != http.StatusOK || !strings.HasPrefix(kind, "text/csv") || !strings.Contains(bad.body, "'=Bad,'@Bea,02/30/2011,F,,,5,") {
			t.Errorf("the rows that are not taken in = %d %s:\n%s", bad.status, kind, bad.body)
		}
		for _, other := range []*caller{s.account("helpdesk"), s.caller("", "")} {
			for _, path := range []string{check, check + "/rows.csv"} {
				if g := other.get(path); g.status == http.StatusOK || strings.Contains(g.body, "Nora") {
					t.Errorf("GET %s by another = %d", path, g.status)
				}
			}
			if g := other.post(check, url.Values{"do": {"approve"}}); g.status == http.StatusSeeOther && !strings.HasPrefix(g.header.Get("Location"), "/signin") {
				t.Errorf("approval by another = %d %s", g.status, g.header.Get("Location"))
			}
		}
		if g := s.account("clerk").get(check); g.status != http.StatusForbidden {
			t.Errorf("the check for a Typical User = %d, want 403", g.status)
		}
		batch := admin.taken(check)
		if got := s.record(sample.Don, sample.TestClinic).Client.Email; got != "don@example.org" {
			t.Errorf("e-mail after the approval = %q, want that of the file", got)
		}
		if g := admin.post(check, url.Values{"do": {"approve"}}); g.status != http.StatusConflict {
			t.Errorf("the second approval = %d, want 409", g.status)
		}
		if g := admin.get(batch); g.status != http.StatusOK || !strings.Contains(g.body, "Undo this import") {
			t.Errorf("the batch = %d without its Undo", g.status)
		}
		again := admin.get(s.uploaded("admin"))
		if !strings.Contains(again.body, "The same file was taken in before") {
			t.Error("the check of the same file does not say so")
		}
		if g := admin.post(batch, nil); g.status != http.StatusSeeOther {
			t.Errorf("undo = %d, want the batch again", g.status)
		}
		after := s.record(sample.Don, sample.TestClinic)
		if after.Client.Email != before.Client.Email || len(after.Aliases) != len(before.Aliases) {
			t.Errorf("the record after the undo has the e-mail %q, want %q", after.Client.Email, before.Client.Email)
		}
		if g := admin.post(batch, nil); g.status != http.StatusConflict {
			t.Errorf("undo again = %d, want 409", g.status)
		}
		if g := admin.get("/import"); !strings.Contains(g.body, "undone") {
			t.Error("the list does not say that the file was undone")
		}
	})
}

// TestImportJourney: a file with columns of its own is read as a person says, its
// close matches become what he chooses, and it is undone.
func TestImportJourney(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		at := s.account("admin").sent("clients", "Familienname,First,dob,sex\nNeu,Nora,21.03.2019,Female\nDuck,Donald,21.09.2009,M\nBad,Bea,31.02.2018,F\n")
		signIn(v, "admin")
		v.Open("/import")
		v.Sees("Files not taken in yet", "its columns are to be looked at")
		v.Open(at)
		v.Sees("Columns of the file", "1 is not read", "Choose the columns that are needed")
		v.Holds("First", "First Name")
		v.Holds("dob", "Birth Date")
		v.Holds("Dates are written", "Day first: 21.09.2009")
		v.Press("Check the file")
		v.Sees("No column is read as last name")
		v.Choose("Familienname", "Last Name")
		v.Choose("Dates are written", "Month first: 09/21/2009")
		v.Press("Show the rows as read now")
		v.Sees("not read Birth Date cannot be read")
		v.SeesNot("March 21, 2019")
		v.Choose("Dates are written", "Day first: 21.09.2009")
		v.Press("Show the rows as read now")
		v.Sees("March 21, 2019", "September 21, 2009", "31.02.2018 not read")
		v.Press("Check the file")
		v.Sees("Check of a file", "1 new", "1 close match", "1 error", "It is DUCK, DON, born 09/21/2009")
		v.Choose("Line 3", "It is DUCK, DON, born 09/21/2009")
		v.Press("Keep these choices")
		v.SeesStatus("Choices kept")
		v.Press("Change the columns")
		v.Holds("Familienname", "Last Name")
		v.Choose("sex", "Do not read")
		v.Press("Check the file")
		v.Sees("Not all choices are kept", "What was chosen for line 3 does not count any more")
		v.Press("Change the columns")
		v.Choose("sex", "Gender")
		v.Press("Check the file")
		v.SeesNot("Not all choices are kept")
		v.Holds("Line 3", "It is DUCK, DON, born 09/21/2009")
		v.Choose("Line 3", "It is a new client")
		v.Press("Approve: take the file in")
		v.SeesStatus("File taken in")
		v.Sees("2 new, 1 error", "was not on file and was added")
		batch, _, _ := strings.Cut(v.Path(), "?")
		v.Press("Undo this import")
		v.SeesStatus("Import undone")
		v.Open(batch)
		v.SeesNot("Undo this import")

		// The next file with these columns is read the same way.
		v.Open(s.account("admin").sent("clients", "sex,dob,First,Familienname\nF,01.02.2019,Nadja,Neu\n"))
		v.Holds("Familienname", "Last Name")
		v.Sees("February 1, 2019")
		v.Press("Cancel")
		v.SeesStatus("Nothing was taken in")
	})
}

// TestImportProgress: who comes back finds how far a file is; with the script the page
// goes on by itself.
func TestImportProgress(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		at := s.halfChecked()
		signIn(v, "admin")
		v.Open("/import")
		v.Sees("Checking 12 of 25 rows, waits for its turn")
		v.Open(at)
		v.Sees("Checking the file", "Checking 12 of 25 rows, waits for its turn", "You can leave this page and come back")
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.reg.RunUploads(ctx, func(err error) { t.Errorf("RunUploads: %v", err) })
		}()
		defer func() { stop(); <-ended }()
		for !v.Scripted() && v.Has("[data-working]") {
			v.Press("Show how far it is now")
		}
		v.Sees("Check of a file", "25 rows", "None of 25 rows is of a client on file")
		v.Press("Approve: take the file in")
		v.Sees("Confirm that you have looked at this")
		v.Tick("It is the right file, and its columns are read rightly")
		v.Press("Approve: take the file in")
		for !v.Scripted() && v.Has("[data-working]") {
			v.Press("Show how far it is now")
		}
		v.Sees("25 new")
	})
}

// TestImportForgotten: after a day a file is nobody's any more, and then it is gone.
func TestImportForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		before := storetest.Snapshot(t, s.data, append(notSaved, "upload_columns")...)
		at := s.uploaded("admin")
		s.now.pass(25 * time.Hour)
		if g := s.account("admin").get(at); g.status != http.StatusNotFound {
			t.Errorf("a file of the day before = %d, want 404", g.status)
		}
		if err := s.reg.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(before, storetest.Snapshot(t, s.data, append(notSaved, "upload_columns")...)); diff != "" {
			t.Errorf("what is left of the file (-before +after):\n%s", diff)
		}
	})
}

// TestImportImmunizationsPage: a file of immunizations goes the same way.
func TestImportImmunizationsPage(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	before := len(s.doses(sample.Don))
	check := admin.checked("immunizations", "registry_id,date,cvx,lot\n"+string(sample.Don)+",10/01/2015,141,A1\n999999999,10/01/2015,141,A1\n")
	columns := admin.get(admin.sent("immunizations", "Patient ID;DOB;Vaccination Date;CVX Code;Route;Brand\n1;21.09.2009;31.10.2015;141;im;Nonsense\n1;21.09.2009;31.02.2016;141;;\n"))
	for _, want := range []string{"October 31, 2015", "Influenza", "Intramuscular", "<bdi>31.02.2016</bdi><small>"} {
		if !strings.Contains(columns.body, want) {
			t.Errorf("the rows as they will be read do not hold %q", want)
		}
	}
	if n := strings.Count(columns.body, ">not read<"); n != 1 {
		t.Errorf("%d values are marked as not read, want the date alone", n)
	}
	page := admin.get(check)
	if page.status != http.StatusOK || !strings.Contains(page.body, "there is no client with this registry ID") || strings.Contains(page.body, "Enter close matches") {
		t.Fatalf("the check = %d without the reason of the second row", page.status)
	}
	batch := admin.taken(check)
	if got := s.doses(sample.Don); len(got) != before+1 || got[len(got)-1].Lot != "A1" {
		t.Fatalf("%d immunizations after the approval, want %d", len(got), before+1)
	}
	admin.post(batch, nil)
	if got := s.doses(sample.Don); len(got) != before {
		t.Errorf("%d immunizations after the undo, want %d", len(got), before)
	}
}
