package pdf

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Document is what is to be written.
type Document struct {
	// Title stands in the title bar of the window and in the list of open
	// files, where passers-by read it: it names the kind of document, never a
	// person.
	Title string
	// Lang is the language of all text that does not say its own, such as
	// "en-US" (BCP 47).
	Lang string
	// Created is the time of the document, if it is to hold one.
	Created time.Time
	// Header stands at the top of each page, with the number of the page. It
	// is no part of the text: who listens hears it once, as a block.
	Header string
	// PageOf is the number of the page in words, with {n} and {m} for the
	// numbers; "Page {n} of {m}" if empty.
	PageOf string
	// Footer stands at the foot of each page. It is no part of the text either.
	Footer string
	Blocks []Block
}

// Block is a piece of a document: a [Heading], [Paragraph], [Table], [Pairs],
// [Figure], [Rule] or [Space].
type Block interface {
	// lay adds the block to the layout.
	lay(*layout) error
}

// Text is a line or more of words. A line feed in it ends a line.
type Text []Span

// Span is a piece of text of one kind.
type Span struct {
	Text string
	// Lang is the language of the piece if it is not that of the document.
	Lang string
	Bold bool
}

// Words is text of the document's language.
func Words(s string) Text { return Text{{Text: s}} }

func (t Text) empty() bool {
	return !slices.ContainsFunc(t, func(s Span) bool { return s.Text != "" })
}

// Heading is the title of what follows it, and stays on its page. Levels begin
// at 1 and none is skipped on the way down.
type Heading struct {
	Level int // 1 to 6
	Text  Text
}

// Paragraph is running text.
type Paragraph struct {
	Text Text
	// Small is for what must be there but is not what the document is about.
	Small bool
}

// Table is rows under columns with titles. The titles stand again on each page
// that the table reaches; a row is not split unless it is taller than a page.
type Table struct {
	Caption Text
	Columns []Column
	Groups  []Group
}

// Column is one column of a table.
type Column struct {
	Title Text
	// Share is the width of the column in proportion to the others; 1 if zero.
	Share float64
	// Heads says that the cells of this column name their rows.
	Heads bool
}

// Group is rows of a table that belong together.
type Group struct {
	// Title stands above the rows across all columns; none if empty.
	Title Text
	// Rows are cells in the order of the columns; those left out at the end
	// are empty.
	Rows [][]Text
}

// Pairs is a list of labels with their values.
type Pairs struct {
	Pairs []Pair
	// Columns is how many pairs stand side by side, read row by row; 1 if zero.
	Columns int
}

// Pair is one entry of [Pairs].
type Pair struct{ Label, Value Text }

// Figure is a QR code, with text beside it.
type Figure struct {
	Content string
	// Alt says in words what the code is for.
	Alt string
	// Side is the length of a side in millimetres with the white edge around
	// the code; 28 if zero.
	Side float64
	// Beside is paragraphs to the right of the code, read after it.
	Beside []Text
}

// Rule is a line across the page. It is not read out.
type Rule struct{}

// Space is an empty strip, in millimetres. There is none at the top of a page.
type Space float64

// language is the form of a language tag.
var language = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// check refuses what could only become a file that does not do as it promises.
func (d Document) check() error {
	if d.Title == "" {
		return errors.New("pdf: no title")
	}
	return checkLanguage(d.Lang)
}

func checkLanguage(tag string) error {
	if !language.MatchString(tag) {
		return fmt.Errorf("pdf: %q is no language tag", tag)
	}
	return nil
}
