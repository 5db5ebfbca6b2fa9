// Package registry is the heart of openiis: one method for each thing an actor
// can ask. A method checks that the actor may, opens one transaction, applies
// the rules of package iis to values, and records what happened in the same
// transaction. It never speaks HTTP and never writes SQL; the doors call it.
package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Registry answers the use cases over one database.
type Registry struct {
	db    *store.DB
	opts  Options
	vocab vocabularies // names on file, for search

	schedules schedules     // made ready to answer
	policies  matchPolicies // the matching policy in force

	sweeps  chan struct{} // a sweep was asked for
	uploads chan struct{} // a file is to be looked at, taken in or taken back
	mails   chan struct{} // there is e-mail to be sent
}

// Options are the settings of a registry that change its answers.
type Options struct {
	// IDLabel is what a client's ID is called on screen; "Registry ID" if empty.
	IDLabel string
	// Verify says what is asked of someone who edits a client without having
	// confirmed three details (guide 12); VerifyRemind if empty.
	Verify VerifyPolicy
	// HelpDesk is the address named to someone who may not do a thing.
	HelpDesk string
	// Zone is where the days of the registry begin; the machine's own if nil.
	Zone *time.Location
	// Mail says that there is a mail server: users are told by e-mail when work on
	// their files has ended behind the pages.
	Mail bool
}

// VerifyPolicy is how strictly the verification step of the guide is asked for.
type VerifyPolicy string

const (
	VerifyOff     VerifyPolicy = "off"
	VerifyRemind  VerifyPolicy = "remind"  // asked once, can be passed over
	VerifyRequire VerifyPolicy = "require" // no change of name or birth date without it
)

// New returns a registry over db, whose migrations have run.
func New(db *store.DB, o Options) *Registry {
	o.IDLabel = cmp.Or(o.IDLabel, "Registry ID")
	o.Verify = cmp.Or(o.Verify, VerifyRemind)
	o.Zone = cmp.Or(o.Zone, time.Local)
	return &Registry{db: db, opts: o, sweeps: make(chan struct{}, 1), uploads: make(chan struct{}, 1), mails: make(chan struct{}, 1)}
}

// Options returns the settings in force, defaults filled in.
func (r *Registry) Options() Options { return r.opts }

func (r *Registry) update(ctx context.Context, f func(*store.Tx) error) error {
	return r.db.Update(ctx, f)
}

func (r *Registry) view(ctx context.Context, f func(*store.Tx) error) error {
	return r.db.View(ctx, f)
}

// Drafts and searches that nobody came back to are forgotten after so long.
const (
	draftLife  = 90 * 24 * time.Hour
	searchLife = 24 * time.Hour
)

// Tidy forgets drafts and posted searches that nobody came back to, files that were
// sent to be taken in, and old e-mail.
func (r *Registry) Tidy(ctx context.Context) error {
	return r.update(ctx, func(tx *store.Tx) error {
		if _, err := tx.DeleteDraftsBefore(ctx, tx.Now.Add(-draftLife)); err != nil {
			return err
		}
		if err := forgetUploads(ctx, tx); err != nil {
			return err
		}
		if err := tx.DeleteMailBefore(ctx, tx.Now.Add(-mailKept)); err != nil {
			return err
		}
		return tx.DeleteSearchesBefore(ctx, tx.Now.Add(-searchLife))
	})
}

// today is the day on which a transaction happens.
func (r *Registry) today(tx *store.Tx) iis.Date { return iis.DateOf(tx.Now.In(r.opts.Zone)) }

// event begins an event done by the actor.
func event(a iis.Actor, action iis.Action) iis.Event {
	return iis.Event{
		Action: action,
		User:   a.User, UserName: a.UserName,
		Organization: a.Organization, OrgName: a.OrgName,
		Role: a.Role,
	}
}

// record writes the event of an actor's deed into the transaction that does it.
func record(ctx context.Context, tx *store.Tx, a iis.Actor, action iis.Action, about iis.ClientID, d iis.Detail) error {
	e := event(a, action)
	e.Client, e.Detail = about, d
	return tx.Record(ctx, e)
}

// errUnknownClient is the one answer for an ID that was never given and for a
// client the actor must not know of: nothing in it tells them apart.
func errUnknownClient() error {
	return iis.Errorf(iis.NotFound, "No client with this ID can be opened.")
}

// May answers nil if the policy lets the actor do p. Otherwise the refusal is
// recorded, and the Denied error names who can help (guide 3).
func (r *Registry) May(ctx context.Context, a iis.Actor, p iis.Permission) error {
	return r.may(ctx, a, p)
}

func (r *Registry) may(ctx context.Context, a iis.Actor, p iis.Permission) error {
	if a.May(p) {
		return nil
	}
	return r.refuse(ctx, a, string(p), verb(p))
}

// refuse records that the actor asked for what he may not have, and returns the
// Denied error for it. what goes into the audit trail; words finish the
// sentence "does not let you …".
func (r *Registry) refuse(ctx context.Context, a iis.Actor, what, words string) error {
	var admins []string
	err := r.update(ctx, func(tx *store.Tx) error {
		admins = nil
		users, err := tx.Users(ctx, a.Organization)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.State != iis.UserActive {
				continue
			}
			grants, err := tx.Grants(ctx, u.ID)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(grants, func(g iis.Grant) bool {
				return g.Organization.ID == a.Organization && g.Role == iis.OrgAdmin
			}) {
				admins = append(admins, u.Name)
			}
		}
		return record(ctx, tx, a, iis.ActionRefused, "", iis.Detail{Subject: what})
	})
	if err != nil {
		return fmt.Errorf("record a refusal: %w", err)
	}
	return &iis.Error{Kind: iis.Denied, Text: fmt.Sprintf("Your role (%s) does not let you %s%s. %s",
		a.Role, words, atType(a), r.whoHelps(admins))}
}

// atType explains a refusal that comes from the type of the organization.
func atType(a iis.Actor) string {
	if a.Role == iis.TypicalUser || a.Role == iis.OrgAdmin {
		return fmt.Sprintf(" on behalf of %s (%s)", a.OrgName, a.OrgType)
	}
	return ""
}

func (r *Registry) whoHelps(admins []string) string {
	desk := "the help desk"
	if r.opts.HelpDesk != "" {
		desk += " at " + r.opts.HelpDesk
	}
	if len(admins) == 0 {
		return "Ask " + desk + "."
	}
	return fmt.Sprintf("Ask your organization's administrator: %s, or %s.", strings.Join(admins, " or "), desk)
}

// verb says a permission as the end of "does not let you …".
func verb(p iis.Permission) string {
	switch p {
	case iis.ViewClient:
		return "view client information"
	case iis.EditClient:
		return "edit client information"
	case iis.PrintClient:
		return "print client information"
	case iis.EnterClient:
		return "enter a new client"
	case iis.ManageUsers, iis.ManageAnyUsers:
		return "manage users"
	case iis.SeeHidden:
		return "see hidden clients"
	case iis.CorrectBirthDate:
		return "correct a locked birth date"
	case iis.ReverseDeceased:
		return "take back that a client is deceased"
	case iis.UnlockAny:
		return "unlock this client"
	case iis.ReviewDuplicate:
		return "review possible duplicates"
	case iis.MergeClient:
		return "merge records or undo it"
	case iis.SweepDuplicates:
		return "look for duplicates among all clients"
	case iis.ManageSchedule:
		return "see the system status or manage schedules"
	case iis.ManageMatchPolicy:
		return "manage matching policies"
	}
	return string(p)
}
