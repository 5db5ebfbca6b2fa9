package registry_test

import (
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// issue issues a record for a client with one dose more, and returns its code.
func (w world) issue(t *testing.T, a iis.Actor, id iis.ClientID, o paper.Options) string {
	t.Helper()
	code, err := w.Issue(t.Context(), a, id, o)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (w world) eventsOf(t *testing.T, id iis.ClientID, actions ...iis.Action) (events []store.StoredEvent) {
	t.Helper()
	err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
		events, err = tx.FindEvents(t.Context(), store.EventQuery{Client: id, Actions: actions})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// TestIssue: a record says what is on file, to whoever prints it, until that
// changes; each look at it is recorded.
func TestIssue(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{
			"d1": given(iis.Historical, "11/25/2009", "110"), "d2": given(iis.Historical, "09/20/2010", "03")})
		w.saveDoses(t, clerk2, id, map[iis.DoseID]map[string]string{"d3": given(iis.Historical, "11/25/2009", "110")})
		o := paper.Options{Language: paper.Spanish, Recommendations: true}
		code := w.issue(t, viewer, id, o)
		for _, a := range []iis.Actor{viewer, clerk, clerk2, nurse} {
			i, err := w.IssuedRecord(t.Context(), a, id, code, "page")
			if err != nil || i.Changed || i.Doses != 2 || i.Options != o || len(i.Facts.Shots) != 2 {
				t.Fatalf("IssuedRecord by %s = %d doses of %d, changed %v, %+v, %v, want 2 of 2 unchanged", a.UserName, i.Doses, len(i.Facts.Shots), i.Changed, i.Options, err)
			}
			if want := map[bool]string{true: viewer.Name}[a.Organization == viewer.Organization]; i.User != want || i.By != "Test Clinic" {
				t.Errorf("to %s it was issued by %q of %q, want %q of Test Clinic", a.UserName, i.User, i.By, want)
			}
		}
		p, err := w.Reports(t.Context(), viewer, id)
		if err != nil || len(p.Issued) != 1 || p.Issued[0].Code != code || p.MayEdit {
			t.Errorf("Reports = %+v, %v, want the one record and no editing", p.Issued, err)
		}
		var got []string
		for _, e := range w.eventsOf(t, id, iis.ActionPrint) {
			got = append(got, e.Detail.Note)
			if want := "official immunization record " + paper.GroupedCode(code); e.Detail.Subject != want {
				t.Errorf("printed %q, want %q", e.Detail.Subject, want)
			}
		}
		if want := []string{"page", "page", "page", "page", "issued"}; !slices.Equal(got, want) {
			t.Errorf("prints recorded = %q, want %q", got, want)
		}

		w.saveDoses(t, clerk2, id, map[iis.DoseID]map[string]string{"d4": given(iis.Historical, "09/20/2010", "03")})
		if i, err := w.IssuedRecord(t.Context(), clerk, id, code, "page"); err != nil || i.Changed {
			t.Errorf("after another report of a dose the record is changed = %v, %v, want unchanged", i.Changed, err)
		}
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d2": {"date": "09/21/2010"}})
		if i, err := w.IssuedRecord(t.Context(), clerk, id, code, "page"); err != nil || !i.Changed {
			t.Errorf("after a dose was changed the record is changed = %v, %v, want it to be", i.Changed, err)
		}
		if i, err := w.IssuedRecord(t.Context(), clerk, id, w.issue(t, clerk, id, o), "page"); err != nil || i.Changed {
			t.Errorf("issued anew the record is changed = %v, %v, want unchanged", i.Changed, err)
		}
	})
}

// TestIssuedOfAnother: nothing tells the code of another client's record from one
// that was never given, nor a hidden client from an unknown one.
func TestIssuedOfAnother(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		id := w.don(t)
		other := w.enter(t, clerk, iis.Values{"last": "BRIGHT", "first": "ANN", "birth": "02/03/2001", "gender": "F"})
		code := w.issue(t, clerk, id, paper.Options{Language: paper.English})
		_, unknown := w.IssuedRecord(t.Context(), clerk, other, "000000000000", "page")
		_, others := w.IssuedRecord(t.Context(), clerk, other, code, "page")
		if iis.KindOf(unknown) != iis.NotFound || others == nil || others.Error() != unknown.Error() {
			t.Errorf("IssuedRecord of another client = %v, of no code %v, want the same", others, unknown)
		}
		w.save(t, clerk, id, iis.Values{"sharing": iis.No})
		asks := map[string]func(iis.ClientID) error{
			"Reports": func(id iis.ClientID) error { _, err := w.Reports(t.Context(), clerk2, id); return err },
			"Issue":   func(id iis.ClientID) error { _, err := w.Issue(t.Context(), clerk2, id, paper.Options{}); return err },
			"IssuedRecord": func(id iis.ClientID) error {
				_, err := w.IssuedRecord(t.Context(), clerk2, id, code, "PDF")
				return err
			},
		}
		for name, ask := range asks {
			hidden, unknown := ask(id), ask("999999999")
			if iis.KindOf(hidden) != iis.NotFound || hidden.Error() != unknown.Error() {
				t.Errorf("%s of a locked client = %v, of an unknown one %v, want the same", name, hidden, unknown)
			}
		}
		nobody := iis.Actor{User: clerk.User, Organization: clerk.Organization}
		if _, err := w.Issue(t.Context(), nobody, id, paper.Options{}); iis.KindOf(err) != iis.Denied {
			t.Errorf("Issue without a role = %v, want %s", err, iis.Denied)
		}
	})
}
