package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestLoad puts a population in and finds that nothing of it is lost.
func TestLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		people := map[iis.ClientID]sample.Person{}
		told := 0
		err := reg.Load(t.Context(), func(yield func(registry.Arrival) bool) {
			for p := range sample.Population(5, 450) {
				people[p.Client.ID] = p
				rec := iis.Record{Client: p.Client, Aliases: p.Aliases, Contacts: p.Contacts, Comments: p.Comments}
				if !yield(registry.Arrival{Record: rec, Memberships: p.Memberships}) {
					return
				}
			}
		}, func(n int) { told = n })
		if err != nil || told != 450 {
			t.Fatalf("Load() = %v, told of %d, want 450", err, told)
		}
		err = db.View(t.Context(), func(tx *store.Tx) error {
			for id, p := range people {
				rec, err := tx.ClientRecord(t.Context(), id, p.Memberships[0].Organization)
				if err != nil {
					return err
				}
				rec.Client.UpdatedByName = ""
				if diff := cmp.Diff(p.Client, rec.Client); diff != "" {
					t.Fatalf("client (-want +got):\n%s", diff)
				}
				all, err := tx.MembershipsOf(t.Context(), id)
				if err != nil {
					return err
				}
				if len(rec.Aliases) != len(p.Aliases) || len(rec.Contacts) != len(p.Contacts) ||
					len(rec.Comments) != len(p.Comments) || len(all) != len(p.Memberships) || rec.Membership != p.Memberships[0] {
					t.Errorf("client %s: rows are missing", id)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		state(t, db)
	})
}
