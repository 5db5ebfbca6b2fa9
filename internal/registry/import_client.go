package registry

import (
	"context"
	"maps"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

func (m *Import) client(ctx context.Context, tx *store.Tx, row ImportRow) (Imported, error) {
	a, err := m.actingFor(row)
	if err != nil {
		return Imported{}, err
	}
	values, today := normal(row.Values), m.reg.today(tx)
	mark := rowMark(a.Organization, values)
	rec, how, err := m.identifyRow(ctx, tx, a, row, values)
	if err != nil {
		return Imported{}, err
	}
	change := func() []iis.Change {
		changes := importChanges(rec.Values(), values, today)
		if how != byChart {
			// Whoever is known by another name keeps it.
			changes = slices.DeleteFunc(changes, func(c iis.Change) bool {
				return c.Field == iis.FieldLast || c.Field == iis.FieldFirst || c.Field == iis.FieldBirthDate
			})
		}
		return changes
	}
	same := func() bool { return len(change()) == 0 && rec.Membership.OnFile }
	if how == "" || how == byName && !same() {
		w, fresh, err := m.whose(ctx, tx, a, values)
		if err != nil {
			return Imported{}, err
		}
		// He may have been hidden since the row was taken in: then it is no news.
		for _, id := range w.hidden {
			if taken, err := takenIn(ctx, tx, id, mark); err != nil || taken {
				return Imported{Outcome: ImportSame, Client: id}, err
			}
		}
		if w.same == "" && len(w.hidden) > 0 {
			if own, err := m.markedDeceased(ctx, tx, a, values); err != nil || own != "" {
				return Imported{Outcome: ImportSame, Client: own}, err
			}
		}
		switch {
		case w.same != "" && w.same == rec.Client.ID: // he is read already
		case w.same != "":
			if rec, err = tx.ClientRecord(ctx, w.same, a.Organization); err != nil {
				return Imported{}, err
			}
		case len(w.like) > 0 && !m.opts.EnterPossible && !row.New:
			return Imported{}, mayBe(w.like)
		case len(w.hidden) > 0 && !m.opts.DryRun: // a check tells nobody's being on file
			return m.hold(ctx, tx, a, values, importChanges(blankRecord(a).Values(), withGender(values), today))
		default:
			return m.add(ctx, tx, a, fresh, w, mark)
		}
	}
	if same() {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, nil
	}
	if taken, err := takenIn(ctx, tx, rec.Client.ID, mark); err != nil || taken {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, err
	}
	after, err := rec.Revise(iis.Edit{Changes: change()}, a, tx.Now, today)
	if err != nil {
		return Imported{}, err
	}
	after.Membership.OnFile = true
	differs := iis.Differences(rec, after)
	if len(differs) == 0 && rec.Membership.OnFile {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, nil
	}
	return Imported{Outcome: ImportChanged, Client: rec.Client.ID, Fields: fieldsOf(differs)},
		m.write(ctx, tx, a, rec, after, iis.Detail{Changes: differs, Subject: mark})
}

// fieldsOf are the fields of changes, apart from those that follow from others.
func fieldsOf(changes []iis.Change) []iis.Field {
	var fields []iis.Field
	for _, c := range changes {
		if _, _, _, row := c.Field.Row(); !row && c.Field.Editable() {
			fields = append(fields, c.Field)
		}
	}
	return fields
}

// add enters the client of a row who is nobody on file. Whoever may be the same
// person all the same is put into the queue of possible duplicates.
func (m *Import) add(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record, w whose, mark string) (Imported, error) {
	if m.opts.DryRun {
		return Imported{Outcome: ImportAdded}, nil
	}
	var err error
	if rec.Client.ID, err = m.free.next(ctx, tx); err != nil {
		return Imported{}, err
	}
	before := iis.Record{Membership: iis.Membership{Organization: a.Organization}}
	err = m.write(ctx, tx, a, before, rec, iis.Detail{Changes: iis.Differences(iis.Record{}, rec), Subject: mark})
	if err != nil {
		return Imported{}, err
	}
	if err := enqueue(ctx, tx, rec.Client.ID, w.pairs, FoundByImport); err != nil {
		return Imported{}, err
	}
	return Imported{Outcome: ImportAdded, Client: rec.Client.ID}, nil
}

// importChanges returns what the values of a row change. A text that differs in
// case alone changes nothing: files often hold capitals only. A new address
// replaces the whole one, so that none is made up of two.
func importChanges(saved, given iis.Values, today iis.Date) []iis.Change {
	var changes []iis.Change
	moved := false
	for _, f := range slices.Sorted(maps.Keys(given)) {
		value, err := f.Read(given[f], today)
		if err != nil {
			value = given[f] // Revise says what is wrong with it
		}
		if value == "" || strings.EqualFold(value, saved[f]) || value == iis.No && saved[f] == "" {
			continue
		}
		changes = append(changes, iis.Change{Field: f, Old: saved[f], New: value})
		moved = moved || slices.Contains(iis.AddressFields(), f)
	}
	if !moved {
		return changes
	}
	for _, f := range iis.AddressFields() {
		if given[f] == "" && saved[f] != "" {
			changes = append(changes, iis.Change{Field: f, Old: saved[f]})
		}
	}
	return changes
}
