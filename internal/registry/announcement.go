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
	Files         int // that the actor has sent, which were checked and wait for his approval
	Problems      int // told of immunizations of the acting organization, and not resolved
	// Schedule is what is wrong with the schedule in force, for those who manage it.
	Schedule ScheduleAlarm
}

// HomeDraft is work begun for the acting organization and not saved.
type HomeDraft struct {
	Draft iis.Draft
	Name  iis.Name // of the client; zero for a new one
	// Into is the client that this one was merged into meanwhile, whose name it then
	// is; "" if he was not.
	Into iis.ClientID
}

// Home returns the actor's home page. Names of clients with drafts are a
// disclosure like any other, and recorded; a draft of a client who must not be
// seen any more is left out.
func (r *Registry) Home(ctx context.Context, a iis.Actor) (h Home, err error) {
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
		if a.May(iis.ManageSchedule) {
			if h.Schedule, err = r.scheduleAlarm(ctx, tx); err != nil {
				return err
			}
		}
		if a.May(iis.RecordDose) {
			list, err := waiting(ctx, tx, a)
			if err != nil {
				return err
			}
			h.Problems = len(list)
		}
		if a.May(iis.ImportClients) {
			list, err := tx.UploadsOf(ctx, a.User, a.Organization, tx.Now.Add(-uploadLife))
			if err != nil {
				return err
			}
			for _, u := range list {
				if u.State == UploadChecked {
					h.Files++
				}
			}
		}
		h.Drafts, err = homeDrafts(ctx, tx, a)
		return err
	})
	if err != nil || len(h.Drafts) == 0 {
		return h, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if h.Drafts, err = homeDrafts(ctx, tx, a); err != nil {
			return err
		}
		var shown []iis.ClientID
		for _, d := range h.Drafts {
			if d.Draft.Client != "" {
				shown = append(shown, d.Draft.Client)
			}
		}
		if len(shown) == 0 {
			return nil
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: shown, Note: "drafts on the home page"})
	})
	return h, err
}

// homeDrafts returns what the actor has begun and not saved, the newest first,
// but of clients whom he may see.
func homeDrafts(ctx context.Context, tx *store.Tx, a iis.Actor) (rows []HomeDraft, err error) {
	if !a.May(iis.EditClient) {
		return nil, nil
	}
	drafts, err := tx.Drafts(ctx, a.User, a.Organization)
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		if d.Count() == 0 {
			continue
		}
		row := HomeDraft{Draft: d}
		if d.Client != "" {
			into, err := tx.MergedInto(ctx, d.Client)
			if iis.KindOf(err) == iis.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			if into != d.Client {
				row.Into = into
			}
			c, err := tx.Client(ctx, into)
			if iis.KindOf(err) == iis.NotFound || err == nil && !c.VisibleTo(a) {
				continue
			}
			if err != nil {
				return nil, err
			}
			row.Name = c.Name
		}
		rows = append(rows, row)
	}
	return rows, nil
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
