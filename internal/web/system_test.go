package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/forecasttest"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/registry"
)

// load makes the invented release current, with its season ending on a day; ""
// leaves it as it is, long over.
func (s *site) load(version, seasonEnd string) registry.LoadedSchedule {
	s.t.Helper()
	var replaced []string
	if seasonEnd != "" {
		replaced = []string{forecasttest.SeasonEnd, seasonEnd}
	}
	staff := iis.Actor{UserName: "operator", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}
	done, err := s.reg.LoadSchedule(s.t.Context(), staff, forecasttest.Release(s.t, replaced...), version, true)
	if err != nil {
		s.t.Fatal(err)
	}
	return done
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words is a page without its tags and with single spaces.
func words(body string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(body, " ")), " ")
}

// TestSystemStatus raises the alarm of a season that has ended where the help
// desk sees it, and changes the schedule there.
func TestSystemStatus(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		desk := s.account("helpdesk")
		sees := func(path string, wants ...string) {
			t.Helper()
			g := desk.get(path)
			if g.status != http.StatusOK {
				t.Fatalf("GET %s = %d", path, g.status)
			}
			for _, want := range wants {
				if !strings.Contains(words(g.body), want) {
					t.Errorf("GET %s does not say %q", path, want)
				}
			}
		}
		never := func(path, unwanted string) {
			t.Helper()
			if strings.Contains(words(desk.get(path).body), unwanted) {
				t.Errorf("GET %s says %q", path, unwanted)
			}
		}
		old := s.load("9.1", "")
		sees("/system", "openiis 0.1", s.name, "Current schedule 9.1, hash "+old.Short(), "A newer schedule is needed",
			"The season ended on 06/30/2020. Gripe is shown as Not known, because schedule 9.1 has no later season, until a newer release is loaded.",
			"openiis schedule load PATH", "(in the program)", "operator")
		sees("/", "system status", "A newer schedule is needed: the season of Gripe has ended")

		next := s.load("9.1", "29990630")
		sees("/system", "hash "+next.Short())
		never("/system", "A newer schedule is needed")
		never("/", "A newer schedule is needed")

		g := desk.post("/system", url.Values{"schedule": {old.Key()}})
		if g.status != http.StatusSeeOther || g.header.Get("Location") != "/system?done=schedule-used" {
			t.Errorf("POST /system = %d to %s", g.status, g.header.Get("Location"))
		}
		sees("/system?done=schedule-used", "Current schedule changed", "Current schedule 9.1, hash "+old.Short(), "A newer schedule is needed")
		desk.post("/system", url.Values{"schedule": {"program"}})
		sees("/system", "(in the program), hash")

		for form, want := range map[string]int{"": 422, "9.1": 422, "none": 404, "<script>alert(1)</script>": 404} {
			g := desk.post("/system", url.Values{"schedule": {form}})
			if g.status != want || strings.Contains(g.body, "<script>alert") {
				t.Errorf("POST /system of schedule %q = %d, want %d", form, g.status, want)
			}
		}
		sees("/system", "(in the program), hash")
		if g := desk.post("/system", url.Values{"schedule": {old.Key()}, "org": {"another"}}); g.status == http.StatusSeeOther {
			t.Error("a form of another organization changes the schedule")
		}
	})
}

// TestSystemStatusDenied keeps everyone else from it, without a trace of it on
// their pages.
func TestSystemStatusDenied(t *testing.T) {
	s := sqliteSite(t)
	old := s.load("9.1", "")
	s.load("9.2", "")
	for _, user := range []string{"clerk", "admin", "viewer", "nurse"} {
		c := s.account(user)
		if g := c.get("/system"); g.status != http.StatusForbidden {
			t.Errorf("%s: GET /system = %d, want 403", user, g.status)
		}
		if g := c.post("/system", url.Values{"schedule": {old.Key()}}); g.status != http.StatusForbidden {
			t.Errorf("%s: POST /system = %d, want 403", user, g.status)
		}
		if g := c.get("/"); strings.Contains(g.body, "/system") || strings.Contains(g.body, "schedule is needed") {
			t.Errorf("%s: the home page tells of the schedule", user)
		}
	}
	if g := s.account("helpdesk").get("/system"); !strings.Contains(words(g.body), "Current schedule 9.2") {
		t.Error("a change that was refused was made")
	}
}

// TestSystemPolicy changes the matching policy where the help desk sees it.
func TestSystemPolicy(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		desk := s.account("helpdesk")
		ours := *pair.Shipped()
		ours.Version = "ours"
		body, err := ours.JSON()
		if err != nil {
			t.Fatal(err)
		}
		staff := iis.Actor{UserName: "operator", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}
		if _, err := s.reg.LoadMatchPolicy(t.Context(), staff, body, false); err != nil {
			t.Fatal(err)
		}
		current := func(want string) {
			t.Helper()
			if got := words(desk.get("/system").body); !strings.Contains(got, "Current matching policy "+want) {
				t.Errorf("GET /system does not say that %q is current", want)
			}
		}
		inside := pair.Shipped().Version + " (in the program)"
		current(inside)
		for form, want := range map[string]int{"ours": 303, "none": 404, "<b>": 404} {
			if g := desk.post("/system", url.Values{"policy": {form}}); g.status != want {
				t.Errorf("POST /system policy=%q = %d, want %d", form, g.status, want)
			}
		}
		current("ours")
		if g := s.account("clerk").post("/system", url.Values{"policy": {"program"}}); g.status != http.StatusForbidden {
			t.Errorf("POST /system by a clerk = %d, want %d", g.status, http.StatusForbidden)
		}
		current("ours")
		desk.post("/system", url.Values{"policy": {"program"}})
		current(inside)
	})
}
