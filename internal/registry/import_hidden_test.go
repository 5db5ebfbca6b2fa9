package registry_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// hideTwins enters a client for each row who says the same and is locked to another
// organization.
func hideTwins(t *testing.T, reg *registry.Registry, rows []registry.ImportRow) {
	t.Helper()
	for i, r := range rows {
		r.Organization, r.Client, r.New = string(sample.RiversideClinic), "", true
		r.Values = maps.Clone(r.Values)
		delete(r.Values, iis.FieldChart)
		r.Values[iis.FieldSharing] = iis.No
		_, results := take(t, reg, registry.ImportOptions{EnterPossible: true}, r)
		if results[0].Outcome != registry.ImportAdded {
			t.Fatalf("the hidden client of row %d is %+v, want new", i, results[0])
		}
	}
}

// TestCheckTellsNoHidden: what a check says is the same whether the clients of its rows
// are on file for another organization alone, or not at all; taken in, each is held who would be a
// new client.
func TestCheckTellsNoHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		rows := []registry.ImportRow{
			row("last", "Neu", "first", "Nora", "birth", "2019-03-04", "gender", "F"),
			row("last", "Neu", "first", "Nils", "birth", "2018-03-04", "gender", "M", "chart", "N-2", "phone", "651-201-4001"),
			row("last", "Leaving", "first", "Lea", "birth", "1950-05-05", "gender", "F", "status", "Deceased", "death-source", "Family"),
			row("last", "Duck", "first", "Donald", "birth", "2009-09-21", "gender", "M"), // Don, whom it sees, may be him
			row("last", "Neu", "first", "Nele", "birth", "2019-02-30", "gender", "F"),
		}
		shots := make([]registry.ImportRow, 0, len(rows))
		for _, r := range rows {
			values := maps.Clone(r.Values)
			maps.DeleteFunc(values, func(f iis.Field, _ string) bool {
				return slices.Contains([]iis.Field{iis.FieldStatus, iis.FieldDeathSource}, f)
			})
			maps.Copy(values, shot("/date", "2020-10-01", "/vaccine", "141").Values)
			shots = append(shots, registry.ImportRow{Organization: r.Organization, Values: values})
		}
		check := func(o registry.ImportOptions) (said []string) {
			t.Helper()
			o.DryRun = true
			imp, err := reg.NewImport(t.Context(), operator, o)
			if err != nil {
				t.Fatal(err)
			}
			in, rows := imp.Clients, rows
			if o.Kind == registry.ImportOfImmunizations {
				in, rows = imp.Immunizations, shots
			}
			results, err := in(t.Context(), rows)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range results {
				said = append(said, fmt.Sprintf("%s %q %q %v %v", r.Outcome, r.Client, r.Code, r.Like, r.Err))
			}
			return said
		}
		all := func() (said []string) {
			t.Helper()
			for _, o := range []registry.ImportOptions{{}, {EnterPossible: true}, {Kind: registry.ImportOfImmunizations}} {
				said = append(said, check(o)...)
			}
			return said
		}
		before := all()
		hideTwins(t, reg, rows[:4])
		held := state(t, db)["held"]
		if diff := cmp.Diff(before, all()); diff != "" {
			t.Errorf("what checks say (-while nobody is on file +while hidden clients are):\n%s", diff)
		}
		if got := state(t, db)["held"]; got != held {
			t.Errorf("%d entries wait for the help desk after checks, want %d", got, held)
		}
		// Nobody has said of the close match whether he is a new client.
		want := []registry.ImportOutcome{registry.ImportHeld, registry.ImportHeld, registry.ImportHeld, registry.ImportPossible, registry.ImportWrong}
		_, results := take(t, reg, registry.ImportOptions{}, rows...)
		rows[3].New = true
		_, said := take(t, reg, registry.ImportOptions{}, rows[3])
		results, want = append(results, said...), append(want, registry.ImportHeld)
		for i, r := range results {
			if r.Outcome != want[i] || (r.Outcome == registry.ImportHeld) != (r.Code != "") {
				t.Errorf("row %d taken in = %s %q %v, want %s", i, r.Outcome, r.Code, r.Err, want[i])
			}
		}
	})
}
