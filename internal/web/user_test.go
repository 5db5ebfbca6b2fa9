package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// TestUsers lets an administrator manage the users of his organization.
func TestUsers(t *testing.T) {
	s := newSite(t)
	admin, clerk := s.as("admin"), s.as("clerk")
	if got := admin.get("/users").is(http.StatusOK).texts("tbody th"); len(got) != 4 {
		t.Errorf("users = %q, want the four of Test Clinic", got)
	}
	at := "/users/id-clerk"
	admin.get(at).is(http.StatusOK).sees("h1", "R. Nurse")
	admin.post(at, "do", "role", "role", string(iis.ReportsOnly)).leads(at + "?done=user-changed")
	clerk.get("/").sees(".strip", "role Reports Only") // at once
	admin.post(at, "do", "deactivate").leads(at + "?done=user-changed")
	clerk.get("/").leads("/signin")
	if a := s.browser().post("/signin", "user", "clerk", "password", password); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a deactivated user signs in: %d", a.status)
	}
	admin.post(at, "do", "link").is(http.StatusUnprocessableEntity)
	admin.post(at, "do", "reactivate").leads(at + "?done=user-changed")
	s.pass(60e9)
	s.as("clerk").get("/").sees(".strip", "role Reports Only")
	link := admin.post(at, "do", "link").is(http.StatusOK).text("code")
	if u, err := url.Parse(link); err != nil || !strings.HasPrefix(u.Path, "/invite/") {
		t.Errorf("link = %q", link)
	}
	admin.post(at, "do", "revoke").leads("/users?done=user-changed")
	admin.get(at).is(http.StatusNotFound)
	for _, do := range []string{"role", "deactivate", "reactivate", "link", "revoke"} {
		got := s.recorded(func() { admin.post("/users/id-viewer", "do", do, "role", string(iis.TypicalUser)) })
		if got != 1 {
			t.Errorf("%s leaves %d events in the audit trail, want 1", do, got)
		}
	}
}

// TestDelegation lets administrators reach for what is not theirs (A8): each is
// refused, and nothing changes.
func TestDelegation(t *testing.T) {
	s := newSite(t)
	admin := s.as("admin")
	before := s.grants()
	for _, test := range []struct {
		name, path string
		form       []string
		want       int
	}{
		{"makes himself Help Desk", "/users/id-admin", []string{"do", "role", "role", "Help Desk"}, 403},
		{"makes himself Help Desk at the registry", "/users/id-admin", []string{"do", "role", "role", "Help Desk", "organization", "desk"}, 403},
		{"changes his own role", "/users/id-admin", []string{"do", "role", "role", "Reports Only"}, 403},
		{"takes away his own role", "/users/id-admin", []string{"do", "revoke"}, 403},
		{"deactivates himself", "/users/id-admin", []string{"do", "deactivate"}, 403},
		{"makes another Help Desk", "/users/id-clerk", []string{"do", "role", "role", "Help Desk"}, 403},
		{"gives a role elsewhere", "/users/id-clerk", []string{"do", "role", "role", "Typical User", "organization", "river"}, 403},
		{"an unknown role", "/users/id-clerk", []string{"do", "role", "role", "root"}, 422},
		{"an unknown organization", "/users/id-clerk", []string{"do", "role", "role", "Typical User", "organization", "x"}, 422},
		{"changes a user of another clinic", "/users/id-clerk2", []string{"do", "role", "role", "Reports Only"}, 404},
		{"deactivates a user of another clinic", "/users/id-clerk2", []string{"do", "deactivate"}, 404},
		{"a link for a user of another clinic", "/users/id-clerk2", []string{"do", "link"}, 404},
		{"takes a role away elsewhere", "/users/id-clerk2", []string{"do", "revoke", "organization", "river"}, 403},
		{"deactivates staff", "/users/id-helpdesk", []string{"do", "deactivate"}, 404},
		{"deactivates one who works elsewhere too", "/users/id-floater", []string{"do", "deactivate"}, 403},
		{"a link for one who works elsewhere too", "/users/id-floater", []string{"do", "link"}, 403},
		{"takes away a role of his elsewhere", "/users/id-floater", []string{"do", "revoke", "organization", "river"}, 403},
		{"invites to another clinic", "/users/new", []string{"user_name", "abc", "name", "x", "role", "Typical User", "organization", "river"}, 403},
		{"invites staff", "/users/new", []string{"user_name", "abc", "name", "x", "role", "Help Desk"}, 403},
		{"more fields than the form has", "/users/new", []string{"user_name", "a", "name", "x", "role", "Typical User", "state", "Active", "id", "id-clerk", "must_set", "no", "password_hash", "x"}, 422},
	} {
		got := s.recorded(func() {
			if a := admin.post(test.path, test.form...); a.status != test.want {
				t.Errorf("%s: %d %s, want %d", test.name, a.status, a.text("main"), test.want)
			}
		})
		if refused := test.want == 403; (got == 1) != refused {
			t.Errorf("%s: %d events in the audit trail, refused = %t", test.name, got, refused)
		}
	}
	for path, want := range map[string]int{"/users?organization=river": 403, "/users/id-clerk2": 404, "/users/id-helpdesk": 404, "/users/nobody": 404, "/users/id-floater": 200} {
		if a := admin.get(path); a.status != want {
			t.Errorf("GET %s = %d, want %d", path, a.status, want)
		}
	}
	if a := admin.get("/users/id-floater"); strings.Contains(a.body, "Riverside") {
		t.Errorf("the page tells where else the user works")
	}
	if after := s.grants(); after != before {
		t.Errorf("roles after = %s, want %s", after, before)
	}
}

// TestHelpDeskUsers lets the help desk do so anywhere, within what there is.
func TestHelpDeskUsers(t *testing.T) {
	s := newSite(t)
	desk := s.as("helpdesk")
	desk.get("/users?organization=river").is(http.StatusOK).sees("tbody tr", "C. Rivers")
	desk.post("/users/id-clerk2", "do", "role", "role", string(iis.ReportsOnly), "organization", "clinic").leads("/users/id-clerk2?done=user-changed")
	desk.get("/users/id-clerk2").sees("h2", "Role at Test Clinic")
	desk.post("/users/id-clerk2", "do", "role", "role", string(iis.HelpDesk), "organization", "clinic").is(http.StatusUnprocessableEntity)
	desk.post("/users/id-clerk2", "do", "role", "role", string(iis.TypicalUser), "organization", "desk").is(http.StatusUnprocessableEntity)
	desk.post("/users/id-floater", "do", "deactivate").leads("/users/id-floater?done=user-changed")
	desk.post("/users/new", "user_name", "new.staff", "name", "New Staff", "role", string(iis.HelpDesk), "organization", "desk").is(http.StatusOK).sees("h1", "One-time link for New Staff")
	desk.post("/organization", "to", "clinic").leads("/?done=switched")
	desk.get("/").sees(".strip", "organization Test Clinic user H. Desk role Help Desk")
	desk.get("/users").is(http.StatusOK).sees("tbody tr", "A. Olson")
}

// TestAnnouncements expects NEW until this user has opened it (guide 7).
func TestAnnouncements(t *testing.T) {
	s := newSite(t)
	desk, clerk, viewer := s.as("helpdesk"), s.as("clerk"), s.as("viewer")
	clerk.get("/").sees(".announcements li", "NEW 07/08/2020 ~ Release 7.22 is live")
	a := desk.post("/announcements/new", "title", " Closed on <b>Friday</b> ", "body", "One\nTwo")
	path, _, _ := strings.Cut(a.is(http.StatusSeeOther).header.Get("Location"), "?")
	rows := clerk.get("/").texts(".announcements li")
	if len(rows) != 2 || rows[0] != "NEW 11/22/2026 ~ Closed on <b>Friday</b>" {
		t.Errorf("announcements = %q, want the new one first", rows)
	}
	clerk.get(path).is(http.StatusOK).sees("main", "One Two")
	clerk.get("/").sees(".announcements li:first-child", "11/22/2026 ~ Closed")
	if got := clerk.get("/").text(".announcements li:first-child"); strings.Contains(got, "NEW") {
		t.Errorf("%q is NEW after it was opened", got)
	}
	if got := viewer.get("/").text(".announcements li:first-child"); !strings.Contains(got, "NEW") {
		t.Errorf("%q is not NEW to another user", got)
	}
	desk.post("/announcements/new", "title", "").is(http.StatusUnprocessableEntity).sees("#f-title-error", "Enter a title")
	desk.post(path, "do", "post", "title", "Open on Friday").leads(path + "?done=announced")
	clerk.post(path, "do", "remove").is(http.StatusForbidden)
	desk.post(path, "do", "remove").leads("/announcements?done=removed")
	clerk.get(path).is(http.StatusNotFound)
}

// TestMenu expects entries that the policy does not allow to be absent (guide 2).
func TestMenu(t *testing.T) {
	s := newSite(t)
	for user, want := range map[string]string{
		"viewer":   "manage immunizations",
		"nurse":    "manage immunizations",
		"clerk":    "manage client | enter new client | manage immunizations | possible duplicates",
		"admin":    "manage client | enter new client | manage immunizations | possible duplicates | import a file | manage users",
		"helpdesk": "manage client | enter new client | manage immunizations | possible duplicates | import a file | manage users | announcements | held entries | system status",
	} {
		a := s.as(user).get("/")
		if got := a.text(".side li"); got != want {
			t.Errorf("menu of %s = %q, want %q", user, got, want)
		}
		if got, want := a.text(".links > *"), "home | manage my account | logout | help desk"; got != want {
			t.Errorf("links of %s = %q, want %q", user, got, want)
		}
		a.sees(".region", "Demonstration Region 0.1")
		a.sees("footer", "To obtain this information in a different format, call: 555-201-5207")
	}
	if got := s.as("clerk").get("/clients/new").text(".side [aria-current]"); got != "enter new client" {
		t.Errorf("current entry at /clients/new = %q, want enter new client", got)
	}
}

// TestHelp expects every topic to be there, for everyone.
func TestHelp(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	list := b.get("/help").is(http.StatusOK)
	for _, topic := range helpTopics {
		list.sees(".toc li", topic.Title)
		b.get("/help/"+topic.ID).is(http.StatusOK).sees("h1", topic.Title)
	}
	b.get("/help/nothing").is(http.StatusNotFound)
	b.get("/helpdesk").is(http.StatusOK).sees("main", "help@registry.example")
	b.get("/accessibility").is(http.StatusOK)
}

// grants writes down who has which role where.
func (s *site) grants() string {
	var b strings.Builder
	s.update(func(ctx context.Context, tx *store.Tx) error {
		b.Reset()
		users, err := tx.Users(ctx, "")
		if err != nil {
			return err
		}
		for _, u := range users {
			grants, err := tx.Grants(ctx, u.ID)
			if err != nil {
				return err
			}
			for _, g := range grants {
				b.WriteString(u.UserName + " " + string(u.State) + " " + string(g.Role) + " " + string(g.Organization.ID) + "; ")
			}
		}
		return nil
	})
	return b.String()
}

// recorded runs f and returns how many events it left in the audit trail, whose
// chains have to hold.
func (s *site) recorded(f func()) int64 {
	s.t.Helper()
	rows := func() int64 {
		r, err := s.db.VerifyAudit(s.t.Context())
		if err != nil || len(r.Faults) > 0 {
			s.t.Fatalf("VerifyAudit = %v, %v", r.Faults, err)
		}
		return r.Rows
	}
	before := rows()
	f()
	return rows() - before
}
