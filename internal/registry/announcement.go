package registry

import (
	"context"
	"strings"
	"unicode/utf8"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Home is what greets someone who has signed in.
type Home struct {
	Announcements []iis.Announcement // newest first
	Drafts        []HomeDraft
	Held          int // entries that wait for the help desk, for whom it resolves
}

// HomeDraft is work begun for the acting organization and not saved.
type HomeDraft struct {
	Draft iis.Draft
	Name  iis.Name // of the client; zero for a new one
}

// Home returns the actor's home page. Names of clients with drafts are a
// disclosure like any other, and recorded; a draft of a client who must not be
// seen any more is left out.
func (r *Registry) Home(ctx context.Context, a iis.Actor) (h Home, err error) {
	var drafts []iis.Draft
	err = r.view(ctx, func(tx *store.Tx) error {
		h = Home{}
		if h.Announcements, err = tx.Announcements(ctx, a.User); err != nil {
			return err
		}
		if a.May(iis.ResolveHeldEntry) {
			held, err := tx.HeldEntries(ctx)
			if err != nil {
				return err
			}
			h.Held = len(held)
		}
		drafts, err = tx.Drafts(ctx, a.User, a.Organization)
		return err
	})
	if err != nil || len(drafts) == 0 || !a.May(iis.EditClient) {
		return h, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		h.Drafts = nil
		var shown []iis.ClientID
		for _, d := range drafts {
			if len(d.Changes) == 0 {
				continue
			}
			row := HomeDraft{Draft: d}
			if d.Client != "" {
				c, err := tx.Client(ctx, d.Client)
				if iis.KindOf(err) == iis.NotFound || err == nil && !c.VisibleTo(a) {
					continue
				}
				if err != nil {
					return err
				}
				row.Name = c.Name
				shown = append(shown, c.ID)
			}
			h.Drafts = append(h.Drafts, row)
		}
		if len(shown) == 0 {
			return nil
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: shown, Note: "drafts on the home page"})
	})
	return h, err
}

// Announcements returns every notice, newest first.
func (r *Registry) Announcements(ctx context.Context, a iis.Actor) (all []iis.Announcement, err error) {
	err = r.view(ctx, func(tx *store.Tx) error {
		all, err = tx.Announcements(ctx, a.User)
		return err
	})
	return all, err
}

// ReadAnnouncement returns one notice, which is from now on no longer NEW to the
// actor (guide 7).
func (r *Registry) ReadAnnouncement(ctx context.Context, a iis.Actor, id iis.AnnouncementID) (n iis.Announcement, err error) {
	err = r.view(ctx, func(tx *store.Tx) error {
		n, err = tx.Announcement(ctx, a.User, id)
		return err
	})
	if err != nil || n.Read {
		return n, err
	}
	return n, r.update(ctx, func(tx *store.Tx) error { return tx.ReadAnnouncement(ctx, a.User, id) })
}

// Fields of an announcement.
const (
	FieldTitle iis.Field = "title"
	FieldBody  iis.Field = "body"
)

// PostAnnouncement writes a notice for everybody, new if it has no ID. It is
// dated the day it is first posted.
func (r *Registry) PostAnnouncement(ctx context.Context, a iis.Actor, n iis.Announcement) (iis.AnnouncementID, error) {
	if err := r.may(ctx, a, iis.ManageAnnouncement); err != nil {
		return "", err
	}
	n.Title, n.Body = strings.Join(strings.Fields(n.Title), " "), strings.TrimSpace(n.Body)
	var ps []iis.Problem
	if c := utf8.RuneCountInString(n.Title); c == 0 || c > 200 {
		ps = append(ps, iis.Problem{Field: FieldTitle, Text: "Enter a title of at most 200 characters."})
	}
	if utf8.RuneCountInString(n.Body) > 10_000 {
		ps = append(ps, iis.Problem{Field: FieldBody, Text: "Shorten the text to 10,000 characters."})
	}
	if err := iis.Problems(ps...); err != nil {
		return "", err
	}
	given := n.ID
	err := r.update(ctx, func(tx *store.Tx) error {
		if n.ID = given; given == "" {
			n.ID, n.Posted = iis.AnnouncementID(iis.NewID()), r.today(tx)
		} else {
			old, err := tx.Announcement(ctx, a.User, given)
			if err != nil {
				return err
			}
			n.Posted = old.Posted
		}
		if err := tx.PutAnnouncement(ctx, n); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionAnnouncement, "", iis.Detail{Subject: string(n.ID), Note: n.Title})
	})
	return n.ID, err
}

// RemoveAnnouncement takes a notice off the home page.
func (r *Registry) RemoveAnnouncement(ctx context.Context, a iis.Actor, id iis.AnnouncementID) error {
	if err := r.may(ctx, a, iis.ManageAnnouncement); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteAnnouncement(ctx, id); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionAnnouncement, "", iis.Detail{Subject: string(id), Note: "removed"})
	})
}
