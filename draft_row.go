package iis

import "slices"

// Rows lists the rows of a listing with the draft over the saved record: the
// saved ones in their order, then the staged new ones that Next has put there.
func (d *Draft) Rows(base Record, row string) []DraftRow {
	var ids []string
	switch row {
	case RowContact:
		for _, c := range base.Contacts {
			ids = append(ids, string(c.ID))
		}
	case RowComment:
		for _, c := range base.Comments {
			ids = append(ids, string(c.ID))
		}
	case RowDose:
		for _, id := range d.Doses {
			ids = append(ids, string(id))
		}
	}
	for _, c := range d.Changes {
		if r, id, name, ok := c.Field.Row(); ok && r == row && name == "" && c.New == Yes && !slices.Contains(ids, id) && !d.isOpenNew(row, id) {
			ids = append(ids, id)
		}
	}
	rows := make([]DraftRow, len(ids))
	for i, id := range ids {
		c, _ := d.change(RowField(row, id, ""))
		rows[i] = DraftRow{
			ID: id, Deleted: c.Old == Yes && c.New == "", Staged: len(d.rowChanges(row, id)) > 0,
			value: func(name string) string { return d.over(base.Value, RowField(row, id, name)) },
		}
	}
	return rows
}

// DraftRow is a row of a listing as it will be saved.
type DraftRow struct {
	ID      string
	Deleted bool // will be deleted
	Staged  bool // not saved yet
	value   func(name string) string
}

// Value returns a field of the row.
func (r DraftRow) Value(name string) string { return r.value(name) }

// Show returns a field of the row as the screen shows it.
func (r DraftRow) Show(name string) string {
	return RowField(RowContact, r.ID, name).Show(r.value(name))
}

// Open returns the row whose details are shown: the one selected, else the
// first that is not to be deleted; "" if there is none.
func (d *Draft) Open(base Record, row string) (id string, isNew bool) {
	switch {
	case row == RowContact && d.NewContact:
		return string(d.Contact), true
	case row == RowComment && d.NewComment:
		return string(d.Comment), true
	}
	selected := string(d.Contact)
	if row == RowComment {
		selected = string(d.Comment)
	}
	first := ""
	for _, r := range d.Rows(base, row) {
		switch {
		case r.Deleted:
		case r.ID == selected:
			return selected, false
		case first == "":
			first = r.ID
		}
	}
	return first, false
}
