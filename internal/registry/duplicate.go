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
	Answer       string             // "same" or "possible"; "" for both
	FoundBy      string             // "" for all
	Mine         bool               // those that the actor looks into
	Nobodys      bool               // those that nobody looks into
	After        [2]iis.ClientID    // goes on after this pair of the list
}

// query is what is asked for, of pairs that an actor may see.
func (ask DuplicateAsk) query(a iis.Actor) store.DuplicateQuery {
	q := store.DuplicateQuery{To: audienceOf(a), State: store.PairWaiting,
		Organization: ask.Organization, Answer: ask.Answer, FoundBy: ask.FoundBy, Nobodys: ask.Nobodys, Limit: CountedPairs + 1}
	if ask.Later {
		q.State = store.PairLater
	}
	if ask.Mine {
		q.Assigned, q.Nobodys = a.User, false
	}
	return q
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
	Organizations    []string // that have one of the two on file, by name
	AssignedName     string   // who looks into it, as personFor tells; "" for nobody
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
	// Nobody waits for a look through the queue; what is shown of it is looked at
	// again, and recorded, in one transaction.
	q := ask.query(a)
	var pairs []store.Duplicate
	var count int
	err = r.view(ctx, func(tx *store.Tx) error {
		q.Before, q.Limit = nil, CountedPairs+1
		if count, err = tx.CountDuplicates(ctx, q); err != nil {
			return err
		}
		if ask.After[0] != "" {
			if d, err := seenPair(ctx, tx, a, ask.After[0], ask.After[1]); err == nil {
				q.Before = &d
			} else if iis.KindOf(err) != iis.NotFound {
				return err
			}
		}
		q.Limit = ShownPairs + 1
		pairs, err = tx.Duplicates(ctx, q)
		return err
	})
	if err != nil {
		return list, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		list = DuplicateList{Now: tx.Now, Count: count, More: len(pairs) > ShownPairs}
		var shown []iis.ClientID
		for _, d := range pairs[:min(len(pairs), ShownPairs)] {
			p, seen, err := listed(ctx, tx, a, d)
			if err != nil {
				return err
			}
			if seen {
				list.Pairs = append(list.Pairs, p)
				shown = append(shown, d.A, d.B)
			}
		}
		var err error
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

// seenPair is a pair of the queue, of two whom the actor may see. Any other is
// NotFound: where a list goes on must not tell of one who is hidden.
func seenPair(ctx context.Context, tx *store.Tx, a iis.Actor, x, y iis.ClientID) (store.Duplicate, error) {
	seen, err := tx.Seen(ctx, audienceOf(a), []iis.ClientID{x, y})
	if err != nil {
		return store.Duplicate{}, err
	}
	if len(seen) < 2 {
		return store.Duplicate{}, errUnknownClient()
	}
	return tx.Duplicate(ctx, x, y)
}

// listed is a pair with what a line of the list says of it, if both are still there
// for the actor to see.
func listed(ctx context.Context, tx *store.Tx, a iis.Actor, d store.Duplicate) (p ListedPair, seen bool, err error) {
	p.Duplicate = d
	for _, one := range []struct {
		id iis.ClientID
		c  *iis.Client
	}{{d.A, &p.ClientA}, {d.B, &p.ClientB}} {
		if *one.c, err = tx.Client(ctx, one.id); err != nil || one.c.MergedInto != "" || !one.c.VisibleTo(a) {
			return p, false, err
		}
		of, err := tx.MembershipsOf(ctx, one.id)
		if err != nil {
			return p, false, err
		}
		for _, m := range of {
			o, err := tx.Organization(ctx, m.Organization)
			if err != nil {
				return p, false, err
			}
			if !slices.Contains(p.Organizations, o.Name) {
				p.Organizations = append(p.Organizations, o.Name)
			}
		}
	}
	slices.Sort(p.Organizations)
	p.AssignedName, err = personFor(ctx, tx, a, d.Assigned)
	return p, true, err
}

// personFor is what an actor reads of a user who has to do with a pair: the name, or
// no more than that he is of another organization; "" for nobody.
func personFor(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.UserID) (string, error) {
	if id == "" {
		return "", nil
	}
	if id != a.User && !a.May(iis.SeeHidden) {
		grants, err := tx.Grants(ctx, id)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(grants, func(g iis.Grant) bool { return g.Organization.ID == a.Organization }) {
			return "someone at another organization", nil
		}
	}
	return userName(ctx, tx, id)
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

// AssignDuplicate notes that the actor looks into a pair of the queue, whoever did, or,
// not to look, that he does no more and nobody does.
func (r *Registry) AssignDuplicate(ctx context.Context, a iis.Actor, x, y iis.ClientID, look bool) error {
	if err := r.may(ctx, a, iis.ReviewDuplicate); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		if _, _, err := r.sideBySide(ctx, tx, a, x, y); err != nil {
			return err
		}
		to := a.User
		if !look {
			to = ""
			d, err := tx.Duplicate(ctx, x, y)
			if err != nil {
				return err
			}
			if d.Assigned != a.User {
				return iis.Problems(iis.Problem{Text: "The pair is not assigned to you."})
			}
		}
		if err := tx.AssignDuplicate(ctx, x, y, to); err != nil {
			return err
		}
		for _, two := range [][2]iis.ClientID{{x, y}, {y, x}} {
			if err := record(ctx, tx, a, iis.ActionAssign, two[0], iis.Detail{Subject: string(two[1]), Note: string(to)}); err != nil {
				return err
			}
		}
		return nil
	})
}
