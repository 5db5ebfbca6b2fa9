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
	// quickPartial is a month with its year: 9/2009, 2009-09, Sep 2009.
	quickPartial = regexp.MustCompile(`(?i)\b(?:\d{1,2}[-/.]\d{4}|\d{4}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? \d{4})\b`)
)

// ParseQuick reads what was typed into the one box of the header: a name in any
// order, a birth date or what is known of it, a registry ID or chart number, a
// phone number, or several of them. "duck, don 9/21/09", "Don Duck Sep 2009",
// "6714871" and "(651) 201-4629" are all understood. Digits that can be two things
// are taken for both: an ID leads, and what else they may be is tried if nobody
// has it. Beside a name, four digits are a year.
func ParseQuick(text string, today iis.Date) Query {
	p := quick{today: today}
	p.text = strings.Join(strings.Fields(text), " ")
	p.take(quickPhone, func(s string) bool { p.Phone = s; return true })
	p.take(quickDate, p.date)
	p.take(quickMonth, p.date)
	p.take(quickPartial, p.partial)
	last, first, comma := strings.Cut(p.text, ",")
	if comma {
		p.Last, p.First = p.names(last), p.names(first)
	} else if words := strings.Fields(p.names(p.text)); len(words) > 0 {
		n := len(words) - 1
		p.Last, p.First = words[n], strings.Join(words[:n], " ")
		p.AnyOrder = true
	}
	if p.ID == "" && p.Last == "" && p.First == "" && strings.Trim(p.number, "0123456789-") == "" {
		p.ID = p.number
	}
	p.IDOrDate = p.ID != "" && p.ID == p.number
	return p.Query
}

// quick is a line being read.
type quick struct {
	Query
	today  iis.Date
	text   string // what is not read yet
	number string // a date that may as well be an ID
}

// take takes the first match out of the text, if use takes it.
func (p *quick) take(re *regexp.Regexp, use func(string) bool) {
	if at := re.FindStringIndex(p.text); at != nil && use(p.text[at[0]:at[1]]) {
		p.text = p.text[:at[0]] + " " + p.text[at[1]:]
	}
}

// date takes s for the birth date, if there is none yet and it can be one.
func (p *quick) date(s string) bool {
	d, err := iis.ReadPartialDate(s, p.today)
	if !p.BirthDate.IsZero() || err != nil || d.IsZero() || d.Day == 0 && (d.Year < 1900 || d.Year > p.today.Year) {
		return false
	}
	p.BirthDate = d
	return true
}

// partial is date for a date of which not all may be known.
func (p *quick) partial(s string) bool {
	if !p.date(s) {
		return false
	}
	p.number = s
	return true
}

// names takes what holds digits out of the text and returns the rest.
func (p *quick) names(text string) string {
	var words []string
	for w := range strings.FieldsSeq(text) {
		if !strings.ContainsAny(w, "0123456789") {
			words = append(words, w)
			continue
		}
		plain := strings.Trim(w, "0123456789") == ""
		switch {
		case plain && len(w) == 4 && p.partial(w):
			continue
		case plain && (len(w) == 8 || len(w) == 6) && p.partial(w):
			if !iis.ValidClientID(w) {
				p.number = ""
				continue
			}
		case plain && match.Phone(w) != "" && len(w) == 10 && p.Phone == "":
			p.Phone = w
		}
		if p.ID == "" {
			p.ID = w
		}
	}
	return strings.Join(words, " ")
}
