package web_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/web"
)

// got is an answer as it went over the wire, unpacked.
type got struct {
	status int
	header http.Header
	body   string
}

// everything is the answer as one text.
func (g got) everything() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(g.header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(g.header[name], " | "))
	}
	return fmt.Sprintf("%d\n%s\n%s", g.status, b.String(), g.body)
}

// caller asks a site with one session.
type caller struct {
	s      *site
	cookie *http.Cookie // nil if not signed in
	org    iis.OrganizationID
	client *http.Client
}

func (s *site) caller(u iis.UserID, org iis.OrganizationID) *caller {
	c := &caller{s: s, org: org, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4},
	}}
	s.t.Cleanup(c.client.CloseIdleConnections)
	if u != "" {
		c.cookie = s.session(u, org)
	}
	return c
}

// account is the caller for an account of the demonstration.
func (s *site) account(user string) *caller {
	s.t.Helper()
	for _, a := range sample.Accounts() {
		if a.User.UserName == user {
			return s.caller(a.User.ID, a.Grants[0].Organization)
		}
	}
	s.t.Fatalf("no account %s", user)
	return nil
}

func (c *caller) get(path string) got { return c.ask(http.MethodGet, path, nil, "") }

// post sends a form, with the organization acted for in it.
func (c *caller) post(path string, form url.Values) got {
	v := maps.Clone(form)
	if v == nil {
		v = url.Values{}
	}
	if !v.Has("org") {
		v.Set("org", string(c.org))
	}
	return c.ask(http.MethodPost, path, strings.NewReader(v.Encode()), "application/x-www-form-urlencoded")
}

func (c *caller) ask(method, path string, body io.Reader, kind string) got {
	c.s.t.Helper()
	r, err := http.NewRequestWithContext(c.s.t.Context(), method, c.s.url+path, body)
	if err != nil {
		c.s.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Encoding", "gzip")
	return c.send(r)
}

func (c *caller) send(r *http.Request) got {
	c.s.t.Helper()
	if c.cookie != nil {
		r.AddCookie(c.cookie)
	}
	resp, err := c.client.Do(r)
	if err != nil {
		c.s.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.s.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	if resp.Header.Get("Content-Encoding") == "gzip" && len(raw) > 0 {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			c.s.t.Fatal(err)
		}
		if raw, err = io.ReadAll(z); err != nil {
			c.s.t.Fatal(err)
		}
	}
	return got{resp.StatusCode, resp.Header, string(raw)}
}

// ofClient reports whether a route is about one client.
func ofClient(r web.Route) bool {
	return strings.Contains(r.Path, "{id}") && strings.HasPrefix(r.Path, "/clients/")
}

// concrete fills the wildcards of a route.
func concrete(path string, id iis.ClientID) string {
	return strings.NewReplacer("{$}", "", "/clients/{id}", "/clients/"+string(id), "/users/{id}", "/users/user-clerk",
		"/announcements/{id}", "/announcements/none", "{dose}", "d1", "{problem}", "NONE", "{merge}", "NONE", "{upload}", "NONE", "{batch}", "NONE", "{a}", string(sample.Don), "{b}", string(lockedClient), "{token}", "NONE", "{code}", "NONE", "{record}", recordCode(id), "{topic}", "contacts", "{file}", "app.css").Replace(path)
}

// recordCode is the code of the record that was issued for a client of the
// matrix; nobody was given that of noClient.
func recordCode(id iis.ClientID) string {
	if len(id) < 9 {
		id = noClient
	}
	return "0000" + string(id[len(id)-8:])
}

// forms are what the buttons of a client's screens post, each with a change in
// it that must not get through where it is denied.
func clientForms(path string) []url.Values {
	switch {
	case strings.HasSuffix(path, "/deceased"):
		return []url.Values{{"do": {"save"}, "died": {"01/02/2024"}, "death-source": {iis.DeathSources[0]}, "last-name": {"x"}}}
	case strings.HasSuffix(path, "/records"):
		return []url.Values{{"do": {"open"}, "language": {"en+es"}, "comments": {"Yes"}}, {"do": {"pdf"}}}
	case strings.HasSuffix(path, "/problem"):
		return []url.Values{{"problem": {"wrong"}}, {}}
	case strings.HasSuffix(path, "/record"):
		var list []url.Values
		for _, do := range []string{"save", "draft", "cancel", "resolve", "next", "dose-delete:d1", "dose-undo:d1", "dose-cancel:d1", "ndc:d1"} {
			list = append(list, url.Values{"do": {do}, "version": {"3"}, "dose": {"d1", "d9"}, "dose/d1/lot": {"X1"}, "dose/d1/ndc": {"0006-4681-00"},
				"dose/d9/kind": {"Historical"}, "dose/d9/date": {"01/02/2020"}, "dose/d9/vaccine": {"03"}})
		}
		return list
	case strings.HasSuffix(path, "/{id}"):
		var list []url.Values
		for _, do := range []string{"save", "immunize", "next", "reports", "cancel", "draft", "undeliverable", "resolve",
			"contact-new", "contact-next", "contact-delete", "contact-copy", "contact-select:c1", "contact-undo:c1", "contact-cancel",
			"comment-new", "comment-next", "comment-delete", "comment-select:k1"} {
			list = append(list, url.Values{"do": {do}, "version": {"3"}, "tab": {"contacts"}, "email": {"x@example.org"}, "contact-row": {"c1"}, "comment-row": {"k1"}})
		}
		return list
	}
	return []url.Values{{}}
}

// unnamed takes out of an answer what may differ between two clients of whom
// nothing is told: the ID that was asked for, and the clock.
func unnamed(g got, id iis.ClientID) string {
	g.header = g.header.Clone()
	g.header.Del("Date")
	code := recordCode(id)
	return strings.NewReplacer(string(id), "ID", code, "CODE", paper.GroupedCode(code), "CODE").Replace(g.everything())
}

// TestMatrix asks every route of the program as every role at every type of
// organization and as nobody, for an open client, one locked to another
// organization, a deceased one and one that never was: the status is the
// policy's, no canary shows, and the hidden answer as the unknown one does, byte
// for byte but for the ID (A1 to A3).
func TestMatrix(t *testing.T) {
	s := sqliteSite(t)
	asked := map[string]bool{}
	for _, typ := range iis.OrgTypes {
		for _, role := range iis.Roles {
			c := s.caller(matrixUser(role, typ), matrixOrg(typ))
			a := iis.Actor{User: "x", Organization: c.org, OrgType: typ, Role: role}
			for _, r := range s.web.Routes() {
				if r.Path == "/signout" {
					continue
				}
				asked[r.Method+" "+r.Path] = true
				if !ofClient(r) {
					s.matrixOther(t, c, a, r)
					continue
				}
				s.matrixClient(t, c, a, r)
			}
		}
	}
	for _, r := range s.web.Routes() {
		if !asked[r.Method+" "+r.Path] && r.Path != "/signout" {
			t.Errorf("%s %s was not asked", r.Method, r.Path)
		}
	}
	nobody := s.caller("", "")
	for _, r := range s.web.Routes() {
		for _, id := range []iis.ClientID{openClient, lockedClient, deadClient, noClient} {
			g := nobody.ask(r.Method, concrete(r.Path, id), strings.NewReader(""), "application/x-www-form-urlencoded")
			in := g.status == http.StatusSeeOther && strings.HasPrefix(g.header.Get("Location"), "/signin")
			if in == (r.Policy == web.Public) {
				t.Errorf("nobody: %s %s = %d %s, policy %s", r.Method, r.Path, g.status, g.header.Get("Location"), r.Policy)
			}
			if l := leak(g.everything()); l != "" {
				t.Errorf("nobody: %s %s shows %s", r.Method, r.Path, l)
			}
			if !ofClient(r) {
				break
			}
		}
	}
}

// matrixOther asks a route that is about no client.
func (s *site) matrixOther(t *testing.T, c *caller, a iis.Actor, r web.Route) {
	t.Helper()
	var g got
	if r.Method == http.MethodPost {
		g = c.post(concrete(r.Path, ""), nil)
	} else {
		g = c.get(concrete(r.Path, ""))
	}
	may := r.Policy == web.Public || r.Policy == web.SignedIn || a.May(r.Policy)
	if g.status >= 500 || (g.status == http.StatusForbidden) == may && r.Path != "/signin" {
		t.Errorf("%s at %s: %s %s = %d, may = %v", a.Role, a.OrgType, r.Method, r.Path, g.status, may)
	}
	if l := leak(g.everything()); l != "" && !a.May(iis.SeeHidden) {
		t.Errorf("%s at %s: %s %s shows %s", a.Role, a.OrgType, r.Method, r.Path, l)
	}
}

// matrixClient asks a route about each of the clients.
func (s *site) matrixClient(t *testing.T, c *caller, a iis.Actor, r web.Route) {
	t.Helper()
	forms := []url.Values{nil}
	if r.Method == http.MethodPost {
		forms = clientForms(r.Path)
	}
	for _, form := range forms {
		ask := func(id iis.ClientID) got {
			if r.Method == http.MethodPost {
				return c.post(concrete(r.Path, id), form)
			}
			return c.get(concrete(r.Path, id))
		}
		what := fmt.Sprintf("%s at %s: %s %s %s", a.Role, a.OrgType, r.Method, r.Path, form.Get("do"))
		may := a.May(r.Policy)
		unknown := ask(noClient)
		want := http.StatusNotFound
		if !may {
			want = http.StatusForbidden
		}
		if unknown.status != want && !strings.HasSuffix(r.Path, "/discard") {
			t.Errorf("%s of an unknown client = %d, want %d", what, unknown.status, want)
		}
		for _, id := range []iis.ClientID{lockedClient, deadClient} {
			g := ask(id)
			if a.May(iis.SeeHidden) && may {
				if g.status == http.StatusNotFound && !strings.HasSuffix(r.Path, "/undecease") {
					t.Errorf("%s of hidden client %s = 404, want it seen", what, id)
				}
				continue
			}
			if l := leak(g.everything()); l != "" {
				t.Errorf("%s of client %s shows %s", what, id, l)
			}
			if diff := gocmp.Diff(unnamed(unknown, noClient), unnamed(g, id)); diff != "" {
				t.Errorf("%s of client %s differs from an unknown one (-unknown +hidden):\n%s", what, id, diff)
			}
		}
		g := ask(openClient)
		switch {
		case g.status >= 500:
			t.Errorf("%s of an open client = %d", what, g.status)
		case (g.status == http.StatusForbidden) == may:
			t.Errorf("%s of an open client = %d, may = %v", what, g.status, may)
		case may && g.status == http.StatusNotFound && !strings.HasSuffix(r.Path, "/undecease"):
			t.Errorf("%s of an open client = 404", what)
		}
		if l := leak(g.everything()); l != "" {
			t.Errorf("%s of an open client shows %s", what, l)
		}
	}
}

// TestMatrixChangesNothing expects that no request of a caller who may not edit
// has changed a client, whatever was posted.
func TestMatrixChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		before := map[iis.ClientID]iis.Record{}
		for _, id := range []iis.ClientID{openClient, lockedClient, deadClient} {
			before[id] = s.record(id, sample.RiversideClinic)
		}
		callers := []*caller{s.account("viewer"), s.account("nurse"), s.caller("", "")}
		hidden := []*caller{s.account("clerk"), s.account("admin")} // who may edit, but not these
		for _, r := range s.web.Routes() {
			if !ofClient(r) || r.Method != http.MethodPost {
				continue
			}
			for _, form := range clientForms(r.Path) {
				form.Set("version", "3")
				form.Set("last", "Changed")
				for i := range iis.Confirmable[:3] {
					form.Add("confirmed", iis.Confirmable[i])
				}
				for _, c := range callers {
					c.post(concrete(r.Path, openClient), form)
				}
				for _, c := range hidden {
					c.post(concrete(r.Path, lockedClient), form)
					c.post(concrete(r.Path, deadClient), form)
				}
			}
		}
		for id, was := range before {
			if diff := gocmp.Diff(was, s.record(id, sample.RiversideClinic)); diff != "" {
				t.Errorf("client %s was changed (-was +is):\n%s", id, diff)
			}
		}
		s.view(func(ctx context.Context, tx *store.Tx) error {
			for _, user := range []iis.UserID{"user-viewer", "user-nurse", "user-clerk", "user-admin"} {
				for _, org := range []iis.OrganizationID{sample.TestClinic, sample.LincolnSchool} {
					drafts, err := tx.Drafts(ctx, user, org)
					if err != nil {
						return err
					}
					if len(drafts) > 0 {
						t.Errorf("%s has a draft of client %s", user, drafts[0].Client)
					}
				}
			}
			return nil
		})
	})
}

// queries look for the hidden clients by everything there is about them.
func queries(c iis.Client, chart string) map[string]url.Values {
	born := c.BirthDate.US()
	return map[string]url.Values{
		"name":           {"last": {c.Name.Last}, "first": {c.Name.First}},
		"name and birth": {"last": {c.Name.Last}, "first": {c.Name.First}, "birth": {born}},
		"misspelled":     {"last": {c.Name.Last + "t"}, "first": {c.Name.First}, "birth": {born}},
		"beginning":      {"last": {c.Name.Last[:5]}},
		"former name":    {"last": {strings.TrimSuffix(c.Name.Last, "last") + "former"}, "first": {c.Name.First}},
		"birth date":     {"birth": {born}},
		"phone":          {"phone": {c.Phone}},
		"ID":             {"number": {string(c.ID)}},
		"chart number":   {"number": {chart}},
		"mother":         {"maiden": {c.MotherMaidenLast}, "birth": {born}},
		"address":        {"address": {c.Address.Street}, "birth": {born}},
	}
}

// TestHiddenFromSearch looks for a locked and a deceased client by every field
// of the search, the box in the header, and the check of a new client: the page
// reads as it does for someone who never was (A4 to A6).
func TestHiddenFromSearch(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, user := range []string{"clerk", "admin", "viewer", "nurse"} {
			c := s.account(user)
			for _, id := range []iis.ClientID{lockedClient, deadClient} {
				rec := s.record(id, c.org)
				for name, q := range queries(rec.Client, cmp.Or(rec.Membership.ChartNumber, "CHART-XCanary")) {
					g := c.post("/clients", q)
					if g.status != http.StatusSeeOther {
						t.Fatalf("%s: search by %s = %d, want 303", user, name, g.status)
					}
					at := g.header.Get("Location")
					if l := leak(at); l != "" {
						t.Errorf("%s: search by %s leads to an address with %s", user, name, l)
					}
					g = c.get(at)
					// What was asked is said back, and is all of it.
					for _, asked := range q {
						g.body = removeAll(g.body, asked[0])
					}
					if l := leak(g.body); l != "" || strings.Contains(g.body, "/clients/"+string(id)) {
						t.Errorf("%s: search by %s shows client %s: %s", user, name, id, l)
					}
					if !strings.Contains(g.body, "No client found") && name != "birth date" {
						t.Errorf("%s: search by %s finds something", user, name)
					}
				}
				for _, q := range []string{string(id), rec.Client.Phone, rec.Membership.ChartNumber, rec.Client.Name.Last + " " + rec.Client.Name.First} {
					g := c.post("/find", url.Values{"q": {q}})
					if strings.Contains(g.header.Get("Location"), "/clients/"+string(id)) {
						t.Errorf("%s: the box in the header leads to client %s", user, id)
					}
					g = c.get(g.header.Get("Location"))
					if strings.Contains(g.body, "/clients/"+string(id)) {
						t.Errorf("%s: the box in the header shows client %s", user, id)
					}
				}
			}
			for _, path := range []string{"/", "/clients", "/clients/new", "/organization", "/account", "/immunizations"} {
				if g := c.get(path); g.status == http.StatusOK {
					if l := leak(g.body); l != "" {
						t.Errorf("%s: %s shows %s", user, path, l)
					}
				}
			}
		}
		// The holder finds the locked one, the help desk both.
		for user, ids := range map[string][]iis.ClientID{"clerk2": {lockedClient}, "helpdesk": {lockedClient, deadClient}} {
			c := s.account(user)
			for _, id := range ids {
				rec := s.record(id, c.org)
				g := c.get(c.post("/clients", url.Values{"last": {rec.Client.Name.Last}, "birth": {rec.Client.BirthDate.US()}}).header.Get("Location"))
				if !strings.Contains(g.body, string(id)) {
					t.Errorf("%s does not find client %s", user, id)
				}
			}
		}
	})
}

// removeAll takes a text out of another, as it is and in upper case.
func removeAll(s, text string) string {
	s = strings.ReplaceAll(s, text, "")
	return strings.ReplaceAll(s, strings.ToUpper(text), "")
}

// TestHiddenMeanwhile locks a client while someone else has a draft, a search
// and a conflict of hers open: none of them shows her any more.
func TestHiddenMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		const id = openClient
		c, holder := s.account("clerk"), s.account("clerk2")
		found := c.post("/clients", url.Values{"last": {"Openlast"}, "first": {"Openfirst"}}).header.Get("Location")
		if g := c.get(found); !strings.Contains(g.body, string(id)) {
			t.Fatal("the client is not found while she is open")
		}
		if g := c.post("/clients/"+string(id), url.Values{"do": {"draft"}, "version": {"3"}, "phone": {"651-201-1111"}}); g.status != http.StatusNoContent {
			t.Fatalf("draft = %d, want 204", g.status)
		}
		if g := c.get("/"); !strings.Contains(g.body, "OPENLAST") {
			t.Fatal("the draft is not on the home page")
		}
		if g := holder.post("/clients/"+string(id), url.Values{"do": {"save"}, "version": {"3"}, "sharing": {"No"}, "phone": {"651-201-2222"}}); g.status != http.StatusSeeOther {
			t.Fatalf("lock = %d, want 303", g.status)
		}
		if got := s.record(id, sample.RiversideClinic).Client.LockedTo; got != sample.RiversideClinic {
			t.Fatalf("locked to %q, want %q", got, sample.RiversideClinic)
		}
		hidden := func(what string, g got) {
			t.Helper()
			body := removeAll(removeAll(g.body, "Openlast"), "Openfirst")
			if strings.Contains(strings.ToUpper(body), "OPEN STREET") || strings.Contains(body, "/clients/"+string(id)) || strings.Contains(body, "612-777") ||
				what != "search" && strings.Contains(strings.ToUpper(g.body), "OPENLAST") {
				t.Errorf("%s shows the client who is locked now", what)
			}
		}
		hidden("home", c.get("/"))
		hidden("search", c.get(found))
		for _, path := range []string{"", "/history", "/history/views", "/history/names", "/reports", "/reports/summary", "/discard", "/deceased"} {
			g := c.get("/clients/" + string(id) + path)
			hidden(path, g)
			if g.status != http.StatusNotFound {
				t.Errorf("%s = %d, want 404", path, g.status)
			}
		}
		for _, do := range []string{"save", "draft", "resolve", "cancel"} {
			g := c.post("/clients/"+string(id), url.Values{"do": {do}, "version": {"3"}, "phone": {"651-201-3333"}, "phone-choice": {"yours"}})
			hidden(do, g)
			if g.status != http.StatusNotFound {
				t.Errorf("%s = %d, want 404", do, g.status)
			}
		}
		if got := s.record(id, sample.RiversideClinic).Client.Phone; got != "651-201-2222" {
			t.Errorf("phone = %q, want what the holder saved", got)
		}
	})
}

// TestSwitchedTab submits a form that was opened for one organization after
// switching to another: nothing is saved for the wrong one (A9).
func TestSwitchedTab(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		c := s.caller("user-floater", sample.TestClinic)
		before := s.record(sample.OfTwoClinics, sample.RiversideClinic)
		if g := c.post("/organization", url.Values{"to": {string(sample.RiversideClinic)}}); g.status != http.StatusSeeOther {
			t.Fatalf("switch = %d, want 303", g.status)
		} else if cookies := (&http.Response{Header: g.header}).Cookies(); len(cookies) > 0 {
			c.cookie = cookies[0]
		}
		old := url.Values{"org": {string(sample.TestClinic)}, "version": {"1"}, "chart": {"WRONG-1"}, "phone": {"651-201-1234"}, "sharing": {"No"}}
		for _, do := range []string{"save", "immunize", "next", "reports"} {
			old.Set("do", do)
			g := c.post("/clients/"+string(sample.OfTwoClinics), old)
			if g.status != http.StatusConflict {
				t.Errorf("%s of the old tab = %d, want 409", do, g.status)
			}
		}
		at := "/clients/" + string(sample.OfTwoClinics)
		old["dose"], old["dose/d9/kind"], old["dose/d9/date"], old["dose/d9/vaccine"] = []string{"d9"}, []string{"Historical"}, []string{"01/02/2020"}, []string{"03"}
		for _, path := range []string{"/clients", "/find", "/clients/new", at + "/deceased", at + "/immunizations/record", at + "/immunizations/record/discard", "/problems/x", "/account"} {
			old.Set("do", "save")
			if g := c.post(path, old); g.status != http.StatusConflict {
				t.Errorf("POST %s of the old tab = %d, want 409", path, g.status)
			}
		}
		if n := len(s.doses(sample.OfTwoClinics)); n > 0 {
			t.Errorf("the old tab was saved: %d immunizations", n)
		}
		for _, org := range []iis.OrganizationID{sample.RiversideClinic, sample.TestClinic} {
			rec := s.record(sample.OfTwoClinics, org)
			if rec.Membership.ChartNumber == "WRONG-1" || rec.Client.Phone == "651-201-1234" || rec.Client.LockedTo != "" {
				t.Errorf("the old tab was saved: %+v", rec.Membership)
			}
		}
		if diff := gocmp.Diff(before, s.record(sample.OfTwoClinics, sample.RiversideClinic)); diff != "" {
			t.Errorf("record (-was +is):\n%s", diff)
		}
	})
}
