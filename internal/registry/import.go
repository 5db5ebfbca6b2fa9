package registry

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// ImportRow is one client of a roster, or one immunization of a client, as it
// stands in the file.
type ImportRow struct {
	Organization string // name or ID of whose client this is, or who gave it
	Client       string // registry ID of who was immunized; "" if the row gives none
	// Values are the fields of the client, and of an immunization those of a dose
	// without an ID.
	Values iis.Values
}

// ImportOutcome is what became of a row that was in order.
type ImportOutcome string

const (
	ImportAdded   ImportOutcome = "new"
	ImportChanged ImportOutcome = "changed"
	ImportSame    ImportOutcome = "same" // all of the row was on file
	ImportHeld    ImportOutcome = "held" // kept for the help desk under a code
	// ImportPossible is a row that may be of a client on file, but not surely: it is
	// not written, and Err says whom to compare it with.
	ImportPossible ImportOutcome = "possible"
	ImportWrong    ImportOutcome = "wrong" // Err says what is wrong
)

// Imported is what became of one row.
type Imported struct {
	Outcome ImportOutcome
	Client  iis.ClientID // "" if held, possible or wrong
	Code    string       // of a held entry
	Err     error        // an *iis.Error, of a row that was not written
}

// ImportKind is what a file holds.
type ImportKind string

const (
	ImportOfClients       ImportKind = "clients"
	ImportOfImmunizations ImportKind = "immunizations"
)

// ImportOptions say how a file is taken in.
type ImportOptions struct {
	Kind ImportKind // ImportOfClients if empty
	// EnterPossible makes a new client of a row that may be of one on file. Somebody
	// looks at the two afterwards: they are put into the queue of possible duplicates.
	EnterPossible bool
	// DryRun only looks what would become of the rows; who is found is recorded.
	// Rows do not see those before them.
	DryRun bool
}

// Import takes in rosters. Each row is applied as an administrator of its
// organization would have saved it, by the same rules, and only the values that
// it gives: an empty one never overwrites (guide 26).
type Import struct {
	reg    *Registry
	actor  iis.Actor
	opts   ImportOptions
	batch  string // its ID; "" of a dry run
	byID   map[iis.OrganizationID]iis.Organization
	byName map[string][]iis.Organization // by folded name
}

// NewImport begins an import, a batch that can be undone: for the actor's own
// organization, or for any if he may act for all.
func (r *Registry) NewImport(ctx context.Context, a iis.Actor, o ImportOptions) (*Import, error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return nil, err
	}
	o.Kind = cmp.Or(o.Kind, ImportOfClients)
	m := &Import{reg: r, actor: a, opts: o, byID: map[iis.OrganizationID]iis.Organization{}, byName: map[string][]iis.Organization{}}
	if !o.DryRun {
		m.batch = iis.NewID()
	}
	err := r.update(ctx, func(tx *store.Tx) error {
		clear(m.byName)
		all, err := tx.Organizations(ctx)
		if err != nil {
			return err
		}
		for _, o := range all {
			m.byID[o.ID] = o
			m.byName[match.Fold(o.Name)] = append(m.byName[match.Fold(o.Name)], o)
		}
		if o.DryRun {
			return nil
		}
		return tx.BeginImport(ctx, store.ImportBatch{ID: m.batch, Kind: string(o.Kind), User: a.User, UserName: a.UserName, Organization: a.Organization})
	})
	return m, err
}

// Batch returns the ID by which the import can be undone; "" of a dry run.
func (m *Import) Batch() string { return m.batch }

// Finish notes that the file was read to its end: its digest, and how many rows
// became what.
func (m *Import) Finish(ctx context.Context, digest string, rows map[ImportOutcome]int) error {
	if m.opts.DryRun {
		return nil
	}
	counts := make(map[string]int, len(rows))
	for o, n := range rows {
		counts[string(o)] = n
	}
	return m.reg.update(ctx, func(tx *store.Tx) error { return tx.FinishImport(ctx, m.batch, digest, counts) })
}

// Clients takes in rows in one transaction and says what became of each, in
// their order. A row that is wrong changes nothing and does not keep the others
// from being taken in. The same rows again change nothing.
func (m *Import) Clients(ctx context.Context, rows []ImportRow) (results []Imported, err error) {
	err = m.reg.update(ctx, func(tx *store.Tx) error {
		results = make([]Imported, 0, len(rows))
		for _, row := range rows {
			one, err := m.client(ctx, tx, row)
			if !told(err) {
				return err
			}
			if err != nil {
				one.Err, one.Outcome = err, cmp.Or(one.Outcome, ImportWrong)
			}
			results = append(results, one)
		}
		return m.looked(ctx, tx, results)
	})
	return results, err
}

// told reports whether an error is about the row alone; nil is.
func told(err error) bool {
	kind := iis.KindOf(err)
	return kind != iis.Internal && kind != iis.Busy
}

// looked records a dry run and whom it found: that nobody or a hidden one was
// looked for is to be known as well.
func (m *Import) looked(ctx context.Context, tx *store.Tx, results []Imported) error {
	if !m.opts.DryRun {
		return nil
	}
	var found []iis.ClientID
	for _, r := range results {
		if r.Client != "" && !slices.Contains(found, r.Client) {
			found = append(found, r.Client)
		}
	}
	return record(ctx, tx, m.actor, iis.ActionSearch, "", iis.Detail{Found: found, Note: "check of a file to import"})
}

// write puts what an import has made of a client, and notes it in the batch.
func (m *Import) write(ctx context.Context, tx *store.Tx, a iis.Actor, before, after iis.Record, d iis.Detail) error {
	if m.opts.DryRun {
		return nil
	}
	id := after.Client.ID
	if err := m.reg.put(ctx, tx, before, after); err != nil {
		return err
	}
	if err := tx.TouchImport(ctx, m.batch, id); err != nil {
		return err
	}
	d.Version, d.Note = after.Client.Version, m.batch
	return record(ctx, tx, a, iis.ActionImport, id, d)
}

// place returns the organization that a row names.
func (m *Import) place(name string) (iis.Organization, error) {
	o, ok := m.byID[iis.OrganizationID(name)]
	if named := m.byName[match.Fold(name)]; !ok && len(named) == 1 {
		o, ok = named[0], true
	} else if !ok && len(named) > 1 {
		return o, iis.Errorf(iis.Invalid, "more than one organization has this name: give its ID")
	}
	switch {
	case name == "":
		return o, iis.Errorf(iis.Invalid, "no organization is given")
	case !ok:
		return o, iis.Errorf(iis.Invalid, "there is no organization with this name or ID: \"openiis user add\" with --organization and --type makes it")
	case !o.Active:
		return o, iis.Errorf(iis.Invalid, "the organization is not active any more")
	case o.ID != m.actor.Organization && !m.actor.May(iis.ActForAny):
		return o, iis.Errorf(iis.Denied, "you do not act for this organization")
	}
	return o, nil
}

// acting is the actor as an administrator of the organization: import never
// does what the organization itself could not do, and never sees what is hidden
// from it.
func (m *Import) acting(o iis.Organization) iis.Actor {
	a := m.actor
	a.Organization, a.OrgName, a.OrgType, a.Role = o.ID, o.Name, o.Type, iis.OrgAdmin
	return a
}

// actingFor is the actor as an administrator of the organization that a row names.
func (m *Import) actingFor(row ImportRow) (iis.Actor, error) {
	o, err := m.place(row.Organization)
	if err != nil {
		return iis.Actor{}, err
	}
	a := m.acting(o)
	if !a.May(iis.ImportClients) {
		return a, iis.Errorf(iis.Denied, "an organization of the type %s does not edit clients", o.Type)
	}
	return a, nil
}

func (m *Import) client(ctx context.Context, tx *store.Tx, row ImportRow) (Imported, error) {
	a, err := m.actingFor(row)
	if err != nil {
		return Imported{}, err
	}
	values, today := normal(row.Values), m.reg.today(tx)
	mark := rowMark(a.Organization, values)
	rec, how, err := m.identify(ctx, tx, a, values)
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
		switch {
		case w.same != "":
			if rec, err = tx.ClientRecord(ctx, w.same, a.Organization); err != nil {
				return Imported{}, err
			}
		case len(w.hidden) > 0:
			return m.hold(ctx, tx, a, values, importChanges(blankRecord(a).Values(), withGender(values), today))
		case len(w.like) > 0 && !m.opts.EnterPossible:
			return Imported{Outcome: ImportPossible}, likeError(w.like)
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
	return Imported{Outcome: ImportChanged, Client: rec.Client.ID},
		m.write(ctx, tx, a, rec, after, iis.Detail{Changes: differs, Subject: mark})
}

// rowMark tells a row from every other. The event of an import holds it, so that
// a row that was taken in before does not undo what was saved since.
func rowMark(o iis.OrganizationID, values iis.Values) string {
	h := sha256.New()
	h.Write([]byte(o))
	for _, f := range slices.Sorted(maps.Keys(values)) {
		h.Write([]byte("\x00" + string(f) + "\x00" + values[f]))
	}
	return "row " + hex.EncodeToString(h.Sum(nil)[:16])
}

// takenIn reports whether the row was taken in for the client before, by an import
// that was not undone.
func takenIn(ctx context.Context, tx *store.Tx, id iis.ClientID, mark string) (bool, error) {
	taken, err := marksOf(ctx, tx, id)
	return taken[mark], err
}

// marksOf returns the marks of the rows that were taken in for the client, by
// imports that were not undone.
func marksOf(ctx context.Context, tx *store.Tx, id iis.ClientID) (map[string]bool, error) {
	events, err := tx.FindEvents(ctx, store.EventQuery{Client: id, Actions: []iis.Action{iis.ActionImport, iis.ActionUndoImport}})
	if err != nil {
		return nil, err
	}
	marks, undone := map[string]bool{}, undoneOf(events)
	for _, e := range events {
		if e.Action != iis.ActionImport || undone[e.Detail.Note] {
			continue
		}
		// An event of immunizations holds the marks of several rows.
		for m := range strings.SplitSeq(e.Detail.Subject, ", ") {
			marks[m] = true
		}
	}
	return marks, nil
}

// undoneOf returns the batches that were undone for the client of the events.
func undoneOf(events []store.StoredEvent) map[string]bool {
	undone := map[string]bool{}
	for _, e := range events {
		if e.Action == iis.ActionUndoImport {
			undone[e.Detail.Note] = true
		}
	}
	return undone
}

// add enters the client of a row who is nobody on file. Whoever may be the same
// person all the same is put into the queue of possible duplicates.
func (m *Import) add(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record, w whose, mark string) (Imported, error) {
	if m.opts.DryRun {
		return Imported{Outcome: ImportAdded}, nil
	}
	var err error
	if rec.Client.ID, err = freeID(ctx, tx); err != nil {
		return Imported{}, err
	}
	before := iis.Record{Membership: iis.Membership{Organization: a.Organization}}
	err = m.write(ctx, tx, a, before, rec, iis.Detail{Changes: iis.Differences(iis.Record{}, rec), Subject: mark})
	if err != nil {
		return Imported{}, err
	}
	for _, l := range w.pairs {
		_, err := tx.FindDuplicate(ctx, store.Duplicate{A: l.client.ID, B: rec.Client.ID, Answer: string(l.Answer),
			Score: hundredths(l.Score), Why: l.why, FoundBy: FoundByImport, Policy: m.reg.policy().Version})
		if err != nil {
			return Imported{}, err
		}
	}
	return Imported{Outcome: ImportAdded, Client: rec.Client.ID}, nil
}

// hold keeps a row for the help desk. Its code comes from the row, so that the
// same row again is the same entry.
func (m *Import) hold(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values, changes []iis.Change) (Imported, error) {
	if values[iis.FieldStatus] == string(iis.StatusDeceased) {
		own, err := m.markedDeceased(ctx, tx, a, values)
		if err != nil || own != "" {
			return Imported{Outcome: ImportSame, Client: own}, err
		}
	}
	if m.opts.DryRun {
		return Imported{Outcome: ImportHeld}, nil
	}
	body, err := json.Marshal(iis.Draft{Changes: changes})
	if err != nil {
		return Imported{}, err
	}
	sum := sha256.Sum256(append([]byte(a.Organization+"\x00"), body...))
	letters := base32.StdEncoding.EncodeToString(sum[:])
	for at := 0; at+6 <= len(letters); at += 6 {
		code := letters[at : at+6]
		was, err := tx.HeldEntry(ctx, code)
		switch {
		case err == nil && was.Organization == a.Organization && was.Body == string(body):
			return Imported{Outcome: ImportHeld, Code: code}, nil
		case err == nil:
			continue // another entry has this code
		case iis.KindOf(err) != iis.NotFound:
			return Imported{}, err
		}
		err = tx.PutHeldEntry(ctx, store.HeldEntry{
			ID: iis.NewID(), Code: code, User: a.User, Organization: a.Organization,
			Body: string(body), Reason: "import", Held: tx.Now,
		})
		if err != nil {
			return Imported{}, err
		}
		return Imported{Outcome: ImportHeld, Code: code},
			record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Reason: "import"})
	}
	return Imported{}, iis.Errorf(iis.Busy, "no code is free for the entry")
}

// markedDeceased returns the client of a row that the organization itself has
// marked as deceased: since then it cannot see him, and the row is not news.
func (m *Import) markedDeceased(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values) (iis.ClientID, error) {
	born, err := m.born(tx, values)
	if err != nil {
		return "", err
	}
	last, first := match.NewLast(values[iis.FieldLast]), match.NewFirst(values[iis.FieldFirst])
	rows, err := tx.NamesCalledBorn(ctx, store.Audience{All: true}, last.Text(), first.Text(), born, manyRows)
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		c, err := tx.Client(ctx, row.Client)
		if err != nil {
			return "", err
		}
		if c.Deceased() && c.Death.By == a.Organization && (c.LockedTo == "" || c.LockedTo == a.Organization) {
			return c.ID, nil
		}
	}
	return "", nil
}

// born returns the birth date that a row gives.
func (m *Import) born(tx *store.Tx, values iis.Values) (iis.Date, error) {
	s, err := iis.FieldBirthDate.Read(values[iis.FieldBirthDate], m.reg.today(tx))
	if err != nil {
		return iis.Date{}, iis.Problems(iis.Problem{Field: iis.FieldBirthDate, Text: iis.FieldBirthDate.Label() + " " + err.Error() + "."})
	}
	return iis.ParseDate(s)
}

// How a client on file was found for a row.
type found string

const (
	byChart  found = "chart"  // by the organization's own number: the row may rename him
	byFormer found = "former" // by the number, and a name or birth date of another time
	byName   found = "name"   // by exactly the same names and birth date
)

// identify finds the client of a row: by the organization's chart number, if name
// or birth date agrees, else by exactly the same last name, first name and birth
// date, if there is one alone. No client is the zero Record.
func (m *Import) identify(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values) (rec iis.Record, how found, err error) {
	born, err := m.born(tx, values)
	if err != nil {
		return rec, "", err
	}
	aud := store.Audience{Organization: a.Organization}
	last, first := match.NewLast(values[iis.FieldLast]).Text(), match.NewFirst(values[iis.FieldFirst]).Text()
	if chart := match.ChartKey(a.Organization, values[iis.FieldChart]); values[iis.FieldChart] != "" && chart != "" {
		ids, err := tx.ClientsWithKey(ctx, aud, chart, manyRows)
		if err != nil {
			return rec, "", err
		}
		agreed, former := 0, false
		for _, id := range ids {
			one, err := tx.ClientRecord(ctx, id, a.Organization)
			if err != nil {
				return rec, "", err
			}
			if same, was := agrees(one, last, first, born); same {
				rec, former = one, was
				agreed++
			}
		}
		switch {
		case agreed == 1 && former:
			return rec, byFormer, nil
		case agreed == 1:
			return rec, byChart, nil
		case len(ids) > 0 && agreed == 0:
			// The spelling may differ; the matcher knows.
			if w, _, err := m.whose(ctx, tx, a, values); err == nil && slices.Contains(ids, w.same) {
				rec, err = tx.ClientRecord(ctx, w.same, a.Organization)
				return rec, byFormer, err
			} else if !told(err) {
				return rec, "", err
			}
			return rec, "", iis.Problems(iis.Problem{Field: iis.FieldChart,
				Text: "Chart number is on file for another client of this organization: check the row."})
		}
		rec = iis.Record{}
	}
	if last == "" || born.IsZero() {
		return rec, "", nil // Revise says what is missing
	}
	rows, err := tx.NamesCalledBorn(ctx, aud, last, first, born, manyRows)
	if err != nil {
		return rec, "", err
	}
	rows = slices.DeleteFunc(rows, func(h store.NameHit) bool { return h.LastPart || h.FirstPart })
	for _, row := range rows {
		if row.Client != rows[0].Client {
			return rec, "", nil
		}
	}
	if len(rows) == 0 {
		return rec, "", nil
	}
	rec, err = tx.ClientRecord(ctx, rows[0].Client, a.Organization)
	return rec, byName, err
}

// agrees reports whether a client with the chart number of a row may be its
// client: the whole name agrees, a present or former one, or the birth date.
func agrees(rec iis.Record, last, first string, born iis.Date) (same, former bool) {
	for _, k := range match.NamesOf(rec.Client, rec.Aliases) {
		named := k.Last == last && k.First == first && !k.LastPart && !k.FirstPart
		if named && k.BirthDate == born {
			return true, k.Former
		}
		same = same || named || k.BirthDate == born && !born.IsZero()
	}
	return same, false
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
