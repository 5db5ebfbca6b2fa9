package iis

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestPartPrimary: a contact of the other that was made primary since goes back with
// its own address, and as primary only if the client's address goes with it.
func TestPartPrimary(t *testing.T) {
	home, old, flat, new := Address{Street: "1 A ST"}, Address{Street: "2 B ST"}, Address{Street: "3 C ST"}, Address{Street: "4 D ST"}
	tests := []struct {
		name      string
		none      bool    // the other has no primary contact of its own
		to        Address // of the client and of the contact since
		whose     Sorting
		contacts  []Contact // of the other afterwards
		client    Address   // of the other afterwards
		survivors Address
	}{
		{"the address stays with none of its own", true, flat, nil, []Contact{{ID: "g", Address: flat}}, old, flat},
		{"the address is edited and stays with none of its own", true, new, nil, []Contact{{ID: "g", Address: new}}, old, new},
		{"the address goes with none of its own", true, new, Sorting{FieldStreet: Others}, []Contact{{ID: "g", Primary: true, Address: new}}, new, home},
		{"the address stays", false, flat, nil,
			[]Contact{{ID: "own", Primary: true, Address: old}, {ID: "g", Address: flat}}, old, flat},
		{"the address is edited and stays", false, new, nil,
			[]Contact{{ID: "own", Primary: true, Address: old}, {ID: "g", Address: new}}, old, new},
		{"the address goes", false, flat, Sorting{FieldStreet: Others},
			[]Contact{{ID: "own", Address: old}, {ID: "g", Primary: true, Address: flat}}, flat, home},
		{"the address is both's", false, new, Sorting{FieldStreet: Both},
			[]Contact{{ID: "own", Address: old}, {ID: "g", Primary: true, Address: new}}, new, new},
	}
	for _, test := range tests {
		s, o := Whole{Record: don()}, Whole{Record: don()}
		s.Client.ID, s.Client.Address, s.Contacts = "1", home, []Contact{{ID: "s", Relation: Self, Primary: true, Address: home}}
		o.Client.ID, o.Client.Address = "2", old
		o.Contacts = []Contact{{ID: "own", Relation: Self, Primary: true, Address: old}, {ID: "g", Relation: OtherRelative, Address: flat}}
		if test.none {
			o.Contacts = o.Contacts[1:]
		}
		m := s.Absorb(o, MergeChoice{Fields: map[Field]Whose{FieldStreet: Survivors}}, clerk, testNow, testToday)
		now := Whole{Record: m.clone()}
		now.Client.Address = test.to
		for i := range now.Contacts {
			c := &now.Contacts[i]
			c.Primary = c.ID == "g"
			if c.Primary {
				c.Address = test.to
			}
		}
		s, o = Part(s, o, m, now, test.whose, clerk, testNow)
		var got []Contact
		for _, c := range o.Contacts {
			got = append(got, Contact{ID: c.ID, Primary: c.Primary, Address: c.Address})
		}
		if diff := gocmp.Diff(test.contacts, got); diff != "" {
			t.Errorf("%s: contacts of the other (-want +got):\n%s", test.name, diff)
		}
		if o.Client.Address != test.client || s.Client.Address != test.survivors {
			t.Errorf("%s: addresses of the other and the survivor %v and %v, want %v and %v", test.name, o.Client.Address, s.Client.Address, test.client, test.survivors)
		}
	}
}

// TestPartTicked: a contact without an address that is ticked as the primary one takes
// the client's: with the merge that had brought it, the address goes.
func TestPartTicked(t *testing.T) {
	s, o := Whole{Record: don()}, Whole{Record: don()}
	s.Client.ID, s.Client.Address, s.Contacts = "1", Address{Street: "1 A ST"}, []Contact{{ID: "s", Relation: OtherRelative}}
	o.Client.ID, o.Client.Address, o.Contacts = "2", Address{Street: "2 B ST"}, nil
	m := s.Absorb(o, MergeChoice{Fields: map[Field]Whose{FieldStreet: Others}}, clerk, testNow, testToday)
	now := Whole{Record: m.clone()}
	now.Contacts[0].Primary, now.Contacts[0].Address = true, now.Client.Address
	is, _ := Part(s, o, m, now, nil, clerk, testNow)
	want := Contact{ID: "s", Relation: OtherRelative, Primary: true, Address: s.Client.Address}
	if is.Client.Address != s.Client.Address || is.Contacts[0] != want {
		t.Errorf("survivor lives at %v with %+v, want %v and %+v", is.Client.Address, is.Contacts[0], s.Client.Address, want)
	}
}
