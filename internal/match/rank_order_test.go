package match_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	. "openiis.org/iis/internal/match"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/sample"
)

// trained is what a search counts by a policy that was trained on invented people.
var trained = sync.OnceValues(func() (*Weights, error) {
	book := pair.NewBook(pair.Start())
	var people []*pair.Profile
	for p := range sample.WithoutDoses(5, 4_000) {
		profile, err := book.Prepare(pair.FactsOf(p.Client, p.Aliases, p.Memberships))
		if err != nil {
			return nil, err
		}
		people = append(people, profile)
	}
	p, tr, err := pair.Train(pair.Start(), book, pair.Find(people, nil))
	if err != nil {
		return nil, err
	}
	if p == pair.Shipped() {
		return nil, fmt.Errorf("too few to learn from: %+v", tr)
	}
	return p.Weights(), nil
})

// policies are what a search counts by the policy of the program, by the one that
// training starts from, and by a trained one.
func policies(t *testing.T) map[string]*Weights {
	t.Helper()
	w, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*Weights{"shipped": shipped, "start": pair.Start().Weights(), "trained": w}
}

// TestRankOrder holds who comes before whom, and who is no answer, whatever the
// policy.
func TestRankOrder(t *testing.T) {
	born := don.BirthDate
	client := func(last, first string, b iis.Date) iis.Client {
		return iis.Client{ID: iis.ClientID(fmt.Sprintf("%s, %s %v", last, first, b)), Name: iis.Name{Last: last, First: first}, BirthDate: b}
	}
	with := func(c iis.Client, what string, set func(c *iis.Client)) iis.Client {
		c.ID += iis.ClientID(" " + what)
		set(&c)
		return c
	}
	duck, drake := client("DUCK", "DON", born), client("DRAKE", "HORTENSE", day(1980, 1, 2))
	phone := func(c iis.Client) iis.Client {
		return with(c, "phone", func(c *iis.Client) { c.Phone = don.Phone })
	}
	middle := func(name string) iis.Client {
		return with(duck, name, func(c *iis.Client) { c.Name.Middle = name })
	}
	mother := func(c iis.Client, maiden string) iis.Client {
		return with(c, maiden, func(c *iis.Client) { c.MotherMaidenLast = maiden })
	}
	lives := func(street, city string) iis.Client {
		return with(duck, street+city, func(c *iis.Client) { c.Address = iis.Address{Street: street, City: city} })
	}
	for _, test := range []struct {
		name string
		p    Person
		best []iis.Client // first
		none []iis.Client // no answers
	}{
		{"name and birth date", Person{Last: "duck", First: "don", BirthDate: born.Partial()},
			[]iis.Client{duck, client("DUCK", "DONALD", born), client("DUK", "DON", born), client("DUK", "DONALD", born),
				client("DUCK", "DON", day(2009, 9, 12)), client("DUCK", "DON", day(2009, 9, 22)), client("DUCK", "HUEY", born),
				client("DUCK", "DON", day(1951, 3, 2))},
			[]iis.Client{client("GOOSE", "GUS", born), client("DUCK", "HUEY", day(1951, 3, 2)), client("GOOSE", "DON", day(1951, 3, 2)), drake}},
		{"swapped", Person{Last: "don", First: "duck", BirthDate: born.Partial()},
			[]iis.Client{duck, client("DUK", "DON", born), client("DUCK", "DON", day(2009, 9, 12))}, []iis.Client{drake}},
		{"name", Person{Last: "duck", First: "don"},
			[]iis.Client{duck, client("DUCK", "DONALD", born), client("DUK", "DON", born), client("DUK", "DONALD", born), client("DUCK", "D", born)},
			[]iis.Client{client("DUCK", "HUEY", born), client("GOOSE", "DON", born)}},
		{"beginnings", Person{Last: "ander", First: "jo"},
			[]iis.Client{client("ANDER", "JO", born), client("ANDER", "JOSEPHINE", born), client("ANDERSON", "JO", born),
				client("ANDERSON", "JOSEPHINE", born)},
			[]iis.Client{client("ANDERSON", "MARY", born), drake}},
		{"initial", Person{Last: "duck", First: "d"},
			[]iis.Client{client("DUCK", "D", born), duck, client("DUK", "DON", born)}, []iis.Client{client("DUCK", "HUEY", born)}},
		{"month", Person{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2009, Month: 9}},
			[]iis.Client{duck, client("DUCK", "DONALD", born), client("DUK", "DON", born), client("DUCK", "DON", day(2010, 9, 1)),
				client("DUCK", "DON", day(2009, 8, 21))},
			[]iis.Client{client("DUCK", "HUEY", day(2009, 8, 21)), drake}},
		{"one box", Person{Last: "don", AnyOrder: true, BirthDate: born.Partial()},
			[]iis.Client{client("DON", "MARY", born), duck, client("DUCK", "DONALD", born), client("DUCK", "DONNA", born)},
			[]iis.Client{client("GOOSE", "GUS", day(2001, 4, 5))}},
		{"phone", Person{Phone: "6512014629"}, []iis.Client{phone(duck)}, []iis.Client{duck}},
		{"last name and phone", Person{Last: "duck", Phone: "6512014629"},
			[]iis.Client{phone(duck), phone(client("DUK", "DON", born)), duck, client("DUK", "DON", born)},
			[]iis.Client{phone(client("GOOSE", "GUS", born)), drake}},
		{"mother and birth date", Person{MotherMaidenLast: "drake", BirthDate: born.Partial()},
			[]iis.Client{mother(duck, "DRAKE"), mother(duck, "DRAK")}, []iis.Client{mother(duck, "OLSON"), duck}},
		{"middle name", Person{Last: "duck", First: "don", Middle: "fauntleroy"},
			[]iis.Client{middle("FAUNTLEROY"), middle("FAUNTLROY"), middle("F"), duck, middle("ROBERT")}, []iis.Client{drake}},
		{"address", Person{Last: "duck", First: "don", Address: "9 elm st, duluth"},
			[]iis.Client{lives("9 ELM ST", "DULUTH"), lives("12 ELM ST", "DULUTH"), lives("1 OAK AVE", "DULUTH"), duck}, nil},
	} {
		for policy, w := range policies(t) {
			type answer struct {
				id    iis.ClientID
				score int
			}
			var got []answer
			for _, c := range slices.Concat(test.none, test.best) {
				if q, e := ask(w, test.p, c); q.Accepts(e) {
					got = append(got, answer{c.ID, e.Score})
				}
			}
			slices.SortStableFunc(got, func(a, b answer) int { return b.score - a.score })
			var ids, want []iis.ClientID
			for i, a := range got {
				ids = append(ids, a.id)
				if i > 0 && a.score == got[i-1].score {
					t.Errorf("%s, by policy %s: %s and %s score %d both", test.name, policy, got[i-1].id, a.id, a.score)
				}
			}
			for _, c := range test.best {
				want = append(want, c.ID)
			}
			if diff := cmp.Diff(want, ids); diff != "" {
				t.Errorf("%s, by policy %s (-want +got):\n%s", test.name, policy, diff)
			}
		}
	}
}
