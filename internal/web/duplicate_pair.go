package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// pairScreen is the page that asks whether two records are of one person.
type pairScreen struct {
	IDLabel     string
	Path        string
	A, B        pairSide
	Rows        []pairRow
	Word, Class string
	Score       string // "23.4 bits"
	Enough      string // from which two are one
	Found       string // how the pair was found; "" if nobody found it
	Why         string
	State       string // what was decided, in words
	Decided     bool   // as different people
	Reason      string // of that
	Blocks      []string
	Twins       bool
	AskedBy     string
	AskedOwn    bool
	MayMerge    bool
	Survivor    iis.ClientID
	Immunized   string // "11 immunizations"
	Names       string // that stay known, "" where the two have one
	Deceased    bool   // what is merged will be of a deceased client
	Typed       string // the reason as typed
	List        string // address of the list it was reached from
	Place       string // "3 of 7"
	Next        string // address of the next pair of the list
	Known       bool   // it is in the queue
	Assigned    string // who looks into it
	Mine        bool
}

// pairSide is one of the two records.
type pairSide struct {
	ID            iis.ClientID
	Version       int64
	Letter        string
	Name          string
	Created       string
	Contacts      []pairContact
	Comments      string
	Immunizations string
	Folded        string // "2 are also in the other and will be folded"
	Organizations []string
	Aliases       []string
	Locked        bool
	Deceased      bool
}

// pairContact is a contact of one of the two.
type pairContact struct {
	ID, Field string // Field is "" where there is nothing to choose
	Text      string
	Note      string
	Ticked    bool
}

// pairRow is one field of the two.
type pairRow struct {
	Label   string
	Name    string // of the choice; "" where the two agree
	A, B    pairCell
	Differs bool
}

// pairCell is what one record says in a row.
type pairCell struct {
	ID     string // of the input
	Value  string // of the choice: the ID of its record
	Text   string
	Note   string
	Chosen bool
}

// pairChoice is one of the two choices of a row.
type pairChoice struct {
	pairCell
	Name, Label string
}

func (row pairRow) choice(letter string) pairChoice {
	if letter == "B" {
		return pairChoice{row.B, row.Name, row.Label}
	}
	return pairChoice{row.A, row.Name, row.Label}
}

var pairPage = newPage[*pairScreen]("duplicate/pair")

// pairIDs are the two of an address.
func pairIDs(r *http.Request) (a, b iis.ClientID) {
	return iis.ClientID(r.PathValue("a")), iis.ClientID(r.PathValue("b"))
}

// showDuplicate shows two records side by side. If one of them was merged
// meanwhile it leads to the survivor.
func (s *Server) showDuplicate(w http.ResponseWriter, r *http.Request) error {
	a, b := pairIDs(r)
	list := pairListOf(r)
	p, err := s.reg.Duplicate(r.Context(), actor(r), a, b, list.DuplicateAsk)
	if to := iis.MovedTo(err); to != "" {
		return done(w, r, clientPath(to), "merged")
	}
	if err != nil {
		return err
	}
	return pairPage.show(w, r, http.StatusOK, s.newPair(p, list, pairForm{}))
}

// pairForm is what was chosen, if the form comes back; nothing if it is new.
type pairForm struct {
	survivor iis.ClientID
	keep     map[iis.Field]iis.ClientID
	without  map[iis.ContactID]bool
	reason   string
}

// newPair shapes a pair for the page.
func (s *Server) newPair(p registry.Pair, list pairList, f pairForm) *pairScreen {
	a, b := p.A.Client, p.B.Client
	sc := &pairScreen{
		IDLabel: s.reg.Options().IDLabel, Path: list.pair(a.ID, b.ID, list.place, list.count), Score: scoreText(p.Score), Enough: scoreText(p.Same), Why: whyText(p.Why),
		Twins: p.Twins, AskedBy: p.AskedBy, AskedOwn: p.AskedOwn, MayMerge: p.MayMerge, Survivor: cmp.Or(f.survivor, p.Suggest()),
		Immunized: count(p.Shots, "immunization", "immunizations"), State: pairState(p), Reason: p.Kept.Reason, Typed: f.reason,
		Decided: p.Kept.State == registry.PairDifferent, Deceased: a.Deceased() || b.Deceased(),
		List: list.path(), Known: p.Known, Assigned: cmp.Or(p.Assigned, "nobody"), Mine: p.Mine,
	}
	sc.Word, sc.Class = answerWords(p.Answer)
	if p.Known {
		sc.Found = "Found " + foundWords[p.Kept.FoundBy] + " on " + usDay(p.Kept.Found)
	}
	if list.place > 0 && list.place <= list.count {
		sc.Place = itoa(list.place) + " of " + itoa(list.count)
	}
	if p.Next[0] != "" {
		sc.Next = list.pair(p.Next[0], p.Next[1], list.place+1, list.count)
	}
	if x, y := bannerName(a.Name), bannerName(b.Name); x != y {
		sc.Names = x + " and " + y
	}
	for _, b := range p.Blocks {
		sc.Blocks = append(sc.Blocks, b.Text)
	}
	sc.A, sc.B = sideOf(p, p.A, "A", p.ShotsOf[0]), sideOf(p, p.B, "B", p.ShotsOf[1])
	sc.A.contacts(p.A, iis.Whole{}, f.without)
	sc.B.contacts(p.B, p.A, f.without)
	if p.Folded > 0 {
		sc.B.Folded = count(p.Folded, "immunization is in both and will be folded", "immunizations are in both and will be folded")
	}
	sc.rows(p, f.keep)
	return sc
}

func sideOf(p registry.Pair, w iis.Whole, letter string, shots int) pairSide {
	c := w.Client
	side := pairSide{ID: c.ID, Version: c.Version, Letter: letter, Name: bannerName(c.Name), Created: usDay(c.Created),
		Comments: count(len(w.Comments), "comment", "comments"), Locked: c.LockedTo != "", Deceased: c.Deceased()}
	for _, al := range w.Aliases {
		side.Aliases = append(side.Aliases, aliasName(al, c))
	}
	var newest iis.Date
	for _, d := range w.Doses {
		if d.Given() && d.Date.After(newest) {
			newest = d.Date
		}
	}
	side.Immunizations = count(shots, "immunization", "immunizations")
	if !newest.IsZero() {
		side.Immunizations += ", newest " + newest.US()
	}
	for _, m := range w.Memberships {
		side.Organizations = append(side.Organizations, p.OrgNames[m.Organization]+" ("+string(m.Status)+")")
	}
	return side
}

// contacts lists the contacts of a record, to choose which of them stay. One that the
// record beside has too is one with it, and a primary address goes with the address.
func (side *pairSide) contacts(w, beside iis.Whole, without map[iis.ContactID]bool) {
	for _, r := range w.Contacts {
		c := pairContact{ID: string(r.ID), Text: bannerName(r.Name), Ticked: !without[r.ID]}
		if r.Relation != "" {
			c.Text += ", " + screenText(iis.RowField(iis.RowContact, r.ID, "relation"), string(r.Relation))
		}
		switch {
		case slices.ContainsFunc(beside.Contacts, func(x iis.Contact) bool { return iis.SameContact(x, r) }):
			c.Note = "also in record A, kept once"
		case r.Primary:
			c.Note = "primary address, goes with the address"
		default:
			c.Field = fieldID("contact-" + string(r.ID))
			c.Note = strings.TrimPrefix(screenText(iis.FieldPhone, r.Phone)+", "+wholeAddress(r.Address), ", ")
			c.Note = strings.TrimSuffix(c.Note, ", ")
		}
		side.Contacts = append(side.Contacts, c)
	}
}

// pairFields are the rows of the page in the order of Personal Information.
var pairFields = []iis.Field{iis.FieldLast, iis.FieldFirst, iis.FieldMiddle, iis.FieldSuffix, iis.FieldBirthDate, iis.FieldBirthCountry,
	iis.FieldCertificate, iis.FieldGender, iis.FieldMaidenLast, iis.FieldMotherFirst, iis.FieldStreet, iis.FieldPhone, iis.FieldEmail, iis.FieldRace, iis.FieldEthnicity}

// rows are the fields that either record says anything in. Only where they differ
// there is something to choose; without a choice iis.Prefer chooses.
func (sc *pairScreen) rows(p registry.Pair, chosen map[iis.Field]iis.ClientID) {
	survivor, other, set := p.A.Record, p.B.Record, p.Set
	if sc.Survivor == other.Client.ID {
		survivor, other, set = other, survivor, [2]map[iis.Field]time.Time{set[1], set[0]}
	}
	for _, f := range pairFields {
		row := pairRow{Label: f.Label(), A: pairCellOf(p.A.Record, f), B: pairCellOf(p.B.Record, f), Differs: slices.Contains(p.Differ, f)}
		if row.A.Text == "" && row.B.Text == "" {
			continue
		}
		row.A.Text, row.B.Text = cmp.Or(row.A.Text, "(blank)"), cmp.Or(row.B.Text, "(blank)")
		if row.Differs {
			row.Name = "keep-" + string(f)
			keep := chosen[f]
			if keep == "" {
				if keep = survivor.Client.ID; iis.Prefer(survivor, other, f, [2]time.Time{set[0][f], set[1][f]}) == iis.Others {
					keep = other.Client.ID
				}
			}
			for i, c := range []*pairCell{&row.A, &row.B} {
				c.Chosen = c.Value == string(keep)
				if at := p.Set[i][f]; c.Note == "" && !at.IsZero() {
					c.Note = "Updated " + usDay(at)
				}
			}
		}
		sc.Rows = append(sc.Rows, row)
	}
}

func pairCellOf(rec iis.Record, f iis.Field) pairCell {
	c := pairCell{ID: fieldID("keep-" + string(f) + "-" + string(rec.Client.ID)), Value: string(rec.Client.ID), Text: screenText(f, rec.Value(f))}
	if f == iis.FieldStreet {
		c.Text = wholeAddress(rec.Client.Address)
		if rec.Client.Undeliverable {
			c.Note = "Undeliverable. "
		}
		if day := rec.Client.AddressUpdated.US(); day != "" {
			c.Note += "Updated " + day
		}
	}
	return c
}

// decideDuplicate does what was decided of a pair, and goes on to the next of the
// list if that is done with it.
func (s *Server) decideDuplicate(w http.ResponseWriter, r *http.Request) error {
	a, b := pairIDs(r)
	f, who, list := r.PostForm, actor(r), pairListOf(r)
	to, notice := list.path(), ""
	next, err := s.reg.NextDuplicate(r.Context(), who, a, b, list.DuplicateAsk)
	if err != nil {
		return err
	}
	if next[0] != "" {
		to = list.pair(next[0], next[1], list.place, list.count-1) // this one goes from the list
	}
	switch f.Get("do") {
	case "merge":
		to, notice, err = s.merge(r, a, b)
	case "different":
		notice = "pair-different"
		err = s.reg.DecideDifferent(r.Context(), who, a, b, f.Get("reason"))
	case "later":
		notice = "pair-later"
		err = s.reg.DecideLater(r.Context(), who, a, b)
	case "look", "leave":
		to, notice = list.pair(a, b, list.place, list.count), "pair-assigned"
		look := f.Get("do") == "look"
		if !look {
			notice = "pair-given-back"
		}
		err = s.reg.AssignDuplicate(r.Context(), who, a, b, look)
	default:
		err = iis.Problems(iis.Problem{Text: "Choose what to do with the two records."})
	}
	if err == nil {
		return done(w, r, to, notice)
	}
	if to := iis.MovedTo(err); to != "" {
		s.moved(w, r, to)
		return nil
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	p, err := s.reg.Duplicate(r.Context(), who, a, b, list.DuplicateAsk)
	if err != nil {
		return err
	}
	form := pairForm{keep: keeps(f), without: unticked(f), reason: f.Get("reason")}
	if id := iis.ClientID(f.Get("survivor")); id == a || id == b {
		form.survivor = id
	}
	return pairPage.show(w, r, http.StatusUnprocessableEntity, s.newPair(p, list, form), problems...)
}

// keeps are the choices of a form: of which record a field is kept.
func keeps(f map[string][]string) map[iis.Field]iis.ClientID {
	chosen := map[iis.Field]iis.ClientID{}
	for name, values := range f {
		if field, ok := strings.CutPrefix(name, "keep-"); ok && len(values) > 0 {
			chosen[iis.Field(field)] = iis.ClientID(values[0])
		}
	}
	return chosen
}

// unticked are the contacts of a form that are not ticked.
func unticked(f url.Values) map[iis.ContactID]bool {
	left := map[iis.ContactID]bool{}
	for _, id := range f["listed"] {
		left[iis.ContactID(id)] = !slices.Contains(f["contact"], id)
	}
	return left
}

// merge merges the two into the chosen one.
func (s *Server) merge(r *http.Request, a, b iis.ClientID) (to, notice string, err error) {
	f := r.PostForm
	survivor, other := iis.ClientID(f.Get("survivor")), b
	switch survivor {
	case a:
	case b:
		other = a
	default:
		return "", "", iis.Problems(iis.Problem{Field: "survivor", Text: "Choose which " + s.reg.Options().IDLabel + " stays."})
	}
	m := registry.Merging{Survivor: survivor, Other: other, Reason: strings.TrimSpace(f.Get("reason")),
		MergeChoice: iis.MergeChoice{Fields: map[iis.Field]iis.Whose{}, Without: unticked(f)}}
	m.SurvivorVersion, m.OtherVersion = versionIn(f, survivor), versionIn(f, other)
	for field, id := range keeps(f) {
		switch id {
		case survivor:
			m.Fields[field] = iis.Survivors
		case other:
			m.Fields[field] = iis.Others
		}
	}
	out, err := s.reg.MergeClients(r.Context(), actor(r), m)
	if out == registry.AskSecond {
		list := pairListOf(r)
		return list.pair(a, b, list.place, list.count), "second-asked", err
	}
	return clientPath(survivor), "clients-merged", err
}

// versionIn is the version of a record that the page showed, 0 if it does not say.
func versionIn(f url.Values, id iis.ClientID) int64 {
	v, err := strconv.ParseInt(f.Get("version-"+string(id)), 10, 64)
	if err != nil {
		return 0
	}
	return v
}
