package code

import (
	"slices"
	"strings"
	"testing"
	"time"

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

func TestGroupsOf(t *testing.T) {
	for cvx, want := range map[iis.CVX][]string{
		"08": {"HepB"}, "8": {"HepB"}, "110": {"DTaP/Tdap/Td", "HepB", "Polio"}, "146": {"DTaP/Tdap/Td", "HepB", "Hib", "Polio"},
		"94": {"MMR", "Varicella"}, "104": {"HepA", "HepB"}, "316": {"Meningococcal", "Meningococcal B"}, "115": {"DTaP/Tdap/Td"},
		"33": {"Pneumococcal"}, "187": {"Zoster"}, "306": {"RSV"}, "112": {"DTaP/Tdap/Td"}, "24": {"Anthrax"}, "30": nil, "777": nil, "": nil,
	} {
		if got := GroupsOf(cvx); !slices.Equal(got, want) {
			t.Errorf("GroupsOf(%q) = %q, want %q", cvx, got, want)
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

func TestPackagesOf(t *testing.T) {
	day := func(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }
	for ndc, want := range map[iis.NDC][]Package{
		"49281-0425-50": {{NDC: "49281-0425-50", CVX: "140", MVX: "PMC", TradeName: "Fluzone Trivalent Northern Hemisphere", UnitOfSale: true, From: day(2025, 7, 1)}},
		"49281-0521-00": {{NDC: "49281-0521-00", CVX: "161", MVX: "PMC", TradeName: "Fluzone Quadrivalent", UnitOfUse: true, From: day(2021, 7, 1), To: day(2022, 6, 30)}},
		"58160-0821-11": {
			{NDC: "58160-0821-11", CVX: "43", MVX: "SKB", TradeName: "Engerix-B", UnitOfSale: true, From: day(2007, 3, 28)},
			{NDC: "58160-0821-11", CVX: "44", MVX: "SKB", TradeName: "Engerix-B", UnitOfSale: true, From: day(2007, 3, 28)},
		},
		"00000-0000-00": nil,
		"":              nil,
	} {
		if diff := cmp.Diff(want, PackagesOf(ndc)); diff != "" {
			t.Errorf("PackagesOf(%q) (-want +got):\n%s", ndc, diff)
		}
	}
}

func TestReadNDC(t *testing.T) {
	for s, want := range map[string]iis.NDC{
		"49281-0425-50": "49281-0425-50", "49281042550": "49281-0425-50",
		"49281-425-50": "49281-0425-50", "0006-4109-02": "00006-4109-02", "19515-0895-1": "19515-0895-01", " 49281-425-50\n": "49281-0425-50",
		"4928142550":     "49281-0425-50", // one reading of it is known
		"0006410902":     "00006-4109-02",
		"00349281521003": "49281-0521-00", // GTIN
		"99999-9999-99":  "99999-9999-99", // well written, not known
		"9999999999":     "", "": "", "-": "", "--": "", "4928-425-50": "", "49281-425-5": "", "492811-0425-50": "", "49281-0425-50-1": "",
		"49281042550x": "", "00349281521004": "", "10458160821056": "", "４９２８１": "", "49281 0425 50": "", "49281–425–50": "",
	} {
		if got, err := ReadNDC(s); got != want || (err == nil) != (want != "") {
			t.Errorf("ReadNDC(%q) = %q, %v, want %q", s, got, err, want)
		}
	}
}

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

func FuzzReadNDC(f *testing.F) {
	for _, s := range []string{"49281-425-50", "49281042550", "0006-4109-02", "00349281521003", "4928142550", "--", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ndc, err := ReadNDC(s)
		if err != nil {
			if ndc != "" || err != errNDC { // which repeats nothing that was typed
				t.Errorf("ReadNDC(%q) = %q, %v", s, ndc, err)
			}
			return
		}
		if again, err := ReadNDC(string(ndc)); err != nil || again != ndc {
			t.Errorf("ReadNDC(%q) = %q, which reads as %q, %v", s, ndc, again, err)
		}
	})
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

func BenchmarkLoad(b *testing.B) {
	b.SetBytes(int64(len(shipped)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(shipped); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if Label("8") == "" || Label("110") == "" {
			b.Fatal("no label")
		}
	}
}

func BenchmarkProductMade(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := ProductMade("110", "SKB"); !ok {
			b.Fatal("no product")
		}
	}
}

func BenchmarkOffered(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if len(Offered()) == 0 {
			b.Fatal("none")
		}
	}
}
