package iis

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The comments that the guide shows, in its words (guide 62).
func TestCommentsOfTheGuide(t *testing.T) {
	for label, code := range map[string]CommentCode{
		"Immunity: Titer Hepatitis B":                "immunity-hepb",
		"Immunity: Titer/MD Dx Hepatitis A":          "immunity-hepa",
		"Immunity: Titer/MD Dx Varicella or Zoster":  "immunity-varicella",
		"Immunity: Titer/MD Dx Mumps":                "immunity-mumps",
		"Refusal of Influenza":                       "refusal-influenza",
		"Refusal of Hep B":                           "refusal-hepb",
		"Refusal of Cholera":                         "refusal-cholera",
		"Medical exemption: COVID-19":                "exemption-covid19",
		"  medical EXEMPTION: covid-19 ":             "exemption-covid19",
		"Immunity - Titer / MD Dx Varicella or Zost": "",
		"": "",
	} {
		row, ok := CommentLabeled(label)
		if row.Code != code || ok != (code != "") {
			t.Errorf("CommentLabeled(%q) = %q, %v, want %q", label, row.Code, ok, code)
		}
	}
}

func TestCommentRows(t *testing.T) {
	labels, codes := map[string]CommentCode{}, map[CommentCode]bool{}
	kind := 0
	for _, r := range CommentRows() {
		if codes[r.Code] {
			t.Errorf("%s stands twice", r.Code)
		}
		codes[r.Code] = true
		if strings.Trim(string(r.Code), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(r.Code) > 40 {
			t.Errorf("the code %q is more than 40 small letters, digits and hyphens", r.Code)
		}
		if other, taken := labels[foldText(r.Label)]; taken {
			t.Errorf("%s and %s have the same label", other, r.Code)
		}
		labels[foldText(r.Label)] = r.Code
		if r.Label == "" || len(r.Label) > 120 || strings.ContainsAny(r.Label, "\n\t[]") {
			t.Errorf("%s: the label %q is not fit for a list", r.Code, r.Label)
		}
		if r.Brief == "" || len(r.Brief) > 120 || !strings.HasSuffix(r.Effect, ".") || strings.ToUpper(r.Effect[:1]) != r.Effect[:1] {
			t.Errorf("%s: the effect is %q, in short %q, want a sentence and a phrase", r.Code, r.Effect, r.Brief)
		}
		k := slices.Index(CommentKinds, r.Kind)
		if k < kind {
			t.Errorf("%s is out of the order of kinds", r.Code)
		}
		kind = k
		for _, g := range r.Groups {
			if !slices.Contains(VaccineGroups, g) {
				t.Errorf("%s names the unknown vaccine group %q", r.Code, g)
			}
		}
		for _, c := range r.Concepts {
			if !slices.Contains([]string{Snomed, Loinc, PhinVS, HL70322}, c.System) || c.Code == "" {
				t.Errorf("%s has the concept %v of an unknown system", r.Code, c)
			}
			if !slices.ContainsFunc(CommentsOfConcept(c), func(o CommentRow) bool { return o.Code == r.Code }) {
				t.Errorf("CommentsOfConcept(%v) leaves out %s", c, r.Code)
			}
		}
		if got, ok := CommentRowOf(r.Code); !ok || got.Label != r.Label || r.Code.Label() != r.Label {
			t.Errorf("CommentRowOf(%s) = %q, %v, want %q", r.Code, got.Label, ok, r.Label)
		}
		if timed := r.EndDays > 0 || r.EndMonths > 0; timed && !r.NeedsDate {
			t.Errorf("%s ends but needs no date", r.Code)
		}
	}
	if row, ok := CommentRowOf("nothing"); ok {
		t.Errorf("CommentRowOf of an unknown code = %v, want none", row)
	}
	if got := CommentCode("old-code").Label(); got != "old-code" {
		t.Errorf("Label of an unknown code = %q, want the code", got)
	}
}

func TestCommentsByKind(t *testing.T) {
	var kinds []CommentKind
	var rows []CommentRow
	for _, g := range CommentsByKind() {
		kinds = append(kinds, g.Kind)
		rows = append(rows, g.Rows...)
	}
	if diff := cmp.Diff(CommentKinds, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(CommentRows(), rows); diff != "" {
		t.Errorf("the groups hold other rows than the list (-want +got):\n%s", diff)
	}
}

// What each kind does to a forecast, in the words of the screen.
func TestCommentEffects(t *testing.T) {
	for code, want := range map[CommentCode]string{
		"immunity-hepb":               "Hep B will show as Immune from this date. Recommendations stop.",
		"immunity-tetanus":            "Recorded and shown; recommendations do not change.",
		"exemption-covid19":           "COVID-19 will show as Contraindicated from this date. Recommendations stop.",
		"exemption-bcg":               "Recorded and shown; the schedule has no recommendations for this vaccine.",
		"refusal-influenza":           "Recorded and shown. Recommendations stay.",
		"cdsi-129":                    "MMR and Varicella will show as Contraindicated for 5 months from this date.",
		"cdsi-101":                    "Yellow Fever will show as Contraindicated.",
		"cdsi-048":                    "Hep A and MMR may be recommended because of it.",
		"cdsi-170":                    "Doses of Pertussis and RSV will be timed by this date.",
		"cdsi-006":                    "Recorded and shown; recommendations do not change.",
		"cdsi-080":                    "Every vaccine will show as Contraindicated.",
		"reaction-crying":             "Recorded and shown; recommendations do not change. If the vaccine must not be given again, add the contraindication too.",
		"contraindication-purpura":    "Recorded and shown; recommendations do not change. To stop them, add a medical exemption.",
		"cdsi-009":                    "Some Mpox/Smallpox vaccines will not be recommended. Delete the comment when it no longer holds.",
		"indication-special-group":    "Recorded and shown; recommendations do not change.",
		"immunity-measles":            "Measles will show as Immune from this date. MMR stays recommended until measles, mumps and rubella are all immune.",
		"immunity-varicella":          "Varicella will show as Immune from this date. Recommendations stop; those for Zoster stay.",
		"exemption-menacwy":           "Meningococcal will show as Contraindicated from this date. Recommendations stop.",
		"exemption-all":               "Every vaccine will show as Contraindicated from this date. Recommendations stop.",
		"refusal-all":                 "Recorded and shown. Recommendations stay.",
		"immunity-yellow-fever":       "Recorded and shown; recommendations do not change.",
		"contraindication-thimerosal": "Recorded and shown; recommendations do not change. To stop them, add a medical exemption.",
	} {
		if row, _ := CommentRowOf(code); row.Effect != want {
			t.Errorf("effect of %s = %q, want %q", code, row.Effect, want)
		}
	}
	for _, r := range CommentRows() {
		changes := r.Brief != effectNoneBrief
		switch r.Kind {
		case KindRefusal:
			if changes || len(r.CDSi) > 0 {
				t.Errorf("%s changes a forecast, want a refusal to change none", r.Code)
			}
		case KindImmunity:
			if changes != (len(r.CDSi) > 0) {
				t.Errorf("%s: changes a forecast = %v, want so where CDSi accepts the evidence", r.Code, changes)
			}
		case KindExemption:
			if changes != (len(r.Groups) > 0) || changes && !strings.HasSuffix(r.Brief, ": Contraindicated") {
				t.Errorf("%s has the effect %q", r.Code, r.Brief)
			}
		case KindReaction:
			if changes {
				t.Errorf("%s changes a forecast, want a reaction to change none", r.Code)
			}
		}
		if dated := []CommentKind{KindImmunity, KindExemption, KindRefusal}; slices.Contains(dated, r.Kind) && !r.NeedsDate {
			t.Errorf("%s needs no date", r.Code)
		}
	}
}

// Each vaccine of the list can be refused and exempted from, under one name.
func TestExemptionsAndRefusals(t *testing.T) {
	for _, v := range exemptedVaccines {
		e, ok := CommentLabeled("Medical exemption: " + v.label)
		r, ok2 := CommentLabeled("Refusal of " + v.label)
		if !ok || !ok2 {
			t.Errorf("%s has no medical exemption or no refusal", v.label)
		}
		if diff := cmp.Diff(e.Groups, r.Groups); diff != "" {
			t.Errorf("%s: the exemption and the refusal are about other groups:\n%s", v.label, diff)
		}
	}
	for _, g := range VaccineGroups {
		if !slices.ContainsFunc(exemptedVaccines, func(v exempted) bool { return v.group == g }) {
			t.Errorf("no vaccine of group %s can be refused", g)
		}
	}
}

func TestCommentEnds(t *testing.T) {
	for _, test := range []struct {
		code       CommentCode
		date, want string
	}{
		{"cdsi-141", "2025-01-15", "2025-12-15"},
		{"cdsi-125", "2024-11-30", "2025-03-01"},
		{"cdsi-033", "2025-01-31", "2025-02-02"},
		{"indication-rabies-exposure", "2025-01-31", "2025-02-10"},
		{"cdsi-125", "", ""},
		{"immunity-hepb", "2025-01-31", ""},
	} {
		row, _ := CommentRowOf(test.code)
		if got := row.Ends(mustDate(t, test.date)).String(); got != test.want {
			t.Errorf("%s of %q ends on %q, want %q", test.code, test.date, got, test.want)
		}
	}
}

func TestCommentOfCDSi(t *testing.T) {
	for observation, code := range map[string]CommentCode{
		"018": "immunity-hepa", "019": "immunity-hepb", "023": "immunity-varicella", "024": "immunity-varicella", "025": "immunity-varicella",
		"007": "cdsi-007", "154": "cdsi-154", "67": "", "067": "", "": "",
	} {
		if row, _ := CommentOfCDSi(observation); row.Code != code {
			t.Errorf("CommentOfCDSi(%q) = %q, want %q", observation, row.Code, code)
		}
	}
}

func TestCommentsOfConcept(t *testing.T) {
	for _, test := range []struct {
		concept Concept
		want    []CommentCode
	}{
		{Concept{Snomed, "66071002"}, []CommentCode{"immunity-hepb"}},
		{Concept{Snomed, "4740000"}, []CommentCode{"immunity-varicella"}},
		{Concept{Snomed, "77386006"}, []CommentCode{"cdsi-007"}},
		{Concept{Snomed, "794468006"}, []CommentCode{"cdsi-107"}},
		{Concept{PhinVS, "VXC13"}, []CommentCode{"reaction-gbs"}},
		{Concept{PhinVS, "VXC27"}, []CommentCode{"cdsi-003"}},
		{Concept{PhinVS, "VXC99"}, nil},
		{Concept{"", ""}, nil},
	} {
		var got []CommentCode
		for _, r := range CommentsOfConcept(test.concept) {
			got = append(got, r.Code)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("CommentsOfConcept(%v) (-want +got):\n%s", test.concept, diff)
		}
	}
	if n := len(CommentsOfConcept(Concept{PhinVS, "VXC20"})); n < 20 {
		t.Errorf("VXC20 (a previous dose of this vaccine) stands for %d comments, want one for each antigen", n)
	}
}

// TestCommentFigures pins the table: how many comments of each kind, which CDSi
// observations, and a checksum over everything a comment means.
func TestCommentFigures(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "CDSi supporting data %s\n", CDSiVersion)
	var cdsi []string
	for _, g := range CommentsByKind() {
		sum := sha256.New()
		for _, r := range g.Rows {
			fmt.Fprintf(sum, "%q\n", []any{r.Code, r.Label, r.Groups, r.Concepts, r.CDSi, r.NIP, r.Effect, r.Brief, r.NeedsDate, r.EndMonths, r.EndDays})
			cdsi = append(cdsi, r.CDSi...)
		}
		fmt.Fprintf(&b, "%-20s %3d comments, sha256 %x\n", g.Kind, len(g.Rows), sum.Sum(nil))
	}
	slices.Sort(cdsi)
	fmt.Fprintf(&b, "%d observations: %s\n", len(cdsi), strings.Join(cdsi, " "))
	golden(t, "comment_codes.golden", b.String())
}

// TestCommentsCoverCDSi reads the coded observations where they are and asks
// that each is reached by exactly one comment, of the right kind.
func TestCommentsCoverCDSi(t *testing.T) {
	file := os.Getenv("OPENIIS_CDSI_OBSERVATIONS")
	if file == "" {
		t.Skip("OPENIIS_CDSI_OBSERVATIONS does not name the table of coded observations (docs/codes.md)")
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.Comma = '\t'
	lines, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	reached := map[string][]CommentRow{}
	for _, r := range CommentRows() {
		for _, o := range r.CDSi {
			reached[o] = append(reached[o], r)
		}
	}
	for _, line := range lines[1:] {
		code := line[column["code"]]
		rows := reached[code]
		delete(reached, code)
		if len(rows) != 1 {
			t.Errorf("observation %s is reached by %d comments, want 1", code, len(rows))
			continue
		}
		if immune := line[column["immunity"]] != ""; immune != (rows[0].Kind == KindImmunity) {
			t.Errorf("observation %s is evidence of immunity: %v, but the comment is of kind %s", code, immune, rows[0].Kind)
		}
		if line[column["contraAntigen"]] != "" && rows[0].Kind != KindContraindication {
			t.Errorf("observation %s keeps a vaccine from being given, but the comment is of kind %s", code, rows[0].Kind)
		}
		for antigen := range strings.SplitSeq(line[column["contraAntigen"]]+","+line[column["indication"]], ",") {
			if antigen != "" && !slices.Contains(rows[0].Groups, groupOf(antigen)) {
				t.Errorf("observation %s concerns %s, but the comment's groups are %v", code, antigen, rows[0].Groups)
			}
		}
	}
	for code := range reached {
		t.Errorf("observation %s is not in the table", code)
	}
}

func BenchmarkCommentRowOf(b *testing.B) {
	for b.Loop() {
		CommentRowOf("immunity-hepb")
	}
}
