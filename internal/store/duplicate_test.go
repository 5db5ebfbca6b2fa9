package store_test

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestDuplicateOwnAgain: once a person says something of a pair that came by a merge in
// place of what was known of it, nothing of that is left in it.
func TestDuplicateOwnAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const third, survivor, other = iis.ClientID("A"), iis.ClientID("S"), iis.ClientID("O")
		write(t, db, func(tx *store.Tx) error {
			for _, id := range []iis.ClientID{third, survivor, other} {
				c := iis.Client{ID: id, Version: 1, Gender: iis.UnknownGender, Created: noon, Updated: noon}
				if err := tx.InsertClient(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		for name, say := range map[string]func(tx *store.Tx) error{
			"DecideDuplicate": func(tx *store.Tx) error {
				return tx.DecideDuplicate(t.Context(), third, survivor, store.PairDifferent, "U", "twins")
			},
			"ReopenDuplicate": func(tx *store.Tx) error {
				return tx.ReopenDuplicate(t.Context(), third, survivor, "report")
			},
			"AskMerge": func(tx *store.Tx) error {
				_, err := tx.AskMerge(t.Context(), third, survivor, "U")
				return err
			},
		} {
			left := func() (n int) {
				write(t, db, func(tx *store.Tx) error {
					return tx.Scan(t.Context(), []any{&n}, `
SELECT COUNT(*)
FROM duplicate
WHERE was_decided IS NOT NULL OR was_decided_by <> '' OR was_asked_by <> '' OR was <> '' OR via <> ''`)
				})
				return n
			}
			write(t, db, func(tx *store.Tx) error {
				if err := tx.DecideDuplicate(t.Context(), third, survivor, store.PairLater, "V", ""); err != nil {
					return err
				}
				if err := tx.DecideDuplicate(t.Context(), third, other, store.PairDifferent, "V", "twins"); err != nil {
					return err
				}
				return tx.CarryPairs(t.Context(), store.Merge{ID: "M", Survivor: survivor, Other: other})
			})
			if got := left(); got != 1 {
				t.Fatalf("%d pairs have come by the merge in place of others, want 1", got)
			}
			write(t, db, say)
			if got := left(); got != 0 {
				t.Errorf("%s leaves what was known before the merge in the pair", name)
			}
		}
	})
}
