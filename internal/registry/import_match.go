package registry

import (
	"context"
	"maps"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// whose is what the matcher says of a row: whose it is.
type whose struct {
	same   iis.ClientID   // it is surely of this client, whom the organization sees
	like   []alike        // whom it sees, and who may be the same or are several
	hidden []iis.ClientID // clients hidden from it who are surely the same
	pairs  []alike        // all who may be the same, hidden ones too, for the queue
}

// match asks the matcher about rows.
func (m *Import) match(ctx context.Context, tx *store.Tx, all ...*incoming) error {
	var ask []*incoming
	var facts []store.Known
	for _, q := range all {
		values, blank := withGender(q.values), blankRecord(q.actor)
		var err error
		q.fresh, err = blank.Revise(iis.Edit{Changes: importChanges(blank.Values(), values, q.today)}, q.actor, tx.Now, q.today)
		switch {
		case err == nil:
			ask, facts = append(ask, q), append(facts, store.Known{Client: q.fresh.Client, Memberships: []iis.Membership{q.fresh.Membership}})
		case !told(err):
			return err
		case q.unlike:
			q.err = errChartTaken()
		default:
			q.err = err
		}
	}
	found, err := m.reg.seek(ctx, tx, false, facts...)
	if err != nil {
		return err
	}
	for i, q := range ask {
		q.seeker, q.whose, q.matched = found[i], whoseOf(q.actor, found[i].found), true
		q.wants = []iis.ClientID{q.whose.same}
	}
	if err := m.read(ctx, tx, ask); err != nil {
		return err
	}
	for _, q := range ask {
		switch {
		case !q.unlike:
		case slices.Contains(q.charted, q.whose.same):
			q.rec, q.how, q.matched = q.records[q.whose.same], byFormer, false
		default:
			q.err = errChartTaken()
		}
	}
	return nil
}

func errChartTaken() error {
	return iis.Problems(iis.Problem{Field: iis.FieldChart,
		Text: "Chart number is on file for another client of this organization: check the row."})
}

// withGender are the values of a new client of whom the gender may not be told.
func withGender(values iis.Values) iis.Values {
	if values[iis.FieldGender] == "" {
		values = maps.Clone(values)
		values[iis.FieldGender] = string(iis.UnknownGender)
	}
	return values
}

// whoseOf says whose a record is who is like those.
func whoseOf(a iis.Actor, all []alike) (w whose) {
	var same, exact []alike
	for _, l := range all {
		if l.Answer != pair.AnswerDifferent {
			w.pairs = append(w.pairs, l)
		}
		switch {
		case !l.client.VisibleTo(a):
			if l.surely() {
				w.hidden = append(w.hidden, l.client.ID)
			}
		case l.Answer == pair.AnswerSame:
			same = append(same, l)
		case l.called && l.forRoster() == pair.AnswerSame:
			exact = append(exact, l)
		case l.Answer == pair.AnswerPossible && l.named(), l.called:
			w.like = append(w.like, l)
		}
	}
	if same = slices.Concat(same, exact); len(same) == 1 {
		w.same, w.like = same[0].client.ID, nil
		return w
	}
	w.like = slices.Concat(same, w.like)
	return w
}

// forRoster is the policy's answer for a roster about one who is or was called exactly
// so and born on the day: a former birth date does as well.
func (l alike) forRoster() pair.Answer {
	d := l.Decision
	d.Grades[pair.BirthField] = pair.Same
	return l.policy.For(pair.Roster, d).Answer
}

// likeError is the error of a row that may be of a client on file.
type likeError struct {
	error
	like []iis.ClientID
}

func (e *likeError) Unwrap() error { return e.error }

// mayBe says of a row whom it may be.
func mayBe(like []alike) error {
	ids := make([]iis.ClientID, 0, len(like))
	for _, l := range like {
		ids = append(ids, l.client.ID)
	}
	return &likeError{likeText(ids), ids[:min(len(ids), mostAlike)]}
}

// mostAlike is how many clients are told whose a row may be.
const mostAlike = 5

func likeText(like []iis.ClientID) error {
	ids := make([]string, 0, 3)
	for _, id := range like[:min(len(like), cap(ids))] {
		ids = append(ids, string(id))
	}
	if len(like) == 1 {
		return iis.Errorf(iis.Conflict, "may be the client %s who is on file: compare the two", ids[0])
	}
	return iis.Errorf(iis.Conflict, "may be one of the clients %s who are on file: compare them", strings.Join(ids, ", "))
}
