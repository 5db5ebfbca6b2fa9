package registry

import (
	"context"
	"maps"
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

// identify finds the client of each row: whom a person has chosen; or by the
// organization's chart number, if name or birth date agrees; else by exactly the same
// last name, first name and birth date, if there is one alone. No client is the zero
// Record. What is wrong with a row is its err.
func (m *Import) identify(ctx context.Context, tx *store.Tx, all ...*incoming) error {
	var ask []*incoming
	var tell []store.Told
	for _, q := range all {
		switch {
		case q.err != nil:
		case q.row.Same != "":
			q.how = byChoice
			if q.rec, q.err = m.chosen(ctx, tx, q.actor, q.row.Same); !told(q.err) {
				return q.err
			}
		default:
			last, first := match.NewLast(q.values[iis.FieldLast]).Text(), match.NewFirst(q.values[iis.FieldFirst]).Text()
			q.told = store.Told{To: store.Audience{Organization: q.actor.Organization},
				Chart: match.ChartKey(q.actor.Organization, q.values[iis.FieldChart]), Last: last, First: first, Born: q.born}
			ask, tell = append(ask, q), append(tell, q.told)
		}
	}
	ids, err := tx.Identified(ctx, tell...)
	if err != nil {
		return err
	}
	for i, q := range ask {
		q.charted, q.called = ids[i].Charted, onlyOne(ids[i].Called)
		if q.told.Last == "" || q.born.IsZero() {
			q.called = "" // Revise says what is missing
		}
		q.wants = append(slices.Clone(q.charted), q.called)
	}
	if err := m.read(ctx, tx, ask); err != nil {
		return err
	}
	for _, q := range ask {
		q.identified()
	}
	return nil
}

// onlyOne is the client of the rows, "" if there is none or several.
func onlyOne(rows []store.NameHit) (id iis.ClientID) {
	for _, row := range rows {
		if id != "" && row.Client != id {
			return ""
		}
		id = row.Client
	}
	return id
}

// read reads the records that the rows want, as the organization of each sees them.
func (m *Import) read(ctx context.Context, tx *store.Tx, all []*incoming) error {
	want := map[iis.OrganizationID][]iis.ClientID{}
	for _, q := range all {
		for _, id := range q.wants {
			if _, ok := q.records[id]; !ok && id != "" && !slices.Contains(want[q.actor.Organization], id) {
				want[q.actor.Organization] = append(want[q.actor.Organization], id)
			}
		}
	}
	for _, org := range slices.Sorted(maps.Keys(want)) {
		for ids := range slices.Chunk(want[org], store.MostKnown) {
			records, err := tx.ClientRecords(ctx, org, ids...)
			if err != nil {
				return err
			}
			for _, q := range all {
				for _, id := range q.wants {
					if rec, ok := records[id]; ok && q.actor.Organization == org {
						q.records[id] = rec
					}
				}
			}
		}
	}
	return nil
}

// identified settles who the row is of by what was read.
func (q *incoming) identified() {
	agreed := 0
	for _, id := range q.charted {
		one := q.records[id]
		if same, was := agrees(one, q.told.Last, q.told.First, q.born); same {
			q.rec, q.how = one, byChart
			if was {
				q.how = byFormer
			}
			agreed++
		}
	}
	switch {
	case agreed == 1:
		return
	case len(q.charted) > 0 && agreed == 0:
		q.unlike = true // the spelling may differ; the matcher knows
	}
	q.rec, q.how = iis.Record{}, ""
	if q.called != "" && !q.unlike {
		q.rec, q.how = q.records[q.called], byName
	}
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
