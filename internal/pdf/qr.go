package pdf

import (
	"errors"
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the width of the white edge that a QR code needs around it, in
// modules (ISO/IEC 18004, 9.1).
const quiet = 4

// QR returns the rows of a QR code, true for black, without its white edge. A
// fifth part of it may be dirty or torn. Content that is too long is an error.
func QR(content string) (modules [][]bool, err error) {
	if content == "" {
		return nil, errors.New("pdf: QR code of nothing")
	}
	c, err := qr.Encode(content, qr.M)
	if err != nil {
		return nil, fmt.Errorf("pdf: QR code of %d bytes: %w", len(content), err)
	}
	modules = make([][]bool, c.Size)
	for y := range modules {
		modules[y] = make([]bool, c.Size)
		for x := range modules[y] {
			modules[y][x] = c.Black(x, y)
		}
	}
	return modules, nil
}

// QRSVG returns a QR code as an SVG image with its white edge, for pages on the
// screen. It has no size of its own and no words: the page that shows it gives
// it both.
func QRSVG(content string) ([]byte, error) {
	modules, err := QR(content)
	if err != nil {
		return nil, err
	}
	side := len(modules) + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`, side, side)
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	for y, row := range modules {
		for from := 0; from < len(row); from++ {
			to := from
			for to < len(row) && row[to] {
				to++
			}
			if to > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, to-from, to-from)
				from = to
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String()), nil
}
