package registry

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// How a pair came into the queue.
const (
	FoundBySweep  = "sweep"
	FoundByEntry  = "entry"
	FoundByImport = "import"
	FoundByReport = "report"
)

// What became of a pair, as Pair.Kept tells it.
const (
	PairDifferent = store.PairDifferent
	PairLater     = store.PairLater
)

// DuplicateAsk is which part of the queue is asked for.
type DuplicateAsk struct {
	Later        bool               // those that were put off, not those that wait
	Organization iis.OrganizationID // that has one of the two on file; "" for all
	After        [2]iis.ClientID    // goes on after this pair of the list
}

// DuplicateList is a page of the queue of possible duplicates.
type DuplicateList struct {
	Pairs []ListedPair
	More  bool // there are further ones
	Count int  // of the whole list, at most CountedPairs
	Sweep Sweeping
	Swept bool // there has been a sweep
	Now   time.Time
}

// ListedPair is a pair of the queue.
type ListedPair struct {
	store.Duplicate
	ClientA, ClientB iis.Client
}

const (
	// ShownPairs is how many pairs a page of the queue shows, CountedPairs up to where
	// they are counted.
	ShownPairs   = 25
	CountedPairs = 1000
)

// Duplicates returns a page of the queue: pairs of clients who may be one person
// and both of whom the actor may see, the likeliest first. Who is shown is recorded.
func (r *Registry) Duplicates(ctx context.Context, a iis.Actor, ask DuplicateAsk) (list DuplicateList, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return list, err
	}
	q := store.DuplicateQuery{To: audienceOf(a), State: store.PairWaiting, Organization: ask.Organization, Limit: CountedPairs + 1}
	if ask.Later {
		q.State = store.PairLater
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		list = DuplicateList{Now: tx.Now}
		q.Before, q.Limit = nil, CountedPairs+1
		if list.Count, err = tx.CountDuplicates(ctx, q); err != nil {
			return err
		}
		if ask.After[0] != "" {
			if d, err := tx.Duplicate(ctx, ask.After[0], ask.After[1]); err == nil {
				q.Before = &d
			} else if iis.KindOf(err) != iis.NotFound {
				return err
			}
		}
		q.Limit = ShownPairs + 1
		pairs, err := tx.Duplicates(ctx, q)
		if err != nil {
			return err
		}
		list.More = len(pairs) > ShownPairs
		var shown []iis.ClientID
		for _, d := range pairs[:min(len(pairs), ShownPairs)] {
			p := ListedPair{Duplicate: d}
			if p.ClientA, err = tx.Client(ctx, d.A); err != nil {
				return err
			}
			if p.ClientB, err = tx.Client(ctx, d.B); err != nil {
				return err
			}
			list.Pairs = append(list.Pairs, p)
			shown = append(shown, d.A, d.B)
		}
		list.Sweep.Sweep, err = tx.LastSweep(ctx)
		if list.Swept = err == nil; err != nil && iis.KindOf(err) != iis.NotFound {
			return err
		}
		if len(shown) == 0 {
			return nil
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: shown, Note: "possible duplicates"})
	})
	return list, err
}

// audienceOf is in whose name an actor looks for clients.
func audienceOf(a iis.Actor) store.Audience {
	return store.Audience{All: a.May(iis.SeeHidden), Organization: a.Organization}
}

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
	AskedBy  string // who asked for it, "" for nobody
	AskedOwn bool   // it was the actor
	Decided  string // who decided
	Folded   int    // immunizations that both have
	Shots    int    // immunizations of the two together
	OrgNames map[iis.OrganizationID]string
	MayMerge bool // as far as the actor's role goes
	// Next is the pair after this one in the queue, of the clients of the acting
	// organization or for staff of all; zero if there is none.
	Next  [2]iis.ClientID
	Today iis.Date
}

// Suggest is the survivor if nobody chooses: the record with more immunizations,
// else the older one.
func (p Pair) Suggest() iis.ClientID {
	a, b := p.A.Client, p.B.Client
	if x, y := len(p.A.Doses), len(p.B.Doses); x != y {
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
// The view is recorded of both. Without MergeClient, what other organizations keep
// for themselves is left out.
func (r *Registry) Duplicate(ctx context.Context, a iis.Actor, x, y iis.ClientID) (p Pair, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
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
		if p.AskedOwn = p.Kept.AskedBy == a.User && a.User != ""; p.Kept.AskedBy != "" {
			if p.AskedBy, err = userName(ctx, tx, p.Kept.AskedBy); err != nil {
				return err
			}
		}
		if p.Kept.DecidedBy != "" {
			if p.Decided, err = userName(ctx, tx, p.Kept.DecidedBy); err != nil {
				return err
			}
		}
		if p.Next, err = nextPair(ctx, tx, a, p.Kept); err != nil {
			return err
		}
		if err := record(ctx, tx, a, iis.ActionView, x, iis.Detail{Subject: "beside " + string(y)}); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionView, y, iis.Detail{Subject: "beside " + string(x)})
	})
	return p, err
}

// nextPair returns the pair that follows one in the queue.
func nextPair(ctx context.Context, tx *store.Tx, a iis.Actor, d store.Duplicate) (next [2]iis.ClientID, err error) {
	if d.A == "" {
		return next, nil
	}
	q := store.DuplicateQuery{To: audienceOf(a), State: store.PairWaiting, Organization: a.Organization, Before: &d, Limit: 1}
	if q.To.All {
		q.Organization = ""
	}
	pairs, err := tx.Duplicates(ctx, q)
	if err == nil && len(pairs) > 0 {
		next = [2]iis.ClientID{pairs[0].A, pairs[0].B}
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
	p.Folded = len(shots(p.A.Doses, own)) + len(shots(p.B.Doses, own)) - p.Shots
}

// userName is the name of a user, or a word for one who is no more.
func userName(ctx context.Context, tx *store.Tx, id iis.UserID) (string, error) {
	u, err := tx.User(ctx, id)
	if iis.KindOf(err) == iis.NotFound {
		return "a former user", nil
	}
	return u.Name, err
}

// reasonOf checks the words that a decision is given with.
func reasonOf(reason string, must bool) (string, error) {
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0 && must:
		return "", iis.Problems(iis.Problem{Field: "reason", Text: "Reason is missing: say how you know that these are different people."})
	case n > mostWords || !utf8.ValidString(reason):
		return "", iis.Problems(iis.Problem{Field: "reason", Text: "Reason is too long: at most 1,000 characters."})
	}
	return reason, nil
}

// DecideDifferent notes that two records are of two people, and why: nobody is
// asked again.
func (r *Registry) DecideDifferent(ctx context.Context, a iis.Actor, x, y iis.ClientID, reason string) error {
	return r.decidePair(ctx, a, x, y, store.PairDifferent, iis.ActionDifferent, reason)
}

// DecideLater puts two records off: they go to the list of those looked at.
func (r *Registry) DecideLater(ctx context.Context, a iis.Actor, x, y iis.ClientID) error {
	return r.decidePair(ctx, a, x, y, store.PairLater, iis.ActionLater, "")
}

func (r *Registry) decidePair(ctx context.Context, a iis.Actor, x, y iis.ClientID, state store.PairState, action iis.Action, reason string) error {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return err
	}
	reason, err := reasonOf(reason, state == store.PairDifferent)
	if err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		if _, _, err := r.sideBySide(ctx, tx, a, x, y); err != nil {
			return err
		}
		if err := tx.DecideDuplicate(ctx, x, y, state, a.User, reason); err != nil {
			return err
		}
		if err := record(ctx, tx, a, action, x, iis.Detail{Subject: string(y), Reason: reason}); err != nil {
			return err
		}
		return record(ctx, tx, a, action, y, iis.Detail{Subject: string(x), Reason: reason})
	})
}

// ReportDuplicate puts two records into the queue that somebody takes for one
// person's. The other is told by its ID, an old one too. Two that were told apart
// before come back, because a person asks.
func (r *Registry) ReportDuplicate(ctx context.Context, a iis.Actor, id iis.ClientID, typed string) (other iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return "", err
	}
	bad := func(text string) error { return iis.Problems(iis.Problem{Field: "other", Text: text}) }
	other = iis.ClientID(strings.TrimSpace(typed))
	label := r.opts.IDLabel
	if other == "" {
		return "", bad("Enter the " + label + " of the other record.")
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if _, err := r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		_, err := r.visible(ctx, tx, a, other)
		if into := iis.MovedTo(err); into != "" {
			other, err = into, nil
		}
		switch {
		case iis.KindOf(err) == iis.NotFound:
			return bad("No client with this " + label + " can be opened.")
		case err != nil:
			return err
		case other == id:
			return bad("This is the " + label + " of this very record.")
		}
		p := Pair{}
		if p.A, p.B, err = r.pair(ctx, tx, a, id, other); err != nil {
			return err
		}
		if err := r.decide(ctx, tx, &p); err != nil {
			return err
		}
		if p.Answer == string(pair.AnswerDifferent) {
			p.Answer = string(pair.AnswerPossible) // to the person who reports them
		}
		_, err = tx.FindDuplicate(ctx, store.Duplicate{A: id, B: other, Answer: p.Answer, Score: hundredths(p.Score), Why: p.Why,
			FoundBy: FoundByReport, Policy: p.policy})
		if err != nil {
			return err
		}
		if err := tx.ReopenDuplicate(ctx, id, other, FoundByReport); err != nil {
			return err
		}
		if err := record(ctx, tx, a, iis.ActionReportPair, id, iis.Detail{Subject: string(other)}); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionReportPair, other, iis.Detail{Subject: string(id)})
	})
	return other, err
}

// MergedRecord is a record that went into a client, and can come back.
type MergedRecord struct {
	Merge  string
	Other  iis.ClientID
	At     time.Time
	By     string // "clerk, Test Clinic", or the organization alone
	Reason string
}

// merged returns the records that went into a client. The people of other
// organizations are not named.
func merged(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (list []MergedRecord, err error) {
	all, err := tx.MergesInto(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		o, err := tx.Organization(ctx, m.By)
		if err != nil {
			return nil, err
		}
		by := o.Name
		if m.By == a.Organization || a.May(iis.SeeHidden) {
			name, err := userName(ctx, tx, m.User)
			if err != nil {
				return nil, err
			}
			by = name + ", " + by
		}
		list = append(list, MergedRecord{Merge: m.ID, Other: m.Other, At: m.At, By: by, Reason: m.Reason})
	}
	return list, nil
}

// Merged is a merge as the page asks whether to undo it.
type Merged struct {
	Record iis.Record // of the survivor
	MergedRecord
	Was [2]iis.Client // the survivor and the other, as they were
}

// Merged returns a merge into a client that stands. The view is recorded.
func (r *Registry) Merged(ctx context.Context, a iis.Actor, id iis.ClientID, merge string) (m Merged, err error) {
	if err := r.may(ctx, a, iis.MergeClient); err != nil {
		return m, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		m = Merged{}
		if m.Record, err = r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		list, err := merged(ctx, tx, a, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x MergedRecord) bool { return x.Merge == merge })
		if i < 0 {
			return errNoMerge()
		}
		kept, err := tx.Merge(ctx, merge)
		if err != nil {
			return err
		}
		m.MergedRecord, m.Was = list[i], [2]iis.Client{kept.WasSurvivor.Client, kept.WasOther.Client}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "merge with " + string(m.Other)})
	})
	return m, err
}
