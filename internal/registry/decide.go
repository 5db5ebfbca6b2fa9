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
// tell of, hidden ones too, the likeliest first. It is the one place where somebody
// is looked for among all: a new client, a row of a file, a report. The client with
// the ID that the facts carry is left out.
func (r *Registry) likely(ctx context.Context, tx *store.Tx, k store.Known) ([]alike, error) {
	s, err := r.newSeeker(ctx, tx, k)
	if err != nil {
		return nil, err
	}
	s.born()
	s.judge()
	// Whoever is found among those born on the day need not be looked for beyond; but
	// one who is hidden keeps nobody else from being found.
	if !slices.ContainsFunc(s.found, func(l alike) bool {
		return l.Answer == pair.AnswerSame && l.client.LockedTo == "" && !l.client.Deceased()
	}) {
		s.called()
		s.judge()
	}
	return s.found, s.err
}

// judge judges the best of the clients who were seen and not judged yet.
func (s *seeker) judge() {
	if s.err != nil {
		return
	}
	of := make([]iis.OrganizationID, len(s.k.Memberships))
	for i, m := range s.k.Memberships {
		of[i] = m.Organization
	}
	known, err := s.tx.KnownClients(s.ctx, s.best(), of...)
	s.fail(err)
	for _, o := range known {
		b, err := s.book.Prepare(pair.FactsOf(o.Client, o.Aliases, o.Memberships))
		if err != nil {
			s.fail(err)
			return
		}
		d := s.policy.Decide(&s.comparer, s.self, b)
		called := s.seen[o.Client.ID].called
		if d.Answer == pair.AnswerDifferent && !called && !hopeful(d.Grades) {
			continue
		}
		s.found = append(s.found, alike{client: o.Client, Decision: d, why: s.policy.Why(s.self, b, d), called: called, policy: s.policy})
	}
	slices.SortFunc(s.found, func(x, y alike) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.client.ID, y.client.ID))
	})
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
	who  store.Sought
	q    *match.Query
	seen map[iis.ClientID]*seeming
	err  error

	policy   *pair.Policy
	book     *pair.Book
	self     *pair.Profile
	comparer pair.Comparer
	found    []alike // the likeliest first
}

func (r *Registry) newSeeker(ctx context.Context, tx *store.Tx, k store.Known) (*seeker, error) {
	policy, err := r.policy(ctx, tx)
	if err != nil {
		return nil, err
	}
	s := &seeker{ctx: ctx, tx: tx, k: k, q: match.NewQuery(queryOf(k.Client).person()), seen: map[iis.ClientID]*seeming{}, policy: policy}
	s.who = s.sought()
	s.book = pair.NewBook(s.policy)
	s.self, err = s.book.Prepare(pair.FactsOf(k.Client, k.Aliases, k.Memberships))
	return s, err
}

// seeming is how a client came to be seen.
type seeming struct {
	score  int
	keyed  bool // by a number or his mother
	called bool
	judged bool
}

// leastAlike is from how much agreement of the names and the birth date on a client
// is worth to be judged whom nothing else leads to.
const leastAlike = 80

// everyone is the audience that sees whoever is hidden: they take part.
var everyone = store.Audience{All: true}

// sought is who is looked for, by all that leads to him.
func (s *seeker) sought() store.Sought {
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
	names := match.NamesOf(c, s.k.Aliases)
	return store.Sought{Keys: keys, Born: c.BirthDate, Names: names, Nicknames: match.Nicknames(names[0].First)}
}

// born looks for those with the same telephone, chart number, or mother and birth
// date, and for those born on the day.
func (s *seeker) born() {
	rows, cut, err := s.tx.LikeBorn(s.ctx, s.who)
	s.rows(rows, err)
	if cut { // whoever is called so, or nearly so, is not to be missed
		s.rows(s.tx.LikeBornInCrowd(s.ctx, s.who))
		k := s.who.Names[0]
		s.rows(s.tx.NamesCalledBorn(s.ctx, everyone, k.Last, k.First, s.who.Born, manyRows))
	}
}

// called looks for those who are called so, in some spelling, and born about the
// day; and for those who are called exactly so, whenever they were born.
func (s *seeker) called() {
	var near []iis.Date
	var from, to iis.Date
	if born := s.who.Born; !born.IsZero() {
		near, from, to = match.NearDates(born), born.AddDays(-400), born.AddDays(400)
	}
	s.rows(s.tx.LikeCalled(s.ctx, s.who, near, from, to))
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

// rows takes the rows of a lookup that are worth it; those without a name are of
// clients found by a key.
func (s *seeker) rows(rows []store.NameHit, err error) {
	s.fail(err)
	asked := s.who.Names[0]
	for _, row := range rows {
		if row.Last == "" && row.First == "" {
			s.add(row.Client).keyed = true
			continue
		}
		e := s.q.Names(row.NameKey)
		if e.Last == match.Different && e.First == match.Different || e.Score < leastAlike {
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
