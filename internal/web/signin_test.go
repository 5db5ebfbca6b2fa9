package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/signin"
)

// TestSignIn follows someone in and out (B5).
func TestSignIn(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.cookies[secureCookie] = "chosen-by-someone-else" // fixation
	b.get("/users").leads("/signin?next=%2Fusers")
	page := b.get("/signin?next=/users").is(http.StatusOK)
	page.sees("main", "recorded")
	if got := page.texts("input[type=password]"); len(got) != 1 {
		t.Errorf("%d fields for a password, want 1", len(got))
	}
	if got := page.attribute("input[type=password]", "autocomplete"); got != "current-password" {
		t.Errorf("autocomplete of the password = %q, want current-password", got)
	}
	for _, wrong := range [][2]string{{"admin", "not the password"}, {"nobody", "not the password"}, {"", ""}} {
		a := b.post("/signin", "user", wrong[0], "password", wrong[1], "next", "/users").is(http.StatusUnprocessableEntity)
		a.sees("#problems", "The user name or the password is not right")
		if strings.Contains(a.body, wrong[1]) && wrong[1] != "" {
			t.Errorf("the page repeats the password")
		}
		if got := a.attribute("input[name=next]", "value"); got != "/users" {
			t.Errorf("next = %q after a refusal, want /users", got)
		}
		s.pass(time.Minute)
	}
	b.post("/signin", "user", "ADMIN", "password", password, "next", "/users").leads("/users")
	token := b.cookies[secureCookie]
	if token == "chosen-by-someone-else" || len(token) < 43 {
		t.Errorf("the session has a token of %d characters that it did not make", len(token))
	}
	b.get("/users").is(http.StatusOK).sees(".strip", "organization Test Clinic user A. Olson role Organization Administrator")
	b.get("/signin").leads("/")

	out := b.post("/signout").leads("/signin?done=signed-out")
	if out.header.Get("Clear-Site-Data") == "" || b.cookies[secureCookie] != "" {
		t.Errorf("signing out leaves something in the browser")
	}
	b.cookies[secureCookie] = token
	b.get("/users").leads("/signin?next=%2Fusers")
	b.get("/signin?done=signed-out").sees("[role=status]", "You are signed out")
}

// TestSessionEnds lets the clock run (B7).
func TestSessionEnds(t *testing.T) {
	s := newSite(t)
	b := s.as("clerk")
	s.pass(signin.Idle - time.Second)
	b.get("/").is(http.StatusOK)
	s.pass(signin.Idle - time.Second)
	b.post("/session").is(http.StatusNoContent) // "Stay signed in"
	for range 30 {                              // the page itself does not keep it alive
		s.pass(time.Minute)
		r := httptest.NewRequest("GET", "https://registry.example/account", nil)
		r.Header.Set("X-Background", "1")
		b.ask(r)
	}
	r := httptest.NewRequest("POST", "https://registry.example/account", nil)
	r.Header.Set("X-Background", "1")
	b.ask(r).is(http.StatusUnauthorized)
	b.get("/account").leads("/signin?next=%2Faccount")
	b.post("/account").leads("/signin?next=%2Faccount")
	b.post("/signout").leads("/signin")
}

// TestAccount changes a password and signs out others.
func TestAccount(t *testing.T) {
	s := newSite(t)
	const fresh = "copper lantern violin"
	one, two := s.as("clerk"), s.as("clerk")
	s.as("clerk")
	a := one.get("/account").is(http.StatusOK)
	a.sees("main", "User name clerk")
	if got := len(a.texts(".rows li")); got != 3 {
		t.Errorf("%d sessions listed, want 3", got)
	}
	one.post("/account", "do", "others").leads("/account?done=signed-out-there")
	two.get("/account").leads("/signin?next=%2Faccount")
	one.get("/account?done=signed-out-there").is(http.StatusOK).sees("[role=status]", "Signed out everywhere else")

	three := s.as("clerk")
	before := one.cookies[secureCookie]
	bad := one.post("/account", "do", "password", "old", "wrong", "new", fresh, "again", fresh).is(http.StatusUnprocessableEntity)
	bad.sees("#f-old-error", "not your present password")
	bad.sees("title", "Error: ")
	if strings.Contains(bad.body, fresh) {
		t.Errorf("the page repeats the new password")
	}
	s.pass(time.Minute)
	one.post("/account", "do", "password", "old", password, "new", "passwordpassword", "again", "passwordpassword").
		is(http.StatusUnprocessableEntity).sees("#f-new-error", "among the first")
	one.post("/account", "do", "password", "old", password, "new", fresh, "again", fresh).leads("/account?done=password")
	if one.cookies[secureCookie] == before {
		t.Errorf("the token is the same after the change of password")
	}
	one.get("/account").is(http.StatusOK)
	three.get("/account").leads("/signin?next=%2Faccount")
	one.post("/account", "do", "something").is(http.StatusBadRequest)
}

// TestShortcuts turns the single keys off.
func TestShortcuts(t *testing.T) {
	s := newSite(t)
	b := s.as("clerk")
	if a := b.get("/"); !strings.Contains(a.body, " data-keys>") {
		t.Errorf("the keys are off to begin with")
	}
	b.post("/account", "do", "keys").leads("/account?done=shortcuts")
	if a := b.get("/"); strings.Contains(a.body, " data-keys>") {
		t.Errorf("the keys are on after turning them off")
	}
	b.post("/account", "do", "keys", "keys", "Yes")
	if a := b.get("/"); !strings.Contains(a.body, " data-keys>") {
		t.Errorf("the keys are off after turning them on")
	}
}

// TestMustSet expects a password given by another to be changed first.
func TestMustSet(t *testing.T) {
	s := newSite(t)
	b := s.as("clerk")
	u := s.user("clerk")
	u.MustSet = true
	s.put(u)
	b.get("/").leads("/account")
	b.get("/account").is(http.StatusOK).sees("main", "given to you by someone else")
	b.post("/account", "do", "password", "old", password, "new", "copper lantern violin", "again", "copper lantern violin").leads("/account?done=password")
	b.get("/").is(http.StatusOK)
}

// TestOtherTab submits a form left open while another organization was switched
// to (A9).
func TestOtherTab(t *testing.T) {
	s := newSite(t)
	b := s.as("floater")
	left := b.org
	to := "clinic"
	if left == to {
		to = "river"
	}
	before := b.cookies[secureCookie]
	b.post("/organization", "to", to).leads("/?done=switched")
	if b.cookies[secureCookie] == before {
		t.Errorf("the token is the same after switching")
	}
	b.get("/account").sees(".strip", string(s.organization(to)))
	for _, route := range s.Routes() {
		if route.Method != "POST" || !formOfOrganization(route) || route.Policy != SignedIn && route.Policy != iis.ViewClient {
			continue
		}
		b.org = left
		a := b.post(concrete(route.Path), "to", left, "do", "others", "last", "DUCK", "q", "DUCK")
		if a.status != http.StatusConflict {
			t.Errorf("POST %s from before the switch = %d, want 409", route.Path, a.status)
		}
	}
	b.org = ""
	b.post("/account", "do", "others").is(http.StatusConflict)
}

// TestCookieOnLoopback uses the plain cookie over HTTP on this machine, and
// nowhere else.
func TestCookieOnLoopback(t *testing.T) {
	s := newSite(t)
	ts := httptest.NewServer(s)
	defer ts.Close()
	ask := func(change func(*http.Request)) string {
		t.Helper()
		r, err := http.NewRequest("POST", ts.URL+"/signin", strings.NewReader("user=clerk&password="+password))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return strings.Join(res.Header["Set-Cookie"], "\n")
	}
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		secure bool
	}{
		{"127.0.0.1", func(*http.Request) {}, false},
		{"localhost", func(r *http.Request) { r.Host = "localhost:8080" }, false},
		{"another host name", func(r *http.Request) { r.Host = "registry.example" }, true},
		{"a name like localhost", func(r *http.Request) { r.Host = "localhost.evil.example" }, true},
		{"behind a proxy", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") }, true},
	} {
		got := ask(test.change)
		name, _, _ := strings.Cut(got, "=")
		if want := map[bool]string{true: secureCookie, false: plainCookie}[test.secure]; name != want || strings.Contains(got, "; Secure") != test.secure {
			t.Errorf("%s: cookie %s, Secure: %t; want %s, %t", test.name, name, strings.Contains(got, "; Secure"), want, test.secure)
		}
	}
}

// TestInvitation follows a new user from the invitation to the first page.
func TestInvitation(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	admin.post("/users/new", "user_name", "n.new", "name", "N. New", "email", "not an address", "role", string(iis.TypicalUser)).
		is(http.StatusUnprocessableEntity).sees("#f-email-error", "name@example.org")
	admin.post("/users/new", "user_name", "Clerk", "name", "N. New", "role", string(iis.TypicalUser)).
		is(http.StatusUnprocessableEntity).sees("#f-user_name-error", "taken")
	link := admin.post("/users/new", "user_name", "n.new", "name", "N. New", "role", string(iis.TypicalUser)).is(http.StatusOK).text("code")
	path, ok := strings.CutPrefix(link, "https://registry.example")
	if !ok || !strings.HasPrefix(path, "/invite/") {
		t.Fatalf("link = %q, want one of this site", link)
	}
	admin.get("/users").sees("tbody tr", "N. New n.new Typical User Invited never")

	b := s.browser()
	b.get(path).is(http.StatusOK).sees("main", "n.new")
	b.post(path, "new", "short", "again", "short").is(http.StatusUnprocessableEntity).sees("#f-new-error", "at least 12")
	b.post(path, "new", "copper lantern violin", "again", "copper lantern viola").is(http.StatusUnprocessableEntity).sees("#f-again-error", "differ")
	b.post(path, "new", "copper lantern violin", "again", "copper lantern violin").leads("/")
	b.get("/").is(http.StatusOK).sees(".strip", "user N. New")
	s.browser().get(path).is(http.StatusNotFound)
	s.browser().post(path, "new", "copper lantern violin", "again", "copper lantern violin").is(http.StatusNotFound)
}
