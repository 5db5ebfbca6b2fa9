package match

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, test := range []struct {
		in, want string
		tokens   string
	}{
		{"", "", ""},
		{"DUCK", "DUCK", "DUCK"},
		{"O'Neil", "ONEIL", "ONEIL"},
		{"O’Neil", "ONEIL", "ONEIL"},
		{"oʼneil", "ONEIL", "ONEIL"},
		{"O Neil", "ONEIL", "O NEIL"},
		{"Smith-Jones", "SMITHJONES", "SMITH JONES"},
		{"Smith – Jones", "SMITHJONES", "SMITH JONES"},
		{" van  der Berg ", "VANDERBERG", "VAN DER BERG"},
		{"St. Clair", "STCLAIR", "ST CLAIR"},
		{"J.R.", "JR", "JR"},
		{"Núñez", "NUNEZ", "NUNEZ"},
		{"Nu\u0301n\u0303ez", "NUNEZ", "NUNEZ"},
		{"Müller", "MULLER", "MULLER"},
		{"Groß", "GROSS", "GROSS"},
		{"Sørensen", "SORENSEN", "SORENSEN"},
		{"Æbelø", "AEBELO", "AEBELO"},
		{"Łukasz Đorđević", "LUKASZDORDEVIC", "LUKASZ DORDEVIC"},
		{"İpek Işık", "IPEKISIK", "IPEK ISIK"},
		{"Þórður", "THORDUR", "THORDUR"},
		{"Nguyễn", "NGUYEN", "NGUYEN"},
		{"ﬁona", "FIONA", "FIONA"},
		{"Ｄｕｃｋ", "DUCK", "DUCK"},
		{"Du\u00adck", "DUCK", "DUCK"},
		{"Du\u200bck", "DUCK", "DUCK"},
		{"3rd", "3RD", "3RD"},
		{"Иван", "ИВАН", "ИВАН"},
		{"王小明", "王小明", "王小明"},
		{"a\xff\xfeb", "AB", "AB"},
		{"--,;", "", ""},
		{"<b>x</b>", "BXB", "B X B"},
		{strings.Repeat("AB ", 100), strings.Repeat("AB", 32), ""},
	} {
		if got := Fold(test.in); got != test.want {
			t.Errorf("Fold(%q) = %q, want %q", test.in, got, test.want)
		}
		if got := strings.Join(Tokens(test.in), " "); got != test.tokens && test.tokens != "" {
			t.Errorf("Tokens(%q) = %q, want %q", test.in, got, test.tokens)
		}
	}
}

func TestFoldOfFoldedAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Fold("ANDERSON") }); n != 0 {
		t.Errorf("Fold of a folded name allocates %v times, want 0", n)
	}
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() { AppendFold(buf, "Smith-Jones O'Neil") }); n != 0 {
		t.Errorf("AppendFold of ASCII allocates %v times, want 0", n)
	}
}

// checkFold is what holds for any text whatever.
func checkFold(t interface {
	Fatalf(string, ...any)
}, s string) {
	f := Fold(s)
	if len(f) > maxFolded {
		t.Fatalf("Fold(%q) has %d bytes", s, len(f))
	}
	if !utf8.ValidString(f) {
		t.Fatalf("Fold(%q) = %q, not UTF-8", s, f)
	}
	if again := Fold(f); again != f {
		t.Fatalf("Fold(%q) = %q, folded again %q", s, f, again)
	}
	if strings.ContainsAny(f, " \x00-'|.") {
		t.Fatalf("Fold(%q) = %q, which holds a separator", s, f)
	}
	tokens := Tokens(s)
	if slices.Contains(tokens, "") {
		t.Fatalf("Tokens(%q) = %q, with an empty one", s, tokens)
	}
	if whole := strings.Join(tokens, ""); len(f) < maxFolded/2 && whole != f {
		t.Fatalf("Tokens(%q) = %q, want the parts of %q", s, tokens, f)
	}
	Sound(f)
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "O'Neil-Ñandú", "ẞßŒ", "\xff\xfe", "e\u0301\u0301\u0301", "ﷺ", "ſ", "ŉ", "ǅ", "Ⅷ", "½", "\u0345", "ᾳ", "i̇"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}

func TestFoldOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkFold(t, rapid.String().Draw(t, "s")) })
}
