package webtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Forms is a visitor without a browser: it reads pages as one without script
// does and posts their forms, fields in order, over HTTP. It cannot tell what a
// style sheet hides.
type Forms struct {
	t    *testing.T
	base *url.URL
	part cascadia.Selector
	name string // of part
	page *formsPage
}

// formsPage is what the copies of a Forms made by Within share.
type formsPage struct {
	client *http.Client
	doc    *html.Node
	body   []byte
	status int
	header http.Header
	at     *url.URL
}

// NewForms visits the site at base.
func NewForms(t *testing.T, base string) *Forms {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &Forms{t: t, base: u, page: &formsPage{client: &http.Client{Jar: jar}, at: u}}
	return f.within("body")
}

// Again returns a visitor without this one's cookies.
func (f *Forms) Again(t *testing.T) Visitor { return NewForms(t, f.base.String()) }

// Scripted is false: scripts never run here.
func (f *Forms) Scripted() bool { return false }

// Within returns the same visitor looking only at a part of the page.
func (f *Forms) Within(part string) Visitor { return f.within(part) }

func (f *Forms) within(part string) *Forms {
	f.t.Helper()
	sel, err := cascadia.Compile(part)
	if err != nil {
		f.t.Fatalf("part %q: %v", part, err)
	}
	c := *f
	c.part, c.name = sel, part
	return &c
}

// Open goes to a path of the site.
func (f *Forms) Open(path string) {
	f.t.Helper()
	u, err := f.base.Parse(path)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.send(r)
}

// send makes a request as a browser would and reads the page it leads to.
func (f *Forms) send(r *http.Request) {
	f.t.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	if r.Method == http.MethodPost {
		r.Header.Set("Origin", f.base.Scheme+"://"+f.base.Host)
	}
	resp, err := f.page.client.Do(r)
	if err != nil {
		f.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer resp.Body.Close()
	p := f.page
	if p.body, err = io.ReadAll(resp.Body); err != nil {
		f.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	p.status, p.header, p.at = resp.StatusCode, resp.Header, resp.Request.URL
	p.doc, err = html.ParseWithOptions(strings.NewReader(string(p.body)), html.ParseOptionEnableScripting(false))
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *Forms) fail(format string, args ...any) {
	f.t.Helper()
	text := ""
	if f.page.doc != nil {
		text = words(f.page.doc, "")
		if part := f.part.MatchFirst(f.page.doc); part != nil {
			text = words(part, "")
		}
	}
	f.t.Fatalf(format+"\nat %s, status %d, part %s, no browser; it reads:\n%s", append(args, f.Path(), f.Status(), f.name, text)...)
}

// scope is the part of the page looked at.
func (f *Forms) scope() *html.Node {
	f.t.Helper()
	if f.page.doc == nil {
		f.t.Fatal("no page is open")
	}
	all := f.part.MatchAll(f.page.doc)
	if len(all) != 1 {
		f.fail("%d parts %s, not 1", len(all), f.name)
	}
	return all[0]
}

func find(n *html.Node, selector string) []*html.Node {
	return cascadia.MustCompile(selector).MatchAll(n)
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func set(n *html.Node, name, value string) {
	unset(n, name)
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func unset(n *html.Node, name string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// words is what can be read in a node, leaving out the parts named.
func words(n *html.Node, but string) string {
	var skip cascadia.Selector
	if but != "" {
		skip = cascadia.MustCompile(but)
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data + " ")
		case n.Type == html.ElementNode && (n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Head ||
			n.DataAtom == atom.Template || n.DataAtom == atom.Select || n.DataAtom == atom.Textarea || n.DataAtom == atom.Datalist ||
			n.DataAtom == atom.Dialog && !has(n, "open") || has(n, "hidden") || skip != nil && skip(n)):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c)
	}
	return clean(b.String())
}

func label(n *html.Node) string { return words(n, "i, small, .sr") }

func (f *Forms) one(list []*html.Node, what string, args ...any) *html.Node {
	f.t.Helper()
	var unique []*html.Node
	for _, n := range list {
		if !slices.Contains(unique, n) {
			unique = append(unique, n)
		}
	}
	if len(unique) != 1 {
		f.fail("%d of %s, not 1", len(unique), fmt.Sprintf(what, args...))
	}
	return unique[0]
}

// control is the input that a label is for.
func (f *Forms) control(l *html.Node) *html.Node {
	if id := attr(l, "for"); id != "" {
		for _, n := range find(f.page.doc, "input, select, textarea") {
			if attr(n, "id") == id {
				return n
			}
		}
		return nil
	}
	if in := find(l, "input, select, textarea"); len(in) > 0 {
		return in[0]
	}
	return nil
}

// field finds the control, or the set of choices, that a label belongs to.
func (f *Forms) field(want string) *html.Node {
	f.t.Helper()
	var found []*html.Node
	s := f.scope()
	for _, l := range find(s, "label") {
		if label(l) == want {
			if c := f.control(l); c != nil {
				found = append(found, c)
			}
		}
	}
	for _, l := range find(s, "legend") {
		if label(l) == want {
			found = append(found, l.Parent)
		}
	}
	for _, n := range find(s, "input[aria-label], select[aria-label], textarea[aria-label]") {
		if attr(n, "aria-label") == want {
			found = append(found, n)
		}
	}
	return f.one(found, "field %q", want)
}

// Fill types a text in place of what the field held.
func (f *Forms) Fill(label, text string) {
	f.t.Helper()
	n := f.field(label)
	if has(n, "readonly") || has(n, "disabled") {
		f.fail("%q cannot be changed", label)
	}
	if n.DataAtom == atom.Textarea {
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: text})
		return
	}
	set(n, "value", text)
}

// Choose picks an option of a select or of a set of radio buttons.
func (f *Forms) Choose(want, option string) {
	f.t.Helper()
	n := f.field(want)
	if n.DataAtom == atom.Select {
		var found []*html.Node
		for _, o := range find(n, "option") {
			if words(o, "") == option {
				found = append(found, o)
			}
		}
		o := f.one(found, "option %q of %q", option, want)
		for _, other := range find(n, "option") {
			unset(other, "selected")
		}
		set(o, "selected", "")
		return
	}
	var found []*html.Node
	for _, l := range find(n, "label") {
		if label(l) == option {
			found = append(found, f.control(l))
		}
	}
	f.check(f.one(found, "choice %q of %q", option, want))
}

// check sets a radio button, and clears the others of its name in its form.
func (f *Forms) check(n *html.Node) {
	f.t.Helper()
	if has(n, "disabled") {
		f.fail("what to choose is disabled")
	}
	for _, other := range find(f.page.doc, "input[type=radio]") {
		if attr(other, "name") == attr(n, "name") && f.formOf(other) == f.formOf(n) {
			unset(other, "checked")
		}
	}
	set(n, "checked", "")
}

// Tick sets a checkbox, or a radio button that has a label of its own.
func (f *Forms) Tick(label string) {
	f.t.Helper()
	if n := f.field(label); attr(n, "type") == "radio" {
		f.check(n)
	} else {
		set(n, "checked", "")
	}
}

// Untick clears a checkbox.
func (f *Forms) Untick(label string) { f.t.Helper(); unset(f.field(label), "checked") }

// Pick chooses the row that holds the words, by the button in it if it has one.
func (f *Forms) Pick(want ...string) {
	f.t.Helper()
	var found []*html.Node
	for _, tr := range find(f.scope(), "tr") {
		text := words(tr, "")
		if len(find(tr, "input[type=radio]")) > 0 && !slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, tr)
		}
	}
	row := f.one(found, "row with %q", want)
	radio := find(row, "input[type=radio]")[0]
	if has(radio, "checked") {
		return
	}
	f.check(radio)
	if buttons := find(row, "button.noscript"); len(buttons) == 1 {
		f.submit(buttons[0])
	}
}

// Press presses the button, or failing that follows the link, of these words.
func (f *Forms) Press(want string) {
	f.t.Helper()
	named := func(selector string) []*html.Node {
		return slices.DeleteFunc(find(f.scope(), selector), func(n *html.Node) bool {
			return attr(n, "aria-label") != want && words(n, "") != want && words(n, quiet) != want && (n.DataAtom != atom.Input || attr(n, "value") != want)
		})
	}
	all := named("button, input[type=submit]")
	if len(all) == 0 {
		all = named("a[href], summary")
	}
	n := f.one(all, "button or link %q", want)
	switch n.DataAtom {
	case atom.A:
		to, err := f.page.at.Parse(attr(n, "href"))
		if err != nil {
			f.fail("link %q: %v", want, err)
		}
		if strings.HasPrefix(attr(n, "href"), "#") {
			return
		}
		f.Open(to.RequestURI())
	case atom.Summary:
	default:
		f.submit(n)
	}
}

// quiet are the parts of a button or link that are not its name.
const quiet = ".sr, .badge, .chip, kbd"

// formOf is the form that a control belongs to.
func (f *Forms) formOf(n *html.Node) *html.Node {
	if id := attr(n, "form"); id != "" {
		for _, form := range find(f.page.doc, "form") {
			if attr(form, "id") == id {
				return form
			}
		}
		return nil
	}
	for n = n.Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Form {
			return n
		}
	}
	return nil
}

// Values are the fields that a form of the page would send, with the button
// that was pressed.
func (f *Forms) values(form, button *html.Node) url.Values {
	v := url.Values{}
	for _, n := range find(f.page.doc, "input, select, textarea, button") {
		name := attr(n, "name")
		if name == "" || has(n, "disabled") || f.formOf(n) != form {
			continue
		}
		switch kind := strings.ToLower(attr(n, "type")); {
		case n == button:
			v.Add(name, attr(n, "value"))
		case n.DataAtom == atom.Button, kind == "submit", kind == "button", kind == "reset":
		case n.DataAtom == atom.Select:
			options := find(n, "option")
			at := slices.IndexFunc(options, func(o *html.Node) bool { return has(o, "selected") })
			if at < 0 && len(options) > 0 {
				at = 0
			}
			if at >= 0 {
				value := attr(options[at], "value")
				if !has(options[at], "value") {
					value = words(options[at], "")
				}
				v.Add(name, value)
			}
		case n.DataAtom == atom.Textarea:
			text := ""
			if n.FirstChild != nil {
				text = strings.TrimPrefix(n.FirstChild.Data, "\n")
			}
			v.Add(name, text)
		case kind == "radio", kind == "checkbox":
			if has(n, "checked") {
				value := attr(n, "value")
				if !has(n, "value") {
					value = "on"
				}
				v.Add(name, value)
			}
		default:
			v.Add(name, attr(n, "value"))
		}
	}
	return v
}

func (f *Forms) submit(button *html.Node) {
	f.t.Helper()
	form := f.formOf(button)
	if form == nil || has(button, "disabled") {
		f.fail("the button sends no form")
	}
	to, err := f.page.at.Parse(attr(form, "action"))
	if err != nil {
		f.fail("action of the form: %v", err)
	}
	v := f.values(form, button)
	if !strings.EqualFold(attr(form, "method"), "post") {
		f.Open(to.Path + "?" + v.Encode())
		return
	}
	f.Post(to.RequestURI(), v)
}

// Form returns the fields that the form holding the given part would send if
// no button were pressed, for a test to change and Post.
func (f *Forms) Form(part string) url.Values {
	f.t.Helper()
	n := f.within(part).scope()
	form := n
	if n.DataAtom != atom.Form {
		form = f.formOf(n)
	}
	return f.values(form, nil)
}

// Post sends a form as the page would, to a path of the site.
func (f *Forms) Post(path string, v url.Values) {
	f.t.Helper()
	u, err := f.base.Parse(path)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, u.String(), strings.NewReader(v.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f.send(r)
}

// Text is what can be read in the part of the page looked at.
func (f *Forms) Text() string { f.t.Helper(); return words(f.scope(), "") }

// Sees checks that all the words can be read.
func (f *Forms) Sees(want ...string) {
	f.t.Helper()
	text := f.Text()
	for _, w := range want {
		if !strings.Contains(text, clean(w)) {
			f.fail("%q cannot be read", w)
		}
	}
}

// SeesNot checks that none of the words can be read.
func (f *Forms) SeesNot(not ...string) {
	f.t.Helper()
	text := f.Text()
	for _, w := range not {
		if strings.Contains(text, clean(w)) {
			f.fail("%q can be read", w)
		}
	}
}

// SeesStatus checks that the page says that this happened.
func (f *Forms) SeesStatus(want string) {
	f.t.Helper()
	var says []string
	for _, n := range find(f.scope(), "[role=status]") {
		says = append(says, words(n, ""))
	}
	if !strings.Contains(strings.Join(says, " | "), want) {
		f.fail("the page says %q, want %q", says, want)
	}
}

// Holds checks what a field holds.
func (f *Forms) Holds(want, value string) {
	f.t.Helper()
	n := f.field(want)
	got := attr(n, "value")
	switch {
	case n.DataAtom == atom.Fieldset:
		var on []string
		for _, l := range find(n, "label") {
			if c := f.control(l); c != nil && has(c, "checked") {
				on = append(on, label(l))
			}
		}
		got = strings.Join(on, ", ")
	case n.DataAtom == atom.Select:
		got = ""
		for i, o := range find(n, "option") {
			if has(o, "selected") || i == 0 {
				got = words(o, "")
			}
		}
	case n.DataAtom == atom.Textarea:
		got = words(n, "")
	case attr(n, "type") == "checkbox":
		got = ""
		if has(n, "checked") {
			got = "Yes"
		}
	}
	if got != value {
		f.fail("%s holds %q, want %q", want, got, value)
	}
}

// Has reports whether that part is on the page.
func (f *Forms) Has(part string) bool {
	return f.page.doc != nil && len(find(f.page.doc, part)) > 0
}

// Path is the path and query of the page.
func (f *Forms) Path() string { return f.page.at.RequestURI() }

// Status is the HTTP status of the page.
func (f *Forms) Status() int { return f.page.status }

// Body is the page as it was sent, and Header what came before it.
func (f *Forms) Body() []byte        { return f.page.body }
func (f *Forms) Header() http.Header { return f.page.header }

// Client is what the visitor asks with: its cookies are the visitor's.
func (f *Forms) Client() *http.Client { return f.page.client }

var _ Visitor = (*Forms)(nil)
