package registry

import (
	"cmp"
	"context"
	"slices"

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
	byID  int  // how many of hits were found by the ID
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
	// fewProbes is up to where other spellings are tried at once.
	fewProbes = 128
	// shortFirst is up to how many letters a first name is taken for a beginning
	// also where the last name is misspelled.
	shortFirst = 3
)

// find returns the clients that answer the query, best first, and whether there
// are more than are counted.
func (r *Registry) find(ctx context.Context, tx *store.Tx, a iis.Actor, q Query) (hits []hit, more bool, err error) {
	policy, err := r.policy(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	w := r.policies.weightsOf(policy)
	f := &finder{
		ctx: ctx, tx: tx, ask: q,
		to:   audienceOf(a),
		seen: map[iis.ClientID]*candidate{}, vocab: &r.vocab,
	}
	p := q.person()
	if q.IDOrDate {
		p.BirthDate = iis.PartialDate{}
	}
	f.q = match.NewQuery(p, w)
	if q.ID == "" || !f.direct(a, r.opts.IDLabel) {
		if q.IDOrDate {
			f.q = match.NewQuery(q.person(), w)
		}
		switch {
		case q.leads():
			f.run()
		case len(f.hits) == 0 && q.BirthDate.Year != 0:
			f.fail(errYearAlone())
		}
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
// actor's organization. It reports whether somebody has it who is not another one
// by name and birth date; if not, a number may have been mistaken, and whatever
// else was asked is looked for too.
func (f *finder) direct(a iis.Actor, label string) (agrees bool) {
	take := func(ids []iis.ClientID, why string) {
		cs, err := f.tx.Candidates(f.ctx, f.to, ids)
		f.fail(err)
		for i := range cs {
			c := f.candidate(cs[i].ID)
			if c.hit != 0 {
				continue
			}
			e := f.q.Complete(f.rowsOf(&cs[i]), &cs[i])
			h := hit{strength: Strong, reasons: append([]string{why}, f.q.Reasons(e)...)}
			if e.Last == match.Different || e.First == match.Different || e.Birth == match.Different {
				h.strength = Possible
			} else {
				agrees = true
			}
			e.Score += 1_000
			f.hit(c, e)
			f.hits[c.hit-1].strength, f.hits[c.hit-1].reasons = h.strength, h.reasons
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
	for _, c := range f.fresh {
		c.settled = true
	}
	f.fresh = f.fresh[:0]
	f.byID = len(f.hits)
	return agrees
}

// nobody reports whether nobody was found but by the ID.
func (f *finder) nobody() bool { return len(f.hits) == f.byID }

// run tries the lookups for all that was asked but the ID.
func (f *finder) run() {
	if k := match.PhoneKey(f.ask.Phone); k != "" {
		f.add(f.keyed(k))
	}
	named := len(f.q.Readings) > 0
	day, whole := f.ask.BirthDate.Whole()
	maiden := match.MotherKey(f.ask.MotherMaidenLast, day)
	if maiden != "" && (!named || !f.ask.BirthDate.IsZero()) {
		f.add(f.mothered(maiden, whole))
		if f.settle(); !named && !f.nobody() {
			return
		}
	}
	switch {
	case whole:
		f.born(day)
	case named:
		f.called()
	case f.ask.BirthDate.Month != 0 && maiden == "" && match.PhoneKey(f.ask.Phone) == "":
		f.try(store.Anybody().Born(f.ask.BirthDate.Bounds()))
	}
	f.settle()
	f.dropWeak()
}

// try looks where the lookups lead and returns how many rows there were.
func (f *finder) try(ways ...store.Lookup) int {
	if f.err != nil {
		return 0
	}
	rows, more, err := f.tx.Names(f.ctx, f.to, manyRows, ways...)
	f.fail(err)
	f.cut = f.cut || more
	f.look(rows, true)
	return len(rows)
}

// mothered returns the clients with a mother's maiden name, whose key is k, and
// what is known of a birth date, which may be whole.
func (f *finder) mothered(k iis.Key, whole bool) []iis.ClientID {
	if whole {
		return f.keyed(k)
	}
	from, to := match.MotherKeys(f.ask.MotherMaidenLast, f.ask.BirthDate)
	ids, err := f.tx.ClientsWithKeys(f.ctx, f.to, from, to, manyRows)
	f.fail(err)
	f.cut = f.cut || len(ids) == manyRows
	return ids
}

func (f *finder) keyed(k iis.Key) []iis.ClientID {
	ids, err := f.tx.ClientsWithKey(f.ctx, f.to, k, manyRows)
	f.fail(err)
	f.cut = f.cut || len(ids) == manyRows
	return ids
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
	switch e := h.evidence; e.Birth {
	case match.Same, match.SameMonth, match.SameYear, match.Unsaid:
		return e.Last == match.Same && e.First == match.Same
	}
	return false
}

// dropWeak leaves out weak answers to a full name where someone is called so.
func (f *finder) dropWeak() {
	if slices.ContainsFunc(f.hits, func(h hit) bool { return exact(h) && len(h.evidence.Row.First) > 1 }) {
		f.hits = slices.DeleteFunc(f.hits, func(h hit) bool { return h.reasons == nil && f.q.Strength(h.evidence) == Weak })
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
			if c.visible && c.named && f.q.NamesOnly() && c.evidence.First != match.Different && f.q.Accepts(c.evidence) {
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
