package registry

import (
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// How a client on file was found for a row.
type found string

const (
	byChart  found = "chart"  // by the organization's own number: the row may rename him
	byFormer found = "former" // by the number, and a name or birth date of another time
	byName   found = "name"   // by exactly the same names and birth date
	byChoice found = "choice" // by a person, who has compared the two
)

// identifyRow finds the client of a row as identify does, unless a person has said
// who he is.
func (m *Import) identifyRow(ctx context.Context, tx *store.Tx, a iis.Actor, row ImportRow, values iis.Values) (rec iis.Record, how found, err error) {
	if row.Same == "" {
		return m.identify(ctx, tx, a, values)
	}
	rec, err = m.chosen(ctx, tx, a, row.Same)
	return rec, byChoice, err
}

// chosen is the client whom a person has chosen for a row; one who was merged since
// is his survivor.
func (m *Import) chosen(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (iis.Record, error) {
	rec, err := m.reg.visible(ctx, tx, a, id)
	if into := iis.MovedTo(err); into != "" {
		rec, err = m.reg.visible(ctx, tx, a, into)
	}
	if iis.KindOf(err) == iis.NotFound {
		err = iis.Errorf(iis.Invalid, "the client who was chosen for the row cannot be opened any more")
	}
	return rec, err
}

// identify finds the client of a row: by the organization's chart number, if name
// or birth date agrees, else by exactly the same last name, first name and birth
// date, if there is one alone. No client is the zero Record.
func (m *Import) identify(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values) (rec iis.Record, how found, err error) {
	born, err := m.born(tx, values)
	if err != nil {
		return rec, "", err
	}
	last, first := match.NewLast(values[iis.FieldLast]).Text(), match.NewFirst(values[iis.FieldFirst]).Text()
	chart := match.ChartKey(a.Organization, values[iis.FieldChart])
	ids, rows, err := tx.Identified(ctx, store.Audience{Organization: a.Organization}, chart, last, first, born, manyRows)
	if err != nil {
		return rec, "", err
	}
	if len(ids) > 0 {
		agreed, former := 0, false
		for _, id := range ids {
			one, err := tx.ClientRecord(ctx, id, a.Organization)
			if err != nil {
				return rec, "", err
			}
			if same, was := agrees(one, last, first, born); same {
				rec, former = one, was
				agreed++
			}
		}
		switch {
		case agreed == 1 && former:
			return rec, byFormer, nil
		case agreed == 1:
			return rec, byChart, nil
		case agreed == 0:
			// The spelling may differ; the matcher knows.
			if w, _, err := m.whose(ctx, tx, a, values); err == nil && slices.Contains(ids, w.same) {
				rec, err = tx.ClientRecord(ctx, w.same, a.Organization)
				return rec, byFormer, err
			} else if !told(err) {
				return rec, "", err
			}
			return rec, "", iis.Problems(iis.Problem{Field: iis.FieldChart,
				Text: "Chart number is on file for another client of this organization: check the row."})
		}
		rec = iis.Record{}
	}
	if last == "" || born.IsZero() {
		return rec, "", nil // Revise says what is missing
	}
	for _, row := range rows {
		if row.Client != rows[0].Client {
			return rec, "", nil
		}
	}
	if len(rows) == 0 {
		return rec, "", nil
	}
	rec, err = tx.ClientRecord(ctx, rows[0].Client, a.Organization)
	return rec, byName, err
}

// agrees reports whether a client with the chart number of a row may be its
// client: the whole name agrees, a present or former one, or the birth date.
func agrees(rec iis.Record, last, first string, born iis.Date) (same, former bool) {
	for _, k := range match.NamesOf(rec.Client, rec.Aliases) {
		named := k.Last == last && k.First == first && !k.LastPart && !k.FirstPart
		if named && k.BirthDate == born {
			return true, k.Former
		}
		same = same || named || k.BirthDate == born && !born.IsZero()
	}
	return same, false
}

// born returns the birth date that a row gives.
func (m *Import) born(tx *store.Tx, values iis.Values) (iis.Date, error) {
	s, err := iis.FieldBirthDate.Read(values[iis.FieldBirthDate], m.reg.today(tx))
	if err != nil {
		return iis.Date{}, iis.Problems(iis.Problem{Field: iis.FieldBirthDate, Text: iis.FieldBirthDate.Label() + " " + err.Error() + "."})
	}
	return iis.ParseDate(s)
}
