package iis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// This file keeps by hand the comments that CDSi does not know, and the words
// around those it does. The rest is made by internal/gen/commentcodes.

//go:generate go run ./internal/gen/commentcodes -observations $OPENIIS_CDSI_OBSERVATIONS -o comment_codes_table.go

// Words for effects that many comments share.
const (
	effectNone          = "Recorded and shown; recommendations do not change."
	effectNoneButExempt = effectNone + " To stop them, add a medical exemption."
	effectNoneBrief     = "none, recorded"
)

// Code systems of Concept. Those of HL7 are named as in HL7 table 0396.
const (
	Snomed  = "SCT"
	Loinc   = "LN"
	PhinVS  = "CDCPHINVS"
	HL70322 = "HL70322"
)

func snomed(codes ...string) []Concept { return concepts(Snomed, codes) }
func phinvs(codes ...string) []Concept { return concepts(PhinVS, codes) }

func concepts(system string, codes []string) []Concept {
	out := make([]Concept, len(codes))
	for i, c := range codes {
		out[i] = Concept{system, c}
	}
	return out
}

// immunityComments are evidence of immunity: a titer, or a disease that a
// clinician diagnosed. CDSi accepts it for six diseases; for the others the
// comment is shown and changes no recommendation. SNOMED CT codes are those of
// the national value set for evidence of immunity, the disease first.
func immunityComments() []CommentRow {
	return []CommentRow{
		immune("hepa", "Titer/MD Dx Hepatitis A", "HepA", "Hep A", snomed("40468003", "278971009"), "", "018"),
		immune("hepb", "Titer Hepatitis B", "HepB", "Hep B", snomed("66071002", "271511000"), "26", "019"),
		immune("measles", "Titer/MD Dx Measles", "MMR", "Measles", snomed("14189004", "371111005"), "27", "020"),
		immune("mumps", "Titer/MD Dx Mumps", "MMR", "Mumps", snomed("36989005", "371112003"), "28", "021"),
		immune("rubella", "Titer/MD Dx Rubella", "MMR", "Rubella", snomed("36653000", "278968001"), "31", "022"),
		immune("varicella", "Titer/MD Dx Varicella or Zoster", "Varicella", "Varicella", snomed("38907003", "371113008", "4740000"), "", "023", "024", "025"),
		immune("anthrax", "Anthrax", "", "", snomed("409498004"), ""),
		immune("diphtheria", "Diphtheria", "DTaP/Tdap/Td", "", snomed("397428000"), "24"),
		immune("hib", "Hib", "Hib", "", snomed("91428005"), "25"),
		immune("hpv", "HPV", "HPV", "", snomed("240532009"), ""),
		immune("influenza", "Influenza", "Influenza", "", snomed("6142004"), ""),
		immune("je", "Japanese Encephalitis", "Japanese Encephalitis", "", snomed("52947006"), ""),
		immune("meningococcal", "Meningococcal", "Meningococcal", "", snomed("23511006"), ""),
		immune("pertussis", "Pertussis", "DTaP/Tdap/Td", "", snomed("27836007"), "29"),
		immune("pneumococcal", "Pneumococcal", "Pneumococcal", "", snomed("16814004"), ""),
		immune("polio", "Polio", "Polio", "", snomed("398102009"), "30"),
		immune("rabies", "Titer Rabies", "Rabies", "", snomed("14168008"), ""),
		immune("rotavirus", "Rotavirus", "Rotavirus", "", snomed("18624000"), ""),
		immune("tetanus", "Tetanus", "DTaP/Tdap/Td", "", snomed("76902006"), "32"),
		immune("typhoid", "Typhoid", "Typhoid", "", snomed("4834000"), ""),
		immune("vaccinia", "Vaccinia", "Orthopoxvirus", "", snomed("111852003"), ""),
		immune("yellow-fever", "Yellow Fever", "Yellow Fever", "", snomed("16541001"), ""),
	}
}

// immune makes a row of Immunity. The name is the disease that will show as
// immune, "" if none will.
func immune(code, label, group, name string, codes []Concept, nip string, cdsi ...string) CommentRow {
	r := CommentRow{
		Code: CommentCode("immunity-" + code), Kind: KindImmunity, Label: "Immunity: " + label,
		Concepts: codes, NIP: nip, CDSi: cdsi, Effect: effectNone, Brief: effectNoneBrief, NeedsDate: true,
	}
	if group != "" {
		r.Groups = []string{group}
	}
	switch {
	case name == "":
		return r
	case group == "MMR":
		r.Effect = name + " will show as Immune from this date. MMR stays recommended until measles, mumps and rubella are all immune."
	case group == "Varicella":
		r.Effect = name + " will show as Immune from this date. Recommendations stop; those for Zoster stay."
	default:
		r.Effect = name + " will show as Immune from this date. Recommendations stop."
	}
	r.Brief = name + ": Immune"
	return r
}

// exempted is a vaccine that a client may refuse or be exempt from.
type exempted struct {
	code, label string
	group       string // CDSi vaccine group; "" if CDSi has no schedule for it
}

// exemptedVaccines lists them as the comments of the guide name them: Hep B,
// Cholera, COVID-19 (guide 62).
var exemptedVaccines = []exempted{
	{"adenovirus", "Adenovirus", ""},
	{"anthrax", "Anthrax", ""},
	{"bcg", "BCG", ""},
	{"chikungunya", "Chikungunya", "Chikungunya"},
	{"cholera", "Cholera", "Cholera"},
	{"covid19", "COVID-19", "COVID-19"},
	{"dengue", "Dengue", "Dengue"},
	{"dtap", "DTaP", "DTaP/Tdap/Td"},
	{"ebola", "Ebola", "Ebola"},
	{"hepa", "Hep A", "HepA"},
	{"hepb", "Hep B", "HepB"},
	{"hib", "Hib", "Hib"},
	{"hpv", "HPV", "HPV"},
	{"influenza", "Influenza", "Influenza"},
	{"je", "Japanese Encephalitis", "Japanese Encephalitis"},
	{"measles", "Measles", "MMR"},
	{"menacwy", "Meningococcal ACWY", "Meningococcal"},
	{"menb", "Meningococcal B", "Meningococcal B"},
	{"mmr", "MMR", "MMR"},
	{"mpox", "Mpox/Smallpox", "Orthopoxvirus"},
	{"mumps", "Mumps", "MMR"},
	{"plague", "Plague", ""},
	{"pneumococcal", "Pneumococcal", "Pneumococcal"},
	{"polio", "Polio", "Polio"},
	{"rabies", "Rabies", "Rabies"},
	{"rotavirus", "Rotavirus", "Rotavirus"},
	{"rsv", "RSV vaccine", "RSV"},
	{"rsv-antibody", "RSV antibody", "RSV"},
	{"rubella", "Rubella", "MMR"},
	{"td", "Td", "DTaP/Tdap/Td"},
	{"tdap", "Tdap", "DTaP/Tdap/Td"},
	{"tbe", "Tick-borne Encephalitis", "TBE"},
	{"typhoid", "Typhoid", "Typhoid"},
	{"varicella", "Varicella", "Varicella"},
	{"yellow-fever", "Yellow Fever", "Yellow Fever"},
	{"zoster", "Zoster", "Zoster"},
}

// VaccineGroups lists the vaccine groups of CDSi supporting data 4.64.
var VaccineGroups = []string{"Chikungunya", "Cholera", "COVID-19", "Dengue", "DTaP/Tdap/Td", "Ebola", "HepA", "HepB", "Hib", "HPV",
	"Influenza", "Japanese Encephalitis", "Meningococcal", "Meningococcal B", "MMR", "Orthopoxvirus", "Pneumococcal", "Polio",
	"Rabies", "Rotavirus", "RSV", "TBE", "Typhoid", "Varicella", "Yellow Fever", "Zoster"}

// exemptionComments make the whole vaccine group show as contraindicated, also
// where the exemption names one of its vaccines: CDSi has no verdict for less
// than a group. A contraindication says more exactly what not to give.
func exemptionComments() []CommentRow {
	codes := []Concept{{Loinc, "30945-0"}} // vaccination contraindication or precaution
	var rows []CommentRow
	for _, v := range exemptedVaccines {
		r := CommentRow{
			Code: CommentCode("exemption-" + v.code), Kind: KindExemption, Label: "Medical exemption: " + v.label, Concepts: codes,
			Effect: "Recorded and shown; the schedule has no recommendations for this vaccine.", Brief: effectNoneBrief, NeedsDate: true,
		}
		if v.group != "" {
			name := GroupName(v.group)
			r.Groups = []string{v.group}
			r.Effect = name + " will show as Contraindicated from this date. Recommendations stop."
			r.Brief = name + ": Contraindicated"
		}
		rows = append(rows, r)
	}
	return append(rows, CommentRow{
		Code: "exemption-all", Kind: KindExemption, Label: "Medical exemption: All vaccines", Groups: VaccineGroups, Concepts: codes,
		Effect: "Every vaccine will show as Contraindicated from this date. Recommendations stop.", Brief: "All vaccines: Contraindicated", NeedsDate: true,
	})
}

// refusalComments never change a forecast: who refused may be asked again.
func refusalComments() []CommentRow {
	codes := []Concept{{HL70322, "RE"}} // completion status of the dose that was not given
	row := func(code, label string, groups ...string) CommentRow {
		return CommentRow{
			Code: CommentCode("refusal-" + code), Kind: KindRefusal, Label: "Refusal of " + label, Groups: groups, Concepts: codes,
			Effect: "Recorded and shown. Recommendations stay.", Brief: effectNoneBrief, NeedsDate: true,
		}
	}
	var rows []CommentRow
	for _, v := range exemptedVaccines {
		if v.group == "" {
			rows = append(rows, row(v.code, v.label))
			continue
		}
		rows = append(rows, row(v.code, v.label, v.group))
	}
	return append(rows, row("all", "all vaccines", VaccineGroups...))
}

// GroupName returns a CDSi vaccine group as a clerk calls it.
func GroupName(group string) string {
	switch group {
	case "HepA":
		return "Hep A"
	case "HepB":
		return "Hep B"
	case "Orthopoxvirus":
		return "Mpox/Smallpox"
	case "TBE":
		return "Tick-borne Encephalitis"
	}
	return group
}

// contraindicationComments are CDSi's and those of the national value set for
// contraindications that CDSi does not judge.
func contraindicationComments() []CommentRow {
	row := func(code, label string, codes []Concept) CommentRow {
		return CommentRow{
			Code: CommentCode("contraindication-" + code), Kind: KindContraindication, Label: label, Concepts: codes,
			Effect: effectNoneButExempt, Brief: effectNoneBrief,
		}
	}
	return byLabel(append(cdsiOf(KindContraindication),
		row("acute-illness", "Current acute illness, moderate to severe", phinvs("VXC24")),
		row("arthus", "Arthus reaction to a tetanus-containing vaccine less than 10 years ago", phinvs("VXC25")),
		row("chronic-disease", "Chronic disease", snomed("27624003")),
		row("purpura", "History of purpura", snomed("161461006")),
		row("rodent-protein", "Severe allergic reaction to proteins of rodent or neural origin", phinvs("VXC30")),
		row("thimerosal", "Severe allergic reaction to thimerosal", phinvs("VXC19")),
		row("thrombocytopenia", "Thrombocytopenia", snomed("302215000")),
	))
}

// reactionComments tell what followed a dose. They stop no recommendation by
// themselves: which vaccine it was, a contraindication says.
func reactionComments() []CommentRow {
	row := func(code, label string, codes []Concept) CommentRow {
		return CommentRow{
			Code: CommentCode("reaction-" + code), Kind: KindReaction, Label: "Reaction: " + label, Concepts: codes,
			Effect: effectNone + " If the vaccine must not be given again, add the contraindication too.", Brief: effectNoneBrief,
		}
	}
	return []CommentRow{
		row("anaphylaxis", "Anaphylaxis", snomed("39579001")),
		row("collapse", "Collapse or shock-like state within 48 hours of a dose", phinvs("VXC10")),
		row("convulsions", "Convulsions within 72 hours of a dose", phinvs("VXC11")),
		row("crying", "Persistent crying for 3 hours or more within 48 hours of a dose", phinvs("VXC9")),
		row("encephalopathy", "Encephalopathy", snomed("81308009")),
		row("fever", "Fever above 40.5 C (105 F) within 48 hours of a dose", phinvs("VXC12")),
		row("gbs", "Guillain-Barre syndrome within 6 weeks of a dose", phinvs("VXC13")),
		row("intussusception", "Intussusception within 30 days of a dose", phinvs("VXC15")),
		row("rash", "Rash within 14 days of a dose", phinvs("VXC14")),
	}
}

// indicationComments are the two of the national value set and the risks that
// CDSi knows.
func indicationComments() []CommentRow {
	return byLabel(append([]CommentRow{
		{Code: "indication-rabies-exposure", Kind: KindIndication, Label: "Rabies exposure within the previous 10 days", Groups: []string{"Rabies"},
			Concepts: phinvs("VXC7"), Effect: effectNone, Brief: effectNoneBrief, NeedsDate: true, EndDays: 10},
		{Code: "indication-special-group", Kind: KindIndication, Label: "Member of a special group",
			Concepts: phinvs("VXC8"), Effect: effectNone, Brief: effectNoneBrief},
	}, cdsiOf(KindIndication)...))
}

// observation is a coded observation of CDSi; antigens are joined by commas.
type observation struct {
	code          string // such as 007
	kind          CommentKind
	label         string
	concepts      string // "SCT:77386006 CDCPHINVS:VXC27", the one to send first
	contra        string // antigens not to be given
	contraVaccine string // antigens of which some products are not to be given
	indication    string // antigens it is a reason to give
	interval      string // antigens whose doses are timed by its date
	exclusion     string // antigens for which a birth year no longer stands for immunity
	months, days  int    // how long it counts from its date, if it ends
}

// passing are observations that end without CDSi saying when.
var passing = []string{"003", "007", "009", "029", "030", "031", "034", "073", "158", "159", "168", "226", "227", "228", "230", "246"}

// cdsiOf returns the comments that stand for CDSi's observations of a kind.
func cdsiOf(k CommentKind) []CommentRow {
	var rows []CommentRow
	for _, o := range observations {
		if o.kind == k {
			rows = append(rows, o.row())
		}
	}
	return rows
}

func byLabel(rows []CommentRow) []CommentRow {
	slices.SortFunc(rows, func(a, b CommentRow) int { return cmp.Compare(foldText(a.Label), foldText(b.Label)) })
	return rows
}

func (o observation) row() CommentRow {
	r := CommentRow{
		Code: CommentCode("cdsi-" + o.code), Kind: o.kind, Label: o.label, CDSi: []string{o.code},
		NeedsDate: o.months > 0 || o.days > 0 || o.interval != "", EndMonths: o.months, EndDays: o.days,
	}
	for c := range strings.FieldsSeq(o.concepts) {
		system, code, _ := strings.Cut(c, ":")
		r.Concepts = append(r.Concepts, Concept{system, code})
	}
	for a := range strings.SplitSeq(strings.Join([]string{o.contra, o.contraVaccine, o.indication, o.interval}, ","), ",") {
		if g := groupOf(a); a != "" && !slices.Contains(r.Groups, g) {
			r.Groups = append(r.Groups, g)
		}
	}
	r.Effect, r.Brief = o.effect()
	return r
}

// effect says in words what the observation does to a forecast, at length and
// for the listing.
func (o observation) effect() (long, brief string) {
	var s []string
	if names := antigenNames(o.contra); len(names) > 0 {
		s = append(s, capital(inWords(names))+" will show as Contraindicated"+o.lasting()+".")
		brief = capital(strings.Join(names, ", ")) + ": Contraindicated"
	}
	if names := antigenNames(o.contraVaccine); len(names) > 0 {
		s = append(s, "Some "+inWords(names)+" vaccines will not be recommended"+o.lasting()+".")
		brief = cmp.Or(brief, strings.Join(names, ", ")+": some vaccines not recommended")
	}
	if names := antigenNames(o.indication); len(names) > 0 {
		s = append(s, inWords(names)+" may be recommended because of it.")
		brief = cmp.Or(brief, strings.Join(names, ", ")+": may be recommended")
	}
	if names := antigenNames(o.interval); len(names) > 0 {
		s = append(s, "Doses of "+inWords(names)+" will be timed by this date.")
		brief = cmp.Or(brief, strings.Join(names, ", ")+": timed by this date")
	}
	if names := antigenNames(o.exclusion); len(names) > 0 {
		s = append(s, "The year of birth will no longer stand for immunity to "+inWords(names)+".")
		brief = cmp.Or(brief, strings.Join(names, ", ")+": immunity by birth year not assumed")
	}
	switch {
	case len(s) == 0 && o.kind == KindContraindication:
		return effectNoneButExempt, effectNoneBrief
	case len(s) == 0:
		return effectNone, effectNoneBrief
	}
	if slices.Contains(passing, o.code) {
		s = append(s, "Delete the comment when it no longer holds.")
	}
	return strings.Join(s, " "), brief
}

func (o observation) lasting() string {
	switch {
	case o.months > 0:
		return fmt.Sprintf(" for %d months from this date", o.months)
	case o.days > 0:
		return fmt.Sprintf(" for %d days from this date", o.days)
	}
	return ""
}

// antigenNames returns antigens joined by commas as a clerk calls them; those
// that are given together are one.
func antigenNames(antigens string) []string {
	if antigens == "" {
		return nil
	}
	list := strings.Split(antigens, ",")
	if len(list) >= 30 {
		return []string{"every vaccine"} // 080
	}
	var names []string
	for _, a := range list {
		name := GroupName(groupOf(a))
		switch a {
		case "Diphtheria", "Pertussis", "Tetanus":
			if !slices.Contains(list, "Diphtheria") || !slices.Contains(list, "Pertussis") || !slices.Contains(list, "Tetanus") {
				name = a
			}
		case "Measles", "Mumps", "Rubella":
			if !slices.Contains(list, "Measles") || !slices.Contains(list, "Mumps") || !slices.Contains(list, "Rubella") {
				name = a
			}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// groupOf returns the CDSi vaccine group of an antigen.
func groupOf(antigen string) string {
	switch antigen {
	case "Diphtheria", "Pertussis", "Tetanus":
		return "DTaP/Tdap/Td"
	case "Measles", "Mumps", "Rubella":
		return "MMR"
	case "JE":
		return "Japanese Encephalitis"
	case "YF":
		return "Yellow Fever"
	}
	return antigen
}

// inWords joins names as in "Hep A, MMR and Polio".
func inWords(names []string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " and " + names[n]
	}
	return names[0]
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
