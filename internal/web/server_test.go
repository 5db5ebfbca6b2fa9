package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openiis.org/iis"
)

// TestRouteWithoutPolicy expects the program not to start (A2).
func TestRouteWithoutPolicy(t *testing.T) {
	s := newSite(t)
	err := s.register(append(s.table(), Route{"GET", "/forgotten", "", s.home}))
	if err == nil || !strings.Contains(err.Error(), "/forgotten") {
		t.Errorf("register of a route without a policy = %v, want an error that names it", err)
	}
	known := slices.Concat([]iis.Permission{Public, SignedIn}, iis.Permissions)
	for _, r := range s.Routes() {
		if !slices.Contains(known, r.Policy) {
			t.Errorf("route %s %s has the unknown policy %q", r.Method, r.Path, r.Policy)
		}
	}
}

// concrete fills the wildcards of a route's path.
func concrete(path string) string {
	return strings.NewReplacer("{$}", "", "{id}", "1", "{token}", "none", "{code}", "NONE22", "{topic}", "contacts",
		"{search}", "none", "{file}", strings.TrimPrefix(staticURL("app.css"), "/static/")).Replace(path)
}

// TestRoutes asks every route as nobody and as every kind of user, and expects
// what the policy says: nobody is sent to sign in, who may not gets 403, who may
// gets anything else, and no one a fault.
func TestRoutes(t *testing.T) {
	s := newSite(t)
	for _, route := range s.Routes() {
		path := concrete(route.Path)
		ask := func(b *browser) answer {
			if route.Method == "POST" {
				return b.post(path)
			}
			return b.get(path)
		}
		a := ask(s.browser())
		if sent := a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/signin"); sent != (route.Policy != Public) {
			t.Errorf("nobody: %s %s = %d %s, want to sign in: %t", route.Method, path, a.status, a.header.Get("Location"), route.Policy != Public)
		}
		if a.status >= 500 {
			t.Errorf("nobody: %s %s = %d", route.Method, path, a.status)
		}
	}
	for _, u := range siteUsers {
		b := s.as(u.user)
		i := slices.IndexFunc(siteOrganizations, func(o iis.Organization) bool { return string(o.ID) == b.org })
		o := siteOrganizations[i]
		who := iis.Actor{User: "x", Organization: o.ID, OrgType: o.Type, Role: u.role}
		for _, route := range s.Routes() {
			if route.Path == "/signout" {
				continue
			}
			path := concrete(route.Path)
			a := answer{}
			if route.Method == "POST" {
				a = b.post(path)
			} else {
				a = b.get(path)
			}
			may := route.Policy == Public || route.Policy == SignedIn || who.May(route.Policy)
			if (a.status == http.StatusForbidden) == may && route.Path != "/signin" || a.status >= 500 {
				t.Errorf("%s: %s %s = %d, may = %t", u.user, route.Method, path, a.status, may)
			}
			if a.status == http.StatusForbidden {
				a.sees("main", "Your role ("+string(u.role)+") does not let you")
				a.sees("main", "help@registry.example")
			}
		}
	}
}

// responses collects one answer of every kind the program gives.
func responses(t *testing.T) map[string]answer {
	s := newSite(t)
	s.routes = append(s.table(), Route{"GET", "/panics", Public, func(http.ResponseWriter, *http.Request) error { panic("a stack trace") }})
	if err := s.register(s.routes); err != nil {
		t.Fatal(err)
	}
	clerk, nobody := s.as("clerk"), s.browser()
	refused := nobody.post("/signin", "user", "viewer", "password", "wrong")
	all := map[string]answer{
		"signed in":  nobody.post("/signin", "user", "clerk", "password", password),
		"refused":    refused,
		"switched":   s.as("floater").post("/organization", "to", "river"),
		"keys":       clerk.post("/account", "do", "keys"),
		"signed out": s.as("clerk").post("/signout"),
		"not found":  clerk.get("/nothing"),
		"denied":     clerk.get("/users"),
		"method":     clerk.ask(httptest.NewRequest("DELETE", "https://registry.example/account", nil)),
		"options":    clerk.ask(httptest.NewRequest("OPTIONS", "https://registry.example/account", nil)),
		"head":       clerk.ask(httptest.NewRequest("HEAD", "https://registry.example/account", nil)),
		"cleaned":    clerk.get("/help/../account"),
		"cross-site": func() answer {
			r := httptest.NewRequest("POST", "https://registry.example/account", nil)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return clerk.ask(r)
		}(),
		"other organization": func() answer { b := s.as("clerk"); b.org = "river"; return b.post("/account", "do", "keys") }(),
		"unreadable":         clerk.send("/account", "do=%ff"),
		"too large":          clerk.send("/account", "do="+strings.Repeat("x", 2<<20)),
		"invalid":            clerk.post("/account", "do", "password"),
		"fault":              clerk.get("/panics"),
		"script":             nobody.get(staticURL("app.js")),
	}
	for _, route := range s.Routes() {
		if route.Method == "GET" {
			all["GET "+route.Path] = clerk.get(concrete(route.Path))
		}
	}
	return all
}

// TestHeaders expects every answer of whatever kind to carry the headers, and
// every cookie its flags (B6).
func TestHeaders(t *testing.T) {
	for name, a := range responses(t) {
		want := map[string]string{
			"Content-Security-Policy":      csp,
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
			"Cache-Control":                "no-store",
		}
		if a.status == 200 && (name == "script" || name == "GET /static/{file}") {
			want["Cache-Control"] = "public, max-age=31536000, immutable"
		}
		for h, v := range want {
			if got := a.header[h]; len(got) != 1 || got[0] != v {
				t.Errorf("%s (%d): %s = %q, want %q", name, a.status, h, got, v)
			}
		}
		for _, h := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
			if got := a.header.Get(h); got != "" {
				t.Errorf("%s: %s = %q, want none", name, h, got)
			}
		}
		for _, c := range a.header["Set-Cookie"] {
			for _, flag := range []string{"; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
				if !strings.Contains(c, flag) {
					t.Errorf("%s: a cookie lacks %q", name, flag)
				}
			}
			if strings.Contains(c, "Domain") || !strings.HasPrefix(c, secureCookie+"=") && !strings.HasPrefix(c, keysCookie+"=") {
				t.Errorf("%s: an unexpected cookie", name)
			}
		}
		if strings.Contains(a.body, "goroutine") || strings.Contains(a.body, "stack trace") || strings.Contains(a.body, ".go:") {
			t.Errorf("%s: the page shows how the program works inside", name)
		}
		if strings.Contains(a.body, " style=\"") || strings.Contains(a.body, " onclick=") || strings.Contains(a.body, "<script>") {
			t.Errorf("%s: style or script in the page", name)
		}
	}
}

// TestStatuses expects each refusal to have its status and a page in words.
func TestStatuses(t *testing.T) {
	all := responses(t)
	for name, want := range map[string]int{
		"signed in": 303, "refused": 422, "switched": 303, "signed out": 303, "not found": 404, "denied": 403, "method": 405,
		"head": 200, "cross-site": 403, "other organization": 409, "unreadable": 400, "too large": 413, "invalid": 422, "fault": 500,
	} {
		a := all[name]
		if a.status != want {
			t.Errorf("%s: status = %d, want %d", name, a.status, want)
		}
		if want >= 400 && len(a.texts("h1")) != 1 {
			t.Errorf("%s: headings %q, want one", name, a.texts("h1"))
		}
	}
	all["fault"].sees("main", "Reference")
	if strings.Contains(all["fault"].body, blankReference) {
		t.Errorf("the page of a fault has no reference")
	}
	if got := all["method"].header.Get("Allow"); !strings.Contains(got, "GET") || !strings.Contains(got, "POST") {
		t.Errorf("Allow = %q, want GET and POST", got)
	}
	if all["head"].body != "" {
		t.Errorf("the answer to HEAD has a body of %d bytes", len(all["head"].body))
	}
}

// TestCrossSite posts every form from another site, which changes nothing (C9).
func TestCrossSite(t *testing.T) {
	s := newSite(t)
	b := s.as("helpdesk")
	for _, route := range s.Routes() {
		if route.Method != "POST" {
			continue
		}
		for _, h := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			r := httptest.NewRequest("POST", "https://registry.example"+concrete(route.Path), strings.NewReader("org=desk&do=keys"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(h[0], h[1])
			if a := b.ask(r); a.status != http.StatusForbidden || len(a.header["Set-Cookie"]) > 0 {
				t.Errorf("POST %s with %s: %s = %d, want 403", route.Path, h[0], h[1], a.status)
			}
		}
	}
	b.get("/").is(http.StatusOK)
	r := httptest.NewRequest("GET", "https://registry.example/signout", nil)
	r.Header.Set("X-HTTP-Method-Override", "POST")
	b.ask(r).is(http.StatusMethodNotAllowed)
	b.get("/").is(http.StatusOK)
}

// TestUnknownPaths looks for what must not be there (I9).
func TestUnknownPaths(t *testing.T) {
	s := newSite(t)
	for _, b := range []*browser{s.browser(), s.as("helpdesk")} {
		for _, path := range []string{"/debug/pprof/", "/debug/vars", "/metrics", "/.git/config", "/.env", "/admin", "/wp-login.php", "/static/",
			"/static/app.css", "/static/..%2fserver.go", "/static/%2e%2e/server.go", "/templates/layout/layout.html", "/healthz/x", "/api", "/swagger"} {
			if a := b.get(path); a.status != http.StatusNotFound && a.status != http.StatusMovedPermanently && a.status != http.StatusTemporaryRedirect {
				t.Errorf("GET %s = %d, want 404", path, a.status)
			}
		}
		for _, method := range []string{"TRACE", "CONNECT", "PUT", "PATCH", "PROPFIND"} {
			if a := b.ask(httptest.NewRequest(method, "https://registry.example/account", nil)); a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound {
				t.Errorf("%s /account = %d, want 405", method, a.status)
			}
		}
	}
}

// TestSpoof sends headers and paths that pretend (C10): they change nothing.
func TestSpoof(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	r := httptest.NewRequest("GET", "/account?next=//evil.example", nil) // plain HTTP
	r.Host = "evil.example"
	for _, h := range []string{"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "X-Original-URL", "X-Rewrite-URL"} {
		r.Header.Set(h, "https")
	}
	a := b.ask(r)
	a.leads("/signin?next=%2Faccount")
	if a.header.Get("Strict-Transport-Security") != "" {
		t.Errorf("an unknown proxy is believed to have spoken TLS")
	}
	if strings.Contains(a.body, "evil") {
		t.Errorf("the answer repeats the Host header")
	}
	for next, want := range map[string]string{
		"/clients/6714871": "/clients/6714871", "/": "/", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/",
		"\\\\evil.example": "/", "javascript:alert(1)": "/", "/\r\nSet-Cookie: a=b": "/", "/\tx": "/", "evil": "/", "/a b": "/a%20b", "/%0d%0aX: y": "/%0D%0AX:%20y",
		"///evil.example": "/", "/users?organization=x": "/users",
	} {
		a := s.browser().post("/signin", "user", "clerk", "password", password, "next", next)
		a.leads(want)
		if a.header.Get("X") != "" || len(a.header["Set-Cookie"]) != 1 {
			t.Errorf("next = %q writes headers", next)
		}
		s.pass(1e9)
	}
}

// TestForms sends what no form of ours holds.
func TestForms(t *testing.T) {
	s := newSite(t)
	b := s.as("admin")
	for _, test := range []struct {
		name, body string
		want       int
	}{
		{"invalid UTF-8", "org=clinic&name=%ff%fe", 400},
		{"invalid UTF-8 in a name", "org=clinic&%c3%28=x", 400},
		{"surrogate", "org=clinic&name=%ed%a0%80", 400},
		{"NUL", "org=clinic&name=a%00b", 400},
		{"half an escape", "org=clinic&name=%f", 400},
		{"10 MB", "org=clinic&name=" + strings.Repeat("x", 10<<20), 413},
		{"6,000 fields", "org=clinic" + strings.Repeat("&a=b", 6000), 400},
		{"a long name", "org=clinic&user_name=abc&role=Typical+User&name=" + strings.Repeat("x", 10_000), 422},
		{"markup", "org=clinic&user_name=%3Cb%3E&role=Typical+User&name=%3Cscript%3Ealert(1)%3C/script%3E", 422},
		{"SQL", "org=clinic&user_name=x'%3B+DROP+TABLE+client%3B--&role=Typical+User&name=x", 422},
		{"another role", "org=clinic&user_name=abc&role=root&name=x", 422},
	} {
		a := b.send("/users/new", test.body)
		if a.status != test.want {
			t.Errorf("%s: %d, want %d", test.name, a.status, test.want)
		}
		if strings.Contains(a.body, "<script>alert") {
			t.Errorf("%s: the page repeats markup", test.name)
		}
	}
	r := httptest.NewRequest("POST", "https://registry.example/users/new", strings.NewReader(`{"name":"x"}`))
	r.Header.Set("Content-Type", "text/plain")
	b.ask(r).is(http.StatusBadRequest)
	if got := b.get("/users").texts("tbody tr"); len(got) != 4 {
		t.Errorf("%d users after all that, want the 4 from before", len(got))
	}
}

// TestWeight expects a cold page to be small, and the files to be kept for good.
func TestWeight(t *testing.T) {
	s := newSite(t)
	b := s.as("admin")
	total, requests := 0, 0
	fetch := func(path string) answer {
		r := httptest.NewRequest("GET", "https://registry.example"+path, nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		a := b.ask(r)
		if a.header.Get("Content-Encoding") != "gzip" || a.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("GET %s: Content-Encoding %q, Vary %q", path, a.header.Get("Content-Encoding"), a.header.Get("Vary"))
		}
		if n := a.header.Get("Content-Length"); n != strconv.Itoa(len(a.body)) {
			t.Errorf("GET %s: Content-Length %s of %d bytes", path, n, len(a.body))
		}
		total += len(a.body)
		requests++
		return a
	}
	fetch("/")
	fetch(staticURL("app.css"))
	fetch(staticURL("app.js"))
	t.Logf("%d bytes in %d requests", total, requests)
	if total > 30_000 {
		t.Errorf("the home page weighs %d bytes, want at most 30,000", total)
	}
	for _, v := range []string{"", "identity", "gzip;q=0", "br", "gzip; q=0.0"} {
		r := httptest.NewRequest("GET", "https://registry.example/", nil)
		r.Header.Set("Accept-Encoding", v)
		if a := b.ask(r); a.header.Get("Content-Encoding") != "" {
			t.Errorf("Accept-Encoding %q: the page is compressed", v)
		}
	}
}

// TestLog expects one line a request with the route and nothing that was typed.
func TestLog(t *testing.T) {
	s := newSite(t)
	b := s.as("clerk")
	b.get("/clients/6714871?last=MUELLER-CANARY")
	b.get("/help/MUELLER-CANARY")
	b.get("/MUELLER-CANARY")
	b.post("/find", "q", "MUELLER-CANARY")
	b.post("/signin", "user", "MUELLER-CANARY", "password", "MUELLER-CANARY")
	log := s.log.String()
	if strings.Contains(log, "CANARY") || strings.Contains(log, "6714871") || strings.Contains(log, password) {
		t.Errorf("the log holds what was asked for or typed:\n%s", log)
	}
	if got := strings.Count(log, `"msg":"request"`); got != 7 {
		t.Errorf("%d lines for 7 requests", got)
	}
	if !strings.Contains(log, `"route":"/clients/{id}"`) || !strings.Contains(log, `"user":"id-clerk"`) {
		t.Errorf("no line with route and user:\n%s", log)
	}
}

// TestFault expects an error of ours to be logged and not told.
func TestFault(t *testing.T) {
	s := newSite(t)
	b := s.as("clerk")
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	a := b.get("/")
	a.is(http.StatusInternalServerError)
	a.sees("h1", "We're sorry")
	ref := a.text("main p b")
	if ref == "" || !strings.Contains(s.log.String(), ref) {
		t.Errorf("the log does not hold the reference %q", ref)
	}
	if strings.Contains(a.body, "closed") {
		t.Errorf("the page tells what happened inside")
	}
}
