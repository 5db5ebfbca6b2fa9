package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// ClientPage is what the Personal Information screen and its tabs show: the
// record as saved, and the actor's draft over it.
type ClientPage struct {
	Record iis.Record
	Draft  iis.Draft
	// Others is how many other organizations have the client: they lose sight of
	// the record when it is locked or its client marked as deceased.
	Others int
	// SameName is how many other clients whom the actor may see have the same
	// name and birth date: then an address or phone should be confirmed too
	// (guide 15).
	SameName int
	Today    iis.Date
	MayEdit  bool
	// MayCorrectBirthDate is set for staff who may change a locked birth date.
	MayCorrectBirthDate bool
	// LockedElsewhere names the organization another than the actor's that the
	// record is locked to; only staff ever see it.
	LockedElsewhere string
}

// Form is what a page of the client posts: the typed values of every input it
// showed, and which button was pressed.
type Form struct {
	Client       iis.ClientID // "" for a new client
	Organization iis.OrganizationID
	Version      int64 // of the record the page showed
	Typed        iis.Values
	Confirmed    []string
	Tab          string
	// NewContact and NewComment are the open rows of the page that are not on file.
	NewContact iis.ContactID
	NewComment iis.CommentID

	Do  Deed
	Row string // iis.RowContact or iis.RowComment, of the deeds on rows
	ID  string // of the row

	DeathConfirmed bool // the interruption was answered
}

// Deed is what a button of the client's screens does to the draft.
type Deed string

const (
	DoKeep     Deed = "keep"     // keep what was typed, no more
	DoSelect   Deed = "select"   // show the details of a row
	DoNew      Deed = "new"      // an empty form for another row
	DoCopy     Deed = "copy"     // a new contact like the selected one
	DoDelete   Deed = "delete"   // mark a row to be deleted by Save
	DoUndelete Deed = "undelete" // take that back
	DoNext     Deed = "next"     // put the open row into the listing
	DoRevert   Deed = "revert"   // put the open row back as it was
)

// Outcome is how a Save ended when nothing was wrong.
type Outcome string

const (
	Saved     Outcome = "saved"
	Unchanged Outcome = "unchanged" // there was nothing to save
	// AskIdentity: name or birth date changes with fewer than three details
	// confirmed; asked once, nothing saved yet.
	AskIdentity Outcome = "ask-identity"
	// AskDeath: the status Deceased needs the interruption; nothing saved yet.
	AskDeath Outcome = "ask-death"
	// Deceased: saved, and with it hidden from every organization.
	Deceased Outcome = "deceased"
)

// Client opens a client: the record as the acting organization sees it and the
// actor's own draft. The view is recorded.
func (r *Registry) Client(ctx context.Context, a iis.Actor, id iis.ClientID) (page ClientPage, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return page, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		rec, err := r.visible(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if page, err = r.page(ctx, tx, a, rec); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{})
	})
	return page, err
}

// visible loads a client's record, or answers errUnknownClient.
func (r *Registry) visible(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (iis.Record, error) {
	if !iis.ValidClientID(string(id)) {
		return iis.Record{}, errUnknownClient()
	}
	rec, err := tx.ClientRecord(ctx, id, a.Organization)
	switch {
	case iis.KindOf(err) == iis.NotFound, err == nil && !rec.Client.VisibleTo(a):
		return iis.Record{}, errUnknownClient()
	case err != nil:
		return iis.Record{}, err
	}
	return rec, nil
}

func (r *Registry) page(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record) (ClientPage, error) {
	d, _, err := draft(ctx, tx, a, rec.Client.ID)
	if err != nil {
		return ClientPage{}, err
	}
	p := ClientPage{
		Record: rec, Draft: d, Today: r.today(tx),
		MayEdit: a.May(iis.EditClient), MayCorrectBirthDate: a.May(iis.CorrectBirthDate),
	}
	if rec.Client.LockedTo != "" && rec.Client.LockedTo != a.Organization {
		o, err := tx.Organization(ctx, rec.Client.LockedTo)
		if err != nil {
			return ClientPage{}, err
		}
		p.LockedElsewhere = o.Name
	}
	if rec.Client.ID == "" {
		return p, nil
	}
	if p.Others, err = tx.MembershipCount(ctx, rec.Client.ID, a.Organization); err != nil {
		return ClientPage{}, err
	}
	p.SameName, err = sameName(ctx, tx, a, rec.Client)
	return p, err
}

// sameName counts the other clients of one name and birth date whom the actor
// may see.
func sameName(ctx context.Context, tx *store.Tx, a iis.Actor, c iis.Client) (int, error) {
	names := match.NamesOf(c, nil)
	if len(names) == 0 || c.BirthDate.IsZero() || !a.May(iis.EditClient) {
		return 0, nil
	}
	to := store.Audience{All: a.May(iis.SeeHidden), Organization: a.Organization}
	hits, err := tx.NamesCalledBorn(ctx, to, names[0].Last, names[0].First, c.BirthDate, ShownClients)
	others := map[iis.ClientID]bool{}
	for _, h := range hits {
		if h.Client != c.ID && !h.Former {
			others[h.Client] = true
		}
	}
	return len(others), err
}

// draft returns the actor's draft of a client, and whether one is stored.
func draft(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (iis.Draft, bool, error) {
	d, err := tx.Draft(ctx, a.User, a.Organization, id)
	if iis.KindOf(err) == iis.NotFound {
		return iis.Draft{Client: id}, false, nil
	}
	return d, err == nil, err
}

// StageClient keeps what was typed in the actor's draft and does what the
// pressed button says to it. Nothing of the client changes. An Invalid error
// tells what is wrong with the open row; the draft holds it all the same.
func (r *Registry) StageClient(ctx context.Context, a iis.Actor, f Form) error {
	a, moved, err := r.editor(ctx, a, f)
	if err != nil {
		return err
	}
	var invalid error
	err = r.update(ctx, func(tx *store.Tx) error {
		invalid = nil
		s, err := r.staged(ctx, tx, a, f)
		if err != nil {
			return err
		}
		invalid = s.do(f, a)
		return s.keep(ctx, tx, a)
	})
	if err != nil {
		return err
	}
	if moved != nil {
		return moved
	}
	return invalid
}

// editor checks that the actor may edit, and for which organization: a form
// opened for one organization is never saved for another. It is kept as a draft
// where it belongs, and the error says so.
func (r *Registry) editor(ctx context.Context, a iis.Actor, f Form) (iis.Actor, error, error) {
	p := iis.EditClient
	if f.Client == "" {
		p = iis.EnterClient
	}
	if err := r.may(ctx, a, p); err != nil {
		return a, nil, err
	}
	if f.Organization == "" || f.Organization == a.Organization {
		return a, nil, nil
	}
	const text = "This page was opened for another organization than %s, which you are acting for now. Nothing was saved."
	was, err := r.actorAt(ctx, a, f.Organization)
	switch {
	case iis.KindOf(err) == iis.Denied, err == nil && !was.May(p):
		return a, nil, iis.Errorf(iis.Conflict, text, a.OrgName)
	case err != nil:
		return a, nil, err
	}
	return was, iis.Errorf(iis.Conflict, text+" Switch back to find your changes as a draft.", a.OrgName), nil
}

// actorAt is the actor in the role he holds at another organization, or in that
// of staff who act for any.
func (r *Registry) actorAt(ctx context.Context, a iis.Actor, org iis.OrganizationID) (iis.Actor, error) {
	err := r.view(ctx, func(tx *store.Tx) error {
		grants, err := tx.Grants(ctx, a.User)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(grants, func(g iis.Grant) bool { return g.Organization.ID == org && g.Organization.Active })
		if i < 0 && a.May(iis.ActForAny) {
			o, err := tx.Organization(ctx, org)
			if err == nil && o.Active {
				a.Organization, a.OrgName = o.ID, o.Name
				return nil
			}
			if err != nil && iis.KindOf(err) != iis.NotFound {
				return err
			}
		}
		if i < 0 {
			return iis.Errorf(iis.Denied, "You do not work for that organization.")
		}
		o := grants[i].Organization
		a.Organization, a.OrgName, a.OrgType, a.Role = o.ID, o.Name, o.Type, grants[i].Role
		return nil
	})
	return a, err
}

// staging is a draft being worked on in a transaction.
type staging struct {
	rec    iis.Record // as saved now
	draft  iis.Draft
	stored bool
	did    Deed
	today  iis.Date
	now    time.Time
}

// staged loads the client and the draft and puts the form into it.
func (r *Registry) staged(ctx context.Context, tx *store.Tx, a iis.Actor, f Form) (*staging, error) {
	s := &staging{rec: blankRecord(a), did: f.Do, today: r.today(tx), now: tx.Now}
	var err error
	if f.Client != "" {
		if s.rec, err = r.visible(ctx, tx, a, f.Client); err != nil {
			return nil, err
		}
	}
	if s.draft, s.stored, err = draft(ctx, tx, a, f.Client); err != nil {
		return nil, err
	}
	shown, err := shownValues(ctx, tx, a, s.rec, f.Version)
	if err != nil {
		return nil, err
	}
	s.draft.Reopen(s.rec, iis.RowContact, string(f.NewContact))
	s.draft.Reopen(s.rec, iis.RowComment, string(f.NewComment))
	s.draft.Begin(s.rec)
	s.draft.Take(shown, normal(f.Typed), s.today)
	s.draft.Confirmed = f.Confirmed
	if f.Tab != "" {
		s.draft.Tab = f.Tab
	}
	return s, nil
}

// blankRecord is what the form for a new client starts from.
func blankRecord(a iis.Actor) iis.Record {
	return iis.Record{Membership: iis.Membership{Organization: a.Organization, Status: iis.Active, Reminders: true}}
}

// shownValues tells the values of a record as a page of an earlier version
// showed them: the saved ones with every later change taken back.
func shownValues(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record, version int64) (func(iis.Field) string, error) {
	if rec.Client.ID == "" || version <= 0 || version >= rec.Client.Version {
		return rec.Value, nil
	}
	values := rec.Values()
	events, err := tx.EventsSince(ctx, rec.Client.ID, version)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(events, func(x, y store.StoredEvent) int { return int(y.Version - x.Version) })
	for _, e := range events {
		for _, c := range e.Detail.Changes {
			if e.Organization != a.Organization && c.Field.OfMembership() {
				continue
			}
			if values[c.Field] = c.Old; c.Old == "" {
				delete(values, c.Field)
			}
		}
	}
	return values.Get, nil
}

// do does to the draft what the button says.
func (s *staging) do(f Form, a iis.Actor) error {
	d := &s.draft
	switch f.Do {
	case DoSelect:
		d.Select(f.Row, f.ID)
	case DoNew:
		d.New(f.Row)
	case DoCopy:
		d.Copy(s.rec, iis.ContactID(f.ID))
	case DoDelete:
		d.Delete(s.rec, f.Row, f.ID)
	case DoUndelete:
		d.Undelete(f.Row, f.ID)
	case DoRevert:
		d.Revert(f.Row)
	case DoNext:
		if err := s.judgeRow(f.Row, a); err != nil {
			return err
		}
		d.Next(f.Row)
	}
	return nil
}

// judgeRow tells what is wrong with the open row alone.
func (s *staging) judgeRow(row string, a iis.Actor) error {
	open, _ := s.draft.Open(s.rec, row)
	var e iis.Edit
	for _, c := range s.draft.Changes {
		if r, id, _, ok := c.Field.Row(); ok && r == row && id == open {
			e.Changes = append(e.Changes, c)
		}
	}
	_, err := s.rec.Revise(e, a, s.now, s.today)
	return iis.Problems(slices.DeleteFunc(iis.ProblemsIn(err), func(p iis.Problem) bool {
		r, id, _, ok := p.Field.Row()
		return !ok || r != row || id != open
	})...)
}

// keep stores the draft, or removes it once nothing is left in it but which row
// was just opened.
func (s *staging) keep(ctx context.Context, tx *store.Tx, a iis.Actor) error {
	opened := s.did == DoSelect || s.did == DoNext || s.did == DoRevert
	if s.draft.Count() == 0 && !s.draft.NewContact && !s.draft.NewComment && !opened {
		return s.discard(ctx, tx, a)
	}
	return tx.PutDraft(ctx, a.User, a.Organization, s.draft)
}

func (s *staging) discard(ctx context.Context, tx *store.Tx, a iis.Actor) error {
	if !s.stored {
		return nil
	}
	return tx.DeleteDraft(ctx, a.User, a.Organization, s.draft.Client)
}

// SaveClient saves the form and the whole draft with it: header and three tabs,
// in one transaction with one event that holds every changed field (guide 27).
// If anything is wrong nothing is saved, everything typed stays in the draft,
// and the error is Invalid with the problems or Conflict with the clashes.
func (r *Registry) SaveClient(ctx context.Context, a iis.Actor, f Form) (out Outcome, err error) {
	a, moved, err := r.editor(ctx, a, f)
	if err != nil {
		return "", err
	}
	if moved != nil {
		f.Do = DoKeep
		if err := r.StageClient(ctx, a, f); err != nil {
			return "", err
		}
		return "", moved
	}
	var refused error
	err = r.update(ctx, func(tx *store.Tx) error {
		out, refused = "", nil
		s, err := r.staged(ctx, tx, a, f)
		if err != nil {
			return err
		}
		if s.draft.Count() == 0 {
			out = Unchanged
			return s.discard(ctx, tx, a)
		}
		after, err := s.rec.Revise(iis.Edit{Changes: s.draft.Changes}, a, s.now, s.today)
		if out = r.ask(s, f, err); out != "" {
			return s.keep(ctx, tx, a)
		}
		if err == nil && r.opts.Verify == VerifyRequire && len(f.Confirmed) < 3 && changesIdentity(s.draft.Changes) {
			err = iis.Problems(iis.Problem{Field: "confirmed", Text: "Confirm at least three details with the client before changing a name or the birth date."})
		}
		if err != nil {
			refused = err
			return s.keep(ctx, tx, a)
		}
		changes := iis.Differences(s.rec, after)
		if len(changes) == 0 {
			out = Unchanged
			return s.discard(ctx, tx, a)
		}
		if err := r.put(ctx, tx, s.rec, after); err != nil {
			return err
		}
		if err := s.discard(ctx, tx, a); err != nil {
			return err
		}
		if out = Saved; after.Client.Deceased() && !s.rec.Client.Deceased() {
			out = Deceased
		}
		return record(ctx, tx, a, iis.ActionUpdate, f.Client, iis.Detail{
			Version: after.Client.Version, Changes: changes, Confirmed: f.Confirmed,
		})
	})
	if err == nil {
		err = refused
	}
	return out, err
}

// ask returns the question that has to be answered before a save, if any.
func (r *Registry) ask(s *staging, f Form, wrong error) Outcome {
	dies := !f.DeathConfirmed && !s.rec.Client.Deceased() && s.draft.Value(nil, iis.FieldStatus) == string(iis.StatusDeceased)
	// What is wrong is told before anything is asked; of a death the question
	// itself asks for what is missing.
	if (wrong == nil || dies) && r.opts.Verify == VerifyRemind && !s.draft.Reminded && len(f.Confirmed) < 3 && changesIdentity(s.draft.Changes) {
		s.draft.Reminded = true
		return AskIdentity
	}
	if dies {
		return AskDeath
	}
	return ""
}

// changesIdentity reports whether a name or birth date is among the changes.
func changesIdentity(changes []iis.Change) bool {
	return slices.ContainsFunc(changes, func(c iis.Change) bool {
		return c.Old != c.New && slices.Contains([]iis.Field{iis.FieldLast, iis.FieldFirst, iis.FieldBirthDate}, c.Field)
	})
}

// put writes what differs between two states of a record.
func (r *Registry) put(ctx context.Context, tx *store.Tx, before, after iis.Record) error {
	id := after.Client.ID
	write := tx.PutClient
	if before.Client.Version == 0 {
		write = tx.InsertClient
	}
	if err := write(ctx, after.Client); err != nil {
		return err
	}
	if after.Membership != before.Membership {
		if err := tx.PutMembership(ctx, id, after.Membership); err != nil {
			return err
		}
	}
	for _, al := range after.Aliases[:len(after.Aliases)-len(before.Aliases)] {
		if err := tx.AddAlias(ctx, id, al); err != nil {
			return err
		}
	}
	err := putRows(before.Contacts, after.Contacts,
		func(c iis.Contact) iis.ContactID { return c.ID },
		func(c iis.Contact) error { return tx.PutContact(ctx, id, c) },
		func(c iis.ContactID) error { return tx.DeleteContact(ctx, id, c) })
	if err != nil {
		return err
	}
	err = putRows(before.Comments, after.Comments,
		func(c iis.Comment) iis.CommentID { return c.ID },
		func(c iis.Comment) error { return tx.PutComment(ctx, id, c) },
		func(c iis.CommentID) error { return tx.DeleteComment(ctx, id, c) })
	if err != nil {
		return err
	}
	return r.putSearchKeys(ctx, tx, before, after)
}

// putRows writes the rows that are new or differ and deletes those that went.
func putRows[T comparable, ID comparable](before, after []T, id func(T) ID, put func(T) error, del func(ID) error) error {
	old := make(map[ID]T, len(before))
	for _, t := range before {
		old[id(t)] = t
	}
	for _, t := range after {
		was, ok := old[id(t)]
		delete(old, id(t))
		if ok && was == t {
			continue
		}
		if err := put(t); err != nil {
			return err
		}
	}
	for gone := range old {
		if err := del(gone); err != nil {
			return err
		}
	}
	return nil
}

// Discard throws the actor's draft of a client away: Cancel.
func (r *Registry) Discard(ctx context.Context, a iis.Actor, id iis.ClientID) error {
	return r.update(ctx, func(tx *store.Tx) error {
		return tx.DeleteDraft(ctx, a.User, a.Organization, id)
	})
}

// Resolve settles the clashes of a draft, field by field, as the actor chose
// ("yours" or "theirs"); SaveClient can then be asked again.
func (r *Registry) Resolve(ctx context.Context, a iis.Actor, id iis.ClientID, choice map[iis.Field]string) error {
	if err := r.may(ctx, a, iis.EditClient); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, Form{Client: id})
		if err != nil {
			return err
		}
		s.draft.Resolve(s.clashes(a), choice)
		return s.keep(ctx, tx, a)
	})
}

// Clashes returns the fields of the actor's draft that someone else has changed
// meanwhile, and who changed each.
func (r *Registry) Clashes(ctx context.Context, a iis.Actor, id iis.ClientID) (clashes []iis.Clash, by map[iis.Field]iis.Event, err error) {
	if err := r.may(ctx, a, iis.EditClient); err != nil {
		return nil, nil, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, Form{Client: id})
		if err != nil {
			return err
		}
		clashes, by = s.clashes(a), map[iis.Field]iis.Event{}
		events, err := tx.EventsSince(ctx, id, 0)
		if err != nil {
			return err
		}
		slices.SortFunc(events, func(x, y store.StoredEvent) int { return int(x.Version - y.Version) })
		for _, e := range events {
			for _, c := range e.Detail.Changes {
				if e.Organization == a.Organization || !c.Field.OfMembership() {
					by[c.Field] = e.Event
				}
			}
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{})
	})
	return clashes, by, err
}

func (s *staging) clashes(a iis.Actor) []iis.Clash {
	_, err := s.rec.Revise(iis.Edit{Changes: s.draft.Changes}, a, s.now, s.today)
	return iis.ClashesIn(err)
}

// Undecease takes a client's death back: the organization that marked it for
// ten minutes, the help desk at any time.
func (r *Registry) Undecease(ctx context.Context, a iis.Actor, id iis.ClientID) error {
	if err := r.may(ctx, a, iis.EditClient); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		rec, err := tx.ClientRecord(ctx, id, a.Organization)
		if iis.KindOf(err) == iis.NotFound || err == nil && !rec.Client.MayUndecease(a, tx.Now) {
			return errUnknownClient()
		}
		if err != nil {
			return err
		}
		after := rec
		after.Client.Death = iis.Death{}
		after.Client.Version++
		after.Client.Updated, after.Client.UpdatedBy, after.Client.UpdatedByName = tx.Now, a.Organization, a.OrgName
		if err := r.put(ctx, tx, rec, after); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionUndecease, id, iis.Detail{Version: after.Client.Version, Changes: iis.Differences(rec, after)})
	})
}
