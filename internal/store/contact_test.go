package store_test

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := withClient(t, db)
		contacts := func() []iis.Contact {
			return ask(t, db, func(tx *store.Tx) ([]iis.Contact, error) { return tx.Contacts(t.Context(), id) })
		}
		put := func(k iis.Contact) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutContact(t.Context(), id, k) })
		}
		same(t, "no contacts", contacts(), []iis.Contact(nil))
		for _, s := range nasty {
			want := iis.Contact{ID: "K1", Name: iis.Name{Last: s, First: s + "1", Middle: s + "2"},
				Relation: "FTH", Phone: s + "3", Extension: s + "4",
				Address:       iis.Address{Street: s + "5", Other: s + "6", POBox: s + "7", City: s + "8", State: s + "9", Zip: s + "10", County: s + "11"},
				Undeliverable: true, Notices: true, Position: 3}
			put(want)
			same(t, "contact", contacts(), []iis.Contact{want})
		}

		// K3 was entered before K1; F2 was left before F1; equal places go by ID.
		put(iis.Contact{ID: "F2", Former: iis.Date{Year: 2019, Month: 6, Day: 1}, Position: 1})
		put(iis.Contact{ID: "F1", Former: iis.Date{Year: 2021, Month: 6, Day: 1}, Position: 2})
		put(iis.Contact{ID: "K3", Position: 1})
		put(iis.Contact{ID: "K2", Position: 3})
		var ids []iis.ContactID
		for _, k := range contacts() {
			ids = append(ids, k.ID)
		}
		same(t, "order of contacts", ids, []iis.ContactID{"K3", "K1", "K2", "F1", "F2"})

		for _, gone := range []iis.ContactID{"F1", "F2", "K1", "K2"} {
			write(t, db, func(tx *store.Tx) error { return tx.DeleteContact(t.Context(), id, gone) })
		}
		same(t, "after deleting", contacts(), []iis.Contact{{ID: "K3", Position: 1}})
		refused(t, db, iis.NotFound, "deleting again", func(tx *store.Tx) error {
			return tx.DeleteContact(t.Context(), id, "K1")
		})
		refused(t, db, iis.NotFound, "deleting another client's", func(tx *store.Tx) error {
			return tx.DeleteContact(t.Context(), "671487", "K3")
		})
	})
}

// The primary contact's address and the client's are one value: it follows the
// client, and what the contact is put with does not count.
func TestPrimaryContact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := withClient(t, db)
		contact := func() iis.Contact {
			t.Helper()
			ks := ask(t, db, func(tx *store.Tx) ([]iis.Contact, error) { return tx.Contacts(t.Context(), id) })
			if len(ks) != 1 {
				t.Fatalf("Contacts = %d rows, want 1", len(ks))
			}
			return ks[0]
		}
		k := iis.Contact{ID: "K1", Address: iis.Address{Street: "9 ELM ST"}, Undeliverable: true, Primary: true, Position: 1}
		write(t, db, func(tx *store.Tx) error { return tx.PutContact(t.Context(), id, k) })
		want := iis.Contact{ID: "K1", Primary: true, Position: 1}
		same(t, "of a client without an address", contact(), want)

		c := emptyClient(id)
		c.Version = 2
		c.Address = iis.Address{Street: "123 1ST ST SE", City: "SAINT PAUL", State: "MN", Zip: "55112", County: "RAMSEY"}
		c.Undeliverable = true
		write(t, db, func(tx *store.Tx) error { return tx.PutClient(t.Context(), c) })
		want.Address, want.Undeliverable = c.Address, true
		same(t, "of a client with one", contact(), want)

		k.Primary = false
		write(t, db, func(tx *store.Tx) error { return tx.PutContact(t.Context(), id, k) })
		same(t, "no longer primary", contact(), k)
	})
}
