package roster

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

// read returns all rows of a roster and what was wrong with others.
func read(t *testing.T, text string) (rows []Row, wrong []string) {
	t.Helper()
	r, err := NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, wrong
		}
		if e, ok := errors.AsType[*RowError](err); ok {
			wrong = append(wrong, e.Error())
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

func TestRoundTrip(t *testing.T) {
	records := []iis.Record{
		{Client: iis.Client{
			Name: iis.Name{Last: `O'Brien, "Bud"`, First: "Zoë\nAnn", Middle: "=1+1", Suffix: "JR"}, Gender: iis.Male,
			BirthDate: iis.Date{Year: 2009, Month: 9, Day: 21}, Race: []string{"2028-9", "2106-3"}, Ethnicity: "2186-5",
			Address:       iis.Address{Street: "1, Main St", Other: "Apt \"2\"", City: "Saint Paul", State: "MN", Zip: "55101"},
			Undeliverable: true, Phone: "651-201-4629",
		}, Membership: iis.Membership{Status: iis.Active, Reminders: true, ChartNumber: "0001"}},
		{Client: iis.Client{Name: iis.Name{Last: "Htoo"}, Gender: iis.UnknownGender},
			Membership: iis.Membership{Status: iis.Inactive, Reason: "M"}},
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, "x_id")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write("Test Clinic", r, "note"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	rows, wrong := read(t, "\uFEFF"+b.String())
	if len(wrong) > 0 || len(rows) != len(records) {
		t.Fatalf("%d rows and the errors %q, want %d rows", len(rows), wrong, len(records))
	}
	for i, r := range records {
		want := iis.Values{}
		for _, c := range Columns {
			if s := r.Values()[c.Field]; s != "" && c.Field != "" {
				want[c.Field] = s
			}
		}
		if diff := cmp.Diff(want, rows[i].Values); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i, diff)
		}
		if rows[i].Organization != "Test Clinic" {
			t.Errorf("row %d: organization %q, want Test Clinic", i, rows[i].Organization)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "the file is empty"},
		{"first_name\n", "no column last_name"},
		{"last_name,shoe_size\n", `the column "shoe_size" is not known`},
		{"last_name,Last Name\n", "the column last_name is there twice"},
		{"\"last_name\n", "cannot be read"},
		{"Last Name, FIRST_NAME,x_a,x_b\n", ""},
	} {
		_, err := NewReader(strings.NewReader(test.text))
		if got := errorText(err); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("NewReader(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestBadRows(t *testing.T) {
	rows, wrong := read(t, "last_name,first_name,sharing\nA,B\nC,\"D\" E,\n\xff,G,\nH,I,n\nJ,K,L,M\nN,O,\n")
	want := []string{
		"line 2: has 2 values, the first line names 3 columns",
		"line 3: cannot be read: check its quotation marks",
		"line 4: last_name is not text in UTF-8: save the file in that encoding",
		"line 6: has 4 values, the first line names 3 columns",
	}
	if diff := cmp.Diff(want, wrong); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if len(rows) != 2 || rows[0].Values[iis.FieldSharing] != iis.No || rows[1].Line != 7 {
		t.Errorf("%d rows were read, want lines 5 and 7", len(rows))
	}
}

func TestEndlessQuote(t *testing.T) {
	r, err := NewReader(io.MultiReader(strings.NewReader("last_name\n\""), endless{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(); !errors.Is(err, errLong) {
		t.Errorf("Read() = %v, want %v", err, errLong)
	}
}

// endless is a file that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func FuzzReader(f *testing.F) {
	f.Add("last_name,first_name\nDUCK,DON\n")
	f.Add("last_name,x_a\n\"a\"\"b\",c\n\"")
	f.Add("\uFEFFLast Name;\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader(strings.NewReader(text))
		if err != nil {
			return
		}
		for range 1000 {
			row, err := r.Read()
			if _, ok := errors.AsType[*RowError](err); ok {
				continue
			}
			if err != nil {
				return
			}
			if len(row.Record) != len(r.Header()) {
				t.Fatalf("line %d: %d values under %d columns", row.Line, len(row.Record), len(r.Header()))
			}
		}
	})
}

// TestGuide holds the guide to the columns that there are.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guide/import.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Columns {
		if !bytes.Contains(guide, []byte("`"+c.Name+"`")) {
			t.Errorf("docs/guide/import.md does not tell of %s", c.Name)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
