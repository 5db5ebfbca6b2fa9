package registry_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestImportTogether takes in the same rows at once and one by one: of families, of one
// person several times, written otherwise, with and without chart numbers, by two
// clinics. What becomes of each is the same, though of those taken in at once it is
// found beforehand who they are of.
func TestImportTogether(t *testing.T) {
	for seed := range uint64(12) {
		rows := crowd(seed)
		for _, possible := range []bool{false, true} {
			o := registry.ImportOptions{EnterPossible: possible}
			db, err := store.Open(t.Context(), storetest.SQLiteURL(t))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			alone := becameOf(t, db, o, rows, 1)
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				for i, became := range becameOf(t, db, o, rows, len(rows)) {
					if became != alone[i] {
						t.Errorf("seed %d, possible %t: row %d became %q among others, want %q as alone", seed, possible, i, became, alone[i])
					}
				}
			})
		}
	}
}

// crowd is rows of a few families, some of them several times with slips.
func crowd(seed uint64) []registry.ImportRow {
	r := rand.New(rand.NewPCG(seed, 7))
	var rows []registry.ImportRow
	for p := range sample.WithoutDoses(seed+1, 12) {
		for n := range 1 + r.IntN(4) {
			c := p.Client
			for range min(n, 1) * r.IntN(3) {
				c = slipped(r, c)
			}
			org := []iis.OrganizationID{sample.Organizations()[0].ID, sample.Organizations()[1].ID}[r.IntN(2)]
			row := rowOf(c, org, "charts")
			if r.IntN(3) > 0 {
				delete(row.Values, iis.FieldChart)
			}
			rows = append(rows, row)
		}
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// becameOf takes in rows, so many at once, and says what became of each: clients by the
// first row that was of them.
func becameOf(t *testing.T, db *store.DB, o registry.ImportOptions, rows []registry.ImportRow, atOnce int) []string {
	reg, _ := importer(t, db)
	imp, err := reg.NewImport(t.Context(), operator, o)
	if err != nil {
		t.Fatal(err)
	}
	names := map[iis.ClientID]string{}
	var all []string
	for some := range slices.Chunk(rows, atOnce) {
		results, err := imp.Clients(t.Context(), some)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range results {
			if _, ok := names[one.Client]; !ok {
				names[one.Client] = fmt.Sprint("who came with row ", len(all))
			}
			like := map[string]bool{}
			for _, id := range one.Like {
				like[names[id]] = true
			}
			all = append(all, fmt.Sprint(one.Outcome, " ", names[one.Client], " ", one.Fields, " like ", slices.Sorted(maps.Keys(like))))
		}
	}
	return all
}
