package match

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// slowDistance is the textbook recursion for the optimal string alignment,
// written without regard to the code it checks.
func slowDistance(a, b string) int {
	known := map[[2]int]int{}
	var d func(i, j int) int
	d = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if n, ok := known[[2]int{i, j}]; ok {
			return n
		}
		n := min(d(i-1, j), d(i, j-1)) + 1
		if a[i-1] == b[j-1] {
			n = min(n, d(i-1, j-1))
		} else {
			n = min(n, d(i-1, j-1)+1)
		}
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			n = min(n, d(i-2, j-2)+1)
		}
		known[[2]int{i, j}] = n
		return n
	}
	return d(len(a), len(b))
}

// slowJaroWinkler follows Winkler's definition letter by letter: letters agree
// if they are equal, unused and no further apart than half the longer name less
// one.
func slowJaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	if a == "" || b == "" {
		return 0
	}
	reach := int(math.Floor(float64(max(len(a), len(b)))/2)) - 1
	usedA, usedB := map[int]bool{}, map[int]bool{}
	for j := range b {
		for i := range a {
			if math.Abs(float64(i-j)) <= float64(max(reach, 0)) && !usedA[i] && a[i] == b[j] {
				usedA[i], usedB[j] = true, true
				break
			}
		}
	}
	var inA, inB []byte
	for i := range len(a) {
		if usedA[i] {
			inA = append(inA, a[i])
		}
	}
	for j := range len(b) {
		if usedB[j] {
			inB = append(inB, b[j])
		}
	}
	m := float64(len(inA))
	if m == 0 {
		return 0
	}
	t := 0
	for i := range inA {
		if inA[i] != inB[i] {
			t++
		}
	}
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(t/2))/m) / 3
	if jaro < 0.7 {
		return jaro
	}
	l := 0.0
	for i := 0; i < 4 && i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		l++
	}
	return jaro + l*0.1*(1-jaro)
}

// TestScores holds scores that must not move: results of searches are ranked by
// them.
func TestScores(t *testing.T) {
	for _, test := range []struct {
		a, b string
		d    int
		jw   float64
	}{
		{"", "", 0, 1},
		{"", "DUCK", 4, 0},
		{"DUCK", "DUCK", 0, 1},
		{"DUK", "DUCK", 1, 0.9333},
		{"DICK", "DUCK", 1, 0.8500},
		{"MARTHA", "MARHTA", 1, 0.9611},
		{"DIXON", "DICKSONX", 4, 0.8133},
		{"DWAYNE", "DUANE", 2, 0.8400},
		{"MORFIN", "OMRFIN", 1, 0.9444},
		{"CA", "ABC", 3, 0}, // two edits if letters could be put between swapped ones
		{"JONES", "JOHNSON", 4, 0.8324},
		{"SMITH", "SMYTHE", 2, 0.8578},
		{"ANDERSON", "ANDERSEN", 1, 0.9500},
		{"AB", "BA", 1, 0},
	} {
		if got := Distance(test.a, test.b); got != test.d {
			t.Errorf("Distance(%q, %q) = %d, want %d", test.a, test.b, got, test.d)
		}
		if got := JaroWinkler(test.a, test.b); math.Abs(got-test.jw) > 0.00005 {
			t.Errorf("JaroWinkler(%q, %q) = %.4f, want %.4f", test.a, test.b, got, test.jw)
		}
	}
}

func TestDistancesAgreeWithTheTextbook(t *testing.T) {
	names := rapid.StringMatching(`[A-F]{0,12}|[A-Z]{0,80}|[A-C]{60,70}|[A-Ca-c0-2@ ]{0,12}`)
	common := rapid.StringMatching(`|[A-C]{0,3}|[A-F]{0,20}`)
	var reused Pattern
	rapid.Check(t, func(t *rapid.T) {
		a, b := names.Draw(t, "a"), names.Draw(t, "b")
		begin, end := common.Draw(t, "begin"), common.Draw(t, "end")
		a, b = begin+a+end, begin+b+end
		if got, want := Distance(a, b), slowDistance(a, b); got != want {
			t.Fatalf("Distance(%q, %q) = %d, want %d", a, b, got, want)
		}
		if got, want := JaroWinkler(a, b), slowJaroWinkler(a, b); math.Abs(got-want) > 1e-12 {
			t.Fatalf("JaroWinkler(%q, %q) = %v, want %v", a, b, got, want)
		}
		if got, want := Distance(b, a), Distance(a, b); got != want {
			t.Fatalf("Distance(%q, %q) = %d, the other way %d", b, a, got, want)
		}
		if got, want := plainDistance([]rune(a), []rune(b)), Distance(a, b); got != want {
			t.Fatalf("plainDistance(%q, %q) = %d, want %d", a, b, got, want)
		}
		if got, want := plainJaroWinkler([]rune(a), []rune(b)), slowJaroWinkler(a, b); a != b && math.Abs(got-want) > 1e-12 {
			t.Fatalf("plainJaroWinkler(%q, %q) = %v, want %v", a, b, got, want)
		}
		reused.Set(a) // a pattern used before is as good as a new one
		if got, want := reused.Distance(b), Distance(a, b); got != want {
			t.Fatalf("reused Distance(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}

func TestDistancesOfOtherAlphabets(t *testing.T) {
	if got := Distance("ИВАН", "ИВЕН"); got != 1 {
		t.Errorf("Distance of Cyrillic names = %d, want 1", got)
	}
	if got := JaroWinkler("ИВАН", "ИВАН"); got != 1 {
		t.Errorf("JaroWinkler of equal names = %v, want 1", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if d := Distance(a, b); d < 0 || d > max(len(a), len(b)) || (d == 0) != (a == b) {
			t.Fatalf("Distance(%q, %q) = %d", a, b, d)
		}
		if s := JaroWinkler(a, b); s < 0 || s > 1 || math.IsNaN(s) {
			t.Fatalf("JaroWinkler(%q, %q) = %v", a, b, s)
		}
	})
}

func TestComparingAllocatesNothing(t *testing.T) {
	p := NewPattern("ANDERSON")
	if n := testing.AllocsPerRun(100, func() { p.Distance("ANDERSEN"); p.JaroWinkler("ANDREWSON") }); n != 0 {
		t.Errorf("comparing allocates %v times, want 0", n)
	}
}

func BenchmarkDistance(b *testing.B) {
	p := NewPattern("ANDERSON")
	for b.Loop() {
		p.Distance("ANDREWSEN")
	}
}

func BenchmarkJaroWinkler(b *testing.B) {
	p := NewPattern("ANDERSON")
	for b.Loop() {
		p.JaroWinkler("ANDREWSEN")
	}
}
