package web

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis"
)

// changeLine is one change in words: "Last Name  DICK → DUCK".
type changeLine struct {
	Of       string // the row: "Contact DAISY DUCK"
	Label    string
	Old, New string
	Added    bool // a row was added
	Removed  bool
	Holds    []string // what such a row holds: "Relationship Mother"
}

// Filed is the heading a change is filtered by: "Last Name", "Contact: City".
func (l changeLine) Filed() string {
	switch {
	case l.Of == "":
		return l.Label
	case strings.HasPrefix(l.Of, "Client Comment"):
		return "Client Comment"
	}
	kind, _, _ := strings.Cut(l.Of, " ")
	if l.Label == "" {
		return kind
	}
	return kind + ": " + l.Label
}

// changes says the changes of a draft in words, a row at a time.
func (sc *clientScreen) changes(changes []iis.Change) []changeLine {
	return changeLines(changes, func(f iis.Field) string { return sc.draftValue(f) }, sc.saved)
}

// changeLines says changes in words: a line for each field, and one for each row
// that was added or deleted, with all it holds. now gives the value of any
// field, was the earlier ones: rows are named by them.
func changeLines(changes []iis.Change, now func(iis.Field) string, was iis.Values) []changeLine {
	var lines, rows []changeLine
	whole := map[iis.Field]int{} // rows added or deleted, by their place in rows
	for _, c := range changes {
		if kind, id, name, ok := c.Field.Row(); ok && name == "" && c.Old != c.New {
			whole[c.Field] = len(rows)
			rows = append(rows, changeLine{Of: rowName(kind, id, now, was), Added: c.New != "", Removed: c.New == ""})
		}
	}
	for _, c := range changes {
		kind, id, name, isRow := c.Field.Row()
		if c.Old == c.New || isRow && name == "" {
			continue
		}
		l := changeLine{Label: c.Field.Label(), Old: shownChange(c.Field, c.Old), New: shownChange(c.Field, c.New)}
		if !isRow {
			lines = append(lines, l)
			continue
		}
		i, ok := whole[iis.RowField(kind, id, "")]
		if !ok {
			l.Of = rowName(kind, id, now, was)
			rows = append(rows, l)
			continue
		}
		// The name says who it is; boxes that are not ticked say nothing.
		if v := cmp.Or(l.New, l.Old); v != "" && v != iis.No && kind != iis.RowAlias && !slices.Contains([]string{"last", "first", "code"}, name) {
			if v == iis.Yes {
				v = ""
			}
			rows[i].Holds = append(rows[i].Holds, strings.TrimSpace(strings.TrimSuffix(l.Label, "?")+" "+v))
		}
	}
	return append(lines, rows...)
}

// shownChange is a value as a list of changes shows it; "" for none.
func shownChange(f iis.Field, value string) string {
	if value == "" {
		return ""
	}
	return screenText(f, value)
}

// rowName names a row for people: "Contact DAISY DUCK", "Client Comment Refusal
// of Influenza".
func rowName(row, id string, now func(iis.Field) string, was iis.Values) string {
	get := func(name string) string {
		f := iis.RowField(row, id, name)
		return cmp.Or(now(f), was[f])
	}
	label := iis.RowField(row, id, "").Label()
	switch row {
	case iis.RowComment:
		return strings.TrimSpace(label + ": " + iis.CommentCode(get("code")).Label())
	case iis.RowDose:
		d, _ := iis.ParseDate(get("date"))
		return strings.TrimSpace(label + " " + doseName(iis.CVX(get("vaccine")), d))
	default:
		return strings.TrimSpace(label + " " + upper(strings.TrimSpace(get("first")+" "+get("last"))))
	}
}
