package registry_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// fewChecks makes rapid try so few times, if it was not told how often: each try
// enters, saves and merges in a database.
func fewChecks(t *testing.T, n string) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	was := f.Value.String()
	if err := flag.Set(f.Name, n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(f.Name, was) })
}

// TestMergeEditsUnmerge: two records are merged, edited in any way by their
// organizations, and unmerged. What nobody touched is as it was before; what was
// edited is as it was edited, in the record it belongs to; what is new is with the
// survivor.
func TestMergeEditsUnmerge(t *testing.T) {
	fewChecks(t, "12")
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			draw := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, what) }
			ids := make([]iis.ClientID, 2)
			owner := map[iis.DoseID]int{}
			for i := range ids {
				who := []iis.Actor{clerk, clerk2}[rapid.IntRange(0, 1).Draw(rt, "entered by")]
				ids[i] = w.enter(t, who, iis.Values{"last": "DUCK", "first": draw("first", "DON", "DONALD"), "birth": "09/21/2009", "gender": "M",
					"middle": draw("middle", "", "F", "G"), "phone": draw("phone", "", "651-201-4629", "651-201-4630"),
					"email": draw("email", "", "don@example.org"), "chart": fmt.Sprint("C-", run, "-", i)})
				doses := map[iis.DoseID]map[string]string{}
				for n := range rapid.IntRange(0, 3).Draw(rt, "doses") {
					id := iis.DoseID(fmt.Sprintf("r%d-%d-%d", run, i, n))
					doses[id], owner[id] = given(iis.Historical, fmt.Sprintf("0%d/15/2010", n+1), "110"), i
				}
				if len(doses) > 0 {
					w.saveDoses(t, who, ids[i], doses)
				}
			}
			was := []iis.Whole{w.whole(t, ids[0]), w.whole(t, ids[1])}
			chosen := map[iis.Field]iis.Whose{}
			for _, f := range iis.MergeFields(was[0].Record, was[1].Record) {
				chosen[f] = rapid.SampledFrom([]iis.Whose{"", iis.Survivors, iis.Others}).Draw(rt, string(f))
			}
			w.merge(t, merger, ids[0], ids[1], chosen)
			merged := w.whole(t, ids[0])

			set := iis.Values{} // by an edit of the survivor
			lots := map[iis.DoseID]string{}
			gone := map[iis.DoseID]bool{}
			var fresh []iis.DoseID
			for n := range rapid.IntRange(0, 5).Draw(rt, "edits") {
				left := slices.DeleteFunc(slices.Sorted(maps.Keys(owner)), func(id iis.DoseID) bool { return gone[id] || owner[id] > 1 })
				switch kind := draw("edit", "field", "lot", "delete", "add"); {
				case kind == "field":
					f := iis.Field(draw("field", "phone", "email", "middle", "mother"))
					set[f] = map[iis.Field]string{"phone": "651-201-99" + fmt.Sprint(10+n), "email": fmt.Sprint("new", n, "@example.org"),
						"middle": fmt.Sprint("M", n), "mother": fmt.Sprint("MINNIE", n)}[f]
					w.save(t, clerk, ids[0], iis.Values{f: set[f]})
				case kind == "add":
					id := iis.DoseID(fmt.Sprintf("r%d-new-%d", run, n))
					w.mustSaveDoses(t, clerk, ids[0], map[iis.DoseID]map[string]string{id: given(iis.Historical, fmt.Sprintf("0%d/20/2012", n+1), "03")})
					fresh = append(fresh, id)
				case len(left) == 0:
				default:
					id := left[rapid.IntRange(0, len(left)-1).Draw(rt, "dose")]
					i := slices.IndexFunc(merged.Doses, func(d iis.Dose) bool { return d.ID == id })
					who := clerk
					if merged.Doses[i].By == clerk2.Organization {
						who = clerk2
					}
					if kind == "lot" {
						lots[id] = fmt.Sprint("LOT", n)
						w.mustSaveDoses(t, who, ids[0], map[iis.DoseID]map[string]string{id: {"lot": lots[id]}})
						continue
					}
					gone[id] = true
					f := registry.Form{Client: ids[0], Screen: iis.ScreenDoses, Do: registry.DoDelete, Row: iis.RowDose, ID: string(id)}
					if err := w.StageClient(t.Context(), who, f); err != nil {
						rt.Fatal(err)
					}
					w.mustSaveDoses(t, who, ids[0], nil)
				}
			}

			h, err := w.ChangeHistory(t.Context(), merger, ids[0], 0)
			if err != nil || len(h.Merged) != 1 || h.Merged[0].Other != ids[1] {
				rt.Fatalf("Merged = %v, %v, want the other", h.Merged, err)
			}
			if _, err := w.unmerge(t, merger, ids[0], h.Merged[0].Merge); err != nil {
				rt.Fatal(err)
			}
			ignore := cmpopts.IgnoreFields(iis.Client{}, "Version", "Updated", "UpdatedBy", "UpdatedByName")
			for i := range was {
				want := was[i]
				want.Doses = slices.DeleteFunc(slices.Clone(want.Doses), func(d iis.Dose) bool { return gone[d.ID] })
				for j := range want.Doses {
					if lot, ok := lots[want.Doses[j].ID]; ok {
						want.Doses[j].Lot = lot
					}
				}
				got := w.whole(t, ids[i])
				if i == 0 {
					for f, v := range set {
						if got.Value(f) != v {
							rt.Errorf("%s set after the merge = %q, want %q", f, got.Value(f), v)
						}
						setField(&want.Client, f, got.Value(f))
					}
					for _, id := range fresh {
						j := slices.IndexFunc(got.Doses, func(d iis.Dose) bool { return d.ID == id })
						if j < 0 {
							rt.Fatalf("dose %s, recorded after the merge, is not with the survivor", id)
						}
						got.Doses = slices.Delete(got.Doses, j, j+1)
					}
				}
				if diff := cmp.Diff(want, got, ignore, cmpopts.EquateEmpty()); diff != "" {
					rt.Errorf("client %d after merge, edits and unmerge (-want +got):\n%s", i, diff)
				}
			}
		})
		if r, err := w.db.VerifyAudit(t.Context()); err != nil || len(r.Faults) > 0 {
			t.Errorf("VerifyAudit = %+v, %v", r, err)
		}
	})
}

// mustSaveDoses saves doses though something about them is asked once.
func (w world) mustSaveDoses(t *testing.T, a iis.Actor, id iis.ClientID, rows map[iis.DoseID]map[string]string) {
	t.Helper()
	for range 2 {
		if w.saveDoses(t, a, id, rows) == registry.Saved {
			return
		}
	}
	t.Fatal("the doses are not saved")
}

// setField sets a field of a client that the edits of the test are of.
func setField(c *iis.Client, f iis.Field, v string) {
	switch f {
	case iis.FieldPhone:
		c.Phone = v
	case iis.FieldEmail:
		c.Email = v
	case iis.FieldMiddle:
		c.Name.Middle = v
	case iis.FieldMotherFirst:
		c.MotherFirst = v
	}
}
