package cdsi

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"openiis.org/iis"
)

// scheduleFile is the file of a release that is not about one antigen.
const scheduleFile = "ScheduleSupportingData.xml"

// antigenFiles begin the names of the files of antigens.
const antigenFiles = "AntigenSupportingData"

// Read reads the XML files of a release, which lie side by side in fsys. It takes
// nothing it does not understand: an element, a unit or a word of logic it has
// not met is an error, and so is a code that the release itself does not define.
// All that is wrong is said at once.
func Read(fsys fs.FS, version string) (*Release, error) {
	names, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	rel := &Release{Version: version, Source: "CDC CDSi supporting data " + version}
	r := &reader{}
	found := false
	for _, e := range names {
		name := e.Name()
		if path.Ext(name) != ".xml" || e.IsDir() {
			continue
		}
		root, err := open(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		leave := r.in("%s", name)
		switch {
		case name == scheduleFile && root.name == "scheduleSupportingData":
			found = true
			r.schedule(root, rel)
		case strings.HasPrefix(name, antigenFiles) && root.name == "antigenSupportingData":
			rel.Antigens = append(rel.Antigens, r.antigen(root))
		default:
			r.errorf("is not a file of CDSi supporting data")
		}
		leave()
	}
	leave := r.in("release")
	if !found {
		r.errorf("there is no file %s", scheduleFile)
	}
	if len(rel.Antigens) == 0 {
		r.errorf("there are no files %s*.xml", antigenFiles)
	}
	leave()
	slices.SortFunc(rel.Antigens, func(a, b Antigen) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(rel.Vaccines, func(a, b Vaccine) int { return a.CVX - b.CVX })
	if r.errs == nil {
		r.check(rel)
	}
	if r.errs != nil {
		return nil, errors.Join(r.errs...)
	}
	rel.sum()
	return rel, nil
}

func open(fsys fs.FS, name string) (*node, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parse(f)
}

func (r *reader) antigen(root *node) Antigen {
	var a Antigen
	for _, n := range root.all("immunity") {
		for _, h := range n.all("clinicalHistory") {
			a.Immunity = append(a.Immunity, r.code(h, "guidelineCode"))
			r.str(h, "guidelineTitle")
			r.done(h)
		}
		for _, b := range n.all("dateOfBirth") {
			bi := BirthImmunity{Before: r.date(b, "immunityBirthDate", "01/02/2006"), Country: r.str(b, "birthCountry")}
			if bi.Before.IsZero() {
				r.errorf("immunity by birth without a date")
			}
			for _, x := range b.all("exclusion") {
				bi.Exclusions = append(bi.Exclusions, r.code(x, "exclusionCode"))
				r.str(x, "exclusionTitle")
				r.done(x)
			}
			r.done(b)
			a.BirthImmunity = append(a.BirthImmunity, bi)
		}
		r.done(n)
	}
	for _, n := range root.all("contraindications") {
		r.contraindications(n, &a)
	}
	for i, n := range root.all("series") {
		leave := r.in("series %d", i+1)
		disease := r.str(n, "targetDisease")
		if a.Name == "" {
			a.Name = disease
		}
		if disease == "" || disease != a.Name {
			r.errorf("target disease %q in the file of %q", disease, a.Name)
		}
		a.Series = append(a.Series, r.series(n))
		leave()
	}
	if len(a.Series) == 0 {
		r.errorf("has no series")
	}
	r.done(root)
	return a
}

func (r *reader) contraindications(n *node, a *Antigen) {
	for _, g := range n.all("vaccineGroup") {
		for _, c := range g.all("contraindication") {
			a.Contraindications = append(a.Contraindications, Contraindication{
				Observation: r.code(c, "observationCode"),
				Text:        r.str(c, "contraindicationText"), Guidance: r.str(c, "contraindicationGuidance"),
				BeginAge: r.period(c, "beginAge"), EndAge: r.period(c, "endAge"),
			})
			r.str(c, "observationTitle")
			r.done(c)
		}
		r.done(g)
	}
	for _, g := range n.all("vaccine") {
		for _, c := range g.all("contraindication") {
			cv := ContraindicatedVaccines{Observation: r.code(c, "observationCode"),
				Text: r.str(c, "contraindicationText"), Guidance: r.str(c, "contraindicationGuidance")}
			r.str(c, "observationTitle")
			for _, v := range c.all("contraindicatedVaccine") {
				cv.Vaccines = append(cv.Vaccines, r.window(v))
				r.done(v)
			}
			r.done(c)
			a.Contraindicated = append(a.Contraindicated, cv)
		}
		r.done(g)
	}
	r.done(n)
}

func (r *reader) window(n *node) VaccineWindow {
	r.str(n, "vaccineType")
	return VaccineWindow{CVX: r.cvx(n, "cvx"), BeginAge: r.period(n, "beginAge"), EndAge: r.period(n, "endAge")}
}

func (r *reader) series(n *node) Series {
	s := Series{
		Name: r.str(n, "seriesName"), Group: r.str(n, "vaccineGroup"), Guidance: r.texts(n, "seriesAdminGuidance"),
		Type: r.oneOf(n, "seriesType", Standard, Risk, EvaluationOnly), Equivalent: r.numbers(n, "equivalentSeriesGroups"),
	}
	defer r.in("%s", s.Name)()
	for _, g := range n.all("requiredGender") {
		switch g := clean(g.text); g {
		case "Female", "Male", "Unknown":
			s.Genders = append(s.Genders, g)
		default:
			r.errorf("requiredGender: %q is not known", g)
		}
	}
	sel := r.one(n, "selectSeries")
	s.Default, s.ProductPath = r.yes(sel, "defaultSeries"), r.yes(sel, "productPath")
	s.SeriesGroup, s.GroupName = r.number(sel, "seriesGroup"), r.str(sel, "seriesGroupName")
	s.Priority, s.Preference = r.oneOf(sel, "seriesPriority", "A", "B", "C", ""), r.number(sel, "seriesPreference")
	s.MinAge, s.MaxAge = r.period(sel, "minAgeToStart"), r.period(sel, "maxAgeToStart")
	if s.SeriesGroup == 0 {
		r.errorf("has no series group")
	}
	r.done(sel)
	for _, i := range n.all("indication") {
		o := r.one(i, "observationCode")
		ind := Indication{Observation: r.code(o, "code"), Text: r.str(i, "description"),
			BeginAge: r.period(i, "beginAge"), EndAge: r.period(i, "endAge"), Guidance: r.str(i, "guidance")}
		r.str(o, "text")
		r.done(o)
		r.done(i)
		s.Indications = append(s.Indications, ind)
	}
	for i, d := range n.all("seriesDose") {
		leave := r.in("dose %d", i+1)
		if got, want := r.str(d, "doseNumber"), fmt.Sprintf("Dose %d", i+1); got != want {
			r.errorf("is numbered %q", got)
		}
		s.Doses = append(s.Doses, r.dose(d))
		leave()
	}
	if len(s.Doses) == 0 {
		r.errorf("has no doses")
	}
	r.done(n)
	return s
}

func (r *reader) dose(n *node) Dose {
	d := Dose{Recurring: r.yes(n, "recurringDose")}
	for _, a := range n.all("age") {
		d.Ages = append(d.Ages, Age{
			AbsMin: r.period(a, "absMinAge"), Min: r.period(a, "minAge"),
			EarliestRec: r.period(a, "earliestRecAge"), LatestRec: r.period(a, "latestRecAge"), Max: r.period(a, "maxAge"),
			Effective: r.day(a, "effectiveDate"), Cessation: r.day(a, "cessationDate"),
		})
		r.done(a)
	}
	for _, i := range n.all("interval") {
		d.Intervals = append(d.Intervals, r.interval(i))
	}
	for _, i := range n.all("allowableInterval") {
		d.Allowable = append(d.Allowable, r.interval(i))
	}
	for _, v := range n.all("preferableVaccine") {
		d.Preferable = append(d.Preferable, PreferableVaccine{
			VaccineWindow: r.window(v), TradeName: r.str(v, "tradeName"), MVX: r.str(v, "mvx"),
			Volume: r.str(v, "volume"), Forecast: r.oneOf(v, "forecastVaccineType", "Y", "N") == "Y",
		})
		r.done(v)
	}
	for _, v := range n.all("allowableVaccine") {
		d.Alternative = append(d.Alternative, r.window(v))
		r.done(v)
	}
	for _, v := range n.all("inadvertentVaccine") {
		r.str(v, "vaccineType")
		d.Inadvertent = append(d.Inadvertent, r.cvx(v, "cvx"))
		r.done(v)
	}
	for _, s := range n.all("conditionalSkip") {
		d.Skips = append(d.Skips, r.skip(s))
	}
	for _, s := range n.all("seasonalRecommendation") {
		d.SeasonStart, d.SeasonEnd = r.day(s, "startDate"), r.day(s, "endDate")
		if d.SeasonStart.IsZero() {
			r.errorf("a season without a start")
		}
		r.done(s)
	}
	r.done(n)
	return d
}

func (r *reader) interval(n *node) Interval {
	i := Interval{
		FromPrevious: r.oneOf(n, "fromPrevious", "Y", "N", "") == "Y",
		FromTarget:   r.number(n, "fromTargetDose"), FromMostRecent: r.numbers(n, "fromMostRecent"),
		AbsMin: r.period(n, "absMinInt"), Min: r.period(n, "minInt"),
		EarliestRec: r.period(n, "earliestRecInt"), LatestRec: r.period(n, "latestRecInt"),
		// The specification says Y where the data says override.
		Override:  r.oneOf(n, "intervalPriority", "", "override", "Y") != "",
		Effective: r.day(n, "effectiveDate"), Cessation: r.day(n, "cessationDate"),
	}
	o := r.one(n, "fromRelevantObs")
	i.FromObservation = r.code(o, "code")
	r.str(o, "text")
	r.done(o)
	r.done(n)
	references := 0
	for _, is := range []bool{i.FromPrevious, i.FromTarget > 0, len(i.FromMostRecent) > 0, i.FromObservation != ""} {
		if is {
			references++
		}
	}
	if references != 1 {
		r.errorf("an interval from %d references, not one", references)
	}
	return i
}

func (r *reader) skip(n *node) Skip {
	s := Skip{Context: r.oneOf(n, "context", InEvaluation, InForecast, InBoth), All: r.oneOf(n, "setLogic", "", "OR", "AND") == "AND"}
	for _, z := range n.all("set") {
		set := Set{Description: r.str(z, "setDescription"), Effective: r.day(z, "effectiveDate"), Cessation: r.day(z, "cessationDate"),
			All: r.oneOf(z, "conditionLogic", "", "OR", "AND") == "AND"}
		r.str(z, "setID")
		for _, c := range z.all("condition") {
			set.Conditions = append(set.Conditions, r.condition(c))
		}
		if len(set.Conditions) == 0 {
			r.errorf("a set without conditions")
		}
		r.done(z)
		s.Sets = append(s.Sets, set)
	}
	if len(s.Sets) == 0 {
		r.errorf("a conditional skip without sets")
	}
	r.done(n)
	return s
}

func (r *reader) condition(n *node) Condition {
	r.str(n, "conditionID")
	c := Condition{
		Start: r.day(n, "startDate"), End: r.day(n, "endDate"),
		BeginAge: r.period(n, "beginAge"), EndAge: r.period(n, "endAge"), Interval: r.period(n, "interval"),
		Count: r.number(n, "doseCount"), CVX: r.numbers(n, "vaccineTypes"), SeriesGroups: r.numbers(n, "seriesGroups"),
	}
	switch t := r.str(n, "conditionType"); strings.ToLower(t) {
	case "age":
		c.Type = ByAge
	case "interval":
		c.Type = ByInterval
		if c.Interval.IsZero() {
			r.errorf("a condition of an interval without one")
		}
	case "completed series":
		c.Type = CompletedSeries
		if len(c.SeriesGroups) == 0 {
			r.errorf("a condition of a completed series without a series group")
		}
	case "vaccine count by age", "vaccine count by date", "vaccine count by date and age":
		c.Type = ByCount
	default:
		r.errorf("conditionType: %q is not known", t)
	}
	kind, logic := "", ""
	if c.Type == ByCount {
		kind = r.oneOf(n, "doseType", "Valid", "Total")
		logic = r.oneOf(n, "doseCountLogic", "greater than", "equal to", "less than")
	} else if t := r.str(n, "doseType") + r.str(n, "doseCountLogic"); t != "" {
		r.errorf("a condition of type %s with %q", c.Type, t)
	}
	c.Valid = kind == "Valid"
	c.Compare = map[string]string{"greater than": ">", "equal to": "=", "less than": "<"}[logic]
	r.done(n)
	return c
}

func (r *reader) schedule(root *node, rel *Release) {
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

// check holds the release to its own codes.
func (r *reader) check(rel *Release) {
	leave := r.in("release")
	defer leave()
	antigens, groups, vaccines, observations := map[string]string{}, map[string]bool{}, map[int]bool{}, map[string]bool{}
	once := func(new bool, format string, args ...any) {
		if !new {
			r.errorf("%s stands twice", fmt.Sprintf(format, args...))
		}
	}
	for _, g := range rel.Groups {
		once(!groups[g.Name], "vaccine group %q", g.Name)
		groups[g.Name] = true
		for _, a := range g.Antigens {
			once(antigens[a] == "", "antigen %q", a)
			antigens[a] = g.Name
		}
	}
	for _, v := range rel.Vaccines {
		once(!vaccines[v.CVX], "CVX %d", v.CVX)
		vaccines[v.CVX] = true
		for _, a := range v.Associations {
			if antigens[a.Antigen] == "" {
				r.errorf("CVX %d counts for the unknown antigen %q", v.CVX, a.Antigen)
			}
		}
	}
	for _, o := range rel.Observations {
		once(!observations[o.Code], "observation %s", o.Code)
		observations[o.Code] = true
	}
	vaccine := func(cvx int) {
		if !vaccines[cvx] {
			r.errorf("CVX %d is not defined", cvx)
		}
	}
	observed := func(code string) {
		if !observations[code] {
			r.errorf("observation %q is not defined", code)
		}
	}
	// Conflicts name vaccines that count for no antigen of the release, such as
	// BCG: they are in the way all the same.
	have := map[string]bool{}
	for _, a := range rel.Antigens {
		leave := r.in("%s", a.Name)
		once(!have[a.Name], "antigen %q", a.Name)
		have[a.Name] = true
		for _, c := range a.Immunity {
			observed(c)
		}
		for _, b := range a.BirthImmunity {
			for _, c := range b.Exclusions {
				observed(c)
			}
		}
		for _, c := range a.Contraindications {
			observed(c.Observation)
		}
		for _, c := range a.Contraindicated {
			observed(c.Observation)
			for _, v := range c.Vaccines {
				vaccine(v.CVX)
			}
		}
		for i := range a.Series {
			r.checkSeries(&a.Series[i], antigens[a.Name], vaccine, observed)
		}
		leave()
	}
	for a := range antigens {
		if !have[a] {
			r.errorf("there is no file of the antigen %q", a)
		}
	}
}

func (r *reader) checkSeries(s *Series, group string, vaccine func(int), observed func(string)) {
	defer r.in("%s", s.Name)()
	if s.Group != group || group == "" {
		r.errorf("vaccine group %q, where the map of groups says %q", s.Group, group)
	}
	if s.Type == Risk && len(s.Indications) == 0 {
		r.errorf("a risk series without indications")
	}
	for _, i := range s.Indications {
		observed(i.Observation)
	}
	for i, d := range s.Doses {
		leave := r.in("dose %d", i+1)
		for _, v := range d.Preferable {
			vaccine(v.CVX)
		}
		for _, v := range d.Alternative {
			vaccine(v.CVX)
		}
		for _, v := range d.Inadvertent {
			vaccine(v)
		}
		for _, iv := range append(slices.Clone(d.Intervals), d.Allowable...) {
			if iv.FromTarget > i {
				r.errorf("an interval from dose %d", iv.FromTarget)
			}
			if iv.FromObservation != "" {
				observed(iv.FromObservation)
			}
		}
		if d.SeasonEnd != (iis.Date{}) && d.SeasonEnd.Before(d.SeasonStart) {
			r.errorf("a season that ends before it starts")
		}
		leave()
	}
}
