package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// Names of a client's form that are not fields of the record.
const (
	inputVersion   = "version"
	inputNew       = "new-" // before the kind of an open row that is not on file
	inputTab       = "tab"
	inputDo        = "do"
	inputConfirmed = "confirmed"
)

// The three tabs, in order of the screen (guide 30).
const (
	tabInfo     = "info"
	tabContacts = "contacts"
	tabComments = "comments"
)

func tabNamed(s string) string {
	if s == tabContacts || s == tabComments {
		return s
	}
	return tabInfo
}

// savers are the buttons that save first and then lead somewhere.
var savers = []string{"save", "immunize", "next", "reports"}

// cameFor returns do if it is a saving button, else "save".
func cameFor(do string) string {
	if slices.Contains(savers, do) {
		return do
	}
	return "save"
}

// rowDeeds are the buttons of the two listings and of the forms under them, by
// the last word of their value: "contact-new", "comment-undo:ID".
var rowDeeds = map[string]registry.Deed{
	"select": registry.DoSelect, "new": registry.DoNew, "copy": registry.DoCopy, "delete": registry.DoDelete,
	"undo": registry.DoUndelete, "next": registry.DoNext, "cancel": registry.DoRevert,
}

// readClientForm reads the form of a client's screen and which button was
// pressed: "draft", "row" (the form says which), "cancel", "undeliverable",
// "resolve" or one of savers.
func readClientForm(p url.Values) (f registry.Form, do string, err error) {
	f = registry.Form{
		Organization: iis.OrganizationID(p.Get("org")),
		Typed:        typedValues(p),
		Tab:          tabNamed(p.Get(inputTab)),
		NewContact:   iis.ContactID(p.Get(inputNew + iis.RowContact)),
		NewComment:   iis.CommentID(p.Get(inputNew + iis.RowComment)),
	}
	if v, err := strconv.ParseInt(p.Get(inputVersion), 10, 64); err == nil && v > 0 {
		f.Version = v
	}
	for _, c := range iis.Confirmable {
		if slices.Contains(p[inputConfirmed], c) {
			f.Confirmed = append(f.Confirmed, c)
		}
	}
	do = p.Get(inputDo)
	if do == "" {
		do = "save" // sent by a script or a browser that pressed no button
	}
	if slices.Contains(savers, do) || slices.Contains([]string{"draft", "cancel", "undeliverable", "resolve"}, do) {
		return f, do, nil
	}
	deed, id, _ := strings.Cut(do, ":")
	row, deed, _ := strings.Cut(deed, "-")
	f.Do = rowDeeds[deed]
	if f.Do == "" || row != iis.RowContact && row != iis.RowComment || row == iis.RowComment && f.Do == registry.DoCopy {
		return f, "", errBadForm
	}
	f.Row, f.Tab = row, tabContacts
	if row == iis.RowComment {
		f.Tab = tabComments
	}
	// Copy and Delete mean the row whose radio button is set (guide 54).
	if id == "" && (f.Do == registry.DoCopy || f.Do == registry.DoDelete) {
		id = p.Get(row + "-row")
	}
	if len(id) > 64 || strings.Contains(id, "/") {
		return f, "", errBadForm
	}
	f.ID = id
	return f, "row", nil
}

// typedValues are the texts of every input that is a field of the record. A box
// that was shown and not ticked sends nothing: it is "No" wherever the text
// field beside it came along.
func typedValues(p url.Values) iis.Values {
	typed := make(iis.Values, len(p))
	untick := func(f iis.Field) {
		if _, ok := typed[f]; !ok {
			typed[f] = iis.No
		}
	}
	for name, values := range p {
		if f := iis.Field(name); len(values) > 0 && f.Editable() {
			typed[f] = values[0]
		}
	}
	if p.Has(string(iis.FieldLast)) {
		untick(iis.FieldUndeliverable)
		typed[iis.FieldRace] = strings.Join(p[string(iis.FieldRace)], ",")
	}
	for name := range p {
		row, id, field, ok := iis.Field(name).Row()
		if !ok || row != iis.RowContact || field != "last" {
			continue
		}
		for _, box := range []string{"notices", "primary", string(iis.FieldUndeliverable)} {
			if f := iis.RowField(row, id, box); f.Editable() {
				untick(f)
			}
		}
	}
	return typed
}

// rowQuery says to the page that follows a deed on a row where the eye should
// go. It holds no ID: the draft knows which row is open.
func rowQuery(f registry.Form) string {
	at, part := "row", f.Tab
	if f.Do == registry.DoNew || f.Do == registry.DoCopy || f.Do == registry.DoNext && f.Row == iis.RowComment && f.NewComment != "" {
		at, part = "new", f.Row+"-form"
	}
	return "?tab=" + f.Tab + "&at=" + f.Row + "-" + at + "#" + part
}
