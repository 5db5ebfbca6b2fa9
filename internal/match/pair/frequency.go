package pair

import (
	"maps"
	"math"
)

// countNames counts how many of a million have each name that enough have.
func countNames(all []*Profile, clip float64) Names {
	last, first := map[string]int{}, map[string]int{}
	lasts, firsts := 0, 0
	for _, p := range all {
		if p.last != nil {
			last[p.last.text]++
			lasts++
		}
		if p.first != nil {
			first[p.first.text]++
			firsts++
		}
	}
	n := Names{Clip: clip}
	n.Last, n.LastAny = share(last, lasts)
	n.First, n.FirstAny = share(first, firsts)
	// Last names that are rarer than what Clip lets tell need not be listed.
	rare := n.LastAny / math.Exp2(clip)
	maps.DeleteFunc(n.Last, func(_ string, share float64) bool { return share < rare })
	return n
}

// fewest is how many have a name at least whose share is written down.
const fewest = 5

func share(count map[string]int, n int) (map[string]float64, float64) {
	m := map[string]float64{}
	if n == 0 {
		return m, 0
	}
	const million = 1_000_000
	anyTwo := 0.0
	for name, k := range count {
		s := float64(k) / float64(n)
		anyTwo += s * s
		if k >= fewest && s*million >= 20 {
			m[name] = math.Round(s * million)
		}
	}
	return m, math.Round(anyTwo*million*100) / 100
}
