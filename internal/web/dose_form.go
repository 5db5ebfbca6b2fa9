package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// inputDose is the name of the hidden fields that hold the IDs of the open rows,
// in order of the screen.
const inputDose = "dose"

// mostDoses is how many rows one form may have.
const mostDoses = iis.MostDoses

// doseDeeds are the buttons of the rows: "dose-delete:ID".
var doseDeeds = map[string]registry.Deed{
	"delete": registry.DoDelete, "undo": registry.DoUndelete, "cancel": registry.DoRevert,
}

// readDoseForm reads the form of the screen that records immunizations and which
// button was pressed: "save", "draft", "row" (the form says which), "ndc",
// "cancel" or "resolve".
func readDoseForm(p url.Values) (f registry.Form, do string, err error) {
	f = registry.Form{Organization: iis.OrganizationID(p.Get("org")), Screen: iis.ScreenDoses}
	if v, err := strconv.ParseInt(p.Get(inputVersion), 10, 64); err == nil && v > 0 {
		f.Version = v
	}
	for _, id := range p[inputDose] {
		if !validDoseID(id) || len(f.Doses) == mostDoses {
			return f, "", errBadForm
		}
		if !slices.Contains(f.Doses, iis.DoseID(id)) {
			f.Doses = append(f.Doses, iis.DoseID(id))
		}
	}
	f.Typed = typedDoses(p, f.Doses)
	do = p.Get(inputDo)
	switch do {
	case "":
		return f, "save", nil // sent by a script or a browser that pressed no button
	case "save", "draft", "cancel", "resolve":
		return f, do, nil
	case "next":
		f.Do, f.Row = registry.DoNew, iis.RowDose
		return f, "row", nil
	}
	deed, id, _ := strings.Cut(do, ":")
	if !validDoseID(id) {
		return f, "", errBadForm
	}
	f.Row, f.ID = iis.RowDose, id
	if deed == "ndc" && slices.Contains(f.Doses, iis.DoseID(id)) {
		return f, "ndc", nil
	}
	deed, ok := strings.CutPrefix(deed, "dose-")
	if f.Do = doseDeeds[deed]; !ok || f.Do == "" {
		return f, "", errBadForm
	}
	return f, "row", nil
}

// validDoseID reports whether s can be the ID of a dose.
func validDoseID(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-')
	})
}

// typedDoses are the texts of every input of the rows of a form. A box that was
// shown and not ticked sends nothing.
func typedDoses(p url.Values, rows []iis.DoseID) iis.Values {
	typed := make(iis.Values, len(p))
	for _, id := range rows {
		prefix := string(iis.DoseField(id, "")) + "/"
		shown := false
		for name, values := range p {
			field, ok := strings.CutPrefix(name, prefix)
			if f := iis.Field(name); ok && len(values) > 0 && f.Editable() {
				typed[f] = values[0]
				shown = shown || field == "date"
			}
		}
		if !shown {
			continue
		}
		typed[iis.DoseField(id, "reactions")] = strings.Join(p[prefix+"reactions"], ",")
		if f := iis.DoseField(id, "subpotent"); !p.Has(string(f)) {
			typed[f] = iis.No
		}
	}
	return typed
}
