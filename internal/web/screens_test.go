package web_test

import (
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

// screens are all pages in all their states, and how to get to each.
var screens = []struct {
	name string
	user string // "" if not signed in
	show func(s *site, v webtest.Visitor)
}{
	{"sign in", "", func(s *site, v webtest.Visitor) { v.Open("/signin") }},
	{"sign in refused", "", func(s *site, v webtest.Visitor) {
		v.Open("/signin")
		v.Within("main").Fill("User name", "clerk")
		v.Within("main").Fill("Password", "wrong")
		v.Within("main").Press("Sign in")
	}},
	{"invitation over", "", func(s *site, v webtest.Visitor) { v.Open("/invite/NONE") }},
	{"help desk signed out", "", func(s *site, v webtest.Visitor) { v.Open("/helpdesk") }},
	{"not found", "", func(s *site, v webtest.Visitor) { v.Open("/nothing") }},

	{"home", "clerk", func(s *site, v webtest.Visitor) { v.Open("/") }},
	{"announcement", "clerk", func(s *site, v webtest.Visitor) {
		v.Open("/")
		v.Within("main").Press(sample.Announcements()[0].Title)
	}},
	{"announcements", "clerk", func(s *site, v webtest.Visitor) { v.Open("/announcements") }},
	{"manage client", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients") }},
	{"results", "clerk", func(s *site, v webtest.Visitor) { find(v, "duck", "don", "9/21/2009") }},
	{"results by a month", "clerk", func(s *site, v webtest.Visitor) { find(v, "duk", "d", "sep 2009") }},
	{"year alone", "clerk", func(s *site, v webtest.Visitor) { find(v, "", "", "2009") }},
	{"no results", "clerk", func(s *site, v webtest.Visitor) { find(v, "nobody", "at all", "1/1/2001") }},
	{"search refused", "clerk", func(s *site, v webtest.Visitor) { find(v, "duck", "", "13/45/2009") }},
	{"nothing asked", "clerk", func(s *site, v webtest.Visitor) { find(v, "", "", "") }},
	{"immunization history", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/immunizations") }},
	{"immunization history with doses", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations")
	}},
	{"immunization history by date", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations?by=date")
	}},
	{"explanation of a dose", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/h3")
	}},
	{"explanation of a dose that is not valid", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/g1")
	}},
	{"refusal", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/g3")
	}},
	{"immunization history, printed", "clerk", func(s *site, v webtest.Visitor) {
		v.Open("/clients/" + string(sample.Don) + "/immunizations/print")
	}},

	{"manage immunizations", "clerk", func(s *site, v webtest.Visitor) { v.Open("/immunizations") }},
	{"record immunizations", "clerk", func(s *site, v webtest.Visitor) { record(v, sample.Don, "") }},
	{"second look", "clerk", func(s *site, v webtest.Visitor) { doubtful(s, v); v.Within("#ask").Sees("Expired lot") }},
	{"immunizations refused", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "")
		row(v, 1).Choose("Kind", "Refused")
		row(v, 1).Choose("Vaccine", "MMR")
		row(v, 1).Fill(map[bool]string{true: "Date", false: "Date Administered"}[v.Scripted()], "1/2/2001")
		v.Within(".head").Press("Save")
		v.Within("#problems").Sees("before the birth date", "Reason for Refusal is not chosen")
	}},
	{"NDC not known", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "")
		row(v, 1).Fill("NDC or bar code", "99999-9999-99")
		row(v, 1).Press("Look up NDC")
		v.Sees("NDC is not in the table")
	}},
	{"historical immunization", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "")
		row(v, 1).Choose("Kind", "Historical")
	}},
	{"immunization to be deleted", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "?edit="+string(onFile(s, v, sample.Don, "MMR", "10/01/2010")))
		row(v, 1).Press("Delete")
		row(v, 1).Sees("Will be deleted")
		v.Within("main .actions.after").Press("Next")
	}},
	{"immunization edited", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "?edit="+string(onFile(s, v, sample.Don, "MMR", "10/01/2010")))
		row(v, 1).Fill("Lot Number", "M1")
		v.Within("main .actions.after").Press("Next")
		v.Sees("Saved value: not on file")
	}},
	{"immunizations cancelled", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "")
		row(v, 1).Choose("Vaccine", "MMR")
		v.Within(".head").Press("Cancel")
		v.Sees("1 change is not saved")
	}},
	{"immunizations drafted", "clerk", func(s *site, v webtest.Visitor) {
		record(v, sample.Don, "")
		row(v, 1).Choose("Vaccine", "MMR")
		v.Within(".head").Press("Cancel")
		record(v, sample.Don, "")
		v.Sees("Your draft from")
	}},
	{"immunizations in conflict", "clerk", func(s *site, v webtest.Visitor) {
		id := string(onFile(s, v, sample.Don, "MMR", "10/01/2010"))
		record(v, sample.Don, "?edit="+id)
		there := as(s.t.(*testing.T), v, "admin")
		record(there, sample.Don, "?edit="+id)
		row(there, 1).Fill("Lot Number", "THEIRS")
		saveDoses(there, "changed")
		row(v, 1).Fill("Lot Number", "MINE")
		v.Within(".head").Press("Save")
		v.Sees("Someone else changed this client")
	}},
	{"immunization of another", "clerk2", func(s *site, v webtest.Visitor) {
		id := ofAnother(s, v)
		v.Open("/clients/" + string(sample.OfTwoClinics) + "/immunizations/record?edit=" + string(id))
		v.Sees("You cannot edit this immunization")
	}},
	{"problem refused", "clerk2", func(s *site, v webtest.Visitor) {
		id := ofAnother(s, v)
		v.Open("/clients/" + string(sample.OfTwoClinics) + "/immunizations/" + string(id) + "/problem")
		v.Within("main form").Press("Send to Test Clinic")
		v.Within("#problems").Sees("Problem is missing")
	}},
	{"no problems", "clerk", func(s *site, v webtest.Visitor) { v.Open("/problems") }},
	{"problems", "clerk", func(s *site, v webtest.Visitor) {
		id := onFile(s, v, sample.OfTwoClinics, "MMR", "10/01/2020")
		there := as(s.t.(*testing.T), v, "clerk2")
		there.Open("/clients/" + string(sample.OfTwoClinics) + "/immunizations/" + string(id) + "/problem")
		there.Within("main form").Fill("What is wrong with it?", "It was given in 2021.")
		there.Within("main form").Press("Send to Test Clinic")
		v.Open("/problems")
		v.Within("main form").Press("Resolve")
		v.Within("#problems").Sees("Outcome is missing")
	}},

	{"personal information", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Don, "") }},
	{"contacts", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Don, tabContacts) }},
	{"new contact", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Don, tabContacts); contacts(v).Press("New") }},
	{"staged and deleted contacts", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, tabContacts)
		contacts(v).Pick("HUEY")
		contacts(v).Press("Delete")
		contacts(v).Pick("DAISY")
		detail(v, "contacts").Fill("Telephone", "651-201-4444")
		detail(v, "contacts").Press("Next")
	}},
	{"contact refused", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, tabContacts)
		contacts(v).Press("New")
		detail(v, "contacts").Fill("First Name", "Gus")
		detail(v, "contacts").Press("Next")
		v.Sees("Relationship of the contact is not chosen")
	}},
	{"comments", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Don, tabComments) }},
	{"new comment", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Don, tabComments); comments(v).Press("New") }},
	{"no contacts and comments", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.OfTwoClinics, tabContacts) }},
	{"birth date locked", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.Rainbow, "") }},
	{"locked here", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.LockedHere, tabInfo) }},
	{"inactive here", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.InactiveHere, tabInfo) }},
	{"undeliverable", "clerk", func(s *site, v webtest.Visitor) { open(v, sample.BadAddress, tabContacts) }},
	{"save refused", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Street Address", "Bad Address")
		header(v).Fill("Phone", "999-999-9999")
		header(v).Fill("Last Name", "")
		v.Within(".head").Press("Save")
		v.Sees("Nothing was saved yet")
	}},
	{"client updated", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Email", "don@example.org")
		v.Within(".head").Press("Save")
		v.SeesStatus("Client Updated")
	}},
	{"verification", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Last Name", "Drake")
		v.Within(".head").Press("Save")
		v.Sees("Which three details")
	}},
	{"cancel", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Email", "don@example.org")
		v.Within(".head").Press("Cancel")
		v.Sees("Discard 1 change")
	}},
	{"draft on home", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Email", "don@example.org")
		v.Within(".head").Press("Cancel")
		v.Open("/")
		v.Sees("Not saved yet")
	}},
	{"draft back", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Email", "don@example.org")
		v.Within(".head").Press("Cancel")
		open(v, sample.Don, "")
		v.Sees("Your draft from")
	}},
	{"conflict", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.OfTwoClinics, "")
		there := v.Again(s.t.(*testing.T))
		signIn(there, "clerk2")
		open(there, sample.OfTwoClinics, "")
		header(there).Fill("Phone", "651-201-9999")
		there.Within(".head").Press("Save")
		header(v).Fill("Phone", "651-201-8888")
		v.Within(".head").Press("Save")
		v.Sees("Someone else changed this client")
	}},
	{"deceased", "clerk", func(s *site, v webtest.Visitor) { markDeceased(v, sample.OfTwoClinics) }},
	{"deceased refused", "clerk", func(s *site, v webtest.Visitor) {
		markDeceased(v, sample.OfTwoClinics)
		v.Within("main form.card").Press("Save and mark as deceased")
	}},
	{"deceased done", "clerk", func(s *site, v webtest.Visitor) {
		markDeceased(v, sample.OfTwoClinics)
		card := v.Within("main form.card")
		card.Tick("Date of death is not known")
		card.Choose("Source", iis.DeathSources[0])
		card.Fill("Last name of the client", "Both")
		card.Press("Save and mark as deceased")
		v.Sees("is marked as deceased")
	}},
	{"unknown client", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(noClient)) }},
	{"enter new client", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/new") }},
	{"new client refused", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/new"); v.Within(".head").Press("Save") }},
	{"look-alikes", "clerk", func(s *site, v webtest.Visitor) { lookalikes(v) }},
	{"look-alikes refused", "clerk", func(s *site, v webtest.Visitor) { lookalikes(v); v.Press("These are different people: add") }},
	{"call the help desk", "clerk", func(s *site, v webtest.Visitor) {
		c := s.record(lockedClient, sample.RiversideClinic).Client
		find(v, c.Name.Last, c.Name.First, c.BirthDate.US())
		v.Press("Enter new client with these details")
		header(v).Choose("Gender", "F")
		header(v).Fill("Phone", c.Phone)
		v.Within(".head").Press("Save")
		v.Sees("cannot be added here")
	}},
	{"change history", "clerk", func(s *site, v webtest.Visitor) {
		open(v, sample.Don, "")
		header(v).Fill("Email", "don@example.org")
		v.Within(".head").Press("Save")
		v.Open("/clients/" + string(sample.Don) + "/history")
	}},
	{"who viewed it", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/history/views") }},
	{"names", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/history/names") }},
	{"names with a merge", "admin", func(s *site, v webtest.Visitor) {
		s.merge(v, s.secondDon())
		v.Open("/clients/" + string(sample.Don) + "/history/names")
	}},
	{"unmerge", "admin", func(s *site, v webtest.Visitor) {
		s.merge(v, s.secondDon())
		if _, err := s.reg.SaveClient(s.t.Context(), demoClerk, registry.Form{Client: sample.Don, Organization: demoClerk.Organization,
			Typed: iis.Values{"email": "don@example.org"}}); err != nil {
			s.t.Fatal(err)
		}
		s.contactOf(sample.Don, "GOOSE", "GUS")
		v.Open("/clients/" + string(sample.Don) + "/history/names")
		v.Press("Unmerge")
		v.Sees("Set since the merge: whose is it?", "Contact GUS GOOSE, new")
	}},
	{"no possible duplicates", "clerk", func(s *site, v webtest.Visitor) { v.Open("/duplicates") }},
	{"possible duplicates", "helpdesk", func(s *site, v webtest.Visitor) { s.secondDon(); v.Open("/duplicates") }},
	{"pair", "admin", func(s *site, v webtest.Visitor) {
		id := s.secondDon()
		s.contactOf(id, "GOOSE", "GUS")
		s.contactOf(id, "DUCK", "DELLA")
		s.contactOf(sample.Don, "DUCK", "DELLA")
		v.Open(pairOf(sample.Don, id))
	}},
	{"pair refused", "admin", func(s *site, v webtest.Visitor) {
		v.Open(pairOf(sample.Don, s.secondDon()))
		v.Press("Different people, don't ask again")
		v.Sees("Reason is missing")
	}},
	{"pair of twins, locked", "helpdesk", func(s *site, v webtest.Visitor) { v.Open(pairOf(sample.Don, lockedClient)) }},
	{"pair, not to be merged", "clerk", func(s *site, v webtest.Visitor) { v.Open(pairOf(sample.Don, s.secondDon())) }},
	{"report a duplicate", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/duplicate") }},
	{"report a duplicate refused", "clerk", func(s *site, v webtest.Visitor) {
		v.Open("/clients/" + string(sample.Don) + "/duplicate")
		v.Press("Report")
	}},
	{"import a file", "admin", func(s *site, v webtest.Visitor) { v.Open("/import") }},
	{"import of no file", "admin", func(s *site, v webtest.Visitor) { v.Open("/import"); v.Within("main form").Press("Send the file") }},
	{"columns of a file", "admin", func(s *site, v webtest.Visitor) { v.Open(s.account("admin").sent("clients", campus)) }},
	{"columns that are not enough", "admin", func(s *site, v webtest.Visitor) {
		v.Open(s.account("admin").sent("immunizations", roster))
		v.Press("Check the file")
		v.Sees("No column is read as date of the immunization")
	}},
	{"files not taken in", "admin", func(s *site, v webtest.Visitor) { s.uploaded("admin"); v.Open("/import") }},
	{"file being checked", "admin", func(s *site, v webtest.Visitor) { v.Open(s.halfChecked()) }},
	{"file to look at again", "admin", func(s *site, v webtest.Visitor) {
		v.Open(s.account("admin").checked("clients", strangers))
		v.Press("Approve: take the file in")
		v.Sees("Confirm that you have looked at this")
	}},
	{"close matches of a file", "admin", func(s *site, v webtest.Visitor) { v.Open(s.uploaded("admin") + "?rows=possible") }},
	{"check of a file without its choices", "admin", func(s *site, v webtest.Visitor) {
		v.Open(s.account("admin").checked("clients", "last_name,first_name,birth_date,gender\nDuck,Donald,2009-09-21,M\n"))
		v.Choose("Line 2", "Leave the row out")
		v.Press("Keep these choices")
		v.Press("Change the columns")
		v.Choose("gender", "Do not read")
		v.Press("Check the file")
		v.Sees("Not all choices are kept")
	}},
	{"check of a file", "admin", func(s *site, v webtest.Visitor) { v.Open(s.uploaded("admin")) }},
	{"rows of a file taken in", "admin", func(s *site, v webtest.Visitor) { v.Open(s.imported("admin") + "?rows=changed") }},
	{"home with a checked file", "admin", func(s *site, v webtest.Visitor) {
		s.uploaded("admin")
		v.Open("/")
		v.Sees("1 file that you have sent is checked and waits for your approval")
	}},
	{"file taken in", "admin", func(s *site, v webtest.Visitor) { v.Open(s.imported("admin")) }},
	{"file being taken back", "admin", func(s *site, v webtest.Visitor) {
		at := s.imported("admin")
		if err := s.reg.StartUndo(s.t.Context(), demoAdmin, strings.TrimPrefix(at, "/imports/")); err != nil {
			s.t.Fatal(err)
		}
		v.Open(at)
		v.Sees("Taking back 0 of 2 clients, waits for its turn")
	}},
	{"file taken back", "admin", func(s *site, v webtest.Visitor) {
		v.Open(s.imported("admin"))
		v.Press("Undo this import")
		v.Sees("All is as it was before")
	}},
	{"reports", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/reports") }},
	{"official record", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open(reportsOf(sample.Rainbow))
		form := issueForm(v)
		form.Choose("Language", "English + Spanish")
		form.Tick("Include recommendations")
		form.Tick("Include comments")
		form.Press("Open an official immunization record")
	}},
	{"reports, printed before", "clerk", func(s *site, v webtest.Visitor) {
		issued(v, sample.Rainbow)
		v.Open(reportsOf(sample.Rainbow))
	}},
	{"official record changed", "clerk", func(s *site, v webtest.Visitor) {
		code := issued(v, sample.Rainbow)
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/records/" + code)
	}},
	{"immunizations needed", "clerk", func(s *site, v webtest.Visitor) { v.Open(reportsOf(sample.Rainbow) + "/needed?language=en%2Bes") }},
	{"immunization history, confidential", "clerk", func(s *site, v webtest.Visitor) {
		s.immunized()
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations/print?confidential=1")
	}},
	{"verify", "", func(s *site, v webtest.Visitor) { v.Open("/verify") }},
	{"verify no code", "", func(s *site, v webtest.Visitor) {
		v.Open("/verify")
		v.Within("main form").Press("Verify / Verificar")
	}},
	{"verified", "", func(s *site, v webtest.Visitor) { v.Open("/verify/" + recordCode(openClient)) }},
	{"verified with doses", "", func(s *site, v webtest.Visitor) {
		v.Open("/verify/" + recordCode(openClient))
		form := v.Within("main form")
		form.Fill("Birth date / Fecha de nacimiento", s.record(openClient, sample.RiversideClinic).Client.BirthDate.US())
		form.Press("Show the doses / Mostrar las dosis")
	}},
	{"verify unknown", "", func(s *site, v webtest.Visitor) { v.Open("/verify/" + recordCode(noClient)) }},
	{"summary", "clerk", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don) + "/reports/summary") }},
	{"account", "clerk", func(s *site, v webtest.Visitor) { v.Open("/account") }},
	{"account of one who sends files", "admin", func(s *site, v webtest.Visitor) {
		v.Open("/account")
		v.Sees("Tell me when work on a file I sent has ended")
	}},
	{"help desk of a client", "clerk", func(s *site, v webtest.Visitor) { v.Open("/helpdesk?client=" + string(sample.Rainbow)) }},
	{"accessibility", "clerk", func(s *site, v webtest.Visitor) { v.Open("/accessibility") }},
	{"privacy", "clerk", func(s *site, v webtest.Visitor) { v.Open("/privacy") }},
	{"denied", "clerk", func(s *site, v webtest.Visitor) { v.Open("/users") }},
	{"switch organizations", "floater", func(s *site, v webtest.Visitor) { v.Open("/organization") }},
	{"viewed only", "viewer", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.Don)) }},
	{"viewed at a school", "nurse", func(s *site, v webtest.Visitor) { v.Open("/clients/" + string(sample.AtSchool)) }},

	{"users", "admin", func(s *site, v webtest.Visitor) { v.Open("/users") }},
	{"invite", "admin", func(s *site, v webtest.Visitor) { v.Open("/users/new") }},
	{"invite refused", "admin", func(s *site, v webtest.Visitor) { v.Open("/users/new"); v.Within("main").Press("Invite") }},
	{"one-time link", "admin", func(s *site, v webtest.Visitor) {
		v.Open("/users/new")
		main := v.Within("main")
		main.Fill("Name", "N. Newman")
		main.Fill("User name", "newman")
		main.Choose("Role", "Typical User")
		main.Press("Invite")
		main.Sees("One-time link")
	}},
	{"user", "admin", func(s *site, v webtest.Visitor) { v.Open("/users/user-clerk") }},

	{"home of the help desk", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/") }},
	{"locked elsewhere", "helpdesk", func(s *site, v webtest.Visitor) { open(v, lockedClient, tabInfo) }},
	{"deceased client", "helpdesk", func(s *site, v webtest.Visitor) { open(v, deadClient, tabComments) }},
	{"held entries", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/held") }},
	{"system status", "helpdesk", func(s *site, v webtest.Visitor) {
		s.load("9.1", "")
		s.troubledMail()
		v.Open("/system")
		v.Sees("not all is sent")
	}},
	{"schedule changed", "helpdesk", func(s *site, v webtest.Visitor) {
		s.load("9.1", "")
		v.Open("/system")
		v.Within("main").Press("Make current")
		v.SeesStatus("Current schedule changed")
	}},
	{"alarm on home", "helpdesk", func(s *site, v webtest.Visitor) {
		s.load("9.1", "")
		v.Open("/")
		v.Sees("A newer schedule is needed")
	}},
	{"new announcement", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/announcements/new") }},
	{"users anywhere", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/users?organization=" + string(sample.RiversideClinic)) }},
	{"user of another", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/users/user-floater") }},
	{"act for any", "helpdesk", func(s *site, v webtest.Visitor) { v.Open("/organization") }},
}

// doubtful goes as far as the question for what is worth a second look.
func doubtful(s *site, v webtest.Visitor) {
	record(v, sample.Don, "")
	row(v, 1).Choose("Vaccine", "MMR")
	row(v, 1).Fill("Expiration Date", "06/2020")
	v.Within("main .actions.after").Press("Next")
	row(v, 2).Choose("Vaccine", "MMR")
	v.Within(".head").Press("Save")
}

// ofAnother is an immunization that Test Clinic has recorded.
func ofAnother(s *site, v webtest.Visitor) iis.DoseID {
	return onFile(s, as(s.t.(*testing.T), v, "clerk"), sample.OfTwoClinics, "MMR", "10/01/2020")
}

// markDeceased goes as far as the question.
func markDeceased(v webtest.Visitor, id iis.ClientID) {
	open(v, id, tabInfo)
	info(v).Choose("Status", "Deceased: hides the record from every organization")
	v.Within(".head").Press("Save")
	v.Sees("Mark this client as deceased?")
}

// lookalikes goes as far as the clients who may be the same person.
func lookalikes(v webtest.Visitor) {
	v.Open("/clients/new")
	h := header(v)
	h.Fill("Last Name", "Duck")
	h.Fill("First Name", "Don")
	h.Fill("Birth Date", "09/21/2009")
	h.Choose("Gender", "M")
	v.Within(".head").Press("Save")
	v.Sees("may already be this person")
}

// TestScreens looks at every screen in every state with axe-core at three
// widths, and at how it is laid out without script.
func TestScreens(t *testing.T) {
	for _, script := range []bool{true, false} {
		name := map[bool]string{true: "script", false: "no script"}[script]
		t.Run(name, func(t *testing.T) {
			for _, screen := range screens {
				t.Run(screen.name, func(t *testing.T) {
					t.Parallel()
					s := sqliteSite(t)
					b := webtest.NewBrowser(t, s.url, script)
					if screen.user != "" {
						s.enter(b, screen.user)
					}
					screen.show(s, b)
					b.Axe(screen.name)
					if title := b.Eval("document.title"); strings.Contains(strings.ToUpper(title), "DUCK") || strings.Contains(strings.ToUpper(title), "CANARY") {
						t.Errorf("the title %q holds a name", title)
					}
				})
			}
			if !script {
				return
			}
			s := sqliteSite(t)
			b := webtest.NewBrowser(t, s.url, true)
			b.Open("/help")
			for topic := range strings.FieldsSeq(b.Eval(`[...document.querySelectorAll("main a[href^='/help']")].map(a => a.getAttribute("href")).join(" ")`)) {
				b.Open(topic)
				b.Axe("help " + topic)
			}
		})
	}
}

// enter signs a user in without typing a password.
func (s *site) enter(b *webtest.Browser, user string) {
	s.t.Helper()
	for _, a := range sample.Accounts() {
		if a.User.UserName == user {
			b.SetCookie(s.session(a.User.ID, a.Grants[0].Organization))
			return
		}
	}
	s.t.Fatalf("no account %s", user)
}
