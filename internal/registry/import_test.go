package registry_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// operator is staff of the registry at the machine.
var operator = iis.Actor{UserName: "root", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}

// importer makes a registry with the organizations and people of the
// demonstration's guide, and begins an import.
func importer(t *testing.T, db *store.DB) (*registry.Registry, *registry.Import) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for _, o := range sample.Organizations() {
			if err := tx.PutOrganization(t.Context(), o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reg := registry.New(db, registry.Options{})
	err = reg.Load(t.Context(), func(yield func(registry.Arrival) bool) {
		for _, p := range sample.GuidePeople() {
			rec := iis.Record{Client: p.Client, Aliases: p.Aliases, Contacts: p.Contacts, Comments: p.Comments}
			if !yield(registry.Arrival{Record: rec, Memberships: p.Memberships}) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	imp, err := reg.NewImport(t.Context(), operator, registry.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return reg, imp
}

// taken is what became of a row, for comparing.
func taken(r registry.Imported) string {
	if r.Err != nil {
		var s strings.Builder
		s.WriteString(string(iis.KindOf(r.Err)))
		for _, p := range iis.ProblemsIn(r.Err) {
			s.WriteString(" " + string(p.Field))
		}
		return s.String()
	}
	if r.Client != "" && r.Outcome != registry.ImportAdded {
		return string(r.Outcome) + " " + string(r.Client)
	}
	return string(r.Outcome)
}

// row is a row for Test Clinic made of fields and values in turn.
func row(pairs ...string) registry.ImportRow {
	r := registry.ImportRow{Organization: "Test Clinic", Values: iis.Values{}}
	for p := range slices.Chunk(pairs, 2) {
		r.Values[iis.Field(p[0])] = p[1]
	}
	return r
}

func TestImportClients(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, imp := importer(t, db)
		school := row("last", "Vang", "first", "Mai See", "birth", "2018-09-09")
		school.Organization = "Lincoln Elementary School"
		nowhere := row("last", "Nobody", "birth", "2001-01-01")
		nowhere.Organization = "No Such Clinic"
		riverside := row("last", "Both", "first", "Beatrix", "birth", "07/30/2012", "chart", "rc 0815", "phone", "(612) 201-4000")
		riverside.Organization = string(sample.RiversideClinic)
		rows := []registry.ImportRow{
			row("last", "Neu", "first", "Nora", "birth", "03/04/2019", "gender", "F", "chart", "N-1", "race", "2106-3 2028-9"),
			row("last", "DUCK", "first", "don", "birth", "09/21/2009", "chart", "12345678910"),
			row("last", "Duck", "first", "Don", "birth", "2009-09-21", "email", "don@example.org"),
			row("last", "Dick", "first", "Don", "birth", "2009-09-21", "mother", "Della"), // his former name
			row("last", "Bright", "first", "Rainbow", "birth", "2015-02-15", "chart", "12345678910"),
			row("last", "Anderson", "first", "Emma", "birth", "2011-05-17", "street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987"),
			row("last", "Stranger", "first", "Sam", "birth", "1999-09-09", "chart", "EMMA-1"),
			row("last", "Private", "first", "Petra", "birth", "1994-06-03", "phone", "651-201-4999"), // locked to Test Clinic itself
			row("last", "Secret", "first", "Selma", "birth", "1988-12-09"),                           // locked to another
			row("last", "Gone", "first", "George", "birth", "1941-02-02"),                            // deceased
			row("last", "Nodate", "first", "Ned"),
			row("last", "Fake", "first", "Fay", "birth", "2001-02-30", "phone", "999-999-9999"),
			row("last", "Neu", "first", "Nora", "birth", "2019-03-04", "street", "Bad Address"),
			school,
			nowhere,
			riverside,
			row("last", "Neu", "first", "Nora", "birth", "2019-03-04", "phone", "651-201-4001"),
			row("last", "Neu", "first", "Nora", "birth", "2019-03-04", "phone", "651-201-4002"),
			row("last", "Leaving", "first", "Lea", "birth", "1950-05-05", "status", "Deceased", "death-source", "Family", "died", "2026-01-02"),
		}
		want := []string{
			"new",
			"same 6714871",
			"changed 6714871",
			"changed 6714871",
			"invalid birth", // found by chart number and name, but a birth certificate locks the date
			"changed 5200105",
			"invalid chart",
			"changed 5200101",
			"held",
			"held",
			"invalid birth",
			"invalid birth",
			"invalid street",
			"denied",
			"invalid",
			"changed 5200104",
			"changed", // one telephone number and then another:
			"changed", // the second time neither changes anything
			"new",
		}
		again := slices.Clone(want)
		for i, s := range want {
			if id, ok := strings.CutPrefix(s, "changed"); ok {
				again[i] = "same" + id
			}
		}
		first, err := imp.Clients(t.Context(), rows)
		if err != nil {
			t.Fatal(err)
		}
		want[len(want)-2] += " " + string(first[0].Client)
		want[len(want)-3] += " " + string(first[0].Client)
		again[len(want)-2] += " " + string(first[0].Client)
		again[len(want)-3] += " " + string(first[0].Client)
		var got []string
		for _, r := range first {
			got = append(got, taken(r))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("first time (-want +got):\n%s", diff)
		}
		for i, s := range want {
			if s == "new" {
				again[i] = "same " + string(first[i].Client)
			}
		}
		before := state(t, db)
		second, err := imp.Clients(t.Context(), rows)
		if err != nil {
			t.Fatal(err)
		}
		got = nil
		for i, r := range second {
			got = append(got, taken(r))
			if r.Code != first[i].Code {
				t.Errorf("row %d: held under %s, then under %s", i, first[i].Code, r.Code)
			}
		}
		if diff := cmp.Diff(again, got); diff != "" {
			t.Errorf("second time (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, state(t, db)); diff != "" {
			t.Errorf("the second time changed something (-before +after):\n%s", diff)
		}
		checkImported(t, db, first)
	})
}

// checkImported looks at what the rows of TestImportClients have made.
func checkImported(t *testing.T, db *store.DB, results []registry.Imported) {
	t.Helper()
	records := map[iis.ClientID]iis.Record{}
	var events []store.StoredEvent
	err := db.View(t.Context(), func(tx *store.Tx) error {
		for _, r := range results {
			if r.Client == "" {
				continue
			}
			rec, err := tx.ClientRecord(t.Context(), r.Client, sample.TestClinic)
			if err != nil {
				return err
			}
			records[r.Client] = rec
		}
		var err error
		events, err = tx.Events(t.Context(), results[5].Client, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	nora := records[results[0].Client]
	if got, want := nora.Client.Race, []string{"2028-9", "2106-3"}; !slices.Equal(got, want) {
		t.Errorf("race = %v, want %v", got, want)
	}
	if m := nora.Membership; m.ChartNumber != "N-1" || !m.OnFile || m.Status != iis.Active {
		t.Errorf("membership = %+v, want an active one with the chart number N-1", m)
	}
	don := records[sample.Don]
	if n := don.Client.Name; n.Last != "DUCK" || n.First != "DON" || len(don.Aliases) != 1 {
		t.Errorf("a row in a former name changed the name")
	}
	if c := don.Client; c.Phone != "555-555-5555" || c.Email != "don@example.org" || c.MotherFirst != "Della" {
		t.Errorf("an empty value overwrote one, or a given one was not taken")
	}
	emma := records[sample.SameNameElder]
	if a := emma.Client.Address; a.Street != "5 New St" || a.County != "" {
		t.Errorf("the new address is mixed with the old one")
	}
	if len(emma.Contacts) != 1 || emma.Contacts[0].Former.IsZero() {
		t.Errorf("the former address was not kept")
	}
	if len(events) != 2 || events[0].Action != iis.ActionImport || events[0].Organization != sample.TestClinic ||
		len(events[0].Detail.Changes) == 0 || events[0].UserName != "root" {
		t.Errorf("events = %+v, want an import with its changes after the load", events)
	}
	lea := records[results[len(results)-1].Client]
	if !lea.Client.Deceased() || lea.Client.Death.Date.String() != "2026-01-02" {
		t.Errorf("a row with the status Deceased was not marked so")
	}
}

// state is all clients and events that there are, by count and version.
func state(t *testing.T, db *store.DB) map[string]int64 {
	t.Helper()
	got := map[string]int64{}
	err := db.View(t.Context(), func(tx *store.Tx) error {
		n, err := tx.CountClients(t.Context())
		got["clients"] = n
		held, herr := tx.HeldEntries(t.Context())
		got["held"] = int64(len(held))
		for _, p := range sample.GuidePeople() {
			c, err := tx.Client(t.Context(), p.Client.ID)
			if err != nil {
				return err
			}
			got[string(c.ID)] = c.Version
		}
		if err == nil {
			err = herr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := db.VerifyAudit(t.Context())
	if err != nil || !report.OK() {
		t.Fatalf("VerifyAudit() = %v, %v, want a whole trail", report, err)
	}
	got["events"] = report.Rows
	return got
}

func TestImportDenied(t *testing.T) {
	db := storetest.SQLite(t)
	reg, _ := importer(t, db)
	for _, a := range []iis.Actor{
		{Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser},
		{Organization: sample.LincolnSchool, OrgName: "Lincoln Elementary School", OrgType: iis.School, Role: iis.OrgAdmin},
	} {
		if _, err := reg.NewImport(t.Context(), a, registry.ImportOptions{}); iis.KindOf(err) != iis.Denied {
			t.Errorf("NewImport(%s at a %s) = %v, want Denied", a.Role, a.OrgType, err)
		}
	}
	admin := iis.Actor{Organization: sample.RiversideClinic, OrgName: "Riverside Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
	imp, err := reg.NewImport(t.Context(), admin, registry.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := imp.Clients(t.Context(), []registry.ImportRow{row("last", "Neu", "birth", "2001-01-01")})
	if err != nil || iis.KindOf(results[0].Err) != iis.Denied {
		t.Errorf("a row of another organization = %+v, %v, want Denied", results, err)
	}
}

// TestImportUnknownOrganization: who takes a file in for the first time reads how
// its organizations are made.
func TestImportUnknownOrganization(t *testing.T) {
	_, imp := importer(t, storetest.SQLite(t))
	r := row("last", "Neu", "birth", "2001-01-01")
	r.Organization = "Nowhere"
	results, err := imp.Clients(t.Context(), []registry.ImportRow{r})
	if err != nil || !strings.Contains(results[0].Err.Error(), "openiis user add") {
		t.Errorf("a row of an unknown organization = %+v, %v, want how to make it", results, err)
	}
}

// TestImportByFormerBirthDate: a row with the name and a former birth date of the only
// client who has them is his.
func TestImportByFormerBirthDate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		nora := func(birth string, more ...string) registry.ImportRow {
			return row(append([]string{"last", "Neu", "first", "Nora", "gender", "F", "birth", birth}, more...)...)
		}
		_, results := take(t, reg, registry.ImportOptions{}, nora("03/04/2019", "chart", "N-1"), nora("03/05/2019", "chart", "N-1"),
			nora("03/04/2019", "street", "5 New St", "city", "Winona", "state", "MN"), nora("03/04/2019", "gender", "M"))
		for i, want := range []registry.ImportOutcome{registry.ImportAdded, registry.ImportChanged, registry.ImportChanged, registry.ImportPossible} {
			if results[i].Outcome != want {
				t.Errorf("row %d is %s %v, want %s", i, results[i].Outcome, results[i].Err, want)
			}
		}
	})
}
