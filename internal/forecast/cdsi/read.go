package cdsi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// scheduleFile is the file of a release that is not about one antigen.
const scheduleFile = "ScheduleSupportingData.xml"

// antigenFiles begin the names of the files of antigens.
const antigenFiles = "AntigenSupportingData"

// What a release may come to. That of CDC is 2.6 MB in 31 files, the greatest of
// them half a megabyte.
const (
	mostFiles    = 200
	greatestFile = 8 << 20
	greatestAll  = 32 << 20
)

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
	r := &reader{files: map[string]string{}, left: greatestAll}
	found, files := false, 0
	for _, e := range names {
		name := e.Name()
		if !strings.EqualFold(path.Ext(name), ".xml") || strings.HasPrefix(name, ".") || e.IsDir() {
			continue
		}
		if files++; files > mostFiles {
			return nil, fmt.Errorf("more than %d XML files: that is not one release", mostFiles)
		}
		root, err := r.open(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		leave := r.in("%s", name)
		r.line = 0
		switch {
		case name == scheduleFile && root.name == "scheduleSupportingData":
			found = true
			r.schedule(root, rel)
		case strings.HasPrefix(name, antigenFiles) && root.name == "antigenSupportingData":
			a := r.antigen(root)
			if other := r.files[a.Name]; other != "" {
				r.errorf("antigen %q has a file already, %s", a.Name, other)
			}
			r.files[a.Name] = name
			rel.Antigens = append(rel.Antigens, a)
		default:
			r.errorf("is not a file of CDSi supporting data")
		}
		leave()
	}
	r.line = 0
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

func (r *reader) open(fsys fs.FS, name string) (*node, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := &io.LimitedReader{R: f, N: min(greatestFile, r.left) + 1}
	root, err := parse(in)
	if in.N == 0 {
		return nil, fmt.Errorf("the files are larger than a release can be: %d MB each, %d MB together", greatestFile>>20, greatestAll>>20)
	}
	r.left -= min(greatestFile, r.left) + 1 - in.N
	return root, err
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
	r.has(root, "contraindications")
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
	r.seriesGroups(append([]int{s.SeriesGroup}, s.Equivalent...))
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

// mostSeriesGroups is the greatest number of a series group; CDC goes to 3.
const mostSeriesGroups = 31

func (r *reader) seriesGroups(list []int) {
	for _, g := range list {
		if g > mostSeriesGroups {
			r.errorf("series group %d, more than %d", g, mostSeriesGroups)
		}
	}
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
	r.seriesGroups(c.SeriesGroups)
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
