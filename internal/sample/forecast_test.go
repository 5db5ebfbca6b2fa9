package sample_test

import (
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// staff sees every client, locked ones and the deceased too.
var staff = iis.Actor{User: "user-helpdesk", UserName: "helpdesk", Organization: sample.RegistryHelpDesk, OrgName: "Registry Help Desk",
	OrgType: iis.RegistryStaff, Role: iis.HelpDesk}

// loaded is a registry with the guide's people and a few of the population, as
// on Today.
func loaded(t *testing.T, people []sample.Person) *registry.Registry {
	t.Helper()
	db := storetest.SQLite(t, store.WithClock(func() time.Time { return time.Date(2026, time.November, 1, 18, 0, 0, 0, time.UTC) }))
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
	reg := registry.New(db, registry.Options{Zone: time.UTC})
	err = reg.Load(t.Context(), func(yield func(registry.Arrival) bool) {
		for _, p := range people {
			rec := iis.Record{Client: p.Client, Aliases: p.Aliases, Contacts: p.Contacts, Comments: p.Comments, Doses: p.Doses}
			if !yield(registry.Arrival{Record: rec, Memberships: p.Memberships}) {
				return
			}
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// TestHistoriesForecast opens the histories as a user does. Nothing in them is
// strange to the schedule but the codes that are meant to be; most doses count,
// and the clients are neither all complete nor all behind.
func TestHistoriesForecast(t *testing.T) {
	people := slices.AppendSeq(sample.GuidePeople(), sample.Population(1, 400))
	reg := loaded(t, people)
	shots, folded, evaluations := 0, 0, map[forecast.EvaluationStatus]int{}
	grace, judged, standing := 0, 0, map[forecast.SeriesStatus]int{}
	for _, p := range people {
		m, err := reg.Immunizations(t.Context(), staff, p.Client.ID)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(m.Record.Doses); n != len(p.Doses) {
			t.Errorf("client %s: %d doses on file, want %d", p.Client.ID, n, len(p.Doses))
		}
		for _, a := range m.Result.Alerts {
			if _, known := code.VaccineOf(iis.CVX(a.Value)); a.Code != forecast.UnknownVaccine || known {
				t.Errorf("client %s: alert %s", p.Client.ID, a)
			}
		}
		shots += len(m.Shots)
		for i, s := range m.Shots {
			folded += len(s.Others)
			for _, e := range m.Result.Doses[i].Evaluations {
				judged++
				evaluations[e.Status]++
				if e.Grace {
					grace++
				}
			}
		}
		for _, f := range m.Result.Forecasts {
			if f.Primary {
				standing[f.Status]++
			}
		}
	}
	all := standing[forecast.Complete] + standing[forecast.NotComplete]
	for _, test := range []struct {
		what      string
		of, all   int
		low, high float64 // percent
	}{
		{"valid", evaluations[forecast.Valid], judged, 90, 99.8},
		{"not valid", evaluations[forecast.NotValid], judged, .1, 5},
		{"extraneous", evaluations[forecast.Extraneous], judged, .1, 5},
		{"by the days of grace", grace, judged, .2, 5},
		{"folded reports", folded, shots, .1, 5},
		{"complete", standing[forecast.Complete], all, 20, 70},
	} {
		if got := 100 * float64(test.of) / float64(test.all); got < test.low || got > test.high {
			t.Errorf("%s: %.2f %%, want %v to %v", test.what, got, test.low, test.high)
		}
	}
}

// TestTryOutHistories holds the histories made by hand to what they are there to
// show.
func TestTryOutHistories(t *testing.T) {
	people := sample.GuidePeople()
	reg := loaded(t, people)
	of := func(id iis.ClientID) registry.Immunizations {
		m, err := reg.Immunizations(t.Context(), staff, id)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	standing := func(id iis.ClientID, want map[string]forecast.SeriesStatus) registry.Immunizations {
		t.Helper()
		m := of(id)
		for group, status := range want {
			if f := m.Result.Primary(group); f.Status != status {
				t.Errorf("%s of client %s: %s, want %s", group, id, f.Status, status)
			}
		}
		return m
	}
	// bad counts the evaluations that do not count a dose, and those that count it
	// by the days of grace.
	bad := func(m registry.Immunizations) (not, grace int) {
		for _, d := range m.Result.Doses {
			for _, e := range d.Evaluations {
				if e.Status == forecast.NotValid {
					not++
				}
				if e.Grace {
					grace++
				}
			}
		}
		return not, grace
	}

	m := standing(sample.Rainbow, map[string]forecast.SeriesStatus{"MMR": forecast.Complete, "Varicella": forecast.Immune, "DTaP/Tdap/Td": forecast.NotComplete})
	if not, grace := bad(m); not != 1 || grace != 1 || len(m.Shots) != 7 {
		t.Errorf("client %s: %d shots, %d evaluations do not count a dose and %d by grace, want 7, 1 and 1", sample.Rainbow, len(m.Shots), not, grace)
	}
	for _, f := range of(sample.UpToDate).Result.Forecasts {
		if f.Primary && f.Status == forecast.NotComplete && !f.Recommended.After(sample.Today) {
			t.Errorf("client %s: %s is due since %s, want nothing due", sample.UpToDate, f.VaccineGroup, f.Recommended)
		}
	}
	for _, group := range []string{"DTaP/Tdap/Td", "Polio", "Hib", "Pneumococcal", "Rotavirus"} {
		if f := of(sample.InfantDue).Result.Primary(group); f.Status != forecast.NotComplete || f.Recommended != sample.Today {
			t.Errorf("client %s: %s is %s, recommended on %s, want it due on %s", sample.InfantDue, group, f.Status, f.Recommended, sample.Today)
		}
	}
	if not, grace := bad(of(sample.TooEarly)); not < 5 || grace < 3 {
		t.Errorf("client %s: %d evaluations do not count a dose and %d by grace, want several", sample.TooEarly, not, grace)
	}
	standing(sample.Grown, map[string]forecast.SeriesStatus{"Zoster": forecast.Complete, "Pneumococcal": forecast.Complete, "RSV": forecast.NotComplete})
	standing(sample.Contraindicated, map[string]forecast.SeriesStatus{"MMR": forecast.Contraindicated, "Varicella": forecast.Contraindicated, "Hib": forecast.NotComplete})
	standing(sample.BloodProduct, map[string]forecast.SeriesStatus{"MMR": forecast.Contraindicated, "Varicella": forecast.Contraindicated, "HepA": forecast.NotComplete})
}
