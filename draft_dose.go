package iis

import (
	"cmp"
	"slices"
)

// MostDoses is how many doses can be open at once; then Save comes first.
const MostDoses = 100

// OpenDose opens a dose on file for editing, after those that are open.
func (d *Draft) OpenDose(id DoseID) {
	if !slices.Contains(d.Doses, id) && len(d.Doses) < MostDoses {
		d.Doses = append(d.Doses, id)
	}
}

// NewDose opens an empty form for one more dose. It begins with what several
// doses of one visit share, taken from the last one open: how the doses are
// known, the day, who gave them, eligibility and funding. With MostDoses open it
// opens none and answers "".
func (d *Draft) NewDose(kind DoseKind, today Date) DoseID {
	if len(d.Doses) >= MostDoses {
		return ""
	}
	id := DoseID(NewID())
	begin := map[string]string{"kind": string(cmp.Or(kind, Administered)), "date": today.String()}
	if n := len(d.NewDoses); n > 0 {
		for name := range preset {
			if c, ok := d.change(DoseField(d.NewDoses[n-1], name)); ok && c.New != "" {
				begin[name] = c.New
			}
		}
		if kind != "" {
			begin["kind"] = string(kind)
		}
	} else if kind == Historical {
		delete(begin, "date")
	}
	d.Doses, d.NewDoses = append(d.Doses, id), append(d.NewDoses, id)
	for _, c := range doseColumns {
		if s := begin[string(c.name)]; s != "" {
			d.Changes = append(d.Changes, Change{DoseField(id, string(c.name)), "", s})
		}
	}
	return id
}

// ReopenDose makes the draft know a dose that a page has open: the draft may have
// been discarded or saved elsewhere since the page was shown, and what was typed
// would otherwise be lost. Shown tells the values of the record as the page had
// them: a dose that someone has deleted since is not taken for a new one.
func (d *Draft) ReopenDose(shown func(Field) string, id DoseID) {
	if f := DoseField(id, ""); !f.Editable() || slices.Contains(d.Doses, id) {
		return
	}
	d.Doses = append(d.Doses, id)
	if shown(DoseField(id, "")) == "" {
		d.NewDoses = append(d.NewDoses, id)
	}
}

// CloseGone closes the open doses that someone has deleted meanwhile and into
// which nothing was typed.
func (d *Draft) CloseGone(base Record) {
	d.Doses = slices.DeleteFunc(d.Doses, func(id DoseID) bool {
		return !slices.Contains(d.NewDoses, id) && base.Value(DoseField(id, "")) == "" && len(d.rowChanges(RowDose, string(id))) == 0
	})
}

// CloseDose puts a dose back as it was before it was opened.
func (d *Draft) CloseDose(id DoseID) {
	d.dropRow(RowDose, string(id))
	is := func(o DoseID) bool { return o == id }
	d.Doses, d.NewDoses = slices.DeleteFunc(d.Doses, is), slices.DeleteFunc(d.NewDoses, is)
}

// Pending are the changes that a Save makes: an open new dose into which nothing
// was typed is not among them.
func (d *Draft) Pending() []Change {
	if len(d.NewDoses) == 0 {
		return d.Changes
	}
	return slices.DeleteFunc(slices.Clone(d.Changes), func(c Change) bool {
		row, id, _, ok := c.Field.Row()
		if !ok || row != RowDose || !slices.Contains(d.NewDoses, DoseID(id)) {
			return false
		}
		_, added := d.change(DoseField(DoseID(id), ""))
		return !added
	})
}

// Tentative returns the open doses as they stand in the draft, for the checks
// while one is typing: what cannot be read yet is left out, and so are doses that
// nothing was typed into and those to be deleted.
func (d *Draft) Tentative(base Record, today Date) []Dose {
	var doses []Dose
	for _, id := range d.Doses {
		row := DoseField(id, "")
		if d.over(base.Value, row) == "" {
			continue
		}
		dose := Dose{ID: id}
		if i := slices.IndexFunc(base.Doses, func(o Dose) bool { return o.ID == id }); i >= 0 {
			dose = base.Doses[i]
		}
		for _, c := range d.rowChanges(RowDose, string(id)) {
			_, _, name, _ := c.Field.Row()
			if s, err := c.Field.Read(c.New, today); err == nil && name != "" {
				set(doseColumns, &dose, Field(name), s)
			}
		}
		doses = append(doses, dose)
	}
	return doses
}
