package web_test

import (
	"net/url"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestImportTellsNoHidden: the pages and files of a check are the same for somebody who
// is locked to another organization as for a stranger. Once the file is taken in, its
// sender is told the code of the entry.
func TestImportTellsNoHidden(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		admin := s.account("admin")
		const secret, stranger = "Secret,Selma,1988-12-09", "Sorbet,Selda,1988-12-09"
		text := func(who string) string {
			return "last_name,first_name,birth_date,gender\n" + who + ",F\nDuck,Donald,2009-09-21,M\n=Bad,@Bea,02/30/2011,F\n"
		}
		at := map[string]string{}
		said := func(who string) (pages []string) {
			at[who] = admin.checked("clients", text(who))
			for _, path := range []string{"", "?rows=new", "?rows=held", "?rows=possible", "/rows.csv"} {
				g := admin.get(at[who] + path)
				name := strings.Split(who, ",")
				pages = append(pages, strings.NewReplacer(strings.TrimPrefix(at[who], "/import/"), "ID", name[0], "LAST", name[1], "FIRST").Replace(g.body))
			}
			return pages
		}
		if diff := gocmp.Diff(said(stranger), said(secret)); diff != "" {
			t.Errorf("the check (-of a stranger +of a hidden client):\n%s", diff)
		}
		if page := admin.get(at[secret]).body; !strings.Contains(page, "<b>1</b> new") || strings.Contains(page, "held") {
			t.Error("the check does not tell one new row, or tells of one that is held")
		}
		admin.post(at[secret], url.Values{"do": {"approve"}})
		batch, _, _ := strings.Cut(admin.get(at[secret]).header.Get("Location"), "?")
		for _, path := range []string{batch, at[secret] + "/rows.csv"} {
			if g := admin.get(path); !strings.Contains(g.body, "kept for the help desk under the code ") {
				t.Errorf("GET %s when the file is taken in = %d without the code", path, g.status)
			}
		}
		batch = admin.taken(at[stranger])
		if g := admin.get(batch); strings.Contains(g.body, "under the code") {
			t.Error("the row of the stranger is held")
		}
	})
}
