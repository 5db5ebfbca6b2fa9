package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// tagged rewrites the file that fpdf drew with the tree of elements in it. Of
// fpdf's file it keeps the pages' contents and the fonts; the pages themselves,
// the catalog and the properties are written anew.
//
// The order of the objects in fpdf's file is: pages (1), resources (2), then
// each page and its contents, then the fonts, last the properties and the
// catalog.
func tagged(drawn []byte, d Document, root *element, p *painter) ([]byte, error) {
	objects, err := split(drawn)
	if err != nil {
		return nil, err
	}
	pages := len(p.marks)
	if len(objects) < 2+2*pages+2 || !bytes.Contains(objects[len(objects)-1], []byte("/Type /Catalog")) {
		return nil, errors.New("not the objects that were expected")
	}
	f := &file{objects: objects}
	for i := range pages {
		if !bytes.HasPrefix(f.objects[f.page(i)-1], []byte("<</Type /Page\n")) {
			return nil, errors.New("no page where one was expected")
		}
		f.set(f.page(i), fmt.Sprintf("<</Type/Page/Parent 1 0 R/Resources 2 0 R/Contents %d 0 R/StructParents %d/Tabs/S>>", f.page(i)+1, i))
	}
	if err := f.fonts(p.used); err != nil {
		return nil, err
	}
	info, catalog := len(objects)-1, len(objects)
	f.set(info, d.info())
	tree := f.tree(root, p.marks)
	xmp := f.add("")
	f.stream(xmp, "/Type/Metadata/Subtype/XML", d.xmp(), false)
	f.set(catalog, fmt.Sprintf("<</Type/Catalog/Pages 1 0 R/Lang(%s)/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R/ViewerPreferences<</DisplayDocTitle true>>>>",
		d.Lang, tree, xmp))
	return f.bytes(info, catalog), nil
}

// file is the objects of a PDF file, number n at n-1.
type file struct{ objects [][]byte }

// page is the number of the object of a page, counted from 0.
func (f *file) page(i int) int { return 3 + 2*i }

func (f *file) set(n int, s string) { f.objects[n-1] = []byte(s) }

func (f *file) add(s string) int {
	f.objects = append(f.objects, []byte(s))
	return len(f.objects)
}

// stream makes the object a stream.
func (f *file) stream(n int, dict string, data []byte, pack bool) {
	if pack {
		data = deflate(data)
		dict += "/Filter/FlateDecode"
	}
	f.objects[n-1] = fmt.Appendf(nil, "<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// fonts corrects what fpdf says of fonts: their names tell that they are cut to
// the letters used, and the meaning of each code is listed range by range, where
// no range may run over its last byte (ISO 32000-1, 9.10.3). Codes are those of
// UTF-16.
func (f *file) fonts(used map[rune]bool) error {
	blocks := map[rune]bool{}
	for r := range used {
		blocks[r>>8] = true
	}
	cmap := []byte("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for list := range slices.Chunk(slices.Sorted(maps.Keys(blocks)), 100) {
		cmap = fmt.Appendf(cmap, "%d beginbfrange\n", len(list))
		for _, b := range list {
			cmap = fmt.Appendf(cmap, "<%02X00><%02XFF><%02X00>\n", b, b, b)
		}
		cmap = append(cmap, "endbfrange\n"...)
	}
	cmap = append(cmap, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend"...)

	found := 0
	for i, o := range f.objects {
		switch {
		case bytes.Contains(o, []byte("/CMapName /Adobe-Identity-UCS")):
			f.stream(i+1, "", cmap, true)
			found++
		case bytes.Contains(o, []byte("/BaseFont")), bytes.Contains(o, []byte("/FontDescriptor")):
			for _, face := range slices.Backward(faces[:]) { // the longer name first
				o = bytes.ReplaceAll(o, []byte(face.alias), []byte(face.name))
			}
			f.objects[i] = o
		}
	}
	if found != len(faces) {
		return fmt.Errorf("%d fonts", found)
	}
	return nil
}

// split takes apart a file of fpdf, by the table at its end.
func split(pdf []byte) ([][]byte, error) {
	bad := errors.New("not a file of fpdf")
	at := bytes.LastIndex(pdf, []byte("startxref\n"))
	if at < 0 {
		return nil, bad
	}
	start, _, _ := bytes.Cut(pdf[at+len("startxref\n"):], []byte("\n"))
	table, err := strconv.Atoi(string(start))
	if err != nil || table > at {
		return nil, bad
	}
	lines := bytes.Split(pdf[table:at], []byte("\n"))
	var offsets []int
	for _, l := range lines[min(3, len(lines)):] { // after "xref", the count and entry 0
		offset, ok := bytes.CutSuffix(l, []byte(" 00000 n "))
		if !ok {
			break
		}
		n, err := strconv.Atoi(string(offset))
		if err != nil || n >= table {
			return nil, bad
		}
		offsets = append(offsets, n)
	}
	ends := append(slices.Sorted(slices.Values(offsets)), table)
	objects := make([][]byte, len(offsets))
	for i, offset := range offsets {
		end, _ := slices.BinarySearch(ends, offset)
		o, ok := bytes.CutPrefix(pdf[offset:ends[end+1]], fmt.Appendf(nil, "%d 0 obj\n", i+1))
		o, ok2 := bytes.CutSuffix(o, []byte("\nendobj\n"))
		if !ok || !ok2 {
			return nil, bad
		}
		objects[i] = o
	}
	return objects, nil
}

// bytes writes the file: streams as they are, all other objects packed in
// streams of their own (ISO 32000-1, 7.5.7 and 7.5.8).
func (f *file) bytes(info, catalog int) []byte {
	type place struct{ kind, a, b int } // as in a cross-reference stream
	places := make([]place, len(f.objects)+1)
	places[0] = place{0, 0, 65535}
	out := []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	put := func(n int, o []byte) {
		places[n] = place{1, len(out), 0}
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", n, o)
	}

	var packed []int
	for i, o := range f.objects {
		if bytes.HasSuffix(o, []byte("endstream")) {
			put(i+1, o)
		} else {
			packed = append(packed, i+1)
		}
	}
	for list := range slices.Chunk(packed, 200) {
		var index, body []byte
		n := len(f.objects) + 1
		for i, number := range list {
			index = fmt.Appendf(index, "%d %d ", number, len(body))
			body = append(append(body, f.objects[number-1]...), '\n')
			places[number] = place{2, n, i}
		}
		f.add("")
		places = append(places, place{})
		f.stream(n, fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(list), len(index)), append(index, body...), true)
		put(n, f.objects[n-1])
	}

	n, start := len(f.objects)+1, len(out)
	places = append(places, place{1, start, 0})
	var table []byte
	for _, p := range places {
		table = append(table, byte(p.kind))
		table = binary.BigEndian.AppendUint32(table, uint32(p.a))
		table = binary.BigEndian.AppendUint16(table, uint16(p.b))
	}
	id := sha256.Sum256(out)
	f.add("")
	f.stream(n, fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]", n+1, catalog, info, id[:16], id[:16]), table, true)
	out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", n, f.objects[n-1], start)
	return out
}

// packers are for use again: a new one takes most of a megabyte.
var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*zlib.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	w.Write(data) // into memory
	w.Close()
	return b.Bytes()
}
