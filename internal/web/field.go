package web

import (
	"slices"
	"strings"

	"openiis.org/iis"
)

// Field is one field of a form as the parts in templates/part show it. Begin it
// with view.Field, so that it carries the problem of its name.
type Field struct {
	Name, Label, Value string
	ID                 string
	Help               string // the hint under the label's field
	Saved              string // the stored value, when Value differs from it
	Changed            bool
	Error              string
	Checks             []string // what is worth a second look
	List               string   // id of the datalist that suggests values
	Type               string   // of a text field; "text" if empty
	Complete           string   // autocomplete; "off" if empty
	Mode               string   // inputmode
	Limit              int      // maxlength
	Locked             bool     // read-only, with Help saying why
	Must               bool     // required
	Width              string   // size class: "xs", "s", "m", "l" or "" for the whole cell
	Choices            []Choice
	Values             []string // of a set of checkboxes
	EchoDate           bool     // the script says back how the date was read
	Echo               string   // how it was read, where that was known when the page was made
	Reveal             bool     // a password that can be shown
}

// Choice is one option of a select, a set of radio buttons or of checkboxes.
type Choice struct {
	Value, Label string
	Help         string // after the label of a radio button
	Group        string // heading of an optgroup; consecutive ones are gathered
}

func newField(name, label, value string) *Field {
	return &Field{Name: name, ID: fieldID(name), Label: label, Value: value}
}

// fieldID returns the id of a field's element on the page.
func fieldID(name any) string {
	s, ok := name.(string)
	if f, is := name.(iis.Field); is {
		s, ok = string(f), true
	}
	if !ok {
		return ""
	}
	return "f-" + strings.Map(func(r rune) rune {
		if r == '/' || r == ' ' || r == '.' {
			return '-'
		}
		return r
	}, s)
}

// Hint adds a line of help under the field.
func (f *Field) Hint(text string) *Field { f.Help = text; return f }

// Max limits the length typed, in characters.
func (f *Field) Max(n int) *Field { f.Limit = n; return f }

// Size sets the width class: "xs", "s", "m" or "l".
func (f *Field) Size(class string) *Field { f.Width = class; return f }

// Required says that the field cannot be left empty. The browser is not asked
// to enforce it: the server answers in words.
func (f *Field) Required() *Field { f.Must = true; return f }

// Lock makes the field read-only, and says why.
func (f *Field) Lock(why string) *Field { f.Locked, f.Help = true, why; return f }

// Was names the stored value; the field is marked as changed if it differs.
func (f *Field) Was(saved string) *Field {
	f.Saved, f.Changed = saved, saved != f.Value
	return f
}

// As sets the type of a text field: "email", "tel", "password", …
func (f *Field) As(kind string) *Field { f.Type = kind; return f }

// Keyboard sets the inputmode: "numeric", "tel", "email".
func (f *Field) Keyboard(mode string) *Field { f.Mode = mode; return f }

// Fill sets autocomplete, for a field that is about the user himself.
func (f *Field) Fill(token string) *Field { f.Complete = token; return f }

// Date makes the field one for a date, typed in any form and said back.
func (f *Field) Date() *Field {
	f.EchoDate, f.Mode, f.Width, f.Limit = true, "text", "s", 30
	return f
}

// Of sets the choices of a select, radio set or checkbox set.
func (f *Field) Of(choices []Choice) *Field { f.Choices = choices; return f }

// Ticked sets the chosen values of a checkbox set.
func (f *Field) Ticked(values []string) *Field { f.Values = values; return f }

// Describe returns the ids for aria-describedby.
func (f *Field) Describe() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	if f.Help != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if len(f.Checks) > 0 {
		ids = append(ids, f.ID+"-check")
	}
	if f.Changed {
		ids = append(ids, f.ID+"-saved")
	}
	return strings.Join(ids, " ")
}

// SavedText is the stored value in words.
func (f *Field) SavedText() string {
	if f.Saved == "" {
		return "not on file"
	}
	for _, c := range f.Choices {
		if c.Value == f.Saved {
			return c.Label
		}
	}
	return f.Saved
}

// Chosen reports whether the choice is the field's value or one of its values.
func (f *Field) Chosen(c Choice) bool {
	if c.Value == f.Value {
		return true
	}
	return slices.Contains(f.Values, c.Value)
}

// Groups gathers the choices under their optgroup headings, in order.
func (f *Field) Groups() []ChoiceGroup {
	var groups []ChoiceGroup
	for _, c := range f.Choices {
		if n := len(groups); n > 0 && groups[n-1].Label == c.Group {
			groups[n-1].Choices = append(groups[n-1].Choices, c)
			continue
		}
		groups = append(groups, ChoiceGroup{c.Group, []Choice{c}})
	}
	return groups
}

// ChoiceGroup is an optgroup; without a label its choices stand alone.
type ChoiceGroup struct {
	Label   string
	Choices []Choice
}
