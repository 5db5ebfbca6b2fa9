package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

// TestSearchWays finds one client in every way that a search knows, from the form
// and from the box in the header, each time with the reason.
func TestSearchWays(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		for _, test := range []struct{ last, first, birth, why string }{
			{"duck", "don", "9/21/2009", "same birth date, same name"},
			{"don", "duck", "9/21/2009", "same name, first and last name swapped"},
			{"duc", "do", "", "sounds like Duc, first name begins with Do"},
			{"dukc", "donald", "", "sounds like Dukc, DON = Donald"},
			{"dick", "don", "", "former name, same name"},
			{"duck", "don", "Sep 2009", "born in September 2009, same name"},
			{"duck", "", "2009", "born in 2009, same last name"},
			{"", "donald", "9/2009", "born in September 2009, DON = Donald"},
			{"", "", "2009-09", "born in September 2009"},
		} {
			find(v, test.last, test.first, test.birth)
			v.Within("#count").Sees("like “")
			v.Within("table.results").Sees("DUCK, DON", "was DICK, DON until 01/11/2023", string(sample.Don), test.why)
			if test.first == "" && test.last == "" {
				continue
			}
			v.Open("/account")
			box := v.Within("form.quick")
			box.Fill("Find a client", strings.Join(strings.Fields(test.first+" "+test.last+" "+test.birth), " "))
			box.Press("Find")
			v.Within("table.results").Sees("DUCK, DON", string(sample.Don))
		}
		v.Open("/clients")
		form := v.Within("main form.search")
		form.Fill("Birth Date", "2009")
		form.Press("Find")
		v.Sees("Nothing was looked for yet.", "A birth year alone finds too many clients. Add the month, or a last or first name.")
		form = v.Within("main form.search")
		form.Fill("First Name", "don")
		form.Press("Find")
		v.Within("table.results").Sees("DUCK, DON", "born in 2009, same first name")
		v.Within("main form.search").Sees("Read as the year 2009")
	})
}

// TestScriptSearch: a date known in part is said back as it was read, the focus
// goes to what was found, and keys go through the list.
func TestScriptSearch(t *testing.T) {
	s := sqliteSite(t)
	b := webtest.NewBrowser(t, s.url, true)
	signIn(b, "clerk")
	b.Open("/clients")
	form := b.Within("main form.search")
	for _, test := range []struct{ typed, want string }{
		{"9/21/09", "Read as 09/21/2009"}, {"sep 2009", "Read as September 2009"}, {"9/2009", "Read as September 2009"},
		{"2009-09", "Read as September 2009"}, {"Sepp 2009", ""}, {"13/2009", ""}, {"2009", "Read as the year 2009"},
	} {
		form.Fill("Birth Date", test.typed)
		form.Fill("Phone", "")
		if got := b.Eval(`document.querySelector("form.search .echo").textContent`); got != test.want {
			t.Errorf("%q is said back as %q, want %q", test.typed, got, test.want)
		}
	}
	form.Fill("Last Name", "duck")
	form.Press("Find")
	focus := `(document.activeElement.id || document.activeElement.textContent)`
	b.Within("#count").Sees("like “duck 2009”", "e edits and i immunizes")
	if got := b.Eval(focus); got != "count" {
		t.Errorf("after Find the focus is on %q, want how many were found", got)
	}
	b.Keys(kb.ArrowDown)
	if got := b.Eval(focus); !strings.Contains(got, "DUCK") {
		t.Errorf("down from there the focus is on %q, want the first client", got)
	}
	b.Keys(kb.ArrowUp)
	if got := b.Eval(focus); got != "count" {
		t.Errorf("up again the focus is on %q, want how many were found", got)
	}
	b.Keys(kb.ArrowDown)
	b.Keys("e")
	b.Sees("Personal Information")
}
