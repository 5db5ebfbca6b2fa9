package sample

import (
	"iter"
	"strconv"

	"openiis.org/iis"
)

// Person is one invented client with all that a registry would have on file,
// and with the truth that a registry would not know.
type Person struct {
	Client      iis.Client
	Memberships []iis.Membership // the first is the home clinic
	Aliases     []iis.Alias
	Contacts    []iis.Contact
	Comments    []iis.Comment
	Doses       []iis.Dose // by date

	// Household counts those who live together, from 1.
	Household int
	// DuplicateOf is the client who is the same person, entered before; "" for
	// nearly all.
	DuplicateOf iis.ClientID
	// Twin is the client born at the same birth; "" if none.
	Twin iis.ClientID
}

// Most is how many people one population can hold.
const Most = 10_000_000

// Population yields n invented people, household by household. The same seed
// gives the same people, and a larger n gives the same ones and more. Memory
// does not grow with n. It panics if n is more than Most.
func Population(seed uint64, n int) iter.Seq[Person] { return population(seed, n, true) }

// WithoutDoses yields the people of Population with no doses, which takes a
// third of the time.
func WithoutDoses(seed uint64, n int) iter.Seq[Person] { return population(seed, n, false) }

func population(seed uint64, n int, doses bool) iter.Seq[Person] {
	if n > Most {
		panic("sample: a population of more than " + strconv.Itoa(Most))
	}
	return func(yield func(Person) bool) {
		g := newGenerator(seed)
		for made := 0; made < n; {
			home := g.household()
			if doses {
				g.immunize()
			}
			for _, p := range home {
				if made == n {
					return
				}
				if !yield(p) {
					return
				}
				made++
			}
		}
	}
}

// generator makes one household after the other.
type generator struct {
	draw
	seed   uint64
	number int      // of the household
	people int      // made so far
	home   []Person // the household at hand
	story  history
}

func newGenerator(seed uint64) *generator {
	return &generator{draw: newDraw(), seed: seed, story: history{draw: newDraw()}}
}

// idGap is how far apart registry IDs are on average: as far as Most people
// leave room for among the numbers of nine digits.
const idGap = 900_000_000 / Most

// nextID gives the next registry ID: nine digits, never the same twice, and
// never one of the guide's own, which are shorter. They rise, which spares a
// database that is filled with them much writing.
func (g *generator) nextID() iis.ClientID {
	n := uint64(g.people)*idGap + mix(g.seed+uint64(g.people))%idGap
	g.people++
	return iis.ClientID(strconv.FormatUint(100_000_000+n, 10))
}
