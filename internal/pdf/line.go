package pdf

import "unicode"

// line is one line of text as it will stand, and the element it is part of.
type line struct {
	glyphs  []glyph
	element *element
}

// width is how far glyphs reach at a size, in points.
func width(gs []glyph, size float64) float64 {
	a, sum := advances(), 0
	for _, g := range gs {
		sum += a[g.face][g.r]
	}
	return float64(sum) * size / 1000
}

// breakLines breaks text into lines no wider than the width, between words or,
// where a word is wider than that, within it. The space at which a line was
// broken stays at its end, unseen, so that words are not joined when they are
// read out or copied. Text without a letter is no lines.
func breakLines(gs []glyph, size, limit float64) [][]glyph {
	var lines [][]glyph
	start, after := 0, 0 // of the line; behind the last place where it may end
	reach := 0.0
	for i := 0; i < len(gs); {
		if gs[i].r == '\n' {
			lines = append(lines, gs[start:i])
			i++
			start, after, reach = i, i, 0
			continue
		}
		w := width(gs[i:i+1], size)
		if gs[i].r != ' ' && reach+w > limit && i > start {
			if after == start { // one word fills the line
				after = i
			}
			lines = append(lines, gs[start:after])
			start, reach = after, width(gs[after:i], size)
			continue // with the same glyph on the new line
		}
		reach += w
		if mayBreakAfter(gs, i) {
			after = i + 1
		}
		i++
	}
	if start < len(gs) {
		lines = append(lines, gs[start:])
	}
	return lines
}

// mayBreakAfter reports whether a line may end with the glyph: a space, or a
// hyphen or slash between letters, so that dates and signs stay whole.
func mayBreakAfter(gs []glyph, i int) bool {
	switch gs[i].r {
	case ' ':
		return true
	case '-', '/', '\u2013', '\u2014':
		return i > 0 && i+1 < len(gs) && unicode.IsLetter(gs[i-1].r) && unicode.IsLetter(gs[i+1].r)
	}
	return false
}
