package code

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVISOf(t *testing.T) {
	got := VISOf("8")
	if len(got) < 4 || !got[0].Current || got[0].URL == "" {
		t.Fatalf("VISOf(8) = %+v, want a current edition first", got)
	}
	want := VIS{Document: "0886983000059", Name: "Hepatitis B Vaccine VIS", Edition: got[0].Edition, Current: true,
		URL: "https://www.cdc.gov/vaccines/hcp/current-vis/hepatitis-b.html"}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("VISOf(8)[0] (-want +got):\n%s", diff)
	}
	if got, want := got[0].Edition.String(), "2025-01-31"; got != want {
		t.Errorf("VISOf(8)[0].Edition = %s, want %s", got, want)
	}
	for _, v := range Vaccines() {
		list := VISOf(v.CVX)
		for i, s := range list {
			if s.Edition.IsZero() || s.Name == "" || len(s.Document) != 13 || s.Current != (s.URL != "") {
				t.Errorf("VISOf(%q) has %+v", v.CVX, s)
			}
			if i > 0 && (s.Current && !list[i-1].Current || s.Current == list[i-1].Current && s.Edition.After(list[i-1].Edition)) {
				t.Errorf("VISOf(%q) is not in order at %d", v.CVX, i)
			}
		}
	}
	if got := VISOf("777"); got != nil {
		t.Errorf("VISOf(777) = %+v, want none", got)
	}
}
