package code_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/forecast/cdsi"
)

// unlike are vaccines whose groups are not those of CDSi, with the reason.
var unlike = map[iis.CVX]string{
	"121": "CDSi counts zoster vaccine as a dose given by mistake against varicella; it is no varicella vaccine",
}

// TestGroupsAreThoseOfCDSi holds the groups of each vaccine that CDSi knows to
// the antigens that CDSi says it is against.
func TestGroupsAreThoseOfCDSi(t *testing.T) {
	f, err := os.Open("../forecast/schedule.bin")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rel, err := cdsi.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	groupOf := map[string]string{}
	for _, g := range rel.Groups {
		for _, a := range g.Antigens {
			groupOf[a] = g.Name
		}
	}
	if len(rel.Vaccines) < 200 {
		t.Fatalf("CDSi knows %d vaccines, want 200 at least", len(rel.Vaccines))
	}
	known := map[iis.CVX]bool{}
	for _, v := range rel.Vaccines {
		cvx := iis.CVX(fmt.Sprintf("%02d", v.CVX))
		known[cvx] = true
		set := map[string]bool{}
		for _, a := range v.Associations {
			set[groupOf[a.Antigen]] = true
		}
		want := slices.Sorted(maps.Keys(set))
		got := slices.Sorted(slices.Values(code.GroupsOf(cvx)))
		switch agree, reason := slices.Equal(got, want), unlike[cvx]; {
		case !agree && reason == "":
			t.Errorf("GroupsOf(%s) = %q, CDSi has %q", cvx, got, want)
		case agree && reason != "":
			t.Errorf("GroupsOf(%s) = %q as CDSi has them, but is listed as unlike: %s", cvx, got, reason)
		}
	}

	// The other way round: a vaccine in a group that is forecast is one that CDSi
	// can count.
	for _, v := range code.Vaccines() {
		for _, g := range code.GroupsOf(v.CVX) {
			if slices.Contains(iis.VaccineGroups, g) && !known[v.CVX] && v.Status != code.NeverActive {
				t.Errorf("CVX %s is in the group %s, but CDSi does not know it", v.CVX, g)
			}
		}
	}
}

// TestGroupsAreForecast holds the names of the groups that are forecast to the
// schedule that ships.
func TestGroupsAreForecast(t *testing.T) {
	s, err := forecast.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, g := range code.Groups() {
		if g.Forecast {
			set[g.Name] = true
		}
		if slices.Contains(s.VaccineGroups(), g.Name) != g.Forecast {
			t.Errorf("group %s (%s) is forecast: %v, want %v", g.Name, g.CDC, g.Forecast, !g.Forecast)
		}
	}
	if got, want := slices.Sorted(maps.Keys(set)), slices.Sorted(slices.Values(s.VaccineGroups())); !slices.Equal(got, want) {
		t.Errorf("groups that are forecast = %q, want %q", got, want)
	}
}
