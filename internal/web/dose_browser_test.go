package web_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/webtest"
)

// toImmunize has no immunization on file when a test begins.
const toImmunize = sample.Don

// doses are the immunizations of a client as they are on file, by date and
// vaccine.
func (s *site) doses(id iis.ClientID) (doses []iis.Dose) {
	s.t.Helper()
	s.view(func(ctx context.Context, tx *store.Tx) (err error) {
		doses, err = tx.Doses(ctx, id)
		return err
	})
	slices.SortFunc(doses, func(a, b iis.Dose) int {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
		return strings.Compare(string(a.Vaccine), string(b.Vaccine))
	})
	return doses
}

// nextYear is the year after that of the site, behind a part of a date.
func (s *site) nextYear(before string) string { return before + strconv.Itoa(s.now.now().Year()+1) }

// vaccinesOf are the vaccines of doses.
func vaccinesOf(doses []iis.Dose) (codes []string) {
	for _, d := range doses {
		codes = append(codes, string(d.Vaccine))
	}
	return codes
}

// record opens the screen that records immunizations.
func record(v webtest.Visitor, id iis.ClientID, query string) {
	v.Open("/clients/" + string(id) + "/immunizations/record" + query)
	v.Sees("Record immunizations")
}

// row is the n-th set of fields, from 1.
func row(v webtest.Visitor, n int) webtest.Visitor { return v.Within("#row-" + string(rune('0'+n))) }

// saveDoses presses Save, and Save all the same if something is asked.
func saveDoses(v webtest.Visitor, notice string) {
	v.Within(".head").Press("Save")
	if v.Has("#ask") {
		v.Within("#ask").Press("Save all the same")
	}
	v.SeesStatus(notice)
}

// onFile records a historical dose and returns its ID.
func onFile(s *site, v webtest.Visitor, id iis.ClientID, vaccine, date string) iis.DoseID {
	s.t.Helper()
	was := s.doses(id)
	record(v, id, "")
	r := row(v, 1)
	r.Choose("Kind", "Historical")
	r.Choose("Vaccine", vaccine)
	r.Fill("Date Administered", date)
	saveDoses(v, "Immunizations saved: 1 immunization added")
	for _, d := range s.doses(id) {
		if !slices.ContainsFunc(was, func(o iis.Dose) bool { return o.ID == d.ID }) {
			return d.ID
		}
	}
	s.t.Fatal("no immunization was added")
	return ""
}

// TestAddImmunizations adds three vaccines in one Save, the last without Next,
// and a historical one.
func TestAddImmunizations(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		v.Within("nav.side").Press("manage immunizations")
		form := v.Within("main form.search")
		form.Fill("Last Name", "duck")
		form.Fill("First Name", "don")
		form.Fill("Birth Date", "9/21/2009")
		form.Press("Find")
		v.Within("table.results").Press("DUCK, DON")
		v.Sees("Immunization history")
		v.Within("main").Press("Add Immunization")
		before := s.record(toImmunize, sample.TestClinic).Client.Version

		r := row(v, 1)
		r.Choose("Vaccine", "Tdap")
		r.Fill("Lot Number", "T1")
		r.Fill("Given By", "R. Nurse")
		r.Choose("Eligibility", "VFC: uninsured")
		r.Choose("Site", "Left deltoid")
		v.Within("main .actions.after").Press("Next")
		r = row(v, 2)
		r.Holds("Given By", "R. Nurse")
		r.Holds("Eligibility", "VFC: uninsured")
		r.Holds("Date Administered", iis.DateOf(s.now.now().UTC()).US())
		r.Choose("Vaccine", "HPV9")
		v.Within("main .actions.after").Press("Next")
		row(v, 3).Choose("Vaccine", "MMR")
		row(v, 3).Fill("Expiration Date", s.nextYear("06/"))
		saveDoses(v, "Immunizations saved: 3 immunizations added")
		if v.Path() == "" || !strings.HasPrefix(v.Path(), "/clients/"+string(toImmunize)+"/immunizations?") {
			t.Errorf("Save leads to %s, want the history", v.Path())
		}
		doses := s.doses(toImmunize)
		if diff := cmp.Diff([]string{"03", "115", "165"}, vaccinesOf(doses)); diff != "" {
			t.Fatalf("vaccines (-want +got):\n%s", diff)
		}
		for _, d := range doses {
			if d.Kind != iis.Administered || d.GivenBy != "R. Nurse" || d.Eligibility != "V03" || d.By != sample.TestClinic {
				t.Errorf("dose = %+v, want one administered by R. Nurse at Test Clinic, uninsured", d)
			}
		}
		if got := s.record(toImmunize, sample.TestClinic).Client.Version; got != before+1 {
			t.Errorf("version = %d, want %d: one Save", got, before+1)
		}
		onFile(s, v, toImmunize, "varicella", "10/01/2010")
		if got := s.doses(toImmunize)[0]; got.Kind != iis.Historical || got.Source != iis.SourceUnspecified || got.Vaccine != "21" {
			t.Errorf("dose = %+v, want a historical varicella", got)
		}
	})
}

// TestDeleteImmunization marks one of two to be deleted, takes that back, edits
// the other and deletes.
func TestDeleteImmunization(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		first, second := onFile(s, v, toImmunize, "MMR", "10/01/2010"), onFile(s, v, toImmunize, "varicella", "12/01/2010")
		record(v, toImmunize, "?edit="+string(first))
		row(v, 1).Press("Delete")
		row(v, 1).Sees("Will be deleted")
		row(v, 1).Press("Undo")
		row(v, 1).Holds("Vaccine", "MMR")
		row(v, 1).Fill("Lot Number", "M7")
		saveDoses(v, "1 immunization changed")
		if d := s.doses(toImmunize); len(d) != 2 || d[0].Lot != "M7" || d[1].ID != second {
			t.Fatalf("doses = %+v, want both, the first with lot M7", d)
		}
		record(v, toImmunize, "?edit="+string(second))
		row(v, 1).Press("Delete")
		if n := len(s.doses(toImmunize)); n != 2 {
			t.Errorf("%d doses before Save, want 2", n)
		}
		saveDoses(v, "1 immunization deleted")
		if d := s.doses(toImmunize); len(d) != 1 || d[0].ID != first {
			t.Errorf("doses = %+v, want the first", d)
		}
	})
}

// TestExpiredLot warns of an expired lot and saves it all the same; a date before
// birth is refused, with all that was typed kept.
func TestExpiredLot(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		record(v, toImmunize, "")
		r := row(v, 1)
		r.Choose("Vaccine", "MMR")
		r.Fill("Lot Number", "OLD1")
		r.Fill("Expiration Date", "06/2020")
		r.Fill("Date Administered", "01/02/2009")
		if v.Scripted() {
			r.Sees("before the birth date") // while typing
		}
		v.Within(".head").Press("Save")
		if v.Status() != 422 {
			t.Errorf("status = %d, want 422", v.Status())
		}
		v.Within("#problems").Sees("Date Administered is before the birth date")
		row(v, 1).Holds("Lot Number", "OLD1")
		row(v, 1).Fill("Date Administered", iis.DateOf(s.now.now().UTC()).US())
		if v.Scripted() {
			row(v, 1).Sees("Expired lot")
		}
		v.Within(".head").Press("Save")
		v.Within("#ask").Sees("Expired lot: it expired on 06/30/2020")
		if n := len(s.doses(toImmunize)); n != 0 {
			t.Errorf("%d doses before the question is answered, want none", n)
		}
		v.Within("#ask").Press("Save all the same")
		v.SeesStatus("1 immunization added")
		if d := s.doses(toImmunize); len(d) != 1 || d[0].Lot != "OLD1" {
			t.Errorf("doses = %+v, want the one of lot OLD1", d)
		}
	})
}

// TestImmunizationConflict: two clerks edit one dose.
func TestImmunizationConflict(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		id := onFile(s, v, toImmunize, "MMR", "10/01/2010")
		record(v, toImmunize, "?edit="+string(id))
		there := as(t, v, "admin")
		record(there, toImmunize, "?edit="+string(id))
		row(there, 1).Fill("Lot Number", "THEIRS")
		saveDoses(there, "1 immunization changed")
		row(v, 1).Fill("Lot Number", "MINE")
		row(v, 1).Fill("Given At", "Lake Pharmacy")
		v.Within(".head").Press("Save")
		v.Sees("Someone else changed this client meanwhile", "Lot Number", "THEIRS", "MINE")
		v.Within("main form").Choose("Immunization MMR 10/01/2010, Lot Number", "Theirs: THEIRS")
		v.Within("main form").Press("Save")
		v.SeesStatus("1 immunization changed")
		if d := s.doses(toImmunize)[0]; d.Lot != "THEIRS" || d.Provider != "Lake Pharmacy" {
			t.Errorf("dose = %+v, want their lot and my provider", d)
		}
	})
}

// TestReportProblem: a dose of another organization is not edited; a problem with
// it is told, found in the queue of its owner, mended and resolved.
func TestReportProblem(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		id := onFile(s, v, sample.OfTwoClinics, "MMR", "10/01/2020")
		there := as(t, v, "clerk2")
		there.Open("/clients/" + string(sample.OfTwoClinics) + "/immunizations/record?edit=" + string(id))
		if there.Status() != 403 {
			t.Errorf("status = %d, want 403", there.Status())
		}
		there.Sees("You cannot edit this immunization", "was recorded by Test Clinic")
		there.Within("main").Press("Report a problem")
		there.Sees("MMR 10/01/2020", "Recorded by", "Test Clinic")
		there.Within("main form").Fill("What is wrong with it?", "It was given in 2021.")
		there.Within("main form").Press("Send to Test Clinic")
		there.SeesStatus("Problem reported")

		v.Open("/")
		v.Within("nav.side").Press("reported problems")
		v.Sees("It was given in 2021.", "Riverside Clinic")
		v.Within("main section").Press("Edit the immunization")
		row(v, 1).Fill("Date Administered", "10/01/2021")
		saveDoses(v, "1 immunization changed")
		v.Open("/problems")
		v.Within("main form").Fill("What became of it?", "The year is mended.")
		v.Within("main form").Press("Resolve")
		v.SeesStatus("Problem resolved")
		v.Sees("No problem waits")
		v.Within("nav.side").SeesNot("reported problems")
	})
}

// TestCancelImmunizations leaves without saving: what would be lost is listed,
// and what is kept is on the home page.
func TestCancelImmunizations(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		record(v, toImmunize, "")
		row(v, 1).Choose("Vaccine", "MMR")
		v.Within(".head").Press("Cancel")
		v.Sees("1 change is not saved", "MMR")
		v.Open("/")
		v.Sees("Not saved yet", "1 immunization")
		v.Within("main").Press("Continue")
		row(v, 1).Holds("Vaccine", "MMR")
		v.Within(".head").Press("Cancel")
		v.Within("main form").Press("Discard 1 change")
		v.SeesStatus("Changes discarded")
		record(v, toImmunize, "")
		row(v, 1).Holds("Vaccine", "")
	})
}

// TestImmunizeByKeyboard records four vaccines without a mouse: what a vaccine
// brings with it is filled, Enter is Next, a scanner fills a row, Ctrl+S saves.
func TestImmunizeByKeyboard(t *testing.T) {
	s := sqliteSite(t)
	b := webtest.NewBrowser(t, s.url, true)
	s.enter(b, "clerk")
	record(b, toImmunize, "")
	focus := func(want string) {
		t.Helper()
		if got := b.Eval(`document.activeElement.name?.split("/").at(-1) || document.activeElement.id`); got != want {
			t.Fatalf("the focus is on %q, want %q", got, want)
		}
	}
	focus("vaccine")
	b.Keys("Tdap")
	b.Keys("\t\t\t")
	focus("lot")
	b.Keys("A1\t" + s.nextYear("06/") + "\t.5\tIntram\tLeft d")
	b.Keys("\r")
	row(b, 2).Holds("Vaccine", "")
	focus("vaccine")
	b.Keys("varicella")
	b.Keys("\r")
	row(b, 3).Holds("Vaccine", "")
	row(b, 2).Holds("Trade Name", "Varivax")
	row(b, 2).Holds("Manufacturer", "Merck and Co., Inc.")
	if vis := b.Eval(`document.querySelector("#row-2 [name$='/vis']").value`); vis == "" {
		t.Error("no VIS date is suggested")
	}
	b.Eval(`document.querySelector("#row-3 [name$='/ndc']").focus()`)
	b.Keys("010030006468100017" + s.nextYear("")[2:] + "063010SCAN7\r")
	row(b, 3).Holds("Vaccine", "MMR")
	row(b, 3).Holds("Lot Number", "SCAN7")
	row(b, 3).Holds("Expiration Date", s.nextYear("06/30/"))
	focus("amount")
	b.Keys("\r")
	row(b, 4).Holds("Vaccine", "")
	focus("ndc") // who scans one scans the next
	b.Keys("\t\tHPV9")
	b.Keys("s", cdp.KeyModifiers(cdp.ModifierCtrl))
	b.SeesStatus("Immunizations saved: 4 immunizations added")
	if diff := cmp.Diff([]string{"03", "115", "165", "21"}, vaccinesOf(s.doses(toImmunize))); diff != "" {
		t.Errorf("vaccines (-want +got):\n%s", diff)
	}
}

// TestImmunizationDraft: what is typed is kept by itself, also after the
// connection was gone for a while, and fields of another kind go away.
func TestImmunizationDraft(t *testing.T) {
	s := sqliteSite(t)
	b := webtest.NewBrowser(t, s.url, true)
	s.enter(b, "clerk")
	record(b, toImmunize, "")
	row(b, 1).Choose("Vaccine", "MMR")
	b.SeesStatus("1 immunization not saved, kept as a draft")
	b.Eval(`(window.real = fetch, window.fetch = () => Promise.reject(new TypeError("no connection")), "")`)
	row(b, 1).Fill("Lot Number", "L9")
	b.SeesStatus("Not saved: no connection. Your changes are kept on this page")
	b.Eval(`(window.fetch = window.real, "")`)
	b.SeesStatus("1 immunization not saved, kept as a draft")
	row(b, 1).Fill("Given By", "R. Nurse")
	row(b, 1).SeesNot("Given At", "Reason for Refusal")
	row(b, 1).Choose("Kind", "Refused")
	row(b, 1).SeesNot("Lot Number", "Given By", "Trade Name")
	row(b, 1).Sees("Reason for Refusal")
	row(b, 1).Choose("Kind", "Administered")
	row(b, 1).Holds("Lot Number", "L9")
	row(b, 1).Holds("Given By", "R. Nurse")
	b.SeesStatus("kept as a draft")
	record(b, toImmunize, "")
	b.Sees("Your draft from", "1 immunization not saved yet")
	row(b, 1).Holds("Given By", "R. Nurse")
}
