package web_test

import (
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

// scripted opens Don in a browser that runs the script.
func scripted(t *testing.T, tab string) (*site, *webtest.Browser) {
	t.Helper()
	s := sqliteSite(t)
	b := webtest.NewBrowser(t, s.url, true)
	signIn(b, "clerk")
	open(b, sample.Don, tab)
	return s, b
}

// TestScriptDraft: what is typed is kept by itself, also after the connection
// was gone for a while.
func TestScriptDraft(t *testing.T) {
	_, b := scripted(t, "")
	header(b).Fill("Email", "don@example.org")
	b.SeesStatus("1 unsaved change, kept as a draft")
	b.Eval(`(window.real = fetch, window.fetch = () => Promise.reject(new TypeError("no connection")), "")`)
	header(b).Fill("Middle Name", "Fauntleroy")
	b.SeesStatus("Not saved: no connection. Your changes are kept on this page")
	b.Eval(`(window.fetch = window.real, "")`)
	b.SeesStatus("2 unsaved changes, kept as a draft")
	open(b, sample.Don, "")
	b.Sees("Your draft from", "2 changes not saved yet")
	header(b).Holds("Middle Name", "Fauntleroy")
}

// TestScriptKeys: Enter in the form of a row is Next, Ctrl+S saves, arrows go
// from tab to tab.
func TestScriptKeys(t *testing.T) {
	s, b := scripted(t, tabContacts)
	contacts(b).Press("New")
	detail(b, "contacts").Choose("Relationship", "Friend")
	detail(b, "contacts").Fill("Last Name", "Mouse")
	b.Eval(`document.querySelector("#contacts .sub input[name$='/last']").focus()`)
	b.Keys("\r")
	contacts(b).Sees("Not saved yet")
	b.Eval(`document.querySelector("#tab-contacts").focus()`)
	b.Keys(kb.ArrowRight)
	b.Sees("Client Comment Listing")
	b.Keys("s", cdp.KeyModifiers(cdp.ModifierCtrl))
	b.SeesStatus("Client Updated")
	if n := len(s.record(sample.Don, sample.TestClinic).Contacts); n != 4 {
		t.Errorf("%d contacts, want the new one too", n)
	}
}

// TestScriptSaveOnce: a double click saves once, and a draft under way does not
// come back after the save.
func TestScriptSaveOnce(t *testing.T) {
	s, b := scripted(t, "")
	before := s.record(sample.Don, sample.TestClinic).Client.Version
	header(b).Fill("Email", "don@example.org")
	b.Eval(`(() => {
		const save = document.querySelector("button[value=save]");
		dispatchEvent(new Event("online"));
		save.click();
		save.click();
		return "";
	})()`)
	b.SeesStatus("Client Updated")
	if got := s.record(sample.Don, sample.TestClinic).Client.Version; got != before+1 {
		t.Errorf("version = %d, want %d", got, before+1)
	}
	open(b, sample.Don, "")
	b.SeesNot("Your draft from")
}

// TestScriptFocus: the eye is led to where the work goes on.
func TestScriptFocus(t *testing.T) {
	_, b := scripted(t, tabContacts)
	focused := func(want string) {
		t.Helper()
		if got := b.Eval(`document.activeElement.name || document.activeElement.id`); got != want {
			t.Errorf("the focus is on %q, want %q", got, want)
		}
	}
	contacts(b).Press("New")
	b.Sees("Enter New Contact...")
	if got := b.Eval(`document.activeElement.name.split("/").at(-1)`); got != "last" {
		t.Errorf("the focus is on %q, want the last name of the new contact", got)
	}
	detail(b, "contacts").Fill("First Name", "Minnie")
	detail(b, "contacts").Press("Next")
	b.Sees("Nothing was saved yet")
	focused("problems")
	detail(b, "contacts").Press("Cancel")
	contacts(b).Pick("HUEY")
	b.Sees("Address for Contact: DUCK HUEY")
	focused("contact-row")
	header(b).Fill("Middle Name", "Fauntleroy")
	contacts(b).Pick("DAISY")
	b.Within("[data-said]").Sees("1 change is not saved yet.")
}
