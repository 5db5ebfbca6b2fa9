package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"openiis.org/iis"
	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/signin"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
	"openiis.org/iis/internal/webtest"
)

func TestMain(m *testing.M) {
	os.Exit(pgtest.Run(func() int { defer webtest.Close(); return m.Run() }))
}

const password = "openiis-demo"

// site is a whole program but for its listener, with invented users of every
// role.
type site struct {
	*Server
	t    testing.TB
	db   *store.DB
	log  *bytes.Buffer
	mu   sync.Mutex
	time time.Time
}

// passwordHash is the hash of password, made once: it takes its time.
var passwordHash = sync.OnceValues(func() (string, error) { return signin.Hash(context.Background(), password) })

var siteOrganizations = []iis.Organization{
	{ID: "clinic", Name: "Test Clinic", Type: iis.Clinic, City: "Saint Paul", Active: true},
	{ID: "river", Name: "Riverside Clinic", Type: iis.Clinic, City: "Minneapolis", Active: true},
	{ID: "school", Name: "Lincoln School", Type: iis.School, City: "Duluth", Active: true},
	{ID: "desk", Name: "Registry", Type: iis.RegistryStaff, City: "Saint Paul", Active: true},
}

var siteUsers = []struct {
	user, name string
	role       iis.Role
	orgs       []iis.OrganizationID
}{
	{"viewer", "V. Reader", iis.ReportsOnly, []iis.OrganizationID{"clinic"}},
	{"clerk", "R. Nurse", iis.TypicalUser, []iis.OrganizationID{"clinic"}},
	{"admin", "A. Olson", iis.OrgAdmin, []iis.OrganizationID{"clinic"}},
	{"clerk2", "C. Rivers", iis.TypicalUser, []iis.OrganizationID{"river"}},
	{"floater", "F. Float", iis.TypicalUser, []iis.OrganizationID{"clinic", "river"}},
	{"nurse", "S. School", iis.TypicalUser, []iis.OrganizationID{"school"}},
	{"helpdesk", "H. Desk", iis.HelpDesk, []iis.OrganizationID{"desk"}},
}

// newSite starts a site on a fresh SQLite database, or on the one opened by
// open.
func newSite(t testing.TB, open ...func(testing.TB, ...store.Option) *store.DB) *site {
	t.Helper()
	s := &site{t: t, log: &bytes.Buffer{}, time: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	if len(open) == 0 {
		open = append(open, storetest.SQLite)
	}
	s.db = open[0](t, store.WithClock(s.now))
	hash, err := passwordHash()
	if err != nil {
		t.Fatal(err)
	}
	s.update(func(ctx context.Context, tx *store.Tx) error {
		for _, o := range siteOrganizations {
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		for _, u := range siteUsers {
			id := iis.UserID("id-" + u.user)
			if err := tx.PutUser(ctx, iis.User{ID: id, UserName: u.user, Name: u.name, State: iis.UserActive, Created: tx.Now}); err != nil {
				return err
			}
			if err := tx.PutPassword(ctx, id, hash); err != nil {
				return err
			}
			for _, o := range u.orgs {
				if err := tx.PutGrant(ctx, iis.Grant{User: id, Organization: iis.Organization{ID: o}, Role: u.role}); err != nil {
					return err
				}
			}
		}
		return tx.PutAnnouncement(ctx, iis.Announcement{ID: "news", Posted: iis.Date{Year: 2020, Month: 7, Day: 8}, Title: "Release 7.22 is live"})
	})
	reg := registry.New(s.db, registry.Options{IDLabel: "MIIC ID", HelpDesk: "help@registry.example", Zone: time.UTC})
	s.Server, err = New(reg, signin.New(s.db, s.now), Settings{
		Region: "Demonstration Region", Release: "0.1", URL: "https://registry.example", Now: s.now,
		Log:  slog.New(slog.NewJSONHandler(s.log, nil)),
		Help: HelpDesk{Email: "help@registry.example", Address: "1 Main Street", Format: "To obtain this information in a different format, call: 555-201-5207"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

// pass lets time go by.
func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

func (s *site) update(f func(ctx context.Context, tx *store.Tx) error) {
	s.t.Helper()
	if err := s.db.Update(s.t.Context(), func(tx *store.Tx) error { return f(s.t.Context(), tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// user returns what is stored of a user.
func (s *site) user(name string) (u iis.User) {
	s.t.Helper()
	s.update(func(ctx context.Context, tx *store.Tx) (err error) {
		u, err = tx.UserByName(ctx, name)
		return err
	})
	return u
}

// browser asks a site for pages as one person's browser does, over TLS.
type browser struct {
	*site
	org     string // acted for; goes with every form
	cookies map[string]string
}

func (s *site) browser() *browser { return &browser{site: s, cookies: map[string]string{}} }

// as returns a browser in which a user has signed in.
func (s *site) as(user string) *browser {
	s.t.Helper()
	b := s.browser()
	a := b.post("/signin", "user", user, "password", password)
	if a.status != http.StatusSeeOther {
		s.t.Fatalf("sign in as %s: %d %s", user, a.status, a.text("main"))
	}
	b.org = b.get("/organization").attribute("input[name=org]", "value")
	return b
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer {
	return b.ask(httptest.NewRequest("GET", "https://registry.example"+path, nil))
}

// post sends a form of alternating names and values.
func (b *browser) post(path string, form ...string) answer {
	v := url.Values{"org": {b.org}}
	for i := 0; i < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return b.send(path, v.Encode())
}

// send posts a body as it is.
func (b *browser) send(path, body string) answer {
	r := httptest.NewRequest("POST", "https://registry.example"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.ask(r)
}

func (b *browser) ask(r *http.Request) answer {
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.Server.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{b.t, res.StatusCode, res.Header, string(body)}
}

// texts returns the text of each element of a page that matches a selector.
func (a answer) texts(selector string) []string {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	var out []string
	for _, n := range cascadia.QueryAll(doc, cascadia.MustCompile(selector)) {
		var b strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				b.WriteString(d.Data + " ")
			}
		}
		out = append(out, strings.Join(strings.Fields(b.String()), " "))
	}
	return out
}

func (a answer) text(selector string) string {
	a.t.Helper()
	return strings.Join(a.texts(selector), " | ")
}

// attribute returns an attribute of the first element that matches.
func (a answer) attribute(selector, name string) string {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	n := cascadia.Query(doc, cascadia.MustCompile(selector))
	if n == nil {
		a.t.Errorf("no %s on the page", selector)
		return ""
	}
	for _, at := range n.Attr {
		if at.Key == name {
			return at.Val
		}
	}
	return ""
}

// sees fails the test unless an element that matches holds the text.
func (a answer) sees(selector, want string) {
	a.t.Helper()
	got := a.texts(selector)
	if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, want) }) {
		a.t.Errorf("status %d, %s = %q, want %q", a.status, selector, got, want)
	}
}

// is fails the test unless the answer has the status.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("status = %d, want %d; %s", a.status, status, a.text("main"))
	}
	return a
}

// leads fails the test unless the answer sends the browser to a path.
func (a answer) leads(path string) answer {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != path {
		a.t.Errorf("Location = %q, want %q", got, path)
	}
	return a
}

// put stores a user.
func (s *site) put(u iis.User) {
	s.t.Helper()
	s.update(func(ctx context.Context, tx *store.Tx) error { return tx.PutUser(ctx, u) })
}

// organization returns the name of an organization.
func (s *site) organization(id string) string {
	for _, o := range siteOrganizations {
		if string(o.ID) == id {
			return o.Name
		}
	}
	return ""
}
