package store_test

import (
	"fmt"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put := func(o iis.Organization) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.PutOrganization(t.Context(), o) }
		}
		for i, s := range nasty {
			want := iis.Organization{ID: iis.OrganizationID(fmt.Sprint(i)), Name: s, Type: iis.OrgTypes[i%len(iis.OrgTypes)], City: s + "city", Active: i%2 == 0}
			write(t, db, put(want))
			same(t, "Organization", ask(t, db, func(tx *store.Tx) (iis.Organization, error) {
				return tx.Organization(t.Context(), want.ID)
			}), want)
		}
		for _, ot := range iis.OrgTypes {
			write(t, db, put(iis.Organization{ID: "0", Name: "changed", Type: ot}))
		}
		refused(t, db, iis.Internal, "an unknown type", put(iis.Organization{ID: "0", Type: "Bank"}))
		same(t, "Organization after a change", ask(t, db, func(tx *store.Tx) (iis.Organization, error) {
			return tx.Organization(t.Context(), "0")
		}), iis.Organization{ID: "0", Name: "changed", Type: iis.RegistryStaff})
		refused(t, db, iis.NotFound, "an unknown organization", func(tx *store.Tx) error {
			_, err := tx.Organization(t.Context(), "none")
			return err
		})
	})
}

// Names are ordered by code point on both engines: "ab" after "B", "É" last.
func TestOrganizationsOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		names := []string{"", " A", "A", "A B", "A-B", "AB", "B", "_", "a", "ab", "É", "日本"}
		write(t, db, func(tx *store.Tx) error {
			for i := range names {
				name := names[len(names)-1-i]
				o := iis.Organization{ID: iis.OrganizationID(fmt.Sprint(i)), Name: name, Type: iis.School}
				if err := tx.PutOrganization(t.Context(), o); err != nil {
					return err
				}
			}
			return nil
		})
		var got []string
		for _, o := range ask(t, db, func(tx *store.Tx) ([]iis.Organization, error) { return tx.Organizations(t.Context()) }) {
			got = append(got, o.Name)
		}
		same(t, "names of Organizations", got, names)
	})
}
