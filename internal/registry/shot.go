package registry

import (
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// Shot is one immunization as it was given: the report that speaks for it, and
// the other reports of the same one.
type Shot struct {
	Dose   iis.Dose
	Others []iis.Dose // none if it was reported once
}

// shots folds the reports of one shot on one day into one, so that it counts
// once and no report is lost. The acting organization's own report speaks for the
// shot, then one of who gave it, then the oldest. Refusals are not shots.
func shots(doses []iis.Dose, own iis.OrganizationID) []Shot {
	var folded []Shot
	for _, d := range doses {
		if !d.Given() {
			continue
		}
		i := slices.IndexFunc(folded, func(s Shot) bool {
			return sameShot(s.Dose, d) || slices.ContainsFunc(s.Others, func(o iis.Dose) bool { return sameShot(o, d) })
		})
		if i < 0 {
			folded = append(folded, Shot{Dose: d})
			continue
		}
		s := &folded[i]
		s.Others = append(s.Others, d)
		last := len(s.Others) - 1
		if speaks(d, own) > speaks(s.Dose, own) {
			s.Dose, s.Others[last] = d, s.Dose
		}
	}
	return folded
}

// sameShot reports whether two reports are of one shot: the same vaccine on the
// same day, or one whose formulation was not told beside one of the same vaccine
// groups.
func sameShot(a, b iis.Dose) bool {
	if a.Date != b.Date {
		return false
	}
	x, y := code.Canonical(string(a.Vaccine)), code.Canonical(string(b.Vaccine))
	if x == y {
		return true
	}
	groups := code.GroupsOf(x)
	return unspecified(x) != unspecified(y) && len(groups) > 0 && slices.Equal(groups, code.GroupsOf(y))
}

// unspecified reports whether a code says no more than against what the vaccine is.
func unspecified(cvx iis.CVX) bool {
	v, ok := code.VaccineOf(cvx)
	return ok && strings.Contains(strings.ToLower(v.Short), "unspecified")
}

// speaks ranks the reports of one shot by who knows best.
func speaks(d iis.Dose, own iis.OrganizationID) int {
	n := 0
	if d.Kind == iis.Administered {
		n += 2
	}
	if d.OwnedBy(own) {
		n += 4
	}
	return n
}

// refusals are the doses that were offered and not given.
func refusals(doses []iis.Dose) []iis.Dose {
	return slices.DeleteFunc(slices.Clone(doses), iis.Dose.Given)
}
