package registry_test

import (
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

func TestParseQuick(t *testing.T) {
	born := iis.PartialDate{Year: 2009, Month: 9, Day: 21}
	month, year := iis.PartialDate{Year: 2009, Month: 9}, iis.PartialDate{Year: 2009}
	for text, want := range map[string]registry.Query{
		"":                           {},
		"duck":                       {Last: "duck", AnyOrder: true},
		"don duck":                   {First: "don", Last: "duck", AnyOrder: true},
		"duck, don":                  {First: "don", Last: "duck"},
		"duck, don 9/21/09":          {First: "don", Last: "duck", BirthDate: born},
		"09/21/2009 don duck":        {First: "don", Last: "duck", BirthDate: born, AnyOrder: true},
		"don duck 2009-09-21":        {First: "don", Last: "duck", BirthDate: born, AnyOrder: true},
		"don duck Sep 21, 2009":      {First: "don", Last: "duck", BirthDate: born, AnyOrder: true},
		"mary ann smith-jones":       {First: "mary ann", Last: "smith-jones", AnyOrder: true},
		"9-21-2009":                  {BirthDate: born},
		"09212009":                   {BirthDate: born},
		"10212009":                   {BirthDate: iis.PartialDate{Year: 2009, Month: 10, Day: 21}, ID: "10212009", IDOrDate: true},
		"14883406":                   {ID: "14883406"},
		"6714871":                    {ID: "6714871"},
		"6512014629":                 {Phone: "6512014629", ID: "6512014629"},
		"651-201-4629":               {Phone: "651-201-4629"},
		"(651) 201-4629 duck":        {Phone: "(651) 201-4629", Last: "duck", AnyOrder: true},
		"+1 651 201 4629":            {Phone: "+1 651 201 4629"},
		"A-123":                      {ID: "A-123"},
		"duck MRN0012":               {ID: "MRN0012", Last: "duck", AnyOrder: true},
		"13/45/2009":                 {ID: "13/45/2009"},
		"duck 2009":                  {Last: "duck", BirthDate: year, AnyOrder: true},
		"2009 duck, don":             {Last: "duck", First: "don", BirthDate: year},
		"duck, don 9/2009":           {Last: "duck", First: "don", BirthDate: month},
		"don duck 2009-09":           {First: "don", Last: "duck", BirthDate: month, AnyOrder: true},
		"Sep 2009 duck":              {Last: "duck", BirthDate: month, AnyOrder: true},
		"don duck, September, 2009":  {Last: "don duck", BirthDate: month},
		"duck september 2009":        {Last: "duck", BirthDate: month, AnyOrder: true},
		"duck separate 2009":         {First: "duck", Last: "separate", BirthDate: year, AnyOrder: true},
		"Sep 2009":                   {BirthDate: month},
		"9/2009":                     {BirthDate: month},
		"9-2009":                     {BirthDate: month, ID: "9-2009", IDOrDate: true}, // or a chart number
		"2009-09":                    {BirthDate: month, ID: "2009-09", IDOrDate: true},
		"2009":                       {BirthDate: year, ID: "2009", IDOrDate: true},
		"651-201-4629 2009":          {Phone: "651-201-4629", BirthDate: year, ID: "2009", IDOrDate: true},
		"duck 2031":                  {Last: "duck", ID: "2031", AnyOrder: true},
		"duck 1812":                  {Last: "duck", ID: "1812", AnyOrder: true},
		"duck 9/21/2009 2009":        {Last: "duck", BirthDate: born, ID: "2009", AnyOrder: true},
		"duck, don, 6714871":         {Last: "duck", First: "don,", ID: "6714871"},
		strings.Repeat("x", 100_000): {Last: strings.Repeat("x", 100_000), AnyOrder: true},
	} {
		if got := registry.ParseQuick(text, june); got != want {
			t.Errorf("ParseQuick(%.60q) = %+v, want %+v", text, got, want)
		}
	}
}
