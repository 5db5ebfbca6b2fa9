package iis

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the civil calendar, without time or zone. The zero Date
// means that the day is not known.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads the ISO form 2009-09-21, as stored and as sent between
// programs. The empty string is the unknown date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !DateOf(t).exists() { // time knows a year 0
		return Date{}, fmt.Errorf("not a date of the form YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// ReadDate reads what a clerk typed: 09/21/2009, 9/21/09, 9-21-2009, 09212009,
// Sep 21 2009 or 2009-09-21, month before day. A year of two digits is the
// latest one that is not after today. The empty string is the unknown date.
func ReadDate(s string, today Date) (Date, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Date{}, nil
	}
	unreadable := fmt.Errorf("enter the date as month, day and year, such as 09/21/2009")
	if d, err := ParseDate(s); err == nil {
		return d, nil
	}
	parts := dateParts(s)
	if len(parts) == 1 {
		switch p := parts[0]; len(p) {
		case 8:
			parts = []string{p[:2], p[2:4], p[4:]}
		case 6:
			parts = []string{p[:2], p[2:4], p[4:]}
		}
	}
	if len(parts) != 3 {
		return Date{}, unreadable
	}
	month, ok := readMonth(parts[0])
	if !ok {
		return Date{}, unreadable
	}
	day, ok := number(parts[1], 1, 2)
	if !ok {
		return Date{}, unreadable
	}
	year, ok := number(parts[2], 2, 4)
	if !ok || len(parts[2]) == 3 {
		return Date{}, unreadable
	}
	if len(parts[2]) == 2 {
		year += today.Year / 100 * 100
		if (Date{year, month, day}).After(today) {
			year -= 100
		}
	}
	d := Date{year, month, day}
	if !d.exists() {
		return Date{}, fmt.Errorf("there is no such day: check month, day and year")
	}
	return d, nil
}

// number reads a number of least to most digits, without a sign.
func number(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func monthNamed(s string) time.Month {
	if len(s) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if len(s) <= len(m.String()) && strings.EqualFold(s, m.String()[:len(s)]) {
			return m
		}
	}
	return 0
}

func (d Date) exists() bool {
	return d.Year >= 1 && d.Year <= 9999 && DateOf(d.time()) == d
}

func (d Date) time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// IsZero reports whether the day is not known.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare returns -1, 0 or +1 as d is earlier than, the same as or later than e.
func (d Date) Compare(e Date) int {
	switch {
	case d == e:
		return 0
	case d.Year < e.Year, d.Year == e.Year && d.Month < e.Month,
		d.Year == e.Year && d.Month == e.Month && d.Day < e.Day:
		return -1
	}
	return 1
}

// AddDays returns the day n days after d, before it if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.time().AddDate(0, 0, n)) }

// AddMonths returns the same day n months after d, before it if n is negative;
// where that month has no such day, the first of the month after it. CDSi counts
// so (CALCDT-5), and so do we: 31 January and one month is 1 March.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	if e := (Date{first.Year(), first.Month(), d.Day}); e.exists() {
		return e
	}
	return DateOf(first.AddDate(0, 1, 0))
}

// Age says how old someone born on d is on the day at, in completed years,
// months and days. Whoever was born on 29 February turns a year older on 1 March
// of a common year. It is the caller's part that at is not before d.
func (d Date) Age(at Date) (years, months, days int) {
	months = (at.Year-d.Year)*12 + int(at.Month-d.Month)
	if d.AddMonths(months).After(at) {
		months--
	}
	days = int(at.time().Sub(d.AddMonths(months).time()) / (24 * time.Hour))
	return months / 12, months % 12, days
}

// String returns the ISO form 2009-09-21, or "" for the unknown date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// US returns the form of the guide, 09/21/2009, or "" for the unknown date.
func (d Date) US() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Month, d.Day, d.Year)
}

// Value stores the day in its ISO form, the unknown one as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a DATE column of either engine.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = DateOf(v)
		return nil
	case string:
		if len(v) > len(time.DateOnly) {
			v = v[:len(time.DateOnly)]
		}
		var err error
		*d, err = ParseDate(v)
		return err
	}
	return fmt.Errorf("scan %T as a date", v)
}

// MarshalText returns the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
