package forecast

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
)

// Run evaluates every dose of a patient and forecasts every vaccine group as of
// a day. It is pure and total: the same patient, day and schedule give the same
// result, and no input makes it fail; what it cannot use it says in an alert.
func (s *Schedule) Run(p Patient, asOf iis.Date) Result {
	r := s.runner()
	defer s.done(r)
	return r.run(&p, asOf)
}

func (s *Schedule) runner() *runner { return s.runners.Get().(*runner) }

// done gives a runner back without the patient.
func (s *Schedule) done(r *runner) {
	clear(r.given)
	s.runners.Put(r)
}

// runner is the working memory of one run. Runners are kept between runs for
// their memory alone: nothing of one run is read by the next.
type runner struct {
	s     *Schedule
	birth day
	asOf  day
	trace *Trace

	genders  gender
	country  string
	ages     []day // birth + each period, by pid; the first is noDay
	observed bool  // there is any observation
	active   bitset
	exempt   []string // vaccine groups
	contra   bitset   // active, and within the window that the text gives
	dates    []observation
	given    []given   // the whole history, by date
	aars     [][]int32 // of given, by antigen: the antigen administered records
	alerts   []Alert
	room     room

	runs     [][]patientSeries  // relevant series by antigen
	chosen   [][]*patientSeries // best series by antigen
	verdicts []verdict
	targets  []target
	reasons  []reason

	nested *runner // for what had been complete at the time of a dose
	depth  int

	groupRuns []*patientSeries
	parts     []*patientSeries
	forecasts []groupForecast
}

// given is a dose in the history.
type given struct {
	date        day
	cvx         uint16
	live        int16
	substandard bool
	index       int // in the patient
	dose        *Dose
}

type observation struct {
	obs  obsID
	from day
}

// patientSeries is a series as far as the patient has come in it.
type patientSeries struct {
	series   *series
	antigen  *antigen
	aars     []int32   // of given
	verdicts []verdict // of aars
	targets  []target  // target doses that are done with
	next     int       // index of the series dose that is open; len(doses) if none
	asOf     day

	satisfied int
	valid     int
	invalid   bool // some dose is not valid
	firstGood day  // date of the first valid dose
	lastGood  day  // date of the dose that satisfied a target last

	status      SeriesStatus
	why         reason
	number      int
	earliest    day
	unadjusted  day // recommended
	recommended day
	pastDue     day
	unadjPast   day
	latest      day
	finish      day       // set when it is compared
	basis       [2]reason // what set earliest and recommended

	score    int
	scorable bool
	undated  bool // nothing says from when its open target dose could be given
	started  bool // its first valid dose came before the maximum age to start
}

// target is a target dose that is satisfied.
type target struct {
	dose  int   // of the series, from 0
	given int32 // the dose that satisfied it
}

// verdict is the evaluation of one antigen administered record.
type verdict struct {
	status      EvaluationStatus
	inadvertent bool
	grace       bool
	recurring   bool
	target      int16 // satisfied targets before it
	from, to    int   // its reasons
	validFrom   day
}

// reason is a Reason in the engine's own terms.
type reason struct {
	code  ReasonCode
	per   pid
	from  day
	until day
	value string
	text  string
}

func newRunner(s *Schedule) *runner {
	r := &runner{s: s, ages: make([]day, len(s.periods)), aars: make([][]int32, len(s.antigens)), runs: make([][]patientSeries, len(s.antigens)), chosen: make([][]*patientSeries, len(s.antigens))}
	for i := range s.antigens {
		r.runs[i] = make([]patientSeries, 0, len(s.antigens[i].series))
	}
	return r
}

// run does the steps of chapter 4 for every antigen.
func (r *runner) run(p *Patient, asOf iis.Date) Result {
	if !r.gather(p, asOf) {
		return Result{Schedule: r.s.Version, Hash: r.s.Hash, AsOf: asOf, Doses: make([]DoseResult, len(p.Doses)), Alerts: append([]Alert(nil), r.alerts...)}
	}
	for i := range r.s.antigens {
		r.antigen(&r.s.antigens[i])
	}
	res := r.result(p)
	res.AsOf = asOf
	return res
}

// antigen evaluates and forecasts the relevant series against one antigen and
// chooses the best of them. cdsi/4.6 chapter 4
func (r *runner) antigen(a *antigen) {
	r.runs[a.index] = r.runs[a.index][:0]
	r.chosen[a.index] = r.chosen[a.index][:0]
	later := r.onlyLater(a)
	for i := range a.series {
		ser := &a.series[i]
		if !r.relevant(a, ser) && !(later && r.laterRelevant(ser)) {
			continue
		}
		r.runs[a.index] = append(r.runs[a.index], patientSeries{series: ser, antigen: a, aars: r.aars[a.index], asOf: r.asOf})
		ps := &r.runs[a.index][len(r.runs[a.index])-1]
		r.evaluate(ps)
		r.forecast(ps)
		ps.started = ps.valid > 0 && (ser.maxAge == 0 || ps.firstGood < r.ages[ser.maxAge])
	}
	r.chooseBest(a)
}

// gather reads the patient. It reports false if nothing can be said.
// cdsi/4.6 §4.1, §4.2
func (r *runner) gather(p *Patient, asOf iis.Date) bool {
	r.alerts, r.given, r.dates = r.alerts[:0], r.given[:0], r.dates[:0]
	r.verdicts, r.targets, r.reasons = r.verdicts[:0], r.targets[:0], r.reasons[:0]
	r.active, r.contra = bitset{}, bitset{}
	r.birth, r.asOf = dayOf(p.Birth), dayOf(asOf)
	if r.birth == noDay {
		r.alert(NoBirthDate, -1, "")
		return false
	}
	if r.asOf == noDay {
		r.alert(NoAssessmentDate, -1, "")
		return false
	}
	y, m, d := r.birth.parts()
	r.ages[0] = noDay
	for i, per := range r.s.periods[1:] {
		r.ages[i+1] = addTo(y, m, d, per)
	}
	switch p.Gender {
	case iis.Female:
		r.genders = female
	case iis.Male:
		r.genders = male
	default:
		r.genders = unknownGender
	}
	r.country = country(p.BirthCountry)
	r.observations(p)
	r.exemptions(p)
	r.history(p)
	return true
}

// country is a country as the data and the registry both can be read.
func country(s string) string {
	switch s = strings.ToUpper(strings.TrimSpace(s)); s {
	case "U.S.", "US", "U.S.A.", "UNITED STATES":
		return "USA"
	}
	return s
}

func (r *runner) alert(code AlertCode, dose int, value string) {
	r.alerts = append(r.alerts, Alert{code, dose, value})
}

// observations notes what holds of the patient on the day of assessment.
func (r *runner) observations(p *Patient) {
	for _, o := range p.Observations {
		id, ok := r.s.obs[o.Code]
		if !ok {
			r.alert(UnknownObservation, -1, o.Code)
			continue
		}
		from, until := dayOf(o.From), dayOf(o.Until)
		if from > r.asOf || until != noDay && until < r.asOf {
			continue
		}
		r.active.add(id)
		r.dates = append(r.dates, observation{id, from})
		if w := r.s.windows[id]; w == 0 || until != noDay || from == noDay || r.asOf < from.add(r.s.periods[w]) {
			r.contra.add(id)
		}
	}
	r.observed = len(r.dates) > 0
}

// exemptions notes the vaccine groups the patient is exempt from on the day of
// assessment.
func (r *runner) exemptions(p *Patient) {
	r.exempt = r.exempt[:0]
	for _, x := range p.Exemptions {
		from, until := dayOf(x.From), dayOf(x.Until)
		if from <= r.asOf && (until == noDay || r.asOf <= until) {
			r.exempt = append(r.exempt, x.VaccineGroup)
		}
	}
}

// observedOn is the date of the latest observation of a code, noDay if there is
// none or its date is not known.
func (r *runner) observedOn(id obsID) day {
	on := noDay
	for _, o := range r.dates {
		if o.obs == id {
			on = later(on, o.from)
		}
	}
	return on
}

// maxDoses is more than anyone has had: a history of more is not one of a person,
// and would take longer than whoever asks may wait.
const maxDoses = 1000

// history sorts the doses and records each under its antigens. Doses of one day
// keep the order they came in. cdsi/4.6 §4.2, DEFPATIENT-014
func (r *runner) history(p *Patient) {
	sorted := true
	for i := range p.Doses {
		d := &p.Doses[i]
		g := given{date: dayOf(d.Date), live: -1, index: i, dose: d}
		switch {
		case g.date == noDay:
			r.alert(NoDoseDate, i, "")
			continue
		case g.date < r.birth:
			r.alert(DoseBeforeBirth, i, "")
			continue
		case g.date > r.asOf:
			r.alert(DoseInFuture, i, "")
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(d.CVX))
		if err != nil || n < 1 || n > maxCVX {
			r.alert(UnknownVaccine, i, d.CVX)
			continue
		}
		v := &r.s.vaccines[n]
		if !v.known && v.live < 0 {
			r.alert(UnknownVaccine, i, d.CVX)
		}
		g.cvx, g.live = uint16(n), v.live
		g.substandard = d.Recalled || !d.Expires.IsZero() && dayOf(d.Expires) != noDay && g.date > dayOf(d.Expires)
		if len(r.given) == maxDoses {
			r.alert(TooManyDoses, i, "")
			continue
		}
		sorted = sorted && (len(r.given) == 0 || r.given[len(r.given)-1].date <= g.date)
		r.given = append(r.given, g)
	}
	if !sorted {
		slices.SortStableFunc(r.given, func(a, b given) int { return cmp.Compare(a.date, b.date) })
	}
	for i := range r.aars {
		r.aars[i] = r.aars[i][:0]
	}
	for i := range r.given {
		g := &r.given[i]
		for _, a := range r.s.vaccines[g.cvx].antigens {
			if r.within(a.begin, a.end, g.date) {
				r.aars[a.antigen] = append(r.aars[a.antigen], int32(i))
			}
		}
	}
}

// within reports whether a day lies in a window of ages: from its begin to the
// day before its end. cdsi/4.6 CALCDTPREF, CALCDTALLOW, CALCDTCI, CALCDTIND
func (r *runner) within(begin, end pid, on day) bool {
	return (begin == 0 || on >= r.ages[begin]) && (end == 0 || on < r.ages[end])
}
