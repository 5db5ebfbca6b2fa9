package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// DateOrder is in which order the dates of a file are written. Year, month and day
// with hyphens are read whatever it is.
type DateOrder string

const (
	MonthFirst DateOrder = "mdy" // 09/21/2009
	YearFirst  DateOrder = "ymd" // 2009/09/21, 20090921
	DayFirst   DateOrder = "dmy" // 21.09.2009
)

// DateOrders lists every order.
var DateOrders = []DateOrder{MonthFirst, YearFirst, DayFirst}

// words says an order.
func (o DateOrder) words() string {
	switch o {
	case YearFirst:
		return "year, month, day"
	case DayFirst:
		return "day, month, year"
	}
	return "month, day, year"
}

// ordered writes a date of the order with its month first, as iis.ReadDate takes
// it. What is no date is left for that to refuse; a date that is of another order
// is an error, since it could be read as another day.
func (o DateOrder) ordered(s string) (string, error) {
	s = withoutTime(s)
	if o != YearFirst && o != DayFirst || len(s) == 10 && s[4] == '-' && s[7] == '-' {
		return s, nil
	}
	parts := dateParts(s)
	if len(parts) == 1 && len(s) == 8 {
		parts = []string{s[:2], s[2:4], s[4:]}
		if o == YearFirst {
			parts = []string{s[:4], s[4:6], s[6:]}
		}
	}
	if len(parts) != 3 {
		return s, nil // a month and year, or no date
	}
	if o == YearFirst {
		if len(parts[0]) != 4 {
			return "", fmt.Errorf("is not in the order %s", o.words())
		}
		return parts[1] + "/" + parts[2] + "/" + parts[0], nil
	}
	if n, err := strconv.Atoi(parts[0]); err != nil || n < 1 || n > 31 || len(parts[0]) > 2 {
		return "", fmt.Errorf("is not in the order %s", o.words())
	}
	if n, err := strconv.Atoi(parts[1]); err == nil && (n < 1 || n > 12) {
		return "", fmt.Errorf("is not in the order %s", o.words())
	}
	return parts[1] + "/" + parts[0] + "/" + parts[2], nil
}

// against reports whether one of some dates cannot be of the order.
func (o DateOrder) against(dates []string) bool {
	return slices.ContainsFunc(dates, func(s string) bool {
		day, err := o.ordered(s)
		if err != nil {
			return true
		}
		parts := dateParts(day)
		if len(parts) == 1 && len(day) == 8 {
			parts = []string{day[:2], day[2:4], day[4:]}
		}
		if len(parts) != 3 || len(day) == 10 && day[4] == '-' {
			return false
		}
		month, err := strconv.Atoi(parts[0])
		return err == nil && month > 12
	})
}

// withoutTime leaves out the time of day that exports write after a date.
func withoutTime(s string) string {
	s = strings.TrimSpace(s)
	for _, sep := range []string{"T", " "} {
		if day, clock, ok := strings.Cut(s, sep); ok && strings.Contains(clock, ":") && len(day) >= 6 {
			return day
		}
	}
	return s
}

func dateParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
}

// guessDates says in which order some dates are written: the one that none of them
// speaks against, the month first if that cannot be told.
func guessDates(dates []string) DateOrder {
	could := map[DateOrder]bool{MonthFirst: true, YearFirst: true, DayFirst: true}
	seen := false
	for _, s := range dates {
		s = withoutTime(s)
		parts := dateParts(s)
		if len(parts) == 1 && len(s) == 8 {
			parts = []string{s[:2], s[2:4], s[4:]}
			// The year comes first if it can be one and a month follows.
			if year, month := s[:4], s[4:6]; year >= "1900" && year < "2200" && month >= "01" && month <= "12" {
				parts = []string{s[:4], s[4:6], s[6:]}
			}
		}
		if len(parts) != 3 {
			continue
		}
		a, err := strconv.Atoi(parts[0])
		b, err2 := strconv.Atoi(parts[1])
		if err != nil || err2 != nil {
			continue
		}
		seen = true
		if len(parts[0]) == 4 {
			could[MonthFirst], could[DayFirst] = false, false
			continue
		}
		could[YearFirst] = false
		could[MonthFirst] = could[MonthFirst] && a <= 12
		could[DayFirst] = could[DayFirst] && b <= 12
	}
	for _, o := range []DateOrder{MonthFirst, DayFirst, YearFirst} {
		if seen && could[o] {
			return o
		}
	}
	return MonthFirst
}
