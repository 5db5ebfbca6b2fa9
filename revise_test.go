package iis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	testNow   = time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC)
	testToday = DateOf(testNow)
	clerk     = Actor{User: "U1", Organization: "TEST", OrgName: "Test Clinic", OrgType: Clinic, Role: TypicalUser}
	riverside = Actor{User: "U2", Organization: "RIVER", OrgName: "Riverside Clinic", OrgType: Clinic, Role: TypicalUser}
	helpdesk  = Actor{User: "U3", Organization: "REG", OrgName: "Help Desk", OrgType: RegistryStaff, Role: HelpDesk}
)

// don is the client of the guide's screens, with an own contact whose address
// is the client's, and another contact.
func don() Record {
	home := Address{Street: "123 1ST ST SE", City: "SAINT PAUL", State: "MN", Zip: "55112", County: "RAMSEY"}
	return Record{
		Client: Client{
			ID: "6714871", Version: 3, Name: Name{Last: "DUCK", First: "DON"}, Gender: Male,
			BirthDate: Date{2009, 9, 21}, Address: home, AddressUpdated: Date{2021, 10, 15}, Phone: "555-555-5555",
		},
		Membership: Membership{Organization: "TEST", ChartNumber: "12345678910", Status: Active, Reminders: true, OnFile: true},
		Contacts: []Contact{
			{ID: "c1", Name: Name{Last: "DUCK", First: "DON"}, Relation: Self, Address: home, Notices: true, Primary: true, Position: 1},
			{ID: "c2", Name: Name{Last: "HUEY", First: "DUCK"}, Relation: OtherRelative, Position: 2},
		},
		Comments: []Comment{{ID: "m1", Code: commentLabelled("Immunity: Titer Hepatitis B"), Date: Date{2022, 5, 23}}},
	}
}

func commentLabelled(label string) CommentCode {
	for _, row := range CommentRows() {
		if row.Label == label {
			return row.Code
		}
	}
	panic("no comment " + label)
}

func TestReviseChanges(t *testing.T) {
	tests := []struct {
		name    string
		actor   Actor
		changes []Change
		check   func(Record) (got, want any)
	}{
		{"a last name leaves an alias", clerk, []Change{{FieldLast, "DUCK", "DRAKE"}},
			func(r Record) (any, any) {
				return []any{r.Client.Name.Last, len(r.Aliases), r.Aliases[0].Name.Last, r.Aliases[0].BirthDate, r.Aliases[0].By}, []any{"DRAKE", 1, "DUCK", Date{2009, 9, 21}, OrganizationID("TEST")}
			}},
		{"a first name leaves an alias", clerk, []Change{{FieldFirst, "DON", "DONALD"}},
			func(r Record) (any, any) { return r.Aliases[0].Name.First, "DON" }},
		{"a birth date leaves an alias", clerk, []Change{{FieldBirthDate, "2009-09-21", "9/12/09"}},
			func(r Record) (any, any) {
				return r.Client.BirthDate.String() + r.Aliases[0].BirthDate.String(), "2009-09-122009-09-21"
			}},
		{"a middle name leaves none", clerk, []Change{{FieldMiddle, "", "F"}},
			func(r Record) (any, any) { return len(r.Aliases), 0 }},
		{"the same name in other case leaves none", clerk, []Change{{FieldLast, "DUCK", "Duck"}},
			func(r Record) (any, any) { return len(r.Aliases), 0 }},
		{"an old fake phone does not hinder another field", clerk, []Change{{FieldEmail, "", "don@example.org"}},
			func(r Record) (any, any) { return r.Client.Email + r.Client.Phone, "don@example.org555-555-5555" }},
		{"a phone can be deleted", clerk, []Change{{FieldPhone, "555-555-5555", ""}},
			func(r Record) (any, any) { return r.Client.Phone, "" }},
		{"a phone is written one way", clerk, []Change{{FieldPhone, "555-555-5555", "(651) 201.4629"}},
			func(r Record) (any, any) { return r.Client.Phone, "651-201-4629" }},
		{"the address date stays with the address", clerk, []Change{{FieldUndeliverable, No, Yes}},
			func(r Record) (any, any) { return r.Client.AddressUpdated, Date{2021, 10, 15} }},
		{"the address date moves with the address", clerk, []Change{{FieldStreet, "123 1ST ST SE", "456 OAK AVE"}},
			func(r Record) (any, any) { return r.Client.AddressUpdated, testToday }},
		{"a replaced address stays as a former one", clerk, []Change{{FieldStreet, "123 1ST ST SE", "456 OAK AVE"}},
			func(r Record) (any, any) {
				c := r.Contacts[2]
				return []any{c.Address.Street, c.Former, c.Relation}, []any{"123 1ST ST SE", testToday, Self}
			}},
		{"a replaced address stays though another contact has it today", clerk,
			[]Change{{"contact/c2/street", "", "123 1ST ST SE"}, {"contact/c2/city", "", "SAINT PAUL"}, {"contact/c2/state", "", "MN"}, {"contact/c2/zip", "", "55112"},
				{"contact/c2/county", "", "RAMSEY"}, {FieldStreet, "123 1ST ST SE", "456 OAK AVE"}},
			func(r Record) (any, any) { return []any{len(r.Contacts), r.Contacts[2].Former}, []any{3, testToday} }},
		{"an address that is only completed leaves no former one", clerk, []Change{{FieldOther, "", "APT 4"}},
			func(r Record) (any, any) { return len(r.Contacts), 2 }},
		{"the header's address is the primary contact's", clerk, []Change{{FieldCity, "SAINT PAUL", "EDINA"}},
			func(r Record) (any, any) { return r.Contacts[0].Address.City, "EDINA" }},
		{"the primary contact's address is the header's", clerk, []Change{{"contact/c1/city", "SAINT PAUL", "EDINA"}},
			func(r Record) (any, any) {
				return []any{r.Client.Address.City, r.Client.AddressUpdated}, []any{"EDINA", testToday}
			}},
		{"the primary mark moves", clerk, []Change{{"contact/c2/primary", No, Yes}},
			func(r Record) (any, any) {
				return []any{r.Contacts[0].Primary, r.Contacts[1].Primary, r.Contacts[1].Address.Street}, []any{false, true, "123 1ST ST SE"}
			}},
		{"another contact's address becomes the client's", clerk,
			[]Change{{"contact/c2/primary", No, Yes}, {"contact/c2/street", "", "9 ELM ST"}, {"contact/c2/city", "", "DULUTH"}},
			func(r Record) (any, any) {
				return []any{r.Client.Address.Street, r.Contacts[0].Address.Street, len(r.Contacts)}, []any{"9 ELM ST", "123 1ST ST SE", 2}
			}},
		{"a contact is added with its fields", clerk,
			[]Change{{"contact/n1/last", "", "DUCK"}, {"contact/n1", "", Yes}, {"contact/n1/relation", "", "MTH"}},
			func(r Record) (any, any) {
				return []any{r.Contacts[2].Name.Last, r.Contacts[2].Position}, []any{"DUCK", 3}
			}},
		{"a contact is deleted", clerk, []Change{{"contact/c2", Yes, ""}},
			func(r Record) (any, any) { return len(r.Contacts), 1 }},
		{"comments stand by date", clerk,
			[]Change{{"comment/n1", "", Yes}, {"comment/n1/code", "", string(commentLabelled("Refusal of Influenza"))}, {"comment/n1/date", "", "01/02/2020"}},
			func(r Record) (any, any) {
				return []any{r.Comments[0].ID, r.Comments[0].By}, []any{CommentID("n1"), OrganizationID("TEST")}
			}},
		{"sharing No locks to the organization acted for", clerk, []Change{{FieldSharing, Yes, No}},
			func(r Record) (any, any) { return r.Client.LockedTo, OrganizationID("TEST") }},
		{"Inactive keeps its reason", clerk, []Change{{FieldStatus, "Active", "Inactive"}, {FieldReason, "", "M"}},
			func(r Record) (any, any) {
				return []any{r.Membership.Status, r.Membership.Reason, r.Membership.Since}, []any{Inactive, "M", testToday}
			}},
		{"Deceased marks the client", clerk, []Change{{FieldStatus, "Active", "Deceased"}, {FieldDeathSource, "", "Family"}, {FieldDied, "", "03/02/2024"}},
			func(r Record) (any, any) {
				return []any{r.Client.Deceased(), r.Client.Death.Date, r.Client.Death.By, r.Membership.Status, r.Membership.Since}, []any{true, Date{2024, 3, 2}, OrganizationID("TEST"), Active, Date{}}
			}},
		{"a change that came true meanwhile is no clash", clerk, []Change{{FieldLast, "DICK", "DUCK"}, {FieldMiddle, "", "F"}},
			func(r Record) (any, any) { return r.Client.Name.Middle, "F" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := don()
			after, err := before.Revise(Edit{Changes: test.changes}, test.actor, testNow, testToday)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := test.check(after); !cmp.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if after.Client.Version != 4 || after.Client.UpdatedBy != test.actor.Organization || after.Client.Updated != testNow {
				t.Errorf("version %d by %s at %v, want 4 by %s at %v", after.Client.Version, after.Client.UpdatedBy, after.Client.Updated, test.actor.Organization, testNow)
			}
			if diff := cmp.Diff(don(), before); diff != "" {
				t.Errorf("the record before was changed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReviseRefuses(t *testing.T) {
	locked := don()
	locked.Client.BirthCertificate = "1234567"
	held := don()
	held.Client.LockedTo = "TEST"
	comment := string(commentLabelled("Refusal of Influenza"))
	tests := []struct {
		name    string
		record  Record
		actor   Actor
		changes []Change
		want    []Field
	}{
		{"a locked birth date", locked, clerk, []Change{{FieldBirthDate, "2009-09-21", "2009-09-22"}}, []Field{FieldBirthDate}},
		{"a last name made blank", don(), clerk, []Change{{FieldLast, "DUCK", ""}}, []Field{FieldLast}},
		{"a birth date made blank", don(), clerk, []Change{{FieldBirthDate, "2009-09-21", ""}}, []Field{FieldBirthDate}},
		{"a birth date to come", don(), clerk, []Change{{FieldBirthDate, "2009-09-21", "11/23/2026"}}, []Field{FieldBirthDate}},
		{"words in place of an address", don(), clerk, []Change{{FieldStreet, "123 1ST ST SE", "Bad Address"}}, []Field{FieldStreet}},
		{"all nines", don(), clerk, []Change{{FieldPhone, "555-555-5555", "999-999-9999"}}, []Field{FieldPhone}},
		{"all zeros", don(), clerk, []Change{{FieldPhone, "555-555-5555", "0000000000"}}, []Field{FieldPhone}},
		{"markup in a name", don(), clerk, []Change{{FieldFirst, "DON", "<b>DON</b>"}}, []Field{FieldFirst}},
		{"a name of 10,000 letters", don(), clerk, []Change{{FieldFirst, "DON", strings.Repeat("A", 10_000)}}, []Field{FieldFirst}},
		{"a field that is none", don(), clerk, []Change{{"locked_to", "", "X"}}, []Field{"locked_to"}},
		{"a field of the program's own", don(), clerk, []Change{{FieldAddressUpdated, "2021-10-15", "2020-01-01"}}, []Field{FieldAddressUpdated}},
		{"Inactive without a reason", don(), clerk, []Change{{FieldStatus, "Active", "Inactive"}}, []Field{FieldReason}},
		{"Deceased without a source", don(), clerk, []Change{{FieldStatus, "Active", "Deceased"}}, []Field{FieldDeathSource}},
		{"death before birth", don(), clerk, []Change{{FieldStatus, "Active", "Deceased"}, {FieldDeathSource, "", "Family"}, {FieldDied, "", "01/01/2001"}}, []Field{FieldDied}},
		{"a date of death alone", don(), clerk, []Change{{FieldDied, "", "01/01/2020"}}, []Field{FieldDied}},
		{"unlocking by another than the holder", held, riverside, []Change{{FieldSharing, No, Yes}}, []Field{FieldSharing}},
		{"a contact without a relationship", don(), clerk, []Change{{"contact/n1", "", Yes}, {"contact/n1/last", "", "MOUSE"}}, []Field{"contact/n1/relation"}},
		{"a contact without a name", don(), clerk, []Change{{"contact/n1", "", Yes}, {"contact/n1/relation", "", "MTH"}}, []Field{"contact/n1/last"}},
		{"deleting Self while primary", don(), clerk, []Change{{"contact/c1", Yes, ""}}, []Field{"contact/c1"}},
		{"two different primary addresses", don(), clerk, []Change{{FieldCity, "SAINT PAUL", "EDINA"}, {"contact/c1/city", "SAINT PAUL", "DULUTH"}}, []Field{FieldCity, "contact/c1/city"}},
		{"a comment without a date", don(), clerk, []Change{{"comment/n1", "", Yes}, {"comment/n1/code", "", comment}}, []Field{"comment/n1/date"}},
		{"a comment before birth", don(), clerk, []Change{{"comment/n1", "", Yes}, {"comment/n1/code", "", comment}, {"comment/n1/date", "", "01/01/2001"}}, []Field{"comment/n1/date"}},
		{"a comment twice", don(), clerk, []Change{{"comment/n1", "", Yes}, {"comment/n1/code", "", string(don().Comments[0].Code)}, {"comment/n1/date", "", "05/23/2022"}}, []Field{"comment/n1/code"}},
		{"a comment without a code", don(), clerk, []Change{{"comment/n1", "", Yes}, {"comment/n1/date", "", "05/23/2022"}}, []Field{"comment/n1/code"}},
		{"a new client of nothing", Record{Membership: Membership{Organization: "TEST", Status: Active}}, clerk, nil, []Field{FieldLast, FieldBirthDate, FieldGender}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.record.Revise(Edit{Changes: test.changes}, test.actor, testNow, testToday)
			if got := KindOf(err); got != Invalid {
				t.Fatalf("kind %q of %v, want %q", got, err, Invalid)
			}
			var got []Field
			for _, p := range ProblemsIn(err) {
				got = append(got, p.Field)
				if p.Text == "" {
					t.Errorf("problem with %s says nothing", p.Field)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReviseByTheHelpDesk(t *testing.T) {
	r := don()
	r.Client.BirthCertificate, r.Client.LockedTo = "1234567", "TEST"
	after, err := r.Revise(Edit{Changes: []Change{{FieldBirthDate, "2009-09-21", "2009-09-22"}, {FieldSharing, No, Yes}}}, helpdesk, testNow, testToday)
	if err != nil {
		t.Fatal(err)
	}
	if after.Client.LockedTo != "" || after.Client.BirthDate != (Date{2009, 9, 22}) || len(after.Aliases) != 1 {
		t.Errorf("locked to %q, born %v, %d aliases; want unlocked, corrected, one alias", after.Client.LockedTo, after.Client.BirthDate, len(after.Aliases))
	}
}

// TestMovedBack: a former address that is marked as the primary one is former no
// more.
func TestMovedBack(t *testing.T) {
	r := don()
	r.Contacts = append(r.Contacts, Contact{ID: "c3", Name: r.Client.Name, Relation: Self, Former: Date{2020, 1, 2}, Position: 3,
		Address: Address{Street: "9 ELM ST", City: "EDINA", State: "MN", Zip: "55424"}})
	after, err := r.Revise(Edit{Changes: []Change{{"contact/c3/primary", No, Yes}}}, clerk, testNow, testToday)
	if err != nil {
		t.Fatal(err)
	}
	if c, _ := after.Primary(); c.ID != "c3" || !c.Former.IsZero() || after.Client.Address != c.Address || after.Client.AddressUpdated != testToday {
		t.Errorf("the primary contact is %+v, the client's address of %v %+v", c, after.Client.AddressUpdated, after.Client.Address)
	}
}

func TestReviseClashes(t *testing.T) {
	tests := []struct {
		name    string
		changes []Change
		want    []Clash
	}{
		{"the same field", []Change{{FieldPhone, "612-201-0000", "651-201-4629"}}, []Clash{{FieldPhone, "612-201-0000", "555-555-5555", "651-201-4629"}}},
		{"another part of the address", []Change{{FieldStreet, "123 1ST ST SE", "456 OAK AVE"}, {FieldCity, "EDINA", "EDINA"}}, []Clash{{FieldCity, "EDINA", "SAINT PAUL", "EDINA"}}},
		{"a contact deleted meanwhile", []Change{{"contact/gone/last", "DUCK", "DRAKE"}}, []Clash{{"contact/gone/last", "DUCK", "(deleted)", "DRAKE"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := don().Revise(Edit{Changes: test.changes}, clerk, testNow, testToday)
			if KindOf(err) != Conflict {
				t.Fatalf("got %v, want a conflict", err)
			}
			if diff := cmp.Diff(test.want, ClashesIn(err)); diff != "" {
				t.Errorf("clashes (-want +got):\n%s", diff)
			}
			if s := err.Error(); strings.Contains(s, "DRAKE") || strings.Contains(s, "651") {
				t.Errorf("the error tells of the client: %s", s)
			}
		})
	}
}

// TestRevisionsKeepTheirRules makes random edits and holds the record to what
// must be true of it whatever is typed.
func TestRevisionsKeepTheirRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := don()
		fields := []Field{FieldLast, FieldFirst, FieldBirthDate, FieldStreet, FieldCity, FieldUndeliverable, "contact/c1/city", "contact/c2/city",
			"contact/c2/primary", "contact/c1/primary", "contact/c2", FieldSharing, FieldPhone}
		for range rapid.IntRange(1, 8).Draw(t, "saves") {
			values := r.Values()
			var changes []Change
			for _, f := range rapid.SliceOfDistinct(rapid.SampledFrom(fields), func(f Field) Field { return f }).Draw(t, "fields") {
				to := rapid.SampledFrom([]string{"", "ALPHA", "BETA", Yes, No, "2010-01-02", "651-201-4629"}).Draw(t, "value")
				changes = append(changes, Change{f, values[f], to})
			}
			after, err := r.Revise(Edit{Changes: changes}, clerk, testNow, testToday)
			if err != nil {
				if diff := cmp.Diff(r, after); diff != "" {
					t.Fatalf("refused, yet changed:\n%s", diff)
				}
				continue
			}
			primaries := 0
			for _, c := range after.Contacts {
				if c.Primary {
					primaries++
					if c.Address != after.Client.Address || c.Undeliverable != after.Client.Undeliverable {
						t.Fatalf("the primary contact's address is not the client's")
					}
				}
			}
			if primaries > 1 {
				t.Fatalf("%d primary contacts", primaries)
			}
			identity := func(r Record) string {
				return strings.ToUpper(r.Client.Name.Last + "|" + r.Client.Name.First + "|" + r.Client.BirthDate.String())
			}
			want := len(r.Aliases)
			if identity(r) != identity(after) {
				want++
			}
			if len(after.Aliases) != want {
				t.Fatalf("%d aliases, want %d", len(after.Aliases), want)
			}
			if (after.Client.AddressUpdated != r.Client.AddressUpdated) != (after.Client.Address != r.Client.Address && r.Client.AddressUpdated != testToday) {
				t.Fatalf("address date %v after %v", after.Client.AddressUpdated, r.Client.AddressUpdated)
			}
			// What the history tells takes the record back to where it was.
			back := after.Values()
			for _, c := range Differences(r, after) {
				if back[c.Field] != c.New {
					t.Fatalf("%s is %q, the change says %q", c.Field, back[c.Field], c.New)
				}
				back[c.Field] = c.Old
			}
			was := r.Values()
			for f, s := range back {
				if was[f] != s {
					t.Fatalf("%s goes back to %q, was %q", f, s, was[f])
				}
			}
			r = after
		}
	})
}

func TestVisibleTo(t *testing.T) {
	viewer := Actor{Organization: "RIVER", OrgType: School, Role: ReportsOnly}
	dead := Client{Death: Death{Recorded: testNow, By: "TEST"}}
	tests := []struct {
		name   string
		client Client
		actor  Actor
		want   bool
	}{
		{"shared", Client{}, viewer, true},
		{"locked, holder", Client{LockedTo: "TEST"}, clerk, true},
		{"locked, other", Client{LockedTo: "TEST"}, riverside, false},
		{"locked, help desk", Client{LockedTo: "TEST"}, helpdesk, true},
		{"deceased, who set it", dead, clerk, false},
		{"deceased, help desk", dead, helpdesk, true},
		{"nobody", Client{}, Actor{}, false},
	}
	for _, test := range tests {
		if got := test.client.VisibleTo(test.actor); got != test.want {
			t.Errorf("%s: VisibleTo = %v, want %v", test.name, got, test.want)
		}
	}
	for _, test := range []struct {
		actor Actor
		after time.Duration
		want  bool
	}{
		{clerk, 10 * time.Minute, true}, {clerk, 10*time.Minute + 1, false}, {riverside, 0, false}, {helpdesk, 1000 * time.Hour, true},
	} {
		if got := dead.MayUndecease(test.actor, testNow.Add(test.after)); got != test.want {
			t.Errorf("MayUndecease(%s, after %v) = %v, want %v", test.actor.OrgName, test.after, got, test.want)
		}
	}
}

func TestEveryFieldHasWords(t *testing.T) {
	for f := range don().Values() {
		if f.Label() == "" {
			t.Errorf("field %s has no label", f)
		}
	}
	if Field("nonsense").Label() != "" || Field("nonsense").Editable() {
		t.Errorf("a field that does not exist has words")
	}
	if !slices.Contains(Confirmable, "Birth date") {
		t.Errorf("birth date cannot be confirmed")
	}
}

// TestValue holds the value of each field alone to those of the whole record.
func TestValue(t *testing.T) {
	r := don()
	r.Contacts[1].Former = testToday
	r.Client.BirthCertificate = "1"
	for f, want := range r.Values() {
		if got := r.Value(f); got != want {
			t.Errorf("Value(%s) = %q, want %q", f, got, want)
		}
	}
	for _, f := range []Field{"", "nonsense", "contact/zz", "contact/zz/last", "comment/zz/date", "contact/c1/nonsense"} {
		if got := r.Value(f); got != "" {
			t.Errorf("Value(%q) = %q, want none", f, got)
		}
	}
}
