package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/store"
)

// IssuedRecord is an official record that was issued for a client, with what it
// would say if it were issued on that day from what is on file now.
type IssuedRecord struct {
	Code    string
	Options paper.Options
	At      time.Time
	By      string // organization
	User    string // who issued it; "" to other organizations
	Doses   int    // on it
	// Changed says that what is on file now makes another record: this one is not
	// to be shown as it was.
	Changed bool
	Record  iis.Record
	Facts   paper.Facts // not of those in a list
}

// ReportsPage is the reports available for a client.
type ReportsPage struct {
	Record  iis.Record
	Issued  []IssuedRecord // newest first, the last few
	MayEdit bool
}

// shownIssued is how many issued records the reports page lists.
const shownIssued = 10

// Reports opens the reports available for a client. The view is recorded.
func (r *Registry) Reports(ctx context.Context, a iis.Actor, id iis.ClientID) (p ReportsPage, err error) {
	if err := r.may(ctx, a, iis.PrintClient); err != nil {
		return p, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		p = ReportsPage{MayEdit: a.May(iis.EditClient)}
		if p.Record, err = r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		list, err := tx.IssuedRecords(ctx, id, shownIssued)
		if err != nil {
			return err
		}
		for _, row := range list {
			i, err := r.issued(ctx, tx, a, row)
			if err != nil {
				return err
			}
			p.Issued = append(p.Issued, i)
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "reports"})
	})
	return p, err
}

// issued tells of a stored row what the actor may know. The person who issued it
// is named to the same organization and to staff.
func (r *Registry) issued(ctx context.Context, tx *store.Tx, a iis.Actor, row store.IssuedRecord) (IssuedRecord, error) {
	i := IssuedRecord{Code: row.Code, Options: paper.OptionsOf(row.Kind, row.Language), At: row.Issued, By: row.ByName, Doses: row.Doses}
	if row.By == a.Organization || a.May(iis.SeeHidden) {
		u, err := tx.User(ctx, row.User)
		if err != nil && iis.KindOf(err) != iis.NotFound {
			return i, err
		}
		i.User = u.Name
	}
	return i, nil
}

// Issue issues an official record of a client and returns its code, which is
// kept with the digest of what the record says. It is recorded as printed.
func (r *Registry) Issue(ctx context.Context, a iis.Actor, id iis.ClientID, o paper.Options) (code string, err error) {
	if err := r.may(ctx, a, iis.PrintClient); err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		rec, err := r.visible(ctx, tx, a, id)
		if err != nil {
			return err
		}
		f, err := r.facts(ctx, tx, rec, r.today(tx))
		if err != nil {
			return err
		}
		code = paper.NewCode()
		row := store.IssuedRecord{Code: code, Client: id, Kind: o.Kind(), Language: string(o.Language), Digest: paper.Digest(f, o),
			Doses: len(f.Shots), Issued: tx.Now, User: a.User, By: a.Organization}
		if err := tx.PutIssuedRecord(ctx, row); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionPrint, id, iis.Detail{Subject: issuedSubject(code), Note: "issued"})
	})
	return code, err
}

// issuedSubject names an issued record in the audit trail.
func issuedSubject(code string) string {
	return "official immunization record " + paper.GroupedCode(code)
}

// errUnknownRecord is the one answer for a code that was never given, or to the
// record of another client.
func errUnknownRecord() error {
	return iis.Errorf(iis.NotFound, "No record of this code was issued for the client.")
}

// IssuedRecord opens an official record that was issued. It is recorded as
// printed; form says as what: "page" or "PDF".
func (r *Registry) IssuedRecord(ctx context.Context, a iis.Actor, id iis.ClientID, code, form string) (i IssuedRecord, err error) {
	if err := r.may(ctx, a, iis.PrintClient); err != nil {
		return i, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		rec, err := r.visible(ctx, tx, a, id)
		if err != nil {
			return err
		}
		row, err := tx.IssuedRecord(ctx, code)
		of := row.Client
		if err == nil { // a record of who was merged into the client is one of his
			of, err = tx.MergedInto(ctx, row.Client)
		}
		if iis.KindOf(err) == iis.NotFound || err == nil && of != id {
			return errUnknownRecord()
		}
		if err != nil {
			return err
		}
		if i, err = r.again(ctx, tx, a, rec, row); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionPrint, id, iis.Detail{Subject: issuedSubject(code), Note: form})
	})
	return i, err
}

// again works out what an issued record says if it is issued again for the day
// of its issue.
func (r *Registry) again(ctx context.Context, tx *store.Tx, a iis.Actor, rec iis.Record, row store.IssuedRecord) (IssuedRecord, error) {
	i, err := r.issued(ctx, tx, a, row)
	if err != nil {
		return i, err
	}
	i.Record = rec
	if i.Facts, err = r.facts(ctx, tx, rec, iis.DateOf(row.Issued.In(r.opts.Zone))); err != nil {
		return i, err
	}
	i.Changed = paper.Digest(i.Facts, i.Options) != row.Digest
	return i, nil
}

// facts are what an official record says on a day.
func (r *Registry) facts(ctx context.Context, tx *store.Tx, rec iis.Record, asOf iis.Date) (paper.Facts, error) {
	m := Immunizations{Record: rec, Today: asOf}
	var err error
	if m.Record.Doses, err = tx.Doses(ctx, rec.Client.ID); err != nil {
		return paper.Facts{}, err
	}
	s, err := r.schedule(ctx, tx)
	if err != nil {
		return paper.Facts{}, err
	}
	m.Shots = shots(m.Record.Doses, "")
	m.Result, m.Lapsed = s.Run(patient(rec, m.Shots), asOf), s.Lapsed(asOf)
	return m.Facts(), nil
}

// Facts are what printed records say of the history, the same for whoever asks:
// the report that a shot is judged by stands for it.
func (m Immunizations) Facts() paper.Facts {
	c := m.Record.Client
	f := paper.Facts{
		Client: c.ID, Name: c.Name, Birth: c.BirthDate, AsOf: m.Today, Schedule: m.Result.Schedule, Comments: slices.Clone(m.Record.Comments),
	}
	for i, s := range m.Shots {
		d := s.judged()
		shot := paper.Shot{Date: d.Date, Vaccine: d.Vaccine, TradeName: d.TradeName}
		shot.Judge(m.Result.Doses[i])
		f.Shots = append(f.Shots, shot)
	}
	for _, c := range m.Result.Forecasts {
		if c.Primary && m.OutOfSeason(c) {
			f.Lapsed = append(f.Lapsed, c.VaccineGroup)
		}
	}
	f.Foresee(m.Result.Forecasts)
	f.Sort()
	return f
}
