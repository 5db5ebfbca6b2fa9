package code

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

func TestProducts(t *testing.T) {
	pediarix := Product{TradeName: "Pediarix", CVX: "110", MVX: "SKB", Status: Active}
	if diff := cmp.Diff([]Product{pediarix}, ProductsOf("0110")); diff != "" {
		t.Errorf("ProductsOf(0110) (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Product{pediarix}, ProductNamed(" PEDIARIX ")); diff != "" {
		t.Errorf("ProductNamed(PEDIARIX) (-want +got):\n%s", diff)
	}
	if got, want := pediarix.Label(), "DTaP-Hep B-IPV [Pediarix]"; got != want {
		t.Errorf("Label() = %q, want %q", got, want)
	}
	var cvx []iis.CVX
	for _, p := range ProductNamed("Comirnaty") {
		cvx = append(cvx, p.CVX)
	}
	if want := []iis.CVX{"208", "217", "309", "310"}; !slices.Equal(cvx, want) {
		t.Errorf("ProductNamed(Comirnaty) are of %q, want %q", cvx, want)
	}
	if got := ProductsOf("20"); len(got) < 4 || got[0].TradeName != "Infanrix" || got[1].Status != Inactive {
		t.Errorf("ProductsOf(20) = %+v, want Infanrix before those of the past", got)
	}
	if got := append(ProductsOf("777"), ProductNamed("Daktary")...); got != nil {
		t.Errorf("products of unknown names = %+v, want none", got)
	}
	for _, c := range []struct {
		cvx  iis.CVX
		mvx  iis.MVX
		want string // "" if it cannot be known
	}{
		{"110", "SKB", "Pediarix"}, {"0110", " skb", "Pediarix"}, {"110", "PMC", ""}, {"110", "", ""}, {"20", "", ""}, {"777", "SKB", ""},
		{"20", "SKB", "Infanrix"}, // Active
		{"20", "PMC", "Tripedia"}, // the only one of this firm
		{"09", "MBL", "TDVAX"},    // Td, adsorbed is inactive
		{"127", "PMC", "Novel influenza-H1N1-09"},
	} {
		if got, ok := ProductMade(c.cvx, c.mvx); got.TradeName != c.want || ok != (c.want != "") {
			t.Errorf("ProductMade(%q, %q) = %q, %v, want %q", c.cvx, c.mvx, got.TradeName, ok, c.want)
		}
	}
}
