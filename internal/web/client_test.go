package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// eachGuideSite runs f on both engines.
func eachGuideSite(t *testing.T, f func(t *testing.T, s *site)) {
	t.Run("SQLite", func(t *testing.T) { f(t, guideSite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		f(t, guideSite(t, func(t testing.TB, o ...store.Option) *store.DB { return storetest.PostgreSQL(t, o...) }))
	})
}

// TestClerkPersonalInformation looks at every part the guide's screen has (guide 17
// to 20, 29, 30).
func TestClerkPersonalInformation(t *testing.T) {
	s := guideSite(t)
	a := s.as("clerk").get("/clients/6714871").is(200)
	a.sees(".crumb", "Last Updated by: Test Clinic on 01/11/2023")
	a.sees("h1", "Personal Information")
	a.sees(".banner", "DUCK, DON Born 09/21/2009 (17 y 2 m) Gender M MIIC ID 6714871 Chart number 12345678910")
	a.sees(".banner", "Also known as DICK, DON")
	if got, want := a.texts(".sticky button"), []string{"Save", "Immunize", "Edit Next", "Reports", "Cancel"}; !slices.Equal(got, want) {
		t.Errorf("buttons = %q, want %q", got, want)
	}
	if got, want := a.texts(".tabs a"), []string{"Client Information", "Address(es)/Contact(s)", "Client Comment(s)"}; !slices.Equal(got, want) {
		t.Errorf("tabs = %q, want %q", got, want)
	}
	for _, label := range []string{"Last Name", "First Name", "Middle Name", "Name Suffix", "Mother's Maiden Last", "Mother's First Name", "Gender",
		"Birth Date", "Birth Country", "Street Address", "City", "State", "Zip", "County", "Phone", "Email", "Undeliverable Address",
		"Race (choose all that apply)", "Ethnicity", "Chart number", "Status", "Allow Reminder and Recall Contact?", "Allow Sharing of Immunization data?"} {
		a.sees("label, legend", label)
	}
	a.sees("dl", "Address Last Updated Date 10/15/2021")
	if strings.Contains(strings.ToUpper(a.text("title")), "DUCK") {
		t.Errorf("title %q names the client", a.text("title"))
	}
	if first := a.texts("form#client button")[0]; first != "Save" {
		t.Errorf("the first button is %q, want Save: it is the one that Enter presses", first)
	}
}

// TestClerkChangeName follows the guide's example: a new last name keeps the old one
// as an AKA, and the record says who changed it when (guide 21, 27).
func TestClerkChangeName(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		a := b.open(don).fill("last", "Mouse").press("save").is(200)
		a.sees("#ask h2", "You are changing the name. Which three details did your client confirm?")
		if got := s.record(don, "clinic").Client.Name.Last; got != "Duck" {
			t.Fatalf("last name after the question = %q, want it unchanged", got)
		}
		a.sees(".saved", "Saved value: DUCK")
		a.sees(".aka", "Saving adds an AKA: DUCK, DON")
		a = b.sheet(a, "form#client").confirm().press("save").leads("/clients/6714871?tab=info&done=client-updated")
		a = b.follow(a)
		a.sees("[role=status]", "Client Updated")
		a.sees(".crumb", "Last Updated by: Test Clinic on 11/22/2026")
		a.sees(".banner", "MOUSE, DON")
		a.sees(".banner", "Also known as DUCK, DON; DICK, DON")

		b.get("/clients/6714871/history").sees(".events", "confirmed: Last name, First name, Birth date")
	})
}

func TestClerkConfirmedAtOnce(t *testing.T) {
	s := guideSite(t)
	s.as("clerk").open(don).fill("first", "Donald").confirm().press("save").leads("/clients/6714871?tab=info&done=client-updated")
}

// TestClerkRemindedOnce passes the question over, as the policy lets one do.
func TestClerkRemindedOnce(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.open(don).fill("birth", "9/21/08").press("immunize").is(200)
	a.sees("#ask h2", "You are changing the birth date.")
	a.sees("#ask button", "Save and Immunize")
	b.sheet(a, "form#client").press("immunize").leads("/clients/6714871/immunizations?done=client-updated")
	if got := s.record(don, "clinic").Client.BirthDate.US(); got != "09/21/2008" {
		t.Errorf("birth date = %s, want 09/21/2008", got)
	}
}

// TestClerkRefusedSave checks the error summary, and that nothing typed is lost.
func TestClerkRefusedSave(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		sh := b.open(don).then("contact-new").fill("phone", "999-999-9999", "contact/-/last", "Mouse", "email", "don@example.org")
		a := sh.press("save").is(422)
		a.sees("#problems h2", "Nothing was saved yet. Fix 2 things:")
		if got := a.text("title"); !strings.HasPrefix(got, "Error: ") {
			t.Errorf("title = %q, want it to begin with Error", got)
		}
		if got := a.attribute("#problems li:first-child a", "href"); got != "#f-phone" {
			t.Errorf("first link = %q, want #f-phone", got)
		}
		a.sees("#f-phone-error", a.texts("#problems a")[0])
		a.sees(".tabs a", "Address(es)/Contact(s) has unsaved changes 1 to fix")
		a.sees("#contact-form", "Enter New Contact...")
		for name, want := range map[string]string{"phone": "999-999-9999", "email": "don@example.org"} {
			if got := a.attribute("input[name="+name+"]", "value"); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		if got := s.record(don, "clinic").Client; got.Email != "" || got.Version != 1 {
			t.Errorf("email %q in version %d, want nothing saved", got.Email, got.Version)
		}
		// The number on file is as bad, and stays as long as it is not touched.
		a = b.sheet(a, "form#client").fill("phone", "555-555-5555", "contact/-/relation", "FND").press("save")
		a.leads("/clients/6714871?tab=contacts&done=client-updated")
		if got := len(s.record(don, "clinic").Contacts); got != 3 {
			t.Errorf("%d contacts, want the new one too", got)
		}
	})
}

func TestClerkNothingToSave(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	for _, do := range []string{"save", ""} {
		a := b.open(don).press(do).leads("/clients/6714871?tab=info&done=unchanged")
		b.follow(a).sees("[role=status]", "No changes to save")
	}
	b.open(don).press("next").leads("/clients?done=unchanged")
	b.open(don).press("reports").leads("/clients/6714871/reports?done=unchanged")
	if got := s.record(don, "clinic").Client.Version; got != 1 {
		t.Errorf("version = %d, want 1", got)
	}
}

// TestClerkBirthDateLocked: a birth certificate number is on file (guide 23).
func TestClerkBirthDateLocked(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/clients/14883406").is(200)
	a.attribute("input[name=birth][readonly]", "value")
	a.sees("#birth-lock", "a birth certificate number is on file from the Office of Vital Records")
	a.sees("#birth-lock", "with ID 14883406")
	a = b.sheet(a, "form#client").confirm().fill("birth", "02/14/2016").press("save").is(422)
	a.sees("#problems", "Birth Date is locked")

	b = s.as("helpdesk")
	b.open(rainbow).confirm().fill("birth", "02/15/2015").press("save").leads("/clients/14883406?tab=info&done=client-updated")
}

// TestClerkUndeliverable: words in place of the address are refused, and one button
// does the right thing (guide 24, 28).
func TestClerkUndeliverable(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.open(don).fill("street", "Bad Address").press("save").is(422)
	a.sees("#problems", "tick Undeliverable Address")
	sh := b.sheet(a, "form#client").then("undeliverable")
	if sh.values.Get("street") != "123 1ST ST SE" || sh.values.Get("undeliverable") != iis.Yes {
		t.Fatalf("street %q, undeliverable %q, want the saved street and a tick", sh.values.Get("street"), sh.values.Get("undeliverable"))
	}
	sh.press("save").leads("/clients/6714871?tab=info&done=client-updated")
	c := s.record(don, "clinic").Client
	if !c.Undeliverable || c.Address.Street != "123 1ST ST SE" || c.AddressUpdated.US() != "10/15/2021" {
		t.Errorf("undeliverable %t, street %q, updated %s; want the address as it was", c.Undeliverable, c.Address.Street, c.AddressUpdated.US())
	}
}

// TestClerkMove replaces the address: the old one stays as another row to verify by.
func TestClerkMove(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	b.open(don).fill("street", "456 Oak Ave", "city", "Edina", "county", "Hennepin", "zip", "55424").press("save").is(303)
	a := b.get("/clients/6714871?tab=contacts")
	a.sees("dl", "Address Last Updated Date 11/22/2026")
	a.sees("details", "Show 1 former address")
	a.sees("details", "Former address until 11/22/2026")
}

func TestClerkRaceAndBoxes(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.open(don)
	sh.values["race"] = []string{"2106-3", "1002-5"}
	b.follow(sh.fill("ethnicity", "2186-5", "undeliverable", "Yes").press("save")).sees(".banner", "Undeliverable address")
	c := s.record(don, "clinic").Client
	if !slices.Equal(c.Race, []string{"1002-5", "2106-3"}) || c.Ethnicity != "2186-5" || !c.Undeliverable {
		t.Errorf("race %q, ethnicity %q, undeliverable %t", c.Race, c.Ethnicity, c.Undeliverable)
	}
	sh = b.open(don).untick("undeliverable").untick("race")
	sh.press("save").is(303)
	if c = s.record(don, "clinic").Client; len(c.Race) != 0 || c.Undeliverable {
		t.Errorf("race %q, undeliverable %t, want none", c.Race, c.Undeliverable)
	}
}

// TestClerkCancel lists what would be lost before anything is.
func TestClerkCancel(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	b.follow(b.open(don).press("cancel")).leads("/clients")
	a := b.follow(b.open(don).fill("email", "don@example.org").press("cancel")).is(200)
	a.sees("h1", "1 change is not saved")
	a.sees(".changes", "Email nothing → became don@example.org")
	b.get("/clients/6714871").sees("#draft-back", "Your draft from")
	a = b.sheet(a, "form.actions").press("").leads("/clients?done=discarded")
	b.follow(a).sees("[role=status]", "Changes discarded")
	b.get("/clients/6714871").lacks("main", "Your draft from")
}

// TestClerkDraft keeps what is typed without a save, for a later day and no one else.
func TestClerkDraft(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	b.open(don).fill("email", "don@example.org").press("draft").is(204)
	s.pass(20 * time.Minute)
	again := s.as("clerk")
	a := again.get("/clients/6714871")
	a.sees("#draft-back", "is back: 1 change not saved yet.")
	a.sees("[role=status]", "1 unsaved change, kept as a draft")
	if got := a.attribute("input[name=email]", "value"); got != "don@example.org" {
		t.Errorf("email = %q, want it back", got)
	}
	s.as("admin").get("/clients/6714871").lacks("main", "don@example.org")
	again.sheet(a, "form#client").press("save").leads("/clients/6714871?tab=info&done=client-updated")
}

// TestClerkConflict lets two people change one field: the second chooses.
func TestClerkConflict(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b, other := s.as("clerk"), s.as("clerk2")
		mine := b.open(don).fill("phone", "651-201-4629", "email", "mine@example.org")
		other.open(don).fill("phone", "612-201-4629", "middle", "Theirs").press("save").is(303)
		a := mine.press("next").is(409)
		a.sees("h1", "Someone else changed this client meanwhile")
		a.sees(".clash", "Phone Riverside Clinic changed this on 11/22/2026")
		a.sees(".clash label", "Theirs: 612-201-4629")
		a.sees(".clash label", "Yours: 651-201-4629")
		if n := len(a.texts(".clash")); n != 1 {
			t.Errorf("%d clashes, want only the phone", n)
		}
		a = b.sheet(a, "main form").press("resolve").is(409)
		a.sees("#problems", "Phone is not settled")
		b.sheet(a, "main form").fill("choice:phone", "yours").press("resolve").leads("/clients?done=client-updated")
		c := s.record(don, "clinic").Client
		if c.Phone != "651-201-4629" || c.Email != "mine@example.org" || c.Name.Middle != "Theirs" {
			t.Errorf("phone %q, email %q, middle %q", c.Phone, c.Email, c.Name.Middle)
		}
	})
}

// TestClerkViewOnly shows the same screen without inputs to those who only view
// (guide 1, 2).
func TestClerkViewOnly(t *testing.T) {
	s := guideSite(t)
	for _, user := range []string{"viewer", "nurse"} {
		b := s.as(user)
		a := b.get("/clients/6714871").is(200)
		a.sees("main", "123 1ST ST SE")
		a.sees("main", "555-555-5555")
		a.sees("main", "Immunity: Titer Hepatitis B")
		a.sees("main > .hint", "lets you view this client, not edit. If you need to edit, ask your organization's administrator or the help desk")
		if got, want := a.texts("main .actions a"), []string{"Immunize", "Reports", "Cancel"}; !slices.Equal(got, want) {
			t.Errorf("%s: buttons = %q, want %q", user, got, want)
		}
		if n := len(a.texts("main input, main select, main button")); n != 0 {
			t.Errorf("%s: %d inputs on the page, want none", user, n)
		}
		for _, path := range []string{"/clients/6714871", "/clients/6714871/discard", "/clients/6714871/deceased", "/clients/6714871/undecease", "/clients/new"} {
			b.post(path, "last", "Mouse", "do", "save").is(403)
		}
		for _, path := range []string{"/clients/6714871/deceased", "/clients/6714871/discard", "/clients/new"} {
			b.get(path).is(403)
		}
	}
}

// TestClerkOtherOrganization saves a page that was opened for another organization:
// it is kept where it belongs and nothing is saved.
func TestClerkOtherOrganization(t *testing.T) {
	s := guideSite(t)
	b := s.as("floater")
	first := b.org
	sh := b.open(don).fill("chart", "MINE-1")
	other := "river"
	if first == other {
		other = "clinic"
	}
	b.post("/organization", "to", other).is(303)
	sh.press("save").is(409).sees("main", "opened for another organization")
	if got := s.record(don, iis.OrganizationID(other)).Membership.ChartNumber; got == "MINE-1" {
		t.Errorf("chart number %q was saved for the wrong organization", got)
	}
	b.org = other
	b.post("/organization", "to", first).is(303)
	if got := b.open(don).values.Get("chart"); got != "MINE-1" {
		t.Errorf("chart number = %q, want it back as a draft", got)
	}
}

func TestClerkUnknownButton(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	for _, do := range []string{"contact-eat", "comment-copy", "row", "contact-select:a/b", "contact-select:" + strings.Repeat("x", 65), "alias-new"} {
		b.open(don).press(do).is(400)
	}
	b.post("/clients/nobody", "do", "save").is(404)
	b.get("/clients/nobody").is(404)
}
