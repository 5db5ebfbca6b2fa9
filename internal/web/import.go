package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
)

const (
	importPath  = "/import"
	batchesPath = "/imports"

	// maxUpload is how large a file may be, mostImportRows how many rows it may have:
	// they are all looked at while the browser waits. Larger ones are for the command
	// line.
	maxUpload      = 10 << 20
	mostImportRows = 5000
	// shownImportRows is how many rows of a kind a page lists.
	shownImportRows = 50
)

// importRoutes are the pages on which a file is sent, looked at, taken in and
// taken back.
func (s *Server) importRoutes() []Route {
	return []Route{
		{"GET", importPath, iis.ImportClients, s.showImports},
		{"POST", importPath, iis.ImportClients, s.uploadImport},
		{"GET", importPath + "/{upload}", iis.ImportClients, s.showUpload},
		{"POST", importPath + "/{upload}", iis.ImportClients, s.decideUpload},
		{"GET", importPath + "/{upload}/rows.csv", iis.ImportClients, s.downloadRows},
		{"GET", batchesPath + "/{batch}", iis.ImportClients, s.showBatch},
		{"POST", batchesPath + "/{batch}", iis.ImportClients, s.undoBatch},
	}
}

var (
	importPage = newPage[*importScreen]("import/list")
	uploadPage = newPage[*uploadScreen]("import/check")
	batchPage  = newPage[*batchScreen]("import/batch")
)

func isMultipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// readUpload reads a form with a file, which becomes the value of its field. It is
// never on disk.
func readUpload(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+64<<10)
	parts, err := r.MultipartReader()
	if err != nil {
		return errBadForm
	}
	r.PostForm = url.Values{}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var body []byte
		if err == nil {
			body, err = io.ReadAll(part)
		}
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return errTooLarge
		}
		if err != nil || n > 20 || !plain(part.FormName()) || part.FormName() != "file" && !plain(string(body)) {
			return errBadForm
		}
		r.PostForm.Add(part.FormName(), string(body))
	}
	if !r.PostForm.Has("file") {
		return errBadForm
	}
	return nil
}

// importScreen is where a file is sent, with those of before.
type importScreen struct {
	Kind    string
	OrgName string
	Rows    int // at most
	Batches []batchRow
}

// batchRow is a batch in a list.
type batchRow struct {
	Path, Kind, By, At, Outcome string
}

// kindWords are what a file can hold.
var kindWords = map[string]string{string(registry.ImportOfClients): "Clients", string(registry.ImportOfImmunizations): "Immunizations"}

// outcomeWords are what becomes of rows, in the order of the page.
var outcomeWords = []struct {
	outcome     registry.ImportOutcome
	title, text string
	one, many   string
}{
	{registry.ImportAdded, "New", "is not on file and is added", "new", "new"},
	{registry.ImportChanged, "Changed", "is on file; what differs is changed", "changed", "changed"},
	{registry.ImportSame, "Same", "is on file with all that the row gives", "same", "same"},
	{registry.ImportPossible, "Close matches", "may be of a client on file, and is not taken in", "close match", "close matches"},
	{registry.ImportHeld, "Held", "waits for the help desk", "held", "held"},
	{registry.ImportWrong, "Errors", "is not taken in", "error", "errors"},
}

func batchOutcome(b registry.ImportBatch) string {
	var parts []string
	for _, o := range outcomeWords {
		if n := b.Counts[string(o.outcome)]; n > 0 {
			parts = append(parts, count(n, o.one, o.many))
		}
	}
	text := cmp.Or(strings.Join(parts, ", "), "no rows")
	if b.Finished.IsZero() {
		text = "not finished"
	}
	if !b.Undone.IsZero() {
		text += "; undone " + usDay(b.Undone)
	}
	return text
}

func (s *Server) importScreen(r *http.Request) (*importScreen, error) {
	list, err := s.reg.Imports(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	sc := &importScreen{Kind: string(registry.ImportOfClients), OrgName: actor(r).OrgName, Rows: mostImportRows}
	for _, b := range list[:min(len(list), 20)] {
		sc.Batches = append(sc.Batches, batchRow{Path: batchesPath + "/" + url.PathEscape(b.ID), Kind: kindWords[b.Kind],
			By: b.UserName, At: usDay(b.Started) + " " + clock(b.Started), Outcome: batchOutcome(b)})
	}
	return sc, nil
}

func (s *Server) showImports(w http.ResponseWriter, r *http.Request) error {
	sc, err := s.importScreen(r)
	if err != nil {
		return err
	}
	return importPage.show(w, r, http.StatusOK, sc)
}

// uploadImport looks what would become of a file's rows, and keeps it.
func (s *Server) uploadImport(w http.ResponseWriter, r *http.Request) error {
	u := registry.Upload{Kind: registry.ImportKind(r.PostForm.Get("kind")), Text: r.PostForm.Get("file")}
	problems, err := refused(s.check(r.Context(), actor(r), &u))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		sc, err := s.importScreen(r)
		if err != nil {
			return err
		}
		sc.Kind = cmp.Or(string(u.Kind), sc.Kind)
		return importPage.show(w, r, http.StatusUnprocessableEntity, sc, problems...)
	}
	id, err := s.reg.KeepUpload(r.Context(), actor(r), u)
	if err != nil {
		return err
	}
	return done(w, r, importPath+"/"+url.PathEscape(id), "")
}

// check fills in what would become of the rows of a file; the error is Invalid if
// it cannot be read.
func (s *Server) check(ctx context.Context, a iis.Actor, u *registry.Upload) error {
	wrong := func(f iis.Field, text string) error { return iis.Problems(iis.Problem{Field: f, Text: text}) }
	switch {
	case kindWords[string(u.Kind)] == "":
		return wrong("kind", "What the file holds is not chosen: choose it.")
	case u.Text == "":
		return wrong("file", "File is missing or empty: choose a file of comma-separated values.")
	case len(u.Text) > maxUpload:
		return wrong("file", "File is larger than 10 MB: take it in parts, or ask the help desk.")
	case !plain(u.Text):
		return wrong("file", "File is not text in UTF-8: save it as \"CSV UTF-8\".")
	}
	_, err := s.take(ctx, a, u, registry.ImportOptions{DryRun: true})
	return err
}

// newReader begins to read a file of a kind.
func newReader(u *registry.Upload) (*roster.Reader, error) {
	if u.Kind == registry.ImportOfImmunizations {
		return roster.NewDoseReader(strings.NewReader(u.Text))
	}
	return roster.NewReader(strings.NewReader(u.Text))
}

// fileRow is a row of a file, or what is wrong with it.
type fileRow struct {
	roster.Row
	wrong string
}

// readRows reads all rows of a file; the error is Invalid if it cannot be read.
func readRows(u *registry.Upload) ([]fileRow, []string, error) {
	wrong := func(text string) error { return iis.Problems(iis.Problem{Field: "file", Text: text}) }
	x, err := newReader(u)
	if err != nil {
		return nil, nil, wrong("File cannot be read: " + err.Error() + ".")
	}
	var rows []fileRow
	for {
		row, err := x.Read()
		bad, isBad := errors.AsType[*roster.RowError](err)
		switch {
		case errors.Is(err, io.EOF):
			return rows, x.Header(), nil
		case len(rows) == mostImportRows:
			return nil, nil, wrong("File has more than 5,000 rows: take it in parts, or ask the help desk.")
		case isBad:
			rows = append(rows, fileRow{roster.Row{Line: bad.Line, Record: bad.Record}, bad.Text})
		case err != nil:
			return nil, nil, wrong("File cannot be read: " + err.Error() + ".")
		default:
			rows = append(rows, fileRow{row, ""})
		}
	}
}

// take takes a file in, or looks what would become of it, and fills in its rows.
func (s *Server) take(ctx context.Context, a iis.Actor, u *registry.Upload, o registry.ImportOptions) (batch string, err error) {
	rows, _, err := readRows(u)
	if err != nil {
		return "", err
	}
	o.Kind = u.Kind
	imp, err := s.reg.NewImport(ctx, a, o)
	if err != nil {
		return "", err
	}
	in := imp.Clients
	size := 50
	if u.Kind == registry.ImportOfImmunizations {
		in, size = imp.Immunizations, 400
	}
	u.Rows = make([]registry.UploadRow, 0, len(rows))
	counts := map[registry.ImportOutcome]int{}
	for part := range slices.Chunk(rows, size) {
		var given []registry.ImportRow
		for _, row := range part {
			if row.wrong == "" {
				given = append(given, registry.ImportRow{Organization: cmp.Or(row.Organization, string(a.Organization)), Client: row.Client, Values: row.Values})
			}
		}
		results, err := in(ctx, given)
		if err != nil {
			return imp.Batch(), err
		}
		for _, row := range part {
			became := registry.UploadRow{Line: row.Line, Outcome: registry.ImportWrong, Reason: row.wrong}
			if row.wrong == "" {
				r := results[0]
				results = results[1:]
				became.Outcome, became.Client, became.Reason = r.Outcome, r.Client, rowReason(r)
			}
			counts[became.Outcome]++
			u.Rows = append(u.Rows, became)
		}
	}
	return imp.Batch(), imp.Finish(ctx, digestOf(u.Text), counts)
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// rowReason says why a row is not taken in.
func rowReason(r registry.Imported) string {
	if r.Err == nil {
		if r.Code != "" {
			return "kept for the help desk under the code " + r.Code
		}
		return ""
	}
	parts := []string{iis.TextOf(r.Err)}
	for _, p := range iis.ProblemsIn(r.Err) {
		parts = append(parts, p.Text)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// uploadScreen tells what would become of a file, group by group.
type uploadScreen struct {
	Action   string
	Kind     string
	Total    string
	Clients  bool // of a file of clients
	Possible bool // there are close matches
	Nothing  bool // nothing would change
	Taken    bool
	Before   string // when the same file was taken in
	Groups   []rowGroup
	Bad      string // address of the rows that are not taken in; "" if there are none
}

// rowGroup are the rows of which the same becomes.
type rowGroup struct {
	Title, Text string
	Count       int
	Rows        []shownRow
	More        int // further ones
	Detail      bool
}

// shownRow is a row as a page lists it.
type shownRow struct {
	Line   int
	Name   string // from the file
	Client iis.ClientID
	Reason string
}

func groupsOf(u registry.Upload) ([]rowGroup, error) {
	rows, _, err := readRows(&u)
	if err != nil {
		return nil, err
	}
	var groups []rowGroup
	for _, o := range outcomeWords {
		g := rowGroup{Title: o.title, Text: o.text}
		for i, r := range u.Rows {
			if r.Outcome != o.outcome {
				continue
			}
			if g.Count++; g.Count > shownImportRows {
				g.More++
				continue
			}
			row := shownRow{Line: r.Line, Client: r.Client, Reason: r.Reason}
			if i < len(rows) && rows[i].Line == r.Line {
				v := rows[i].Values
				row.Name = strings.Trim(v[iis.FieldLast]+", "+v[iis.FieldFirst], ", ")
			}
			g.Rows = append(g.Rows, row)
		}
		if g.Count > 0 {
			g.Detail = o.outcome != registry.ImportSame
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// notTaken reports whether a row is for its sender to mend.
func notTaken(r registry.UploadRow) bool {
	return r.Outcome == registry.ImportWrong || r.Outcome == registry.ImportPossible || r.Outcome == registry.ImportHeld
}

func (s *Server) upload(r *http.Request) (registry.Upload, error) {
	return s.reg.Upload(r.Context(), actor(r), r.PathValue("upload"))
}

func (s *Server) showUpload(w http.ResponseWriter, r *http.Request) error {
	u, err := s.upload(r)
	if err != nil {
		return err
	}
	if u.Batch != "" {
		return done(w, r, batchesPath+"/"+url.PathEscape(u.Batch), "")
	}
	sc := &uploadScreen{Action: importPath + "/" + url.PathEscape(u.ID), Kind: kindWords[string(u.Kind)], Taken: u.Taken,
		Clients: u.Kind == registry.ImportOfClients, Total: count(len(u.Rows), "row", "rows"), Nothing: true}
	if sc.Groups, err = groupsOf(u); err != nil {
		return err
	}
	for _, row := range u.Rows {
		sc.Possible = sc.Possible || row.Outcome == registry.ImportPossible
		sc.Nothing = sc.Nothing && (row.Outcome == registry.ImportSame || row.Outcome == registry.ImportWrong)
		if notTaken(row) {
			sc.Bad = sc.Action + "/rows.csv"
		}
	}
	list, err := s.reg.Imports(r.Context(), actor(r))
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Digest == digestOf(u.Text) && b.Undone.IsZero() {
			sc.Before = usDay(b.Started) + " " + clock(b.Started)
			break
		}
	}
	return uploadPage.show(w, r, http.StatusOK, sc)
}

// decideUpload takes a file in, or forgets it.
func (s *Server) decideUpload(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), actor(r)
	if r.PostForm.Get("do") != "approve" {
		if err := s.reg.DropUpload(ctx, a, r.PathValue("upload")); err != nil {
			return err
		}
		return done(w, r, importPath, "import-cancelled")
	}
	u, err := s.reg.TakeUpload(ctx, a, r.PathValue("upload"))
	if err != nil {
		return err
	}
	// What was begun is brought to its end, though the browser may have gone.
	ctx = context.WithoutCancel(ctx)
	u.Batch, err = s.take(ctx, a, &u, registry.ImportOptions{EnterPossible: r.PostForm.Get("enter-possible") == iis.Yes})
	if err != nil {
		return err
	}
	if err := s.reg.FinishUpload(ctx, a, u); err != nil {
		return err
	}
	return done(w, r, batchesPath+"/"+url.PathEscape(u.Batch), "imported")
}

// downloadRows sends the rows that are not taken in, with the reasons, as a file
// that a spreadsheet does not take for formulas.
func (s *Server) downloadRows(w http.ResponseWriter, r *http.Request) error {
	u, err := s.upload(r)
	if err != nil {
		return err
	}
	rows, header, err := readRows(&u)
	if err != nil {
		return err
	}
	var b strings.Builder
	out := csv.NewWriter(&b)
	out.Write(append(header, "x_line", "x_reason")) // a strings.Builder takes all
	for i, became := range u.Rows {
		if !notTaken(became) || i >= len(rows) {
			continue
		}
		cells := make([]string, len(header), len(header)+2)
		for j, s := range rows[i].Record[:min(len(rows[i].Record), len(header))] {
			cells[j] = roster.Guarded(s)
		}
		out.Write(append(cells, strconv.Itoa(became.Line), became.Reason))
	}
	out.Flush()
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="rows-not-taken-in.csv"`)
	return send(w, r, http.StatusOK, []byte(b.String()))
}

// batchScreen is what became of a file that was taken in.
type batchScreen struct {
	Action  string
	Row     batchRow
	Undone  string // when
	MayUndo bool
	Kept    []iis.ClientID
	Groups  []rowGroup
	Bad     string
	IDLabel string
}

func (s *Server) showBatch(w http.ResponseWriter, r *http.Request) error {
	b, kept, err := s.reg.ImportedBatch(r.Context(), actor(r), r.PathValue("batch"))
	if err != nil {
		return err
	}
	sc := &batchScreen{Action: batchesPath + "/" + url.PathEscape(b.ID), IDLabel: s.reg.Options().IDLabel, Kept: kept,
		Row: batchRow{Kind: kindWords[b.Kind], By: b.UserName, At: usDay(b.Started) + " " + clock(b.Started), Outcome: batchOutcome(b)}}
	touched := b.Counts[string(registry.ImportAdded)] + b.Counts[string(registry.ImportChanged)]
	sc.MayUndo = b.Undone.IsZero() && touched <= mostImportRows && (touched > 0 || b.Finished.IsZero())
	if !b.Undone.IsZero() {
		sc.Undone = usDay(b.Undone) + " " + clock(b.Undone)
	}
	u, err := s.reg.UploadOf(r.Context(), actor(r), b.ID)
	if err != nil && iis.KindOf(err) != iis.NotFound {
		return err
	}
	if err == nil {
		if sc.Groups, err = groupsOf(u); err != nil {
			return err
		}
		if slices.ContainsFunc(u.Rows, notTaken) {
			sc.Bad = importPath + "/" + url.PathEscape(u.ID) + "/rows.csv"
		}
	}
	return batchPage.show(w, r, http.StatusOK, sc)
}

// undoBatch takes a file back.
func (s *Server) undoBatch(w http.ResponseWriter, r *http.Request) error {
	batch := r.PathValue("batch")
	if _, err := s.reg.UndoImport(context.WithoutCancel(r.Context()), actor(r), batch, nil); err != nil {
		return err
	}
	return done(w, r, batchesPath+"/"+url.PathEscape(batch), "import-undone")
}
