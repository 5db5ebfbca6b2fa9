package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// nasty are texts that must come back as they went in.
var nasty = []string{
	"",
	" ",
	"O'Brien-Núñez",
	`"quoted", \ back and ` + "`tick`",
	"'); DROP TABLE client; --",
	"日本語 😀 \u202eabc",
	"line\r\nbreak\ttab",
	"<b>&amp;%_$1?",
	"a,b,,c",
	"NULL",
	strings.Repeat("é", 5_000),
	strings.Repeat("x", 10_000),
}

// noon has microseconds, the finest that both engines keep.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)

var testClinic = iis.Organization{ID: "test", Name: "Test Clinic", Type: iis.Clinic, City: "SAINT PAUL", Active: true}

// write runs f in an Update that must succeed.
func write(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// ask returns what f reads in a View that must succeed.
func ask[T any](t *testing.T, db *store.DB, f func(*store.Tx) (T, error)) T {
	t.Helper()
	var got T
	err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		got, err = f(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// refused runs f in an Update that must fail with a kind of error and leave
// nothing behind; Internal is what a CHECK of the schema answers.
func refused(t *testing.T, db *store.DB, want iis.Kind, what string, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); iis.KindOf(err) != want {
		t.Errorf("%s: kind of error = %q, want %q (%v)", what, iis.KindOf(err), want, err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// fullClient has s in every text and a value in every other field.
func fullClient(id iis.ClientID, s string) iis.Client {
	return iis.Client{
		ID: id, Version: 1,
		Name:             iis.Name{Last: s + "1", First: s + "2", Middle: s + "3", Suffix: s + "4"},
		Gender:           iis.Female,
		BirthDate:        iis.Date{Year: 2009, Month: 9, Day: 21},
		BirthCountry:     s + "5",
		BirthCertificate: s + "6",
		MotherMaidenLast: s + "7",
		MotherFirst:      s + "8",
		Race:             []string{"1002-5", "2106-3"},
		Ethnicity:        s + "9",
		Address:          iis.Address{Street: s + "10", Other: s + "11", POBox: s + "12", City: s + "13", State: s + "14", Zip: s + "15", County: s + "16"},
		Undeliverable:    true,
		AddressUpdated:   iis.Date{Year: 2021, Month: 10, Day: 15},
		Phone:            s + "17",
		Email:            s + "18",
		LockedTo:         testClinic.ID,
		Death:            iis.Death{Date: iis.Date{Year: 2026, Month: 2, Day: 28}, Source: "family", Recorded: noon, By: testClinic.ID},
		Created:          noon.Add(-time.Hour),
		Updated:          noon,
		UpdatedBy:        testClinic.ID,
		UpdatedByName:    testClinic.Name,
	}
}

// emptyClient has nothing but what every client has.
func emptyClient(id iis.ClientID) iis.Client {
	return iis.Client{ID: id, Version: 1, Gender: iis.UnknownGender, Created: noon, Updated: noon}
}

func TestClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		want := []iis.Client{emptyClient("6714871")}
		for i, s := range nasty {
			want = append(want, fullClient(iis.ClientID("10"+string(rune('a'+i))), s))
		}
		write(t, db, func(tx *store.Tx) error {
			if err := tx.PutOrganization(t.Context(), testClinic); err != nil {
				return err
			}
			for _, c := range want {
				if err := tx.InsertClient(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		var ids []iis.ClientID
		for _, c := range want {
			got := ask(t, db, func(tx *store.Tx) (iis.Client, error) { return tx.Client(t.Context(), c.ID) })
			same(t, "Client", got, c)
			ids = append(ids, c.ID)
		}
		all := ask(t, db, func(tx *store.Tx) ([]iis.Client, error) {
			return tx.Clients(t.Context(), append(ids, "999", ids[0]))
		})
		same(t, "Clients", all, append(want, want[0]))
		if got := ask(t, db, func(tx *store.Tx) (int64, error) { return tx.CountClients(t.Context()) }); got != int64(len(want)) {
			t.Errorf("CountClients = %d, want %d", got, len(want))
		}
		taken := ask(t, db, func(tx *store.Tx) ([]iis.ClientID, error) {
			return tx.TakenIDs(t.Context(), []iis.ClientID{"6714872", "6714871", ""})
		})
		same(t, "TakenIDs", taken, []iis.ClientID{"6714871"})
		refused(t, db, iis.NotFound, "unknown client", func(tx *store.Tx) error {
			_, err := tx.Client(t.Context(), "6714872")
			return err
		})
		refused(t, db, iis.Internal, "a second client of the same ID", func(tx *store.Tx) error {
			return tx.InsertClient(t.Context(), emptyClient("6714871"))
		})
		refused(t, db, iis.Internal, "gender X", func(tx *store.Tx) error {
			c := emptyClient("6714873")
			c.Gender = "X"
			return tx.InsertClient(t.Context(), c)
		})
	})
}

func TestPutClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old := emptyClient("6714871")
		other := fullClient("6714872", "other ")
		write(t, db, func(tx *store.Tx) error {
			if err := tx.PutOrganization(t.Context(), testClinic); err != nil {
				return err
			}
			if err := tx.InsertClient(t.Context(), old); err != nil {
				return err
			}
			return tx.InsertClient(t.Context(), other)
		})
		put := func(c iis.Client) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.PutClient(t.Context(), c) }
		}
		client := func(tx *store.Tx) (iis.Client, error) { return tx.Client(t.Context(), "6714871") }

		// Every field changes but the time of entry.
		want := fullClient("6714871", "new ")
		want.Version, want.Created = 2, old.Created
		write(t, db, put(want))
		same(t, "after the save", ask(t, db, client), want)

		refused(t, db, iis.Conflict, "a save of the old version", put(want))
		skip := want
		skip.Version = 4
		refused(t, db, iis.Conflict, "a save that skips a version", put(skip))
		unknown := want
		unknown.ID = "6714873"
		refused(t, db, iis.Conflict, "a save of an unknown client", put(unknown))
		same(t, "after refused saves", ask(t, db, client), want)

		// And back: a death is taken back, a race and a date are removed.
		back := old
		back.Version = 3
		write(t, db, put(back))
		same(t, "after the second save", ask(t, db, client), back)
		if got := ask(t, db, func(tx *store.Tx) (int64, error) { return tx.ClientVersion(t.Context(), "6714871") }); got != 3 {
			t.Errorf("ClientVersion = %d, want 3", got)
		}
		refused(t, db, iis.NotFound, "the version of an unknown client", func(tx *store.Tx) error {
			_, err := tx.ClientVersion(t.Context(), "6714873")
			return err
		})
		same(t, "the other client", ask(t, db, func(tx *store.Tx) (iis.Client, error) {
			return tx.Client(t.Context(), other.ID)
		}), other)
	})
}

func TestClientRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fullClient("6714871", "")
		want := iis.Record{
			Client: c,
			Membership: iis.Membership{Organization: testClinic.ID, ChartNumber: "MRN 1", Status: iis.Inactive, Reason: "M",
				Since: iis.Date{Year: 2025, Month: 1, Day: 31}, OnFile: true},
			Aliases: []iis.Alias{
				{ID: "A2", Name: iis.Name{Last: "DICK"}, Until: noon, By: testClinic.ID},
				{ID: "A1", Name: iis.Name{Last: "DUCK"}, Until: noon.Add(-time.Hour), By: testClinic.ID},
			},
			Contacts: []iis.Contact{
				{ID: "K1", Relation: "SEL", Address: c.Address, Undeliverable: true, Primary: true, Position: 1},
				{ID: "K2", Relation: "MTH", Position: 2},
			},
			Comments: []iis.Comment{{ID: "M1", Code: "38907003", Date: iis.Date{Year: 2022, Month: 5, Day: 23},
				By: testClinic.ID, ByName: testClinic.Name, Entered: noon}},
		}
		write(t, db, func(tx *store.Tx) error {
			if err := tx.PutOrganization(t.Context(), testClinic); err != nil {
				return err
			}
			if err := tx.InsertClient(t.Context(), c); err != nil {
				return err
			}
			if err := tx.InsertClient(t.Context(), emptyClient("6714872")); err != nil {
				return err
			}
			if err := tx.PutMembership(t.Context(), c.ID, want.Membership); err != nil {
				return err
			}
			for _, a := range want.Aliases {
				if err := tx.AddAlias(t.Context(), c.ID, a); err != nil {
					return err
				}
			}
			for _, k := range want.Contacts {
				if err := tx.PutContact(t.Context(), c.ID, k); err != nil {
					return err
				}
			}
			return tx.PutComment(t.Context(), c.ID, want.Comments[0])
		})
		record := func(id iis.ClientID, org iis.OrganizationID) func(tx *store.Tx) (iis.Record, error) {
			return func(tx *store.Tx) (iis.Record, error) { return tx.ClientRecord(t.Context(), id, org) }
		}
		same(t, "ClientRecord", ask(t, db, record("6714871", testClinic.ID)), want)

		want.Membership = iis.Membership{Organization: "other", Status: iis.Active, Reminders: true}
		same(t, "ClientRecord of another organization", ask(t, db, record("6714871", "other")), want)
		same(t, "ClientRecord of a bare client", ask(t, db, record("6714872", "other")),
			iis.Record{Client: emptyClient("6714872"), Membership: want.Membership})
		refused(t, db, iis.NotFound, "record of an unknown client", func(tx *store.Tx) error {
			_, err := tx.ClientRecord(t.Context(), "6714873", testClinic.ID)
			return err
		})
	})
}
