package webtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cdp "github.com/chromedp/chromedp"
)

// Widths are those every screen is checked at: a desk, a tablet, and a page
// enlarged four times (WCAG 1.4.10).
var Widths = []int64{1360, 800, 320}

// axeFile is where npm puts axe-core, seen from the package under test: in the
// module's root, which the tests of all packages share.
func axeFile() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the test")
		}
		dir = up
	}
}

// axeRun asks for every rule, those of WCAG 2.2 that are off by default too.
// What axe leaves for a person to judge is not counted.
const axeRun = `axe.run(document, {resultTypes: ["violations"], preload: false, rules: {"target-size": {enabled: true}}})
	.then(r => r.violations.map(v => v.id + " (" + v.help + "): " +
		v.nodes.map(n => n.target.join(" ") + (n.any[0]?.message ? " [" + n.any[0].message + "]" : "")).slice(0, 5).join("; ")))`

// layout finds what axe does not: a page that scrolls sideways, and targets of
// less than 24 by 24 px (WCAG 2.5.8). A link inside a sentence may be as low as
// its line.
const layout = `(() => {
	scrollTo(0, 0); // so that nothing that sticks to the top covers anything
	const out = [], root = document.scrollingElement;
	if (root.scrollWidth > root.clientWidth) {
		const wide = [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > root.clientWidth + 1)
			.map(e => e.tagName + (e.id ? "#" + e.id : "") + (e.className ? "." + e.className : "")).slice(0, 4);
		out.push("the page scrolls sideways: " + root.scrollWidth + " px wide, by " + wide.join(", "));
	}
	for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=tab], [role=button]")) {
		if (e.type === "hidden" || !e.checkVisibility({visibilityProperty: true})) continue;
		const box = e.matches("[type=radio], [type=checkbox]") && e.labels?.length ? e.labels[0] : e;
		const r = box.getBoundingClientRect();
		if (e.closest(".sr, .sr-focus, .skip") || r.width <= 2 || r.height <= 2) continue; // seen only when focused, or never
		const sentence = e.tagName === "A" && [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 1);
		if (sentence) continue;
		if (Math.round(r.width) < 24 || Math.round(r.height) < 24)
			out.push("target of " + Math.round(r.width) + " by " + Math.round(r.height) + " px: " + e.outerHTML.slice(0, 90));
	}
	return out;
})()`

// Axe fails the test, under the name of the screen, with every finding of
// axe-core and of layout at each of the Widths.
func (b *Browser) Axe(screen string) {
	b.t.Helper()
	file, err := axeFile()
	if err != nil {
		b.t.Fatal(err)
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		Missing(b.t, "chromium", "axe-core is not installed (npm ci): "+err.Error())
	}
	defer b.Resize(1360)
	for i, width := range Widths {
		b.Resize(width)
		ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
		if i == 0 {
			if err := cdp.Do(ctx, cdp.Evaluate[cdp.Void](string(axe)+"\n;undefined")); err != nil {
				b.fail("%s: load axe-core: %v", screen, err)
			}
		}
		found, err := cdp.Run(ctx, cdp.Evaluate[[]string](layout))
		if err == nil && b.tab.script { // axe-core works with promises, which a page without script never keeps
			var more []string
			more, err = cdp.Run(ctx, cdp.Evaluate[[]string](axeRun, cdp.EvalAwaitPromise))
			found = append(found, more...)
		}
		cancel()
		if err != nil {
			b.fail("%s at %d px: %v", screen, width, err)
		}
		if len(found) > 0 {
			b.Screenshot(filepath.Join(b.t.ArtifactDir(), fmt.Sprintf("%s-%d.png", strings.ReplaceAll(screen, " ", "-"), width)))
			b.t.Errorf("%s (%s) at %d px:\n\t%s", screen, b.Path(), width, strings.Join(found, "\n\t"))
		}
	}
}

// Resize gives the page another width.
func (b *Browser) Resize(width int64) {
	b.t.Helper()
	if b.tab.width == width {
		return
	}
	b.tab.width = width
	ctx, cancel := context.WithTimeout(b.tab.ctx, patience)
	defer cancel()
	if err := cdp.Do(ctx, cdp.EmulateViewport(width, 1000)); err != nil {
		b.fail("resize: %v", err)
	}
}
