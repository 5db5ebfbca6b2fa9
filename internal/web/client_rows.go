package web

import (
	"strings"

	"openiis.org/iis"
)

// listing is the table of contacts or of comments with the details of one row
// under it (guide 42 to 54, 57 to 61).
type listing struct {
	Headings []string
	Rows     []row // shown at once
	More     []row // one click away
	Label    string
	// MoreLabel says what is one click away: "Show 2 more and 3 former addresses".
	MoreLabel string
	MoreOpen  bool // the selected row or a problem is there
	Open      string
	IsNew     bool
	Heading   string // "Address for Contact: DON DUCK"
	Prefix    string // of the names of the open form's fields
	Saved     bool   // the open row is on file

	PrimaryNote string
	Effect      string // of the open comment
	Code        string
}

// row is a line of a listing.
type row struct {
	ID, Field  string
	Cells      []cell
	Selected   bool
	Focus      bool // the eye goes here
	Deleted    bool
	Staged     bool
	Problem    string
	Former     string // "former address until …"
	Duplicate  int    // the number of the row it looks like
	Number     int
	ShowButton string // value of the button for browsers without a script
	UndoButton string
	Name       string
}

// cell is a value of a row under its heading.
type cell struct{ Label, Text string }

// cells puts the values of a row under the headings of its table.
func cells(headings []string, texts ...string) []cell {
	cs := make([]cell, len(texts))
	for i, text := range texts {
		cs[i] = cell{headings[i], text}
	}
	return cs
}

// The headings of the two listings, as in the guide (guide 42, 57), and what a
// comment will do and who added it.
var (
	contactHeadings = []string{"Last Name", "First Name", "Relationship", "City", "Notices", "Primary"}
	commentHeadings = []string{"Date", "Client Comment", "Effect", "Added by"}
)

// shownContacts is how many contacts the guide displays (guide 53).
const shownContacts = 4

func (sc *clientScreen) list() {
	sc.Contacts = sc.contacts()
	sc.Comments = sc.comments()
	sc.Elsewhere = 0
	for _, l := range []listing{sc.Contacts, sc.Comments} {
		for _, rows := range [][]row{l.Rows, l.More} {
			for _, r := range rows {
				if r.Staged && r.ID != l.Open {
					sc.Elsewhere++
				}
			}
		}
	}
}

func (sc *clientScreen) listing(kind string) (listing, []iis.DraftRow) {
	l := listing{}
	l.Open, l.IsNew = sc.page.Draft.Open(sc.page.Record, kind)
	l.Prefix = string(iis.RowField(kind, l.Open, "")) + "/"
	l.Saved = sc.saved[iis.RowField(kind, l.Open, "")] != ""
	return l, sc.page.Draft.Rows(sc.page.Record, kind)
}

func (sc *clientScreen) row(kind string, d iis.DraftRow, open string) row {
	f := iis.RowField(kind, d.ID, "")
	r := row{
		ID: d.ID, Field: string(f), Selected: d.ID == open, Focus: d.ID == open && sc.at == kind+"-row", Deleted: d.Deleted, Staged: d.Staged,
		Problem: sc.problem(f), ShowButton: kind + "-select:" + d.ID, UndoButton: kind + "-undo:" + d.ID,
	}
	if r.Problem == "" && !r.Selected {
		for _, p := range sc.problems {
			if strings.HasPrefix(string(p.Field), string(f)+"/") {
				r.Problem = p.Text
			}
		}
	}
	return r
}

func (sc *clientScreen) contacts() listing {
	l, rows := sc.listing(iis.RowContact)
	l.Headings = contactHeadings
	var current, former []row
	seen := map[string]int{}
	for _, d := range rows {
		r := sc.row(iis.RowContact, d, l.Open)
		show := func(name string) string { return screenText(iis.RowField(iis.RowContact, d.ID, name), d.Value(name)) }
		r.Cells = cells(contactHeadings, show("last"), show("first"), show("relation"), show("city"), show("notices"), show("primary"))
		r.Name = strings.TrimSpace(show("first") + " " + show("last"))
		if d.Value("former") != "" {
			r.Former = show("former")
			former = append(former, r)
			continue
		}
		r.Number = len(current) + 1
		if !d.Deleted {
			key := sameContact(d)
			r.Duplicate = seen[key]
			if r.Duplicate == 0 {
				seen[key] = r.Number
			}
		}
		current = append(current, r)
		if d.Value("primary") == iis.Yes && d.ID != l.Open && !d.Deleted {
			l.PrimaryNote = r.Name
		}
	}
	l.Rows = current[:min(len(current), shownContacts)]
	l.More = append(current[len(l.Rows):len(current):len(current)], former...)
	if len(current) > 0 {
		l.Label = itoa(len(l.Rows)) + " of " + count(len(current), "contact", "contacts") + " shown"
	}
	var hidden []string
	if n := len(current) - len(l.Rows); n > 0 {
		hidden = append(hidden, itoa(n)+" more")
	}
	if n := len(former); n > 0 {
		hidden = append(hidden, count(n, "former address", "former addresses"))
	}
	l.MoreLabel = "Show " + strings.Join(hidden, " and ")
	for _, r := range l.More {
		l.MoreOpen = l.MoreOpen || r.Selected || r.Problem != "" || r.Deleted
	}
	sc.nameContact(&l)
	return l
}

// nameContact writes the heading over the open form, and from whom the primary
// address moves if it is ticked (guide 51).
func (sc *clientScreen) nameContact(l *listing) {
	get := func(name string) string { return sc.draftValue(iis.RowField(iis.RowContact, l.Open, name)) }
	name := upper(strings.Join(strings.Fields(get("first")+" "+get("last")), " "))
	l.Heading = "Address for Contact: " + name
	if l.IsNew {
		l.Heading = "Enter New Contact..."
	}
	switch from := l.PrimaryNote; {
	case from == "":
	case get("primary") == iis.Yes:
		to := name
		if to == "" {
			to = "this contact"
		}
		l.PrimaryNote = "Primary address moves from " + from + " to " + to + "."
	default:
		l.PrimaryNote = "The client's primary address is that of " + from + ". Ticking Client's Primary Address? moves it here."
	}
}

// sameContact is equal for rows that look like one person at one address.
func sameContact(d iis.DraftRow) string {
	var b strings.Builder
	for _, f := range append([]iis.Field{"last", "first", "middle"}, iis.AddressFields()...) {
		b.WriteString(upper(strings.Join(strings.Fields(d.Value(string(f))), " ")) + "\x00")
	}
	return b.String()
}

func (sc *clientScreen) comments() listing {
	l, rows := sc.listing(iis.RowComment)
	l.Headings = commentHeadings
	by := map[string]string{}
	for _, c := range sc.page.Record.Comments {
		by[string(c.ID)] = c.ByName
	}
	for _, d := range rows {
		r := sc.row(iis.RowComment, d, l.Open)
		show := func(name string) string { return screenText(iis.RowField(iis.RowComment, d.ID, name), d.Value(name)) }
		meaning, _ := iis.CommentRowOf(iis.CommentCode(d.Value("code")))
		from := by[d.ID]
		if from == "" {
			from = sc.OrgName
		}
		brief := meaning.Brief
		if d, err := iis.ParseDate(d.Value("date")); err == nil {
			if ends := meaning.Ends(d); !ends.IsZero() {
				brief += ", ends " + ends.US()
			}
		}
		r.Cells = cells(commentHeadings, show("date"), show("code"), brief, from)
		r.Name = show("code")
		l.Rows = append(l.Rows, r)
	}
	l.Heading = "Details for Client Comment ..."
	if l.IsNew {
		l.Heading = "Enter New Client Comment ..."
	}
	l.Code = sc.draftValue(iis.RowField(iis.RowComment, l.Open, "code"))
	if meaning, ok := iis.CommentRowOf(iis.CommentCode(l.Code)); ok {
		l.Effect = meaning.Effect
	}
	return l
}
