// Package archtest holds the rules of the source tree that a compiler does not
// check: which package may import which, which modules the program is made of,
// and where SQL may stand. It has tests only.
package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "openiis.org/iis"

// table says which packages of openiis each package may import, apart from its
// tests. Imports point from the doors to the heart to the leaves:
//
//	cmd/openiis → web → registry, signin → store, match, forecast → iis
//
// A package that is not in the table fails the test: put it here first.
var table = map[string][]string{
	".": {}, // iis, the vocabulary

	// Leaves: pure, except store, which alone speaks SQL.
	"internal/code":   {"."},
	"internal/mail":   {}, // knows nothing of clients or users
	"internal/match":  {"."},
	"internal/pdf":    {}, // knows nothing of clients
	"internal/roster": {"."},
	"internal/sample": {".", "internal/code"},
	"internal/store":  {".", "internal/match"},

	// The decision whether two records are one person's, upon what match knows of
	// names.
	"internal/match/pair": {".", "internal/match"},

	// The forecast engine, and the loader of the schedule it works by.
	"internal/forecast":      {".", "internal/code", "internal/forecast/cdsi"},
	"internal/forecast/cdsi": {"."},

	// What printed records say.
	"internal/paper": {".", "internal/code", "internal/forecast"},

	// The heart, and beside it who is asking.
	"internal/registry": {".", "internal/store", "internal/match", "internal/match/pair", "internal/forecast", "internal/code", "internal/paper", "internal/roster", "internal/mail"},
	"internal/signin":   {".", "internal/store"},

	// Doors: they translate, and never import one another or the store.
	"internal/web": {".", "internal/registry", "internal/signin", "internal/code", "internal/forecast", "internal/paper", "internal/pdf", "internal/roster"},

	// The program wires all of them.
	"cmd/openiis": {".", "internal/store", "internal/registry", "internal/signin", "internal/web", "internal/roster", "internal/mail", "internal/sample", "internal/match", "internal/match/pair", "internal/forecast"},

	// For tests alone; nothing above imports them.
	"internal/archtest":              {},
	"internal/forecast/forecasttest": {},
	"internal/mail/mailtest":         {},
	"internal/pgtest":                {},
	"internal/store/storetest":       {"internal/store", "internal/pgtest"},
	"internal/webtest":               {},

	// Programs that write tables of source.
	"internal/gen/commentcodes": {"."},
	"internal/gen/schedule":     {"internal/forecast/cdsi"},
	"internal/gen/vaccinecodes": {},
}

// std lists packages that import nothing but the standard library.
var std = []string{"."}

// modules says which packages import which modules directly, apart from tests.
// It is the whole list of what the program is made of besides Go itself.
var modules = map[string][]string{
	"codeberg.org/go-pdf/fpdf":       {"internal/pdf"},
	"github.com/alecthomas/kong":     {"cmd/openiis"},
	"github.com/go-fonts/liberation": {"internal/pdf"},
	"github.com/jackc/pgx/v5":        {"internal/store", "internal/store/storetest", "internal/pgtest"},
	"github.com/pressly/goose/v3":    {"internal/store"},
	"golang.org/x/crypto":            {"internal/signin"},
	"golang.org/x/text":              {"internal/match", "internal/pdf", "internal/registry", "internal/signin", "internal/store"},
	"modernc.org/sqlite":             {"internal/store"},
	"rsc.io/qr":                      {"internal/pdf"},

	// Drivers of tests, in packages that are only for tests.
	"github.com/andybalholm/cascadia": {"internal/webtest"},
	"github.com/chromedp/cdproto":     {"internal/webtest"},
	"github.com/chromedp/chromedp":    {"internal/webtest"},
	"golang.org/x/net":                {"internal/webtest"},
}

// forTests are packages that only tests import.
var forTests = []string{"internal/archtest", "internal/forecast/forecasttest", "internal/mail/mailtest", "internal/pgtest", "internal/store/storetest", "internal/webtest"}

// testModules are modules that tests may import besides those of the program.
var testModules = []string{"github.com/google/go-cmp", "github.com/jba/templatecheck", "github.com/makiuchi-d/gozxing", "github.com/pdfcpu/pdfcpu", "github.com/xrash/smetrics", "pgregory.net/rapid"}

// file is one Go file of the tree.
type file struct {
	path string // from the root, with slashes
	pkg  string // its directory; "." for the root
	test bool
	ast  *ast.File
	fset *token.FileSet
}

// imports yields the import paths of the file.
func (f file) imports() []string {
	paths := make([]string, len(f.ast.Imports))
	for i, s := range f.ast.Imports {
		paths[i], _ = strconv.Unquote(s.Path.Value) // the parser has read it
	}
	return paths
}

// files parses every Go file of the tree.
func files(t *testing.T) []file {
	t.Helper()
	var list []file
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("parse: %v", err)
			return
		}
		list = append(list, file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), f, fset})
	})
	return list
}

const root = "../.."

// walk calls f with each file of the tree, leaving out what is not source.
func walk(t *testing.T, f func(name string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		name, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		f(filepath.ToSlash(name))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// split tells a package of openiis from one of a module or of Go itself.
func split(imported string) (own, mod string) {
	if imported == module {
		return ".", ""
	}
	if own, ok := strings.CutPrefix(imported, module+"/"); ok {
		return own, ""
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return "", ""
	}
	for m := range modules {
		if imported == m || strings.HasPrefix(imported, m+"/") {
			return "", m
		}
	}
	for _, m := range testModules {
		if imported == m || strings.HasPrefix(imported, m+"/") {
			return "", m
		}
	}
	return "", imported
}

// TestImports holds the tree to the table of imports.
func TestImports(t *testing.T) {
	for _, f := range files(t) {
		allowed, known := table[f.pkg]
		if !known {
			t.Errorf("%s: package %s is not in the table of imports: put it there before adding code", f.path, f.pkg)
			continue
		}
		for _, imported := range f.imports() {
			own, mod := split(imported)
			switch {
			case f.test:
			case own != "" && !slices.Contains(allowed, own):
				t.Errorf("%s: %s may not import %s", f.path, f.pkg, own)
			case own != "" && slices.Contains(forTests, own) && !slices.Contains(forTests, f.pkg):
				t.Errorf("%s: %s is for tests alone", f.path, own)
			case mod != "" && slices.Contains(std, f.pkg):
				t.Errorf("%s: %s may import the standard library alone, not %s", f.path, f.pkg, imported)
			case mod != "" && !slices.Contains(modules[mod], f.pkg):
				t.Errorf("%s: %s may not import %s: see the list of modules", f.path, f.pkg, imported)
			}
			if mod == imported && modules[mod] == nil && !slices.Contains(testModules, mod) {
				t.Errorf("%s: module of %s is not in the list of modules", f.path, imported)
			}
		}
	}
}

// TestModules holds go.mod to the list of modules: a new dependency is a
// decision, not an accident.
func TestModules(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^(?:require |\t)(\S+) v\S+$`)
	got := map[string]bool{}
	for _, m := range direct.FindAllStringSubmatch(string(text), -1) {
		got[m[1]] = true
	}
	want := map[string]bool{}
	for m := range modules {
		want[m] = true
	}
	for _, m := range testModules {
		want[m] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("direct requirements of go.mod (-want +got):\n%s", diff)
	}
}

// statement finds a text that begins as a statement of SQL does.
var statement = regexp.MustCompile(`^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|ROLE)|ALTER\s+TABLE|DROP\s+TABLE|WITH\s+\w+\s+AS|PRAGMA\s)`)

// TestSQL keeps every statement in package store.
func TestSQL(t *testing.T) {
	inStore := func(pkg string) bool { return pkg == "internal/store" || strings.HasPrefix(pkg, "internal/store/") }
	for _, f := range files(t) {
		if inStore(f.pkg) {
			continue
		}
		if slices.Contains(f.imports(), "database/sql") {
			t.Errorf("%s: database/sql is for package store alone", f.path)
		}
		if f.test {
			continue // tests send statements where names belong, to see them refused
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, _ := strconv.Unquote(lit.Value); statement.MatchString(strings.ReplaceAll(s, "\n", " ")) {
					t.Errorf("%s: SQL outside package store", f.fset.Position(n.Pos()))
				}
			}
			return true
		})
	}
}

// callers are the functions and types by which a program asks another for
// something over the network.
var callers = map[string][]string{
	"http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "NewRequest", "NewRequestWithContext", "Transport", "DefaultTransport"},
	"net":  {"Dial", "DialTimeout", "DialTCP", "DialUDP", "Dialer", "LookupHost", "LookupIP"},
	"rpc":  {"Dial", "DialHTTP"},
	"smtp": {"Dial", "SendMail"},
}

// TestNothingCallsOut holds that no request can make the program ask another
// one, whatever address it names: only the store dials, its database, and mail, the
// server that the operator has named.
func TestNothingCallsOut(t *testing.T) {
	for _, f := range files(t) {
		if f.test || f.pkg == "internal/store" || f.pkg == "internal/mail" || slices.Contains(forTests, f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(callers[x.Name], sel.Sel.Name) {
				t.Errorf("%s: %s.%s asks over the network", f.fset.Position(n.Pos()), x.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

// TestStatement shows what TestSQL takes for a statement.
func TestStatement(t *testing.T) {
	for s, want := range map[string]bool{
		"SELECT id FROM client":           true,
		"\n\tUPDATE client SET last = $1": true,
		"DELETE FROM draft":               true,
		"Select the radio button":         false,
		"Delete":                          false,
		"UPDATE":                          false,
	} {
		if got := statement.MatchString(strings.ReplaceAll(s, "\n", " ")); got != want {
			t.Errorf("statement(%q) = %v, want %v", s, got, want)
		}
	}
}

// elsewhere finds the path of someone's own machine.
var elsewhere = regexp.MustCompile(`(^|[\s"'(=` + "`" + `])/(work|home|root|Users|mnt)/[A-Za-z0-9._-]`)

// TestPaths finds files that only make sense on the machine they were written
// on.
func TestPaths(t *testing.T) {
	walk(t, func(name string) {
		switch path.Ext(name) {
		case ".go", ".md", ".html", ".css", ".js", ".sql", ".json", ".mod", ".csv", ".txt", "":
		default:
			return
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(text, 0) {
			return // a program that was built here
		}
		for i, line := range strings.Split(string(text), "\n") {
			if elsewhere.MatchString(line) {
				t.Errorf("%s:%d: a path of another machine", name, i+1)
			}
		}
	})
}
