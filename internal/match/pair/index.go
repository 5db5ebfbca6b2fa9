package pair

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Index holds many profiles by the keys of all passes. The pairs worth comparing
// are found from it for one profile after the other, so that no list of all of
// them is ever needed: it takes some bytes a profile more. It does not change.
type Index struct {
	all []*Profile
	// members are the places of the profiles of each block, in order; the last of a
	// block carries the mark.
	members []uint32
	// at are the positions in members of each profile: those of profile i from
	// first[i] to first[i+1].
	first []uint32
	at    []uint32
}

// lastOfBlock marks the last member of a block.
const lastOfBlock = 1 << 31

// NewIndex files profiles, which must be of one Book, under all their keys.
func NewIndex(all []*Profile) *Index {
	x := &Index{all: all, first: make([]uint32, len(all)+1)}
	f := finder{all: all}
	eachPass(len(all), func(keys pass, most int) {
		f.block(keys, most, func(block []filed) {
			for _, f := range block {
				x.members = append(x.members, f.place)
				x.first[f.place+1]++
			}
			x.members[len(x.members)-1] |= lastOfBlock
		})
	})
	x.members = slices.Clone(x.members) // without the room it had to grow
	for i := range all {
		x.first[i+1] += x.first[i]
	}
	x.at = make([]uint32, len(x.members))
	next := slices.Clone(x.first)
	for pos, m := range x.members {
		place := m &^ lastOfBlock
		x.at[next[place]] = uint32(pos)
		next[place]++
	}
	return x
}

// Len is how many profiles there are.
func (x *Index) Len() int { return len(x.all) }

// after appends to list the places after i of the profiles that share a key with
// it, in order, each once.
func (x *Index) after(i int, list []uint32) []uint32 {
	n := len(list)
	for _, pos := range x.at[x.first[i]:x.first[i+1]] {
		for x.members[pos]&lastOfBlock == 0 {
			pos++
			list = append(list, x.members[pos]&^lastOfBlock)
		}
	}
	slices.Sort(list[n:])
	return slices.Compact(list)
}

// stretch is how many profiles one worker takes at a time.
const stretch = 128

// Link compares the profiles from one place up to, but not including, another
// with all after them, on all processors. It returns the pairs that are not
// different in order, and how many pairs were compared.
func (x *Index) Link(p *Policy, from, to int) (linked []Linked, compared int) {
	if to = min(to, len(x.all)); from >= to {
		return nil, 0
	}
	parts := make([][]Linked, (to-from+stretch-1)/stretch)
	var next, total atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		wg.Go(func() {
			var c Comparer
			var list []uint32
			n := 0
			for {
				part := int(next.Add(1)) - 1
				if part >= len(parts) {
					total.Add(int64(n))
					return
				}
				begin := from + part*stretch
				for i := begin; i < min(begin+stretch, to); i++ {
					list = x.after(i, list[:0])
					n += len(list)
					for _, j := range list {
						if d := p.Decide(&c, x.all[i], x.all[j]); d.Answer != AnswerDifferent {
							parts[part] = append(parts[part], Linked{i, int(j), d})
						}
					}
				}
			}
		})
	}
	wg.Wait()
	return slices.Concat(parts...), int(total.Load())
}

// Why tells in words how the records of a pair agree.
func (x *Index) Why(p *Policy, l Linked) []string { return p.Why(x.all[l.A], x.all[l.B], l.Decision) }
