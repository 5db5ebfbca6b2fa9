package registry

import (
	"context"
	"slices"

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
	// Screen is which draft it belongs to; Doses are the open rows of the screen
	// that records immunizations, in order.
	Screen iis.Screen
	Doses  []iis.DoseID

	Do   Deed
	Row  string       // iis.RowContact, iis.RowComment or iis.RowDose, of the deeds on rows
	ID   string       // of the row
	Kind iis.DoseKind // of a new dose

	DeathConfirmed bool // the interruption was answered
}

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
	rec, err := tx.VisibleRecord(ctx, id, a.Organization, func(c iis.Client) bool { return c.VisibleTo(a) })
	if iis.KindOf(err) == iis.NotFound {
		return iis.Record{}, errUnknownClient()
	}
	if into := rec.Client.MergedInto; into != "" && err == nil {
		return r.moved(ctx, tx, a, into)
	}
	return rec, err
}

// audienceOf is in whose name the store is asked for clients.
func audienceOf(a iis.Actor) store.Audience {
	return store.Audience{All: a.May(iis.SeeHidden), Organization: a.Organization}
}

// moved answers for a client who was merged into another: with the survivor's ID,
// if the actor may see the survivor.
func (r *Registry) moved(ctx context.Context, tx *store.Tx, a iis.Actor, into iis.ClientID) (iis.Record, error) {
	rec, err := r.visible(ctx, tx, a, into)
	if err != nil {
		return iis.Record{}, err
	}
	return iis.Record{}, &iis.Error{Kind: iis.Moved, Text: "This record was merged into another.", To: rec.Client.ID}
}

func (r *Registry) page(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record) (ClientPage, error) {
	d, _, err := draft(ctx, tx, a, rec.Client.ID, iis.ScreenClient)
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
	to := audienceOf(a)
	hits, err := tx.NamesCalledBorn(ctx, to, names[0].Last, names[0].First, c.BirthDate, ShownClients)
	others := map[iis.ClientID]bool{}
	for _, h := range hits {
		if h.Client != c.ID && !h.Former {
			others[h.Client] = true
		}
	}
	return len(others), err
}

// editor checks that the actor may edit, and for which organization: a form
// opened for one organization is never saved for another. It is kept as a draft
// where it belongs, and the error says so.
func (r *Registry) editor(ctx context.Context, a iis.Actor, f Form) (iis.Actor, error, error) {
	p := editing(f.Screen)
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
	was := r.ahead(ctx, a, f)
	var refused error
	err = r.update(ctx, func(tx *store.Tx) error {
		out, refused = "", nil
		s, err := r.stagedOver(ctx, tx, a, f, was)
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
	err = putRows(before.Doses, after.Doses,
		func(d iis.Dose) iis.DoseID { return d.ID },
		func(d iis.Dose) error { return tx.PutDose(ctx, id, d) },
		func(d iis.DoseID) error { return tx.DeleteDose(ctx, id, d) })
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

// Undecease takes a client's death back: the organization that marked it for
// ten minutes, the help desk at any time.
func (r *Registry) Undecease(ctx context.Context, a iis.Actor, id iis.ClientID) error {
	if err := r.may(ctx, a, iis.EditClient); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		rec, err := tx.VisibleRecord(ctx, id, a.Organization, func(c iis.Client) bool { return c.MayUndecease(a, tx.Now) })
		if iis.KindOf(err) == iis.NotFound {
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
