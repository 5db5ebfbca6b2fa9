package paper

import (
	"slices"
	"strings"
	"testing"
)

var (
	testSite = Site{Registry: "Open Immunization Registry", Agency: "Department of Health", Address: "1 Main Street", Phone: "555-0100",
		IDLabel: "MIIC ID", Format: "To obtain this information in a different format, call: 555-0101.", Verify: "https://registry.example/verify"}
	testIssue = Issue{Code: "7F3K22QX9BHM", At: timeOf(2026, 11, 22), By: "Test Clinic"}
)

// TestOfficial holds that the record says what it must, and only what it was
// asked to.
func TestOfficial(t *testing.T) {
	f := fix(t, duck())
	plain := Official(f, Options{Language: English}, testIssue, testSite)
	full := Official(f, Options{Language: Spanish, Recommendations: true, Comments: true}, testIssue, testSite)
	always := []string{
		"Open Immunization Registry, Department of Health, 1 Main Street, 555-0100", "DUCK, Don F JR", "09/21/2009", "MIIC ID", "6714871",
		"11/22/2026", "Test Clinic", "DTaP-Hep B-IPV [Pediarix]", "11/25/2009", "MMR", "Not valid",
		f.Comments[0].Code.Label(), f.Comments[1].Code.Label(), "01/01/2020", "7F3K-22QX-9BHM", "registry.example/verify",
	}
	asked := []string{f.Comments[2].Code.Label(), "Overdue", "Due now", "12/21/2010", "Influenza", "4.64"}
	for name, d := range map[string]Document{"plain": plain, "full": full} {
		text := strings.Join(d.Words(), "\n")
		for _, want := range always {
			if !strings.Contains(text, want) {
				t.Errorf("the %s record lacks %q:\n%s", name, want, text)
			}
		}
		for _, want := range asked {
			if got := strings.Contains(text, want); got != (name == "full") {
				t.Errorf("the %s record says %q = %v", name, want, got)
			}
		}
		if strings.Contains(text, "Cholera") {
			t.Errorf("the %s record speaks of a vaccine that is not recommended", name)
		}
		if d.Title != "Official immunization record" || !strings.Contains(d.Header, "DUCK, Don F JR · MIIC ID 6714871") || d.Footer != testSite.Format {
			t.Errorf("the %s record is titled %q, headed %q, footed %q", name, d.Title, d.Header, d.Footer)
		}
		i := slices.IndexFunc(d.Blocks, func(b Block) bool { return b.Check != nil })
		if i < 0 || d.Blocks[i].Check.Address != "https://registry.example/verify/7F3K22QX9BHM" || d.Blocks[i].Check.Alt == "" {
			t.Errorf("the %s record has no QR code of its address", name)
		}
		if got := spanish(d); got != (name == "full") {
			t.Errorf("the %s record has Spanish = %v", name, got)
		}
	}
	if full.PageOf != "Page {n} of {m} / Página {n} de {m}" {
		t.Errorf("pages are numbered %q", full.PageOf)
	}
}

// TestOfficialOfNothing: what is not on file is said to be, and a site without
// an address prints the code alone.
func TestOfficialOfNothing(t *testing.T) {
	f := duck()
	f.Shots, f.Comments = nil, nil
	site := testSite
	site.Verify = ""
	d := Official(f, Options{Language: English, Comments: true}, testIssue, site)
	text := strings.Join(d.Words(), "\n")
	if got := strings.Count(text, "None on file."); got != 3 {
		t.Errorf("%d lists say that nothing is on file, want 3", got)
	}
	for _, want := range []string{"No immunizations are on file.", "7F3K-22QX-9BHM"} {
		if !strings.Contains(text, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	for _, b := range d.Blocks {
		if b.Check != nil && b.Check.Address != "" {
			t.Errorf("the QR code leads to %q, want none", b.Check.Address)
		}
	}
}

// TestNeeded: now comes before later, the overdue first, each in plain words.
func TestNeeded(t *testing.T) {
	d := Needed(fix(t, duck()), Spanish, testSite)
	text := strings.Join(d.Words(), "\n")
	at := 0
	for _, want := range []string{
		"Immunizations needed / Vacunas que se necesitan", "DUCK, Don F JR", "Needed now / Se necesitan ahora",
		"MMR", "measles, mumps, rubella / sarampión, paperas, rubéola", "Overdue / Atrasada", "Polio", "Due now / Toca ahora",
		"Needed later / Se necesitarán más adelante", "Zoster", "shingles", "Due later", "Influenza",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not there after %q:\n%s", want, text[:at], text)
		}
		at += i
	}
	for _, not := range []string{"Cholera", "7F3K"} {
		if strings.Contains(text, not) {
			t.Errorf("the page says %q", not)
		}
	}
	f := duck()
	f.Due, f.Lapsed = nil, nil
	text = strings.Join(Needed(f, English, testSite).Words(), "\n")
	for _, want := range []string{"Nothing is due now.", "Nothing is foreseen for later."} {
		if !strings.Contains(text, want) {
			t.Errorf("with nothing due the page lacks %q", want)
		}
	}
}

func TestGenuine(t *testing.T) {
	for _, test := range []struct {
		doses   int
		changed bool
		want    string
	}{
		{12, false, "Issued 11/22/2026 for initials D.D., born 2009, 12 doses, not changed since."},
		{1, false, "Issued 11/22/2026 for initials D.D., born 2009, 1 dose, not changed since."},
		{12, true, "Issued 11/22/2026 for initials D.D., born 2009, 12 doses. Changed since: ask for a new one."},
	} {
		got := Genuine(English, day(2026, 11, 22), "D.D.", 2009, test.doses, test.changed)
		if got.String() != test.want {
			t.Errorf("Genuine = %q, want %q", got, test.want)
		}
	}
	if got := Genuine(Spanish, day(2026, 11, 22), "D.D.", 2009, 2, false); !strings.Contains(got.String(), "2 dosis") || !strings.Contains(got.String(), "2 doses") {
		t.Errorf("Genuine in both languages = %q", got)
	}
}

// TestDoses: whoever verifies a record sees the doses, and not whose they are.
func TestDoses(t *testing.T) {
	f := fix(t, duck())
	text := strings.Join(Doses(f, Options{Language: English, Comments: true, Recommendations: true}).Words(), "\n")
	for _, want := range []string{"11/25/2009", "DTaP-Hep B-IPV [Pediarix]", f.Comments[0].Code.Label()} {
		if !strings.Contains(text, want) {
			t.Errorf("the doses lack %q", want)
		}
	}
	for _, not := range []string{"DUCK", "Don", "6714871", "09/21/2009", f.Comments[2].Code.Label()} {
		if strings.Contains(text, not) {
			t.Errorf("the doses say %q", not)
		}
	}
}

// spanish reports whether anything of a document is in Spanish.
func spanish(d Document) bool {
	any := func(list ...Text) bool {
		for _, t := range list {
			if slices.ContainsFunc(t, func(s Span) bool { return s.Lang == "es" }) {
				return true
			}
		}
		return false
	}
	for _, b := range d.Blocks {
		if b.Heading != nil && any(b.Heading.Text) || any(b.Text) {
			return true
		}
		for _, p := range b.Pairs {
			if any(p.Label, p.Value) {
				return true
			}
		}
	}
	return false
}
