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

// Reports are all reports of the shot, the one that speaks for it first.
func (s Shot) Reports() []iis.Dose {
	return append([]iis.Dose{s.Dose}, s.Others...)
}

// judged is the report by which a schedule judges the shot: one that names the
// formulation, then one of who gave it, then the oldest. It is the same for
// whoever looks, or else a verdict would depend on who asks.
func (s Shot) judged() iis.Dose {
	best := s.Dose
	for _, d := range s.Others {
		if tells(d) > tells(best) || tells(d) == tells(best) && earlier(d, best) {
			best = d
		}
	}
	return best
}

// tells ranks the reports of one shot by how much they tell.
func tells(d iis.Dose) int {
	n := 0
	if d.Kind == iis.Administered {
		n++
	}
	if !unspecified(code.Canonical(string(d.Vaccine))) {
		n += 2
	}
	return n
}

// earlier reports whether a report was entered before another.
func earlier(a, b iis.Dose) bool {
	if c := a.Entered.Compare(b.Entered); c != 0 {
		return c < 0
	}
	return a.ID < b.ID
}

// shots folds the reports of one shot on one day into one, so that it counts
// once and no report is lost. The doses are in order of their dates, and so are
// the shots. The acting organization's own report speaks for the shot, then one
// of who gave it, then the oldest. Refusals are not shots.
func shots(doses []iis.Dose, own iis.OrganizationID) []Shot {
	folded := make([]Shot, 0, len(doses))
	for len(doses) > 0 {
		n := 1
		for n < len(doses) && doses[n].Date == doses[0].Date {
			n++
		}
		folded = foldDay(folded, doses[:n], own)
		doses = doses[n:]
	}
	return folded
}

// foldDay adds the shots of one day. Reports that name the formulation come
// first: each of the others then has one shot that it can be a report of,
// whatever the order they were entered in.
func foldDay(folded []Shot, day []iis.Dose, own iis.OrganizationID) []Shot {
	first := len(folded)
	for _, vague := range []bool{false, true} {
		for _, d := range day {
			x := code.Canonical(string(d.Vaccine))
			if !d.Given() || unspecified(x) != vague {
				continue
			}
			i := slices.IndexFunc(folded[first:], func(s Shot) bool { return sameShot(s.Dose, d) })
			if i < 0 {
				folded = append(folded, Shot{Dose: d})
				continue
			}
			s := &folded[first+i]
			s.Others = append(s.Others, d)
		}
	}
	for i := first; i < len(folded); i++ {
		s := &folded[i]
		for j := range s.Others {
			d := s.Others[j]
			if a, b := speaks(d, own), speaks(s.Dose, own); a > b || a == b && earlier(d, s.Dose) {
				s.Dose, s.Others[j] = d, s.Dose
			}
		}
	}
	return folded
}

// sameShot reports whether two reports are of one shot: the same vaccine on the
// same day, or one whose formulation was not told beside one of the same vaccine
// groups. A full dose that an organization gave after one that was not is another
// shot.
func sameShot(a, b iis.Dose) bool {
	if a.Date != b.Date || givenAgain(a, b) {
		return false
	}
	x, y := code.Canonical(string(a.Vaccine)), code.Canonical(string(b.Vaccine))
	if x == y {
		return true
	}
	if unspecified(x) == unspecified(y) {
		return false
	}
	groups := code.GroupsOf(x)
	return len(groups) > 0 && slices.Equal(groups, code.GroupsOf(y))
}

// givenAgain reports whether one who gave two doses says that one of them was full
// and the other not: then the full one counts.
func givenAgain(a, b iis.Dose) bool {
	return a.By == b.By && a.Kind == iis.Administered && b.Kind == iis.Administered && a.Subpotent != b.Subpotent
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
