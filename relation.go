package iis

import "slices"

// Relation is who a contact is to the client, a code of HL7 table 0063.
type Relation string

// The relations that rules or samples name; Relations lists them all.
const (
	Self          Relation = "SEL"
	Mother        Relation = "MTH"
	Father        Relation = "FTH"
	Parent        Relation = "PAR"
	Guardian      Relation = "GRD"
	Grandparent   Relation = "GRP"
	Spouse        Relation = "SPO"
	OtherRelative Relation = "EXF" // "Extended family" in HL7, "Other Relative" on the screen (guide 43)
)

// RelationRow is one choice of the Relationship list.
type RelationRow struct {
	Code  Relation
	Label string
}

// Relations lists every relation in the order a clerk looks for them: the
// client, who brings a child, the rest of the family, others.
// HL7 v2.5.1 table 0063, labels of the guide where it shows one.
var Relations = []RelationRow{
	{Self, "Self"},
	{Mother, "Mother"},
	{Father, "Father"},
	{Parent, "Parent"},
	{Guardian, "Guardian"},
	{Grandparent, "Grandparent"},
	{"CGV", "Care Giver"},
	{Spouse, "Spouse"},
	{"DOM", "Life Partner"},
	{"BRO", "Brother"},
	{"SIS", "Sister"},
	{"SIB", "Sibling"},
	{"CHD", "Child"},
	{"NCH", "Natural Child"},
	{"SCH", "Stepchild"},
	{"FCH", "Foster Child"},
	{"GCH", "Grandchild"},
	{OtherRelative, "Other Relative"},
	{"OAD", "Other Adult"},
	{"WRD", "Ward of Court"},
	{"DEP", "Handicapped Dependent"},
	{"FND", "Friend"},
	{"EMC", "Emergency Contact"},
	{"ASC", "Associate"},
	{"EMR", "Employer"},
	{"EME", "Employee"},
	{"MGR", "Manager"},
	{"OWN", "Owner"},
	{"TRA", "Trainer"},
	{"OTH", "Other"},
	{"NON", "None"},
	{"UNK", "Unknown"},
}

// Label returns the words for the relation: "Other Relative" for EXF. A code
// that is not in the list is shown as it is, so that nothing stored is hidden.
func (r Relation) Label() string {
	if i := slices.IndexFunc(Relations, func(row RelationRow) bool { return row.Code == r }); i >= 0 {
		return Relations[i].Label
	}
	return string(r)
}

// ValidRelation reports whether r is a code of the list. "" is not: whether a
// relation may be missing is for the form to say.
func ValidRelation(r Relation) bool {
	return slices.ContainsFunc(Relations, func(row RelationRow) bool { return row.Code == r })
}
