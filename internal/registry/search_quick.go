package registry

import (
	"regexp"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
)

var (
	quickPhone = regexp.MustCompile(`(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]?\d{4}\b`)
	quickDate  = regexp.MustCompile(`\b(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})\b`)
	// quickMonth is a date with the month in letters: Sep 21 2009.
	quickMonth = regexp.MustCompile(`(?i)\b[a-z]{3,9}\.? \d{1,2},? \d{4}\b`)
)

// ParseQuick reads what was typed into the one box of the header: a name in any
// order, a birth date, a registry ID or chart number, a phone number, or several
// of them. "duck, don 9/21/09", "Don Duck", "6714871" and "(651) 201-4629" are
// all understood. Digits that can be two things are taken for both: an ID leads,
// and what else they may be is tried if nobody has it.
func ParseQuick(text string, today iis.Date) Query {
	var q Query
	take := func(re *regexp.Regexp, use func(string) bool) {
		if at := re.FindStringIndex(text); at != nil && use(text[at[0]:at[1]]) {
			text = text[:at[0]] + " " + text[at[1]:]
		}
	}
	date := func(s string) bool {
		d, err := iis.ReadDate(s, today)
		if err != nil || d.IsZero() {
			return false
		}
		q.BirthDate = d
		return true
	}
	text = strings.Join(strings.Fields(text), " ")
	take(quickPhone, func(s string) bool { q.Phone = s; return true })
	take(quickDate, date)
	if q.BirthDate.IsZero() {
		take(quickMonth, date)
	}
	last, first, comma := strings.Cut(text, ",")
	if comma {
		q.Last, q.First = q.names(last, date), q.names(first, date)
		return q
	}
	words := strings.Fields(q.names(text, date))
	if n := len(words); n > 0 {
		q.Last, q.First = words[n-1], strings.Join(words[:n-1], " ")
		q.AnyOrder = true
	}
	return q
}

// names takes what holds digits out of the text and returns the rest.
func (q *Query) names(text string, date func(string) bool) string {
	var words []string
	for w := range strings.FieldsSeq(text) {
		if !strings.ContainsAny(w, "0123456789") {
			words = append(words, w)
			continue
		}
		plain := strings.Trim(w, "0123456789") == ""
		switch {
		case plain && (len(w) == 8 || len(w) == 6) && q.BirthDate.IsZero() && date(w):
			if !iis.ValidClientID(w) {
				continue
			}
		case plain && match.Phone(w) != "" && len(w) == 10 && q.Phone == "":
			q.Phone = w
		}
		if q.ID == "" {
			q.ID = w
		}
	}
	return strings.Join(words, " ")
}
