package iis

import (
	"slices"
	"time"
)

// Both says that a value is of either record of two.
const Both Whose = "both"

// Sorting says whose it is what was set after a merge that is undone: of a field
// whose value, which may be Both's, and of a row that is new, under its RowField.
// What it does not name stays with the survivor.
type Sorting map[Field]Whose

// RowMembership is what an organization says of a client, as Sorting names it.
const RowMembership = "membership"

// Sorted is one thing that was set after a merge, for the one who undoes it to say
// whose it is.
type Sorted struct {
	Field Field  // a field of the client, or the RowField of a row
	Old   string // of a field: its value after the merge
	New   string // of a field: its value now
	Row   bool   // a row that is new
}

// SinceMerge lists what was set after a merge and could be of either record: fields
// with another value, and rows that are new. A row that came from one of the two
// goes back to it, whatever was edited in it.
func SinceMerge(merged, current Whole) (list []Sorted) {
	for _, f := range MergeFields(merged.Record, current.Record) {
		list = append(list, Sorted{Field: f, Old: merged.Value(f), New: current.Value(f)})
	}
	if merged.Client.Death != current.Client.Death {
		list = append(list, Sorted{Field: FieldStatus, Old: merged.Value(FieldStatus), New: current.Value(FieldStatus)})
	}
	list = fresh(list, RowAlias, merged.Aliases, current.Aliases, func(a Alias) AliasID { return a.ID })
	list = fresh(list, RowContact, merged.Contacts, current.Contacts, func(r Contact) ContactID { return r.ID })
	list = fresh(list, RowComment, merged.Comments, current.Comments, func(r Comment) CommentID { return r.ID })
	list = fresh(list, RowDose, merged.Doses, current.Doses, func(d Dose) DoseID { return d.ID })
	return fresh(list, RowMembership, merged.Memberships, current.Memberships, func(m Membership) OrganizationID { return m.Organization })
}

func fresh[T any, ID ~string](list []Sorted, kind string, merged, current []T, id func(T) ID) []Sorted {
	for _, r := range current {
		if !slices.ContainsFunc(merged, func(m T) bool { return id(m) == id(r) }) {
			list = append(list, Sorted{Field: RowField(kind, id(r), ""), Row: true})
		}
	}
	return list
}

// Part undoes Absorb: it returns the two records again. Before and gone are what
// the survivor and the other were, merged what Absorb made of them, and current
// is the survivor now. Whatever was edited meanwhile stays edited: a row goes back
// to whose it was in the state it has now, a row that is new goes to whom whose
// names, and so does the value of a field set since. What the merge itself left
// out, folded or replaced is as it was.
func Part(before, gone, merged, current Whole, whose Sorting, by Actor, now time.Time) (survivor, other Whole) {
	survivor, other = Whole{Record: current.clone()}, Whole{Record: gone.clone()}
	partFields(before, merged, current, whose, &survivor, &other)
	from := func(w Whole, id ContactID) bool {
		return slices.ContainsFunc(w.Contacts, func(c Contact) bool { return c.ID == id })
	}
	// The primary address is as it was, unless the survivor has been given another.
	primary, is := current.Primary()
	was, had := merged.Primary()
	chosen := is && (!had || was.ID != primary.ID) && !from(gone, primary.ID)
	// One that came from the other goes back as primary only with the address.
	moved := is && !from(before, primary.ID) && (current.Client.Address != merged.Client.Address || current.Client.Undeliverable != merged.Client.Undeliverable) &&
		(whose[FieldStreet] == Others || whose[FieldStreet] == Both)
	contact := func(b, m, c Contact) Contact {
		switch {
		case c.Primary && !m.Primary && !b.Primary && !from(before, c.ID):
			c.Primary = moved
		case moved && from(gone, primary.ID) && b.Primary && !from(before, c.ID): // the new one is primary instead
		case c.Primary == m.Primary && !(chosen && b.Primary):
			c.Primary = b.Primary
		}
		if c.Former == m.Former {
			c.Former = b.Former
		}
		if c.Position == m.Position {
			c.Position = b.Position
		}
		return c
	}
	survivor.Aliases, other.Aliases = part(before.Aliases, gone.Aliases, merged.Aliases, current.Aliases,
		func(a Alias) AliasID { return a.ID }, asNow[Alias], whose.of(RowAlias))
	survivor.Contacts, other.Contacts = part(before.Contacts, gone.Contacts, merged.Contacts, current.Contacts,
		func(r Contact) ContactID { return r.ID }, contact, whose.of(RowContact))
	survivor.Comments, other.Comments = part(before.Comments, gone.Comments, merged.Comments, current.Comments,
		func(r Comment) CommentID { return r.ID }, asNow[Comment], whose.of(RowComment))
	survivor.Doses, other.Doses = part(before.Doses, gone.Doses, merged.Doses, current.Doses,
		func(r Dose) DoseID { return r.ID }, asNow[Dose], whose.of(RowDose))
	survivor.Memberships, other.Memberships = part(before.Memberships, gone.Memberships, merged.Memberships, current.Memberships,
		func(r Membership) OrganizationID { return r.Organization }, partMembership, whose.of(RowMembership))
	survivor.movedWith(merged.Contacts)
	other.movedWith(merged.Contacts)
	for _, w := range []*Whole{&survivor, &other} {
		w.Client.Version++
		w.Client.Updated, w.Client.UpdatedBy, w.Client.UpdatedByName = now, by.Organization, by.OrgName
	}
	return survivor, other
}

// partFields gives the values of fields back.
func partFields(before, merged, current Whole, whose Sorting, survivor, other *Whole) {
	for _, f := range mergeable {
		now, then := &current.Client, &merged.Client
		since := current.Value(f) != merged.Value(f)
		if f == FieldStreet {
			since = now.Address != then.Address || now.Undeliverable != then.Undeliverable
		}
		if since && (whose[f] == Others || whose[f] == Both) {
			giveField(&other.Record, &current.Record, f)
		}
		if !since || whose[f] == Others {
			giveField(&survivor.Record, &before.Record, f)
		}
	}
	c := &survivor.Client
	if c.BirthCertificate == merged.Client.BirthCertificate {
		c.BirthCertificate = before.Client.BirthCertificate
	}
	since := c.Death != merged.Client.Death
	if since && (whose[FieldStatus] == Others || whose[FieldStatus] == Both) {
		other.Client.Death = c.Death
	}
	if !since || whose[FieldStatus] == Others {
		c.Death = before.Client.Death
	}
	// Only records with one lock are merged: what was locked or unlocked since is both.
	other.Client.LockedTo = c.LockedTo
	c.Created = before.Client.Created
}

// giveField makes a field of one record that of another; the parts of an address go
// together.
func giveField(to, from *Record, f Field) {
	if f != FieldStreet {
		set(recordColumns, to, f, valueIn(recordColumns, from, f))
		return
	}
	a, b := &to.Client, &from.Client
	a.Address, a.Undeliverable, a.AddressUpdated = b.Address, b.Undeliverable, b.AddressUpdated
}

// asNow keeps a row as it was edited.
func asNow[T any](_, _, now T) T { return now }

// partMembership takes out of what an organization says what the merge put there.
func partMembership(before, merged, now Membership) Membership {
	if now.ChartNumber == merged.ChartNumber {
		now.ChartNumber = before.ChartNumber
	}
	if now.Reminders == merged.Reminders {
		now.Reminders = before.Reminders
	}
	if now.Status == merged.Status && now.Reason == merged.Reason && now.Since == merged.Since {
		now.Status, now.Reason, now.Since = before.Status, before.Reason, before.Since
	}
	return now
}

// of answers for the rows of a kind.
func (s Sorting) of(kind string) func(id string) Whose {
	return func(id string) Whose { return s[RowField(kind, id, "")] }
}

// part gives the rows of a merged record back. A row that the merge made itself
// goes: only former names are, which nobody edits. Of one that was edited since,
// back leaves the edit and undoes the merge.
func part[T any, ID ~string](before, gone, merged, current []T, id func(T) ID, back func(was, merged, now T) T, whose func(string) Whose) (survivors, others []T) {
	find := func(rows []T, k ID) (T, bool) { return find(rows, k, id) }
	for _, r := range current {
		k := id(r)
		m, inMerged := find(merged, k)
		b, inBefore := find(before, k)
		g, inGone := find(gone, k)
		switch {
		case inBefore && inMerged:
			survivors = append(survivors, back(b, m, r))
		case inGone && inMerged:
			others = append(others, back(g, m, r))
		case inMerged:
		case whose(string(k)) == Others && !inGone:
			others = append(others, r)
		default:
			survivors = append(survivors, r)
		}
	}
	// What was left out, or folded into an equal row, comes back; what someone has
	// deleted since stays deleted.
	for _, b := range before {
		_, inMerged := find(merged, id(b))
		_, inCurrent := find(current, id(b))
		if !inMerged && !inCurrent {
			survivors = append(survivors, b)
		}
	}
	for _, g := range gone {
		_, inMerged := find(merged, id(g))
		_, both := find(before, id(g))
		if !inMerged || both {
			others = append(others, g)
		}
	}
	return survivors, others
}

// movedWith makes the address of a primary contact that is one again, and has moved
// while it was not, the client's own, unless it had none and took the client's; and
// keeps at most one contact as primary, with the client's address.
func (w *Whole) movedWith(merged []Contact) {
	seen := false
	for i := range w.Contacts {
		r := &w.Contacts[i]
		if !r.Primary || seen {
			r.Primary = false
			continue
		}
		seen = true
		m := slices.IndexFunc(merged, func(m Contact) bool { return m.ID == r.ID && !m.Primary })
		if m >= 0 && !merged[m].Address.IsZero() && (merged[m].Address != r.Address || merged[m].Undeliverable != r.Undeliverable) {
			w.Client.Address, w.Client.Undeliverable = r.Address, r.Undeliverable
		}
		r.Address, r.Undeliverable = w.Client.Address, w.Client.Undeliverable
	}
}

// find returns the row with an ID.
func find[T any, ID ~string](rows []T, k ID, id func(T) ID) (T, bool) {
	if i := slices.IndexFunc(rows, func(r T) bool { return id(r) == k }); i >= 0 {
		return rows[i], true
	}
	var none T
	return none, false
}
