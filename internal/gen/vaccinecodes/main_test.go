package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestWriteAgain holds that CDC's files give the table that is in the source.
func TestWriteAgain(t *testing.T) {
	dir := os.Getenv("OPENIIS_CODE_DATA")
	if dir == "" {
		t.Skip("OPENIIS_CODE_DATA does not name the folder of CDC's code sets (docs/codes.md)")
	}
	out := filepath.Join(t.TempDir(), "codes.txt")
	if err := write(dir, out); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../code/codes.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("codes.txt is not what CDC's files give (-source +made):\n%s", diff)
	}
}

// small is CDC's files with a few entries each.
var small = map[string]string{
	"cvx.xml": `<?xml version="1.0" encoding="ISO-8859-1"?><CVXCodes>` +
		cvx("08", "Hep B,  ped ,adol", "hepatitis B vaccine", "Active", "3/20/2011") +
		cvx("110", "DTaP-Hep B-IPV", "DTaP-Hep B-IPV", "Active", "1/2/2020") +
		cvx("999", "unknown", "na\xefve", "Inactive", "1/2/2020") + `</CVXCodes>`,
	"mvx.xml": `<MVXCodes><MVXInfo>` + pairs("MVX_CODE", "SKB", "Manufacturer Name", "GlaxoSmithKline", "Notes", "", "Status", "Active", "Last Updated", "1/1/2012") + `</MVXInfo></MVXCodes>`,
	"tradename.xml": `<productnames>` + strings.Repeat(`<prodInfo>`+pairs("CDC Product Name", "PEDIARIX(NEW)", "CVXCode", "110       ", "MVX Code", "SKB  ",
		"Product name Status", "Active", "Last Updated", "1/1/2012")+`</prodInfo>`, 2) + `</productnames>`,
	"vac2vg.xml": `<VGCodes>` + vg("08", "HepB", "45") + vg("110", "DTAP", "107") + vg("110", "HepB", "45") + `</VGCodes>`,
	"NDC_Unit_use.txt": "1|58160|811|43|PEDIARIX|x|GSK|20030101|20201231|SYRINGE|00358160811431|110       |DTaP-Hep B-IPV|False     |58160-0811-43|2021-05-01 00:00:00|\r\n" +
		"2|58160|820|52|ENGERIX-B|x|GSK|||CARTON||08|Hep B|True      |58160-0820-52|2020-01-01 00:00:00|\r\n",
	"NDC_Unit_sale.txt": "7|58160|811|52|PEDIARIX|x|GSK|20030101||CARTON|INTRAMUSCULAR|2022-06-07 00:00:00|110       |DTaP-Hep B-IPV|58160-0811-52|\r\n" +
		"8|58160|820|52|ENGERIX-B|x|GSK|20070328||CARTON|INTRAMUSCULAR|2020-01-01 00:00:00|08|Hep B|58160-0820-52|\r\n",
	"NDC_Linker.txt": "1|7|1|SKB\r\n2|8|2|SKB\r\n3|7|2|SKB\r\n4|8|99|SKB\r\n",
	"vis.xml":        `<VISLookup>` + vis("Hepatitis B VIS", "2/2/2012", "X1", "Historic") + vis("Hepatitis B Vaccine VIS", "1/31/2025", "X2", "Current") + `</VISLookup>`,
	"cvxvis.xml":     `<CVXVIS>` + given("110", "X1") + given("08", "X1") + given("08", "X2") + `</CVXVIS>`,
	"visurl.xml": `<VISURL xmlns:xlink="http://www.w3.org/1999/xlink"><VISURLInfo><VIS_GDTI_document_Conceptcode>0886983000059</VIS_GDTI_document_Conceptcode>` +
		`<VIS_HTML_URL xlink:type="simple" xlink:href="https://example.org/hepb.html"/></VISURLInfo></VISURL>`,
}

func cvx(code, short, full, status, updated string) string {
	return `<CVXInfo><ShortDescription>` + short + `</ShortDescription><FullVaccinename>` + full + `</FullVaccinename><CVXCode>` + code +
		`       </CVXCode><Notes/><Status>` + status + `</Status><LastUpdated>` + updated + `</LastUpdated></CVXInfo>`
}

func pairs(list ...string) string {
	var b strings.Builder
	for i := 0; i < len(list); i += 2 {
		b.WriteString(`<Name>` + list[i] + `</Name><Value>` + list[i+1] + `</Value>`)
	}
	return b.String()
}

func vg(code, name, unspecified string) string {
	return `<CVXVGInfo>` + pairs("CVXCode", code+"    ", "Vaccine Group Name", name, "CVX for Vaccine Group", unspecified) + `</CVXVGInfo>`
}

func vis(name, edition, encoded, status string) string {
	return `<VISInfo><VIS_Document_Type_Description>` + name + `</VIS_Document_Type_Description><Edition_Date>` + edition + `</Edition_Date><VIS_encoded_string>` +
		encoded + `</VIS_encoded_string><VIS_GDTI_document_code>0886983000059</VIS_GDTI_document_code><status>` + status + `</status><Lastupdated>1/1/2020</Lastupdated></VISInfo>`
}

func given(code, encoded string) string {
	return `<CVXVISMapping><CVXCode>` + code + `</CVXCode><Fully-encodedString>` + encoded + `</Fully-encodedString></CVXVISMapping>`
}

// made makes a table of files in which texts were replaced, with judgements of
// our own that fit them.
func made(t *testing.T, replace ...string) (string, error) {
	t.Helper()
	swap(t, &groups, map[string]group{"HepB": {"HepB", true}, "DTAP": {"DTaP/Tdap/Td", true}})
	swap(t, &ungrouped, map[string][]string{})
	swap(t, &nonVaccines, map[string]string{})
	fsys := fstest.MapFS{}
	for name, text := range small {
		fsys[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(replace...).Replace(text))}
	}
	s, err := read(fsys)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = table(&b, s)
	return b.String(), err
}

func swap[V any](t *testing.T, at *V, v V) {
	old := *at
	*at = v
	t.Cleanup(func() { *at = old })
}

func TestTable(t *testing.T) {
	got, err := made(t)
	if err != nil {
		t.Fatal(err)
	}
	want := `# Made by internal/gen/vaccinecodes from CDC's code sets of 2022-06-07. Not to be edited.
source	cvx.xml	2020-01-02	3
source	mvx.xml	2012-01-01	1
source	tradename.xml	2012-01-01	2
source	vac2vg.xml		3
source	NDC_Unit_use.txt	2021-05-01	2
source	NDC_Unit_sale.txt	2022-06-07	2
source	NDC_Linker.txt		4
source	vis.xml	2020-01-01	2
source	cvxvis.xml		3
source	visurl.xml		1
group	DTAP	107	F	DTaP/Tdap/Td
group	HepB	45	F	HepB
vaccine	08	A		HepB		Hep B, ped, adol	hepatitis B vaccine
vaccine	110	A		DTAP;HepB		DTaP-Hep B-IPV	
vaccine	999	I				unknown	naïve
maker	SKB	A	GlaxoSmithKline
product	110	SKB	A	Pediarix (NEW)
package	58160-0811-43	110	SKB	U	2003-01-01	2020-12-31	Pediarix
package	58160-0811-52	110	SKB	S	2003-01-01		Pediarix
package	58160-0820-52	08	SKB	S	2007-03-28		Engerix-B
vis	0886983000059	2012-02-02			08;110	Hepatitis B VIS
vis	0886983000059	2025-01-31	C	https://example.org/hepb.html	08	Hepatitis B Vaccine VIS
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestTableRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		replace []string
		want    string // in the error
	}{
		"no vaccines":               {[]string{cvx("08", "Hep B,  ped ,adol", "hepatitis B vaccine", "Active", "3/20/2011"), "", "<CVXInfo>", "<!--", "</CVXInfo>", "-->"}, "cvx.xml: there is nothing in it"},
		"a field that is gone":      {[]string{"Status>", "State>"}, `"Status"`},
		"a line of other fields":    {[]string{"|CARTON|INTRAMUSCULAR", "|CARTON"}, "NDC_Unit_sale.txt: line 1"},
		"a date":                    {[]string{"3/20/2011", "13/20/2011"}, "cvx.xml: entry 1"},
		"broken XML":                {[]string{"</CVXCodes>", ""}, "cvx.xml"},
		"another charset":           {[]string{"ISO-8859-1", "KOI8-R"}, "KOI8-R"},
		"a group that is new":       {[]string{vg("110", "HepB", "45"), vg("110", "MALARIA", "67")}, "MALARIA"},
		"a group that is gone":      {[]string{">DTAP<", ">HepB<"}, `no vaccine group "DTAP"`},
		"a vaccine twice":           {[]string{">999 ", ">110 "}, "CVX 110 stands twice"},
		"an active one in no group": {[]string{"Inactive", "Active"}, "CVX 999"},
		"a product of no vaccine":   {[]string{"110       </Value><Name>MVX", "777       </Value><Name>MVX"}, "CVX 777"},
		"a package of no vaccine":   {[]string{"110       |", "777       |"}, "CVX 777"},
		"an NDC in another form":    {[]string{"58160-0811-43", "58160-811-43"}, "58160-811-43"},
		"a package's day":           {[]string{"20201231", "20201331"}, "58160-0811-43"},
		"a statement's day":         {[]string{"2/2/2012", "2012"}, "2012"},
		"a statement of no edition": {[]string{given("110", "X1"), given("110", "X9")}, "X9"},
	} {
		if got, err := made(t, c.replace...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the table of %s = %q, %v, want an error with %q", name, got, err, c.want)
		}
	}
}

// TestJudgementsAreHeld holds that what we decide ourselves is refused once CDC
// decides it.
func TestJudgementsAreHeld(t *testing.T) {
	for name, c := range map[string]struct {
		non       map[string]string
		ungrouped map[string][]string
	}{
		"no vaccine, but in a group": {non: map[string]string{"08": "immune globulin"}},
		"ungrouped, but in a group":  {ungrouped: map[string][]string{"08": {"HepB"}}},
		"no vaccine of the table":    {non: map[string]string{"12": "antitoxin"}},
		"ungrouped and not there":    {ungrouped: map[string][]string{"11": {"HepB"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := made(t); err != nil { // and puts small judgements in place
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			for name, text := range small {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			s, err := read(fsys)
			if err != nil {
				t.Fatal(err)
			}
			nonVaccines, ungrouped = c.non, c.ungrouped
			if err := table(&strings.Builder{}, s); err == nil {
				t.Errorf("table takes a code that is %s", name)
			}
		})
	}
}

func TestReadNeedsEveryFile(t *testing.T) {
	for missing := range small {
		fsys := fstest.MapFS{}
		for name, text := range small {
			if name != missing {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		if _, err := read(fsys); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("read without %s = %v, want an error that names it", missing, err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "codes.txt")
	if err := write(dir, out); err == nil {
		t.Error("write makes a table of nothing")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was left behind")
	}
}

func TestTradeName(t *testing.T) {
	for s, want := range map[string]string{
		"PEDIARIX": "Pediarix", "ACTHIB": "ActHIB", "Flumist quadrivalent": "FluMist quadrivalent", "ENGERIX-B-ADULT": "Engerix-B-Adult",
		"M-M-R II": "M-M-R II", "YF-VAX": "YF-VAX", "DT(GENERIC)": "DT (generic)", "ACAM2000": "ACAM2000", "IPOL": "IPOL",
		"Novavax COVID-19 Vaccine, Adjuvanted (US Only)": "Novavax COVID-19 Vaccine, Adjuvanted (US Only)",
	} {
		if got := tradeName(s); got != want {
			t.Errorf("tradeName(%q) = %q, want %q", s, got, want)
		}
	}
}
