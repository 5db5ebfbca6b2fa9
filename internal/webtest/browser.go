package webtest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	cdp "github.com/chromedp/chromedp"
)

//go:embed page.js
var pageJS string

// patience is how long a visitor waits for a page to become what is expected
// of it; a machine with much else to do is slow, but not that slow.
const patience = 15 * time.Second

// chromium is the one browser of a test program, started by the first test that
// visits with it.
var chromium struct {
	sync.Mutex
	ctx   context.Context
	close context.CancelFunc
	err   error
}

// Close closes the browser, once all tests of a package have run: TestMain calls
// it. A test program that is killed takes its browser with it.
func Close() {
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.close != nil {
		chromium.close()
	}
}

// program finds Chromium on this machine, first the build that has no windows: the
// tests take less than half the time with it.
func program() (string, error) {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", errors.New("no chromium, chromium-browser or google-chrome in PATH (Debian: apt install chromium-headless-shell)")
}

func start() (context.Context, error) {
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.ctx != nil || chromium.err != nil {
		return chromium.ctx, chromium.err
	}
	exe, err := program()
	if err != nil {
		chromium.err = err
		return nil, err
	}
	opts := []cdp.ExecAllocatorOption{cdp.ExecPath(exe), cdp.DisableGPU, cdp.WindowSize(1360, 1000),
		cdp.Flag("disable-component-update", true), cdp.Flag("force-prefers-reduced-motion", true)}
	if os.Geteuid() == 0 {
		opts = append(opts, cdp.NoSandbox)
	}
	ctx, cancel := cdp.NewContext(context.Background(), cdp.WithAllocatorOptions(opts...),
		cdp.WithErrorf(func(string, ...any) {}))
	if err := cdp.Do(ctx); err != nil {
		cancel()
		chromium.err = fmt.Errorf("start %s: %w", exe, err)
		return nil, chromium.err
	}
	chromium.ctx, chromium.close = ctx, cancel
	return ctx, nil
}

// Browser is a visitor with Chromium, in a context of its own: no cookie or
// page is shared with any other. A script that fails, a rule of the content
// security policy that is broken and a dialog that a page opens fail the test.
type Browser struct {
	t    *testing.T
	base string
	part string // selector of the part looked at
	tab  *tab
}

// tab is what the copies of a Browser made by Within share.
type tab struct {
	ctx    context.Context
	script bool
	status atomic.Int64
	width  int64

	mu      sync.Mutex
	waiting map[network.RequestID]bool // requests of the page that are under way
	faults  []string
}

// NewBrowser visits the site at base with script, or without.
func NewBrowser(t *testing.T, base string, script bool) *Browser {
	t.Helper()
	root, err := start()
	if err != nil {
		Missing(t, "chromium", err.Error())
	}
	ctx, cancel := cdp.NewContext(root, cdp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &Browser{t: t, base: strings.TrimSuffix(base, "/"), part: "body", tab: &tab{ctx: ctx, script: script, width: 1360, waiting: map[network.RequestID]bool{}}}
	if err := cdp.Do(ctx, cdp.EmulateViewport(1360, 1000)); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	if err := cdp.Listen(ctx, b.tab.hear); err != nil {
		t.Fatalf("listen: %v", err)
	}
	if _, err := cdp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script}); err != nil {
		t.Fatalf("turn scripts off: %v", err)
	}
	t.Cleanup(func() {
		b.tab.mu.Lock()
		defer b.tab.mu.Unlock()
		for _, f := range b.tab.faults {
			t.Errorf("in the browser: %s", f)
		}
	})
	return b
}

// Again returns a visitor with another browser context.
func (b *Browser) Again(t *testing.T) Visitor { return NewBrowser(t, b.base, b.tab.script) }

// Scripted reports whether pages run their script.
func (b *Browser) Scripted() bool { return b.tab.script }

// Within returns the same visitor looking only at a part of the page.
func (b *Browser) Within(part string) Visitor {
	c := *b
	c.part = part
	return &c
}

// hear follows what happens in the tab.
func (tab *tab) hear(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		tab.mu.Lock()
		if e.Type == network.ResourceTypeDocument {
			clear(tab.waiting) // what the page before was waiting for
		}
		tab.waiting[e.RequestID] = true
		tab.mu.Unlock()
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			tab.status.Store(e.Response.Status)
		}
	case *network.EventLoadingFinished:
		tab.answered(e.RequestID)
	case *network.EventLoadingFailed:
		tab.answered(e.RequestID)
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		tab.fault("script failed: %s", text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			tab.fault("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *page.EventJavascriptDialogOpening:
		if e.Type != page.DialogTypeBeforeunload {
			tab.fault("the page opened a dialog: %s %s", e.Type, e.Message)
		}
		// Answered elsewhere: this goroutine is the one that reads the answer.
		go cdp.Call(tab.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	}
}

func (tab *tab) answered(id network.RequestID) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	delete(tab.waiting, id)
}

// idle reports whether the page waits for no answer.
func (tab *tab) idle() bool {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return len(tab.waiting) == 0
}

func (tab *tab) fault(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.faults = append(tab.faults, fmt.Sprintf(format, args...))
}

// answer is what a deed of page.js says.
type answer struct {
	Error    string
	Text     string
	X, Y     float64 // where to press
	Goes     bool    // pressing leads somewhere
	Done     bool    // nothing is left to do
	Pressed  bool    // the page is still the one that was pressed on
	Replaced bool    // but a script has shown its form anew
}

// try does one deed of page.js.
func (b *Browser) try(deed string, args ...string) (answer, error) {
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	list, err := json.Marshal(append([]string{}, args...))
	if err != nil {
		return answer{}, err
	}
	call := fmt.Sprintf("%s(%q, %s, %s)", strings.TrimSpace(pageJS), deed, quote(b.part), list)
	a, err := cdp.Run(ctx, cdp.Evaluate[answer](call))
	if err == nil && a.Error != "" {
		err = errors.New(a.Error)
	}
	return a, err
}

func quote(s string) string {
	q, _ := json.Marshal(s) // a string can always be written
	return string(q)
}

// do does a deed, waiting for the page to let it.
func (b *Browser) do(deed string, args ...string) answer {
	b.t.Helper()
	var a answer
	var err error
	if !b.until(func() bool { a, err = b.try(deed, args...); return err == nil }) {
		b.fail("%s %q: %v", deed, args, err)
	}
	return a
}

// until asks again and again, for as long as there is patience.
func (b *Browser) until(ok func() bool) bool {
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			return false
		}
		select {
		case <-b.tab.ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true
}

// fail ends the test, with what the page says and a picture of it among the
// artifacts of the test.
func (b *Browser) fail(format string, args ...any) {
	b.t.Helper()
	shot := filepath.Join(b.t.ArtifactDir(), "failed.png")
	b.Screenshot(shot)
	a, err := b.try("text")
	if err != nil {
		whole := *b
		whole.part = "body"
		a, _ = whole.try("text")
	}
	b.t.Fatalf(format+"\nat %s, status %d, part %s, script %v; it reads:\n%s",
		append(args, b.Path(), b.Status(), b.part, b.tab.script, a.Text)...)
}

// Screenshot writes a picture of the whole page.
func (b *Browser) Screenshot(file string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	png, err := cdp.Run(ctx, cdp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(file, png, 0o644)
	}
	if err != nil {
		b.t.Logf("screenshot: %v", err)
	}
}

// Open goes to a path of the site.
func (b *Browser) Open(path string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	if err := cdp.Do(ctx, cdp.Navigate(b.base+path)); err != nil {
		b.fail("open %s: %v", path, err)
	}
	b.settle(func(a answer) bool { return !a.Pressed })
}

// settle waits until a document that passes is there with all that it loads.
func (b *Browser) settle(passes func(answer) bool) {
	b.t.Helper()
	whole := *b
	whole.part = "html"
	var a answer
	var err error
	ok := b.until(func() bool {
		a, err = whole.try("ready")
		return err == nil && a.Done && passes(a) && b.tab.idle()
	})
	if !ok {
		b.fail("the page did not get ready: %v", err)
	}
}

// click presses where a deed said to, with the mouse.
func (b *Browser) click(a answer) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	for _, typ := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		if err := cdp.Do(ctx, cdp.MouseEvent(typ, a.X, a.Y, cdp.ButtonLeft, cdp.ClickCount(1))); err != nil {
			b.fail("press: %v", err)
		}
	}
}

// Press presses a button, or follows a link, and waits for what comes of it.
func (b *Browser) Press(words string) {
	b.t.Helper()
	a := b.do("press", words)
	b.click(a)
	b.settle(func(now answer) bool { return !a.Goes || !now.Pressed || now.Replaced })
}

// Fill types a text in place of what the field held, and leaves the field.
func (b *Browser) Fill(label, text string) {
	b.t.Helper()
	b.do("fill", label)
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	var err error
	if text == "" {
		err = cdp.Do(ctx, cdp.KeyEvent("\b"))
	} else {
		_, err = cdp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
	}
	if err != nil {
		b.fail("type into %q: %v", label, err)
	}
	b.do("blur")
}

// Choose picks an option of a select or of a set of radio buttons.
func (b *Browser) Choose(label, option string) {
	b.t.Helper()
	if a := b.do("choose", label, option); !a.Done {
		b.click(a)
	}
}

// Tick sets a checkbox.
func (b *Browser) Tick(label string) { b.t.Helper(); b.tick(label, "Yes") }

// Untick clears a checkbox.
func (b *Browser) Untick(label string) { b.t.Helper(); b.tick(label, "No") }

func (b *Browser) tick(label, on string) {
	b.t.Helper()
	if a := b.do("tick", label, on); !a.Done {
		b.click(a)
	}
}

// Pick chooses the row that holds the words. A script shows its details; where
// none runs, a button in the row does.
func (b *Browser) Pick(words ...string) {
	b.t.Helper()
	if a := b.do("pick", words...); !a.Done {
		b.click(a)
		b.settle(func(now answer) bool { return !now.Pressed || now.Replaced })
	}
}

// Text is what can be read in the part of the page looked at.
func (b *Browser) Text() string { b.t.Helper(); return clean(b.do("text").Text) }

// Sees waits until all the words can be read.
func (b *Browser) Sees(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if !b.until(func() bool { a, err := b.try("text"); return err == nil && strings.Contains(clean(a.Text), clean(w)) }) {
			b.fail("%q cannot be read", w)
		}
	}
}

// SeesNot checks that none of the words can be read.
func (b *Browser) SeesNot(words ...string) {
	b.t.Helper()
	text := b.Text()
	for _, w := range words {
		if strings.Contains(text, clean(w)) {
			b.fail("%q can be read", w)
		}
	}
}

// SeesStatus waits until the page says that this happened.
func (b *Browser) SeesStatus(words string) {
	b.t.Helper()
	var a answer
	var err error
	if !b.until(func() bool { a, err = b.try("status"); return err == nil && strings.Contains(a.Text, words) }) {
		b.fail("the page says %q (%v), want %q", a.Text, err, words)
	}
}

// Holds waits until the field holds that.
func (b *Browser) Holds(label, want string) {
	b.t.Helper()
	var a answer
	var err error
	if !b.until(func() bool { a, err = b.try("holds", label); return err == nil && a.Text == want }) {
		b.fail("%s holds %q (%v), want %q", label, a.Text, err, want)
	}
}

// Has reports whether that part of the page can be seen.
func (b *Browser) Has(part string) bool {
	b.t.Helper()
	c := *b
	c.part = part
	_, err := c.try("has")
	return err == nil
}

// Path is the path and query of the page.
func (b *Browser) Path() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	at, err := cdp.Run(ctx, cdp.Location())
	if err != nil {
		return ""
	}
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// Status is the HTTP status of the page.
func (b *Browser) Status() int { return int(b.tab.status.Load()) }

// Keys presses keys as on the keyboard, in what has the focus.
func (b *Browser) Keys(keys string, opts ...cdp.KeyOption) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	if err := cdp.Do(ctx, cdp.KeyEvent(keys, opts...)); err != nil {
		b.fail("keys: %v", err)
	}
}

// Eval asks the page something in its own language; the answer is a string.
func (b *Browser) Eval(expression string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	v, err := cdp.Run(ctx, cdp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.fail("eval: %v", err)
	}
	return v
}

// SetCookie gives the browser a cookie of the site.
func (b *Browser) SetCookie(c *http.Cookie) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	_, err := cdp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base})
	if err != nil {
		b.fail("set a cookie: %v", err)
	}
}

// Cookies are those the browser holds for the site, as name to value.
func (b *Browser) Cookies() map[string]string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	r, err := cdp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.fail("cookies: %v", err)
	}
	jar := map[string]string{}
	for _, c := range r.Cookies {
		jar[c.Name] = c.Value
	}
	return jar
}

var _ Visitor = (*Browser)(nil)
