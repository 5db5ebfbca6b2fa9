package cdsi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"openiis.org/iis"
)

// Release is the whole of one release of the supporting data, in its own order.
type Release struct {
	Version string // "4.64"; the files do not say it, whoever reads them does
	Source  string // who made it, in words
	Hash    string // of the content, so that two releases of one version can be told apart

	Antigens     []Antigen // in order of name
	Conflicts    []Conflict
	Groups       []Group
	Vaccines     []Vaccine // in order of CVX
	Observations []Observation
}

// Antigen is one file of antigen supporting data, named by its target disease.
type Antigen struct {
	Name              string
	Immunity          []string // codes of observations that prove immunity
	BirthImmunity     []BirthImmunity
	Contraindications []Contraindication // of every vaccine against the antigen
	Contraindicated   []ContraindicatedVaccines
	Series            []Series
}

// BirthImmunity presumes immune who was born before a day, in a country if one
// is named, unless an exclusion was observed.
type BirthImmunity struct {
	Before     iis.Date
	Country    string
	Exclusions []string
}

// Contraindication forbids every vaccine against an antigen while an observation
// holds and the patient's age lies in the window.
type Contraindication struct {
	Observation    string
	Text, Guidance string
	BeginAge       Period
	EndAge         Period
}

// ContraindicatedVaccines forbids single vaccines while an observation holds.
type ContraindicatedVaccines struct {
	Observation    string
	Text, Guidance string
	Vaccines       []VaccineWindow
}

// VaccineWindow is a vaccine within a window of ages.
type VaccineWindow struct {
	CVX              int
	BeginAge, EndAge Period
}

// Types of a series.
const (
	Standard       = "Standard"
	Risk           = "Risk"
	EvaluationOnly = "Evaluation Only"
)

// Series is one way of being protected against one antigen.
type Series struct {
	Name     string
	Group    string // vaccine group
	Guidance []string
	Type     string
	// Equivalent are the numbers of series groups that serve the same purpose.
	Equivalent  []int
	Genders     []string // Female, Male, Unknown; none for everyone
	Default     bool
	ProductPath bool
	SeriesGroup int
	GroupName   string
	Priority    string // A before B before C
	Preference  int    // 1 first; 0 if the data has none
	MinAge      Period // to start
	MaxAge      Period // to start
	Indications []Indication
	Doses       []Dose
}

// Indication makes a risk series relevant while an observation holds.
type Indication struct {
	Observation      string
	Text             string
	BeginAge, EndAge Period
	Guidance         string
}

// Dose is one dose of a series: what counts as it, and when it is due.
type Dose struct {
	Ages        []Age
	Intervals   []Interval
	Allowable   []Interval // judged by AbsMin alone
	Preferable  []PreferableVaccine
	Alternative []VaccineWindow // allowable vaccines
	Inadvertent []int           // CVX
	Skips       []Skip
	Recurring   bool
	SeasonStart iis.Date
	SeasonEnd   iis.Date
}

// Age is a row of ages. Effective and Cessation bound the days it is used on.
type Age struct {
	AbsMin, Min, EarliestRec, LatestRec, Max Period
	Effective, Cessation                     iis.Date
}

// Interval is a row of intervals from exactly one reference.
type Interval struct {
	FromPrevious    bool
	FromTarget      int    // number of a dose of the series; 0 if not the reference
	FromMostRecent  []int  // CVX
	FromObservation string // code

	AbsMin, Min, EarliestRec, LatestRec Period
	Override                            bool // intervalPriority
	Effective, Cessation                iis.Date
}

// PreferableVaccine is a vaccine the series is written for.
type PreferableVaccine struct {
	VaccineWindow
	TradeName string
	MVX       string
	Volume    string
	Forecast  bool // name it in a forecast
}

// Contexts of a conditional skip.
const (
	InEvaluation = "Evaluation"
	InForecast   = "Forecast"
	InBoth       = "Both"
)

// Skip says when a dose of a series is not needed.
type Skip struct {
	Context string
	All     bool // every set must hold, not any
	Sets    []Set
}

// Set is a set of conditions, used between two days.
type Set struct {
	Description          string
	Effective, Cessation iis.Date
	All                  bool // every condition must hold, not any
	Conditions           []Condition
}

// Types of a condition.
const (
	ByAge           = "Age"
	ByInterval      = "Interval"
	CompletedSeries = "Completed Series"
	ByCount         = "Vaccine Count" // by age, by date, or both
)

// Condition is one condition of a set.
type Condition struct {
	Type             string
	Start, End       iis.Date
	BeginAge, EndAge Period
	Interval         Period
	Count            int
	Valid            bool   // count valid doses, not all
	Compare          string // ">", "=" or "<": the count of doses to Count
	CVX              []int  // none for any dose of the series
	SeriesGroups     []int
}

// Conflict says for how long after one live vaccine another may not follow.
type Conflict struct {
	Previous, Current  int // CVX
	Begin, MinEnd, End Period
}

// Group is a vaccine group and the antigens it protects against.
type Group struct {
	Name     string
	Full     bool // administer the full vaccine group
	Antigens []string
}

// Vaccine is a CVX code and the antigens a dose of it counts for.
type Vaccine struct {
	CVX          int
	Name         string
	Associations []Association
}

// Association counts a vaccine for an antigen within a window of ages.
type Association struct {
	Antigen          string
	BeginAge, EndAge Period
}

// Observation is a coded observation.
type Observation struct {
	Code, Title      string
	Indication       string
	Contraindication string
	Clarifying       string
	// Window is how long an observation of one moment contraindicates. The data
	// says it in the text of the contraindication alone.
	Window Period
}

// Verify returns an error if the hash of a release is not that of its content.
func (r *Release) Verify() error {
	c := *r
	if c.sum(); c.Hash != r.Hash {
		return fmt.Errorf("the hash of the release is %s and not %s", c.Hash, r.Hash)
	}
	return nil
}

// sum sets the hash of the content.
func (r *Release) sum() {
	r.Hash = ""
	sum := sha256.Sum256(encode(r))
	r.Hash = hex.EncodeToString(sum[:8])
}
