package web

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
)

const (
	importPath  = "/import"
	batchesPath = "/imports"

	// inlineWork is how long a page waits for the work on a file; what takes longer
	// goes on behind the pages.
	inlineWork = 1500 * time.Millisecond
)

// importRoutes are the pages on which a file is sent, looked at, taken in and
// taken back.
func (s *Server) importRoutes() []Route {
	return []Route{
		{"GET", importPath, iis.ImportClients, s.showImports},
		{"POST", importPath, iis.ImportClients, s.sendFile},
		{"GET", importPath + "/{upload}", iis.ImportClients, s.showUpload},
		{"POST", importPath + "/{upload}", iis.ImportClients, s.changeUpload},
		{"GET", importPath + "/{upload}/rows.csv", iis.ImportClients, s.downloadRows},
		{"GET", batchesPath + "/columns.csv", iis.ImportClients, s.downloadColumns},
		{"GET", batchesPath + "/{batch}", iis.ImportClients, s.showBatch},
		{"POST", batchesPath + "/{batch}", iis.ImportClients, s.undoBatch},
	}
}

var importPage = newPage[*importScreen]("import/list")

func uploadPath(id string) string { return importPath + "/" + url.PathEscape(id) }

func batchPath(id string) string { return batchesPath + "/" + url.PathEscape(id) }

func isMultipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// readUpload reads a form with a file, which becomes the value of its field. It is
// never on disk.
func readUpload(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, registry.MostUpload+64<<10)
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
	Rows    string // at most
	Open    []openRow
	Batches []batchRow
}

// openRow is a file that was sent and is not taken in.
type openRow struct {
	Path, Kind, At, State string
}

// batchRow is a batch in a list.
type batchRow struct {
	Path, Kind, By, At, Outcome string
}

// kindWords are what a file can hold.
var kindWords = map[string]string{string(registry.ImportOfClients): "Clients", string(registry.ImportOfImmunizations): "Immunizations"}

// outcomeWord says what becomes of rows.
type outcomeWord struct {
	outcome   registry.ImportOutcome
	title     string
	is, was   string // before and after the file is taken in
	one, many string
}

// outcomeWords are what becomes of rows, in the order of the page.
var outcomeWords = []outcomeWord{
	{registry.ImportAdded, "New", "is not on file and is added", "was not on file and was added", "new", "new"},
	{registry.ImportChanged, "Changed", "is on file; what differs is changed", "was on file; what differed was changed", "changed", "changed"},
	{registry.ImportSame, "Same", "is on file with all that the row gives", "was on file with all that the row gives", "same", "same"},
	{registry.ImportPossible, "Close matches", "may be of a client on file, and is not taken in", "may be of a client on file, and was not taken in", "close match", "close matches"},
	{registry.ImportHeld, "Held", "waits for the help desk", "waits for the help desk", "held", "held"},
	{registry.ImportWrong, "Errors", "is not taken in", "was not taken in", "error", "errors"},
}

func batchOutcome(b registry.ImportBatch) string {
	var parts []string
	for _, o := range outcomeWords {
		if n := b.Counts[string(o.outcome)]; n > 0 {
			parts = append(parts, registry.Grouped(n)+" "+map[bool]string{true: o.one, false: o.many}[n == 1])
		}
	}
	text := cmp.Or(strings.Join(parts, ", "), "no rows")
	if b.Finished.IsZero() {
		text = "not finished"
	}
	switch {
	case !b.Undone.IsZero():
		text += "; undone " + usDay(b.Undone)
	case !b.UndoAsked.IsZero():
		text += "; being undone"
	case !b.UndoBegun.IsZero():
		text += "; undone in part"
	}
	return text
}

func at(t time.Time) string { return usDay(t) + " " + clock(t) }

func (s *Server) importScreen(r *http.Request) (*importScreen, error) {
	sc := &importScreen{Kind: string(registry.ImportOfClients), OrgName: actor(r).OrgName, Rows: registry.Grouped(registry.MostUploadRows)}
	open, err := s.reg.Uploads(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	for _, u := range open {
		sc.Open = append(sc.Open, openRow{uploadPath(u.ID), kindWords[u.Kind] + ", " + rowsText(u.Total), at(u.Made), uploadWords(u)})
	}
	list, err := s.reg.Imports(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	for _, b := range list[:min(len(list), 20)] {
		sc.Batches = append(sc.Batches, batchRow{Path: batchPath(b.ID), Kind: kindWords[b.Kind],
			By: b.UserName, At: at(b.Started), Outcome: batchOutcome(b)})
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

// downloadColumns sends an empty file with the names of all columns, of immunizations
// with ?kind=immunizations.
func (s *Server) downloadColumns(w http.ResponseWriter, r *http.Request) error {
	kind := roster.Clients
	if r.URL.Query().Get("kind") == string(roster.Immunizations) {
		kind = roster.Immunizations
	}
	var names []string
	for _, c := range kind.Columns() {
		names = append(names, c.Name)
	}
	return sendCSV(w, r, string(kind)+".csv", strings.Join(names, ",")+"\r\n")
}

// sendCSV sends a file that the browser keeps.
func sendCSV(w http.ResponseWriter, r *http.Request, name, body string) error {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return send(w, r, http.StatusOK, []byte(body))
}

// sendFile keeps a file, and leads to the page on which its columns are said.
func (s *Server) sendFile(w http.ResponseWriter, r *http.Request) error {
	kind := registry.ImportKind(r.PostForm.Get("kind"))
	id, err := s.reg.KeepUpload(r.Context(), actor(r), kind, r.PostForm.Get("file"))
	if err == nil {
		return done(w, r, uploadPath(id), "")
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	sc, err := s.importScreen(r)
	if err != nil {
		return err
	}
	sc.Kind = cmp.Or(string(kind), sc.Kind)
	return importPage.show(w, r, http.StatusUnprocessableEntity, sc, problems...)
}

// showUpload shows a file that was sent, as far as it has come.
func (s *Server) showUpload(w http.ResponseWriter, r *http.Request) error {
	u, err := s.reg.Upload(r.Context(), actor(r), r.PathValue("upload"))
	if err != nil {
		return err
	}
	switch u.State {
	case registry.UploadColumns:
		return s.showColumns(w, r, http.StatusOK)
	case registry.UploadChecked:
		return s.showReview(w, r, http.StatusOK)
	case registry.UploadTaken:
		return done(w, r, batchPath(u.Batch), "imported")
	}
	sc := uploadProgress(u)
	sc.Mailed = s.mailed(r)
	return progressPage.show(w, r, http.StatusOK, sc)
}

// changeUpload does what a button of one of these pages says.
func (s *Server) changeUpload(w http.ResponseWriter, r *http.Request) error {
	switch r.PostForm.Get("do") {
	case "preview", "check":
		return s.setColumns(w, r)
	case "again":
		if err := s.reg.ColumnsAgain(r.Context(), actor(r), r.PathValue("upload")); err != nil {
			return err
		}
		return done(w, r, uploadPath(r.PathValue("upload")), "")
	case "choose", "next", "approve":
		return s.decideUpload(w, r)
	case "cancel":
		if err := s.reg.DropUpload(r.Context(), actor(r), r.PathValue("upload")); err != nil {
			return err
		}
		return done(w, r, importPath, "import-cancelled")
	}
	// An unknown file is told apart from an unknown button.
	if _, err := s.reg.Upload(r.Context(), actor(r), r.PathValue("upload")); err != nil {
		return err
	}
	return errBadForm
}
