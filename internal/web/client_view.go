package web

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/registry"
)

// clientScreen is the Personal Information screen with its three tabs, and the
// same for a new client (guide 17 to 64).
type clientScreen struct {
	ID      iis.ClientID
	New     bool
	Action  string // where the form goes
	Version int64
	OrgName string
	IDLabel string
	Banner  banner

	UpdatedBy, UpdatedOn string // "Last Updated by: … on …"
	AddressUpdated       string
	BirthLocked          bool
	Deceased             bool
	MayUndecease         bool

	Tabs     []tab
	Contacts listing
	Comments listing

	Unsaved   int    // changes in the draft
	Elsewhere int    // those of rows whose details are not open
	SameName  int    // other clients of this name and birth date
	DraftAt   string // when the draft was kept, if the page was opened on it
	NewNames  bool   // the name or birth date changes: an AKA will be kept
	Ask       *question
	Others    int
	Locked    bool   // to the acting organization
	LockedTo  string // another organization, for staff

	Said string // what the script announces
	at   string // which part of the page was asked for

	page     registry.ClientPage
	saved    iis.Values
	problems []iis.Problem
}

// banner tells on every screen of a client who it is.
type banner struct {
	ID            iis.ClientID
	IDLabel       string
	Name          string
	Born, Age     string
	Gender        string
	Chart         string
	Known         []string // former names
	Sharing       bool
	LockedTo      string // who alone sees the record
	Reminders     bool
	Inactive      bool
	Comments      int
	Undeliverable bool
	Deceased      bool
	Died          string
}

// tab is a label over the three panels.
type tab struct {
	Name, Label string
	Here        bool
	Changed     bool
	Problems    int
}

// question is asked once before a name or birth date is changed.
type question struct {
	What string // "the name"
	Do   string // the button that was pressed
	Then string // the words on the button that goes on
}

// newScreen shapes a client for the page.
func (s *Server) newScreen(p registry.ClientPage, a iis.Actor) *clientScreen {
	c := p.Record.Client
	sc := &clientScreen{
		ID: c.ID, New: c.ID == "", Action: "/clients/new", Version: c.Version,
		IDLabel:   s.reg.Options().IDLabel,
		UpdatedBy: c.UpdatedByName, UpdatedOn: usDay(c.Updated), AddressUpdated: c.AddressUpdated.US(),
		BirthLocked: c.BirthDateLocked() && !p.MayCorrectBirthDate,
		Deceased:    c.Deceased(),
		Others:      p.Others, SameName: p.SameName, LockedTo: p.LockedElsewhere, Locked: c.LockedTo != "" && p.LockedElsewhere == "",
		Unsaved: p.Draft.Count(),
		page:    p, saved: p.Record.Values(),
	}
	if !sc.New {
		sc.Action = clientPath(c.ID)
		sc.Banner = s.bannerOf(p.Record, p.Today)
		sc.Banner.LockedTo = p.LockedElsewhere
	}
	sc.OrgName = a.OrgName
	sc.MayUndecease = c.MayUndecease(a, s.set.Now())
	sc.openTab(p.Draft.Tab)
	sc.list()
	return sc
}

func (s *Server) bannerOf(r iis.Record, today iis.Date) banner {
	c := r.Client
	b := banner{
		ID: c.ID, IDLabel: s.reg.Options().IDLabel, Name: bannerName(c.Name),
		Born: c.BirthDate.US(), Age: age(c.BirthDate, today), Gender: string(c.Gender),
		Chart: r.Membership.ChartNumber, Sharing: c.LockedTo == "", Reminders: r.Membership.Reminders,
		Inactive: r.Membership.Status == iis.Inactive, Comments: len(r.Comments),
		Undeliverable: c.Undeliverable, Deceased: c.Deceased(), Died: c.Death.Date.US(),
	}
	for _, a := range r.Aliases {
		if n := aliasName(a, c); n != "" && !slices.Contains(b.Known, n) {
			b.Known = append(b.Known, n)
		}
	}
	return b
}

// aliasName says what differs of a former name: the name, or the birth date if
// the name is the same.
func aliasName(a iis.Alias, c iis.Client) string {
	if !strings.EqualFold(a.Name.Last, c.Name.Last) || !strings.EqualFold(a.Name.First, c.Name.First) {
		return lastFirst(a.Name)
	}
	if a.BirthDate != c.BirthDate && !a.BirthDate.IsZero() {
		return "born " + a.BirthDate.US()
	}
	return ""
}

// lastFirst is a name as lists show it: "DUCK, DON".
func lastFirst(n iis.Name) string {
	parts := make([]string, 0, 2)
	for _, p := range []string{n.Last, n.First} {
		if p != "" {
			parts = append(parts, upper(p))
		}
	}
	return strings.Join(parts, ", ")
}

func bannerName(n iis.Name) string {
	given := strings.Join(strings.Fields(n.First+" "+n.Middle), " ")
	s := lastFirst(iis.Name{Last: n.Last, First: given})
	if n.Suffix != "" {
		s += " " + n.Suffix
	}
	return s
}

// openTab chooses the tab that is open.
func (sc *clientScreen) openTab(name string) {
	sc.Tabs = []tab{{Name: tabInfo, Label: "Client Information"}, {Name: tabContacts, Label: "Address(es)/Contact(s)"}, {Name: tabComments, Label: "Client Comment(s)"}}
	for i := range sc.Tabs {
		sc.Tabs[i].Here = sc.Tabs[i].Name == tabNamed(name)
		sc.Tabs[i].Changed = slices.ContainsFunc(sc.page.Draft.Changes, func(c iis.Change) bool {
			return c.Old != c.New && tabOf(c.Field) == sc.Tabs[i].Name
		})
	}
}

// tabOf is the tab a field is on, "" for the Personal Information above.
func tabOf(f iis.Field) string {
	switch row, _, _, _ := f.Row(); {
	case row == iis.RowContact:
		return tabContacts
	case row == iis.RowComment:
		return tabComments
	case slices.Contains([]iis.Field{iis.FieldChart, iis.FieldStatus, iis.FieldReason, iis.FieldReminders, iis.FieldSharing, iis.FieldDied, iis.FieldDeathSource}, f):
		return tabInfo
	}
	return ""
}

// Open is the name of the open tab.
func (sc *clientScreen) Open() string {
	for _, t := range sc.Tabs {
		if t.Here {
			return t.Name
		}
	}
	return tabInfo
}

// arrive takes what the address of the page asks for: which tab, and what was
// just done there.
func (sc *clientScreen) arrive(q url.Values) {
	if t := q.Get(inputTab); t != "" {
		sc.openTab(t)
	}
	sc.at = q.Get("at")
	switch sc.at {
	case "contact-new":
		sc.Said = "The form for a contact is open."
	case "comment-new":
		sc.Said = "The form for a comment is open."
	case "contact-row", "comment-row":
		sc.Said = "The details are shown."
		if sc.Unsaved > 0 {
			sc.Said = count(sc.Unsaved, "change is", "changes are") + " not saved yet."
		}
	case "":
		if sc.Unsaved > 0 {
			sc.DraftAt = clock(sc.page.Draft.Changed)
		}
	}
	sc.list()
}

// ask puts the question for confirmed details on the page.
func (sc *clientScreen) ask(do string) {
	what := []string{}
	name := func(c iis.Change) bool { return c.Field == iis.FieldLast || c.Field == iis.FieldFirst }
	if slices.ContainsFunc(sc.page.Draft.Changes, name) {
		what = append(what, "the name")
	}
	if slices.ContainsFunc(sc.page.Draft.Changes, func(c iis.Change) bool { return c.Field == iis.FieldBirthDate }) {
		what = append(what, "the birth date")
	}
	then := map[string]string{"immunize": "Save and Immunize", "next": "Save and Edit Next", "reports": "Save and Reports"}
	sc.Ask = &question{What: strings.Join(what, " and "), Do: do, Then: cmp.Or(then[do], "Save")}
}

// blame notes what is wrong, in order of the page, and opens the row and the
// tab of the first problem that is on one.
func (sc *clientScreen) blame(problems []iis.Problem) []iis.Problem {
	opened := map[string]bool{}
	for _, p := range problems {
		row, id, name, ok := p.Field.Row()
		if ok && name != "" && !opened[row] {
			if open, isNew := sc.page.Draft.Open(sc.page.Record, row); open != id && !isNew {
				sc.page.Draft.Select(row, id)
			} else if isNew && open != id {
				continue
			}
			opened[row] = true
		}
	}
	sc.problems = problems
	sc.list()
	tabbed := false
	for i := range sc.Tabs {
		for _, p := range problems {
			if tabOf(p.Field) == sc.Tabs[i].Name {
				sc.Tabs[i].Problems++
			}
		}
		if sc.Tabs[i].Problems > 0 && !tabbed {
			tabbed = true
			for j := range sc.Tabs {
				sc.Tabs[j].Here = j == i
			}
		}
	}
	return problems
}

func (sc *clientScreen) problem(f iis.Field) string {
	for _, p := range sc.problems {
		if p.Field == f {
			return p.Text
		}
	}
	return ""
}

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

// Aka says which AKA a save would add, "" if none.
func (sc *clientScreen) Aka() string {
	if sc.New {
		return ""
	}
	c := sc.page.Record.Client
	was := iis.Alias{Name: c.Name, BirthDate: c.BirthDate}
	now := c
	now.Name.Last, now.Name.First = sc.draftValue(iis.FieldLast), sc.draftValue(iis.FieldFirst)
	if d, err := iis.ParseDate(sc.draftValue(iis.FieldBirthDate)); err == nil {
		now.BirthDate = d
	}
	return aliasName(was, now)
}

// SavedName is the name on file: the AKA that a change of it leaves behind.
func (sc *clientScreen) SavedName() string { return lastFirst(sc.page.Record.Client.Name) }

func (sc *clientScreen) draftValue(f iis.Field) string { return sc.page.Draft.Value(sc.saved, f) }

// JunkAddress reports whether what is wrong is a word put in place of the
// address: one button mends that.
func (sc *clientScreen) JunkAddress() bool {
	return slices.ContainsFunc(sc.problems, func(p iis.Problem) bool {
		return slices.Contains(iis.AddressFields(), p.Field) && iis.JunkAddress(sc.draftValue(p.Field))
	})
}

// At reports whether the page was asked for at that part.
func (sc *clientScreen) At(part string) bool { return sc.at == part }

// commentOptions are the options of the comment list, made once: there are some
// hundreds, and the page is the same for all but the one chosen.
var commentOptions = sync.OnceValue(func() *optionList {
	l := &optionList{}
	effects, last := map[string]int{}, -1
	for _, g := range iis.CommentsByKind() {
		l.parts = append(l.parts, option{html: `<optgroup label="` + html.EscapeString(string(g.Kind)) + `">`})
		for _, row := range g.Rows {
			n, ok := effects[row.Effect]
			if !ok {
				n = len(l.effects)
				effects[row.Effect] = n
				l.effects = append(l.effects, row.Effect)
			}
			// An option without a number has the effect of the one before it.
			number := ""
			if n != last {
				number, last = fmt.Sprintf(" data-e=%d", n), n
			}
			l.parts = append(l.parts, option{
				code: string(row.Code),
				html: fmt.Sprintf(`<option value="%s"%s>%s`, html.EscapeString(string(row.Code)), number, html.EscapeString(row.Label)),
			})
		}
		l.parts = append(l.parts, option{html: "</optgroup>"})
	}
	return l
})

type optionList struct {
	parts   []option
	effects []string
}

type option struct{ code, html string }

// CommentOptions is the list of comments with the given one chosen.
func (sc *clientScreen) CommentOptions(code string) template.HTML {
	var b strings.Builder
	b.Grow(40_000)
	known := code == ""
	b.WriteString(`<option value="">Choose a comment</option>`)
	for _, p := range commentOptions().parts {
		if code != "" && p.code == code {
			known = true
			b.WriteString(strings.Replace(p.html, "<option", "<option selected", 1))
			continue
		}
		b.WriteString(p.html)
	}
	if !known {
		fmt.Fprintf(&b, `<option value="%s" selected>%[1]s</option>`, html.EscapeString(code))
	}
	return template.HTML(b.String())
}

// CommentEffects are the sentences that the options refer to by number.
func (sc *clientScreen) CommentEffects() string { return strings.Join(commentOptions().effects, "|") }

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

func itoa(n int) string { return strconv.Itoa(n) }
