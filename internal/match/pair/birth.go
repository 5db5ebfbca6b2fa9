package pair

import (
	"errors"
	"strings"
)

// birth is a birth date of which parts may be unknown (zero). Parts that no
// calendar has are kept as they were written: a slip of the pen is compared
// with what it was made of.
type birth struct {
	year       uint16
	month, day uint8
}

// errDate is told of a date that cannot be read; the text itself is a person's.
var errDate = errors.New("birthDate is not like 2009-09-21, 2009-09 or 2009")

// parseBirth reads YYYY, YYYY-MM, YYYY-MM-DD and the same without hyphens. A
// time after the date is passed over. A date in which some characters are no
// digits, as scanning and hurried typing make them, is read with the digits they
// look like, or is not known; one with hardly a digit is a fault.
func parseBirth(s string) (birth, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return birth{}, nil
	}
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		s = s[:10]
	}
	var b birth
	if parts, ok := dateParts(s); ok {
		b = birth{year: uint16(number(parts[0])), month: uint8(number(parts[1])), day: uint8(number(parts[2]))}
	} else if fewDigits(s) {
		return birth{}, errDate
	} else if parts, ok := dateParts(strings.Map(lookalike, s)); ok {
		b = birth{year: uint16(number(parts[0])), month: uint8(number(parts[1])), day: uint8(number(parts[2]))}
	}
	if b.year == 0 || b.month == 0 {
		b.day = 0
	}
	// Systems that must have a date write these where none is known.
	if b == (birth{1900, 1, 1}) || b == (birth{1800, 1, 1}) || b == (birth{9999, 12, 31}) {
		b = birth{}
	}
	return b, nil
}

// dateParts takes a date of digits apart; ok is false if it is none.
func dateParts(s string) (parts [3]string, ok bool) {
	switch n := strings.Count(s, "-"); {
	case n == 1 || n == 2:
		copy(parts[:], strings.Split(s, "-"))
		if len(parts[0]) != 4 || parts[1] == "" || len(parts[1]) > 2 || len(parts[2]) > 2 || n == 2 && parts[2] == "" {
			return parts, false
		}
	case n == 0 && len(s) == 8:
		parts = [3]string{s[:4], s[4:6], s[6:]}
	case n == 0 && (len(s) == 4 || len(s) == 6):
		parts = [3]string{s[:4], s[4:]}
	default:
		return parts, false
	}
	return parts, strings.IndexFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') }) < 0
}

// fewDigits reports whether less than half of a text is digits.
func fewDigits(s string) bool {
	n := 0
	for _, r := range s {
		if '0' <= r && r <= '9' {
			n++
		}
	}
	return n < 4 || n*2 < len(s)
}

// lookalike is the digit for which a character is taken; what is none is left
// out.
func lookalike(r rune) rune {
	switch r {
	case 'o', 'O', 'Q', 'D':
		return '0'
	case 'l', 'I', 'i', '|', '!':
		return '1'
	case 'Z', 'z':
		return '2'
	case 'S', 's':
		return '5'
	case 'b', 'G':
		return '6'
	case 'B':
		return '8'
	case 'q', 'g':
		return '9'
	case '/', '.':
		return '-'
	case ' ':
		return -1
	}
	return r
}

// number is the value of digits; 0 of none.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// whole reports whether year, month and day are known.
func (b birth) whole() bool { return b.year != 0 && b.month != 0 && b.day != 0 }

// farApart is how many years lie between the births of a parent and a child at
// least.
const farApart = 13

// compareBirths grades two birth dates.
func compareBirths(a, b birth) Grade {
	if a.year == 0 || b.year == 0 {
		return Missing
	}
	if a == b {
		switch {
		case a.day != 0:
			return Same
		case a.month != 0:
			return SameMonth
		}
		return SameYear
	}
	years := abs(int(a.year) - int(b.year))
	if !a.whole() || !b.whole() {
		switch {
		case years >= farApart:
			return Far
		case years != 0:
			return Different
		case a.month == 0 || b.month == 0:
			return SameYear
		case a.month == b.month:
			return SameMonth
		}
		return Different
	}
	sameYear, sameMonth, sameDay := years == 0, a.month == b.month, a.day == b.day
	if sameYear && a.month == b.day && a.day == b.month {
		return Swapped
	}
	differ, first, carried := 0, -1, false
	da, db := a.digits(), b.digits()
	for i := range da {
		if da[i] != db[i] {
			if first < 0 {
				first = i
			}
			differ++
		}
	}
	if differ == 2 && first+1 < len(da) && da[first] == db[first+1] && da[first+1] == db[first] {
		carried = true
	}
	apart := abs((int(a.year)*12+int(a.month))*30 + int(a.day) - (int(b.year)*12+int(b.month))*30 - int(b.day))
	switch {
	case carried, differ == 1 && first != 0 && (first != 2 || years < farApart),
		sameMonth && sameDay && (years == 1 || years == 100), apart <= 1:
		return Slip
	case apart <= 10:
		return Close
	case years >= farApart && sameMonth && sameDay:
		return SameDay
	case years >= farApart:
		return Far
	case sameYear && (sameMonth || sameDay), sameMonth && sameDay:
		return Part
	}
	return Different
}

// digits is the date as YYYYMMDD.
func (b birth) digits() [8]byte {
	var d [8]byte
	n := int(b.year)*10_000 + int(b.month)*100 + int(b.day)
	for i := 7; i >= 0; i-- {
		d[i] = byte('0' + n%10)
		n /= 10
	}
	return d
}
