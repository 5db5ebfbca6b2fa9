package iis

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// saved makes what a Save of the draft would leave of don.
func saved(t *testing.T, d Draft) Record {
	t.Helper()
	r, err := don().Revise(Edit{Changes: d.Changes}, clerk, testNow, testToday)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func take(d *Draft, typed Values) {
	d.Begin(don())
	d.Take(don().Values().Get, typed, testToday)
}

func TestDraftTakesWhatDiffers(t *testing.T) {
	tests := []struct {
		name  string
		typed Values
		want  []Change
	}{
		{"nothing", Values{FieldLast: "DUCK", FieldBirthDate: "09/21/2009", FieldPhone: "555-555-5555", FieldUndeliverable: No, FieldRace: ""}, nil},
		{"spaces around", Values{FieldLast: "  DUCK "}, nil},
		{"the date another way", Values{FieldBirthDate: "9/21/09"}, nil},
		{"a name", Values{FieldLast: "DRAKE"}, []Change{{FieldLast, "DUCK", "DRAKE"}}},
		{"a date that cannot be read stays as typed", Values{FieldBirthDate: "99/99/2009"}, []Change{{FieldBirthDate, "2009-09-21", "99/99/2009"}}},
		{"a fake phone stays as typed", Values{FieldPhone: "999-999-9999"}, []Change{{FieldPhone, "555-555-5555", "999-999-9999"}}},
		{"a field that is none", Values{"locked_to": "X", "contact/zz/last": "X", "contact/c1": ""}, nil},
		{"a part of the address insists on the rest", Values{FieldCity: "EDINA"}, []Change{{FieldCity, "SAINT PAUL", "EDINA"},
			{FieldStreet, "123 1ST ST SE", "123 1ST ST SE"}, {FieldOther, "", ""}, {FieldPOBox, "", ""}, {FieldState, "MN", "MN"}, {FieldZip, "55112", "55112"}, {FieldCounty, "RAMSEY", "RAMSEY"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var d Draft
			take(&d, test.typed)
			if diff := cmp.Diff(test.want, d.Changes); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			take(&d, don().Values())
			if got := d.Count(); got != 0 {
				t.Errorf("%d changes after typing the saved values again: %v", got, d.Changes)
			}
		})
	}
}

// TestSaveBeforeNext is the trap of guide 49: what is typed into an open contact
// is saved though Next was not pressed.
func TestSaveBeforeNext(t *testing.T) {
	var d Draft
	d.New(RowContact)
	id := d.Contact
	take(&d, Values{RowField(RowContact, id, "last"): "DUCK", RowField(RowContact, id, "first"): "DAISY", RowField(RowContact, id, "relation"): "MTH", RowField(RowContact, id, "state"): "MN"})
	if got := len(d.Rows(don(), RowContact)); got != 2 {
		t.Errorf("%d rows listed before Next, want 2", got)
	}
	r := saved(t, d)
	if got := len(r.Contacts); got != 3 || r.Contacts[2].Name.First != "DAISY" {
		t.Errorf("%d contacts saved, want 3 with DAISY", got)
	}
}

// TestDraftGoneMeanwhile keeps what was typed into a new contact though the
// draft was discarded from another page.
func TestDraftGoneMeanwhile(t *testing.T) {
	typed := Values{"contact/n1/last": "DUCK", "contact/n1/first": "DAISY", "contact/n1/relation": "MTH"}
	var d Draft
	d.Reopen(don(), RowContact, "n1")
	take(&d, typed)
	if got := len(saved(t, d).Contacts); got != 3 {
		t.Errorf("%d contacts saved, want 3", got)
	}
	for _, id := range []string{"", "c2", "a/b"} {
		var d Draft
		if d.Reopen(don(), RowContact, id); d.NewContact {
			t.Errorf("Reopen(%q) opened a new contact", id)
		}
	}
}

func TestUntouchedFormIsIgnored(t *testing.T) {
	var d Draft
	d.New(RowContact)
	take(&d, Values{RowField(RowContact, d.Contact, "last"): "", RowField(RowContact, d.Contact, "state"): "MN", RowField(RowContact, d.Contact, "notices"): No})
	if got := d.Count(); got != 0 {
		t.Errorf("%d changes, want none: %v", got, d.Changes)
	}
	if got := len(saved(t, d).Contacts); got != 2 {
		t.Errorf("%d contacts saved, want 2", got)
	}
}

func TestRowsOfADraft(t *testing.T) {
	base := don()
	shown := base.Value
	var d Draft
	d.New(RowContact)
	daisy := d.Contact
	take(&d, Values{RowField(RowContact, daisy, "last"): "DUCK", RowField(RowContact, daisy, "first"): "DAISY", RowField(RowContact, daisy, "relation"): "MTH"})
	d.Next(RowContact)
	d.Delete(don(), shown, RowContact, "c2")
	type row struct {
		ID              string
		Deleted, Staged bool
	}
	rows := func() (rs []row) {
		for _, r := range d.Rows(don(), RowContact) {
			rs = append(rs, row{r.ID, r.Deleted, r.Staged})
		}
		return rs
	}
	want := []row{{"c1", false, false}, {"c2", true, true}, {string(daisy), false, true}}
	if diff := cmp.Diff(want, rows()); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if got := d.Count(); got != 2 {
		t.Errorf("Count = %d, want 2", got)
	}
	d.Undelete(RowContact, "c2")
	d.Delete(don(), shown, RowContact, string(daisy))
	if diff := cmp.Diff([]row{{"c1", false, false}, {"c2", false, false}}, rows()); diff != "" {
		t.Errorf("rows after Undo and Delete (-want +got):\n%s", diff)
	}
	if d.Count() != 0 {
		t.Errorf("left in the draft: %v", d.Changes)
	}
}

func TestCancelPutsTheRowBack(t *testing.T) {
	var d Draft
	take(&d, Values{"contact/c1/phone": "651-201-4629"})
	d.Next(RowContact)
	take(&d, Values{"contact/c1/phone": "651-201-0000", "contact/c1/extension": "12"})
	d.Revert(RowContact)
	if diff := cmp.Diff([]Change{{"contact/c1/phone", "", "651-201-4629"}}, d.Changes); diff != "" {
		t.Errorf("after Cancel (-want +got):\n%s", diff)
	}
	d.New(RowContact)
	take(&d, Values{RowField(RowContact, d.Contact, "last"): "MOUSE"})
	d.Revert(RowContact)
	if d.NewContact || len(d.Changes) != 1 {
		t.Errorf("the new contact is still there: %v", d.Changes)
	}
}

func TestCopy(t *testing.T) {
	var d Draft
	d.Copy(don(), "c1")
	values := don().Values()
	for name, want := range map[string]string{"last": "DUCK", "first": "", "relation": "", "street": "123 1ST ST SE", "zip": "55112", "primary": ""} {
		if got := d.Value(values, RowField(RowContact, d.Contact, name)); got != want {
			t.Errorf("%s of the copy = %q, want %q", name, got, want)
		}
	}
}

func TestResolve(t *testing.T) {
	d := Draft{Changes: []Change{{FieldPhone, "", "651-201-4629"}, {FieldEmail, "a@example.org", "b@example.org"}}}
	_, err := don().Revise(Edit{Changes: d.Changes}, clerk, testNow, testToday)
	clashes := ClashesIn(err)
	if len(clashes) != 2 {
		t.Fatalf("clashes %v, want two", clashes)
	}
	d.Resolve(clashes, map[Field]string{FieldPhone: "yours", FieldEmail: "theirs"})
	r := saved(t, d)
	if r.Client.Phone != "651-201-4629" || r.Client.Email != "" {
		t.Errorf("phone %q, email %q; want mine and theirs", r.Client.Phone, r.Client.Email)
	}
}

// TestAddressIsOfOnePerson: two people who edit one address at once never make up
// a third between them, neither that of the client nor that of a contact.
func TestAddressIsOfOnePerson(t *testing.T) {
	there := Address{Street: "9 ELM ST", City: "EDINA", State: "MN", Zip: "55424"}
	base := don()
	base.Contacts[1].Address = there
	tests := []struct {
		name         string
		mine, theirs Values
		want         Field // of the first clash
	}{
		{"a contact", Values{"contact/c2/street": "10 ELM ST"}, Values{"contact/c2/city": "DULUTH"}, "contact/c2/city"},
		{"the primary contact", Values{"contact/c1/street": "10 ELM ST"}, Values{FieldCity: "DULUTH"}, "contact/c1/city"},
		{"the client", Values{FieldStreet: "10 ELM ST"}, Values{"contact/c1/city": "DULUTH"}, FieldCity},
		{"another primary contact", Values{"contact/c2/primary": Yes}, Values{FieldStreet: "77 OAK AVE"}, FieldStreet},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var mine, theirs Draft
			mine.Take(base.Value, test.mine, testToday)
			theirs.Take(base.Value, test.theirs, testToday)
			now, err := base.Revise(Edit{Changes: theirs.Changes}, riverside, testNow, testToday)
			if err != nil {
				t.Fatal(err)
			}
			_, err = now.Revise(Edit{Changes: mine.Changes}, clerk, testNow, testToday)
			clashes := ClashesIn(err)
			if len(clashes) == 0 || clashes[0].Field != test.want {
				t.Fatalf("clashes %v, want one of %s", clashes, test.want)
			}
			mine.Resolve(clashes, map[Field]string{test.want: "theirs"})
			mine.Take(now.Value, nil, testToday)
			if _, err := now.Revise(Edit{Changes: mine.Changes}, clerk, testNow, testToday); err != nil {
				t.Errorf("the settled draft: %v", err)
			}
			mine.Take(now.Value, now.Values(), testToday)
			if len(mine.Changes) != 0 {
				t.Errorf("%v left after typing the saved values again", mine.Changes)
			}
		})
	}
}

// TestResolveOfADeletedRow: who keeps his own values of a row that someone else has
// deleted enters it again; who does not leaves it deleted.
func TestResolveOfADeletedRow(t *testing.T) {
	base := don()
	base.Contacts[1].Address = Address{Street: "9 ELM ST", City: "EDINA", State: "MN", Zip: "55424"}
	now := don()
	now.Contacts = now.Contacts[:1]
	typed := Values{"contact/c2/last": "DUCK", "contact/c2/relation": "FTH", "contact/c2/street": "10 ELM ST"}
	for choice, want := range map[string]int{"yours": 2, "theirs": 1} {
		var d Draft
		d.Take(base.Value, typed, testToday)
		_, err := now.Revise(Edit{Changes: d.Changes}, clerk, testNow, testToday)
		chosen := map[Field]string{}
		for _, c := range ClashesIn(err) {
			chosen[c.Field] = choice
		}
		if len(chosen) != len(typed) {
			t.Fatalf("clashes %v, want one a field typed", chosen)
		}
		d.Resolve(ClashesIn(err), chosen)
		d.Take(now.Value, nil, testToday)
		r, err := now.Revise(Edit{Changes: d.Changes}, clerk, testNow, testToday)
		if err != nil || len(r.Contacts) != want {
			t.Errorf("%d contacts after choosing %s, want %d: %v", len(r.Contacts), choice, want, err)
		} else if c := r.Contacts[want-1]; choice == "yours" && (c.Name.Last != "DUCK" || c.Address.Street != "10 ELM ST" || c.Address.City != "EDINA") {
			t.Errorf("the contact entered again is %+v", c)
		}
	}
}

func TestDraftSurvivesStorage(t *testing.T) {
	var d, back Draft
	d.New(RowComment)
	take(&d, Values{FieldLast: "DRAKE", RowField(RowComment, d.Comment, "date"): "nonsense"})
	d.Next(RowContact)
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// TestDeleteClashes: a row that someone else has changed since the page was shown
// is not deleted without a question.
func TestDeleteClashes(t *testing.T) {
	base := don()
	var d Draft
	d.Delete(base, base.Value, RowContact, "c2")
	now := don()
	now.Contacts[1].Phone = "651-555-0100"
	_, err := now.Revise(Edit{Changes: d.Pending()}, clerk, testNow, testToday)
	phone := RowField(RowContact, ContactID("c2"), "phone")
	want := []Clash{{phone, "", "651-555-0100", deleted}}
	if diff := cmp.Diff(want, ClashesIn(err)); diff != "" {
		t.Fatalf("clashes (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		choice string
		left   int
	}{{"yours", 1}, {"theirs", 2}} {
		e := d
		e.Changes = slices.Clone(d.Changes)
		e.Resolve(want, map[Field]string{phone: test.choice})
		after, err := now.Revise(Edit{Changes: e.Pending()}, clerk, testNow, testToday)
		if err != nil || len(after.Contacts) != test.left {
			t.Errorf("after choosing %s: %d contacts, %v, want %d", test.choice, len(after.Contacts), err, test.left)
		}
	}
}
