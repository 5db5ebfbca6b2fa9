package pdf_test

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"openiis.org/iis/internal/pdf"
)

// poppler runs one of poppler's programs on a file and returns what it says. If
// it is not installed the test is skipped, or fails if OPENIIS_REQUIRE names
// poppler.
func poppler(t *testing.T, program string, file []byte, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if slices.Contains(strings.Split(os.Getenv("OPENIIS_REQUIRE"), ","), "poppler") {
			t.Fatalf("poppler is required and missing: no %s in PATH", program)
		}
		t.Skipf("poppler is missing: no %s in PATH", program)
	}
	name := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = name
		}
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v: %s", program, err, complaints.String())
	}
	if s := complaints.String(); s != "" {
		t.Errorf("%s complains: %s", program, s)
	}
	return out.String()
}

// TestPopplerInfo holds that a reader written by others takes the file for a
// tagged one.
func TestPopplerInfo(t *testing.T) {
	got := strings.Join(strings.Fields(poppler(t, "pdfinfo", write(t, record(60)), "FILE")), " ")
	for _, want := range []string{"Title: Official immunization record", "Tagged: yes", "Suspects: no", "Pages: 3", "(letter)", "PDF version: 1.7"} {
		if !strings.Contains(got, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, got)
		}
	}
}

// TestPopplerFonts holds that the fonts are in the file, cut, and say what their
// letters are.
func TestPopplerFonts(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", write(t, record(3)), "FILE")), "\n")[2:]
	var got []string
	for _, l := range lines {
		f := strings.Fields(l)
		got = append(got, strings.Join(append(f[:1], f[len(f)-5:len(f)-2]...), " "))
	}
	slices.Sort(got)
	want := []string{"OPNIIS+LiberationSans yes yes yes", "OPNIIS+LiberationSans-Bold yes yes yes"}
	if !slices.Equal(got, want) {
		t.Errorf("fonts, embedded, cut, with meaning = %q, want %q", got, want)
	}
}

// TestPopplerText holds that text can be copied, of each script that the fonts
// hold.
func TestPopplerText(t *testing.T) {
	got := strings.Join(strings.Fields(poppler(t, "pdftotext", write(t, record(5)), "FILE", "-")), " ")
	for _, want := range []string{
		"Official immunization record / Registro oficial de vacunas", "Nguyễn Thị Ánh, Ольга, Ωμέγα",
		"nothing on this record (see \\ the other side).", "Polio pediatric, preservative free", "Page 1 of 1",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("pdftotext lacks %q:\n%s", want, got)
		}
	}
}

// word is a word of a page as pdftotext -bbox places it.
var word = regexp.MustCompile(`<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>`)

// TestPlaces holds that all text stands within the margins, and none on other
// text, however long the words and narrow the columns.
func TestPlaces(t *testing.T) {
	long := pdf.Words("Haemophilus influenzae type b/Meningococcal-Groups/CY " + strings.Repeat("Wm", 40) + " 12/31/2026")
	crowded := record(30)
	crowded.Header = strings.Repeat("header ", 40)
	crowded.Footer = strings.Repeat("footer ", 60)
	narrow := pdf.Table{Caption: long, Columns: make([]pdf.Column, 12)}
	for i := range narrow.Columns {
		narrow.Columns[i].Title = pdf.Words("Recommended")
	}
	narrow.Groups = []pdf.Group{{Title: long, Rows: [][]pdf.Text{{long, long}, {nil, long, long, pdf.Words("x")}}}}
	pairs := pdf.Pairs{Columns: 4}
	for range 7 {
		pairs.Pairs = append(pairs.Pairs, pdf.Pair{Label: long, Value: long})
	}
	crowded.Blocks = append(crowded.Blocks,
		pdf.Heading{Level: 2, Text: long}, narrow, pairs,
		pdf.Figure{Content: "x", Alt: "x", Side: 20, Beside: []pdf.Text{long, long, long, long, long}}, pdf.Paragraph{Text: long, Small: true})

	const margin = 18 / 25.4 * 72
	type box struct {
		x0, y0, x1, y1 float64
		text           string
	}
	pages := strings.Split(poppler(t, "pdftotext", write(t, crowded), "-bbox", "FILE", "-"), "<page ")[1:]
	if len(pages) < 3 {
		t.Fatalf("%d pages, want 3 or more", len(pages))
	}
	for i, page := range pages {
		var boxes []box
		for _, m := range word.FindAllStringSubmatch(page, -1) {
			var n [4]float64
			for k := range n {
				n[k], _ = strconv.ParseFloat(m[k+1], 64) // the expression has seen to it
			}
			b := box{n[0], n[1], n[2], n[3], m[5]}
			if b.x0 < margin-0.5 || b.y0 < margin-1 || b.x1 > 612-margin+0.5 || b.y1 > 792-margin+1 {
				t.Errorf("page %d: %q stands over a margin: %v", i+1, b.text, n)
			}
			for _, o := range boxes {
				if min(b.x1, o.x1)-max(b.x0, o.x0) > 0.5 && min(b.y1, o.y1)-max(b.y0, o.y0) > 1.5 {
					t.Errorf("page %d: %q stands on %q", i+1, b.text, o.text)
				}
			}
			boxes = append(boxes, b)
		}
		if len(boxes) == 0 {
			t.Errorf("page %d is empty", i+1)
		}
	}
}

// TestPrintedCode holds that the code on the page can be read by a camera.
func TestPrintedCode(t *testing.T) {
	for _, dpi := range []int{110, 200, 300} {
		page := poppler(t, "pdftoppm", write(t, record(1)), "-r", strconv.Itoa(dpi), "-png", "-singlefile", "FILE")
		img, _, err := image.Decode(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := decodeQR(t, img), "https://registry.example/verify/7F3K22QX9B"; got != want {
			t.Errorf("at %d dpi the code reads %q, want %q", dpi, got, want)
		}
	}
}

// decodeQR reads the code in a picture.
func decodeQR(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no code in the picture: %v", err)
	}
	return result.GetText()
}
