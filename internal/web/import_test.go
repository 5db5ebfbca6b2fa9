package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
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
		fmt.Fprintf(&b, "Stranger%c,Sam,2001-01-%02d,M\n", 'a'+i, i+1)
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
			row := store.UploadRow{No: no + 1, Line: no + 2, Cells: []string{"Stranger", "Sam", "2001-01-01", "M"}, Outcome: "new"}
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
var uploads = []string{"upload", "upload_row", "upload_columns"}

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
	// Who may not import sends no file at all.
	if g := s.account("clerk").sendFile("clients", roster); g.status != http.StatusForbidden {
		t.Errorf("a file of a Typical User = %d, want 403", g.status)
	}
	if g := s.caller("", "").sendFile("clients", roster); g.status != http.StatusSeeOther || !strings.HasPrefix(g.header.Get("Location"), "/signin") {
		t.Errorf("a file of nobody = %d %s, want the sign in", g.status, g.header.Get("Location"))
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
