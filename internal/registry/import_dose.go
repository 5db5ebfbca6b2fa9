package registry

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// importAtOnce is how many clients' immunizations are taken in side by side: the
// store commits waiting transactions together.
const importAtOnce = 8

// Immunizations takes in immunizations and says what became of each, in their
// order: those of one client in one transaction. A client who is not surely on
// file is never made by them. The same rows again change nothing.
func (m *Import) Immunizations(ctx context.Context, rows []ImportRow) ([]Imported, error) {
	byClient := map[string][]int{}
	var order []string
	for i, row := range rows {
		whom := row.Client + "\x00" + string(row.Same) + "\x00" + rowMark(iis.OrganizationID(row.Organization), clientValues(row.Values))
		if byClient[whom] == nil {
			order = append(order, whom)
		}
		byClient[whom] = append(byClient[whom], i)
	}
	results := make([]Imported, len(rows))
	errs := make(chan error, len(order))
	turn := make(chan struct{}, importAtOnce)
	var wg sync.WaitGroup
	for _, whom := range order {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			if err := m.ofClient(ctx, rows, byClient[whom], results); err != nil {
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	return results, <-errs
}

// clientValues are the values of a row that tell the client, doseValues those that
// tell the immunization, by the names of a dose's fields.
func clientValues(values iis.Values) iis.Values {
	return maps.Collect(func(yield func(iis.Field, string) bool) {
		for f, s := range values {
			if _, _, _, row := f.Row(); !row && !yield(f, s) {
				return
			}
		}
	})
}

func doseValues(values iis.Values) map[string]string {
	dose := map[string]string{}
	for f, s := range normal(values) {
		if row, _, name, ok := f.Row(); ok && row == iis.RowDose {
			dose[name] = strings.TrimSpace(s)
		}
	}
	return dose
}

// ofClient takes in the rows of one client, whose places among all are told.
func (m *Import) ofClient(ctx context.Context, rows []ImportRow, mine []int, results []Imported) error {
	return m.reg.update(ctx, func(tx *store.Tx) error {
		if err := m.stands(ctx, tx); err != nil {
			return err
		}
		a, rec, err := m.immunized(ctx, tx, rows[mine[0]])
		if !told(err) {
			return err
		}
		if err != nil {
			for _, i := range mine {
				results[i] = refusedRow(err)
			}
			if err := m.note(ctx, tx, results, mine); err != nil {
				return err
			}
			return m.looked(ctx, tx, nil)
		}
		id := rec.Client.ID
		if rec.Doses, err = tx.Doses(ctx, id); err != nil {
			return err
		}
		marks, err := marksOf(ctx, tx, id)
		if err != nil {
			return err
		}
		after, news := rec, []string{}
		for _, i := range mine {
			mark := rowMark(a.Organization, rows[i].Values)
			if marks[mark] {
				results[i] = Imported{Outcome: ImportSame, Client: id}
				continue
			}
			next, outcome, err := m.dose(tx, a, after, doseValues(rows[i].Values))
			if err != nil {
				results[i] = Imported{Outcome: ImportWrong, Err: err}
				continue
			}
			results[i] = Imported{Outcome: outcome, Client: id}
			if outcome != ImportSame {
				after, marks[mark] = next, true
				news = append(news, mark)
			}
		}
		if err := m.note(ctx, tx, results, mine); err != nil {
			return err
		}
		if m.opts.DryRun {
			return m.looked(ctx, tx, []Imported{{Client: id}})
		}
		if len(news) == 0 {
			return nil
		}
		after.Client.Version = rec.Client.Version + 1
		return m.write(ctx, tx, a, rec, after, iis.Detail{Changes: iis.Differences(rec, after), Subject: strings.Join(news, ", ")})
	})
}

// dose adds the immunization of a row to a record, or amends the one that the
// organization has on file of the day and the vaccine. What other organizations
// have recorded is left alone.
func (m *Import) dose(tx *store.Tx, a iis.Actor, rec iis.Record, given map[string]string) (iis.Record, ImportOutcome, error) {
	given, err := vaccineOf(given)
	if err != nil {
		return rec, "", err
	}
	said := given["kind"] != ""
	if !said {
		given["kind"] = kindOf(given)
	}
	if given["source"] == givenHere {
		delete(given, "source")
	}
	today := m.reg.today(tx)
	id, outcome := iis.DoseID(iis.NewID()), ImportAdded
	if i := slices.IndexFunc(rec.Doses, func(d iis.Dose) bool { return d.OwnedBy(a.Organization) && reports(d, given, today) }); i >= 0 {
		id, outcome = rec.Doses[i].ID, ImportChanged
	}
	var changes []iis.Change
	switch {
	case outcome == ImportAdded:
		changes = append(changes, iis.Change{Field: iis.DoseField(id, ""), New: iis.Yes})
	case !said:
		delete(given, "kind") // what is on file knows better
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		f := iis.DoseField(id, name)
		was := rec.Value(f)
		value, err := f.Read(given[name], today)
		if err != nil {
			value = given[name] // Revise says what is wrong with it
		}
		if value != "" && !strings.EqualFold(value, was) && !(value == iis.No && was == "") {
			changes = append(changes, iis.Change{Field: f, Old: was, New: value})
		}
	}
	if len(changes) == 0 {
		return rec, ImportSame, nil
	}
	after, err := rec.Revise(iis.Edit{Changes: changes}, a, tx.Now, today)
	if err == nil && slices.Equal(rec.Doses, after.Doses) {
		outcome = ImportSame // what does not belong to the kind was dropped
	}
	return after, outcome, err
}

// reports reports whether the dose on file is the immunization of a row: the same
// vaccine on the same day, given or refused.
func reports(d iis.Dose, given map[string]string, today iis.Date) bool {
	day, err := iis.ReadDate(given["date"], today)
	return err == nil && !day.IsZero() && d.Date == day && code.Canonical(string(d.Vaccine)) == code.Canonical(given["vaccine"]) &&
		d.Given() == (given["kind"] != string(iis.Refused))
}

// givenHere is the source of a dose that the organization has given itself: CDC
// table NIP001.
const givenHere = "00"

// kindOf is how an immunization is known of which a row does not tell it.
func kindOf(given map[string]string) string {
	switch {
	case given["refusal"] != "":
		return string(iis.Refused)
	case given["source"] == givenHere:
		return string(iis.Administered)
	}
	return string(iis.Historical)
}

// immunized finds the client of a row, and in whose name it is taken in.
func (m *Import) immunized(ctx context.Context, tx *store.Tx, row ImportRow) (a iis.Actor, rec iis.Record, err error) {
	if a, err = m.actingFor(row); err != nil {
		return a, rec, err
	}
	values := normal(clientValues(row.Values))
	switch {
	case row.Same != "":
		rec, err = m.chosen(ctx, tx, a, row.Same)
	case row.Client != "":
		rec, err = m.numbered(ctx, tx, a, iis.ClientID(row.Client), values)
	case values[iis.FieldLast] == "" && values[iis.FieldBirthDate] == "":
		rec, err = m.charted(ctx, tx, a, values[iis.FieldChart])
	default:
		rec, err = m.recognized(ctx, tx, a, values)
	}
	return a, rec, err
}

// numbered finds the client of a registry ID; one who was merged is his survivor.
// Where the row gives a name or birth date, one of them has to agree.
func (m *Import) numbered(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID, values iis.Values) (iis.Record, error) {
	rec, err := m.reg.visible(ctx, tx, a, id)
	if into := iis.MovedTo(err); into != "" {
		rec, err = m.reg.visible(ctx, tx, a, into)
	}
	if err != nil {
		if iis.KindOf(err) == iis.NotFound {
			err = iis.Errorf(iis.Invalid, "there is no client with this registry ID")
		}
		return rec, err
	}
	born, err := m.born(tx, values)
	if err != nil {
		return rec, err
	}
	last, first := match.NewLast(values[iis.FieldLast]).Text(), match.NewFirst(values[iis.FieldFirst]).Text()
	agrees := last == "" && born.IsZero() || slices.ContainsFunc(match.NamesOf(rec.Client, rec.Aliases), func(k iis.NameKey) bool {
		return k.BirthDate == born && !born.IsZero() || last != "" && k.Last == last && (first == "" || k.First == first)
	})
	if !agrees {
		return rec, iis.Errorf(iis.Invalid, "neither name nor birth date is that of the client with this registry ID: check the row")
	}
	return rec, nil
}

// charted finds the client of the organization's own number alone.
func (m *Import) charted(ctx context.Context, tx *store.Tx, a iis.Actor, number string) (rec iis.Record, err error) {
	key := match.ChartKey(a.Organization, number)
	if number == "" || key == "" {
		return rec, iis.Errorf(iis.Invalid, "the row does not say who was immunized: give the registry ID, the chart number, or name and birth date")
	}
	ids, err := tx.ClientsWithKey(ctx, store.Audience{Organization: a.Organization}, key, 2)
	switch {
	case err != nil:
		return rec, err
	case len(ids) == 0:
		return rec, iis.Errorf(iis.Invalid, "no client of the organization has this chart number")
	case len(ids) > 1:
		return rec, iis.Errorf(iis.Invalid, "more than one client of the organization has this chart number: give name and birth date too")
	}
	return tx.ClientRecord(ctx, ids[0], a.Organization)
}

// recognized finds the client of a row by chart number, name and birth date. A
// client hidden from the organization is as if he were not on file.
func (m *Import) recognized(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values) (rec iis.Record, err error) {
	q := m.receiveFor(tx, &incoming{actor: a}, values)
	if err := m.identify(ctx, tx, q); err != nil || q.err != nil {
		return rec, cmp.Or(err, q.err)
	}
	if !q.unlike && (q.how == byChart || q.how == byFormer) {
		return q.rec, nil
	}
	if err := m.match(ctx, tx, q); err != nil || q.err != nil {
		return rec, cmp.Or(err, q.err)
	}
	switch w := q.whose; {
	case !q.matched:
		return q.rec, nil
	case w.same != "":
		return q.records[w.same], nil
	case len(w.like) > 0:
		return rec, mayBe(w.like)
	}
	return rec, iis.Errorf(iis.Invalid, "no client on file is surely this one: enter the client first, or give the registry ID")
}

// vaccineOf works out the vaccine of a row from its CVX code, the NDC or the trade
// name, and what one of them tells of the others.
func vaccineOf(given map[string]string) (map[string]string, error) {
	given = maps.Clone(given)
	wrong := func(name, text string) (map[string]string, error) {
		return nil, iis.Problems(iis.Problem{Field: iis.DoseField("", name), Text: text})
	}
	fits := func(cvx iis.CVX) bool {
		return given["vaccine"] == "" || code.Canonical(given["vaccine"]) == cvx
	}
	fill := func(cvx iis.CVX, mvx iis.MVX, trade string) {
		for name, s := range map[string]string{"vaccine": string(cvx), "maker": string(mvx), "trade": trade} {
			if given[name] == "" {
				given[name] = s
			}
		}
	}
	if s := given["maker"]; s != "" {
		mvx, ok := makerOf(s)
		if !ok {
			return wrong("maker", "Manufacturer is not known: give its MVX code.")
		}
		given["maker"] = string(mvx)
	}
	if s := given["ndc"]; s != "" {
		ndc, err := code.ReadNDC(s)
		if err != nil {
			return wrong("ndc", "NDC cannot be read: "+err.Error()+".")
		}
		given["ndc"] = string(ndc)
		all := code.PackagesOf(ndc)
		these := slices.DeleteFunc(slices.Clone(all), func(p code.Package) bool { return !fits(p.CVX) })
		switch several := slices.ContainsFunc(these, func(p code.Package) bool { return p.CVX != these[0].CVX }); {
		case len(all) > 0 && len(these) == 0:
			return wrong("ndc", "NDC is of another vaccine than the CVX code: check the row.")
		case several:
			return wrong("ndc", "NDC is of more than one vaccine: give the CVX code too.")
		case len(these) > 0:
			fill(these[0].CVX, these[0].MVX, these[0].TradeName)
		}
	}
	if s := given["trade"]; s != "" {
		all := code.ProductNamed(s)
		these := slices.DeleteFunc(slices.Clone(all), func(p code.Product) bool { return !fits(p.CVX) })
		if active := slices.DeleteFunc(slices.Clone(these), func(p code.Product) bool { return p.Status != code.Active }); len(active) > 0 {
			these = active
		}
		switch several := slices.ContainsFunc(these, func(p code.Product) bool { return p.CVX != these[0].CVX }); {
		case len(all) > 0 && len(these) == 0:
			return wrong("trade", "Trade Name is of another vaccine than the code: check the row.")
		case several:
			return wrong("trade", "Trade Name is of more than one vaccine: give the CVX code too.")
		case len(these) == 1:
			given["trade"] = these[0].TradeName
			fill(these[0].CVX, these[0].MVX, "")
		case len(these) > 0:
			given["trade"] = these[0].TradeName
			fill(these[0].CVX, "", "")
		}
	}
	if given["vaccine"] == "" {
		return wrong("vaccine", "Vaccine is not known: give its CVX code.")
	}
	return given, nil
}

// makerOf reads a manufacturer, by code or in words.
func makerOf(s string) (iis.MVX, bool) {
	if m, ok := code.ManufacturerOf(iis.MVX(s)); ok {
		return m.MVX, true
	}
	for _, m := range code.Manufacturers() {
		if strings.EqualFold(m.Name, s) {
			return m.MVX, true
		}
	}
	// A code that nobody knows is kept.
	return iis.MVX(strings.ToUpper(s)), len(s) <= 4 && !strings.ContainsAny(s, " ")
}
