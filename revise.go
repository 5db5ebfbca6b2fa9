package iis

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Edit is one Save: every change of the Personal Information and the three
// tabs, as typed.
type Edit struct {
	Changes []Change
}

// Confirmable are the details a clerk can verify before editing (guide 12, 15).
var Confirmable = []string{"Last name", "First name", "Birth date", "Address", "Phone", "Mother's name"}

// Revise returns the record as it stands after the edit. It applies each change
// whose field still has the value the change began from; a field that someone
// else has set meanwhile to something else is a clash. A change with Old equal
// to New changes nothing and only insists that the field is still the same.
//
// The error is Conflict with the clashes, or Invalid with every problem. Only
// fields that change are judged, so that an old bad value never keeps the rest
// from being saved (guide 25).
func (r Record) Revise(e Edit, a Actor, now time.Time, today Date) (Record, error) {
	after := r.clone()
	v := revision{before: r, after: &after, actor: a, now: now, today: today}
	v.apply(e.Changes)
	if len(v.clashes) > 0 {
		return r, &Error{Kind: Conflict, Text: "Someone else has changed the same details.", Clashes: v.clashes}
	}
	v.shareAddress()
	v.judge(e)
	if err := Problems(v.problems...); err != nil {
		return r, err
	}
	v.finish()
	return after, nil
}

// deleted stands in a Clash for the value of a row that one of the two has deleted.
const deleted = "(deleted)"

func (r Record) clone() Record {
	r.Contacts = slices.Clone(r.Contacts)
	r.Comments = slices.Clone(r.Comments)
	r.Doses = slices.Clone(r.Doses)
	r.Aliases = slices.Clone(r.Aliases)
	r.Client.Race = slices.Clone(r.Client.Race)
	return r
}

// revision is one run of Revise.
type revision struct {
	before   Record
	after    *Record
	actor    Actor
	now      time.Time
	today    Date
	changed  map[Field]bool // fields set by the edit
	newPrime ContactID      // contact ticked as primary by the edit
	problems []Problem
	clashes  []Clash
}

func (v *revision) problem(f Field, format string, args ...any) {
	v.problems = append(v.problems, Problem{f, fmt.Sprintf(format, args...)})
}

// apply sets every changed field, rows that appear first.
func (v *revision) apply(changes []Change) {
	v.changed = make(map[Field]bool, len(changes))
	rowsFirst := slices.Clone(changes)
	slices.SortStableFunc(rowsFirst, func(a, b Change) int { return rowRank(a) - rowRank(b) })
	gone := map[Field]bool{}
	for _, c := range rowsFirst {
		row, id, name, isRow := c.Field.Row()
		if !c.Field.Editable() {
			v.problem(c.Field, "This cannot be changed here.")
			continue
		}
		fresh := c.New
		if c.New != c.Old {
			read, err := c.Field.Read(c.New, v.today)
			if err != nil && !(isRow && gone[RowField(row, id, "")]) {
				v.problem(c.Field, "%s %s.", c.Field.Label(), err)
				continue
			}
			fresh = read
		}
		current := v.before.Value(c.Field)
		if isRow && name != "" && v.before.Value(RowField(row, id, "")) == "" && !v.changed[RowField(row, id, "")] {
			if c.New != c.Old {
				v.clashes = append(v.clashes, Clash{c.Field, c.Old, deleted, c.New})
			}
			continue
		}
		switch {
		case isRow && name != "" && gone[RowField(row, id, "")]:
			if c.Old == c.New && current != c.Old {
				v.clashes = append(v.clashes, Clash{c.Field, c.Old, current, deleted})
			}
			continue
		case current == fresh:
			continue
		case current != c.Old:
			v.clashes = append(v.clashes, Clash{c.Field, c.Old, current, fresh})
			continue
		}
		v.changed[c.Field] = true
		switch {
		case isRow && name == "" && fresh == "":
			gone[c.Field] = true
			v.remove(row, id)
		case isRow && name == "":
			v.add(row, id)
		case row == RowContact:
			set(contactColumns, v.contact(ContactID(id)), Field(name), fresh)
			if name == "primary" && fresh == Yes {
				v.newPrime = ContactID(id)
			}
		case row == RowComment:
			set(commentColumns, v.comment(CommentID(id)), Field(name), fresh)
		case row == RowDose:
			set(doseColumns, v.dose(DoseID(id)), Field(name), fresh)
		default:
			set(recordColumns, v.after, c.Field, fresh)
		}
	}
}

// rowRank orders changes: rows come and go before their fields are set.
func rowRank(c Change) int {
	if _, _, name, ok := c.Field.Row(); ok && name == "" {
		return 0
	}
	return 1
}

func set[T any](cols []column[T], t *T, name Field, value string) {
	for i := range cols {
		if cols[i].name == name {
			cols[i].set(t, value)
			return
		}
	}
}

func (v *revision) contact(id ContactID) *Contact {
	i := slices.IndexFunc(v.after.Contacts, func(c Contact) bool { return c.ID == id })
	return &v.after.Contacts[i]
}

func (v *revision) comment(id CommentID) *Comment {
	i := slices.IndexFunc(v.after.Comments, func(c Comment) bool { return c.ID == id })
	return &v.after.Comments[i]
}

func (v *revision) add(row, id string) {
	switch row {
	case RowContact:
		v.after.Contacts = append(v.after.Contacts, Contact{ID: ContactID(id), Position: nextPosition(v.after.Contacts)})
	case RowComment:
		v.after.Comments = append(v.after.Comments, Comment{ID: CommentID(id), By: v.actor.Organization, ByName: v.actor.OrgName, Entered: v.now})
	case RowDose:
		v.after.Doses = append(v.after.Doses, Dose{ID: DoseID(id), By: v.actor.Organization, ByName: v.actor.OrgName, Entered: v.now})
	}
}

func nextPosition(contacts []Contact) int {
	n := 0
	for _, c := range contacts {
		n = max(n, c.Position)
	}
	return n + 1
}

func (v *revision) remove(row, id string) {
	switch row {
	case RowContact:
		v.after.Contacts = slices.DeleteFunc(v.after.Contacts, func(c Contact) bool { return c.ID == ContactID(id) })
	case RowComment:
		v.after.Comments = slices.DeleteFunc(v.after.Comments, func(c Comment) bool { return c.ID == CommentID(id) })
	case RowDose:
		v.after.Doses = slices.DeleteFunc(v.after.Doses, func(d Dose) bool { return d.ID == DoseID(id) })
	}
}

// addressFields are the parts that the client's address and a contact's have in
// common.
var addressFields = []Field{FieldStreet, FieldOther, FieldPOBox, FieldCity, FieldState, FieldZip, FieldCounty, FieldUndeliverable}

// AddressFields are the fields of the client's address. An edit that changes one
// of them insists on the others, so that two people never make up an address
// between them.
func AddressFields() []Field { return slices.Clone(addressFields[:7]) }

// shareAddress keeps the client's address and that of the contact marked as the
// client's primary address one value (guide 51, 55).
func (v *revision) shareAddress() {
	was, _ := v.before.Primary()
	if v.newPrime != "" {
		for i := range v.after.Contacts {
			v.after.Contacts[i].Primary = v.after.Contacts[i].ID == v.newPrime
		}
	}
	c, ok := v.after.Primary()
	if !ok {
		return
	}
	contact := v.contact(c.ID)
	contact.Former = Date{} // the client has moved back
	if was.ID == contact.ID || contact.Address.IsZero() {
		// The same value seen twice: a part changed in either place changes both.
		for _, f := range addressFields {
			cf := RowField(RowContact, contact.ID, string(f))
			ours, theirs := valueIn(recordColumns, v.after, f), valueIn(contactColumns, contact, f)
			switch {
			case ours == theirs:
			case v.changed[f] && v.changed[cf]:
				v.problem(f, "%s differs from that of the contact marked Client's Primary Address: make them the same.", f.Label())
				v.problem(cf, "%s differs from that of the client: make them the same.", cf.Label())
			case v.changed[cf]:
				set(recordColumns, v.after, f, theirs)
				v.changed[f] = true
			default:
				set(contactColumns, contact, f, ours)
			}
		}
		return
	}
	// Another contact's address becomes the client's.
	for _, f := range addressFields {
		theirs := valueIn(contactColumns, contact, f)
		if v.changed[f] && valueIn(recordColumns, v.after, f) != theirs {
			v.problem(f, "%s differs from that of the contact marked Client's Primary Address: make them the same.", f.Label())
			v.problem(RowField(RowContact, contact.ID, string(f)), "%s differs from that of the client: make them the same.", f.Label())
			continue
		}
		if valueIn(recordColumns, v.after, f) != theirs {
			set(recordColumns, v.after, f, theirs)
			v.changed[f] = true
		}
	}
}

func valueIn[T any](cols []column[T], t *T, name Field) string {
	for i := range cols {
		if cols[i].name == name {
			return cols[i].get(t)
		}
	}
	return ""
}

// Primary returns the contact marked as the client's primary address.
func (r Record) Primary() (Contact, bool) {
	for _, c := range r.Contacts {
		if c.Primary {
			return c, true
		}
	}
	return Contact{}, false
}

// judge finds what breaks a rule across fields, looking only at what changed.
func (v *revision) judge(e Edit) {
	c, was := v.after.Client, v.before.Client
	isNew := v.before.Client.Version == 0
	if c.Name.Last == "" && (isNew || v.changed[FieldLast]) {
		v.problem(FieldLast, "Last Name is missing: enter it. Someone with a single name has it here.")
	}
	if isNew && c.BirthDate.IsZero() || v.changed[FieldBirthDate] && c.BirthDate.IsZero() {
		if !v.has(FieldBirthDate) {
			v.problem(FieldBirthDate, "Birth Date is missing: enter it.")
		}
	}
	if isNew && c.Gender == "" && !v.has(FieldGender) {
		v.problem(FieldGender, "Gender is not chosen: choose M, F or Unknown.")
	}
	if v.changed[FieldBirthDate] && was.BirthDateLocked() && !v.actor.May(CorrectBirthDate) {
		v.problem(FieldBirthDate, "Birth Date is locked: a birth certificate number is on file. Contact the help desk if it looks wrong.")
	}
	v.judgeMembership(e)
	if v.changed[FieldSharing] && c.LockedTo == "" && was.LockedTo != v.actor.Organization && !v.actor.May(UnlockAny) {
		v.problem(FieldSharing, "Only the organization the record is locked to can unlock it.")
	}
	for i := range v.after.Contacts {
		v.judgeContact(&v.after.Contacts[i])
	}
	for i := range v.after.Comments {
		v.judgeComment(i)
	}
	v.judgeDoses()
	for _, old := range v.before.Contacts {
		if old.Primary && old.Relation == Self && !slices.ContainsFunc(v.after.Contacts, func(c Contact) bool { return c.ID == old.ID }) {
			if _, ok := v.after.Primary(); !ok {
				v.problem(RowField(RowContact, old.ID, ""), "The client's own contact is the client's primary address: mark another contact as primary before deleting it.")
			}
		}
	}
}

// has reports whether a problem with the field is known already.
func (v *revision) has(f Field) bool {
	return slices.ContainsFunc(v.problems, func(p Problem) bool { return p.Field == f })
}

func (v *revision) judgeMembership(e Edit) {
	m := &v.after.Membership
	deceased := wants(e.Changes, FieldStatus) == string(StatusDeceased)
	switch {
	case deceased && !v.before.Client.Deceased():
		if v.after.Client.Death.Source == "" {
			v.problem(FieldDeathSource, "Source is not chosen: choose who told of the death.")
		}
		if d := v.after.Client.Death.Date; !d.IsZero() && d.Before(v.after.Client.BirthDate) {
			v.problem(FieldDied, "Date of death is before the birth date: check the year.")
		}
	case m.Status == Inactive && m.Reason == "" && (v.changed[FieldStatus] || v.changed[FieldReason]):
		v.problem(FieldReason, "Reason for Inactive is not chosen: choose why the client is no longer one of yours.")
	case m.Status == Active && v.changed[FieldStatus]:
		m.Reason = ""
	}
	if v.changed[FieldStatus] && v.before.Client.Deceased() {
		v.problem(FieldStatus, "Status is Deceased: take the mark back before choosing another.")
	}
	if !deceased && (v.changed[FieldDied] || v.changed[FieldDeathSource]) {
		v.problem(FieldDied, "Date of death belongs to the status Deceased.")
	}
}

// wants returns what the changes set f to.
func wants(changes []Change, f Field) string {
	for _, c := range changes {
		if c.Field == f && c.Old != c.New {
			return c.New
		}
	}
	return ""
}

func (v *revision) judgeContact(c *Contact) {
	if !v.touched(RowContact, string(c.ID)) {
		return
	}
	if c.Name.Last == "" && c.Name.First == "" {
		v.problem(RowField(RowContact, c.ID, "last"), "Last Name of the contact is missing: enter a last or a first name.")
	}
	if f := RowField(RowContact, c.ID, "relation"); c.Relation == "" && !v.has(f) {
		v.problem(f, "Relationship of the contact is not chosen: choose it.")
	}
}

func (v *revision) judgeComment(i int) {
	c := v.after.Comments[i]
	if !v.touched(RowComment, string(c.ID)) {
		return
	}
	code, dated := RowField(RowComment, c.ID, "code"), RowField(RowComment, c.ID, "date")
	row, ok := CommentRowOf(c.Code)
	if !ok {
		if !v.has(code) {
			v.problem(code, "Client Comment is not chosen: choose it from the list.")
		}
		return
	}
	if c.Date.IsZero() && row.NeedsDate && !v.has(dated) {
		v.problem(dated, "Applies-To Date is missing: enter the day the titer was drawn, the exemption began or the vaccine was refused.")
	}
	if !c.Date.IsZero() && c.Date.Before(v.after.Client.BirthDate) {
		v.problem(dated, "Applies-To Date is before the birth date: check the year.")
	}
	for j, other := range v.after.Comments {
		if j != i && other.Code == c.Code && other.Date == c.Date && (j < i || !v.touched(RowComment, string(other.ID))) {
			v.problem(code, "This comment with this date is in the listing already.")
		}
	}
}

func (v *revision) touched(row, id string) bool {
	prefix := row + "/" + id
	for f := range v.changed {
		if string(f) == prefix || strings.HasPrefix(string(f), prefix+"/") {
			return true
		}
	}
	return false
}

// finish writes what follows from the changes: the alias, the former address,
// the dates, who did it.
func (v *revision) finish() {
	c, was := &v.after.Client, v.before.Client
	isNew := was.Version == 0
	c.Version++
	slices.SortStableFunc(v.after.Doses, func(a, b Dose) int { return a.Date.Compare(b.Date) })
	if v.dosesOnly() {
		return // "Last Updated by" speaks of the client's details
	}
	c.Updated, c.UpdatedBy, c.UpdatedByName = v.now, v.actor.Organization, v.actor.OrgName
	if isNew {
		c.Created = v.now
	}
	if !isNew && (!sameName(c.Name.Last, was.Name.Last) || !sameName(c.Name.First, was.Name.First) || c.BirthDate != was.BirthDate) {
		v.after.Aliases = slices.Insert(v.after.Aliases, 0, Alias{
			ID:        AliasID(NewID()),
			Name:      Name{Last: was.Name.Last, First: was.Name.First, Middle: was.Name.Middle},
			BirthDate: was.BirthDate, Until: v.now, By: v.actor.Organization,
		})
	}
	if c.Address != was.Address {
		c.AddressUpdated = v.today
		v.keepFormerAddress()
	}
	m := &v.after.Membership
	if m.Status == Active {
		m.Reason = ""
	}
	dies := c.Death.Source != "" && was.Death.Source == ""
	if v.changed[FieldStatus] && !(dies && v.before.Membership.OnFile) || v.changed[FieldReason] {
		m.Since = v.today // Deceased is no status of the organization's
	}
	if v.before.Membership != *m || isNew || v.changed[FieldStatus] || v.changed[FieldSharing] {
		m.OnFile = true
	}
	if dies {
		c.Death.Recorded, c.Death.By = v.now, v.actor.Organization
	}
	slices.SortStableFunc(v.after.Comments, func(a, b Comment) int { return a.Date.Compare(b.Date) })
}

// dosesOnly reports whether the edit changed nothing but doses.
func (v *revision) dosesOnly() bool {
	for f := range v.changed {
		if row, _, _, _ := f.Row(); row != RowDose {
			return false
		}
	}
	return len(v.changed) > 0
}

// keepFormerAddress keeps an address that was replaced as a row of the listing,
// another point to verify the client by (guide 16). It is there already if it was
// kept before, or stays with the contact who was the primary one.
func (v *revision) keepFormerAddress() {
	old := v.before.Client.Address
	if old.IsZero() || extends(v.after.Client.Address, old) {
		return
	}
	was, _ := v.before.Primary()
	for _, c := range v.after.Contacts {
		if c.Address == old && (!c.Former.IsZero() || c.ID == was.ID) {
			return
		}
	}
	v.after.Contacts = append(v.after.Contacts, Contact{
		ID: ContactID(NewID()), Name: v.before.Client.Name, Relation: Self,
		Address: old, Undeliverable: v.before.Client.Undeliverable,
		Former: v.today, Position: nextPosition(v.after.Contacts),
	})
}

// extends reports whether a only adds parts that old lacked.
func extends(a, old Address) bool {
	for _, p := range [][2]string{{a.Street, old.Street}, {a.Other, old.Other}, {a.POBox, old.POBox}, {a.City, old.City},
		{a.State, old.State}, {a.Zip, old.Zip}, {a.County, old.County}} {
		if p[1] != "" && p[0] != p[1] {
			return false
		}
	}
	return true
}

// sameName compares names as the screen shows them, in upper case.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }
