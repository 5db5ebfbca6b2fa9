package pdf_test

import (
	"fmt"
	"time"

	"openiis.org/iis/internal/pdf"
)

// record is a document with every kind of block, and so many rows of doses.
func record(rows int) pdf.Document {
	es := func(s string) pdf.Span { return pdf.Span{Text: s, Lang: "es"} }
	both := func(en, spanish string) pdf.Text { return pdf.Text{{Text: en + " / "}, es(spanish)} }
	doses := pdf.Table{
		Caption: both("Immunizations", "Vacunas"),
		Columns: []pdf.Column{
			{Title: both("Date", "Fecha"), Share: 2, Heads: true},
			{Title: both("Vaccine", "Vacuna"), Share: 4},
			{Title: both("Given at", "Lugar"), Share: 4},
			{Title: both("Dose", "Dosis")},
		},
	}
	names := []string{"DTaP", "Hep B", "MMR", "Polio"}
	for g, name := range names {
		group := pdf.Group{Title: pdf.Words(name)}
		for n := g; n < rows; n += len(names) {
			group.Rows = append(group.Rows, []pdf.Text{
				pdf.Words(fmt.Sprintf("%02d/%02d/2015", 1+n%12, 1+n%28)),
				pdf.Words(name + " pediatric, preservative free"),
				pdf.Words("Lake Pharmacy"),
				pdf.Words(fmt.Sprint(1 + n/len(names))),
			})
		}
		doses.Groups = append(doses.Groups, group)
	}
	return pdf.Document{
		Title:   "Official immunization record",
		Lang:    "en-US",
		Created: time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC),
		Header:  "DUCK, Don – ID 6714871",
		Footer:  "To obtain this information in a different format, call 555-0100.",
		Blocks: []pdf.Block{
			pdf.Heading{Level: 1, Text: both("Official immunization record", "Registro oficial de vacunas")},
			pdf.Pairs{Columns: 2, Pairs: []pdf.Pair{
				{both("Name", "Nombre"), pdf.Words("DUCK, Don")},
				{both("Birth date", "Fecha de nacimiento"), pdf.Words("09/21/2009")},
				{pdf.Words("ID"), pdf.Words("6714871")},
				{pdf.Words("Mother"), pdf.Words("Nguyễn Thị Ánh, Ольга, Ωμέγα")},
			}},
			pdf.Rule{},
			pdf.Heading{Level: 2, Text: both("Immunizations", "Vacunas")},
			doses,
			pdf.Space(3),
			pdf.Paragraph{Text: pdf.Text{{Text: "Not due: ", Bold: true}, {Text: "nothing on this record (see \\ the other side)."}}},
			pdf.Figure{
				Content: "https://registry.example/verify/7F3K22QX9B",
				Alt:     "Code that leads to the page where this record can be checked",
				Beside: []pdf.Text{
					pdf.Words("Check this record at registry.example/verify with the code 7F3K-22QX-9B."),
					{es("Verifique este registro en registry.example/verify.")},
				},
			},
			pdf.Paragraph{Text: pdf.Words("Issued 11/22/2026 by Test Clinic."), Small: true},
		},
	}
}
