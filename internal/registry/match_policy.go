package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// matchPolicies keeps the matching policy in force ready.
type matchPolicies struct {
	mu      sync.Mutex
	version string // chosen; "" for the one inside the program
	policy  *pair.Policy
	asked   time.Time

	weighed *pair.Policy // of which the weights are
	weights *match.Weights
}

// policyAge is how long a choice of another program on the same database may go
// unnoticed: records are judged a thousand times a second.
const policyAge = time.Second

// policy returns the matching policy in force: the one that was chosen, or else the
// one inside the program. A choice holds a second later everywhere.
//
// If this program cannot read the chosen one, the one inside the program stands in,
// and the system page says so.
func (r *Registry) policy(ctx context.Context, tx *store.Tx) (*pair.Policy, error) {
	c := &r.policies
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.policy != nil && tx.Now.Sub(c.asked).Abs() < policyAge {
		return c.policy, nil
	}
	version, err := tx.CurrentMatchPolicy(ctx)
	if err != nil {
		return nil, err
	}
	if c.policy == nil || version != c.version {
		p, err := policyOf(ctx, tx, version)
		if errors.Is(err, errUnreadable) {
			p, err = pair.Shipped(), nil
		}
		if err != nil {
			return nil, err
		}
		c.version, c.policy = version, p
	}
	c.asked = tx.Now
	return c.policy, nil
}

// weightsOf returns what a search counts by a policy.
func (c *matchPolicies) weightsOf(p *pair.Policy) *match.Weights {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.weighed != p {
		c.weighed, c.weights = p, p.Weights()
	}
	return c.weights
}

// policyOf returns the policy of a version, of "" the one inside the program.
func policyOf(ctx context.Context, tx *store.Tx, version string) (*pair.Policy, error) {
	if version == "" {
		return pair.Shipped(), nil
	}
	body, err := tx.MatchPolicyBody(ctx, version)
	if err != nil {
		return nil, err
	}
	p, err := pair.ReadPolicy(body)
	if err != nil {
		return nil, fmt.Errorf("matching policy %s: %w: %w", version, errUnreadable, err)
	}
	return p, nil
}

// forget makes the next to ask look again what is in force.
func (c *matchPolicies) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = time.Time{}
}

// MatchPolicyState is a matching policy and how it stands. Of the one inside the
// program, Loaded and LoadedBy are zero.
type MatchPolicyState struct {
	iis.MatchPolicy
	Program    bool // inside the program
	Current    bool
	Unreadable bool // by this program
}

// Name says a policy as people call it: by its version.
func (s MatchPolicyState) Name() string {
	if s.Program {
		return s.Version + " (in the program)"
	}
	return s.Version
}

// Key names the policy to UseMatchPolicy and no other.
func (s MatchPolicyState) Key() string {
	if s.Program {
		return insideProgram
	}
	return s.Version
}

// MatchPolicies returns every matching policy that can be put in force: those
// loaded, the one loaded last first, and at the end the one inside the program.
func (r *Registry) MatchPolicies(ctx context.Context, a iis.Actor) (all []MatchPolicyState, err error) {
	if err := r.may(ctx, a, iis.ManageMatchPolicy); err != nil {
		return nil, err
	}
	return all, r.view(ctx, func(tx *store.Tx) error {
		all, err = policyStates(ctx, tx)
		return err
	})
}

func policyStates(ctx context.Context, tx *store.Tx) ([]MatchPolicyState, error) {
	loaded, err := tx.MatchPolicies(ctx)
	if err != nil {
		return nil, err
	}
	current, err := tx.CurrentMatchPolicy(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]MatchPolicyState, 0, len(loaded)+1)
	for _, l := range loaded {
		_, err := policyOf(ctx, tx, l.Version)
		if err != nil && !errors.Is(err, errUnreadable) {
			return nil, err
		}
		all = append(all, MatchPolicyState{MatchPolicy: l, Current: l.Version == current, Unreadable: err != nil})
	}
	inside := pair.Shipped()
	return append(all, MatchPolicyState{
		MatchPolicy: iis.MatchPolicy{Version: inside.Version, About: inside.About}, Program: true, Current: current == "",
	}), nil
}

// policyVersions are what the version of a matching policy can be.
var policyVersions = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._+-]{0,31}$`)

// LoadMatchPolicy reads a matching policy, as "openiis match train" writes one,
// keeps it beside those that are there and, if use is set, puts it in force. One
// that does not make sense, or says something else than the policy of its version
// that is there, is refused.
func (r *Registry) LoadMatchPolicy(ctx context.Context, a iis.Actor, body []byte, use bool) (s MatchPolicyState, err error) {
	if err := r.may(ctx, a, iis.ManageMatchPolicy); err != nil {
		return s, err
	}
	p, err := pair.ReadPolicy(body)
	if err != nil {
		return s, iis.Errorf(iis.Invalid, "Nothing was loaded: this is not a matching policy that can be relied on.\n%v", err)
	}
	if !policyVersions.MatchString(p.Version) || p.Version == insideProgram {
		return s, iis.Errorf(iis.Invalid, "%q is not the version of a matching policy, which is like 2026-11: up to 32 letters, digits, dots, dashes and plus signs.", p.Version)
	}
	if body, err = p.JSON(); err != nil {
		return s, err
	}
	inside, err := pair.Shipped().JSON()
	if err != nil {
		return s, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		s = MatchPolicyState{MatchPolicy: iis.MatchPolicy{Version: p.Version, About: p.About, LoadedBy: a.UserName}}
		was, err := tx.MatchPolicyBody(ctx, p.Version)
		switch {
		case bytes.Equal(body, inside):
			s.Program = true
		case p.Version == pair.Shipped().Version, err == nil && !bytes.Equal(body, was):
			return iis.Errorf(iis.Conflict, "There is a matching policy %s that says something else: give this one another version.", p.Version)
		case iis.KindOf(err) == iis.NotFound:
			err = tx.AddMatchPolicy(ctx, s.MatchPolicy, body)
			fallthrough
		default:
			if err != nil {
				return err
			}
			if err := record(ctx, tx, a, iis.ActionPolicyLoad, "", iis.Detail{Subject: p.Version}); err != nil {
				return err
			}
		}
		all, err := policyStates(ctx, tx)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Version == s.Version && o.Program == s.Program {
				s = o
			}
		}
		if use {
			err = usePolicy(ctx, tx, a, all, s)
			s.Current = true
		}
		return err
	})
	r.policies.forget()
	return s, err
}

// UseMatchPolicy puts a matching policy in force: one named by its version.
// "program" is the one inside the program.
func (r *Registry) UseMatchPolicy(ctx context.Context, a iis.Actor, name string) (used MatchPolicyState, err error) {
	if err := r.may(ctx, a, iis.ManageMatchPolicy); err != nil {
		return used, err
	}
	name = strings.TrimSpace(name)
	err = r.update(ctx, func(tx *store.Tx) error {
		all, err := policyStates(ctx, tx)
		if err != nil {
			return err
		}
		used = MatchPolicyState{}
		for _, s := range all {
			if s.Key() == name || s.Program && (s.Name() == name || s.Version == name) {
				used = s
				break
			}
		}
		switch {
		case used.Version == "":
			return iis.Errorf(iis.NotFound, "No matching policy is called %q.", name)
		case used.Unreadable:
			return iis.Errorf(iis.Invalid, "Matching policy %s cannot be read by this version of openiis.", used.Version)
		}
		err = usePolicy(ctx, tx, a, all, used)
		used.Current = true
		return err
	})
	r.policies.forget()
	return used, err
}

// usePolicy puts a policy in force, if it is not, and records that.
func usePolicy(ctx context.Context, tx *store.Tx, a iis.Actor, all []MatchPolicyState, s MatchPolicyState) error {
	var before MatchPolicyState
	for _, o := range all {
		if o.Current {
			before = o
		}
	}
	if before.Key() == s.Key() {
		return nil
	}
	version := s.Version
	if s.Program {
		version = "" // whatever a later program brings is then in force
	}
	if err := tx.UseMatchPolicy(ctx, version); err != nil {
		return err
	}
	return record(ctx, tx, a, iis.ActionPolicyUse, "", iis.Detail{Subject: s.Version, Note: s.Name() + " instead of " + before.Name()})
}

// TrainedPolicy is a policy that was estimated, and from what.
type TrainedPolicy struct {
	*pair.Policy
	Records, Pairs int     // looked at
	Matches        float64 // pairs of one person expected among them
}

// TrainMatchPolicy estimates a matching policy from all clients on file and returns
// it, to be looked at and loaded. Each is told how many clients were read so far; it
// may be nil. The clients are held as profiles meanwhile, as in a sweep.
func (r *Registry) TrainMatchPolicy(ctx context.Context, a iis.Actor, each func(read int)) (t TrainedPolicy, err error) {
	if err := r.may(ctx, a, iis.ManageMatchPolicy); err != nil {
		return t, err
	}
	if err := r.update(ctx, func(tx *store.Tx) error {
		return record(ctx, tx, a, iis.ActionPolicyTrain, "", iis.Detail{})
	}); err != nil {
		return t, err
	}
	book := pair.NewBook(pair.Start())
	var all []*pair.Profile
	err = r.everyone(ctx, func(page []store.Known) error {
		for _, k := range page {
			p, err := book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
			if err != nil {
				return err
			}
			all = append(all, p)
		}
		if each != nil {
			each(len(all))
		}
		return ctx.Err()
	})
	if err != nil {
		return t, err
	}
	c := pair.Find(all, nil)
	p, training, err := pair.Train(pair.Start(), book, c)
	return TrainedPolicy{p, len(all), c.Len(), training.Matches}, err
}
