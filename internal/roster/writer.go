package roster

import (
	"encoding/csv"
	"io"
	"slices"

	"openiis.org/iis"
)

// Writer writes a roster.
type Writer struct {
	csv   *csv.Writer
	notes int
	row   []string
}

// NewWriter writes the header: every column, then notes, whose names must begin
// with Note.
func NewWriter(w io.Writer, notes ...string) (*Writer, error) {
	x := &Writer{csv: csv.NewWriter(w), notes: len(notes)}
	for _, c := range Columns {
		x.row = append(x.row, c.Name)
	}
	return x, x.csv.Write(append(x.row, notes...))
}

// Write writes one client as the organization has him on file, and what the
// notes say of him.
func (x *Writer) Write(organization string, rec iis.Record, notes ...string) error {
	x.row = slices.Grow(x.row[:0], len(Columns)+x.notes)
	values := rec.Values()
	for _, c := range Columns {
		switch {
		case c.Name == Organization:
			x.row = append(x.row, organization)
		default:
			x.row = append(x.row, values[c.Field])
		}
	}
	return x.csv.Write(append(x.row, notes...))
}

// Flush writes out what is still in memory.
func (x *Writer) Flush() error {
	x.csv.Flush()
	return x.csv.Error()
}
