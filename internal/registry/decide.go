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
	policy *pair.Policy // that decided
}

// enqueue puts a client who was entered just now, though others look like him, into
// the queue of possible duplicates with each of them: somebody looks at them again.
func enqueue(ctx context.Context, tx *store.Tx, id iis.ClientID, like []alike, foundBy string) error {
	for _, l := range like {
		err := tx.AddDuplicate(ctx, store.Duplicate{A: l.client.ID, B: id, Answer: string(l.least()), Score: hundredths(l.Score), Why: l.why,
			FoundBy: foundBy, Policy: l.policy.Version})
		if err != nil {
			return err
		}
	}
	return nil
}

// mostCandidates is how many clients at most are judged at a time.
const mostCandidates = 32

// likely returns the clients on file who are or may be the person that the facts
// tell of, hidden ones too, the likeliest first. The client with the ID that the
// facts carry is left out. Somebody looks at the answer: namesakes are in it who have
// another birth date and the rest in common, whom a file leaves to the sweep.
func (r *Registry) likely(ctx context.Context, tx *store.Tx, k store.Known) ([]alike, error) {
	all, err := r.seek(ctx, tx, true, k)
	if err != nil {
		return nil, err
	}
	return all[0].found, nil
}

// seek looks for several people at once, as likely does for one. It is the one place
// where somebody is looked for among all: a new client, a row of a file, a report.
func (r *Registry) seek(ctx context.Context, tx *store.Tx, namesakes bool, known ...store.Known) ([]*seeker, error) {
	p, err := r.newParty(ctx, tx)
	if err != nil {
		return nil, err
	}
	p.namesakes = namesakes
	all := make([]*seeker, len(known))
	for i, k := range known {
		if all[i], err = p.seeker(k); err != nil {
			return nil, err
		}
	}
	p.born(all)
	p.judge(all)
	// Whoever is found among those born on the day need not be looked for beyond; but
	// one who is hidden keeps nobody else from being found.
	rest := slices.DeleteFunc(slices.Clone(all), func(s *seeker) bool {
		return slices.ContainsFunc(s.found, func(l alike) bool {
			return l.Answer == pair.AnswerSame && l.client.LockedTo == "" && !l.client.Deceased()
		})
	})
	p.called(rest)
	p.judge(rest)
	return all, p.err
}

// party is who looks together, in one transaction and by one policy.
type party struct {
	ctx       context.Context
	tx        *store.Tx
	policy    *pair.Policy
	weights   *match.Weights // of the policy
	book      *pair.Book
	namesakes bool // they are looked for too
	comparer  pair.Comparer
	err       error
}

func (r *Registry) newParty(ctx context.Context, tx *store.Tx) (*party, error) {
	policy, err := r.policy(ctx, tx)
	if err != nil {
		return nil, err
	}
	return &party{ctx: ctx, tx: tx, policy: policy, weights: r.policies.weightsOf(policy), book: pair.NewBook(policy)}, nil
}

func (p *party) fail(err error) { p.err = cmp.Or(p.err, err) }

// judge judges for each seeker the best of the clients who were seen and not judged
// yet.
func (p *party) judge(all []*seeker) {
	if p.err != nil {
		return
	}
	var ids []iis.ClientID
	best := make([][]iis.ClientID, len(all))
	for i, s := range all {
		best[i] = s.best()
		ids = append(ids, best[i]...)
	}
	profiles, err := p.known(ids)
	p.fail(err)
	for i, s := range all {
		for _, id := range best[i] {
			if k := profiles[id]; k != nil {
				p.decide(s, k)
			}
		}
		slices.SortFunc(s.found, func(x, y alike) int {
			return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.client.ID, y.client.ID))
		})
	}
}

// profiled is a client on file ready to be compared.
type profiled struct {
	client  iis.Client
	profile *pair.Profile
}

// known reads clients, those who are not merged into others.
func (p *party) known(ids []iis.ClientID) (map[iis.ClientID]*profiled, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	profiles := make(map[iis.ClientID]*profiled, len(ids))
	for some := range slices.Chunk(ids, store.MostKnown) {
		known, err := p.tx.KnownClients(p.ctx, some)
		if err != nil {
			return nil, err
		}
		for _, k := range known {
			profile, err := p.book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
			if err != nil {
				return nil, err
			}
			profiles[k.Client.ID] = &profiled{k.Client, profile}
		}
	}
	return profiles, nil
}

// decide judges one client.
func (p *party) decide(s *seeker, o *profiled) {
	d := p.policy.Decide(&p.comparer, s.self, o.profile)
	called := s.seen[o.client.ID].called
	if d.Answer == pair.AnswerDifferent && !called && !hopeful(d.Grades) {
		return
	}
	s.found = append(s.found, alike{client: o.client, Decision: d, why: p.policy.Why(s.self, o.profile, d), called: called, policy: p.policy})
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
	by    *party
	k     store.Known
	who   store.Sought
	q     *match.Query
	seen  map[iis.ClientID]*seeming
	self  *pair.Profile
	found []alike // the likeliest first
}

func (p *party) seeker(k store.Known) (*seeker, error) {
	s := &seeker{by: p, k: k, q: match.NewQuery(queryOf(k.Client).person(), p.weights), seen: map[iis.ClientID]*seeming{}}
	s.who = sought(k)
	var err error
	s.self, err = p.book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
	return s, err
}

// seeming is how a client came to be seen.
type seeming struct {
	score  int
	keyed  bool // by a number or his mother
	called bool
	judged bool
}

// everyone is the audience that sees whoever is hidden: they take part.
var everyone = store.Audience{All: true}

// sought is who is looked for, by all that leads to him; see called.
func sought(k store.Known) store.Sought {
	c := k.Client
	keys := match.KeysOf(c, iis.Membership{})
	if match.PlaceholderPhone(c.Phone) {
		keys = slices.DeleteFunc(keys, func(k iis.Key) bool { return k == match.PhoneKey(c.Phone) })
	}
	for _, m := range k.Memberships {
		if k := match.ChartKey(m.Organization, m.ChartNumber); k != "" {
			keys = append(keys, k)
		}
	}
	names := match.NamesOf(c, k.Aliases)
	return store.Sought{Keys: keys, Born: c.BirthDate, Names: names, Nicknames: match.Nicknames(names[0].First)}
}

// born looks for those with the same telephone, chart or birth certificate number, or
// mother and birth date, and for those born on the day.
func (p *party) born(all []*seeker) {
	like, err := p.tx.LikeBorn(p.ctx, soughtBy(all)...)
	p.fail(err)
	for i, l := range like {
		s := all[i]
		s.rows(l.Hits)
		if !l.Cut {
			continue
		}
		// Whoever is called so, or nearly so, is not to be missed.
		hits, err := p.tx.LikeBornInCrowd(p.ctx, s.who)
		s.rows(hits)
		p.fail(err)
		k := s.who.Names[0]
		hits, err = p.tx.NamesCalledBorn(p.ctx, everyone, k.Last, k.First, s.who.Born, manyRows)
		s.rows(hits)
		p.fail(err)
	}
}

// called looks for those who are called so, in some spelling, and born about the
// day.
func (p *party) called(all []*seeker) {
	if p.err != nil {
		return
	}
	for _, s := range all {
		s.who.Namesakes = p.namesakes
		s.who.Near = match.NearDates(s.who.Born)
	}
	hits, err := p.tx.LikeCalled(p.ctx, soughtBy(all)...)
	p.fail(err)
	for i, hits := range hits {
		all[i].rows(hits)
	}
}

func soughtBy(all []*seeker) []store.Sought {
	who := make([]store.Sought, len(all))
	for i, s := range all {
		who[i] = s.who
	}
	return who
}

func (s *seeker) add(id iis.ClientID) *seeming {
	m := s.seen[id]
	if m == nil {
		m = &seeming{}
		s.seen[id] = m
	}
	return m
}

// rows takes the rows of a lookup that are worth it; those without a name are of
// clients found by a key.
func (s *seeker) rows(rows []store.NameHit) {
	asked := s.who.Names[0]
	for _, row := range rows {
		if row.Last == "" && row.First == "" {
			s.add(row.Client).keyed = true
			continue
		}
		e := s.q.Names(row.NameKey)
		if !s.by.worth(e) {
			continue
		}
		m := s.add(row.Client)
		m.score = max(m.score, e.Score)
		if !row.LastPart && !row.FirstPart && row.Last == asked.Last && row.First == asked.First &&
			row.BirthDate == s.who.Born && !row.BirthDate.IsZero() {
			m.called = true
		}
	}
}

// worth reports whether a client with these names and this birth date is worth to be
// judged, whom no key leads to. Of whom less agrees, one in a thousand may be the
// person.
func (p *party) worth(e match.Evidence) bool {
	switch {
	case e.Birth == match.Different:
		return p.namesakes && e.Last == match.Same && e.First == match.Same
	case e.Birth == match.Same && (e.Last == match.Different || e.First == match.Different):
		return max(e.Last, e.First) >= match.Part
	}
	return e.Last != match.Different && e.First != match.Different
}

// best are the clients to judge: those found by a key, then those whose names are
// nearest.
func (s *seeker) best() []iis.ClientID {
	delete(s.seen, s.k.Client.ID)
	ids := make([]iis.ClientID, 0, len(s.seen))
	for id, m := range s.seen {
		if !m.judged {
			ids = append(ids, id)
		}
	}
	rank := func(m *seeming) int {
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
	ids = ids[:min(len(ids), mostCandidates)]
	for _, id := range ids {
		s.seen[id].judged = true
	}
	return ids
}
