package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
)

var reviewPage = newPage[*reviewScreen]("import/check")

const (
	// fewUploadRows is how many rows of a group are shown beside the others,
	// manyUploadRows how many on a page of their own.
	fewUploadRows  = 20
	manyUploadRows = 50
)

// reviewScreen tells what would become of a file, group by group.
type reviewScreen struct {
	Path, Kind string
	Total      string
	Clients    bool // of a file of clients
	Possible   bool // there are close matches
	Nothing    bool // nothing would change
	Enter      bool // close matches are to be entered
	Guards     []guardRow
	Lost       string // which choices a check anew has not kept; "" if none
	Groups     []rowGroup
	Whole      bool   // all groups are shown, not one alone
	At         string // query of this page, if one group is shown
	More       string // and of its next page, with its question mark
	Bad        string // address of the rows that are not taken in; "" if there are none
}

// Choosing reports whether the one group that is shown is that of rows to choose for.
func (sc *reviewScreen) Choosing() bool { return !sc.Whole && sc.Groups[0].Choosing() }

// guardRow is a reason to look again.
type guardRow struct {
	Name, Title, Text, Sure string
	Rows                    string // address of the rows it is about
	Batches                 []batchRow
	Ticked                  bool
}

// rowGroup are the rows of which the same becomes.
type rowGroup struct {
	Title, Text string
	Outcome     string
	Count       string
	Number      string // "6,000", of Words
	Words       string
	Rows        []shownRow
	All         string // address of all of them, if more than are shown
	Detail      bool
}

// Choosing reports whether there is something to choose for the rows that are shown.
func (g rowGroup) Choosing() bool {
	return slices.ContainsFunc(g.Rows, func(r shownRow) bool { return r.Name4Choice != "" })
}

// shownRow is a row as a page lists it.
type shownRow struct {
	No, Line     int
	Name, Beside string // from the file
	Client       iis.ClientID
	OnFile       string // his name and birth date
	Reason       string
	Renames      bool
	Name4Choice  string // of its form field; "" if there is nothing to choose
	Choices      []Choice
	Choice       string
}

// guardWords say a guard.
func guardWords(g registry.Guard, u registry.Upload) guardRow {
	row := guardRow{Name: "sure-" + g.Name}
	share := ""
	if g.Of > 0 {
		share = " (" + strconv.Itoa(g.Rows*100/g.Of) + " %)"
	}
	switch g.Name {
	case registry.GuardFew:
		row.Title = "Few rows are of clients on file"
		row.Text = "Only " + registry.Grouped(g.Rows) + " of " + rowsText(g.Of) + share + " are of a client on file."
		if g.Rows == 0 {
			row.Text = "None of " + rowsText(g.Of) + " is of a client on file."
		}
		row.Text += " Is it a file of another organization, or is a column read as the wrong thing?"
		row.Sure = "It is the right file, and its columns are read rightly"
	case registry.GuardNames:
		row.Title = "Many names or birth dates would change"
		row.Text = registry.Grouped(g.Rows) + " of " + registry.Grouped(g.Of) + " rows of clients on file" + share + " would change a last name, first name or birth date. Does each row stand beside the right chart number?"
		row.Sure = "I have looked at these rows: the changes are right"
		row.Rows = uploadPath(u.ID) + "?rows=" + string(registry.ImportChanged) + "&names=1"
	case registry.GuardTwice:
		row.Title = "The same file was taken in before"
		row.Text = "What it has changed then is not changed again, even if it was edited since."
		row.Sure = "It is to be taken in once more"
		for _, b := range g.Before {
			row.Batches = append(row.Batches, batchRow{Path: batchPath(b.ID), By: b.UserName, At: at(b.Started), Outcome: batchOutcome(b)})
		}
	}
	return row
}

// mostLost is how many lines are told whose choices were not kept.
const mostLost = 20

// lostText says of which lines the choices were not kept; "" if all were.
func lostText(lines []int) string {
	if len(lines) == 0 {
		return ""
	}
	var told []string
	for _, n := range lines[:min(len(lines), mostLost)] {
		told = append(told, itoa(n))
	}
	text := map[bool]string{true: "line ", false: "lines "}[len(lines) == 1] + strings.Join(told, ", ")
	if more := len(lines) - len(told); more > 0 {
		text += " and " + registry.Grouped(more) + " more"
	}
	return text
}

// showReview shows what would become of a file's rows: a few of each group, or with
// ?rows= all of one, a page at a time.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request, status int, problems ...iis.Problem) error {
	ctx, a := r.Context(), actor(r)
	v, err := s.reg.ReviewUpload(ctx, a, r.PathValue("upload"))
	if err != nil {
		return err
	}
	n := func(outcomes ...registry.ImportOutcome) (rows int) {
		for _, o := range outcomes {
			rows += v.Counts[o].Rows
		}
		return rows
	}
	sc := &reviewScreen{Path: uploadPath(v.ID), Kind: kindWords[v.Kind], Total: rowsText(v.Total), Whole: true,
		Clients: v.Kind == string(registry.ImportOfClients), Possible: n(registry.ImportPossible) > 0,
		Nothing: n(registry.ImportAdded, registry.ImportChanged, registry.ImportPossible) == 0,
		Enter:   r.PostForm.Get("enter-possible") == iis.Yes, Lost: lostText(v.Lost)}
	for _, g := range v.Guards {
		row := guardWords(g, v.Upload)
		row.Ticked = r.PostForm.Get(row.Name) == iis.Yes
		sc.Guards = append(sc.Guards, row)
	}
	if n(registry.ImportWrong, registry.ImportPossible) > 0 {
		sc.Bad = sc.Path + "/rows.csv"
	}
	if status == http.StatusOK {
		g, more, err := s.oneGroup(r, v)
		if err != nil {
			return err
		}
		if g.Outcome != "" {
			sc.Whole, sc.Groups, sc.At, sc.More = false, []rowGroup{g}, r.URL.RawQuery, more
			return reviewPage.show(w, r, status, sc)
		}
	}
	if sc.Groups, err = s.rowGroups(r, v); err != nil {
		return err
	}
	return reviewPage.show(w, r, status, sc, problems...)
}

// oneGroup is a page of the group that is asked for with ?rows=, and the query of
// the next; without an outcome if none is.
func (s *Server) oneGroup(r *http.Request, v registry.Review) (g rowGroup, more string, err error) {
	q := r.URL.Query()
	outcome, renames := registry.ImportOutcome(q.Get("rows")), q.Get("names") == "1"
	if v.Counts[outcome].Rows == 0 {
		return g, "", nil
	}
	after, _ := strconv.Atoi(q.Get("after")) // 0, the beginning, if it is no number
	g, err = s.rowGroup(r, v, outcome, renames, after, manyUploadRows)
	if len(g.Rows) == manyUploadRows {
		q.Set("after", itoa(g.Rows[len(g.Rows)-1].No))
		q.Del("done")
		more = "?" + q.Encode()
	}
	return g, more, err
}

func rowsText(n int) string {
	if n == 1 {
		return "1 row"
	}
	return registry.Grouped(n) + " rows"
}

// rowGroups are a few rows of each group.
func (s *Server) rowGroups(r *http.Request, v registry.Review) (groups []rowGroup, err error) {
	for _, o := range outcomeWords {
		if v.Counts[o.outcome].Rows == 0 {
			continue
		}
		limit := fewUploadRows
		if o.outcome == registry.ImportSame {
			limit = 0
		}
		g, err := s.rowGroup(r, v, o.outcome, false, 0, limit)
		if err != nil {
			return nil, err
		}
		if v.Counts[o.outcome].Rows > len(g.Rows) {
			g.All = r.URL.Path + "?rows=" + string(o.outcome)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// rowGroup are some rows of an outcome.
func (s *Server) rowGroup(r *http.Request, v registry.Review, outcome registry.ImportOutcome, renames bool, after, limit int) (g rowGroup, err error) {
	i := slices.IndexFunc(outcomeWords, func(w outcomeWord) bool { return w.outcome == outcome })
	words := outcomeWords[i]
	g = rowGroup{Title: words.title, Text: words.is, Outcome: string(outcome), Count: rowsText(v.Counts[outcome].Rows), Detail: limit > 0,
		Number: registry.Grouped(v.Counts[outcome].Rows), Words: words.many}
	if v.Counts[outcome].Rows == 1 {
		g.Words = words.one
	}
	switch {
	case v.State == registry.UploadTaken:
		g.Text = words.was
	case outcome == registry.ImportAdded && v.Kind == string(registry.ImportOfClients):
		g.Text = "is added as a new client, or kept for the help desk" // which of them, a check does not tell
	}
	if renames {
		g.Title, g.Count = "Changes of names and birth dates", rowsText(v.Counts[outcome].Renames)
	}
	if limit == 0 {
		return g, nil
	}
	rows, err := s.reg.UploadRows(r.Context(), actor(r), v.ID, outcome, renames, after, limit)
	if err != nil {
		return g, err
	}
	for _, row := range rows {
		g.Rows = append(g.Rows, s.shownRow(r, v, row))
	}
	return g, nil
}

// shownRow is a row as a page lists it.
func (s *Server) shownRow(r *http.Request, v registry.Review, row registry.ReviewRow) shownRow {
	cell := func(name string) string {
		if i := slices.Index(v.Mapping.Columns, name); i >= 0 && i < len(row.Cells) {
			return clipped(strings.TrimSpace(row.Cells[i]))
		}
		return ""
	}
	out := shownRow{No: row.No, Line: row.Line, Client: row.Client, Reason: row.Reason, Renames: row.Renames,
		Name: strings.Trim(cell("last_name")+", "+cell("first_name"), ", ")}
	beside := []string{cell("birth_date"), cell("chart_number")}
	if v.Kind == string(registry.ImportOfImmunizations) {
		beside = []string{cell("birth_date"), cell(roster.RegistryID), cell("chart_number"), cell("date"), cell("cvx"), cell("trade_name"), cell("ndc")}
	}
	if c := row.OnFile; c.ID != "" {
		out.OnFile = bannerName(c.Name) + " · " + c.BirthDate.US()
	}
	out.Beside = strings.Join(slices.DeleteFunc(beside, func(s string) bool { return s == "" }), " · ")
	if len(row.Fields) > 0 {
		var fields []string
		for _, f := range row.Fields {
			fields = append(fields, iis.Field(f).Label())
		}
		out.Reason = "changes " + strings.Join(fields, ", ")
		if v.State == registry.UploadTaken {
			out.Reason = "changed: " + strings.Join(fields, ", ")
		}
	}
	if row.Outcome != string(registry.ImportPossible) || v.State != registry.UploadChecked {
		return out
	}
	out.Name4Choice, out.Choice = "choice-"+itoa(row.No), row.Choice
	if typed := r.PostForm.Get(out.Name4Choice); typed != "" {
		out.Choice = typed
	}
	for _, c := range row.Like {
		out.Choices = append(out.Choices, Choice{Value: string(c.ID), Label: "It is " + bannerName(c.Name) + ", born " + c.BirthDate.US(), Help: string(c.ID)})
	}
	if v.Kind == string(registry.ImportOfClients) {
		out.Choices = append(out.Choices, Choice{Value: "new", Label: "It is a new client"})
	}
	out.Choices = append(out.Choices, Choice{Value: "out", Label: "Leave the row out"})
	return out
}

// chosenRows are the choices of a form, by the numbers of their rows.
func chosenRows(form url.Values) map[int]string {
	choices := map[int]string{}
	for name := range form {
		if no, ok := strings.CutPrefix(name, "choice-"); ok {
			if n, err := strconv.Atoi(no); err == nil {
				choices[n] = form.Get(name)
			}
		}
	}
	return choices
}

// decideUpload keeps what was chosen for rows, or takes the file in.
func (s *Server) decideUpload(w http.ResponseWriter, r *http.Request) error {
	ctx, a, id := r.Context(), actor(r), r.PathValue("upload")
	if do := r.PostForm.Get("do"); do != "approve" {
		if err := s.reg.ChooseUploadRows(ctx, a, id, chosenRows(r.PostForm)); err != nil {
			return err
		}
		to, page := uploadPath(id), r.PostForm.Get("at")
		if do == "next" {
			page = r.PostForm.Get("more")
		}
		if q, err := url.ParseQuery(strings.TrimPrefix(page, "?")); err == nil && q.Get("rows") != "" {
			to += "?" + url.Values{"rows": {q.Get("rows")}, "after": {q.Get("after")}}.Encode()
		}
		return done(w, r, to, "import-chosen")
	}
	p := registry.Approval{Choices: chosenRows(r.PostForm), EnterPossible: r.PostForm.Get("enter-possible") == iis.Yes}
	for _, g := range []string{registry.GuardFew, registry.GuardNames, registry.GuardTwice} {
		if r.PostForm.Get("sure-"+g) == iis.Yes {
			p.Sure = append(p.Sure, g)
		}
	}
	problems, err := refused(s.reg.ApproveUpload(ctx, a, id, p))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.showReview(w, r, http.StatusUnprocessableEntity, problems...)
	}
	return s.afterWork(w, r)
}

// downloadRows sends the rows that are not taken in, with the reasons, as a file
// that a spreadsheet does not take for formulas.
func (s *Server) downloadRows(w http.ResponseWriter, r *http.Request) error {
	ctx, a, id := r.Context(), actor(r), r.PathValue("upload")
	rows, err := s.reg.BadUploadRows(ctx, a, id)
	if err != nil {
		return err
	}
	u, err := s.reg.UploadText(ctx, a, id)
	if err != nil {
		return err
	}
	names, _, err := roster.Glance(strings.NewReader(u.Body), 0)
	if err != nil {
		return err
	}
	var b strings.Builder
	out := csv.NewWriter(&b)
	guarded := func(cells []string) []string {
		line := make([]string, len(names), len(names)+2)
		for i, s := range cells[:min(len(cells), len(names))] {
			line[i] = roster.Guarded(s)
		}
		return line
	}
	out.Write(append(guarded(names), "x_line", "x_reason")) // a strings.Builder takes all
	for _, row := range rows {
		out.Write(append(guarded(row.Cells), strconv.Itoa(row.Line), row.Reason))
	}
	out.Flush()
	return sendCSV(w, r, "rows-not-taken-in.csv", b.String())
}
