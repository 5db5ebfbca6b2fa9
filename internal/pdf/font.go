package pdf

import (
	"encoding/binary"
	"slices"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// face is one of the two faces of Liberation Sans.
type face int

const (
	regular face = iota
	bold
)

// faces are the fonts as fpdf is told of them. The file holds the letters used
// and no others, which the tag before the name says (ISO 32000-1, 9.6.4).
var faces = [...]struct {
	style string // of fpdf
	alias string // what fpdf calls it in its file
	name  string // what we call it there
	ttf   []byte
}{
	regular: {"", "/utf8liberation", "/OPNIIS+LiberationSans", liberationsansregular.TTF},
	bold:    {"B", "/utf8liberationB", "/OPNIIS+LiberationSans-Bold", liberationsansbold.TTF},
}

const family = "liberation"

// addFonts gives both faces to fpdf. Each document has its own copy of the font
// files, since fpdf appends within them while it cuts them to the letters used.
func addFonts(f *fpdf.Fpdf) {
	for _, face := range faces {
		f.AddUTF8FontFromBytes(family, face.style, slices.Clone(face.ttf))
	}
}

// advance is how far characters move along the line, in thousandths of the
// font's size, and so also which there are.
type advance map[rune]int

// advances reads both faces, once.
var advances = sync.OnceValue(func() (a [2]advance) {
	for i, face := range faces {
		a[i] = readAdvances(face.ttf)
	}
	return a
})

// has reports whether both faces hold the character.
func has(r rune) bool {
	a := advances()
	_, inRegular := a[regular][r]
	_, inBold := a[bold][r]
	return inRegular && inBold
}

// readAdvances reads the tables of a TrueType font that say which characters it
// holds (cmap, format 4) and how wide they are (hmtx). The font is one of ours,
// so nothing of it is in doubt.
func readAdvances(ttf []byte) advance {
	u16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	tables := map[string][]byte{}
	for i := range u16(ttf, 4) {
		entry := ttf[12+16*i:]
		tables[string(entry[:4])] = ttf[binary.BigEndian.Uint32(entry[8:]):]
	}
	perEm := u16(tables["head"], 18)
	long := u16(tables["hhea"], 34) // glyphs with a width of their own

	a := advance{}
	cmap := tables["cmap"]
	for i := range u16(cmap, 2) {
		entry := cmap[4+8*i:]
		sub := cmap[binary.BigEndian.Uint32(entry[4:]):]
		if u16(entry, 0) != 3 || u16(entry, 2) != 1 || u16(sub, 0) != 4 {
			continue // not of Windows, Unicode, by segments
		}
		n := u16(sub, 6) // twice the number of segments
		for s := 0; s < n; s += 2 {
			last, first := u16(sub, 14+s), u16(sub, 16+n+s)
			delta, offset := u16(sub, 16+2*n+s), u16(sub, 16+3*n+s)
			for c := first; c <= last && c != 0xFFFF; c++ {
				glyph := c
				if offset != 0 {
					if glyph = u16(sub, 16+3*n+s+offset+2*(c-first)); glyph == 0 {
						continue
					}
				}
				if glyph = (glyph + delta) & 0xFFFF; glyph == 0 {
					continue
				}
				width := u16(tables["hmtx"], 4*min(glyph, long-1))
				a[rune(c)] = (width*1000 + perEm/2) / perEm
			}
		}
	}
	return a
}
