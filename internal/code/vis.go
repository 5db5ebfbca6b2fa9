package code

import (
	"slices"

	"openiis.org/iis"
)

// VIS is an edition of a vaccine information statement, or of the fact sheet
// that stood for one.
type VIS struct {
	Document string // CDC's code (GDTI) of the statement, the same for its editions
	Name     string
	Edition  iis.Date
	Current  bool
	URL      string // page of a current edition; "" for the others
}

// VISOf returns the statements on a vaccine, current editions first, then the
// latest.
func VISOf(cvx iis.CVX) []VIS {
	return slices.Clone(loaded().statements[Canonical(string(cvx))])
}

// addStatement takes a document, its edition, C if it is current, the address,
// the vaccines and the name.
func (t *table) addStatement(f []string) error {
	day, err := iis.ParseDate(f[1])
	v := VIS{Document: f[0], Edition: day, Current: f[2] == "C", URL: f[3], Name: f[5]}
	for _, code := range list(f[4]) {
		t.statements[iis.CVX(code)] = append(t.statements[iis.CVX(code)], v)
	}
	return err
}
