package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
)

var columnsPage = newPage[*columnsScreen]("import/columns")

// previewRows is how many rows are shown as they will be read.
const previewRows = 20

// columnsScreen tells how the columns of a file are read.
type columnsScreen struct {
	Path, Kind string
	Total      string
	Trouble    string // why a check was given up
	Columns    []columnRow
	Options    []Choice // of every column
	Dates      string
	Orders     []Choice
	Unread     int // columns that are not read
	Heads      []string
	Preview    []previewRow
}

// columnRow is a column of the file.
type columnRow struct {
	ID       string
	Name     string // as it stands in the file
	Examples []string
	As       string // the name of ours
}

// previewRow is a row as it will be read.
type previewRow struct {
	Line  int
	Wrong string // why the whole row cannot be read
	Cells []previewCell
}

// previewCell is a value as it will be read.
type previewCell struct {
	Head, Text, Wrong string
}

// orderChoices are the orders in which dates are written.
var orderChoices = []Choice{
	{Value: string(roster.MonthFirst), Label: "Month first: 09/21/2009"},
	{Value: string(roster.YearFirst), Label: "Year first: 2009/09/21 or 20090921"},
	{Value: string(roster.DayFirst), Label: "Day first: 21.09.2009"},
}

func (s *Server) columnLabel(c roster.Column) string {
	switch c.Name {
	case roster.Organization:
		return "Organization"
	case roster.RegistryID:
		return s.reg.Options().IDLabel
	case "kind":
		return "Kind of immunization"
	case "date":
		return "Date of the immunization"
	}
	return c.Field.Label()
}

// showColumns shows how the columns of a file are read.
func (s *Server) showColumns(w http.ResponseWriter, r *http.Request, status int, problems ...iis.Problem) error {
	u, err := s.reg.UploadText(r.Context(), actor(r), r.PathValue("upload"))
	if err != nil {
		return err
	}
	sc, err := s.columnsScreen(u)
	if err != nil {
		return err
	}
	return columnsPage.show(w, r, status, sc, problems...)
}

func (s *Server) columnsScreen(u registry.Upload) (*columnsScreen, error) {
	kind := roster.Kind(u.Kind)
	sc := &columnsScreen{Path: uploadPath(u.ID), Kind: kindWords[u.Kind], Total: registry.Grouped(u.Total) + " " + map[bool]string{true: "row", false: "rows"}[u.Total == 1],
		Trouble: u.Trouble, Dates: u.Dates, Orders: orderChoices}
	names, records, err := roster.Glance(strings.NewReader(u.Body), previewRows)
	if err != nil {
		return nil, err
	}
	sc.Options = append(sc.Options, Choice{Label: "Do not read"})
	for _, c := range kind.Columns() {
		sc.Options = append(sc.Options, Choice{Value: c.Name, Label: s.columnLabel(c)})
	}
	for i, name := range names {
		row := columnRow{ID: "column-" + itoa(i), Name: name, As: u.Mapping.Columns[i]}
		for _, rec := range records {
			if v := strings.TrimSpace(rec[i]); v != "" && len(row.Examples) < 3 {
				row.Examples = append(row.Examples, clipped(v))
			}
		}
		if row.As == "" {
			sc.Unread++
		}
		sc.Columns = append(sc.Columns, row)
	}
	sc.Heads, sc.Preview = s.preview(kind, u.Body, u.Mapping)
	return sc, nil
}

// clipped is the beginning of a long text.
func clipped(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// preview reads the first rows of a file as they will be read. While something that
// is needed is not among its columns, there is none.
func (s *Server) preview(kind roster.Kind, text string, m roster.Mapping) (heads []string, rows []previewRow) {
	x, err := roster.NewMappedReader(strings.NewReader(text), kind, m)
	if err != nil {
		return nil, nil
	}
	var columns []roster.Column
	for _, c := range kind.Columns() {
		for _, name := range m.Columns {
			if c.Name == name {
				columns, heads = append(columns, c), append(heads, s.columnLabel(c))
			}
		}
	}
	for len(rows) < previewRows {
		row, err := x.Read()
		bad, isBad := errors.AsType[*roster.RowError](err)
		if err != nil && !isBad {
			break
		}
		if isBad {
			rows = append(rows, s.badPreview(bad, columns, m))
			continue
		}
		one := previewRow{Line: row.Line}
		for i, c := range columns {
			cell := s.previewCell(c, row)
			if cell.Head = heads[i]; cell.Wrong != "" {
				cell.Text = standing(m, c, row.Record)
			}
			one.Cells = append(one.Cells, cell)
		}
		rows = append(rows, one)
	}
	return heads, rows
}

// badPreview is a row that cannot be read: with the value that is to blame if it is
// one alone.
func (s *Server) badPreview(bad *roster.RowError, columns []roster.Column, m roster.Mapping) previewRow {
	row := previewRow{Line: bad.Line}
	if bad.Field == "" {
		row.Wrong = bad.Text
		return row
	}
	for _, c := range columns {
		cell := previewCell{Head: s.columnLabel(c), Text: standing(m, c, bad.Record)}
		if c.Field == bad.Field {
			cell.Wrong = bad.Text
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// standing is the value of a column as it stands in the file.
func standing(m roster.Mapping, c roster.Column, record []string) string {
	if i := slices.Index(m.Columns, c.Name); i >= 0 && i < len(record) {
		return clipped(strings.TrimSpace(record[i]))
	}
	return ""
}

// previewCell is a value of a row as it will be read: dates with the month in words,
// so that no two days can be taken for each other.
func (s *Server) previewCell(c roster.Column, row roster.Row) previewCell {
	switch {
	case c.Name == roster.Organization:
		return previewCell{Text: clipped(row.Organization)}
	case c.Name == roster.RegistryID:
		return previewCell{Text: clipped(row.Client)}
	}
	f, given := c.Field, row.Values[c.Field]
	_, _, name, ofDose := f.Row()
	switch {
	case given == "", slices.Contains(lookedUp, name):
		return previewCell{Text: clipped(given)}
	case ofDose: // what a row says of no dose yet
		f = iis.DoseField("new", name)
	}
	value, err := f.Read(given, s.today())
	if err != nil {
		return previewCell{Wrong: c.Field.Label() + " " + err.Error()}
	}
	if d, err := iis.ParseDate(value); err == nil && !d.IsZero() {
		return previewCell{Text: spelled(d)}
	}
	if ofDose {
		return previewCell{Text: clipped(screenText(f, value))}
	}
	return previewCell{Text: clipped(f.Show(value))}
}

// lookedUp are the fields of a dose that the check looks up in the tables of codes.
var lookedUp = []string{"ndc", "maker", "trade"}

// spelled is a date with its month in words: September 21, 2009.
func spelled(d iis.Date) string {
	return time.Month(d.Month).String() + " " + itoa(d.Day) + ", " + itoa(d.Year)
}

// setColumns takes what was chosen for the columns: it is shown again, or the file
// is checked.
func (s *Server) setColumns(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("upload")
	m := roster.Mapping{Columns: r.PostForm["column"], Dates: roster.DateOrder(r.PostForm.Get("dates"))}
	// What was chosen is kept even if the check is refused.
	if err := s.reg.SetUploadColumns(ctx, actor(r), id, m); err != nil {
		return err
	}
	if r.PostForm.Get("do") == "preview" {
		return done(w, r, uploadPath(id)+"#preview", "")
	}
	problems, err := refused(s.reg.CheckUpload(ctx, actor(r), id, m))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.showColumns(w, r, http.StatusUnprocessableEntity, problems...)
	}
	return s.afterWork(w, r)
}
