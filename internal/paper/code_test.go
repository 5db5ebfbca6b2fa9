package paper

import "testing"

func TestReadCode(t *testing.T) {
	for _, test := range []struct {
		typed, want string
		ok          bool
	}{
		{"7F3K-22QX-9BHM", "7F3K22QX9BHM", true},
		{" 7f3k 22qx.9bhm ", "7F3K22QX9BHM", true},
		{"oiLu-0000-0000", "011V00000000", true},
		{"7F3K-22QX-9BH", "", false},
		{"7F3K-22QX-9BHMM", "", false},
		{"7F3K-22QX-9BH!", "", false},
		{"7F3K-22QX-9BHÉ", "", false},
		{"", "", false},
	} {
		if got, ok := ReadCode(test.typed); got != test.want || ok != test.ok {
			t.Errorf("ReadCode(%q) = %q, %v, want %q, %v", test.typed, got, ok, test.want, test.ok)
		}
	}
}

// TestNewCode holds that codes are read back as they are printed, and that each
// place takes every sign: 60 bits.
func TestNewCode(t *testing.T) {
	var seen [codeLength]map[byte]bool
	for i := range seen {
		seen[i] = map[byte]bool{}
	}
	all := map[string]bool{}
	for range 2000 {
		code := NewCode()
		if got, ok := ReadCode(GroupedCode(code)); got != code || !ok {
			t.Fatalf("ReadCode(%q) = %q, %v, want %q", GroupedCode(code), got, ok, code)
		}
		all[code] = true
		for i := range seen {
			seen[i][code[i]] = true
		}
	}
	if len(all) != 2000 {
		t.Errorf("%d codes of 2000 differ, want all", len(all))
	}
	for i, signs := range seen {
		if len(signs) != 32 {
			t.Errorf("place %d took %d signs, want 32", i, len(signs))
		}
	}
}

func TestGroupedCode(t *testing.T) {
	if got, want := GroupedCode("7F3K22QX9BHM"), "7F3K-22QX-9BHM"; got != want {
		t.Errorf("GroupedCode = %q, want %q", got, want)
	}
	if got := GroupedCode(""); got != "" {
		t.Errorf("GroupedCode of nothing = %q, want nothing", got)
	}
}
