package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/store"
)

// DosePage is what the screen that records immunizations shows: the doses open
// in the actor's draft, and what is worth a second look about each.
type DosePage struct {
	Immunizations // as on file, without the draft
	Rows          []iis.DraftRow
	Checks        map[iis.DoseID][]Check
}

// Check is something about a dose that is worth a second look. It never keeps
// the dose from being saved: what was given was given.
type Check struct {
	Field iis.Field // it is about, for the page to put it there
	Text  string
	// Of a dose that will not count against a vaccine group, or one against which
	// the client has a contraindication: the group, why, and the first day on which
	// it would count if that is later.
	VaccineGroup string
	Reasons      []forecast.Reason
	From         iis.Date
	Date         iis.Date // of the dose
}

// AskDoses is the outcome of a Save that found something worth a second look:
// nothing is saved yet, and the same Save again goes through.
const AskDoses Outcome = "ask-doses"

// Doses opens the screen that records immunizations with the actor's draft.
// With an ID the dose of that ID is among the open ones. Where none is open an
// empty form is, which no draft holds before something is typed into it. The view
// is recorded.
func (r *Registry) Doses(ctx context.Context, a iis.Actor, id iis.ClientID, open iis.DoseID) (p DosePage, err error) {
	if err := r.may(ctx, a, iis.RecordDose); err != nil {
		return p, err
	}
	var s *forecast.Schedule
	err = r.update(ctx, func(tx *store.Tx) error {
		if p.Immunizations, s, err = r.immunizationsIn(ctx, tx, a, id); err != nil {
			return err
		}
		p.Draft.CloseGone(p.Record)
		if open != "" {
			i := slices.IndexFunc(p.Record.Doses, func(d iis.Dose) bool { return d.ID == open })
			switch {
			case i < 0:
				return iis.Errorf(iis.NotFound, "This immunization is not on file.")
			case !p.Record.Doses[i].OwnedBy(a.Organization) && !a.May(iis.EditAnyDose):
				return iis.Errorf(iis.Denied, "This immunization was recorded by another organization: report a problem with it instead of changing it.")
			}
			p.Draft.OpenDose(open)
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "immunizations, to record"})
	})
	if err != nil {
		return p, err
	}
	if len(p.Draft.Doses) == 0 {
		p.Draft.NewDose(iis.Administered, p.Today)
	}
	p.work(s)
	p.Rows = p.Draft.Rows(p.Record, iis.RowDose)
	p.Checks = checks(s, p.Record, p.Draft, p.Today)
	return p, nil
}

// StagedDoses is what the draft of doses holds after something was typed.
type StagedDoses struct {
	Open    []iis.DoseID // in order of the screen
	Unsaved int          // rows that a Save would change
	Born    iis.Date     // birth date of the client
	Checks  map[iis.DoseID][]Check
	// Problems are what a Save would refuse now, of the fields that hold something:
	// what is not typed yet is not wrong yet.
	Problems []iis.Problem
}

// StageDoses keeps what was typed in the actor's draft of doses and does what the
// pressed button says to it: DoNew, DoDelete, DoUndelete, DoRevert, or DoKeep for
// no more. Nothing of the client changes.
func (r *Registry) StageDoses(ctx context.Context, a iis.Actor, f Form) (st StagedDoses, err error) {
	f.Screen = iis.ScreenDoses
	a, moved, err := r.editor(ctx, a, f)
	if err != nil {
		return st, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		s, err := r.staged(ctx, tx, a, f)
		if err != nil {
			return err
		}
		if err := s.do(f, a); err != nil {
			return err
		}
		sched, err := r.schedule(ctx, tx)
		if err != nil {
			return err
		}
		st = StagedDoses{Open: s.draft.Doses, Unsaved: s.draft.Count(), Born: s.rec.Client.BirthDate, Checks: checks(sched, s.rec, s.draft, s.today)}
		_, wrong := s.rec.Revise(iis.Edit{Changes: s.draft.Pending()}, a, s.now, s.today)
		st.Problems = slices.DeleteFunc(iis.ProblemsIn(wrong), func(p iis.Problem) bool {
			_, _, name, _ := p.Field.Row()
			return name != "" && s.draft.Value(s.rec.Values(), p.Field) == ""
		})
		return s.keep(ctx, tx, a)
	})
	if err == nil {
		err = moved
	}
	return st, err
}

// DosesSaved is how a Save of doses ended, with how many were added, changed and
// deleted by it.
type DosesSaved struct {
	Outcome
	Added, Changed, Deleted int
}

// SaveDoses saves the form and the whole draft of doses with it, in one
// transaction with one event that holds every changed field. If anything is
// wrong nothing is saved, everything typed stays in the draft, and the error is
// Invalid with the problems or Conflict with the clashes. What is only worth a
// second look is asked about once: AskDoses.
func (r *Registry) SaveDoses(ctx context.Context, a iis.Actor, f Form) (out DosesSaved, err error) {
	f.Screen = iis.ScreenDoses
	a, moved, err := r.editor(ctx, a, f)
	if err != nil {
		return out, err
	}
	if moved != nil {
		f.Do = DoKeep
		if _, err := r.StageDoses(ctx, a, f); err != nil {
			return out, err
		}
		return out, moved
	}
	var refused error
	err = r.update(ctx, func(tx *store.Tx) error {
		out, refused = DosesSaved{}, nil
		s, err := r.staged(ctx, tx, a, f)
		if err != nil {
			return err
		}
		if s.draft.Count() == 0 {
			out.Outcome = Unchanged
			return s.discard(ctx, tx, a)
		}
		after, err := s.rec.Revise(iis.Edit{Changes: s.draft.Pending()}, a, s.now, s.today)
		if err != nil {
			refused = err
			return s.keep(ctx, tx, a)
		}
		changes := iis.Differences(s.rec, after)
		if len(changes) == 0 {
			out.Outcome = Unchanged
			return s.discard(ctx, tx, a)
		}
		sched, err := r.schedule(ctx, tx)
		if err != nil {
			return err
		}
		if s.warn(checks(sched, s.rec, s.draft, s.today)) {
			out.Outcome = AskDoses
			return s.keep(ctx, tx, a)
		}
		if err := r.put(ctx, tx, s.rec, after); err != nil {
			return err
		}
		if err := s.discard(ctx, tx, a); err != nil {
			return err
		}
		out = countDoses(changes)
		return record(ctx, tx, a, iis.ActionImmunize, f.Client, iis.Detail{Version: after.Client.Version, Changes: changes})
	})
	if err == nil {
		err = refused
	}
	return out, err
}

// countDoses counts the doses among the changes of a save.
func countDoses(changes []iis.Change) DosesSaved {
	n := DosesSaved{Outcome: Saved}
	whole, touched := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		row, id, name, _ := c.Field.Row()
		switch {
		case row != iis.RowDose:
		case name != "":
			touched[id] = true
		case c.New != "":
			whole[id] = true
			n.Added++
		default:
			whole[id] = true
			n.Deleted++
		}
	}
	for id := range touched {
		if !whole[id] {
			n.Changed++
		}
	}
	return n
}

// warn notes what is shown to the user now, and reports whether any of it was not
// shown before.
func (s *staging) warn(found map[iis.DoseID][]Check) bool {
	var texts []string
	news := false
	for id, cs := range found {
		for _, c := range cs {
			text := string(id) + " " + c.Text
			news = news || !slices.Contains(s.draft.Warned, text)
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	s.draft.Warned = texts
	return news
}

// checks looks at the open doses of a draft as they stand, beside what is on file.
func checks(s *forecast.Schedule, rec iis.Record, d iis.Draft, today iis.Date) map[iis.DoseID][]Check {
	open := d.Tentative(rec, today)
	if len(open) == 0 {
		return nil
	}
	is := func(id iis.DoseID) func(iis.Dose) bool { return func(o iis.Dose) bool { return o.ID == id } }
	all := slices.DeleteFunc(slices.Clone(rec.Doses), func(o iis.Dose) bool {
		return slices.ContainsFunc(open, is(o.ID)) || deletes(d, o.ID)
	})
	onFile := shots(all, "")
	for _, o := range open {
		if !o.Date.IsZero() && o.Vaccine != "" {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b iis.Dose) int { return a.Date.Compare(b.Date) })
	given := shots(all, "")
	res, before := s.Run(patient(rec, given), today), s.Run(patient(rec, onFile), today)
	found := map[iis.DoseID][]Check{}
	for _, o := range open {
		say := func(name, format string, args ...any) {
			found[o.ID] = append(found[o.ID], Check{Field: iis.DoseField(o.ID, name), Text: fmt.Sprintf(format, args...)})
		}
		if lost := o.Foreign(); len(lost) > 0 {
			say("kind", "Not kept with %s: %s.", kindWords[o.Kind], strings.Join(lost, ", "))
		}
		expired := o.Kind == iis.Administered && !o.Expires.IsZero() && o.Expires.Before(o.Date)
		if expired {
			say("expires", "Expired lot: it expired on %s, before the vaccine was given. It will not count.", o.Expires.US())
		}
		for _, other := range all {
			if other.ID != o.ID && o.Given() && other.Given() && sameShot(other, o) {
				by := "in another row here"
				if !slices.ContainsFunc(open, is(other.ID)) {
					by = "by " + other.ByName
				}
				say("vaccine", "The same vaccine is recorded for %s %s.", o.Date.US(), by)
				break
			}
		}
		i := slices.IndexFunc(given, func(s Shot) bool { return s.Dose.ID == o.ID })
		if i < 0 || !o.Given() {
			continue
		}
		judge := func(name, text, group string, reasons []forecast.Reason, from iis.Date) {
			for _, why := range reasons {
				text += " " + why.Sentence()
			}
			if from.After(o.Date) {
				text += " It would count from " + from.US() + "."
			} else {
				from = iis.Date{}
			}
			found[o.ID] = append(found[o.ID], Check{iis.DoseField(o.ID, name), group + ": " + text, group, reasons, from, o.Date})
		}
		for _, e := range res.Doses[i].Evaluations {
			said := expired && !slices.ContainsFunc(e.Reasons, func(r forecast.Reason) bool { return r.Code != forecast.LotExpired })
			if e.Status != forecast.Valid && !said {
				judge("date", "will not count.", e.VaccineGroup, e.Reasons, e.ValidFrom)
			}
			if o.Kind != iis.Administered || o.Date != today {
				continue
			}
			if f := before.Primary(e.VaccineGroup); f.Status == forecast.Contraindicated {
				judge("vaccine", "contraindicated.", e.VaccineGroup, f.Reasons, iis.Date{})
			}
		}
	}
	return found
}

// kindWords name a dose of a kind in a sentence.
var kindWords = map[iis.DoseKind]string{
	iis.Administered: "an administered immunization", iis.Historical: "a historical immunization", iis.Refused: "a refusal",
}

// deletes reports whether the draft marks a dose to be deleted.
func deletes(d iis.Draft, id iis.DoseID) bool {
	return slices.Contains(d.Changes, iis.Change{Field: iis.DoseField(id, ""), Old: iis.Yes, New: ""})
}
