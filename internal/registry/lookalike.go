package registry

import (
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// lookalikes looks for a new client among those on file: who of them may be the
// same person, and whether one hidden from the actor almost surely is. Nothing
// about a hidden client is returned but that there is one.
func (r *Registry) lookalikes(ctx context.Context, tx *store.Tx, a iis.Actor, c iis.Client) (visible []Found, hidden bool, err error) {
	if visible, err = r.likeVisible(ctx, tx, a, c); err != nil {
		return nil, false, err
	}
	hidden, err = r.likeHidden(ctx, tx, a, c)
	return visible, hidden, err
}

func (r *Registry) likeVisible(ctx context.Context, tx *store.Tx, a iis.Actor, c iis.Client) ([]Found, error) {
	hits, _, err := r.find(ctx, tx, a, queryOf(c))
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, h := range hits[:min(len(hits), ShownClients)] {
		if h.strength == Weak || h.id == c.ID {
			continue
		}
		f, err := r.found(ctx, tx, a, h)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
	return found, nil
}

// queryOf asks for a client by all that may tell him from others. A number that
// stands for none would bring up everyone who has it.
func queryOf(c iis.Client) Query {
	q := Query{
		Last: c.Name.Last, First: c.Name.First, Middle: c.Name.Middle,
		BirthDate: c.BirthDate, Gender: c.Gender,
		MotherMaidenLast: c.MotherMaidenLast, MotherFirst: c.MotherFirst,
	}
	if !match.PlaceholderPhone(c.Phone) {
		q.Phone = c.Phone
	}
	return q
}

// likeHidden reports whether a client hidden from the actor has the same last
// name, present or former, the same first name and birth date; or the same birth
// date, names that are one letter or a nickname apart, and the same phone number
// or mother's maiden name. The rule is strict, because holding an entry back
// tells that somebody is there.
func (r *Registry) likeHidden(ctx context.Context, tx *store.Tx, a iis.Actor, c iis.Client) (bool, error) {
	if c.BirthDate.IsZero() || a.May(iis.SeeHidden) {
		return false, nil
	}
	all := store.Audience{All: true}
	last, first := match.NewLast(c.Name.Last), match.NewFirst(c.Name.First)
	rows, err := tx.NamesCalledBorn(ctx, all, last.Text(), first.Text(), c.BirthDate, manyRows)
	if err != nil {
		return false, err
	}
	var sure, near []iis.ClientID
	for _, row := range rows {
		if !row.LastPart && !row.FirstPart {
			sure = append(sure, row.Client)
		}
	}
	if !match.PlaceholderPhone(c.Phone) || c.MotherMaidenLast != "" {
		if rows, err = tx.NamesBorn(ctx, c.BirthDate, bornRows); err != nil {
			return false, err
		}
		for _, row := range rows {
			l, _ := last.Compare(row.Last)
			f, _ := first.Compare(row.First)
			if slices.Contains(nearlySame, l) && slices.Contains(nearlySame, f) && !slices.Contains(near, row.Client) {
				near = append(near, row.Client)
			}
		}
	}
	for i, id := range slices.Concat(sure, near) {
		o, err := tx.Client(ctx, id)
		if err != nil {
			return false, err
		}
		if !o.VisibleTo(a) && (i < len(sure) || samePhone(c, o) || sameMother(c, o)) {
			return true, nil
		}
	}
	return false, nil
}

var nearlySame = []match.Level{match.Same, match.OneApart, match.Nickname, match.Part}

func samePhone(c, o iis.Client) bool {
	return !match.PlaceholderPhone(c.Phone) && match.Phone(c.Phone) == match.Phone(o.Phone)
}

func sameMother(c, o iis.Client) bool {
	m := match.MotherKey(c.MotherMaidenLast, iis.Date{})
	return m != "" && m == match.MotherKey(o.MotherMaidenLast, iis.Date{})
}
