package registry

import (
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

// ImportRow is one client of a roster, as it stands in the file.
type ImportRow struct {
	Organization string // name or ID of whose client this is
	Values       iis.Values
}

// ImportOutcome is what became of a row that was in order.
type ImportOutcome string

const (
	ImportAdded   ImportOutcome = "new"
	ImportChanged ImportOutcome = "changed"
	ImportSame    ImportOutcome = "same" // all of the row was on file
	ImportHeld    ImportOutcome = "held" // kept for the help desk under a code
)

// Imported is what became of one row.
type Imported struct {
	Outcome ImportOutcome
	Client  iis.ClientID // "" if held or wrong
	Code    string       // of a held entry
	Err     error        // an *iis.Error that says what is wrong with the row
}

// Import takes in rosters. Each row is applied as an administrator of its
// organization would have saved it, by the same rules, and only the values that
// it gives: an empty one never overwrites (guide 26).
type Import struct {
	reg    *Registry
	actor  iis.Actor
	byID   map[iis.OrganizationID]iis.Organization
	byName map[string][]iis.Organization // by folded name
}

// NewImport begins an import: for the actor's own organization, or for any if he
// may act for all.
func (r *Registry) NewImport(ctx context.Context, a iis.Actor) (*Import, error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return nil, err
	}
	m := &Import{reg: r, actor: a, byID: map[iis.OrganizationID]iis.Organization{}, byName: map[string][]iis.Organization{}}
	err := r.view(ctx, func(tx *store.Tx) error {
		all, err := tx.Organizations(ctx)
		for _, o := range all {
			m.byID[o.ID] = o
			m.byName[match.Fold(o.Name)] = append(m.byName[match.Fold(o.Name)], o)
		}
		return err
	})
	return m, err
}

// Clients takes in rows in one transaction and says what became of each, in
// their order. A row that is wrong changes nothing and does not keep the others
// from being taken in. The same rows again change nothing.
func (m *Import) Clients(ctx context.Context, rows []ImportRow) (results []Imported, err error) {
	err = m.reg.update(ctx, func(tx *store.Tx) error {
		results = make([]Imported, 0, len(rows))
		for _, row := range rows {
			one, err := m.client(ctx, tx, row)
			if iis.KindOf(err) == iis.Internal || iis.KindOf(err) == iis.Busy {
				return err
			}
			if err != nil {
				one = Imported{Err: err}
			}
			results = append(results, one)
		}
		return nil
	})
	return results, err
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

func (m *Import) client(ctx context.Context, tx *store.Tx, row ImportRow) (Imported, error) {
	o, err := m.place(row.Organization)
	if err != nil {
		return Imported{}, err
	}
	a := m.acting(o)
	if !a.May(iis.ImportClients) {
		return Imported{}, iis.Errorf(iis.Denied, "an organization of the type %s does not edit clients", o.Type)
	}
	values, today := normal(row.Values), m.reg.today(tx)
	mark := rowMark(o.ID, values)
	rec, former, err := m.identify(ctx, tx, a, values)
	if err != nil {
		return Imported{}, err
	}
	if rec.Client.ID == "" {
		return m.add(ctx, tx, a, values, mark)
	}
	changes := importChanges(rec.Values(), values, today)
	if former {
		changes = slices.DeleteFunc(changes, func(c iis.Change) bool {
			return c.Field == iis.FieldLast || c.Field == iis.FieldFirst || c.Field == iis.FieldBirthDate
		})
	}
	if len(changes) == 0 && rec.Membership.OnFile {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, nil
	}
	if taken, err := takenIn(ctx, tx, rec.Client.ID, mark); err != nil || taken {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, err
	}
	after, err := rec.Revise(iis.Edit{Changes: changes}, a, tx.Now, today)
	if err != nil {
		return Imported{}, err
	}
	after.Membership.OnFile = true
	differs := iis.Differences(rec, after)
	if len(differs) == 0 && rec.Membership.OnFile {
		return Imported{Outcome: ImportSame, Client: rec.Client.ID}, nil
	}
	if err := m.reg.put(ctx, tx, rec, after); err != nil {
		return Imported{}, err
	}
	return Imported{Outcome: ImportChanged, Client: rec.Client.ID},
		record(ctx, tx, a, iis.ActionImport, rec.Client.ID, iis.Detail{Version: after.Client.Version, Changes: differs, Subject: mark})
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

// takenIn reports whether the row was taken in for the client before.
func takenIn(ctx context.Context, tx *store.Tx, id iis.ClientID, mark string) (bool, error) {
	events, err := tx.FindEvents(ctx, store.EventQuery{Client: id, Actions: []iis.Action{iis.ActionImport}})
	return slices.ContainsFunc(events, func(e store.StoredEvent) bool { return e.Detail.Subject == mark }), err
}

// add enters the client of a row who is nobody on file, unless a client hidden
// from the organization may be the same person: then the row waits for the help
// desk, as one typed into the form would.
func (m *Import) add(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values, mark string) (Imported, error) {
	if values[iis.FieldGender] == "" {
		values[iis.FieldGender] = string(iis.UnknownGender)
	}
	blank, today := blankRecord(a), m.reg.today(tx)
	changes := importChanges(blank.Values(), values, today)
	rec, err := blank.Revise(iis.Edit{Changes: changes}, a, tx.Now, today)
	if err != nil {
		return Imported{}, err
	}
	hidden, err := m.reg.likeHidden(ctx, tx, a, rec.Client)
	if err != nil {
		return Imported{}, err
	}
	if hidden {
		return m.hold(ctx, tx, a, values, changes)
	}
	if rec.Client.ID, err = freeID(ctx, tx); err != nil {
		return Imported{}, err
	}
	before := iis.Record{Membership: iis.Membership{Organization: a.Organization}}
	if err := m.reg.put(ctx, tx, before, rec); err != nil {
		return Imported{}, err
	}
	return Imported{Outcome: ImportAdded, Client: rec.Client.ID},
		record(ctx, tx, a, iis.ActionImport, rec.Client.ID, iis.Detail{
			Version: rec.Client.Version, Changes: iis.Differences(iis.Record{}, rec), Subject: mark})
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

// identify finds the client of a row: by the organization's chart number, if
// name or birth date agrees, else by exactly the same last name, first name and
// birth date. former says that the row gives a name or birth date that the
// client no longer has. No client is the zero Record.
func (m *Import) identify(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values) (rec iis.Record, former bool, err error) {
	born, err := m.born(tx, values)
	if err != nil {
		return rec, false, err
	}
	aud := store.Audience{Organization: a.Organization}
	last, first := match.NewLast(values[iis.FieldLast]).Text(), match.NewFirst(values[iis.FieldFirst]).Text()
	if chart := match.ChartKey(a.Organization, values[iis.FieldChart]); values[iis.FieldChart] != "" && chart != "" {
		ids, err := tx.ClientsWithKey(ctx, aud, chart, manyRows)
		if err != nil {
			return rec, false, err
		}
		agreed := 0
		for _, id := range ids {
			one, err := tx.ClientRecord(ctx, id, a.Organization)
			if err != nil {
				return rec, false, err
			}
			if same, was := agrees(one, last, first, born); same {
				rec, former = one, was
				agreed++
			}
		}
		switch {
		case agreed == 1:
			return rec, former, nil
		case len(ids) > 0 && agreed == 0:
			return rec, false, iis.Problems(iis.Problem{Field: iis.FieldChart,
				Text: "Chart number is on file for another client of this organization: check the row."})
		}
		rec, former = iis.Record{}, false
	}
	if last == "" || born.IsZero() {
		return rec, false, nil // Revise says what is missing
	}
	rows, err := tx.NamesCalledBorn(ctx, aud, last, first, born, manyRows)
	if err != nil {
		return rec, false, err
	}
	rows = slices.DeleteFunc(rows, func(h store.NameHit) bool { return h.LastPart || h.FirstPart })
	if present := slices.DeleteFunc(slices.Clone(rows), func(h store.NameHit) bool { return h.Former }); len(present) > 0 {
		rows = present
	}
	for _, row := range rows {
		if rec.Client.ID != "" && rec.Client.ID != row.Client {
			return iis.Record{}, false, iis.Errorf(iis.Invalid,
				"more than one client on file has this name and birth date: give the chart number, or enter the client by hand")
		}
		if rec, err = tx.ClientRecord(ctx, row.Client, a.Organization); err != nil {
			return rec, false, err
		}
		former = row.Former
	}
	return rec, former, nil
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
