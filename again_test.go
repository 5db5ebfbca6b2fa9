package iis

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestAbsorbAgain: A went into B and B into C; C is edited and A leaves. The edit
// stays, whatever B says, also when another leaves later; and B is as it was when it
// leaves itself.
func TestAbsorbAgain(t *testing.T) {
	whole := func(id ClientID) Whole {
		w := Whole{Record: don()}
		w.Client.ID, w.Aliases, w.Contacts, w.Comments, w.Doses = id, nil, nil, nil, nil
		return w
	}
	huey := func(id ContactID) Contact {
		return Contact{ID: id, Name: Name{Last: "HUEY"}, Relation: OtherRelative}
	}
	says := func(m Membership) []Membership {
		m.Organization, m.OnFile = "TEST", true
		return []Membership{m}
	}
	tests := []struct {
		name       string
		b, c, edit func(*Whole)
		want       func(w Whole) any
	}{
		{"death", func(w *Whole) { w.Client.Death = Death{Date: Date{2020, 5, 5}, Recorded: testNow} }, nil,
			func(w *Whole) { w.Client.Death = Death{} },
			func(w Whole) any { return w.Client.Death }},
		{"birth certificate", func(w *Whole) { w.Client.BirthCertificate = "1" }, nil,
			func(w *Whole) { w.Client.BirthCertificate = "" },
			func(w Whole) any { return w.Client.BirthCertificate }},
		{"chart number", func(w *Whole) { w.Memberships = says(Membership{ChartNumber: "B-1", Status: Active}) },
			func(w *Whole) { w.Memberships = says(Membership{Status: Active}) },
			func(w *Whole) { w.Memberships[0].ChartNumber = "" },
			func(w Whole) any { return w.Memberships }},
		{"reminders", func(w *Whole) { w.Memberships = says(Membership{Status: Active}) },
			func(w *Whole) { w.Memberships = says(Membership{Status: Active, Reminders: true}) },
			func(w *Whole) { w.Memberships[0].Reminders = true },
			func(w Whole) any { return w.Memberships }},
		{"status", func(w *Whole) { w.Memberships = says(Membership{Status: Active}) },
			func(w *Whole) { w.Memberships = says(Membership{Status: Inactive, Reason: "M"}) },
			func(w *Whole) { w.Memberships[0].Status, w.Memberships[0].Reason = Inactive, "L" },
			func(w Whole) any { return w.Memberships }},
		{"contact", func(w *Whole) { w.Contacts = []Contact{huey("b")} }, func(w *Whole) { w.Contacts = []Contact{huey("c")} },
			func(w *Whole) { w.Contacts = nil },
			func(w Whole) any { return len(w.Contacts) }},
		{"contact, rewritten", func(w *Whole) { w.Contacts = []Contact{huey("b")} }, func(w *Whole) { w.Contacts = []Contact{huey("c")} },
			func(w *Whole) { w.Contacts[0].Phone = "651-555-0103" },
			func(w Whole) any { return w.Contacts }},
		{"comment", func(w *Whole) { w.Comments = []Comment{{ID: "b", Code: "immunity-hepa"}} },
			func(w *Whole) { w.Comments = []Comment{{ID: "c", Code: "immunity-hepa"}} },
			func(w *Whole) { w.Comments = nil },
			func(w Whole) any { return len(w.Comments) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b, c := whole("1"), whole("2"), whole("3")
			test.b(&b)
			if test.c != nil {
				test.c(&c)
			}
			ab := b.Absorb(a, MergeChoice{}, clerk, testNow, testToday)
			merged := c.Absorb(ab, MergeChoice{}, clerk, testNow, testToday)
			now := Whole{Record: merged.clone(), Memberships: slices.Clone(merged.Memberships)}
			test.edit(&now)
			if gocmp.Equal(test.want(now), test.want(merged)) {
				t.Fatal("the edit is none")
			}
			before, gone := c, ab
			for _, when := range []string{"first", "second"} { // the second time the other loses nothing
				s, o := Part(before, gone, merged, now, nil, clerk, testNow)
				if when == "first" {
					o, _ = Part(b, a, ab, o, nil, clerk, testNow)
				}
				again := s.AbsorbAgain(o, before, gone, merged, now, clerk, testNow, testToday)
				if diff := gocmp.Diff(test.want(now), test.want(again)); diff != "" {
					t.Errorf("made again the %s time (-edited +again):\n%s", when, diff)
				}
				before, gone, merged, now = s, o, again, again
			}
			s, o := Part(before, gone, merged, now, nil, clerk, testNow)
			if diff := gocmp.Diff(test.want(sorted(b)), test.want(sorted(o))); diff != "" {
				t.Errorf("B once it left (-before +after):\n%s", diff)
			}
			if diff := gocmp.Diff(test.want(now), test.want(s)); diff != "" {
				t.Errorf("C once B left (-edited +after):\n%s", diff)
			}
		})
	}
}

// TestAbsorbAgainOfAnother: what C has of A goes with A though B's was folded into it.
func TestAbsorbAgainOfAnother(t *testing.T) {
	a, b, c := Whole{Record: don()}, Whole{Record: don()}, Whole{Record: don()}
	a.Client.ID, b.Client.ID, c.Client.ID = "1", "2", "3"
	a.Comments, b.Comments, c.Comments = []Comment{{ID: "a", Code: "immunity-hepa"}}, []Comment{{ID: "b", Code: "immunity-hepa"}}, nil
	ca := c.Absorb(a, MergeChoice{}, clerk, testNow, testToday)
	merged := ca.Absorb(b, MergeChoice{}, clerk, testNow, testToday)
	now := Whole{Record: merged.clone()}
	now.Comments[0].Date = Date{2024, 1, 2}
	s, o := Part(ca, b, merged, now, nil, clerk, testNow)
	s, _ = Part(c, a, ca, s, nil, clerk, testNow)
	got := s.AbsorbAgain(o, ca, b, merged, now, clerk, testNow, testToday)
	if diff := gocmp.Diff(b.Comments, got.Comments); diff != "" {
		t.Errorf("comments once A left (-B's +got):\n%s", diff)
	}
}

// TestAbsorbAgainEntered: a contact that was left out of a merge and entered again
// since is there when the merge is made again.
func TestAbsorbAgainEntered(t *testing.T) {
	b, c := Whole{Record: don()}, Whole{Record: don()}
	b.Client.ID, c.Client.ID, c.Contacts = "2", "3", nil
	b.Contacts = []Contact{{ID: "b", Name: Name{Last: "HUEY"}, Relation: OtherRelative}}
	merged := c.Absorb(b, MergeChoice{Without: map[ContactID]bool{"b": true}}, clerk, testNow, testToday)
	now := Whole{Record: merged.clone()}
	now.Contacts = []Contact{{ID: "new", Name: Name{Last: "HUEY"}, Relation: OtherRelative}}
	s, o := Part(c, b, merged, now, nil, clerk, testNow)
	got := s.AbsorbAgain(o, c, b, merged, now, clerk, testNow, testToday)
	if diff := gocmp.Diff(now.Contacts, got.Contacts); diff != "" {
		t.Errorf("contacts (-entered +got):\n%s", diff)
	}
}
