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
		for _, want := range []string{"New <span", "Changed <span", "Close matches <span", "Held <span", "Errors <span", "Birth Date",
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

// TestImportUploads: what is no file of ours is refused with a reason, and a
// cancelled one is forgotten.
func TestImportUploads(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	many := strings.Builder{}
	many.WriteString("last_name,first_name,birth_date\n")
	for i := range 50_001 {
		fmt.Fprintf(&many, "Neu,N%d,2001-01-01\n", i)
	}
	for name, test := range map[string]struct {
		kind, text string
		status     int
		want       string
	}{
		"nothing":            {"clients", "", 422, "File is missing"},
		"no kind":            {"", roster, 422, "is not chosen"},
		"a wrong kind":       {"comments", roster, 422, "is not chosen"},
		"Latin-1":            {"clients", "last_name\nM\xfcller\n", 422, "not text in UTF-8"},
		"NUL":                {"clients", "last_name\nA\x00\n", 422, "not text in UTF-8"},
		"a spreadsheet":      {"clients", "PK\x03\x04", 422, "has no rows"},
		"an open quote":      {"clients", "last_name\n\"" + strings.Repeat("a", 2<<20), 422, "cannot be read"},
		"a first line alone": {"clients", "last_name,first_name\n", 422, "has no rows"},
		"201 columns":        {"clients", strings.Repeat("c,", 200) + "c\n" + strings.Repeat(",", 200) + "\n", 422, "more than 200 columns"},
		"too many rows":      {"clients", many.String(), 422, "more than 50,000 rows"},
		"more than 10 MB":    {"clients", strings.Repeat("x", 11<<20), 413, "too large"},
	} {
		g := admin.sendFile(test.kind, test.text)
		if g.status != test.status || !strings.Contains(g.body, test.want) || strings.Contains(g.body, "<script>window") || broken(g.body) != "" {
			t.Errorf("%s = %d %q, want %d with %q", name, g.status, regexp.MustCompile(`role="alert"[^/]*`).FindString(g.body), test.status, test.want)
		}
	}
	for name, text := range nasty {
		if !strings.Contains(text, "\x00") {
			g := admin.sendFile("clients", "last_name,first_name,birth_date\n\""+strings.ReplaceAll(text, `"`, `""`)+"\",A,2001-01-01\n")
			if g.status == http.StatusSeeOther {
				at := g.header.Get("Location")
				columns := admin.get(at)
				admin.post(at, admin.columns(at, "check"))
				g = admin.get(at)
				g.body += columns.body
				admin.get(at + "/rows.csv")
				admin.post(at, url.Values{"do": {"cancel"}})
			}
			if g.status >= 500 || strings.Contains(g.body, "<script>window") || strings.Contains(g.body, "<img src=x") || broken(g.body) != "" {
				t.Errorf("a file with %s = %d, %q", name, g.status, broken(g.body))
			}
		}
	}
	check := s.uploaded("admin")
	if g := admin.post(check, url.Values{"do": {"cancel"}}); g.status != http.StatusSeeOther {
		t.Errorf("cancel = %d, want the page of files", g.status)
	}
	if g := admin.get(check); g.status != http.StatusNotFound {
		t.Errorf("a cancelled file = %d, want 404", g.status)
	}
	for range 20 {
		admin.sendFile("clients", roster)
	}
	if g := admin.sendFile("clients", roster); g.status != http.StatusUnprocessableEntity || !strings.Contains(g.body, "Too many files") {
		t.Errorf("the 21st file that waits = %d, want 422", g.status)
	}
	// Who may not import sends no file at all.
	if g := s.account("clerk").sendFile("clients", roster); g.status != http.StatusForbidden {
		t.Errorf("a file of a Typical User = %d, want 403", g.status)
	}
	if g := s.caller("", "").sendFile("clients", roster); g.status != http.StatusSeeOther || !strings.HasPrefix(g.header.Get("Location"), "/signin") {
		t.Errorf("a file of nobody = %d %s, want the sign in", g.status, g.header.Get("Location"))
	}
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
		v.Press("Check the file")
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

// TestImportHostile: what no page of ours sends is refused, and changes nothing.
func TestImportHostile(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	at := s.uploaded("admin")
	before := storetest.Snapshot(t, s.data, notSaved...)
	deeds := []url.Values{
		{"do": {"preview"}}, {"do": {"check"}}, {"do": {"again"}}, {"do": {"choose"}}, {"do": {"choose"}, "choice-1": {"new"}},
		{"do": {"approve"}}, {"do": {"cancel"}}, {"do": {"robot"}}, {},
	}
	// Another user, and the same one for another organization.
	others := []*caller{s.account("helpdesk"), s.caller(matrixUser(iis.OrgAdmin, iis.Clinic), matrixOrg(iis.Clinic))}
	for _, c := range others {
		for _, form := range deeds {
			mine, none := c.post(at, form), c.post("/import/NONE", form)
			if mine.status != http.StatusNotFound || unnamedUpload(mine, at) != unnamedUpload(none, "/import/NONE") {
				t.Errorf("POST %v to another's file = %d, to none %d; want the same 404", form, mine.status, none.status)
			}
		}
		for _, path := range []string{"", "?rows=new", "/rows.csv"} {
			mine, none := c.get(at+path), c.get("/import/NONE"+path)
			if mine.status != http.StatusNotFound || unnamedUpload(mine, at) != unnamedUpload(none, "/import/NONE") {
				t.Errorf("GET another's file%s = %d, none %d; want the same 404", path, mine.status, none.status)
			}
		}
	}
	for _, test := range []struct {
		form url.Values
		want int
	}{
		{url.Values{"do": {"robot"}}, 400},
		{url.Values{"do": {"check"}, "column": {"last_name"}, "dates": {"mdy"}}, 409}, // checked already
		{url.Values{"do": {"choose"}, "choice-999": {"new"}}, 404},
		{url.Values{"do": {"choose"}, "choice-1": {"new"}}, 422}, // not a close match
		{url.Values{"do": {"choose"}, "choice-3": {string(lockedClient)}}, 422},
		{url.Values{"do": {"approve"}, "choice-3": {"'; DROP TABLE client; --"}}, 422},
	} {
		if g := admin.post(at, test.form); g.status != test.want || broken(g.body) != "" {
			t.Errorf("POST %v = %d, want %d", test.form, g.status, test.want)
		}
	}
	if diff := gocmp.Diff(before, storetest.Snapshot(t, s.data, notSaved...)); diff != "" {
		t.Errorf("all this changed something (-before +after):\n%s", diff)
	}
	for _, path := range []string{"?rows=robot", "?rows=new&after=x", "?rows=new&after=-5", "?rows=new&after=99999999999999999999", "?names=1&rows=changed"} {
		if g := admin.get(at + path); g.status != http.StatusOK {
			t.Errorf("GET %s = %d, want 200", path, g.status)
		}
	}

	// A column can be read twice, or as what does not exist, by no form of ours.
	open := admin.sent("clients", roster)
	for _, columns := range [][]string{{"last_name"}, {"robot", "", "", "", "", ""}, {"last_name", "last_name", "", "", "", ""}, nil} {
		if g := admin.post(open, url.Values{"do": {"check"}, "column": columns, "dates": {"mdy"}}); g.status != http.StatusUnprocessableEntity {
			t.Errorf("columns %q = %d, want 422", columns, g.status)
		}
	}

	// Of many approvals at once one takes the file in.
	answers := make(chan int, 8)
	for range cap(answers) {
		go func() { answers <- admin.post(at, url.Values{"do": {"approve"}}).status }()
	}
	won := 0
	for range cap(answers) {
		switch status := <-answers; status {
		case http.StatusSeeOther:
			won++
		case http.StatusConflict:
		default:
			t.Errorf("approval = %d, want 303 or 409", status)
		}
	}
	if won != 1 {
		t.Errorf("%d of 8 approvals at once took the file in, want 1", won)
	}
}

// unnamedUpload is an answer without the address of the file it is about.
func unnamedUpload(g got, at string) string {
	g.header = g.header.Clone()
	g.header.Del("Date")
	return strings.ReplaceAll(g.everything(), at, "FILE")
}

// TestImportWide: 200 columns are shown, and no text of a file becomes a formula of the
// spreadsheet that opens the rows that are not taken in.
func TestImportWide(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	head, cells := "last_name", "Wide"
	for i := range 199 {
		head += fmt.Sprintf(",=cmd|'/c calc'!A%d", i)
		cells += fmt.Sprintf(",@SUM(A%d)", i)
	}
	at := admin.sent("clients", head+"\n"+cells+"\n")
	page := admin.get(at)
	if n := strings.Count(page.body, `<select id="column-`); page.status != http.StatusOK || n != 200 {
		t.Errorf("the page of 200 columns = %d with %d selects", page.status, n)
	}
	admin.post(at, admin.columns(at, "check"))
	bad := admin.get(at + "/rows.csv")
	for line := range strings.Lines(bad.body) {
		for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			if cell = strings.Trim(cell, `"`); cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("a cell of the rows that are not taken in is %q, a formula", cell)
			}
		}
	}
	if strings.Count(bad.body, "\n") != 2 || !strings.Contains(bad.body, "'@SUM(A0)") || !strings.Contains(bad.body, "'=cmd|") {
		t.Errorf("the rows that are not taken in:\n%s", bad.body)
	}
	// Mended, it is a file with the same columns.
	again := admin.sent("clients", bad.body)
	if got := admin.columns(again, "check")["column"][:1]; got[0] != "last_name" {
		t.Errorf("the first column of the mended file is read as %q, want last_name", got[0])
	}
}

// TestImportImmunizationsPage: a file of immunizations goes the same way.
func TestImportImmunizationsPage(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	before := len(s.doses(sample.Don))
	check := admin.checked("immunizations", "registry_id,date,cvx,lot\n"+string(sample.Don)+",10/01/2015,141,A1\n999999999,10/01/2015,141,A1\n")
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
