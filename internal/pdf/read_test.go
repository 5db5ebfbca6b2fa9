package pdf_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"openiis.org/iis/internal/pdf"
)

// A reader reads a file back as a screen reader does: by the tree of elements,
// not by what stands where.
type reader struct {
	t       *testing.T
	ctx     *model.Context
	catalog types.Dict
	pages   map[int]int // page numbers from 0, by the number of their object
	texts   []map[int]string
	marks   []map[int]string // tags of the pieces of each page
	asides  []string         // text of each page that is no part of the document
	root    *node
}

// node is an element as it was read.
type node struct {
	kind, id, lang, alt, scope string
	headers                    []string
	span                       int
	parts                      []any // text and nodes in reading order
	pages                      []int // of its own pieces
}

func write(t testing.TB, d pdf.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read parses and validates the file, and holds that each thing drawn is either
// part of the text or set aside, that the pieces of each page are numbered
// without gaps, and that page and tree agree about each of them.
func read(t *testing.T, file []byte) *reader {
	t.Helper()
	api.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationStrict
	ctx, err := api.ReadAndValidate(bytes.NewReader(file), conf)
	if err != nil {
		t.Fatalf("validate: %v", err)
	}
	r := &reader{t: t, ctx: ctx, pages: map[int]int{}}
	r.catalog, err = ctx.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	parents := r.parents()
	for i := range ctx.PageCount {
		d, ref, _, err := ctx.PageDict(i+1, false)
		if err != nil {
			t.Fatal(err)
		}
		r.pages[int(ref.ObjectNumber)] = i
		if got, want := d["Tabs"], types.Name("S"); got != want {
			t.Errorf("page %d: Tabs = %v, want %v", i, got, want)
		}
		if got, want := d["StructParents"], types.Integer(i); got != want {
			t.Errorf("page %d: StructParents = %v, want %v", i, got, want)
		}
		content, err := ctx.PageContent(d, i+1)
		if err != nil {
			t.Fatal(err)
		}
		r.content(content)
		if got, want := len(r.texts[i]), len(parents[i]); got != want {
			t.Errorf("page %d: %d pieces on it, %d in the tree of parents", i, got, want)
		}
	}
	seen := map[string]bool{}
	tree := r.dict(r.catalog["StructTreeRoot"])
	r.root = r.node(tree["K"].(types.IndirectRef), nil, parents, seen)
	for i, texts := range r.texts {
		for n := range texts {
			if !seen[fmt.Sprint(i, " ", n)] {
				t.Errorf("piece %d of page %d is in no element", n, i)
			}
		}
	}
	return r
}

func (r *reader) dict(o types.Object) types.Dict {
	r.t.Helper()
	d, err := r.ctx.DereferenceDict(o)
	if err != nil || d == nil {
		r.t.Fatalf("dictionary %v: %v", o, err)
	}
	return d
}

func (r *reader) text(o types.Object) string {
	if o == nil {
		return ""
	}
	s, err := r.ctx.DereferenceText(o)
	if err != nil {
		r.t.Fatalf("text %v: %v", o, err)
	}
	return s
}

// parents reads which object each piece of each page belongs to.
func (r *reader) parents() [][]int {
	nums := r.dict(r.dict(r.catalog["StructTreeRoot"])["ParentTree"])["Nums"].(types.Array)
	var all [][]int
	for i := 0; i < len(nums); i += 2 {
		if got := nums[i]; got != types.Integer(len(all)) {
			r.t.Fatalf("tree of parents: page %v, want %d", got, len(all))
		}
		var list []int
		for _, ref := range nums[i+1].(types.Array) {
			list = append(list, int(ref.(types.IndirectRef).ObjectNumber))
		}
		all = append(all, list)
	}
	return all
}

var (
	begin = regexp.MustCompile(`^/(\w+) <<(?:/MCID |/)?(.*?)>> BDC$`)
	shown = regexp.MustCompile(`(?s)^BT [-\d.]+ [-\d.]+ Td \((.*)\) Tj ET$`)
	paint = regexp.MustCompile(`(^| )(S|s|f|F|f\*|B|B\*|b|Do|sh|TJ|EI|ET)$`)
)

// content reads what is drawn on a page.
func (r *reader) content(content []byte) {
	texts, marks := map[int]string{}, map[int]string{}
	var aside strings.Builder
	open := "" // the tag of the piece that is open
	number := -1
	for _, op := range operations(content) {
		if m := begin.FindStringSubmatch(op); m != nil {
			if open != "" {
				r.t.Errorf("page %d: %q within %s", len(r.texts), op, open)
			}
			open, number = m[1], -1
			if open != "Artifact" {
				n, err := strconv.Atoi(m[2])
				if err != nil || n != len(texts) {
					r.t.Errorf("page %d: piece %q, want number %d", len(r.texts), op, len(texts))
				}
				number = n
				texts[n], marks[n] = "", open
			}
			continue
		}
		if op == "EMC" {
			if open == "" {
				r.t.Errorf("page %d: EMC of nothing", len(r.texts))
			}
			open = ""
			continue
		}
		if open == "" && paint.MatchString(op) && !strings.HasSuffix(op, "Tf ET") {
			r.t.Errorf("page %d: %q is neither text nor set aside", len(r.texts), op)
		}
		if m := shown.FindStringSubmatch(op); m != nil {
			s := decode(m[1])
			if number < 0 {
				aside.WriteString(s)
			} else {
				texts[number] += s
			}
		}
	}
	if open != "" {
		r.t.Errorf("page %d: %s is not closed", len(r.texts), open)
	}
	r.texts = append(r.texts, texts)
	r.marks = append(r.marks, marks)
	r.asides = append(r.asides, aside.String())
}

// operations takes content apart at the ends of its lines, other than those that
// are part of a text.
func operations(content []byte) []string {
	var list []string
	start, within := 0, false
	for i := 0; i < len(content); i++ {
		switch c := content[i]; {
		case within && c == '\\':
			i++
		case c == '(' && !within, c == ')' && within:
			within = !within
		case c == '\n' && !within:
			list = append(list, string(content[start:i]))
			start = i + 1
		}
	}
	return append(list, string(content[start:]))
}

// decode is the meaning of codes: those of UTF-16, as the fonts say too.
func decode(s string) string {
	s = strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(s)
	u := make([]uint16, len(s)/2)
	for i := range u {
		u[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(u))
}

func (r *reader) node(ref types.IndirectRef, parent *types.IndirectRef, parents [][]int, seen map[string]bool) *node {
	d := r.dict(ref)
	if parent != nil && d["P"].(types.IndirectRef) != *parent {
		r.t.Errorf("element %v: parent %v, want %v", ref, d["P"], *parent)
	}
	n := &node{kind: string(d["S"].(types.Name)), id: r.text(d["ID"]), lang: r.text(d["Lang"]), alt: r.text(d["Alt"]), span: 1}
	if a, ok := d["A"].(types.Dict); ok {
		if s, ok := a["Scope"].(types.Name); ok {
			n.scope = string(s)
		}
		if s, ok := a["ColSpan"].(types.Integer); ok {
			n.span = int(s)
		}
		if list, ok := a["Headers"].(types.Array); ok {
			for _, h := range list {
				n.headers = append(n.headers, r.text(h))
			}
		}
	}
	piece := func(page, mark int) {
		key := fmt.Sprint(page, " ", mark)
		if seen[key] {
			r.t.Errorf("piece %d of page %d is in two elements", mark, page)
		}
		seen[key] = true
		if got, want := r.marks[page][mark], n.kind; got != want {
			r.t.Errorf("piece %d of page %d is a %s on it, a %s in the tree", mark, page, got, want)
		}
		if got, want := parents[page][mark], int(ref.ObjectNumber); got != want {
			r.t.Errorf("piece %d of page %d: parent %d, want %d", mark, page, got, want)
		}
		n.parts = append(n.parts, r.texts[page][mark])
		n.pages = append(n.pages, page)
	}
	kids, _ := d["K"].(types.Array)
	for _, k := range kids {
		switch k := k.(type) {
		case types.Integer:
			piece(r.pages[int(d["Pg"].(types.IndirectRef).ObjectNumber)], int(k))
		case types.Dict:
			piece(r.pages[int(k["Pg"].(types.IndirectRef).ObjectNumber)], int(k["MCID"].(types.Integer)))
		case types.IndirectRef:
			n.parts = append(n.parts, r.node(k, &ref, parents, seen))
		}
	}
	return n
}

// all is what the element holds as text.
func (n *node) all() string {
	var b strings.Builder
	for _, p := range n.parts {
		switch p := p.(type) {
		case string:
			b.WriteString(p)
		case *node:
			b.WriteString(p.all())
		}
	}
	return b.String()
}

// on lists the pages that the element stands on, in order and each once.
func (n *node) on() []int {
	list := slices.Clone(n.pages)
	for _, p := range n.parts {
		if p, ok := p.(*node); ok {
			list = append(list, p.on()...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// find lists the elements of a kind in reading order.
func (n *node) find(kind string) []*node {
	var list []*node
	if n.kind == kind {
		list = append(list, n)
	}
	for _, p := range n.parts {
		if p, ok := p.(*node); ok {
			list = append(list, p.find(kind)...)
		}
	}
	return list
}

// String is the element as an outline.
func (n *node) String() string {
	var b strings.Builder
	n.outline(&b, "")
	return b.String()
}

func (n *node) outline(b *strings.Builder, indent string) {
	b.WriteString(indent + n.kind)
	for _, p := range [][2]string{{"id", n.id}, {"lang", n.lang}, {"alt", n.alt}, {"scope", n.scope}, {"headers", strings.Join(n.headers, " ")}} {
		if p[1] != "" {
			fmt.Fprintf(b, " %s=%s", p[0], p[1])
		}
	}
	if n.span > 1 {
		fmt.Fprintf(b, " across=%d", n.span)
	}
	b.WriteString("\n")
	for _, p := range n.parts {
		switch p := p.(type) {
		case string:
			fmt.Fprintf(b, "%s  %q\n", indent, p)
		case *node:
			p.outline(b, indent+"  ")
		}
	}
}

// stream returns the data of the stream, unpacked.
func (r *reader) stream(o types.Object) []byte {
	r.t.Helper()
	s, _, err := r.ctx.DereferenceStreamDict(o)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := s.Decode(); err != nil {
		r.t.Fatal(err)
	}
	return s.Content
}
