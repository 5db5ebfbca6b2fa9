package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// table writes the table, one entry a line, fields between tabs, the kind of the
// entry first. Package code says what the fields are.
func table(w io.Writer, s *source) error {
	var lines []string
	put := func(fields ...string) { lines = append(lines, strings.Join(fields, "\t")) }

	latest := ""
	for _, f := range s.files() {
		put("source", f.name, f.updated, fmt.Sprint(len(f.rows)))
		latest = max(latest, f.updated)
	}
	if err := putGroups(s, put); err != nil {
		return err
	}
	if err := putVaccines(s, put); err != nil {
		return err
	}
	for _, r := range sortBy(s.makers.rows, "MVX_CODE") {
		put("maker", r["MVX_CODE"], status(r["Status"]), r["Manufacturer Name"])
	}
	known := s.vaccines.by("CVXCode")
	for _, r := range s.products.rows {
		if known[r["CVXCode"]] == nil {
			return fmt.Errorf("the product %q is of CVX %s, which is not in the code table", r["CDC Product Name"], r["CVXCode"])
		}
		put("product", r["CVXCode"], r["MVX Code"], status(r["Product name Status"]), tradeName(r["CDC Product Name"]))
	}
	if err := putPackages(s, put); err != nil {
		return err
	}
	if err := putStatements(s, put); err != nil {
		return err
	}

	// A group comes once for each of its vaccines, and a product may stand twice in
	// CDC's file.
	seen := map[string]bool{}
	fmt.Fprintf(w, "# Made by internal/gen/vaccinecodes from CDC's code sets of %s. Not to be edited.\n", latest)
	for _, l := range lines {
		if !seen[l] {
			if _, err := fmt.Fprintln(w, l); err != nil {
				return err
			}
		}
		seen[l] = true
	}
	return nil
}

// putter adds a line to the table.
type putter func(fields ...string)

func putGroups(s *source, put putter) error {
	rows := s.groups.by("Vaccine Group Name")
	for name := range groups {
		if rows[name] == nil {
			return fmt.Errorf("CDC has no vaccine group %q any more: take it out of groups", name)
		}
	}
	for _, r := range sortBy(s.groups.rows, "Vaccine Group Name") {
		g, ok := groups[r["Vaccine Group Name"]]
		if !ok {
			return fmt.Errorf("CDC has a new vaccine group %q: add it to groups", r["Vaccine Group Name"])
		}
		forecast := ""
		if g.forecast {
			forecast = "F"
		}
		put("group", r["Vaccine Group Name"], r["CVX for Vaccine Group"], forecast, g.name)
	}
	return nil
}

func putVaccines(s *source, put putter) error {
	inGroup := s.groups.by("CVXCode")
	known := s.vaccines.by("CVXCode")
	for _, of := range []struct{ name, code string }{{"nonVaccines", missing(nonVaccines, known)}, {"ungrouped", missing(ungrouped, known)}} {
		if of.code != "" {
			return fmt.Errorf("CVX %s of %s is not in the code table", of.code, of.name)
		}
	}
	for _, r := range sortBy(s.vaccines.rows, "CVXCode") {
		code := r["CVXCode"]
		var names []string
		for _, g := range inGroup[code] {
			names = append(names, g["Vaccine Group Name"])
		}
		_, non := nonVaccines[code]
		switch {
		case len(known[code]) > 1:
			return fmt.Errorf("CVX %s stands twice in the code table", code)
		case len(names) > 0 && (non || ungrouped[code] != nil):
			return fmt.Errorf("CVX %s is in CDC's group %s now: take it out of nonVaccines and ungrouped", code, names[0])
		case len(names) == 0 && !non && ungrouped[code] == nil && r["Status"] == "Active":
			return fmt.Errorf("CVX %s, %s, is in no vaccine group: is it a vaccine?", code, r["ShortDescription"])
		}
		flag := ""
		if non {
			flag = "N"
		}
		full := tidy(r["FullVaccinename"])
		if full == tidy(r["ShortDescription"]) {
			full = ""
		}
		put("vaccine", code, status(r["Status"]), flag, strings.Join(names, ";"), strings.Join(ungrouped[code], ";"), tidy(r["ShortDescription"]), full)
	}
	return nil
}

// missing returns a code that is not known, or "".
func missing[V any](codes map[string]V, known map[string][]row) string {
	for code := range codes {
		if known[code] == nil {
			return code
		}
	}
	return ""
}

func putStatements(s *source, put putter) error {
	addresses := s.addresses.by("VIS_GDTI_document_Conceptcode")
	given := s.given.by("Fully-encodedString")
	editions := s.statements.by("VIS_encoded_string")
	for _, r := range s.given.rows {
		if editions[r["Fully-encodedString"]] == nil {
			return fmt.Errorf("CVX %s has a statement %s that is not in vis.xml", r["CVXCode"], r["Fully-encodedString"])
		}
	}
	for _, r := range s.statements.rows {
		day, err := date(r["Edition_Date"])
		if err != nil {
			return err
		}
		set := map[string]bool{}
		for _, g := range given[r["VIS_encoded_string"]] {
			set[g["CVXCode"]] = true
		}
		url := ""
		if a := addresses[r["VIS_GDTI_document_code"]]; a != nil && r["status"] == "Current" {
			url = a[0]["VIS_HTML_URL"]
		}
		put("vis", r["VIS_GDTI_document_code"], day, map[string]string{"Current": "C"}[r["status"]], url, strings.Join(byNumber(set), ";"), r["VIS_Document_Type_Description"])
	}
	return nil
}

// byNumber returns the codes of a set in the order of numbers.
func byNumber(set map[string]bool) []string {
	list := sorted(set)
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return list
}

// status shortens a status to a letter.
func status(s string) string {
	switch s {
	case "Active", "Inactive", "Pending", "Non-US":
		return s[:1]
	case "Never Active":
		return "X"
	}
	return s // code refuses it
}

// sortBy returns the rows in the order of a field; codes that are numbers in the
// order of numbers.
func sortBy(rows []row, field string) []row {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		x, y := a[field], b[field]
		if field == "CVXCode" {
			return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
		}
		return cmp.Compare(x, y)
	})
	return rows
}

var (
	beforeComma = regexp.MustCompile(` +,`)
	afterComma  = regexp.MustCompile(`,([^\s\d])`)
	beforeParen = regexp.MustCompile(`([^\s(/])\(`)
	word        = regexp.MustCompile(`[A-Za-z]+`)
	capitals    = regexp.MustCompile(`^[A-Z]{4,}$`)
)

// tidy writes a description of CDC's with a space after each comma and none
// before.
func tidy(s string) string {
	return afterComma.ReplaceAllString(beforeComma.ReplaceAllString(s, ","), ", $1")
}

// tradeName writes a trade name in small letters where CDC writes it in
// capitals: "Pediarix", not "PEDIARIX".
func tradeName(s string) string {
	s = beforeParen.ReplaceAllString(s, "$1 (")
	return word.ReplaceAllStringFunc(s, func(w string) string {
		if own, ok := spelling[strings.ToUpper(w)]; ok {
			return own
		}
		if capitals.MatchString(w) {
			return w[:1] + strings.ToLower(w[1:])
		}
		return w
	})
}
