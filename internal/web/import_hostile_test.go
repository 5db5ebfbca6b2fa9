package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/store/storetest"
)

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
		"400 notes":          {"clients", "last_name," + strings.Repeat("X_,", 400) + "x_\nDuck\n", 422, "more than 400 columns"},
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

// TestImportManyMatches: choices for more close matches than a page holds are kept from
// page to page, and other groups have pages too.
func TestImportManyMatches(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	at := admin.checked("clients", "last_name,first_name,birth_date,gender\n"+strings.Repeat("Duck,Donald,2009-09-21,M\n", 60))
	page := admin.get(at + "?rows=possible").body
	if n := strings.Count(page, "<fieldset"); n != 50 || !strings.Contains(page, "show the next page") {
		t.Fatalf("%d rows to choose for on the first page, want 50 and a next one", n)
	}
	more := regexp.MustCompile(`name="more" value="([^"]*)"`).FindStringSubmatch(page)
	if more == nil {
		t.Fatal("the first page does not say which the next is")
	}
	g := admin.post(at, url.Values{"do": {"next"}, "more": {html.UnescapeString(more[1])}, "choice-1": {"out"}, "choice-50": {"out"}})
	next := admin.get(g.header.Get("Location")).body
	if n := strings.Count(next, "<fieldset"); n != 10 || strings.Contains(next, "show the next page") {
		t.Errorf("%d rows to choose for on the second page, want 10 and no next one", n)
	}
	if n := strings.Count(admin.get(at+"?rows=possible").body, " checked"); n != 2 {
		t.Errorf("%d choices are kept, want 2", n)
	}
	_, people, _ := strings.Cut(strangers, "\n")
	at = admin.checked("clients", strangers+strings.ReplaceAll(people, ",Sam,", ",Tom,")+strings.ReplaceAll(people, ",Sam,", ",Eve,"))
	link := regexp.MustCompile(`<a class="button" href="([^"]*)">Next page`).FindStringSubmatch(admin.get(at + "?rows=new").body)
	if link == nil || strings.Count(admin.get(at+html.UnescapeString(link[1])).body, "<tr>") != 26 {
		t.Errorf("the next page of 75 new rows is %q, want one with 25 and the heading", link)
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
