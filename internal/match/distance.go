package match

import (
	"math/bits"
	"unicode/utf8"
)

// Distance returns how many letters are wrong between two folded names: each
// letter put in, left out or replaced counts one, and so do two neighbours that
// changed places (optimal string alignment).
func Distance(a, b string) int {
	var p Pattern
	p.Set(a)
	return p.Distance(b)
}

// JaroWinkler returns how alike two folded names are, from 0 to 1, weighing
// their beginnings most.
func JaroWinkler(a, b string) float64 {
	var p Pattern
	p.Set(a)
	return p.JaroWinkler(b)
}

// Pattern is a folded name made ready to be compared with many others: for each
// letter, the places where it stands as bits of a word. Comparing allocates
// nothing. The zero Pattern is that of the empty name.
type Pattern struct {
	text string
	wide bool // other characters than folded ASCII, or longer than a word: compared the plain way
	at   [64]uint64
}

// narrow is the first character for which a Pattern has a place. It has them for
// the 64 from the space to the underscore, which hold all that Fold makes of
// ASCII.
const narrow = ' '

// NewPattern returns the pattern of a folded name.
func NewPattern(name string) *Pattern {
	p := new(Pattern)
	p.Set(name)
	return p
}

// Set makes p the pattern of another name.
func (p *Pattern) Set(name string) {
	for i := range len(p.text) { // clear only what the former name set
		p.at[p.text[i]&63] = 0
	}
	p.text, p.wide = name, len(name) > 64
	for i := range len(name) {
		c := name[i]
		if c-narrow >= 64 {
			p.wide = true
		}
		if i < 64 {
			p.at[c&63] |= 1 << i
		}
	}
}

// Text returns the name of the pattern.
func (p *Pattern) Text() string { return p.text }

// Distance returns the distance of the pattern's name and another; see the
// function Distance. It is Hyyrö's bit-parallel form of the dynamic programme:
// one column of differences is a pair of words.
func (p *Pattern) Distance(s string) int {
	if p.text == "" {
		return utf8.RuneCountInString(s)
	}
	if p.wide {
		return plainDistance([]rune(p.text), []rune(s))
	}
	// The letters that both begin with cost nothing, nor do those that both end
	// with: most names that are compared have one mistake in the middle. What is
	// left begins with the column after the first, whose differences fall to the
	// diagonal and rise from it.
	k, m, l := 0, len(p.text), len(s)
	for k < m && k < l && p.text[k] == s[k] {
		k++
	}
	for k < m && k < l && p.text[m-1] == s[l-1] {
		m, l = m-1, l-1
	}
	switch {
	case k == m:
		return utf8.RuneCountInString(s[k:l])
	case k == l:
		return m - k
	case k+1 == m && k+1 == l:
		return 1
	}
	var (
		down   = uint64(1)<<k - 1 // differences -1 down the column
		up     = ^down            // differences +1
		zero   = ^uint64(0)       // diagonal steps that cost nothing
		before uint64             // places of the letter before
		end    = uint(m-1) & 63
		n      = uint64(m - k)
		all    byte // the bits of all characters' places
	)
	if k > 0 {
		before = p.at[s[k-1]&63]
	}
	for i := k; i < l; i++ {
		c := s[i]
		all |= c - narrow
		here := p.at[c&63]
		swapped := ((^zero & here) << 1) & before
		zero = (((here & up) + up) ^ up) | here | down | swapped
		right, left := down|^(zero|up), zero&up
		n += right>>end&1 - left>>end&1
		right = right<<1 | 1
		up = left<<1 | ^(zero | right)
		down = zero & right
		before = here
	}
	if all >= 64 {
		return plainDistance([]rune(p.text), []rune(s))
	}
	return int(n)
}

// plainDistance is the dynamic programme itself, for names that do not fit a
// word.
func plainDistance(a, b []rune) int {
	prev, cur, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range cur {
		cur[j] = j
	}
	for i := range a {
		next[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			n := min(cur[j]+cost, cur[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				n = min(n, prev[j-1]+1)
			}
			next[j+1] = n
		}
		prev, cur, next = cur, next, prev
	}
	return cur[len(b)]
}

// JaroWinkler returns how alike the pattern's name and another are; see the
// function JaroWinkler.
func (p *Pattern) JaroWinkler(s string) float64 {
	if p.text == s {
		return 1
	}
	if p.text == "" || s == "" {
		return 0
	}
	if p.wide || len(s) > 64 {
		return plainJaroWinkler([]rune(p.text), []rune(s))
	}
	m, n := len(p.text), len(s)
	reach := max(max(m, n)/2-1, 0)
	// The letters that both begin with are each other's like.
	k := 0
	for k < m && k < n && p.text[k] == s[k] {
		k++
	}
	var (
		all    byte               // the bits of all characters' places
		begin  = uint64(1)<<k - 1 // the letters both begin with
		inText = begin            // letters that found their like
		inS    = begin
		// The letters within reach, as a window that grows at first and then moves.
		window = uint64(1)<<(k+reach+1) - 1
	)
	if k > reach {
		window &^= uint64(1)<<(k-reach) - 1
	}
	for i := k; i < n; i++ {
		c := s[i]
		all |= c - narrow
		free := p.at[c&63] & window &^ inText
		inText |= free & -free
		if free != 0 {
			inS |= 1 << (i & 63)
		}
		if i < reach {
			window = window<<1 | 1
		} else {
			window <<= 1
		}
	}
	if all >= 64 {
		return plainJaroWinkler([]rune(p.text), []rune(s))
	}
	common := bits.OnesCount64(inS)
	if common == 0 {
		return 0
	}
	crossed := 0
	for a, b := inText&^begin, inS&^begin; b != 0; a, b = a&(a-1), b&(b-1) {
		if p.text[bits.TrailingZeros64(a)] != s[bits.TrailingZeros64(b)] {
			crossed++
		}
	}
	prefix := min(4, k)
	return winkler(m, n, common, crossed, prefix)
}

// winkler puts the counts together: Jaro's mean of three shares, raised by a
// tenth of what is missing for each of the first four letters that agree. The
// raise is given from 0.7 up, as Winkler has it.
func winkler(m, n, common, crossed, prefix int) float64 {
	c := float64(common)
	j := (c/float64(m) + c/float64(n) + (c-float64(crossed/2))/c) / 3
	if j < 0.7 {
		return j
	}
	return j + float64(prefix)*0.1*(1-j)
}

func plainJaroWinkler(a, b []rune) float64 {
	m, n := len(a), len(b)
	reach := max(max(m, n)/2-1, 0)
	inA, inB := make([]bool, m), make([]bool, n)
	common := 0
	for i := range b {
		for j := max(i-reach, 0); j < min(i+reach+1, m); j++ {
			if !inA[j] && a[j] == b[i] {
				inA[j], inB[i] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	crossed, j := 0, 0
	for i := range b {
		if !inB[i] {
			continue
		}
		for !inA[j] {
			j++
		}
		if a[j] != b[i] {
			crossed++
		}
		j++
	}
	prefix := 0
	for prefix < min(4, m, n) && a[prefix] == b[prefix] {
		prefix++
	}
	return winkler(m, n, common, crossed, prefix)
}
