package code

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

var update = flag.Bool("update", false, "rewrite the figures of testdata from CDC's files")

// figures are counts by what is counted.
type figures map[string]int

func (f figures) String() string {
	var lines []string
	for what, n := range f {
		lines = append(lines, fmt.Sprintf("%s\t%d\n", what, n))
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// TestFigures holds the table to the figures of CDC's files. testdata has the
// figures, so that the table is held to them without the files too.
func TestFigures(t *testing.T) {
	got := figures{}
	got["version "+Version().String()]++
	for _, v := range Vaccines() {
		got["vaccines "+string(v.Status)]++
		for _, g := range v.Groups {
			got["vaccines of "+g]++
		}
		for _, s := range VISOf(v.CVX) {
			got["statements on vaccines"]++
			if s.Current {
				got["statements on vaccines, current"]++
			}
		}
	}
	for _, m := range Manufacturers() {
		got["manufacturers "+string(m.Status)]++
	}
	for _, p := range Products() {
		got["products "+string(p.Status)]++
	}
	for _, list := range loaded().packages {
		got["packages"]++
		seen := map[iis.CVX]bool{}
		for _, p := range list {
			if !seen[p.CVX] {
				got["packages by vaccine"]++
			}
			seen[p.CVX] = true
		}
	}
	name := filepath.Join("testdata", "figures.tsv")
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("figures of the table (-want +got):\n%s", diff)
	}
}

// TestFiguresOfSource counts CDC's files anew, in another way than the program
// that makes the table reads them, and holds testdata to that.
func TestFiguresOfSource(t *testing.T) {
	dir := os.Getenv("OPENIIS_CODE_DATA")
	if dir == "" {
		t.Skip("OPENIIS_CODE_DATA does not name the folder of CDC's code sets (docs/codes.md)")
	}
	file := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	value := func(name string) string { return `<Name>` + name + `</Name>\s*<Value>([^<]*?)\s*</Value>` }
	f := figures{}
	latest := time.Time{}
	day := func(form string, s string) {
		d, err := time.Parse(form, s)
		if err != nil {
			t.Fatal(err)
		}
		if d.After(latest) {
			latest = d
		}
	}

	// count counts the matches of a pattern by what it catches.
	count := func(name, pattern, what string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(file(name), -1) {
			f[what+m[1]]++
		}
	}
	count("cvx.xml", `<Status>([^<]+)</Status>`, "vaccines ")
	count("mvx.xml", value("Status"), "manufacturers ")
	count("vac2vg.xml", value("Vaccine Group Name"), "vaccines of ")
	count("cvxvis.xml", `<CVXVISMapping()>`, "statements on vaccines")
	count("cvxvis.xml", `<Status>Current()</Status>`, "statements on vaccines, current")

	seen := map[string]bool{} // a product twice is one
	product := regexp.MustCompile(`(?s)` + value("CDC Product Name") + `.*?` + value("CVXCode") + `.*?` + value("MVX Code") + `.*?` + value("Product name Status"))
	empty := regexp.MustCompile(`<Value\s*/>`)
	for _, m := range product.FindAllStringSubmatch(empty.ReplaceAllString(file("tradename.xml"), "<Value></Value>"), -1) {
		if key := strings.Join(m[1:], "|"); !seen[key] {
			seen[key] = true
			f["products "+m[4]]++
		}
	}
	for name, cvx := range map[string]int{"NDC_Unit_use.txt": 11, "NDC_Unit_sale.txt": 12} {
		for line := range strings.Lines(file(name)) {
			c := strings.Split(line, "|")
			for _, s := range c {
				if len(s) == len(time.DateTime) && strings.HasSuffix(s, " 00:00:00") {
					day(time.DateTime, s)
				}
			}
			ndc := c[14]
			if !seen[ndc] {
				f["packages"]++
			}
			if !seen[ndc+c[cvx]] {
				f["packages by vaccine"]++
			}
			seen[ndc], seen[ndc+c[cvx]] = true, true
		}
	}
	for _, m := range regexp.MustCompile(`(?i)<lastupdated>([^<]+)<|Last Updated</Name>\s*<Value>([^<]+)<`).FindAllStringSubmatch(file("cvx.xml")+file("vis.xml")+file("mvx.xml")+file("tradename.xml"), -1) {
		day("1/2/2006", m[1]+m[2])
	}
	f["version "+latest.Format(time.DateOnly)]++

	name := filepath.Join("testdata", "figures.tsv")
	if *update {
		if err := os.WriteFile(name, []byte(f.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f.String(), string(got)); diff != "" {
		t.Errorf("testdata (-CDC's files +testdata):\n%s", diff)
	}
}
