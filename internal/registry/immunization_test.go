package registry_test

import (
	"slices"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
)

// TestOutOfSeason: a season that has ended makes unknown only what nothing else
// is known of: records do not list a vaccine group as due, and as one of which
// nothing is said.
func TestOutOfSeason(t *testing.T) {
	past := []forecast.Reason{{Code: forecast.PastSeason}}
	tests := map[string]struct {
		f    forecast.Forecast
		want bool
	}{
		"past the season":   {forecast.Forecast{VaccineGroup: "RSV", Status: forecast.NotRecommended, Reasons: past}, true},
		"due all the same":  {forecast.Forecast{VaccineGroup: "RSV", Status: forecast.NotComplete}, false},
		"complete":          {forecast.Forecast{VaccineGroup: "RSV", Status: forecast.Complete}, false},
		"for another cause": {forecast.Forecast{VaccineGroup: "RSV", Status: forecast.NotRecommended}, false},
		"another group":     {forecast.Forecast{VaccineGroup: "Influenza", Status: forecast.NotRecommended, Reasons: past}, false},
	}
	for name, test := range tests {
		test.f.Primary = true
		m := registry.Immunizations{
			Today:  iis.Date{Year: 2026, Month: 11, Day: 1},
			Result: forecast.Result{Forecasts: []forecast.Forecast{test.f}},
			Lapsed: []forecast.Season{{VaccineGroup: "RSV", End: iis.Date{Year: 2026, Month: 3, Day: 31}}},
		}
		if got := m.OutOfSeason(test.f); got != test.want {
			t.Errorf("%s: OutOfSeason = %v, want %v", name, got, test.want)
		}
		if got := slices.Contains(m.Facts().Lapsed, test.f.VaccineGroup); got != test.want {
			t.Errorf("%s: a record says nothing of the group = %v, want %v", name, got, test.want)
		}
	}
}
