package registry_test

import (
	"slices"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// TestHistoryOfHidden: a history does not tell of another client who is hidden from
// the actor: nothing of a pair, and of a merge neither with whom nor why.
func TestHistoryOfHidden(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		a, b := w.twoOfDon(t)
		if _, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ReportDuplicate(t.Context(), clerk, a, string(b)); err != nil {
			t.Fatal(err)
		}
		w.merge(t, merger, a, b, nil)
		merge := w.merges(t, a)[0].Merge
		if _, err := w.Merged(t.Context(), merger, a, merge); err != nil {
			t.Fatal(err)
		}
		if _, err := w.unmerge(t, merger, a, merge); err != nil {
			t.Fatal(err)
		}
		if err := w.DecideDifferent(t.Context(), clerk, a, b, "saw both"); err != nil {
			t.Fatal(err)
		}
		pairs := []iis.Action{iis.ActionDifferent, iis.ActionReportPair}
		merges := []iis.Action{iis.ActionMerge, iis.ActionMergedInto, iis.ActionUnmerge}
		// told counts the events of each kind, and those that name the other.
		told := func(who iis.Actor, id, other iis.ClientID) (ofPair, ofMerge, naming int) {
			t.Helper()
			for _, history := range []func() (registry.History, error){
				func() (registry.History, error) { return w.ChangeHistory(t.Context(), who, id, 0) },
				func() (registry.History, error) { return w.ViewHistory(t.Context(), who, id, 0) },
			} {
				h, err := history()
				if err != nil {
					t.Fatal(err)
				}
				count := func(of []iis.Action) (n int) {
					for _, e := range h.Events {
						if slices.Contains(of, e.Action) {
							n++
						}
					}
					return n
				}
				ofPair, ofMerge = ofPair+count(pairs), ofMerge+count(merges)
				for _, e := range h.Events {
					if strings.Contains(e.Detail.Subject, string(other)) || e.Detail.Reason != "" && e.Action != iis.ActionEnter {
						naming++
					}
				}
			}
			return ofPair, ofMerge, naming
		}
		check := func(step string, who iis.Actor, id, other iis.ClientID, wantPair, wantMerge, wantNaming int) {
			t.Helper()
			if p, m, n := told(who, id, other); p != wantPair || m != wantMerge || n != wantNaming {
				t.Errorf("%s: history for %s tells %d events of pairs, %d of merges, %d with whom or why; want %d, %d, %d",
					step, who.UserName, p, m, n, wantPair, wantMerge, wantNaming)
			}
		}
		check("both seen", clerk2, a, b, 2, 2, 6) // and the views beside the other and of the merge
		check("both seen", clerk2, b, a, 2, 2, 5)
		w.save(t, clerk, b, iis.Values{"sharing": iis.No})
		check("the other locked", clerk2, a, b, 0, 2, 0)
		check("the other locked", clerk, a, b, 2, 2, 6)
		w.save(t, clerk, b, iis.Values{"sharing": iis.Yes})
		w.bury(t, a)
		check("the other deceased", clerk2, b, a, 0, 2, 0)
		check("the other deceased", helpdesk, b, a, 2, 2, 5)
		if kept := w.eventsOf(t, b, iis.ActionDifferent); len(kept) != 1 || kept[0].Detail.Subject != string(a) {
			t.Errorf("audit trail of the decision = %+v, want the other's ID as before", kept)
		}
	})
}
