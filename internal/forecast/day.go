package forecast

import (
	"math"
	"time"

	"openiis.org/iis"
)

// day counts the days since 1970-01-01, before it below zero.
type day int32

const (
	noDay day = math.MinInt32 // there is no such day

	// What an attribute that is left open stands for in evaluation: no one is
	// vaccinated before the one or after the other.
	firstDay day = -25567 // 1900-01-01
	lastDay  day = 376199 // 2999-12-31
)

// dayOf converts a date; it is noDay for the unknown date and for one that does
// not exist.
func dayOf(d iis.Date) day {
	if d.Year < 1 || d.Year > 9999 || d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > daysIn(d.Year, int(d.Month)) {
		return noDay
	}
	return civil(d.Year, int(d.Month), d.Day)
}

// date converts back; noDay is the unknown date.
func (d day) date() iis.Date {
	if d == noDay {
		return iis.Date{}
	}
	y, m, n := d.parts()
	return iis.Date{Year: y, Month: time.Month(m), Day: n}
}

// civil is the day of a date that exists. It counts in years that begin in
// March, so that the day a leap year has more is the last.
func civil(y, m, d int) day {
	if m <= 2 {
		y, m = y-1, m+12
	}
	y += 10_000 // no year below zero, in whole eras of 400
	return day(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 4_371_893)
}

// parts is the date of a day.
func (d day) parts() (year, month, dom int) {
	z := int(d) + 4_371_893
	era := z / 146_097
	doe := z % 146_097
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	m := (5*doy + 2) / 153
	dom = doy - (153*m+2)/5 + 1
	year, month = yoe+400*era-10_000, m+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, dom
}

var monthDays = [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return monthDays[month]
}

// period is a length of time: months, and then days.
type period struct {
	months, days int32
}

// add adds a period to a day. Years and months hold the day of the month; where
// that month has no such day, it is the first of the next. Weeks and days follow.
// cdsi/4.6 CALCDT-1 to CALCDT-6
func (d day) add(p period) day {
	if d == noDay {
		return noDay
	}
	if p.months == 0 {
		return d + day(p.days)
	}
	y, m, n := d.parts()
	return addTo(y, m, n, p)
}

// addTo is add for a date in parts.
func addTo(y, m, n int, p period) day {
	m += int(p.months) - 1
	y += floor(m, 12)
	m = m - 12*floor(m, 12) + 1
	if y < -9000 || y > 20_000 {
		return lastDay // no date of a person comes near
	}
	if n > daysIn(y, m) {
		if n, m = 1, m+1; m > 12 {
			y, m = y+1, 1
		}
	}
	return civil(y, m, n) + day(p.days)
}

func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// later is the later of two days; noDay is before every other.
func later(a, b day) day {
	if a > b {
		return a
	}
	return b
}

// sooner is the sooner of two days, of which noDay is none.
func sooner(a, b day) day {
	if a == noDay || b != noDay && b < a {
		return b
	}
	return a
}
