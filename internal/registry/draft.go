package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

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

// draft returns the actor's draft of a client on a screen, and whether one is
// stored.
func draft(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID, screen iis.Screen) (iis.Draft, bool, error) {
	d, err := tx.Draft(ctx, a.User, a.Organization, id, screen)
	if iis.KindOf(err) == iis.NotFound {
		return iis.Draft{Client: id, Screen: screen}, false, nil
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
	was := r.ahead(ctx, a, f)
	var invalid error
	err = r.update(ctx, func(tx *store.Tx) error {
		invalid = nil
		s, err := r.stagedOver(ctx, tx, a, f, was)
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

// staging is a draft being worked on in a transaction.
type staging struct {
	rec    iis.Record             // as saved now
	shown  func(iis.Field) string // a value as the page showed it
	draft  iis.Draft
	stored bool
	did    Deed
	today  iis.Date
	now    time.Time
}

// seen is what a form is put over: a client's record, and the values that the
// page of the form showed of it. Nobody changes it once it is read.
type seen struct {
	rec   iis.Record
	shown func(iis.Field) string
}

// see reads what a form is put over.
func (r *Registry) see(ctx context.Context, tx *store.Tx, a iis.Actor, f Form) (*seen, error) {
	s := &seen{rec: blankRecord(a)}
	var err error
	if f.Client != "" {
		if s.rec, err = r.visible(ctx, tx, a, f.Client); err != nil {
			return nil, err
		}
	}
	if f.Screen == iis.ScreenDoses {
		if s.rec.Doses, err = tx.Doses(ctx, f.Client); err != nil {
			return nil, err
		}
	}
	s.shown, err = shownValues(ctx, tx, a, s.rec, f.Version)
	return s, err
}

// ahead is see before the transaction that will change the client, where that
// spares it time; nil otherwise. Whatever goes wrong is met again, and told, by
// the transaction.
func (r *Registry) ahead(ctx context.Context, a iis.Actor, f Form) *seen {
	if f.Client == "" {
		return nil
	}
	var s *seen
	err := r.db.Ahead(ctx, func(tx *store.Tx) (err error) {
		s, err = r.see(ctx, tx, a, f)
		return err
	})
	if err != nil {
		return nil
	}
	return s
}

// staged loads the client and the draft and puts the form into it.
func (r *Registry) staged(ctx context.Context, tx *store.Tx, a iis.Actor, f Form) (*staging, error) {
	return r.stagedOver(ctx, tx, a, f, nil)
}

// stagedOver is staged over what was seen ahead, if the client is still of that
// version: every save of anything in a record gives the client a new one.
func (r *Registry) stagedOver(ctx context.Context, tx *store.Tx, a iis.Actor, f Form, was *seen) (*staging, error) {
	if was != nil {
		version, err := tx.ClientVersion(ctx, f.Client)
		if err != nil && iis.KindOf(err) != iis.NotFound {
			return nil, err
		}
		if err != nil || version != was.rec.Client.Version {
			was = nil
		}
	}
	var err error
	if was == nil {
		if was, err = r.see(ctx, tx, a, f); err != nil {
			return nil, err
		}
	}
	s := &staging{rec: was.rec, did: f.Do, today: r.today(tx), now: tx.Now}
	if s.draft, s.stored, err = draft(ctx, tx, a, f.Client, f.Screen); err != nil {
		return nil, err
	}
	s.draft.Reopen(s.rec, iis.RowContact, string(f.NewContact))
	s.draft.Reopen(s.rec, iis.RowComment, string(f.NewComment))
	for _, id := range f.Doses {
		s.draft.ReopenDose(was.shown, id)
	}
	s.draft.Begin(s.rec)
	s.shown = was.shown
	s.draft.Take(was.shown, normal(f.Typed), s.today)
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
	switch {
	case f.Row != iis.RowDose:
	case f.Do == DoSelect:
		if s.rec.Value(iis.DoseField(iis.DoseID(f.ID), "")) != "" {
			d.OpenDose(iis.DoseID(f.ID))
		}
		return nil
	case f.Do == DoNew:
		d.NewDose(f.Kind, s.today)
		return nil
	case f.Do == DoRevert:
		d.CloseDose(iis.DoseID(f.ID))
		return nil
	}
	switch f.Do {
	case DoSelect:
		d.Select(f.Row, f.ID)
	case DoNew:
		d.New(f.Row)
	case DoCopy:
		d.Copy(s.rec, iis.ContactID(f.ID))
	case DoDelete:
		d.Delete(s.rec, s.shown, f.Row, f.ID)
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
	if s.draft.Count() == 0 && !s.draft.NewContact && !s.draft.NewComment && len(s.draft.Doses) == 0 && !opened {
		return s.discard(ctx, tx, a)
	}
	return tx.PutDraft(ctx, a.User, a.Organization, s.draft)
}

func (s *staging) discard(ctx context.Context, tx *store.Tx, a iis.Actor) error {
	if !s.stored {
		return nil
	}
	return tx.DeleteDraft(ctx, a.User, a.Organization, s.draft.Client, s.draft.Screen)
}

// Discard throws the actor's draft of a client on a screen away: Cancel.
func (r *Registry) Discard(ctx context.Context, a iis.Actor, id iis.ClientID, screen iis.Screen) error {
	return r.update(ctx, func(tx *store.Tx) error {
		return tx.DeleteDraft(ctx, a.User, a.Organization, id, screen)
	})
}

// Resolve settles the clashes of a draft, field by field, as the actor chose
// ("yours" or "theirs"); SaveClient can then be asked again.
func (r *Registry) Resolve(ctx context.Context, a iis.Actor, id iis.ClientID, screen iis.Screen, choice map[iis.Field]string) error {
	if err := r.may(ctx, a, editing(screen)); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, Form{Client: id, Screen: screen})
		if err != nil {
			return err
		}
		s.draft.Resolve(s.clashes(a), choice)
		return s.keep(ctx, tx, a)
	})
}

// Clashes returns the fields of the actor's draft that someone else has changed
// meanwhile, and who changed each.
func (r *Registry) Clashes(ctx context.Context, a iis.Actor, id iis.ClientID, screen iis.Screen) (clashes []iis.Clash, by map[iis.Field]iis.Event, err error) {
	if err := r.may(ctx, a, editing(screen)); err != nil {
		return nil, nil, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, Form{Client: id, Screen: screen})
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
	_, err := s.rec.Revise(iis.Edit{Changes: s.draft.Pending()}, a, s.now, s.today)
	return iis.ClashesIn(err)
}

// editing is what an actor must be allowed to change on a screen.
func editing(screen iis.Screen) iis.Permission {
	if screen == iis.ScreenDoses {
		return iis.RecordDose
	}
	return iis.EditClient
}
