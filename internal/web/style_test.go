package web

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast checks every pair of colours that meet on screen: text 4.5:1,
// edges of fields and other signs 3:1 (WCAG 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	css, err := static.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	colour := map[string]string{}
	root, _, _ := strings.Cut(string(css), "}")
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(root, -1) {
		colour[m[1]] = m[2]
	}
	used := map[string]bool{}
	check := func(front, back string, want float64) {
		t.Helper()
		used[front], used[back] = true, true
		if colour[front] == "" || colour[back] == "" {
			t.Errorf("no colour %s or %s", front, back)
			return
		}
		if got := contrast(colour[front], colour[back]); got < want {
			t.Errorf("%s on %s: %.2f, want %.1f", front, back, got, want)
		}
	}
	surfaces := []string{"page", "paper", "tint", "sky", "field"}
	for _, back := range surfaces {
		for _, text := range []string{"ink", "soft", "blue", "blue-dark", "bad"} {
			check(text, back, 4.5)
		}
		check("focus", back, 3)
		check("edge", back, 3)
	}
	for _, pair := range [][2]string{
		{"faint", "paper"}, {"deep", "paper"}, {"deep", "sky"}, {"deep", "page"}, {"soft", "shut"}, {"warn", "paper"}, {"warn", "page"}, {"warn", "tint"},
		{"on-navy", "navy"}, {"on-navy", "night"}, {"on-night", "night"}, {"on-navy", "blue"}, {"on-navy", "blue-dark"}, {"on-navy", "deep"},
		{"on-navy", "bad"}, {"on-navy", "violet"}, {"on-navy", "ink"}, {"good", "good-bg"}, {"warn", "warn-bg"}, {"bad", "bad-bg"}, {"violet", "violet-bg"},
		{"ink", "warn-bg"}, {"ink", "bad-bg"}, {"blue", "warn-bg"}, {"blue", "bad-bg"},
	} {
		check(pair[0], pair[1], 4.5)
	}
	for _, pair := range [][2]string{{"amber", "paper"}, {"amber", "tint"}, {"amber", "page"}, {"violet", "paper"}, {"deep", "tint"}} {
		check(pair[0], pair[1], 3)
	}
	// Lines only part what is apart anyway, by space or ground.
	for _, c := range []string{"line", "rule", "good-line", "warn-line", "bad-line"} {
		used[c] = true
	}
	for c := range colour {
		if !used[c] {
			t.Errorf("the colour %s is checked with nothing", c)
		}
	}
}

// contrast is the ratio of WCAG 2.2 between two colours like #1b2126.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(fmt.Sprintf("not a colour: %s", c))
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// TestStyle expects style and script to fetch nothing and to leave no colour
// outside the tokens that TestContrast checks, but for a few that stand alone.
func TestStyle(t *testing.T) {
	entries, err := static.ReadDir("static")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		b, err := static.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"@import", "http://", "https://", "eval(", "innerHTML", "document.write", "!important;}"} {
			if i := strings.Index(strings.ReplaceAll(string(b), "http://www.w3.org/2000/svg", ""), bad); i >= 0 {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}
