package registry_test

import (
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// TestLikelyByCertificate: the number of a birth certificate alone leads to the client
// who has it, and to whom he was merged into; one that stands for none leads to nobody.
func TestLikelyByCertificate(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		certified := func(id iis.ClientID, last, number string) {
			c := iis.Client{ID: id, Version: 1, Name: iis.Name{Last: last, First: "DON"}, Gender: iis.Male, BirthDate: iis.Date{Year: 2009, Month: 9, Day: 21}, BirthCertificate: number}
			c.Created, c.Updated, c.UpdatedBy, c.UpdatedByName = noon, noon, testClinic.ID, testClinic.Name
			people := slices.Values([]registry.Arrival{{Record: iis.Record{Client: c}}})
			if err := w.Load(t.Context(), people, nil); err != nil {
				t.Fatal(err)
			}
		}
		certified("100", "DUCK", "2009-020411")
		certified("200", "DRAKE", "0000000")
		lead := func(number string, want ...iis.ClientID) {
			t.Helper()
			c := iis.Client{Name: iis.Name{Last: "MOUSE", First: "DON"}, Gender: iis.Male, BirthDate: iis.Date{Year: 2008, Month: 9, Day: 21}, BirthCertificate: number}
			var ids []iis.ClientID
			err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
				ids, err = w.LikelyIn(t.Context(), tx, store.Known{Client: c})
				return err
			})
			if err != nil || !slices.Equal(ids, want) {
				t.Errorf("LikelyIn with certificate %q = %v, %v, want %v", number, ids, err, want)
			}
		}
		lead("2009 020411", "100")
		lead("2009-020412")
		lead("0000000")
		lead("")
		into := w.enter(t, clerk, iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M"})
		w.merge(t, merger, into, "100", nil)
		lead("2009-020411", into)
		if _, err := w.unmerge(t, merger, into, w.merges(t, into)[0].Merge); err != nil {
			t.Fatal(err)
		}
		lead("2009-020411", "100")
	})
}
