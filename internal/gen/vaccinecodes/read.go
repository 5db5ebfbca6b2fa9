package main

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

// row is one entry of a file: the values by the names CDC gives them. Names are
// unlike from file to file.
type row map[string]string

// file is one file of CDC's.
type file struct {
	name    string
	updated string // latest update the entries tell of, ISO; "" if they tell none
	rows    []row
}

// source is everything that CDC publishes and we take.
type source struct {
	vaccines, makers, products, groups, statements, addresses, given file // XML
	use, sale, links                                                 file // bars
}

// files lists the files in the order of the table.
func (s *source) files() []*file {
	return []*file{&s.vaccines, &s.makers, &s.products, &s.groups, &s.use, &s.sale, &s.links, &s.statements, &s.given, &s.addresses}
}

// read reads the ten files of a folder.
func read(fsys fs.FS) (*source, error) {
	s := &source{}
	for _, f := range []struct {
		into    *file
		name    string
		updated string // the field that tells of an update
		fields  []string
	}{
		{&s.vaccines, "cvx.xml", "LastUpdated", []string{"CVXCode", "ShortDescription", "FullVaccinename", "Status"}},
		{&s.makers, "mvx.xml", "Last Updated", []string{"MVX_CODE", "Manufacturer Name", "Status"}},
		{&s.products, "tradename.xml", "Last Updated", []string{"CDC Product Name", "CVXCode", "MVX Code", "Product name Status"}},
		{&s.groups, "vac2vg.xml", "", []string{"CVXCode", "Vaccine Group Name", "CVX for Vaccine Group"}},
		{&s.statements, "vis.xml", "Lastupdated", []string{"VIS_Document_Type_Description", "Edition_Date", "VIS_encoded_string", "VIS_GDTI_document_code", "status"}},
		{&s.given, "cvxvis.xml", "", []string{"CVXCode", "Fully-encodedString"}},
		{&s.addresses, "visurl.xml", "", []string{"VIS_GDTI_document_Conceptcode", "VIS_HTML_URL"}},
	} {
		text, err := fs.ReadFile(fsys, f.name)
		if err != nil {
			return nil, err
		}
		rows, err := readXML(text)
		if err == nil {
			err = f.into.fill(f.name, f.updated, f.fields, rows)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.name, err)
		}
	}
	use := []string{"id", "labeler", "product", "package", "trade name", "generic name", "labeler name", "start", "end", "form", "gtin",
		"cvx", "short name", "no unit of use", "ndc", "updated", "gtin again"}
	sale := []string{"id", "labeler", "product", "package", "trade name", "generic name", "labeler name", "start", "end", "form", "route",
		"updated", "cvx", "short name", "ndc", "gtin"}
	for _, f := range []struct {
		into    *file
		name    string
		updated string
		fields  []string
	}{
		{&s.use, "NDC_Unit_use.txt", "updated", use},
		{&s.sale, "NDC_Unit_sale.txt", "updated", sale},
		{&s.links, "NDC_Linker.txt", "", []string{"id", "sale", "use", "mvx"}},
	} {
		text, err := fs.ReadFile(fsys, f.name)
		if err != nil {
			return nil, err
		}
		rows, err := readBars(string(text), f.fields)
		if err == nil {
			err = f.into.fill(f.name, f.updated, f.fields, rows)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.name, err)
		}
	}
	return s, nil
}

// fill takes the rows of a file if each has the fields, and finds the latest
// update.
func (f *file) fill(name, updated string, fields []string, rows []row) error {
	if len(rows) == 0 {
		return fmt.Errorf("there is nothing in it")
	}
	f.name, f.rows = name, rows
	for i, r := range rows {
		for _, field := range fields {
			if _, ok := r[field]; !ok {
				return fmt.Errorf("entry %d has no %q", i+1, field)
			}
		}
		if updated == "" || r[updated] == "" {
			continue
		}
		day, err := date(r[updated])
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		f.updated = max(f.updated, day)
	}
	return nil
}

// readXML reads a file whose entries are the elements below its root. The fields
// of an entry are elements too, in one of two forms: <CVXCode>08</CVXCode>, or
// <Name>CVXCode</Name><Value>08</Value>. Addresses are an attribute href.
func readXML(text []byte) ([]row, error) {
	type element struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
		Href    string `xml:"href,attr"`
	}
	var doc struct {
		Entries []struct {
			Fields []element `xml:",any"`
		} `xml:",any"`
	}
	d := xml.NewDecoder(strings.NewReader(string(text)))
	d.CharsetReader = latin1
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	var rows []row
	for _, e := range doc.Entries {
		r := row{}
		name := ""
		for _, f := range e.Fields {
			value := space(f.Text)
			switch f.XMLName.Local {
			case "Name":
				name = value
			case "Value":
				r[name] = value
			default:
				if f.Href != "" {
					value = f.Href
				}
				r[f.XMLName.Local] = value
			}
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// readBars reads a file of lines with a bar between the fields.
func readBars(text string, fields []string) ([]row, error) {
	var rows []row
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		values := strings.Split(line, "|")
		if len(values) != len(fields) {
			return nil, fmt.Errorf("line %d has %d fields, want %d", len(rows)+1, len(values), len(fields))
		}
		r := row{}
		for i, v := range values {
			r[fields[i]] = space(v)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// by returns the rows by the value of a field.
func (f *file) by(field string) map[string][]row {
	m := map[string][]row{}
	for _, r := range f.rows {
		m[r[field]] = append(m[r[field]], r)
	}
	return m
}

// space takes out line ends, and spaces that are around or doubled.
func space(s string) string { return strings.Join(strings.Fields(s), " ") }

// date reads a day as CDC writes it, 3/20/2011, 20110320 or 2011-03-20 00:00:00,
// and returns it in the ISO form.
func date(s string) (string, error) {
	for _, form := range []string{"1/2/2006", "20060102", time.DateTime} {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", fmt.Errorf("%q is not a date", s)
}

// sorted returns the keys of a set in order.
func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
