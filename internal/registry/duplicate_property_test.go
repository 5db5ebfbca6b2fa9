package registry_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// ownPair is what people have made of a pair itself, whatever became known of it by
// merges meanwhile.
type ownPair struct {
	state    store.PairState // "" while it is no pair
	reason   string
	decided  iis.UserID
	assigned iis.UserID
	anyone   bool // assigned by a pair that came from several
}

// TestPairsGivenBack: records are merged into each other and their pairs decided,
// reported and assigned, in any way; when all are apart again, each pair is what people
// made of it.
func TestPairsGivenBack(t *testing.T) {
	fewChecks(t, "12")
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			own := map[[2]iis.ClientID]*ownPair{}
			var ids []iis.ClientID
			into := map[iis.ClientID]iis.ClientID{}
			typed := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "phone": fmt.Sprintf("651-201-%04d", 1000+run)}
			other := iis.Values{"last": "MOUSE", "first": "MORTIMER", "birth": "01/02/1999", "gender": "M"}
			for i := range 5 {
				who := typed
				if i > 2 {
					who = other
				}
				id := w.enter(t, clerk, who)
				ids, into[id] = append(ids, id), id
			}
			kept := func(a, b iis.ClientID) (d store.Duplicate, known bool) {
				err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
					d, err = tx.Duplicate(t.Context(), a, b)
					return err
				})
				if err != nil && iis.KindOf(err) != iis.NotFound {
					rt.Fatal(err)
				}
				return d, err == nil
			}
			for i, a := range ids {
				for _, b := range ids[:i] {
					p := &ownPair{}
					if d, known := kept(a, b); known {
						p.state = d.State
					}
					own[inOrder(a, b)] = p
				}
			}
			type made struct {
				id              string
				survivor, other iis.ClientID
			}
			var merges []made
			root := func(id iis.ClientID) iis.ClientID {
				for into[id] != id {
					id = into[id]
				}
				return id
			}
			under := func(id iis.ClientID) (all []iis.ClientID) {
				for _, x := range ids {
					if root(x) == id {
						all = append(all, x)
					}
				}
				return all
			}
			part := func() {
				i := rapid.IntRange(0, len(merges)-1).Draw(rt, "merge")
				m := merges[i]
				if _, err := w.unmerge(t, merger, root(m.survivor), m.id); err != nil {
					rt.Fatal(err)
				}
				merges = slices.Delete(merges, i, i+1)
				into[m.other] = m.other
				p := own[inOrder(m.survivor, m.other)]
				p.state, p.reason, p.decided = store.PairDifferent, "unmerged", merger.User
			}
			for range rapid.IntRange(4, 20).Draw(rt, "steps") {
				a, b := root(rapid.SampledFrom(ids).Draw(rt, "a")), root(rapid.SampledFrom(ids).Draw(rt, "b"))
				step := rapid.SampledFrom([]string{"merge", "merge", "merge", "unmerge", "different", "later", "report", "assign", "assign"}).Draw(rt, "step")
				if step == "unmerge" {
					if len(merges) > 0 {
						part()
					}
					continue
				}
				if a == b {
					continue
				}
				p := own[inOrder(a, b)]
				d, known := kept(a, b)
				var err error
				switch step {
				case "merge":
					if out := w.merge(t, merger, a, b, nil); out != registry.Saved {
						continue
					}
					list := w.merges(t, a)
					i := slices.IndexFunc(list, func(m registry.MergedRecord) bool { return m.Other == b })
					merges = append(merges, made{list[i].Merge, a, b})
					into[b] = a
					p.state, p.reason, p.decided = store.PairMerged, "one person", merger.User
				case "different":
					reason := fmt.Sprint("looked ", rapid.IntRange(0, 9).Draw(rt, "reason"))
					err = w.DecideDifferent(t.Context(), clerk, a, b, reason)
					p.state, p.reason, p.decided = store.PairDifferent, reason, clerk.User
				case "later":
					err = w.DecideLater(t.Context(), clerk, a, b)
					p.state, p.reason, p.decided = store.PairLater, "", clerk.User
				case "report":
					_, err = w.ReportDuplicate(t.Context(), clerk, a, string(b))
					p.state, p.reason, p.decided = store.PairWaiting, "", ""
				case "assign":
					if !known {
						continue
					}
					who := rapid.SampledFrom([]iis.Actor{clerk, clerk2}).Draw(rt, "who")
					err = w.AssignDuplicate(t.Context(), who, a, b, true)
					if p.state != "" {
						p.assigned, p.anyone = who.User, false
						break
					}
					for _, x := range under(a) {
						for _, y := range under(b) {
							own[inOrder(x, y)].anyone = true
						}
					}
				}
				if err != nil {
					rt.Fatalf("%s = %v", step, err)
				}
				if p.state != "" && d.Assigned != "" && !p.anyone && p.assigned == "" {
					p.anyone = true // what was the other's alone is the pair's own by what was decided
				}
			}
			for len(merges) > 0 {
				part()
			}
			for two, p := range own {
				d, _ := kept(two[0], two[1])
				if p.anyone {
					d.Assigned = p.assigned
				}
				got := ownPair{d.State, d.Reason, d.DecidedBy, d.Assigned, p.anyone}
				if got != *p {
					rt.Errorf("pair %d and %d = %+v, want %+v", slices.Index(ids, two[0]), slices.Index(ids, two[1]), got, *p)
				}
			}
		})
	})
}
