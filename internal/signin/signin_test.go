package signin

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// ended is a context that is over.
type ended struct {
	context.Context
	done chan struct{}
}

func (e ended) Done() <-chan struct{} { return e.done }
func (e ended) Err() error            { return context.Canceled }

// clock is one that a test sets.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const (
	password = "four words that fit"
	home     = "192.0.2.1"
)

// bench is a database with a few users.
type bench struct {
	*SignIn
	*clock
	t *testing.T
}

// each runs f on both engines.
func each(t *testing.T, f func(b bench)) {
	for name, open := range map[string]func(testing.TB, ...store.Option) *store.DB{
		"SQLite": storetest.SQLite, "PostgreSQL": storetest.PostgreSQL,
	} {
		t.Run(name, func(t *testing.T) { f(newBench(t, open)) })
	}
}

func newBench(t *testing.T, open func(testing.TB, ...store.Option) *store.DB) bench {
	c := &clock{t: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	db := open(t, store.WithClock(c.now))
	b := bench{New(db, c.now), c, t}
	hash := mustHash(t, password)
	b.update(func(ctx context.Context, tx *store.Tx) error {
		for _, o := range []iis.Organization{
			{ID: "a", Name: "Clinic A", Type: iis.Clinic, Active: true},
			{ID: "b", Name: "Clinic B", Type: iis.Clinic, Active: true},
			{ID: "desk", Name: "Desk", Type: iis.RegistryStaff, Active: true},
			{ID: "shut", Name: "Shut", Type: iis.Clinic},
		} {
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		for _, u := range []struct {
			name  string
			state iis.UserState
			orgs  []iis.OrganizationID
			role  iis.Role
		}{
			{"clerk", iis.UserActive, []iis.OrganizationID{"a"}, iis.TypicalUser},
			{"floater", iis.UserActive, []iis.OrganizationID{"a", "b", "shut"}, iis.TypicalUser},
			{"staff", iis.UserActive, []iis.OrganizationID{"desk"}, iis.HelpDesk},
			{"gone", iis.UserDeactivated, []iis.OrganizationID{"a"}, iis.TypicalUser},
			{"invited", iis.UserInvited, []iis.OrganizationID{"a"}, iis.TypicalUser},
			{"nowhere", iis.UserActive, []iis.OrganizationID{"shut"}, iis.TypicalUser},
		} {
			id := iis.UserID(u.name)
			if err := tx.PutUser(ctx, iis.User{ID: id, UserName: u.name, State: u.state, Created: tx.Now}); err != nil {
				return err
			}
			for _, o := range u.orgs {
				if err := tx.PutGrant(ctx, iis.Grant{User: id, Organization: iis.Organization{ID: o}, Role: u.role}); err != nil {
					return err
				}
			}
			if u.state == iis.UserInvited {
				continue
			}
			if err := tx.PutPassword(ctx, id, hash); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b bench) update(f func(ctx context.Context, tx *store.Tx) error) {
	b.t.Helper()
	if err := b.db.Update(b.t.Context(), func(tx *store.Tx) error { return f(b.t.Context(), tx) }); err != nil {
		b.t.Fatal(err)
	}
}

// enter signs in, which has to work.
func (b bench) enter(user string) string {
	b.t.Helper()
	token, _, err := b.Enter(b.t.Context(), user, password, home)
	if err != nil {
		b.t.Fatalf("Enter(%s) = %v", user, err)
	}
	return token
}

// alive reports whether a token opens a session, without keeping it alive.
func (b bench) alive(token string) bool {
	b.t.Helper()
	_, err := b.Who(b.t.Context(), token, true)
	if err != nil && iis.KindOf(err) != iis.Denied {
		b.t.Fatalf("Who = %v", err)
	}
	return err == nil
}

func (b bench) wantAlive(token string, want bool, when string) {
	b.t.Helper()
	if got := b.alive(token); got != want {
		b.t.Errorf("%s: session alive = %t, want %t", when, got, want)
	}
}

// TestEnter expects one answer to everything that is wrong.
func TestEnter(t *testing.T) {
	each(t, func(b bench) {
		for _, test := range []struct {
			user, password string
			ok             bool
		}{
			{"clerk", password, true},
			{" Clerk ", password, true},
			{"clerk", "another password", false},
			{"clerk", "", false},
			{"nobody", password, false},
			{"", "", false},
			{"gone", password, false},
			{"invited", "", false},
			{"nowhere", password, false},
		} {
			token, v, err := b.Enter(t.Context(), test.user, test.password, home)
			if test.ok {
				if err != nil || len(token) < 43 || v.Actor.Organization != "a" {
					t.Errorf("Enter(%q) = %d characters, %v, %v, want a session", test.user, len(token), v.Actor, err)
				}
				continue
			}
			if token != "" || err != errRefused {
				t.Errorf("Enter(%q, %q) = %v, want %v", test.user, test.password, err, errRefused)
			}
			b.pass(2 * time.Minute)
		}
	})
}

// TestIdle expects a session to end 30 minutes after the person did something,
// to the second; what the page does by itself does not count (B7).
func TestIdle(t *testing.T) {
	each(t, func(b bench) {
		token := b.enter("clerk")
		for range 3 { // the time of the first two is kept in memory only
			b.pass(25 * time.Second)
			if _, err := b.Who(t.Context(), token, false); err != nil {
				t.Fatal(err)
			}
		}
		b.pass(Idle - time.Second)
		b.wantAlive(token, true, "29:59 after the last request")
		b.pass(time.Second)
		b.wantAlive(token, false, "30:00 after the last request")

		token = b.enter("clerk")
		for range 29 {
			b.pass(time.Minute)
			b.wantAlive(token, true, "background requests within 30 minutes")
		}
		b.pass(time.Minute)
		b.wantAlive(token, false, "30 minutes of background requests")
	})
}

// TestAbsolute expects a session to end after 12 hours whatever is done.
func TestAbsolute(t *testing.T) {
	each(t, func(b bench) {
		token := b.enter("floater")
		for d := time.Duration(0); d < Absolute-20*time.Minute; d += 20 * time.Minute {
			b.pass(20 * time.Minute)
			v, err := b.Who(t.Context(), token, false)
			if err != nil {
				t.Fatalf("after %v: %v", d, err)
			}
			if d == 6*time.Hour {
				if token, err = b.Switch(t.Context(), v, token, "b"); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.pass(20*time.Minute - time.Second)
		b.wantAlive(token, true, "11:59:59 after sign-in")
		b.pass(time.Second)
		b.wantAlive(token, false, "12:00:00 after sign-in")
		b.pass(Idle + 2*touchEvery)
		if err := b.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.update(func(ctx context.Context, tx *store.Tx) error {
			left, err := tx.SessionsOf(ctx, "floater")
			if len(left) != 0 {
				t.Errorf("Tidy left %d sessions that are over, want 0", len(left))
			}
			return err
		})
	})
}

// TestThreeSessions expects the oldest to end when a fourth begins.
func TestThreeSessions(t *testing.T) {
	each(t, func(b bench) {
		var tokens []string
		for range Sessions + 1 {
			tokens = append(tokens, b.enter("clerk"))
			b.pass(time.Second)
		}
		for i, token := range tokens {
			b.wantAlive(token, i > 0, fmt.Sprintf("session %d of %d", i+1, len(tokens)))
		}
	})
}

// TestLeave expects a token to be dead at once (B5).
func TestLeave(t *testing.T) {
	each(t, func(b bench) {
		token, other := b.enter("clerk"), b.enter("clerk")
		v, err := b.Who(t.Context(), token, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Leave(t.Context(), v.Actor, token); err != nil {
			t.Fatal(err)
		}
		b.wantAlive(token, false, "after signing out")
		b.wantAlive(other, true, "another browser after signing out")
	})
}

// TestDead expects a session to end with what it stands on.
func TestDead(t *testing.T) {
	each(t, func(b bench) {
		token := b.enter("clerk")
		b.update(func(ctx context.Context, tx *store.Tx) error {
			u, err := tx.User(ctx, "clerk")
			if err != nil {
				return err
			}
			u.State = iis.UserDeactivated
			return tx.PutUser(ctx, u)
		})
		b.wantAlive(token, false, "after deactivation")

		token = b.enter("floater")
		b.update(func(ctx context.Context, tx *store.Tx) error { return tx.DeleteGrant(ctx, "floater", "a") })
		v, err := b.Who(t.Context(), token, false)
		if err != nil || v.Actor.Organization != "b" {
			t.Errorf("after losing the role at a: acts for %q, %v, want b", v.Actor.Organization, err)
		}
		b.update(func(ctx context.Context, tx *store.Tx) error {
			return tx.PutOrganization(ctx, iis.Organization{ID: "b", Name: "Clinic B", Type: iis.Clinic})
		})
		b.wantAlive(token, false, "after the last organization closed")
	})
}

// TestSwitch expects a new token in the other organization, and none elsewhere.
func TestSwitch(t *testing.T) {
	each(t, func(b bench) {
		for _, test := range []struct {
			user string
			org  iis.OrganizationID
			want iis.Kind
			role iis.Role
		}{
			{"floater", "b", "", iis.TypicalUser},
			{"floater", "shut", iis.Denied, ""},
			{"floater", "desk", iis.Denied, ""},
			{"floater", "unknown", iis.Denied, ""},
			{"clerk", "b", iis.Denied, ""},
			{"staff", "a", "", iis.HelpDesk},
			{"staff", "shut", iis.Denied, ""},
		} {
			old := b.enter(test.user)
			v, err := b.Who(t.Context(), old, false)
			if err != nil {
				t.Fatal(err)
			}
			token, err := b.Switch(t.Context(), v, old, test.org)
			if got := iis.KindOf(err); got != test.want {
				t.Errorf("%s to %s: %v, want %q", test.user, test.org, err, test.want)
				continue
			}
			b.wantAlive(old, test.want != "", "the old token")
			if test.want != "" {
				continue
			}
			v, err = b.Who(t.Context(), token, false)
			if err != nil || v.Actor.Organization != test.org || v.Actor.Role != test.role || !v.Actor.May(iis.EditClient) {
				t.Errorf("%s at %s: actor %+v, %v", test.user, test.org, v.Actor, err)
			}
			again := b.enter(test.user)
			if v, err = b.Who(t.Context(), again, false); err != nil || test.user == "floater" && v.Actor.Organization != test.org {
				t.Errorf("%s signs in again at %q, %v, want %q", test.user, v.Actor.Organization, err, test.org)
			}
		}
	})
}

// TestChangePassword expects the other sessions to end and the token to change.
func TestChangePassword(t *testing.T) {
	each(t, func(b bench) {
		const fresh = "copper lantern violin"
		token, other := b.enter("clerk"), b.enter("clerk")
		v, err := b.Who(t.Context(), token, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct{ old, fresh, again, field string }{
			{"wrong", fresh, fresh, "old"},
			{password, "short", "short", "new"},
			{password, fresh, fresh + "s", "again"},
			{password, password, password, "new"},
		} {
			_, err := b.ChangePassword(t.Context(), v, token, home, test.old, test.fresh, test.again)
			if ps := iis.ProblemsIn(err); len(ps) != 1 || string(ps[0].Field) != test.field {
				t.Errorf("ChangePassword(%q, %q, %q) = %v, want a problem of %s", test.old, test.fresh, test.again, err, test.field)
			}
			b.pass(time.Minute)
		}
		next, err := b.ChangePassword(t.Context(), v, token, home, password, fresh, fresh)
		if err != nil {
			t.Fatal(err)
		}
		b.wantAlive(token, false, "the token from before the change")
		b.wantAlive(other, false, "another session after the change")
		b.wantAlive(next, true, "the new token")
		if _, _, err := b.Enter(t.Context(), "clerk", password, home); err != errRefused {
			t.Errorf("Enter with the old password = %v, want %v", err, errRefused)
		}
	})
}

// TestBrake expects growing delays for one address, and that the person gets in
// from where he has before though strangers try.
func TestBrake(t *testing.T) {
	each(t, func(b bench) {
		b.enter("clerk")
		const stranger = "203.0.113.9"
		try := func(address string) error {
			_, _, err := b.Enter(t.Context(), "clerk", "a wrong password", address)
			return err
		}
		failures := func() (n int) {
			b.update(func(ctx context.Context, tx *store.Tx) error {
				u, err := tx.User(ctx, "clerk")
				n = u.Failures
				return err
			})
			return n
		}
		for i, delay := range []int{1, 2, 4, 8} {
			if err := try(stranger); err != errRefused {
				t.Fatalf("try %d: %v, want %v", i, err, errRefused)
			}
			b.pass(time.Duration(delay)*time.Second - time.Second)
			try(stranger) // too early: not looked at, whatever was typed
			if _, _, err := b.Enter(t.Context(), "clerk", password, stranger); err != errRefused {
				t.Errorf("right password %d s after failure %d: %v, want %v", delay-1, i+1, err, errRefused)
			}
			if got := failures(); got != i+1 {
				t.Errorf("failures = %d, want %d", got, i+1)
			}
			b.pass(time.Second)
		}
		for i := range 20 { // from ever new addresses, until the account itself waits
			try(fmt.Sprintf("198.51.100.%d", i))
		}
		if got := failures(); got != 10 {
			t.Errorf("failures = %d, want 10: the account is not looked at for strangers then", got)
		}
		if _, _, err := b.Enter(t.Context(), "clerk", password, "198.51.100.200"); err != errRefused {
			t.Errorf("right password from a new address while the account waits: %v, want %v", err, errRefused)
		}
		b.enter("clerk") // from home at once
		if got := failures(); got != 0 {
			t.Errorf("failures after signing in = %d, want 0", got)
		}
	})
}

// TestGuesses expects at most 100 passwords to be looked at a day, the account
// to wait at most 15 minutes, and a link to open it again (B1).
func TestGuesses(t *testing.T) {
	b := newBench(t, storetest.SQLite)
	longest := time.Duration(0)
	for i := range maxFailures {
		if d := accountDelay(i); d > longest {
			longest = d
		}
	}
	if longest != 15*time.Minute {
		t.Errorf("an account waits for up to %v, want 15m", longest)
	}
	looked := 0
	for until := b.clock.now().Add(24 * time.Hour); b.clock.now().Before(until); {
		var u iis.User
		b.update(func(ctx context.Context, tx *store.Tx) (err error) {
			u, err = tx.User(ctx, "clerk")
			return err
		})
		if u.Failures >= maxFailures {
			break
		}
		if b.clock.now().Before(u.NotBefore) {
			b.pass(u.NotBefore.Sub(b.clock.now()))
		}
		if err := b.refuse(t.Context(), u, "clerk", fmt.Sprint(looked), true); err != errRefused {
			t.Fatal(err)
		}
		looked++
	}
	if looked > 100 {
		t.Errorf("%d guesses looked at in a day, want at most 100", looked)
	}
	b.update(func(ctx context.Context, tx *store.Tx) error {
		u, err := tx.User(ctx, "clerk")
		if err != nil {
			return err
		}
		u.Failures, u.NotBefore = maxFailures, time.Time{}
		return tx.PutUser(ctx, u)
	})
	if _, _, err := b.Enter(t.Context(), "clerk", password, home); err != errRefused {
		t.Errorf("Enter after %d failures = %v, want %v", maxFailures, err, errRefused)
	}
	invite := b.invite("clerk")
	if _, err := b.Accept(t.Context(), invite, "copper lantern violin", "copper lantern violin"); err != nil {
		t.Errorf("Accept = %v", err)
	}
	if _, _, err := b.Enter(t.Context(), "clerk", "copper lantern violin", "192.0.2.7"); err != nil {
		t.Errorf("Enter after the reset = %v", err)
	}
}

// TestRefusedIsRecorded expects an event of each thing that was refused to someone
// who is signed in.
func TestRefusedIsRecorded(t *testing.T) {
	each(t, func(b bench) {
		token := b.enter("clerk")
		v, err := b.Who(t.Context(), token, false)
		if err != nil {
			t.Fatal(err)
		}
		for name, do := range map[string]func() error{
			"another organization": func() error { _, err := b.Switch(t.Context(), v, token, "b"); return err },
			"a wrong old password": func() error {
				_, err := b.ChangePassword(t.Context(), v, token, home, "not the password", "other words that fit", "other words that fit")
				return err
			},
		} {
			before, err := b.db.VerifyAudit(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := do(); err == nil {
				t.Errorf("%s: not refused", name)
			}
			after, err := b.db.VerifyAudit(t.Context())
			if got := after.Rows - before.Rows; err != nil || got != 1 {
				t.Errorf("%s: %d events, %v; want 1", name, got, err)
			}
		}
	})
}

// TestVolley expects a right guess to open nothing once the others that were made
// at the same time have failed too often, and each refusal to be recorded.
func TestVolley(t *testing.T) {
	each(t, func(b bench) {
		recorded := func() int64 {
			r, err := b.db.VerifyAudit(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return r.Rows
		}
		before := recorded()
		for range cap(hashing) {
			hashing <- struct{}{} // nobody's password is looked at
		}
		const stranger = "198.51.100.7"
		answer := make(chan error)
		go func() {
			_, _, err := b.Enter(t.Context(), "clerk", password, stranger)
			answer <- err
		}()
		time.Sleep(50 * time.Millisecond)
		b.update(func(ctx context.Context, tx *store.Tx) error {
			u, err := tx.User(ctx, "clerk")
			if err != nil {
				return err
			}
			u.Failures = maxFailures
			return tx.PutUser(ctx, u)
		})
		for range cap(hashing) {
			<-hashing
		}
		if err := <-answer; err != errRefused {
			t.Errorf("Enter after %d failures meanwhile = %v, want %v", maxFailures, err, errRefused)
		}
		if got := recorded() - before; got != 1 {
			t.Errorf("%d events of the refusal, want 1", got)
		}
		if _, _, err := b.Enter(t.Context(), "nowhere", password, stranger); err != errRefused || recorded()-before != 2 {
			t.Errorf("Enter without an organization = %v with %d events in all, want %v with 2", err, recorded()-before, errRefused)
		}
	})
}

// TestCrowd expects one address to be slowed down whoever it asks for, and no
// other with it.
func TestCrowd(t *testing.T) {
	var b brake
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	passed := 0
	for range 1000 {
		if b.pass(home, now) {
			passed++
		}
	}
	if passed != burst {
		t.Errorf("%d of 1,000 attempts at once looked at, want %d", passed, burst)
	}
	if !b.pass("192.0.2.2", now) {
		t.Errorf("another address has to wait")
	}
	if !b.pass(home, now.Add(time.Second)) || b.pass(home, now.Add(time.Second)) {
		t.Errorf("a second later: want one more attempt looked at")
	}
	b.tidy(now.Add(time.Hour))
	if len(b.crowds) != 0 {
		t.Errorf("%d addresses remembered after an hour, want 0", len(b.crowds))
	}
}

func (b bench) invite(user iis.UserID) string {
	token, hash := NewInvite()
	b.update(func(ctx context.Context, tx *store.Tx) error {
		return tx.PutInvite(ctx, user, hash, tx.Now.Add(Invite))
	})
	return token
}

// TestInvite expects a link to work once, within 72 hours, and for no one who
// was deactivated.
func TestInvite(t *testing.T) {
	each(t, func(b bench) {
		const fresh = "copper lantern violin"
		first := b.invite("invited")
		second := b.invite("invited")
		if _, err := b.Accept(t.Context(), first, fresh, fresh); err != errInvite {
			t.Errorf("an older link: %v, want %v", err, errInvite)
		}
		if _, err := b.Accept(t.Context(), second, "short", "short"); iis.KindOf(err) != iis.Invalid {
			t.Errorf("a short password: %v, want Invalid", err)
		}
		b.pass(Invite - time.Second)
		token, err := b.Accept(t.Context(), second, fresh, fresh)
		if err != nil {
			t.Fatalf("Accept = %v", err)
		}
		b.wantAlive(token, true, "after accepting")
		if _, err := b.Accept(t.Context(), second, fresh, fresh); err != errInvite {
			t.Errorf("the same link again: %v, want %v", err, errInvite)
		}
		if _, err := b.Invited(t.Context(), ""); err != errInvite {
			t.Errorf("no token: %v, want %v", err, errInvite)
		}

		late := b.invite("clerk")
		old := b.enter("clerk")
		b.pass(Invite)
		if _, err := b.Accept(t.Context(), late, fresh, fresh); err != errInvite {
			t.Errorf("after 72 hours: %v, want %v", err, errInvite)
		}
		b.wantAlive(old, false, "a session of three days ago")

		reset := b.invite("clerk")
		old = b.enter("clerk")
		if _, err := b.Accept(t.Context(), reset, fresh, fresh); err != nil {
			t.Fatal(err)
		}
		b.wantAlive(old, false, "a session from before the reset")

		gone := b.invite("gone")
		if _, err := b.Accept(t.Context(), gone, fresh, fresh); err != errInvite {
			t.Errorf("a deactivated user: %v, want %v", err, errInvite)
		}
	})
}

// TestToken expects that nothing in the database opens a session.
func TestToken(t *testing.T) {
	b := newBench(t, storetest.SQLite)
	token := b.enter("clerk")
	b.update(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.SessionsOf(ctx, "clerk")
		if len(all) != 1 || all[0].TokenHash == token {
			t.Errorf("stored sessions = %v, want one, not holding the token", all)
		}
		for _, se := range all {
			b.wantAlive(se.TokenHash, false, "the stored hash as a token")
		}
		return err
	})
}
