package registry

import (
	"cmp"
	"context"
	"errors"
	"slices"

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
	// Same is the client whose the row is, and New is set if it is of nobody on file:
	// a person has compared it with those whom it may be of. Else both are empty.
	Same iis.ClientID
	New  bool
}

// ImportOutcome is what became of a row that was in order.
type ImportOutcome string

const (
	ImportAdded   ImportOutcome = "new"
	ImportChanged ImportOutcome = "changed"
	ImportSame    ImportOutcome = "same" // all of the row was on file
	ImportHeld    ImportOutcome = "held" // kept for the help desk under a code; new to a check
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
	// Like are the clients on file whose a possible row may be, the likeliest first.
	Like []iis.ClientID
	// Fields are those that a changed row changes.
	Fields []iis.Field
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
	// Rows do not see those before them. That somebody is on file whom the
	// organization must not see is told of no row: what would be held is new.
	DryRun bool
	// Batch is one that was begun, to go on with; a new one if empty.
	Batch string
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
	free   freeIDs                       // of the transaction
	// noted is told in the transaction of a row what became of it, by its place
	// among those given; nil if nobody asks.
	noted func(ctx context.Context, tx *store.Tx, i int, became Imported) error
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
		m.batch = cmp.Or(o.Batch, iis.NewID())
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
		if o.DryRun || o.Batch != "" {
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
		if err := m.stands(ctx, tx); err != nil {
			return err
		}
		results, m.free = make([]Imported, 0, len(rows)), freeIDs{}
		all := make([]*incoming, len(rows))
		for i, row := range rows {
			all[i] = m.receive(tx, row)
		}
		if err := m.findAside(ctx, tx, all); err != nil {
			return err
		}
		for i, q := range all {
			if q.outdated {
				q = m.receive(tx, q.row)
				if err := m.find(ctx, tx, q); err != nil {
					return err
				}
			}
			one, written, err := m.client(ctx, tx, q)
			if !told(err) {
				return err
			}
			if err != nil {
				one = refusedRow(err)
			}
			results = append(results, one)
			outdate(all[i+1:], written)
		}
		if err := m.note(ctx, tx, results, nil); err != nil {
			return err
		}
		return m.looked(ctx, tx, results)
	})
	return results, err
}

var errImportUndone = iis.Errorf(iis.Conflict, "This import has been undone meanwhile, or is being undone: nothing more is taken in. Take the file in again.")

// stands answers nil unless the batch was undone or that has begun: what came into it
// then might not be undone any more.
func (m *Import) stands(ctx context.Context, tx *store.Tx) error {
	if m.opts.DryRun {
		return nil
	}
	b, err := tx.ImportBatch(ctx, m.batch)
	if err == nil && !(b.Undone.IsZero() && b.UndoBegun.IsZero() && b.UndoAsked.IsZero()) {
		return errImportUndone
	}
	return err
}

// refusedRow is what became of a row that was not written.
func refusedRow(err error) Imported {
	if l, ok := errors.AsType[*likeError](err); ok {
		return Imported{Outcome: ImportPossible, Err: err, Like: l.like}
	}
	return Imported{Outcome: ImportWrong, Err: err}
}

// note tells whoever asks what became of rows, of all or of those at the places.
func (m *Import) note(ctx context.Context, tx *store.Tx, results []Imported, places []int) error {
	if m.noted == nil {
		return nil
	}
	if places == nil {
		for i := range results {
			places = append(places, i)
		}
	}
	for _, i := range places {
		if err := m.noted(ctx, tx, i, results[i]); err != nil {
			return err
		}
	}
	return nil
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
		for _, id := range append([]iis.ClientID{r.Client}, r.Like...) {
			if id != "" && !slices.Contains(found, id) {
				found = append(found, id)
			}
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
