package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

// TestAnswersOverTheWire asks everything of a served site and reads the headers
// of every answer, good or refused, and every cookie (B6).
func TestAnswersOverTheWire(t *testing.T) {
	s := sqliteSite(t)
	check := func(what string, g got) {
		t.Helper()
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := g.header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", what, name, got, want)
			}
		}
		policy := g.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the content security policy %q lacks %s", what, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the content security policy allows what is unsafe: %s", what, policy)
		}
		if c := g.header.Get("Cache-Control"); c != "no-store" && !(strings.HasPrefix(what, "GET /static/") && g.status == 200) {
			t.Errorf("%s: Cache-Control = %q, want no-store", what, c)
		}
		for _, name := range []string{"Server", "X-Powered-By"} {
			if g.header.Get(name) != "" {
				t.Errorf("%s: says %s", what, name)
			}
		}
		for _, c := range (&http.Response{Header: g.header}).Cookies() {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s: cookie %s without its flags", what, c.Raw[:min(40, len(c.Raw))])
			}
		}
	}
	for _, user := range []string{"", "clerk", "helpdesk"} {
		c := s.caller("", "")
		if user != "" {
			c = s.account(user)
		}
		for _, r := range s.web.Routes() {
			path := concrete(r.Path, sample.Don)
			if r.Method == http.MethodGet {
				check("GET "+path, c.get(path))
				check("HEAD "+path, c.ask(http.MethodHead, path, nil, ""))
			} else if path != "/signout" {
				check("POST "+path, c.post(path, nil))
			}
			check("DELETE "+path, c.ask(http.MethodDelete, path, nil, ""))
		}
		check("GET an unknown page", c.get("/nothing/at/all"))
		check("POST rubbish", c.ask(http.MethodPost, "/clients", strings.NewReader("%ff"), "application/x-www-form-urlencoded"))
	}
	g := s.caller("", "").post("/signin", url.Values{"user": {"clerk"}, "password": {sample.Password}})
	check("sign in", g)
	if len((&http.Response{Header: g.header}).Cookies()) != 1 {
		t.Errorf("sign in sets %q, want one cookie", g.header["Set-Cookie"])
	}
}

// TestLogIsDiscreet works on hidden and open clients, well and badly, and reads
// the log: no name, address, phone or chart number is in it (H6).
func TestLogIsDiscreet(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, user := range []string{"clerk", "clerk2", "helpdesk"} {
			c := s.account(user)
			for _, id := range []iis.ClientID{openClient, lockedClient, deadClient} {
				rec := s.record(id, sample.RiversideClinic)
				for _, q := range queries(rec.Client, rec.Membership.ChartNumber) {
					c.get(c.post("/clients", q).header.Get("Location"))
				}
				c.post("/find", url.Values{"q": {rec.Client.Name.Last + " " + rec.Client.Name.First}})
				c.get("/clients/" + string(id) + "?last=" + rec.Client.Name.Last)
				c.get("/" + rec.Client.Name.Last)
				c.post("/clients/"+string(id), url.Values{"do": {"save"}, "last": {rec.Client.Name.Last + "<"}, "phone": {"999"}, "birth": {"CANARY"}})
				c.post("/clients/new", url.Values{"do": {"save"}, "last": {rec.Client.Name.Last}, "first": {rec.Client.Name.First}, "birth": {rec.Client.BirthDate.US()}, "gender": {"F"}, "phone": {rec.Client.Phone}})
			}
		}
		c := s.caller("", "")
		c.post("/signin", url.Values{"user": {"CANARY"}, "password": {"CANARY"}})
		log := s.log.String()
		if l := leak(log); l != "" || strings.Contains(strings.ToUpper(log), "OPENLAST") || strings.Contains(log, "1991-") || strings.Contains(log, "/1991") {
			t.Errorf("the log holds %q, a name or a birth date", l)
		}
		if n := strings.Count(log, `"msg":"request"`); n < 100 {
			t.Errorf("the log has %d lines of requests, want all of them", n)
		}
	})
}

// TestWire counts what a browser fetches for the Personal Information screen
// with nothing in its cache.
func TestWire(t *testing.T) {
	s := sqliteSite(t)
	b := webtest.NewBrowser(t, s.url, true)
	s.enter(b, "clerk")
	b.Open("/clients/" + string(sample.Don))
	b.Sees("Personal Information")
	number := func(expression string) int {
		n, err := strconv.Atoi(b.Eval(expression))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	requests := number(`1 + performance.getEntriesByType("resource").filter(e => e.initiatorType !== "beacon").length`)
	bytes := number(`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((n, e) => n + e.transferSize, 0)`)
	t.Logf("%d bytes in %d requests", bytes, requests)
	if bytes > 30<<10 {
		t.Errorf("the page weighs %d bytes cold, headers included, want at most 30 KB", bytes)
	}
	if requests > 5 {
		t.Errorf("the page takes %d requests, want at most 5", requests)
	}
}
