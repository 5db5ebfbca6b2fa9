package iis

import (
	"strings"
	"testing"
)

func TestJunkAddress(t *testing.T) {
	for _, text := range []string{
		"Needs Update", "NEEDS UPDATE", "needs updated", "Need Update!", "Bad Address", "BAD ADDRESS", "bad-address", "** BAD ADDRESS **",
		"Undeliverable", "UNDELIVERABLE ADDRESS", "Unknown", "unknown.", "UNK", "No Address", "NO ADDRESS", "Returned Mail",
		"Return Mail", "RETURN TO SENDER", "Moved", "MOVED LEFT NO ADDRESS", "None", "n/a", "N.A.", "NA", "XXX", "xxxxxxx", "X X X", "xx",
		"0", "000", "00000", "99999", "--", "???", ".", "Not Known", "not on file", "Wrong Address", "Invalid", "Update Address",
		"123 MAIN ST BAD ADDRESS", "BAD ADDRESS - 123 MAIN ST", "123 Main St (undeliverable)", "123 MAIN ST *NEEDS UPDATE*",
		"12 BAD ADDRESS", "mail returned 3/4/2020", "NO FORWARDING ADDRESS", "test", "ZZZ",
	} {
		if !JunkAddress(text) {
			t.Errorf("JunkAddress(%q) = false, want true", text)
		}
	}
	for _, text := range []string{
		"", "  ", "123 1ST ST SE", "1625 CLOUDNINE DRIVE", "SAINT PAUL", "UNKNOWN ROAD", "12 BAD ADDRESS LN", "4 Undeliverable Way",
		"12 No Address Road", "99", "999", "9999", "PO BOX 999", "P.O. Box 64975", "BADGER", "BAD AXE", "NONESUCH LANE", "MOVEDALE", "UPDATE AVE",
		"NADA ST", "UNKA ROAD", "XENIA AVE", "Noneley", "7 Returned Soldiers Way", "NEEDLES", "10 Noaddress Ct", "Homeless", "HOMELESS SHELTER, 12 MAIN ST",
		"1 Main St", "A", "X", "5", "11111 111TH AVE", "Zzyzx Road", "Testament Way", "Temple", "Nowhere Rd",
	} {
		if JunkAddress(text) {
			t.Errorf("JunkAddress(%q) = true, want false", text)
		}
	}
}

func TestFakePhone(t *testing.T) {
	for _, digits := range []string{
		"9999999999", "0000000000", "5555555555", "1111111111", "2222222222", "6519999999", "6510000000",
		"1234567890", "0123456789", "2345678901", "9876543210", "0651201462", "1651201462", "6510201462", "6511201462",
		"9112014629", "4112014629", "2112014629", "0000000", "9999999", "5555555", "1234567", "2345678", "0123456", "1201462",
	} {
		if !FakePhone(digits) {
			t.Errorf("FakePhone(%q) = false, want true", digits)
		}
	}
	for _, digits := range []string{
		"6512014629", "6515551234", "5551234", "6125555555", "2014629", "6512015207", "9522223333", "2182222222", "7636363636", "6519990000",
		"", "1", "65120146299", "651-201-4629", "abcdefghij", // not for this function to judge
	} {
		if FakePhone(digits) {
			t.Errorf("FakePhone(%q) = true, want false", digits)
		}
	}
}

func TestReadPhone(t *testing.T) {
	for typed, want := range map[string]string{
		"":                  "",
		"   ":               "",
		"651-201-4629":      "651-201-4629",
		"(651) 201-4629":    "651-201-4629",
		"(651)201-4629":     "651-201-4629",
		"651.201.4629":      "651-201-4629",
		"651 201 4629":      "651-201-4629",
		"651/201-4629":      "651-201-4629",
		"6512014629":        "651-201-4629",
		" 651-201-4629 ":    "651-201-4629",
		"+16512014629":      "651-201-4629",
		"+1 (651) 201-4629": "651-201-4629",
		"1-651-201-4629":    "651-201-4629",
		"651‑201‑4629":      "651-201-4629",
		"651–201–4629":      "651-201-4629",
		"651\u00a0201 4629": "651-201-4629",
		"201-4629":          "201-4629",
		"2014629":           "201-4629",
		"651-555-0100":      "651-555-0100",
	} {
		if got, err := ReadPhone(typed); got != want || err != nil {
			t.Errorf("ReadPhone(%q) = %q, %v, want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"999-999-9999", "(000) 000-0000", "555-555-5555", "123-456-7890", "9999999", "+1 999 999 9999", "1-800-000-0000", // fake
		"651-201-462", "651-201-46299", "26512014629", "+6512014629x", "+2014629", "+446512014629", "651-201-4629 x12", "none", "call mother",
		"651-201-4629+", "６５１2014629", "651--", "-", "\x00", "1-999-999-9999", "(651) 201-4629, 612-201-4629",
	} {
		if got, err := ReadPhone(typed); err == nil {
			t.Errorf("ReadPhone(%q) = %q, want an error", typed, got)
		}
	}
	_, err := ReadPhone("999-999-9999")
	if want := "Clear the phone number or enter a real one: repeated digits are not accepted"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("ReadPhone of nines: %v, want it to say %q", err, want)
	}
}

func TestReadZip(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "  ": "", "55112": "55112", " 55112 ": "55112", "55164-0975": "55164-0975", "551640975": "55164-0975", "55164 - 0975": "55164-0975", "00501": "00501",
	} {
		if got, err := ReadZip(typed); got != want || err != nil {
			t.Errorf("ReadZip(%q) = %q, %v, want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"5000", "551120", "5511-2", "55112-", "55112-12", "55112-12345", "-0975", "ABCDE", "55l12", "00000", "99999", "+5511", "５5112", "55112-0975-1"} {
		if got, err := ReadZip(typed); err == nil {
			t.Errorf("ReadZip(%q) = %q, want an error", typed, got)
		}
	}
}

func TestPlaceholderName(t *testing.T) {
	for _, first := range []string{
		"BABY BOY", "Baby Girl", "BABYBOY", "babygirl", "BABY-GIRL", "BABYBOY-1", "BABY BOY #1", "BABY BOY  A", "BABY GIRL TWO", "BABYBOYA", "BABYGIRL-B",
		"BABY", "BABY 1", "BABY M", "BABY SISTER", "BABY GRIL", "BABY OY", "BABYGIR", "ABABYGIRL", "BBABYGIRL", "A BOY", "B GIRL", "C BOY", "BOY", "BOY+",
		"BOY1", "BOYA", "BOY #2", "BOY TWO", "GIRL (L)", "GIRL#1", "GIRL TWIN 2", "TWIN A", "TWIN GIRL A", "TWIN", "BB", "BG", "BG1", "BBONE", "BGTWO", "BBOY",
		"B1", "G2", "MALE", "FEMALE", "NEWBORN", "INFANT BOY", "TRIPLET C", "TEST", "TEST GIRL", "UNKNOWN", "UNNAMED", "NONE", "EMPTY", "MISSING",
		"NO NAME", "NONAME", "NO FIRST NAME", "NOFIRSTNAME", "NO FIRSTNAME", "NO LAST NAM", "NO LASTNAME", "NOMIDDLENAME", "NO MIDDLE NAME", "FNU",
	} {
		if !PlaceholderName(first) {
			t.Errorf("PlaceholderName(%q) = false, want true", first)
		}
	}
	for _, first := range []string{
		"", "DON", "DAISY", "RAINBOW FANCYPANTS", "A", "B", "O", "NA", "NO", "NAM", "NONA M", "NONA", "NOAM", "NOEL", "BOYD", "BOYCE", "BOYAN", "MALEA", "MALEK",
		"BABETTE", "BABY JANE", "BOY GEORGE", "GIRLIE", "BO", "BAY", "ANN B", "J B", "TWINKLE", "TESSA", "TESTA", "ONE", "AB", "ÉLIE", "李", "BGORA", "INFANTA", "FEMI", "UNA",
	} {
		if PlaceholderName(first) {
			t.Errorf("PlaceholderName(%q) = true, want false", first)
		}
	}
}

func FuzzReadPhone(f *testing.F) {
	for _, s := range []string{"", "(651) 201-4629", "+1 651.201.4629", "2014629", "999-999-9999", "651‑201‑4629", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ReadPhone(s)
		if err != nil {
			if got != "" {
				t.Errorf("ReadPhone(%q) = %q and an error", s, got)
			}
			return
		}
		if len(got) != 0 && len(got) != 8 && len(got) != 12 {
			t.Errorf("ReadPhone(%q) = %q, want seven or ten digits", s, got)
		}
		if again, err := ReadPhone(got); again != got || err != nil {
			t.Errorf("ReadPhone(%q) = %q, which reads back as %q, %v", s, got, again, err)
		}
		if FakePhone(strings.ReplaceAll(got, "-", "")) {
			t.Errorf("ReadPhone(%q) = %q, which is fake", s, got)
		}
	})
}

func FuzzReadZip(f *testing.F) {
	for _, s := range []string{"", "55112", "55164-0975", "551640975", "5000", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ReadZip(s)
		if err != nil {
			return
		}
		if len(got) != 0 && len(got) != 5 && len(got) != 10 {
			t.Errorf("ReadZip(%q) = %q, want five or nine digits", s, got)
		}
		if again, err := ReadZip(got); again != got || err != nil {
			t.Errorf("ReadZip(%q) = %q, which reads back as %q, %v", s, got, again, err)
		}
	})
}

// Case, signs and spaces around never change what is junk and what is a
// placeholder.
func FuzzJunk(f *testing.F) {
	for _, s := range []string{"", "Needs Update", "12 Bad Address Ln", "xxx", "BABY BOY #1", "Boyd", "no first name", "ÉLIE", "\xff", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if foldText(s) == "" {
			return
		}
		dressed := " *" + strings.ToLower(foldText(s)) + "* "
		if a, b := JunkAddress(s), JunkAddress(dressed); a != b {
			t.Errorf("JunkAddress(%q) = %v, but JunkAddress(%q) = %v", s, a, dressed, b)
		}
		if a, b := PlaceholderName(s), PlaceholderName(dressed); a != b {
			t.Errorf("PlaceholderName(%q) = %v, but PlaceholderName(%q) = %v", s, a, dressed, b)
		}
	})
}
