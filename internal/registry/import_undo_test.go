package registry_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func undo(t *testing.T, reg *registry.Registry, imp *registry.Import) registry.Undone {
	t.Helper()
	out, err := reg.UndoImport(t.Context(), operator, imp.Batch(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUndoImportOfClients: undone, nobody whom the file entered can be found, and
// everybody else is as he was; the file can be taken in again.
func TestUndoImportOfClients(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		emma, at := wholeOf(t, db, sample.SameNameElder), wholeOf(t, db, sample.AtSchool)
		rows := []registry.ImportRow{
			row("last", "Neu", "first", "Nora", "birth", "03/04/2019", "gender", "F", "chart", "N-1", "street", "5 New St", "city", "Winona", "state", "MN"),
			row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987", "phone", "651-201-4001"),
			row("last", "Vang", "first", "Mai See", "birth", "2018-09-09", "chart", "M-1"), // not of Test Clinic before
		}
		imp, results := take(t, reg, registry.ImportOptions{}, rows...)
		if got := []registry.ImportOutcome{results[0].Outcome, results[1].Outcome, results[2].Outcome}; !slices.Equal(got, []registry.ImportOutcome{"new", "changed", "changed"}) {
			t.Fatalf("outcomes = %v, want new, changed, changed", got)
		}
		out := undo(t, reg, imp)
		if out.Removed != 1 || out.Changed != 2 || len(out.Kept) != 0 {
			t.Errorf("UndoImport = %d removed, %d changed, kept %v; want 1, 2, none", out.Removed, out.Changed, out.Kept)
		}
		if diff := cmp.Diff(emma, wholeOf(t, db, sample.SameNameElder)); diff != "" {
			t.Errorf("a client who was on file (-before +undone):\n%s", diff)
		}
		if diff := cmp.Diff(at, wholeOf(t, db, sample.AtSchool)); diff != "" {
			t.Errorf("a client whom the organization did not have (-before +undone):\n%s", diff)
		}
		clinic := iis.Actor{User: "u", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
		staff := iis.Actor{User: "s", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}
		for _, a := range []iis.Actor{clinic, staff} {
			if _, err := reg.Client(t.Context(), a, results[0].Client); iis.KindOf(err) != iis.NotFound {
				t.Errorf("Client of a removed one for %s = %v, want NotFound", a.Role, err)
			}
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			ids, err := tx.ClientsWithKey(t.Context(), store.Audience{All: true}, "chart:test-clinic:N1", 2)
			names, nerr := tx.NamesCalledBorn(t.Context(), store.Audience{All: true}, "NEU", "NORA", iis.Date{Year: 2019, Month: 3, Day: 4}, 2)
			if len(ids)+len(names) > 0 {
				t.Errorf("a removed client is found by %v %v", ids, names)
			}
			if taken, _ := tx.TakenIDs(t.Context(), []iis.ClientID{results[0].Client}); len(taken) == 0 {
				t.Error("the ID of a removed client is free for another")
			}
			if err == nil {
				err = nerr
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := reg.UndoImport(t.Context(), operator, imp.Batch(), nil); iis.KindOf(err) != iis.Conflict {
			t.Errorf("UndoImport again = %v, want a conflict", err)
		}
		list, err := reg.Imports(t.Context(), operator)
		if err != nil || len(list) != 2 || list[0].ID != imp.Batch() || list[0].Undone.IsZero() || list[0].Counts["new"] != 1 {
			t.Errorf("Imports = %+v, %v; want the batch, undone", list, err)
		}
		if _, results = take(t, reg, registry.ImportOptions{}, rows...); results[0].Outcome != "new" || results[1].Outcome != "changed" {
			t.Errorf("the file again = %v, want it taken in as at first", results)
		}
		state(t, db) // the audit trail is whole
	})
}

// TestUndoImportKeeps: what was worked on since the import stays, and is told.
func TestUndoImportKeeps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		emma := wholeOf(t, db, sample.SameNameElder)
		imp, results := take(t, reg, registry.ImportOptions{},
			row("last", "Neu", "first", "Nora", "birth", "03/04/2019", "gender", "F"),
			row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "phone", "651-201-4001", "email", "e@example.org"))
		nora := results[0].Client
		take(t, reg, registry.ImportOptions{}, row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "phone", "651-201-4002"))
		later := immunizations(t, reg, registry.ImportOptions{})
		immunize(t, later, of(nora, shot("/date", "2020-10-01", "/vaccine", "141")))
		other := []iis.OrganizationID{sample.RiversideClinic}
		stranger := iis.Actor{Organization: other[0], OrgName: "Riverside Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
		if _, err := reg.UndoImport(t.Context(), stranger, imp.Batch(), nil); iis.KindOf(err) != iis.NotFound {
			t.Errorf("UndoImport by another organization = %v, want NotFound", err)
		}
		out := undo(t, reg, imp)
		slices.SortFunc(out.Kept, func(a, b registry.KeptImport) int { return len(a.Fields) - len(b.Fields) })
		want := []registry.KeptImport{{Client: nora}, {Client: sample.SameNameElder, Fields: []iis.Field{iis.FieldPhone}}}
		if diff := cmp.Diff(want, out.Kept); diff != "" || out.Removed != 0 || out.Changed != 1 {
			t.Errorf("UndoImport = %d removed, %d changed, kept (-want +got):\n%s", out.Removed, out.Changed, diff)
		}
		now := wholeOf(t, db, sample.SameNameElder)
		if now.Client.Email != emma.Client.Email || now.Client.Phone != "651-201-4002" {
			t.Errorf("e-mail %q and phone %q, want the first as before and the second as set since", now.Client.Email, now.Client.Phone)
		}
		if len(doses(t, db, nora)) != 1 {
			t.Error("the dose that another batch has added is gone")
		}
		// Without that batch nobody has worked on her, and who is only looked into beside
		// another is not worked on.
		again, entered := take(t, reg, registry.ImportOptions{}, row("last", "Neu", "first", "Nils", "birth", "2019-03-04", "gender", "M"))
		reviewer := iis.Actor{User: "r", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
		if err := reg.DecideLater(t.Context(), reviewer, entered[0].Client, nora); err != nil {
			t.Fatal(err)
		}
		if err := reg.AssignDuplicate(t.Context(), reviewer, entered[0].Client, nora, true); err != nil {
			t.Fatal(err)
		}
		nils := state(t, db)["clients"]
		if out := undo(t, reg, again); out.Removed != 1 || state(t, db)["clients"] != nils {
			t.Errorf("UndoImport = %+v, want one removed, whose row stays", out)
		}
		state(t, db)
	})
}

// TestUndoImportOfImmunizations: doses that were added go, those that were amended
// are as before, and one that was changed since stays.
func TestUndoImportOfImmunizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		first := immunizations(t, reg, registry.ImportOptions{})
		immunize(t, first, of(sample.Don, shot("/date", "2015-10-01", "/vaccine", "141", "/lot", "A1")))
		before := doses(t, db, sample.Don)
		imp := immunizations(t, reg, registry.ImportOptions{})
		got := immunize(t, imp,
			of(sample.Don, shot("/date", "2015-10-01", "/vaccine", "141", "/lot", "B2")),
			of(sample.Don, shot("/date", "2016-10-01", "/vaccine", "141")),
			of(sample.Don, shot("/date", "2017-10-01", "/vaccine", "141")))
		if !slices.Equal(got, []string{"changed", "new", "new"}) {
			t.Fatalf("Immunizations = %v, want changed, new, new", got)
		}
		immunize(t, immunizations(t, reg, registry.ImportOptions{}), of(sample.Don, shot("/date", "2017-10-01", "/vaccine", "141", "/lot", "Z9")))
		out := undo(t, reg, imp)
		if out.Changed != 1 || len(out.Kept) != 1 {
			t.Errorf("UndoImport = %d changed, kept %v; want 1 and 1", out.Changed, out.Kept)
		}
		want := append(slices.Clone(before), "2017-10-01|Historical|141|||Z9||01||test-clinic")
		if diff := cmp.Diff(want, doses(t, db, sample.Don)); diff != "" {
			t.Errorf("doses (-want +got):\n%s", diff)
		}
		state(t, db)
	})
}

// TestUndoImportOfOneValue: a lock and a death go with the import that brought them;
// an address of which a part was set since stays whole.
func TestUndoImportOfOneValue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		for name, values := range map[string][]string{
			"a lock":            {"sharing", "No"},
			"a death":           {"status", "Deceased", "death-source", "Family", "died", "2026-01-02"},
			"another status":    {"status", "Inactive", "reason", "M"},
			"mother and middle": {"maiden", "Ekstrom", "middle", "Q"},
		} {
			before := wholeOf(t, db, sample.SameNameElder)
			imp, results := take(t, reg, registry.ImportOptions{}, row(append([]string{"last", "Anderson", "first", "Emma", "birth", "2011-05-17"}, values...)...))
			if results[0].Outcome != registry.ImportChanged {
				t.Fatalf("%s = %+v, want changed", name, results[0])
			}
			if out := undo(t, reg, imp); out.Changed != 1 || len(out.Kept) > 0 {
				t.Errorf("%s: UndoImport = %+v, want one changed", name, out)
			}
			after := wholeOf(t, db, sample.SameNameElder)
			for i := range after.Memberships {
				after.Memberships[i].Since = before.Memberships[i].Since // when the status was set, now too
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s (-before +undone):\n%s", name, diff)
			}
		}
		imp, _ := take(t, reg, registry.ImportOptions{}, row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987"))
		take(t, reg, registry.ImportOptions{}, row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987", "county", "WINONA"))
		out := undo(t, reg, imp)
		if len(out.Kept) != 1 || !slices.Contains(out.Kept[0].Fields, iis.FieldStreet) {
			t.Errorf("UndoImport of an address edited since kept %v, want it", out.Kept)
		}
		if a := wholeOf(t, db, sample.SameNameElder).Client.Address; a.Street != "5 New St" || a.County != "WINONA" {
			t.Errorf("the address is %q in %q, want it as set since", a.Street, a.County)
		}
	})
}

// TestImportIntoUndone: nothing comes into a batch that was undone.
func TestImportIntoUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		imp, _ := take(t, reg, registry.ImportOptions{}, row("last", "Neu", "first", "Nora", "birth", "03/04/2019", "gender", "F"))
		shots := immunizations(t, reg, registry.ImportOptions{})
		undo(t, reg, imp)
		undo(t, reg, shots)
		before := state(t, db)
		if _, err := imp.Clients(t.Context(), []registry.ImportRow{row("last", "Neu", "first", "Nils", "birth", "03/04/2018", "gender", "M")}); iis.KindOf(err) != iis.Conflict {
			t.Errorf("Clients into a batch that is undone = %v, want a conflict", err)
		}
		rows := []registry.ImportRow{of(sample.Don, shot("/date", "2016-10-01", "/vaccine", "141"))}
		if _, err := shots.Immunizations(t.Context(), rows); iis.KindOf(err) != iis.Conflict {
			t.Errorf("Immunizations into a batch that is undone = %v, want a conflict", err)
		}
		if diff := cmp.Diff(before, state(t, db)); diff != "" {
			t.Errorf("it changed something (-before +after):\n%s", diff)
		}
	})
}

// TestImportDuringUndo: from the moment at which taking a batch back begins, nothing
// more comes into it, neither of clients who are taken back already nor of others; one
// that was broken off is gone on with.
func TestImportDuringUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		emma := func(phone string) registry.ImportRow {
			return row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "phone", phone)
		}
		before := wholeOf(t, db, sample.SameNameElder)
		imp, results := take(t, reg, registry.ImportOptions{}, emma("651-201-4001"),
			row("last", "Neu", "first", "Nora", "birth", "03/04/2019", "gender", "F"))
		shots := immunizations(t, reg, registry.ImportOptions{Batch: imp.Batch()})
		other := registry.New(db, registry.Options{}) // another program
		ctx, stop := context.WithCancel(t.Context())
		done := 0
		_, err := other.UndoImport(ctx, operator, imp.Batch(), func(n int) {
			done = n
			for what, more := range map[string]registry.ImportRow{
				"one who may be taken back already": emma("651-201-4002"),
				"another on file":                   row("last", "Duck", "first", "Don", "birth", "2009-09-21", "email", "don@example.org"),
				"a new one":                         row("last", "Neu", "first", "Nils", "birth", "03/04/2018", "gender", "M"),
			} {
				if _, err := imp.Clients(t.Context(), []registry.ImportRow{more}); iis.KindOf(err) != iis.Conflict {
					t.Errorf("Clients with %s = %v, want a conflict", what, err)
				}
			}
			rows := []registry.ImportRow{of(sample.SameNameElder, shot("/date", "2016-10-01", "/vaccine", "141"))}
			if _, err := shots.Immunizations(t.Context(), rows); iis.KindOf(err) != iis.Conflict {
				t.Errorf("Immunizations = %v, want a conflict", err)
			}
			stop() // in the midst of it
		})
		if err == nil || done != 1 {
			t.Fatalf("UndoImport that is broken off = %v after %d clients, want an error after one", err, done)
		}
		if _, err := imp.Clients(t.Context(), []registry.ImportRow{emma("651-201-4003")}); iis.KindOf(err) != iis.Conflict {
			t.Errorf("Clients when it was broken off = %v, want a conflict", err)
		}
		undo(t, reg, imp)
		after := wholeOf(t, db, sample.SameNameElder)
		if after.Client.Phone != before.Client.Phone || len(after.Doses) != len(before.Doses) {
			t.Errorf("phone %q and %d doses after the undo, want %q and %d as before", after.Client.Phone, len(after.Doses), before.Client.Phone, len(before.Doses))
		}
		if _, err := reg.Client(t.Context(), operator, results[1].Client); iis.KindOf(err) != iis.NotFound {
			t.Errorf("Client who was entered = %v, want NotFound", err)
		}
		state(t, db)
	})
}

// TestUndoImportTwiceAtOnce: when two take a batch back, each client is taken back
// once.
func TestUndoImportTwiceAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		imp, results := take(t, reg, registry.ImportOptions{},
			row("last", "Ahlberg", "first", "Nora", "birth", "03/04/2019", "gender", "F"),
			row("last", "Brandt", "first", "Nils", "birth", "03/04/2018", "gender", "M"),
			row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "phone", "651-201-4001"))
		out, err := reg.UndoImport(t.Context(), operator, imp.Batch(), func(n int) {
			if n == 1 { // the first knows of all three already
				if other := undo(t, reg, imp); other.Removed+other.Changed != 2 || len(other.Kept) > 0 {
					t.Errorf("the second undo = %+v, want the two that are left", other)
				}
			}
		})
		if iis.KindOf(err) != iis.Conflict || out.Removed+out.Changed != 1 || len(out.Kept) > 0 {
			t.Errorf("the first undo = %+v, %v; want one client, then a conflict", out, err)
		}
		for _, r := range results {
			undone := 0
			err := db.View(t.Context(), func(tx *store.Tx) error {
				events, err := tx.Events(t.Context(), r.Client, 0)
				undone = len(slices.DeleteFunc(events, func(e store.StoredEvent) bool { return e.Action != iis.ActionUndoImport }))
				return err
			})
			if err != nil || undone != 1 {
				t.Errorf("client %s was taken back %d times, %v; want once", r.Client, undone, err)
			}
		}
		if _, kept, err := reg.ImportedBatch(t.Context(), operator, imp.Batch()); err != nil || len(kept) > 0 {
			t.Errorf("kept = %v, %v; want none", kept, err)
		}
	})
}
