package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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
	Typed       string // the reason as typed
	Next        string // address of the next pair of the queue
}

// pairSide is one of the two records.
type pairSide struct {
	ID            iis.ClientID
	Version       int64
	Letter        string
	Name          string
	Created       string
	Contacts      []string
	Comments      string
	Immunizations string
	Folded        string // "2 are also in the other and will be folded"
	Organizations []string
	Aliases       []string
	Locked        bool
	Deceased      bool
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
	p, err := s.reg.Duplicate(r.Context(), actor(r), a, b)
	if to := iis.MovedTo(err); to != "" {
		return done(w, r, clientPath(to), "merged")
	}
	if err != nil {
		return err
	}
	return pairPage.show(w, r, http.StatusOK, s.newPair(p, nil))
}

// newPair shapes a pair for the page, with what was chosen if the form comes back.
func (s *Server) newPair(p registry.Pair, chosen map[iis.Field]iis.ClientID) *pairScreen {
	a, b := p.A.Client, p.B.Client
	sc := &pairScreen{
		IDLabel: s.reg.Options().IDLabel, Path: pairPath(a.ID, b.ID), Score: scoreText(p.Score), Enough: scoreText(p.Same), Why: whyText(p.Why),
		Twins: p.Twins, AskedBy: p.AskedBy, AskedOwn: p.AskedOwn, MayMerge: p.MayMerge, Survivor: p.Suggest(),
		Immunized: count(p.Shots, "immunization", "immunizations"), State: pairState(p), Reason: p.Kept.Reason,
		Decided: p.Kept.State == registry.PairDifferent,
	}
	sc.Word, sc.Class = answerWords(p.Answer)
	if p.Known {
		sc.Found = "Found " + foundWords[p.Kept.FoundBy] + " on " + usDay(p.Kept.Found)
	}
	if p.Next[0] != "" {
		sc.Next = pairPath(p.Next[0], p.Next[1])
	}
	for _, b := range p.Blocks {
		sc.Blocks = append(sc.Blocks, b.Text)
	}
	sc.A, sc.B = sideOf(p, p.A, "A"), sideOf(p, p.B, "B")
	if p.Folded > 0 {
		sc.B.Folded = count(p.Folded, "immunization is in both and will be folded", "immunizations are in both and will be folded")
	}
	sc.rows(p, chosen)
	return sc
}

func sideOf(p registry.Pair, w iis.Whole, letter string) pairSide {
	c := w.Client
	side := pairSide{ID: c.ID, Version: c.Version, Letter: letter, Name: bannerName(c.Name), Created: usDay(c.Created),
		Comments: count(len(w.Comments), "comment", "comments"), Locked: c.LockedTo != "", Deceased: c.Deceased()}
	for _, r := range w.Contacts {
		text := bannerName(r.Name)
		if r.Relation != "" {
			text += ", " + screenText(iis.RowField(iis.RowContact, r.ID, "relation"), string(r.Relation))
		}
		side.Contacts = append(side.Contacts, text)
	}
	for _, al := range w.Aliases {
		side.Aliases = append(side.Aliases, aliasName(al, c))
	}
	var newest iis.Date
	for _, d := range w.Doses {
		if d.Date.After(newest) {
			newest = d.Date
		}
	}
	side.Immunizations = count(len(w.Doses), "immunization", "immunizations")
	if !newest.IsZero() {
		side.Immunizations += ", newest " + newest.US()
	}
	for _, m := range w.Memberships {
		side.Organizations = append(side.Organizations, p.OrgNames[m.Organization]+" ("+string(m.Status)+")")
	}
	return side
}

// pairFields are the rows of the page in the order of Personal Information.
var pairFields = []iis.Field{iis.FieldLast, iis.FieldFirst, iis.FieldMiddle, iis.FieldSuffix, iis.FieldBirthDate, iis.FieldBirthCountry,
	iis.FieldCertificate, iis.FieldGender, iis.FieldMaidenLast, iis.FieldMotherFirst, iis.FieldStreet, iis.FieldPhone, iis.FieldEmail, iis.FieldRace, iis.FieldEthnicity}

// rows are the fields that either record says anything in. Only where they differ
// there is something to choose; without a choice iis.Prefer chooses.
func (sc *pairScreen) rows(p registry.Pair, chosen map[iis.Field]iis.ClientID) {
	survivor, other := p.A.Record, p.B.Record
	if sc.Survivor == other.Client.ID {
		survivor, other = other, survivor
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
				if keep = survivor.Client.ID; iis.Prefer(survivor, other, f) == iis.Others {
					keep = other.Client.ID
				}
			}
			for _, c := range []*pairCell{&row.A, &row.B} {
				c.Chosen = c.Value == string(keep)
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

// decideDuplicate does what was decided of a pair.
func (s *Server) decideDuplicate(w http.ResponseWriter, r *http.Request) error {
	a, b := pairIDs(r)
	f, who := r.PostForm, actor(r)
	var err error
	to, notice := duplicatesPath, ""
	switch f.Get("do") {
	case "merge":
		to, notice, err = s.merge(r, a, b)
	case "different":
		notice = "pair-different"
		err = s.reg.DecideDifferent(r.Context(), who, a, b, f.Get("reason"))
	case "later":
		notice = "pair-later"
		err = s.reg.DecideLater(r.Context(), who, a, b)
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
	p, err := s.reg.Duplicate(r.Context(), who, a, b)
	if err != nil {
		return err
	}
	sc := s.newPair(p, keeps(f))
	if id := iis.ClientID(f.Get("survivor")); id == a || id == b {
		sc.Survivor = id
	}
	sc.Typed = f.Get("reason")
	return pairPage.show(w, r, http.StatusUnprocessableEntity, sc, problems...)
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
	m := registry.Merging{Survivor: survivor, Other: other, Chosen: map[iis.Field]iis.Whose{}, Reason: strings.TrimSpace(f.Get("reason"))}
	m.SurvivorVersion, m.OtherVersion = versionIn(f, survivor), versionIn(f, other)
	for field, id := range keeps(f) {
		switch id {
		case survivor:
			m.Chosen[field] = iis.Survivors
		case other:
			m.Chosen[field] = iis.Others
		}
	}
	out, err := s.reg.MergeClients(r.Context(), actor(r), m)
	if out == registry.AskSecond {
		return pairPath(a, b), "second-asked", err
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
