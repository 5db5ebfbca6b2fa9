package registry_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// waiting are the pairs of the queue that an actor sees.
func (w world) waiting(t *testing.T, a iis.Actor, ask registry.DuplicateAsk) (pairs [][2]iis.ClientID) {
	t.Helper()
	list, err := w.Duplicates(t.Context(), a, ask)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list.Pairs {
		pairs = append(pairs, [2]iis.ClientID{p.A, p.B})
	}
	return pairs
}

func inOrder(a, b iis.ClientID) [2]iis.ClientID { return [2]iis.ClientID{min(a, b), max(a, b)} }

// TestQueue: what is found waits, by whatever it is found; what was told apart is
// not asked again unless somebody reports it; what was put off is in a list of its own.
func TestQueue(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		pair := [][2]iis.ClientID{inOrder(a, b)}
		want := func(step string, who iis.Actor, ask registry.DuplicateAsk, want [][2]iis.ClientID) {
			t.Helper()
			if diff := cmp.Diff(want, w.waiting(t, who, ask)); diff != "" {
				t.Errorf("%s: queue of %s (-want +got):\n%s", step, who.UserName, diff)
			}
		}
		if _, err := w.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		want("swept", clerk, registry.DuplicateAsk{Organization: clerk.Organization}, pair)
		want("swept", clerk2, registry.DuplicateAsk{Organization: clerk2.Organization}, pair)
		want("of an organization with neither", clerk, registry.DuplicateAsk{Organization: lincoln.ID}, nil)
		want("after the last", clerk, registry.DuplicateAsk{After: pair[0]}, nil)
		if err := w.DecideLater(t.Context(), clerk, b, a); err != nil {
			t.Fatal(err)
		}
		want("put off", clerk, registry.DuplicateAsk{}, nil)
		want("put off", clerk, registry.DuplicateAsk{Later: true}, pair)
		if err := w.DecideDifferent(t.Context(), clerk, a, b, " "); iis.KindOf(err) != iis.Invalid {
			t.Errorf("DecideDifferent without a reason = %v, want %s", err, iis.Invalid)
		}
		if err := w.DecideDifferent(t.Context(), clerk, a, b, "saw both"); err != nil {
			t.Fatal(err)
		}
		s, err := w.Sweep(t.Context(), nil)
		if err != nil || s.Found != 0 {
			t.Errorf("sweep after the pair was told apart = %d found, %v, want 0", s.Found, err)
		}
		want("told apart", clerk, registry.DuplicateAsk{}, nil)
		want("told apart", clerk, registry.DuplicateAsk{Later: true}, nil)
		p, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{})
		if err != nil || p.Kept.Reason != "saw both" || p.Decided != clerk.Name || p.MayMerge {
			t.Errorf("Duplicate = %+v, %v, want told apart by %s", p.Kept, err, clerk.Name)
		}
		if other, err := w.ReportDuplicate(t.Context(), clerk, a, " "+string(b)+" "); err != nil || other != b {
			t.Errorf("ReportDuplicate = %s, %v, want %s", other, err, b)
		}
		want("reported", clerk, registry.DuplicateAsk{}, pair)
		w.merge(t, merger, a, b, nil)
		want("merged", helpdesk, registry.DuplicateAsk{}, nil)
		if _, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{}); iis.MovedTo(err) != a {
			t.Errorf("Duplicate of a merged client = %v, want %s", err, iis.Moved)
		}
		for _, typed := range []string{string(b), string(a)} { // both lead to the very client
			if _, err := w.ReportDuplicate(t.Context(), clerk, a, typed); iis.KindOf(err) != iis.Invalid {
				t.Errorf("ReportDuplicate of %s and %s = %v, want %s", a, typed, err, iis.Invalid)
			}
		}
		if r, err := w.db.VerifyAudit(t.Context()); err != nil || len(r.Faults) > 0 {
			t.Errorf("VerifyAudit = %+v, %v", r, err)
		}
	})
}

// TestThirdOfPair: a pair with the record that goes is one with the record that stays.
func TestThirdOfPair(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		c := w.enter(t, clerk, iis.Values{"last": "MOUSE", "first": "MICKEY", "birth": "05/15/1998", "gender": "M"})
		if _, err := w.ReportDuplicate(t.Context(), clerk, b, string(c)); err != nil {
			t.Fatal(err)
		}
		w.merge(t, merger, a, b, nil)
		if diff := cmp.Diff([][2]iis.ClientID{inOrder(a, c)}, w.waiting(t, clerk, registry.DuplicateAsk{})); diff != "" {
			t.Errorf("queue after the merge (-want +got):\n%s", diff)
		}
	})
}

// TestHiddenPair: a pair of which an actor may not see one is as one of a client who
// never was.
func TestHiddenPair(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		if _, err := w.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		w.save(t, clerk, a, iis.Values{"sharing": iis.No})
		if got := w.waiting(t, clerk2, registry.DuplicateAsk{}); len(got) != 0 {
			t.Errorf("queue with a locked client = %v, want none", got)
		}
		list, err := w.Duplicates(t.Context(), clerk2, registry.DuplicateAsk{})
		if err != nil || list.Count != 0 {
			t.Errorf("count of pairs with a locked client = %d, %v, want 0", list.Count, err)
		}
		if got := w.waiting(t, helpdesk, registry.DuplicateAsk{}); len(got) != 1 {
			t.Errorf("queue of the help desk = %v, want the pair", got)
		}
		const nobody = "999999999"
		for name, ask := range map[string]func(iis.ClientID) error{
			"Duplicate": func(id iis.ClientID) error {
				_, err := w.Duplicate(t.Context(), clerk2, b, id, registry.DuplicateAsk{})
				return err
			},
			"DecideDifferent": func(id iis.ClientID) error { return w.DecideDifferent(t.Context(), clerk2, b, id, "x") },
			"DecideLater":     func(id iis.ClientID) error { return w.DecideLater(t.Context(), clerk2, id, b) },
			"ReportDuplicate": func(id iis.ClientID) error {
				_, err := w.ReportDuplicate(t.Context(), clerk2, b, string(id))
				return err
			},
		} {
			hidden, unknown := ask(a), ask(nobody)
			if hidden == nil || unknown == nil || hidden.Error() != unknown.Error() || iis.KindOf(hidden) != iis.KindOf(unknown) {
				t.Errorf("%s of a hidden client = %v, of an unknown one %v, want the same", name, hidden, unknown)
			}
		}
		for _, who := range []iis.Actor{viewer, nurse} {
			if _, err := w.Duplicates(t.Context(), who, registry.DuplicateAsk{}); iis.KindOf(err) != iis.Denied {
				t.Errorf("Duplicates by %s = %v, want %s", who.UserName, err, iis.Denied)
			}
		}
		if err := w.StartSweep(t.Context(), clerk); iis.KindOf(err) != iis.Denied {
			t.Errorf("StartSweep by a clerk = %v, want %s", err, iis.Denied)
		}
	})
}

// TestAfterHiddenPair: where a list goes on does not tell of a pair of which an actor
// may not see one.
func TestAfterHiddenPair(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		c := w.enter(t, clerk, iis.Values{"last": "MOUSE", "first": "MICKEY", "birth": "05/15/1998", "gender": "M"})
		if _, err := w.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ReportDuplicate(t.Context(), clerk, a, string(c)); err != nil {
			t.Fatal(err)
		}
		first, second := inOrder(a, b), inOrder(a, c)
		if diff := cmp.Diff([][2]iis.ClientID{first, second}, w.waiting(t, clerk2, registry.DuplicateAsk{})); diff != "" {
			t.Fatalf("queue (-want +got):\n%s", diff)
		}
		next := func(want [2]iis.ClientID) {
			t.Helper()
			got, err := w.NextDuplicate(t.Context(), clerk2, a, b, registry.DuplicateAsk{})
			if err != nil || got != want {
				t.Errorf("NextDuplicate = %v, %v, want %v", got, err, want)
			}
		}
		next(second)
		if got := w.waiting(t, clerk2, registry.DuplicateAsk{After: second}); len(got) != 0 {
			t.Errorf("queue after the last = %v, want none", got)
		}
		w.save(t, clerk, c, iis.Values{"sharing": iis.No})
		if diff := cmp.Diff([][2]iis.ClientID{first}, w.waiting(t, clerk2, registry.DuplicateAsk{After: second})); diff != "" {
			t.Errorf("queue after a pair with a locked client (-want +got):\n%s", diff)
		}
		w.save(t, clerk, c, iis.Values{"sharing": iis.Yes})
		w.save(t, clerk, b, iis.Values{"sharing": iis.No})
		next([2]iis.ClientID{})
	})
}

// TestEntryIsReviewed: a client who was added though he looks like another waits for
// somebody else's look.
func TestEntryIsReviewed(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a := w.don(t)
		b := w.don(t)
		list, err := w.Duplicates(t.Context(), clerk, registry.DuplicateAsk{})
		if err != nil || len(list.Pairs) != 1 || list.Pairs[0].FoundBy != registry.FoundByEntry {
			t.Fatalf("Duplicates = %+v, %v, want the pair found by an entry", list.Pairs, err)
		}
		if got, want := [2]iis.ClientID{list.Pairs[0].A, list.Pairs[0].B}, inOrder(a, b); got != want {
			t.Errorf("pair = %v, want %v", got, want)
		}
	})
}

// populated is a world with invented people, some of whom are on file twice.
func populated(t *testing.T, w world, n int) {
	t.Helper()
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		for _, o := range sample.Organizations() {
			if err := tx.PutOrganization(t.Context(), o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = w.Load(t.Context(), func(yield func(registry.Arrival) bool) {
		for p := range sample.Population(5, n) {
			if !yield(registry.Arrival{Record: iis.Record{Client: p.Client, Aliases: p.Aliases}, Memberships: p.Memberships}) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

// allPairs are all pairs of the queue with their scores.
func (w world) allPairs(t *testing.T) (all []string) {
	t.Helper()
	err := w.db.View(t.Context(), func(tx *store.Tx) error {
		all = nil
		pairs, err := tx.Duplicates(t.Context(), store.DuplicateQuery{To: store.Audience{All: true}, State: store.PairWaiting, Limit: 1 << 20})
		for _, d := range pairs {
			all = append(all, fmt.Sprint(d.A, " ", d.B, " ", d.Answer, " ", d.Score))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// linked are the pairs that the matcher finds among all clients at once, and how many
// it compares.
func (w world) linked(t *testing.T) (pairs []string, compared int) {
	t.Helper()
	var known []store.Known
	err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
		known, err = tx.KnownAfter(t.Context(), "", 1<<20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	book := pair.NewBook(pair.Shipped())
	profiles := make([]*pair.Profile, len(known))
	for i, k := range known {
		if profiles[i], err = book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships)); err != nil {
			t.Fatal(err)
		}
	}
	c := pair.Find(profiles, nil)
	err = c.Link(pair.Shipped(), func(l pair.Linked) error {
		pairs = append(pairs, fmt.Sprint(known[l.A].Client.ID, " ", known[l.B].Client.ID, " ", l.Answer, " ", math.Round(l.Score*100)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(pairs)
	return pairs, c.Len()
}

// TestSweepResumes: a sweep that is cut off again and again, and taken up by another
// program each time, finds what the matcher finds among all at once, and nothing twice.
func TestSweepResumes(t *testing.T) {
	registry.SetSweepStep(t, 100)
	each(t, registry.Options{}, func(t *testing.T, w world) {
		populated(t, w, 1500)
		want, compared := w.linked(t)
		if len(want) < 20 {
			t.Fatalf("%d pairs among the clients, want at least 20", len(want))
		}
		var s registry.Sweeping
		var err error
		cuts := 0
		for {
			ctx, cancel := context.WithCancel(t.Context())
			steps := 0
			s, err = w.Sweep(ctx, func(s registry.Sweeping) {
				if s.Looked > 0 {
					if steps++; steps == 4 {
						cancel()
					}
				}
			})
			cancel()
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			cuts++
		}
		if cuts < 3 {
			t.Errorf("the sweep was cut off %d times, want at least 3", cuts)
		}
		if diff := cmp.Diff(want, w.allPairs(t)); diff != "" {
			t.Errorf("pairs of the sweep that was cut off (-want +got):\n%s", diff)
		}
		if s.Found != int64(len(want)) || s.Compared != int64(compared) || s.Looked != s.Total {
			t.Errorf("the sweep counts %d found of %d compared among %d of %d, want %d of %d among all",
				s.Found, s.Compared, s.Looked, s.Total, len(want), compared)
		}
	})
}

// TestRunSweeps: what is asked for on the page, and what falls due, is done behind it.
func TestRunSweeps(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		ctx, cancel := context.WithCancel(t.Context())
		due, swept, ended := make(chan time.Time), make(chan error), make(chan struct{})
		go func() {
			defer close(ended)
			w.RunSweeps(ctx, due, func() {
				_, err := w.Sweep(ctx, nil)
				swept <- err
			})
		}()
		for range 2 { // the second finds nothing new
			if err := w.StartSweep(t.Context(), helpdesk); err != nil {
				t.Fatal(err)
			}
			if err := <-swept; err != nil {
				t.Fatal(err)
			}
		}
		due <- time.Now()
		if err := <-swept; err != nil {
			t.Fatal(err)
		}
		cancel()
		<-ended
		s, err := w.LastSweep(t.Context(), helpdesk)
		if err != nil || s.Finished.IsZero() || s.Looked != 2 || s.Found != 0 {
			t.Errorf("LastSweep = %+v, %v, want a finished one over 2 clients", s, err)
		}
		if diff := cmp.Diff([][2]iis.ClientID{inOrder(a, b)}, w.waiting(t, helpdesk, registry.DuplicateAsk{})); diff != "" {
			t.Errorf("queue (-want +got):\n%s", diff)
		}
	})
}

// TestSweepOnce: a sweep that one program runs is a conflict for any other.
func TestSweepOnce(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.twoOfDon(t)
		var second error
		if _, err := w.Sweep(t.Context(), func(s registry.Sweeping) {
			if s.Looked == 0 {
				_, second = w.Sweep(t.Context(), nil)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if iis.KindOf(second) != iis.Conflict {
			t.Errorf("a second sweep beside the first = %v, want %s", second, iis.Conflict)
		}
	})
}

// TestPairCounts: what each of the two has, less what both have, is what they have
// together; a refusal is no immunization.
func TestPairCounts(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		refused := given(iis.Refused, "02/25/2010", "110")
		refused["refusal"] = "00"
		w.saveDoses(t, clerk, a, map[iis.DoseID]map[string]string{"d9": refused})
		p, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{})
		if err != nil {
			t.Fatal(err)
		}
		one := map[iis.ClientID]int{p.A.Client.ID: p.ShotsOf[0], p.B.Client.ID: p.ShotsOf[1]}
		if one[a] != 1 || one[b] != 2 || p.Folded != 1 || p.Shots != 2 {
			t.Errorf("%d and %d immunizations, %d in both, %d together; want 1, 2, 1 and 2", one[a], one[b], p.Folded, p.Shots)
		}
		if got := p.Suggest(); got != b {
			t.Errorf("Suggest() = %s, want %s, who has more immunizations", got, b)
		}
	})
}
