package code

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

// TestAnswersAreCopies holds that no caller can change the table.
func TestAnswersAreCopies(t *testing.T) {
	Vaccines()[0].Short = "changed"
	Manufacturers()[0].Name = "changed"
	Products()[0].TradeName = "changed"
	Groups()[0].Name = "changed"
	Sources()[0].File = "changed"
	GroupsOf("08")[0] = "changed"
	ProductsOf("110")[0].TradeName = "changed"
	ProductNamed("Pediarix")[0].TradeName = "changed"
	PackagesOf("49281-0425-50")[0].TradeName = "changed"
	VISOf("08")[0].Name = "changed"
	fresh, err := read(shipped)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh, loaded(), cmp.AllowUnexported(table{}, Vaccine{})); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

// TestTable holds the whole table together: each code that an entry names is
// there, and names read well.
func TestTable(t *testing.T) {
	tab := loaded()
	cvx := func(what string, code iis.CVX) {
		if tab.byCVX[code] == nil {
			t.Errorf("%s is of CVX %q, which is not in the table", what, code)
		}
	}
	mvx := func(what string, code iis.MVX) {
		if code != "" && tab.byMVX[code] == nil {
			t.Errorf("%s is of MVX %q, which is not in the table", what, code)
		}
	}
	text := func(what, s string) {
		if s == "" || s != strings.Join(strings.Fields(s), " ") || strings.Contains(s, " ,") {
			t.Errorf("%s: %q does not read well", what, s)
		}
	}
	for _, v := range tab.vaccines {
		text(string(v.CVX), v.Short)
		text(string(v.CVX), v.Name)
		if Canonical(string(v.CVX)) != v.CVX {
			t.Errorf("CVX %q is not as Canonical has it", v.CVX)
		}
		if v.NonVaccine && v.names != nil {
			t.Errorf("CVX %s is no vaccine and in the groups %q", v.CVX, v.names)
		}
	}
	for _, m := range tab.manufacturers {
		text(string(m.MVX), m.Name)
	}
	for _, g := range tab.groups {
		cvx("group "+g.CDC, g.CVX)
		if g.Forecast != slices.Contains(iis.VaccineGroups, g.Name) {
			t.Errorf("group %s is forecast: %v, and %q is a group of CDSi: %v", g.CDC, g.Forecast, g.Name, !g.Forecast)
		}
	}
	for _, p := range tab.products {
		text("product", p.TradeName)
		cvx(p.TradeName, p.CVX)
		mvx(p.TradeName, p.MVX)
	}
	for ndc, list := range tab.packages {
		if got, err := ReadNDC(string(ndc)); err != nil || got != ndc {
			t.Errorf("ReadNDC(%q) = %q, %v, want itself", ndc, got, err)
		}
		for _, p := range list {
			text(string(ndc), p.TradeName)
			cvx(string(ndc), p.CVX)
			mvx(string(ndc), p.MVX)
			if !p.UnitOfUse && !p.UnitOfSale || !p.To.IsZero() && p.To.Before(p.From) {
				t.Errorf("package %+v cannot be", p)
			}
		}
	}
	if len(shipped) > 150_000 {
		t.Errorf("the table has %d bytes, want 150,000 at most", len(shipped))
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"an unknown kind":      "thing\t1\n",
		"an empty line":        "\n",
		"too few fields":       "maker\tPMC\tA\n",
		"too many fields":      "maker\tPMC\tA\tSanofi\tx\tx\tx\tx\tx\n",
		"an unknown status":    "maker\tPMC\tZ\tSanofi\n",
		"a product's status":   "product\t08\tPMC\tZ\tX\n",
		"a vaccine's status":   "vaccine\t08\tZ\t\t\t\tHep B\t\n",
		"a group that is none": "vaccine\t08\tA\t\tHepB\t\tHep B\t\n",
		"a source's day":       "source\tcvx.xml\t2025\t1\n",
		"a source's count":     "source\tcvx.xml\t2025-01-01\tmany\n",
		"a package's day":      "package\t1\t08\tPMC\tU\tx\t\tX\n",
		"a package's end":      "package\t1\t08\tPMC\tU\t\tx\tX\n",
		"a statement's day":    "vis\t1\tx\tC\t\t08\tX\n",
	} {
		if _, err := read(text); err == nil {
			t.Errorf("read takes %s", name)
		}
	}
}
