package web

import (
	"testing"

	"github.com/jba/templatecheck"
)

// TestPages checks every template against the type of its data: no page asks
// for a field that is not there, in whatever branch.
func TestPages(t *testing.T) {
	for _, p := range pages {
		if err := templatecheck.CheckHTML(p.t, p.data); err != nil {
			t.Errorf("page %s: %v", p.name, err)
		}
	}
}
