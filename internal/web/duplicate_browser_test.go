package web_test

import (
	"slices"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

// enterBeside enters a client though others look like him.
func (s *site) enterBeside(a iis.Actor, typed iis.Values) iis.ClientID {
	s.t.Helper()
	out, err := s.reg.EnterClient(s.t.Context(), a, registry.Entry{Different: registry.DifferentSameName,
		Form: registry.Form{Organization: a.Organization, Typed: typed}})
	if err != nil || out.Client == "" {
		s.t.Fatalf("EnterClient = %+v, %v", out, err)
	}
	return out.Client
}

// secondDon enters the guide's Don a second time, with a dose of his own.
func (s *site) secondDon() iis.ClientID {
	s.t.Helper()
	id := s.enterBeside(demoClerk, iis.Values{"last": "DUCK", "first": "DONALD", "birth": "09/21/2009", "gender": "M", "email": "donald@example.org"})
	s.immunize(demoClerk, id, shotOf{"x1", "Historical", "11/25/2009", "110", nil})
	return id
}

// pairOf is the page of two records.
func pairOf(a, b iis.ClientID) string {
	return "/duplicates/" + string(min(a, b)) + "/" + string(max(a, b))
}

// contactOf enters a contact of a client and returns its ID.
func (s *site) contactOf(id iis.ClientID, last, first string) iis.ContactID {
	s.t.Helper()
	row := iis.ContactID("c-" + string(id) + first)
	typed := iis.Values{iis.RowField(iis.RowContact, row, ""): iis.Yes, iis.RowField(iis.RowContact, row, "last"): last,
		iis.RowField(iis.RowContact, row, "first"): first, iis.RowField(iis.RowContact, row, "relation"): string(iis.OtherRelative), iis.RowField(iis.RowContact, row, "phone"): "651-201-4630"}
	out, err := s.reg.SaveClient(s.t.Context(), demoClerk, registry.Form{Client: id, Organization: demoClerk.Organization, Typed: typed, NewContact: row})
	if err != nil || out != registry.Saved {
		s.t.Fatalf("SaveClient = %s, %v, want %s", out, err, registry.Saved)
	}
	return row
}

// mergeInto merges the two of the page into one.
func mergeInto(v webtest.Visitor, id iis.ClientID) {
	if v.Scripted() {
		v.Press("Merge into " + string(id))
		return
	}
	v.Press("Merge into the record chosen above")
}

// TestReviewDuplicate: a clerk reports a second record, puts it off; who may merge
// finds it, chooses, merges, comes to the survivor by the old ID, and undoes it.
func TestReviewDuplicate(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		id := s.secondDon()
		signIn(v, "clerk")
		open(v, sample.Don, "")
		v.Within("main").Press("Report a duplicate")
		v.Press("Report")
		v.Sees("Enter the MIIC ID of the other record.")
		v.Fill("MIIC ID of the other record", string(id))
		v.Press("Report")
		v.SeesStatus("Reported as a possible duplicate")
		v.Sees("Are these the same person?", "Found when a client was entered", "Your role (Typical User) lets you tell records apart, not merge them.")
		v.Press("Different people, don't ask again")
		v.Sees("Reason is missing")
		v.Press("Decide later")
		v.SeesStatus("Put off")
		v.Within("table").SeesNot(string(id))

		admin := as(t, v, "admin")
		admin.Within("nav.side").Press("possible duplicates")
		admin.Within("main form").Choose("List", "Put off")
		admin.Press("Show")
		admin.Within("table").Sees("DUCK, DONALD", "DUCK, DON", string(id), string(sample.Don))
		admin.Press("Review")
		admin.Sees("Put off by R. Nurse", "After merging: one record", "1 immunization")
		letter := "A"
		if id > sample.Don {
			letter = "B"
		}
		other := map[string]string{"A": "B", "B": "A"}[letter]
		admin.Tick("Record " + other + " · MIIC ID " + string(sample.Don))
		admin.Tick("DONALD")
		admin.Fill("Reason", "spoke with the family")
		mergeInto(admin, sample.Don)
		admin.SeesStatus("The two records are merged")
		admin.Sees("MIIC ID "+string(sample.Don), "DUCK, DONALD")
		if c := s.record(sample.Don, sample.TestClinic).Client; c.Name.First != "DONALD" || c.Email != "donald@example.org" {
			t.Errorf("merged client = %s with %q, want the chosen first name and the other's e-mail", c.Name.First, c.Email)
		}

		admin.Open("/clients/" + string(id))
		admin.SeesStatus("The record you asked for was merged into this one")
		if got := admin.Path(); !strings.HasPrefix(got, "/clients/"+string(sample.Don)) {
			t.Errorf("the old ID leads to %s, want the survivor", got)
		}
		admin.Within("header").Fill("Find a client", string(id))
		admin.Within("header").Press("Find")
		admin.Sees("Personal Information", "MIIC ID "+string(sample.Don))

		admin.Press("Change history")
		admin.Sees("Merged "+string(id)+" into this record", "spoke with the family")
		admin.Within("nav.tabs").Press("Names and IDs")
		admin.Sees("Its ID leads here.")
		admin.Press("Unmerge")
		admin.Sees("Unmerge two records?", "DUCK, DONALD", "DUCK, DON")
		admin.Within("main form").Press("Unmerge")
		admin.SeesStatus("There are two records again")
		admin.Sees("Told apart as different people by A. Admin", string(id), string(sample.Don))
		if c := s.record(sample.Don, sample.TestClinic).Client; !strings.EqualFold(c.Name.First, "Don") || c.Email != "" {
			t.Errorf("client after unmerge = %s with %q, want what he was", c.Name.First, c.Email)
		}
	})
}

// TestMergeContacts: of each record's contacts one chooses who stays; one of both is
// there once. Who was left out is told in the history and is back after an unmerge;
// what was set since goes to whom one says.
func TestMergeContacts(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		id := s.secondDon()
		s.contactOf(id, "GOOSE", "GUS")
		s.contactOf(id, "DUCK", "DELLA")
		s.contactOf(sample.Don, "DUCK", "DELLA")
		signIn(v, "admin")
		v.Open(pairOf(sample.Don, id))
		letter := map[bool]string{true: "A", false: "B"}
		v.Tick("Record " + letter[sample.Don < id] + " · MIIC ID " + string(sample.Don))
		v.Within("table").Sees("also in record A, kept once")
		v.Untick("GOOSE, GUS, Other Relative")
		mergeInto(v, sample.Don)
		v.SeesStatus("The two records are merged")
		names := func(id iis.ClientID) (all []string) {
			for _, c := range s.record(id, sample.TestClinic).Contacts {
				all = append(all, c.Name.First)
			}
			return all
		}
		if got := names(sample.Don); slices.Contains(got, "GUS") || len(slices.DeleteFunc(slices.Clone(got), func(n string) bool { return n != "DELLA" })) != 1 {
			t.Errorf("contacts of the merged client = %v, want DELLA once and GUS not", got)
		}
		v.Open("/clients/" + string(sample.Don) + "/history")
		v.Sees("Contact GUS GOOSE")
		before := s.record(sample.Don, sample.TestClinic).Client.Email
		if _, err := s.reg.SaveClient(t.Context(), demoClerk, registry.Form{Client: sample.Don, Organization: demoClerk.Organization,
			Typed: iis.Values{"email": "don@example.org", "phone": "651-201-7777"}}); err != nil {
			t.Fatal(err)
		}
		v.Within("nav.tabs").Press("Names and IDs")
		v.Press("Unmerge")
		v.Sees("Set since the merge: whose is it?", "Email: "+before+" → don@example.org")
		v.Within("fieldset:has(input[name=whose-email])").Tick(string(id))
		v.Within("main form").Press("Unmerge")
		v.SeesStatus("There are two records again")
		if got := names(id); !slices.Contains(got, "GUS") || !slices.Contains(got, "DELLA") {
			t.Errorf("contacts of the other after unmerge = %v, want GUS and DELLA", got)
		}
		a, b := s.record(sample.Don, sample.TestClinic).Client, s.record(id, sample.TestClinic).Client
		if b.Email != "don@example.org" || a.Email == b.Email || a.Phone != "651-201-7777" || b.Phone == a.Phone {
			t.Errorf("after unmerge e-mail %q and %q, phone %q and %q, want the e-mail with the other and the phone with the survivor", a.Email, b.Email, a.Phone, b.Phone)
		}
	})
}

// TestQueueOfPairs: the list can be narrowed, says who looks into a pair, and leads
// from one pair to the next.
func TestQueueOfPairs(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		for range 3 {
			s.secondDon()
		}
		signIn(v, "clerk")
		v.Open("/duplicates")
		v.Within("table").Sees("when a client was entered", "waits less than an hour", "nobody", "Test Clinic")
		v.Within("tbody tr:first-child").Press("Review")
		v.Sees(" · 1 of ")
		v.Press("Assign it to me")
		v.SeesStatus("The pair is assigned to you")
		v.Sees("Assigned to R. Nurse.")
		v.Press("Give it back")
		v.SeesStatus("The pair is given back: it is assigned to nobody")
		v.Sees("Assigned to nobody.")
		v.Press("Assign it to me")
		other := as(t, v, "clerk2")
		other.Open("/duplicates?organizations=all")
		other.Within("table").Sees("someone at another organization")
		other.Within("tbody tr:first-child").Press("Review")
		other.Sees("Assigned to someone at another organization.")
		other.SeesNot("R. Nurse")
		v.Press("Back to the list")
		v.Within("main form").Choose("Assigned to", "Me")
		v.Press("Show")
		v.Sees("1 pair")
		v.Within("main form").Choose("Found", "reported by a user")
		v.Press("Show")
		v.Sees("0 pairs", "No pair waits of clients of Test Clinic of those asked for.")
		v.Open("/duplicates")
		v.Within("tbody tr:first-child").Press("Review")
		v.Press("Next pair")
		v.Sees(" · 2 of ")
		v.Press("Decide later")
		v.SeesStatus("Put off")
		v.Sees("Are these the same person?", " · 2 of ") // the third of before
	})
}

// TestMaybeTwins: a merge of two who may be twins waits for a second person, who sees
// who asked for it.
func TestMaybeTwins(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		a := s.enterBeside(demoClerk, iis.Values{"last": "TWIN", "first": "ANNA", "birth": "09/21/2019", "gender": "F"})
		b := s.enterBeside(demoClerk, iis.Values{"last": "TWIN", "first": "BERTA", "birth": "09/21/2019", "gender": "F"})
		signIn(v, "admin")
		v.Open(pairOf(a, b))
		v.Sees("May be twins", "A merge needs two people to ask for it.")
		letters := map[bool]string{true: "A", false: "B"}
		v.Tick("Record " + letters[a < b] + " · MIIC ID " + string(a))
		if v.Scripted() {
			v.Press("Ask for the merge into " + string(a))
		} else {
			v.Press("Ask for the merge into the record chosen above")
		}
		v.SeesStatus("a second person has to ask for it too")
		v.Sees("You asked for it; it waits for another person who may merge.")
		second := as(t, v, "helpdesk")
		second.Open(pairOf(a, b))
		second.Sees("It was asked for by A. Admin. If you ask for it too, the records are merged.")
		second.Tick("Record " + letters[a < b] + " · MIIC ID " + string(a))
		mergeInto(second, a)
		second.SeesStatus("The two records are merged")
	})
}

// TestPairBlocked: what keeps two records from being merged is said, and there is no
// button for it.
func TestPairBlocked(t *testing.T) {
	s := sqliteSite(t)
	id := s.secondDon()
	if _, err := s.reg.SaveClient(t.Context(), demoClerk, registry.Form{Client: id, Organization: demoClerk.Organization, Typed: iis.Values{"sharing": iis.No}}); err != nil {
		t.Fatal(err)
	}
	v := webtest.NewForms(t, s.url)
	signIn(v, "admin")
	v.Open(pairOf(sample.Don, id))
	v.Sees("These two cannot be merged as they are:", "One record is locked and the other is not", "Different people, don't ask again")
	v.SeesNot("After merging:")
}

// TestCarryDraft: what somebody typed for a client who was merged meanwhile is offered
// at the survivor.
func TestCarryDraft(t *testing.T) {
	s := sqliteSite(t)
	id := s.secondDon()
	f := registry.Form{Client: id, Organization: demoClerk.Organization, Typed: iis.Values{"phone": "651-201-7777"}, Do: registry.DoKeep}
	if err := s.reg.StageClient(t.Context(), demoClerk, f); err != nil {
		t.Fatal(err)
	}
	admin := webtest.NewForms(t, s.url)
	signIn(admin, "admin")
	s.merge(admin, id)
	v := admin.Again(t)
	signIn(v, "clerk")
	v.Open("/")
	v.Sees("merged into " + string(sample.Don) + " meanwhile")
	v.Press("Carry over to " + string(sample.Don))
	v.SeesStatus("What you typed is carried over to this record")
	header(v).Holds("Phone", "651-201-7777")
	v.Open("/")
	v.SeesNot("meanwhile")
}

// merge merges a second Don into the first.
func (s *site) merge(v webtest.Visitor, id iis.ClientID) {
	v.Open(pairOf(sample.Don, id))
	if sample.Don < id {
		v.Tick("Record A · MIIC ID " + string(sample.Don))
	} else {
		v.Tick("Record B · MIIC ID " + string(sample.Don))
	}
	mergeInto(v, sample.Don)
	v.SeesStatus("The two records are merged")
}

// TestScriptPairKeys: keys choose which record stays and what is done, and ask first.
func TestScriptPairKeys(t *testing.T) {
	s := sqliteSite(t)
	id := s.secondDon()
	b := webtest.NewBrowser(t, s.url, true)
	signIn(b, "admin")
	b.Open(pairOf(sample.Don, id))
	second := string(max(sample.Don, id))
	b.Keys("2")
	b.Sees("Merge into "+second, "After merging: one record with MIIC ID "+second)
	b.Keys("d")
	if got := b.Eval(`document.activeElement.name`); got != "reason" {
		t.Errorf("D without a reason leads to %q, want the reason", got)
	}
	b.Eval(`(document.activeElement.blur(), "")`)
	b.Keys("m")
	b.Within("#sure").Sees("Merge into " + second + "?")
	b.Within("#sure").Press("No")
	b.Open(pairOf(sample.Don, id)) // nothing was done
	b.Sees("Are these the same person?")
	b.Keys("l")
	b.Within("#sure").Sees("Decide later?")
	b.Within("#sure").Press("Yes")
	b.SeesStatus("Put off")
}
