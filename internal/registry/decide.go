package registry

import (
	"cmp"
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/store"
)

// alike is a client on file who may be the person asked about.
type alike struct {
	client iis.Client // the fields that are compared
	pair.Decision
	why []string
	// called is set where he is or was called exactly so, and was born on the day.
	called bool
}

// mostCandidates is how many clients at most are judged for one.
const mostCandidates = 128

// policy is what decides whether two records are one person's.
func (r *Registry) policy() *pair.Policy { return pair.Shipped() }

// likely returns the clients on file who are or may be the person that the facts
// tell of, hidden ones too, the likeliest first. It is the one place where somebody
// is looked for among all: a new client, a row of a file, a report. The client with
// the ID that the facts carry is left out.
func (r *Registry) likely(ctx context.Context, tx *store.Tx, k store.Known) ([]alike, error) {
	s := newSeeker(ctx, tx, k)
	s.keys()
	s.born()
	s.called()
	return r.judge(s)
}

// judge judges the clients that a seeker has seen.
func (r *Registry) judge(s *seeker) ([]alike, error) {
	ctx, tx, k := s.ctx, s.tx, s.k
	if s.err != nil {
		return nil, s.err
	}
	p := r.policy()
	book := pair.NewBook(p)
	a, err := book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
	if err != nil {
		return nil, err
	}
	var found []alike
	var c pair.Comparer
	for ids := range slices.Chunk(s.best(), 64) {
		known, err := tx.KnownClients(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, o := range known {
			b, err := book.Prepare(pair.FactsOf(o.Client, o.Aliases, o.Memberships))
			if err != nil {
				return nil, err
			}
			d := p.Decide(&c, a, b)
			called := s.seen[o.Client.ID].called
			if d.Answer == pair.AnswerDifferent && !called && !hopeful(d.Grades) {
				continue
			}
			found = append(found, alike{client: o.Client, Decision: d, why: p.Why(a, b, d), called: called})
		}
	}
	slices.SortFunc(found, func(x, y alike) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.client.ID, y.client.ID))
	})
	return found, nil
}

// nearName are the grades of names that are one name written by two people.
var nearName = []pair.Grade{pair.Same, pair.Former, pair.Slip, pair.Sound, pair.Nickname, pair.Part}

// hopeful reports whether two were born on one day, have names of one kind, and
// have something else in common: such a client counts though the sum is low, as
// where a guard is in doubt.
func hopeful(g pair.Grades) bool {
	return g[pair.BirthField] == pair.Same && slices.Contains(nearName, g[pair.LastName]) && slices.Contains(nearName, g[pair.FirstName]) &&
		(g[pair.PhoneField] == pair.Same || g[pair.MotherMaiden] == pair.Same)
}

// seeker finds whom it is worth to judge, by the keys that the store has.
type seeker struct {
	ctx  context.Context
	tx   *store.Tx
	k    store.Known
	q    *match.Query
	seen map[iis.ClientID]*seeming
	err  error
}

func newSeeker(ctx context.Context, tx *store.Tx, k store.Known) *seeker {
	return &seeker{ctx: ctx, tx: tx, k: k, q: match.NewQuery(queryOf(k.Client).person()), seen: map[iis.ClientID]*seeming{}}
}

// seeming is how a client came to be seen.
type seeming struct {
	score  float64
	keyed  bool // by a number or his mother
	called bool
}

// everyone is the audience that sees whoever is hidden: they take part.
var everyone = store.Audience{All: true}

// keys looks for those with the same telephone, chart number, or mother and birth
// date.
func (s *seeker) keys() {
	c := s.k.Client
	keys := match.KeysOf(c, iis.Membership{})
	if match.PlaceholderPhone(c.Phone) {
		keys = slices.DeleteFunc(keys, func(k iis.Key) bool { return k == match.PhoneKey(c.Phone) })
	}
	for _, m := range s.k.Memberships {
		if k := match.ChartKey(m.Organization, m.ChartNumber); k != "" {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		ids, err := s.tx.ClientsWithKey(s.ctx, everyone, k, 64)
		s.fail(err)
		for _, id := range ids {
			s.add(id).keyed = true
		}
	}
}

// born looks for those born on the day.
func (s *seeker) born() {
	if born := s.k.Client.BirthDate; !born.IsZero() {
		s.rows(s.tx.NamesBorn(s.ctx, born, bornRows))
	}
}

// called looks for those who are called so, in some spelling, and born about the
// day; and for those who are called exactly so, whenever they were born.
func (s *seeker) called() {
	names := match.NamesOf(s.k.Client, s.k.Aliases)
	lasts := distinct(names, func(k iis.NameKey) string { return k.Last })
	firsts := distinct(names, func(k iis.NameKey) string { return k.First })
	if len(names) == 0 {
		return
	}
	if born := s.k.Client.BirthDate; !born.IsZero() {
		near := match.NearDates(born)
		s.rows(s.tx.NamesAmongBorn(s.ctx, everyone, lasts[:min(len(lasts), 4)], near, manyRows))
		from, to := born.AddDays(-400), born.AddDays(400)
		for _, k := range names[:min(len(names), 4)] {
			if k.LastSound != "" && k.FirstSound != "" {
				s.rows(s.tx.NamesSounding(s.ctx, everyone, k.LastSound, k.FirstSound, from, to, manyRows))
			}
		}
	}
	if first := names[0].First; first != "" && len(lasts) > 0 {
		firsts = append(firsts, match.Nicknames(first)...)
		s.rows(s.tx.NamesAmong(s.ctx, everyone, lasts[:min(len(lasts), 4)], firsts[:min(len(firsts), 8)], manyRows))
	}
}

func distinct(names []iis.NameKey, of func(iis.NameKey) string) (all []string) {
	for _, k := range names {
		if s := of(k); s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func (s *seeker) fail(err error) { s.err = cmp.Or(s.err, err) }

func (s *seeker) add(id iis.ClientID) *seeming {
	m := s.seen[id]
	if m == nil {
		m = &seeming{}
		s.seen[id] = m
	}
	return m
}

// rows takes the rows of a lookup by name that are worth it.
func (s *seeker) rows(rows []store.NameHit, err error) {
	s.fail(err)
	asked := match.NamesOf(s.k.Client, nil)
	for _, row := range rows {
		e := s.q.Names(row.NameKey)
		if !s.q.Hopeful(e) {
			continue
		}
		m := s.add(row.Client)
		m.score = max(m.score, float64(e.Score))
		if !row.LastPart && !row.FirstPart && row.Last == asked[0].Last && row.First == asked[0].First &&
			row.BirthDate == s.k.Client.BirthDate && !row.BirthDate.IsZero() {
			m.called = true
		}
	}
}

// best are the clients to judge: those found by a key, then those whose names are
// nearest.
func (s *seeker) best() []iis.ClientID {
	delete(s.seen, s.k.Client.ID)
	ids := make([]iis.ClientID, 0, len(s.seen))
	for id := range s.seen {
		ids = append(ids, id)
	}
	rank := func(m *seeming) float64 {
		switch {
		case m.called:
			return 1e9
		case m.keyed:
			return 1e6
		}
		return m.score
	}
	slices.SortFunc(ids, func(a, b iis.ClientID) int {
		return cmp.Or(cmp.Compare(rank(s.seen[b]), rank(s.seen[a])), cmp.Compare(a, b))
	})
	return ids[:min(len(ids), mostCandidates)]
}
