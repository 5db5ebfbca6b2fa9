package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"openiis.org/iis/internal/pdf"
)

// TestOutline holds what a screen reader is told of a document with every kind
// of block.
func TestOutline(t *testing.T) {
	want, err := os.ReadFile(filepath.Join("testdata", "outline.txt"))
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, write(t, record(5))).root.String()
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("outline (-want +got):\n%s", diff)
	}
}

// TestReadingOrder holds that a table over pages is read as it was given, and
// that each cell names the headers it stands under.
func TestReadingOrder(t *testing.T) {
	d := record(130)
	r := read(t, write(t, d))
	if got, want := len(r.texts), 5; got < want {
		t.Fatalf("%d pages, want %d or more", got, want)
	}
	byID := map[string]*node{}
	for _, th := range r.root.find("TH") {
		if th.scope != "Column" && th.scope != "Row" {
			t.Errorf("header %q: scope %q", th.all(), th.scope)
		}
		if byID[th.id] != nil || th.id == "" {
			t.Errorf("header %q: ID %q is another's", th.all(), th.id)
		}
		byID[th.id] = th
	}
	table := d.Blocks[4].(pdf.Table)
	var rows []*node
	for _, body := range r.root.find("TBody") {
		rows = append(rows, body.find("TR")...)
	}
	next := func() *node {
		if len(rows) == 0 {
			t.Fatal("fewer rows than were given")
		}
		row := rows[0]
		rows = rows[1:]
		return row
	}
	plain := func(text pdf.Text) (s string) {
		for _, span := range text {
			s += span.Text
		}
		return s
	}
	for _, g := range table.Groups {
		title := next()
		if got, want := title.all(), plain(g.Title); got != want {
			t.Fatalf("title of a group = %q, want %q", got, want)
		}
		if got, want := title.find("TH")[0].span, len(table.Columns); got != want {
			t.Errorf("title of group %q stands across %d columns, want %d", title.all(), got, want)
		}
		for _, texts := range g.Rows {
			row := next()
			if got, want := len(row.parts), len(table.Columns); got != want {
				t.Fatalf("%d cells in a row, want %d", got, want)
			}
			for i, p := range row.parts {
				cell := p.(*node)
				if got, want := cell.all(), plain(texts[i]); got != want {
					t.Fatalf("cell = %q, want %q", got, want)
				}
				var under []string
				for _, id := range cell.headers {
					if byID[id] == nil {
						t.Fatalf("cell %q names header %q, which is none", cell.all(), id)
					}
					under = append(under, byID[id].all())
				}
				want := []string{plain(table.Columns[i].Title), plain(g.Title)}
				if i > 0 {
					want = append(want, plain(texts[0]))
				}
				if diff := cmp.Diff(want, under); diff != "" {
					t.Fatalf("headers of cell %q (-want +got):\n%s", cell.all(), diff)
				}
			}
		}
	}
	if len(rows) > 0 {
		t.Errorf("%d rows more than were given", len(rows))
	}

	for i, aside := range r.asides {
		page := fmt.Sprintf("Page %d of %d", i+1, len(r.asides))
		for _, want := range []string{d.Header, page, d.Footer} {
			if !strings.Contains(aside, want) {
				t.Errorf("page %d: %q is not at its edges", i+1, want)
			}
		}
		repeated := strings.Contains(aside, "Given at")
		if want := i > 0 && i < len(r.asides)-1; want && !repeated {
			t.Errorf("page %d: the titles of the columns do not stand there again", i+1)
		}
	}
}

// TestPages holds, with the ends of pages at every place of a document, that no
// row is split, and that a heading, a caption, the titles of columns and that of
// a group stand on the page of what follows them.
func TestPages(t *testing.T) {
	first := func(n *node, kind string) *node { return n.find(kind)[0] }
	moved := false
	for above := range 40 {
		d := record(20)
		d.Blocks = append([]pdf.Block{pdf.Rule{}, pdf.Space(100), pdf.Space(3 * above)}, d.Blocks...)
		root := read(t, write(t, d)).root
		for _, tr := range root.find("TR") {
			if on := tr.on(); len(on) != 1 {
				t.Errorf("%d: row %q stands on pages %v", above, tr.all(), on)
			}
		}
		table := first(root, "Table")
		want := first(first(table, "TBody").find("TR")[1], "TD").on()
		for _, n := range []*node{first(root, "H2"), first(table, "Caption"), first(table, "THead"), first(first(table, "TBody"), "TH")} {
			if got := n.on(); !slices.Equal(got, want) {
				t.Errorf("%d: %s %q is on page %v, the first row on %v", above, n.kind, n.all(), got, want)
			}
		}
		for _, body := range table.find("TBody") {
			rows := body.find("TR")
			if got, want := rows[0].on(), rows[1].on(); !slices.Equal(got, want) {
				t.Errorf("%d: group %q is on page %v, its first row on %v", above, rows[0].all(), got, want)
			}
		}
		moved = moved || want[0] > 0 && first(root, "L").on()[0] == 0
	}
	if !moved {
		t.Error("no heading came near the end of a page: the test shows nothing")
	}
}

// TestProperties holds what is said of the document as a whole.
func TestProperties(t *testing.T) {
	file := write(t, record(3))
	r := read(t, file)
	if got := r.dict(r.catalog["MarkInfo"])["Marked"]; got != types.Boolean(true) {
		t.Errorf("Marked = %v, want true", got)
	}
	if got := r.dict(r.catalog["ViewerPreferences"])["DisplayDocTitle"]; got != types.Boolean(true) {
		t.Errorf("DisplayDocTitle = %v, want true", got)
	}
	if got, want := r.text(r.catalog["Lang"]), "en-US"; got != want {
		t.Errorf("Lang = %q, want %q", got, want)
	}
	info := r.dict(*r.ctx.Info)
	if got, want := r.text(info["Title"]), "Official immunization record"; got != want {
		t.Errorf("Title = %q, want %q", got, want)
	}
	if got, want := r.text(info["CreationDate"]), "D:20261122163000+00'00'"; got != want {
		t.Errorf("CreationDate = %q, want %q", got, want)
	}
	xmp := string(r.stream(r.catalog["Metadata"]))
	for _, want := range []string{">Official immunization record</", "2026-11-22T16:30:00Z", ">en-US<"} {
		if !strings.Contains(xmp, want) {
			t.Errorf("XMP lacks %q:\n%s", want, xmp)
		}
	}
	if bytes.Contains(file, []byte("DUCK")) || strings.Contains(xmp, "DUCK") {
		t.Error("a name stands in the properties")
	}
}

// TestDeterministic holds that the same document is the same bytes.
func TestDeterministic(t *testing.T) {
	first := write(t, record(20))
	for range 3 {
		if !bytes.Equal(write(t, record(20)), first) {
			t.Fatal("the same document was written with other bytes")
		}
	}
	d := record(20)
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: pdf.Words("one more")})
	if bytes.Equal(write(t, d), first) {
		t.Fatal("another document was written with the same bytes")
	}
}

// TestAtOnce holds that documents written at the same time do not touch one
// another.
func TestAtOnce(t *testing.T) {
	want := write(t, record(20))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var b bytes.Buffer
			if err := pdf.Write(&b, record(20)); err != nil || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("other bytes than alone, or error %v", err)
			}
		})
	}
	wg.Wait()
}

// TestText holds what becomes of characters.
func TestText(t *testing.T) {
	for _, test := range []struct{ text, want, script string }{
		{text: "Nguye\u0302\u0303n Thị", want: "Nguyễn Thị"},
		{text: "Жанна Ёлкина, Ωμέγα ή", want: "Жанна Ёлкина, Ωμέγα ή"},
		{text: `a(b)c\d\`, want: `a(b)c\d\`},
		{text: "one\u2009two\u00A0three\tfour", want: "one\u2009two\u00A0three four"},
		{text: "so\u00ADft \u200Bzero\uFEFF", want: "soft zero"},
		{text: "no\u2011break", want: "no-break"},
		{text: "\x00\x01", want: "  "},
		{text: "12 \u2264 13 \u2013 \u201Cso\u201D \u2026 \u2122 \u00BD", want: "12 \u2264 13 \u2013 \u201Cso\u201D \u2026 \u2122 \u00BD"},
		{text: "ሰላም", script: "Ethiopic"},
		{text: "ကညီ", script: "Myanmar"},
		{text: "مرحبا", script: "Arabic"},
		{text: "שלום", script: "Hebrew"},
		{text: "中文", script: "Han"},
		{text: "ok 😀", script: "Common"},
		{text: "\uE000", script: "Unknown"},
		{text: "a\U0010FFFF", script: "Unknown"},
	} {
		var b bytes.Buffer
		err := pdf.Write(&b, pdf.Document{Title: "T", Lang: "en", Blocks: []pdf.Block{pdf.Paragraph{Text: pdf.Words(test.text)}}})
		if test.script != "" {
			se, ok := errors.AsType[*pdf.ScriptError](err)
			if !ok || se.Script != test.script {
				t.Errorf("Write(%q) = %v, want an error of script %s", test.text, err, test.script)
			}
			if err != nil && strings.Contains(err.Error(), test.text) {
				t.Errorf("error of %q holds the text", test.text)
			}
			if b.Len() > 0 {
				t.Errorf("Write(%q) wrote %d bytes before its error", test.text, b.Len())
			}
			continue
		}
		if err != nil {
			t.Errorf("Write(%q): %v", test.text, err)
			continue
		}
		if got := read(t, b.Bytes()).root.all(); got != test.want {
			t.Errorf("Write(%q) reads %q, want %q", test.text, got, test.want)
		}
	}
}

// TestEverywhere holds that text that cannot be written is found wherever it
// stands.
func TestEverywhere(t *testing.T) {
	arabic := pdf.Words("مرحبا")
	ok := pdf.Words("x")
	column := []pdf.Column{{Title: ok}}
	for name, d := range map[string]pdf.Document{
		"header":      {Header: arabic[0].Text},
		"footer":      {Footer: arabic[0].Text},
		"page number": {PageOf: "{n} / {m} " + arabic[0].Text},
		"heading":     {Blocks: []pdf.Block{pdf.Heading{Level: 1, Text: arabic}}},
		"paragraph":   {Blocks: []pdf.Block{pdf.Paragraph{Text: arabic}}},
		"caption":     {Blocks: []pdf.Block{pdf.Table{Caption: arabic, Columns: column}}},
		"column":      {Blocks: []pdf.Block{pdf.Table{Columns: []pdf.Column{{Title: arabic}}}}},
		"group":       {Blocks: []pdf.Block{pdf.Table{Columns: column, Groups: []pdf.Group{{Title: arabic}}}}},
		"cell":        {Blocks: []pdf.Block{pdf.Table{Columns: column, Groups: []pdf.Group{{Rows: [][]pdf.Text{{arabic}}}}}}},
		"label":       {Blocks: []pdf.Block{pdf.Pairs{Pairs: []pdf.Pair{{Label: arabic, Value: ok}}}}},
		"value":       {Blocks: []pdf.Block{pdf.Pairs{Pairs: []pdf.Pair{{Label: ok, Value: arabic}}}}},
		"beside":      {Blocks: []pdf.Block{pdf.Figure{Content: "x", Alt: "x", Beside: []pdf.Text{arabic}}}},
	} {
		d.Title, d.Lang = "T", "en"
		var b bytes.Buffer
		err := pdf.Write(&b, d)
		if _, ok := errors.AsType[*pdf.ScriptError](err); !ok {
			t.Errorf("%s: %v, want an error of script", name, err)
		}
	}
}

// TestRefused holds what is no document.
func TestRefused(t *testing.T) {
	one := func(b pdf.Block) pdf.Document {
		return pdf.Document{Title: "T", Lang: "en", Blocks: []pdf.Block{b}}
	}
	ok := pdf.Words("x")
	for name, d := range map[string]pdf.Document{
		"no title":            {Lang: "en"},
		"no language":         {Title: "T"},
		"bad language":        {Title: "T", Lang: "en)/X(y"},
		"bad span language":   one(pdf.Paragraph{Text: pdf.Text{{Text: "x", Lang: "e n"}}}),
		"level skipped":       one(pdf.Heading{Level: 2, Text: ok}),
		"level 0":             one(pdf.Heading{Text: ok}),
		"empty heading":       one(pdf.Heading{Level: 1}),
		"no columns":          one(pdf.Table{}),
		"too many columns":    one(pdf.Table{Columns: make([]pdf.Column, 60)}),
		"negative share":      one(pdf.Table{Columns: []pdf.Column{{Share: -1}, {Share: 3}}}),
		"too many cells":      one(pdf.Table{Columns: []pdf.Column{{Title: ok}}, Groups: []pdf.Group{{Rows: [][]pdf.Text{{ok, ok}}}}}),
		"figure without alt":  one(pdf.Figure{Content: "x"}),
		"figure of nothing":   one(pdf.Figure{Alt: "x"}),
		"figure too large":    one(pdf.Figure{Content: "x", Alt: "x", Side: 500}),
		"code too long":       one(pdf.Figure{Content: strings.Repeat("x", 4000), Alt: "x"}),
		"space too large":     one(pdf.Space(1e9)),
		"header too long":     {Title: "T", Lang: "en", Header: strings.Repeat("word ", 1000)},
		"number too long":     {Title: "T", Lang: "en", PageOf: strings.Repeat("word ", 1000)},
		"too many side pairs": one(pdf.Pairs{Columns: 9}),
	} {
		var b bytes.Buffer
		if err := pdf.Write(&b, d); err == nil {
			t.Errorf("%s: written, want an error", name)
		}
	}
}

// TestEmpty holds that a document without blocks is a page.
func TestEmpty(t *testing.T) {
	if got := len(read(t, write(t, pdf.Document{Title: "T", Lang: "en"})).texts); got != 1 {
		t.Errorf("%d pages, want 1", got)
	}
}

// TestEmptyText holds that blocks of no text are no elements, but that each row
// of a table has all its cells.
func TestEmptyText(t *testing.T) {
	none := pdf.Words("")
	d := pdf.Document{Title: "T", Lang: "en", Blocks: []pdf.Block{
		pdf.Paragraph{Text: none}, pdf.Paragraph{}, pdf.Pairs{},
		pdf.Table{Caption: none, Columns: []pdf.Column{{Title: pdf.Words("a")}, {}}, Groups: []pdf.Group{{Title: none}, {Title: none, Rows: [][]pdf.Text{nil}}}},
	}}
	want := `Document
  Table
    THead
      TR
        TH id=t1c1 scope=Column
          "a"
        TH id=t1c2 scope=Column
    TBody
      TR
        TD headers=t1c1
        TD headers=t1c2
`
	if diff := cmp.Diff(want, read(t, write(t, d)).root.String()); diff != "" {
		t.Errorf("outline (-want +got):\n%s", diff)
	}
}

// TestNothingLost holds that text longer than a page, in any block, is all there.
func TestNothingLost(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("immunization ", 2000))
	wide := strings.Repeat("W", 5000)
	for _, text := range []string{long, wide} {
		for name, b := range map[string]pdf.Block{
			"heading":   pdf.Heading{Level: 1, Text: pdf.Words(text)},
			"paragraph": pdf.Paragraph{Text: pdf.Words(text)},
			"caption":   pdf.Table{Caption: pdf.Words(text), Columns: make([]pdf.Column, 2)},
			"column":    pdf.Table{Columns: []pdf.Column{{Title: pdf.Words(text)}, {}}, Groups: []pdf.Group{{Rows: make([][]pdf.Text, 50)}}},
			"group":     pdf.Table{Columns: make([]pdf.Column, 2), Groups: []pdf.Group{{Title: pdf.Words(text), Rows: make([][]pdf.Text, 50)}}},
			"cell":      pdf.Table{Columns: make([]pdf.Column, 9), Groups: []pdf.Group{{Rows: [][]pdf.Text{{nil, pdf.Words(text)}, nil}}}},
			"label":     pdf.Pairs{Pairs: []pdf.Pair{{Label: pdf.Words(text)}}},
			"value":     pdf.Pairs{Columns: 4, Pairs: []pdf.Pair{{}, {Value: pdf.Words(text)}}},
			"beside":    pdf.Figure{Content: "x", Alt: "x", Beside: []pdf.Text{pdf.Words(text)}},
		} {
			d := pdf.Document{Title: "T", Lang: "en", Blocks: []pdf.Block{pdf.Rule{}, pdf.Space(150), b}}
			if got := read(t, write(t, d)).root.all(); got != text {
				t.Errorf("%s: %d bytes of %d are there", name, len(got), len(text))
			}
		}
	}
}

// FuzzText holds that any text in any block is written and read back, or refused
// with a reason.
func FuzzText(f *testing.F) {
	f.Add("Duck", "en", 3)
	f.Add("Nguyễn \\(\x00\r\n", "es-US", 60)
	f.Add("مرحبا \xFF 😀", "", -1)
	f.Fuzz(func(t *testing.T, s, lang string, n int) {
		text := pdf.Text{{Text: s, Lang: lang}, {Text: s, Bold: true}}
		group := pdf.Group{Title: text}
		for range max(0, n) % 70 {
			group.Rows = append(group.Rows, []pdf.Text{text, pdf.Words(s)})
		}
		d := pdf.Document{
			Title: "T" + s, Lang: "en", Header: s, Footer: s,
			Blocks: []pdf.Block{
				pdf.Heading{Level: 1, Text: text},
				pdf.Paragraph{Text: text},
				pdf.Pairs{Columns: n % 5, Pairs: []pdf.Pair{{Label: text, Value: text}, {Label: text}, {Value: text}}},
				pdf.Table{Caption: text, Columns: []pdf.Column{{Title: text, Share: float64(n)}, {Title: text, Share: 2, Heads: n%2 == 0}}, Groups: []pdf.Group{group, group}},
				pdf.Figure{Content: s, Alt: s, Beside: []pdf.Text{text}},
			},
		}
		var b bytes.Buffer
		if err := pdf.Write(&b, d); err != nil {
			if b.Len() > 0 {
				t.Fatalf("%d bytes written before %v", b.Len(), err)
			}
			return
		}
		read(t, b.Bytes())
	})
}

func BenchmarkWrite(b *testing.B) {
	d := record(60)
	b.ReportAllocs()
	for b.Loop() {
		n := len(write(b, d))
		b.ReportMetric(float64(n), "bytes/file")
	}
}
