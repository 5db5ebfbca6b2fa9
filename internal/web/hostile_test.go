package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
	"openiis.org/iis/internal/web"
	"openiis.org/iis/internal/webtest"
)

// notSaved are the tables that every request may write: the trail of what was
// asked, and when a session was last seen.
var notSaved = []string{"audit", "session"}

// broken finds what no answer may hold: traces of the program's inside.
func broken(body string) string {
	for _, sign := range []string{"goroutine ", "runtime error", "panic:", ".go:", "SQLSTATE", "syntax error", "constraint failed", "sqlite", "pgx"} {
		if strings.Contains(body, sign) {
			return sign
		}
	}
	return ""
}

// posts are all routes that take a form, each with who may use it.
func (s *site) posts() map[string]*caller {
	who := map[iis.Permission]*caller{}
	for _, user := range []string{"helpdesk", "admin", "clerk"} {
		c := s.account(user)
		for _, p := range iis.Permissions {
			a := iis.Actor{User: "x", Organization: c.org, OrgType: map[string]iis.OrgType{"helpdesk": iis.RegistryStaff}[user], Role: iis.TypicalUser}
			switch user {
			case "helpdesk":
				a.Role = iis.HelpDesk
			case "admin":
				a.Role, a.OrgType = iis.OrgAdmin, iis.Clinic
			default:
				a.OrgType = iis.Clinic
			}
			if a.May(p) {
				who[p] = c
			}
		}
	}
	who[web.SignedIn], who[web.Public] = who[iis.EditClient], who[iis.EditClient]
	list := map[string]*caller{}
	for _, r := range s.web.Routes() {
		if r.Method == http.MethodPost && r.Path != "/signout" {
			list[concrete(r.Path, sample.Don)] = who[r.Policy]
		}
	}
	return list
}

// TestUnreadableForms posts to every route what no form can hold: it is refused
// as unreadable or too large, and nothing is saved (C5, C7, C8).
func TestUnreadableForms(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	each(t, func(t *testing.T, s *site) {
		posts := s.posts()
		before := storetest.Snapshot(t, s.data, notSaved...)
		for path, c := range posts {
			org := "org=" + string(c.org) + "&do=save&version=2&"
			for name, sent := range map[string]struct {
				body, kind string
				want       int
			}{
				"invalid UTF-8":           {org + "last=%ff%fe", form, 400},
				"invalid UTF-8 in a name": {org + "%c3%28=x", form, 400},
				"a lone surrogate":        {org + "last=%ed%a0%80", form, 400},
				"an overlong slash":       {org + "last=%c0%af", form, 400},
				"NUL":                     {org + "last=a%00b", form, 400},
				"half an escape":          {org + "last=%f", form, 400},
				"100,000 fields":          {org + strings.Repeat("a=b&", 100_000), form, 400},
				"10 MB":                   {org + "last=" + strings.Repeat("x", 10<<20), form, 413},
				"JSON":                    {`{"last":"x"}`, "application/json", 400},
				"JSON as text":            {`{"last":"x"}`, "text/plain", 400},
				"XML":                     {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, "application/xml", 400},
				"10,000 levels":           {strings.Repeat("[", 10_000), "application/json", 400},
				"no type":                 {org, "", 400},
			} {
				start := time.Now()
				g := c.ask(http.MethodPost, path, strings.NewReader(sent.body), sent.kind)
				if g.status != sent.want {
					t.Errorf("POST %s with %s = %d, want %d", path, name, g.status, sent.want)
				}
				if sign := broken(g.body); sign != "" {
					t.Errorf("POST %s with %s shows %q", path, name, sign)
				}
				if d := time.Since(start); d > 5*time.Second {
					t.Errorf("POST %s with %s took %s", path, name, d)
				}
			}
			var b strings.Builder
			m := multipart.NewWriter(&b)
			m.WriteField("last", "x")
			m.Close()
			if g := c.ask(http.MethodPost, path, strings.NewReader(b.String()), m.FormDataContentType()); g.status != 400 {
				t.Errorf("POST %s with a multipart form = %d, want 400", path, g.status)
			}
		}
		if diff := gocmp.Diff(before, storetest.Snapshot(t, s.data, notSaved...)); diff != "" {
			t.Errorf("the database (-before +after):\n%s", diff)
		}
	})
}

// nasty are texts that have broken programs of this kind.
var nasty = map[string]string{
	"10,000 characters": strings.Repeat("x", 10_000),
	"script":            `<script>window.xss=1</script>`,
	"attribute":         `" autofocus onfocus="window.xss=1`,
	"image":             `<img src=x onerror=window.xss=1>`,
	"template":          `{{.Shell}}${7*7}#{7*7}`,
	"link":              `javascript:window.xss=1`,
	"SQL quote":         `x'; DROP TABLE client; --`,
	"SQL or":            `' OR '1'='1`,
	"SQL union":         `' UNION SELECT password_hash FROM user_account --`,
	"SQL sleep":         `'; SELECT pg_sleep(9); --`,
	"SQL comment":       `*/ OR 1=1 /*`,
	"placeholder":       `$1 ? :name @p1`,
	"wildcards":         `%_\*`,
	"format":            `%s%n%d%!(EXTRA)`,
	"path":              `../../../../etc/passwd`,
	"line breaks":       "a\r\nSet-Cookie: x=1",
	"separator":         "a\u2028b\u2029c",
	"right to left":     "\u202etxt.exe",
	"zero width":        "a\u200bb\ufeffc",
	"1,000 marks":       "a" + strings.Repeat("\u0301", 1000),
	"emoji":             "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
	"formula":           `=HYPERLINK("http://x")`,
	"a number":          "9223372036854775808",
	"a slash":           "contact/../last",
	"control":           "a\x07\x1b[31mb",
	"replacement":       "\ufffd",
}

// TestNastyTexts saves each of them in each field of a client's form: it is
// refused in words, or stored as it is in composed form; never a fault, never
// markup on a page (C1, C2, C8).
func TestNastyTexts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		c := s.account("clerk")
		const path = "/clients/" + string(sample.Don)
		fields := []string{"last", "first", "middle", "suffix", "birth", "country", "gender", "maiden", "mother", "phone", "email", "street", "other",
			"pobox", "city", "state", "zip", "county", "undeliverable", "race", "ethnicity", "chart", "status", "reason", "reminders", "sharing",
			"contact/c1/last", "contact/c1/relation", "contact/c1/phone", "contact/c1/extension", "contact/c1/street", "contact/c1/notices",
			"comment/k1/code", "comment/k1/date", "version", "tab", "confirmed", "do", "contact-row", "no-such-field"}
		if s.db.Engine() == store.PostgreSQL { // one field of each kind: what is read is the same, only where it goes differs
			fields = []string{"last", "birth", "phone", "email", "street", "race", "chart", "contact/c1/last", "comment/k1/code", "version"}
		}
		for _, field := range fields {
			for name, text := range nasty {
				before := s.record(sample.Don, sample.TestClinic)
				form := url.Values{"do": {"save"}, "version": {strconv.FormatInt(before.Client.Version, 10)}}
				form["confirmed"] = iis.Confirmable[:3]
				form.Set(field, text)
				g := c.post(path, form)
				if g.status >= 500 || g.status < 300 {
					t.Errorf("%s = %s: %d", field, name, g.status)
				}
				if strings.Contains(g.body, "<script>window") || strings.Contains(g.body, "<img src=x") || strings.Contains(g.body, `onfocus="window`) || broken(g.body) != "" {
					t.Errorf("%s = %s: the page holds it as it is, or %q", field, name, broken(g.body))
				}
				if h := strings.Join(g.header["Set-Cookie"], ""); h != "" {
					t.Errorf("%s = %s: sets the cookie %s", field, name, h)
				}
				after := s.record(sample.Don, sample.TestClinic)
				if g.status != http.StatusSeeOther {
					if diff := gocmp.Diff(before, after); diff != "" {
						t.Errorf("%s = %s: refused with %d and saved all the same (-before +after):\n%s", field, name, g.status, diff)
					}
				} else if was := before.Values()[iis.Field(field)]; after.Values()[iis.Field(field)] != was {
					want := strings.Join(strings.Fields(norm.NFC.String(text)), " ")
					if got := after.Values()[iis.Field(field)]; got != want {
						t.Errorf("%s = %s: stored %q, want %q or a refusal", field, name, got, want)
					}
				}
				c.post(path+"/discard", nil)
			}
		}
	})
}

// TestNastyDoses saves each of them in each field of an immunization: it is refused
// in words, or stored as it is in composed form (C1, C2, C8).
func TestNastyDoses(t *testing.T) {
	s := sqliteSite(t)
	c := s.account("clerk")
	const path = "/clients/" + string(sample.Don) + "/immunizations/record"
	for _, field := range []string{"kind", "date", "vaccine", "trade", "maker", "ndc", "lot", "expires", "amount", "route", "site", "eligibility", "funding", "vis", "given",
		"subpotent", "reactions", "by", "entered", "id"} {
		for name, text := range nasty {
			form := url.Values{"do": {"save"}, "version": {"99"}, "dose": {"d1"}, "dose/d1/kind": {"Administered"}, "dose/d1/date": {"01/02/2020"}, "dose/d1/vaccine": {"03"}}
			form.Set("dose/d1/"+field, text)
			g := c.post(path, form)
			if g.status == http.StatusOK { // a second look
				g = c.post(path, form)
			}
			if g.status >= 500 || g.status < 300 {
				t.Errorf("%s = %s: %d", field, name, g.status)
			}
			if strings.Contains(g.body, "<script>window") || strings.Contains(g.body, "<img src=x") || strings.Contains(g.body, `onfocus="window`) || broken(g.body) != "" {
				t.Errorf("%s = %s: the page holds it as it is, or %q", field, name, broken(g.body))
			}
			c.post(path+"/discard", nil)
			rec := iis.Record{Doses: s.doses(sample.Don)}
			if got := rec.Value(iis.DoseField("d1", field)); g.status == http.StatusSeeOther && got != "" && got != iis.No {
				if want := strings.Join(strings.Fields(norm.NFC.String(text)), " "); !strings.EqualFold(got, want) { // codes are in capitals
					t.Errorf("%s = %s: stored %q, want %q or a refusal", field, name, got, want)
				}
			}
			if n := len(rec.Doses); n > 0 && rec.Doses[0].By != sample.TestClinic {
				t.Errorf("%s = %s: the dose is owned by %s", field, name, rec.Doses[0].By)
			}
			del := url.Values{"do": {"dose-delete:d1"}, "dose": {"d1"}}
			c.post(path, del)
			c.post(path, url.Values{"do": {"save"}, "dose": {"d1"}})
		}
	}
}

// TestNastySearches asks for each of them in each field of the search and in
// the box of the header: an answer in good time, and no fault (C1, C11).
func TestNastySearches(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		c := s.account("clerk")
		for name, text := range nasty {
			for _, field := range []string{"last", "first", "birth", "phone", "number", "maiden", "mother", "address", "gender"} {
				start := time.Now()
				g := c.post("/clients", url.Values{field: {text}})
				if at := g.header.Get("Location"); g.status == http.StatusSeeOther {
					g = c.get(at)
				}
				if g.status >= 500 || broken(g.body) != "" || strings.Contains(g.body, "<script>window") || strings.Contains(g.body, "<img src=x") {
					t.Errorf("search for %s = %s: %d, %q", field, name, g.status, broken(g.body))
				}
				if d := time.Since(start); d > 3*time.Second {
					t.Errorf("search for %s = %s took %s", field, name, d)
				}
			}
			g := c.post("/find", url.Values{"q": {text}})
			if g.status == http.StatusSeeOther {
				g = c.get(g.header.Get("Location"))
			}
			if g.status >= 500 || broken(g.body) != "" || strings.Contains(g.body, "<script>window") {
				t.Errorf("quick search for %s: %d, %q", name, g.status, broken(g.body))
			}
			q := url.QueryEscape(text)
			for _, path := range []string{"/clients?found=" + q, "/clients/" + string(sample.Don) + "?tab=" + q + "&at=" + q + "&done=" + q,
				"/helpdesk?client=" + q, "/signin?next=" + q, "/users?organization=" + q, "/held/" + url.PathEscape(text),
				"/clients/" + url.PathEscape(text), "/help/" + url.PathEscape(text), "/invite/" + url.PathEscape(text), "/announcements/" + url.PathEscape(text),
				"/static/" + url.PathEscape(text), "/clients/" + string(sample.Don) + "/history?page=" + q + "&field=" + q + "&organization=" + q} {
				if g := c.get(path); g.status >= 500 || broken(g.body) != "" || strings.Contains(g.body, "<script>window") || strings.Contains(g.body, "<img src=x") {
					t.Errorf("GET with %s in %.30s: %d, %q", name, path, g.status, broken(g.body))
				}
			}
		}
	})
}

// columns are names of the tables and of other programs that no form may set.
var columns = []string{"id", "version", "deceased", "death_date", "death_recorded", "death_by", "death-by", "locked_to", "locked", "lockedTo", "owner_org",
	"birth_certificate", "birthCertificate", "certificate", "birth_cert", "address_updated", "address-updated", "created", "updated", "updated_by",
	"updatedBy", "organization_id", "user_id", "role", "Role", "is_admin", "state_", "password_hash", "must_set", "failures",
	"alias/a1", "alias/a1/last", "alias/a2", "contact/c1", "contact/c9", "contact/c9/last", "contact/c1/former", "contact/c1/position",
	"contact/c1/id", "comment/k1", "comment/k9", "comment/k1/by", "comment/k1/by_organization", "comment/k1/entered", "comment/k9/code",
	"membership", "member/x", "Client", "Record", "_method", "died", "death-source", "DeathConfirmed", "verified", "status[]", "draft", "Reminded"}

// TestMassAssignment sends names of columns beside an honest change: only that
// is saved (A10).
func TestMassAssignment(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		c := s.account("clerk")
		for i, name := range columns {
			for _, value := range []string{"Yes", "No", "999", "2001-01-01", string(sample.RiversideClinic), "Help Desk", ""} {
				before := s.record(sample.Don, sample.TestClinic)
				mail := fmt.Sprintf("m%d@example.org", i)
				form := url.Values{"do": {"save"}, "email": {mail}, name: {value}}
				if name != "version" {
					form.Set("version", strconv.FormatInt(before.Client.Version, 10))
				}
				c.post("/clients/"+string(sample.Don), form)
				after := s.record(sample.Don, sample.TestClinic)
				want := before
				if after.Client.Version != before.Client.Version { // the honest change alone went through
					want.Client.Email, want.Client.Version = mail, before.Client.Version+1
					want.Client.Updated, want.Client.UpdatedBy, want.Client.UpdatedByName = after.Client.Updated, sample.TestClinic, "Test Clinic"
				}
				if diff := gocmp.Diff(want, after); diff != "" {
					t.Errorf("%s = %q (-want +got):\n%s", name, value, diff)
				}
				c.post("/clients/"+string(sample.Don)+"/discard", nil)
			}
		}
		// A new user is given what the form offers, and no more.
		admin := s.account("admin")
		for _, extra := range []url.Values{{"role": {"Help Desk"}}, {"role": {"root"}}, {"role": {""}}, {"organization": {string(sample.RiversideClinic)}},
			{"organization": {string(sample.RegistryHelpDesk)}, "role": {"Help Desk"}}} {
			form := url.Values{"name": {"N. Newman"}, "user_name": {"newman"}, "role": {"Typical User"}, "state": {"Active"}, "password_hash": {"x"}, "id": {"user-clerk"}}
			maps.Copy(form, extra)
			admin.post("/users/new", form)
			s.view(func(ctx context.Context, tx *store.Tx) error {
				u, err := tx.UserByName(ctx, "newman")
				if iis.KindOf(err) == iis.NotFound {
					return nil
				}
				grants, err := tx.Grants(ctx, u.ID)
				for _, g := range grants {
					if g.Organization.ID != sample.TestClinic || g.Role != iis.TypicalUser || u.State != iis.UserInvited || u.ID == "user-clerk" {
						t.Errorf("with %v an administrator makes %s with %s at %s", extra, u.State, g.Role, g.Organization.ID)
					}
				}
				return err
			})
		}
		for _, do := range []url.Values{{"do": {"role"}, "organization": {string(sample.RiversideClinic)}, "role": {"Organization Administrator"}},
			{"do": {"role"}, "organization": {string(sample.RegistryHelpDesk)}, "role": {"Help Desk"}}, {"do": {"role"}, "organization": {string(sample.TestClinic)}, "role": {"Help Desk"}}} {
			for _, user := range []string{"user-admin", "user-clerk", "user-clerk2", "user-helpdesk", "user-floater"} {
				admin.post("/users/"+user, do)
			}
		}
		s.view(func(ctx context.Context, tx *store.Tx) error {
			for _, a := range sample.Accounts() {
				grants, err := tx.Grants(ctx, a.User.ID)
				if err != nil {
					return err
				}
				if len(grants) != len(a.Grants) || slices.ContainsFunc(grants, func(g iis.Grant) bool { return g.Role != a.Grants[0].Role }) {
					t.Errorf("%s holds %v after an administrator of Test Clinic tried", a.User.UserName, grants)
				}
			}
			return nil
		})
	})
}

// TestForcedBirthDate posts a birth date though the page does not let it be
// typed: it is refused with the reason (A11).
func TestForcedBirthDate(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, user := range []string{"clerk", "admin"} {
			c := s.account(user)
			for _, do := range []string{"save", "immunize", "next", "reports"} {
				for _, birth := range []string{"01/01/2000", "2000-01-01", ""} {
					form := url.Values{"do": {do}, "version": {"1"}, "birth": {birth}}
					form["confirmed"] = iis.Confirmable[:3]
					g := c.post("/clients/"+string(sample.Rainbow), form)
					if g.status != http.StatusUnprocessableEntity || !strings.Contains(g.body, "Birth Date is locked") && birth != "" {
						t.Errorf("%s: %s with birth date %q = %d, want 422 with the reason", user, do, birth, g.status)
					}
				}
			}
		}
		if got := s.record(sample.Rainbow, sample.TestClinic).Client.BirthDate; got != (iis.Date{Year: 2015, Month: 2, Day: 14}) {
			t.Errorf("birth date = %s, want as it was", got)
		}
	})
}

// TestStoredMarkup puts markup into every text of the database, as an import of
// old data could, and reads every page in a browser: nothing runs, and the
// content security policy has nothing to refuse (C2).
func TestStoredMarkup(t *testing.T) {
	const attack = `"><script>window.xss=1</script><img src=x onerror="window.xss=1">'`
	s := sqliteSite(t)
	const id iis.ClientID = "888000111"
	born := iis.Date{Year: 2001, Month: 2, Day: 3}
	name := iis.Name{Last: attack, First: attack, Middle: attack, Suffix: attack}
	addr := iis.Address{Street: attack, Other: attack, POBox: attack, City: attack, State: attack, Zip: attack, County: attack}
	person := registry.Arrival{
		Record: iis.Record{
			Client: iis.Client{ID: id, Version: 1, Name: name, Gender: iis.Female, BirthDate: born, BirthCountry: attack, MotherMaidenLast: attack, MotherFirst: attack,
				Race: []string{attack}, Ethnicity: attack, Address: addr, Phone: attack, Email: attack, Created: s.now.now(), Updated: s.now.now(), UpdatedBy: "evil"},
			Aliases:  []iis.Alias{{ID: "a1", Name: name, BirthDate: born, Until: s.now.now(), By: "evil"}},
			Contacts: []iis.Contact{{ID: "c1", Position: 1, Name: name, Relation: iis.Relation(attack), Phone: attack, Extension: attack, Address: addr}},
			Comments: []iis.Comment{{ID: "k1", Code: iis.CommentCode(attack), Date: born, By: "evil", Entered: s.now.now()}},
			Doses: []iis.Dose{{ID: "d1", Kind: iis.Historical, Date: born, Vaccine: iis.CVX(attack), TradeName: attack, Maker: iis.MVX(attack), Product: iis.NDC(attack),
				Lot: attack, Amount: attack, Route: attack, Site: attack, Eligibility: attack, Funding: attack, GivenBy: attack, Source: attack, Provider: attack,
				Reactions: attack, By: "evil", Entered: s.now.now()}},
		},
		Memberships: []iis.Membership{{Organization: "evil", ChartNumber: attack, Status: iis.Inactive, Reason: "M", OnFile: true}},
	}
	evil := iis.Organization{ID: "evil", Name: attack, Type: iis.Clinic, City: attack, Active: true}
	user := iis.User{ID: "user-evil", UserName: attack, Name: attack, Email: attack, State: iis.UserActive, Created: s.now.now()}
	err := s.db.Update(t.Context(), func(tx *store.Tx) error {
		ctx := t.Context()
		for _, err := range []error{tx.PutOrganization(ctx, evil), tx.PutUser(ctx, user),
			tx.PutGrant(ctx, iis.Grant{User: user.ID, Organization: evil, Role: iis.OrgAdmin}),
			tx.PutAnnouncement(ctx, iis.Announcement{ID: "evil", Posted: born, Title: attack, Body: attack})} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = s.reg.Load(t.Context(), func(yield func(registry.Arrival) bool) { yield(person) }, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	evilCaller := s.caller(user.ID, evil.ID)
	evilCaller.post("/clients/"+string(id), url.Values{"do": {"draft"}, "version": {"1"}, "last": {attack + "2"}, "street": {attack + "3"}, "contact/c1/last": {attack + "4"}})
	evilCaller.post("/clients/"+string(id)+"/immunizations/record", url.Values{"do": {"draft"}, "version": {"1"}, "dose": {"d1", "d2"}, "dose/d1/lot": {attack + "5"},
		"dose/d2/kind": {attack}, "dose/d2/date": {attack}, "dose/d2/vaccine": {attack}, "dose/d2/trade": {attack}, "dose/d2/ndc": {attack}, "dose/d2/expires": {attack}})
	evilCaller.post("/clients/"+string(id)+"/immunizations/d1/problem", url.Values{"problem": {attack}})
	found := evilCaller.post("/clients", url.Values{"last": {attack}, "first": {attack}, "birth": {born.US()}}).header.Get("Location")

	b := webtest.NewBrowser(t, s.url, true)
	b.SetCookie(evilCaller.cookie)
	base := "/clients/" + string(id)
	pages := []string{"/", found, base, base + "?tab=contacts", base + "?tab=comments", base + "/discard", base + "/deceased", base + "/history", base + "/history/views",
		base + "/history/names", base + "/reports", base + "/reports/summary", "/users", "/users/user-evil", "/users/new", "/account", "/organization",
		"/announcements", "/announcements/evil", "/clients/new", "/immunizations", "/helpdesk",
		base + "/immunizations/record", base + "/immunizations/record?edit=d1", base + "/immunizations/record/discard", base + "/immunizations/d1/problem", "/problems"}
	shown := 0
	for _, p := range pages {
		b.Open(p)
		if b.Status() >= 500 {
			t.Errorf("%s = %d", p, b.Status())
		}
		if x := b.Eval("window.xss"); x != "undefined" {
			t.Errorf("%s runs what is stored", p)
		}
		if n := b.Eval(`document.querySelectorAll("main img, main script, main [onerror]").length`); n != "0" {
			t.Errorf("%s holds %s elements that were stored", p, n)
		}
		if strings.Contains(b.Text(), "window.xss") || strings.Contains(b.Text(), "WINDOW.XSS") {
			shown++
		}
	}
	if shown < 10 {
		t.Errorf("%d pages show the stored text, want at least 10 to have shown anything", shown)
	}
	desk := webtest.NewBrowser(t, s.url, true)
	s.enter(desk, "helpdesk")
	for _, p := range []string{base, base + "/history", base + "/history/views", "/users?organization=evil", "/users/user-evil", "/organization"} {
		desk.Open(p)
		if x := desk.Eval("window.xss"); x != "undefined" {
			t.Errorf("help desk: %s runs what is stored", p)
		}
	}
}

// TestGetsChangeNothing asks for every page and compares the database: only the
// audit trail, sessions and the mark that an announcement was read have moved
// (C9).
func TestGetsChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		clerk := s.account("clerk")
		clerk.post("/clients/"+string(sample.Don), url.Values{"do": {"draft"}, "version": {"2"}, "phone": {"651-201-1111"}})
		found := clerk.post("/clients", url.Values{"last": {"duck"}}).header.Get("Location")
		callers := []*caller{clerk, s.account("admin"), s.account("helpdesk"), s.account("viewer"), s.caller("", "")}
		before := storetest.Snapshot(t, s.data, append([]string{"announcement_read"}, notSaved...)...)
		for _, c := range callers {
			paths := []string{found, "/announcements/release-7-22", "/clients?done=deceased&client=" + string(sample.Don)}
			for _, r := range s.web.Routes() {
				if r.Method == http.MethodGet {
					paths = append(paths, concrete(r.Path, sample.Don), concrete(r.Path, deadClient)+"?do=save&last=x&to=river&confirm=1")
				}
			}
			for _, path := range paths {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					if g := c.ask(method, path, nil, ""); g.status >= 500 {
						t.Errorf("%s %s = %d", method, path, g.status)
					}
				}
			}
		}
		if diff := gocmp.Diff(before, storetest.Snapshot(t, s.data, append([]string{"announcement_read"}, notSaved...)...)); diff != "" {
			t.Errorf("the database (-before +after):\n%s", diff)
		}
	})
}

// TestCrossSiteForms posts to every route as another site would, with the
// person's cookie: 403, and nothing is saved (C9).
func TestCrossSiteForms(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		posts := s.posts()
		before := storetest.Snapshot(t, s.data, notSaved...)
		for path, c := range posts {
			for name, h := range map[string]http.Header{
				"cross-site":         {"Sec-Fetch-Site": {"cross-site"}},
				"same-site":          {"Sec-Fetch-Site": {"same-site"}},
				"foreign origin":     {"Origin": {"https://evil.example"}},
				"null origin":        {"Origin": {"null"}},
				"origin as a prefix": {"Origin": {s.url + ".evil.example"}},
			} {
				for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
					v := url.Values{"org": {string(c.org)}, "do": {"save"}, "version": {"2"}, "email": {"x@example.org"}, "_method": {"POST"}}
					r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(v.Encode()))
					if err != nil {
						t.Fatal(err)
					}
					r.Header = h.Clone()
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					r.Header.Set("X-Http-Method-Override", "POST")
					if g := c.send(r); g.status != http.StatusForbidden {
						t.Errorf("%s %s %s = %d, want 403", name, method, path, g.status)
					}
				}
			}
		}
		if diff := gocmp.Diff(before, storetest.Snapshot(t, s.data, notSaved...)); diff != "" {
			t.Errorf("the database (-before +after):\n%s", diff)
		}
	})
}

// TestRawRequests sends what no browser would: requests that two readers could
// take for different ones, forged hosts, half a body (C7, C10).
func TestRawRequests(t *testing.T) {
	s := sqliteSite(t)
	c := s.account("clerk")
	host := strings.TrimPrefix(s.url, "http://")
	cookie := "Cookie: openiis=" + c.cookie.Value + "\r\n"
	for name, test := range map[string]struct {
		raw  string
		want []int
	}{
		"two lengths":      {"POST /account HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", []int{400}},
		"length and chunk": {"POST /account HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /users HTTP/1.1\r\n\r\n", []int{303, 400}},
		"odd chunking":     {"POST /account HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", []int{400, 501}},
		"two hosts":        {"GET / HTTP/1.1\r\nHost: " + host + "\r\nHost: evil.example\r\n\r\n", []int{400}},
		"no host":          {"GET / HTTP/1.1\r\n\r\n", []int{400}},
		"header of 1 MB":   {"GET / HTTP/1.1\r\nHost: " + host + "\r\nX: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", []int{431}},
		"folded header":    {"GET / HTTP/1.1\r\nHost: " + host + "\r\nX: a\r\n b\r\n\r\n", []int{303, 400}},
		"a bad name":       {"GET / HTTP/1.1\r\nHost: " + host + "\r\nX y: a\r\n\r\n", []int{400}},
		// A page asked for under another name is none that knows the session, and
		// its links and redirects do not carry the name on.
		"another host": {"GET /clients HTTP/1.1\r\nHost: evil.example\r\n" + cookie + "\r\n", []int{303, 400, 421}},
		"absolute":     {"GET http://evil.example/clients HTTP/1.1\r\nHost: evil.example\r\n" + cookie + "\r\n", []int{303, 400, 421}},
		"TRACE":        {"TRACE / HTTP/1.1\r\nHost: " + host + "\r\n" + cookie + "\r\n", []int{400, 405}},
		"CONNECT":      {"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", []int{400, 404, 405}},
		"dots":         {"GET /clients/../users HTTP/1.1\r\nHost: " + host + "\r\n\r\n", []int{301, 303, 307, 308, 400, 404}},
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(conn, test.raw) // refused early, it need not all arrive
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			conn.Close()
			if name != "header of 1 MB" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		conn.Close()
		if !slices.Contains(test.want, resp.StatusCode) {
			t.Errorf("%s = %d, want one of %v", name, resp.StatusCode, test.want)
		}
		if at := resp.Header.Get("Location"); strings.Contains(at, "evil") || strings.Contains(string(body), "evil.example") {
			t.Errorf("%s: the answer carries the forged name: %s", name, at)
		}
	}
}

// FuzzDoseForm posts any bytes as the form that records immunizations: it is
// answered, without a fault, and the screen can be opened afterwards.
func FuzzDoseForm(f *testing.F) {
	for _, seed := range []string{"do=save&version=2&dose=d1&dose/d1/kind=Historical&dose/d1/date=01/02/2020&dose/d1/vaccine=03", "do=next&dose=d1", "do=draft&dose=d1&dose/d1/expires=06/2027",
		"do=dose-delete:d1", "do=dose-undo:d1&dose=d1", "do=dose-cancel:d1", "do=ndc:d1&dose=d1&dose/d1/ndc=0006-4681-00", "do=ndc:d1&dose=d1&dose/d1/ndc=(01)00300064681000(17)270630",
		"do=resolve&choice:dose/d1/lot=yours", "dose=d1&dose=d1&dose/d1/reactions=x&dose/d1/date=", "do=ndc:&dose=", "do=dose-delete:a/b", "%ff", "dose=" + strings.Repeat("x", 70)} {
		f.Add(seed)
	}
	s := sqliteSiteFor(f)
	c := s.account("clerk")
	path := "/clients/" + string(sample.Don) + "/immunizations/record"
	f.Fuzz(func(t *testing.T, body string) {
		s.t = t
		g := c.ask(http.MethodPost, path, strings.NewReader("org="+string(c.org)+"&"+body), "application/x-www-form-urlencoded")
		if g.status >= 500 || g.status == http.StatusSeeOther && strings.HasPrefix(g.header.Get("Location"), "/signin") {
			t.Errorf("POST %q = %d %s", body, g.status, g.header.Get("Location"))
		}
		for _, next := range []string{path, path + "/discard"} {
			if g := c.get(next); g.status != http.StatusOK && g.status != http.StatusSeeOther {
				t.Errorf("after %q %s answers %d", body, next, g.status)
			}
		}
	})
}

// FuzzForm posts any bytes as a client's form: it is answered, without a fault,
// and the client stays one that can be read.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"do=save&version=2&last=x", "do=contact-new", "do=comment-select:k1&comment/k1/code=x", "do=draft&contact/c1/last=%C3%A9",
		"do=contact-undo:c1", "race=2106-3&race=declined&last=a", "%ff", "a=b;c=d", "do=contact-delete:" + strings.Repeat("x", 70), "do=-", "do=contact-:/"} {
		f.Add(seed)
	}
	s := sqliteSiteFor(f)
	c := s.account("clerk")
	f.Fuzz(func(t *testing.T, body string) {
		s.t = t
		r := httptest.NewRequest(http.MethodPost, s.url+"/clients/"+string(sample.Don), strings.NewReader("org="+string(c.org)+"&"+body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.RemoteAddr = "127.0.0.1:9"
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}))
		r.AddCookie(c.cookie)
		w := httptest.NewRecorder()
		s.web.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/signin") {
			t.Errorf("POST %q = %d %s", body, w.Code, w.Header().Get("Location"))
		}
		if g := c.get("/clients/" + string(sample.Don)); g.status != http.StatusOK && g.status != http.StatusNotFound {
			t.Errorf("after %q the client answers %d", body, g.status)
		}
	})
}
