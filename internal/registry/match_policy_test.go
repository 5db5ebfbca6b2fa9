package registry_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// never is a score that nobody reaches.
const never = 1e6

// policyText is the shipped policy under another version, and with another score
// from which two are the same; by never all are different.
func policyText(t *testing.T, version string, same float64) []byte {
	t.Helper()
	p := *pair.Shipped()
	p.Version, p.Same = version, same
	if same == never {
		p.Possible = never
	}
	b, err := p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (w world) loadPolicy(t *testing.T, body []byte, use bool) registry.MatchPolicyState {
	t.Helper()
	s, err := w.LoadMatchPolicy(t.Context(), helpdesk, body, use)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// policies are the matching policies as people see them, the current one with a
// star.
func (w world) policies(t *testing.T) (list []string) {
	t.Helper()
	all, err := w.MatchPolicies(t.Context(), helpdesk)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if (s.Loaded.IsZero() || s.LoadedBy == "") != s.Program {
			t.Errorf("policy %s was loaded at %v by %q", s.Name(), s.Loaded, s.LoadedBy)
		}
		name := s.Key()
		if s.Current {
			name += "*"
		}
		list = append(list, name)
	}
	return list
}

// TestMatchPolicy: what is in force decides, everywhere and at once; what it found
// says so.
func TestMatchPolicy(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		listed := func(step string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, w.policies(t)); diff != "" {
				t.Errorf("%s: policies (-want +got):\n%s", step, diff)
			}
		}
		a, b := w.twoOfDon(t)
		judged := func() (answer, by string) {
			t.Helper()
			p, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Sweep(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			err = w.db.View(t.Context(), func(tx *store.Tx) error {
				d, err := tx.Duplicate(t.Context(), a, b)
				by = d.Policy
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return p.Answer, by
		}
		listed("at first", "program*")
		before, by := judged()
		if by != pair.Shipped().Version {
			t.Errorf("the pair was judged by %q, want %q", by, pair.Shipped().Version)
		}

		w.loadPolicy(t, policyText(t, "ours-1", never), false)
		listed("loaded beside", "ours-1", "program*")
		if got, _ := judged(); got != before {
			t.Errorf("a policy that is not in force decides: %s, want %s", got, before)
		}
		if _, err := w.UseMatchPolicy(t.Context(), helpdesk, "ours-1"); err != nil {
			t.Fatal(err)
		}
		listed("in force", "ours-1*", "program")
		if got, _ := judged(); got != "different" {
			t.Errorf("by the policy in force the two are %s, want different", got)
		}
		w.loadPolicy(t, policyText(t, "ours-2", pair.Shipped().Same), true)
		listed("loaded and in force", "ours-2*", "ours-1", "program")
		if got, _ := judged(); got != before {
			t.Errorf("by the third policy the two are %s, want %s", got, before)
		}
		if _, err := w.UseMatchPolicy(t.Context(), helpdesk, "program"); err != nil {
			t.Fatal(err)
		}
		listed("back", "ours-2", "ours-1", "program*")
	})
}

// TestMatchPolicyElsewhere chooses a policy in another program on the same database.
func TestMatchPolicyElsewhere(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		other := registry.New(w.db, registry.Options{})
		if _, err := other.LoadMatchPolicy(t.Context(), helpdesk, policyText(t, "ours", never), true); err != nil {
			t.Fatal(err)
		}
		a, b := w.twoOfDon(t)
		if _, err := w.ReportDuplicate(t.Context(), clerk, a, string(b)); err != nil {
			t.Fatal(err)
		}
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			d, err := tx.Duplicate(t.Context(), a, b)
			if err == nil && (d.Policy != "ours" || d.Answer != "possible") {
				t.Errorf("the pair is %s by policy %q, want possible by ours", d.Answer, d.Policy)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestMatchPolicyRefused(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.loadPolicy(t, policyText(t, "ours", 30), false)
		var torn map[string]any
		if err := json.Unmarshal(policyText(t, "torn", 30), &torn); err != nil {
			t.Fatal(err)
		}
		torn["fields"] = map[string]any{}
		noFields, err := json.Marshal(torn)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			name string
			who  iis.Actor
			body []byte
			want iis.Kind
		}{
			{"a clerk", clerk, policyText(t, "new", 30), iis.Denied},
			{"an administrator of an organization", nurse, policyText(t, "new", 30), iis.Denied},
			{"no JSON", helpdesk, []byte("{"), iis.Invalid},
			{"nothing", helpdesk, nil, iis.Invalid},
			{"no fields", helpdesk, noFields, iis.Invalid},
			{"no version", helpdesk, policyText(t, "", 30), iis.Invalid},
			{"a version like the one in the program", helpdesk, policyText(t, "program", 30), iis.Invalid},
			{"a version with a line break", helpdesk, policyText(t, "a\nb", 30), iis.Invalid},
			{"other content of a version", helpdesk, policyText(t, "ours", 31), iis.Conflict},
			{"other content of the version in the program", helpdesk, policyText(t, pair.Shipped().Version, 31), iis.Conflict},
		} {
			if _, err := w.LoadMatchPolicy(t.Context(), test.who, test.body, true); iis.KindOf(err) != test.want {
				t.Errorf("LoadMatchPolicy of %s: %v, want kind %v", test.name, err, test.want)
			}
		}
		for name, want := range map[string]iis.Kind{"none": iis.NotFound, "": iis.NotFound} {
			if _, err := w.UseMatchPolicy(t.Context(), helpdesk, name); iis.KindOf(err) != want {
				t.Errorf("UseMatchPolicy(%q): %v, want kind %v", name, err, want)
			}
		}
		if _, err := w.UseMatchPolicy(t.Context(), clerk, "ours"); iis.KindOf(err) != iis.Denied {
			t.Errorf("UseMatchPolicy by a clerk: %v, want %v", err, iis.Denied)
		}
		if diff := cmp.Diff([]string{"ours", "program*"}, w.policies(t)); diff != "" {
			t.Errorf("policies after refusals (-want +got):\n%s", diff)
		}
		again := w.loadPolicy(t, policyText(t, "ours", 30), false)
		if again.Program || again.Version != "ours" {
			t.Errorf("the same again is %+v, want the one that was loaded", again)
		}
		shipped, err := pair.Shipped().JSON()
		if err != nil {
			t.Fatal(err)
		}
		if s := w.loadPolicy(t, bytes.Clone(shipped), true); !s.Program || !s.Current {
			t.Errorf("loading the policy inside the program = %+v, want that one, current", s)
		}
	})
}

// TestUnreadablePolicy puts in force what this program cannot read: the policy
// inside the program stands in, and the list says so.
func TestUnreadablePolicy(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.AddMatchPolicy(t.Context(), iis.MatchPolicy{Version: "newer", LoadedBy: "root"}, []byte(`{"version":"newer","what":1}`)); err != nil {
				return err
			}
			return tx.UseMatchPolicy(t.Context(), "newer")
		})
		if err != nil {
			t.Fatal(err)
		}
		a, b := w.twoOfDon(t)
		if p, err := w.Duplicate(t.Context(), clerk, a, b, registry.DuplicateAsk{}); err != nil || p.Answer == "" {
			t.Errorf("Duplicate = %q, %v, want an answer", p.Answer, err)
		}
		all, err := w.MatchPolicies(t.Context(), helpdesk)
		if err != nil || !all[0].Unreadable || !all[0].Current {
			t.Errorf("MatchPolicies = %+v, %v, want newer current and unreadable", all, err)
		}
		if _, err := w.UseMatchPolicy(t.Context(), helpdesk, "newer"); iis.KindOf(err) != iis.Invalid {
			t.Errorf("UseMatchPolicy of it: %v, want %v", err, iis.Invalid)
		}
	})
}

// TestPolicyRanksSearches: a search goes by the policy in force. By the one that
// training starts from, a slip in a birth date is seldom one person's; who comes
// first is the same.
func TestPolicyRanksSearches(t *testing.T) {
	start, err := pair.Start().JSON()
	if err != nil {
		t.Fatal(err)
	}
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.ducks(t)
		search := func(strength registry.Strength) {
			t.Helper()
			year := iis.PartialDate{Year: 2013, Month: 4, Day: 5}
			want := []string{"GOOSE, GUS " + string(strength) + ": birth year one off, same name"}
			if diff := cmp.Diff(want, w.find(t, clerk, registry.Query{Last: "goose", First: "gus", BirthDate: year})); diff != "" {
				t.Errorf("Find (-want +got):\n%s", diff)
			}
			for first, q := range map[string]registry.Query{
				"DUCK, DON":   {Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2009}},
				"DUKE, DONNA": {Last: "duk", First: "donna", BirthDate: iis.PartialDate{Year: 2009}},
			} {
				if got := w.find(t, clerk, q); len(got) != 2 || !strings.HasPrefix(got[0], first) {
					t.Errorf("Find finds %q, want two, %s first", got, first)
				}
			}
		}
		search(registry.Strong)
		w.loadPolicy(t, start, true)
		search(registry.Possible)
		if _, err := w.UseMatchPolicy(t.Context(), helpdesk, "program"); err != nil {
			t.Fatal(err)
		}
		search(registry.Strong)
	})
}

// TestMatchPolicyEvents: the trail says who loaded and chose what.
func TestMatchPolicyEvents(t *testing.T) {
	url := storetest.SQLiteURL(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := world{registry.New(db, registry.Options{}), db}
	w.loadPolicy(t, policyText(t, "ours", 30), true)
	w.loadPolicy(t, policyText(t, "ours", 30), true)
	if _, err := w.UseMatchPolicy(t.Context(), helpdesk, "program"); err != nil {
		t.Fatal(err)
	}
	in := pair.Shipped().Version + " (in the program)"
	got := storetest.Texts(t, url, `SELECT user_name || ' ' || action || ' ' || detail FROM audit WHERE action LIKE 'policy.%' ORDER BY at, seq`)
	want := []string{
		`helpdesk policy.load {"subject":"ours"}`,
		`helpdesk policy.use {"subject":"ours","note":"ours instead of ` + in + `"}`,
		`helpdesk policy.load {"subject":"ours"}`,
		`helpdesk policy.use {"subject":"` + pair.Shipped().Version + `","note":"` + in + ` instead of ours"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
