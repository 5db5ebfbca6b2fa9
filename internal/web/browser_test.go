package web_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/webtest"
)

// The tests of this file follow the procedures of the guide "Managing Clients
// in MIIC" step by step, in its words, for each kind of visitor on each engine.

// signIn signs a user of the demonstration in.
func signIn(v webtest.Visitor, user string) {
	v.Open("/signin")
	main := v.Within("main")
	main.Fill("User name", user)
	main.Fill("Password", sample.Password)
	main.Press("Sign in")
	v.Sees("home", "manage my account", "logout", "help desk")
}

// as signs a user in with a second visitor to the same site.
func as(t *testing.T, v webtest.Visitor, user string) webtest.Visitor {
	other := v.Again(t)
	signIn(other, user)
	return other
}

// open opens the Personal Information screen of a client on one of its tabs.
func open(v webtest.Visitor, id iis.ClientID, tab string) {
	v.Open("/clients/" + string(id))
	v.Sees("Personal Information", "MIIC ID "+string(id))
	choose(v, tab)
}

// choose opens a tab; without script all three stand under one another.
func choose(v webtest.Visitor, tab string) {
	if tab != "" && v.Scripted() {
		v.Within(".tabs").Press(tab)
	}
}

const (
	tabInfo     = "Client Information"
	tabContacts = "Address(es)/Contact(s)"
	tabComments = "Client Comment(s)"
)

func contacts(v webtest.Visitor) webtest.Visitor { return v.Within("#contacts") }
func comments(v webtest.Visitor) webtest.Visitor { return v.Within("#comments") }
func info(v webtest.Visitor) webtest.Visitor     { return v.Within("#info") }

// detail is the form under a listing.
func detail(v webtest.Visitor, tab string) webtest.Visitor { return v.Within("#" + tab + " .sub") }

// header is the Personal Information above the tabs.
func header(v webtest.Visitor) webtest.Visitor { return v.Within(".panel.columns") }

// save presses Save at the top and expects what the guide promises.
func save(s *site, v webtest.Visitor, org string) {
	v.Within(".head").Press("Save")
	v.SeesStatus("Client Updated")
	v.Sees("Last Updated by: " + org + " on " + iis.DateOf(s.now.now().UTC()).US())
}

// confirm ticks three details that the client confirmed.
func confirm(v webtest.Visitor) {
	c := v.Within(".confirm")
	for _, d := range iis.Confirmable[:3] {
		c.Tick(d)
	}
}

// find searches on the screen manage client.
func find(v webtest.Visitor, last, first, birth string) {
	v.Open("/clients")
	form := v.Within("main form.search")
	form.Fill("Last Name", last)
	form.Fill("First Name", first)
	form.Fill("Birth Date", birth)
	form.Press("Find")
}

// results are the clients of a list of results.
func results(v webtest.Visitor) string { return v.Within("table.results").Text() }

// TestShell reads what stands around every page, and the announcements (guide
// 4 to 7, 10).
func TestShell(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		v.Within("header").Sees("home", "manage my account", "logout", "help desk",
			"organization Test Clinic", "user R. Nurse", "role Typical User")
		v.Within("nav.side").Sees("Demonstration Region 0.1", "Routine Functions", "manage client", "enter new client", "manage immunizations")
		list := sample.Announcements()
		main := v.Within("main")
		main.Sees("announcements")
		for _, a := range list {
			main.Sees(a.Posted.US()+" ~", a.Title)
		}
		if n := strings.Count(main.Text(), "NEW"); n != len(list) {
			t.Errorf("%d announcements are NEW, want all %d", n, len(list))
		}
		main.Press(list[0].Title)
		v.Sees(list[0].Title)
		v.Within("header").Press("home")
		if n := strings.Count(v.Within("main").Text(), "NEW"); n != len(list)-1 {
			t.Errorf("%d announcements are NEW after one was opened, want %d", n, len(list)-1)
		}
		v.Within("header").Press("help desk")
		v.Within("main").Sees("helpdesk@example.org", "PO Box 1, Saint Paul, MN 55101", "different format", "651-555-0101")
		v.Within("header").Press("logout")
		v.SeesStatus("You are signed out")
		v.Open("/clients")
		v.Sees("Sign in")
	})
}

// TestEditName changes a last name as a clerk does after a marriage, and finds
// the client by the old one (guide 11 to 13, 17 to 22, 26, 27).
func TestEditName(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		v.Within("nav.side").Press("manage client")
		find(v, "duck", "don", "9/21/2009")
		v.Within("table.results").Sees("DUCK, DON", "09/21/2009", string(sample.Don))
		v.Within("table.results").Press("Edit")
		v.Sees("Personal Information", "Last Updated by: Test Clinic on 01/11/2023", "MIIC ID 6714871", "Also known as DICK, DON")
		h := header(v)
		for label, want := range map[string]string{
			"Last Name": "DUCK", "First Name": "DON", "Middle Name": "", "Name Suffix": "", "Gender": "M",
			"Birth Date": "09/21/2009", "Birth Country": "", "Mother's Maiden Last": "", "Mother's First Name": "",
			"Street Address": "123 1ST ST SE", "City": "SAINT PAUL", "Zip": "55112", "County": "RAMSEY",
			"Phone": "555-555-5555", "Email": "", "Undeliverable Address": "", "Ethnicity": "Unknown",
		} {
			h.Holds(label, want)
		}
		h.Sees("Address Last Updated Date 10/15/2021", "Race")
		v.Within(".head").Sees("Save", "Immunize", "Edit Next", "Reports", "Cancel")

		h.Fill("Last Name", "Mallard")
		confirm(v)
		save(s, v, "Test Clinic")
		header(v).Holds("Last Name", "Mallard")
		v.Sees("MALLARD, DON", "Address Last Updated Date 10/15/2021")
		v.Within(".banner").Sees("DUCK, DON", "DICK, DON")

		for _, former := range []string{"duck", "dick"} {
			find(v, former, "don", "09/21/2009")
			got := results(v)
			if n := strings.Count(got, string(sample.Don)); n != 1 {
				t.Errorf("a search for %s shows the client %d times, want once: %s", former, n, got)
			}
			v.Sees("1 client looks like")
			v.Within("table.results").Sees("MALLARD, DON", "was "+strings.ToUpper(former), "until")
		}

		rec := s.record(sample.Don, sample.TestClinic)
		if len(rec.Aliases) != 2 || rec.Client.Name.Last != "Mallard" || rec.Client.Phone != "555-555-5555" {
			t.Errorf("record = %+v with %d aliases, want Mallard with 2 and the phone as it was", rec.Client, len(rec.Aliases))
		}
		last := s.events(sample.Don)
		i := slices.IndexFunc(last, func(e store.StoredEvent) bool { return e.Action == iis.ActionUpdate })
		if i < 0 || !slices.Equal(last[i].Detail.Confirmed, iis.Confirmable[:3]) {
			t.Errorf("the event of the save confirms %v, want %v", last[i].Detail.Confirmed, iis.Confirmable[:3])
		}
	})
}

// TestVerification changes a name with nothing confirmed: the question comes
// once, and can be passed over (guide 12, 14).
func TestVerification(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, "")
		header(v).Fill("First Name", "Donald")
		v.Within(".head").Press("Save")
		v.Within("#ask").Sees("You are changing the name. Which three details did your client confirm?")
		if got := s.record(sample.Don, sample.TestClinic).Client.Name.First; got != "DON" {
			t.Errorf("first name = %q before the question was answered, want DON", got)
		}
		v.Within("#ask").Tick(iis.Confirmable[0])
		v.Within("#ask").Press("Save")
		v.SeesStatus("Client Updated")
		header(v).Holds("First Name", "Donald")
	})
}

// TestOtherFields changes what creates no alias, and clears what is no longer
// right (guide 21, 25, 26, 28, 29).
func TestOtherFields(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, "")
		h := header(v)
		h.Fill("Middle Name", "Fauntleroy")
		h.Choose("Name Suffix", "JR")
		h.Choose("Gender", "Unknown")
		h.Choose("Birth Country", "Canada")
		h.Fill("Mother's Maiden Last", "Duck")
		h.Fill("Mother's First Name", "Hortense")
		h.Fill("Phone", "")
		h.Fill("Email", "don@example.org")
		v.Within("#f-race").Tick("White")
		h.Choose("Ethnicity", "Not Hispanic or Latino")
		save(s, v, "Test Clinic")
		rec := s.record(sample.Don, sample.TestClinic)
		c := rec.Client
		got := []string{c.Name.Middle, c.Name.Suffix, string(c.Gender), c.BirthCountry, c.MotherMaidenLast, c.MotherFirst, c.Phone, c.Email, strings.Join(c.Race, ","), c.Ethnicity}
		want := []string{"Fauntleroy", "JR", "U", "CAN", "Duck", "Hortense", "", "don@example.org", "2106-3", "2186-5"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("saved (-want +got):\n%s", diff)
		}
		if len(rec.Aliases) != 1 {
			t.Errorf("%d aliases, want the one that was there: none of this makes another", len(rec.Aliases))
		}
		if want := "10/15/2021"; c.AddressUpdated.US() != want {
			t.Errorf("Address Last Updated Date = %s, want %s: the address did not change", c.AddressUpdated.US(), want)
		}
	})
}

// TestAddress replaces an address, then finds one undeliverable: the old one is
// kept, the words that must not be typed are refused (guide 16, 24, 25, 28).
func TestAddress(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Father, "")
		header(v).Fill("Street Address", "Bad Address")
		header(v).Fill("Phone", "999-999-9999")
		v.Within(".head").Press("Save")
		if v.Status() != 422 {
			t.Errorf("status = %d, want 422", v.Status())
		}
		v.Within("#problems").Sees("Nothing was saved yet", "Street Address", "Phone")
		header(v).Holds("Street Address", "Bad Address")
		header(v).Fill("Phone", "651-201-4007")
		v.Press("Keep the saved address and tick Undeliverable Address")
		header(v).Holds("Street Address", "107 Sample St")
		header(v).Holds("Undeliverable Address", "Yes")
		save(s, v, "Test Clinic")
		if c := s.record(sample.Father, sample.TestClinic).Client; !c.Undeliverable || c.Address.Street != "107 Sample St" {
			t.Errorf("address = %+v, undeliverable %v, want the old one, marked", c.Address, c.Undeliverable)
		}

		header(v).Fill("Street Address", "77 Pond Road")
		header(v).Fill("City", "Duluth")
		header(v).Fill("Zip", "55803")
		header(v).Fill("County", "St. Louis")
		header(v).Untick("Undeliverable Address")
		save(s, v, "Test Clinic")
		v.Sees("Address Last Updated Date " + iis.DateOf(s.now.now().UTC()).US())
		choose(v, tabContacts)
		contacts(v).Sees("1 former address")
		rec := s.record(sample.Father, sample.TestClinic)
		former := slices.IndexFunc(rec.Contacts, func(c iis.Contact) bool { return !c.Former.IsZero() && c.Address.Street == "107 Sample St" })
		if former < 0 {
			t.Errorf("contacts = %+v, want the former address among them", rec.Contacts)
		}
	})
}

// TestStoredMistakes saves beside values that could not be entered today (guide
// 25).
func TestStoredMistakes(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Rainbow, "")
		header(v).Holds("Zip", "5000")
		header(v).Fill("Email", "rainbow@example.org")
		save(s, v, "Test Clinic")
		if z := s.record(sample.Rainbow, sample.TestClinic).Client.Address.Zip; z != "5000" {
			t.Errorf("zip = %q, want it as it was", z)
		}
	})
}

// TestEditContact follows "Editing contacts" (guide 41 to 48).
func TestEditContact(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		c := contacts(v)
		c.Sees("Contact Listing", "Select", "Last Name", "First Name", "Relationship", "City", "Notices", "Primary",
			"DUCK DON Self SAINT PAUL Yes Yes", "HUEY DUCK", "DUCK DAISY Mother SAINT PAUL Yes No", "Address for Contact: DON DUCK")
		c.Pick("HUEY", "DUCK")
		c.Sees("Address for Contact: DUCK HUEY")
		d := detail(v, "contacts")
		d.Fill("Telephone", "651-201-4444")
		d.Fill("Extension", "12")
		d.Choose("Relationship", "Guardian")
		d.Fill("Street Address", "5 Duck Pond")
		d.Fill("City", "Edina")
		d.Fill("Zip", "55424")
		d.Tick("Notices?")
		d.Tick("Undeliverable Address?")
		d.Press("Next")
		contacts(v).Sees("HUEY DUCK Guardian EDINA Yes No", "Not saved yet")
		if got := s.record(sample.Don, sample.TestClinic).Contacts[1].Phone; got != "" {
			t.Errorf("telephone = %q before Save, want none", got)
		}
		save(s, v, "Test Clinic")
		contacts(v).SeesNot("Not saved yet")
		got := s.record(sample.Don, sample.TestClinic).Contacts[1]
		want := iis.Contact{ID: "c2", Position: 2, Name: iis.Name{Last: "HUEY", First: "DUCK"}, Relation: "GRD", Phone: "651-201-4444", Extension: "12",
			Address: iis.Address{Street: "5 Duck Pond", City: "Edina", State: "MN", Zip: "55424"}, Notices: true, Undeliverable: true}
		want.Address.State = got.Address.State // the form may begin with the state of the site
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("contact (-want +got):\n%s", diff)
		}
	})
}

// TestAddContact follows "Adding contacts": New, the fields, Next, Save; and a
// Copy (guide 44, 45, 50, 51, 53, 55).
func TestAddContact(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		contacts(v).Press("New")
		d := detail(v, "contacts")
		d.Sees("Enter New Contact")
		d.Fill("Last Name", "Duck")
		d.Fill("First Name", "Della")
		d.Choose("Relationship", "Grandparent")
		d.Fill("Street Address", "9 Quack Lane")
		d.Fill("City", "Winona")
		d.Choose("State", "MN - Minnesota")
		d.Fill("Zip", "55987")
		d.Tick("Client's Primary Address?")
		d.Press("Next")
		contacts(v).Sees("DUCK DELLA Grandparent WINONA No Yes", "Address for Contact: DELLA DUCK")
		save(s, v, "Test Clinic")
		contacts(v).Sees("DUCK DELLA Grandparent WINONA No Yes", "DUCK DON Self SAINT PAUL Yes No")
		header(v).Holds("Street Address", "9 Quack Lane")

		contacts(v).Pick("DELLA")
		contacts(v).Press("Copy")
		d = detail(v, "contacts")
		d.Sees("Enter New Contact")
		d.Holds("Last Name", "Duck")
		d.Holds("Street Address", "9 Quack Lane")
		d.Holds("First Name", "")
		d.Fill("First Name", "Dumbella")
		d.Choose("Relationship", "Other Relative")
		d.Press("Next")
		save(s, v, "Test Clinic")
		contacts(v).Sees("4 of 5 contacts shown", "1 more")

		rec := s.record(sample.Don, sample.TestClinic)
		primary := 0
		for _, c := range rec.Contacts {
			if c.Primary {
				primary++
			}
		}
		if primary != 1 || rec.Client.Address.Street != "9 Quack Lane" {
			t.Errorf("%d primary contacts and the client at %q, want 1 at 9 Quack Lane", primary, rec.Client.Address.Street)
		}
	})
}

// TestSaveBeforeNext presses Save with a contact and a comment still open: what
// the guide's system loses is kept (guide 49, 59).
func TestSaveBeforeNext(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		contacts(v).Press("New")
		d := detail(v, "contacts")
		d.Fill("Last Name", "Goose")
		d.Fill("First Name", "Gus")
		d.Choose("Relationship", "Other Relative")
		choose(v, tabComments)
		comments(v).Press("New")
		d = detail(v, "comments")
		d.Choose("Client Comment", "Refusal of Cholera")
		d.Fill("Applies-To Date", "03/03/2023")
		save(s, v, "Test Clinic")
		rec := s.record(sample.Don, sample.TestClinic)
		if !slices.ContainsFunc(rec.Contacts, func(c iis.Contact) bool { return c.Name.Last == "Goose" && c.Name.First == "Gus" }) {
			t.Errorf("the contact that was open is not saved: %+v", rec.Contacts)
		}
		if !slices.ContainsFunc(rec.Comments, func(c iis.Comment) bool {
			return c.Code.Label() == "Refusal of Cholera" && c.Date == iis.Date{Year: 2023, Month: 3, Day: 3}
		}) {
			t.Errorf("the comment that was open is not saved: %+v", rec.Comments)
		}
	})
}

// TestOpenFormWithErrors presses Save with an open contact that is not
// complete: nothing at all is saved, nothing typed is lost (guide 49).
func TestOpenFormWithErrors(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		header(v).Fill("Email", "don@example.org")
		contacts(v).Press("New")
		d := detail(v, "contacts")
		d.Fill("Last Name", "Goose")
		v.Within(".head").Press("Save")
		v.Within("#problems").Sees("Relationship")
		d = detail(v, "contacts")
		d.Holds("Last Name", "Goose")
		header(v).Holds("Email", "don@example.org")
		if rec := s.record(sample.Don, sample.TestClinic); len(rec.Contacts) != 3 || rec.Client.Email != "" {
			t.Errorf("saved %d contacts and e-mail %q, want 3 and none", len(rec.Contacts), rec.Client.Email)
		}
		d.Choose("Relationship", "Other Relative")
		save(s, v, "Test Clinic")
		if rec := s.record(sample.Don, sample.TestClinic); len(rec.Contacts) != 4 || rec.Client.Email != "don@example.org" {
			t.Errorf("saved %d contacts and e-mail %q, want 4 and don@example.org", len(rec.Contacts), rec.Client.Email)
		}
	})
}

// TestDeleteContact follows "Deleting contacts", with a change of mind first
// (guide 54), and Cancel of an edit (guide 47).
func TestDeleteContact(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		contacts(v).Pick("HUEY")
		detail(v, "contacts").Fill("City", "Nowhere")
		detail(v, "contacts").Press("Cancel")
		contacts(v).SeesNot("NOWHERE", "Not saved yet")

		contacts(v).Pick("HUEY")
		contacts(v).Press("Delete")
		contacts(v).Sees("Will be deleted")
		contacts(v).Press("Undo")
		contacts(v).SeesNot("Will be deleted")
		contacts(v).Pick("HUEY")
		contacts(v).Press("Delete")
		if n := len(s.record(sample.Don, sample.TestClinic).Contacts); n != 3 {
			t.Errorf("%d contacts before Save, want 3", n)
		}
		save(s, v, "Test Clinic")
		contacts(v).SeesNot("HUEY")
		if n := len(s.record(sample.Don, sample.TestClinic).Contacts); n != 2 {
			t.Errorf("%d contacts after Save, want 2", n)
		}
	})
}

// TestAddComments follows "Adding a new comment" for two in a row (guide 56 to
// 60, 62 to 64).
func TestAddComments(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabComments)
		c := comments(v)
		c.Sees("Client Comment Listing", "Select", "Date", "Client Comment",
			"05/23/2022 Immunity: Titer Hepatitis B", "09/28/2022 Refusal of Influenza", "10/12/2022 Refusal of Hep B",
			"10/24/2022 Immunity: Titer/MD Dx Varicella or Zoster", "11/22/2022 Medical exemption: COVID-19",
			"Details for Client Comment")
		detail(v, "comments").Holds("Client Comment", "Immunity: Titer Hepatitis B")
		c.Press("New")
		d := detail(v, "comments")
		d.Sees("Enter New Client Comment")
		d.Choose("Client Comment", "Immunity: Titer/MD Dx Hepatitis A")
		d.Fill("Applies-To Date", "3/3/23")
		d.Press("Next")
		comments(v).Sees("03/03/2023 Immunity: Titer/MD Dx Hepatitis A", "Not saved yet")
		comments(v).Press("New")
		d = detail(v, "comments")
		d.Choose("Client Comment", "Immunity: Titer/MD Dx Mumps")
		d.Fill("Applies-To Date", "01/01/2020")
		save(s, v, "Test Clinic")
		comments(v).Sees("01/01/2020 Immunity: Titer/MD Dx Mumps", "03/03/2023 Immunity: Titer/MD Dx Hepatitis A")
		comments(v).SeesNot("Not saved yet")
		detail(v, "comments").Holds("Client Comment", "Immunity: Titer/MD Dx Mumps")
		var dates []string
		for _, k := range s.record(sample.Don, sample.TestClinic).Comments {
			dates = append(dates, k.Date.US())
		}
		want := []string{"01/01/2020", "05/23/2022", "09/28/2022", "10/12/2022", "10/24/2022", "11/22/2022", "03/03/2023"}
		if diff := cmp.Diff(want, dates); diff != "" {
			t.Errorf("dates of the comments (-want +got):\n%s", diff)
		}
	})
}

// TestDeleteComment follows "Deleting comments" (guide 61), and sees that a
// comment without its date is refused.
func TestDeleteComment(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Rainbow, tabComments)
		comments(v).Pick("Refusal of Cholera")
		comments(v).Press("Delete")
		comments(v).Sees("Will be deleted")
		save(s, v, "Test Clinic")
		comments(v).SeesNot("Refusal of Cholera 04/01/2022", "Will be deleted")
		rec := s.record(sample.Rainbow, sample.TestClinic)
		if slices.ContainsFunc(rec.Comments, func(c iis.Comment) bool { return c.Code.Label() == "Refusal of Cholera" }) {
			t.Errorf("the comment is still there: %+v", rec.Comments)
		}
		comments(v).Press("New")
		detail(v, "comments").Choose("Client Comment", "Immunity: Titer Hepatitis B")
		detail(v, "comments").Press("Next")
		v.Within("#problems").Sees("Applies-To Date")
		detail(v, "comments").Holds("Client Comment", "Immunity: Titer Hepatitis B")
	})
}

// TestClientInformation changes what belongs to one organization (guide 31 to
// 35, 37, 40).
func TestClientInformation(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.OfTwoClinics, tabInfo)
		i := info(v)
		i.Holds("Chart number", "TC-4711")
		i.Sees("Active: counted in", "Inactive: no longer", "Deceased: hides")
		i.Fill("Chart number", "TC-4712")
		i.Choose("Allow Reminder and Recall Contact?", "No")
		i.Choose("Status", "Inactive: no longer a client of our organization")
		v.Within(".head").Press("Save")
		v.Within("#problems").Sees("Reason")
		info(v).Choose("Reason for Inactive", "Moved or gone elsewhere")
		save(s, v, "Test Clinic")
		got := s.record(sample.OfTwoClinics, sample.TestClinic).Membership
		if got.ChartNumber != "TC-4712" || got.Status != iis.Inactive || got.Reason != "M" || got.Reminders {
			t.Errorf("membership = %+v, want chart TC-4712, inactive since moved, no reminders", got)
		}
		there := as(t, v, "clerk2")
		open(there, sample.OfTwoClinics, tabInfo)
		info(there).Holds("Chart number", "RC-0815")
		info(there).Holds("Allow Reminder and Recall Contact?", "Yes")
		there.Sees("Last Updated by: Test Clinic")
	})
}

// TestLock locks a record to one clinic and unlocks it again, seen from two
// (guide 38, 39).
func TestLock(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		there := as(t, v, "clerk2")
		open(there, sample.OfTwoClinics, "")
		signIn(v, "clerk")
		open(v, sample.OfTwoClinics, tabInfo)
		info(v).Choose("Allow Sharing of Immunization data?", "No")
		save(s, v, "Test Clinic")
		v.Within(".banner").Sees("Sharing off")

		there.Open("/clients/" + string(sample.OfTwoClinics))
		if there.Status() != 404 {
			t.Errorf("the locked record answers %d at the other clinic, want 404", there.Status())
		}
		there.SeesNot("BOTH", "BEATRIX")
		find(there, "Both", "Beatrix", "07/30/2012")
		there.Sees("No client found")

		open(v, sample.OfTwoClinics, tabInfo)
		info(v).Sees("The record is locked to Test Clinic")
		info(v).Choose("Allow Sharing of Immunization data?", "Yes")
		save(s, v, "Test Clinic")
		open(there, sample.OfTwoClinics, "")
		there.Sees("BOTH, BEATRIX", "Sharing allowed")
	})
}

// TestDeceased marks a client as deceased, takes it back, marks again and lets
// the ten minutes pass (guide 33, 36).
func TestDeceased(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		there := as(t, v, "clerk2")
		mark := func() {
			t.Helper()
			open(v, sample.OfTwoClinics, tabInfo)
			info(v).Choose("Status", "Deceased: hides the record from every organization")
			v.Within(".head").Press("Save")
			v.Sees("Mark this client as deceased?", "no organization can open this record")
			card := v.Within("main form.card")
			card.Fill("Date of death", "01/02/2024")
			card.Choose("Source", iis.DeathSources[0])
			card.Fill("Last name of the client", "both")
			card.Press("Save and mark as deceased")
			v.Sees("is marked as deceased: no organization can open the record any more")
		}
		hiddenFrom := func(v webtest.Visitor) {
			t.Helper()
			v.Open("/clients/" + string(sample.OfTwoClinics))
			if v.Status() != 404 {
				t.Errorf("the deceased client answers %d, want 404", v.Status())
			}
			v.SeesNot("BOTH")
		}
		mark()
		hiddenFrom(there)
		v.Press("Undo")
		v.SeesStatus("No longer marked as deceased")
		open(v, sample.OfTwoClinics, "")
		open(there, sample.OfTwoClinics, "")

		mark()
		undo := v.Path()
		s.now.pass(11 * time.Minute)
		hiddenFrom(v)
		v.Open(undo)
		v.Press("Undo")
		if v.Status() != 404 {
			t.Errorf("undo after eleven minutes answers %d, want 404", v.Status())
		}
		desk := as(t, v, "helpdesk")
		desk.Open("/clients/" + string(sample.OfTwoClinics))
		desk.Sees("This client is marked as deceased", "died 01/02/2024")
		desk.Press("Take the mark back")
		open(v, sample.OfTwoClinics, "")
	})
}

// TestDeceasedCancelled does not go through with it: nothing is marked.
func TestDeceasedCancelled(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.OfTwoClinics, tabInfo)
		info(v).Choose("Status", "Deceased: hides the record from every organization")
		v.Within(".head").Press("Save")
		card := v.Within("main form.card")
		card.Choose("Source", iis.DeathSources[0])
		card.Fill("Last name of the client", "someone else")
		card.Press("Save and mark as deceased")
		v.Within("#problems").Sees("Date of death", "Last name")
		v.Within("main form.card").Press("Cancel: the client is not deceased")
		open(v, sample.OfTwoClinics, "")
		if s.record(sample.OfTwoClinics, sample.TestClinic).Client.Deceased() {
			t.Error("the client is marked as deceased, want not")
		}
	})
}

// TestBirthDateLocked finds a birth date that cannot be changed, and why; the
// help desk corrects it (guide 23).
func TestBirthDateLocked(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Rainbow, "")
		v.Sees("Locked: a birth certificate number is on file from the Office of Vital Records", "contact the help desk", "with ID 14883406")
		if !v.Has("#f-birth[readonly]") {
			t.Error("the birth date can be typed into, want read-only")
		}
		header(v).Press("contact the help desk")
		v.Sees("14883406", "helpdesk@example.org")

		open(v, sample.Don, "")
		header(v).Fill("Birth Date", "9/22/09")
		confirm(v)
		save(s, v, "Test Clinic")
		header(v).Holds("Birth Date", "09/22/2009")
		find(v, "duck", "don", "09/21/2009")
		v.Within("table.results").Sees(string(sample.Don), "until")

		desk := as(t, v, "helpdesk")
		open(desk, sample.Rainbow, "")
		header(desk).Fill("Birth Date", "02/15/2015")
		confirm(desk)
		desk.Within(".head").Press("Save")
		desk.SeesStatus("Client Updated")
		rec := s.record(sample.Rainbow, sample.TestClinic)
		if rec.Client.BirthDate != (iis.Date{Year: 2015, Month: 2, Day: 15}) || len(rec.Aliases) != 1 {
			t.Errorf("birth date = %s with %d aliases, want 02/15/2015 with 1", rec.Client.BirthDate.US(), len(rec.Aliases))
		}
	})
}

// TestViewOnly looks on as someone whose role, or whose organization, edits
// nothing (guide 1 to 3).
func TestViewOnly(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		for _, user := range []string{"viewer", "nurse"} {
			who := as(t, v, user)
			who.Within("nav.side").SeesNot("manage client", "enter new client")
			who.Open("/clients/" + string(sample.Don))
			who.Sees("Personal Information", "DUCK", "123 1ST ST SE", "DAISY", "Refusal of Influenza", "lets you view this client, not edit")
			if who.Has("main input") || who.Has("main button") {
				t.Errorf("%s: the page has inputs or buttons, want none", user)
			}
			who.Open("/clients/new")
			if who.Status() != 403 {
				t.Errorf("%s: /clients/new answers %d, want 403", user, who.Status())
			}
			who.Sees("does not let you", "helpdesk@example.org")
		}
	})
}

// TestSwitchOrganizations changes the organization acted for (guide 8).
func TestSwitchOrganizations(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "floater")
		for _, to := range []struct{ name, chart string }{{"Test Clinic", "TC-4711"}, {"Riverside Clinic", "RC-0815"}} {
			v.Within("header").Press("Switch Organizations")
			v.Within("main").Choose("Act for", to.name)
			v.Within("main").Press("Switch")
			v.SeesStatus("Organization switched")
			v.Within("header").Sees("organization " + to.name)
			open(v, sample.OfTwoClinics, tabInfo)
			info(v).Holds("Chart number", to.chart)
		}
		info(v).Sees("These details belong to Riverside Clinic")
		info(v).Fill("Chart number", "RC-0816")
		save(s, v, "Riverside Clinic")
	})
}

// TestEnterNewClient enters someone who looks like a client that is there, and
// says why it is another person.
func TestEnterNewClient(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		before := s.clients()
		signIn(v, "clerk")
		find(v, "Duck", "Don", "09/21/2009")
		v.Press("Enter new client with these details")
		h := header(v)
		h.Holds("Last Name", "Duck")
		h.Holds("Birth Date", "09/21/2009")
		h.Choose("Gender", "M")
		v.Within(".head").Press("Save")
		v.Sees("may already be this person", "Nothing was saved yet", string(sample.Don))
		if n := s.clients(); n != before {
			t.Errorf("%d clients before the question was answered, want %d", n, before)
		}
		v.Press("These are different people: add")
		v.Within("#problems").Sees("Choose why this is another person")
		v.Within("main form.card").Choose("Why is this another person?", "Two people of the same name")
		v.Press("These are different people: add")
		v.SeesStatus("Client Added")
		v.Sees("Personal Information", "DUCK, DON")
		if n := s.clients(); n != before+1 {
			t.Errorf("%d clients, want %d", n, before+1)
		}

		find(v, "Fremdling", "Frieda", "05/05/2020")
		v.Sees("No client found")
		v.Press("Enter new client with these details")
		v.Within(".head").Press("Save")
		v.Within("#problems").Sees("Gender")
		header(v).Choose("Gender", "Unknown")
		v.Within(".head").Press("Save")
		v.SeesStatus("Client Added")
		v.Sees("FREMDLING, FRIEDA", "Last Updated by: Test Clinic")
	})
}

// clients counts the clients there are.
func (s *site) clients() (n int64) {
	s.t.Helper()
	s.view(func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.CountClients(ctx)
		return err
	})
	return n
}

// TestNewTwinOfHidden enters someone whose record is locked elsewhere or whose
// record is marked deceased: nothing is told, nothing is written, and the help
// desk hears of it (A6).
func TestNewTwinOfHidden(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		before := s.clients()
		for _, id := range []iis.ClientID{lockedClient, deadClient} {
			c := s.record(id, sample.RiversideClinic).Client
			find(v, c.Name.Last, c.Name.First, c.BirthDate.US())
			v.Sees("No client found")
			v.Press("Enter new client with these details")
			h := header(v)
			h.Choose("Gender", "F")
			h.Fill("Phone", c.Phone)
			v.Within(".head").Press("Save")
			v.Sees("This client cannot be added here", "Call the help desk with this code")
			v.SeesNot(string(id), c.Phone, c.Address.Street)
		}
		if n := s.clients(); n != before {
			t.Errorf("%d clients, want %d: no twin of a hidden one", n, before)
		}
		desk := as(t, v, "helpdesk")
		desk.Within("main").Press("2 entries wait for the help desk")
		desk.Sees("R. Nurse", "Test Clinic")
	})
}

// TestButtons leads where the five buttons at the top lead (guide 20, 65, 71).
func TestButtons(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		for i, step := range []struct{ button, sees string }{
			{"Immunize", "Immunization history"}, {"Edit Next", "Manage client"}, {"Reports", "Reports available for client"},
		} {
			open(v, sample.Don, "")
			mail := fmt.Sprintf("don%d@example.org", i)
			header(v).Fill("Email", mail)
			v.Within(".head").Press(step.button)
			v.Sees(step.sees)
			v.SeesStatus("Client Updated")
			if got := s.record(sample.Don, sample.TestClinic).Client.Email; got != mail {
				t.Errorf("%s: e-mail = %q, want %q: the button saves first", step.button, got, mail)
			}
		}
		v.Press("Open the client summary")
		v.Sees("DUCK", "6714871", "123 1ST ST SE")

		open(v, sample.Don, "")
		v.Within(".head").Press("Save")
		v.SeesStatus("No changes to save")
		header(v).Fill("Email", "other@example.org")
		v.Within(".head").Press("Cancel")
		v.Sees("1 change is not saved", "other@example.org")
		v.Press("Keep editing")
		header(v).Holds("Email", "other@example.org")
		v.Within(".head").Press("Cancel")
		v.Press("Discard 1 change")
		v.Sees("Manage client", "Changes discarded")
		open(v, sample.Don, "")
		header(v).Holds("Email", "don2@example.org")
	})
}

// TestDraft leaves a page with something typed and finds it again.
func TestDraft(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, tabContacts)
		header(v).Fill("Email", "draft@example.org")
		contacts(v).Press("New")
		v.Open("/")
		v.Sees("Not saved yet", "DUCK, DON", "1 change")
		// Signing out and in again, or another browser, makes no difference.
		other := as(t, v, "clerk")
		other.Within("main").Press("Continue")
		other.Sees("Your draft from")
		header(other).Holds("Email", "draft@example.org")
		if got := s.record(sample.Don, sample.TestClinic).Client.Email; got != "" {
			t.Errorf("e-mail = %q, want none before Save", got)
		}
		save(s, other, "Test Clinic")
		v.Open("/")
		v.SeesNot("Not saved yet")
	})
}

// TestConflict has two people change one client at once: what does not touch is
// merged, what does is asked about, nothing is lost.
func TestConflict(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		there := as(t, v, "clerk2")
		open(v, sample.OfTwoClinics, "")
		open(there, sample.OfTwoClinics, "")
		header(there).Fill("Phone", "651-201-9999")
		header(there).Fill("Middle Name", "Joan")
		save(s, there, "Riverside Clinic")

		header(v).Fill("Phone", "651-201-8888")
		header(v).Fill("Email", "b@example.org")
		v.Within(".head").Press("Save")
		v.Sees("Someone else changed this client meanwhile", "651-201-9999", "651-201-8888", "Riverside Clinic")
		if got := s.record(sample.OfTwoClinics, sample.TestClinic).Client; got.Phone != "651-201-9999" || got.Email != "" {
			t.Errorf("phone %q, e-mail %q while the question stands, want what Riverside Clinic saved", got.Phone, got.Email)
		}
		v.Within("fieldset.clash").Choose("Phone", "Yours: 651-201-8888")
		v.Within("main").Press("Save")
		v.SeesStatus("Client Updated")
		got := s.record(sample.OfTwoClinics, sample.TestClinic).Client
		if got.Phone != "651-201-8888" || got.Email != "b@example.org" || got.Name.Middle != "Joan" {
			t.Errorf("phone %q, e-mail %q, middle name %q, want both people's changes", got.Phone, got.Email, got.Name.Middle)
		}
	})
}

// TestHistory reads what was changed and who looked (guide 75).
func TestHistory(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		open(v, sample.Don, "")
		header(v).Fill("Mother's First Name", "Della")
		save(s, v, "Test Clinic")
		v.Press("Change history")
		v.Sees("Change history", "Mother's First Name", "DELLA", "R. Nurse", "Test Clinic")
		there := as(t, v, "clerk2")
		open(there, sample.Don, "")
		there.SeesNot("R. Nurse")
		there.Press("Change history")
		there.Sees("Test Clinic", "DELLA")
		there.SeesNot("R. Nurse")
		v.Open("/clients/" + string(sample.Don) + "/history/views")
		v.Sees("Riverside Clinic")
		v.SeesNot("R. Rivers")
	})
}

// TestQuickSearch finds from the box in the header of any page.
func TestQuickSearch(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		for _, q := range []string{"6714871", "duck don", "dick 9/21/2009"} {
			v.Open("/account")
			box := v.Within("form.quick")
			box.Fill("Find a client", q)
			box.Press("Find")
			v.Sees("6714871", "DUCK, DON")
			if strings.Contains(strings.ToLower(v.Path()), "duck") || strings.Contains(strings.ToLower(v.Path()), "dick") {
				t.Errorf("the address %s holds the name", v.Path())
			}
		}
	})
}

// TestUsers has an administrator invite a user, who chooses a password, signs
// in, and is deactivated.
func TestUsers(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "admin")
		v.Within("nav.side").Press("manage users")
		v.Press("Invite a user")
		main := v.Within("main")
		main.Fill("Name", "N. Newman")
		main.Fill("User name", "newman")
		for _, r := range []string{"Reports Only", "Typical User", "Organization Administrator"} {
			main.Sees(r)
		}
		main.SeesNot("Help Desk")
		main.Choose("Role", "Typical User")
		main.Press("Invite")
		main.Sees("One-time link for N. Newman")
		text := main.Text()
		at := strings.Index(text, "/invite/")
		if at < 0 {
			t.Fatalf("no link on the page: %s", text)
		}
		link := strings.Fields(text[at:])[0]

		guest := v.Again(t)
		guest.Open(link)
		form := guest.Within("main")
		form.Fill("New password", "four words apart 7")
		form.Fill("New password, again", "four words apart 7")
		form.Press("Save and sign in")
		guest.Within("header").Sees("user N. Newman")

		main.Press("Done")
		main.Press("Deactivate")
		main.Sees("Inactive")
		guest.Open("/clients")
		guest.Sees("Sign in")
	})
}
