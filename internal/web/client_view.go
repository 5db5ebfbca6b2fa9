package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
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

// JunkAddress reports whether what is wrong is a word put in place of the
// address: one button mends that.
func (sc *clientScreen) JunkAddress() bool {
	return slices.ContainsFunc(sc.problems, func(p iis.Problem) bool {
		return slices.Contains(iis.AddressFields(), p.Field) && iis.JunkAddress(sc.draftValue(p.Field))
	})
}

// At reports whether the page was asked for at that part.
func (sc *clientScreen) At(part string) bool { return sc.at == part }

func itoa(n int) string { return strconv.Itoa(n) }
