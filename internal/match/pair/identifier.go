package pair

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis/internal/match"
)

// identifiers sorts the identifiers by system, so that two lists are compared
// in one pass.
func (b *Book) identifiers(p *Profile, ids []FactsID) {
	if len(ids) > 0 {
		p.ids = make([]ident, 0, len(ids))
	}
	for _, id := range ids {
		v := match.Fold(id.Value)
		if match.PlaceholderNumber(v) {
			continue
		}
		s := match.Fold(id.System)
		p.ids = append(p.ids, ident{b.word(cmp.Or(s, "?")), strings.Clone(v), b.policy.strong(s), s == "" || b.policy.vagues[s]})
	}
	slices.SortFunc(p.ids, func(x, y ident) int {
		return cmp.Or(cmp.Compare(x.system.hash, y.system.hash), strings.Compare(x.value, y.value))
	})
}

// identifiers goes through two lists sorted by system.
func (c *Comparer) identifiers(a, b []ident) Grade {
	var same, slip, differ, sameOther, otherDiffer bool
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch x, y := a[i].system.hash, b[j].system.hash; {
		case x < y:
			i++
			continue
		case x > y:
			j++
			continue
		}
		// All of this system on both sides: one that agrees is enough.
		s := a[i].system
		i2, j2 := i, j
		for i2 < len(a) && c.equal(a[i2].system, s) {
			i2++
		}
		for j2 < len(b) && c.equal(b[j2].system, s) {
			j2++
		}
		strong, equal, near := a[i].strong, false, false
		for _, x := range a[i:i2] {
			for _, y := range b[j:j2] {
				if x.value == y.value {
					equal = true
				} else if strong && !equal && len(x.value) >= 6 && c.distance(x.value, y.value) <= 1 {
					near = true
				}
			}
		}
		switch {
		case equal && strong:
			same = true
		case equal:
			sameOther = true
		case near && strong:
			slip = true
		case strong:
			differ = true
		case !a[i].vague:
			otherDiffer = true
		}
		i, j = i2, j2
	}
	switch {
	case same && differ:
		return Mixed
	case same:
		return Same
	case differ && (slip || sameOther):
		return Mixed
	case differ:
		return Different
	case slip:
		return Slip
	case sameOther:
		return SameOther
	case otherDiffer:
		return OtherDiffer
	}
	return Missing
}
