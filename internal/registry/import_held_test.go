package registry_test

import (
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// TestHeldRowOfTheCommandLine: an entry that no account made is listed, opened and
// added like any other, by its code in whatever case.
func TestHeldRowOfTheCommandLine(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.save(t, clerk, w.don(t), iis.Values{"sharing": "No"})
		in, err := w.NewImport(t.Context(), operator, registry.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := in.Clients(t.Context(), []registry.ImportRow{{Organization: riverside.Name,
			Values: iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009"}}})
		if err != nil || len(got) != 1 || got[0].Outcome != registry.ImportHeld {
			t.Fatalf("Clients = %+v, %v; want a held row", got, err)
		}
		if all, err := w.HeldEntries(t.Context(), helpdesk); err != nil || len(all) != 1 {
			t.Fatalf("HeldEntries = %v, %v; want one", all, err)
		}
		code := strings.ToLower(got[0].Code)
		if e, err := w.HeldEntry(t.Context(), helpdesk, code); err != nil || len(e.Changes) == 0 {
			t.Errorf("HeldEntry = %+v, %v; want what the row gave", e, err)
		}
		id, err := w.AddHeld(t.Context(), helpdesk, code)
		if err != nil || id == "" {
			t.Fatalf("AddHeld = %q, %v", id, err)
		}
		// That the entry was held tells of a client whom others must not see.
		h, err := w.ChangeHistory(t.Context(), clerk2, id, 0)
		if err != nil || len(h.Events) != 1 || h.Events[0].Detail.Reason != "" {
			t.Errorf("the history of the client is %+v, %v; want his entry without a reason", h.Events, err)
		}
		if _, err := w.AddHeld(t.Context(), helpdesk, code); iis.KindOf(err) != iis.Conflict {
			t.Errorf("AddHeld again = %v, want a conflict", err)
		}
	})
}

// TestUndoImportOfHeldRows: what an import has held goes with it, unless somebody has
// resolved it or another import has held it too; taken in anew, it waits again.
func TestUndoImportOfHeldRows(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.save(t, clerk, w.don(t), iis.Values{"sharing": "No"})
		held := func(first string) registry.ImportRow {
			return registry.ImportRow{Organization: riverside.Name,
				Values: iis.Values{"last": "DICK", "first": "DON", "middle": first, "birth": "09/21/2009"}}
		}
		waiting := func(want int) {
			t.Helper()
			if all, err := w.HeldEntries(t.Context(), helpdesk); err != nil || len(all) != want {
				t.Fatalf("HeldEntries = %v, %v; want %d", all, err, want)
			}
		}
		rows := []registry.ImportRow{held("A"), held("B"), held("C")}
		first, results := take(t, w.Registry, registry.ImportOptions{}, rows...)
		for i, r := range results {
			if r.Outcome != registry.ImportHeld {
				t.Fatalf("row %d is %+v, want held", i, r)
			}
		}
		second, _ := take(t, w.Registry, registry.ImportOptions{}, rows[0])
		if err := w.ResolveHeldEntry(t.Context(), helpdesk, results[1].Code, registry.HeldOnFile); err != nil {
			t.Fatal(err)
		}
		waiting(2)
		if out := undo(t, w.Registry, first); out.Held != 1 {
			t.Errorf("UndoImport = %d held entries dropped, want the one of this import alone", out.Held)
		}
		waiting(1)
		if err := w.ResolveHeldEntry(t.Context(), helpdesk, results[2].Code, registry.HeldOnFile); iis.KindOf(err) != iis.Conflict {
			t.Errorf("ResolveHeldEntry of a dropped one = %v, want a conflict", err)
		}
		if out := undo(t, w.Registry, second); out.Held != 1 {
			t.Errorf("UndoImport of the other = %d held entries dropped, want 1", out.Held)
		}
		waiting(0)
		_, again := take(t, w.Registry, registry.ImportOptions{}, rows...)
		waiting(2) // the resolved one stays so
		for i, r := range again {
			if r.Code != results[i].Code {
				t.Errorf("row %d: held under %s, then under %s", i, results[i].Code, r.Code)
			}
		}
	})
}
