package store_test

import (
	"fmt"
	"slices"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestLikeBorn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for id, n := range map[iis.ClientID][2]string{
			"called": {"SMITH", "MARY"}, "last letter": {"STONE", "ANN"}, "first letter": {"JONES", "MIA"},
			"neither letter": {"JONES", "ANN"}, "swapped": {"MARY", "SMITH"}, "swapped and misspelled": {"MARRY", "SMIHT"},
			"letter before": {"XSMITH", "ANN"}, "letter missing": {"MITH", "ANN"}, "another letter": {"DMITH", "ANN"},
			"letters swapped": {"MSITH", "ANN"}, "letter before the first": {"JONES", "XMARY"}, "another letter of the first": {"JONES", "BARY"},
			"nickname": {"JONES", "POLLY"}, "part": {"BERG", "ANN"}, "no first name": {"SMITH", ""}, "no last name": {"", "MARY"},
		} {
			filed(t, db, iis.Client{ID: id}, iis.NameKey{Last: n[0], First: n[1], BirthDate: sep21})
		}
		filed(t, db, iis.Client{ID: "another day"}, name("SMITH", "MARY", sep12))
		filed(t, db, iis.Client{ID: "hidden", LockedTo: "A"}, name("SMITH", "MARY", sep21))
		filed(t, db, iis.Client{ID: "keyed", Death: iis.Death{Recorded: noon}})
		write(t, db, func(tx *store.Tx) error { return tx.PutKeys(t.Context(), "keyed", nil, []iis.Key{"P1"}) })
		like := func(s store.Sought) []iis.ClientID {
			hits := ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) {
				like, err := tx.LikeBorn(t.Context(), s)
				if err != nil {
					return nil, err
				}
				if like[0].Cut {
					t.Error("LikeBorn says that there are more")
				}
				return like[0].Hits, nil
			})
			ids := []iis.ClientID{}
			for _, h := range hits {
				if h.Client == "keyed" != (h.NameKey == iis.NameKey{}) {
					t.Errorf("LikeBorn tells of %s the name %v", h.Client, h.NameKey)
				}
				ids = append(ids, h.Client)
			}
			slices.Sort(ids)
			return ids
		}
		whole := store.Sought{Born: sep21, Keys: []iis.Key{"P2", "P1"}, Names: []iis.NameKey{{Last: "SMITH", First: "MARY"}, {Last: "BERG", First: "MARY", LastPart: true}}, Nicknames: []string{"MAY", "POLLY"}}
		same(t, "like a whole person", like(whole), []iis.ClientID{"another letter", "another letter of the first", "called", "first letter", "hidden", "keyed",
			"last letter", "letter before", "letter before the first", "letter missing", "letters swapped", "nickname", "no first name", "no last name",
			"part", "swapped", "swapped and misspelled"})
		same(t, "by keys alone", like(store.Sought{Keys: []iis.Key{"P1"}, Names: []iis.NameKey{{Last: "SMITH"}}}), []iis.ClientID{"keyed"})
		same(t, "without a first name", like(store.Sought{Born: sep21, Names: []iis.NameKey{{Last: "BERG"}}}), []iis.ClientID{"another letter of the first", "part"})
		same(t, "without a name", like(store.Sought{Born: sep21, Names: []iis.NameKey{{}}}), []iis.ClientID{})
	})
}

// TestLikeBornInCrowd looks for somebody on a day on which hundreds were born who
// begin like him.
func TestLikeBornInCrowd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for i := range 350 {
			filed(t, db, iis.Client{ID: iis.ClientID(fmt.Sprintf("crowd %d", i))}, name(fmt.Sprintf("SA%03d", i), "ANN", sep21))
		}
		filed(t, db, iis.Client{ID: "called"}, name("SMITH", "MARY", sep21))
		filed(t, db, iis.Client{ID: "nearly"}, name("SMIHT", "MAYR", sep21))
		filed(t, db, iis.Client{ID: "of the name"}, name("SMITH", "JOHN", sep21))
		filed(t, db, iis.Client{ID: "another"}, name("JONES", "MARY", sep21))
		filed(t, db, iis.Client{ID: "another day"}, name("SMITH", "MARY", sep12))
		s := store.Sought{Born: sep21, Names: []iis.NameKey{{Last: "SMITH", First: "MARY"}}}
		ask(t, db, func(tx *store.Tx) (int, error) {
			like, err := tx.LikeBorn(t.Context(), s)
			if err == nil && !like[0].Cut {
				t.Errorf("LikeBorn says that %d are all", len(like[0].Hits))
			}
			return 0, err
		})
		ids := map[iis.ClientID]bool{}
		for _, h := range ask(t, db, func(tx *store.Tx) ([]store.NameHit, error) { return tx.LikeBornInCrowd(t.Context(), s) }) {
			ids[h.Client] = true
		}
		same(t, "LikeBornInCrowd", ids, map[iis.ClientID]bool{"called": true, "nearly": true, "of the name": true})
	})
}

func TestLikeCalled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		mary := func(last, first, lastSound string, born iis.Date) iis.NameKey {
			return iis.NameKey{Last: last, First: first, LastSound: lastSound, FirstSound: "MR", BirthDate: born}
		}
		filed(t, db, iis.Client{ID: "brother"}, iis.NameKey{Last: "SMITH", First: "JOHN", LastSound: "SMT", FirstSound: "JN", BirthDate: sep12})
		filed(t, db, iis.Client{ID: "sounding"}, mary("SMYTHE", "MARIE", "SMT", sep12))
		filed(t, db, iis.Client{ID: "called"}, mary("SMITH", "MARY", "SMT", iis.Date{Year: 1950, Month: 1, Day: 1}))
		filed(t, db, iis.Client{ID: "another"}, mary("JONES", "MARY", "JNS", sep12))
		filed(t, db, iis.Client{ID: "former name"}, iis.NameKey{Last: "BERG", First: "POLLY", LastSound: "PRK", FirstSound: "PL", BirthDate: sep12})
		filed(t, db, iis.Client{ID: "nameless"}, iis.NameKey{Last: "SMITH", LastSound: "SMT", BirthDate: sep12})
		who := store.Sought{Born: sep21, Names: []iis.NameKey{mary("SMITH", "MARY", "SMT", sep21), mary("BERG", "MARY", "PRK", sep21)}}
		near, other, unborn, nameless := who, who, who, who
		near.Near = []iis.Date{sep12}
		other.Near = []iis.Date{{Year: 1950, Month: 1, Day: 1}}
		unborn.Born = iis.Date{}
		nameless.Names = []iis.NameKey{{}}
		want := [][]iis.ClientID{
			{"brother", "former name", "nameless", "sounding"}, {"called", "sounding"}, {"called"}, {},
		}
		like := func(who ...store.Sought) [][]iis.ClientID {
			all := make([][]iis.ClientID, len(who))
			for i, hits := range ask(t, db, func(tx *store.Tx) ([][]store.NameHit, error) { return tx.LikeCalled(t.Context(), who...) }) {
				all[i] = []iis.ClientID{}
				for _, h := range hits {
					all[i] = append(all[i], h.Client)
				}
				slices.Sort(all[i])
				all[i] = slices.Compact(all[i])
			}
			return all
		}
		each := []store.Sought{near, other, unborn, nameless}
		same(t, "four at once", like(each...), want)
		for i, who := range each {
			same(t, fmt.Sprintf("number %d alone", i), like(who), want[i:i+1])
		}
		// More than one statement looks for.
		var many []store.Sought
		var all [][]iis.ClientID
		for range 6 {
			many, all = append(many, each...), append(all, want...)
		}
		same(t, "many at once", like(many...), all)
	})
}

func TestKnownClients(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, id := range []iis.ClientID{"1", "2", "3"} {
			filed(t, db, iis.Client{ID: id, Name: iis.Name{Last: "L" + string(id)}, LockedTo: "A", BirthDate: sep21})
			write(t, db, func(tx *store.Tx) error {
				return tx.AddAlias(t.Context(), id, iis.Alias{ID: "a", Name: iis.Name{Last: "OLD", First: "ANN"}, BirthDate: sep12, Until: noon})
			})
		}
		write(t, db, func(tx *store.Tx) error { return tx.SetMergedInto(t.Context(), "2", "1") })
		write(t, db, func(tx *store.Tx) error {
			return tx.PutMembership(t.Context(), "3", iis.Membership{Organization: "A", ChartNumber: "C7", Status: iis.Active})
		})
		write(t, db, func(tx *store.Tx) error {
			return tx.PutMembership(t.Context(), "3", iis.Membership{Organization: "B", ChartNumber: "C8", Status: iis.Active})
		})
		write(t, db, func(tx *store.Tx) error {
			return tx.PutMembership(t.Context(), "1", iis.Membership{Organization: "A", Status: iis.Active})
		})
		got := ask(t, db, func(tx *store.Tx) ([]store.Known, error) {
			return tx.KnownClients(t.Context(), []iis.ClientID{"3", "2", "1", "4"})
		})
		known := func(id iis.ClientID, charts ...iis.Membership) store.Known {
			return store.Known{
				Client:      iis.Client{ID: id, Version: 1, Name: iis.Name{Last: "L" + string(id)}, Gender: iis.UnknownGender, BirthDate: sep21, LockedTo: "A"},
				Aliases:     []iis.Alias{{Name: iis.Name{Last: "OLD", First: "ANN"}, BirthDate: sep12}},
				Memberships: charts,
			}
		}
		same(t, "those who are known", got, []store.Known{known("1"), known("3", iis.Membership{Organization: "A", ChartNumber: "C7"}, iis.Membership{Organization: "B", ChartNumber: "C8"})})
	})
}
