package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// painter draws pages, and marks what it draws with the element it is part of.
type painter struct {
	f    *fpdf.Fpdf
	lang string // of the document
	open *element
	// marks are the elements of the pieces of each page, by number.
	marks [][]*element
	// used tells which characters the fonts must say the meaning of.
	used map[rune]bool

	face face // as last set
	size float64
}

// aside stands for what is no part of the text: repeated heads, rules, page
// headers and footers.
var aside = &element{kind: "Artifact"}

func newPainter(lang string) *painter {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCompression(true)
	addFonts(f)
	return &painter{f: f, lang: lang, used: map[rune]bool{}}
}

func (p *painter) page() {
	p.f.AddPage()
	p.marks = append(p.marks, nil)
	p.size = 0
}

// mark says that what is drawn next is part of the element.
func (p *painter) mark(e *element) {
	if p.open == e {
		return
	}
	p.close()
	page := len(p.marks) - 1
	n := len(p.marks[page])
	p.marks[page] = append(p.marks[page], e)
	e.kids = append(e.kids, kid{page: page, mark: n})
	p.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.kind, n))
	p.open = e
}

// markAside says that what is drawn next is no part of the text.
func (p *painter) markAside(kind string) {
	p.close()
	p.f.RawWriteStr("/Artifact <<" + kind + ">> BDC")
	p.open = aside
}

func (p *painter) close() {
	if p.open != nil {
		p.f.RawWriteStr("EMC")
		p.open = nil
	}
}

// text draws a line of text, its base line at y, as part of the element; of
// none, if it is nil, where the caller has marked it.
func (p *painter) text(gs []glyph, size, x, y float64, e *element) {
	for len(gs) > 0 {
		n := 1
		for n < len(gs) && gs[n].face == gs[0].face && gs[n].lang == gs[0].lang {
			n++
		}
		run := gs[:n]
		gs = gs[n:]
		if e != nil {
			p.mark(p.within(e, run[0].lang))
		}
		if p.face != run[0].face || p.size != size {
			p.face, p.size = run[0].face, size
			p.f.SetFont(family, faces[p.face].style, size)
		}
		var s strings.Builder
		for _, g := range run {
			s.WriteRune(g.r)
			p.used[g.r] = true
		}
		p.f.Text(x, y, s.String())
		x += width(run, size)
	}
}

// within returns the element for text of a language in an element: itself, or a
// span in it.
func (p *painter) within(e *element, lang string) *element {
	if lang == "" || lang == p.lang {
		return e
	}
	if n := len(e.kids); n > 0 {
		if last := e.kids[n-1].element; last != nil && last.lang == lang {
			return last
		}
	}
	span := e.add("Span")
	span.lang = lang
	return span
}

// rule draws a line across the page.
func (p *painter) rule(y, thick float64) {
	p.markAside("/Type/Layout")
	p.f.SetLineWidth(thick)
	p.f.Line(margin, y, pageWidth-margin, y)
	p.close()
}

func (p *painter) piece(s piece) {
	if s.again {
		p.markAside("/Type/Pagination")
	}
	if c := s.row.figure; c != nil && s.from == 0 {
		p.code(c, margin, s.y)
	}
	for _, c := range s.row.cells {
		for i := s.from; i < min(s.to, len(c.lines)); i++ {
			e := c.lines[i].element
			if s.again {
				e = nil
			}
			y := s.y + s.row.pad + float64(i-s.from)*c.size*leading + c.size*baseline
			p.text(c.lines[i].glyphs, c.size, c.x, y, e)
		}
	}
	p.close()
	if s.row.under > 0 && s.to == s.row.lines() {
		p.rule(s.y+s.height(), s.row.under)
	}
}

// baseline is where letters stand in a line, as part of their size: the middle
// of the leading is the middle of ascent and descent.
const baseline = (leading-0.905-0.212)/2 + 0.905

// code is a QR code to be drawn.
type code struct {
	modules [][]bool
	side    float64
	element *element
}

// code draws a QR code with its white edge, the top left corner at (x, y).
func (p *painter) code(c *code, x, y float64) {
	p.mark(c.element)
	unit := c.side / float64(len(c.modules)+2*quiet)
	var b bytes.Buffer
	for r, modules := range c.modules {
		for from := 0; from < len(modules); from++ {
			to := from
			for to < len(modules) && modules[to] {
				to++
			}
			if to > from {
				fmt.Fprintf(&b, "%s %s %s %s re\n",
					number(x+float64(from+quiet)*unit), number(pageHeight-y-float64(r+1+quiet)*unit),
					number(float64(to-from)*unit), number(unit))
				from = to
			}
		}
	}
	b.WriteString("f")
	p.f.RawWriteStr(b.String())
	c.element.attrs = fmt.Sprintf("<</O/Layout/Placement/Block/BBox[%s %s %s %s]>>",
		number(x), number(pageHeight-y-c.side), number(x+c.side), number(pageHeight-y))
	p.close()
}

// number is a length as it stands in a file.
func number(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }
