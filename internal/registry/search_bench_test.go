package registry_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// search asks for clients in the ways of the search screen. "store/…" is the one
// statement that finds the client, "find/…" the whole search up to the ranked
// list, "Find" also what is shown and the audit trail. It reports the median and
// the 99th percentile of single searches, and the share that found the client.
func (f *filled) search(b *testing.B) {
	seen := store.Audience{Organization: clerk.Organization}
	ctx := b.Context()
	view := func(b *testing.B, ask func(tx *store.Tx, p *sample.Person) (bool, error)) func(*sample.Person) bool {
		return func(p *sample.Person) (found bool) {
			err := f.db.View(ctx, func(tx *store.Tx) (err error) {
				found, err = ask(tx, p)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			return found
		}
	}
	hasRow := func(rows []store.NameHit, id iis.ClientID) bool {
		return slices.ContainsFunc(rows, func(h store.NameHit) bool { return h.Client == id })
	}
	b.Run("store/name and birth date", func(b *testing.B) {
		f.measure(b, whole, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
			n := match.NamesOf(p.Client, nil)[0]
			rows, err := tx.NamesCalledBorn(ctx, seen, n.Last, n.First, n.BirthDate, 300)
			return hasRow(rows, p.Client.ID), err
		}))
	})
	b.Run("store/registry ID", func(b *testing.B) {
		f.measure(b, nil, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
			c, err := tx.Client(ctx, p.Client.ID)
			return c.ID == p.Client.ID, err
		}))
	})
	b.Run("store/chart number", func(b *testing.B) {
		f.measure(b, charted, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
			m := p.Memberships[0]
			ids, err := tx.ClientsWithKey(ctx, seen, match.ChartKey(m.Organization, m.ChartNumber), 300)
			return slices.Contains(ids, p.Client.ID), err
		}))
	})
	b.Run("store/phone", func(b *testing.B) {
		f.measure(b, phoned, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
			ids, err := tx.ClientsWithKey(ctx, seen, match.PhoneKey(p.Client.Phone), 300)
			return slices.Contains(ids, p.Client.ID), err
		}))
	})
	r := rand.New(rand.NewPCG(3, 4))
	for _, test := range []struct {
		name  string
		fit   func(*sample.Person) bool
		query func(c *iis.Client) registry.Query
	}{
		{"name and birth date", whole, func(c *iis.Client) registry.Query {
			return registry.Query{Last: c.Name.Last, First: c.Name.First, BirthDate: c.BirthDate.Partial()}
		}},
		{"registry ID", nil, func(c *iis.Client) registry.Query { return registry.Query{ID: string(c.ID)} }},
		{"phone", phoned, func(c *iis.Client) registry.Query { return registry.Query{Phone: c.Phone} }},
		{"mother's maiden name and birth date", mothered, func(c *iis.Client) registry.Query {
			return registry.Query{MotherMaidenLast: c.MotherMaidenLast, BirthDate: c.BirthDate.Partial()}
		}},
		{"name", whole, func(c *iis.Client) registry.Query {
			return registry.Query{Last: c.Name.Last, First: c.Name.First}
		}},
		{"one name misspelled and birth date", long, func(c *iis.Client) registry.Query {
			return registry.Query{Last: typo(r, c.Name.Last), First: c.Name.First, BirthDate: c.BirthDate.Partial()}
		}},
		{"both names misspelled and birth date", long, func(c *iis.Client) registry.Query {
			return registry.Query{Last: typo(r, c.Name.Last), First: typo(r, c.Name.First), BirthDate: c.BirthDate.Partial()}
		}},
		{"both names misspelled", long, func(c *iis.Client) registry.Query {
			return registry.Query{Last: typo(r, c.Name.Last), First: typo(r, c.Name.First)}
		}},
		{"name and misread birth date", long, func(c *iis.Client) registry.Query {
			near := match.NearDates(c.BirthDate)
			return registry.Query{Last: c.Name.Last, First: c.Name.First, BirthDate: near[r.IntN(len(near))].Partial()}
		}},
		{"four letters of the last name and two of the first", long, func(c *iis.Client) registry.Query {
			return registry.Query{Last: match.Fold(c.Name.Last)[:4], First: match.Fold(c.Name.First)[:2]}
		}},
		{"name and birth year", whole, func(c *iis.Client) registry.Query {
			return registry.Query{Last: c.Name.Last, First: c.Name.First, BirthDate: iis.PartialDate{Year: c.BirthDate.Year}}
		}},
		{"both names misspelled and birth month", long, func(c *iis.Client) registry.Query {
			return registry.Query{Last: typo(r, c.Name.Last), First: typo(r, c.Name.First),
				BirthDate: iis.PartialDate{Year: c.BirthDate.Year, Month: c.BirthDate.Month}}
		}},
		{"last name and birth month", whole, func(c *iis.Client) registry.Query {
			return registry.Query{Last: c.Name.Last, BirthDate: iis.PartialDate{Year: c.BirthDate.Year, Month: c.BirthDate.Month}}
		}},
		{"first name and birth year", whole, func(c *iis.Client) registry.Query {
			return registry.Query{First: c.Name.First, BirthDate: iis.PartialDate{Year: c.BirthDate.Year}}
		}},
		{"birth month", whole, func(c *iis.Client) registry.Query {
			return registry.Query{BirthDate: iis.PartialDate{Year: c.BirthDate.Year, Month: c.BirthDate.Month}}
		}},
		{"birth date", whole, func(c *iis.Client) registry.Query { return registry.Query{BirthDate: c.BirthDate.Partial()} }},
	} {
		b.Run("find/"+test.name, func(b *testing.B) {
			f.measure(b, test.fit, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
				ids, err := f.FindIn(ctx, tx, clerk, test.query(&p.Client))
				return slices.Contains(ids, p.Client.ID), err
			}))
		})
	}
	for _, test := range []struct {
		name string
		came func(c iis.Client) iis.Client // as it comes in
	}{
		{"as on file", func(c iis.Client) iis.Client { return c }},
		{"both names misspelled, another address, no phone", func(c iis.Client) iis.Client {
			c.Name.Last, c.Name.First = typo(r, c.Name.Last), typo(r, c.Name.First)
			c.Address, c.Phone = iis.Address{Street: "1 OTHER ST", City: "DULUTH", State: "MN", Zip: "55802"}, ""
			return c
		}},
		{"misread birth date", func(c iis.Client) iis.Client {
			near := match.NearDates(c.BirthDate)
			c.BirthDate = near[r.IntN(len(near))]
			return c
		}},
		{"nobody on file", func(c iis.Client) iis.Client {
			c.Name.Last, c.Name.First = "Q"+typo(r, c.Name.First), "Z"+typo(r, c.Name.Last)
			c.Phone, c.Email, c.MotherMaidenLast, c.BirthCertificate, c.Address = "", "", "", "", iis.Address{}
			c.BirthDate = c.BirthDate.AddDays(5000)
			return c
		}},
	} {
		b.Run("decide/"+test.name, func(b *testing.B) {
			f.measure(b, long, view(b, func(tx *store.Tx, p *sample.Person) (bool, error) {
				c := test.came(p.Client)
				c.ID = ""
				ids, err := f.LikelyIn(ctx, tx, store.Known{Client: c})
				return slices.Contains(ids, p.Client.ID), err
			}))
		})
	}
	b.Run("Find, shown and recorded", func(b *testing.B) {
		f.measure(b, whole, func(p *sample.Person) bool {
			res, err := f.Find(ctx, clerk, registry.Query{Last: p.Client.Name.Last, First: p.Client.Name.First, BirthDate: p.Client.BirthDate.Partial()})
			if err != nil {
				b.Fatal(err)
			}
			return slices.ContainsFunc(res.Found, func(x registry.Found) bool { return x.Client.ID == p.Client.ID })
		})
	})
}

// measure asks for one client after the other and reports how long it took.
func (f *filled) measure(b *testing.B, fit func(*sample.Person) bool, ask func(*sample.Person) bool) {
	var people []*sample.Person
	for i := range f.people {
		if fit == nil || fit(&f.people[i]) {
			people = append(people, &f.people[i])
		}
	}
	for _, p := range people[:min(len(people), 200)] { // caches, statements, vocabulary
		ask(p)
	}
	var took []time.Duration
	found := 0
	for b.Loop() {
		p := people[(len(took)+200)%len(people)]
		begun := time.Now()
		if ask(p) {
			found++
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[min(int(share*float64(len(took))), len(took)-1)].Nanoseconds()) / 1e3
	}
	b.ReportMetric(at(.5), "p50-µs")
	b.ReportMetric(at(.99), "p99-µs")
	b.ReportMetric(float64(found)/float64(len(took)), "found")
	b.ReportMetric(0, "ns/op")
}

func whole(p *sample.Person) bool {
	return p.Client.Name.First != "" && !p.Client.BirthDate.IsZero()
}

func long(p *sample.Person) bool {
	return whole(p) && len(match.Fold(p.Client.Name.Last)) >= 4 && len(match.Fold(p.Client.Name.First)) >= 4
}

func phoned(p *sample.Person) bool   { return match.Phone(p.Client.Phone) != "" }
func mothered(p *sample.Person) bool { return whole(p) && p.Client.MotherMaidenLast != "" }
func charted(p *sample.Person) bool {
	return len(p.Memberships) > 0 && match.Fold(p.Memberships[0].ChartNumber) != ""
}

// typo puts one slip of the pen into a name: a letter left out, put in, changed,
// or swapped with the next.
func typo(r *rand.Rand, name string) string {
	b := []byte(match.Fold(name))
	i := r.IntN(len(b) - 1)
	letter := "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[r.IntN(26)]
	switch r.IntN(4) {
	case 0:
		b = slices.Delete(b, i, i+1)
	case 1:
		b = slices.Insert(b, i, letter)
	case 2:
		b[i] = letter
	default:
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}
