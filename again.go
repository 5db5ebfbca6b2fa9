package iis

import (
	"slices"
	"time"
)

// AbsorbAgain makes a merge again of what the two are without another record that
// went into one of them: before, gone, merged and current as for Part, and s and
// other what Part made of the survivor and the other since. What was edited since
// the merge, or since one of the like before, stays as it was edited.
func (s Whole) AbsorbAgain(other, before, gone, merged, current Whole, by Actor, now time.Time, today Date) Whole {
	m := s.Absorb(other, chosenAgain(before, gone, merged, current, other), by, now, today)
	// What the rules make of the two as they were: what is different now, somebody set.
	was := before.Absorb(gone, MergeChoice{}, by, now, today)
	if current.Client.Death != was.Client.Death {
		m.Client.Death = s.Client.Death
	}
	if current.Client.BirthCertificate != was.Client.BirthCertificate {
		m.Client.BirthCertificate = s.Client.BirthCertificate
	}
	for i := range m.Memberships {
		of := func(rows []Membership) (Membership, bool) {
			return find(rows, m.Memberships[i].Organization, func(r Membership) OrganizationID { return r.Organization })
		}
		own, isOwn := of(s.Memberships)
		then, had := of(was.Memberships)
		is, has := of(current.Memberships)
		if isOwn && had && has {
			m.Memberships[i].keepSet(own, then, is)
		}
	}
	m.Contacts = withoutDropped(m.Contacts, gone.Contacts, merged.Contacts, current.Contacts,
		func(r Contact) ContactID { return r.ID }, SameContact, func(r Contact) bool { return r.Primary })
	m.Comments = withoutDropped(m.Comments, gone.Comments, merged.Comments, current.Comments,
		func(r Comment) CommentID { return r.ID }, sameComment, func(Comment) bool { return false })
	return m
}

// keepSet makes of what an organization says the survivor's own what was not then
// as it is.
func (x *Membership) keepSet(own, then, is Membership) {
	if is.ChartNumber != then.ChartNumber {
		x.ChartNumber = own.ChartNumber
	}
	if is.Reminders != then.Reminders {
		x.Reminders = own.Reminders
	}
	if is.Status != then.Status || is.Reason != then.Reason || is.Since != then.Since {
		x.Status, x.Reason, x.Since = own.Status, own.Reason, own.Since
	}
}

// withoutDropped leaves out the rows of the other that had been folded into an equal
// one which somebody has deleted or rewritten since; not those whose equal is another
// record's again.
func withoutDropped[T any, ID ~string](made, gone, merged, current []T, id func(T) ID, same func(a, b T) bool, keep func(T) bool) []T {
	has := func(rows []T, k ID) bool {
		_, ok := find(rows, k, id)
		return ok
	}
	return slices.DeleteFunc(slices.Clone(made), func(r T) bool {
		if keep(r) || !has(gone, id(r)) || has(merged, id(r)) {
			return false
		}
		stands := slices.ContainsFunc(current, func(x T) bool { return same(x, r) })
		left := slices.ContainsFunc(merged, func(x T) bool { return same(x, r) && has(current, id(x)) && !has(made, id(x)) })
		return !stands && !left
	})
}

// chosenAgain is what was chosen in a merge, for the two to be merged again as they
// are without another that went into one of them: before, gone, merged and current
// as for Part, and other what Part made of the other since. Where the survivor was
// edited, the edit is kept.
func chosenAgain(before, gone, merged, current, other Whole) MergeChoice {
	choice := MergeChoice{Fields: map[Field]Whose{}, Without: map[ContactID]bool{}}
	edited, taken := MergeFields(merged.Record, current.Record), MergeFields(merged.Record, gone.Record)
	for _, f := range MergeFields(before.Record, gone.Record) {
		choice.Fields[f] = Survivors
		if !slices.Contains(taken, f) {
			choice.Fields[f] = Others
		}
		if other.Value(f) == "" && gone.Value(f) != "" {
			delete(choice.Fields, f) // what was chosen was of a third
		}
	}
	for _, f := range edited {
		choice.Fields[f] = Survivors
	}
	kept := slices.Concat(merged.Contacts, current.Contacts) // one left out may have been entered again
	for _, c := range slices.Concat(before.Contacts, gone.Contacts) {
		choice.Without[c.ID] = !slices.ContainsFunc(kept, func(m Contact) bool { return m.ID == c.ID || SameContact(m, c) })
	}
	return choice
}
