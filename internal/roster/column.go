// Package roster reads and writes rosters: files of comma-separated values with
// one client a row, as clinics exchange them (docs/guide/import.md). It knows
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
	Field iis.Field // "" for the organization
	About string    // what it holds, for the guide
}

// Organization is the column that says for which organization a row is: its
// name or its ID. Every other column is a field of the record.
const Organization = "organization"

// Columns lists every column, in the order in which a Writer writes them.
var Columns = []Column{
	{Organization, "", "name or ID of the organization whose client this is; needed unless the command names one"},
	{"chart_number", iis.FieldChart, "the organization's own number of the client"},
	{"last_name", iis.FieldLast, "needed; a single name stands here"},
	{"first_name", iis.FieldFirst, ""},
	{"middle_name", iis.FieldMiddle, ""},
	{"suffix", iis.FieldSuffix, "JR, SR, I to VI"},
	{"birth_date", iis.FieldBirthDate, "2009-09-21 or 09/21/2009; needed for a new client"},
	{"gender", iis.FieldGender, "M, F or U"},
	{"birth_country", iis.FieldBirthCountry, "three letters of ISO 3166-1, such as USA"},
	{"mother_maiden_last", iis.FieldMaidenLast, ""},
	{"mother_first", iis.FieldMotherFirst, ""},
	{"phone", iis.FieldPhone, "ten digits, however they are set apart"},
	{"email", iis.FieldEmail, ""},
	{"street", iis.FieldStreet, "an address replaces the whole one on file"},
	{"other_address", iis.FieldOther, "apartment, unit, care of"},
	{"po_box", iis.FieldPOBox, ""},
	{"city", iis.FieldCity, ""},
	{"state", iis.FieldState, "two letters"},
	{"zip", iis.FieldZip, "five or nine digits"},
	{"county", iis.FieldCounty, ""},
	{"undeliverable", iis.FieldUndeliverable, "Yes or No"},
	{"race", iis.FieldRace, "codes of CDCREC, several with commas or spaces between, or declined"},
	{"ethnicity", iis.FieldEthnicity, "2135-2 (Hispanic or Latino), 2186-5 (not) or declined"},
	{"status", iis.FieldStatus, "Active, Inactive or Deceased"},
	{"inactive_reason", iis.FieldReason, "of Inactive: M, L, P, I or U"},
	{"reminders", iis.FieldReminders, "Yes or No"},
	{"sharing", iis.FieldSharing, "Yes or No; No locks the record to the organization"},
	{"death_date", iis.FieldDied, "of Deceased, if known"},
	{"death_source", iis.FieldDeathSource, "of Deceased: Family, Vital records or Other"},
}

// Note begins the names of columns that are notes: they are written for people
// and passed over when read.
const Note = "x_"

// place returns the column of a name as it stands in a header.
func place(name string) (Column, error) {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
	for _, c := range Columns {
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
