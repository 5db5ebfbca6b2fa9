package web

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/forecast"
)

// against says what speaks against a dose, with what it was compared with to the
// day.
func against(r forecast.Reason, given, born iis.Date) string {
	early := days(given, r.Until)
	switch {
	case r.Code == forecast.TooYoung && early > 0:
		return fmt.Sprintf("Given at %s, %s too early: the minimum age is %s, reached on %s.",
			exactAge(born, given), count(early, "day", "days"), period(r.Required), r.Until.US())
	case r.Code == forecast.TooOld && !r.Until.IsZero():
		return fmt.Sprintf("Given at %s, too late: it counts before the age of %s, reached on %s.",
			exactAge(born, given), period(r.Required), r.Until.US())
	case r.Code == forecast.TooSoon && early > 0 && !r.From.IsZero():
		return fmt.Sprintf("Given %s after %s, %s too early: the minimum interval is %s, which ended on %s.",
			count(days(r.From, given), "day", "days"), r.From.US(), count(early, "day", "days"), period(r.Required), r.Until.US())
	case r.Code == forecast.LiveVirusConflict && early > 0 && !r.From.IsZero():
		return fmt.Sprintf("Given %s after the live vaccine %s of %s, %s too early: %s must pass, until %s.",
			count(days(r.From, given), "day", "days"), code.Label(iis.CVX(r.Value)), r.From.US(), count(early, "day", "days"), period(r.Required), r.Until.US())
	}
	return r.Sentence()
}

// why says what set a date of a forecast, or that nothing is due.
func why(r forecast.Reason) string {
	if r.Code == forecast.AfterConflict && r.Value != "" {
		return fmt.Sprintf("May be given %s after the live vaccine %s of %s, from %s.", period(r.Required), code.Label(iis.CVX(r.Value)), r.From.US(), r.Until.US())
	}
	return strings.Replace(r.Sentence(), "at the age of 0 days, reached on", "at birth,", 1)
}

// period is an age or interval of the schedule as it is said: "12 months less 4
// days".
func period(s string) string {
	return strings.NewReplacer(" - ", " less ", " + ", " and ").Replace(s)
}

// sentence begins with a capital and ends with a stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	s = string(unicode.ToUpper(r)) + s[n:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// days counts the days from one date to another.
func days(from, to iis.Date) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	at := func(d iis.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }
	return int(at(to).Sub(at(from)) / (24 * time.Hour))
}

// exactAge says an age to the day: "11 months 29 days".
func exactAge(born, at iis.Date) string {
	if born.IsZero() || at.Before(born) {
		return "an unknown age"
	}
	y, m, d := born.Age(at)
	var parts []string
	if y > 0 {
		parts = append(parts, count(y, "year", "years"))
	}
	if m > 0 {
		parts = append(parts, count(m, "month", "months"))
	}
	if d > 0 || len(parts) == 0 {
		parts = append(parts, count(d, "day", "days"))
	}
	return strings.Join(parts, " ")
}

// exactInterval says an interval to the day: "61 days (8 weeks 5 days)".
func exactInterval(n int) string {
	s := count(n, "day", "days")
	if n < 7 {
		return s
	}
	w := count(n/7, "week", "weeks")
	if n%7 > 0 {
		w += " " + count(n%7, "day", "days")
	}
	return s + " (" + w + ")"
}
