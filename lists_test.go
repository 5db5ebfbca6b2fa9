package iis

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// Lists that a form offers have no code and no label twice, and none empty.
func TestLists(t *testing.T) {
	var relations []Choice
	for _, r := range Relations {
		relations = append(relations, Choice{string(r.Code), r.Label})
	}
	for name, list := range map[string][]Choice{
		"Relations": relations, "RaceCodes": RaceCodes, "EthnicityCodes": EthnicityCodes, "InactiveReasons": InactiveReasons,
		"States": States, "Countries": Countries,
	} {
		codes, labels := map[string]bool{}, map[string]bool{}
		for _, c := range list {
			if c.Code == "" || c.Label == "" || codes[c.Code] || labels[c.Label] {
				t.Errorf("%s: %v is empty or stands twice", name, c)
			}
			codes[c.Code], labels[c.Label] = true, true
		}
	}
}

func TestRelations(t *testing.T) {
	for r, want := range map[Relation]string{
		Self: "Self", Mother: "Mother", OtherRelative: "Other Relative", "GRD": "Guardian", "": "", "ZZZ": "ZZZ",
	} {
		if got := r.Label(); got != want {
			t.Errorf("Relation(%q).Label() = %q, want %q", string(r), got, want)
		}
		if got, valid := ValidRelation(r), r != "" && r != "ZZZ"; got != valid {
			t.Errorf("ValidRelation(%q) = %v, want %v", string(r), got, valid)
		}
	}
	if len(Relations) != 32 {
		t.Errorf("%d relations, want the 32 of HL7 table 0063", len(Relations))
	}
	if ValidRelation("sel") {
		t.Error("ValidRelation(sel) = true, want false")
	}
}

// reads reports whether the field accepts what was typed.
func reads(f Field, typed string) bool {
	_, err := f.Read(typed, testToday)
	return err == nil
}

func TestRaces(t *testing.T) {
	given := []string{"2106-3", "old", Declined, "1002-5", "2106-3", "old"}
	if got, want := SortRaces(given), []string{"1002-5", "2106-3", Declined, "old"}; !slices.Equal(got, want) {
		t.Errorf("SortRaces(%v) = %v, want %v", given, got, want)
	}
	if got := SortRaces(nil); len(got) != 0 {
		t.Errorf("SortRaces(nil) = %v, want none", got)
	}
	if !reads(FieldRace, "2131-1") || reads(FieldRace, "2135-2") || !reads(FieldEthnicity, "2135-2") || reads(FieldEthnicity, "2131-1") {
		t.Error("races and ethnicities are mixed up")
	}
	if got := FieldRace.Show("2028-9") + FieldEthnicity.Show("2186-5"); got != "AsianNot Hispanic or Latino" {
		t.Errorf("labels = %q", got)
	}
}

func TestSuffixes(t *testing.T) {
	for s, want := range map[string]bool{"": true, "JR": true, "VI": true, "jr": false, "ESQ": false, "VII": false} {
		if got := reads(FieldSuffix, s); got != want {
			t.Errorf("the suffix %q is accepted = %v, want %v", s, got, want)
		}
	}
}

func TestInactiveReasons(t *testing.T) {
	for _, code := range []string{"L", "M", "I", "P", "U"} {
		if !reads(FieldReason, code) {
			t.Errorf("the reason %q is refused", code)
		}
	}
	for _, code := range []string{"A", "O", "l"} {
		if reads(FieldReason, code) {
			t.Errorf("the reason %q is accepted", code)
		}
	}
}

func TestPlaces(t *testing.T) {
	if len(States) != 62 || !slices.Contains(States, Choice{"MN", "MN - Minnesota"}) {
		t.Errorf("%d states and territories, want 62 with Minnesota", len(States))
	}
	for _, s := range States {
		if len(s.Code) != 2 || !strings.HasPrefix(s.Label, s.Code+" - ") {
			t.Errorf("state %v is not like MN - Minnesota", s)
		}
	}
	if len(Counties) != 87 {
		t.Errorf("%d counties, want the 87 of Minnesota", len(Counties))
	}
	for _, c := range Counties {
		if c != strings.ToUpper(c) {
			t.Errorf("county %q is not in upper case", c)
		}
	}
	if !slices.Contains(Counties, "RAMSEY") || !reads(FieldState, "mn") || reads(FieldState, "XX") || reads(FieldBirthCountry, "US") {
		t.Error("places are not as expected")
	}
}

// The codes of countries are compared with those that golang.org/x/text knows.
func TestCountries(t *testing.T) {
	if Countries[0].Code != "USA" {
		t.Errorf("the first country is %v, want the United States", Countries[0])
	}
	if len(Countries) != 249 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1", len(Countries))
	}
	for _, c := range Countries {
		r, err := language.ParseRegion(c.Code)
		if err != nil || r.ISO3() != c.Code || !r.IsCountry() {
			t.Errorf("%v is not a country: %v", c, err)
		}
	}
	if got := FieldBirthCountry.Show("MEX"); got != "Mexico" {
		t.Errorf("MEX is shown as %q, want Mexico", got)
	}
}
