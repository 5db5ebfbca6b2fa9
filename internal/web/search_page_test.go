package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

func TestClerkSearch(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		b.get("/clients").is(200).sees("label", "MIIC ID or chart number")
		a := b.post("/clients", "last", "duk", "first", "donald", "birth", "9/21/09").is(303)
		to := a.header.Get("Location")
		if low := strings.ToLower(to); strings.Contains(low, "duk") || strings.Contains(low, "donald") {
			t.Errorf("Location = %q holds a name", to)
		}
		a = b.follow(a).is(200)
		a.sees("#count", "1 client looks like “donald duk 09/21/2009”.")
		a.sees("tbody th", "DUCK, DON was DICK, DON until 01/11/2023")
		a.sees("tbody .chip", "Strong")
		a.sees("tbody td", "same birth date")
		if got, want := a.text("tbody .actions a"), "Edit DUCK, DON | Immunize DUCK, DON"; got != want {
			t.Errorf("buttons = %q, want %q", got, want)
		}
		s.as("viewer").get(to).is(404) // a search is its maker's alone
		if strings.Contains(strings.ToLower(s.log.String()), "duk") {
			t.Error("the log holds what was searched for")
		}
	})
}

// TestClerkSearchPartialDate searches with a month and with a year, from the form
// and from the box in the header.
func TestClerkSearchPartialDate(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	for typed, want := range map[string][2]string{"9/2009": {"09/2009", "September 2009"}, "Sep 2009": {"09/2009", "September 2009"},
		"2009-09": {"09/2009", "September 2009"}, "2009": {"2009", "2009"}} {
		for door, a := range map[string]answer{
			"form": b.follow(b.post("/clients", "last", "duk", "first", "donald", "birth", typed)),
			"box":  b.follow(b.post("/find", "q", "donald duk "+typed)),
		} {
			a.is(200).sees("#count", "1 client looks like “donald duk "+want[1]+"”.")
			a.sees("tbody tr", "DUCK, DON was DICK, DON until 01/11/2023")
			a.sees("tbody tr", "born in "+want[1]+", sounds like Duk, DON = Donald")
			if got := a.attribute("input[name=birth]", "value"); got != want[0] {
				t.Errorf("%s, %s: birth date = %q, want %q", door, typed, got, want[0])
			}
			a.sees("output.echo", "Read as ")
			a.sees("output.echo", want[1])
			a.lacks(".foot", "Enter new client with these details") // a whole birth date is needed
		}
	}
	b.follow(b.post("/clients", "birth", "9/2009")).is(200).sees("tbody tr", "born in September 2009")
	for _, a := range []answer{b.follow(b.post("/clients", "birth", "2009")), b.follow(b.post("/find", "q", "2009"))} {
		a.is(422).sees("#problems a[href='#f-birth']", "A birth year alone finds too many clients. Add the month, or a last or first name.")
	}
	b.post("/clients", "last", "duck", "birth", "9/09").is(422).sees("#problems",
		"Birth Date cannot be read: enter the month with a year of four digits, such as 09/2009.")
}

// TestClerkSearchMany: of more than are counted the best are shown, and what to add
// is said.
func TestClerkSearchMany(t *testing.T) {
	s := guideSite(t)
	var people []registry.Arrival
	for i := range 201 {
		c := iis.Client{ID: iis.ClientID(fmt.Sprint(1_000_000 + i)), Version: 1, Name: iis.Name{Last: "Smith", First: fmt.Sprintf("Ann%c%c", 'a'+i/20, 'a'+i%20)},
			BirthDate: iis.Date{Year: 2009, Month: 9, Day: 1 + i%30}, Gender: iis.Female, UpdatedBy: "clinic", Created: s.time, Updated: s.time}
		people = append(people, registry.Arrival{Record: iis.Record{Client: c}})
	}
	if err := s.reg.Load(t.Context(), slices.Values(people), nil); err != nil {
		t.Fatal(err)
	}
	b := s.as("clerk")
	for _, test := range []struct{ last, first, birth, advice string }{
		{"smith", "", "", "Add a birth date or first name."},
		{"smith", "ann", "", "Add a birth date."},
		{"smith", "", "2009", "Add the whole birth date or a first name."},
		{"smith", "ann", "9/2009", "Add the whole birth date."},
		{"", "", "9/2009", "Add a name, or the day of birth."},
	} {
		a := b.follow(b.post("/clients", "last", test.last, "first", test.first, "birth", test.birth)).is(200)
		a.sees("#count", "More than 200 clients match. "+test.advice+" The 20 best are shown.")
		if n := len(a.texts("table.results tbody tr")); n != 20 {
			t.Errorf("%+v: %d clients are shown, want 20", test, n)
		}
	}
	b.follow(b.post("/find", "q", "smith")).sees("#count", "More than 200 clients match. Add a birth date or first name. The 20 best are shown.")
	b.follow(b.post("/clients", "last", "smith", "first", "annaa")).sees("tbody tr:first-child", "SMITH, ANNAA")
}

// TestClerkSearchFormerName lands on the one record by the name the client had
// (guide 22).
func TestClerkSearchFormerName(t *testing.T) {
	s := guideSite(t)
	b := s.as("viewer")
	a := b.follow(b.post("/clients", "last", "Dick", "first", "Don"))
	a.sees("#count", "1 client looks like")
	a.sees("tbody th", "was DICK, DON until 01/11/2023")
	a.sees("tbody .actions a", "View DUCK, DON")
	a.lacks("main", "Enter new client")
}

func TestClerkSearchNone(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.follow(b.post("/clients", "last", "Zzyzx", "first", "Quentin", "birth", "01/02/2003", "mother", "Ann"))
	a.sees("#count", "No client found")
	a.sees("details[open] label", "Mother's First Name")
	a = b.follow(b.post("/clients", "last", "Zzyzx"))
	a.sees(".foot", "Search by last name and birth date first")
	a = b.post("/clients", "last", "Duck", "birth", "13/45/2009").is(422)
	a.sees("#problems h2", "Nothing was looked for yet. Fix 1 thing:")
	a.sees("#problems", "Birth Date cannot be read")
	if got := a.attribute("input[name=birth]", "value"); got != "13/45/2009" {
		t.Errorf("birth date = %q, want what was typed", got)
	}
	b.follow(b.post("/clients", "first", "Don")).is(422).sees("#problems", "Add a last name or a birth date.")
	b.get("/clients?found=nonsense").is(404)
}

func TestClerkQuickFind(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	for _, q := range []string{"6714871", " 12345678910 "} {
		b.post("/find", "q", q).leads("/clients/6714871")
	}
	a := b.follow(b.post("/find", "q", "duck, don 9/21/09"))
	a.sees("tbody th", "DUCK, DON")
	b.follow(b.post("/find", "q", "555000111")).sees("#count", "No client found")
	b.follow(b.post("/find", "q", "")).is(422)
}

// TestClerkEnter enters a client from a search that found nobody.
func TestClerkEnter(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		a := b.follow(b.post("/clients", "last", "Zzyzx", "first", "Quentin", "birth", "01/02/2003"))
		sh := b.sheet(a, "form.foot").then("begin")
		if sh.values.Get("last") != "Zzyzx" || sh.values.Get("birth") != "01/02/2003" {
			t.Fatalf("last %q, birth %q: the details of the search did not come along", sh.values.Get("last"), sh.values.Get("birth"))
		}
		a = sh.press("save").is(422)
		a.sees("#problems", "Gender is not chosen")
		a = b.sheet(a, "form#client").fill("gender", "M").press("save").is(303)
		a = b.follow(a)
		a.sees("[role=status]", "Client Added")
		a.sees(".banner", "ZZYZX, QUENTIN Born 01/02/2003")
		b.get("/clients/new").lacks("main", "Your draft from")
	})
}

// TestClerkAddNext begins the next client after the first, with a contact and a
// comment entered before the client himself was saved.
func TestClerkAddNext(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.sheet(b.get("/clients/new"), "form#client").fill("last", "Zzyzx", "birth", "1/2/03", "gender", "F").then("contact-new")
	sh = sh.fill("contact/-/last", "Zzyzx", "contact/-/relation", "MTH").then("contact-next").then("comment-new")
	a := sh.fill("comment/-/code", "refusal-hepb", "comment/-/date", "1/3/2003").press("next").leads("/clients/new?done=client-entered")
	a = b.follow(a)
	a.sees("[role=status]", "Client Added")
	a.lacks("#contacts tbody", "ZZYZX")
	a = b.follow(b.post("/clients", "last", "Zzyzx", "birth", "01/02/2003"))
	id := iis.ClientID(strings.TrimPrefix(a.attribute("tbody th a", "href"), "/clients/"))
	if rec := s.record(id, "clinic"); len(rec.Contacts) != 1 || len(rec.Comments) != 1 {
		t.Errorf("%d contacts and %d comments, want one of each", len(rec.Contacts), len(rec.Comments))
	}
}

// TestClerkLookalikes asks before one person gets two records.
func TestClerkLookalikes(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.sheet(b.get("/clients/new"), "form#client").fill("last", "Duck", "first", "Don", "birth", "09/21/2009", "gender", "M").press("save").is(200)
	a.sees("h1", "1 client may already be this person")
	a.sees("tbody .actions button", "Use this record")
	a = b.sheet(a, "main form").press("save").is(422)
	a.sees("#problems", "Choose why this is another person")
	a = b.sheet(a, "main form").fill("different", "twin").press("reports").is(303)
	if to := a.header.Get("Location"); !strings.HasSuffix(to, "/reports?done=client-entered") {
		t.Errorf("Location = %q, want the reports of the new client", to)
	}
	b.sheet(b.get("/clients/new"), "form#client").fill("last", "Duck", "first", "Don", "birth", "09/21/2009", "gender", "M").press("save").is(200).
		sees("h1", "2 clients may already be this person")
}

// TestClerkUseRecord takes a look-alike: what was typed waits on his page as
// changes that are not saved yet.
func TestClerkUseRecord(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.sheet(b.get("/clients/new"), "form#client").fill("last", "Duck", "first", "Don", "birth", "09/21/2009", "gender", "M", "email", "don@example.org").press("save").is(200)
	a = b.follow(b.sheet(a, "form#use").press("use:" + string(don)).leads("/clients/" + string(don)))
	a.sees("#draft-back", "1 change not saved yet")
	if got := a.attribute("#f-email", "value"); got != "don@example.org" {
		t.Errorf("email = %q, want what was typed for the new client", got)
	}
	b.sheet(b.get("/clients/new"), "form#client").press("use:123456789").is(404)
}

// TestClerkHeld enters a client who is locked elsewhere: nothing is said of him
// but a code to call the help desk with.
func TestClerkHeld(t *testing.T) {
	s := guideSite(t)
	s.as("clerk").open(don).fill("sharing", "No").press("save").is(303)
	b := s.as("clerk2")
	a := b.sheet(b.get("/clients/new"), "form#client").fill("last", "Duck", "first", "Don", "birth", "09/21/2009", "gender", "M").press("save").is(200)
	a.sees("h1", "This client cannot be added here")
	a.lacks("main", "6714871")
	code := a.text(".code")
	s.as("helpdesk").get("/held/"+code).is(200).sees("main", "Last Name Duck")
}

// TestClerkTwoDrafts does not mix the details of a search with a draft of
// someone else.
func TestClerkTwoDrafts(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	b.sheet(b.get("/clients/new"), "form#client").fill("last", "Started").press("draft").is(204)
	a := b.follow(b.post("/clients", "last", "Zzyzx", "birth", "01/02/2003"))
	a = b.sheet(a, "form.foot").press("begin").is(200)
	a.sees("h1", "You have a draft of another new client")
	if got := b.sheet(b.sheetless("/clients/new"), "form#client").values.Get("last"); got != "Started" {
		t.Errorf("last name = %q, want the draft", got)
	}
	sh := b.sheet(a, "form.actions").then("")
	if got := sh.values.Get("last"); got != "Zzyzx" {
		t.Errorf("last name = %q, want that of the search", got)
	}
	b.follow(b.follow(sh.press("cancel")).is(200).mustForm(b, "form.actions").press("")).is(200)
}

func (b *browser) sheetless(path string) answer { return b.get(path).is(200) }

func (a answer) mustForm(b *browser, selector string) *sheet { return b.sheet(a, selector) }

// TestClerkImmunizations follows "Viewing client comments on the immunization
// record": Immunize, then the toggles beside the comments (guide 65 to 70).
func TestClerkImmunizations(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/immunizations").is(200)
	a.sees("h1", "Manage immunizations")
	a = b.follow(b.sheet(a, "form.search").fill("last", "Bright", "first", "Rainbow").press(""))
	a.sees("h1", "Manage immunizations")
	if got, want := a.attribute("table.results th a", "href"), "/clients/14883406/immunizations"; got != want {
		t.Errorf("the client found leads to %s, want %s", got, want)
	}
	a = b.get("/clients/14883406/immunizations").is(200)
	a.sees("main", "Client Information MIIC ID: 14883406")
	a.sees("main table", "Client Name (First - MI - Last) DOB Gender Mother's Maiden Tracking Schedule Chart Number")
	a.sees("main table", "RAINBOW FANCYPANTS BRIGHT 02/14/2015 U UNICORN ACIP 999")
	a.sees("main .foot", "Address 1625 CLOUDNINE DRIVE, PEGASUS, MN 5000 (651) 201-4629")
	a.sees("#comments", "Comments (1 of 4) ... 01/01/2020 ~ Immunity: Titer/MD Dx Mumps")
	turn := func(toggle string) answer {
		path, _, _ := strings.Cut(a.attribute("#comments .actions "+toggle, "href"), "#")
		return b.get(path).is(200)
	}
	a = turn("a:last-child")
	a.sees("#comments", "Comments (2 of 4) ... 11/04/2021 ~ Refusal of Influenza")
	a = turn("a:first-child")
	a = turn("a:first-child")
	a.sees("#comments", "Comments (4 of 4)")
	b.get("/clients/14883406/immunizations?comment=99").sees("#comments", "Comments (1 of 4)")
	if got, want := a.texts("main .head .actions a"), []string{"Add Immunization", "Edit Client", "Reports", "Print", "Print Confidential"}; !slices.Equal(got, want) {
		t.Errorf("buttons = %q, want %q", got, want)
	}
	a.sees("main .doses thead", "Vaccine Group Date Administered Age Series Vaccine [Trade Name] Dose Owned? Hist? Edit")
	a.sees("main .doses tbody", "MMR 01/01/2020 4 y 10 m Immune Titer/MD Dx Mumps From client comments")

	a = b.get("/clients/14883406/immunizations/print").is(200)
	for _, shown := range []string{"UNICORN", "CLOUDNINE", "01/01/2020 ~ Immunity: Titer/MD Dx Mumps"} {
		a.sees("main", shown)
	}
	a = b.get("/clients/14883406/immunizations/print?confidential=1").is(200)
	a.sees("main", "RAINBOW FANCYPANTS BRIGHT")
	for _, hidden := range []string{"UNICORN", "CLOUDNINE", "201-4629", "999", "Test Clinic"} {
		a.lacks("main", hidden)
	}
	b.get("/clients/14883406/history/views").sees("main", "Printed")
}

func TestClerkHistory(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		b.open(don).confirm().fill("last", "Mouse", "contact/c1/extension", "77").press("save").is(303)
		b.open(don).fill("contact-row", "c2").then("contact-delete").press("save").is(303)
		s.as("clerk2").open(don).fill("email", "two@example.org", "chart", "R-2").press("save").is(303)
		a := b.get("/clients/6714871/history").is(200)
		a.sees(".events", "Riverside Clinic Client updated Email nothing → became two@example.org")
		a.lacks(".events", "R-2")
		a.lacks(".events", "clerk2")
		a.sees(".events", "clerk, Test Clinic Client updated Last Name DUCK → became MOUSE")
		a.sees(".changes dt", "Contact DON DUCK, Extension")
		a.sees(".changes dt", "Contact DUCK HUEY")
		a = b.get("/clients/6714871/history?field=Last+Name")
		a.sees(".filter", "1 of the 4 entries on this page")
		a.lacks(".events", "Email")
		b.get("/clients/6714871/history?organization=Riverside+Clinic").sees(".filter", "1 of the 4 entries")
		b.get("/clients/6714871/history?page=-3&field=%3Cb%3E").is(200)
		s.as("helpdesk").get("/clients/6714871/history").sees(".events", "clerk2, Riverside Clinic")

		a = b.get("/clients/6714871/history/views").is(200)
		a.sees(".events", "Opened the record")
		a = b.get("/clients/6714871/history/names").is(200)
		a.sees("tbody tr", "MOUSE, DON 09/21/2009 now")
		a.sees("tbody tr", "DICK, DON 09/21/2009 until 01/11/2023")
	})
}

// TestClerkReports prints a summary, which is recorded.
func TestClerkReports(t *testing.T) {
	s := guideSite(t)
	b := s.as("viewer")
	b.get("/clients/6714871/reports").is(200).sees("main", "Official immunization record Language")
	a := b.get("/clients/6714871/reports/summary").is(200)
	a.sees("main", "by V. Reader, Test Clinic")
	a.sees("main", "123 1ST ST SE")
	a.sees("main", "not an official immunization record")
	b.get("/clients/6714871/history/views").sees(".events", "viewer, Test Clinic Printed: client summary")
}
