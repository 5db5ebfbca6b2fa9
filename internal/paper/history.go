package paper

import (
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// Printed is when and by whom a history is printed.
type Printed struct {
	At string // day and time
	By string // the person and the organization
}

// Withheld is what a confidential print of the history leaves out, as the print
// itself and the guide list it.
var Withheld = []string{
	"the address and the phone number",
	"the chart number",
	"the mother's maiden name",
	"the organizations that recorded the doses, and which doses are your own",
	"who printed it, and for which organization",
}

// History is the immunization history on paper: both tables and every comment.
// A confidential one leaves out what Withheld lists.
func History(f Facts, confidential bool, p Printed, s Site) Document {
	w := writer{lang: English}
	w.history(f, confidential, p, s)
	return w.Document
}

func (w *writer) history(f Facts, confidential bool, p Printed, s Site) {
	w.Title, w.Footer, w.PageOf = "Immunization history", s.Format, labelPage.English
	w.Header = FullName(f.Name) + " · " + s.IDLabel + " " + string(f.Client)
	title := "Immunization history"
	if confidential {
		title += ", confidential"
	}
	w.heading(1, words(title))
	printed := "Printed " + p.At
	if !confidential {
		printed += " by " + p.By
	}
	w.add(Block{Text: words(printed + ". This is not an official immunization record.")})
	who := append(w.who(f, s), Pair{words("Gender"), words(string(f.Gender))}, Pair{words("Tracking Schedule"), words("ACIP")})
	if !confidential {
		who = append(who,
			Pair{words("Mother's Maiden"), onFile(f.Maiden)}, Pair{words("Chart Number"), onFile(f.Chart)},
			Pair{words("Address"), onFile(f.Address)}, Pair{words("Phone"), onFile(f.Phone)})
	}
	w.add(Block{Pairs: who})
	w.comments(labelComments, f.Comments)
	w.given(f, confidential)
	w.refused(f)
	w.heading(2, words("Recommended by ACIP schedule"))
	w.foreseen(f)
	w.lapsed(f)
	w.small(labelRules, "date", f.AsOf.US(), "version", f.Schedule)
	if confidential {
		w.heading(2, words("Left out of this print"))
		for _, what := range Withheld {
			w.add(Block{Text: words("Left out: " + what + ".")})
		}
	}
}

func onFile(s string) Text {
	if s == "" {
		return words("not on file")
	}
	return words(s)
}

// given is the table of doses.
func (w *writer) given(f Facts, confidential bool) {
	w.heading(2, words("History"))
	if len(f.Shots) == 0 {
		w.paragraph(labelNoShots)
		return
	}
	t := &Table{Caption: words("History"), Columns: []Column{
		{Title: words("Date Administered"), Share: 2.2, Heads: true},
		{Title: words("Series"), Share: 1.8},
		{Title: words("Vaccine [Trade Name]"), Share: 4},
		{Title: words("Dose"), Share: 1.2},
		{Title: words("Hist?"), Share: 1.1},
	}}
	if !confidential {
		t.Columns = append(t.Columns, Column{Title: words("Owned?"), Share: 1.4}, Column{Title: words("Recorded by"), Share: 3})
	}
	for _, name := range f.groups() {
		g := Group{Title: words(name)}
		for _, s := range f.Shots {
			v, ok := s.verdict(name)
			if !ok {
				continue
			}
			what := strings.Join(append([]string{code.ProductLabel(s.Vaccine, s.TradeName)}, v.Why...), ". ")
			row := []Text{words(s.Date.US()), words(v.Series()), words(what), words(s.Amount), words(yesNo(s.Historical))}
			if !confidential {
				row = append(row, words(yesNo(s.Owned)), words(s.By))
			}
			g.Rows = append(g.Rows, row)
		}
		t.Groups = append(t.Groups, g)
	}
	w.add(Block{Table: t})
	w.small(labelCombined)
	w.add(Block{Text: words("Hist?: recorded from paper or word, given elsewhere or long ago."), Small: true})
	if !confidential {
		w.add(Block{Text: words("Owned?: recorded by the organization that printed this."), Small: true})
	}
}

// Series is the place of a shot in its series, "1 of 4", or why it has none.
func (v Verdict) Series() string {
	switch {
	case v.Mark != Valid:
		return string(v.Mark)
	case v.Dose == 0:
		return "Valid"
	case v.Of == 0:
		return strconv.Itoa(v.Dose)
	}
	return strconv.Itoa(v.Dose) + " of " + strconv.Itoa(v.Of)
}

// refused are the doses that were offered and not given.
func (w *writer) refused(f Facts) {
	if len(f.Refusals) == 0 {
		return
	}
	w.heading(2, words("Refused"))
	t := &Table{Caption: words("Refused"), Columns: []Column{
		{Title: words("Date"), Share: 2, Heads: true}, {Title: words("Vaccine [Trade Name]"), Share: 8}}}
	var rows [][]Text
	for _, d := range f.Refusals {
		rows = append(rows, []Text{words(d.Date.US()), words(code.ProductLabel(d.Vaccine, d.TradeName))})
	}
	t.Groups = []Group{{Rows: rows}}
	w.add(Block{Table: t})
}

// foreseen is the table of recommendations with their reasons.
func (w *writer) foreseen(f Facts) {
	t := &Table{Caption: words("Recommended by ACIP schedule"), Columns: []Column{
		{Title: words("Vaccine Group"), Share: 2.4, Heads: true},
		{Title: words("Status"), Share: 2},
		{Title: words("Earliest"), Share: 1.8},
		{Title: words("Recommended"), Share: 2},
		{Title: words("Overdue"), Share: 1.8},
		{Title: words("Why"), Share: 4},
	}}
	var rows [][]Text
	for _, d := range f.recommended() {
		why := ""
		if len(d.Why) > 0 {
			why = d.Why[0]
		}
		rows = append(rows, []Text{words(d.VaccineGroup), standings[d.Standing].in(English),
			words(d.Earliest.US()), words(d.Recommended.US()), words(d.PastDue.US()), words(why)})
	}
	t.Groups = []Group{{Rows: rows}}
	w.add(Block{Table: t})
}

func yesNo(b bool) string {
	if b {
		return iis.Yes
	}
	return iis.No
}
