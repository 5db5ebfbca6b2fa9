package iis

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PartialDate is a Date of which the day, or the month and the day, may not be
// known: 09/21/2009, 09/2009 or 2009. Month and Day are zero where they are not
// known. The zero PartialDate means that nothing is.
type PartialDate struct {
	Year  int
	Month time.Month
	Day   int
}

// Partial returns the whole day d as a PartialDate.
func (d Date) Partial() PartialDate { return PartialDate(d) }

// ParsePartialDate reads the ISO forms 2009, 2009-09 and 2009-09-21. The empty
// string is the unknown date.
func ParsePartialDate(s string) (PartialDate, error) {
	const first = "0001-01-01"
	switch len(s) {
	case 0:
		return PartialDate{}, nil
	case len("2009"), len("2009-09"), len(first):
		if d, err := ParseDate(s + first[len(s):]); err == nil {
			return d.known(len(s)), nil
		}
	}
	return PartialDate{}, fmt.Errorf("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
}

// known returns the parts of d that an ISO form of n letters tells.
func (d Date) known(n int) PartialDate {
	p := d.Partial()
	if n < len("2009-09-21") {
		p.Day = 0
	}
	if n < len("2009-09") {
		p.Month = 0
	}
	return p
}

// ReadPartialDate reads what ReadDate reads, and besides a month with its year or
// a year alone: 9/2009, 09-2009, 2009-09, Sep 2009 or 2009. Such a year has four
// digits. The empty string is the unknown date.
func ReadPartialDate(s string, today Date) (PartialDate, error) {
	parts := dateParts(s)
	var year, month string
	switch {
	case len(parts) == 1:
		year, month = parts[0], "1"
	case len(parts) == 2 && len(parts[0]) == 4 && monthNamed(parts[0]) == 0:
		year, month = parts[0], parts[1]
	case len(parts) == 2:
		year, month = parts[1], parts[0]
	}
	y, isYear := number(year, 4, 4)
	m, isMonth := readMonth(month)
	switch {
	case isYear && isMonth && y > 0 && len(parts) == 1:
		return PartialDate{Year: y}, nil
	case isYear && isMonth && y > 0:
		return PartialDate{Year: y, Month: m}, nil
	case len(parts) == 2:
		return PartialDate{}, fmt.Errorf("enter the month with a year of four digits, such as 09/2009")
	}
	d, err := ReadDate(s, today)
	return d.Partial(), err
}

// dateParts takes apart what was typed for a date.
func dateParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
}

// readMonth reads a month by its name or number.
func readMonth(s string) (time.Month, bool) {
	if m := monthNamed(s); m != 0 {
		return m, true
	}
	n, ok := number(s, 1, 2)
	return time.Month(n), ok && n >= 1 && n <= 12
}

// IsZero reports whether nothing is known of the date.
func (p PartialDate) IsZero() bool { return p == PartialDate{} }

// Whole returns the day, and whether it is known.
func (p PartialDate) Whole() (Date, bool) {
	if p.Year == 0 || p.Month == 0 || p.Day == 0 {
		return Date{}, false
	}
	return Date(p), true
}

// Bounds returns the first and the last day that the date may be; the unknown
// date has none.
func (p PartialDate) Bounds() (first, last Date) {
	switch {
	case p.Year == 0:
		return Date{}, Date{}
	case p.Month == 0:
		return Date{p.Year, time.January, 1}, Date{p.Year, time.December, 31}
	case p.Day == 0:
		first = Date{p.Year, p.Month, 1}
		return first, DateOf(first.time().AddDate(0, 1, -1))
	}
	return Date(p), Date(p)
}

// String returns the ISO form: 2009, 2009-09 or 2009-09-21, or "" for the unknown
// date.
func (p PartialDate) String() string {
	switch {
	case p.Year == 0:
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return Date(p).String()
}

// US returns the form of the guide as far as it is known: 09/21/2009, 09/2009 or
// 2009, or "" for the unknown date. ReadPartialDate reads it.
func (p PartialDate) US() string {
	switch {
	case p.Year == 0:
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Day == 0:
		return fmt.Sprintf("%02d/%04d", p.Month, p.Year)
	}
	return Date(p).US()
}

// Words returns the date for use in a sentence: 09/21/2009, September 2009 or 2009.
func (p PartialDate) Words() string {
	if p.Month != 0 && p.Day == 0 {
		return p.Month.String() + " " + strconv.Itoa(p.Year)
	}
	return p.US()
}

// MarshalText returns the ISO form.
func (p PartialDate) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the ISO form.
func (p *PartialDate) UnmarshalText(b []byte) (err error) {
	*p, err = ParsePartialDate(string(b))
	return err
}
