package registry

import (
	"context"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// History is one page of what happened to a client, and to the records that went into
// his, newest first.
type History struct {
	Client iis.Client
	Record iis.Record // of the client, for the head of the page and the names of rows
	Events []store.StoredEvent
	More   bool // there are older ones
	// Merged are the records that went into this one, of ChangeHistory alone.
	Merged []MergedRecord
}

// HistoryPage is how many events one page of a history shows.
const HistoryPage = 50

// ChangeHistory tells who changed a client, for which organization, when and
// what from what. Fields of another organization's Client Information tab are
// left out: they are no business of the asker's.
func (r *Registry) ChangeHistory(ctx context.Context, a iis.Actor, id iis.ClientID, page int) (History, error) {
	h, err := r.history(ctx, a, id, page, store.ChangeActions)
	if err == nil {
		err = r.view(ctx, func(tx *store.Tx) error {
			h.Merged, err = merged(ctx, tx, a, id)
			return err
		})
	}
	for i := range h.Events {
		e := &h.Events[i]
		if e.Organization != a.Organization && !a.May(iis.SeeHidden) {
			e.Detail.Changes = slices.DeleteFunc(e.Detail.Changes, func(c iis.Change) bool { return c.Field.OfMembership() })
		}
	}
	return h, err
}

// ViewHistory tells who has seen a client's record, when and for whom.
func (r *Registry) ViewHistory(ctx context.Context, a iis.Actor, id iis.ClientID, page int) (History, error) {
	return r.history(ctx, a, id, page, store.ViewActions)
}

func (r *Registry) history(ctx context.Context, a iis.Actor, id iis.ClientID, page int, actions []iis.Action) (h History, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return h, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		rec, err := r.visible(ctx, tx, a, id)
		if err != nil {
			return err
		}
		h = History{Client: rec.Client, Record: rec}
		under, err := tx.MergesUnder(ctx, id)
		if err != nil {
			return err
		}
		var also []iis.ClientID
		for _, m := range under {
			also = append(also, m.Other)
		}
		h.Events, err = tx.FindEvents(ctx, store.EventQuery{
			Client: id, Also: also, Actions: actions, Limit: HistoryPage + 1, Offset: max(page, 0) * HistoryPage,
		})
		if err != nil {
			return err
		}
		if h.More = len(h.Events) > HistoryPage; h.More {
			h.Events = h.Events[:HistoryPage]
		}
		if h.Events, err = withoutHidden(ctx, tx, a, h.Events); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionHistory, id, iis.Detail{})
	})
	return h, err
}

// beside is the other client whom an event tells of, and "" if it tells of none.
func beside(e store.StoredEvent) iis.ClientID {
	id := e.Detail.Subject
	switch e.Action {
	case iis.ActionView:
		_, after, found := strings.Cut(id, "beside ")
		if !found {
			_, after, _ = strings.Cut(id, "merge with ")
		}
		id = after
	case iis.ActionDifferent, iis.ActionReportPair, iis.ActionAskMerge, iis.ActionLater, iis.ActionAssign,
		iis.ActionMerge, iis.ActionMergedInto, iis.ActionUnmerge, iis.ActionUndoImport:
	default:
		return ""
	}
	return iis.ClientID(id)
}

// withoutHidden are events as the actor may know of them: where one tells of another
// client whom he may not see, he is not told of a pair at all, and of anything else
// not with whom and why.
func withoutHidden(ctx context.Context, tx *store.Tx, a iis.Actor, events []store.StoredEvent) ([]store.StoredEvent, error) {
	var others []iis.ClientID
	for _, e := range events {
		if id := beside(e); id != "" && !slices.Contains(others, id) {
			others = append(others, id)
		}
	}
	seen, err := tx.Seen(ctx, audienceOf(a), others)
	if err != nil {
		return nil, err
	}
	var told []store.StoredEvent
	for _, e := range events {
		if id := beside(e); id != "" && !slices.Contains(seen, id) {
			switch e.Action {
			case iis.ActionDifferent, iis.ActionReportPair, iis.ActionAskMerge, iis.ActionLater, iis.ActionAssign:
				continue
			}
			e.Detail.Subject, e.Detail.Reason = "", ""
		}
		told = append(told, e)
	}
	return told, nil
}

// Print answers what a printed summary of a client shows, and records the
// print.
func (r *Registry) Print(ctx context.Context, a iis.Actor, id iis.ClientID, what string) (rec iis.Record, err error) {
	if err := r.may(ctx, a, iis.PrintClient); err != nil {
		return rec, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if rec, err = r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionPrint, id, iis.Detail{Subject: what})
	})
	return rec, err
}
