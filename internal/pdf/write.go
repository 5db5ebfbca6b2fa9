package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Write writes the document. Nothing is written if it returns an error of its
// own, such as a [ScriptError].
func Write(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	l := layout{root: &element{kind: "Document"}}
	for _, b := range d.Blocks {
		if err := b.lay(&l); err != nil {
			return err
		}
	}
	edge, err := newEdge(d)
	if err != nil {
		return err
	}
	p := newPainter(d.Lang)
	pages := place(l.rows, edge.top, edge.bottom)
	for i, pieces := range pages {
		p.page()
		if err := edge.header(p, i+1, len(pages)); err != nil {
			return err
		}
		for _, s := range pieces {
			p.piece(s)
		}
		edge.footer(p)
	}
	var drawn bytes.Buffer
	if err := p.f.Output(&drawn); err != nil {
		return fmt.Errorf("pdf: draw: %w", err)
	}
	file, err := tagged(drawn.Bytes(), d, l.root, p)
	if err != nil {
		return fmt.Errorf("pdf: tag: %w", err)
	}
	_, err = w.Write(file)
	return err
}

// edge is what stands on each page around the text.
type edge struct {
	head, foot  [][]glyph
	pageOf      string
	top, bottom float64 // of the text
}

const edgeLine = smallSize * leading

func newEdge(d Document) (edge, error) {
	e := edge{pageOf: d.PageOf}
	if e.pageOf == "" {
		e.pageOf = "Page {n} of {m}"
	}
	number, err := e.number(8888, 8888)
	if err != nil {
		return edge{}, err
	}
	head, err := glyphs(Words(d.Header), false)
	if err != nil {
		return edge{}, err
	}
	foot, err := glyphs(Words(d.Footer), false)
	if err != nil {
		return edge{}, err
	}
	beside := textWidth - width(number, smallSize) - 12
	e.foot = breakLines(foot, smallSize, textWidth)
	if beside > textWidth/3 {
		e.head = breakLines(head, smallSize, beside)
	}
	if beside <= textWidth/3 || len(e.head) > 6 || len(e.foot) > 6 {
		return edge{}, errors.New("pdf: header or footer too long for a page")
	}
	e.top = margin + edgeLine*float64(max(1, len(e.head))) + 10
	e.bottom = pageHeight - margin
	if n := len(e.foot); n > 0 {
		e.bottom -= edgeLine*float64(n) + 6
	}
	return e, nil
}

// number is the words for page n of m.
func (e edge) number(n, m int) ([]glyph, error) {
	s := strings.NewReplacer("{n}", strconv.Itoa(n), "{m}", strconv.Itoa(m)).Replace(e.pageOf)
	return glyphs(Words(strings.ReplaceAll(s, "\n", " ")), false)
}

func (e edge) header(p *painter, n, m int) error {
	number, err := e.number(n, m)
	if err != nil {
		return err
	}
	p.markAside("/Type/Pagination/Subtype/Header/Attached[/Top]")
	for i, gs := range e.head {
		p.text(gs, smallSize, margin, margin+edgeLine*float64(i)+smallSize*baseline, nil)
	}
	p.text(number, smallSize, pageWidth-margin-width(number, smallSize), margin+smallSize*baseline, nil)
	p.f.SetLineWidth(0.5)
	p.f.Line(margin, e.top-6, pageWidth-margin, e.top-6)
	p.close()
	return nil
}

func (e edge) footer(p *painter) {
	if len(e.foot) == 0 {
		return
	}
	p.markAside("/Type/Pagination/Subtype/Footer/Attached[/Bottom]")
	for i, gs := range e.foot {
		p.text(gs, smallSize, margin, e.bottom+6+edgeLine*float64(i)+smallSize*baseline, nil)
	}
	p.close()
}
