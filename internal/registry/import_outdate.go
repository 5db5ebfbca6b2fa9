package registry

import (
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// outdate tells the rows that are still to come that a record was written, none if it
// is the zero Record, and whether it is of a new client. Of those for whom something
// else would be found now, the ones that may be the same person are held against it;
// the others are to look again.
func outdate(later []*incoming, written iis.Record, added bool) error {
	if written.Client.ID == "" {
		return nil
	}
	names, keys := match.NamesOf(written.Client, written.Aliases), match.KeysOf(written.Client, written.Membership)
	for _, q := range later {
		switch {
		case q.outdated || !q.wouldSee(written.Client.ID, names, keys):
		case q.toldOf(names, keys) || q.hasRead(written.Client.ID) || !q.matched || !added && q.actor.Organization != written.Membership.Organization:
			q.outdated = true
		default:
			if err := q.meet(written); err != nil {
				return err
			}
		}
	}
	return nil
}

// meet holds a row against a client who was written since the matcher was asked.
func (q *incoming) meet(written iis.Record) error {
	known := store.Known{Client: written.Client, Aliases: written.Aliases, Memberships: []iis.Membership{written.Membership}}
	if err := q.seeker.by.again(q.seeker, known); err != nil {
		return err
	}
	was := q.whose.same
	q.whose = whoseOf(q.actor, q.seeker.found)
	q.outdated = q.whose.same != "" && q.whose.same != was // of him nothing is read
	return nil
}

// wouldSee reports whether a client who is filed under the names and keys was seen for
// the row, or would be now: it asks of him what the lookups ask for, and no less.
func (q *incoming) wouldSee(id iis.ClientID, names []iis.NameKey, keys []iis.Key) bool {
	if q.hasRead(id) || q.toldOf(names, keys) {
		return true
	}
	if q.seeker == nil {
		return false
	}
	who := q.seeker.who
	if q.seeker.seen[id] != nil || slices.ContainsFunc(keys, func(k iis.Key) bool { return slices.Contains(who.Keys, k) }) {
		return true
	}
	return slices.ContainsFunc(names, func(n iis.NameKey) bool {
		near := n.BirthDate == who.Born || slices.ContainsFunc(who.Names, func(o iis.NameKey) bool {
			return n.Last == o.Last || n.LastSound == o.LastSound
		})
		return near && q.seeker.by.worth(q.seeker.q.Names(n))
	})
}

// hasRead reports whether the client is among those who were found by what the row says
// exactly, or whose the matcher said it is.
func (q *incoming) hasRead(id iis.ClientID) bool {
	_, read := q.records[id]
	return read || q.rec.Client.ID == id || q.called == id || slices.Contains(q.charted, id)
}

// toldOf reports whether a client who is filed under the names and keys has what the row
// says exactly.
func (q *incoming) toldOf(names []iis.NameKey, keys []iis.Key) bool {
	return slices.Contains(keys, q.told.Chart) || slices.ContainsFunc(names, func(n iis.NameKey) bool {
		return n.Last == q.told.Last && n.First == q.told.First && n.BirthDate == q.born
	})
}
