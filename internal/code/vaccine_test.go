package code

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openiis.org/iis"
)

func TestVaccineOf(t *testing.T) {
	want := Vaccine{CVX: "110", Short: "DTaP-Hep B-IPV", Name: "DTaP-hepatitis B and poliovirus vaccine", Status: Active,
		Groups: []string{"DTAP", "HepB", "POLIO"}}
	for _, cvx := range []iis.CVX{"110", "0110", " 110 "} {
		got, ok := VaccineOf(cvx)
		slices.Sort(got.Groups)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Vaccine{})); !ok || diff != "" {
			t.Errorf("VaccineOf(%q), %v (-want +got):\n%s", cvx, ok, diff)
		}
	}
	for _, cvx := range []iis.CVX{"", "0", "777", "x", "11O", "-8", "8.0", "08 9"} {
		if got, ok := VaccineOf(cvx); ok {
			t.Errorf("VaccineOf(%q) = %+v, want none", cvx, got)
		}
	}
	for cvx, want := range map[iis.CVX]Status{"08": Active, "1": Inactive, "500": NonUS, "61": NeverActive} {
		if got, _ := VaccineOf(cvx); got.Status != want {
			t.Errorf("VaccineOf(%q).Status = %q, want %q", cvx, got.Status, want)
		}
	}
	for cvx, want := range map[iis.CVX]bool{"30": true, "86": true, "98": true, "801": true, "998": true, "12": true, "306": false, "08": false, "999": false} {
		if got, ok := VaccineOf(cvx); !ok || got.NonVaccine != want {
			t.Errorf("VaccineOf(%q).NonVaccine = %v, %v, want %v", cvx, got.NonVaccine, ok, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for s, want := range map[string]iis.CVX{
		"8": "08", "08": "08", "008": "08", " 8\t": "08", "110": "110", "0110": "110", "0": "00", "000": "00", "12345": "12345",
		"": "", " ": " ", "8a": "8a", "-8": "-8", " x ": " x ",
	} {
		if got := Canonical(s); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for cvx, want := range map[iis.CVX]string{
		"110": "DTaP-Hep B-IPV", "8": "Hep B, adolescent or pediatric", "146": "DTaP, IPV, Hib, HepB",
		"161": "Influenza, injectable, quadrivalent, preservative free, pediatric", "179": "OPV, monovalent, unspecified",
		"777": "CVX 777 (not in the code table)", "X9": "CVX X9 (not in the code table)", "": "No vaccine code",
	} {
		if got := Label(cvx); got != want {
			t.Errorf("Label(%q) = %q, want %q", cvx, got, want)
		}
	}
	for _, c := range []struct {
		cvx         iis.CVX
		trade, want string
	}{
		{"110", "Pediarix", "DTaP-Hep B-IPV [Pediarix]"},
		{"110", "", "DTaP-Hep B-IPV"},
		{"777", "Daktary", "CVX 777 (not in the code table) [Daktary]"},
	} {
		if got := ProductLabel(c.cvx, c.trade); got != c.want {
			t.Errorf("ProductLabel(%q, %q) = %q, want %q", c.cvx, c.trade, got, c.want)
		}
	}
}

func TestOfferedAndRecordable(t *testing.T) {
	for _, c := range []struct {
		cvx                 iis.CVX
		offered, recordable bool
	}{
		{"110", true, true}, {"306", true, true},
		{"01", false, true}, {"45", false, true}, {"500", false, true}, // inactive, unspecified, non-US
		{"30", false, false}, {"801", false, false}, {"998", false, false}, {"999", false, false}, {"61", false, false},
	} {
		has := func(list []Vaccine) bool {
			return slices.ContainsFunc(list, func(v Vaccine) bool { return v.CVX == c.cvx })
		}
		if got := has(Offered()); got != c.offered {
			t.Errorf("Offered() has %s = %v, want %v", c.cvx, got, c.offered)
		}
		if got := has(Recordable()); got != c.recordable {
			t.Errorf("Recordable() has %s = %v, want %v", c.cvx, got, c.recordable)
		}
	}
	for name, list := range map[string][]Vaccine{"Vaccines": Vaccines(), "Offered": Offered(), "Recordable": Recordable()} {
		if !slices.IsSortedFunc(list, func(a, b Vaccine) int { return compareFold(a.Short, b.Short) }) {
			t.Errorf("%s() is not in the order of short names", name)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("8")
	f.Add("008")
	f.Fuzz(func(t *testing.T, s string) {
		c := Canonical(s)
		if again := Canonical(string(c)); again != c {
			t.Errorf("Canonical(%q) = %q, and of that %q", s, c, again)
		}
		if Label(iis.CVX(s)) == "" {
			t.Errorf("Label(%q) is empty", s)
		}
	})
}
