package code

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

func TestManufacturerOf(t *testing.T) {
	want := Manufacturer{MVX: "PMC", Name: "Sanofi Pasteur", Status: Active}
	for _, mvx := range []iis.MVX{"PMC", "pmc", " PMC "} {
		got, ok := ManufacturerOf(mvx)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("ManufacturerOf(%q), %v (-want +got):\n%s", mvx, ok, diff)
		}
	}
	for _, mvx := range []iis.MVX{"", "ZZZ"} {
		if got, ok := ManufacturerOf(mvx); ok {
			t.Errorf("ManufacturerOf(%q) = %+v, want none", mvx, got)
		}
	}
}
