package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"openiis.org/iis"
)

//go:embed templates
var templates embed.FS

// page is one template file whose data is a T. Pages are package variables:
// one that does not parse stops the program at start-up, and TestPages finds
// fields that T does not have.
type page[T any] struct {
	name string
	t    *template.Template
}

// pageInfo is a page without its type, for the test of all pages.
type pageInfo struct {
	name string
	t    *template.Template
	data any // a zero view[T]
}

var pages []pageInfo

// newPage parses templates/NAME.html together with the layout and the parts.
// The file defines "title", "main" and, if it wants, "style": links to style
// sheets and scripts of its own, by their static address.
func newPage[T any](name string) *page[T] {
	t := template.Must(template.New("layout.html").Funcs(functions).ParseFS(templates,
		"templates/layout/layout.html", "templates/part/*.html", "templates/"+name+".html"))
	// The test has a copy of its own: showing a page changes its template.
	pages = append(pages, pageInfo{name, template.Must(t.Clone()), view[T]{}})
	return &page[T]{name, t}
}

// view is what a template is given: the page's own data and the shell around it.
type view[T any] struct {
	Shell    shell
	Problems []iis.Problem // what was wrong with the form, in order of the page
	Data     T
}

// Field begins a field of a form: its name in the form and in the problems, its
// label and its value. The methods of *Field add to it.
func (v view[T]) Field(name, label, value string) *Field {
	f := newField(name, label, value)
	for _, p := range v.Problems {
		if string(p.Field) == name && p.Text != "" {
			f.Error = p.Text
			break
		}
	}
	return f
}

// show writes the page with the status and, for a form that was refused, what
// was wrong with it.
func (p *page[T]) show(w http.ResponseWriter, r *http.Request, status int, data T, problems ...iis.Problem) error {
	body, err := p.render(shellOf(r), data, problems)
	if err != nil {
		return err
	}
	write(w, r, status, body)
	return nil
}

// render returns the whole page, so that an error in it is an error and not
// half a page.
func (p *page[T]) render(sh shell, data T, problems []iis.Problem) ([]byte, error) {
	var b bytes.Buffer
	if err := p.t.Execute(&b, view[T]{sh, problems, data}); err != nil {
		return nil, fmt.Errorf("page %s: %w", p.name, err)
	}
	return b.Bytes(), nil
}

var zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression); return z }}

func zip(body []byte) []byte {
	var b bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(&b)
	z.Write(body) // a bytes.Buffer takes all
	z.Close()
	return b.Bytes()
}

// write sends a page, compressed if the browser takes that.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if acceptsGzip(r) && len(body) > 1000 {
		h.Set("Content-Encoding", "gzip")
		body = zip(body)
	}
	send(w, r, status, body) // the person may have gone; there is no one to tell
}

func send(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}

// acceptsGzip reads Accept-Encoding; a coding with q=0 is one not wanted.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding != "gzip" && coding != "*" {
			continue
		}
		q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !ok {
			return true
		}
		n, err := strconv.ParseFloat(q, 64)
		return err == nil && n > 0
	}
	return false
}

// done answers a form that did its work: the browser goes to a page, which
// shows the notice of that name (see notices).
func done(w http.ResponseWriter, r *http.Request, path, notice string) error {
	if notice != "" {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + "done=" + url.QueryEscape(notice)
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// refused splits the problems off an Invalid error, for a form to be shown
// again with status 422; any other error is returned as it is.
func refused(err error) ([]iis.Problem, error) {
	if iis.KindOf(err) != iis.Invalid {
		return nil, err
	}
	ps := iis.ProblemsIn(err)
	if len(ps) == 0 {
		ps = []iis.Problem{{Text: iis.TextOf(err)}}
	}
	return ps, nil
}

// functions are what templates can do besides showing fields.
var functions = template.FuncMap{
	"upper":  upper,
	"us":     iis.Date.US,
	"usday":  usDay,
	"clock":  clock,
	"age":    age,
	"join":   func(list []string, sep string) string { return strings.Join(list, sep) },
	"count":  count,
	"id":     fieldID,
	"list":   func(v ...string) []string { return v },
	"yes":    yesNo,
	"has":    func(list []string, s string) bool { return slices.Contains(list, s) },
	"static": staticURL,

	"pairchoice": pairRow.choice,
}

// upper shows names, cities, counties and states as the guide's screens do
// (guide 29); they are stored as typed.
func upper(s any) string { return strings.ToUpper(fmt.Sprint(s)) }

// zone is where the program is used: pages show times as the clocks there do.
// New sets it; one program has one.
var zone atomic.Pointer[time.Location]

func local(t time.Time) time.Time {
	if z := zone.Load(); z != nil {
		return t.In(z)
	}
	return t.Local()
}

// usDay shows the day of an instant, and clock its time.
func usDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return iis.DateOf(local(t)).US()
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return local(t).Format("15:04")
}

// age says how old someone born on d is on the day at, as a banner does: days
// for the new-born, then months and days, years and months, years.
func age(d, at iis.Date) string {
	if d.IsZero() || at.Before(d) {
		return ""
	}
	y, m, days := d.Age(at)
	switch {
	case y >= 18:
		return strconv.Itoa(y) + " y"
	case y > 0:
		return fmt.Sprintf("%d y %d m", y, m)
	case m > 0:
		return fmt.Sprintf("%d m %d d", m, days)
	}
	return fmt.Sprintf("%d d", days)
}

// count says a number of things: "1 change", "4 changes".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func yesNo(b bool) string {
	if b {
		return iis.Yes
	}
	return iis.No
}
