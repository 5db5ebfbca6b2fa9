package registry_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// filing is what leads to the clients of a run: what is on file, looked for by
// everything that ever led to one of them, beside what ought to.
type filing struct {
	world
	ids   []iis.ClientID
	keys  map[iis.Key]bool   // of any of them, at any time
	names map[[2]string]bool // last and first, likewise
}

// ledTo are lines that say what leads to whom, worked out afresh of all that is on
// file; what it comes upon is looked for from then on.
func (f *filing) ledTo(t *testing.T, tx *store.Tx) (lines []string) {
	for i, id := range f.ids {
		into, err := tx.MergedInto(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if into != id {
			continue
		}
		w, err := tx.Whole(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		under, err := tx.MergesUnder(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		keys := map[iis.Key]bool{}
		all := []iis.Whole{w}
		for _, m := range under {
			all = append(all, m.WasOther)
		}
		for _, w := range all {
			for _, k := range match.KeysOf(w.Client, iis.Membership{}) {
				keys[k] = true
			}
			for _, m := range w.Memberships {
				if k := match.ChartKey(m.Organization, m.ChartNumber); k != "" {
					keys[k] = true
				}
			}
		}
		for k := range keys {
			f.keys[k] = true
			lines = append(lines, fmt.Sprint(i, " ", k))
		}
		for _, n := range match.NamesOf(w.Client, w.Aliases) {
			f.names[[2]string{n.Last, n.First}] = true
			lines = append(lines, nameLine(i, n, w.Client.LockedTo == ""))
		}
	}
	slices.Sort(lines)
	return lines
}

func nameLine(i int, n iis.NameKey, all bool) string {
	return fmt.Sprint(i, " ", n.Last, " ", n.First, " ", n.BirthDate, " former ", n.Former, ", parts ", n.LastPart, n.FirstPart, ", for all ", all)
}

// onFile are the lines of ledTo as the store answers.
func (f *filing) onFile(t *testing.T, tx *store.Tx) (lines []string) {
	for _, k := range slices.Sorted(maps.Keys(f.keys)) {
		like, err := tx.LikeBorn(t.Context(), store.Sought{Keys: []iis.Key{k}})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range like[0].Hits {
			if i := slices.Index(f.ids, h.Client); i >= 0 {
				lines = append(lines, fmt.Sprint(i, " ", k))
			}
		}
	}
	for n := range f.names {
		called := func(to store.Audience) []store.NameHit {
			hits, _, err := tx.Names(t.Context(), to, 1000, store.Called(n[0], n[1]))
			if err != nil {
				t.Fatal(err)
			}
			return slices.DeleteFunc(hits, func(h store.NameHit) bool { return h.First != n[1] })
		}
		shown := called(store.Audience{Organization: riverside.ID})
		for _, h := range called(store.Audience{All: true}) {
			if i := slices.Index(f.ids, h.Client); i >= 0 {
				lines = append(lines, nameLine(i, h.NameKey, slices.Contains(shown, h)))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// TestKeysOfMerged: whatever is merged, edited and unmerged, those lead to a client
// who has or had a name, a telephone, a mother or a chart number, as if all were
// filed anew: what the records have that went into one is his too, and nothing else.
func TestKeysOfMerged(t *testing.T) {
	fewChecks(t, "12")
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger2)
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			f := &filing{world: w, keys: map[iis.Key]bool{}, names: map[[2]string]bool{}}
			of := string([]rune{'A' + rune(run/676%26), 'A' + rune(run/26%26), 'A' + rune(run%26)}) // none of another run has it
			pool := func(field iis.Field) string {
				from := map[iis.Field][]string{
					iis.FieldPhone:      {"", fmt.Sprintf("651-201-%04d", 1000+2*run), fmt.Sprintf("651-201-%04d", 1001+2*run)},
					iis.FieldMaidenLast: {"", "MOUSE" + of, "DRAKE" + of},
					iis.FieldBirthDate:  {"01/01/2001", "01/02/2001"},
					iis.FieldLast:       {"DUCK", "DUCK-DRAKE"},
					iis.FieldFirst:      {"DON", "DONALD"},
					iis.FieldChart:      {"", fmt.Sprint("A-", run), fmt.Sprint("B-", run)},
					iis.FieldSharing:    {iis.Yes, iis.Yes, iis.No},
				}[field]
				return rapid.SampledFrom(from).Draw(rt, string(field))
			}
			for range 3 {
				typed := iis.Values{"gender": "M"}
				for _, field := range []iis.Field{iis.FieldLast, iis.FieldFirst, iis.FieldBirthDate, iis.FieldPhone, iis.FieldMaidenLast, iis.FieldChart} {
					typed[field] = pool(field)
				}
				f.ids = append(f.ids, w.enter(t, clerk, typed))
			}
			into := func(i int) (root int) {
				err := w.db.View(t.Context(), func(tx *store.Tx) error {
					id, err := tx.MergedInto(t.Context(), f.ids[i])
					root = slices.Index(f.ids, id)
					return err
				})
				if err != nil {
					rt.Fatal(err)
				}
				return root
			}
			check := func(step string) {
				err := w.db.View(t.Context(), func(tx *store.Tx) error {
					if diff := cmp.Diff(f.ledTo(t, tx), f.onFile(t, tx)); diff != "" {
						rt.Fatalf("%s: what leads to whom (-afresh +on file):\n%s", step, diff)
					}
					return nil
				})
				if err != nil {
					rt.Fatal(err)
				}
			}
			check("enter")
			for range rapid.IntRange(4, 16).Draw(rt, "steps") {
				i := into(rapid.IntRange(0, len(f.ids)-1).Draw(rt, "client"))
				step := rapid.SampledFrom([]string{"edit", "edit", "edit", "edit there", "merge", "merge", "unmerge"}).Draw(rt, "step")
				switch step {
				case "edit", "edit there":
					who := clerk
					field := rapid.SampledFrom([]iis.Field{iis.FieldPhone, iis.FieldMaidenLast, iis.FieldBirthDate, iis.FieldLast, iis.FieldFirst, iis.FieldChart, iis.FieldSharing}).Draw(rt, "field")
					if step == "edit there" {
						if who = clerk2; w.whole(t, f.ids[i]).Client.LockedTo != "" {
							continue
						}
						field = iis.FieldChart
					}
					form := form(f.ids[i], iis.Values{field: pool(field)})
					if _, err := w.SaveClient(t.Context(), who, form); err != nil {
						rt.Fatal(err)
					}
				case "merge":
					o := into(rapid.IntRange(0, len(f.ids)-1).Draw(rt, "other"))
					sw, ow := w.whole(t, f.ids[i]), w.whole(t, f.ids[o])
					if i == o || sw.Client.LockedTo != ow.Client.LockedTo {
						continue
					}
					m := registry.Merging{Survivor: f.ids[i], Other: f.ids[o], SurvivorVersion: sw.Client.Version, OtherVersion: ow.Client.Version,
						MergeChoice: iis.MergeChoice{Fields: map[iis.Field]iis.Whose{}}}
					for _, field := range iis.MergeFields(sw.Record, ow.Record) {
						m.Fields[field] = rapid.SampledFrom([]iis.Whose{iis.Survivors, iis.Others}).Draw(rt, string(field))
					}
					out, err := w.MergeClients(t.Context(), helpdesk, m)
					if out == registry.AskSecond {
						out, err = w.MergeClients(t.Context(), merger2, m)
					}
					if err != nil || out != registry.Saved {
						rt.Fatalf("MergeClients = %q, %v, want %s", out, err, registry.Saved)
					}
				case "unmerge":
					list := w.merges(t, f.ids[i])
					if len(list) == 0 {
						continue
					}
					m := list[rapid.IntRange(0, len(list)-1).Draw(rt, "merge")]
					if _, err := w.unmerge(t, helpdesk, f.ids[i], m.Merge); err != nil {
						rt.Fatal(err)
					}
				}
				check(step)
			}
		})
	})
}

// TestKeysOfUndoneImport: the telephone of a record that was merged leads to the survivor
// though an import that had given him the same is undone.
func TestKeysOfUndoneImport(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		don := iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "street": "5 NEW ST", "city": "WINONA", "state": "MN", "chart": "C-1"}
		a := w.enter(t, clerk, don)
		don["phone"], don["chart"] = "651-201-4629", "C-2"
		b := w.enter(t, clerk, don)
		w.merge(t, merger, a, b, map[iis.Field]iis.Whose{iis.FieldPhone: iis.Survivors})
		imp, results := take(t, w.Registry, registry.ImportOptions{}, row("last", "DUCK", "first", "DON", "birth", "2009-09-21", "chart", "C-1", "phone", "651-201-4629"))
		if got := w.whole(t, a).Client.Phone; results[0].Outcome != registry.ImportChanged || got != don["phone"] {
			t.Fatalf("import = %s, phone %q, want it %s, the phone set", results[0].Outcome, got, registry.ImportChanged)
		}
		undo(t, w.Registry, imp)
		f := &filing{world: w, ids: []iis.ClientID{a, b}, keys: map[iis.Key]bool{}, names: map[[2]string]bool{}}
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			if diff := cmp.Diff(f.ledTo(t, tx), f.onFile(t, tx)); diff != "" || !f.keys[match.PhoneKey(don["phone"])] {
				t.Errorf("what leads to whom (-afresh +on file):\n%s", diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
