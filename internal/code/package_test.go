package code

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

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
