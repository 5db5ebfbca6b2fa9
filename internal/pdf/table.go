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
	table := l.root.add("Table")

	var caption []*row
	c, err := newCell(t.Caption, true, textSize, margin, textWidth, table.add("Caption"))
	if err != nil {
		return err
	}
	if len(c.lines) == 0 {
		table.drop()
	} else {
		caption = append(caption, &row{cells: []cell{c}, above: textSize * 0.8, pad: 1, keep: true})
	}

	// cells makes one row, each cell in an element of its own.
	cells := func(tr *element, texts []Text, head func(column int) bool) (*row, error) {
		r := &row{pad: padding, under: 0.25}
		x := margin
		for i, w := range widths {
			kind := "TD"
			if head(i) {
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

	titles := make([]Text, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	head, err := cells(table.add("THead").add("TR"), titles, func(int) bool { return true })
	if err != nil {
		return err
	}
	head.keep, head.under = true, 0.75
	columnIDs := make([]string, len(t.Columns))
	for i, c := range head.cells {
		columnIDs[i] = fmt.Sprintf("t%dc%d", l.table, i+1)
		c.element.id = columnIDs[i]
		c.element.scope("Column", 1)
	}
	if caption == nil {
		head.above = textSize * 0.8
	}
	rows := append(caption, head)
	heads := []*row{head}

	for g, group := range t.Groups {
		if len(group.Title) == 0 && len(group.Rows) == 0 {
			continue
		}
		body := table.add("TBody")
		groupID := ""
		again := heads
		if len(group.Title) > 0 {
			th := body.add("TR").add("TH")
			groupID = fmt.Sprintf("t%dg%d", l.table, g+1)
			th.id = groupID
			th.scope("Column", len(t.Columns))
			c, err := newCell(group.Title, true, tableSize, margin+padding, textWidth-2*padding, th)
			if err != nil {
				return err
			}
			title := &row{cells: []cell{c}, pad: padding, under: 0.25, above: tableSize * 0.6, keep: len(group.Rows) > 0, heads: heads}
			rows = append(rows, title)
			again = append(heads[:1:1], title)
		}
		for n, texts := range group.Rows {
			if len(texts) > len(t.Columns) {
				return fmt.Errorf("pdf: row of %d cells under %d columns", len(texts), len(t.Columns))
			}
			r, err := cells(body.add("TR"), texts, func(i int) bool { return t.Columns[i].Heads })
			if err != nil {
				return err
			}
			r.heads = again
			rows = append(rows, r)
			headCells(r, t.Columns, columnIDs, groupID, fmt.Sprintf("t%dr%d.%d", l.table, g+1, n+1))
		}
	}
	l.rows = append(l.rows, rows...)
	return nil
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
