package iis

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawWhole draws a client whose rows have IDs that begin with mark.
func drawWhole(t *rapid.T, mark string) Whole {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, mark+what) }
	day := func(what string) Date { return Date{2000 + rapid.IntRange(0, 25).Draw(t, mark+what), 3, 4} }
	at := func(n int) time.Time { return time.Date(2024, 1, 1+n, 0, 0, 0, 0, time.UTC) }
	w := Whole{Record: Record{Client: Client{
		ID: ClientID(pick("id", "1") + fmt.Sprint(len(mark))), Version: 3,
		Name:   Name{Last: pick("last", "DUCK", "DRAKE"), First: pick("first", "DON", "DONALD", "")},
		Gender: Gender(pick("gender", "M", "F", "U")), BirthDate: Date{2009, 9, rapid.IntRange(20, 22).Draw(t, mark+"born")},
		MotherMaidenLast: pick("maiden", "", "SWAN"), Phone: pick("phone", "", "651-555-0101", "651-555-0102"),
		Address: Address{Street: pick("street", "", "1 A ST", "2 B ST"), City: pick("city", "", "SAINT PAUL")}, AddressUpdated: day("moved"),
		BirthCertificate: pick("certificate", "", mark), Created: at(len(mark)), Updated: at(9),
	}}}
	for i := range rapid.IntRange(0, 2).Draw(t, mark+"aliases") {
		w.Aliases = append(w.Aliases, Alias{ID: AliasID(fmt.Sprint(mark, i)), Name: Name{Last: pick("aka", "DICK", "DUCK"), First: "DON"}, BirthDate: w.Client.BirthDate, Until: at(i)})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, mark+"contacts") {
		c := Contact{ID: ContactID(fmt.Sprint(mark, i)), Name: Name{Last: pick("contact", "DUCK", "HUEY")}, Relation: OtherRelative, Position: i + 1, Phone: pick("telephone", "", "651-555-0103")}
		if i == 0 {
			c.Relation, c.Primary, c.Address = Self, true, w.Client.Address
		}
		w.Contacts = append(w.Contacts, c)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, mark+"comments") {
		w.Comments = append(w.Comments, Comment{ID: CommentID(fmt.Sprint(mark, i)), Code: CommentCode(pick("code", "immunity-hepb", "refusal-influenza")), Date: day("said"), Entered: at(i)})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, mark+"doses") {
		w.Doses = append(w.Doses, Dose{ID: DoseID(fmt.Sprint(mark, i)), Kind: Historical, Date: Date{2010 + i, 5, 6}, Vaccine: CVX(pick("vaccine", "03", "110")), By: "TEST", Entered: at(i)})
	}
	for _, o := range []OrganizationID{"RIVER", "TEST"} {
		if rapid.Bool().Draw(t, mark+string(o)) {
			w.Memberships = append(w.Memberships, Membership{Organization: o, ChartNumber: pick("chart", "", mark+"1"), Status: Status(pick("status", "Active", "Inactive")), Reminders: rapid.Bool().Draw(t, mark+"reminders"), OnFile: true})
		}
	}
	w.Client.Race = []string{}
	return w
}

// sorted is a whole client without what every write changes, its rows in order.
func sorted(w Whole) Whole {
	w.Record = w.Record.clone()
	w.Client.Version, w.Client.Updated, w.Client.UpdatedBy, w.Client.UpdatedByName = 0, time.Time{}, "", ""
	if len(w.Client.Race) == 0 {
		w.Client.Race = nil
	}
	w.Aliases = inOrder(w.Aliases, func(a Alias) AliasID { return a.ID })
	w.Contacts = inOrder(w.Contacts, func(c Contact) ContactID { return c.ID })
	w.Comments = inOrder(w.Comments, func(c Comment) CommentID { return c.ID })
	w.Doses = inOrder(w.Doses, func(d Dose) DoseID { return d.ID })
	w.Memberships = inOrder(w.Memberships, func(m Membership) OrganizationID { return m.Organization })
	return w
}

func inOrder[T any, ID cmp.Ordered](rows []T, id func(T) ID) []T {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	if len(rows) == 0 {
		return nil
	}
	return rows
}

// TestMergeAndPart: what was merged comes apart as it was.
func TestMergeAndPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWhole(t, "a"), drawWhole(t, "bb")
		chosen := map[Field]Whose{}
		for _, f := range MergeFields(a.Record, b.Record) {
			chosen[f] = rapid.SampledFrom([]Whose{"", Survivors, Others}).Draw(t, string(f))
		}
		without := map[ContactID]bool{}
		for _, c := range slices.Concat(a.Contacts, b.Contacts) {
			without[c.ID] = rapid.IntRange(0, 3).Draw(t, "without "+string(c.ID)) == 0
		}
		m := a.Absorb(b, MergeChoice{Fields: chosen, Without: without}, clerk, testNow, testToday)
		checkKept(t, a, b, m, without)
		s, o := Part(a, b, m, m, nil, clerk, testNow)
		if diff := gocmp.Diff(sorted(a), sorted(s)); diff != "" {
			t.Errorf("survivor after Part (-before +after):\n%s", diff)
		}
		if diff := gocmp.Diff(sorted(b), sorted(o)); diff != "" {
			t.Errorf("other after Part (-before +after):\n%s", diff)
		}
	})
}

// checkKept holds the merged record to all that was on file of either.
func checkKept(t *rapid.T, a, b, m Whole, without map[ContactID]bool) {
	left := slices.DeleteFunc(slices.Concat(a.Contacts, b.Contacts), func(c Contact) bool { return !without[c.ID] || c.Primary })
	for _, w := range []Whole{a, b} {
		for _, d := range w.Doses {
			if !slices.Contains(m.Doses, d) {
				t.Errorf("dose %s is lost", d.ID)
			}
		}
		for _, c := range w.Comments {
			if !slices.ContainsFunc(m.Comments, func(x Comment) bool { return x.Code == c.Code && x.Date == c.Date }) {
				t.Errorf("comment %s is lost", c.ID)
			}
		}
		for _, c := range w.Contacts {
			there := slices.ContainsFunc(m.Contacts, func(x Contact) bool { return x.ID == c.ID })
			if !c.Primary && slices.ContainsFunc(left, func(x Contact) bool { return SameContact(x, c) }) {
				if there {
					t.Errorf("contact %s is there, chosen to be left out", c.ID)
				}
				continue
			}
			if !there && !slices.ContainsFunc(m.Contacts, func(x Contact) bool {
				return x.Name == c.Name && x.Relation == c.Relation && x.Phone == c.Phone && (x.Address == c.Address || x.Primary)
			}) {
				t.Errorf("contact %s is lost", c.ID)
			}
		}
		for _, c := range w.Memberships {
			i := slices.IndexFunc(m.Memberships, func(x Membership) bool { return x.Organization == c.Organization })
			if i < 0 || c.ChartNumber != "" && m.Memberships[i].ChartNumber == "" {
				t.Errorf("what %s says is lost", c.Organization)
			}
		}
		names := append([]Alias{{Name: w.Client.Name, BirthDate: w.Client.BirthDate}}, w.Aliases...)
		for _, n := range names {
			own := sameName(m.Client.Name.Last, n.Name.Last) && sameName(m.Client.Name.First, n.Name.First) && m.Client.BirthDate == n.BirthDate
			if !own && !slices.ContainsFunc(m.Aliases, func(x Alias) bool {
				return sameName(x.Name.Last, n.Name.Last) && sameName(x.Name.First, n.Name.First) && x.BirthDate == n.BirthDate
			}) {
				t.Errorf("a name is lost")
			}
		}
	}
	primaries := 0
	for _, c := range m.Contacts {
		if c.Primary {
			primaries++
		}
	}
	if primaries > 1 {
		t.Errorf("%d primary addresses, want at most one", primaries)
	}
}

// TestPartAfterEdits: every row that is there when two records are parted is in
// one of them afterwards, edits and all, and what was edited stays edited.
func TestPartAfterEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWhole(t, "a"), drawWhole(t, "bb")
		m := a.Absorb(b, MergeChoice{}, clerk, testNow, testToday)
		now := Whole{Record: m.clone(), Memberships: slices.Clone(m.Memberships)}
		if rapid.Bool().Draw(t, "calls") {
			now.Client.Phone = "651-555-0199"
		}
		for i := range now.Doses {
			if rapid.Bool().Draw(t, "lot") {
				now.Doses[i].Lot = "L1"
			}
		}
		if n := len(now.Doses); n > 0 && rapid.Bool().Draw(t, "deletes") {
			now.Doses = slices.Delete(now.Doses, n-1, n)
		}
		now.Comments = append(now.Comments, Comment{ID: "new", Code: "immunity-hepa", Date: Date{2026, 1, 2}})
		s, o := Part(a, b, m, now, nil, clerk, testNow)
		if got, want := len(s.Doses)+len(o.Doses), len(now.Doses); got != want {
			t.Errorf("%d doses after parting, want %d", got, want)
		}
		for _, d := range now.Doses {
			home := s.Doses
			if slices.ContainsFunc(b.Doses, func(x Dose) bool { return x.ID == d.ID }) {
				home = o.Doses
			}
			if !slices.Contains(home, d) {
				t.Errorf("dose %s is not where it was, as it was edited", d.ID)
			}
		}
		if !slices.ContainsFunc(s.Comments, func(c Comment) bool { return c.ID == "new" }) {
			t.Error("the comment added after the merge is not with the survivor")
		}
		if now.Client.Phone != m.Client.Phone && s.Client.Phone != now.Client.Phone {
			t.Error("the phone number set after the merge is lost")
		}
		if s.Client.ID != a.Client.ID || o.Client.ID != b.Client.ID {
			t.Errorf("IDs %s and %s, want %s and %s", s.Client.ID, o.Client.ID, a.Client.ID, b.Client.ID)
		}
	})
}

func TestMayMerge(t *testing.T) {
	one := func(change func(*Client), given ...Date) Whole {
		w := Whole{Record: don()}
		w.Client.ID = "7710032"
		change(&w.Client)
		for _, d := range given {
			w.Doses = append(w.Doses, Dose{ID: "d", Kind: Historical, Date: d})
		}
		return w
	}
	as := func(*Client) {}
	died := func(c *Client) { c.Death = Death{Date: Date{2020, 5, 5}, Recorded: testNow} }
	tests := []struct {
		name string
		a, b Whole
		want Kind
	}{
		{"another record", Whole{Record: don()}, one(as), ""},
		{"itself", Whole{Record: don()}, one(func(c *Client) { c.ID = "6714871" }), Invalid},
		{"a locked one", Whole{Record: don()}, one(func(c *Client) { c.LockedTo = "TEST" }), Invalid},
		{"a deceased one", Whole{Record: don()}, one(died), ""},
		{"a deceased one, immunized before", Whole{Record: don()}, one(died, Date{2019, 1, 2}), ""},
		{"one immunized on the day the other died", one(died), one(as, Date{2020, 5, 5}), ""},
		{"one immunized after the other died", one(died), one(as, Date{2020, 5, 6}), Invalid},
		{"one who died before the other was immunized", one(as, Date{2020, 5, 6}), one(died), Invalid},
		{"one with a birth certificate", Whole{Record: don()}, one(func(c *Client) { c.BirthCertificate = "2" }), ""},
		{"one with another birth certificate", one(func(c *Client) { c.BirthCertificate = "1" }), one(func(c *Client) { c.BirthCertificate = "2" }), Invalid},
	}
	for _, test := range tests {
		if test.a.Client.ID == test.b.Client.ID && test.name != "itself" {
			test.a.Client.ID = "9920415"
		}
		if got := KindOf(MayMerge(test.a, test.b)); got != test.want {
			t.Errorf("MayMerge with %s = %q, want %q", test.name, got, test.want)
		}
	}
}

// TestPrefer: never a blank value, else the one set last.
func TestPrefer(t *testing.T) {
	old, late := testNow.AddDate(-1, 0, 0), testNow
	with := func(change func(*Client)) Record {
		r := don()
		change(&r.Client)
		return r
	}
	phone := func(s string) Record { return with(func(c *Client) { c.Phone = s }) }
	moved := func(street string, at Date) Record {
		return with(func(c *Client) { c.Address, c.AddressUpdated = Address{Street: street}, at })
	}
	tests := []struct {
		name string
		s, o Record
		f    Field
		at   [2]time.Time
		want Whose
	}{
		{"the other's is newer", phone("1"), phone("2"), FieldPhone, [2]time.Time{old, late}, Others},
		{"the survivor's is newer", phone("1"), phone("2"), FieldPhone, [2]time.Time{late, old}, Survivors},
		{"nobody knows", phone("1"), phone("2"), FieldPhone, [2]time.Time{}, Survivors},
		{"the other's is newer and blank", phone("1"), phone(""), FieldPhone, [2]time.Time{old, late}, Survivors},
		{"the survivor's is newer and blank", phone(""), phone("2"), FieldPhone, [2]time.Time{late, old}, Others},
		{"the survivor's gender is not known", with(func(c *Client) { c.Gender = UnknownGender }), don(), FieldGender, [2]time.Time{late, old}, Others},
		{"the other moved last", moved("1 A ST", Date{2020, 1, 1}), moved("2 B ST", Date{2021, 1, 1}), FieldStreet, [2]time.Time{late, old}, Others},
		{"the survivor moved last", moved("1 A ST", Date{2021, 1, 1}), moved("2 B ST", Date{2020, 1, 1}), FieldStreet, [2]time.Time{old, late}, Survivors},
		{"the other has no address", moved("1 A ST", Date{2020, 1, 1}), moved("", Date{2021, 1, 1}), FieldStreet, [2]time.Time{}, Survivors},
	}
	for _, test := range tests {
		if got := Prefer(test.s, test.o, test.f, test.at); got != test.want {
			t.Errorf("%s: Prefer = %q, want %q", test.name, got, test.want)
		}
	}
}

// TestPartSorts: what was set after the merge goes to whom it is said to be of, and
// the other record is as it was but for that.
func TestPartSorts(t *testing.T) {
	a, b := Whole{Record: don()}, Whole{Record: don()}
	b.Client.ID, b.Client.Phone = "7710032", "651-555-0102"
	m := a.Absorb(b, MergeChoice{}, clerk, testNow, testToday)
	now := Whole{Record: m.clone()}
	now.Client.Phone, now.Client.Email = "651-555-0199", "don@example.org"
	now.Contacts = append(now.Contacts, Contact{ID: "new", Name: Name{Last: "HUEY"}, Relation: OtherRelative})
	now.Doses = append(now.Doses, Dose{ID: "new", Kind: Historical, Date: Date{2024, 1, 2}})
	var fields []Field
	for _, s := range SinceMerge(m, now) {
		fields = append(fields, s.Field)
	}
	want := []Field{FieldPhone, FieldEmail, RowField(RowContact, "new", ""), RowField(RowDose, "new", "")}
	if diff := gocmp.Diff(want, fields); diff != "" {
		t.Fatalf("SinceMerge (-want +got):\n%s", diff)
	}
	s, o := Part(a, b, m, now, Sorting{FieldPhone: Others, FieldEmail: Both, want[2]: Others}, clerk, testNow)
	if s.Client.Phone != a.Client.Phone || o.Client.Phone != "651-555-0199" {
		t.Errorf("phones %q and %q, want the survivor's of before and the new one", s.Client.Phone, o.Client.Phone)
	}
	if s.Client.Email != "don@example.org" || o.Client.Email != "don@example.org" {
		t.Errorf("e-mail addresses %q and %q, want the new one of both", s.Client.Email, o.Client.Email)
	}
	if len(s.Doses) != 1 || len(o.Doses) != 0 {
		t.Errorf("%d and %d doses, want the new one with the survivor", len(s.Doses), len(o.Doses))
	}
	if !slices.ContainsFunc(o.Contacts, func(c Contact) bool { return c.ID == "new" }) || slices.ContainsFunc(s.Contacts, func(c Contact) bool { return c.ID == "new" }) {
		t.Error("the new contact is not with the other alone")
	}
}
