package archtest

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// guidePoints is how many points the guide has in docs/guide-coverage.md.
const guidePoints = 76

var namedTest = regexp.MustCompile("`(\\w+)\\.(Test\\w+|Fuzz\\w+)`")

// TestGuideCoverage checks that docs/guide-coverage.md has every point of the
// guide once, in order, and that the tests it names exist. A point without a
// test says in bold that it is not met.
func TestGuideCoverage(t *testing.T) {
	tests := map[string]bool{}
	for _, f := range files(t) {
		if !f.test {
			continue
		}
		pkg := path.Base(f.pkg)
		if f.pkg == "." {
			pkg = "iis"
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				tests[pkg+"."+fn.Name.Name] = true
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "guide-coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	next := 1
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(cells[1]))
		if err != nil {
			continue // the head of the table
		}
		if n != next {
			t.Errorf("point %d stands where %d is expected", n, next)
		}
		next = n + 1
		named := namedTest.FindAllStringSubmatch(cells[4], -1)
		if len(named) == 0 && !strings.Contains(cells[2], "**") {
			t.Errorf("point %d names no test", n)
		}
		for _, m := range named {
			if !tests[m[1]+"."+m[2]] {
				t.Errorf("point %d names %s.%s, which does not exist", n, m[1], m[2])
			}
		}
	}
	if next != guidePoints+1 {
		t.Errorf("the last point is %d, want %d", next-1, guidePoints)
	}
}
