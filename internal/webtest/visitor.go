package webtest

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Visitor is someone at the pages of openiis. Words are compared without regard
// to white space. What cannot be found or is there twice fails the test; a part
// of a page is named with Within.
type Visitor interface {
	// Open goes to a path of the site.
	Open(path string)
	// Press presses the button, or failing that follows the link, of these words.
	Press(words string)
	// Fill types text into the field of that label, in place of what was there.
	Fill(label, text string)
	// Choose picks an option of a select or of a set of radio buttons.
	Choose(label, option string)
	// Tick and Untick set a checkbox.
	Tick(label string)
	Untick(label string)
	// Pick chooses the row of a listing that holds all the words; its details are
	// shown.
	Pick(words ...string)
	// Within returns the same visitor looking only at a part of the page, given
	// as a CSS selector.
	Within(part string) Visitor

	// Sees and SeesNot check what can be read on the page.
	Sees(words ...string)
	SeesNot(words ...string)
	// SeesStatus checks what the page says happened.
	SeesStatus(words string)
	// Holds checks what the field of that label holds: of a select the words
	// chosen, of a checkbox "Yes" or "".
	Holds(label, want string)
	// Has reports whether the part of the page is there to be seen.
	Has(part string) bool
	// Text is what can be read on the page.
	Text() string
	// Path is that of the page, with its query.
	Path() string
	// Status is the HTTP status the page came with.
	Status() int
	// Scripted reports whether pages run their script for this visitor.
	Scripted() bool
	// Again returns a second visitor of the same kind to the same site, who is
	// not signed in.
	Again(t *testing.T) Visitor
}

// Missing skips a test for want of something on this machine, or fails it if
// OPENIIS_REQUIRE lists that: "postgres,chromium" (which includes axe-core).
func Missing(t testing.TB, what, why string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("OPENIIS_REQUIRE"), ","), what) {
		t.Fatalf("%s is required and missing: %s", what, why)
	}
	t.Skipf("%s is missing: %s", what, why)
}

// clean makes one space of all white space, and none before a sign that ends
// something: the pieces of a text are joined with spaces.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for _, sign := range []string{".", ",", ":", ";", ")", "?"} {
		s = strings.ReplaceAll(s, " "+sign, sign)
	}
	return s
}
