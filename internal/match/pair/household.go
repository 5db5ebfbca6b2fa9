package pair

import (
	"cmp"
	"math"
	"slices"
)

// together is of how many records one at least has another of its household,
// where records show households.
const together = 50

// noFloor asks for nothing: a Cap that was counted makes it needless.
const noFloor = -99

// shared are the keys by which two records show that they are of one household:
// one last name, and one address or one telephone; 0 of a record that does not
// say.
var shared = []func(p *Profile) uint64{
	func(p *Profile) uint64 {
		if p.last == nil || p.number == nil || p.street == nil {
			return 0
		}
		return mix(p.last.hash, mix(p.number.hash, p.street.hash))
	},
	func(p *Profile) uint64 {
		if p.last == nil || p.phone == 0 {
			return 0
		}
		return mix(p.last.hash, p.phone)
	},
}

// alikeAtHome says by which of the shared keys two records are of one household, a bit
// for each.
func alikeAtHome(a, b *Profile) (bits uint8) {
	if a.last == nil || b.last == nil || a.last.hash != b.last.hash {
		return 0
	}
	for i, key := range shared {
		if k := key(a); k != 0 && k == key(b) {
			bits |= 1 << i
		}
	}
	return bits
}

// households sets how much the fields of a household may tell. Those who live
// together agree in all of them, so that they tell at most that two records are
// of one household: as many bits as there are pairs of records for each pair of
// two people of one household. Where each record stands for a household of its
// own they tell what they tell.
//
// It reports whether the records show households at all.
func (t *trainer) households() bool {
	var file []filed
	two := 0.0
	for i, key := range shared {
		file = file[:0]
		for i, p := range t.c.all {
			if k := key(p); k != 0 {
				file = append(file, filed{k, uint32(i)})
			}
		}
		slices.SortFunc(file, func(x, y filed) int { return cmp.Compare(x.key, y.key) })
		two = max(two, t.pairsIn(file)-t.onePerson(1<<i))
	}
	t.p.Cap = math.Round(10*math.Log2(t.total/max(1, two))) / 10
	t.p.cap = tenths(t.p.Cap)
	t.p.Floor, t.p.floor = noFloor, tenths(noFloor)
	return two >= float64(len(t.c.all))/together
}

// pairsIn counts the pairs in the blocks of a file.
func (t *trainer) pairsIn(file []filed) float64 {
	n := 0.0
	blocks(file, func(b []filed) {
		if t.c.from == 0 {
			n += float64(len(b)*(len(b)-1)) / 2
			return
		}
		before := 0
		for _, f := range b {
			if int(f.place) < t.c.from {
				before++
			}
		}
		n += float64(before * (len(b) - before))
	})
	return n
}

// onePerson is how many of the pairs that are of one household by a key are
// expected to be of one person, by what tells the person: brothers and sisters
// have other first names and birth dates, however many mistakes are in the
// records of one.
func (t *trainer) onePerson(key uint8) float64 {
	var odds []float64
	for i := range t.pairs {
		if s := &t.pairs[i]; s.home&key != 0 {
			odds = append(odds, math.Exp2(t.person(s)))
		}
	}
	share, sum := 0.5, 0.0
	for range 20 {
		sum = 0
		for _, o := range odds {
			sum += share * o / (share*o + 1 - share)
		}
		// Never all nor none, from which there is no way back.
		share = (sum + 1) / float64(len(odds)+2)
	}
	return sum * t.every
}

// bornTogether reports whether the records show twins: pairs of one last name and
// one birth date with two first names, so many among those of one last name and
// birth date that they are not the mistakes of one person's records. A file of
// nothing but names and birth dates shows those who live together by this alone.
func (t *trainer) bornTogether() bool {
	all, other := 0.0, 0.0
	for i := range t.pairs {
		if g := &t.pairs[i].grades; g[LastName] == Same && g[BirthField] == Same {
			all += t.every
			if g[FirstName] == Different {
				other += t.every
			}
		}
	}
	chance := t.total * t.u[LastName][Same] * t.u[BirthField][Same]
	all, other = all-chance, other-chance
	return other >= fewTwins+3*math.Sqrt(chance) && other > manyTwins*all
}

// Records with many mistakes have another first name in one of ten pairs of one
// last name and birth date; where there are twins it is one of three and more.
const (
	fewTwins  = 5
	manyTwins = 0.2
)
