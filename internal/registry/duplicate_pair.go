package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// Pair is two records side by side, for one to say whether they are of one person.
type Pair struct {
	A, B     iis.Whole
	Known    bool // the pair is or was in the queue
	Kept     store.Duplicate
	Answer   string  // of the policy in force, of the records as they are
	Score    float64 // bits
	Same     float64 // from which two are the same
	policy   string  // its version
	Why      []string
	Differ   []iis.Field // of which one chooses
	Blocks   []iis.Problem
	Twins    bool   // a merge needs a second person
	AskedBy  string // who asked for it, as personFor tells; "" for nobody
	AskedOwn bool   // it was the actor
	Decided  string // who decided
	ShotsOf  [2]int // immunizations of A and of B, refusals aside
	Folded   int    // immunizations that both have
	Shots    int    // immunizations of the two together
	Assigned string // who looks into it
	Mine     bool   // it is the actor
	OrgNames map[iis.OrganizationID]string
	MayMerge bool                       // as far as the actor's role goes
	Set      [2]map[iis.Field]time.Time // when each field was set, of A and of B
	// Next is the pair after this one in the list that was asked for; zero if there is
	// none.
	Next  [2]iis.ClientID
	Today iis.Date
}

// Suggest is the survivor if nobody chooses: the record with more immunizations,
// else the older one.
func (p Pair) Suggest() iis.ClientID {
	a, b := p.A.Client, p.B.Client
	if x, y := p.ShotsOf[0], p.ShotsOf[1]; x != y {
		if x > y {
			return a.ID
		}
		return b.ID
	}
	if b.Created.Before(a.Created) {
		return b.ID
	}
	return a.ID
}

// Duplicate returns two records side by side, whether they are in the queue or not.
// The view is recorded of both. Ask is the list whose next pair is told.
func (r *Registry) Duplicate(ctx context.Context, a iis.Actor, x, y iis.ClientID, ask DuplicateAsk) (p Pair, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return p, err
	}
	next, err := r.NextDuplicate(ctx, a, x, y, ask)
	if err != nil {
		return p, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		p = Pair{MayMerge: a.May(iis.MergeClient), Today: r.today(tx), OrgNames: map[iis.OrganizationID]string{}}
		if p.A, p.B, err = r.sideBySide(ctx, tx, a, x, y); err != nil {
			return err
		}
		if p.Kept, err = tx.Duplicate(ctx, x, y); err != nil && iis.KindOf(err) != iis.NotFound {
			return err
		}
		p.Known = err == nil
		if err := r.decide(ctx, tx, &p); err != nil {
			return err
		}
		p.Differ = iis.MergeFields(p.A.Record, p.B.Record)
		p.Blocks = iis.ProblemsIn(iis.MayMerge(p.A, p.B))
		p.count(a.Organization)
		for _, m := range slices.Concat(p.A.Memberships, p.B.Memberships) {
			o, err := tx.Organization(ctx, m.Organization)
			if err != nil {
				return err
			}
			p.OrgNames[o.ID] = o.Name
		}
		p.AskedOwn, p.Mine = p.Kept.AskedBy == a.User && a.User != "", p.Kept.Assigned == a.User && a.User != ""
		for _, one := range []struct {
			id   iis.UserID
			name *string
		}{{p.Kept.AskedBy, &p.AskedBy}, {p.Kept.DecidedBy, &p.Decided}, {p.Kept.Assigned, &p.Assigned}} {
			if *one.name, err = personFor(ctx, tx, a, one.id); err != nil {
				return err
			}
		}
		if p.Set, err = bothSet(ctx, tx, p.A, p.B); err != nil {
			return err
		}
		p.Next = next
		if err := record(ctx, tx, a, iis.ActionView, x, iis.Detail{Subject: "beside " + string(y)}); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionView, y, iis.Detail{Subject: "beside " + string(x)})
	})
	return p, err
}

// NextDuplicate returns the pair of a list that comes after one; zero if there is
// none. It tells nothing of the two, and is not recorded.
func (r *Registry) NextDuplicate(ctx context.Context, a iis.Actor, x, y iis.ClientID, ask DuplicateAsk) (next [2]iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return next, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		next = [2]iis.ClientID{}
		d, err := seenPair(ctx, tx, a, x, y)
		if err != nil {
			return err
		}
		q := ask.query(a)
		q.Before, q.Limit = &d, 1
		pairs, err := tx.Duplicates(ctx, q)
		if len(pairs) > 0 {
			next = [2]iis.ClientID{pairs[0].A, pairs[0].B}
		}
		return err
	})
	if iis.KindOf(err) == iis.NotFound {
		err = nil
	}
	return next, err
}

// sideBySide loads two clients whom the actor may see. Of one who was merged it
// says into whom.
func (r *Registry) sideBySide(ctx context.Context, tx *store.Tx, a iis.Actor, x, y iis.ClientID) (s, o iis.Whole, err error) {
	if x == y {
		return s, o, errUnknownClient()
	}
	for _, id := range []iis.ClientID{x, y} {
		if _, err := r.visible(ctx, tx, a, id); err != nil {
			return s, o, err
		}
	}
	return r.pair(ctx, tx, a, x, y)
}

// decide judges the pair as it is now.
func (r *Registry) decide(ctx context.Context, tx *store.Tx, p *Pair) error {
	policy, err := r.policy(ctx, tx)
	if err != nil {
		return err
	}
	d, why, err := decision(policy, p.A, p.B)
	if err != nil {
		return err
	}
	p.Answer, p.Score, p.Why, p.Same, p.Twins = string(d.Answer), d.Score, why, policy.Same, policy.MaybeTwins(d)
	p.policy = policy.Version
	return nil
}

// decision is what a policy says of two whole clients, and why in words.
func decision(policy *pair.Policy, x, y iis.Whole) (pair.Decision, []string, error) {
	book := pair.NewBook(policy)
	a, err := book.Prepare(pair.FactsOf(x.Client, x.Aliases, x.Memberships))
	if err != nil {
		return pair.Decision{}, nil, err
	}
	b, err := book.Prepare(pair.FactsOf(y.Client, y.Aliases, y.Memberships))
	if err != nil {
		return pair.Decision{}, nil, err
	}
	d := policy.Decide(&pair.Comparer{}, a, b)
	return d, policy.Why(a, b, d), nil
}

// count counts immunizations: of the two together, and those that both have.
func (p *Pair) count(own iis.OrganizationID) {
	both := slices.Concat(p.A.Doses, p.B.Doses)
	slices.SortStableFunc(both, func(a, b iis.Dose) int { return a.Date.Compare(b.Date) })
	p.Shots = len(shots(both, own))
	p.ShotsOf = [2]int{len(shots(p.A.Doses, own)), len(shots(p.B.Doses, own))}
	p.Folded = p.ShotsOf[0] + p.ShotsOf[1] - p.Shots
}
