package registry

import (
	"context"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// lookalikes looks for a new client among those on file: who of them may be the
// same person, and whether one hidden from the actor almost surely is. Nothing
// about a hidden client is returned but that there is one. Pairs are the visible
// ones for the queue.
func (r *Registry) lookalikes(ctx context.Context, tx *store.Tx, a iis.Actor, k store.Known) (visible []Found, pairs []alike, hidden bool, err error) {
	all, err := r.likely(ctx, tx, k)
	if err != nil {
		return nil, nil, false, err
	}
	for _, l := range all {
		switch {
		case !l.client.VisibleTo(a):
			hidden = hidden || l.surely()
		case (l.Answer != pair.AnswerDifferent && l.named() || l.called) && len(visible) < ShownClients:
			h := hit{id: l.client.ID, strength: Possible, reasons: agreeing(l.why)}
			if l.Answer == pair.AnswerSame {
				h.strength = Strong
			}
			f, err := r.found(ctx, tx, a, h)
			if err != nil {
				return nil, nil, false, err
			}
			visible = append(visible, f)
			pairs = append(pairs, l)
		}
	}
	return visible, pairs, hidden, nil
}

// least is the answer, possible at least: somebody was asked about the two.
func (l alike) least() pair.Answer {
	if l.Answer == pair.AnswerSame {
		return l.Answer
	}
	return pair.AnswerPossible
}

// named reports whether something of the name agrees: two of one household who were
// born on one day are not asked about otherwise.
func (l alike) named() bool {
	return l.Grades[pair.LastName] != pair.Different || l.Grades[pair.FirstName] != pair.Different
}

// agreeing leaves out of the reasons in what two records differ.
func agreeing(why []string) []string {
	return slices.DeleteFunc(slices.Clone(why), func(s string) bool { return strings.HasSuffix(s, ": different") })
}

// surely reports whether a hidden client is the same person so surely that an
// entry is held: he has the same last name, present or former, the same first name
// and birth date; or the same birth date, names that are one in two spellings, and
// the same phone number or mother's maiden name. The rule is strict, because
// holding an entry back tells that somebody is there.
func (l alike) surely() bool { return l.called || hopeful(l.Grades) }

// queryOf asks for a client by all that may tell him from others. A number that
// stands for none would bring up everyone who has it.
func queryOf(c iis.Client) Query {
	q := Query{
		Last: c.Name.Last, First: c.Name.First, Middle: c.Name.Middle,
		BirthDate: c.BirthDate.Partial(), Gender: c.Gender,
		MotherMaidenLast: c.MotherMaidenLast, MotherFirst: c.MotherFirst,
	}
	if !match.PlaceholderPhone(c.Phone) {
		q.Phone = c.Phone
	}
	return q
}
