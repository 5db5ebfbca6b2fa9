package paper

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
)

// Facts are what records say of a client, as it was worked out for one day.
// What is not here is on no record.
type Facts struct {
	Client iis.ClientID
	Name   iis.Name
	Birth  iis.Date

	AsOf     iis.Date
	Schedule string // version of the rules
	Shots    []Shot // by date
	Comments []iis.Comment
	Due      []Due // one a vaccine group, in order of the groups' names
	// Lapsed are vaccine groups in which the rules know of nothing for the client on
	// the day: their season has ended.
	Lapsed []string
}

// Shot is one immunization that was given, whoever reported it.
type Shot struct {
	Date      iis.Date
	Vaccine   iis.CVX
	TradeName string
	Verdicts  []Verdict // one a vaccine group, by name
}

// Verdict is what a shot counts for in a vaccine group.
type Verdict struct {
	VaccineGroup string
	Mark         Mark
}

// Mark is a verdict in one word of records.
type Mark string

// The marks. CDSi's Sub-standard is Not valid: the dose must be given again.
const (
	Valid     Mark = "Valid"
	NotValid  Mark = "Not valid"
	Extra     Mark = "Extra"      // given though none was needed
	NotJudged Mark = "Not judged" // the rules have no verdict
)

// Due is what one vaccine group has coming.
type Due struct {
	VaccineGroup                   string
	Standing                       Standing
	Earliest, Recommended, PastDue iis.Date
}

// Standing is where a client stands in a vaccine group on the day, in the words
// of the screens.
type Standing string

// The standings, the most urgent first.
const (
	Overdue         Standing = "Overdue"
	DueNow          Standing = "Due now"
	DueLater        Standing = "Due later"
	Complete        Standing = "Complete"
	Immune          Standing = "Immune"
	Contraindicated Standing = "Contraindicated"
	AgedOut         Standing = "Aged out"
	NotRecommended  Standing = "Not recommended"
)

// StandingOf says where a forecast stands on a day.
func StandingOf(f forecast.Forecast, day iis.Date) Standing {
	switch f.Status {
	case forecast.Complete:
		return Complete
	case forecast.Immune:
		return Immune
	case forecast.Contraindicated:
		return Contraindicated
	case forecast.AgedOut:
		return AgedOut
	case forecast.NotComplete:
		switch {
		case !f.PastDue.IsZero() && !day.Before(f.PastDue):
			return Overdue
		case !f.Recommended.IsZero() && !day.Before(f.Recommended):
			return DueNow
		}
		return DueLater
	}
	return NotRecommended
}

// Judge puts the verdicts on a dose into a shot. Vaccine groups that the rules
// left without one are marked as not judged.
func (s *Shot) Judge(res forecast.DoseResult) {
	s.Verdicts = nil
	for _, e := range res.Evaluations {
		s.Verdicts = append(s.Verdicts, Verdict{e.VaccineGroup, markOf(e.Status)})
	}
	for _, g := range code.GroupsOf(s.Vaccine) {
		if !slices.ContainsFunc(s.Verdicts, func(v Verdict) bool { return v.VaccineGroup == g }) {
			s.Verdicts = append(s.Verdicts, Verdict{g, NotJudged})
		}
	}
	if len(s.Verdicts) == 0 {
		s.Verdicts = []Verdict{{VaccineGroup: noGroup, Mark: NotJudged}}
	}
	slices.SortFunc(s.Verdicts, func(a, b Verdict) int { return compareFold(a.VaccineGroup, b.VaccineGroup) })
}

// noGroup stands for a vaccine that is in no group.
const noGroup = "Other"

func markOf(s forecast.EvaluationStatus) Mark {
	switch s {
	case forecast.Valid:
		return Valid
	case forecast.NotValid, forecast.Substandard:
		return NotValid
	case forecast.Extraneous:
		return Extra
	}
	return NotJudged
}

// Foresee takes in the forecasts: the primary one of each vaccine group.
func (f *Facts) Foresee(list []forecast.Forecast) {
	f.Due = nil
	for _, c := range list {
		if c.Primary {
			f.Due = append(f.Due, Due{c.VaccineGroup, StandingOf(c, f.AsOf), c.Earliest, c.Recommended, c.PastDue})
		}
	}
	slices.SortFunc(f.Due, func(a, b Due) int { return compareFold(a.VaccineGroup, b.VaccineGroup) })
}

// Sort puts shots and comments into the one order that records have, whatever
// order they were read in.
func (f *Facts) Sort() {
	slices.SortStableFunc(f.Shots, func(a, b Shot) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Vaccine, b.Vaccine), cmp.Compare(a.TradeName, b.TradeName))
	})
	slices.SortStableFunc(f.Comments, func(a, b iis.Comment) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Code, b.Code))
	})
}

// Initials are the first letters of first and last name: "D.D.".
func (f Facts) Initials() string {
	var b strings.Builder
	for _, name := range []string{f.Name.First, f.Name.Last} {
		for _, r := range strings.TrimSpace(name) {
			b.WriteString(strings.ToUpper(string(r)) + ".")
			break
		}
	}
	return b.String()
}

// FullName is the name as records have it: "DUCK, Don Fauntleroy JR".
func FullName(n iis.Name) string {
	rest := strings.Join(strings.Fields(n.First+" "+n.Middle+" "+n.Suffix), " ")
	if rest == "" {
		return n.Last
	}
	return n.Last + ", " + rest
}

// kind returns the comments of a kind.
func (f Facts) kind(kinds ...iis.CommentKind) []iis.Comment {
	var list []iis.Comment
	for _, c := range f.Comments {
		if slices.Contains(kinds, kindOf(c.Code)) {
			list = append(list, c)
		}
	}
	return list
}

// kindOf is the kind of a comment, "" if nobody knows its code.
func kindOf(c iis.CommentCode) iis.CommentKind {
	row, _ := iis.CommentRowOf(c)
	return row.Kind
}

// others are the comments that an official record shows only if asked to: all
// but immunity and medical exemptions.
func (f Facts) others() []iis.Comment {
	return slices.DeleteFunc(slices.Clone(f.Comments), func(c iis.Comment) bool {
		k := kindOf(c.Code)
		return k == iis.KindImmunity || k == iis.KindExemption
	})
}

// groups are the vaccine groups of the shots, by name.
func (f Facts) groups() []string {
	var list []string
	for _, s := range f.Shots {
		for _, v := range s.Verdicts {
			list = append(list, v.VaccineGroup)
		}
	}
	slices.SortFunc(list, compareFold)
	return slices.Compact(list)
}

// verdict is what a shot counts for in a vaccine group.
func (s Shot) verdict(group string) (Verdict, bool) {
	i := slices.IndexFunc(s.Verdicts, func(v Verdict) bool { return v.VaccineGroup == group })
	if i < 0 {
		return Verdict{}, false
	}
	return s.Verdicts[i], true
}

func compareFold(a, b string) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
}
