package registry

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Different is why a new client is another person than the look-alikes that
// were shown.
type Different string

const (
	DifferentTwin     Different = "twin"      // or another brother or sister
	DifferentSameName Different = "same name" // two people of one name
	DifferentOther    Different = "other"     // looked at by the help desk before the client is added
)

// DifferentReasons lists the reasons to choose from.
var DifferentReasons = []Different{DifferentTwin, DifferentSameName, DifferentOther}

// Entry is a form for a new client, and what was answered about look-alikes.
type Entry struct {
	Form      Form
	Different Different // "" as long as nothing was answered
}

// Entered is how entering a new client ended.
type Entered struct {
	Client     iis.ClientID // the new client; "" if none was added
	Lookalikes []Found      // clients who may be the same person: an answer is needed
	// HeldCode is set when the entry is kept for the help desk, who finds it by
	// this code. The answer never says why: nobody learns from it of a client he
	// may not see.
	HeldCode string
}

// NewClient opens the form for a new client with the actor's draft of one.
func (r *Registry) NewClient(ctx context.Context, a iis.Actor) (page ClientPage, err error) {
	if err := r.may(ctx, a, iis.EnterClient); err != nil {
		return page, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		page, err = r.page(ctx, tx, a, blankRecord(a))
		return err
	})
	return page, err
}

// EnterClient adds a new client, unless existing ones look like the same
// person: then nothing is written before the actor has seen them and said that
// these are different people. Clients whom the actor must not see are looked at
// too; an entry like one of them is held for the help desk.
func (r *Registry) EnterClient(ctx context.Context, a iis.Actor, e Entry) (out Entered, err error) {
	e.Form.Client = ""
	a, moved, err := r.editor(ctx, a, e.Form)
	if err != nil {
		return out, err
	}
	if moved != nil {
		e.Form.Do = DoKeep
		if err := r.StageClient(ctx, a, e.Form); err != nil {
			return out, err
		}
		return out, moved
	}
	var refused error
	err = r.update(ctx, func(tx *store.Tx) error {
		out, refused = Entered{}, nil
		s, err := r.staged(ctx, tx, a, e.Form)
		if err != nil {
			return err
		}
		after, err := s.rec.Revise(iis.Edit{Changes: s.draft.Changes}, a, s.now, s.today)
		if err != nil {
			refused = err
			return s.keep(ctx, tx, a)
		}
		visible, pairs, hidden, err := r.lookalikes(ctx, tx, a, store.Known{Client: after.Client, Aliases: after.Aliases, Memberships: []iis.Membership{after.Membership}})
		if err != nil {
			return err
		}
		if len(visible) > 0 && !slices.Contains(DifferentReasons, e.Different) {
			out.Lookalikes = visible
			ids := make([]iis.ClientID, len(visible))
			for i, f := range visible {
				ids[i] = f.Client.ID
			}
			if err := s.keep(ctx, tx, a); err != nil {
				return err
			}
			return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: ids, Note: "look-alikes of a new client"})
		}
		if hidden || e.Different == DifferentOther {
			out.HeldCode, err = r.hold(ctx, tx, a, s, e.Different)
			return err
		}
		if out.Client, err = r.add(ctx, tx, a, after, string(e.Different)); err != nil {
			return err
		}
		if err := enqueue(ctx, tx, out.Client, pairs, FoundByEntry); err != nil {
			return err
		}
		return s.discard(ctx, tx, a)
	})
	if err == nil {
		err = refused
	}
	return out, err
}

// UseRecord takes a look-alike for the client being entered: what was typed goes
// into the actor's draft of that record as proposed changes, and nothing is
// lost or written.
func (r *Registry) UseRecord(ctx context.Context, a iis.Actor, id iis.ClientID) error {
	if err := r.may(ctx, a, iis.EditClient); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, Form{Client: id})
		if err != nil {
			return err
		}
		entry, _, err := draft(ctx, tx, a, "", iis.ScreenClient)
		if err != nil {
			return err
		}
		s.draft.Carry(s.rec.Value, entry, s.today)
		if err := s.keep(ctx, tx, a); err != nil {
			return err
		}
		return tx.DeleteDraft(ctx, a.User, a.Organization, "", iis.ScreenClient)
	})
}

// CarryDraft takes the actor's draft of a client who was merged meanwhile to the
// survivor, as proposed changes: nothing that was typed is lost. It returns the
// survivor.
func (r *Registry) CarryDraft(ctx context.Context, a iis.Actor, id iis.ClientID, screen iis.Screen) (into iis.ClientID, err error) {
	if err := r.may(ctx, a, editing(screen)); err != nil {
		return "", err
	}
	return into, r.update(ctx, func(tx *store.Tx) error {
		_, err := r.visible(ctx, tx, a, id)
		if into = iis.MovedTo(err); into == "" {
			if err == nil {
				err = iis.Errorf(iis.Conflict, "This record was not merged into another. Go on with it where it is.")
			}
			return err
		}
		was, stored, err := draft(ctx, tx, a, id, screen)
		if err != nil || !stored {
			return err
		}
		s, err := r.staged(ctx, tx, a, Form{Client: into, Screen: screen})
		if err != nil {
			return err
		}
		s.draft.Carry(s.rec.Value, was, s.today)
		for _, d := range was.Doses {
			if !slices.Contains(s.draft.Doses, d) {
				s.draft.Doses = append(s.draft.Doses, d)
			}
		}
		if err := s.keep(ctx, tx, a); err != nil {
			return err
		}
		return tx.DeleteDraft(ctx, a.User, a.Organization, id, screen)
	})
}

// add writes a client that Revise has made of nothing, under a free ID.
func (r *Registry) add(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record, reason string) (iis.ClientID, error) {
	id, err := freeID(ctx, tx)
	if err != nil {
		return "", err
	}
	rec.Client.ID = id
	before := iis.Record{Membership: iis.Membership{Organization: rec.Membership.Organization}}
	if err := r.put(ctx, tx, before, rec); err != nil {
		return "", err
	}
	return id, record(ctx, tx, a, iis.ActionEnter, id, iis.Detail{
		Version: rec.Client.Version, Changes: iis.Differences(iis.Record{}, rec), Reason: reason,
	})
}

// freeID draws a registry ID that nobody has.
func freeID(ctx context.Context, tx *store.Tx) (iis.ClientID, error) {
	return (&freeIDs{}).draw(ctx, tx, 1)
}

// freeIDs are registry IDs that nobody has, drawn several at a time for one
// transaction.
type freeIDs struct{ ids []iis.ClientID }

// next returns one of them, and never again.
func (f *freeIDs) next(ctx context.Context, tx *store.Tx) (iis.ClientID, error) {
	return f.draw(ctx, tx, 32)
}

// draw returns the next, and draws so many where none is left.
func (f *freeIDs) draw(ctx context.Context, tx *store.Tx, several int) (iis.ClientID, error) {
	for len(f.ids) == 0 {
		drawn := map[iis.ClientID]bool{}
		for range several {
			drawn[iis.NewClientID()] = true
		}
		taken, err := tx.TakenIDs(ctx, slices.Collect(maps.Keys(drawn)))
		if err != nil {
			return "", err
		}
		for _, id := range taken {
			delete(drawn, id)
		}
		f.ids = slices.Collect(maps.Keys(drawn))
	}
	id := f.ids[0]
	f.ids = f.ids[1:]
	return id, nil
}

// hold keeps an entry for the help desk under a code that can be read out.
func (r *Registry) hold(ctx context.Context, tx *store.Tx, a iis.Actor, s *staging, why Different) (string, error) {
	body, err := json.Marshal(s.draft)
	if err != nil {
		return "", err
	}
	code := rand.Text()[:6]
	err = tx.PutHeldEntry(ctx, store.HeldEntry{
		ID: iis.NewID(), Code: code, User: a.User, Organization: a.Organization,
		Body: string(body), Reason: string(why), Held: tx.Now,
	})
	if err != nil {
		return "", err
	}
	if err := s.discard(ctx, tx, a); err != nil {
		return "", err
	}
	return code, record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Reason: string(why)})
}

// AddHeld adds the client of a held entry for the organization that entered it:
// the help desk has found that it is nobody on file. The entry is resolved.
func (r *Registry) AddHeld(ctx context.Context, a iis.Actor, code string) (id iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.ResolveHeldEntry); err != nil {
		return "", err
	}
	code = foldCode(code)
	err = r.update(ctx, func(tx *store.Tx) error {
		h, err := tx.HeldEntry(ctx, code)
		if err != nil {
			return err
		}
		var d iis.Draft
		if err := json.Unmarshal([]byte(h.Body), &d); err != nil {
			return err
		}
		o, err := tx.Organization(ctx, h.Organization)
		if err != nil {
			return err
		}
		owner := a
		owner.Organization, owner.OrgName = o.ID, o.Name
		rec, err := blankRecord(owner).Revise(iis.Edit{Changes: d.Changes}, owner, tx.Now, r.today(tx))
		if err != nil {
			return err
		}
		if id, err = r.add(ctx, tx, a, rec, ""); err != nil {
			return err
		}
		outcome := "added as " + string(id)
		if err := tx.ResolveHeldEntry(ctx, code, a.User, outcome); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Note: outcome})
	})
	return id, err
}
