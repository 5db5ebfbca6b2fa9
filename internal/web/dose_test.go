package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// doses are the immunizations of a client as they are on file.
func (s *site) doses(id iis.ClientID) (doses []iis.Dose) {
	s.t.Helper()
	err := s.db.View(s.t.Context(), func(tx *store.Tx) (err error) {
		doses, err = tx.Doses(s.t.Context(), id)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return doses
}

// record takes up the form that records immunizations.
func (b *browser) record(id iis.ClientID, query string) *sheet {
	b.t.Helper()
	return b.sheet(b.get("/clients/"+string(id)+"/immunizations/record"+query).is(200), "form#doses")
}

// rows are the IDs of the rows that a form has open.
func (sh *sheet) rows() []string { return sh.values["dose"] }

// dose types into the fields of the n-th row, from 1.
func (sh *sheet) dose(n int, pairs ...string) *sheet {
	sh.b.t.Helper()
	if n > len(sh.rows()) {
		sh.b.t.Fatalf("%d rows are open, want %d", len(sh.rows()), n)
	}
	for i := 0; i < len(pairs); i += 2 {
		sh.values.Set("dose/"+sh.rows()[n-1]+"/"+pairs[i], pairs[i+1])
	}
	return sh
}

// of presses a button of the n-th row and takes up the form that follows.
func (sh *sheet) of(n int, do string) *sheet {
	sh.b.t.Helper()
	return sh.doseThen(do + ":" + sh.rows()[n-1])
}

func (sh *sheet) doseThen(do string) *sheet {
	sh.b.t.Helper()
	return sh.b.sheet(sh.b.follow(sh.press(do)), "form#doses")
}

// given records one historical dose of a client and returns its ID.
func (b *browser) given(id iis.ClientID, vaccine, date string) iis.DoseID {
	b.t.Helper()
	sh := b.record(id, "").dose(1, "kind", "Historical", "vaccine", vaccine, "date", date)
	row := sh.rows()[0]
	a := sh.press("save")
	if a.status == 200 { // a second look
		a = sh.press("save")
	}
	a.is(303)
	return iis.DoseID(row)
}

// TestRecordDoses adds three vaccines in one Save, by Next, with the last row
// still open and one untouched.
func TestRecordDoses(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	before := s.record(rainbow, "clinic").Client.Version
	sh := b.record(rainbow, "")
	sh.dose(1, "vaccine", "03", "lot", "A1", "given", "R. Nurse", "eligibility", "V02", "funding", "VXC51", "date", "11/20/2026")
	sh = sh.doseThen("next")
	if got := len(sh.rows()); got != 2 {
		t.Fatalf("%d rows after Next, want 2", got)
	}
	second := "dose/" + sh.rows()[1] + "/"
	for name, want := range map[string]string{"kind": "Administered", "date": "11/20/2026", "given": "R. Nurse", "eligibility": "V02", "funding": "VXC51", "lot": "", "vaccine": ""} {
		if got := sh.values.Get(second + name); got != want {
			t.Errorf("%s of the next row = %q, want %q", name, got, want)
		}
	}
	sh.dose(2, "vaccine", "21", "lot", "B2")
	sh = sh.doseThen("next").dose(3, "vaccine", "10", "site", "LD", "route", "C28161", "amount", ".5", "expires", "06/2027")
	sh = sh.doseThen("next") // stays empty
	sh.press("save").leads("/clients/14883406/immunizations?done=doses-3-0-0")
	doses := s.doses(rainbow)
	var got []string
	for _, d := range doses {
		got = append(got, strings.Join([]string{string(d.Kind), d.Date.US(), string(d.Vaccine), d.Lot, d.GivenBy, d.Eligibility, d.Funding, string(d.By)}, " "))
	}
	slices.Sort(got)
	want := []string{
		"Administered 11/20/2026 03 A1 R. Nurse V02 VXC51 clinic",
		"Administered 11/20/2026 10  R. Nurse V02 VXC51 clinic",
		"Administered 11/20/2026 21 B2 R. Nurse V02 VXC51 clinic",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("doses (-want +got):\n%s", diff)
	}
	i := slices.IndexFunc(doses, func(d iis.Dose) bool { return d.Vaccine == "10" })
	if d := doses[i]; d.Expires != (iis.Date{Year: 2027, Month: 6, Day: 30}) || d.Amount != "0.5" || d.Site != "LD" {
		t.Errorf("polio = %+v, want one that expires 06/30/2027, 0.5 mL, left deltoid", d)
	}
	if v := s.record(rainbow, "clinic").Client.Version; v != before+1 {
		t.Errorf("version = %d, want %d: one Save", v, before+1)
	}
	b.get("/clients/14883406/immunizations?done=doses-3-0-0").sees("[role=status]", "Immunizations saved: 3 immunizations added")
	b.get("/").lacks("main", "Not saved yet")
}

// TestDoseDraft: what is typed is kept, said to the script, listed on the home
// page, and gone after it is discarded.
func TestDoseDraft(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.record(don, "").dose(1, "vaccine", "03", "date", "09/20/2009", "expires", "13/2027")
	a := sh.press("draft").is(200)
	var said struct {
		Unsaved int
		Said    []struct{ At, Text string }
	}
	if err := json.Unmarshal([]byte(a.body), &said); err != nil {
		t.Fatal(err)
	}
	if said.Unsaved != 1 || len(said.Said) != 2 || !strings.Contains(a.body, "before the birth date") || !strings.Contains(a.body, "cannot be read") {
		t.Errorf("draft = %s, want one row with a date before birth and an expiration that cannot be read", a.body)
	}
	for _, p := range said.Said {
		if !strings.HasPrefix(p.At, "f-dose-"+sh.rows()[0]) {
			t.Errorf("said at %q, want a field of the row", p.At)
		}
	}
	home := b.get("/")
	home.sees("main", "1 immunization")
	b.get(home.attribute(`main a[href$="/record"]`, "href")).is(200).sees("#draft-back", "1 immunization not saved yet")
	if sh = b.record(don, ""); sh.values.Get("dose/"+sh.rows()[0]+"/expires") != "13/2027" {
		t.Errorf("expiration = %q, want what was typed", sh.values.Get("dose/"+sh.rows()[0]+"/expires"))
	}
	sh.press("save").is(422).sees("#problems", "before the birth date")
	a = b.follow(sh.press("cancel"))
	a.sees("main", "1 change is not saved")
	a.sees(".changes", "MMR")
	b.sheet(a, "main form.actions").press("").leads("/clients/6714871/immunizations?done=discarded")
	b.get("/").lacks("main", "Not saved yet")
	if n := len(s.doses(don)); n != 0 {
		t.Errorf("%d doses on file, want none", n)
	}
	// An empty form is nothing to discard.
	b.record(don, "").press("cancel").leads("/clients/6714871/immunizations/record/discard")
	b.get("/clients/6714871/immunizations/record/discard").leads("/clients/6714871/immunizations")
}

// TestEditDoses edits one of several, marks one to be deleted and takes it back,
// then deletes it.
func TestEditDoses(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	first, second := b.given(don, "03", "09/23/2010"), b.given(don, "21", "09/23/2010")
	sh := b.record(don, "?edit="+string(second))
	sh.dose(1, "lot", "Z9", "date", "11/24/10").press("save").leads("/clients/6714871/immunizations?done=doses-0-1-0")
	lots := map[iis.DoseID]string{}
	for _, d := range s.doses(don) {
		lots[d.ID] = d.Lot + " " + d.Date.US()
	}
	if diff := cmp.Diff(map[iis.DoseID]string{first: " 09/23/2010", second: "Z9 11/24/2010"}, lots); diff != "" {
		t.Errorf("lots (-want +got):\n%s", diff)
	}
	sh = b.record(don, "?edit="+string(first)).of(1, "dose-delete")
	a := b.get("/clients/6714871/immunizations/record").is(200)
	a.sees("fieldset", "Will be deleted")
	if n := len(s.doses(don)); n != 2 {
		t.Errorf("%d doses before Save, want 2", n)
	}
	sh = sh.of(1, "dose-undo")
	if got := sh.values.Get("dose/" + string(first) + "/vaccine"); got != "03" {
		t.Errorf("vaccine after Undo = %q, want 03", got)
	}
	sh = sh.of(1, "dose-delete")
	sh.press("save").leads("/clients/6714871/immunizations?done=doses-0-0-1")
	if doses := s.doses(don); len(doses) != 1 || doses[0].ID != second {
		t.Errorf("doses = %v, want %s", doses, second)
	}
	// Cancel of a row puts it back; of the only row it leads to the history.
	sh = b.record(don, "?edit="+string(second)).dose(1, "lot", "other")
	sh.press("dose-cancel:" + string(second)).leads("/clients/6714871/immunizations")
	b.get("/").lacks("main", "Not saved yet")
}

// TestDoseOfOthers: the dose of another organization is not edited, and a problem
// with it goes to the queue of its owner.
func TestDoseOfOthers(t *testing.T) {
	s := guideSite(t)
	clerk, other := s.as("clerk"), s.as("clerk2")
	id := clerk.given(don, "03", "09/23/2010")
	a := other.get("/clients/6714871/immunizations/record?edit=" + string(id)).is(403)
	a.sees("main", "was recorded by Test Clinic")
	a = other.get(a.attribute("main a.primary", "href")).is(200)
	a.sees("dl", "MMR")
	form := other.sheet(a, "form.panel")
	form.press("").is(422).sees("#problems", "Problem is missing")
	form.fill("problem", "Given in 2011").press("").leads("/clients/6714871/immunizations?done=reported")
	other.get("/").lacks("nav.side", "reported problems")
	clerk.get("/").sees("main", "1 problem reported")
	clerk.get("/").sees("nav.side", "reported problems 1")
	a = clerk.get("/problems").is(200)
	a.sees("section", "Given in 2011")
	a.sees("section", "Riverside Clinic")
	clerk.sheet(a, "section form").press("").is(422).sees("#problems", "Outcome is missing")
	clerk.record(don, "?edit="+string(id)).dose(1, "date", "09/23/2011").press("save").is(303)
	clerk.sheet(a, "section form").fill("outcome", "The year is mended").press("").leads("/problems?done=problem-resolved")
	clerk.get("/").lacks("nav.side", "reported problems")
	clerk.get("/problems").sees("main", "No problem waits")
}

// TestDoseConflict: two people of one organization edit one dose.
func TestDoseConflict(t *testing.T) {
	s := guideSite(t)
	one, two := s.as("clerk"), s.as("admin")
	id := one.given(don, "03", "09/23/2010")
	mine, theirs := one.record(don, "?edit="+string(id)), two.record(don, "?edit="+string(id))
	theirs.dose(1, "lot", "THEIRS", "site", "LT").press("save").is(303)
	a := mine.dose(1, "lot", "MINE", "provider", "Dr. Grey").press("save").is(409)
	a.sees("legend", "Immunization MMR 09/23/2010, Lot Number")
	a.sees("fieldset", "THEIRS")
	conflict := one.sheet(a, "main form")
	conflict.press("resolve").is(409).sees("#problems", "is not settled")
	conflict.fill("choice:dose/"+string(id)+"/lot", "yours").press("resolve").leads("/clients/6714871/immunizations?done=doses-0-1-0")
	d := s.doses(don)[0]
	if got, want := []string{d.Lot, d.Site, d.Provider}, []string{"MINE", "LT", "Dr. Grey"}; !slices.Equal(got, want) {
		t.Errorf("dose = %q, want %q: what both changed as chosen, the rest merged", got, want)
	}
	// A dose that the other has deleted.
	mine, theirs = one.record(don, "?edit="+string(id)).dose(1, "lot", "AGAIN"), two.record(don, "?edit="+string(id))
	theirs.of(1, "dose-delete").press("save").is(303)
	mine.press("save").is(409).sees("fieldset", "(deleted)")
}

// TestSecondLookAtDoses: an expired lot is warned of beside its field, and saved
// all the same.
func TestSecondLookAtDoses(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.record(don, "").dose(1, "vaccine", "03", "expires", "08/2026", "lot", "OLD")
	a := sh.press("draft").is(200)
	if !strings.Contains(a.body, "Expired lot: it expired on 08/31/2026") {
		t.Errorf("draft = %s, want the expired lot told", a.body)
	}
	a = sh.press("save").is(200)
	a.sees("#ask", "Expired lot")
	a.sees(".check", "Expired lot: it expired on 08/31/2026")
	if n := len(s.doses(don)); n != 0 {
		t.Errorf("%d doses, want none before the question is answered", n)
	}
	b.sheet(a, "form#doses").press("save").leads("/clients/6714871/immunizations?done=doses-1-0-0")
}

// TestLookUpNDC fills a row from an NDC and from a 2D bar code.
func TestLookUpNDC(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	sh := b.record(don, "")
	row := "dose/" + sh.rows()[0] + "/"
	sh = sh.dose(1, "ndc", "0006-4681-00").of(1, "ndc")
	for name, want := range map[string]string{"vaccine": "03", "maker": "MSD", "ndc": "00006-4681-00"} {
		if got := sh.values.Get(row + name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := sh.values.Get(row + "trade"); !strings.Contains(got, "M-M-R") {
		t.Errorf("trade name = %q, want M-M-R II", got)
	}
	if got := sh.values.Get(row + "vis"); got == "" {
		t.Error("no VIS date is suggested")
	}
	sh.dose(1, "ndc", "12").press("ndc:"+sh.rows()[0]).is(422).sees(".error", "NDC cannot be read")
	sh.dose(1, "ndc", "99999-9999-99").press("ndc:"+sh.rows()[0]).is(422).sees(".error", "not in the table")
	if n := len(s.doses(don)); n != 0 {
		t.Errorf("%d doses, want none: a look-up saves nothing", n)
	}
}

// TestDoseForms refuses what no form of ours sends.
func TestDoseForms(t *testing.T) {
	for _, form := range []string{"do=next:x", "do=dose-delete", "do=dose-delete:a/b", "do=x", "do=ndc:a", "do=contact-new", "dose=a%2Fb", "do=dose-x:a"} {
		v, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		if _, do, err := readDoseForm(v); err == nil {
			t.Errorf("readDoseForm(%s) = %q, want an error", form, do)
		}
	}
}
