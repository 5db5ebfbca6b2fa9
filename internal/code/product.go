package code

import (
	"slices"
	"strings"

	"openiis.org/iis"
)

// Product is a vaccine under the trade name of a manufacturer. A trade name can
// be several vaccines: each strength of Comirnaty has a code.
type Product struct {
	TradeName string
	CVX       iis.CVX
	MVX       iis.MVX // "" if CDC does not say
	Status    Status  // Active or Inactive
}

// Label returns the vaccine with the trade name in brackets.
func (p Product) Label() string { return ProductLabel(p.CVX, p.TradeName) }

// Products returns every product, by trade name.
func Products() []Product { return slices.Clone(loaded().products) }

// ProductsOf returns the products of a vaccine, the active ones first, then by
// trade name.
func ProductsOf(cvx iis.CVX) []Product {
	return slices.Clone(loaded().productsOf[Canonical(string(cvx))])
}

// ProductNamed returns the products of a trade name, written in any case, the
// active ones first.
func ProductNamed(tradeName string) []Product {
	return slices.Clone(loaded().productsNamed[fold(tradeName)])
}

// ProductMade returns the product that a manufacturer makes of a vaccine, as a
// message names it by CVX and MVX. It is not known (false) where there are
// several and not exactly one of them is active.
func ProductMade(cvx iis.CVX, mvx iis.MVX) (Product, bool) {
	var made, active Product
	nMade, nActive := 0, 0
	mvx = iis.MVX(strings.TrimSpace(string(mvx)))
	for _, p := range loaded().productsOf[Canonical(string(cvx))] {
		if p.MVX == "" || !strings.EqualFold(string(p.MVX), string(mvx)) {
			continue
		}
		made, nMade = p, nMade+1
		if p.Status == Active {
			active, nActive = p, nActive+1
		}
	}
	switch {
	case nActive == 1:
		return active, true
	case nMade == 1:
		return made, true
	}
	return Product{}, false
}
