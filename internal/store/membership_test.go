package store_test

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// withClient enters the client 6714871 and the organizations a, b and c.
func withClient(t *testing.T, db *store.DB) iis.ClientID {
	t.Helper()
	write(t, db, func(tx *store.Tx) error {
		for _, id := range []iis.OrganizationID{"a", "b", "c"} {
			o := iis.Organization{ID: id, Name: "Clinic " + string(id), Type: iis.Clinic, Active: true}
			if err := tx.PutOrganization(t.Context(), o); err != nil {
				return err
			}
		}
		return tx.InsertClient(t.Context(), emptyClient("6714871"))
	})
	return "6714871"
}

func TestMembership(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := withClient(t, db)
		of := func(org iis.OrganizationID) iis.Membership {
			return ask(t, db, func(tx *store.Tx) (iis.Membership, error) { return tx.Membership(t.Context(), id, org) })
		}
		put := func(m iis.Membership) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.PutMembership(t.Context(), id, m) }
		}
		same(t, "nothing on file", of("a"), iis.Membership{Organization: "a", Status: iis.Active, Reminders: true})

		for _, s := range nasty {
			want := iis.Membership{Organization: "b", ChartNumber: s, Status: iis.Active, Reminders: true, OnFile: true}
			write(t, db, put(want))
			same(t, "Membership", of("b"), want)
		}
		a := iis.Membership{Organization: "a", ChartNumber: "1", Status: iis.Inactive, Reason: "L",
			Since: iis.Date{Year: 2024, Month: 2, Day: 29}, OnFile: true}
		b := iis.Membership{Organization: "b", ChartNumber: "2", Status: iis.Active, OnFile: true}
		write(t, db, put(a))
		write(t, db, put(b))
		same(t, "MembershipsOf", ask(t, db, func(tx *store.Tx) ([]iis.Membership, error) {
			return tx.MembershipsOf(t.Context(), id)
		}), []iis.Membership{a, b})
		for org, want := range map[iis.OrganizationID]int{"a": 1, "b": 1, "c": 2} {
			got := ask(t, db, func(tx *store.Tx) (int, error) { return tx.MembershipCount(t.Context(), id, org) })
			if got != want {
				t.Errorf("MembershipCount(other than %s) = %d, want %d", org, got, want)
			}
		}
		for _, s := range []iis.Status{"", "active", iis.StatusDeceased} {
			refused(t, db, iis.Internal, "status "+string(s), put(iis.Membership{Organization: "a", Status: s}))
		}
		refused(t, db, iis.Internal, "reason X", put(iis.Membership{Organization: "a", Status: iis.Inactive, Reason: "X"}))
		refused(t, db, iis.Internal, "an unknown client", func(tx *store.Tx) error {
			return tx.PutMembership(t.Context(), "671487", a)
		})
		same(t, "after refused ones", of("a"), a)
	})
}
