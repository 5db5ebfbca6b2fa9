package registry_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// shot is a row of an immunization for Test Clinic, made of fields of the client
// and, after a slash, of the dose, and values in turn.
func shot(pairs ...string) registry.ImportRow {
	for i := 0; i < len(pairs); i += 2 {
		if name, ok := strings.CutPrefix(pairs[i], "/"); ok {
			pairs[i] = string(iis.DoseField("", name))
		}
	}
	return row(pairs...)
}

// of makes it a row of the client with the registry ID.
func of(id iis.ClientID, r registry.ImportRow) registry.ImportRow {
	r.Client = string(id)
	return r
}

// immunize takes rows in and returns what became of each.
func immunize(t *testing.T, imp *registry.Import, rows ...registry.ImportRow) (got []string) {
	t.Helper()
	results, err := imp.Immunizations(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		var s strings.Builder
		s.WriteString(string(r.Outcome))
		if r.Err != nil {
			s.WriteString(": " + strings.TrimSpace(iis.TextOf(r.Err)))
		}
		for _, p := range iis.ProblemsIn(r.Err) {
			s.WriteString(p.Text)
		}
		got = append(got, s.String())
	}
	return got
}

// doses are what is on file of a client's immunizations, a text each.
func doses(t *testing.T, db *store.DB, id iis.ClientID) (list []string) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Doses(t.Context(), id)
		list = nil
		for _, d := range all {
			list = append(list, strings.Join([]string{d.Date.String(), string(d.Kind), string(d.Vaccine), d.TradeName, string(d.Maker), d.Lot, d.Route, d.Source, d.Refusal, string(d.By)}, "|"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// immunizations begins an import of immunizations into the registry of importer.
func immunizations(t *testing.T, reg *registry.Registry, o registry.ImportOptions) *registry.Import {
	t.Helper()
	o.Kind = registry.ImportOfImmunizations
	imp, err := reg.NewImport(t.Context(), operator, o)
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

// TestImportImmunizations: each row finds its client or says why not, a dose on
// file is amended and never added twice, and the same rows again change nothing.
func TestImportImmunizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg, _ := importer(t, db)
		was := len(doses(t, db, sample.Don))
		school := shot("last", "Duck", "first", "Don", "birth", "2009-09-21", "/date", "2015-01-01", "/vaccine", "141")
		school.Organization = "Lincoln Elementary School"
		rows := []registry.ImportRow{
			of(sample.Don, shot("/date", "10/01/2031", "/vaccine", "141")),
			of(sample.Don, shot("/date", "10/01/2015", "/vaccine", "141", "/source", "00", "/lot", "A1", "/route", "C28161")),
			shot("chart", "12345678910", "last", "Duck", "first", "Don", "/date", "2016-10-01", "/trade", "gardasil 9", "/kind", "Historical"),
			shot("chart", "12345678910", "/date", "2016-10-01", "/vaccine", "141"),
			shot("last", "duck", "first", "DON", "birth", "09/21/2009", "/date", "2017-10-01", "/ndc", "49281-286-10"),
			shot("last", "duck", "first", "DON", "birth", "09/21/2009", "/date", "2017-10-01", "/ndc", "49281-286-10", "/vaccine", "03"),
			shot("last", "duck", "first", "DON", "birth", "09/21/2009", "/date", "2018-10-01", "/vaccine", "141", "/refusal", "00", "/lot", "X"),
			of(sample.Don, shot("last", "Bright", "/date", "2016-10-01", "/vaccine", "141")),
			of("999999999", shot("/date", "2016-10-01", "/vaccine", "141")),
			shot("chart", "NO-SUCH", "/date", "2016-10-01", "/vaccine", "141"),
			shot("last", "Nobody", "first", "Nell", "birth", "2001-01-01", "/date", "2016-10-01", "/vaccine", "141"),
			shot("last", "Secret", "first", "Selma", "birth", "1988-12-09", "/date", "2016-10-01", "/vaccine", "141"), // locked to another
			shot("last", "Gone", "first", "George", "birth", "1941-02-02", "/date", "2016-10-01", "/vaccine", "141"),  // deceased
			shot("/date", "2016-10-01", "/vaccine", "141"),
			of(sample.Don, shot("/date", "2001-10-01", "/vaccine", "141")),
			of(sample.Don, shot("/date", "2016-10-05")),
			of(sample.Don, shot("/date", "2016-10-05", "/vaccine", "141", "/maker", "Acme of Nowhere")),
			school,
		}
		nobody := "wrong: no client on file is surely this one: enter the client first, or give the registry ID"
		want := []string{
			"wrong: Date Administered is in the future: check the year.",
			"new",
			"new",
			"wrong: more than one client of the organization has this chart number: give name and birth date too",
			"new",
			"wrong: NDC is of another vaccine than the CVX code: check the row.",
			"new",
			"wrong: neither name nor birth date is that of the client with this registry ID: check the row",
			"wrong: there is no client with this registry ID",
			"wrong: no client of the organization has this chart number",
			nobody, nobody, nobody,
			"wrong: the row does not say who was immunized: give the registry ID, the chart number, or name and birth date",
			"wrong: Date Administered is before the birth date: check the year.",
			"wrong: Vaccine is not known: give its CVX code.",
			"wrong: Manufacturer is not known: give its MVX code.",
			"wrong: an organization of the type School does not edit clients",
		}
		before := state(t, db)
		dry := immunizations(t, reg, registry.ImportOptions{DryRun: true})
		if diff := cmp.Diff(want, immunize(t, dry, rows...)); diff != "" {
			t.Errorf("dry run (-want +got):\n%s", diff)
		}
		looked := state(t, db)
		if looked["events"] <= before["events"] {
			t.Error("a dry run that found clients was not recorded")
		}
		looked["events"] = before["events"]
		if diff := cmp.Diff(before, looked); diff != "" || len(doses(t, db, sample.Don)) != was {
			t.Errorf("a dry run changed something:\n%s", diff)
		}
		imp := immunizations(t, reg, registry.ImportOptions{})
		if diff := cmp.Diff(want, immunize(t, imp, rows...)); diff != "" {
			t.Errorf("first time (-want +got):\n%s", diff)
		}
		before = state(t, db)
		for i, s := range want {
			if s == "new" {
				want[i] = "same"
			}
		}
		if diff := cmp.Diff(want, immunize(t, immunizations(t, reg, registry.ImportOptions{}), rows...)); diff != "" {
			t.Errorf("second time (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before, state(t, db)); diff != "" {
			t.Errorf("the second time changed something (-before +after):\n%s", diff)
		}
		got := doses(t, db, sample.Don)
		for _, want := range []string{
			"2015-10-01|Administered|141|||A1|C28161|||test-clinic",
			"2016-10-01|Historical|165|Gardasil 9|MSD|||01||test-clinic",
			"2017-10-01|Historical|106|Daptacel|PMC|||01||test-clinic",
			"2018-10-01|Refused|141||||||00|test-clinic",
		} {
			if !strings.Contains(strings.Join(got, "\n"), want) {
				t.Errorf("%s is not on file among:\n%s", want, strings.Join(got, "\n"))
			}
		}
		// Details that differ amend the organization's own dose; another's stays.
		own := of(sample.Don, shot("/date", "2015-10-01", "/vaccine", "141", "/lot", "B2"))
		theirs := of(sample.Don, shot("/date", "2015-10-01", "/vaccine", "141", "/lot", "C3"))
		theirs.Organization = string(sample.RiversideClinic)
		if diff := cmp.Diff([]string{"changed", "new"}, immunize(t, immunizations(t, reg, registry.ImportOptions{}), own, theirs)); diff != "" {
			t.Errorf("amended (-want +got):\n%s", diff)
		}
		all := strings.Join(doses(t, db, sample.Don), "\n")
		for _, want := range []string{"2015-10-01|Administered|141|||B2|C28161|||test-clinic", "2015-10-01|Historical|141|||C3||01||" + string(sample.RiversideClinic)} {
			if !strings.Contains(all, want) {
				t.Errorf("%s is not on file among:\n%s", want, all)
			}
		}
	})
}
