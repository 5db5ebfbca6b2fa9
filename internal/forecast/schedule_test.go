package forecast

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/forecast/cdsi"
)

func TestLapsed(t *testing.T) {
	s := schedule(t)
	if got := s.Lapsed(on("2026-01-31")); len(got) != 0 {
		t.Errorf("seasons that have ended within the season: %v", got)
	}
	var groups []string
	for _, n := range s.Lapsed(on("2026-07-01")) {
		groups = append(groups, n.VaccineGroup+" "+n.End.String())
	}
	want := []string{"Influenza 2026-06-30", "RSV 2026-01-31", "RSV 2026-03-31"}
	if diff := cmp.Diff(want, groups); diff != "" {
		t.Errorf("seasons that have ended (-want +got):\n%s", diff)
	}
}

// TestNew refuses releases that are not sound in themselves.
func TestNew(t *testing.T) {
	for name, change := range map[string]func(*cdsi.Release){
		"a vaccine out of range":        alpha(dose(func(d *cdsi.Dose) { d.Inadvertent = []int{1000} })),
		"an observation not defined":    func(r *cdsi.Release) { r.Antigens[0].Immunity = []string{"999"} },
		"a condition of no known type":  alpha(dose(skipping(cdsi.InBoth, cdsi.Condition{Type: "Moon"}))),
		"a count without a comparison":  alpha(dose(skipping(cdsi.InBoth, cdsi.Condition{Type: cdsi.ByCount}))),
		"a series group out of range":   func(r *cdsi.Release) { r.Antigens[0].Series[0].SeriesGroup = 40 },
		"an antigen without a group":    func(r *cdsi.Release) { r.Groups = r.Groups[1:] },
		"a group of an unknown antigen": func(r *cdsi.Release) { r.Groups[0].Antigens = []string{"Gamma"} },
		"a vaccine of an unknown one":   func(r *cdsi.Release) { r.Vaccines[0].Associations[0].Antigen = "Gamma" },
	} {
		rel := &cdsi.Release{
			Antigens: []cdsi.Antigen{{Name: "Alpha", Series: []cdsi.Series{serie("Alpha", dose())}}},
			Groups:   []cdsi.Group{{Name: "Alpha", Antigens: []string{"Alpha"}}},
			Vaccines: []cdsi.Vaccine{{CVX: 10, Associations: []cdsi.Association{{Antigen: "Alpha"}}}},
		}
		if _, err := New(rel); err != nil {
			t.Fatal(err)
		}
		if change(rel); true {
			if _, err := New(rel); err == nil {
				t.Errorf("a release with %s is taken", name)
			}
		}
	}
}

// TestTrace sees every step of a simple history told, with its section.
func TestTrace(t *testing.T) {
	s := world(t, alpha(dose(ages("6 weeks - 4 days", "6 weeks")), dose(intervals(since("4 weeks")))))
	_, trace := s.Trace(born("2020-02-08/10", "2020-03-01/10"), on("2021-01-01"))
	sections := map[string]bool{}
	for _, st := range trace {
		sections[st.Section] = true
	}
	for _, want := range []string{"6.4", "6.5", "6.8", "6.10", "7.5", "7.6", "8"} {
		if !sections[want] {
			t.Errorf("the trace has no step of section %s", want)
		}
	}
	var second []string
	for _, st := range trace.Dose(1, "Alpha") {
		second = append(second, st.Section+" "+st.Text)
	}
	want := []string{"6.4 no ages are given", "6.5 Given too soon: 4 weeks from 02/08/2020 end on 03/07/2020.", "6.7 no live vaccine is in the way", "6.8 a preferable vaccine", "6.10 Not Valid"}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("steps of the second dose (-want +got):\n%s", diff)
	}
	if got, want := trace[0].String(), "6.4 (table 6-15) Alpha, Alpha, dose 1, given 1: valid by the days of grace: 6 weeks - 4 days old on 02/08/2020"; got != want {
		t.Errorf("first step = %q, want %q", got, want)
	}
}

// cited finds a citation of the specification.
var cited = regexp.MustCompile(`(?:§|chapter |tables? |, |and )?\b(\d+\.\d+|\d+-\d+)\b|\b([A-Z]{6,}-\d+)\b`)

// TestCitations holds the citations in the source to the list of sections,
// tables and rules in the documentation.
func TestCitations(t *testing.T) {
	index, err := os.ReadFile("../../docs/forecast.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			_, cite, ok := strings.Cut(line, "cdsi/4.6 ")
			if !ok {
				continue
			}
			for _, m := range cited.FindAllStringSubmatch(cite, -1) {
				found++
				if what := m[1] + m[2]; !regexp.MustCompile(`(?m)\b` + regexp.QuoteMeta(what) + `\b`).Match(index) {
					t.Errorf("%s cites %s, which docs/forecast.md does not list", f.Name(), what)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("%d citations found, want more than 50", found)
	}
}
