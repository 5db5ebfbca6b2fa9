package paper

import (
	"regexp"
	"slices"
	"testing"

	"openiis.org/iis"
)

// TestLabels holds that every label is there in both languages and takes the same
// values in both.
func TestLabels(t *testing.T) {
	values := regexp.MustCompile(`\{[a-z]+\}`)
	seen := map[string]bool{}
	for _, l := range labels {
		if l.English == "" || l.Spanish == "" {
			t.Errorf("label %q / %q is not complete", l.English, l.Spanish)
		}
		if seen[l.English] {
			t.Errorf("label %q is there twice", l.English)
		}
		seen[l.English] = true
		en, es := values.FindAllString(l.English, -1), values.FindAllString(l.Spanish, -1)
		slices.Sort(en)
		slices.Sort(es)
		if !slices.Equal(en, es) {
			t.Errorf("label %q takes %v in English and %v in Spanish", l.English, en, es)
		}
	}
	if left, all := Unreviewed(); left > all || all != len(labels) {
		t.Errorf("Unreviewed = %d of %d, want at most %d", left, all, len(labels))
	}
}

// TestWordsHaveLabels holds that no mark, standing or vaccine group is without
// words.
func TestWordsHaveLabels(t *testing.T) {
	for _, m := range []Mark{Valid, NotValid, Extra, NotJudged} {
		if marks[m] == nil || marks[m].English != string(m) {
			t.Errorf("mark %q has the label %v", m, marks[m])
		}
	}
	for _, s := range []Standing{Overdue, DueNow, DueLater, Complete, Immune, Contraindicated, AgedOut, NotRecommended} {
		if standings[s] == nil || standings[s].English != string(s) {
			t.Errorf("standing %q has the label %v", s, standings[s])
		}
	}
	for _, g := range iis.VaccineGroups {
		if diseases[g] == nil {
			t.Errorf("nothing says what %s protects against", g)
		}
	}
}

func TestIn(t *testing.T) {
	l := &label{English: "Page {n} of {m}", Spanish: "Página {n} de {m}"}
	if got := l.in(English, "n", "1", "m", "{n}").String(); got != "Page 1 of {n}" {
		t.Errorf("in English = %q, want %q", got, "Page 1 of {n}")
	}
	got := l.in(Spanish, "n", "1", "m", "2")
	if got.String() != "Page 1 of 2 / Página 1 de 2" || got[len(got)-1].Lang != "es" || got[0].Lang != "" {
		t.Errorf("in both = %+v, want the Spanish after the English, each in its language", got)
	}
	if got := (&label{English: "Polio", Spanish: "Polio"}).in(Spanish); len(got) != 1 {
		t.Errorf("a word that both languages have = %+v, want it once", got)
	}
}
