package pair

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/sample"
)

// TestIndex: going through an index, in any steps, compares the same pairs and finds
// the same as comparing all candidates at once.
func TestIndex(t *testing.T) {
	book := NewBook(Shipped())
	var all []*Profile
	for p := range sample.Population(3, 2000) {
		profile, err := book.Prepare(FactsOf(p.Client, p.Aliases, p.Memberships))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, profile)
	}
	c := Find(all, nil)
	var want []Linked
	if err := c.Link(Shipped(), func(l Linked) error { want = append(want, l); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(want) < 30 {
		t.Fatalf("%d pairs linked, want at least 30", len(want))
	}
	x := NewIndex(all)
	for _, step := range []int{1, 77, 500, 10_000} {
		var got []Linked
		compared := 0
		for at := 0; at < x.Len(); at += step {
			linked, n := x.Link(Shipped(), at, at+step)
			got, compared = slices.Concat(got, linked), compared+n
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Decision{})); diff != "" {
			t.Errorf("in steps of %d (-want +got):\n%s", step, diff)
		}
		if compared != c.Len() {
			t.Errorf("in steps of %d: %d pairs compared, want %d", step, compared, c.Len())
		}
	}
	if linked, n := NewIndex(nil).Link(Shipped(), 0, 10); len(linked) != 0 || n != 0 {
		t.Errorf("Link of nothing = %v, %d", linked, n)
	}
}
