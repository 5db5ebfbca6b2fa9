package cdsi

import (
	"regexp"
	"slices"
	"strings"
)

func (r *reader) schedule(root *node, rel *Release) {
	for _, part := range []string{"liveVirusConflicts", "vaccineGroups", "vaccineGroupToAntigenMap", "cvxToAntigenMap", "observations"} {
		r.has(root, part)
	}
	for _, l := range root.all("liveVirusConflicts") {
		for _, n := range l.all("liveVirusConflict") {
			c := Conflict{Previous: r.conflicting(n, "previous"), Current: r.conflicting(n, "current"),
				Begin: r.period(n, "conflictBeginInterval"), MinEnd: r.period(n, "minConflictEndInterval"), End: r.period(n, "conflictEndInterval")}
			r.done(n)
			if c.Begin.IsZero() || c.MinEnd.IsZero() || c.End.IsZero() {
				r.errorf("conflict of CVX %d and %d lacks an interval", c.Previous, c.Current)
			}
			if c.MinEnd.Months != 0 || c.End.Months != 0 || c.MinEnd.Days > c.End.Days {
				r.errorf("conflict of CVX %d and %d ends after %s or %s", c.Previous, c.Current, c.MinEnd.Text, c.End.Text)
			}
			same := func(o Conflict) bool { return o.Previous == c.Previous && o.Current == c.Current }
			switch i := slices.IndexFunc(rel.Conflicts, same); {
			case i < 0:
				rel.Conflicts = append(rel.Conflicts, c)
			case rel.Conflicts[i] != c:
				r.errorf("two conflicts of CVX %d and %d that differ", c.Previous, c.Current)
			}
		}
		r.done(l)
	}
	for _, l := range root.all("vaccineGroups") {
		for _, n := range l.all("vaccineGroup") {
			rel.Groups = append(rel.Groups, Group{Name: r.str(n, "name"), Full: r.oneOf(n, "administerFullVaccineGroup", "", "Yes", "No") == "Yes"})
			r.done(n)
		}
		r.done(l)
	}
	for _, l := range root.all("vaccineGroupToAntigenMap") {
		for _, n := range l.all("vaccineGroupMap") {
			name := r.str(n, "name")
			i := slices.IndexFunc(rel.Groups, func(g Group) bool { return g.Name == name })
			if i < 0 {
				r.errorf("antigens of the unknown vaccine group %q", name)
				continue
			}
			rel.Groups[i].Antigens = append(rel.Groups[i].Antigens, r.texts(n, "antigen")...)
			r.done(n)
		}
		r.done(l)
	}
	for _, l := range root.all("cvxToAntigenMap") {
		for _, n := range l.all("cvxMap") {
			v := Vaccine{CVX: r.cvx(n, "cvx"), Name: r.str(n, "shortDescription")}
			for _, a := range n.all("association") {
				v.Associations = append(v.Associations, Association{r.str(a, "antigen"), r.period(a, "associationBeginAge"), r.period(a, "associationEndAge")})
				r.done(a)
			}
			r.done(n)
			rel.Vaccines = append(rel.Vaccines, v)
		}
		r.done(l)
	}
	for _, l := range root.all("observations") {
		for _, n := range l.all("observation") {
			rel.Observations = append(rel.Observations, r.observation(n))
		}
		r.done(l)
	}
	r.done(root)
}

func (r *reader) conflicting(n *node, name string) int {
	k := r.one(n, name)
	r.str(k, "vaccineType")
	cvx := r.cvx(k, "cvx")
	r.done(k)
	return cvx
}

// previous finds the words that say for how long a blood product, an antiviral
// drug or an antimicrobial one stands in the way.
var previous = regexp.MustCompile(`previous (\d+) (months?|days?|hours?)`)

func (r *reader) observation(n *node) Observation {
	o := Observation{Code: r.code(n, "observationCode"), Title: r.str(n, "observationTitle"), Indication: r.str(n, "indicationText"),
		Contraindication: r.str(n, "contraindicationText"), Clarifying: r.str(n, "clarifyingText")}
	r.str(n, "group")
	for _, c := range n.all("codedValues") {
		for _, v := range c.all("codedValue") {
			for _, name := range []string{"code", "codeSystem", "text"} {
				r.str(v, name)
			}
			r.done(v)
		}
		r.done(c)
	}
	r.done(n)
	if m := previous.FindStringSubmatch(o.Contraindication); m != nil {
		text := m[1] + " " + m[2]
		if strings.HasPrefix(m[2], "hour") {
			// A moment is known to the day, so a day more than the hours fill.
			text = map[string]string{"24": "1 day", "48": "2 days", "72": "3 days"}[m[1]]
		}
		var err error
		if o.Window, err = ParsePeriod(text); err != nil || o.Window.IsZero() {
			r.errorf("observation %s: %q is not a window", o.Code, m[0])
		}
	}
	return o
}
