package roster

import (
	"errors"
	"io"
	"slices"
	"strings"

	"openiis.org/iis"
)

// RegistryID is the column of the registry's own ID of a client.
const RegistryID = "registry_id"

// DoseColumns lists the columns of a file of immunizations: whose it is, and what
// was given. A field of the dose is named as one of a dose without an ID.
var DoseColumns = []Column{
	{Organization, ""},
	{RegistryID, ""},
	{"chart_number", iis.FieldChart},
	{"last_name", iis.FieldLast},
	{"first_name", iis.FieldFirst},
	{"middle_name", iis.FieldMiddle},
	{"suffix", iis.FieldSuffix},
	{"birth_date", iis.FieldBirthDate},
	{"gender", iis.FieldGender},
	{"mother_maiden_last", iis.FieldMaidenLast},
	{"mother_first", iis.FieldMotherFirst},
	{"phone", iis.FieldPhone},
	{"street", iis.FieldStreet},
	{"city", iis.FieldCity},
	{"state", iis.FieldState},
	{"zip", iis.FieldZip},
	{"kind", iis.DoseField("", "kind")},
	{"date", iis.DoseField("", "date")},
	{"cvx", iis.DoseField("", "vaccine")},
	{"ndc", iis.DoseField("", "ndc")},
	{"trade_name", iis.DoseField("", "trade")},
	{"manufacturer", iis.DoseField("", "maker")},
	{"lot", iis.DoseField("", "lot")},
	{"expiration", iis.DoseField("", "expires")},
	{"amount", iis.DoseField("", "amount")},
	{"route", iis.DoseField("", "route")},
	{"site", iis.DoseField("", "site")},
	{"eligibility", iis.DoseField("", "eligibility")},
	{"funding", iis.DoseField("", "funding")},
	{"vis_date", iis.DoseField("", "vis")},
	{"given_by", iis.DoseField("", "given")},
	{"source", iis.DoseField("", "source")},
	{"given_at", iis.DoseField("", "provider")},
	{"refusal", iis.DoseField("", "refusal")},
	{"less_than_full", iis.DoseField("", "subpotent")},
	{"reactions", iis.DoseField("", "reactions")},
}

// NewDoseReader reads the header of a file of immunizations.
func NewDoseReader(r io.Reader) (*Reader, error) {
	x, err := newReader(r, DoseColumns)
	if err != nil {
		return nil, err
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(x.columns, func(c Column) bool { return slices.Contains(names, c.Name) })
	}
	switch {
	case !has("date"):
		return nil, errors.New("there is no column date: the first line must name the columns")
	case !has("cvx", "ndc", "trade_name"):
		return nil, errors.New("there is no column that names the vaccine: cvx, ndc or trade_name")
	case !has(RegistryID, "chart_number") && !(has("last_name") && has("birth_date")):
		return nil, errors.New("there is no column that names the client: registry_id, chart_number, or last_name and birth_date")
	}
	return x, nil
}

// choices are the lists that fields of a dose are chosen from.
var choices = map[string][]iis.Choice{
	"route": iis.Routes, "site": iis.Sites, "eligibility": iis.Eligibilities,
	"funding": iis.Fundings, "source": iis.Sources, "refusal": iis.Refusals,
}

// oldRoutes are the codes that HL7 table 0162 had for routes before.
var oldRoutes = map[string]string{
	"IM": "C28161", "SC": "C38299", "SQ": "C38299", "NS": "C38284", "IN": "C38284",
	"PO": "C38288", "ID": "C38238", "IV": "C38276",
}

// lenientDose takes the common ways of writing a field of a dose: codes in any
// case, the words of the screen for them, yes and no.
func lenientDose(name, s string) string {
	if name == "route" && oldRoutes[strings.ToUpper(s)] != "" {
		return oldRoutes[strings.ToUpper(s)]
	}
	for _, c := range choices[name] {
		if strings.EqualFold(s, c.Code) || strings.EqualFold(s, c.Label) {
			return c.Code
		}
	}
	switch name {
	case "kind":
		for _, k := range iis.DoseKinds {
			if strings.EqualFold(s, string(k)) {
				return string(k)
			}
		}
	case "subpotent":
		return yesNo(s)
	case "reactions":
		return strings.ReplaceAll(s, ";", ",")
	}
	return s
}
