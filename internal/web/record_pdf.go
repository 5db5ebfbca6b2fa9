package web

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/pdf"
)

// sendPDF writes a document as a tagged PDF.
func sendPDF(w http.ResponseWriter, r *http.Request, d paper.Document, name string, at time.Time) error {
	var b bytes.Buffer
	if err := pdf.Write(&b, pdfOf(d, at)); err != nil {
		return scriptError(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	return send(w, r, http.StatusOK, b.Bytes())
}

// scriptError tells of letters that the fonts of PDFs do not hold, without saying
// which.
func scriptError(err error) error {
	if _, ok := errors.AsType[*pdf.ScriptError](err); ok {
		return iis.Errorf(iis.Invalid, "The PDF cannot show every letter of this record. Open it as a page and print that.")
	}
	return err
}

// pdfOf is a document as package pdf takes it: the same words in the same order.
func pdfOf(d paper.Document, at time.Time) pdf.Document {
	out := pdf.Document{Title: d.Title, Lang: "en-US", Created: at, Header: d.Header, PageOf: d.PageOf, Footer: d.Footer}
	for _, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			out.Blocks = append(out.Blocks, pdf.Heading{Level: b.Heading.Level, Text: pdfText(b.Heading.Text)})
		case b.Table != nil:
			out.Blocks = append(out.Blocks, pdfTable(b.Table))
		case b.Check != nil:
			out.Blocks = append(out.Blocks, pdfCheck(b.Check)...)
		case b.Pairs != nil:
			p := pdf.Pairs{Columns: 2}
			for _, pair := range b.Pairs {
				p.Pairs = append(p.Pairs, pdf.Pair{Label: pdfText(pair.Label), Value: pdfText(pair.Value)})
			}
			out.Blocks = append(out.Blocks, p)
		default:
			out.Blocks = append(out.Blocks, pdf.Paragraph{Text: pdfText(b.Text), Small: b.Small})
		}
	}
	return out
}

func pdfText(t paper.Text) pdf.Text {
	var out pdf.Text
	for _, s := range t {
		out = append(out, pdf.Span{Text: s.Text, Lang: s.Lang, Bold: s.Bold})
	}
	return out
}

func pdfTable(t *paper.Table) pdf.Table {
	var out pdf.Table
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, pdf.Column{Title: pdfText(c.Title), Share: c.Share, Heads: c.Heads})
	}
	for _, g := range t.Groups {
		group := pdf.Group{Title: pdfText(g.Title)}
		for _, row := range g.Rows {
			var cells []pdf.Text
			for _, c := range row {
				cells = append(cells, pdfText(c))
			}
			group.Rows = append(group.Rows, cells)
		}
		out.Groups = append(out.Groups, group)
	}
	return out
}

// pdfCheck is a QR code with words beside it, or the words alone if the site
// does not know its address.
func pdfCheck(c *paper.Check) []pdf.Block {
	var beside []pdf.Text
	for _, t := range c.Beside {
		beside = append(beside, pdfText(t))
	}
	if c.Address != "" {
		return []pdf.Block{pdf.Figure{Content: c.Address, Alt: c.Alt, Beside: beside}}
	}
	var blocks []pdf.Block
	for _, t := range beside {
		blocks = append(blocks, pdf.Paragraph{Text: t})
	}
	return blocks
}
