package match

import (
	"slices"
	"time"

	"openiis.org/iis"
)

// Level is how well one field of what was asked agrees with that of a client.
type Level uint8

// The levels of names and of dates, best last within each kind.
const (
	Unsaid    Level = iota // not asked, or not on file
	Different              // nothing in common
	Initial                // the first letter only
	Similar                // much in common, without a nearer reason
	Sounding               // spelled otherwise, sounds the same
	TwoApart               // two letters of a name of six or more
	Beginning              // what was asked begins the name on file
	Part                   // one is a part of the other, a double name
	OneApart               // one letter
	Nickname               // DON for DONALD
	Same

	CloseDate  // within ten days
	YearApart  // the same day one year before or after
	OneDigit   // one digit of the date
	DaySwapped // two digits that are neighbours, or day and month

	// Of a date asked for of which only the year, or year and month, is known.
	YearOff   // one year before or after
	SameYear  // in the year
	SameMonth // in the month of the year

	levels // how many there are
)

// similarFrom is the Jaro–Winkler likeness at which names are Similar.
const similarFrom = 0.87

// Name is one half of a name as asked for, made ready to be compared with many.
type Name struct {
	typed   string // as it was typed, for words
	pattern Pattern
	sound   string
	parts   []string // of a double name
	first   bool     // nicknames count
}

// NewLast returns a last name as asked for; NewFirst a first name.
func NewLast(typed string) *Name { return newName(typed, false) }

// NewFirst returns a first name as asked for.
func NewFirst(typed string) *Name { return newName(typed, true) }

func newName(typed string, first bool) *Name {
	n := &Name{typed: typed, first: first}
	all := variants(typed, !first)
	n.pattern.Set(all[0])
	n.sound = Sound(all[0])
	n.parts = all[1:]
	return n
}

// Text returns the folded name; "" if none was asked for.
func (n *Name) Text() string { return n.pattern.text }

// Sound returns how the name sounds.
func (n *Name) Sound() string { return n.sound }

// Parts returns the parts of a double name that are names by themselves.
func (n *Name) Parts() []string { return n.parts }

// Compare returns how well a folded name on file agrees; sounds reports whether
// it sounds the same though it is spelled otherwise.
func (n *Name) Compare(name string) (l Level, sounds bool) {
	asked := n.pattern.text
	switch {
	case asked == "" || name == "":
		return Unsaid, false
	case asked == name:
		return Same, false
	case n.first && IsNickname(asked, name):
		return Nickname, false
	case len(asked) == 1 || len(name) == 1:
		if asked[0] == name[0] {
			return Initial, false
		}
		return Different, false
	case slices.Contains(n.parts, name):
		return Part, false
	}
	d := n.pattern.Distance(name)
	var b [maxSound]byte
	sounds = string(AppendSound(b[:0], name)) == n.sound && n.sound != ""
	switch {
	case d == 1 && len(asked) > 2:
		return OneApart, sounds
	case len(asked) < len(name) && name[:len(asked)] == asked:
		return Beginning, false
	case d == 2 && min(len(asked), len(name)) >= 6:
		return TwoApart, sounds
	case sounds:
		return Sounding, true
	case n.pattern.JaroWinkler(name) >= similarFrom:
		return Similar, false
	}
	return Different, false
}

// CompareDates returns how well a date on file agrees with the one asked for.
func CompareDates(asked, d iis.Date) Level {
	switch {
	case asked.IsZero() || d.IsZero():
		return Unsaid
	case asked == d:
		return Same
	case asked.Year == d.Year && asked.Day == int(d.Month) && int(asked.Month) == d.Day:
		return DaySwapped
	}
	a, b := digits(asked), digits(d)
	differ, first := 0, -1
	for i := range a {
		if a[i] != b[i] {
			if first < 0 {
				first = i
			}
			differ++
		}
	}
	switch {
	case differ == 2 && first+1 < len(a) && a[first] == b[first+1] && a[first+1] == b[first]:
		return DaySwapped
	case asked.Month == d.Month && asked.Day == d.Day && abs(asked.Year-d.Year) == 1:
		return YearApart
	case differ == 1:
		return OneDigit
	case abs(asked.Year-d.Year) <= 1 && abs(days(asked)-days(d)) <= 10:
		return CloseDate
	}
	return Different
}

// ComparePartial is CompareDates with a date of which not all may be known.
func ComparePartial(asked iis.PartialDate, d iis.Date) Level {
	if asked.Day != 0 || asked.Year == 0 || d.IsZero() {
		return CompareDates(iis.Date(asked), d)
	}
	switch sameMonth := asked.Month == d.Month; {
	case asked.Year == d.Year && sameMonth:
		return SameMonth
	case asked.Year == d.Year && asked.Month == 0:
		return SameYear
	case abs(asked.Year-d.Year) == 1 && (sameMonth || asked.Month == 0):
		return YearOff
	}
	return Different
}

// NearDates returns the dates from which a slip of the pen could have made d,
// d itself not among them: day and month swapped, the year before and after,
// one digit of day, month or the last two of the year, neighbouring digits
// swapped. They are real dates, in order, at most about 40.
func NearDates(d iis.Date) []iis.Date {
	if d.IsZero() {
		return nil
	}
	var all []iis.Date
	try := func(e iis.Date) {
		if e.Year < 1 || e.Month < 1 || e.Month > 12 || e.Day < 1 || e.AddDays(0) != e || e == d {
			return
		}
		if l := CompareDates(d, e); l != Different {
			all = append(all, e)
		}
	}
	try(iis.Date{Year: d.Year, Month: monthOf(d.Day), Day: int(d.Month)})
	for y := d.Year - 1; y <= d.Year+1; y++ {
		try(iis.Date{Year: y, Month: d.Month, Day: d.Day})
	}
	base := digits(d)
	for i := 2; i < len(base); i++ {
		for c := byte('0'); c <= '9'; c++ {
			e := base
			e[i] = c
			try(undigits(e))
		}
		if i > 2 {
			e := base
			e[i-1], e[i] = e[i], e[i-1]
			try(undigits(e))
		}
	}
	slices.SortFunc(all, iis.Date.Compare)
	return slices.Compact(all)
}

// digits is a date as YYYYMMDD.
func digits(d iis.Date) [8]byte {
	var b [8]byte
	n := d.Year*10_000 + int(d.Month)*100 + d.Day
	for i := 7; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

func undigits(b [8]byte) iis.Date {
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return iis.Date{Year: n / 10_000, Month: monthOf(n / 100 % 100), Day: n % 100}
}

// days counts days roughly: exact within a month, and near enough to tell
// whether two dates are days or months apart.
func days(d iis.Date) int { return (d.Year*12+int(d.Month))*30 + d.Day }

func abs(n int) int { return max(n, -n) }

func monthOf(n int) time.Month { return time.Month(n) }
