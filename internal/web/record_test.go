package web

import (
	"bytes"
	"context"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/pdf"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/webtest"
)

// recordSite is the guide's site with doses of Don.
func recordSite(t *testing.T) *site {
	t.Helper()
	s := guideSite(t)
	s.update(func(ctx context.Context, tx *store.Tx) error {
		for i, d := range []iis.Dose{
			{Vaccine: "110", Date: iis.Date{Year: 2009, Month: 11, Day: 25}, TradeName: "Pediarix"},
			{Vaccine: "03", Date: iis.Date{Year: 2010, Month: 9, Day: 1}},
			{Vaccine: "9990", Date: iis.Date{Year: 2011, Month: 1, Day: 1}},
		} {
			d.ID, d.Kind, d.By, d.Entered = iis.DoseID("d"+itoa(i)), iis.Administered, "clinic", tx.Now
			if err := tx.PutDose(ctx, don, d); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

// issue issues a record of Don and returns its address.
func (b *browser) issue(options ...string) string {
	b.t.Helper()
	a := b.post("/clients/"+string(don)+"/records", options...)
	path, _, _ := strings.Cut(a.header.Get("Location"), "?")
	if a.status != 303 || !strings.HasPrefix(path, "/clients/"+string(don)+"/records/") {
		b.t.Fatalf("issue = %d %s", a.status, path)
	}
	return path
}

// pdfTool runs one of poppler's programs on a file, which FILE stands for among
// its arguments, and returns what it writes.
func pdfTool(t *testing.T, file, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		webtest.Missing(t, "poppler", "no "+program+" in PATH")
	}
	name := filepath.Join(t.TempDir(), "record.pdf")
	if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	args[slices.Index(args, "FILE")] = name
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// TestRecordPDF holds that the file is a tagged one, that its name and title name
// nobody, and that its QR code leads to the page that verifies it, as that of the
// page does.
func TestRecordPDF(t *testing.T) {
	s := recordSite(t)
	b := s.as("viewer")
	path := b.issue()
	code := path[strings.LastIndex(path, "/")+1:]
	a := b.get(path + "/pdf")
	want := map[string]string{
		"Content-Type":        "application/pdf",
		"Content-Disposition": `inline; filename="record-` + paper.GroupedCode(code) + `.pdf"`,
		"Cache-Control":       "no-store",
	}
	for name, v := range want {
		if got := a.header.Get(name); got != v {
			t.Errorf("%s = %q, want %q", name, got, v)
		}
	}
	info := pdfTool(t, a.body, "pdfinfo", "FILE")
	for _, want := range []string{"Tagged:          yes", "Title:           Official immunization record\n", "(letter)"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, info)
		}
	}
	if strings.Contains(strings.ToUpper(info), "DUCK") {
		t.Errorf("pdfinfo names the client:\n%s", info)
	}
	to := "https://registry.example/verify/" + code
	page := pdfTool(t, a.body, "pdftoppm", "-r", "150", "-png", "-singlefile", "FILE")
	img, _, err := image.Decode(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if got := decodeQR(t, img); got != to {
		t.Errorf("the QR code of the PDF leads to %q, want %q", got, to)
	}
	svg, err := pdf.QRSVG(to)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.get(path).body, string(svg)) {
		t.Error("the page has another QR code than that of its address")
	}
	if a := s.browser().get("/verify/" + code); a.status != 200 || !strings.Contains(a.text("main"), "initials D.D., born 2009, 3 doses, not changed since") {
		t.Errorf("where the QR code leads = %d %s", a.status, a.text("main"))
	}
}

func decodeQR(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	res, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no QR code in the picture: %v", err)
	}
	return res.GetText()
}

// TestSameWords holds that the page and the PDF of a record say the same, word for
// word: what the document says, and on each sheet of the PDF its head and foot.
func TestSameWords(t *testing.T) {
	s := recordSite(t)
	b := s.as("clerk")
	for name, path := range map[string]string{
		"in English": b.issue(),
		"in both":    b.issue("language", "en+es", "recommendations", "Yes", "comments", "Yes"),
		"needed":     "/clients/" + string(don) + "/reports/needed?language=en%2Bes",
	} {
		t.Run(name, func(t *testing.T) {
			// Commas are left out: where a bold word ends is no word's end.
			onPage := strings.Fields(strings.ReplaceAll(b.get(path).text("article.paper"), ",", " "))
			at, query, _ := strings.Cut(path, "?")
			text := strings.ReplaceAll(pdfTool(t, b.get(at+"/pdf?"+query).body, "pdftotext", "-layout", "FILE", "-"), ",", " ")
			sheets := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
			inPDF := strings.Fields(text)
			head := "Duck Don · MIIC ID " + string(don)
			for range sheets {
				inPDF = without(t, inPDF, strings.Fields(head))
				inPDF = without(t, inPDF, strings.Fields(strings.ReplaceAll(s.set.Help.Format, ",", " ")))
			}
			count := itoa(len(sheets))
			for i := range sheets {
				n := itoa(i + 1)
				page := "Page " + n + " of " + count
				if strings.Contains(text, "Página") {
					page += " / Página " + n + " de " + count
				}
				inPDF = without(t, inPDF, strings.Fields(page))
			}
			if len(sheets) > 1 { // titles of columns stand again where a table goes on
				onPage, inPDF = unique(onPage), unique(inPDF)
			}
			slices.Sort(onPage)
			slices.Sort(inPDF)
			if len(onPage) < 60 {
				t.Errorf("the page says %d words: %q", len(onPage), onPage)
			}
			if diff := cmp.Diff(onPage, inPDF); diff != "" {
				t.Errorf("words (-page +PDF):\n%s", diff)
			}
		})
	}
}

// without takes each of some words out of a list once.
func without(t *testing.T, list, words []string) []string {
	t.Helper()
	list = slices.Clone(list)
	for _, w := range words {
		i := slices.Index(list, w)
		if i < 0 {
			t.Fatalf("%q is missing among %q", w, list)
		}
		list = slices.Delete(list, i, i+1)
	}
	return list
}

func unique(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// TestRecordScript: a name in a script that the fonts do not hold is on the page,
// and the PDF says that it cannot be had.
func TestRecordScript(t *testing.T) {
	d := paper.Official(paper.Facts{Name: iis.Name{Last: "አበበ"}}, paper.Options{}, paper.Issue{Code: "7F3K22QX9BHM", At: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}, paper.Site{Registry: "R"})
	err := pdf.Write(&bytes.Buffer{}, pdfOf(d, time.Time{}))
	if err == nil {
		t.Fatal("the PDF of a name in Ethiopic was written, want an error that says it cannot be")
	}
	got := scriptError(err)
	if iis.KindOf(got) != iis.Invalid || strings.Contains(got.Error(), "አ") {
		t.Errorf("the error is %v, want %s without the name", got, iis.Invalid)
	}
}

// TestEnglishOnly: a site can turn the unreviewed Spanish off, also for records
// that were issued with it.
func TestEnglishOnly(t *testing.T) {
	s := recordSite(t)
	b := s.as("clerk")
	path := b.issue("language", "en+es")
	if !strings.Contains(b.get(path).body, `lang="es"`) {
		t.Error("the record has no Spanish")
	}
	s.set.EnglishOnly = true
	for _, at := range []string{path, "/clients/" + string(don) + "/reports", "/clients/" + string(don) + "/reports/needed?language=en%2Bes", "/verify", "/verify/" + path[strings.LastIndex(path, "/")+1:]} {
		if a := b.get(at); a.status != 200 || strings.Contains(a.body, `lang="es"`) || strings.Contains(a.body, `value="en+es"`) {
			t.Errorf("with English alone %s = %d and has Spanish", at, a.status)
		}
	}
}
