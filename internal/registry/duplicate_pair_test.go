package registry_test

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// TestPeopleOfPair: whom a pair is assigned to, who asked for its merge and who decided
// it is told by name to their own organization and to staff, and nobody else.
func TestPeopleOfPair(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		a := w.enter(t, clerk, iis.Values{"last": "TWIN", "first": "ANNA", "birth": "09/21/2019", "gender": "F"})
		b := w.enter(t, clerk, iis.Values{"last": "TWIN", "first": "BERTA", "birth": "09/21/2019", "gender": "F"})
		if _, err := w.ReportDuplicate(t.Context(), clerk, a, string(b)); err != nil {
			t.Fatal(err)
		}
		if err := w.DecideLater(t.Context(), clerk, a, b); err != nil {
			t.Fatal(err)
		}
		if err := w.AssignDuplicate(t.Context(), clerk, a, b, true); err != nil {
			t.Fatal(err)
		}
		const elsewhere = "someone at another organization"
		for _, test := range []struct {
			who  iis.Actor
			want string
		}{{clerk, clerk.Name}, {merger, clerk.Name}, {helpdesk, clerk.Name}, {clerk2, elsewhere}} {
			p, err := w.Duplicate(t.Context(), test.who, a, b, registry.DuplicateAsk{})
			if err != nil || p.Assigned != test.want || p.Decided != test.want || p.Mine != (test.who.User == clerk.User) {
				t.Errorf("pair for %s: assigned to %q (his own %t), put off by %q, %v, want %q", test.who.UserName, p.Assigned, p.Mine, p.Decided, err, test.want)
			}
			list, err := w.Duplicates(t.Context(), test.who, registry.DuplicateAsk{Later: true})
			if err != nil || len(list.Pairs) != 1 || list.Pairs[0].AssignedName != test.want {
				t.Errorf("queue for %s = %+v, %v, want the pair, assigned to %q", test.who.UserName, list.Pairs, err, test.want)
			}
		}
		for _, ask := range []registry.DuplicateAsk{{Later: true, Mine: true}, {Later: true, Nobodys: true}} {
			if got := w.waiting(t, clerk2, ask); len(got) != 0 {
				t.Errorf("queue for %s, %+v = %v, want none", clerk2.UserName, ask, got)
			}
		}
		if err := w.AssignDuplicate(t.Context(), clerk2, a, b, false); iis.KindOf(err) != iis.Invalid {
			t.Errorf("AssignDuplicate of another's pair to nobody = %v, want %s", err, iis.Invalid)
		}
		if out := w.merge(t, merger, a, b, nil); out != registry.AskSecond {
			t.Fatalf("MergeClients = %q, want %q", out, registry.AskSecond)
		}
		for who, want := range map[iis.Actor]string{merger: merger.Name, helpdesk: merger.Name, clerk2: elsewhere} {
			p, err := w.Duplicate(t.Context(), who, a, b, registry.DuplicateAsk{})
			if err != nil || p.AskedBy != want || p.AskedOwn != (who.User == merger.User) {
				t.Errorf("pair for %s: asked for by %q, %v, want %q", who.UserName, p.AskedBy, err, want)
			}
		}
	})
}
