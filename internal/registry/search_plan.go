package registry

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// finder looks for the clients that answer one query, in one transaction, from
// the narrowest lookup to the widest. Each lookup is a few steps down a B-tree;
// how well a client answers is judged in package match.
type finder struct {
	ctx context.Context
	tx  *store.Tx
	to  store.Audience
	q   *match.Query
	ask Query

	vocab *vocabularies
	seen  map[iis.ClientID]*candidate
	fresh []*candidate // not yet settled
	hits  []hit
	cut   bool // a lookup was cut off at its limit
	err   error
}

// candidate is a client that a lookup came upon.
type candidate struct {
	id       iis.ClientID
	evidence match.Evidence
	named    bool // evidence of a row is there
	visible  bool // known to be
	settled  bool
	hit      int // its place in hits, from 1; 0 if it is none
}

const (
	// manyRows bounds a lookup whose rows are all looked at.
	manyRows = 300
	// bornRows bounds the lookup by birth date alone. Only a date that stands for
	// an unknown one has more clients.
	bornRows = 3_000
	// fewHits is up to where wider lookups are tried.
	fewHits = 20
	// manyProbes bounds the last and first names tried together.
	manyProbes = 24
)

// find returns the clients that answer the query, best first, and whether there
// are more than are counted.
func (r *Registry) find(ctx context.Context, tx *store.Tx, a iis.Actor, q Query) (hits []hit, more bool, err error) {
	f := &finder{
		ctx: ctx, tx: tx, ask: q, q: match.NewQuery(q.person()),
		to:   store.Audience{All: a.May(iis.SeeHidden), Organization: a.Organization},
		seen: map[iis.ClientID]*candidate{}, vocab: &r.vocab,
	}
	if q.ID != "" {
		f.direct(a, r.opts.IDLabel)
	}
	if len(f.hits) == 0 && !f.q.Empty() {
		f.run()
	}
	slices.SortFunc(f.hits, compareHits)
	// Several rows may lead to one client: what fills a lookup is not always more
	// than are counted, but then it is not far from it.
	more = len(f.hits) > CountedClients || f.cut && len(f.hits) >= CountedClients/2
	for i := range min(len(f.hits), ShownClients) {
		h := &f.hits[i]
		if h.reasons == nil {
			h.strength, h.reasons = f.q.Strength(h.evidence), f.q.Reasons(h.evidence)
		}
	}
	return f.hits, more, f.err
}

// direct takes the typed ID for a registry ID and for a chart number of the
// actor's organization.
func (f *finder) direct(a iis.Actor, label string) {
	take := func(ids []iis.ClientID, why string) {
		cs, err := f.tx.Candidates(f.ctx, f.to, ids)
		f.fail(err)
		for _, c := range cs {
			if slices.ContainsFunc(f.hits, func(h hit) bool { return h.id == c.ID }) {
				continue
			}
			h := hit{id: c.ID, evidence: f.q.Complete(f.rowsOf(&c), &c), strength: Strong}
			h.evidence.Score += 1_000
			if e := h.evidence; e.Last == match.Different || e.First == match.Different || e.Birth == match.Different {
				h.strength = Possible
			}
			h.reasons = append([]string{why}, f.q.Reasons(h.evidence)...)
			f.hits = append(f.hits, h)
		}
	}
	if id := match.Fold(f.ask.ID); iis.ValidClientID(id) {
		into, err := f.tx.MergedInto(f.ctx, iis.ClientID(id))
		switch {
		case iis.KindOf(err) == iis.NotFound:
		case err != nil:
			f.fail(err)
		case into != iis.ClientID(id):
			take([]iis.ClientID{into}, "former "+label)
		default:
			take([]iis.ClientID{into}, "same "+label)
		}
	}
	if k := match.ChartKey(a.Organization, f.ask.ID); k != "" {
		take(f.keyed(k), "same chart number")
	}
}

// run tries the lookups for all that was asked but the ID.
func (f *finder) run() {
	if k := match.PhoneKey(f.ask.Phone); k != "" {
		f.add(f.keyed(k))
	}
	from, to := match.MotherKeys(f.ask.MotherMaidenLast)
	switch {
	case from == "":
	case !f.ask.BirthDate.IsZero():
		f.add(f.keyed(match.MotherKey(f.ask.MotherMaidenLast, f.ask.BirthDate)))
		if len(f.q.Readings) == 0 {
			if f.settle(); len(f.hits) > 0 {
				return
			}
		}
	case len(f.q.Readings) == 0:
		ids, err := f.tx.ClientsWithKeys(f.ctx, f.to, from, to, manyRows)
		f.fail(err)
		f.cut = f.cut || len(ids) == manyRows
		f.add(ids)
	}
	switch {
	case !f.ask.BirthDate.IsZero():
		f.born()
	case len(f.q.Readings) > 0:
		f.called()
	}
	f.settle()
	f.dropWeak()
}

// born looks for a birth date, with or without names: first for those born on
// the day who are called or sound as asked, then for last names one letter away,
// then among all born on it, so that no spelling is too wrong. Only if nobody
// fits well, slips in the date are tried.
func (f *finder) born() {
	day := []iis.Date{f.ask.BirthDate}
	for _, r := range f.q.Readings {
		if r.Last.Text() == "" || r.First.Text() == "" {
			continue
		}
		lasts := append([]string{r.Last.Text()}, r.Last.Parts()...)
		f.look(f.among(f.tx.NamesAmongBorn(f.ctx, f.to, lasts, day, manyRows)), true)
		if r.Last.Sound() != "" {
			f.look(f.among(f.tx.NamesSounding(f.ctx, f.to, r.Last.Sound(), r.First.Sound(), day[0], day[0], manyRows)), true)
		}
		if f.settle(); slices.ContainsFunc(f.hits, exact) {
			return
		}
	}
	for _, r := range f.q.Readings {
		if r.Last.Text() != "" && !r.Swapped {
			f.look(f.among(f.tx.NamesAmongBorn(f.ctx, f.to, f.lasts(r, manyProbes), day, manyRows)), true)
		}
	}
	if f.settle(); f.hasStrong() {
		return
	}
	rows, err := f.tx.NamesBorn(f.ctx, f.ask.BirthDate, bornRows)
	f.fail(err)
	if len(rows) < bornRows || len(f.q.Readings) == 0 {
		f.look(rows, false)
	}
	f.settle()
	if len(f.q.Readings) == 0 || f.hasStrong() {
		return
	}
	near := match.NearDates(f.ask.BirthDate)
	from, to := f.ask.BirthDate.AddDays(-400), f.ask.BirthDate.AddDays(400)
	for _, r := range f.q.Readings {
		if r.Last.Text() == "" || r.Swapped {
			continue
		}
		f.look(f.among(f.tx.NamesAmongBorn(f.ctx, f.to, f.lasts(r, 4), near, manyRows)), true)
		if r.First.Text() != "" && r.Last.Sound() != "" {
			f.look(f.among(f.tx.NamesSounding(f.ctx, f.to, r.Last.Sound(), r.First.Sound(), from, to, manyRows)), true)
		}
	}
	if f.settle(); len(f.hits) > 0 {
		return
	}
	for _, r := range f.q.Readings { // the right name with quite another date
		if r.Last.Text() != "" && r.First.Text() != "" {
			f.look(f.among(f.tx.NamesAmong(f.ctx, f.to, []string{r.Last.Text()}, []string{r.First.Text()}, manyRows)), true)
		}
	}
}

// called looks for names without a birth date.
func (f *finder) called() {
	for _, r := range f.q.Readings {
		if r.Last.Text() == "" {
			continue
		}
		rows := f.among(f.tx.NamesCalled(f.ctx, f.to, r.Last.Text(), r.First.Text(), manyRows))
		f.cut = f.cut || len(rows) == manyRows
		f.look(rows, true)
		if len(rows) < fewHits && len(r.Last.Text()) > 2 && !r.Swapped { // shorter ones are taken as whole names
			rows = f.among(f.tx.NamesBeginning(f.ctx, f.to, r.Last.Text(), r.First.Text(), manyRows))
			f.cut = f.cut || len(rows) == manyRows
			f.look(rows, true)
		}
	}
	if f.settle(); len(f.hits) >= fewHits {
		return
	}
	for _, r := range f.q.Readings {
		if r.Last.Text() == "" || r.Swapped {
			continue
		}
		switch lasts, firsts := f.lasts(r, manyProbes), f.firsts(r, manyProbes); {
		case len(firsts) > 0:
			f.look(f.among(f.tx.NamesAmong(f.ctx, f.to, lasts, firsts, manyRows)), true)
			if r.Last.Sound() != "" {
				f.look(f.among(f.tx.NamesSounding(f.ctx, f.to, r.Last.Sound(), r.First.Sound(), iis.Date{}, iis.Date{}, manyRows)), true)
			}
		case len(f.hits) == 0:
			f.look(f.among(f.tx.NamesAmong(f.ctx, f.to, lasts, nil, manyRows)), true)
		}
	}
}

// lasts are the last names worth trying for a reading, the asked one first, at
// most n.
func (f *finder) lasts(r match.Reading, n int) []string {
	all := append([]string{r.Last.Text()}, r.Last.Parts()...)
	f.fail(f.vocab.refresh(f.ctx, f.tx))
	all = f.vocab.last.Near(all, r.Last.Text())
	return all[:min(len(all), n)]
}

// firsts are the first names worth trying, with nicknames.
func (f *finder) firsts(r match.Reading, n int) []string {
	asked := r.First.Text()
	if asked == "" {
		return nil
	}
	all := append([]string{asked}, r.First.Parts()...)
	all = append(all, match.Nicknames(asked)...)
	f.fail(f.vocab.refresh(f.ctx, f.tx))
	all = f.vocab.first.Near(all, asked)
	return all[:min(len(all), n)]
}

func (f *finder) keyed(k iis.Key) []iis.ClientID {
	ids, err := f.tx.ClientsWithKey(f.ctx, f.to, k, manyRows)
	f.fail(err)
	f.cut = f.cut || len(ids) == manyRows
	return ids
}

func (f *finder) among(rows []store.NameHit, err error) []store.NameHit {
	f.fail(err)
	return rows
}

// add takes clients that were found by something other than a name.
func (f *finder) add(ids []iis.ClientID) {
	for _, id := range ids {
		f.candidate(id)
	}
}

// look judges rows by name and birth date and keeps the best of each client.
func (f *finder) look(rows []store.NameHit, visible bool) {
	for _, row := range rows {
		e := f.q.Names(row.NameKey)
		if !f.q.Hopeful(e) {
			continue
		}
		c := f.candidate(row.Client)
		c.visible = c.visible || visible
		if !c.named || e.Score > c.evidence.Score {
			c.named, c.evidence = true, e
			if c.settled { // judged by a lesser row before
				c.settled = false
				f.fresh = append(f.fresh, c)
			}
		}
	}
}

func (f *finder) candidate(id iis.ClientID) *candidate {
	c := f.seen[id]
	if c == nil {
		c = &candidate{id: id}
		f.seen[id] = c
		f.fresh = append(f.fresh, c)
	}
	return c
}

func (f *finder) fail(err error) { f.err = cmp.Or(f.err, err) }

func (f *finder) hasStrong() bool {
	return slices.ContainsFunc(f.hits, func(h hit) bool { return f.q.Strength(h.evidence) == Strong })
}

// exact reports whether a client is called exactly as asked.
func exact(h hit) bool {
	e := h.evidence
	return e.Last == match.Same && e.First == match.Same && (e.Birth == match.Same || e.Birth == match.Unsaid)
}

// dropWeak leaves out weak answers to a full name where someone is called so.
func (f *finder) dropWeak() {
	if slices.ContainsFunc(f.hits, exact) {
		f.hits = slices.DeleteFunc(f.hits, func(h hit) bool { return f.q.Strength(h.evidence) == Weak })
	}
}

// settle turns new candidates into hits: those that the actor may see and that
// answer the query. The best are looked at first and the rest not at all once
// there are more than are counted; hidden clients do not count.
func (f *finder) settle() {
	slices.SortFunc(f.fresh, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.evidence.Score, a.evidence.Score), cmp.Compare(a.id, b.id))
	})
	const chunk = 64
	for len(f.fresh) > 0 && f.err == nil && len(f.hits) <= CountedClients {
		some := f.fresh[:min(chunk, len(f.fresh))]
		f.fresh = f.fresh[len(some):]
		var ids []iis.ClientID
		for _, c := range some {
			c.settled = true
			if c.visible && c.named && f.q.NamesOnly() && f.q.Accepts(c.evidence) {
				f.hit(c, c.evidence)
				continue
			}
			ids = append(ids, c.id)
		}
		loaded, err := f.tx.Candidates(f.ctx, f.to, ids)
		f.fail(err)
		for i := range loaded {
			c := f.seen[loaded[i].ID]
			e := c.evidence
			if !c.named {
				e = f.rowsOf(&loaded[i])
			}
			if e = f.q.Complete(e, &loaded[i]); f.q.Accepts(e) {
				f.hit(c, e)
			}
		}
	}
	f.fresh = f.fresh[:0]
}

func (f *finder) hit(c *candidate, e match.Evidence) {
	switch {
	case c.hit == 0:
		f.hits = append(f.hits, hit{id: c.id, evidence: e})
		c.hit = len(f.hits)
	case e.Score > f.hits[c.hit-1].evidence.Score:
		f.hits[c.hit-1].evidence = e
	}
}

// rowsOf judges a client by what his present name is filed as.
func (f *finder) rowsOf(c *iis.Client) (best match.Evidence) {
	for i, k := range match.NamesOf(*c, nil) {
		if e := f.q.Names(k); i == 0 || e.Score > best.Score {
			best = e
		}
	}
	return best
}

// vocabularies are the names on file, by which misspelled ones are put right.
// They are read when first needed and then kept up to date.
type vocabularies struct {
	last, first match.Vocabulary

	mu    sync.Mutex
	asked time.Time // when the names were last read
}

const (
	// vocabularyAge is how old the vocabulary may be. What this process itself
	// saves is in it at once; this is for others on the same database.
	vocabularyAge = time.Second
	// vocabularyOverlap is longer than a transaction that adds names may take, and
	// than the clocks of two machines on one database may differ.
	vocabularyOverlap = time.Minute
)

func (v *vocabularies) refresh(ctx context.Context, tx *store.Tx) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.asked.IsZero() && tx.Now.Sub(v.asked).Abs() < vocabularyAge {
		return nil
	}
	var since time.Time
	if !v.asked.IsZero() {
		since = v.asked.Add(-vocabularyOverlap)
	}
	lasts, firsts, err := tx.VocabularySince(ctx, since)
	if err != nil {
		return err
	}
	v.last.Add(lasts...)
	v.first.Add(firsts...)
	v.asked = tx.Now
	return nil
}

// Warm reads what searches need in memory, so that the first one does not wait
// for it: about a second for a million clients. It makes the current schedule
// ready too.
func (r *Registry) Warm(ctx context.Context) error {
	return r.view(ctx, func(tx *store.Tx) error {
		if _, err := r.scheduleAlarm(ctx, tx); err != nil {
			return err
		}
		return r.vocab.refresh(ctx, tx)
	})
}

// add puts in the names of a client that is being saved. Should the save come
// to nothing, a name that leads nowhere does no harm.
func (v *vocabularies) add(names []iis.NameKey) {
	for _, k := range names {
		v.last.Add(k.Last)
		v.first.Add(k.First)
	}
}
