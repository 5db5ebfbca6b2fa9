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
		m := a.Absorb(b, chosen, clerk, testNow, testToday)
		checkKept(t, a, b, m)
		s, o := Part(a, b, m, m, clerk, testNow)
		if diff := gocmp.Diff(sorted(a), sorted(s)); diff != "" {
			t.Errorf("survivor after Part (-before +after):\n%s", diff)
		}
		if diff := gocmp.Diff(sorted(b), sorted(o)); diff != "" {
			t.Errorf("other after Part (-before +after):\n%s", diff)
		}
	})
}

// checkKept holds the merged record to all that was on file of either.
func checkKept(t *rapid.T, a, b, m Whole) {
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
			if !slices.ContainsFunc(m.Contacts, func(x Contact) bool {
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
		m := a.Absorb(b, nil, clerk, testNow, testToday)
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
		s, o := Part(a, b, m, now, clerk, testNow)
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
	one := func(change func(*Client)) Whole {
		w := Whole{Record: don()}
		w.Client.ID = "7710032"
		change(&w.Client)
		return w
	}
	tests := []struct {
		name string
		with Whole
		want Kind
	}{
		{"another record", one(func(*Client) {}), ""},
		{"itself", one(func(c *Client) { c.ID = "6714871" }), Invalid},
		{"a locked one", one(func(c *Client) { c.LockedTo = "TEST" }), Invalid},
		{"a deceased one", one(func(c *Client) { c.Death.Recorded = testNow }), Invalid},
		{"one with a birth certificate", one(func(c *Client) { c.BirthCertificate = "2" }), ""},
	}
	for _, test := range tests {
		if got := KindOf(MayMerge(Whole{Record: don()}, test.with)); got != test.want {
			t.Errorf("MayMerge with %s = %q, want %q", test.name, got, test.want)
		}
	}
}
