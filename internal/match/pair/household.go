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

// households sets how much the fields of a household may tell. Those who live
// together agree in all of them, so that they tell at most that two records are
// of one household: as many bits as there are pairs of records for each pair of
// two people of one household. Where each record stands for a household of its
// own they tell what they tell.
//
// Even is the score at which a pair is as likely one person's as not. It reports
// whether the records show households at all.
func (t *trainer) households(even float64) bool {
	var file []filed
	agree := 0.0
	for _, key := range []func(p *Profile) uint64{
		func(p *Profile) uint64 {
			if p.number == nil || p.street == nil {
				return 0
			}
			return mix(p.number.hash, p.street.hash)
		},
		func(p *Profile) uint64 { return p.phone },
	} {
		file = file[:0]
		for i, p := range t.c.all {
			if k := key(p); k != 0 && p.last != nil {
				file = append(file, filed{mix(p.last.hash, k), uint32(i)})
			}
		}
		slices.SortFunc(file, func(x, y filed) int { return cmp.Compare(x.key, y.key) })
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
		agree = max(agree, n)
	}
	for i := range t.pairs {
		s := &t.pairs[i]
		if s.grades[LastName] == Same && (s.grades[AddressField] == Same || s.grades[PhoneField] == Same) {
			agree -= t.every / (1 + math.Exp2(even-t.score(s)))
		}
	}
	t.p.Cap = math.Round(10*math.Log2(t.total/max(1, agree))) / 10
	t.p.cap = tenths(t.p.Cap)
	t.p.Floor, t.p.floor = noFloor, tenths(noFloor)
	return agree >= float64(len(t.c.all))/together
}
