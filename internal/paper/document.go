package paper

import "strings"

// Document is a record as it is read, in reading order.
type Document struct {
	Title  string // names the kind of record, never a person
	Header string // stands on each sheet: whose record it is
	PageOf string // "Page {n} of {m}", on each sheet
	Footer string // on each sheet
	Blocks []Block
}

// Block is a piece of a document: one of its fields is set.
type Block struct {
	Heading *Heading
	Text    Text // a paragraph
	Small   bool // of a paragraph that is not what the record is about
	Pairs   []Pair
	Table   *Table
	Check   *Check
}

// Text is words, each piece in its language.
type Text []Span

// Span is a piece of text. Lang is "" for English, the language of documents.
type Span struct {
	Text string
	Lang string
	Bold bool
}

// Heading is the title of what follows it; level 1 is the title of the record.
type Heading struct {
	Level int
	Text  Text
}

// Pair is a label and its value.
type Pair struct{ Label, Value Text }

// Table is rows in groups under titled columns.
type Table struct {
	Name    string // for who cannot see that it stands under its heading
	Columns []Column
	Groups  []Group
}

// Column is a column of a table.
type Column struct {
	Title Text
	Share float64 // its width in proportion to the others
	Heads bool    // its cells name their rows
}

// Group is rows that belong together under a title, which may be empty.
type Group struct {
	Title Text
	Rows  [][]Text
}

// Check says how to verify the record: a QR code of an address, and words.
type Check struct {
	Address string // of the page that verifies this record; "" if the site has none
	Alt     string // what the QR code is, in words
	Beside  []Text
}

// words is text in English, or in no language: a name, a date, a code.
func words(s string) Text { return Text{{Text: s}} }

// Words is all that the document says, in reading order, one piece of text an
// entry; what stands on each sheet is not among them.
func (d Document) Words() []string {
	var all []string
	say := func(list ...Text) {
		for _, t := range list {
			if s := t.String(); s != "" {
				all = append(all, s)
			}
		}
	}
	for _, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			say(b.Heading.Text)
		case b.Table != nil:
			for _, c := range b.Table.Columns {
				say(c.Title)
			}
			for _, g := range b.Table.Groups {
				say(g.Title)
				for _, r := range g.Rows {
					say(r...)
				}
			}
		case b.Check != nil:
			say(b.Check.Beside...)
		case b.Pairs != nil:
			for _, p := range b.Pairs {
				say(p.Label, p.Value)
			}
		default:
			say(b.Text)
		}
	}
	return all
}

// String is the text without its languages.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (d *Document) add(b ...Block) { d.Blocks = append(d.Blocks, b...) }

func (d *Document) heading(level int, t Text) { d.add(Block{Heading: &Heading{level, t}}) }
