package store_test

import (
	"fmt"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestMigrateCertificates: clients who came on file before their birth certificates led
// to them are found by these after the next migration, which may run again. The number
// of a record that went into another leads to whoever stands at the end, alone.
func TestMigrateCertificates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		numbers := map[iis.ClientID]string{"none": "", "word": "unknown", "zeros": "000-0000", "odd": "mn/2009 #7 é"}
		for i := range 2100 {
			numbers[iis.ClientID(fmt.Sprintf("%04d", i))] = fmt.Sprintf("2009-%06d", 7*i+1)
		}
		// One into a record with a number, one into a record with none, a chain of two
		// whose records are in other steps, and one with the number of its survivor.
		into := map[iis.ClientID]iis.ClientID{"0001": "0000", "0002": "none", "0003": "2050", "2050": "1500", "same": "1700"}
		numbers["same"] = numbers["1700"]
		write(t, db, func(tx *store.Tx) error {
			for id, number := range numbers {
				c := iis.Client{ID: id, Version: 1, Gender: iis.UnknownGender, BirthCertificate: number, Created: noon, Updated: noon}
				if err := tx.InsertClient(t.Context(), c); err != nil {
					return err
				}
			}
			for other, survivor := range into {
				if err := tx.SetMergedInto(t.Context(), other, survivor); err != nil {
					return err
				}
			}
			return nil
		})
		if err := db.MigrateDownTo(t.Context(), 19); err != nil {
			t.Fatal(err)
		}
		keys := func() (n int) {
			write(t, db, func(tx *store.Tx) error {
				return tx.Scan(t.Context(), []any{&n}, `SELECT COUNT(*) FROM client_key`)
			})
			return n
		}
		if got := keys(); got != 0 {
			t.Fatalf("%d keys before, want none", got)
		}
		for range 2 {
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := keys(); got != 2101 {
				t.Errorf("%d keys after, want 2101", got)
			}
		}
		for id, want := range map[iis.ClientID]iis.ClientID{
			"0000": "0000", "0999": "0999", "1000": "1000", "2099": "2099", "odd": "odd", "1500": "1500",
			"0001": "0000", "0002": "none", "0003": "1500", "2050": "1500", "same": "1700",
		} {
			hits := ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
				like, err := tx.LikeBorn(t.Context(), store.Sought{Keys: []iis.Key{match.CertificateKey(numbers[id])}})
				if err != nil {
					return nil, err
				}
				return like[0].Hits, nil
			})
			if len(hits) != 1 || hits[0].Client != want {
				t.Errorf("the certificate of %s leads to %v, want %s", id, hits, want)
			}
		}
	})
}
