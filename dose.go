package iis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DoseID names one dose of a client; unique within the client.
type DoseID string

// Dose is one report of an immunization: a line of the immunization history
// (guide 65 to 70), seen by all organizations and changed by the one that
// recorded it. What is not known is empty.
type Dose struct {
	ID   DoseID
	Kind DoseKind
	Date Date // given on, or refused on

	Vaccine   CVX
	TradeName string
	Maker     MVX
	Product   NDC
	Lot       string
	Expires   Date // last day the lot may be given

	Amount      string // mL, "0.5"
	Route       string // a code of Routes
	Site        string // a code of Sites
	Eligibility string // a code of Eligibilities, on the day of the dose
	Funding     string // a code of Fundings
	VIS         Date   // edition of the Vaccine Information Statement handed out
	GivenBy     string // who gave it

	Source   string // of a historical dose, a code of Sources
	Provider string // who gave a historical dose, in words
	Refusal  string // of a refused one, a code of Refusals

	// Subpotent says that less than a full dose was given, or one whose condition
	// was doubtful: it does not count.
	Subpotent bool
	Reactions string // codes of Reactions joined by commas

	By      OrganizationID // recorded it: its owner
	ByName  string         // filled when read
	Entered time.Time
}

// DoseKind is how a dose is known.
type DoseKind string

const (
	Administered DoseKind = "Administered" // given here, from stock
	Historical   DoseKind = "Historical"   // given elsewhere or long ago, recorded from paper or word (guide 70, Hist?)
	Refused      DoseKind = "Refused"      // offered and not given
)

// DoseKinds lists every kind in the order of the screen.
var DoseKinds = []DoseKind{Administered, Historical, Refused}

// OwnedBy reports whether the organization recorded the dose: then its users
// can edit it, and the history says so under "Owned?" (guide 70).
func (d Dose) OwnedBy(o OrganizationID) bool { return d.By == o }

// Given reports whether a vaccine was given at all.
func (d Dose) Given() bool { return d.Kind != Refused }

// RowDose is the kind of row that a dose is among the fields of a record.
const RowDose = "dose"

// DoseField names a field of a dose, such as "vaccine".
func DoseField(id DoseID, name string) Field { return RowField(RowDose, id, name) }

var doseColumns = []column[Dose]{
	{"kind", "Kind", mustBe(string(Administered), string(Historical), string(Refused)),
		func(d *Dose) string { return string(d.Kind) }, func(d *Dose, s string) { d.Kind = DoseKind(s) }},
	{"date", "Date Administered", readPastDate,
		func(d *Dose) string { return d.Date.String() }, func(d *Dose, s string) { d.Date = date(s) }},
	{"vaccine", "Vaccine", readVaccine,
		func(d *Dose) string { return string(d.Vaccine) }, func(d *Dose, s string) { d.Vaccine = CVX(s) }},
	{"trade", "Trade Name", text(100, codeSigns+"®™()+&,'"),
		func(d *Dose) string { return d.TradeName }, func(d *Dose, s string) { d.TradeName = s }},
	{"maker", "Manufacturer", readMaker,
		func(d *Dose) string { return string(d.Maker) }, func(d *Dose, s string) { d.Maker = MVX(s) }},
	{"ndc", "NDC", text(20, "-*"),
		func(d *Dose) string { return string(d.Product) }, func(d *Dose, s string) { d.Product = NDC(s) }},
	{"lot", "Lot Number", text(40, codeSigns+"()*+,&"),
		func(d *Dose) string { return d.Lot }, func(d *Dose, s string) { d.Lot = s }},
	{"expires", "Expiration Date", readExpiry,
		func(d *Dose) string { return d.Expires.String() }, func(d *Dose, s string) { d.Expires = date(s) }},
	{"amount", "Dose", readAmount,
		func(d *Dose) string { return d.Amount }, func(d *Dose, s string) { d.Amount = s }},
	{"route", "Route", oneOf(codesOf(Routes)...),
		func(d *Dose) string { return d.Route }, func(d *Dose, s string) { d.Route = s }},
	{"site", "Site", oneOf(codesOf(Sites)...),
		func(d *Dose) string { return d.Site }, func(d *Dose, s string) { d.Site = s }},
	{"eligibility", "Eligibility", oneOf(codesOf(Eligibilities)...),
		func(d *Dose) string { return d.Eligibility }, func(d *Dose, s string) { d.Eligibility = s }},
	{"funding", "Funding", oneOf(codesOf(Fundings)...),
		func(d *Dose) string { return d.Funding }, func(d *Dose, s string) { d.Funding = s }},
	{"vis", "VIS Date", readPastDate,
		func(d *Dose) string { return d.VIS.String() }, func(d *Dose, s string) { d.VIS = date(s) }},
	{"given", "Given By", text(128, nameSigns+"()/&"),
		func(d *Dose) string { return d.GivenBy }, func(d *Dose, s string) { d.GivenBy = s }},
	{"source", "Source", oneOf(codesOf(Sources)...),
		func(d *Dose) string { return d.Source }, func(d *Dose, s string) { d.Source = s }},
	{"provider", "Given At", text(128, nameSigns+addressSigns),
		func(d *Dose) string { return d.Provider }, func(d *Dose, s string) { d.Provider = s }},
	{"refusal", "Reason for Refusal", oneOf(codesOf(Refusals)...),
		func(d *Dose) string { return d.Refusal }, func(d *Dose, s string) { d.Refusal = s }},
	{"subpotent", "Less than a full dose", readTick,
		func(d *Dose) string { return yesNo(d.Subpotent) }, func(d *Dose, s string) { d.Subpotent = s == Yes }},
	{"reactions", "Reactions", readCodes(Reactions),
		func(d *Dose) string { return d.Reactions }, func(d *Dose, s string) { d.Reactions = s }},
}

// readVaccine reads a CVX code, known or not: codes nobody knows are kept.
func readVaccine(s string, _ Date) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", fmt.Errorf("is not chosen: choose it from the list")
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 || n > 9999 {
		return "", fmt.Errorf("is not a CVX code: choose it from the list")
	}
	return fmt.Sprintf("%02d", n), nil
}

// readMaker reads an MVX code, known or not.
func readMaker(s string, today Date) (string, error) {
	s, err := text(6, "")(s, today)
	return strings.ToUpper(s), err
}

// readExpiry reads the date on a vial. Month and year alone mean the last day of
// the month. cdsi/4.6 CALCDTLOTEXP-1
func readExpiry(s string, today Date) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	d, err := ReadDate(s, today)
	if err != nil {
		var ok bool
		if d, ok = monthEnd(s); !ok {
			return "", fmt.Errorf("cannot be read: enter it like 06/30/2027 or 06/2027")
		}
	}
	if d.Year < 1950 || d.Year > today.Year+20 {
		return "", fmt.Errorf("cannot be right: check the year")
	}
	return d.String(), nil
}

// monthEnd reads 06/2027 or 2027-06 as the last day of that month.
func monthEnd(s string) (Date, bool) {
	a, b, ok := strings.Cut(strings.NewReplacer("-", "/", ".", "/").Replace(s), "/")
	if len(a) == 4 {
		a, b = b, a
	}
	m, err := strconv.Atoi(a)
	y, err2 := strconv.Atoi(b)
	if !ok || err != nil || err2 != nil || m < 1 || m > 12 || len(b) != 4 {
		return Date{}, false
	}
	return Date{Year: y, Month: time.Month(m), Day: 1}.AddMonths(1).AddDays(-1), true
}

// readAmount reads millilitres.
func readAmount(s string, _ Date) (string, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.ToLower(s)), "ml"))
	if s == "" {
		return "", nil
	}
	f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || !(f > 0 && f <= 50) {
		return "", fmt.Errorf("is not an amount: enter millilitres like 0.5")
	}
	return strconv.FormatFloat(f, 'f', -1, 64), nil
}

// dose returns the dose of that ID as the edit leaves it.
func (v *revision) dose(id DoseID) *Dose {
	i := slices.IndexFunc(v.after.Doses, func(d Dose) bool { return d.ID == id })
	return &v.after.Doses[i]
}

// judgeDoses finds what breaks a rule in the doses that the edit touched.
func (v *revision) judgeDoses() {
	for _, old := range v.before.Doses {
		row := DoseField(old.ID, "")
		if v.touched(RowDose, string(old.ID)) && !old.OwnedBy(v.actor.Organization) && !v.actor.May(EditAnyDose) {
			v.problem(row, "This immunization was recorded by another organization: report a problem with it instead of changing it.")
		}
	}
	for i := range v.after.Doses {
		if d := &v.after.Doses[i]; v.touched(RowDose, string(d.ID)) {
			v.judgeDose(d)
		}
	}
}

func (v *revision) judgeDose(d *Dose) {
	blame := func(name, text string) {
		if f := DoseField(d.ID, name); !v.has(f) {
			v.problem(f, "%s", text)
		}
	}
	born := v.after.Client.BirthDate
	died := v.after.Client.Death.Date
	what, day := "was given", "Date Administered"
	if d.Kind == Refused {
		what, day = "was refused", "Date"
	}
	switch {
	case d.Kind == "":
		blame("kind", "Kind is not chosen: choose Administered, Historical or Refused.")
	case d.Kind == Refused && d.Refusal == "":
		blame("refusal", "Reason for Refusal is not chosen: choose it.")
	}
	switch {
	case d.Date.IsZero():
		blame("date", day+" is missing: enter the day the vaccine "+what+".")
	case !born.IsZero() && d.Date.Before(born):
		blame("date", day+" is before the birth date: check the year.")
	case !died.IsZero() && d.Date.After(died):
		blame("date", day+" is after the date of death: check the year.")
	}
	if d.Vaccine == "" {
		blame("vaccine", "Vaccine is not chosen: choose it from the list.")
	}
	if !d.VIS.IsZero() && !d.Date.IsZero() && d.VIS.After(d.Date) {
		blame("vis", "VIS Date is after the day the vaccine "+what+": enter the date of the edition that was handed out.")
	}
	for _, name := range foreign[d.Kind] {
		set(doseColumns, d, name, "")
	}
	if d.Kind == Historical && d.Source == "" {
		d.Source = SourceUnspecified
	}
}

// foreign are the fields that a dose of a kind does not have. They go when it is
// saved, so that nothing hidden stays on file.
var foreign = map[DoseKind][]Field{
	Administered: {"source", "provider", "refusal"},
	Historical:   {"eligibility", "funding", "vis", "refusal"},
	Refused: {"ndc", "lot", "expires", "amount", "route", "site", "subpotent", "reactions",
		"eligibility", "funding", "vis", "given", "source", "provider"},
}

// Foreign returns the labels of fields that hold something and that a dose of this
// kind does not have, in the order of the screen: a save empties them.
func (d Dose) Foreign() (labels []string) {
	for _, c := range doseColumns {
		if v := c.get(&d); slices.Contains(foreign[d.Kind], c.name) && v != "" && v != No {
			labels = append(labels, c.label)
		}
	}
	return labels
}
