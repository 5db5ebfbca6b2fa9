package forecast

import (
	"fmt"

	"openiis.org/iis"
)

// ReasonCode is a rule that spoke, in the words of CDC's test cases where those
// have some.
type ReasonCode string

// Reasons against a dose. cdsi/4.6 §6.1 to §6.10
const (
	TooYoung          ReasonCode = "Age: Too Young"
	TooOld            ReasonCode = "Age: Too Old"
	TooSoon           ReasonCode = "Interval: Too Soon"
	InadvertentDose   ReasonCode = "Inadvertent Vaccine"
	LiveVirusConflict ReasonCode = "Live Virus Conflict"
	WrongVaccine      ReasonCode = "Not a preferable or allowable vaccine"
	SeriesComplete    ReasonCode = "Series Already Complete"
	LotExpired        ReasonCode = "Lot Expired"
	DoseRecalled      ReasonCode = "Dose Condition"
)

// Reasons for which nothing is due. cdsi/4.6 §7.2 to §7.4
const (
	EvidenceOfImmunity ReasonCode = "Evidence of immunity"
	BornBefore         ReasonCode = "Presumed immune by birth date"
	HasContraindicated ReasonCode = "Contraindication"
	MedicalExemption   ReasonCode = "Medical exemption"
	DosesDone          ReasonCode = "Series complete"
	HistorySuffices    ReasonCode = "Immunization history is sufficient"
	PastSeason         ReasonCode = "Past the season"
	PastMaxAge         ReasonCode = "Exceeded the maximum age"
	CannotFinish       ReasonCode = "Unable to finish the series before the maximum age"
)

// What set the dates of a forecast. cdsi/4.6 §7.5
const (
	ByAge         ReasonCode = "Recommended by age"
	ByInterval    ReasonCode = "Recommended by interval"
	ByEarliest    ReasonCode = "Recommended as soon as it may be given"
	FromAge       ReasonCode = "May be given from the minimum age"
	FromInterval  ReasonCode = "May be given after the minimum interval"
	AfterConflict ReasonCode = "May be given after the interval to a live vaccine"
	FromSeason    ReasonCode = "May be given from the start of the season"
	AfterLastDose ReasonCode = "May be given after the last dose"
)

// Reason is one rule and the figures it spoke on.
type Reason struct {
	Code ReasonCode
	// Antigen is whose series the reason comes from.
	Antigen string
	// Required is the age or the interval the schedule asks for, as CDSi writes it:
	// "12 months - 4 days".
	Required string
	// From is the day Required is counted from: the birth date for an age, the date
	// of another dose or of an observation for an interval.
	From iis.Date
	// Until is the day on which the rule was fulfilled, or is; for a rule of an end,
	// the first day that is too late.
	Until iis.Date
	// Value is the CVX code of the other vaccine in a conflict, or the code of the
	// observation behind immunity or a contraindication.
	Value string
	// Text is what the schedule itself says, if it says something.
	Text string
}

// String returns the rule in words, without figures.
func (r Reason) String() string { return string(r.Code) }

// Sentence says the reason in words, with its figures.
func (r Reason) Sentence() string {
	switch r.Code {
	case TooYoung:
		return fmt.Sprintf("Given before the age of %s, which was reached on %s.", r.Required, r.Until.US())
	case TooOld:
		return fmt.Sprintf("Given at the age of %s or later, which was reached on %s.", r.Required, r.Until.US())
	case TooSoon:
		return fmt.Sprintf("Given too soon: %s from %s end on %s.", r.Required, r.From.US(), r.Until.US())
	case LiveVirusConflict:
		return fmt.Sprintf("Given too soon after a live vaccine (CVX %s) on %s: %s end on %s.", r.Value, r.From.US(), r.Required, r.Until.US())
	case InadvertentDose:
		return "The vaccine is not meant for this dose and does not count."
	case WrongVaccine:
		return "The vaccine is neither preferred nor allowed for this dose at this age."
	case SeriesComplete:
		return "The series was already complete."
	case LotExpired:
		return fmt.Sprintf("The lot expired on %s.", r.Until.US())
	case DoseRecalled:
		return "The dose was not a full one or its condition was doubtful."
	case EvidenceOfImmunity:
		return fmt.Sprintf("There is evidence of immunity to %s.", r.Antigen)
	case BornBefore:
		return fmt.Sprintf("Presumed immune to %s: born before %s.", r.Antigen, r.Until.US())
	case HasContraindicated:
		if r.Text != "" {
			return r.Text
		}
		return "There is a contraindication."
	case MedicalExemption:
		return "There is a medical exemption."
	case DosesDone:
		return "All doses of the series have been given."
	case HistorySuffices:
		return "No dose is needed after the doses given, or at this age."
	case PastSeason:
		return fmt.Sprintf("The season ended on %s.", r.Until.US())
	case PastMaxAge:
		return fmt.Sprintf("Not given from the age of %s, which was reached on %s.", r.Required, r.Until.US())
	case CannotFinish:
		return fmt.Sprintf("Cannot be given before the age of %s, which is reached on %s.", r.Required, r.Until.US())
	case ByAge:
		return fmt.Sprintf("Recommended at the age of %s, reached on %s.", r.Required, r.Until.US())
	case ByInterval:
		return fmt.Sprintf("Recommended %s after %s, on %s.", r.Required, r.From.US(), r.Until.US())
	case ByEarliest:
		return fmt.Sprintf("Recommended as soon as it may be given, on %s.", r.Until.US())
	case FromAge:
		return fmt.Sprintf("May be given from the age of %s, reached on %s.", r.Required, r.Until.US())
	case FromInterval:
		return fmt.Sprintf("May be given %s after %s, from %s.", r.Required, r.From.US(), r.Until.US())
	case AfterConflict:
		return fmt.Sprintf("May be given %s after a live vaccine (CVX %s) on %s, from %s.", r.Required, r.Value, r.From.US(), r.Until.US())
	case FromSeason:
		return fmt.Sprintf("May be given from the start of the season, %s.", r.Until.US())
	case AfterLastDose:
		return fmt.Sprintf("May be given from the date of the last dose, %s.", r.Until.US())
	}
	return string(r.Code)
}
