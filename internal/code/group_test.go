package code

import (
	"slices"
	"testing"

	"openiis.org/iis"
)

func TestGroupsOf(t *testing.T) {
	for cvx, want := range map[iis.CVX][]string{
		"08": {"HepB"}, "8": {"HepB"}, "110": {"DTaP/Tdap/Td", "HepB", "Polio"}, "146": {"DTaP/Tdap/Td", "HepB", "Hib", "Polio"},
		"94": {"MMR", "Varicella"}, "104": {"HepA", "HepB"}, "316": {"Meningococcal", "Meningococcal B"}, "115": {"DTaP/Tdap/Td"},
		"33": {"Pneumococcal"}, "187": {"Zoster"}, "306": {"RSV"}, "112": {"DTaP/Tdap/Td"}, "24": {"Anthrax"}, "30": nil, "777": nil, "": nil,
	} {
		if got := GroupsOf(cvx); !slices.Equal(got, want) {
			t.Errorf("GroupsOf(%q) = %q, want %q", cvx, got, want)
		}
	}
}
