package registry

import (
	"context"
	"maps"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// takeBack undoes a batch for one client, unless another undo has done so.
func (r *Registry) takeBack(ctx context.Context, a iis.Actor, batch string, id iis.ClientID, out *Undone) error {
	var removed, changed bool
	var kept *KeptImport
	err := r.update(ctx, func(tx *store.Tx) error {
		removed, changed, kept = false, false, nil
		if was, err := tx.ImportTouchedState(ctx, batch, id); err != nil || was != store.TouchedStands {
			return err
		}
		events, err := tx.Events(ctx, id, 0) // newest first
		if err != nil {
			return err
		}
		var mine []store.StoredEvent
		for _, e := range events {
			if e.Action == iis.ActionImport && e.Detail.Note == batch {
				mine = append(mine, e)
			}
		}
		switch {
		case len(mine) == 0:
		case mine[len(mine)-1].Version > 1:
			kept, changed, err = r.restore(ctx, tx, a, batch, id, mine)
		case worked(events, batch):
			kept = &KeptImport{Client: id}
		default:
			removed, err = true, r.withdraw(ctx, tx, a, batch, id)
		}
		if err != nil {
			return err
		}
		state := store.TouchedUndone
		if kept != nil {
			state = store.TouchedKept
		}
		return tx.SetImportTouched(ctx, batch, id, state)
	})
	if err != nil {
		return err
	}
	if removed {
		out.Removed++
	}
	if changed {
		out.Changed++
	}
	if kept != nil {
		out.Kept = append(out.Kept, *kept)
	}
	return nil
}

// looking are the actions that leave a client as he is.
var looking = []iis.Action{iis.ActionView, iis.ActionHistory, iis.ActionSearch, iis.ActionRefused, iis.ActionVerify,
	iis.ActionLater, iis.ActionAssign}

// worked reports whether anybody has worked on a client since a batch entered him,
// by the events about him: other imports that were undone do not count.
func worked(events []store.StoredEvent, batch string) bool {
	undone := undoneOf(events)
	return slices.ContainsFunc(events, func(e store.StoredEvent) bool {
		switch {
		case slices.Contains(looking, e.Action), e.Action == iis.ActionUndoImport:
			return false
		case e.Action == iis.ActionImport:
			return e.Detail.Note != batch && !undone[e.Detail.Note]
		}
		return true
	})
}

// withdraw takes a client out of the registry whom a batch has entered: his row
// stays, empty, so that nobody else gets the ID, which leads nowhere. The audit
// trail keeps what was on file.
func (r *Registry) withdraw(ctx context.Context, tx *store.Tx, a iis.Actor, batch string, id iis.ClientID) error {
	w, err := tx.Whole(ctx, id)
	if err != nil {
		return err
	}
	gone := iis.Whole{Record: iis.Record{Client: iis.Client{
		ID: id, Version: w.Client.Version + 1, Gender: iis.UnknownGender,
		Created: w.Client.Created, Updated: tx.Now, UpdatedBy: a.Organization, UpdatedByName: a.OrgName,
	}}}
	if err := r.replace(ctx, tx, w, gone); err != nil {
		return err
	}
	if err := tx.PutNames(ctx, gone.Client, nil); err != nil {
		return err
	}
	if err := tx.PutKeys(ctx, id, keysOf(gone), nil); err != nil {
		return err
	}
	if err := tx.SetMergedInto(ctx, id, iis.Withdrawn); err != nil {
		return err
	}
	return record(ctx, tx, a, iis.ActionUndoImport, id, iis.Detail{
		Version: gone.Client.Version, Changes: iis.Differences(w.Record, gone.Record), Note: batch})
}

// restore takes back, newest first, what a batch has changed of a client who was
// on file. Of one who was merged meanwhile, it is done with his survivor.
func (r *Registry) restore(ctx context.Context, tx *store.Tx, a iis.Actor, batch string, id iis.ClientID, mine []store.StoredEvent) (kept *KeptImport, changed bool, err error) {
	now, err := tx.MergedInto(ctx, id)
	if err != nil {
		return nil, false, err
	}
	before, err := tx.Whole(ctx, now)
	if err != nil {
		return nil, false, err
	}
	if o := before.Client.LockedTo; o != "" && o != mine[0].Organization && !a.May(iis.SeeHidden) {
		return &KeptImport{Client: id}, false, nil // closed to the organization since
	}
	since, err := setSince(ctx, tx, now, batch, mine[len(mine)-1].Version)
	if err != nil {
		return nil, false, err
	}
	after, stays := before, map[iis.Field]bool{}
	for _, e := range mine {
		changes := e.Detail.Changes
		if now != id { // the survivor has values of his own; rows have kept their IDs
			changes = slices.DeleteFunc(slices.Clone(changes), func(c iis.Change) bool {
				row, _, _, _ := c.Field.Row()
				return row != iis.RowDose
			})
			if len(changes) < len(e.Detail.Changes) {
				stays[""] = true
			}
		}
		by := a
		by.Organization, by.OrgName = e.Organization, e.OrgName
		var left []iis.Change
		after, left = after.TakeBack(changes, e.Organization, since, by, tx.Now)
		for _, c := range left {
			stays[c.Field] = true
		}
	}
	if len(stays) > 0 {
		kept = &KeptImport{Client: id, Fields: slices.Sorted(maps.Keys(stays))}
	}
	after.Client.Version = before.Client.Version + 1
	undone := map[iis.OrganizationID][]iis.Change{}
	for i, e := range mine {
		changes := iis.Differences(withMembership(before, e.Organization), withMembership(after, e.Organization))
		if i > 0 {
			changes = slices.DeleteFunc(changes, func(c iis.Change) bool { return !c.Field.OfMembership() || undone[e.Organization] != nil })
		}
		if len(changes) > 0 {
			undone[e.Organization] = changes
		}
	}
	if len(undone) == 0 {
		return kept, false, nil
	}
	if err := r.replace(ctx, tx, before, after); err != nil {
		return kept, false, err
	}
	if now != id {
		if err := record(ctx, tx, a, iis.ActionUndoImport, id, iis.Detail{Subject: string(now), Note: batch}); err != nil {
			return kept, true, err
		}
	}
	for _, e := range mine {
		changes := undone[e.Organization]
		if changes == nil {
			continue
		}
		delete(undone, e.Organization)
		by := a
		by.Organization, by.OrgName = e.Organization, e.OrgName
		err := record(ctx, tx, by, iis.ActionUndoImport, now, iis.Detail{Version: after.Client.Version, Changes: changes, Note: batch})
		if err != nil {
			return kept, true, err
		}
	}
	return kept, true, nil
}

// setSince tells which fields of a client were set after a version by anything but
// the batch.
func setSince(ctx context.Context, tx *store.Tx, id iis.ClientID, batch string, version int64) (map[iis.Field]bool, error) {
	events, err := tx.EventsSince(ctx, id, version)
	if err != nil {
		return nil, err
	}
	since := map[iis.Field]bool{}
	for _, e := range events {
		if e.Action == iis.ActionImport && e.Detail.Note == batch {
			continue
		}
		for _, c := range e.Detail.Changes {
			since[c.Field] = true
		}
	}
	return since, nil
}

// withMembership is the record of a whole client as an organization sees it.
func withMembership(w iis.Whole, org iis.OrganizationID) iis.Record {
	rec := w.Record
	rec.Membership = iis.Membership{Organization: org, Status: iis.Active, Reminders: true}
	for _, m := range w.Memberships {
		if m.Organization == org {
			rec.Membership = m
		}
	}
	return rec
}
