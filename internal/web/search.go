package web

import (
	"cmp"
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// searchScreen is the screen manage client: a form, and what it found.
type searchScreen struct {
	IDLabel string
	Query   registry.Query
	Born    string // as typed, if it cannot be read
	More    bool   // the rest of the form is open

	Search  iis.SearchID
	Asked   bool
	For     string // what was asked, in words
	Count   int
	TooMany bool
	Found   []foundRow

	MayEdit, MayEnter bool
	CanEnter          bool // name and birth date were searched for

	// Deceased is the client just marked as deceased, whose mark can be taken
	// back for a while.
	Deceased iis.ClientID
	// Immunize says that the search is for whom to immunize: a client that is found
	// opens on the immunization history.
	Immunize bool
	problems []iis.Problem
}

// foundRow is a client in a list of results.
type foundRow struct {
	ID                      iis.ClientID
	Path                    string // the screen that it opens on
	Name, Was               string
	Born, Gender            string
	Address, Maiden, Chart  string
	Strength, StrengthClass string
	Why                     string
}

var (
	searchPage = newPage[*searchScreen]("search/search")
)

func (s *Server) newSearch(r *http.Request) *searchScreen {
	a := actor(r)
	return &searchScreen{IDLabel: s.reg.Options().IDLabel, MayEdit: a.May(iis.EditClient), MayEnter: a.May(iis.EnterClient),
		Immunize: r.URL.Path == immunizePath || r.PostForm.Get("for") == forImmunizations}
}

// queryFound holds the ID of a search in the address of its results: what was
// typed is in no address.
const queryFound = "found"

func foundPath(id iis.SearchID) string { return "/clients?" + queryFound + "=" + string(id) }

// immunizePath is the search for whom to immunize, and forImmunizations how its
// form says so.
const (
	immunizePath     = "/immunizations"
	forImmunizations = "immunizations"
)

// Title is the heading of the screen, as the menu has it.
func (sc *searchScreen) Title() string {
	if sc.Immunize {
		return "Manage immunizations"
	}
	return "Manage client"
}

// Clear is where the form is empty.
func (sc *searchScreen) Clear() string {
	if sc.Immunize {
		return immunizePath
	}
	return "/clients"
}

// showSearch shows the form of manage client, with what a search found.
func (s *Server) showSearch(w http.ResponseWriter, r *http.Request) error {
	if id := r.URL.Query().Get(queryFound); id != "" {
		return s.showFound(w, r, iis.SearchID(id))
	}
	sc := s.newSearch(r)
	if q := r.URL.Query(); q.Get("done") == "deceased" && iis.ValidClientID(q.Get("client")) && sc.MayEdit {
		sc.Deceased = iis.ClientID(q.Get("client"))
	}
	return searchPage.show(w, r, http.StatusOK, sc)
}

// search keeps what was asked and leads to a page whose address does not hold it.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	p := r.PostForm
	get := func(name string) string { return strings.TrimSpace(p.Get(name)) }
	q := registry.Query{
		Last: get("last"), First: get("first"), Phone: get("phone"), ID: get("number"),
		MotherMaidenLast: get("maiden"), MotherFirst: get("mother"), Address: get("address"),
	}
	if g := get("gender"); g == string(iis.Male) || g == string(iis.Female) || g == string(iis.UnknownGender) {
		q.Gender = iis.Gender(g)
	}
	var err error
	if q.BirthDate, err = iis.ReadPartialDate(get("birth"), s.today()); err != nil {
		sc := s.newSearch(r)
		sc.Query, sc.Born, sc.More = q, get("birth"), hasMore(q)
		return sc.show(w, r, http.StatusUnprocessableEntity, []iis.Problem{{Field: iis.FieldBirthDate, Text: "Birth Date cannot be read: " + err.Error() + "."}})
	}
	id, err := s.reg.SaveSearch(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	if p.Get("for") == forImmunizations {
		return done(w, r, immunizePath+"?"+queryFound+"="+string(id), "")
	}
	return done(w, r, foundPath(id), "")
}

// today is the day on which the person types.
func (s *Server) today() iis.Date {
	now := s.set.Now()
	if z := s.reg.Options().Zone; z != nil {
		now = now.In(z)
	}
	return iis.DateOf(now)
}

func (sc *searchScreen) show(w http.ResponseWriter, r *http.Request, status int, problems []iis.Problem) error {
	sc.problems = problems
	return searchPage.show(w, r, status, sc, problems...)
}

// showFound shows what a search found.
func (s *Server) showFound(w http.ResponseWriter, r *http.Request, id iis.SearchID) error {
	q, err := s.reg.SearchOf(r.Context(), actor(r), id)
	if err != nil {
		return err
	}
	sc := s.newSearch(r)
	sc.Query, sc.Search, sc.More = q, id, hasMore(q)
	res, err := s.reg.Find(r.Context(), actor(r), q)
	if err != nil {
		problems, err := refused(err)
		if err != nil {
			return err
		}
		return sc.show(w, r, http.StatusUnprocessableEntity, problems)
	}
	sc.Asked, sc.For = true, asked(q)
	sc.Count, sc.TooMany, sc.Found = res.Count, res.More, s.foundRows(res.Found)
	if sc.Immunize {
		for i := range sc.Found {
			sc.Found[i].Path = historyPath(sc.Found[i].ID)
		}
	}
	_, born := q.BirthDate.Whole()
	sc.CanEnter = sc.MayEnter && q.Last != "" && born
	return sc.show(w, r, http.StatusOK, nil)
}

// quickFind answers the box in the header: a number that leads to one client
// opens it at once, all else is a search.
func (s *Server) quickFind(w http.ResponseWriter, r *http.Request) error {
	q := registry.ParseQuick(r.PostForm.Get("q"), s.today())
	if named := q.Last != "" || q.First != ""; !named && (q.ID != "" || q.Phone != "") {
		res, err := s.reg.Find(r.Context(), actor(r), q)
		if err != nil && iis.KindOf(err) != iis.Invalid {
			return err
		}
		if res.Count == 1 && (q.BirthDate.IsZero() || res.Found[0].Strength == registry.Strong) {
			return done(w, r, clientPath(res.Found[0].Client.ID), "")
		}
	}
	id, err := s.reg.SaveSearch(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	return done(w, r, foundPath(id), "")
}

func hasMore(q registry.Query) bool {
	return q.MotherMaidenLast != "" || q.MotherFirst != "" || q.Address != "" || q.Gender != ""
}

// asked says a search in words, for the page alone.
func asked(q registry.Query) string {
	var parts []string
	for _, p := range []string{q.First, q.Middle, q.Last, q.BirthDate.Words(), q.ID, q.Phone, q.MotherFirst, q.MotherMaidenLast, q.Address} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

func (s *Server) foundRows(found []registry.Found) []foundRow {
	classes := map[registry.Strength]string{registry.Strong: "good", registry.Possible: "info", registry.Weak: ""}
	rows := make([]foundRow, len(found))
	for i, f := range found {
		c := f.Client
		rows[i] = foundRow{
			ID: c.ID, Path: clientPath(c.ID), Name: bannerName(c.Name), Born: c.BirthDate.US(), Gender: string(c.Gender),
			Address: oneLine(c.Address), Maiden: upper(c.MotherMaidenLast), Chart: f.ChartNumber,
			Strength: string(f.Strength), StrengthClass: classes[f.Strength], Why: strings.Join(f.Reasons, ", "),
		}
		if f.Was != "" {
			rows[i].Was = "was " + f.Was + " until " + usDay(f.Until)
		}
	}
	return rows
}

// oneLine is an address in a table: street and city.
func oneLine(a iis.Address) string {
	var parts []string
	for _, p := range []string{cmp.Or(a.Street, a.POBox), upper(a.City)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// Fields of the form, with what was asked.

func (sc *searchScreen) Last() *Field  { return sc.field("last", "Last Name", sc.Query.Last, "up") }
func (sc *searchScreen) First() *Field { return sc.field("first", "First Name", sc.Query.First, "up") }
func (sc *searchScreen) Phone() *Field { return sc.field("phone", "Phone", sc.Query.Phone, "") }
func (sc *searchScreen) Maiden() *Field {
	return sc.field("maiden", "Mother's Maiden Last", sc.Query.MotherMaidenLast, "up")
}
func (sc *searchScreen) Mother() *Field {
	return sc.field("mother", "Mother's First Name", sc.Query.MotherFirst, "up")
}
func (sc *searchScreen) Address() *Field {
	return sc.field("address", "Street, city or zip", sc.Query.Address, "")
}

func (sc *searchScreen) Number() *Field {
	return sc.field("number", sc.IDLabel+" or chart number", sc.Query.ID, "")
}

func (sc *searchScreen) Birth() *Field {
	f := sc.field("birth", "Birth Date", cmp.Or(sc.Born, sc.Query.BirthDate.US()), "")
	f.EchoDate = true
	if b := sc.Query.BirthDate; sc.Born == "" && b.Day == 0 {
		switch {
		case b.Month != 0:
			f.Echo = "Read as " + b.Words()
		case b.Year != 0:
			f.Echo = "Read as the year " + b.Words()
		}
	}
	return f
}

// EnterHint says what to search for before a new client can be entered.
func (sc *searchScreen) EnterHint() string {
	date := "birth date"
	if sc.Query.BirthDate.Year != 0 && sc.Query.BirthDate.Day == 0 {
		date = "the whole birth date"
	}
	return "Search by last name and " + date + " first: that keeps one person from getting two records."
}

// Narrow says what to add where too many clients match.
func (sc *searchScreen) Narrow() string {
	q := sc.Query
	_, born := q.BirthDate.Whole()
	named := q.Last != "" || q.First != ""
	switch {
	case !named && !born:
		return "Add a name, or the day of birth."
	case !named:
		return "Add a last or first name."
	case q.First == "" && q.BirthDate.IsZero():
		return "Add a birth date or first name."
	case q.First == "" && !born:
		return "Add the whole birth date or a first name."
	case q.First == "":
		return "Add a first name."
	case q.BirthDate.IsZero():
		return "Add a birth date."
	case !born:
		return "Add the whole birth date."
	}
	return "Add the mother's name, a phone number or an address."
}

func (sc *searchScreen) Gender() *Field {
	f := sc.field("gender", "Gender", string(sc.Query.Gender), "")
	f.Choices = []Choice{{}, {Value: "M", Label: "M"}, {Value: "F", Label: "F"}, {Value: "U", Label: "Unknown"}}
	return f
}

func (sc *searchScreen) field(name, label, value, width string) *Field {
	f := newField(name, label, value)
	f.Limit, f.Width = 200, width
	for _, p := range sc.problems {
		if string(p.Field) == name {
			f.Error = p.Text
		}
	}
	return f
}
