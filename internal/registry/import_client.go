package registry

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// incoming is a row of clients on its way in.
type incoming struct {
	row    ImportRow
	actor  iis.Actor
	values iis.Values
	born   iis.Date
	today  iis.Date
	mark   string
	err    error // what is wrong with the row

	// What identify finds.
	told    store.Told
	charted []iis.ClientID // who have the chart number
	called  iis.ClientID   // who alone has exactly the name and the birth date
	unlike  bool           // nobody who has the chart number has the name or the birth date
	how     found
	rec     iis.Record // of whom the row is; the zero Record is nobody

	// What match finds.
	matched bool
	seeker  *seeker
	fresh   iis.Record // the new client that the row makes
	whose   whose

	wants   []iis.ClientID
	records map[iis.ClientID]iis.Record // that were read
	marks   map[string]bool             // of the rows that were taken in for client before

	// outdated is set if a row before has written what may tell otherwise.
	outdated bool
}

// receive takes a row as it stands.
func (m *Import) receive(tx *store.Tx, row ImportRow) *incoming {
	q := &incoming{row: row}
	if q.actor, q.err = m.actingFor(row); q.err != nil {
		return q
	}
	return m.receiveFor(tx, q, row.Values)
}

func (m *Import) receiveFor(tx *store.Tx, q *incoming, values iis.Values) *incoming {
	q.values, q.today, q.records = normal(values), m.reg.today(tx), map[iis.ClientID]iis.Record{}
	q.mark = rowMark(q.actor.Organization, q.values)
	if q.row.Same == "" {
		q.born, q.err = m.born(tx, q.values)
	}
	return q
}

// findAside is find for many, by several at once where the store can do that.
func (m *Import) findAside(ctx context.Context, tx *store.Tx, all []*incoming) error {
	if len(all) == 0 {
		return nil
	}
	hands := min(runtime.NumCPU(), mostHands)
	var parts []func(*store.Tx) error
	for some := range slices.Chunk(all, (len(all)+hands-1)/hands) {
		parts = append(parts, func(tx *store.Tx) error { return m.find(ctx, tx, some...) })
	}
	return tx.Aside(ctx, parts...)
}

// mostHands is how many at most look at once for the rows of one file: others want to
// work too.
const mostHands = 4

// find finds who on file the rows are of. What it finds of one holds until another is
// written; see outdate.
func (m *Import) find(ctx context.Context, tx *store.Tx, all ...*incoming) error {
	if err := m.identify(ctx, tx, all...); err != nil {
		return err
	}
	err := m.match(ctx, tx, slices.DeleteFunc(slices.Clone(all), func(q *incoming) bool {
		return q.err != nil || !q.unlike && q.how != "" && (q.how != byName || q.same())
	})...)
	if err != nil {
		return err
	}
	return m.readMarks(ctx, tx, all)
}

// client is who the row is of, "" if that is nobody on file, or not sure.
func (q *incoming) client() iis.ClientID {
	switch {
	case q.err != nil:
		return ""
	case q.matched:
		return q.whose.same
	}
	return q.rec.Client.ID
}

// change is what the row changes of its client. Whoever is known by another name
// keeps it.
func (q *incoming) change() []iis.Change {
	changes := importChanges(q.rec.Values(), q.values, q.today)
	if q.how != byChart {
		changes = slices.DeleteFunc(changes, func(c iis.Change) bool {
			return c.Field == iis.FieldLast || c.Field == iis.FieldFirst || c.Field == iis.FieldBirthDate
		})
	}
	return changes
}

// same reports whether all of the row is on file.
func (q *incoming) same() bool { return len(q.change()) == 0 && q.rec.Membership.OnFile }

// client takes in a row of which it was found who it is of. The record is the one
// that was written; the zero Record if none was.
func (m *Import) client(ctx context.Context, tx *store.Tx, q *incoming) (became Imported, written iis.Record, err error) {
	if q.err != nil {
		return Imported{}, written, q.err
	}
	if q.matched {
		w := q.whose
		// He may have been hidden since the row was taken in: then it is no news.
		for _, id := range w.hidden {
			if taken, err := takenIn(ctx, tx, id, q.mark); err != nil || taken {
				return Imported{Outcome: ImportSame, Client: id}, written, err
			}
		}
		if w.same == "" && len(w.hidden) > 0 {
			if own, err := markedDeceased(ctx, tx, q); err != nil || own != "" {
				return Imported{Outcome: ImportSame, Client: own}, written, err
			}
		}
		switch {
		case w.same != "":
			q.rec = q.records[w.same]
		case len(w.like) > 0 && !m.opts.EnterPossible && !q.row.New:
			return Imported{}, written, mayBe(w.like)
		case len(w.hidden) > 0 && !m.opts.DryRun: // a check tells nobody's being on file
			became, err = m.hold(ctx, tx, q.actor, q.values, importChanges(blankRecord(q.actor).Values(), withGender(q.values), q.today))
			return became, written, err
		default:
			return m.add(ctx, tx, q)
		}
	}
	if q.same() {
		return Imported{Outcome: ImportSame, Client: q.rec.Client.ID}, written, nil
	}
	if q.marks[q.mark] {
		return Imported{Outcome: ImportSame, Client: q.rec.Client.ID}, written, nil
	}
	after, err := q.rec.Revise(iis.Edit{Changes: q.change()}, q.actor, tx.Now, q.today)
	if err != nil {
		return Imported{}, written, err
	}
	after.Membership.OnFile = true
	differs := iis.Differences(q.rec, after)
	if len(differs) == 0 && q.rec.Membership.OnFile {
		return Imported{Outcome: ImportSame, Client: q.rec.Client.ID}, written, nil
	}
	became = Imported{Outcome: ImportChanged, Client: q.rec.Client.ID, Fields: fieldsOf(differs)}
	if m.opts.DryRun {
		return became, written, nil
	}
	return became, after, m.write(ctx, tx, q.actor, q.rec, after, iis.Detail{Changes: differs, Subject: q.mark})
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
func (m *Import) add(ctx context.Context, tx *store.Tx, q *incoming) (became Imported, written iis.Record, err error) {
	if m.opts.DryRun {
		return Imported{Outcome: ImportAdded}, written, nil
	}
	rec := q.fresh
	if rec.Client.ID, err = m.free.next(ctx, tx); err != nil {
		return Imported{}, written, err
	}
	before := iis.Record{Membership: iis.Membership{Organization: q.actor.Organization}}
	err = m.write(ctx, tx, q.actor, before, rec, iis.Detail{Changes: iis.Differences(iis.Record{}, rec), Subject: q.mark})
	if err != nil {
		return Imported{}, written, err
	}
	if err := enqueue(ctx, tx, rec.Client.ID, q.whose.pairs, FoundByImport); err != nil {
		return Imported{}, written, err
	}
	return Imported{Outcome: ImportAdded, Client: rec.Client.ID}, rec, nil
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
