package iis

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// recordColumns are the fields of the Personal Information screen and of the
// Client Information tab, in screen order.
var recordColumns = []column[Record]{
	{FieldLast, "Last Name", text(128, nameSigns),
		func(r *Record) string { return r.Client.Name.Last }, func(r *Record, s string) { r.Client.Name.Last = s }},
	{FieldFirst, "First Name", text(128, nameSigns),
		func(r *Record) string { return r.Client.Name.First }, func(r *Record, s string) { r.Client.Name.First = s }},
	{FieldMiddle, "Middle Name", text(128, nameSigns),
		func(r *Record) string { return r.Client.Name.Middle }, func(r *Record, s string) { r.Client.Name.Middle = s }},
	{FieldSuffix, "Name Suffix", oneOf(Suffixes...),
		func(r *Record) string { return r.Client.Name.Suffix }, func(r *Record, s string) { r.Client.Name.Suffix = s }},
	{FieldBirthDate, "Birth Date", readPastDate,
		func(r *Record) string { return r.Client.BirthDate.String() }, func(r *Record, s string) { r.Client.BirthDate = date(s) }},
	{FieldBirthCountry, "Birth Country", readCountry,
		func(r *Record) string { return r.Client.BirthCountry }, func(r *Record, s string) { r.Client.BirthCountry = s }},
	{FieldGender, "Gender", mustBe("M", "F", "U"),
		func(r *Record) string { return string(r.Client.Gender) }, func(r *Record, s string) { r.Client.Gender = Gender(s) }},
	{FieldMaidenLast, "Mother's Maiden Last", text(128, nameSigns),
		func(r *Record) string { return r.Client.MotherMaidenLast }, func(r *Record, s string) { r.Client.MotherMaidenLast = s }},
	{FieldMotherFirst, "Mother's First Name", text(128, nameSigns),
		func(r *Record) string { return r.Client.MotherFirst }, func(r *Record, s string) { r.Client.MotherFirst = s }},
	{FieldPhone, "Phone", readPhone,
		func(r *Record) string { return r.Client.Phone }, func(r *Record, s string) { r.Client.Phone = s }},
	{FieldEmail, "Email", readEmail,
		func(r *Record) string { return r.Client.Email }, func(r *Record, s string) { r.Client.Email = s }},
	{FieldStreet, "Street Address", address(128),
		func(r *Record) string { return r.Client.Address.Street }, func(r *Record, s string) { r.Client.Address.Street = s }},
	{FieldOther, "Other Address", address(128),
		func(r *Record) string { return r.Client.Address.Other }, func(r *Record, s string) { r.Client.Address.Other = s }},
	{FieldPOBox, "P.O. Box", address(32),
		func(r *Record) string { return r.Client.Address.POBox }, func(r *Record, s string) { r.Client.Address.POBox = s }},
	{FieldCity, "City", address(64),
		func(r *Record) string { return r.Client.Address.City }, func(r *Record, s string) { r.Client.Address.City = s }},
	{FieldState, "State", readState,
		func(r *Record) string { return r.Client.Address.State }, func(r *Record, s string) { r.Client.Address.State = s }},
	{FieldZip, "Zip", readZip,
		func(r *Record) string { return r.Client.Address.Zip }, func(r *Record, s string) { r.Client.Address.Zip = s }},
	{FieldCounty, "County", address(64),
		func(r *Record) string { return r.Client.Address.County }, func(r *Record, s string) { r.Client.Address.County = s }},
	{FieldUndeliverable, "Undeliverable Address", readTick,
		func(r *Record) string { return yesNo(r.Client.Undeliverable) }, func(r *Record, s string) { r.Client.Undeliverable = s == Yes }},
	{FieldRace, "Race", readCodes(RaceCodes),
		func(r *Record) string { return strings.Join(r.Client.Race, ",") },
		func(r *Record, s string) {
			r.Client.Race = strings.FieldsFunc(s, func(c rune) bool { return c == ',' })
		}},
	{FieldEthnicity, "Ethnicity", readCodes(EthnicityCodes),
		func(r *Record) string { return r.Client.Ethnicity }, func(r *Record, s string) { r.Client.Ethnicity = s }},
	{FieldChart, "Chart number", text(64, codeSigns),
		func(r *Record) string { return r.Membership.ChartNumber }, func(r *Record, s string) { r.Membership.ChartNumber = s }},
	{FieldStatus, "Status", mustBe(string(Active), string(Inactive), string(StatusDeceased)),
		func(r *Record) string {
			if r.Client.Deceased() {
				return string(StatusDeceased)
			}
			if r.Client.Version > 0 && !r.Membership.OnFile {
				return "" // the organization has said nothing: Active would be a change
			}
			return string(r.Membership.Status)
		},
		func(r *Record, s string) {
			if Status(s) != StatusDeceased {
				r.Membership.Status = Status(s)
			}
		}},
	{FieldReason, "Reason for Inactive", readReason,
		func(r *Record) string { return r.Membership.Reason }, func(r *Record, s string) { r.Membership.Reason = s }},
	{FieldReminders, "Allow Reminder and Recall Contact?", mustBe(Yes, No),
		func(r *Record) string { return yesNo(r.Membership.Reminders) }, func(r *Record, s string) { r.Membership.Reminders = s == Yes }},
	{FieldSharing, "Allow Sharing of Immunization data?", mustBe(Yes, No),
		func(r *Record) string { return yesNo(r.Client.LockedTo == "") },
		func(r *Record, s string) {
			switch {
			case s == Yes:
				r.Client.LockedTo = ""
			case r.Client.LockedTo == "":
				r.Client.LockedTo = r.Membership.Organization
			}
		}},
	{FieldDied, "Date of death", readPastDate,
		func(r *Record) string { return r.Client.Death.Date.String() }, func(r *Record, s string) { r.Client.Death.Date = date(s) }},
	{FieldDeathSource, "Source", oneOf(DeathSources...),
		func(r *Record) string { return r.Client.Death.Source }, func(r *Record, s string) { r.Client.Death.Source = s }},
}

// keptColumns are values of a record that only the program itself sets; they
// belong to the change history but to no form.
var keptColumns = []column[Record]{
	{FieldAddressUpdated, "Address Last Updated Date", nil,
		func(r *Record) string { return r.Client.AddressUpdated.String() }, nil},
	{FieldCertificate, "Birth certificate on file", nil,
		func(r *Record) string { return yesNo(r.Client.BirthCertificate != "") }, nil},
}

var contactColumns = []column[Contact]{
	{"last", "Last Name", text(128, nameSigns),
		func(c *Contact) string { return c.Name.Last }, func(c *Contact, s string) { c.Name.Last = s }},
	{"first", "First Name", text(128, nameSigns),
		func(c *Contact) string { return c.Name.First }, func(c *Contact, s string) { c.Name.First = s }},
	{"middle", "Middle Name", text(128, nameSigns),
		func(c *Contact) string { return c.Name.Middle }, func(c *Contact, s string) { c.Name.Middle = s }},
	{"relation", "Relationship", readRelation,
		func(c *Contact) string { return string(c.Relation) }, func(c *Contact, s string) { c.Relation = Relation(s) }},
	{"phone", "Telephone", readPhone,
		func(c *Contact) string { return c.Phone }, func(c *Contact, s string) { c.Phone = s }},
	{"extension", "Extension", text(10, ""),
		func(c *Contact) string { return c.Extension }, func(c *Contact, s string) { c.Extension = s }},
	{FieldStreet, "Street Address", address(128),
		func(c *Contact) string { return c.Address.Street }, func(c *Contact, s string) { c.Address.Street = s }},
	{FieldOther, "Other Address", address(128),
		func(c *Contact) string { return c.Address.Other }, func(c *Contact, s string) { c.Address.Other = s }},
	{FieldPOBox, "P.O. Box", address(32),
		func(c *Contact) string { return c.Address.POBox }, func(c *Contact, s string) { c.Address.POBox = s }},
	{FieldCity, "City", address(64),
		func(c *Contact) string { return c.Address.City }, func(c *Contact, s string) { c.Address.City = s }},
	{FieldState, "State", readState,
		func(c *Contact) string { return c.Address.State }, func(c *Contact, s string) { c.Address.State = s }},
	{FieldZip, "Zip", readZip,
		func(c *Contact) string { return c.Address.Zip }, func(c *Contact, s string) { c.Address.Zip = s }},
	{FieldCounty, "County", address(64),
		func(c *Contact) string { return c.Address.County }, func(c *Contact, s string) { c.Address.County = s }},
	{"notices", "Notices?", readTick,
		func(c *Contact) string { return yesNo(c.Notices) }, func(c *Contact, s string) { c.Notices = s == Yes }},
	{"primary", "Client's Primary Address?", readTick,
		func(c *Contact) string { return yesNo(c.Primary) }, func(c *Contact, s string) { c.Primary = s == Yes }},
	{FieldUndeliverable, "Undeliverable Address?", readTick,
		func(c *Contact) string { return yesNo(c.Undeliverable) }, func(c *Contact, s string) { c.Undeliverable = s == Yes }},
}

var formerColumn = column[Contact]{"former", "Former address until", nil,
	func(c *Contact) string { return c.Former.String() }, nil}

// contactValues are the columns of a contact and what the program itself sets.
var contactValues = append(slices.Clip(contactColumns), formerColumn)

var commentColumns = []column[Comment]{
	{"code", "Client Comment", readComment,
		func(c *Comment) string { return string(c.Code) }, func(c *Comment, s string) { c.Code = CommentCode(s) }},
	{"date", "Applies-To Date", readPastDate,
		func(c *Comment) string { return c.Date.String() }, func(c *Comment, s string) { c.Date = date(s) }},
}

// rowNames are the fields of a kind of row that a form may set.
func rowNames(row string) []Field {
	switch row {
	case RowContact:
		return namesOf(contactColumns)
	case RowComment:
		return namesOf(commentColumns)
	case RowDose:
		return namesOf(doseColumns)
	}
	return nil
}

func namesOf[T any](cols []column[T]) []Field {
	names := make([]Field, len(cols))
	for i := range cols {
		names[i] = cols[i].name
	}
	return names
}

// DeathSources are who told of a death.
var DeathSources = []string{"Family", "Vital records", "Other"}

// date reads a text that a column's read has found to be one.
func date(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic("iis: a column was set with a date that was not read")
	}
	return d
}

func readCountry(s string, today Date) (string, error) { return oneOf(codesOf(Countries)...)(s, today) }
func readState(s string, today Date) (string, error) {
	return oneOf(codesOf(States)...)(strings.ToUpper(s), today)
}
func readReason(s string, today Date) (string, error) {
	return oneOf(codesOf(InactiveReasons)...)(s, today)
}

func readRelation(s string, _ Date) (string, error) {
	switch {
	case s == "":
		return "", fmt.Errorf("is not chosen: choose the relationship of the contact")
	case !ValidRelation(Relation(s)):
		return "", fmt.Errorf("is not one of the choices: choose one from the list")
	}
	return s, nil
}

func readComment(s string, _ Date) (string, error) {
	if s == "" {
		return "", fmt.Errorf("is not chosen: choose the comment from the list")
	}
	if _, ok := CommentRowOf(CommentCode(s)); !ok {
		return "", fmt.Errorf("is not one of the choices: choose the comment from the list")
	}
	return s, nil
}

// Values is a record as text, field by field, as the change history and drafts
// hold it. A row has a value of its own, "Yes", while it exists.
type Values map[Field]string

// Values returns every field of the record as canonical text.
func (r Record) Values() Values {
	v := make(Values, 32+20*len(r.Contacts)+3*len(r.Comments)+22*len(r.Doses))
	maps.Insert(v, r.All())
	return v
}

// All yields every field of the record and its value, in screen order. Empty
// values of rows are left out.
func (r Record) All() func(yield func(Field, string) bool) {
	return func(yield func(Field, string) bool) {
		for _, cols := range [][]column[Record]{recordColumns, keptColumns} {
			for i := range cols {
				if !yield(cols[i].name, cols[i].get(&r)) {
					return
				}
			}
		}
		for _, a := range r.Aliases {
			row := []struct{ name, value string }{{"", Yes}, {"last", a.Name.Last}, {"first", a.Name.First}, {"middle", a.Name.Middle}, {"birth", a.BirthDate.String()}}
			for _, f := range row {
				if f.value != "" && !yield(RowField(RowAlias, a.ID, f.name), f.value) {
					return
				}
			}
		}
		for i := range r.Contacts {
			if !rowValues(RowContact, r.Contacts[i].ID, &r.Contacts[i], contactValues, yield) {
				return
			}
		}
		for i := range r.Comments {
			if !rowValues(RowComment, r.Comments[i].ID, &r.Comments[i], commentColumns, yield) {
				return
			}
		}
		for i := range r.Doses {
			if !rowValues(RowDose, r.Doses[i].ID, &r.Doses[i], doseColumns, yield) {
				return
			}
		}
	}
}

func rowValues[T any, ID ~string](row string, id ID, t *T, cols []column[T], yield func(Field, string) bool) bool {
	if !yield(RowField(row, id, ""), Yes) {
		return false
	}
	for i := range cols {
		if s := cols[i].get(t); s != "" && !yield(RowField(row, id, string(cols[i].name)), s) {
			return false
		}
	}
	return true
}

// Get returns the value of a field.
func (v Values) Get(f Field) string { return v[f] }

// Value returns the value of one field as canonical text.
func (r *Record) Value(f Field) string {
	row, id, name, ok := f.Row()
	if !ok {
		return cmp.Or(valueIn(recordColumns, r, f), valueIn(keptColumns, r, f))
	}
	switch row {
	case RowContact:
		if i := slices.IndexFunc(r.Contacts, func(c Contact) bool { return string(c.ID) == id }); i >= 0 {
			return rowValue(contactValues, &r.Contacts[i], name)
		}
	case RowComment:
		if i := slices.IndexFunc(r.Comments, func(c Comment) bool { return string(c.ID) == id }); i >= 0 {
			return rowValue(commentColumns, &r.Comments[i], name)
		}
	case RowDose:
		if i := slices.IndexFunc(r.Doses, func(d Dose) bool { return string(d.ID) == id }); i >= 0 {
			return rowValue(doseColumns, &r.Doses[i], name)
		}
	}
	return ""
}

func rowValue[T any](cols []column[T], t *T, name string) string {
	if name == "" {
		return Yes
	}
	return valueIn(cols, t, Field(name))
}

// Differences returns every field whose value differs from before to after, in
// screen order of after, then what only before has.
func Differences(before, after Record) []Change {
	var changes []Change
	for _, cols := range [][]column[Record]{recordColumns, keptColumns} {
		for i := range cols {
			if old, now := cols[i].get(&before), cols[i].get(&after); old != now {
				changes = append(changes, Change{cols[i].name, old, now})
			}
		}
	}
	if slices.Equal(before.Aliases, after.Aliases) && slices.Equal(before.Contacts, after.Contacts) && slices.Equal(before.Comments, after.Comments) && slices.Equal(before.Doses, after.Doses) {
		return changes
	}
	old, seen := before.Values(), map[Field]bool{}
	for f, s := range after.All() {
		if _, _, _, ok := f.Row(); !ok {
			continue
		}
		if seen[f] = true; old[f] != s {
			changes = append(changes, Change{f, old[f], s})
		}
	}
	for f, s := range before.All() {
		if _, _, _, ok := f.Row(); ok && !seen[f] {
			changes = append(changes, Change{f, s, ""})
		}
	}
	return changes
}

// Label returns the words of a field as the screen has them, "" if there is no
// such field.
func (f Field) Label() string {
	if row, _, name, ok := f.Row(); ok {
		switch row {
		case RowContact:
			return columnLabel(contactValues, Field(name), "Contact")
		case RowComment:
			return columnLabel(commentColumns, Field(name), "Client Comment")
		case RowDose:
			return columnLabel(doseColumns, Field(name), "Immunization")
		case RowAlias:
			return columnLabel(recordColumns, Field(name), "Also known as")
		}
		return ""
	}
	return columnLabel(slices.Concat(recordColumns, keptColumns), f, "")
}

func columnLabel[T any](cols []column[T], name Field, whole string) string {
	if name == "" {
		return whole
	}
	for i := range cols {
		if cols[i].name == name {
			return cols[i].label
		}
	}
	return ""
}

// Editable reports whether f is a field that a form may set.
func (f Field) Editable() bool {
	_, ok := f.reader()
	return ok
}

func (f Field) reader() (func(string, Date) (string, error), bool) {
	if row, id, name, ok := f.Row(); ok {
		switch {
		case id == "" || len(id) > 64:
			return nil, false
		case name == "" && (row == RowContact || row == RowComment || row == RowDose):
			return oneOf(Yes), true
		case row == RowContact:
			return readerIn(contactColumns, Field(name))
		case row == RowComment:
			return readerIn(commentColumns, Field(name))
		case row == RowDose:
			return readerIn(doseColumns, Field(name))
		}
		return nil, false
	}
	return readerIn(recordColumns, f)
}

func readerIn[T any](cols []column[T], name Field) (func(string, Date) (string, error), bool) {
	for i := range cols {
		if cols[i].name == name && cols[i].read != nil {
			return cols[i].read, true
		}
	}
	return nil, false
}

// Read turns what was typed into a field into its canonical text; the error
// says what is wrong, for a sentence that begins with the field's label.
func (f Field) Read(typed string, today Date) (string, error) {
	read, ok := f.reader()
	if !ok {
		return "", fmt.Errorf("is not a field that can be set")
	}
	return read(typed, today)
}

// Show turns a canonical text into what the screen shows: dates as 09/21/2009,
// codes as their labels. Text that is not canonical stays as it is.
func (f Field) Show(value string) string {
	name := f
	if row, _, n, ok := f.Row(); ok {
		name = Field(n)
		if list, ok := doseLists[name]; ok && row == RowDose {
			return labelsOf(list, value)
		}
	}
	switch name {
	case FieldBirthDate, FieldDied, FieldAddressUpdated, "date", "former", "expires", "vis":
		if d, err := ParseDate(value); err == nil {
			return d.US()
		}
	case FieldBirthCountry:
		return labelOf(Countries, value)
	case FieldReason:
		return labelOf(InactiveReasons, value)
	case FieldRace, FieldEthnicity:
		return labelsOf(slices.Concat(RaceCodes, EthnicityCodes), value)
	case "relation":
		return Relation(value).Label()
	case "code":
		if row, ok := CommentRowOf(CommentCode(value)); ok {
			return row.Label
		}
	}
	return value
}

// Choice is a code and its words, for a list to choose from.
type Choice struct{ Code, Label string }

func codesOf(list []Choice) []string {
	codes := make([]string, len(list))
	for i := range list {
		codes[i] = list[i].Code
	}
	return codes
}

// doseLists are the fields of a dose that hold codes.
var doseLists = map[Field][]Choice{
	"route": Routes, "site": Sites, "eligibility": Eligibilities, "funding": Fundings,
	"source": Sources, "refusal": Refusals, "reactions": Reactions,
}

// labelsOf returns the words of codes joined by commas; a code that is not in the
// list stays as it is.
func labelsOf(list []Choice, codes string) string {
	if codes == "" {
		return ""
	}
	var labels []string
	for code := range strings.SplitSeq(codes, ",") {
		labels = append(labels, labelOf(list, code))
	}
	return strings.Join(labels, ", ")
}

func labelOf(list []Choice, code string) string {
	for _, c := range list {
		if c.Code == code {
			return c.Label
		}
	}
	return code
}
