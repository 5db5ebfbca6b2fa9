package web

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"

	"github.com/google/go-cmp/cmp"
)

func TestReadClientForm(t *testing.T) {
	f, do, err := readClientForm(url.Values{
		"org": {"clinic"}, "version": {"7"}, "tab": {"contacts"}, "do": {"contact-delete"}, "contact-row": {"c2"},
		"last": {"Duck"}, "race": {"2106-3", "1002-5"}, "confirmed": {"Phone", "Shoe size", "Last name"},
		"contact/c1/last": {"Duck"}, "contact/c1/primary": {"Yes"}, "comment/k1/date": {"1/2/03"},
		"certificate": {"1"}, "alias/a1/last": {"Dick"}, "contact//last": {"x"}, "nonsense": {"x"},
	})
	if err != nil || do != "row" {
		t.Fatalf("do = %q, %v, want row", do, err)
	}
	want := registry.Form{
		Organization: "clinic", Version: 7, Tab: "contacts", Do: registry.DoDelete, Row: "contact", ID: "c2",
		Confirmed: []string{"Last name", "Phone"},
		Typed: iis.Values{
			"last": "Duck", "race": "2106-3,1002-5", "undeliverable": "No", "comment/k1/date": "1/2/03",
			"contact/c1/last": "Duck", "contact/c1/primary": "Yes", "contact/c1/notices": "No", "contact/c1/undeliverable": "No",
		},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	if f, _, _ := readClientForm(url.Values{"do": {"save"}}); len(f.Typed) != 0 {
		t.Errorf("an empty form sets %v, want nothing", f.Typed)
	}
}

// FuzzReadClientForm: whatever is posted, only fields of the form get through,
// and a button that does not exist is refused.
func FuzzReadClientForm(f *testing.F) {
	for _, seed := range []string{
		"do=save&last=Duck", "do=contact-select:c1&contact/c1/last=x", "do=comment-delete&comment-row=k1", "do=contact-copy:" + strings.Repeat("x", 99),
		"last=%00%ff&contact%2F%2Flast=1&version=-9&do=draft", "race=a,b&race=c&last=", "do=contact-", "do=-new", "contact/a/b/last=1&do=resolve",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		p, err := url.ParseQuery(body)
		if err != nil {
			return // not a form
		}
		form, do, err := readClientForm(p)
		if err != nil {
			return
		}
		for field := range form.Typed {
			if !field.Editable() {
				t.Errorf("field %q got through", field)
			}
		}
		if do == "row" && (form.Do == "" || form.Row != iis.RowContact && form.Row != iis.RowComment || len(form.ID) > 64) {
			t.Errorf("deed %q on row %q of %q", form.Do, form.ID, form.Row)
		}
		if form.Version < 0 || tabNamed(form.Tab) != form.Tab {
			t.Errorf("version %d, tab %q", form.Version, form.Tab)
		}
	})
}

// TestClientPageWeight: the Personal Information page with its style and script
// is at most 30 KB over the wire, in three requests.
func TestClientPageWeight(t *testing.T) {
	s := guideSite(t)
	b := s.as("clerk")
	a := b.get("/clients/6714871").is(200)
	total := len(zipped(t, a.body))
	t.Logf("page %d bytes, %d over the wire", len(a.body), total)
	requests := 1
	for _, sel := range []struct{ css, key string }{{"link[rel=stylesheet]", "href"}, {"script[src]", "src"}} {
		n := len(zipped(t, b.get(a.attribute(sel.css, sel.key)).is(200).body))
		t.Logf("%s %d", sel.css, n)
		total += n
		requests += len(a.texts(sel.css))
	}
	if total > 30<<10 || requests > 5 {
		t.Errorf("cold page = %d bytes in %d requests, want at most %d in 5", total, requests, 30<<10)
	}
}

func zipped(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// BenchmarkClientPage measures what the Personal Information page costs the
// handler besides the database.
func BenchmarkClientPage(b *testing.B) {
	s := guideSite(b)
	page := registry.ClientPage{Record: s.record(don, "clinic"), Today: iis.Date{Year: 2026, Month: 11, Day: 22}, MayEdit: true}
	a := iis.Actor{User: "id-clerk", Organization: "clinic", OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser}
	b.ReportAllocs()
	for b.Loop() {
		body, err := clientPage.render(shell{}, s.newScreen(page, a), nil)
		if err != nil {
			b.Fatal(err)
		}
		zip(body)
	}
}
