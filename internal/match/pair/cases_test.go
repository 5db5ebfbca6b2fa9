package pair

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCases holds the shipped policy against pairs of our own, each of a kind
// that registries meet: testdata/cases.ndjson.
func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	p := Shipped()
	book := NewBook(p)
	var c Comparer
	s := bufio.NewScanner(bytes.NewReader(b))
	n := 0
	for s.Scan() {
		var l struct {
			Case string `json:"case"`
			A, B Facts
			Want []Answer `json:"want"`
		}
		d := json.NewDecoder(strings.NewReader(s.Text()))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		n++
		a, err := book.Prepare(l.A)
		if err != nil {
			t.Fatal(err)
		}
		b, err := book.Prepare(l.B)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			d := p.Decide(&c, a, b)
			if !strings.Contains(either(l.Want), string(d.Answer)) {
				t.Errorf("%s: %s %.1f, want %s: %s", l.Case, d.Answer, d.Score, either(l.Want), strings.Join(p.Why(a, b, d), "; "))
			}
			a, b = b, a
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	if n < 50 {
		t.Errorf("%d cases, want 50 or more", n)
	}
}

func either(list []Answer) string {
	var s []string
	for _, a := range list {
		s = append(s, string(a))
	}
	return strings.Join(s, " or ")
}

// TestBothWays: which of two records comes first makes no difference.
func TestBothWays(t *testing.T) {
	all := invented(9, 3000)
	book, other := NewBook(Shipped()), NewBook(Shipped())
	var c Comparer
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(all)-1).Draw(t, "i")
		j := min(len(all)-1, i+rapid.IntRange(0, 6).Draw(t, "more")) // often of one household
		a, err := book.Prepare(all[i].facts)
		if err != nil {
			t.Fatal(err)
		}
		b, err := book.Prepare(all[j].facts)
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := other.Prepare(all[j].facts)
		if err != nil {
			t.Fatal(err)
		}
		one, two, three := Shipped().Decide(&c, a, b), Shipped().Decide(&c, b, a), Shipped().Decide(&c, a, stranger)
		if one != two {
			t.Fatalf("Decide = %+v, the other way %+v", one, two)
		}
		if one != three {
			t.Fatalf("Decide = %+v, with a profile of another book %+v", one, three)
		}
	})
}
