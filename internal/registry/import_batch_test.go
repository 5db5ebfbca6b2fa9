package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// take takes rows of clients in, in a batch of their own.
func take(t *testing.T, reg *registry.Registry, o registry.ImportOptions, rows ...registry.ImportRow) (*registry.Import, []registry.Imported) {
	t.Helper()
	imp, err := reg.NewImport(t.Context(), operator, o)
	if err != nil {
		t.Fatal(err)
	}
	results, err := imp.Clients(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := imp.Finish(t.Context(), "d1ge57", map[registry.ImportOutcome]int{registry.ImportAdded: 1}); err != nil {
		t.Fatal(err)
	}
	return imp, results
}

// wholeOf is all that is on file of a client, without what every save changes.
func wholeOf(t *testing.T, db *store.DB, id iis.ClientID) (w iis.Whole) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		w, err = tx.Whole(t.Context(), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c := &w.Client
	c.Version, c.Updated, c.UpdatedBy, c.UpdatedByName = 0, c.Created, "", ""
	return w
}

// TestImportedBatchHidden: who of a batch stayed as imported is told to those who may
// see him.
func TestImportedBatchHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		emma := func(phone string) registry.ImportRow {
			return row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "phone", phone)
		}
		imp, err := reg.NewImport(t.Context(), sender, registry.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := imp.Clients(t.Context(), []registry.ImportRow{emma("651-201-4001")}); err != nil {
			t.Fatal(err)
		}
		if err := imp.Finish(t.Context(), "d1ge57", map[registry.ImportOutcome]int{registry.ImportChanged: 1}); err != nil {
			t.Fatal(err)
		}
		take(t, reg, registry.ImportOptions{}, emma("651-201-4002"))
		if _, err := reg.UndoImport(t.Context(), sender, imp.Batch(), nil); err != nil {
			t.Fatal(err)
		}
		told := func(step string, want []iis.ClientID) {
			t.Helper()
			_, kept, err := reg.ImportedBatch(t.Context(), sender, imp.Batch())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, kept); diff != "" {
				t.Errorf("%s: clients that stayed (-want +got):\n%s", step, diff)
			}
		}
		told("at first", []iis.ClientID{sample.SameNameElder})
		err = db.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.Client(t.Context(), sample.SameNameElder)
			if err != nil {
				return err
			}
			c.Version++
			c.LockedTo = sample.RiversideClinic
			return tx.PutClient(t.Context(), c)
		})
		if err != nil {
			t.Fatal(err)
		}
		told("locked to another", nil)
	})
}

// TestImportPossible: a row that may be of a client on file is not written, unless
// it is asked for; then somebody looks at the two.
func TestImportPossible(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		first := row("last", "Lindqvist", "first", "Marta", "birth", "2012-05-03", "gender", "F", "street", "5 New St", "city", "Winona", "state", "MN")
		maybe := row("last", "Lindqvist", "first", "Marta", "birth", "2012-05-03", "gender", "M")
		_, results := take(t, reg, registry.ImportOptions{}, first)
		marta := results[0].Client
		before := state(t, db)
		_, results = take(t, reg, registry.ImportOptions{}, maybe)
		if r := results[0]; r.Outcome != registry.ImportPossible || r.Err == nil || r.Client != "" {
			t.Fatalf("a row that may be of a client on file = %+v, want possible", r)
		}
		if got := iis.TextOf(results[0].Err); got != "may be the client "+string(marta)+" who is on file: compare the two" {
			t.Errorf("the reason is %q", got)
		}
		if diff := cmp.Diff(before, state(t, db)); diff != "" {
			t.Errorf("it changed something (-before +after):\n%s", diff)
		}
		_, results = take(t, reg, registry.ImportOptions{EnterPossible: true}, maybe)
		if results[0].Outcome != registry.ImportAdded {
			t.Fatalf("with EnterPossible = %+v, want new", results[0])
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			d, err := tx.Duplicate(t.Context(), marta, results[0].Client)
			if d.FoundBy != registry.FoundByImport || d.State != store.PairWaiting {
				t.Errorf("the pair in the queue = %+v, want one that waits", d)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestImportAgain: rows of one client that differ in spelling and chart number, and
// a row that hides its client from the organization, change nothing the second time.
func TestImportAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		home := []string{"birth", "2012-05-03", "gender", "F", "phone", "651-201-4007", "street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987", "maiden", "Ekstrom"}
		rows := []registry.ImportRow{
			row(append([]string{"last", "Lindqvist", "first", "Marta", "chart", "A-1"}, home...)...),
			row(append([]string{"last", "Lindqvist", "first", "Martta", "chart", "A-2"}, home...)...),
			row("last", "Leaving", "first", "Lea", "birth", "1950-05-05", "status", "Deceased", "death-source", "Family"),
		}
		_, results := take(t, reg, registry.ImportOptions{}, rows...)
		var got []registry.ImportOutcome
		for _, r := range results {
			got = append(got, r.Outcome)
		}
		if want := []registry.ImportOutcome{"new", "changed", "new"}; !slices.Equal(got, want) || results[0].Client != results[1].Client {
			t.Fatalf("outcomes = %v of %s and %s, want %v of one client", got, results[0].Client, results[1].Client, want)
		}
		if name := wholeOf(t, db, results[0].Client).Client.Name; name.First != "Marta" {
			t.Errorf("a row in another spelling has renamed the client to %s", name.First)
		}
		before := state(t, db)
		_, results = take(t, reg, registry.ImportOptions{}, rows...)
		for i, r := range results {
			if r.Outcome != registry.ImportSame {
				t.Errorf("row %d the second time = %s %v, want same", i, r.Outcome, r.Err)
			}
		}
		if diff := cmp.Diff(before, state(t, db)); diff != "" {
			t.Errorf("the second time changed something (-before +after):\n%s", diff)
		}
	})
}
