package forecast

import (
	"fmt"

	"openiis.org/iis"
)

// Result is what a schedule says of a patient on a day.
type Result struct {
	Schedule string // the version of the schedule that said it
	Hash     string // of the schedule, which tells apart two of one version
	AsOf     iis.Date
	// Doses has one entry a dose of the patient, in the same order.
	Doses     []DoseResult
	Forecasts []Forecast // by vaccine group, the primary one of each first
	Alerts    []Alert
}

// DoseResult is what a dose counts for.
type DoseResult struct {
	// Evaluations has one entry a vaccine group the dose belongs to. It is empty if
	// the dose was left out, and then an alert says why.
	Evaluations []Evaluation
}

// EvaluationStatus is the verdict on a dose, in CDSi's words.
type EvaluationStatus string

// The verdicts. cdsi/4.6 §6.10
const (
	Valid       EvaluationStatus = "Valid"
	NotValid    EvaluationStatus = "Not Valid"
	Extraneous  EvaluationStatus = "Extraneous"
	Substandard EvaluationStatus = "Sub-standard"
)

// Evaluation is the verdict on a dose within a vaccine group, from the series
// that the group's primary forecast follows.
type Evaluation struct {
	VaccineGroup string
	Antigen      string // whose series gave the verdict
	Series       string
	SeriesType   SeriesType
	Status       EvaluationStatus
	// Reasons holds all that speaks against the dose, not only what was found first.
	Reasons []Reason
	// Grace says that the dose is valid only by the days of grace.
	Grace bool
	// Dose is the place of a valid dose in the series, from 1; otherwise 0.
	Dose int
	// Of is the number of doses the series comes to, if Count was asked for it; 0 for
	// a dose that comes back without end.
	Of int
	// Recurring says that the dose is one that comes back, such as a booster.
	Recurring   bool
	SeriesGroup int
	// ValidFrom is the day from which a dose that is not valid would have been; zero
	// if no day would have helped.
	ValidFrom iis.Date
}

// SeriesType is the type of a series, in CDSi's words.
type SeriesType string

// The types of a series.
const (
	Standard       SeriesType = "Standard"
	Risk           SeriesType = "Risk"
	EvaluationOnly SeriesType = "Evaluation Only"
)

// SeriesStatus is where a patient stands in a series, in CDSi's words.
type SeriesStatus string

// The statuses of a series. cdsi/4.6 §7.4
const (
	Complete        SeriesStatus = "Complete"
	NotComplete     SeriesStatus = "Not Complete"
	Immune          SeriesStatus = "Immune"
	Contraindicated SeriesStatus = "Contraindicated"
	AgedOut         SeriesStatus = "Aged Out"
	NotRecommended  SeriesStatus = "Not Recommended"
)

// Forecast is what is due against a vaccine group by the series of one series
// group. A group may have several; one of them is primary.
type Forecast struct {
	VaccineGroup string
	SeriesGroup  int
	SeriesType   SeriesType
	Series       []string // names of the series it blends, one an antigen
	Status       SeriesStatus
	Primary      bool
	// Recurring says that the dose is one that comes back, such as a booster every
	// ten years or the flu shot of a season.
	Recurring bool
	// Of is the number of doses the series comes to before doses come back without
	// end, if Count was asked for it.
	Of int

	// The rest is set while the status is Not Complete.

	Dose        int // number of the dose that is due
	Earliest    iis.Date
	Recommended iis.Date
	PastDue     iis.Date // first day it is overdue; zero if the data gives none
	Latest      iis.Date // last day it can be given; zero if there is none

	Antigens []string // against which the dose is needed
	Vaccines []string // CVX codes to choose from
	Named    bool     // the data asks for these very vaccines, not for any of the group
	Guidance []string // words of the data for whoever vaccinates

	// Reasons says why nothing is due; Basis what set the dates of what is.
	Reasons []Reason
	Basis   []Reason
}

// Alert is something in the patient's data that the engine could not use, or
// that should be seen by a person.
type Alert struct {
	Code AlertCode
	// Dose is the index of the dose it is about, or -1.
	Dose int
	// Value is the code that is not known, if it is about one.
	Value string
}

// AlertCode says what an alert is about.
type AlertCode string

// The alerts.
const (
	NoBirthDate        AlertCode = "the birth date is not known: nothing can be evaluated"
	NoAssessmentDate   AlertCode = "the assessment date is not known: nothing can be evaluated"
	NoDoseDate         AlertCode = "the date of a dose is not known: it was left out"
	DoseBeforeBirth    AlertCode = "a dose is dated before birth: it was left out"
	DoseInFuture       AlertCode = "a dose is dated after the assessment date: it was left out"
	TooManyDoses       AlertCode = "there are more doses than anyone has: this one was left out"
	UnknownVaccine     AlertCode = "the schedule does not know a vaccine: it counts for nothing"
	UnknownObservation AlertCode = "the schedule does not know an observation: it counts for nothing"
)

// Primary returns the primary forecast of a vaccine group, the zero Forecast if
// the schedule has none for the patient.
func (r Result) Primary(vaccineGroup string) Forecast {
	for _, f := range r.Forecasts {
		if f.Primary && f.VaccineGroup == vaccineGroup {
			return f
		}
	}
	return Forecast{}
}

// String says the alert in words.
func (a Alert) String() string {
	s := string(a.Code)
	if a.Value != "" {
		s += " (" + a.Value + ")"
	}
	if a.Dose >= 0 {
		s = fmt.Sprintf("dose %d: %s", a.Dose+1, s)
	}
	return s
}
