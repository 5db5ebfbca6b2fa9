package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestAliases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := withClient(t, db)
		var want []iis.Alias
		for i, s := range nasty {
			a := iis.Alias{ID: iis.AliasID(fmt.Sprint(i)), Name: iis.Name{Last: s, First: s + "f", Middle: s + "m"},
				Until: noon.Add(time.Duration(i) * time.Microsecond), By: "a"}
			if i%2 == 0 {
				a.BirthDate = iis.Date{Year: 1899, Month: 12, Day: 31}
			}
			want = append(want, a)
		}
		write(t, db, func(tx *store.Tx) error {
			for _, a := range want {
				if err := tx.AddAlias(t.Context(), id, a); err != nil {
					return err
				}
			}
			return nil
		})
		slices.Reverse(want)
		same(t, "Aliases, newest first", ask(t, db, func(tx *store.Tx) ([]iis.Alias, error) {
			return tx.Aliases(t.Context(), id)
		}), want)
		same(t, "Aliases of another", ask(t, db, func(tx *store.Tx) ([]iis.Alias, error) {
			return tx.Aliases(t.Context(), "671487")
		}), []iis.Alias(nil))
		refused(t, db, iis.Internal, "an alias twice", func(tx *store.Tx) error {
			return tx.AddAlias(t.Context(), id, want[0])
		})
	})
}
