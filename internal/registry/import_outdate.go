package registry

import (
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
)

// outdate tells the rows that are still to come that a record was written, none if it
// is the zero Record: those for whom something else may be found now are to look again.
func outdate(later []*incoming, written iis.Record) {
	if written.Client.ID == "" {
		return
	}
	names, keys := match.NamesOf(written.Client, written.Aliases), match.KeysOf(written.Client, written.Membership)
	for _, q := range later {
		q.outdated = q.outdated || q.wouldSee(written.Client.ID, names, keys)
	}
}

// wouldSee reports whether a client who is filed under the names and keys was seen for
// the row, or would be now. It lets through all whom the lookups may lead to, and a few
// more.
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
			return n.Last == o.Last || n.LastSound == o.LastSound && n.FirstSound == o.FirstSound
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
