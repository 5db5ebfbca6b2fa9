package roster

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"openiis.org/iis"
)

// Row is one client of a roster, or one immunization of a client.
type Row struct {
	Line         int    // of the file, from 1; the header is on the first
	Organization string // name or ID; "" if the row names none
	Client       string // registry ID; "" if the row gives none
	Values       iis.Values
	// Record is the row as it stands in the file, for the file of errors.
	Record []string
}

// RowError is what is wrong with one row; the next one can be read all the same.
type RowError struct {
	Line   int
	Text   string // what is wrong; never what the row holds
	Record []string
	Field  iis.Field // of which value; "" if of the row
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// maxRow is how much of a file one row may be. A quotation mark that is never
// closed would otherwise take in all that follows.
const maxRow = 1 << 20

// Reader reads a roster row by row; memory does not grow with the file.
type Reader struct {
	csv     *csv.Reader
	budget  *budget
	header  []string
	columns []Column
	dates   DateOrder
}

// NewReader reads the header of a roster.
func NewReader(r io.Reader) (*Reader, error) {
	x, err := newReader(r, Columns)
	if err == nil && !slices.ContainsFunc(x.columns, func(c Column) bool { return c.Field == iis.FieldLast }) {
		return nil, errors.New("there is no column last_name: the first line must name the columns")
	}
	return x, err
}

// newReader reads a header that may name the columns known.
func newReader(r io.Reader, known []Column) (*Reader, error) {
	x, err := begin(r)
	if err != nil {
		return nil, err
	}
	for _, name := range x.header {
		c, err := place(known, name)
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(c.Name, Note) && slices.Contains(x.columns, c) {
			return nil, fmt.Errorf("the column %s is there twice", c.Name)
		}
		x.columns = append(x.columns, c)
	}
	return x, nil
}

// begin reads the first line of a file.
func begin(r io.Reader) (*Reader, error) {
	b := &budget{r: r, left: maxRow}
	text := bufio.NewReader(b)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\uFEFF" {
		if _, err := text.Discard(3); err != nil {
			return nil, err
		}
	}
	x := &Reader{csv: csv.NewReader(text), budget: b}
	x.csv.Comma = separator(text)
	header, err := x.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty: its first line must name the columns")
	case err != nil:
		return nil, fmt.Errorf("the first line cannot be read: %w", reason(err))
	}
	for _, name := range header {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return nil, errors.New("the first line is not text in UTF-8: save the file in that encoding")
		}
		x.header = append(x.header, unguarded(strings.TrimSpace(name)))
	}
	return x, nil
}

// separator is what stands between the values of a file: a semicolon or a tab if
// its first line has no comma.
func separator(text *bufio.Reader) rune {
	start, _ := text.Peek(4096) // less is all there is
	line, _, _ := strings.Cut(string(start), "\n")
	for _, sep := range []string{",", "\t", ";"} {
		if strings.Contains(line, sep) {
			return rune(sep[0])
		}
	}
	return ','
}

// Header returns the names of the columns as they stand in the file.
func (x *Reader) Header() []string { return slices.Clone(x.header) }

// Read returns the next row. The error is io.EOF after the last one and a
// *RowError if only this row is wrong; after any other nothing more can be read.
func (x *Reader) Read() (Row, error) {
	x.budget.left = maxRow
	record, err := x.csv.Read()
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		if errors.Is(err, csv.ErrFieldCount) {
			return Row{}, &RowError{Line: p.StartLine, Text: fmt.Sprintf("has %d values, the first line names %d columns", len(record), len(x.columns)), Record: record}
		}
		return Row{}, &RowError{Line: p.StartLine, Text: "cannot be read: check its quotation marks"}
	}
	if err != nil {
		return Row{}, err
	}
	line, _ := x.csv.FieldPos(0)
	row := Row{Line: line, Values: iis.Values{}, Record: record}
	for i, c := range x.columns {
		s := record[i]
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return Row{}, &RowError{Line: line, Text: fmt.Sprintf("%s is not text in UTF-8: save the file in that encoding", cmp.Or(strings.TrimPrefix(c.Name, Note), "a value")), Record: record}
		}
		s = unguarded(strings.TrimSpace(s))
		if x.dates != "" && isDate(c.Field) {
			day, err := x.dates.ordered(s)
			if err != nil {
				return Row{}, &RowError{Line: line, Text: c.Field.Label() + " " + err.Error(), Record: record, Field: c.Field}
			}
			s = day
		}
		switch {
		case c.Name == Organization:
			row.Organization = s
		case c.Name == RegistryID:
			row.Client = s
		case c.Field != "" && s != "":
			row.Values[c.Field] = lenient(c.Field, s)
		}
	}
	return row, nil
}

// lenient takes the common ways of writing a yes, a no or a code.
func lenient(f iis.Field, s string) string {
	if _, _, name, ok := f.Row(); ok {
		return lenientDose(name, s)
	}
	switch f {
	case iis.FieldUndeliverable, iis.FieldReminders, iis.FieldSharing:
		return yesNo(s)
	case iis.FieldGender:
		for _, word := range []string{"FEMALE", "MALE", "UNKNOWN"} {
			if strings.EqualFold(s, word) {
				return word[:1]
			}
		}
		return strings.ToUpper(s)
	case iis.FieldSuffix, iis.FieldState, iis.FieldBirthCountry, iis.FieldReason:
		return strings.TrimSuffix(strings.ToUpper(s), ".")
	case iis.FieldStatus:
		for _, known := range []iis.Status{iis.Active, iis.Inactive, iis.StatusDeceased} {
			if strings.EqualFold(s, string(known)) {
				return string(known)
			}
		}
	case iis.FieldRace:
		return strings.ReplaceAll(s, ";", ",")
	}
	return s
}

func yesNo(s string) string {
	switch strings.ToLower(s) {
	case "y", "yes", "true", "1":
		return iis.Yes
	case "n", "no", "false", "0":
		return iis.No
	}
	return s
}

// formula are the signs that make a spreadsheet take a cell for a formula.
const formula = "=+-@\t\r"

// Guarded returns a value as it may stand in a file that a spreadsheet opens: one
// that would be taken for a formula gets an apostrophe before it, which a Reader
// takes away again.
func Guarded(s string) string {
	if s != "" && strings.ContainsRune(formula, rune(s[0])) {
		return "'" + s
	}
	return s
}

func unguarded(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formula, rune(s[1])) {
		return s[1:]
	}
	return s
}

// reason leaves out of an error what a row holds.
func reason(err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return p.Err
	}
	return err
}

// budget is a reader that gives up when one row takes too much.
type budget struct {
	r    io.Reader
	left int
}

var errLong = errors.New("a row of more than a megabyte: a quotation mark is not closed")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}
