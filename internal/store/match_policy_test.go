package store_test

import (
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestMatchPolicies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		current := func() string {
			return ask(t, db, func(tx *store.Tx) (string, error) { return tx.CurrentMatchPolicy(t.Context()) })
		}
		list := func() []iis.MatchPolicy {
			return ask(t, db, func(tx *store.Tx) ([]iis.MatchPolicy, error) { return tx.MatchPolicies(t.Context()) })
		}
		use := func(version string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.UseMatchPolicy(t.Context(), version) }
		}
		add := func(p iis.MatchPolicy, body string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return tx.AddMatchPolicy(t.Context(), p, []byte(body)) }
		}
		same(t, "CurrentMatchPolicy of a new database", current(), "")
		same(t, "MatchPolicies of a new database", list(), []iis.MatchPolicy{})

		one := iis.MatchPolicy{Version: "2026-11", About: nasty[3], LoadedBy: "clerk"}
		two := iis.MatchPolicy{Version: "2026-12", LoadedBy: "root (command line)"}
		write(t, db, add(one, "one"))
		write(t, db, add(two, nasty[3]))
		if err := db.Update(t.Context(), add(one, "another")); err == nil {
			t.Error("AddMatchPolicy of a version that is there succeeds")
		}
		got := list()
		for i := range got {
			if got[i].Loaded.IsZero() {
				t.Errorf("matching policy %s has no moment of loading", got[i].Version)
			}
			got[i].Loaded = one.Loaded
		}
		same(t, "MatchPolicies", got, []iis.MatchPolicy{two, one})
		for version, want := range map[string]string{"2026-11": "one", "2026-12": nasty[3]} {
			body := ask(t, db, func(tx *store.Tx) ([]byte, error) { return tx.MatchPolicyBody(t.Context(), version) })
			same(t, "MatchPolicyBody of "+version, string(body), want)
		}
		refused(t, db, iis.NotFound, "the text of an unknown policy", func(tx *store.Tx) error {
			_, err := tx.MatchPolicyBody(t.Context(), "1")
			return err
		})

		for _, version := range []string{"2026-11", "2026-11", "2026-12", "", "", "2026-11"} {
			write(t, db, use(version))
			same(t, "CurrentMatchPolicy after UseMatchPolicy "+version, current(), version)
		}
		if err := db.Update(t.Context(), use("1")); err == nil {
			t.Error("UseMatchPolicy of an unknown policy succeeds")
		}
		same(t, "CurrentMatchPolicy after a refusal", current(), "2026-11")
	})
}
