package pdf

import (
	"fmt"
	"strings"
)

func (t Table) lay(l *layout) error {
	widths, err := t.widths()
	if err != nil {
		return err
	}
	l.table++
	m := tableMaker{Table: t, widths: widths, number: l.table, element: l.root.add("Table")}
	if err := m.titles(); err != nil {
		return err
	}
	for i, g := range t.Groups {
		if err := m.group(i+1, g); err != nil {
			return err
		}
	}
	l.rows = append(l.rows, m.rows...)
	return nil
}

// tableMaker is a table on its way to rows.
type tableMaker struct {
	Table
	widths  []float64
	number  int // of the table in the document
	element *element
	rows    []*row

	head      *row     // the titles of the columns
	columnIDs []string // of their cells
}

// titles makes the caption and the titles of the columns.
func (m *tableMaker) titles() error {
	if !m.Caption.empty() {
		c, err := newCell(m.Caption, true, textSize, margin, textWidth, m.element.add("Caption"))
		if err != nil {
			return err
		}
		m.rows = append(m.rows, &row{cells: []cell{c}, pad: 1, keep: true})
	}
	texts := make([]Text, len(m.Columns))
	for i, c := range m.Columns {
		texts[i] = c.Title
	}
	head, err := m.cells(m.element.add("THead").add("TR"), texts, func(Column) bool { return true })
	if err != nil {
		return err
	}
	head.keep, head.under = true, 0.75
	for i, c := range head.cells {
		c.element.id = fmt.Sprintf("t%dc%d", m.number, i+1)
		c.element.scope("Column", 1)
		m.columnIDs = append(m.columnIDs, c.element.id)
	}
	m.head = head
	m.rows = append(m.rows, head)
	m.rows[0].above = textSize * 0.8
	return nil
}

// group makes the rows of a group, the nth of its table.
func (m *tableMaker) group(n int, g Group) error {
	if g.Title.empty() && len(g.Rows) == 0 {
		return nil
	}
	body := m.element.add("TBody")
	heads := []*row{m.head}
	groupID := ""
	if !g.Title.empty() {
		th := body.add("TR").add("TH")
		groupID = fmt.Sprintf("t%dg%d", m.number, n)
		th.id = groupID
		th.scope("Column", len(m.Columns))
		c, err := newCell(g.Title, true, tableSize, margin+padding, textWidth-2*padding, th)
		if err != nil {
			return err
		}
		title := &row{cells: []cell{c}, above: tableSize * 0.6, pad: padding, under: 0.25, keep: len(g.Rows) > 0, heads: heads}
		m.rows = append(m.rows, title)
		heads = []*row{m.head, title}
	}
	for i, texts := range g.Rows {
		if len(texts) > len(m.Columns) {
			return fmt.Errorf("pdf: row of %d cells under %d columns", len(texts), len(m.Columns))
		}
		r, err := m.cells(body.add("TR"), texts, func(c Column) bool { return c.Heads })
		if err != nil {
			return err
		}
		r.heads = heads
		headCells(r, m.Columns, m.columnIDs, groupID, fmt.Sprintf("t%dr%d.%d", m.number, n, i+1))
		m.rows = append(m.rows, r)
	}
	return nil
}

// cells makes one row, each cell in an element of its own: a header where the
// column is one of headers.
func (m *tableMaker) cells(tr *element, texts []Text, head func(Column) bool) (*row, error) {
	r := &row{pad: padding, under: 0.25}
	x := margin
	for i, w := range m.widths {
		kind := "TD"
		if head(m.Columns[i]) {
			kind = "TH"
		}
		var text Text
		if i < len(texts) {
			text = texts[i]
		}
		c, err := newCell(text, kind == "TH", tableSize, x+padding, w-2*padding, tr.add(kind))
		if err != nil {
			return nil, err
		}
		r.cells = append(r.cells, c)
		x += w
	}
	return r, nil
}

// headCells says of each cell of a row which headers it stands under: that of
// its column, that of its group and those of its row.
func headCells(r *row, columns []Column, columnIDs []string, groupID, rowID string) {
	var rowIDs []string
	for i, c := range columns {
		if c.Heads {
			id := fmt.Sprintf("%sc%d", rowID, i+1)
			r.cells[i].element.id = id
			rowIDs = append(rowIDs, id)
		}
	}
	for i, c := range r.cells {
		ids := []string{columnIDs[i]}
		if groupID != "" {
			ids = append(ids, groupID)
		}
		if c.element.kind == "TH" {
			c.element.attrs = "<</O/Table/Scope/Row/Headers[(" + strings.Join(ids, ")(") + ")]>>"
			continue
		}
		ids = append(ids, rowIDs...)
		c.element.attrs = "<</O/Table/Headers[(" + strings.Join(ids, ")(") + ")]>>"
	}
}

// widths shares the width of the page among the columns.
func (t Table) widths() ([]float64, error) {
	const least = 18 // points
	sum := 0.0
	share := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		share[i] = c.Share
		if c.Share == 0 {
			share[i] = 1
		}
		sum += share[i]
	}
	if len(share) == 0 {
		return nil, fmt.Errorf("pdf: table without columns")
	}
	for i := range share {
		if share[i] *= textWidth / sum; !(share[i] >= least && share[i] <= textWidth+1) {
			return nil, fmt.Errorf("pdf: column %d of %d is %.3g points wide", i+1, len(share), share[i])
		}
	}
	return share, nil
}
