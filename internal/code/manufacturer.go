package code

import (
	"slices"
	"strings"

	"openiis.org/iis"
)

// Manufacturer is what CDC says of an MVX code. Firms that were sold are
// Inactive, and stay for the doses of their time.
type Manufacturer struct {
	MVX    iis.MVX
	Name   string
	Status Status
}

// ManufacturerOf returns the manufacturer of a code; small letters do as well.
func ManufacturerOf(mvx iis.MVX) (Manufacturer, bool) {
	m := loaded().byMVX[iis.MVX(strings.ToUpper(strings.TrimSpace(string(mvx))))]
	if m == nil {
		return Manufacturer{}, false
	}
	return *m, true
}

// Manufacturers returns every manufacturer, by name.
func Manufacturers() []Manufacturer { return slices.Clone(loaded().manufacturers) }
