package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/store"
)

// Verified is what anyone who holds a printed record may know of it.
type Verified struct {
	Code      string
	Issued    iis.Date
	Options   paper.Options
	Initials  string
	BirthYear int
	Doses     int
	Changed   bool
	// Facts are the record itself, for who has proved to know the birth date; nil
	// otherwise, and if the record has changed.
	Facts *paper.Facts
}

// Wrong birth dates that one record takes: of some hundred days in a year that
// it names, so few can be tried.
const (
	triesADay  = 10
	triesInAll = 30
	wrongBirth = "wrong birth date"
	rightBirth = "birth date given"
	overTried  = "too many birth dates tried"
)

// errUnverified is the one answer for a code that was never given and for a
// record whose client is locked or deceased.
func errUnverified() error { return iis.Errorf(iis.NotFound, "No record can be shown for this code.") }

// errWrongBirth is the one answer for a birth date that is not the client's and
// for one more than may be tried.
func errWrongBirth() error {
	return iis.Problems(iis.Problem{Field: "birth", Text: "This is not the birth date on the record, or there were too many attempts. Check it and try again later."})
}

// Verify answers what a printed record is, by its code, for someone who is not
// signed in. With a birth date typed it shows what the record says if it is the
// right one, and is an Invalid error if it is not. Every question is recorded.
func (r *Registry) Verify(ctx context.Context, code, birth string) (v Verified, err error) {
	var refused error
	err = r.update(ctx, func(tx *store.Tx) error {
		v, refused = Verified{}, nil
		row, err := tx.IssuedRecord(ctx, code)
		var rec iis.Record
		shown := false
		if err == nil {
			rec, shown, err = verifiable(ctx, tx, row.Client)
		}
		if err != nil && iis.KindOf(err) != iis.NotFound {
			return err
		}
		e := iis.Event{Action: iis.ActionVerify, Client: row.Client, Detail: iis.Detail{Subject: issuedSubject(row.Code)}}
		if !shown {
			refused = errUnverified()
			e.Detail.Reason = "not shown"
			if row.Code == "" {
				e.Detail = iis.Detail{Reason: "no such record"}
			}
			return tx.Record(ctx, e)
		}
		i, err := r.again(ctx, tx, iis.Actor{}, rec, row)
		if err != nil {
			return err
		}
		v = Verified{Code: row.Code, Issued: i.Facts.AsOf, Options: i.Options, Initials: i.Facts.Initials(),
			BirthYear: i.Facts.Birth.Year, Doses: i.Doses, Changed: i.Changed || rec.Client.MergedInto != ""}
		if birth != "" {
			tried, err := overtried(ctx, tx, row)
			if err != nil {
				return err
			}
			d, err := iis.ReadDate(birth, r.today(tx))
			switch {
			case tried:
				e.Detail.Reason, refused = overTried, errWrongBirth()
			case err != nil || d.IsZero() || d != rec.Client.BirthDate:
				e.Action, e.Detail.Reason, refused = iis.ActionMisguess, wrongBirth, errWrongBirth()
			default:
				e.Detail.Reason = rightBirth
				if !v.Changed {
					v.Facts = &i.Facts
				}
			}
		}
		return tx.Record(ctx, e)
	})
	if err == nil {
		err = refused
	}
	return v, err
}

// verifiable loads a client, and reports whether anyone may be told of him: he is
// neither locked nor deceased, and nor is whoever his record was merged into.
func verifiable(ctx context.Context, tx *store.Tx, id iis.ClientID) (rec iis.Record, shown bool, err error) {
	if rec, err = tx.ClientRecord(ctx, id, ""); err != nil {
		return rec, false, err
	}
	c, seen := rec.Client, []iis.ClientID{}
	for !c.Deceased() && c.LockedTo == "" {
		if c.MergedInto == "" {
			return rec, true, nil
		}
		if seen = append(seen, c.ID); slices.Contains(seen, c.MergedInto) {
			return rec, false, nil
		}
		into, err := tx.ClientRecord(ctx, c.MergedInto, "")
		if err != nil {
			return rec, false, err
		}
		c = into.Client
	}
	return rec, false, nil
}

// overtried reports whether as many wrong birth dates were typed for a record as
// it takes. They are events of their own, of which no other question takes the
// place: however often a record is asked for, none is forgotten.
func overtried(ctx context.Context, tx *store.Tx, row store.IssuedRecord) (bool, error) {
	events, err := tx.FindEvents(ctx, store.EventQuery{Client: row.Client, Actions: []iis.Action{iis.ActionMisguess}})
	if err != nil {
		return false, err
	}
	today, all := 0, 0
	for _, e := range events {
		if e.Detail.Subject == issuedSubject(row.Code) {
			all++
			if tx.Now.Sub(e.At) < 24*time.Hour {
				today++
			}
		}
	}
	return today >= triesADay || all >= triesInAll, nil
}
