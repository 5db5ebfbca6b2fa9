package match

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Vocabulary is a set of folded names that finds those one letter away from a
// given one. Each name is filed under the hash of itself and of every name made
// by leaving out one letter; two names at distance one have such a form in
// common. The files are two sorted arrays, a large and a small one, so that a
// name is added cheaply. Readers never wait; the zero Vocabulary is empty.
type Vocabulary struct {
	adding sync.Mutex
	now    atomic.Pointer[edition]
}

// edition is one state of a Vocabulary. It never changes once it is seen.
type edition struct {
	names       []string
	large, tail []uint64 // hash in the upper half, place in names in the lower; sorted
}

// maxTail is how many entries the small array holds before it becomes part of
// the large one. Each addition copies the small one.
const maxTail = 1 << 13

var empty edition

func (v *Vocabulary) edition() *edition { return cmp.Or(v.now.Load(), &empty) }

// Len returns how many names there are.
func (v *Vocabulary) Len() int { return len(v.edition().names) }

// Has reports whether the name is in the vocabulary.
func (v *Vocabulary) Has(name string) bool { return v.edition().has(name) }

// Add puts names into the vocabulary; those it has, and empty ones, change
// nothing. It returns how many were new.
func (v *Vocabulary) Add(names ...string) int {
	e := v.edition()
	if !slices.ContainsFunc(names, func(n string) bool { return n != "" && !e.has(n) }) {
		return 0
	}
	v.adding.Lock()
	defer v.adding.Unlock()
	e = v.edition()
	fresh := make([]string, 0, len(names))
	for _, n := range names {
		if n != "" && !e.has(n) {
			fresh = append(fresh, n)
		}
	}
	slices.Sort(fresh)
	fresh = slices.Compact(fresh)
	// Readers of e see the array up to their own length only.
	next := &edition{names: append(e.names, fresh...), large: e.large}
	entries := make([]uint64, 0, 9*len(fresh))
	for i, n := range fresh {
		place := uint64(len(e.names) + i)
		forms(n, func(hash uint32) { entries = append(entries, uint64(hash)<<32|place) })
	}
	slices.Sort(entries)
	next.tail = merge(e.tail, entries)
	if len(next.tail) > maxTail {
		next.large, next.tail = merge(next.large, next.tail), nil
	}
	v.now.Store(next)
	return len(fresh)
}

// Near appends to dst the names of the vocabulary that are exactly one letter
// away from a folded name, those most alike first.
func (v *Vocabulary) Near(dst []string, name string) []string {
	if name == "" {
		return dst
	}
	e := v.edition()
	var p Pattern
	p.Set(name)
	from := len(dst)
	forms(name, func(hash uint32) {
		for _, entries := range [2][]uint64{e.large, e.tail} {
			lo := uint64(hash) << 32
			i, _ := slices.BinarySearch(entries, lo)
			for ; i < len(entries) && entries[i]>>32 == uint64(hash); i++ {
				n := e.names[uint32(entries[i])]
				if d := len(n) - len(name); d > utf8.UTFMax || d < -utf8.UTFMax {
					continue
				}
				if p.Distance(n) == 1 && !slices.Contains(dst[from:], n) {
					dst = append(dst, n)
				}
			}
		}
	})
	slices.SortFunc(dst[from:], func(a, b string) int {
		return cmp.Or(cmp.Compare(p.JaroWinkler(b), p.JaroWinkler(a)), cmp.Compare(a, b))
	})
	return dst
}

func (e *edition) has(name string) bool {
	hash := uint64(hashWithout(name, -1, 0))
	for _, entries := range [2][]uint64{e.large, e.tail} {
		i, _ := slices.BinarySearch(entries, hash<<32)
		for ; i < len(entries) && entries[i]>>32 == hash; i++ {
			if e.names[uint32(entries[i])] == name {
				return true
			}
		}
	}
	return false
}

// forms calls f with the hash of the name and of the name without each of its
// letters; of a doubled letter only the first is left out.
func forms(name string, f func(hash uint32)) {
	f(hashWithout(name, -1, 0))
	before := utf8.RuneError
	for i, r := range name {
		if r != before {
			f(hashWithout(name, i, utf8.RuneLen(r)))
		}
		before = r
	}
}

// hashWithout is the FNV-1a hash of the name without n bytes at i, mixed once
// more because the arrays are searched by its upper bits.
func hashWithout(name string, i, n int) uint32 {
	h := uint64(14695981039346656037)
	for j := 0; j < len(name); j++ {
		if j == i {
			j += n - 1
			continue
		}
		h = (h ^ uint64(name[j])) * 1099511628211
	}
	return uint32((h ^ h>>29) * 0x9E3779B97F4A7C15 >> 32)
}

// merge returns the entries of two sorted arrays in a new one.
func merge(a, b []uint64) []uint64 {
	if len(b) == 0 {
		return a
	}
	out := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
