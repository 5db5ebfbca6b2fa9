package signin

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// How long a session lasts, and how many a person may have.
const (
	Idle     = 30 * time.Minute // without anything done by the person
	Absolute = 12 * time.Hour   // since sign-in, whatever is done
	Sessions = 3                // the oldest ends when one more begins
	Invite   = 72 * time.Hour   // an invitation waits for its password

	// touchEvery spares writes: the time a session was seen is stored at most
	// this often, and kept in memory meanwhile.
	touchEvery = time.Minute
)

// SignIn checks passwords and keeps sessions.
type SignIn struct {
	db    *store.DB
	now   func() time.Time
	brake brake
	seen  seen
	// guesses slows down guessing at what is no account.
	guesses brake
}

// New returns the sign-in of a database. The clock must be that of the
// database; nil is the machine's own.
func New(db *store.DB, now func() time.Time) *SignIn {
	if now == nil {
		now = time.Now
	}
	return &SignIn{db: db, now: now}
}

// Visit is who a request is from.
type Visit struct {
	Session iis.Session
	User    iis.User
	Actor   iis.Actor
	Grants  []iis.Grant // in active organizations
}

// errRefused is the one answer to a sign-in that failed, whatever the reason:
// it tells nobody which user names exist or which are locked.
var errRefused = iis.Errorf(iis.Denied, "The user name or the password is not right, or there were too many attempts. "+
	"Check both and try again in a minute.")

// errNoSession is the answer for a token that opens nothing, or no longer.
var errNoSession = iis.Errorf(iis.Denied, "You are not signed in.")

// Enter checks a user name and password typed at an address, and begins a
// session. It returns the session's token, which nobody else ever sees.
func (s *SignIn) Enter(ctx context.Context, userName, password, address string) (string, Visit, error) {
	if !s.brake.pass(address, s.now()) {
		return "", Visit{}, errCrowd
	}
	name := strings.ToLower(strings.TrimSpace(userName))
	var u iis.User
	var hash string
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		if u, err = tx.UserByName(ctx, userName); err != nil {
			return err
		}
		hash, err = tx.PasswordHash(ctx, u.ID)
		return err
	})
	known := err == nil
	if err != nil && iis.KindOf(err) != iis.NotFound {
		return "", Visit{}, err
	}
	if !known {
		hash = ""
	}
	// Whatever refuses, the password is checked: the work and the words are the
	// same. It is asked afterwards, when others that came at the same time count.
	ok, stale, err := check(ctx, hash, password)
	if err != nil {
		return "", Visit{}, err
	}
	trusted := s.brake.trusted(name, address)
	waits := func(u iis.User, now time.Time) bool { return !trusted && now.Before(u.NotBefore) }
	free := s.brake.free(name, address, s.now()) && !waits(u, s.now())
	usable := known && u.State == iis.UserActive && u.Failures < maxFailures
	if !free || !usable || !ok {
		return "", Visit{}, s.refuse(ctx, u, name, address, free)
	}
	if stale {
		if hash, err = Hash(ctx, password); err != nil {
			return "", Visit{}, err
		}
	}
	token, v, err := s.begin(ctx, u.ID, func(tx *store.Tx, u *iis.User) error {
		if u.Failures >= maxFailures || waits(*u, tx.Now) {
			return errRefused
		}
		if stale {
			return tx.PutPassword(ctx, u.ID, hash)
		}
		return nil
	})
	switch err {
	case nil:
		s.brake.release(name, address)
	case errRefused:
		err = s.refuse(ctx, u, name, address, false)
	}
	return token, v, err
}

// refuse counts a failure and records it. An attempt made while the brake is on
// is recorded but not counted: it was not looked at.
func (s *SignIn) refuse(ctx context.Context, u iis.User, name, address string, counted bool) error {
	if counted {
		s.brake.fail(name, address, s.now())
	}
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		e := iis.Event{Action: iis.ActionSignInRefused}
		if u.ID != "" {
			fresh, err := tx.User(ctx, u.ID)
			if err != nil {
				return err
			}
			if counted && fresh.Failures < maxFailures {
				fresh.Failures++
				fresh.NotBefore = tx.Now.Add(accountDelay(fresh.Failures))
				if err := tx.PutUser(ctx, fresh); err != nil {
					return err
				}
			}
			e.User, e.UserName = fresh.ID, fresh.UserName
		}
		return tx.Record(ctx, e)
	})
	return cmp.Or(err, errRefused)
}

// begin opens a session for a user whose password was right. first runs in the
// same transaction.
func (s *SignIn) begin(ctx context.Context, id iis.UserID, first func(*store.Tx, *iis.User) error) (token string, v Visit, err error) {
	token = rand.Text() + rand.Text()
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		if err := first(tx, &u); err != nil {
			return err
		}
		grants, err := activeGrants(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if u.State != iis.UserActive || len(grants) == 0 {
			return errRefused
		}
		old, err := tx.SessionsOf(ctx, u.ID)
		if err != nil {
			return err
		}
		org := grants[0].Organization.ID
		for _, o := range old { // where the person last worked
			if slices.ContainsFunc(grants, func(g iis.Grant) bool { return g.Organization.ID == o.Organization }) {
				org = o.Organization
				break
			}
		}
		if err := s.endOldest(ctx, tx, old); err != nil {
			return err
		}
		u.Failures, u.NotBefore, u.LastSeen = 0, time.Time{}, tx.Now
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		se := iis.Session{TokenHash: tokenHash(token), User: u.ID, Organization: org, Created: tx.Now, Seen: tx.Now}
		if err := tx.PutSession(ctx, se); err != nil {
			return err
		}
		v = Visit{Session: se, User: u, Grants: grants}
		if v.Actor, err = actorOf(ctx, tx, u, se.Organization, grants); err != nil {
			return err
		}
		return s.record(ctx, tx, v.Actor, iis.ActionSignIn, "")
	})
	if err != nil {
		return "", Visit{}, err
	}
	return token, v, nil
}

// endOldest leaves room for one more session, and removes those that are over.
func (s *SignIn) endOldest(ctx context.Context, tx *store.Tx, old []iis.Session) error {
	slices.SortFunc(old, func(a, b iis.Session) int { return b.Created.Compare(a.Created) })
	live := 0
	for _, o := range old {
		if !s.over(o, tx.Now) {
			if live++; live < Sessions {
				continue
			}
		}
		if err := tx.DeleteSession(ctx, o.TokenHash); err != nil {
			return err
		}
		s.seen.forget(o.TokenHash)
	}
	return nil
}

// over reports whether a session has ended by itself.
func (s *SignIn) over(se iis.Session, now time.Time) bool {
	last := s.seen.last(se.TokenHash, se.Seen)
	return now.Sub(last) >= Idle || now.Sub(se.Created) >= Absolute
}

// Who reads a token back into who is asking. The Denied error says that nobody
// is. A request made by the page itself, not by the person, is a background
// one: it does not keep the session alive.
func (s *SignIn) Who(ctx context.Context, token string, background bool) (Visit, error) {
	hash := tokenHash(token)
	var v Visit
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		v = Visit{}
		if v.Session, err = tx.Session(ctx, hash); err != nil {
			return err
		}
		if s.over(v.Session, tx.Now) {
			return errNoSession
		}
		if v.User, err = tx.User(ctx, v.Session.User); err != nil {
			return err
		}
		if v.User.State != iis.UserActive {
			return errNoSession
		}
		if v.Grants, err = activeGrants(ctx, tx, v.User.ID); err != nil {
			return err
		}
		v.Actor, err = actorOf(ctx, tx, v.User, v.Session.Organization, v.Grants)
		return err
	})
	switch {
	case iis.KindOf(err) == iis.NotFound:
		return Visit{}, errNoSession
	case err != nil:
		return Visit{}, err
	case background:
		return v, nil
	}
	now := s.now()
	s.seen.note(hash, now)
	if now.Sub(v.Session.Seen) >= touchEvery {
		err = s.db.Update(ctx, func(tx *store.Tx) error { return tx.TouchSession(ctx, hash, tx.Now) })
	}
	return v, err
}

// Leave ends the session of a token.
func (s *SignIn) Leave(ctx context.Context, a iis.Actor, token string) error {
	hash := tokenHash(token)
	s.seen.forget(hash)
	return s.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteSession(ctx, hash); err != nil {
			return err
		}
		return s.record(ctx, tx, a, iis.ActionSignOut, "")
	})
}

// Switch lets the person act for another organization (guide 8). The session
// goes on under a new token, which is returned.
func (s *SignIn) Switch(ctx context.Context, v Visit, token string, org iis.OrganizationID) (string, error) {
	next := rand.Text() + rand.Text()
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, v.User.ID)
		if err != nil {
			return err
		}
		grants, err := activeGrants(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		a, err := actorOf(ctx, tx, u, org, grants)
		if err != nil || a.Organization != org {
			return cmp.Or(err, errNotYours)
		}
		if err := s.renew(ctx, tx, token, next, org); err != nil {
			return err
		}
		return s.record(ctx, tx, a, iis.ActionSwitch, string(v.Actor.Organization))
	})
	if err == errNotYours {
		err = cmp.Or(s.recordAlone(ctx, v.Actor, iis.ActionRefused, "switch"), err)
	}
	return next, err
}

var errNotYours = iis.Errorf(iis.Denied, "You do not work for this organization.")

// renew carries a session over to a new token. Its beginning stays, so that
// switching does not make it last longer.
func (s *SignIn) renew(ctx context.Context, tx *store.Tx, old, next string, org iis.OrganizationID) error {
	se, err := tx.Session(ctx, tokenHash(old))
	if iis.KindOf(err) == iis.NotFound {
		return errNoSession
	}
	if err != nil {
		return err
	}
	if err := tx.DeleteSession(ctx, se.TokenHash); err != nil {
		return err
	}
	s.seen.forget(se.TokenHash)
	se.TokenHash, se.Seen = tokenHash(next), tx.Now
	se.Organization = cmp.Or(org, se.Organization)
	return tx.PutSession(ctx, se)
}

// Tidy removes sessions that are over; call it now and then.
func (s *SignIn) Tidy(ctx context.Context) error {
	now := s.now()
	s.seen.tidy(now)
	s.brake.tidy(now)
	s.guesses.tidy(now)
	return s.db.Update(ctx, func(tx *store.Tx) error {
		// What memory knows to be newer has been stored within touchEvery.
		_, err := tx.DeleteExpired(ctx, tx.Now.Add(-Idle-touchEvery), tx.Now.Add(-Absolute))
		return err
	})
}

func (s *SignIn) record(ctx context.Context, tx *store.Tx, a iis.Actor, action iis.Action, subject string) error {
	return tx.Record(ctx, iis.Event{Action: action, User: a.User, UserName: a.UserName, Organization: a.Organization,
		OrgName: a.OrgName, Role: a.Role, Detail: iis.Detail{Subject: subject}})
}

// recordAlone records what changed nothing.
func (s *SignIn) recordAlone(ctx context.Context, a iis.Actor, action iis.Action, subject string) error {
	return s.db.Update(ctx, func(tx *store.Tx) error { return s.record(ctx, tx, a, action, subject) })
}

func activeGrants(ctx context.Context, tx *store.Tx, u iis.UserID) ([]iis.Grant, error) {
	all, err := tx.Grants(ctx, u)
	return slices.DeleteFunc(all, func(g iis.Grant) bool { return !g.Organization.Active }), err
}

// actorOf makes the actor for an organization. Staff of the registry act for
// any organization with their role and type at the registry, since the policy
// gives the role Help Desk to nobody else. Who has lost his role where he was
// acting goes on in the first organization that is left.
func actorOf(ctx context.Context, tx *store.Tx, u iis.User, org iis.OrganizationID, grants []iis.Grant) (iis.Actor, error) {
	if len(grants) == 0 {
		return iis.Actor{}, errNoSession
	}
	a := iis.Actor{User: u.ID, UserName: u.UserName, Name: u.Name}
	at := func(g iis.Grant) iis.Actor {
		o := g.Organization
		a.Organization, a.OrgName, a.OrgType, a.Role = o.ID, o.Name, o.Type, g.Role
		return a
	}
	for _, g := range grants {
		if g.Organization.ID == org {
			return at(g), nil
		}
	}
	for _, g := range grants {
		if staff := at(g); staff.May(iis.ActForAny) {
			o, err := tx.Organization(ctx, org)
			if iis.KindOf(err) == iis.NotFound || err == nil && !o.Active {
				return staff, nil
			}
			staff.Organization, staff.OrgName = o.ID, o.Name
			return staff, err
		}
	}
	return at(grants[0]), nil
}

// tokenHash is what is stored of a token.
func tokenHash(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
