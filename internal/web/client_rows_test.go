package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
)

func names(contacts []iis.Contact) string {
	var all []string
	for _, c := range contacts {
		all = append(all, strings.TrimSpace(c.Name.First+" "+c.Name.Last))
	}
	return strings.Join(all, ", ")
}

// TestClerkContacts looks at the tab as the guide shows it (guide 42 to 46).
func TestClerkContacts(t *testing.T) {
	s := guideSite(t)
	a := s.as("clerk").get("/clients/6714871?tab=contacts").is(200)
	want := []string{"Select", "Last Name", "First Name", "Relationship", "City", "Notices", "Primary", "State"}
	if got := a.texts("#contacts thead th"); !slices.Equal(got, want) {
		t.Errorf("columns = %q, want %q", got, want)
	}
	if got, want := a.texts("#contacts tbody tr"), []string{"DUCK DON Self SAINT PAUL Yes Yes", "Show DUCK HUEY HUEY DUCK Other Relative No No"}; !slices.Equal(got, want) {
		t.Errorf("rows = %q, want %q", got, want)
	}
	if got := a.attribute("input[name=contact-row][checked]", "value"); got != "c1" {
		t.Errorf("selected row = %q, want the first", got)
	}
	if got, want := a.texts("#contacts .side-actions button"), []string{"New contact", "Copy contact", "Delete contact"}; !slices.Equal(got, want) {
		t.Errorf("buttons = %q, want %q", got, want)
	}
	a.sees("#contact-form", "Address for Contact: DON DUCK")
	for _, label := range []string{"Last Name", "First Name", "Middle Name", "Relationship", "Telephone", "Extension", "Street Address", "Other Address",
		"P.O. Box", "City", "State", "Zip", "County", "Notices?", "Client's Primary Address?", "Undeliverable Address?"} {
		a.sees("#contacts label", label)
	}
}

// TestClerkAddContact follows New, Next, Save; the row is selected after Next
// (guide 50), and a second one needs no New.
func TestClerkAddContact(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		a := b.open(don).press("contact-new").leads("/clients/6714871?tab=contacts&at=contact-new#contact-form")
		a = b.follow(a)
		a.sees("#contact-form", "Enter New Contact...")
		a.lacks("#contacts tbody", "Not saved yet")
		sh := b.sheet(a, "form#client").fill("contact/-/last", "Duck", "contact/-/first", "Daisy", "contact/-/relation", "MTH", "contact/-/notices", "Yes")
		a = b.follow(sh.press("contact-next").leads("/clients/6714871?tab=contacts&at=contact-row#contacts"))
		a.sees("#contacts tbody tr.chosen", "DUCK DAISY Mother Yes No Not saved yet")
		a.sees("#contact-form", "Address for Contact: DAISY DUCK")
		if got := names(s.record(don, "clinic").Contacts); got != "Don Duck, Duck Huey" {
			t.Errorf("contacts before Save = %s", got)
		}
		b.sheet(a, "form#client").press("save").leads("/clients/6714871?tab=contacts&done=client-updated")
		if got := names(s.record(don, "clinic").Contacts); got != "Don Duck, Duck Huey, Daisy Duck" {
			t.Errorf("contacts = %s", got)
		}
	})
}

// TestClerkSaveBeforeNext keeps what the guide warns would be lost (guide 49).
func TestClerkSaveBeforeNext(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	b.open(don).then("contact-new").fill("contact/-/last", "Mouse", "contact/-/relation", "FND").press("save").is(303)
	b.open(don).then("comment-new").fill("comment/-/code", "refusal-hepb", "comment/-/date", "10/12/2022").press("save").is(303)
	rec := s.record(don, "clinic")
	if got := names(rec.Contacts); got != "Don Duck, Duck Huey, Mouse" {
		t.Errorf("contacts = %s", got)
	}
	if got := len(rec.Comments); got != 3 {
		t.Errorf("%d comments, want 3", got)
	}
	// An empty form is no contact.
	b.open(don).then("contact-new").press("save").leads("/clients/6714871?tab=contacts&done=unchanged")
}

// TestClerkNextRefused keeps the form open and says what is missing.
func TestClerkNextRefused(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.open(don).then("contact-new").fill("contact/-/first", "Minnie").press("contact-next").is(422)
	a.sees("#problems", "Relationship of the contact is not chosen")
	a.sees("#contact-form", "Enter New Contact...")
	b.sheet(a, "form#client").fill("contact/-/relation", "FND").press("contact-next").is(303)
}

// TestClerkEditContact changes a contact that is not the first, through its Show
// button; what was typed into the first is not lost by that.
func TestClerkEditContact(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.open(don).fill("contact/-/extension", "77").then("contact-select:c2")
	if got := sh.values.Get("contact-row"); got != "c2" {
		t.Fatalf("selected row = %q, want c2", got)
	}
	a := b.follow(sh.fill("contact/-/last", "Duck", "contact/-/first", "Huey", "contact/-/city", "Edina").press("contact-next"))
	a.sees("#contacts tbody tr.chosen", "DUCK HUEY Other Relative EDINA")
	a.sees("[role=status]", "2 unsaved changes")
	b.sheet(a, "form#client").press("save").is(303)
	cs := s.record(don, "clinic").Contacts
	if got := names(cs); got != "Don Duck, Huey Duck" || cs[0].Extension != "77" || cs[1].Address.City != "Edina" {
		t.Errorf("contacts = %s, extension %q, city %q", got, cs[0].Extension, cs[1].Address.City)
	}
}

// TestClerkDeleteContact follows radio, Delete, Save without a Show in between
// (guide 54), and takes one delete back.
func TestClerkDeleteContact(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.follow(b.open(don).fill("contact-row", "c2").press("contact-delete"))
	a.sees("#contacts tr.gone", "Will be deleted")
	a = b.follow(b.sheet(a, "form#client").press("contact-undo:c2"))
	a.lacks("#contacts", "Will be deleted")
	b.sheet(a, "form#client").fill("contact-row", "c2").then("contact-delete").press("save").is(303)
	if got := names(s.record(don, "clinic").Contacts); got != "Don Duck" {
		t.Errorf("contacts = %s, want Don alone", got)
	}
	a = b.open(don).fill("contact-row", "c1").then("contact-delete").press("save").is(422)
	a.sees("#problems", "mark another contact as primary before deleting it")
	a.sees("#contacts tr.gone .error", "mark another contact as primary")
}

// TestClerkCopyContact takes over the address, not the first name.
func TestClerkCopyContact(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.follow(b.open(don).press("contact-copy"))
	a.sees("#contact-form", "Enter New Contact...")
	sh := b.sheet(a, "form#client")
	get := func(n string) string { return sh.values.Get(sh.name("contact/-/" + n)) }
	if get("street") != "123 1ST ST SE" || get("first") != "" || get("relation") != "" {
		t.Errorf("street %q, first %q, relation %q", get("street"), get("first"), get("relation"))
	}
	a = b.follow(sh.fill("contact/-/last", "Duck", "contact/-/first", "Don", "contact/-/relation", "OTH").press("contact-next"))
	a.sees("#contacts tr.chosen", "Looks like a duplicate of row 1")
}

// TestClerkCancelContact puts a row back as it was.
func TestClerkCancelContact(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.open(don).then("contact-select:c2").fill("contact/-/last", "Wrong").then("contact-cancel")
	if got := sh.values.Get("contact/c2/last"); got != "Huey" {
		t.Errorf("last name after Cancel = %q, want Huey", got)
	}
	a := b.follow(sh.then("contact-new").fill("contact/-/last", "Nobody").press("contact-cancel"))
	a.lacks("#contacts", "NOBODY")
	a.sees("#contact-form", "Address for Contact: DON DUCK")
}

// TestClerkPrimary moves the primary address, and says from whom (guide 51, 55).
func TestClerkPrimary(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/clients/6714871?tab=contacts")
	sh := b.sheet(a, "form#client").then("contact-select:c2")
	b.get("/clients/6714871?tab=contacts").sees("#contacts .hint", "The client's primary address is that of DON DUCK.")
	sh.fill("contact/-/primary", "Yes", "contact/-/street", "9 Elm St", "contact/-/city", "Duluth", "contact/-/state", "MN")
	a = b.follow(sh.press("contact-next"))
	a.sees("#contacts .hint", "Primary address moves from DON DUCK to DUCK HUEY.")
	b.sheet(a, "form#client").press("save").is(303)
	rec := s.record(don, "clinic")
	if rec.Client.Address.Street != "9 Elm St" || rec.Contacts[0].Primary || !rec.Contacts[1].Primary {
		t.Errorf("client at %q, primary %t and %t", rec.Client.Address.Street, rec.Contacts[0].Primary, rec.Contacts[1].Primary)
	}
}

// TestClerkFourShown keeps the rest one click away (guide 53).
func TestClerkFourShown(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	for _, first := range []string{"Daisy", "Dewey", "Louie", "Scrooge"} {
		b.open(don).then("contact-new").fill("contact/-/first", first, "contact/-/last", "Duck", "contact/-/relation", "OTH").press("save").is(303)
	}
	a := b.get("/clients/6714871?tab=contacts")
	a.sees("#contact-caption", "Contact Listing 4 of 6 contacts shown")
	a.sees("#contacts summary", "Show 2 more")
	if n := len(a.texts("#contacts .listing > .box > .scroll tbody tr")); n != 4 {
		t.Errorf("%d rows shown, want 4", n)
	}
	a.sees("#contacts details tbody tr", "SCROOGE")
}

// TestClerkComments follows adding two comments, and deleting one (guide 59, 61).
func TestClerkComments(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		a := b.get("/clients/6714871?tab=comments")
		a.sees("#comment-form", "Details for Client Comment ...")
		a.sees("#comment-effect", "Effect: Hep B will show as Immune from this date.")
		a.sees("#comments tr.chosen", "05/23/2022 Immunity: Titer Hepatitis B Hep B: Immune Test Clinic")
		if n := len(a.texts("#comments optgroup")); n != len(iis.CommentKinds) {
			t.Errorf("%d groups of comments, want %d", n, len(iis.CommentKinds))
		}
		a = b.follow(b.sheet(a, "form#client").press("comment-new"))
		a.sees("#comment-form", "Enter New Client Comment ...")
		sh := b.sheet(a, "form#client").fill("comment/-/code", "immunity-hepa", "comment/-/date", "3/3/23").then("comment-next")
		sh.then("comment-new").fill("comment/-/code", "refusal-cholera", "comment/-/date", "04012022").press("save").is(303)
		if got := len(s.record(don, "clinic").Comments); got != 4 {
			t.Fatalf("%d comments, want 4", got)
		}
		b.open(don).fill("comment-row", "k2").then("comment-delete").press("save").is(303)
		a = b.get("/clients/6714871?tab=comments")
		want := []string{"04/01/2022 Refusal of Cholera", "05/23/2022 Immunity: Titer Hepatitis B", "03/03/2023 Immunity: Titer/MD Dx Hepatitis A"}
		for i, row := range a.texts("#comments tbody tr") {
			if !strings.Contains(row, want[i]) {
				t.Errorf("row %d = %q, want %q", i, row, want[i])
			}
		}
	})
}

// TestClerkCommentAfterNext: what is typed after Next, New pressed or not, is
// another comment and leaves the one just added alone (guide 59).
func TestClerkCommentAfterNext(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	before := len(s.record(don, "clinic").Comments)
	sh := b.open(don).then("comment-new").fill("comment/-/code", "immunity-hepa", "comment/-/date", "3/3/23")
	sh.press("comment-next").leads("/clients/6714871?tab=comments&at=comment-new#comment-form")
	a := b.get("/clients/6714871?tab=comments")
	a.sees("#comment-form", "Enter New Client Comment ...")
	a.sees("#comments tbody", "03/03/2023 Immunity: Titer/MD Dx Hepatitis A")
	b.sheet(a, "form#client").fill("comment/-/code", "refusal-cholera", "comment/-/date", "04/01/2022").press("save").is(303)
	if got := len(s.record(don, "clinic").Comments); got != before+2 {
		t.Errorf("%d comments, want %d", got, before+2)
	}
	b.open(don).fill("comment/-/date", "05/24/2022").press("comment-next").leads("/clients/6714871?tab=comments&at=comment-row#comments")
}

// TestClerkCommentEnds: the listing says until when a blood product stands in the
// way of live vaccines.
func TestClerkCommentEnds(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.open(don).then("comment-new").fill("comment/-/code", "cdsi-133", "comment/-/date", "3/31/26")
	b.follow(sh.press("comment-next")).sees("#comments tbody", "Contraindicated, ends 10/01/2026")
}

func TestClerkCommentRefused(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.open(don).then("comment-new")
	a := sh.fill("comment/-/code", "immunity-hepa").press("save").is(422)
	a.sees("#problems", "Applies-To Date is missing")
	a = b.sheet(a, "form#client").fill("comment/-/date", "1/1/2001").press("save").is(422)
	a.sees("#problems", "Applies-To Date is before the birth date")
	a = b.sheet(a, "form#client").fill("comment/-/code", "immunity-hepb", "comment/-/date", "05/23/2022").press("comment-next").is(422)
	a.sees("#problems", "This comment with this date is in the listing already.")
}

// TestClerkClientInformation: the tab belongs to one organization (guide 31 to 35).
func TestClerkClientInformation(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/clients/6714871")
	a.sees("#info .hint", "These details belong to Test Clinic")
	a = b.sheet(a, "form#client").fill("status", "Inactive").press("save").is(422)
	a.sees("#problems", "Reason for Inactive is not chosen")
	b.sheet(a, "form#client").fill("reason", "M", "chart", "NEW-1", "reminders", "No").press("save").is(303)
	if m := s.record(don, "clinic").Membership; m.Status != iis.Inactive || m.Reason != "M" || m.ChartNumber != "NEW-1" || m.Reminders {
		t.Errorf("membership = %+v", m)
	}
	if m := s.record(don, "river").Membership; m.Status != iis.Active || m.ChartNumber != "R-1" || !m.Reminders {
		t.Errorf("the other organization's membership = %+v, want it untouched", m)
	}
	b.get("/clients/6714871").sees(".banner", "Inactive here")
	s.as("clerk2").get("/clients/6714871/history").lacks("main", "NEW-1")
}

// TestClerkLock locks a record to one organization and opens it again (guide 38, 39).
func TestClerkLock(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b, other := s.as("clerk"), s.as("clerk2")
		b.get("/clients/6714871").sees("#info", "No locks the record to Test Clinic. 1 other organization will lose access until the client asks to unlock.")
		b.open(don).fill("sharing", "No").press("save").is(303)
		b.get("/clients/6714871").sees(".banner", "Sharing off: only your organization sees this")
		b.get("/clients/6714871").sees("#info", "change No to Yes and select Save")
		for _, path := range []string{"", "/history", "/history/views", "/history/names", "/reports", "/reports/summary", "/discard", "/deceased"} {
			locked, none := other.get("/clients/6714871"+path).is(404), other.get("/clients/7774871"+path).is(404)
			if strings.ReplaceAll(locked.body, "6714871", "7774871") != none.body {
				t.Errorf("GET %s tells a locked client from one that does not exist", path)
			}
		}
		for _, path := range []string{"", "/discard", "/deceased", "/undecease"} {
			locked, none := other.post("/clients/6714871"+path, "do", "save", "last", "Mouse"), other.post("/clients/7774871"+path, "do", "save", "last", "Mouse")
			if locked.status != none.status || strings.ReplaceAll(locked.body, "6714871", "7774871") != none.body {
				t.Errorf("POST %s = %d, want %d and the same page", path, locked.status, none.status)
			}
		}
		b.open(don).fill("sharing", "Yes").press("save").is(303)
		other.get("/clients/6714871").is(200)
	})
}

// TestClerkDeceased marks a client as deceased through the interruption, and
// takes it back within ten minutes (guide 36).
func TestClerkDeceased(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		b := s.as("clerk")
		a := b.open(don).fill("status", "Deceased", "email", "kept@example.org").press("save").leads("/clients/6714871/deceased")
		a = b.follow(a).is(200)
		a.sees("main", "1 other organization has it now.")
		a = b.sheet(a, "main form").press("save").is(422)
		a.sees("#problems", "Date of death is missing")
		a.sees("#problems", "Source is not chosen")
		a.sees("#problems", "Last name differs")
		a = b.sheet(a, "main form").fill("died", "11/30/2026", "death-source", "Family", "confirm", "duck").press("save").is(422)
		a.sees("#problems", "Date of death is in the future")
		a = b.sheet(a, "main form").fill("died", "11/20/2026").press("save").leads("/clients?client=6714871&done=deceased")
		if s.record(don, "clinic").Client.Email != "kept@example.org" {
			t.Errorf("the change made before the interruption was not saved with it")
		}
		a = b.follow(a)
		a.sees("main", "MIIC ID 6714871 is marked as deceased: no organization can open the record any more. Undo")
		b.get("/clients/6714871").is(404)
		s.as("clerk2").get("/clients/6714871").is(404)
		s.as("clerk2").post("/clients/6714871/undecease").is(404)
		s.as("helpdesk").get("/clients/6714871").is(200).sees(".banner.deceased", "Deceased died 11/20/2026")
		s.pass(9 * time.Minute)
		b.sheet(a, "form.note").press("").leads("/clients/6714871?done=undeceased")
		b.get("/clients/6714871").is(200)
	})
}

func TestClerkDeceasedForGood(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/clients/6714871/deceased").is(200)
	b.sheet(a, "main form").fill("not-known", "Yes", "death-source", "Vital records", "confirm", "DUCK").press("save").is(303)
	s.pass(11 * time.Minute)
	b.post("/clients/6714871/undecease").is(404)
	b = s.as("helpdesk")
	b.sheet(b.get("/clients/6714871"), "form#undecease").press("").leads("/clients/6714871?done=undeceased")
	s.as("clerk").get("/clients/6714871").is(200)
}

// TestClerkDeceasedCancelled leaves the client as he was, and the rest of the
// draft too.
func TestClerkDeceasedCancelled(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.follow(b.open(don).fill("status", "Deceased", "email", "kept@example.org").press("save"))
	a = b.follow(b.sheet(a, "main form").press("cancel").leads("/clients/6714871?tab=info"))
	sh := b.sheet(a, "form#client")
	if sh.values.Get("status") != "Active" || sh.values.Get("email") != "kept@example.org" {
		t.Errorf("status %q, email %q", sh.values.Get("status"), sh.values.Get("email"))
	}
}
