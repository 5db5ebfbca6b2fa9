package pdf

import (
	"errors"
	"fmt"
	"math"
)

// Lengths are in points, 1/72 inch, from the top left corner of the page.
const (
	millimetre = 72 / 25.4
	pageWidth  = 8.5 * 72
	pageHeight = 11 * 72
	margin     = 18 * millimetre
	textWidth  = pageWidth - 2*margin

	textSize  = 10.0
	smallSize = 8.0
	tableSize = 9.0
	leading   = 1.25 // from line to line, of the size
	padding   = 2.5  // around the text of a cell
)

// headingSizes are the sizes of headings, by level less one.
var headingSizes = [...]float64{16, 12.5, 11, 10, 10, 10}

// layout is a document taken apart into rows.
type layout struct {
	rows  []*row
	root  *element
	level int // of the last heading
	table int // number of tables so far
}

// row is what stands side by side. It is the unit that pages are filled with.
type row struct {
	cells []cell
	// above is space over the row, except at the top of a page.
	above float64
	pad   float64 // over and under its lines
	// least is the least height, for a row that is not of text alone.
	least float64
	// keep holds the row on the page where the next one begins.
	keep bool
	// split allows a page to end within the row. A row that is taller than a
	// page is split whatever this says.
	split bool
	// heads are rows to stand again above this one when it begins a page.
	heads []*row
	// under is the width of a line drawn under the row.
	under float64
	// figure is drawn at the top left of the row.
	figure *code
}

// cell is text in a row.
type cell struct {
	x       float64
	size    float64
	lines   []line
	element *element
}

// lineHeight is the tallest line of the row.
func (r *row) lineHeight() float64 {
	h := 0.0
	for _, c := range r.cells {
		h = max(h, c.size*leading)
	}
	return h
}

// lines is how many lines the longest cell has.
func (r *row) lines() int {
	n := 0
	for _, c := range r.cells {
		n = max(n, len(c.lines))
	}
	return n
}

// height is that of the row with so many lines.
func (r *row) height(lines int) float64 {
	return max(r.least, float64(lines)*r.lineHeight()) + 2*r.pad
}

// newCell breaks text into a cell.
func newCell(t Text, strong bool, size, x, limit float64, e *element) (cell, error) {
	gs, err := glyphs(t, strong)
	if err != nil {
		return cell{}, err
	}
	c := cell{x: x, size: size, element: e}
	for _, gs := range breakLines(gs, size, limit) {
		c.lines = append(c.lines, line{gs, e})
	}
	return c, nil
}

func (h Heading) lay(l *layout) error {
	if h.Level < 1 || h.Level > len(headingSizes) || h.Level > l.level+1 {
		return fmt.Errorf("pdf: heading of level %d after one of level %d", h.Level, l.level)
	}
	l.level = h.Level
	size := headingSizes[h.Level-1]
	c, err := newCell(h.Text, true, size, margin, textWidth, l.root.add(fmt.Sprintf("H%d", h.Level)))
	if err != nil {
		return err
	}
	if len(c.lines) == 0 {
		return errors.New("pdf: heading without text")
	}
	l.rows = append(l.rows, &row{cells: []cell{c}, above: size * 0.9, pad: size * 0.15, keep: true})
	return nil
}

func (p Paragraph) lay(l *layout) error {
	if p.Text.empty() {
		return nil
	}
	size := textSize
	if p.Small {
		size = smallSize
	}
	c, err := newCell(p.Text, false, size, margin, textWidth, l.root.add("P"))
	if err != nil {
		return err
	}
	l.rows = append(l.rows, &row{cells: []cell{c}, above: size * 0.4, split: true})
	return nil
}

func (p Pairs) lay(l *layout) error {
	columns := max(p.Columns, 1)
	if columns > 4 {
		return fmt.Errorf("pdf: %d pairs side by side", columns)
	}
	if len(p.Pairs) == 0 {
		return nil
	}
	list := l.root.add("L")
	list.attrs = "<</O/List/ListNumbering/None>>"
	share := textWidth / float64(columns)
	const label = 0.36 // of the share
	for i := 0; i < len(p.Pairs); i += columns {
		r := &row{pad: 1}
		for c, pair := range p.Pairs[i:min(i+columns, len(p.Pairs))] {
			item := list.add("LI")
			x := margin + float64(c)*share
			lbl, err := newCell(pair.Label, true, textSize, x, share*label-2*padding, item.add("Lbl"))
			if err != nil {
				return err
			}
			body, err := newCell(pair.Value, false, textSize, x+share*label, share*(1-label)-2*padding, item.add("LBody"))
			if err != nil {
				return err
			}
			r.cells = append(r.cells, lbl, body)
		}
		if i == 0 {
			r.above = textSize * 0.4
		}
		l.rows = append(l.rows, r)
	}
	return nil
}

func (f Figure) lay(l *layout) error {
	if f.Alt == "" {
		return errors.New("pdf: figure without a text for those who do not see it")
	}
	side := f.Side
	if side == 0 {
		side = 28
	}
	if !(side >= 10 && side <= 100) {
		return fmt.Errorf("pdf: figure of %g mm", side)
	}
	side *= millimetre
	modules, err := QR(f.Content)
	if err != nil {
		return err
	}
	figure := l.root.add("Figure")
	figure.alt = f.Alt
	r := &row{above: textSize * 0.4, least: side, figure: &code{modules, side, figure}}
	if len(f.Beside) > 0 {
		x := margin + side + 2*padding
		beside := cell{x: x, size: textSize}
		for _, t := range f.Beside {
			p, err := newCell(t, false, textSize, x, margin+textWidth-x, l.root.add("P"))
			if err != nil {
				return err
			}
			beside.lines = append(beside.lines, p.lines...)
		}
		r.cells = []cell{beside}
	}
	l.rows = append(l.rows, r)
	return nil
}

func (Rule) lay(l *layout) error {
	l.rows = append(l.rows, &row{above: 6, under: 0.5})
	return nil
}

func (s Space) lay(l *layout) error {
	if !(s >= 0 && s <= 200) || math.IsNaN(float64(s)) {
		return fmt.Errorf("pdf: space of %g mm", float64(s))
	}
	l.rows = append(l.rows, &row{above: float64(s) * millimetre})
	return nil
}
