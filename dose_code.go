package iis

// The codes of what is recorded with a dose, in the order of the screen. Codes
// that another system sends and that are not here are kept as they came.

// Routes are how a vaccine enters the body: HL7 table 0162 by codes of the NCI
// Thesaurus.
var Routes = []Choice{
	{"C28161", "Intramuscular"},
	{"C38299", "Subcutaneous"},
	{"C38284", "Nasal"},
	{"C38288", "Oral"},
	{"C38238", "Intradermal"},
	{"C38676", "Percutaneous"},
	{"C38276", "Intravenous"},
}

// Sites are where a vaccine was put: HL7 table 0163.
var Sites = []Choice{
	{"LD", "Left deltoid"},
	{"RD", "Right deltoid"},
	{"LA", "Left upper arm"},
	{"RA", "Right upper arm"},
	{"LT", "Left thigh"},
	{"RT", "Right thigh"},
	{"LVL", "Left vastus lateralis"},
	{"RVL", "Right vastus lateralis"},
	{"LG", "Left gluteus medius"},
	{"RG", "Right gluteus medius"},
	{"LLFA", "Left lower forearm"},
	{"RLFA", "Right lower forearm"},
	{"LN", "Left naris"},
	{"RN", "Right naris"},
	{"BN", "Both nares"},
	{"MO", "Mouth"},
}

// Eligibilities are whether publicly funded vaccine could be given to the client
// on that day: HL7 table 0064.
var Eligibilities = []Choice{
	{"V01", "Not eligible for VFC"},
	{"V02", "VFC: Medicaid or managed care"},
	{"V03", "VFC: uninsured"},
	{"V04", "VFC: American Indian or Alaska Native"},
	{"V05", "VFC: underinsured, at a federally qualified health center"},
	{"V06", "State program for children (S-CHIP)"},
	{"V07", "Local program"},
	{"V08", "Underinsured, not VFC"},
	{"V22", "CHIP"},
	{"V23", "317"},
	{"V24", "Medicare"},
	{"V25", "State program"},
}

// Fundings are who paid for the vaccine: CDC PHIN VS vaccine fund source.
var Fundings = []Choice{
	{"PHC70", "Private"},
	{"VXC51", "Public, VFC"},
	{"VXC52", "Public, not VFC"},
	{"VXC50", "Public"},
	{"VXC1", "Federal"},
	{"VXC2", "State"},
	{"VXC3", "Tribal"},
	{"PHC68", "Military"},
	{"OTH", "Other"},
	{"UNK", "Not known"},
}

// SourceUnspecified is the source of a historical dose of which none is told.
const SourceUnspecified = "01"

// Sources are where a historical dose is known from: CDC table NIP001, whose 00
// is a dose that was given here.
var Sources = []Choice{
	{"03", "Parent's written record"},
	{"02", "Other provider"},
	{"07", "School record"},
	{"05", "Other registry"},
	{"06", "Birth certificate"},
	{"08", "Public agency"},
	{"04", "Parent's recall"},
	{SourceUnspecified, "Not specified"},
}

// Refusals are why a vaccine was not given though offered: CDC table NIP002.
var Refusals = []Choice{
	{"00", "Parent's decision"},
	{"01", "Religious exemption"},
	{"03", "Client's decision"},
	{"02", "Other"},
}

// Reactions are what happened after a dose: SNOMED CT and CDC's PHIN VS codes.
var Reactions = []Choice{
	{"39579001", "Anaphylaxis"},
	{"81308009", "Encephalopathy"},
	{"VXC9", "Crying without end for more than 3 hours, within 48 hours"},
	{"VXC10", "Collapse or shock-like state within 48 hours"},
	{"VXC11", "Convulsions within 72 hours"},
	{"VXC12", "Fever over 40.5 C (105 F) within 48 hours"},
	{"VXC13", "Guillain-Barré syndrome within 6 weeks"},
	{"VXC14", "Rash within 14 days"},
	{"VXC15", "Intussusception within 30 days"},
}
