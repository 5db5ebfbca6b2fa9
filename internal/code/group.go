package code

import (
	"fmt"
	"slices"

	"openiis.org/iis"
)

// Group is a vaccine group of CDC's. Some of them are one group to CDSi: DTAP,
// TDAP and Td are DTaP/Tdap/Td.
type Group struct {
	CDC      string  // CDC's name: "DTAP"
	CVX      iis.CVX // CDC's code for a vaccine of the group that is not specified: 107
	Name     string  // as CDSi names it, "DTaP/Tdap/Td", or our own word
	Forecast bool    // CDSi says when a vaccine of it is due
}

// Groups returns CDC's vaccine groups.
func Groups() []Group { return slices.Clone(loaded().groups) }

// GroupsOf returns the vaccine groups that a vaccine belongs to, as CDSi names
// them (those of iis.VaccineGroups), in the order of the alphabet; several for a
// combination. Groups that CDSi does not forecast have a name of our own, such as
// "Anthrax". Immune globulins and codes that are not known are in none.
func GroupsOf(cvx iis.CVX) []string {
	if v := loaded().vaccine(cvx); v != nil {
		return slices.Clone(v.names)
	}
	return nil
}

// names returns the names of CDC's groups, each once.
func (t *table) names(groups []string) ([]string, error) {
	var names []string
	for _, cdc := range groups {
		i := slices.IndexFunc(t.groups, func(g Group) bool { return g.CDC == cdc })
		if i < 0 {
			return nil, fmt.Errorf("there is no group %q", cdc)
		}
		names = append(names, t.groups[i].Name)
	}
	slices.SortFunc(names, compareFold)
	return slices.Compact(names), nil
}
