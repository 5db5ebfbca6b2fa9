package registry

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// ToldProblem is a problem with a dose as its owner's queue shows it.
type ToldProblem struct {
	store.DoseProblem
	Client iis.Client
	Dose   iis.Dose
	Gone   bool // the dose has been deleted meanwhile
}

// DoseFacts is one dose on file, for who looks at it without changing it.
type DoseFacts struct {
	Record iis.Record // without the doses
	Dose   iis.Dose
	Owned  bool // by the acting organization
}

// Dose returns one dose on file. The view is recorded.
func (r *Registry) Dose(ctx context.Context, a iis.Actor, id iis.ClientID, dose iis.DoseID) (f DoseFacts, err error) {
	if err := r.may(ctx, a, iis.RecordDose); err != nil {
		return f, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if f.Record, err = r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		if f.Dose, err = doseOf(ctx, tx, id, dose); err != nil {
			return err
		}
		f.Owned = f.Dose.OwnedBy(a.Organization)
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "immunization " + string(dose)})
	})
	return f, err
}

// ReportDose tells the organization that recorded a dose that something about it
// is wrong.
func (r *Registry) ReportDose(ctx context.Context, a iis.Actor, id iis.ClientID, dose iis.DoseID, text string) error {
	if err := r.may(ctx, a, iis.RecordDose); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return iis.Problems(iis.Problem{Field: "problem", Text: "Problem is missing: say what is wrong with this immunization."})
	case n > mostWords || !utf8.ValidString(text):
		return iis.Problems(iis.Problem{Field: "problem", Text: "Problem is too long: at most 1,000 characters."})
	}
	return r.update(ctx, func(tx *store.Tx) error {
		if _, err := r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		d, err := doseOf(ctx, tx, id, dose)
		if err != nil {
			return err
		}
		err = tx.PutDoseProblem(ctx, store.DoseProblem{
			ID: iis.NewID(), Client: id, Dose: dose, Owner: d.By, Text: text, User: a.User, By: a.Organization, Told: tx.Now,
		})
		if err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionReportDose, id, iis.Detail{Subject: string(dose)})
	})
}

// doseOf returns a dose on file, or answers NotFound.
func doseOf(ctx context.Context, tx *store.Tx, id iis.ClientID, dose iis.DoseID) (iis.Dose, error) {
	doses, err := tx.Doses(ctx, id)
	if err != nil {
		return iis.Dose{}, err
	}
	i := slices.IndexFunc(doses, func(d iis.Dose) bool { return d.ID == dose })
	if i < 0 {
		return iis.Dose{}, iis.Errorf(iis.NotFound, "This immunization is not on file.")
	}
	return doses[i], nil
}

// DoseProblems lists the problems that wait for the acting organization, of
// clients whom the actor may see. Who is listed is recorded.
func (r *Registry) DoseProblems(ctx context.Context, a iis.Actor) (list []ToldProblem, err error) {
	if err := r.may(ctx, a, iis.RecordDose); err != nil {
		return nil, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if list, err = waiting(ctx, tx, a); err != nil || len(list) == 0 {
			return err
		}
		var shown []iis.ClientID
		for i := range list {
			p := &list[i]
			p.Dose, err = doseOf(ctx, tx, p.Client.ID, p.DoseProblem.Dose)
			if err != nil && iis.KindOf(err) != iis.NotFound {
				return err
			}
			p.Gone = err != nil
			shown = append(shown, p.Client.ID)
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: shown, Note: "problems with immunizations"})
	})
	return list, err
}

// DoseProblemCount tells how many problems wait for the acting organization, 0
// for an actor who may not resolve them.
func (r *Registry) DoseProblemCount(ctx context.Context, a iis.Actor) (n int, err error) {
	if !a.May(iis.RecordDose) {
		return 0, nil
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		list, err := waiting(ctx, tx, a)
		n = len(list)
		return err
	})
	return n, err
}

// waiting returns the problems that wait for the acting organization with their
// clients, but of those whom the actor may not see.
func waiting(ctx context.Context, tx *store.Tx, a iis.Actor) (list []ToldProblem, err error) {
	all, err := tx.DoseProblems(ctx, a.Organization)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		c, err := tx.Client(ctx, p.Client)
		if err != nil {
			return nil, err
		}
		if c.VisibleTo(a) {
			list = append(list, ToldProblem{DoseProblem: p, Client: c})
		}
	}
	return list, nil
}

// ResolveDoseProblem closes a problem of the acting organization, with what
// became of it in words.
func (r *Registry) ResolveDoseProblem(ctx context.Context, a iis.Actor, problem, outcome string) error {
	if err := r.may(ctx, a, iis.RecordDose); err != nil {
		return err
	}
	outcome = strings.TrimSpace(outcome)
	if n := utf8.RuneCountInString(outcome); n == 0 || n > mostWords || !utf8.ValidString(outcome) {
		return iis.Problems(iis.Problem{Field: "outcome", Text: "Outcome is missing or too long: say in at most 1,000 characters what you did."})
	}
	return r.update(ctx, func(tx *store.Tx) error {
		unknown := iis.Errorf(iis.NotFound, "No such problem waits for your organization.")
		p, err := tx.DoseProblem(ctx, problem)
		if iis.KindOf(err) == iis.NotFound || err == nil && p.Owner != a.Organization {
			return unknown
		}
		if err != nil {
			return err
		}
		c, err := tx.Client(ctx, p.Client)
		if err != nil {
			return err
		}
		if !c.VisibleTo(a) {
			return unknown
		}
		err = tx.ResolveDoseProblem(ctx, problem, a.User, outcome)
		if iis.KindOf(err) == iis.Conflict {
			return iis.Errorf(iis.Conflict, "This problem has been resolved already.")
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionResolveDose, p.Client, iis.Detail{Subject: string(p.Dose)})
	})
}
