package pdf

// piece is a row, or some lines of it, at its place on a page.
type piece struct {
	row      *row
	from, to int     // lines, the last one not included
	y        float64 // of its top edge
	again    bool    // it has stood on a page before
}

func (p piece) height() float64 {
	if p.from > 0 {
		return float64(p.to-p.from)*p.row.lineHeight() + 2*p.row.pad
	}
	return p.row.height(p.to)
}

// placer fills pages with rows from top to bottom.
type placer struct {
	top, bottom float64
	pages       [][]piece
	y           float64
	fresh       bool // nothing on the page but repeated heads
}

// place puts rows on as many pages as they need, at least one.
func place(rows []*row, top, bottom float64) [][]piece {
	p := placer{top: top, bottom: bottom}
	p.turn(nil)
	for i, r := range rows {
		if !p.fresh && p.y+p.need(rows[i:]) > p.bottom {
			p.turn(r.heads)
		}
		p.put(r)
	}
	return p.pages
}

// turn begins a page, with heads to stand again unless they would take too much
// of it.
func (p *placer) turn(heads []*row) {
	p.pages = append(p.pages, nil)
	p.y, p.fresh = p.top, true
	total := 0.0
	for _, h := range heads {
		total += h.height(h.lines())
	}
	if total > (p.bottom-p.top)/3 {
		return
	}
	for _, h := range heads {
		p.add(piece{row: h, to: h.lines(), y: p.y, again: true})
	}
}

func (p *placer) add(s piece) {
	last := len(p.pages) - 1
	p.pages[last] = append(p.pages[last], s)
	p.y = s.y + s.height()
}

// need is the height that the first of the rows must find on its page: its own
// and that of the rows it is kept with, if a page can hold them all.
func (p *placer) need(rows []*row) float64 {
	own := func(r *row) float64 {
		if r.split {
			return r.above + r.height(min(2, r.lines()))
		}
		return r.above + r.height(r.lines())
	}
	sum := 0.0
	for i, r := range rows {
		sum += own(r)
		if !r.keep || i == len(rows)-1 {
			break
		}
	}
	if sum > p.bottom-p.top {
		return own(rows[0])
	}
	return sum
}

// put places one row at y, over the end of the page if it may be split or no
// page can hold it.
func (p *placer) put(r *row) {
	for from := 0; ; {
		y := p.y
		if !p.fresh && from == 0 {
			y += r.above
		}
		all := piece{row: r, from: from, to: r.lines(), y: y}
		if y+all.height() <= p.bottom || r.lines() == 0 {
			p.add(all)
			p.fresh = false
			return
		}
		fit := int((p.bottom - y - 2*r.pad) / r.lineHeight())
		if p.fresh {
			fit = max(fit, 1)
		}
		if fit > 0 && (r.split || p.fresh) {
			p.add(piece{row: r, from: from, to: min(from+fit, r.lines()), y: y})
			from = min(from+fit, r.lines())
		}
		if from == r.lines() {
			p.fresh = false
			return
		}
		p.turn(r.heads)
	}
}
