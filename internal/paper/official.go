package paper

import (
	"slices"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// Site is what a registry says of itself on its records.
type Site struct {
	Registry string // its name
	Agency   string // that runs it
	Address  string // of the agency
	Phone    string
	IDLabel  string // what a client's ID is called
	Demo     string // what a demonstration says on each record, "" otherwise
	Format   string // the line that says how to get another format
	Verify   string // address of the page to verify a record, such as https://registry.example/verify; "" if not known
}

// Issue is when, by whom and under which code an official record was issued.
type Issue struct {
	Code string
	At   time.Time // in the zone of the registry
	By   string    // organization
}

// Official is the official immunization record.
func Official(f Facts, o Options, i Issue, s Site) Document {
	w := writer{lang: o.Language}
	w.open(labelOfficial, f, s)
	w.seal(s)
	day := iis.DateOf(i.At).US()
	w.add(Block{Pairs: append(w.who(f, s),
		Pair{labelIssued.in(w.lang), words(day)},
		Pair{labelIssuedBy.in(w.lang), words(i.By)})})
	w.paragraph(labelReported)
	w.add(Block{Text: labelDates.in(w.lang), Small: true})
	w.shots(f)
	w.comments(labelImmunity, f.kind(iis.KindImmunity))
	w.comments(labelExemptions, f.kind(iis.KindExemption))
	if o.Recommendations {
		w.recommendations(f)
	}
	if o.Comments {
		w.comments(labelComments, f.others())
	}
	w.heading(2, labelCheck.in(w.lang))
	w.check(i, s)
	return w.Document
}

// writer writes a document in a language.
type writer struct {
	Document
	lang Language
}

func (w *writer) paragraph(l *label, values ...string) {
	w.add(Block{Text: l.in(w.lang, values...)})
}

func (w *writer) small(l *label, values ...string) {
	w.add(Block{Text: l.in(w.lang, values...), Small: true})
}

// open begins a document: its title, and what stands on each sheet.
func (w *writer) open(title *label, f Facts, s Site) {
	w.Title, w.Footer = title.English, s.Format
	w.Header = FullName(f.Name) + " · " + s.IDLabel + " " + string(f.Client)
	if s.Demo != "" {
		w.Header += " · " + s.Demo
	}
	w.PageOf = labelPage.in(w.lang).String()
	w.heading(1, title.in(w.lang))
}

// seal says whose record it is.
func (w *writer) seal(s Site) {
	t := Text{{Text: s.Registry, Bold: true}}
	for _, line := range []string{s.Agency, s.Address, s.Phone} {
		if line != "" {
			t = append(t, Span{Text: ", " + line})
		}
	}
	w.add(Block{Text: t})
	if s.Demo != "" {
		w.add(Block{Text: Text{{Text: s.Demo, Bold: true}}})
	}
}

// who says whom the record is about.
func (w *writer) who(f Facts, s Site) []Pair {
	return []Pair{
		{labelName.in(w.lang), Text{{Text: FullName(f.Name), Bold: true}}},
		{labelBirth.in(w.lang), words(f.Birth.US())},
		{words(s.IDLabel), words(string(f.Client))},
	}
}

// shots are the doses by vaccine group.
func (w *writer) shots(f Facts) {
	w.heading(2, labelShots.in(w.lang))
	if len(f.Shots) == 0 {
		w.paragraph(labelNoShots)
		return
	}
	t := &Table{Name: labelShots.English, Columns: []Column{
		{Title: labelDate.in(w.lang), Share: 2, Heads: true},
		{Title: labelVaccine.in(w.lang), Share: 5},
		{Title: labelCounts.in(w.lang), Share: 3},
	}}
	combined, marked := false, false
	for _, name := range f.groups() {
		g := Group{Title: w.group(name)}
		for _, s := range f.Shots {
			v, ok := s.verdict(name)
			if !ok {
				continue
			}
			combined = combined || len(s.Verdicts) > 1
			marked = marked || v.Mark != Valid
			g.Rows = append(g.Rows, []Text{words(s.Date.US()), words(code.ProductLabel(s.Vaccine, s.TradeName)), marks[v.Mark].in(w.lang)})
		}
		t.Groups = append(t.Groups, g)
	}
	w.add(Block{Table: t})
	if combined {
		w.small(labelCombined)
	}
	if marked {
		w.small(labelMarks)
	}
}

// group is a vaccine group, which has one name in every language.
func (w *writer) group(name string) Text {
	if name == noGroup {
		return labelOther.in(w.lang)
	}
	return words(iis.GroupName(name))
}

// comments are statements with the day they apply to.
func (w *writer) comments(title *label, list []iis.Comment) {
	w.heading(2, title.in(w.lang))
	if len(list) == 0 {
		w.paragraph(labelNone)
		return
	}
	t := &Table{Name: title.English, Columns: []Column{
		{Title: labelApplies.in(w.lang), Share: 2, Heads: true},
		{Title: labelStatement.in(w.lang), Share: 8},
	}}
	var rows [][]Text
	for _, c := range list {
		date, what := words(c.Date.US()), words(c.Code.Label())
		if c.Date.IsZero() {
			date = labelNoDate.in(w.lang)
		}
		if row, ok := iis.CommentRowOf(c.Code); ok {
			if until := row.Ends(c.Date); !until.IsZero() {
				what = labelUntil.in(w.lang, "what", row.Label, "date", until.AddDays(-1).US())
			}
		}
		rows = append(rows, []Text{date, what})
	}
	t.Groups = []Group{{Rows: rows}}
	w.add(Block{Table: t})
}

// recommended are the vaccine groups of which a record says something: those in
// which something is due, done or ruled out.
func (f Facts) recommended() []Due {
	var list []Due
	for _, d := range f.Due {
		if d.Standing != NotRecommended && d.Standing != AgedOut {
			list = append(list, d)
		}
	}
	return list
}

func (w *writer) recommendations(f Facts) {
	w.heading(2, labelRecommend.in(w.lang))
	w.due(labelRecommend, f.recommended(), false)
	w.lapsed(f)
	w.small(labelRules, "date", f.AsOf.US(), "version", f.Schedule)
}

// due is a table of what is due when, in plain words too if asked.
func (w *writer) due(name *label, list []Due, plain bool) {
	t := &Table{Name: name.English, Columns: []Column{{Title: labelGroup.in(w.lang), Share: 3, Heads: true}}}
	if plain {
		t.Columns = append(t.Columns, Column{Title: labelAgainst.in(w.lang), Share: 4})
	}
	t.Columns = append(t.Columns,
		Column{Title: labelStatus.in(w.lang), Share: 3},
		Column{Title: labelDueOn.in(w.lang), Share: 2},
		Column{Title: labelPastDue.in(w.lang), Share: 2})
	var rows [][]Text
	for _, d := range list {
		row := []Text{words(iis.GroupName(d.VaccineGroup))}
		if plain {
			what := Text{}
			if l := diseases[d.VaccineGroup]; l != nil {
				what = l.in(w.lang)
			}
			row = append(row, what)
		}
		rows = append(rows, append(row, standings[d.Standing].in(w.lang), words(d.Recommended.US()), words(d.PastDue.US())))
	}
	t.Groups = []Group{{Rows: rows}}
	w.add(Block{Table: t})
}

// lapsed says of which vaccines nothing can be said.
func (w *writer) lapsed(f Facts) {
	var groups []string
	for _, g := range f.Lapsed {
		groups = append(groups, iis.GroupName(g))
	}
	if len(groups) > 0 {
		w.paragraph(labelLapsed, "groups", strings.Join(slices.Compact(groups), ", "))
	}
}

// check says how the record is verified.
func (w *writer) check(i Issue, s Site) {
	c := &Check{Alt: labelQR.English}
	if s.Verify != "" {
		c.Address = s.Verify + "/" + i.Code
		c.Beside = []Text{labelScan.in(w.lang, "address", strings.TrimPrefix(strings.TrimPrefix(s.Verify, "https://"), "http://"))}
	} else {
		c.Beside = []Text{labelType.in(w.lang)}
	}
	c.Beside = append(c.Beside, Text{{Text: GroupedCode(i.Code), Bold: true}})
	w.add(Block{Check: c})
}
