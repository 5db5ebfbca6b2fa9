package code

import (
	"testing"

	"openiis.org/iis"
)

func TestScan(t *testing.T) {
	const gtin = "00300064681001" // its check digit is wrong
	tests := []struct {
		in   string
		want Scanned
		ok   bool
	}{
		{"0006-4681-00", Scanned{NDC: "00006-4681-00"}, true},
		{" 00006-4681-00 ", Scanned{NDC: "00006-4681-00"}, true},
		{"01" + goodGTIN + "17270630" + "10AB12", Scanned{"00006-4681-00", "AB12", iis.Date{Year: 2027, Month: 6, Day: 30}}, true},
		{"]d201" + goodGTIN + "10AB12\x1d17270600", Scanned{"00006-4681-00", "AB12", iis.Date{Year: 2027, Month: 6, Day: 30}}, true},
		{"(01)" + goodGTIN + "(17)270228(10)AB12(21)999", Scanned{"00006-4681-00", "AB12", iis.Date{Year: 2027, Month: 2, Day: 28}}, true},
		{"01" + goodGTIN + "21S\x1d10L", Scanned{NDC: "00006-4681-00", Lot: "L"}, true},
		{"01" + goodGTIN + "17270299", Scanned{NDC: "00006-4681-00"}, true},
		{"01" + gtin, Scanned{}, false},
		{"17270630", Scanned{}, false},
		{"01123", Scanned{}, false},
		{"hello", Scanned{}, false},
		{"", Scanned{}, false},
	}
	for _, test := range tests {
		got, err := Scan(test.in)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("Scan(%q) = %+v, %v, want %+v, %v", test.in, got, err, test.want, test.ok)
		}
	}
}

// goodGTIN is the bar code of a vial of M-M-R II.
const goodGTIN = "00300064681000"

// FuzzScan: whatever a scanner types, the answer is a code that can be read or an
// error.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"0006-4681-00", "01" + goodGTIN + "1727063010AB12", "]d201", "(01)", "17", "\x1d10\x1d", "01" + goodGTIN + "17999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Scan(s)
		if err != nil {
			return
		}
		if _, err := ReadNDC(string(got.NDC)); err != nil {
			t.Errorf("Scan(%q) = %+v, whose NDC cannot be read: %v", s, got, err)
		}
	})
}
