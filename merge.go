package iis

import (
	"cmp"
	"slices"
	"time"
)

// Whole is all that the registry keeps of one client, for every organization.
// The Membership of its Record says nothing.
type Whole struct {
	Record
	Memberships []Membership // by organization
}

// mergeable are the fields of a client of which the one who merges chooses whose
// to keep. The parts of an address go together, under FieldStreet.
var mergeable = []Field{FieldLast, FieldFirst, FieldMiddle, FieldSuffix, FieldBirthDate, FieldBirthCountry, FieldGender,
	FieldMaidenLast, FieldMotherFirst, FieldPhone, FieldEmail, FieldStreet, FieldRace, FieldEthnicity}

// MergeFields lists the fields of two records that differ, in the order of the
// screen, for the one who merges to choose from.
func MergeFields(a, b Record) []Field {
	return slices.DeleteFunc(slices.Clone(mergeable), func(f Field) bool {
		if f == FieldStreet {
			return a.Client.Address == b.Client.Address && a.Client.Undeliverable == b.Client.Undeliverable
		}
		return a.Value(f) == b.Value(f)
	})
}

// Whose says of a field of which record of two the value is kept.
type Whose string

const (
	Survivors Whose = "survivor" // of the record that stays
	Others    Whose = "other"    // of the record that goes into it
)

// Prefer says whose value of a field is kept if nobody chooses: never a blank one,
// and of an address the one that was updated last.
func Prefer(survivor, other Record, f Field) Whose {
	s, o := survivor.Value(f), other.Value(f)
	if f == FieldStreet {
		a, b := survivor.Client, other.Client
		if a.Address.IsZero() && !b.Address.IsZero() || !b.Address.IsZero() && b.AddressUpdated.After(a.AddressUpdated) {
			return Others
		}
		return Survivors
	}
	if s == "" && o != "" || f == FieldGender && s == string(UnknownGender) && o != "" {
		return Others
	}
	return Survivors
}

// MayMerge tells why two records cannot be made one; nil if they can. Whether they
// are of one person is another question, which only a person answers.
func MayMerge(survivor, other Whole) error {
	a, b := survivor.Client, other.Client
	var ps []Problem
	say := func(f Field, text string) { ps = append(ps, Problem{f, text}) }
	if a.ID == b.ID {
		say("", "This is one record already.")
	}
	if a.BirthCertificate != "" && b.BirthCertificate != "" && a.BirthCertificate != b.BirthCertificate {
		say(FieldCertificate, "The two have different birth certificate numbers: they are different people, or vital records must correct one first.")
	}
	if a.LockedTo != b.LockedTo {
		say(FieldSharing, "One record is locked and the other is not, or to another organization: unlock it before merging.")
	}
	if a.Deceased() != b.Deceased() {
		say(FieldStatus, "One record is marked as deceased and the other is not: correct that first.")
	}
	return Problems(ps...)
}

// Absorb returns the survivor with all that is on file of the other: every name,
// contact, comment, immunization and organization. Chosen says whose value of a
// field is kept where the two differ; Prefer decides for the rest. The other's row
// IDs stay the same, so that Part finds them again.
func (s Whole) Absorb(o Whole, chosen map[Field]Whose, by Actor, now time.Time, today Date) Whole {
	m := Whole{Record: s.clone(), Memberships: slices.Clone(s.Memberships)}
	c := &m.Client
	for _, f := range mergeable {
		whose := chosen[f]
		if whose == "" {
			whose = Prefer(s.Record, o.Record, f)
		}
		switch {
		case whose != Others:
		case f == FieldStreet:
			c.Address, c.Undeliverable, c.AddressUpdated = o.Client.Address, o.Client.Undeliverable, o.Client.AddressUpdated
		default:
			set(recordColumns, &m.Record, f, valueIn(recordColumns, &o.Record, f))
		}
	}
	c.BirthCertificate = cmp.Or(c.BirthCertificate, o.Client.BirthCertificate)
	if c.Death.Date.IsZero() {
		c.Death.Date = o.Client.Death.Date
	}
	if !o.Client.Created.IsZero() && o.Client.Created.Before(c.Created) {
		c.Created = o.Client.Created
	}
	c.Version++
	c.Updated, c.UpdatedBy, c.UpdatedByName = now, by.Organization, by.OrgName
	m.absorbNames(s, o, by, now)
	m.absorbContacts(s, o, today)
	for _, r := range o.Comments {
		if !slices.ContainsFunc(m.Comments, func(x Comment) bool { return x.ID == r.ID || x.Code == r.Code && x.Date == r.Date }) {
			m.Comments = append(m.Comments, r)
		}
	}
	slices.SortStableFunc(m.Comments, func(a, b Comment) int { return a.Date.Compare(b.Date) })
	m.Doses = append(m.Doses, o.Doses...)
	slices.SortStableFunc(m.Doses, func(a, b Dose) int { return a.Date.Compare(b.Date) })
	m.absorbMemberships(o)
	return m
}

// absorbNames keeps every name and birth date of both that the merged record does
// not have as its own.
func (m *Whole) absorbNames(s, o Whole, by Actor, now time.Time) {
	keep := func(a Alias) {
		c := m.Client
		own := sameName(a.Name.Last, c.Name.Last) && sameName(a.Name.First, c.Name.First) && a.BirthDate == c.BirthDate
		known := slices.ContainsFunc(m.Aliases, func(x Alias) bool {
			return sameName(x.Name.Last, a.Name.Last) && sameName(x.Name.First, a.Name.First) && x.BirthDate == a.BirthDate
		})
		if !own && !known {
			m.Aliases = slices.Insert(m.Aliases, 0, a)
		}
	}
	for _, a := range slices.Backward(o.Aliases) {
		keep(a)
	}
	for _, c := range []Client{o.Client, s.Client} {
		keep(Alias{ID: AliasID(NewID()), Name: Name{Last: c.Name.Last, First: c.Name.First, Middle: c.Name.Middle},
			BirthDate: c.BirthDate, Until: now, By: by.Organization})
	}
}

// absorbContacts keeps the contacts of both. One is the client's primary address,
// with the client's address; an own address of either that is not the client's any
// more becomes a former one.
func (m *Whole) absorbContacts(s, o Whole, today Date) {
	theirs := m.Client.Address != s.Client.Address
	for i := range m.Contacts {
		if r := &m.Contacts[i]; theirs && r.Primary {
			r.Primary = false
			if r.Relation == Self && r.Former.IsZero() {
				r.Former = today
			}
		}
	}
	for _, r := range o.Contacts {
		if !theirs && r.Primary {
			r.Primary = false
			if r.Relation == Self && r.Former.IsZero() {
				r.Former = today
			}
		}
		same := slices.ContainsFunc(m.Contacts, func(x Contact) bool {
			return x.ID == r.ID || !r.Primary && x.Name == r.Name && x.Relation == r.Relation && x.Phone == r.Phone && x.Extension == r.Extension && x.Address == r.Address
		})
		if !same {
			r.Position = nextPosition(m.Contacts)
			m.Contacts = append(m.Contacts, r)
		}
	}
}

// absorbMemberships keeps what every organization says. Of one that has both,
// the survivor's is kept where it says something: the client is active if he is in
// either, and wants no reminders if he has said so once.
func (m *Whole) absorbMemberships(o Whole) {
	for _, r := range o.Memberships {
		i := slices.IndexFunc(m.Memberships, func(x Membership) bool { return x.Organization == r.Organization })
		if i < 0 {
			m.Memberships = append(m.Memberships, r)
			continue
		}
		x := &m.Memberships[i]
		x.ChartNumber = cmp.Or(x.ChartNumber, r.ChartNumber)
		x.Reminders = x.Reminders && r.Reminders
		if x.Status == Inactive && r.Status == Active {
			x.Status, x.Reason, x.Since = r.Status, r.Reason, r.Since
		}
	}
	slices.SortFunc(m.Memberships, func(a, b Membership) int { return cmp.Compare(a.Organization, b.Organization) })
}

// Part undoes Absorb: it returns the two records again. Before and gone are what
// the survivor and the other were, merged what Absorb made of them, and current
// is the survivor now. Whatever was edited meanwhile stays edited: a row goes back
// to whose it was in the state it has now, a row that is new stays with the
// survivor, and so does a field set since.
func Part(before, gone, merged, current Whole, by Actor, now time.Time) (survivor, other Whole) {
	survivor = Whole{Record: current.clone()}
	for _, cols := range [][]column[Record]{recordColumns} {
		for i := range cols {
			if f := cols[i].name; slices.Contains(mergeable, f) && f != FieldStreet && current.Value(f) == merged.Value(f) {
				set(recordColumns, &survivor.Record, f, valueIn(recordColumns, &before.Record, f))
			}
		}
	}
	c, was := &survivor.Client, before.Client
	if c.Address == merged.Client.Address && c.Undeliverable == merged.Client.Undeliverable {
		c.Address, c.Undeliverable, c.AddressUpdated = was.Address, was.Undeliverable, was.AddressUpdated
	}
	if c.BirthCertificate == merged.Client.BirthCertificate {
		c.BirthCertificate = was.BirthCertificate
	}
	if c.Death.Date == merged.Client.Death.Date && c.Deceased() {
		c.Death.Date = was.Death.Date
	}
	c.Created = was.Created
	other = Whole{Record: gone.clone()}
	survivor.Aliases, other.Aliases = part(before.Aliases, gone.Aliases, merged.Aliases, current.Aliases, func(a Alias) AliasID { return a.ID })
	survivor.Contacts, other.Contacts = part(before.Contacts, gone.Contacts, merged.Contacts, current.Contacts, func(r Contact) ContactID { return r.ID })
	survivor.Comments, other.Comments = part(before.Comments, gone.Comments, merged.Comments, current.Comments, func(r Comment) CommentID { return r.ID })
	survivor.Doses, other.Doses = part(before.Doses, gone.Doses, merged.Doses, current.Doses, func(r Dose) DoseID { return r.ID })
	survivor.Memberships, other.Memberships = part(before.Memberships, gone.Memberships, merged.Memberships, current.Memberships, func(r Membership) OrganizationID { return r.Organization })
	survivor.onePrimary()
	for _, w := range []*Whole{&survivor, &other} {
		w.Client.Version++
		w.Client.Updated, w.Client.UpdatedBy, w.Client.UpdatedByName = now, by.Organization, by.OrgName
	}
	return survivor, other
}

// part gives the rows of a merged record back. A row that the merge made itself,
// and nobody changed since, goes; one that nobody changed is as it was before.
func part[T comparable, ID comparable](before, gone, merged, current []T, id func(T) ID) (survivors, others []T) {
	find := func(rows []T, k ID) (T, bool) {
		if i := slices.IndexFunc(rows, func(r T) bool { return id(r) == k }); i >= 0 {
			return rows[i], true
		}
		var none T
		return none, false
	}
	for _, r := range current {
		k := id(r)
		m, inMerged := find(merged, k)
		b, inBefore := find(before, k)
		g, inGone := find(gone, k)
		switch {
		case inBefore && r == m:
			survivors = append(survivors, b)
		case inBefore:
			survivors = append(survivors, r)
		case inGone && r == m:
			others = append(others, g)
		case inGone:
			others = append(others, r)
		case !inMerged || r != m:
			survivors = append(survivors, r)
		}
	}
	// What was folded into an equal row of the survivor comes back; what someone
	// has deleted since stays deleted.
	for _, g := range gone {
		_, inMerged := find(merged, id(g))
		_, both := find(before, id(g))
		if !inMerged || both {
			others = append(others, g)
		}
	}
	return survivors, others
}

// onePrimary keeps at most one contact as the client's primary address, with the
// client's address.
func (w *Whole) onePrimary() {
	seen := false
	for i := range w.Contacts {
		r := &w.Contacts[i]
		if r.Primary && seen {
			r.Primary = false
		} else if r.Primary {
			seen = true
			r.Address, r.Undeliverable = w.Client.Address, w.Client.Undeliverable
		}
	}
}
