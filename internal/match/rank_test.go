package match_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"openiis.org/iis"
	. "openiis.org/iis/internal/match"
	"openiis.org/iis/internal/match/pair"
)

// shipped is what a search counts by the policy of the program.
var shipped = pair.Shipped().Weights()

// ask compares a person asked for with a client and its former names.
func ask(w *Weights, p Person, c iis.Client, aliases ...iis.Alias) (q *Query, best Evidence) {
	q = NewQuery(p, w)
	for i, k := range NamesOf(c, aliases) {
		if e := q.Names(k); i == 0 || e.Score > best.Score {
			best = e
		}
	}
	return q, q.Complete(best, &c)
}

var don = iis.Client{
	Name: iis.Name{Last: "DUCK", First: "DON", Middle: "FAUNTLEROY"}, BirthDate: day(2009, 9, 21), Gender: iis.Male,
	MotherMaidenLast: "DRAKE", MotherFirst: "HORTENSE", Phone: "651-201-4629",
	Address: iis.Address{Street: "123 1ST ST SE", City: "SAINT PAUL", State: "MN", Zip: "55112"},
}

// TestRank holds how well one client answers a range of questions: the score,
// the strength and the words on the screen.
func TestRank(t *testing.T) {
	born := don.BirthDate
	for _, test := range []struct {
		p    Person
		want string // "" if no answer
	}{
		{Person{Last: "duck", First: "don", BirthDate: born.Partial()}, "302 Strong: same birth date, same name"},
		{Person{Last: "duk", First: "donald", BirthDate: born.Partial()}, "279 Strong: same birth date, sounds like Duk, DON = Donald"},
		{Person{Last: "duck", First: "don"}, "163 Possible: same name"},
		{Person{Last: "duc"}, "74 Possible: sounds like Duc"},
		{Person{Last: "du"}, "53 Weak: last name begins with Du"},
		{Person{Last: "duck"}, "89 Possible: same last name"},
		{Person{BirthDate: born.Partial()}, "139 Possible: same birth date"},
		{Person{Last: "don", First: "duck", BirthDate: born.Partial()}, "294 Strong: same birth date, same name, first and last name swapped"},
		{Person{Last: "duck", First: "don", AnyOrder: true}, "163 Possible: same name"},
		{Person{Last: "don", First: "duck", AnyOrder: true}, "163 Possible: same name"},
		{Person{Last: "don", AnyOrder: true, BirthDate: born.Partial()}, "213 Possible: same birth date, same first name"},
		{Person{Last: "duck", First: "don", BirthDate: day(2009, 9, 12).Partial()}, "248 Strong: digits of the birth date swapped, same name"},
		{Person{Last: "duck", First: "don", BirthDate: day(2009, 9, 22).Partial()}, "228 Strong: one digit of the birth date differs, same name"},
		{Person{Last: "duck", First: "don", BirthDate: day(2010, 9, 21).Partial()}, "228 Strong: birth year one off, same name"},
		{Person{Last: "duck", First: "don", BirthDate: day(1951, 3, 2).Partial()}, "94 Weak: other birth date, same name"},
		{Person{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2009, Month: 9}}, "245 Strong: born in September 2009, same name"},
		{Person{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2009}}, "212 Possible: born in 2009, same name"},
		{Person{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2010, Month: 9}}, "163 Possible: birth year one off, same name"},
		{Person{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2009, Month: 8}}, "94 Weak: other birth date, same name"},
		{Person{Last: "duck", BirthDate: iis.PartialDate{Year: 2009}}, "138 Possible: born in 2009, same last name"},
		{Person{BirthDate: iis.PartialDate{Year: 2009, Month: 9}}, "82 Possible: born in September 2009"},
		{Person{Last: "goose", First: "don", BirthDate: iis.PartialDate{Year: 2009, Month: 9}}, ""},
		{Person{Last: "goose", First: "don", BirthDate: born.Partial()}, "139 Weak: same birth date, other last name, same first name"},
		{Person{Last: "goose", First: "gus", BirthDate: born.Partial()}, ""},
		{Person{Last: "duck", First: "huey", BirthDate: born.Partial()}, "154 Weak: same birth date, same last name, other first name"},
		{Person{Last: "duck", First: "huey"}, ""},
		{Person{Last: "duck", First: "fauntleroy", BirthDate: born.Partial()}, "271 Strong: same birth date, same last name, middle name Fauntleroy"},
		{Person{Phone: "6512014629"}, "191 Possible: same phone"},
		{Person{Phone: "2014629"}, "96 Possible: same phone"},
		{Person{Last: "duck", Phone: "6512014629"}, "191 Possible: same last name, same phone"},
		{Person{Last: "goose", Phone: "6512014629"}, ""},
		{Person{MotherMaidenLast: "drake", BirthDate: born.Partial()}, "236 Possible: same birth date, same mother's maiden name"},
		{Person{MotherMaidenLast: "drak", MotherFirst: "hortense", BirthDate: born.Partial()},
			"287 Possible: same birth date, mother's maiden name one letter apart, same mother's first name"},
		{Person{Last: "duck", First: "don", BirthDate: born.Partial(), Gender: iis.Female}, "292 Strong: same birth date, same name, other gender"},
		{Person{Last: "duck", First: "don", BirthDate: born.Partial(), Address: "9 elm st, duluth", Phone: "6125550123", MotherMaidenLast: "olson"},
			"286 Strong: same birth date, same name, other mother's maiden name"},
		{Person{Last: "duck", Address: "123 1st st se, saint paul"}, "133 Possible: same last name, same address"},
	} {
		q, e := ask(shipped, test.p, don)
		got := ""
		if q.Accepts(e) {
			got = fmt.Sprintf("%d %s: %s", e.Score, q.Strength(e), strings.Join(q.Reasons(e), ", "))
		}
		if got != test.want {
			t.Errorf("%+v\n got %q\nwant %q", test.p, got, test.want)
		}
		if q.Accepts(e) && !q.Hopeful(q.Names(e.Row)) && e.Phone != Same {
			t.Errorf("%+v: an answer that was not hopeful by its names", test.p)
		}
	}
}

func TestRankOfFormerName(t *testing.T) {
	was := iis.Alias{Name: iis.Name{Last: "DICK", First: "DON"}, BirthDate: don.BirthDate}
	_, now := ask(shipped, Person{Last: "duck", First: "don", BirthDate: don.BirthDate.Partial()}, don, was)
	_, then := ask(shipped, Person{Last: "dick", First: "don", BirthDate: don.BirthDate.Partial()}, don, was)
	if now.Row.Former || !then.Row.Former || then.Score != now.Score-1 {
		t.Errorf("present name %+v, former %+v", now, then)
	}
}

// TestRankByRareName: of two who agree in one name only, the one with the rare name is
// likelier.
func TestRankByRareName(t *testing.T) {
	born := don.BirthDate
	client := func(last, first string) iis.Client {
		return iis.Client{Name: iis.Name{Last: last, First: first}, BirthDate: born}
	}
	for _, test := range []struct{ asked, rare, common iis.Client }{
		{client("SMITH", "XANTHIPPE"), client("JONES", "XANTHIPPE"), client("SMITH", "MARY")},
		{client("XYLANDER", "MARY"), client("XYLANDER", "HUGO"), client("JONES", "MARY")},
	} {
		p := Person{Last: test.asked.Name.Last, First: test.asked.Name.First, BirthDate: born.Partial()}
		_, rare := ask(shipped, p, test.rare)
		_, common := ask(shipped, p, test.common)
		if rare.Score <= common.Score {
			t.Errorf("%+v: the rare name scores %d, the common one %d", p, rare.Score, common.Score)
		}
	}
}

func TestRankAllocatesNothing(t *testing.T) {
	q := NewQuery(Person{Last: "duk", First: "donald", BirthDate: don.BirthDate.Partial()}, shipped)
	row := NamesOf(don, nil)[0]
	q.Names(row) // the table of nicknames unfolds on first use
	if n := testing.AllocsPerRun(100, func() { q.Names(row) }); n != 0 {
		t.Errorf("Names allocates %v times, want 0", n)
	}
}

// TestNobodyBeatsHimself: no client answers better to what another is called
// than that one himself.
func TestNobodyBeatsHimself(t *testing.T) {
	all := policies(t)
	name := rapid.StringMatching(`[A-E]{2,8}`)
	rapid.Check(t, func(t *rapid.T) {
		w := all[rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "policy")]
		c := iis.Client{Name: iis.Name{Last: name.Draw(t, "last"), First: name.Draw(t, "first")},
			BirthDate: day(2000, 1, 1).AddDays(rapid.IntRange(0, 300).Draw(t, "born"))}
		o := iis.Client{Name: iis.Name{Last: name.Draw(t, "other last"), First: name.Draw(t, "other first")},
			BirthDate: day(2000, 1, 1).AddDays(rapid.IntRange(0, 300).Draw(t, "other born"))}
		p := Person{Last: c.Name.Last, First: c.Name.First, BirthDate: c.BirthDate.Partial()}
		q, own := ask(w, p, c)
		_, other := ask(w, p, o)
		if other.Score > own.Score {
			t.Fatalf("%+v scores %d, himself %d", o.Name, other.Score, own.Score)
		}
		if !q.Accepts(own) || q.Strength(own) != Strong {
			t.Fatalf("%+v is no strong answer to his own name: %d", c.Name, own.Score)
		}
	})
}

func BenchmarkNames(b *testing.B) {
	q := NewQuery(Person{Last: "duk", First: "donald", BirthDate: don.BirthDate.Partial()}, shipped)
	rows := []iis.NameKey{
		{Last: "ANDERSON", First: "MARY", BirthDate: don.BirthDate},
		{Last: "DUCK", First: "DON", BirthDate: don.BirthDate},
		{Last: "JOHNSON", First: "OLIVIA", BirthDate: don.BirthDate},
	}
	i := 0
	for b.Loop() {
		q.Names(rows[i%len(rows)])
		i++
	}
}

func day(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }
