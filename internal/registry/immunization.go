package registry

import (
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/store"
)

// Immunizations is a client's immunization history as it was worked out on one
// day by one schedule (guide 65 to 70).
type Immunizations struct {
	Record iis.Record // with every report of a dose
	Shots  []Shot     // by date; Result.Doses has the verdict on each, in the same order
	// Refusals are what was offered and not given. They change no forecast.
	Refusals []iis.Dose
	Result   forecast.Result
	// ScheduleHash tells two schedules of one version apart.
	ScheduleHash string
	Loaded       bool // the schedule is another than the one inside the program
	// Lapsed are seasons that have ended: of their vaccine groups the schedule
	// knows nothing for today.
	Lapsed []forecast.Season
	// Problems are what was told of the doses and is not resolved.
	Problems []store.DoseProblem
	Draft    iis.Draft // of the screen that records immunizations
	Today    iis.Date
	MayEdit  bool
	// MayEditAny says that the actor may change doses of whatever organization.
	MayEditAny bool
}

// MayChange reports whether the actor may change a dose of the history.
func (m *Immunizations) MayChange(d iis.Dose, a iis.Actor) bool {
	return m.MayEdit && (m.MayEditAny || d.OwnedBy(a.Organization))
}

// Immunizations opens a client's immunization history. The view is recorded.
func (r *Registry) Immunizations(ctx context.Context, a iis.Actor, id iis.ClientID) (Immunizations, error) {
	return r.immunizations(ctx, a, id, iis.ViewClient, iis.ActionView, iis.Detail{Subject: "immunization history"})
}

// PrintImmunizations is Immunizations for a page that is printed; what names the
// print in the audit trail.
func (r *Registry) PrintImmunizations(ctx context.Context, a iis.Actor, id iis.ClientID, what string) (Immunizations, error) {
	return r.immunizations(ctx, a, id, iis.PrintClient, iis.ActionPrint, iis.Detail{Subject: what})
}

func (r *Registry) immunizations(ctx context.Context, a iis.Actor, id iis.ClientID, p iis.Permission, action iis.Action, d iis.Detail) (m Immunizations, err error) {
	if err := r.may(ctx, a, p); err != nil {
		return m, err
	}
	var s *forecast.Schedule
	err = r.update(ctx, func(tx *store.Tx) error {
		if m, s, err = r.immunizationsIn(ctx, tx, a, id); err != nil {
			return err
		}
		return record(ctx, tx, a, action, id, d)
	})
	if err == nil {
		m.work(s)
	}
	return m, err
}

// immunizationsIn loads what a history is worked out from.
func (r *Registry) immunizationsIn(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (Immunizations, *forecast.Schedule, error) {
	m := Immunizations{Today: r.today(tx), MayEdit: a.May(iis.RecordDose), MayEditAny: a.May(iis.EditAnyDose)}
	var err error
	if m.Record, err = r.visible(ctx, tx, a, id); err != nil {
		return m, nil, err
	}
	if m.Record.Doses, err = tx.Doses(ctx, id); err != nil {
		return m, nil, err
	}
	m.Shots, m.Refusals = shots(m.Record.Doses, a.Organization), refusals(m.Record.Doses)
	if m.Problems, err = tx.ProblemsOf(ctx, id); err != nil {
		return m, nil, err
	}
	m.Problems = slices.DeleteFunc(m.Problems, func(p store.DoseProblem) bool { return !p.Resolved.IsZero() })
	if m.MayEdit {
		if m.Draft, _, err = draft(ctx, tx, a, id, iis.ScreenDoses); err != nil {
			return m, nil, err
		}
	}
	s, err := r.schedule(ctx, tx)
	return m, s, err
}

// work asks the schedule what the doses count for and what is due. It needs no
// transaction.
func (m *Immunizations) work(s *forecast.Schedule) {
	m.Result = s.Count(patient(m.Record, m.Shots), m.Today)
	m.ScheduleHash, m.Lapsed = s.Hash, s.Lapsed(m.Today)
	if own, err := program(); err == nil {
		m.Loaded = own.Hash != s.Hash
	}
}

// OutOfSeason reports whether a forecast says that nothing is recommended only
// because the last season that the schedule has of the vaccine group has ended:
// what is recommended is then not known.
func (m *Immunizations) OutOfSeason(f forecast.Forecast) bool {
	return f.Status == forecast.NotRecommended &&
		slices.ContainsFunc(f.Reasons, func(r forecast.Reason) bool { return r.Code == forecast.PastSeason }) &&
		slices.ContainsFunc(m.Lapsed, func(n forecast.Season) bool { return n.VaccineGroup == f.VaccineGroup })
}

// patient is what a schedule needs to know of a client.
func patient(rec iis.Record, given []Shot) forecast.Patient {
	p := forecast.Patient{Birth: rec.Client.BirthDate, Gender: rec.Client.Gender, BirthCountry: rec.Client.BirthCountry}
	p.Doses = make([]forecast.Dose, len(given))
	for i, s := range given {
		d := s.judged()
		p.Doses[i] = forecast.Dose{
			Date: d.Date, CVX: string(d.Vaccine), MVX: string(d.Maker), TradeName: d.TradeName,
			Expires: d.Expires, Recalled: d.Subpotent,
		}
	}
	for _, c := range rec.Comments {
		p.Comment(c.Code, c.Date)
	}
	return p
}

// DoseExplained is why one dose has its status, told in full.
type DoseExplained struct {
	Immunizations
	Shot  Shot
	Index int // of the shot in Shots; -1 for a refusal, which is judged by nothing
	// Steps are the decisions on the dose in the series that each of its
	// evaluations comes from, in the order of Result.Doses[Index].Evaluations.
	Steps []forecast.Trace
}

// ExplainDose tells why a dose has its status; a report that was folded into
// another is explained with it, and of a refusal is told what was recorded. The
// view is recorded.
func (r *Registry) ExplainDose(ctx context.Context, a iis.Actor, id iis.ClientID, dose iis.DoseID) (e DoseExplained, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return e, err
	}
	var s *forecast.Schedule
	err = r.update(ctx, func(tx *store.Tx) error {
		if e.Immunizations, s, err = r.immunizationsIn(ctx, tx, a, id); err != nil {
			return err
		}
		e.Index = slices.IndexFunc(e.Shots, func(s Shot) bool {
			return s.Dose.ID == dose || slices.ContainsFunc(s.Others, func(o iis.Dose) bool { return o.ID == dose })
		})
		e.Shot = Shot{}
		if e.Index >= 0 {
			e.Shot = e.Shots[e.Index]
		} else if i := slices.IndexFunc(e.Refusals, func(d iis.Dose) bool { return d.ID == dose }); i >= 0 {
			e.Shot.Dose = e.Refusals[i]
		} else {
			return iis.Errorf(iis.NotFound, "This immunization is not on file.")
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "immunization " + string(dose)})
	})
	if err != nil {
		return e, err
	}
	e.work(s)
	if e.Index < 0 {
		return e, nil
	}
	_, trace := s.Trace(patient(e.Record, e.Shots), e.Today)
	for _, v := range e.Result.Doses[e.Index].Evaluations {
		e.Steps = append(e.Steps, trace.Dose(e.Index, v.Series))
	}
	return e, nil
}
