package pdf_test

import (
	"encoding/xml"
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"openiis.org/iis/internal/pdf"
)

// contents of codes, of each kind of encoding.
var contents = []string{
	"0123456789",
	"ABC-123",
	"https://registry.example/verify/7F3K22QX9B",
	"shc:/" + strings.Repeat("5676", 250),
	strings.Repeat("https://registry.example/", 20),
}

// picture draws modules, so many pixels wide each, on white.
func picture(side int, black func(x, y int) bool) image.Image {
	const edge, scale = 4, 4
	img := image.NewGray(image.Rect(0, 0, (side+2*edge)*scale, (side+2*edge)*scale))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			img.Set(x, y, color.White)
			if mx, my := x/scale-edge, y/scale-edge; mx >= 0 && my >= 0 && mx < side && my < side && black(mx, my) {
				img.Set(x, y, color.Black)
			}
		}
	}
	return img
}

func TestQR(t *testing.T) {
	for _, content := range contents {
		modules, err := pdf.QR(content)
		if err != nil {
			t.Fatal(err)
		}
		img := picture(len(modules), func(x, y int) bool { return modules[y][x] })
		if got := decodeQR(t, img); got != content {
			t.Errorf("QR(%q) reads %q", content, got)
		}
	}
	for _, content := range []string{"", strings.Repeat("x", 3000)} {
		if _, err := pdf.QR(content); err == nil {
			t.Errorf("QR of %d bytes: no error", len(content))
		}
	}
}

var (
	viewBox = regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`)
	strip   = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
)

// TestQRSVG draws the image by its strips and reads it.
func TestQRSVG(t *testing.T) {
	for _, content := range contents {
		svg, err := pdf.QRSVG(content)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(svg, new(struct{})); err != nil {
			t.Fatalf("not XML: %v", err)
		}
		n := func(s string) int {
			i, err := strconv.Atoi(s)
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
		side := n(viewBox.FindStringSubmatch(string(svg))[1])
		black := map[image.Point]bool{}
		for _, m := range strip.FindAllStringSubmatch(string(svg), -1) {
			if m[3] != m[4] {
				t.Fatalf("strip %q goes back another way than it came", m[0])
			}
			for x := range n(m[3]) {
				black[image.Pt(n(m[1])+x, n(m[2]))] = true
			}
		}
		for p := range black {
			if p.X < 4 || p.Y < 4 || p.X >= side-4 || p.Y >= side-4 {
				t.Fatalf("black at %v, in the white edge", p)
			}
		}
		img := picture(side, func(x, y int) bool { return black[image.Pt(x, y)] })
		if got := decodeQR(t, img); got != content {
			t.Errorf("QRSVG(%q) reads %q", content, got)
		}
	}
}

func FuzzQR(f *testing.F) {
	for _, content := range contents {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		modules, err := pdf.QR(content)
		if err != nil {
			return
		}
		for _, row := range modules {
			if len(row) != len(modules) {
				t.Fatalf("a row of %d in a code of %d", len(row), len(modules))
			}
		}
		if _, err := pdf.QRSVG(content); err != nil {
			t.Fatal(err)
		}
	})
}
