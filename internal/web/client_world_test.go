package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// The guide's people, as the screens of the guide show them.
const (
	don     iis.ClientID = "6714871"
	rainbow iis.ClientID = "14883406"
)

// guideSite is a site with the guide's people.
func guideSite(t testing.TB, open ...func(testing.TB, ...store.Option) *store.DB) *site {
	t.Helper()
	s := newSite(t, open...)
	home := iis.Address{Street: "123 1ST ST SE", City: "SAINT PAUL", State: "MN", Zip: "55112", County: "RAMSEY"}
	day := func(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }
	at := func(d iis.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 15, 0, 0, 0, time.UTC) }
	comment := func(id, code string, d iis.Date) iis.Comment {
		return iis.Comment{ID: iis.CommentID(id), Code: iis.CommentCode(code), Date: d, By: "clinic", Entered: at(d)}
	}
	people := []registry.Arrival{
		{
			Record: iis.Record{
				Client: iis.Client{
					ID: don, Version: 1, Name: iis.Name{Last: "Duck", First: "Don"}, Gender: iis.Male, BirthDate: day(2009, 9, 21),
					Address: home, AddressUpdated: day(2021, 10, 15), Phone: "555-555-5555",
					Created: at(day(2021, 10, 15)), Updated: at(day(2023, 1, 11)), UpdatedBy: "clinic",
				},
				Aliases: []iis.Alias{{ID: "a1", Name: iis.Name{Last: "Dick", First: "Don"}, BirthDate: day(2009, 9, 21), Until: at(day(2023, 1, 11)), By: "clinic"}},
				Contacts: []iis.Contact{
					{ID: "c1", Position: 1, Name: iis.Name{Last: "Duck", First: "Don"}, Relation: iis.Self, Address: home, Notices: true, Primary: true},
					{ID: "c2", Position: 2, Name: iis.Name{Last: "Huey", First: "Duck"}, Relation: iis.OtherRelative},
				},
				Comments: []iis.Comment{
					comment("k1", "immunity-hepb", day(2022, 5, 23)), comment("k2", "refusal-influenza", day(2022, 9, 28)),
				},
			},
			Memberships: []iis.Membership{
				{Organization: "clinic", ChartNumber: "12345678910", Status: iis.Active, Reminders: true, OnFile: true},
				{Organization: "river", ChartNumber: "R-1", Status: iis.Active, Reminders: true, OnFile: true},
			},
		},
		{
			Record: iis.Record{Client: iis.Client{
				ID: rainbow, Version: 1, Name: iis.Name{Last: "BRIGHT", First: "RAINBOW", Middle: "FANCYPANTS"}, Gender: iis.UnknownGender,
				BirthDate: day(2015, 2, 14), BirthCertificate: "2015-1", MotherMaidenLast: "UNICORN",
				Address: iis.Address{Street: "1625 CLOUDNINE DRIVE", City: "PEGASUS", State: "MN", Zip: "5000"}, Phone: "651-201-4629",
				Created: at(day(2020, 1, 1)), Updated: at(day(2022, 4, 1)), UpdatedBy: "clinic",
			}, Comments: []iis.Comment{
				comment("k1", "immunity-mumps", day(2020, 1, 1)), comment("k2", "refusal-influenza", day(2021, 11, 4)),
				comment("k3", "immunity-varicella", day(2022, 3, 17)), comment("k4", "refusal-cholera", day(2022, 4, 1)),
			}},
			Memberships: []iis.Membership{{Organization: "clinic", ChartNumber: "999", Status: iis.Active, Reminders: true, OnFile: true}},
		},
	}
	if err := s.reg.Load(t.Context(), slices.Values(people), nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// record is a client as an organization has it on file.
func (s *site) record(id iis.ClientID, org iis.OrganizationID) (rec iis.Record) {
	s.t.Helper()
	err := s.db.View(s.t.Context(), func(tx *store.Tx) (err error) {
		rec, err = tx.ClientRecord(s.t.Context(), id, org)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return rec
}

// sheet is the form of a page in the hands of someone whose browser runs no
// script.
type sheet struct {
	b      *browser
	action string
	values url.Values
}

// sheet takes up the form that matches.
func (b *browser) sheet(a answer, selector string) *sheet {
	b.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		b.t.Fatal(err)
	}
	form := cascadia.Query(doc, cascadia.MustCompile(selector))
	if form == nil {
		b.t.Fatalf("status %d, no form %s on the page: %s", a.status, selector, a.text("main"))
	}
	sh := &sheet{b: b, action: get(form, "action"), values: url.Values{}}
	for n := range form.Descendants() {
		name := get(n, "name")
		if n.Type != html.ElementNode || name == "" || has(n, "disabled") {
			continue
		}
		switch {
		case n.Data == "input" && (get(n, "type") == "radio" || get(n, "type") == "checkbox"):
			if has(n, "checked") {
				sh.values.Add(name, get(n, "value"))
			}
		case n.Data == "input":
			sh.values.Add(name, get(n, "value"))
		case n.Data == "select":
			options := cascadia.QueryAll(n, cascadia.MustCompile("option"))
			i := max(slices.IndexFunc(options, func(o *html.Node) bool { return has(o, "selected") }), 0)
			sh.values.Add(name, get(options[i], "value"))
		}
	}
	return sh
}

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// open takes up the form of a client's screen.
func (b *browser) open(id iis.ClientID) *sheet {
	b.t.Helper()
	return b.sheet(b.get("/clients/"+string(id)).is(200), "form#client")
}

// fill types into a field, of a row's form if the name begins with "contact/" or
// "comment/" and a dash for the ID.
func (sh *sheet) fill(pairs ...string) *sheet {
	sh.b.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		sh.values.Set(sh.name(pairs[i]), pairs[i+1])
	}
	return sh
}

// name finds the field of the open row: "contact/-/last".
func (sh *sheet) name(n string) string {
	row, field, ok := strings.Cut(n, "/-/")
	if !ok {
		return n
	}
	for name := range sh.values {
		if strings.HasPrefix(name, row+"/") && strings.HasSuffix(name, "/"+field) {
			return name
		}
	}
	// A box that is not ticked is not among the values.
	for name := range sh.values {
		if strings.HasPrefix(name, row+"/") && strings.HasSuffix(name, "/city") {
			return strings.TrimSuffix(name, "city") + field
		}
	}
	sh.b.t.Fatalf("no open form with a field %s", n)
	return ""
}

func (sh *sheet) untick(n string) *sheet { sh.values.Del(sh.name(n)); return sh }

// confirm ticks three details.
func (sh *sheet) confirm() *sheet {
	sh.values["confirmed"] = []string{"Last name", "First name", "Birth date"}
	return sh
}

// press sends the form by a button.
func (sh *sheet) press(do string) answer {
	v := url.Values{}
	maps.Copy(v, sh.values)
	if do != "" {
		v.Set("do", do)
	}
	return sh.b.send(sh.action, v.Encode())
}

// then sends the form and takes it up again from the page that follows.
func (sh *sheet) then(do string) *sheet {
	sh.b.t.Helper()
	return sh.b.sheet(sh.b.follow(sh.press(do)), "form#client")
}

// follow goes where an answer leads.
func (b *browser) follow(a answer) answer {
	b.t.Helper()
	a.is(303)
	to, _, _ := strings.Cut(a.header.Get("Location"), "#")
	return b.get(to)
}

// lacks fails the test if an element that matches holds the text.
func (a answer) lacks(selector, text string) {
	a.t.Helper()
	for _, s := range a.texts(selector) {
		if strings.Contains(s, text) {
			a.t.Errorf("%s = %q, which must not hold %q", selector, s, text)
		}
	}
}
