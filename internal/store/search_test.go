package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

var everyone = store.Audience{All: true}

// filed enters a client under one name with an ID of its own.
func filed(t *testing.T, db *store.DB, c iis.Client, names ...iis.NameKey) {
	t.Helper()
	write(t, db, func(tx *store.Tx) error {
		c.Version, c.Gender, c.Created, c.Updated = 1, iis.UnknownGender, noon, noon
		if err := tx.InsertClient(t.Context(), c); err != nil {
			return err
		}
		return tx.PutNames(t.Context(), c, names)
	})
}

func name(last, first string, born iis.Date) iis.NameKey {
	return iis.NameKey{Last: last, First: first, LastSound: "L" + string([]rune(last)[:1]), FirstSound: "F", BirthDate: born}
}

var (
	sep21 = iis.Date{Year: 2009, Month: 9, Day: 21}
	sep12 = iis.Date{Year: 2009, Month: 9, Day: 12}
)

// lookUp returns the rows that lookups lead to.
func lookUp(t *testing.T, db *store.DB, to store.Audience, limit int, ways ...store.Lookup) []store.NameHit {
	t.Helper()
	return ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
		hits, _, err := tx.Names(t.Context(), to, limit, ways...)
		return hits, err
	})
}

func TestNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		former := name("DICK", "DON", sep21)
		former.Former = true
		part := name("JONES", "MARY", iis.Date{})
		part.LastPart = true
		filed(t, db, iis.Client{ID: "1"}, name("DUCK", "DON", sep21), former)
		filed(t, db, iis.Client{ID: "2"}, name("DUCK", "DONALD", sep12))
		filed(t, db, iis.Client{ID: "3"}, name("DUCKETT", "DORA", sep21))
		filed(t, db, iis.Client{ID: "4"}, name("SMITHJONES", "MARY", iis.Date{}), part)
		filed(t, db, iis.Client{ID: "5", LockedTo: "A"}, name("DUCK", "DON", sep21))
		filed(t, db, iis.Client{ID: "6", Death: iis.Death{Recorded: noon}}, name("DUCK", "DON", sep21))
		type answer = []iis.ClientID
		for _, test := range []struct {
			name  string
			limit int
			ways  []store.Lookup
			want  [3]answer // for everyone's eyes, for organization A, for B
		}{
			{"Called", 10, []store.Lookup{store.Called("DUCK", "DON")}, [3]answer{{"1", "5", "6", "2"}, {"1", "5", "2"}, {"1", "2"}}},
			{"Called, cut off after who is hidden was left out", 2, []store.Lookup{store.Called("DUCK", "")},
				[3]answer{{"1", "5"}, {"1", "5"}, {"1", "2"}}},
			{"Called, born in a month", 10, []store.Lookup{store.Called("DUCK", "").Born(sep12.AddDays(-11), sep12)}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"Beginning", 10, []store.Lookup{store.Beginning("DU", "DO")}, [3]answer{{"1", "5", "6", "2", "3"}, {"1", "5", "2", "3"}, {"1", "2", "3"}}},
			{"Beginning, born", 10, []store.Lookup{store.Beginning("DU", "DO").Born(sep12, sep12)}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"Beginning, any first name", 3, []store.Lookup{store.Beginning("DU", "")}, [3]answer{{"1", "5", "6"}, {"1", "5", "2"}, {"1", "2", "3"}}},
			{"Beginning, not the name itself", 10, []store.Lookup{store.Beginning("DUCK", "")}, [3]answer{{"3"}, {"3"}, {"3"}}},
			{"Starting", 10, []store.Lookup{store.Starting("DUCK", "DO")}, [3]answer{{"1", "5", "6", "2", "3"}, {"1", "5", "2", "3"}, {"1", "2", "3"}}},
			{"Starting, any first name", 10, []store.Lookup{store.Starting("DUCKET", "")}, [3]answer{{"3"}, {"3"}, {"3"}}},
			{"Among", 10, []store.Lookup{store.Among([]string{"DICK", "DUKE"}, []string{"DON", "DAN", "DEN"})}, [3]answer{{"1"}, {"1"}, {"1"}}},
			{"Among, any first name", 10, []store.Lookup{store.Among([]string{"JONES"}, nil)}, [3]answer{{"4"}, {"4"}, {"4"}}},
			{"Among, born", 10, []store.Lookup{store.Among([]string{"DUCK"}, nil).Born(sep12, sep21.AddDays(-1))}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"AmongBeginning", 10, []store.Lookup{store.AmongBeginning([]string{"DICK", "DUCKETT"}, "DO")}, [3]answer{{"1", "3"}, {"1", "3"}, {"1", "3"}}},
			{"AmongBorn", 10, []store.Lookup{store.AmongBorn([]string{"DUCK"}, []iis.Date{sep12, {Year: 2009, Month: 1, Day: 1}})},
				[3]answer{{"2"}, {"2"}, {"2"}}},
			{"Sounding", 10, []store.Lookup{store.Sounding("LS", "F")}, [3]answer{{"4"}, {"4"}, {"4"}}},
			{"Sounding, born", 10, []store.Lookup{store.Sounding("LD", "F").Born(sep12, sep12)}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"Named", 10, []store.Lookup{store.Named("DONA", []string{"DORA", "DAISY"}).Born(sep12, sep21)}, [3]answer{{"2", "3"}, {"2", "3"}, {"2", "3"}}},
			{"Anybody, in order of the days", 3, []store.Lookup{store.Anybody().Born(sep12, sep21)}, [3]answer{{"1", "1", "2"}, {"1", "1", "2"}, {"1", "1", "2"}}},
			{"BornLike", 10, []store.Lookup{store.BornLike(sep21, []string{"DI", "X"}, []string{"DOR"})}, [3]answer{{"1", "3"}, {"1", "3"}, {"1", "3"}}},
			{"BornLike, first names alone", 10, []store.Lookup{store.BornLike(sep21, nil, []string{"DOR"})}, [3]answer{{"3"}, {"3"}, {"3"}}},
			{"several ways", 10, []store.Lookup{store.Called("DICK", ""), store.Beginning("DUCK", "D"), store.Among([]string{"JONES"}, []string{"MARY"})},
				[3]answer{{"1", "3", "4"}, {"1", "3", "4"}, {"1", "3", "4"}}},
			{"several ways, each cut off by itself", 1, []store.Lookup{store.Called("DUCK", ""), store.Called("DUCKETT", "")},
				[3]answer{{"1", "3"}, {"1", "3"}, {"1", "3"}}},
			{"no way", 10, nil, [3]answer{}},
		} {
			for i, to := range []store.Audience{everyone, {Organization: "A"}, {Organization: "B"}} {
				var got answer
				for _, h := range lookUp(t, db, to, test.limit, test.ways...) {
					got = append(got, h.Client)
				}
				slices.Sort(got)
				slices.Sort(test.want[i])
				same(t, fmt.Sprintf("%s for %+v", test.name, to), got, test.want[i])
			}
		}
		same(t, "NamesBorn, who is hidden too", ask(t, db, func(tx *store.Tx) (ids answer, err error) {
			hits, err := tx.NamesBorn(ctx, sep21, 10)
			for _, h := range hits {
				ids = append(ids, h.Client)
			}
			slices.Sort(ids)
			return ids, err
		}), answer{"1", "1", "3", "5", "6"})
		for limit, want := range map[int]bool{3: true, 4: true, 5: false} {
			err := db.View(ctx, func(tx *store.Tx) error {
				_, more, err := tx.Names(ctx, everyone, limit, store.Called("DICK", ""), store.Called("DUCK", "DON"), store.Called("NONE", ""))
				if more != want {
					t.Errorf("Names of 4 rows with a limit of %d: more %v, want %v", limit, more, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		same(t, "the row of a former name", lookUp(t, db, everyone, 1, store.Called("DICK", "DON")), []store.NameHit{{Client: "1", NameKey: iis.NameKey{Last: "DICK", First: "DON", BirthDate: sep21, Former: true}}})
	})
}

// TestNamesGoByAnIndex: no lookup goes through all clients or all names.
func TestNamesGoByAnIndex(t *testing.T) {
	through := regexp.MustCompile(`SCAN (n|c)\b|Seq Scan`)
	lasts, firsts := []string{"DUCK", "DUKE"}, []string{"DON", "DONALD", "DAN"}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for name, way := range map[string]store.Lookup{
			"Called": store.Called("DUCK", "D"), "Beginning": store.Beginning("DU", ""), "Beginning, first": store.Beginning("DU", "D"),
			"Starting": store.Starting("DU", ""), "Starting, first": store.Starting("DU", "D"), "Among": store.Among(lasts, firsts),
			"Among, any first": store.Among(lasts, nil), "AmongBeginning": store.AmongBeginning(lasts, "D"),
			"AmongBorn": store.AmongBorn(lasts, []iis.Date{sep12, sep21}), "Sounding": store.Sounding("TK", "TN"),
			"Named": store.Named("DON", firsts), "Anybody": store.Anybody(), "BornLike": store.BornLike(sep21, lasts, firsts),
		} {
			ways := []store.Lookup{way.Born(sep12, sep21)}
			if name != "Named" && name != "Anybody" {
				ways = append(ways, way)
			}
			plan := ask(t, db, func(tx *store.Tx) ([]string, error) {
				return tx.PlanOfNames(t.Context(), store.Audience{Organization: "A"}, 10, ways...)
			})
			if len(plan) == 0 || slices.ContainsFunc(plan, through.MatchString) {
				t.Errorf("%s is answered by\n%s", name, strings.Join(plan, "\n"))
			}
		}
		if plan := ask(t, db, func(tx *store.Tx) ([]string, error) {
			return tx.PlanOfNames(t.Context(), everyone, 10, store.Anybody())
		}); db.Engine() == store.SQLite && !slices.ContainsFunc(plan, through.MatchString) {
			t.Errorf("Anybody without a date goes through all, but its plan does not say so: %q", plan)
		}
	})
}

func TestNamesOfOtherAlphabets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i, last := range []string{"A", "ИВАНОВ", "王", "\U0010FFF0", "ZZZ"} {
			filed(t, db, iis.Client{ID: iis.ClientID(fmt.Sprint(i + 1))}, name(last, "ИВАН", sep21))
			got := lookUp(t, db, everyone, 10, store.Called(last, "И"))
			if len(got) != 1 || got[0].Last != last {
				t.Errorf("NamesCalled(%q) = %v", last, got)
			}
		}
	})
}

func TestPutNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		filed(t, db, iis.Client{ID: "1"})
		a, b, c := name("DUCK", "DON", sep21), name("DICK", "DON", sep21), name("DRAKE", "DON", iis.Date{})
		b.Former, c.FirstPart, c.LastPart = true, true, true
		for _, names := range [][]iis.NameKey{{a}, {a, b}, {c, a, b}, {c}, nil, {b, b}, {a}} {
			write(t, db, func(tx *store.Tx) error { return tx.PutNames(t.Context(), iis.Client{ID: "1"}, names) })
			var got []iis.NameKey
			for _, last := range []string{"DUCK", "DICK", "DRAKE"} {
				for _, h := range lookUp(t, db, everyone, 10, store.Called(last, "")) {
					h.LastSound, h.FirstSound = "LD", "F"
					got = append(got, h.NameKey)
				}
			}
			want := slices.Clone(names)
			order := func(x, y iis.NameKey) int {
				return slices.Index([]string{"DUCK", "DICK", "DRAKE"}, x.Last) - slices.Index([]string{"DUCK", "DICK", "DRAKE"}, y.Last)
			}
			slices.SortFunc(want, order)
			same(t, fmt.Sprintf("names after PutNames of %d", len(names)), got, want)
		}
	})
}

// TestPutNamesSeen: whoever may see a client finds his names, and nobody else, also
// when that changes and the names do not.
func TestPutNamesSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		names := []iis.NameKey{name("DUCK", "DON", sep21), name("DICK", "DON", sep21)}
		filed(t, db, iis.Client{ID: "1"}, names...)
		holder, other := store.Audience{Organization: "A"}, store.Audience{Organization: "B"}
		for _, test := range []struct {
			client iis.Client
			seen   []bool // by everyone, the holder, another
		}{
			{iis.Client{LockedTo: "A"}, []bool{true, true, false}},
			{iis.Client{LockedTo: "A", Death: iis.Death{Recorded: noon}}, []bool{true, false, false}},
			{iis.Client{Death: iis.Death{Recorded: noon}}, []bool{true, false, false}},
			{iis.Client{}, []bool{true, true, true}},
			{iis.Client{LockedTo: "B"}, []bool{true, false, true}},
		} {
			test.client.ID = "1"
			write(t, db, func(tx *store.Tx) error { return tx.PutNames(t.Context(), test.client, names) })
			for i, to := range []store.Audience{everyone, holder, other} {
				for _, way := range []store.Lookup{store.Called("DUCK", "D"), store.Among([]string{"DICK"}, []string{"DON"}), store.Anybody().Born(sep21, sep21),
					store.Starting("D", ""), store.Starting("D", "D"), store.Sounding("LD", "F"), store.BornLike(sep21, []string{"D"}, nil)} {
					if got := len(lookUp(t, db, to, 10, way)) > 0; got != test.seen[i] {
						t.Errorf("locked to %q, deceased %v: %+v finds a name: %v, want %v", test.client.LockedTo, test.client.Deceased(), to, got, test.seen[i])
					}
				}
			}
		}
	})
}

func TestKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		filed(t, db, iis.Client{ID: "1"})
		filed(t, db, iis.Client{ID: "2", LockedTo: "A"})
		write(t, db, func(tx *store.Tx) error {
			for _, id := range []iis.ClientID{"1", "2", "1"} { // a key given twice is there once
				if err := tx.PutKeys(ctx, id, nil, []iis.Key{"P6512014629", "MDRAKE|2009-09-21"}); err != nil {
					return err
				}
			}
			return nil
		})
		with := func(to store.Audience, k iis.Key) []iis.ClientID {
			return ask(t, db, func(tx *store.Tx) ([]iis.ClientID, error) { return tx.ClientsWithKey(ctx, to, k, 10) })
		}
		same(t, "who has the key", with(everyone, "P6512014629"), []iis.ClientID{"1", "2"})
		same(t, "whom B sees of them", with(store.Audience{Organization: "B"}, "P6512014629"), []iis.ClientID{"1"})
		same(t, "who has another key", with(everyone, "P651201462"), []iis.ClientID(nil))
		same(t, "mothers", ask(t, db, func(tx *store.Tx) ([]iis.ClientID, error) {
			return tx.ClientsWithKeys(ctx, store.Audience{Organization: "A"}, "MDRAKE|", "MDRAKE}", 10)
		}), []iis.ClientID{"1", "2"})
		write(t, db, func(tx *store.Tx) error {
			return tx.PutKeys(ctx, "1", []iis.Key{"P6512014629", "PNONE"}, []iis.Key{"CA|1"})
		})
		same(t, "who still has the key", with(everyone, "P6512014629"), []iis.ClientID{"2"})
		same(t, "who has the new one", with(everyone, "CA|1"), []iis.ClientID{"1"})
	})
}

func TestCandidates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ids []iis.ClientID
		for i := range 64 {
			c := iis.Client{ID: iis.ClientID(fmt.Sprint(i + 1)), Name: iis.Name{Last: "L", First: "F", Middle: "M"}, BirthDate: sep21,
				MotherMaidenLast: "X", MotherFirst: "Y", Phone: "P",
				Address: iis.Address{Street: "1", Other: "2", POBox: "3", City: "4", State: "MN", Zip: "5"}}
			if i%2 == 1 {
				c.LockedTo = "A"
			}
			ids = append(ids, c.ID)
			filed(t, db, c)
		}
		for _, n := range []int{0, 1, 2, 4, 5, 16, 17, 64} {
			some := append(slices.Clone(ids[:n]), "999")[:max(n, 0)]
			for to, want := range map[store.Audience]int{everyone: n, {Organization: "A"}: n, {Organization: "B"}: (n + 1) / 2} {
				got := ask(t, db, func(tx *store.Tx) ([]iis.Client, error) { return tx.Candidates(t.Context(), to, some) })
				if len(got) != want {
					t.Errorf("Candidates of %d for %+v = %d clients, want %d", n, to, len(got), want)
				}
			}
		}
		got := ask(t, db, func(tx *store.Tx) ([]iis.Client, error) { return tx.Candidates(t.Context(), everyone, ids[:1]) })
		same(t, "a candidate", got, []iis.Client{{ID: "1", Name: iis.Name{Last: "L", First: "F", Middle: "M"}, Gender: iis.UnknownGender,
			BirthDate: sep21, MotherMaidenLast: "X", MotherFirst: "Y", Phone: "P",
			Address: iis.Address{Street: "1", Other: "2", POBox: "3", City: "4", State: "MN", Zip: "5"}}})
	})
}

// TestSeen: an ID of one who was merged leads to who has his records now, and an ID
// of one who was withdrawn to nobody.
func TestSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		filed(t, db, iis.Client{ID: "1"})
		filed(t, db, iis.Client{ID: "2", LockedTo: "A"})
		filed(t, db, iis.Client{ID: "3", Death: iis.Death{Recorded: noon}})
		into := map[iis.ClientID]iis.ClientID{"4": "1", "5": "2", "6": "5", "7": "4", "8": iis.Withdrawn}
		for id, other := range into {
			filed(t, db, iis.Client{ID: id, LockedTo: map[iis.ClientID]iis.OrganizationID{"4": "A"}[id]})
			write(t, db, func(tx *store.Tx) error { return tx.SetMergedInto(t.Context(), id, other) })
		}
		asked := []iis.ClientID{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
		for to, want := range map[store.Audience][]iis.ClientID{
			everyone:            asked[:7],
			{Organization: "A"}: {"1", "2", "4", "5", "6", "7"},
			{Organization: "B"}: {"1", "4", "7"},
		} {
			got := ask(t, db, func(tx *store.Tx) ([]iis.ClientID, error) { return tx.Seen(t.Context(), to, asked) })
			slices.Sort(got)
			same(t, fmt.Sprintf("seen by %+v", to), got, want)
		}
	})
}

func TestVocabularySince(t *testing.T) {
	now := noon
	clock := store.WithClock(func() time.Time { return now })
	for _, open := range []func(testing.TB, ...store.Option) *store.DB{storetest.SQLite, storetest.PostgreSQL} {
		db := open(t, clock)
		t.Run(string(db.Engine()), func(t *testing.T) {
			now = noon
			filed(t, db, iis.Client{ID: "1"}, name("DUCK", "DON", sep21))
			now = noon.Add(time.Second)
			filed(t, db, iis.Client{ID: "2"}, name("DUCK", "DAISY", sep21))
			since := func(at time.Time) (lasts, firsts []string) {
				err := db.View(t.Context(), func(tx *store.Tx) (err error) {
					lasts, firsts, err = tx.VocabularySince(t.Context(), at)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				slices.Sort(firsts)
				return lasts, firsts
			}
			lasts, firsts := since(time.Time{})
			same(t, "all last names", lasts, []string{"DUCK"})
			same(t, "all first names", firsts, []string{"DAISY", "DON"})
			lasts, firsts = since(now)
			same(t, "last names since", lasts, []string(nil))
			same(t, "first names since", firsts, []string{"DAISY"})
			lasts, firsts = since(now.Add(time.Microsecond))
			same(t, "none since", append(lasts, firsts...), []string(nil))
		})
	}
}

func TestSearches(t *testing.T) {
	type query struct{ Last string }
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		put := func(id iis.SearchID, user iis.UserID) {
			write(t, db, func(tx *store.Tx) error { return tx.PutSearch(ctx, id, user, "A", query{"DÜCK \x00"}) })
		}
		forget := func(age time.Duration) {
			write(t, db, func(tx *store.Tx) error { return tx.DeleteSearchesBefore(ctx, tx.Now.Add(-age)) })
		}
		get := func(id iis.SearchID, user iis.UserID, org iis.OrganizationID) (q query, err error) {
			return q, db.View(ctx, func(tx *store.Tx) error { return tx.Search(ctx, id, user, org, &q) })
		}
		put("S1", "U")
		forget(time.Hour)
		if q, err := get("S1", "U", "A"); err != nil || q.Last != "DÜCK \x00" {
			t.Errorf("Search = %+v, %v", q, err)
		}
		for _, who := range [][2]string{{"U", "B"}, {"V", "A"}} {
			if _, err := get("S1", iis.UserID(who[0]), iis.OrganizationID(who[1])); iis.KindOf(err) != iis.NotFound {
				t.Errorf("Search of another = %v", err)
			}
		}
		forget(-time.Hour)
		if _, err := get("S1", "U", "A"); iis.KindOf(err) != iis.NotFound {
			t.Errorf("Search of a forgotten one = %v, want not found", err)
		}
	})
}
