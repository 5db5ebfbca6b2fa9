package match

// maxSound is the number of consonants of a name that tell how it sounds.
const maxSound = 6

// Sound returns how a folded name sounds, its spelling aside: the consonants,
// those that are easily taken for each other written alike. DUCK and DUK are
// TK, CATHERINE and KATHRYN KTRN. The letters are
//
//	A  a vowel, at the start only     L  l             R  r
//	F  f, v, ph                       M  m             S  s, z, sh, soft c
//	H  h, at the start only           N  n             T  t, d, th
//	J  j, ch, soft g                  P  p, b          W  w, at the start only
//	K  k, q, hard c and g                              Y  y, at the start only
//
// It is made for names of any origin and is no implementation of Soundex,
// NYSIIS or Metaphone. It must not change while rows are filed under it.
func Sound(name string) string {
	var b [maxSound]byte
	return string(AppendSound(b[:0], name))
}

// AppendSound appends how a folded name sounds to dst.
func AppendSound(dst []byte, name string) []byte {
	from := len(dst)
	s := name
	at := func(i int) byte {
		if i < 0 || i >= len(s) {
			return 0
		}
		return s[i]
	}
	i := 0
	switch at(0) {
	case 'K', 'G', 'P': // KNUTSON, GNADE, PNINA, PSAKI
		if at(1) == 'N' || at(0) == 'P' && at(1) == 'S' {
			i = 1
		}
	case 'W':
		if at(1) == 'R' { // WRIGHT
			i = 1
		}
	case 'X': // XIONG, XAVIER
		dst = append(dst, 'S')
		i = 1
	case 'N':
		if at(1) == 'G' { // NGUYEN
			dst = append(dst, 'N')
			i = 2
		}
	case 'M':
		if at(1) == 'A' && at(2) == 'C' && len(s) > 4 && !vowel(at(3)) && at(3) != 'H' { // MACDONALD as MCDONALD
			dst = append(dst, 'M', 'K')
			i = 3
			if at(i) == 'K' {
				i++
			}
		}
	}
	last := byte(0) // the letter written for the character just before, if any
	if n := len(dst); n > from {
		last = dst[n-1]
	}
	for ; i < len(s) && len(dst)-from < maxSound; i++ {
		c, next := s[i], at(i+1)
		code := byte(0)
		switch c {
		case 'A', 'E', 'I', 'O', 'U':
			if i == 0 {
				code = 'A'
			}
		case 'Y', 'W':
			switch {
			case i > 0:
			case vowel(next) || next == 'H':
				code = c
			case c == 'Y':
				code = 'A'
			default:
				code = c
			}
		case 'H':
			if i == 0 && (vowel(next) || next == 'Y') {
				code = 'H'
			} else if i > 0 {
				continue // silent, and what it stands between may still be one
			}
		case 'B', 'P':
			switch {
			case c == 'P' && next == 'H':
				code, i = 'F', i+1
			case c == 'B' && at(i-1) == 'M' && next == 0: // LAMB
			default:
				code = 'P'
			}
		case 'F', 'V':
			code = 'F'
		case 'C':
			switch next {
			case 'E', 'I', 'Y':
				code = 'S'
			case 'Z': // Slavic CZ
				code, i = 'J', i+1
			case 'H':
				code = 'J'
				// CHRISTINE, CHLOE, MICHAEL, BACH
				if n := at(i + 2); n == 'R' || n == 'L' || n == 0 || n == 'A' && at(i+3) == 'E' {
					code = 'K'
				}
				i++
			case 'K', 'Q':
				code, i = 'K', i+1
			default:
				code = 'K'
			}
		case 'G':
			switch {
			case next == 'H':
				// Silent after a vowel (WRIGHT, LEIGH, CALLAGHAN), G elsewhere (SINGH).
				if i == 0 || !vowel(at(i-1)) {
					code = 'K'
				}
				i++
			case next == 'N' && at(i+2) == 0: // CHAMPAGN
			case next == 'E', next == 'I', next == 'Y':
				code = 'J'
			default:
				code = 'K'
			}
		case 'J':
			code = 'J'
		case 'K', 'Q':
			code = 'K'
		case 'D':
			if next == 'G' && (at(i+2) == 'E' || at(i+2) == 'I' || at(i+2) == 'Y') { // HEDGES
				code, i = 'J', i+1
			} else {
				code = 'T'
			}
		case 'T':
			switch {
			case next == 'C' && at(i+2) == 'H': // MITCHELL
				code, i = 'J', i+2
			case next == 'Z' || next == 'S' && i == 0: // FITZ, TSAI
				code, i = 'S', i+1
			default:
				code = 'T'
			}
		case 'S':
			code = 'S'
			switch {
			case next == 'C' && at(i+2) == 'H': // SCHMIDT
				i += 2
			case next == 'H':
				i++
			case next == 'C' && (at(i+2) == 'E' || at(i+2) == 'I' || at(i+2) == 'Y'): // SCIPIO
				i++
			}
		case 'Z':
			code = 'S'
		case 'X':
			if last != 'K' {
				dst = append(dst, 'K')
			}
			if len(dst)-from < maxSound {
				dst = append(dst, 'S')
			}
			last = 'S'
			continue
		case 'L', 'M', 'N', 'R':
			code = c
		}
		if code != 0 && code != last {
			dst = append(dst, code)
		}
		last = code
	}
	return dst
}

func vowel(c byte) bool {
	switch c {
	case 'A', 'E', 'I', 'O', 'U', 'Y':
		return true
	}
	return false
}
