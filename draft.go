package iis

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Draft is what one user has changed on one client's screens and not yet
// saved. It lives on the server, so that a crash, a time-out or a closed tab
// loses nothing, and it is how Next, New, Copy, Delete and Cancel work whether
// or not the browser runs a script.
type Draft struct {
	Client  ClientID `json:"client"` // "" for a new client
	Screen  Screen   `json:"-"`      // a client has a draft for each
	Changes []Change `json:"changes,omitempty"`

	// Contact and Comment are the rows whose details are open; "" for the first.
	Contact ContactID `json:"contact,omitempty"`
	Comment CommentID `json:"comment,omitempty"`
	// NewContact and NewComment say that the open row was begun by New or Copy
	// and has not yet been put into the listing by Next.
	NewContact bool `json:"newContact,omitempty"`
	NewComment bool `json:"newComment,omitempty"`
	// ContactWas and CommentWas are the changes of the open row when it was
	// opened, for Cancel.
	ContactWas []Change `json:"contactWas,omitempty"`
	CommentWas []Change `json:"commentWas,omitempty"`

	// Doses are the rows open on the screen that records immunizations, in order:
	// new ones, and those on file that are being edited.
	Doses []DoseID `json:"doses,omitempty"`
	// NewDoses are those of them that are not on file.
	NewDoses []DoseID `json:"newDoses,omitempty"`
	// Warned are the warnings shown: a Save that has no others goes through.
	Warned []string `json:"warned,omitempty"`

	Tab       string   `json:"tab,omitempty"`
	Confirmed []string `json:"confirmed,omitempty"`
	// Reminded says that the question for three confirmed details was shown.
	Reminded bool `json:"reminded,omitempty"`

	Changed time.Time `json:"-"` // when last stored
}

// Screen says which screens a draft belongs to.
type Screen string

const (
	ScreenClient Screen = ""      // Personal Information and the three tabs
	ScreenDoses  Screen = "doses" // add and edit immunizations
)

// Take puts what a form holds into the draft. Saved tells the values of the
// record as the form showed it. A typed text equal to the saved one is no
// change; a text that cannot be read is kept as it was typed.
func (d *Draft) Take(saved func(Field) string, typed Values, today Date) {
	for _, f := range slices.Sorted(maps.Keys(typed)) {
		if !f.Editable() {
			continue
		}
		row, id, name, isRow := f.Row()
		if isRow && (name == "" || !d.hasRow(saved, row, id)) {
			continue
		}
		d.take(f, saved(f), typed[f], today)
	}
	for _, row := range []string{RowContact, RowComment} {
		d.addTouchedRow(row)
	}
	for _, id := range d.NewDoses {
		d.addTouched(RowDose, string(id))
	}
	d.guardAddress(saved)
}

// take stages one typed text.
func (d *Draft) take(f Field, saved, typed string, today Date) {
	i := slices.IndexFunc(d.Changes, func(c Change) bool { return c.Field == f })
	if i >= 0 && d.Changes[i].Old != d.Changes[i].New {
		saved = d.Changes[i].Old
	}
	typed = strings.TrimSpace(typed)
	value, err := f.Read(typed, today)
	if err != nil {
		value = typed
	}
	switch same := value == saved || typed == f.input(saved) || saved == "" && value == No; {
	case same && i >= 0:
		d.Changes = slices.Delete(d.Changes, i, i+1)
	case same:
	case i >= 0:
		d.Changes[i] = Change{f, saved, value}
	default:
		d.Changes = append(d.Changes, Change{f, saved, value})
	}
}

// input is a canonical value as an input of a form holds it.
func (f Field) input(value string) string {
	name := f
	if _, _, n, ok := f.Row(); ok {
		name = Field(n)
	}
	switch name {
	case FieldBirthDate, FieldDied, "date", "expires", "vis":
		return f.Show(value)
	}
	return value
}

// hasRow reports whether the row exists, saved or staged, and is not staged for
// deletion.
func (d *Draft) hasRow(saved func(Field) string, row, id string) bool {
	f := RowField(row, id, "")
	if c, ok := d.change(f); ok {
		return c.New != ""
	}
	// An open dose that someone has deleted meanwhile still takes what is typed:
	// the Save then tells of the clash.
	return saved(f) != "" || d.isOpenNew(row, id) || row == RowDose && slices.Contains(d.Doses, DoseID(id))
}

func (d *Draft) isOpenNew(row, id string) bool {
	return row == RowContact && d.NewContact && id == string(d.Contact) ||
		row == RowComment && d.NewComment && id == string(d.Comment) ||
		row == RowDose && slices.Contains(d.NewDoses, DoseID(id))
}

// addTouchedRow makes an open new row one to be saved as soon as anything is
// typed into it, and nothing again when all is cleared: Save then keeps it
// though Next was never pressed, and an untouched form is ignored.
func (d *Draft) addTouchedRow(row string) {
	id, isNew := string(d.Contact), d.NewContact
	if row == RowComment {
		id, isNew = string(d.Comment), d.NewComment
	}
	if isNew {
		d.addTouched(row, id)
	}
}

func (d *Draft) addTouched(row, id string) {
	touched := slices.ContainsFunc(d.Changes, func(c Change) bool {
		r, i, name, ok := c.Field.Row()
		return ok && r == row && i == id && name != "" && !preset[name] && c.New != "" && c.New != No
	})
	f := RowField(row, id, "")
	_, added := d.change(f)
	switch {
	case touched && !added:
		d.Changes = append(d.Changes, Change{f, "", Yes})
	case !touched && row == RowDose:
		d.drop(f) // what stands there as a start stays, and waits
	case !touched:
		d.dropRow(row, id)
	}
}

// preset are the fields of rows that a new form begins with: alone they do not
// make a row.
var preset = map[string]bool{string(FieldState): true, "kind": true, "date": true, "given": true,
	"eligibility": true, "funding": true, "source": true, "provider": true}

// guardAddress makes an edit of an address insist on its other parts: of the
// client's, which another primary contact replaces too, and of each contact's.
func (d *Draft) guardAddress(saved func(Field) string) {
	replaced := false
	rows := map[string]bool{}
	for _, c := range d.Changes {
		row, id, name, _ := c.Field.Row()
		if row == RowContact && saved(RowField(row, id, "")) != "" {
			rows[id] = true
		}
		replaced = replaced || row == RowContact && name == "primary" && c.New == Yes
	}
	d.insist(saved, replaced, func(f Field) Field { return f })
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		d.insist(saved, false, func(f Field) Field { return RowField(RowContact, id, string(f)) })
	}
}

// insist puts in the parts of an address that are not edited while one of them
// is, or all of it is replaced, and takes them out again. at names the parts.
func (d *Draft) insist(saved func(Field) string, edited bool, at func(Field) Field) {
	for _, f := range AddressFields() {
		c, ok := d.change(at(f))
		edited = edited || ok && c.Old != c.New
	}
	for _, f := range AddressFields() {
		c, ok := d.change(at(f))
		switch {
		case edited && !ok:
			d.Changes = append(d.Changes, Change{at(f), saved(at(f)), saved(at(f))})
		case !edited && ok && c.Old == c.New:
			d.drop(at(f))
		}
	}
}

func (d *Draft) change(f Field) (Change, bool) {
	i := slices.IndexFunc(d.Changes, func(c Change) bool { return c.Field == f })
	if i < 0 {
		return Change{}, false
	}
	return d.Changes[i], true
}

func (d *Draft) drop(f Field) {
	d.Changes = slices.DeleteFunc(d.Changes, func(c Change) bool { return c.Field == f })
}

func (d *Draft) rowChanges(row, id string) []Change {
	var cs []Change
	for _, c := range d.Changes {
		if r, i, _, ok := c.Field.Row(); ok && r == row && i == id {
			cs = append(cs, c)
		}
	}
	return cs
}

func (d *Draft) dropRow(row, id string) {
	d.Changes = slices.DeleteFunc(d.Changes, func(c Change) bool {
		r, i, _, ok := c.Field.Row()
		return ok && r == row && i == id
	})
}

// Begin notes which rows a form of this draft shows the details of, before Take
// stages what was typed into them.
func (d *Draft) Begin(base Record) {
	for _, row := range []string{RowContact, RowComment} {
		selected := string(d.Contact)
		if row == RowComment {
			selected = string(d.Comment)
		}
		if id, isNew := d.Open(base, row); !isNew && id != selected {
			d.Select(row, id)
		}
	}
}

// Reopen makes the draft know a row that a page has open and that is not on file:
// the draft may have been discarded or saved elsewhere since the page was shown,
// and what was typed into the row would otherwise be lost.
func (d *Draft) Reopen(base Record, row, id string) {
	f := RowField(row, id, "")
	_, staged := d.change(f)
	if id == "" || !f.Editable() || staged || d.isOpenNew(row, id) || base.Value(f) != "" {
		return
	}
	switch row {
	case RowContact:
		d.Contact, d.NewContact, d.ContactWas = ContactID(id), true, nil
	case RowComment:
		d.Comment, d.NewComment, d.CommentWas = CommentID(id), true, nil
	}
}

// Carry puts what another draft sets into this one, as proposed changes of the
// record whose saved values are told: what was typed for a new client who turned
// out to be on file. A field left blank there proposes nothing.
func (d *Draft) Carry(saved func(Field) string, from Draft, today Date) {
	typed := Values{}
	for _, c := range from.Changes {
		_, _, _, isRow := c.Field.Row()
		switch {
		case isRow:
			d.Changes = append(d.Changes, c)
		case c.New != "" && c.Old != c.New:
			typed[c.Field] = c.New
		}
	}
	d.Take(saved, typed, today)
}

// Select opens the details of a row of the listing.
func (d *Draft) Select(row, id string) {
	was := d.rowChanges(row, id)
	switch row {
	case RowContact:
		d.Contact, d.NewContact, d.ContactWas = ContactID(id), false, was
	case RowComment:
		d.Comment, d.NewComment, d.CommentWas = CommentID(id), false, was
	}
}

// New opens an empty form for another row.
func (d *Draft) New(row string) {
	id := NewID()
	switch row {
	case RowContact:
		d.Contact, d.NewContact, d.ContactWas = ContactID(id), true, nil
	case RowComment:
		d.Comment, d.NewComment, d.CommentWas = CommentID(id), true, nil
	}
}

// Copy opens a new contact with the last name, address and telephone of another.
func (d *Draft) Copy(base Record, from ContactID) {
	var copied []Change
	for _, name := range append([]Field{"last", "phone", "extension"}, AddressFields()...) {
		if s := d.over(base.Value, RowField(RowContact, from, string(name))); s != "" {
			copied = append(copied, Change{Field: name, New: s})
		}
	}
	d.New(RowContact)
	for _, c := range copied {
		d.Changes = append(d.Changes, Change{RowField(RowContact, d.Contact, string(c.Field)), "", c.New})
	}
	d.addTouchedRow(RowContact)
}

// Delete marks a row to be deleted by Save; one that was never saved just goes.
// Shown tells the values of the row as the page showed them: if someone else has
// changed one of them by the time of the Save, the two clash.
func (d *Draft) Delete(base Record, shown func(Field) string, row, id string) {
	d.dropRow(row, id)
	if base.Value(RowField(row, id, "")) != "" {
		d.Changes = append(d.Changes, Change{RowField(row, id, ""), Yes, ""})
		for _, name := range rowNames(row) {
			f := RowField(row, id, string(name))
			d.Changes = append(d.Changes, Change{f, shown(f), shown(f)})
		}
	} else if row == RowDose {
		d.CloseDose(DoseID(id))
	}
	d.close(row)
}

// Undelete takes a row's mark to be deleted back.
func (d *Draft) Undelete(row, id string) {
	d.dropRow(row, id)
	d.Select(row, id)
}

// Next puts the open row into the listing, where it stays selected. After a new
// comment the form is empty for another one, which is what the guide's Next is
// for there: what is typed next must not change the comment just added.
func (d *Draft) Next(row string) {
	switch {
	case row == RowContact:
		d.Select(row, string(d.Contact))
	case row == RowComment && d.NewComment:
		d.New(row)
	case row == RowComment:
		d.Select(row, string(d.Comment))
	}
}

// Revert puts the open row back as it was when its form was opened: Cancel.
func (d *Draft) Revert(row string) {
	switch row {
	case RowContact:
		d.dropRow(row, string(d.Contact))
		d.Changes = append(d.Changes, d.ContactWas...)
		if d.NewContact {
			d.close(row)
		}
	case RowComment:
		d.dropRow(row, string(d.Comment))
		d.Changes = append(d.Changes, d.CommentWas...)
		if d.NewComment {
			d.close(row)
		}
	}
}

func (d *Draft) close(row string) {
	switch row {
	case RowContact:
		d.Contact, d.NewContact, d.ContactWas = "", false, nil
	case RowComment:
		d.Comment, d.NewComment, d.CommentWas = "", false, nil
	}
}

// Resolve settles clashes: for each field "theirs" keeps what the other person
// saved, "yours" sets the draft's own value over it.
func (d *Draft) Resolve(clashes []Clash, choice map[Field]string) {
	for _, c := range clashes {
		switch choice[c.Field] {
		case "theirs":
			if row, id, _, ok := c.Field.Row(); ok && c.Yours == deleted {
				d.dropRow(row, id) // the row stays, as they left it
				continue
			}
			d.drop(c.Field)
			if slices.Contains(AddressFields(), c.Field) {
				d.Changes = append(d.Changes, Change{c.Field, c.Theirs, c.Theirs})
			}
		case "yours":
			if row, id, _, ok := c.Field.Row(); ok && c.Theirs == deleted {
				d.reenter(row, id)
				continue
			}
			d.drop(c.Field)
			if c.Yours == deleted {
				c.Yours = c.Theirs
			}
			d.Changes = append(d.Changes, Change{c.Field, c.Theirs, c.Yours})
		}
	}
}

// reenter makes the changes of a row that someone else has deleted those of a
// new one.
func (d *Draft) reenter(row, id string) {
	for i, c := range d.Changes {
		if r, of, _, ok := c.Field.Row(); ok && r == row && of == id {
			d.Changes[i].Old = ""
		}
	}
	f := RowField(row, id, "")
	if _, ok := d.change(f); !ok {
		d.Changes = append(d.Changes, Change{f, "", Yes})
	}
}

// Value returns what a field holds with the draft over the saved values.
func (d *Draft) Value(saved Values, f Field) string {
	return d.over(saved.Get, f)
}

func (d *Draft) over(saved func(Field) string, f Field) string {
	if c, ok := d.change(f); ok {
		return c.New
	}
	return saved(f)
}

// Count says how many changes wait to be saved, as a clerk counts them: each
// field of the record one, each row added, changed or deleted one.
func (d *Draft) Count() int {
	counted := map[Field]bool{}
	for _, c := range d.Pending() {
		if c.Old == c.New {
			continue
		}
		f := c.Field
		if row, id, _, ok := f.Row(); ok {
			f = RowField(row, id, "")
		}
		counted[f] = true
	}
	return len(counted)
}
