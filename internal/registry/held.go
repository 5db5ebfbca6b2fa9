package registry

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// HeldEntry is a new client whose entry was not written, because he may be one
// the person entering him must not see. The help desk decides.
type HeldEntry struct {
	Code     string
	Entered  time.Time
	By       string // name of the user, or of what no user did
	OrgName  string
	Reason   string
	Changes  []iis.Change // what was typed; New holds the values
	Resolved time.Time    // zero while it waits
	Outcome  string
}

// HeldEntries returns the entries that wait, the longest waiting first, without
// what was typed.
func (r *Registry) HeldEntries(ctx context.Context, a iis.Actor) (all []HeldEntry, err error) {
	if err := r.may(ctx, a, iis.ResolveHeldEntry); err != nil {
		return nil, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		all = nil
		held, err := tx.HeldEntries(ctx)
		if err != nil {
			return err
		}
		for _, h := range held {
			e, err := heldEntry(ctx, tx, h)
			if err != nil {
				return err
			}
			e.Changes = nil
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

// HeldEntry returns the entry of a code as the user reads it out, in whatever
// case. That it was seen is recorded.
func (r *Registry) HeldEntry(ctx context.Context, a iis.Actor, code string) (e HeldEntry, err error) {
	if err := r.may(ctx, a, iis.ResolveHeldEntry); err != nil {
		return e, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		h, err := tx.HeldEntry(ctx, foldCode(code))
		if err != nil {
			return err
		}
		if e, err = heldEntry(ctx, tx, h); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: h.Code, Note: "opened"})
	})
	return e, err
}

func foldCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

func heldEntry(ctx context.Context, tx *store.Tx, h store.HeldEntry) (HeldEntry, error) {
	e := HeldEntry{Code: h.Code, Entered: h.Held, Reason: h.Reason, Resolved: h.Resolved, Outcome: h.Outcome}
	u := iis.User{Name: "the command line"}
	if h.User != "" {
		var err error
		if u, err = tx.User(ctx, h.User); err != nil {
			return e, err
		}
	}
	o, err := tx.Organization(ctx, h.Organization)
	if err != nil {
		return e, err
	}
	var d iis.Draft
	if err := json.Unmarshal([]byte(h.Body), &d); err != nil {
		return e, err
	}
	e.By, e.OrgName, e.Changes = u.Name, o.Name, d.Changes
	return e, nil
}

// Ways to resolve a held entry without adding a client; see AddHeld for that.
const (
	HeldOnFile  = "on file"  // he is a client already, the organization was told
	HeldDropped = "not kept" // entered by mistake
	heldUndone  = "undone"   // the import that held it was
)

// ResolveHeldEntry notes what became of a held entry that is not added.
func (r *Registry) ResolveHeldEntry(ctx context.Context, a iis.Actor, code, outcome string) error {
	if err := r.may(ctx, a, iis.ResolveHeldEntry); err != nil {
		return err
	}
	if outcome != HeldOnFile && outcome != HeldDropped {
		return iis.Problems(iis.Problem{Field: "outcome", Text: "Choose what became of the entry."})
	}
	code = foldCode(code)
	return r.update(ctx, func(tx *store.Tx) error {
		if err := tx.ResolveHeldEntry(ctx, code, a.User, outcome); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Note: outcome})
	})
}
