package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// merges are the merges that stand into a client, newest first.
func (w world) merges(t *testing.T, id iis.ClientID) []registry.MergedRecord {
	t.Helper()
	h, err := w.ChangeHistory(t.Context(), helpdesk, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return h.Merged
}

// TestToldApartIsCarried: whoever is not the one that went into another is not that
// other, until the merge is undone; what a person decided himself stands.
func TestToldApartIsCarried(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		don := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "phone": "651-201-4629"}
		a, b, c := w.enter(t, clerk, don), w.enter(t, clerk, don), w.enter(t, clerk, don)
		want := func(step string, want ...[2]iis.ClientID) {
			t.Helper()
			if _, err := w.Sweep(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			got := map[[2]iis.ClientID]bool{}
			for _, p := range w.waiting(t, clerk, registry.DuplicateAsk{}) {
				got[p] = true
			}
			all := map[[2]iis.ClientID]bool{}
			for _, p := range want {
				all[p] = true
			}
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("%s: queue (-want +got):\n%s", step, diff)
			}
		}
		want("entered", inOrder(a, b), inOrder(b, c), inOrder(a, c))
		if err := w.DecideDifferent(t.Context(), clerk, a, b, "saw both"); err != nil {
			t.Fatal(err)
		}
		w.merge(t, merger, c, b, nil)
		want("merged one who was told apart")
		p, err := w.Duplicate(t.Context(), clerk, a, c, registry.DuplicateAsk{})
		if err != nil || p.Kept.Reason != "saw both" || p.Decided != clerk.Name {
			t.Errorf("Duplicate = %+v, %v, want told apart by %s", p.Kept, err, clerk.Name)
		}
		if _, err := w.unmerge(t, merger, c, w.merges(t, c)[0].Merge); err != nil {
			t.Fatal(err)
		}
		want("unmerged", inOrder(a, c))
		w.merge(t, merger, c, b, nil)
		if _, err := w.ReportDuplicate(t.Context(), clerk, a, string(c)); err != nil {
			t.Fatal(err)
		}
		want("reported", inOrder(a, c))
		if err := w.DecideDifferent(t.Context(), clerk, a, c, "asked the family"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.unmerge(t, merger, c, w.merges(t, c)[0].Merge); err != nil {
			t.Fatal(err)
		}
		want("decided by a person, unmerged")
	})
}

// TestCarriedGoesWithWhoLeaves: who is not the one that leaves may be the one that
// stays again, whichever merge had made that known of him.
func TestCarriedGoesWithWhoLeaves(t *testing.T) {
	tests := []struct {
		name  string
		merge func(t *testing.T, w world, a, b, c iis.ClientID)
	}{
		{"through a later merge", func(t *testing.T, w world, a, b, c iis.ClientID) {
			w.merge(t, merger, b, a, nil)
			w.merge(t, merger, c, b, nil)
		}},
		{"over an earlier one", func(t *testing.T, w world, a, b, c iis.ClientID) {
			w.merge(t, merger, c, b, nil)
			w.merge(t, merger, c, a, nil)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			each(t, registry.Options{}, func(t *testing.T, w world) {
				w.addUser(t, merger)
				typed := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "phone": "651-201-4629"}
				x, a, b := w.enter(t, clerk, typed), w.enter(t, clerk, typed), w.enter(t, clerk, typed)
				if _, err := w.Sweep(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				c := w.enter(t, clerk, iis.Values{"last": "DRAKE", "first": "MORTIMER", "birth": "01/02/1999", "gender": "M"})
				if err := w.DecideDifferent(t.Context(), clerk, x, a, "saw both"); err != nil {
					t.Fatal(err)
				}
				state := func() store.PairState {
					t.Helper()
					p, err := w.Duplicate(t.Context(), clerk, x, c, registry.DuplicateAsk{})
					if err != nil {
						t.Fatal(err)
					}
					return p.Kept.State
				}
				test.merge(t, w, a, b, c)
				if got := state(); got != store.PairDifferent {
					t.Errorf("pair once merged = %q, want %q", got, store.PairDifferent)
				}
				list := w.merges(t, c)
				i := slices.IndexFunc(list, func(m registry.MergedRecord) bool { return m.Other == a })
				if _, err := w.unmerge(t, merger, c, list[i].Merge); err != nil {
					t.Fatal(err)
				}
				if got := state(); got != store.PairWaiting {
					t.Errorf("pair once he left = %q, want %q", got, store.PairWaiting)
				}
				p, err := w.Duplicate(t.Context(), clerk, a, c, registry.DuplicateAsk{})
				if err != nil || p.Kept.State != store.PairDifferent {
					t.Errorf("pair with who left = %+v, %v, want told apart", p.Kept, err)
				}
			})
		})
	}
}

// TestUnmergeOneOfTwo: of two who went into each other one after the other, the first
// is taken out; whom he is told apart from are all who have the rest.
func TestUnmergeOneOfTwo(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		typed := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "email": "don@example.org"}
		a := w.enter(t, clerk, typed)
		delete(typed, "email")
		b, c := w.enter(t, clerk, typed), w.enter(t, clerk, typed)
		w.saveDoses(t, clerk, a, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
		w.merge(t, merger, b, a, nil)
		w.merge(t, merger, c, b, nil)
		list := w.merges(t, c)
		if len(list) != 2 || list[0].Other != b || list[1].Other != a || list[1].Into != b {
			t.Fatalf("merges under the last survivor = %+v, want both, the newest first", list)
		}
		if got := w.whole(t, c).Client.Email; got != "don@example.org" {
			t.Errorf("e-mail address of the last survivor = %q, want that of the first record", got)
		}
		told := func(of iis.ClientID) bool {
			h, err := w.ChangeHistory(t.Context(), merger, c, 0)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(h.Events, func(e store.StoredEvent) bool { return e.Client == of && e.Action == iis.ActionEnter })
		}
		if !told(a) || !told(b) || !told(c) {
			t.Error("the history of the last survivor does not begin with how each of the three was entered")
		}
		if _, err := w.unmerge(t, merger, c, list[1].Merge); err != nil {
			t.Fatal(err)
		}
		if told(a) || !told(b) {
			t.Error("the history of the last survivor is not that of the second record and his own")
		}
		is, was := w.whole(t, c), w.whole(t, a)
		if is.Client.Email != "" || len(is.Doses) != 0 || was.Client.Email != "don@example.org" || len(was.Doses) != 1 {
			t.Errorf("e-mail addresses %q and %q, %d and %d doses, want what was the first record's to be his alone",
				is.Client.Email, was.Client.Email, len(is.Doses), len(was.Doses))
		}
		if _, err := w.Client(t.Context(), clerk, b); iis.MovedTo(err) != c {
			t.Errorf("the ID of the second leads to %v, want still the last survivor", err)
		}
		p, err := w.Duplicate(t.Context(), clerk, a, c, registry.DuplicateAsk{})
		if err != nil || p.Kept.State != registry.PairDifferent {
			t.Errorf("pair after unmerge = %+v, %v, want told apart", p.Kept, err)
		}
		if _, err := w.unmerge(t, merger, c, w.merges(t, c)[0].Merge); err != nil {
			t.Fatal(err)
		}
		if got := w.whole(t, b); got.Client.Email != "" || len(got.Doses) != 0 {
			t.Errorf("the second record has e-mail address %q and %d doses, want none", got.Client.Email, len(got.Doses))
		}
	})
}

// TestCarriedIsGivenBack: what stood on a pair before a merge made more known of it is
// there again once the merge is undone: whom it was assigned to, who asked for a merge
// of twins, who put it off. What was done with it since stays done.
func TestCarriedIsGivenBack(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		w.addUser(t, merger2)
		twin := func(first string) iis.Values {
			return iis.Values{"last": "TWIN", "first": first, "birth": "09/21/2019", "gender": "F", "phone": "651-201-4629"}
		}
		kept := func(x, y iis.ClientID) store.Duplicate {
			t.Helper()
			p, err := w.Duplicate(t.Context(), clerk, x, y, registry.DuplicateAsk{})
			if err != nil {
				t.Fatal(err)
			}
			return p.Kept
		}
		assign := func(a iis.Actor, x, y iis.ClientID) {
			t.Helper()
			if err := w.AssignDuplicate(t.Context(), a, x, y, true); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(a iis.Actor, x, y iis.ClientID) {
			t.Helper()
			if out := w.merge(t, a, x, y, nil); out != registry.AskSecond {
				t.Fatalf("MergeClients = %q, want %q", out, registry.AskSecond)
			}
		}
		leaves := func(survivor, other iis.ClientID) {
			t.Helper()
			list := w.merges(t, survivor)
			i := slices.IndexFunc(list, func(m registry.MergedRecord) bool { return m.Other == other })
			if _, err := w.unmerge(t, merger, survivor, list[i].Merge); err != nil {
				t.Fatal(err)
			}
		}
		same := func(step string, got, want store.Duplicate) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: pair (-want +got):\n%s", step, diff)
			}
		}
		x, b, b2, b3 := w.enter(t, clerk, twin("ANNA")), w.enter(t, clerk, twin("BERTA")), w.enter(t, clerk, twin("BERTA")), w.enter(t, clerk, twin("BERTA"))
		ask(helpdesk, x, b)
		assign(clerk, x, b)
		asked := kept(x, b)
		if err := w.DecideDifferent(t.Context(), clerk, x, b2, "saw both"); err != nil {
			t.Fatal(err)
		}
		w.merge(t, merger, b, b2, nil)
		if got := kept(x, b); got.State != store.PairDifferent || got.AskedBy != "" {
			t.Errorf("pair once merged with one told apart = %+v, want told apart, nobody's request", got)
		}
		w.merge(t, merger, b, b3, nil)
		leaves(b, b3)
		leaves(b, b2)
		same("asked for, undone", kept(x, b), asked)

		if err := w.DecideLater(t.Context(), clerk, x, b); err != nil {
			t.Fatal(err)
		}
		later := kept(x, b)
		w.merge(t, merger, b, b2, nil)
		assign(clerk2, x, b)
		leaves(b, b2)
		later.Assigned = clerk2.User
		same("put off, assigned since, undone", kept(x, b), later)

		// The pair of one who goes is that of whom he goes into, until he is back.
		w.merge(t, merger, b3, b, nil)
		w.merge(t, merger, b3, b2, nil) // told apart from x
		assign(clerk, x, b3)
		leaves(b3, b2)
		if got := kept(x, b3); got.State != store.PairLater || got.Assigned != clerk.User {
			t.Errorf("pair of the survivor once the other left = %+v, want it put off, assigned to %s", got, clerk.Name)
		}
		leaves(b3, b)
		later.Assigned = clerk.User
		same("assigned while it was the survivor's, undone", kept(x, b), later)

		// A person who asks for a merge, or reports, stands by the pair as it is.
		ask(merger2, x, b)
		w.merge(t, merger, b3, b, nil)
		ask(helpdesk, x, b3)
		leaves(b3, b)
		if got := kept(x, b3); got.AskedBy != helpdesk.User || got.State != store.PairWaiting {
			t.Errorf("pair of the survivor, undone = %+v, want the request of %s", got, helpdesk.Name)
		}
		if got := kept(x, b); got.AskedBy != merger2.User {
			t.Errorf("pair of the other, undone = %+v, want the request of %s", got, merger2.Name)
		}
	})
}

// TestAssignedThroughTwoMerges: two records of one pair each go into a third. Whoever
// has taken the pair of the third does not lose it when one of the two leaves.
func TestAssignedThroughTwoMerges(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		don := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "phone": "651-201-4629"}
		x, a, b := w.enter(t, clerk, don), w.enter(t, clerk, don), w.enter(t, clerk, don)
		if _, err := w.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		c := w.enter(t, clerk, iis.Values{"last": "DRAKE", "first": "MORTIMER", "birth": "01/02/1999", "gender": "M"})
		w.merge(t, merger, c, a, nil)
		w.merge(t, merger, c, b, nil)
		if err := w.AssignDuplicate(t.Context(), clerk, x, c, true); err != nil {
			t.Fatal(err)
		}
		list := w.merges(t, c)
		for i, left := range []iis.ClientID{a, b} {
			if _, err := w.unmerge(t, merger, c, list[len(list)-1-i].Merge); err != nil {
				t.Fatal(err)
			}
			pairs := [][2]iis.ClientID{{x, left}}
			if i == 0 {
				pairs = append(pairs, [2]iis.ClientID{x, c})
			}
			for _, two := range pairs {
				p, err := w.Duplicate(t.Context(), clerk, two[0], two[1], registry.DuplicateAsk{})
				if err != nil || !p.Mine || p.Kept.State != store.PairWaiting {
					t.Errorf("pair of %s and %s = %+v, %v, want it to wait, assigned to %s", two[0], two[1], p.Kept, err, clerk.Name)
				}
			}
		}
	})
}

// TestCarriedOnBothSides: two who were told apart each go into another, who are then two
// people for as long as both are in them.
func TestCarriedOnBothSides(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		typed := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "phone": "651-201-4629"}
		x, y, b, c := w.enter(t, clerk, typed), w.enter(t, clerk, typed), w.enter(t, clerk, typed), w.enter(t, clerk, typed)
		if _, err := w.Sweep(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if err := w.DecideDifferent(t.Context(), clerk, x, b, "saw both"); err != nil {
			t.Fatal(err)
		}
		w.merge(t, merger, y, x, nil)
		w.merge(t, merger, c, b, nil)
		want := func(p, q iis.ClientID, want store.PairState) {
			t.Helper()
			d, err := w.Duplicate(t.Context(), clerk, p, q, registry.DuplicateAsk{})
			if err != nil || d.Kept.State != want {
				t.Errorf("pair = %+v, %v, want it %s", d.Kept, err, want)
			}
		}
		want(y, c, store.PairDifferent)
		for _, two := range [][2]iis.ClientID{{y, x}, {c, b}} {
			if _, err := w.unmerge(t, merger, two[0], w.merges(t, two[0])[0].Merge); err != nil {
				t.Fatal(err)
			}
			want(y, c, store.PairWaiting)
			w.merge(t, merger, two[0], two[1], nil)
			want(y, c, store.PairDifferent)
		}
	})
}
