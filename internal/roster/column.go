// Package roster reads and writes rosters, files of comma-separated values with
// one client a row, as clinics exchange them, and reads files with one
// immunization a row (docs/guide/import.md). It knows
// columns and lines; what a value may be is for package iis to say, what becomes
// of a client for package registry.
package roster

import (
	"fmt"
	"strings"

	"openiis.org/iis"
)

// Column is one column of a roster.
type Column struct {
	Name  string
	Field iis.Field // "" for the organization and the registry ID
}

// Organization is the column that says for which organization a row is: its
// name or its ID. Every other column is a field of the record.
const Organization = "organization"

// Columns lists every column, in the order in which a Writer writes them. What
// each may hold is told in docs/guide/import.md.
var Columns = []Column{
	{Organization, ""},
	{"chart_number", iis.FieldChart},
	{"last_name", iis.FieldLast},
	{"first_name", iis.FieldFirst},
	{"middle_name", iis.FieldMiddle},
	{"suffix", iis.FieldSuffix},
	{"birth_date", iis.FieldBirthDate},
	{"gender", iis.FieldGender},
	{"birth_country", iis.FieldBirthCountry},
	{"mother_maiden_last", iis.FieldMaidenLast},
	{"mother_first", iis.FieldMotherFirst},
	{"phone", iis.FieldPhone},
	{"email", iis.FieldEmail},
	{"street", iis.FieldStreet},
	{"other_address", iis.FieldOther},
	{"po_box", iis.FieldPOBox},
	{"city", iis.FieldCity},
	{"state", iis.FieldState},
	{"zip", iis.FieldZip},
	{"county", iis.FieldCounty},
	{"undeliverable", iis.FieldUndeliverable},
	{"race", iis.FieldRace},
	{"ethnicity", iis.FieldEthnicity},
	{"status", iis.FieldStatus},
	{"inactive_reason", iis.FieldReason},
	{"reminders", iis.FieldReminders},
	{"sharing", iis.FieldSharing},
	{"death_date", iis.FieldDied},
	{"death_source", iis.FieldDeathSource},
}

// Note begins the names of columns that are notes: they are written for people
// and passed over when read.
const Note = "x_"

// place returns the column, one of those known, of a name as it stands in a header.
func place(known []Column, name string) (Column, error) {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	for _, c := range known {
		if c.Name == name {
			return c, nil
		}
	}
	if strings.HasPrefix(name, Note) {
		return Column{Name: name}, nil
	}
	return Column{}, fmt.Errorf("the column %q is not known: use the names of the guide, or begin its name with %s to have it passed over", clip(name), Note)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
