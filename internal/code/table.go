package code

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"openiis.org/iis"
)

//go:generate go run ../gen/vaccinecodes -from $OPENIIS_CODE_DATA -o codes.txt

// shipped is the table that ships with the program.
//
//go:embed codes.txt
var shipped string

// loaded is the table, read at the first question.
var loaded = sync.OnceValue(func() *table {
	t, err := read(shipped)
	if err != nil {
		panic("code: the table inside the program: " + err.Error()) // the tests read it
	}
	return t
})

// table is every code, ready to be looked up.
type table struct {
	version       iis.Date
	sources       []Source
	groups        []Group
	vaccines      []Vaccine
	byCVX         map[iis.CVX]*Vaccine
	manufacturers []Manufacturer
	byMVX         map[iis.MVX]*Manufacturer
	products      []Product
	productsOf    map[iis.CVX][]Product
	productsNamed map[string][]Product
	packages      map[iis.NDC][]Package
	statements    map[iis.CVX][]VIS
}

// Source is a file of CDC's that the table is made from.
type Source struct {
	File    string
	Updated iis.Date // latest update of an entry; zero if the entries tell none
	Entries int      // in CDC's file; some stand twice there
}

// Sources returns the files the table is made from.
func Sources() []Source { return slices.Clone(loaded().sources) }

// Version returns the day of the latest update that is in the table.
func Version() iis.Date { return loaded().version }

// read reads the table that internal/gen/vaccinecodes writes: an entry a line,
// fields between tabs, the kind first.
func read(text string) (*table, error) {
	t := &table{
		byCVX: map[iis.CVX]*Vaccine{}, byMVX: map[iis.MVX]*Manufacturer{},
		productsOf: map[iis.CVX][]Product{}, productsNamed: map[string][]Product{},
		packages: map[iis.NDC][]Package{}, statements: map[iis.CVX][]VIS{},
	}
	var f [8]string
	n := 0
	for line := range strings.Lines(text) {
		if n++; line[0] == '#' {
			continue
		}
		if err := t.add(fields(&f, strings.TrimSuffix(line, "\n"))); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	t.order()
	return t, nil
}

// fields cuts a line at its tabs.
func fields(f *[8]string, line string) []string {
	for i := range f {
		var more bool
		if f[i], line, more = strings.Cut(line, "\t"); !more {
			return f[:i+1]
		}
	}
	return nil
}

// add takes one entry.
func (t *table) add(f []string) error {
	kind := ""
	if len(f) > 0 {
		kind = f[0]
	}
	switch {
	case kind == "source" && len(f) == 4:
		return t.addSource(f[1:])
	case kind == "group" && len(f) == 5:
		t.groups = append(t.groups, Group{CDC: f[1], CVX: iis.CVX(f[2]), Forecast: f[3] == "F", Name: f[4]})
		return nil
	case kind == "vaccine" && len(f) == 8:
		return t.addVaccine(f[1:])
	case kind == "maker" && len(f) == 4:
		s, err := status(f[2])
		t.manufacturers = append(t.manufacturers, Manufacturer{MVX: iis.MVX(f[1]), Status: s, Name: f[3]})
		return err
	case kind == "product" && len(f) == 5:
		s, err := status(f[3])
		t.products = append(t.products, Product{CVX: iis.CVX(f[1]), MVX: iis.MVX(f[2]), Status: s, TradeName: f[4]})
		return err
	case kind == "package" && len(f) == 8:
		return t.addPackage(f[1:])
	case kind == "vis" && len(f) == 7:
		return t.addStatement(f[1:])
	}
	return fmt.Errorf("there is no entry %q of %d fields", kind, len(f))
}

func (t *table) addSource(f []string) error {
	day, err := iis.ParseDate(f[1])
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(f[2])
	t.sources = append(t.sources, Source{File: f[0], Updated: day, Entries: n})
	if day.After(t.version) {
		t.version = day
	}
	return err
}

// order sorts the lists as people look things up in them, and indexes them.
func (t *table) order() {
	slices.SortStableFunc(t.vaccines, func(a, b Vaccine) int {
		return cmp.Or(compareFold(a.Short, b.Short), compareNumbers(a.CVX, b.CVX))
	})
	for i := range t.vaccines {
		t.byCVX[t.vaccines[i].CVX] = &t.vaccines[i]
	}
	slices.SortStableFunc(t.manufacturers, func(a, b Manufacturer) int { return compareFold(a.Name, b.Name) })
	for i := range t.manufacturers {
		t.byMVX[t.manufacturers[i].MVX] = &t.manufacturers[i]
	}
	slices.SortStableFunc(t.products, func(a, b Product) int {
		return cmp.Or(a.Status.rank()-b.Status.rank(), compareFold(a.TradeName, b.TradeName), compareNumbers(a.CVX, b.CVX), cmp.Compare(a.MVX, b.MVX))
	})
	for _, p := range t.products {
		t.productsOf[p.CVX] = append(t.productsOf[p.CVX], p)
		name := fold(p.TradeName)
		t.productsNamed[name] = append(t.productsNamed[name], p)
	}
	slices.SortStableFunc(t.products, func(a, b Product) int { return compareFold(a.TradeName, b.TradeName) })
	for _, list := range t.packages {
		slices.SortStableFunc(list, func(a, b Package) int { return t.rank(a.MVX) - t.rank(b.MVX) })
	}
	for _, list := range t.statements {
		slices.SortStableFunc(list, func(a, b VIS) int {
			if a.Current != b.Current {
				if a.Current {
					return -1
				}
				return 1
			}
			return cmp.Or(b.Edition.Compare(a.Edition), compareFold(a.Name, b.Name))
		})
	}
}

// rank puts manufacturers that still make something before the others.
func (t *table) rank(mvx iis.MVX) int {
	if m := t.byMVX[mvx]; m != nil {
		return m.Status.rank()
	}
	return len(statuses)
}

// fold makes what is typed and what is stored comparable: small letters, single
// spaces.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// compareFold puts texts in the order of a word list, where capitals of English
// stand with their small letters.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
