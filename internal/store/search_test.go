package store_test

import (
	"fmt"
	"slices"
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
		return tx.PutNames(t.Context(), c.ID, names)
	})
}

func name(last, first string, born iis.Date) iis.NameKey {
	return iis.NameKey{Last: last, First: first, LastSound: "L" + string([]rune(last)[:1]), FirstSound: "F", BirthDate: born}
}

var (
	sep21 = iis.Date{Year: 2009, Month: 9, Day: 21}
	sep12 = iis.Date{Year: 2009, Month: 9, Day: 12}
)

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
			name string
			ask  func(*store.Tx, store.Audience) ([]store.NameHit, error)
			want [3]answer // for everyone's eyes, for organization A, for B
		}{
			{"NamesCalled", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesCalled(ctx, to, "DUCK", "DON", 10)
			}, [3]answer{{"1", "5", "6", "2"}, {"1", "5", "2"}, {"1", "2"}}},
			{"NamesCalled, cut off after who is hidden was left out", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesCalled(ctx, to, "DUCK", "", 2)
			}, [3]answer{{"1", "5"}, {"1", "5"}, {"1", "2"}}},
			{"NamesCalledBorn", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesCalledBorn(ctx, to, "DUCK", "DON", sep21, 10)
			}, [3]answer{{"1", "5", "6"}, {"1", "5"}, {"1"}}},
			{"NamesBeginning", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesBeginning(ctx, to, "DU", "DO", 10)
			}, [3]answer{{"1", "5", "6", "2", "3"}, {"1", "5", "2", "3"}, {"1", "2", "3"}}},
			{"NamesBeginning, any first name", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesBeginning(ctx, to, "DU", "", 3)
			}, [3]answer{{"1", "5", "6"}, {"1", "5", "2"}, {"1", "2", "3"}}},
			{"NamesBeginning, not the name itself", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesBeginning(ctx, to, "DUCK", "", 10)
			}, [3]answer{{"3"}, {"3"}, {"3"}}},
			{"NamesAmong", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesAmong(ctx, to, []string{"DICK", "DUKE"}, []string{"DON", "DAN", "DEN"}, 10)
			}, [3]answer{{"1"}, {"1"}, {"1"}}},
			{"NamesAmong, any first name", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesAmong(ctx, to, []string{"JONES"}, nil, 10)
			}, [3]answer{{"4"}, {"4"}, {"4"}}},
			{"NamesAmong nothing", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesAmong(ctx, to, nil, []string{"DON"}, 10)
			}, [3]answer{}},
			{"NamesAmongBorn", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesAmongBorn(ctx, to, []string{"DUCK"}, []iis.Date{sep12, {Year: 2009, Month: 1, Day: 1}}, 10)
			}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"NamesSounding", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesSounding(ctx, to, "LS", "F", iis.Date{}, iis.Date{}, 10)
			}, [3]answer{{"4"}, {"4"}, {"4"}}},
			{"NamesSounding, born", func(tx *store.Tx, to store.Audience) ([]store.NameHit, error) {
				return tx.NamesSounding(ctx, to, "LD", "F", sep12, sep12, 10)
			}, [3]answer{{"2"}, {"2"}, {"2"}}},
			{"NamesBorn, who is hidden too", func(tx *store.Tx, _ store.Audience) ([]store.NameHit, error) {
				return tx.NamesBorn(ctx, sep21, 10)
			}, [3]answer{{"1", "1", "5", "6", "3"}, {"1", "1", "5", "6", "3"}, {"1", "1", "5", "6", "3"}}},
		} {
			for i, to := range []store.Audience{everyone, {Organization: "A"}, {Organization: "B"}} {
				var got answer
				for _, h := range ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) { return test.ask(tx, to) }) {
					got = append(got, h.Client)
				}
				slices.Sort(got)
				slices.Sort(test.want[i])
				same(t, fmt.Sprintf("%s for %+v", test.name, to), got, test.want[i])
			}
		}
		same(t, "the row of a former name", ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
			return tx.NamesCalled(ctx, everyone, "DICK", "DON", 1)
		}), []store.NameHit{{Client: "1", NameKey: iis.NameKey{Last: "DICK", First: "DON", BirthDate: sep21, Former: true}}})
	})
}

func TestNamesOfOtherAlphabets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i, last := range []string{"A", "ИВАНОВ", "王", "\U0010FFF0", "ZZZ"} {
			filed(t, db, iis.Client{ID: iis.ClientID(fmt.Sprint(i + 1))}, name(last, "ИВАН", sep21))
			got := ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
				return tx.NamesCalled(t.Context(), everyone, last, "И", 10)
			})
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
			write(t, db, func(tx *store.Tx) error { return tx.PutNames(t.Context(), "1", names) })
			var got []iis.NameKey
			for _, last := range []string{"DUCK", "DICK", "DRAKE"} {
				for _, h := range ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
					return tx.NamesCalled(t.Context(), everyone, last, "", 10)
				}) {
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
