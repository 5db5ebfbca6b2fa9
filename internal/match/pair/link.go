package pair

import (
	"runtime"
	"sync"
)

// Linked is a pair that is not different: the places of its records in the
// lists given, and what was decided.
type Linked struct {
	A, B int
	Decision
}

// Candidates are the pairs of one list, or between two, that are worth
// comparing.
type Candidates struct {
	all   []*Profile
	from  int // where the second list begins; 0 if there is one only
	pairs []candidate
	given bool // the pairs were given, not found
}

// Find finds the candidates in one list of profiles, or between two if second
// is not nil. Profiles of both must be of one Book.
func Find(first, second []*Profile) *Candidates {
	c := &Candidates{all: first}
	if second != nil {
		if len(first) == 0 || len(second) == 0 {
			return c
		}
		c.all = append(append(make([]*Profile, 0, len(first)+len(second)), first...), second...)
		c.from = len(first)
	}
	c.pairs = candidates(c.all, c.from)
	return c
}

// Given takes pairs as candidates: the first profile and the second, the third
// and the fourth. Policies are trained on them as on those found.
func Given(pairs []*Profile) *Candidates {
	c := &Candidates{all: pairs, given: true}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.pairs = append(c.pairs, candidate(i)<<32|candidate(i+1))
	}
	return c
}

// Len is how many pairs there are to compare.
func (c *Candidates) Len() int { return len(c.pairs) }

// chunk is how many pairs are judged before those found are given out.
const chunk = 1 << 15

// Link compares the candidates and calls f with each pair that is not
// different, in the order of the first list and then of the second. It stops
// at an error of f, which it returns.
func (c *Candidates) Link(p *Policy, f func(Linked) error) error {
	alone := c.alone(p)
	workers := runtime.GOMAXPROCS(0)
	found := make([][]Linked, workers)
	comparers := make([]Comparer, workers)
	for at := 0; at < len(c.pairs); at += chunk * workers {
		c.share(at, workers, func(w, from, to int) {
			found[w] = found[w][:0]
			for k := from; k < to; k++ {
				i, j := c.pairs[k].places()
				more := int32(0)
				if alone != nil && alone(k) {
					more = p.partner
				}
				a, b := c.all[i], c.all[j]
				if d := p.judge(a, b, comparers[w].Compare(a, b), more); d.Answer != AnswerDifferent {
					found[w] = append(found[w], Linked{i, j - c.from, d})
				}
			}
		})
		for _, list := range found {
			for _, l := range list {
				if err := f(l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// share has each worker do a chunk of the candidates from one on.
func (c *Candidates) share(at, workers int, do func(worker, from, to int)) {
	var wg sync.WaitGroup
	for w := range workers {
		from := min(at+w*chunk, len(c.pairs))
		to := min(from+chunk, len(c.pairs))
		wg.Go(func() { do(w, from, to) })
	}
	wg.Wait()
}

// rival is how many bits less every other pair of two records has for them to
// be alone.
const rival = 6

// alone finds which candidates are pairs of two records of which neither has
// another like it; nil where that tells nothing.
func (c *Candidates) alone(p *Policy) func(candidate int) bool {
	if c.from == 0 || p.partner == 0 {
		return nil
	}
	scores := make([]int16, len(c.pairs))
	workers := runtime.GOMAXPROCS(0)
	comparers := make([]Comparer, workers)
	for at := 0; at < len(c.pairs); at += chunk * workers {
		c.share(at, workers, func(w, from, to int) {
			for k := from; k < to; k++ {
				i, j := c.pairs[k].places()
				g := comparers[w].Compare(c.all[i], c.all[j])
				total, _ := p.score(c.all[i], c.all[j], &g)
				scores[k] = int16(total)
			}
		})
	}
	const none = -1 << 15
	type two struct{ best, next int16 }
	tops := make([]two, len(c.all))
	for i := range tops {
		tops[i] = two{none, none}
	}
	for k, pr := range c.pairs {
		i, j := pr.places()
		for _, t := range []*two{&tops[i], &tops[j]} {
			switch s := scores[k]; {
			case s > t.best:
				t.best, t.next = s, t.best
			case s > t.next:
				t.next = s
			}
		}
	}
	return func(k int) bool {
		i, j := c.pairs[k].places()
		for _, t := range []two{tops[i], tops[j]} {
			if scores[k] != t.best || int32(t.best)-int32(t.next) < rival*10 {
				return false
			}
		}
		return true
	}
}
