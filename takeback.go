package iis

import (
	"maps"
	"slices"
	"time"
)

// Withdrawn stands in MergedInto of a client whom an import entered and whose
// import was undone: his ID leads nowhere, to nobody, and is given to no one else.
const Withdrawn ClientID = "-"

// TakeBack returns the client without what one save changed for an organization:
// each field that still has the value it was given is as it was before, and each
// row that it added and nobody has changed is gone. The parts of an address go
// together, or not at all; since tells which fields others have set after the
// save. Kept are the changes that stay, because somebody set something else.
//
// It is for saves of a file, which add rows and set fields and delete nothing.
func (w Whole) TakeBack(changes []Change, org OrganizationID, since map[Field]bool, by Actor, now time.Time) (after Whole, kept []Change) {
	t := taking{rec: w.clone(), since: since}
	i := slices.IndexFunc(w.Memberships, func(m Membership) bool { return m.Organization == org })
	if i >= 0 {
		t.rec.Membership = w.Memberships[i]
	}
	left := t.membership(changes)
	left = t.death(left)
	left = t.address(left)
	left = t.rows(left)
	for _, c := range left {
		switch current := t.rec.Value(c.Field); {
		case current == c.Old:
		case current != c.New:
			t.kept = append(t.kept, c)
		default:
			t.set(c.Field, c.Old)
		}
	}
	after = Whole{Record: t.rec, Memberships: slices.Clone(w.Memberships)}
	after.Membership = Membership{}
	switch {
	case i < 0:
	case t.leave:
		after.Memberships = slices.Delete(after.Memberships, i, i+1)
	default:
		after.Memberships[i] = t.rec.Membership
	}
	after.Client.Version++
	if !onlyDoses(changes) {
		after.Client.Updated, after.Client.UpdatedBy, after.Client.UpdatedByName = now, by.Organization, by.OrgName
	}
	return after, t.kept
}

func onlyDoses(changes []Change) bool {
	return !slices.ContainsFunc(changes, func(c Change) bool {
		row, _, _, _ := c.Field.Row()
		return row != RowDose
	})
}

// taking is one run of TakeBack.
type taking struct {
	rec   Record
	since map[Field]bool
	kept  []Change
	leave bool // the organization did not have the client on file before

	named, moved bool // name or birth date, and address, are to be as before
}

// split returns the changes of the fields that want holds, and the others.
func split(changes []Change, want func(Change) bool) (these, others []Change) {
	for _, c := range changes {
		if want(c) {
			these = append(these, c)
		} else {
			others = append(others, c)
		}
	}
	return these, others
}

// stands reports whether every field still has the value it was given.
func (t *taking) stands(changes []Change) bool {
	return !slices.ContainsFunc(changes, func(c Change) bool { return t.rec.Value(c.Field) != c.New })
}

// membership takes back that the organization has the client on file at all, if
// it has said nothing else of him since.
func (t *taking) membership(changes []Change) []Change {
	these, others := split(changes, func(c Change) bool { return c.Field.OfMembership() })
	i := slices.IndexFunc(these, func(c Change) bool { return c.Field == FieldStatus })
	if i < 0 || these[i].Old != "" || these[i].New == string(StatusDeceased) {
		return changes
	}
	before := Membership{Organization: t.rec.Membership.Organization, Status: Active, Reminders: true}
	fresh := Record{Client: t.rec.Client, Membership: before}
	fresh.Membership.OnFile = true
	for _, c := range these {
		set(recordColumns, &fresh, c.Field, c.New)
	}
	same := t.rec.Membership
	fresh.Membership.Since = same.Since
	if fresh.Membership != same {
		t.kept = append(t.kept, these...)
		return others
	}
	t.leave = true
	return others
}

// death takes back that the client was marked as deceased.
func (t *taking) death(changes []Change) []Change {
	these, others := split(changes, func(c Change) bool {
		return c.Field == FieldDied || c.Field == FieldDeathSource || c.Field == FieldStatus && c.New == string(StatusDeceased)
	})
	switch {
	case len(these) == 0:
	case t.stands(these):
		t.rec.Client.Death = Death{}
	case t.rec.Client.Deceased():
		t.kept = append(t.kept, these...)
	}
	return others
}

// address takes back the address and what follows it: the day it changed, and the
// same value with the contact who is the client's primary address.
func (t *taking) address(changes []Change) []Change {
	ofAddress := func(f Field) bool { return slices.Contains(addressFields, f) || f == FieldAddressUpdated }
	these, others := split(changes, func(c Change) bool { return ofAddress(c.Field) })
	if len(these) == 0 {
		return others
	}
	primary, _ := t.rec.Primary()
	mirror, others := split(others, func(c Change) bool {
		row, id, name, _ := c.Field.Row()
		return row == RowContact && id == string(primary.ID) && name != "" && ofAddress(Field(name))
	})
	touched := slices.ContainsFunc(slices.Collect(maps.Keys(t.since)), ofAddress)
	if touched || !t.stands(these) || !t.stands(mirror) {
		t.kept = append(append(t.kept, these...), mirror...)
		return others
	}
	t.moved = true
	for _, c := range append(these, mirror...) {
		t.set(c.Field, c.Old)
	}
	return others
}

// rows deletes the rows that were added, if they are as they were added, and
// returns the changes of other rows and fields.
func (t *taking) rows(changes []Change) []Change {
	for _, c := range changes {
		if c.Field == FieldLast || c.Field == FieldFirst || c.Field == FieldBirthDate {
			t.named = t.named || t.rec.Value(c.Field) == c.New
		}
	}
	added := map[Field]Values{}
	for _, c := range changes {
		if row, id, name, ok := c.Field.Row(); ok && name == "" && c.Old == "" {
			added[RowField(row, id, "")] = Values{}
		}
	}
	mine, others := split(changes, func(c Change) bool {
		row, id, _, ok := c.Field.Row()
		return ok && added[RowField(row, id, "")] != nil
	})
	for _, c := range mine {
		row, id, _, _ := c.Field.Row()
		added[RowField(row, id, "")][c.Field] = c.New
	}
	now := map[Field]Values{}
	for f, s := range t.rec.All() {
		row, id, _, ok := f.Row()
		if whole := RowField(row, id, ""); ok && added[whole] != nil {
			if now[whole] == nil {
				now[whole] = Values{}
			}
			now[whole][f] = s
		}
	}
	for _, f := range slices.Sorted(maps.Keys(added)) {
		row, id, _, _ := f.Row()
		switch {
		case now[f] == nil: // somebody has deleted it
		case !maps.Equal(now[f], added[f]):
			t.kept = append(t.kept, Change{f, "", Yes})
		case row == RowAlias && t.named:
			t.rec.Aliases = slices.DeleteFunc(t.rec.Aliases, func(a Alias) bool { return string(a.ID) == id })
		case row == RowContact && t.moved:
			t.rec.Contacts = slices.DeleteFunc(t.rec.Contacts, func(c Contact) bool { return string(c.ID) == id })
		case row == RowDose:
			t.rec.Doses = slices.DeleteFunc(t.rec.Doses, func(d Dose) bool { return string(d.ID) == id })
		}
	}
	return others
}

// set gives a field a value that it had once.
func (t *taking) set(f Field, value string) {
	row, id, name, ok := f.Row()
	switch {
	case f == FieldAddressUpdated:
		t.rec.Client.AddressUpdated = date(value)
	case !ok:
		set(recordColumns, &t.rec, f, value)
	case row == RowContact:
		if i := slices.IndexFunc(t.rec.Contacts, func(c Contact) bool { return string(c.ID) == id }); i >= 0 {
			if name == "former" {
				t.rec.Contacts[i].Former = date(value)
			}
			set(contactColumns, &t.rec.Contacts[i], Field(name), value)
		}
	case row == RowDose:
		if i := slices.IndexFunc(t.rec.Doses, func(d Dose) bool { return string(d.ID) == id }); i >= 0 {
			set(doseColumns, &t.rec.Doses[i], Field(name), value)
		}
	}
}
