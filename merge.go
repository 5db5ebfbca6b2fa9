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

// MergeChoice is what the one who merges two records chose.
type MergeChoice struct {
	// Fields says whose value is kept of the fields that differ; Prefer decides for
	// the rest.
	Fields map[Field]Whose
	// Without are the contacts of either that the record made of both does not get,
	// nor any equal to them. A primary address is not among them: it goes where the
	// address goes.
	Without map[ContactID]bool
}

// Prefer says whose value of a field is kept if nobody chooses: never a blank one,
// else the one that was set last; at tells when, of the survivor and of the other.
func Prefer(survivor, other Record, f Field, at [2]time.Time) Whose {
	blank := func(r Record) bool {
		switch f {
		case FieldStreet:
			return r.Client.Address.IsZero()
		case FieldGender:
			return r.Client.Gender == "" || r.Client.Gender == UnknownGender
		}
		return r.Value(f) == ""
	}
	switch s, o := blank(survivor), blank(other); {
	case o:
		return Survivors
	case s:
		return Others
	}
	if a, b := survivor.Client.AddressUpdated, other.Client.AddressUpdated; f == FieldStreet && a != b {
		if b.After(a) {
			return Others
		}
		return Survivors
	}
	if at[1].After(at[0]) {
		return Others
	}
	return Survivors
}

// SameContact reports whether two contacts of one person say the same, whoever of
// them is the primary address.
func SameContact(a, b Contact) bool {
	return a.Name == b.Name && a.Relation == b.Relation && a.Phone == b.Phone && a.Extension == b.Extension && a.Address == b.Address
}

// sameComment reports whether two comments on one person say the same.
func sameComment(a, b Comment) bool { return a.Code == b.Code && a.Date == b.Date }

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
	for _, two := range [][2]Whole{{survivor, other}, {other, survivor}} {
		if day, ok := immunizedAfterDeath(two[0].Client, two[1]); ok {
			say(FieldStatus, "One record is marked as deceased, and the other was immunized later, on "+day.US()+": correct one of them first.")
		}
	}
	return Problems(ps...)
}

// immunizedAfterDeath returns the last day on which a client was given something,
// if another record says that he was dead by then.
func immunizedAfterDeath(dead Client, w Whole) (last Date, after bool) {
	if !dead.Deceased() || w.Client.Deceased() {
		return last, false
	}
	died := dead.Death.Date
	if died.IsZero() {
		died = DateOf(dead.Death.Recorded)
	}
	for _, d := range w.Doses {
		if d.Kind != Refused && d.Date.After(last) {
			last = d.Date
		}
	}
	return last, last.After(died)
}

// Absorb returns the survivor with all that is on file of the other: every name,
// contact, comment, immunization and organization, but for what is chosen not to
// be kept. The other's row IDs stay the same, so that Part finds them again.
func (s Whole) Absorb(o Whole, choice MergeChoice, by Actor, now time.Time, today Date) Whole {
	m := Whole{Record: s.clone(), Memberships: slices.Clone(s.Memberships)}
	c := &m.Client
	for _, f := range mergeable {
		whose := choice.Fields[f]
		if whose == "" {
			whose = Prefer(s.Record, o.Record, f, [2]time.Time{})
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
	if !c.Deceased() {
		c.Death = o.Client.Death
	} else if c.Death.Date.IsZero() {
		c.Death.Date = o.Client.Death.Date
	}
	if !o.Client.Created.IsZero() && o.Client.Created.Before(c.Created) {
		c.Created = o.Client.Created
	}
	c.Version++
	c.Updated, c.UpdatedBy, c.UpdatedByName = now, by.Organization, by.OrgName
	m.absorbNames(s, o, by, now)
	m.absorbContacts(s, o, choice.Without, today)
	for _, r := range o.Comments {
		if !slices.ContainsFunc(m.Comments, func(x Comment) bool { return x.ID == r.ID || sameComment(x, r) }) {
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

// absorbContacts keeps the contacts of both but those chosen to be left out. One is
// the client's primary address, with the client's address; an own address of either
// that is not the client's any more becomes a former one.
func (m *Whole) absorbContacts(s, o Whole, without map[ContactID]bool, today Date) {
	both := slices.Concat(s.Contacts, o.Contacts)
	left := func(r Contact) bool {
		return !r.Primary && slices.ContainsFunc(both, func(x Contact) bool {
			return without[x.ID] && !x.Primary && (x.ID == r.ID || SameContact(x, r))
		})
	}
	m.Contacts = slices.DeleteFunc(m.Contacts, left)
	theirs := m.Client.Address != s.Client.Address
	for i := range m.Contacts {
		if theirs {
			m.Contacts[i].yield(today)
		}
	}
	for _, r := range o.Contacts {
		if left(r) {
			continue
		}
		if !theirs {
			r.yield(today)
		}
		same := slices.ContainsFunc(m.Contacts, func(x Contact) bool { return x.ID == r.ID || !r.Primary && SameContact(x, r) })
		if !same {
			r.Position = nextPosition(m.Contacts)
			m.Contacts = append(m.Contacts, r)
		}
	}
}

// yield makes a contact no longer the client's primary address.
func (c *Contact) yield(today Date) {
	if !c.Primary {
		return
	}
	c.Primary = false
	if c.Relation == Self && c.Former.IsZero() {
		c.Former = today
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
