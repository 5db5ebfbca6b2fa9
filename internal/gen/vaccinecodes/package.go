package main

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// pack is what CDC says, in one or more entries, of an NDC with one vaccine and
// one maker.
type pack struct {
	packKey
	use, sale        bool
	start, end, name string
	open             bool // an entry has no end
}

type packKey struct{ ndc, cvx, mvx string }

// putPackages writes a line for each NDC, vaccine and maker. Some NDCs have
// several: Engerix-B is two vaccines by its dose, and firms are sold.
func putPackages(s *source, put putter) error {
	known := s.vaccines.by("CVXCode")
	packs := map[packKey]*pack{}
	makersOfUse, makersOfSale := makers(s)
	for _, r := range slices.Concat(s.use.rows, s.sale.rows) {
		if !ndc.MatchString(r["ndc"]) || known[r["cvx"]] == nil {
			return fmt.Errorf("the package %q of CVX %s cannot be taken", r["ndc"], r["cvx"])
		}
		noUse, isUse := r["no unit of use"]
		of := makersOfSale[r["id"]]
		if isUse {
			of = makersOfUse[r["id"]]
		}
		if len(of) == 0 {
			of = map[string]bool{"": true} // CDC does not say who makes it
		}
		for mvx := range of {
			k := packKey{r["ndc"], r["cvx"], mvx}
			p := packs[k]
			if p == nil {
				p = &pack{packKey: k, name: tradeName(r["trade name"])}
				packs[k] = p
			}
			// What has no unit of use is listed as one all the same, by its NDC of
			// sale.
			if isUse && noUse == "False" {
				p.use = true
			} else {
				p.sale = true
			}
			if err := p.sold(r["start"], r["end"]); err != nil {
				return fmt.Errorf("the package %s: %w", r["ndc"], err)
			}
		}
	}
	for _, p := range slices.SortedFunc(maps.Values(packs), func(a, b *pack) int {
		return cmp.Or(cmp.Compare(a.ndc, b.ndc), cmp.Compare(a.cvx, b.cvx), cmp.Compare(a.mvx, b.mvx))
	}) {
		unit := ""
		if p.use {
			unit = "U"
		}
		if p.sale {
			unit += "S"
		}
		put("package", p.ndc, p.cvx, p.mvx, unit, p.start, p.end, p.name)
	}
	return nil
}

// makers returns who makes the units of use and of sale, by their IDs.
func makers(s *source) (ofUse, ofSale map[string]map[string]bool) {
	ofUse, ofSale = map[string]map[string]bool{}, map[string]map[string]bool{}
	add := func(of map[string]map[string]bool, id, mvx string) {
		if of[id] == nil {
			of[id] = map[string]bool{}
		}
		of[id][mvx] = true
	}
	use, sale := s.use.by("id"), s.sale.by("id")
	for _, l := range s.links.rows {
		add(ofSale, l["sale"], l["mvx"])
		if sameVaccine(use[l["use"]], sale[l["sale"]]) {
			add(ofUse, l["use"], l["mvx"])
		}
	}
	return ofUse, ofSale
}

// sold takes the days from and to which an entry says the package was sold;
// either may be empty.
func (p *pack) sold(start, end string) error {
	for _, day := range []*string{&start, &end} {
		if *day == "" {
			continue
		}
		d, err := date(*day)
		if err != nil {
			return err
		}
		*day = d
	}
	if p.start == "" || start != "" && start < p.start {
		p.start = start
	}
	if p.open = p.open || end == ""; p.open {
		p.end = ""
	} else {
		p.end = max(p.end, end)
	}
	return nil
}

var ndc = regexp.MustCompile(`^\d{5}-\d{4}-\d{2}$`)

// sameVaccine reports whether a unit of use and one of sale that CDC links are
// of the same vaccine. Where not, the link is a slip.
func sameVaccine(use, sale []row) bool {
	return slices.ContainsFunc(use, func(u row) bool {
		return slices.ContainsFunc(sale, func(s row) bool { return u["cvx"] == s["cvx"] })
	})
}
