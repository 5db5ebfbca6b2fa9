package roster

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
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
	for _, c := range slices.Concat(Columns, DoseColumns) {
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

// TestDoseReader: the fields of an immunization are read as a dose's, codes in the
// ways that people write them.
func TestDoseReader(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"registry_id,cvx\n", "no column date"},
		{"registry_id,date\n", "cvx, ndc or trade_name"},
		{"last_name,date,cvx\n", "names the client"},
		{"last_name,birth_date,date,ndc\n", ""},
		{"chart_number,date,trade_name,shoe_size\n", `"shoe_size" is not known`},
	} {
		_, err := NewDoseReader(strings.NewReader(test.text))
		if got := errorText(err); test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("NewDoseReader(%q) = %q, want %q", test.text, got, test.want)
		}
	}
	r, err := NewDoseReader(strings.NewReader("registry_id,organization,date,cvx,route,site,kind,eligibility,less_than_full,lot,reactions\n" +
		"6714871,Test Clinic,01/02/2020,8,im,left deltoid,historical,v02,y,'=A1,VXC9;VXC10\n"))
	if err != nil {
		t.Fatal(err)
	}
	row, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	want := iis.Values{}
	for name, s := range map[string]string{"date": "01/02/2020", "vaccine": "8", "route": "C28161", "site": "LD", "kind": "Historical",
		"eligibility": "V02", "subpotent": "Yes", "lot": "=A1", "reactions": "VXC9,VXC10"} {
		want[iis.DoseField("", name)] = s
	}
	if diff := cmp.Diff(want, row.Values); diff != "" || row.Client != "6714871" || row.Organization != "Test Clinic" {
		t.Errorf("client %q of %q (-want +got):\n%s", row.Client, row.Organization, diff)
	}
}

// TestGuarded: what a spreadsheet would take for a formula is guarded, and read
// back as it was.
func TestGuarded(t *testing.T) {
	for s, want := range map[string]string{"": "", "Duck": "Duck", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\tb": "'\tb", "\rc": "'\rc", "'d": "'d"} {
		got := Guarded(s)
		if got != want {
			t.Errorf("Guarded(%q) = %q, want %q", s, got, want)
		}
		if back := unguarded(got); back != s {
			t.Errorf("unguarded(%q) = %q, want %q", got, back, s)
		}
	}
}

func FuzzDoseReader(f *testing.F) {
	f.Add("registry_id,date,cvx\n6714871,2020-01-01,08\n")
	f.Add("last_name,birth_date,date,ndc,route\n\"a\"\"b\",'=c,,\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewDoseReader(strings.NewReader(text))
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
			for field := range row.Values {
				if !field.Editable() {
					if kind, id, name, ok := field.Row(); !ok || kind != iis.RowDose || id != "" || !iis.DoseField("x", name).Editable() {
						t.Fatalf("line %d: the field %q", row.Line, field)
					}
				}
			}
		}
	})
}
