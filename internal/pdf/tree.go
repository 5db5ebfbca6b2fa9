package pdf

import (
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// tree adds the elements to the file and returns the number of their root
// (ISO 32000-1, 14.7).
func (f *file) tree(root *element, marks [][]*element) int {
	top := f.add("")
	elements := root.all()
	byID := map[string]*element{}
	for _, e := range elements {
		e.number = f.add("")
		if e.id != "" {
			byID[e.id] = e
		}
	}
	for _, e := range elements {
		parent := top
		if e.parent != nil {
			parent = e.parent.number
		}
		f.set(e.number, f.element(e, parent))
	}

	var b strings.Builder
	fmt.Fprintf(&b, "<</Type/StructTreeRoot/K %d 0 R/ParentTreeNextKey %d/ParentTree<</Nums[", root.number, len(marks))
	for page, list := range marks {
		fmt.Fprintf(&b, "%d[", page)
		for _, e := range list {
			fmt.Fprintf(&b, "%d 0 R ", e.number)
		}
		b.WriteString("]")
	}
	b.WriteString("]>>")
	if len(byID) > 0 {
		b.WriteString("/IDTree<</Names[")
		for _, id := range slices.Sorted(maps.Keys(byID)) {
			fmt.Fprintf(&b, "(%s)%d 0 R ", id, byID[id].number)
		}
		b.WriteString("]>>")
	}
	b.WriteString(">>")
	f.set(top, b.String())
	return top
}

// element is an element as it stands in the file.
func (f *file) element(e *element, parent int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type/StructElem/S/%s/P %d 0 R", e.kind, parent)
	if e.id != "" {
		fmt.Fprintf(&b, "/ID(%s)", e.id)
	}
	if e.lang != "" {
		b.WriteString("/Lang(" + e.lang + ")")
	}
	if e.alt != "" {
		b.WriteString("/Alt" + str(e.alt))
	}
	if e.attrs != "" {
		b.WriteString("/A" + e.attrs)
	}
	page := -1 // of the first piece; pieces of other pages name theirs
	for _, k := range e.kids {
		if k.element == nil {
			page = k.page
			fmt.Fprintf(&b, "/Pg %d 0 R", f.page(page))
			break
		}
	}
	if len(e.kids) > 0 {
		b.WriteString("/K[")
		for _, k := range e.kids {
			switch {
			case k.element != nil:
				fmt.Fprintf(&b, "%d 0 R ", k.element.number)
			case k.page == page:
				fmt.Fprintf(&b, "%d ", k.mark)
			default:
				fmt.Fprintf(&b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", f.page(k.page), k.mark)
			}
		}
		b.WriteString("]")
	}
	b.WriteString(">>")
	return b.String()
}

// str is a text as it stands in an object: UTF-16 with its mark, in hexadecimal.
func str(s string) string {
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return "<" + hex.EncodeToString(b) + ">"
}

const producer = "openiis"

// info is the properties of the document as older readers look for them.
func (d Document) info() string {
	s := "<</Title" + str(d.Title) + "/Producer" + str(producer)
	if !d.Created.IsZero() {
		s += "/CreationDate(D:" + d.Created.UTC().Format("20060102150405") + "+00'00')"
	}
	return s + ">>"
}

// xmp is the properties of the document as newer readers look for them.
func (d Document) xmp() []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">` +
		`<dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`)
	xml.EscapeText(&b, []byte(d.Title)) // a Builder takes everything
	b.WriteString(`</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>` + d.Lang + `</rdf:li></rdf:Bag></dc:language>` +
		`<pdf:Producer>` + producer + `</pdf:Producer>`)
	if !d.Created.IsZero() {
		b.WriteString(`<xmp:CreateDate>` + d.Created.UTC().Format(time.RFC3339) + `</xmp:CreateDate>`)
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(b.String())
}
