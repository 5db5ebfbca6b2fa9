package web

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// Confirmable lists the details to verify, with those that are ticked.
func (sc *clientScreen) Confirmable() *Field {
	f := newField(inputConfirmed, "", "")
	f.Values, f.Error = sc.page.Draft.Confirmed, sc.problem(inputConfirmed)
	for _, c := range iis.Confirmable {
		f.Choices = append(f.Choices, Choice{Value: c, Label: c})
	}
	return f
}

// Confirmed counts the ticked details.
func (sc *clientScreen) Confirmed() int { return len(sc.page.Draft.Confirmed) }

// shownUpper are the fields that the screen shows in upper case (guide 29).
var shownUpper = []string{"last", "first", "middle", "suffix", "maiden", "mother", "city", "county"}

// screenText is a value as the screen shows it outside of an input.
func screenText(f iis.Field, value string) string {
	name := string(f)
	row, _, n, ok := f.Row()
	if ok {
		name = n
	}
	if row == iis.RowDose && value != "" {
		switch name {
		case "vaccine":
			return code.Label(iis.CVX(value))
		case "maker":
			return makerName(iis.MVX(value))
		}
	}
	s := f.Show(value)
	switch {
	case slices.Contains(shownUpper, name):
		s = upper(s)
	case f == iis.FieldGender && value == string(iis.UnknownGender):
		s = "Unknown"
	case (name == string(iis.FieldUndeliverable) || name == "notices" || name == "primary") && value == "":
		s = iis.No
	}
	return s
}

// F is a field of the form, with the draft over the saved value.
func (sc *clientScreen) F(name string) *Field {
	f := iis.Field(name)
	value := sc.page.Draft.Value(sc.saved, f)
	fld := newField(name, f.Label(), value)
	fld.Error = sc.problem(f)
	fld.Must = sc.New && (f == iis.FieldLast || f == iis.FieldBirthDate || f == iis.FieldGender)
	row, id, part, isRow := f.Row()
	if !isRow {
		part = name
	}
	was, onFile := sc.saved[f], !sc.New
	if isRow {
		onFile = sc.saved[iis.RowField(row, id, "")] != ""
	}
	if box := iis.Field(part); value == "" && (box == iis.FieldUndeliverable || part == "notices" || part == "primary") {
		value = iis.No
		was = cmp.Or(was, iis.No)
	}
	if onFile {
		fld.Changed, fld.Saved = value != was, screenText(f, was)
	}
	switch iis.Field(part) {
	case iis.FieldLast, iis.FieldFirst, iis.FieldMiddle, iis.FieldMaidenLast, iis.FieldMotherFirst:
		fld.Limit, fld.Width = 128, "up"
	case iis.FieldCity, iis.FieldCounty:
		fld.Limit, fld.Width = 64, "up"
	case iis.FieldStreet, iis.FieldOther:
		fld.Limit = 128
	case iis.FieldPOBox:
		fld.Limit = 32
	case iis.FieldZip:
		fld.Limit, fld.Mode = 10, "numeric"
	case iis.FieldPhone:
		fld.Limit, fld.Mode = 30, "tel"
	case iis.FieldEmail:
		fld.Limit, fld.Mode = 254, "email"
	case iis.FieldChart:
		fld.Limit = 64
	case iis.FieldBirthDate, iis.FieldDied, "date":
		fld.EchoDate, fld.Limit = true, 30
		fld.Value = f.Show(value)
	case iis.FieldSuffix:
		fld.Choices = append(fld.Choices, Choice{})
		for _, s := range iis.Suffixes {
			fld.Choices = append(fld.Choices, Choice{Value: s, Label: s})
		}
	case iis.FieldBirthCountry:
		fld.Choices = optional(countryChoices(), "")
	case iis.FieldState:
		fld.Choices = optional(choicesOf(iis.States), "")
	case iis.FieldEthnicity:
		fld.Choices = optional(choicesOf(iis.EthnicityCodes), "Unknown")
	case iis.FieldRace:
		fld.Label += " (choose all that apply)"
		fld.Choices, fld.Values = choicesOf(iis.RaceCodes), strings.Split(value, ",")
	case iis.FieldReason:
		fld.Choices = optional(choicesOf(iis.InactiveReasons), "Choose the reason")
	case iis.FieldDeathSource:
		for _, s := range iis.DeathSources {
			fld.Choices = append(fld.Choices, Choice{Value: s, Label: s})
		}
	case iis.FieldGender:
		fld.Choices = []Choice{{Value: "M", Label: "M"}, {Value: "F", Label: "F"}, {Value: "U", Label: "Unknown"}}
	case iis.FieldReminders, iis.FieldSharing:
		fld.Choices = []Choice{{Value: iis.Yes, Label: iis.Yes}, {Value: iis.No, Label: iis.No}}
	case iis.FieldStatus:
		fld.Choices = sc.statuses()
	case "relation":
		fld.Choices = append(fld.Choices, Choice{})
		for _, r := range iis.Relations {
			fld.Choices = append(fld.Choices, Choice{Value: string(r.Code), Label: r.Label})
		}
	case "extension":
		fld.Limit, fld.Mode = 10, "numeric"
	}
	// What is stored and no choice of the list is shown, so that a save does not
	// change it silently.
	if len(fld.Choices) > 0 && iis.Field(part) != iis.FieldRace && value != "" && value != iis.No &&
		!slices.ContainsFunc(fld.Choices, func(c Choice) bool { return c.Value == value }) {
		fld.Choices = append(fld.Choices, Choice{Value: value, Label: value})
	}
	return fld
}

// Stranger reports whether the acting organization has nothing on file for the
// client.
func (sc *clientScreen) Stranger() bool { return !sc.New && !sc.page.Record.Membership.OnFile }

// statuses are the choices of Status with what each means (guide 33 to 36).
func (sc *clientScreen) statuses() []Choice {
	cs := []Choice{
		{Value: string(iis.Active), Label: "Active: counted in our assessment reports and client follow-up"},
		{Value: string(iis.Inactive), Label: "Inactive: no longer a client of our organization"},
	}
	if !sc.New {
		cs = append(cs, Choice{Value: string(iis.StatusDeceased), Label: "Deceased: hides the record from every organization"})
	}
	return cs
}

func choicesOf(rows []iis.Choice) []Choice {
	cs := make([]Choice, len(rows))
	for i, r := range rows {
		cs[i] = Choice{Value: r.Code, Label: r.Label}
	}
	return cs
}

// optional puts the choice of none first.
func optional(cs []Choice, none string) []Choice {
	return slices.Insert(cs, 0, Choice{Label: none})
}

// countryChoices puts the United States first, where clerks look for it.
func countryChoices() []Choice {
	cs := choicesOf(iis.Countries)
	if i := slices.IndexFunc(cs, func(c Choice) bool { return c.Value == "USA" }); i > 0 {
		us := cs[i]
		cs = slices.Insert(slices.Delete(cs, i, i+1), 0, us)
	}
	return cs
}

// Has reports whether a field that the guide's screen does not have is on file
// and has to be shown so that it can be changed.
func (sc *clientScreen) Has(name string) bool {
	return sc.New || sc.saved[iis.Field(name)] != "" || sc.page.Draft.Value(sc.saved, iis.Field(name)) != ""
}

// Counties are the choices that the County field suggests.
func (sc *clientScreen) Counties() []string { return iis.Counties }

func (sc *clientScreen) draftValue(f iis.Field) string { return sc.page.Draft.Value(sc.saved, f) }
