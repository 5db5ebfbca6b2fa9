package pair

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// Training says how Train went.
type Training struct {
	Pairs      int     // compared
	Matches    float64 // expected among them
	Iterations int
	Prior      float64 // bits against a pair of any two records
}

const (
	maxIterations = 60
	tolerance     = 1e-5
	randomPairs   = 1_000_000
	mostPairs     = 3_000_000
	// enough is how many pairs of one person there must be to learn from; of
	// fewer the shipped policy knows more.
	enough = 20
	// belief is how many pairs of one person the starting likelihoods count for,
	// and one more for as many as faith of them: no records show all that can
	// happen.
	belief = 20.0
	faith  = 40
	// often is how many times as often as training starts from the records of one
	// person may be found to have birth dates with nothing in common. Where many have
	// one name, EM would come to believe that a person's birth date is any.
	often = 2
	// strangers is the same among pairs of two people.
	strangers = 2
)

// Train estimates a policy from the records themselves, without knowing who is
// who, by expectation and maximization: start says how likely each pair is one
// person's, which tells how often the fields agree between records of one
// person, and so on until nothing changes. How often they agree between two
// people is counted on pairs drawn at random. It gives the same policy for the
// same records, and the shipped one where there are too few to learn from. The
// profiles must be of book, which becomes one of the new policy.
func Train(start *Policy, book *Book, c *Candidates) (*Policy, Training, error) {
	p := *start
	p.Fields = map[string]map[string][2]float64{}
	for f, list := range start.Fields {
		p.Fields[f] = maps.Clone(list)
	}
	p.Version = start.Version + "+trained"
	p.About = "Estimated from records."
	p.Names = countNames(c.all, start.Names.Clip)
	if err := p.prepare(); err != nil {
		return nil, Training{}, err
	}
	book.Adopt(&p)

	t := newTrainer(&p, c)
	t.strangers(start)
	together := true
	if !c.given {
		together = t.households()
	}
	if !together {
		twins := t.bornTogether()
		p.Guards = slices.DeleteFunc(slices.Clone(start.Guards), func(g Guard) bool { return g.Households && !twins || g.Caution })
		if err := p.prepare(); err != nil {
			return nil, Training{}, err
		}
	}
	tr := t.run()
	if !c.given {
		t.households()
		tr = t.run()
	}
	t.thresholds(tr, together)
	if tr.Matches < enough {
		book.Adopt(Shipped())
		return Shipped(), tr, nil
	}
	if err := p.prepare(); err != nil {
		return nil, Training{}, err
	}
	return &p, tr, nil
}

// sampled is a candidate as training sees it.
type sampled struct {
	grades Grades
	rare   int16 // tenths of a bit, of the last name
	rarest int16 // of the first name
	held   bool  // by a guard
	home   uint8 // by which keys they are of one household
}

type trainer struct {
	p     *Policy
	c     *Candidates
	pairs []sampled
	every float64 // how many candidates each sampled pair stands for
	total float64 // pairs there are at all
	u     [fields][grades]float64
	m     [fields][grades]float64
	start [fields][grades]float64 // m to begin with
	first [fields][grades]float64 // u to begin with
	drawn [fields][grades]bool    // seen among pairs drawn at random
}

func newTrainer(p *Policy, c *Candidates) *trainer {
	t := &trainer{p: p, c: c}
	step := max(1, (len(c.pairs)+mostPairs-1)/mostPairs)
	t.every = float64(step)
	var comparer Comparer
	for i := 0; i < len(c.pairs); i += step {
		a, b := c.pairs[i].places()
		t.pairs = append(t.pairs, t.sample(&comparer, c.all[a], c.all[b]))
	}
	n := float64(len(c.all))
	t.total = n * (n - 1) / 2
	switch {
	case c.given:
		t.total = float64(len(c.pairs))
	case c.from > 0:
		t.total = float64(c.from) * (n - float64(c.from))
	}
	for f, list := range p.Fields {
		field, _ := fieldOf(f) // checked when the policy was read
		for g, mu := range list {
			grade, _ := gradeOf(field, g)
			t.m[field][grade], t.u[field][grade] = mu[0], mu[1]
		}
	}
	t.start, t.first = t.m, t.u
	return t
}

func (t *trainer) sample(c *Comparer, a, b *Profile) sampled {
	s := sampled{grades: c.Compare(a, b), home: alikeAtHome(a, b)}
	if s.grades[LastName] == Same {
		s.rare = a.last.rare
	}
	if s.grades[FirstName] == Same {
		s.rarest = a.first.rare
	}
	return s
}

// strangers counts how often two records drawn at random agree.
func (t *trainer) strangers(start *Policy) {
	n := len(t.c.all)
	if n < 2 {
		return
	}
	draw := rand.New(rand.NewPCG(1, 2))
	var comparer Comparer
	var count [fields][grades]float64
	for range min(randomPairs, n*n) {
		i, j := draw.IntN(n), draw.IntN(n)
		if t.c.from > 0 {
			i, j = draw.IntN(t.c.from), t.c.from+draw.IntN(n-t.c.from)
		}
		if i == j {
			continue
		}
		s := t.sample(&comparer, t.c.all[i], t.c.all[j])
		if t.score(&s) >= start.Possible {
			continue // in a small file even drawn pairs are of one person
		}
		for f, g := range s.grades {
			count[f][g]++
		}
	}
	for f := range fields {
		said := -count[f][Missing]
		for _, k := range count[f] {
			said += k
		}
		for _, g := range fieldGrades[f] {
			// What was never seen may be as frequent as once in twice as many.
			t.drawn[f][g] = count[f][g] > 0
			first := t.first[f][g]
			t.u[f][g] = max((count[f][g]+strangers*first)/(said+strangers), min(first, 0.5/max(1, said)))
		}
	}
	one := swaps(t.c.all)
	t.u[LastName][Swapped] = max(1e-7, one*one)
	t.u[LastName][Crossed] = max(1e-5, 2*one)
	t.u[FirstName][Swapped] = t.m[FirstName][Swapped]
	t.u[FirstName][Crossed] = t.m[FirstName][Crossed]
}

// swaps is how often the last name of one of two people is the first name of
// the other.
func swaps(all []*Profile) float64 {
	last, first := map[string]float64{}, map[string]float64{}
	n := 0.0
	for _, p := range all {
		if p.last != nil && p.first != nil {
			last[p.last.text]++
			first[p.first.text]++
			n++
		}
	}
	sum := 0.0
	for _, name := range slices.Sorted(maps.Keys(last)) { // in order, for the sum to be the same
		sum += last[name] / n * first[name] / n
	}
	return sum
}

// run estimates the likelihoods among records of one person.
func (t *trainer) run() Training {
	for i := range t.pairs {
		t.pairs[i].held = t.p.holds(&t.pairs[i].grades)
	}
	tr := Training{Pairs: len(t.pairs)}
	expected := math.Sqrt(t.total) / 10 // to begin with
	if t.c.given {
		expected = t.total / 4
	}
	for tr.Iterations = 1; tr.Iterations <= maxIterations; tr.Iterations++ {
		t.publish()
		prior := math.Log2((t.total - expected) / expected)
		var sum [fields][grades]float64
		matches := 0.0
		for i := range t.pairs {
			s := &t.pairs[i]
			if s.held {
				continue
			}
			likely := 1 / (1 + math.Exp2(prior-t.score(s)))
			if likely < 1e-6 {
				continue
			}
			matches += likely
			for f, g := range s.grades {
				sum[f][g] += likely
			}
		}
		change := 0.0
		belief := belief + matches*t.every/faith
		for f := range fields {
			said := -sum[f][Missing]
			for _, k := range sum[f] {
				said += k
			}
			for _, g := range fieldGrades[f] {
				m := (sum[f][g]*t.every + belief*t.start[f][g]) / (said*t.every + belief)
				if f == FirstName && (g == Swapped || g == Crossed) {
					continue // told by the last name
				}
				if f == BirthField && (g == Different || g == Far) {
					m = min(m, often*t.start[f][g])
				}
				change = max(change, math.Abs(m-t.m[f][g]))
				t.m[f][g] = m
			}
		}
		tr.Matches = matches * t.every
		expected = max(1, min(tr.Matches, t.total/2))
		tr.Prior = math.Log2((t.total - expected) / expected)
		if change < tolerance {
			break
		}
	}
	t.unseen()
	t.publish()
	return tr
}

// unseen gives the grades that no pair has what they began with: a file without
// a partial date does not tell what one is worth.
func (t *trainer) unseen() {
	var seen [fields][grades]bool
	for i := range t.pairs {
		for f, g := range t.pairs[i].grades {
			seen[f][g] = true
		}
	}
	for f := range fields {
		for _, g := range fieldGrades[f] {
			if !seen[f][g] && !t.drawn[f][g] {
				t.m[f][g], t.u[f][g] = t.start[f][g], t.first[f][g]
			}
		}
	}
}

// thresholds sets the scores from which two records are one person's, or may be:
// the first so that wrong and missed answers together come out fewest, and where
// people live together, who are more alike than their records tell, no lower
// than sure; the second where one in seven is: of fewer, most reviews are for
// nothing.
func (t *trainer) thresholds(tr Training, together bool) {
	odds := make([]float64, len(t.pairs)) // scores above the prior
	all := 0.0
	for i := range t.pairs {
		odds[i] = t.score(&t.pairs[i]) - tr.Prior
		all += 1 / (1 + math.Exp2(-odds[i]))
	}
	slices.Sort(odds)
	slices.Reverse(odds)
	best, at, right := 0.0, sure, 0.0
	for i, o := range odds {
		right += 1 / (1 + math.Exp2(-o))
		if f := 2 * right / (float64(i+1) + all); f > best {
			best, at = f, o
		}
	}
	if together {
		at = sure
	}
	t.p.Partner = 0
	if n := float64(t.c.from); n > 0 {
		n = min(n, float64(len(t.c.all))-n)
		// One in sixty-four is never known to have its like.
		t.p.Partner = max(0, math.Round(-10*math.Log2(1-min(tr.Matches/n, 1-1.0/64)))/10-1)
	}
	t.p.Same = max(leastSame, math.Round(10*(tr.Prior+min(at, sure)))/10)
	t.p.Possible = max(leastPossible, math.Round(10*(tr.Prior+min(at, maybe)))/10)
}

// Bits above the prior: sure is nineteen in twenty, maybe one in seven.
const (
	sure  = 4.25
	maybe = -2.6
)

// What is asked for in any case, where nearly all pairs given are of one person.
const (
	leastSame     = 8
	leastPossible = 4
)

// holds reports whether a guard keeps a pair from being the same: nothing is
// learned from such pairs.
func (p *Policy) holds(g *Grades) bool {
	for i := range p.rules {
		if r := &p.rules[i]; r.most != "" && !r.caution && r.holds(g) {
			return true
		}
	}
	return false
}

// publish writes the likelihoods into the policy and its weights.
func (t *trainer) publish() {
	for f := range fields {
		list := t.p.Fields[fieldNames[f]]
		for _, g := range fieldGrades[f] {
			m, u := round(t.m[f][g]), round(t.u[f][g])
			list[gradeNames[g]] = [2]float64{m, u}
			t.p.weights[f][g] = tenths(math.Log2(m / u))
		}
	}
}

// round keeps four digits, so that a policy reads well and is the same wherever
// it was made.
func round(x float64) float64 {
	if x <= 0 {
		return 1e-9
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(x)))
	return min(1, math.Round(x*scale)/scale)
}

// score is the sum for a sampled pair, in bits.
func (t *trainer) score(s *sampled) float64 {
	household, person := t.sums(s)
	return float64(person+min(household, t.p.cap)) / 10
}

// person is the sum of what tells the person, in bits.
func (t *trainer) person(s *sampled) float64 {
	_, person := t.sums(s)
	return float64(person) / 10
}

func (t *trainer) sums(s *sampled) (household, person int32) {
	person = int32(s.rarest)
	for f, g := range s.grades {
		if t.p.household[f] {
			household += t.p.weights[f][g]
		} else {
			person += t.p.weights[f][g]
		}
	}
	if t.p.household[LastName] {
		household += int32(s.rare)
	} else {
		person += int32(s.rare)
	}
	return household, person
}
