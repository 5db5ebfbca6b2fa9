package pair

import (
	"cmp"
	"slices"
)

// pass is one way of looking for pairs that may be one person: profiles with a
// key in common are compared.
type pass func(p *Profile, emit func(key uint64))

// passes are the ways that many records are searched by. Together they bring
// together 99 of 100 pairs of records of one person with one to three
// differences, at about one comparison for each record.
var passes = []pass{
	func(p *Profile, emit func(uint64)) { // an identifier
		for _, id := range p.ids {
			emit(mix(id.system.hash, hash(id.value)))
		}
	},
	func(p *Profile, emit func(uint64)) { // birth date, sound of the first name
		if p.birth.whole() {
			p.firsts(func(t *term) { emit(mix(p.birth.key(), t.echo)) })
		}
	},
	func(p *Profile, emit func(uint64)) { // birth date, sound of the last name
		if p.birth.whole() {
			p.lasts(func(t *term) { emit(mix(p.birth.key(), t.echo)) })
		}
	},
	func(p *Profile, emit func(uint64)) { // both names in any order, birth year
		if p.birth.year != 0 {
			p.lasts(func(l *term) {
				p.firsts(func(f *term) { emit(mix(uint64(p.birth.year), l.echo+f.echo)) })
			})
		}
	},
	func(p *Profile, emit func(uint64)) { // telephone, first letter of the first name
		if p.phone != 0 {
			emit(mix(p.phone, p.initial()))
		}
	},
	func(p *Profile, emit func(uint64)) { // telephone, birth year
		if p.phone != 0 && p.birth.year != 0 {
			emit(mix(p.phone, uint64(p.birth.year)))
		}
	},
	func(p *Profile, emit func(uint64)) { // e-mail, first letter of the first name
		if p.email != "" {
			emit(mix(hash(p.email), p.initial()))
		}
	},
	func(p *Profile, emit func(uint64)) { // mother's maiden name, birth date
		if p.maiden != nil && p.birth.whole() {
			emit(mix(p.maiden.echo, p.birth.key()))
		}
	},
	func(p *Profile, emit func(uint64)) { // birth date, ZIP code
		if p.zip != 0 && p.birth.whole() {
			emit(mix(uint64(p.zip), p.birth.key()))
		}
	},
	func(p *Profile, emit func(uint64)) { // house, first letter of the first name
		if p.number != nil && p.street != nil {
			emit(mix(mix(p.number.hash, p.street.hash), p.initial()))
		}
	},
	func(p *Profile, emit func(uint64)) { // house, birth year
		if p.number != nil && p.street != nil && p.birth.year != 0 {
			emit(mix(mix(p.number.hash, p.street.hash), uint64(p.birth.year)))
		}
	},
	func(p *Profile, emit func(uint64)) { // both names, number of the house
		if p.number != nil {
			p.lasts(func(l *term) {
				p.firsts(func(f *term) { emit(mix(p.number.hash, l.echo+f.echo)) })
			})
		}
	},
}

// widePasses find the last few. Where there are many records they find far more
// pairs of two people; of them only the smallest blocks are taken then.
var widePasses = []pass{
	func(p *Profile, emit func(uint64)) { // house
		if p.number != nil && p.street != nil {
			emit(mix(p.number.hash, p.street.hash))
		}
	},
	func(p *Profile, emit func(uint64)) { // last name, number of the house
		if p.number != nil {
			p.lasts(func(l *term) { emit(mix(l.echo, p.number.hash)) })
		}
	},
	func(p *Profile, emit func(uint64)) { // both names as spelled, in any order
		p.lasts(func(l *term) {
			p.firsts(func(f *term) { emit(l.hash + f.hash) })
		})
	},
	func(p *Profile, emit func(uint64)) { // last name, ZIP code, first letter
		if p.zip != 0 {
			p.lasts(func(l *term) { emit(mix(mix(l.echo, uint64(p.zip)), p.initial())) })
		}
	},
	func(p *Profile, emit func(uint64)) { // birth date, first letter of the first name
		if p.birth.whole() && p.first != nil {
			emit(mix(p.birth.key(), p.initial()))
		}
	},
	func(p *Profile, emit func(uint64)) { // birth date, first letter of the last name
		if p.birth.whole() && p.last != nil {
			emit(mix(p.birth.key(), uint64(p.last.text[0])))
		}
	},
	func(p *Profile, emit func(uint64)) { // last name, day and month, first letter
		if p.birth.whole() {
			p.lasts(func(l *term) { emit(mix(mix(l.echo, p.initial()), p.birth.monthDay())) })
		}
	},
	func(p *Profile, emit func(uint64)) { // first name, day and month, first letter of the last
		if p.birth.whole() && p.last != nil {
			p.firsts(func(f *term) { emit(mix(mix(f.echo, uint64(p.last.text[0])), p.birth.monthDay())) })
		}
	},
	func(p *Profile, emit func(uint64)) { // last name, birth year, first letter
		if p.birth.year != 0 {
			p.lasts(func(l *term) { emit(mix(mix(l.echo, p.initial()), uint64(p.birth.year))) })
		}
	},
	func(p *Profile, emit func(uint64)) { // first name, birth year, first letter of the last
		if p.birth.year != 0 && p.last != nil {
			p.firsts(func(f *term) { emit(mix(mix(f.echo, uint64(p.last.text[0])), uint64(p.birth.year))) })
		}
	},
}

// coarsePasses take one thing at a time. A file of up to few records is searched
// by them too, where nearly every pair there is can be looked at.
var coarsePasses = []pass{
	func(p *Profile, emit func(uint64)) { // birth date
		if p.birth.whole() {
			emit(p.birth.key())
		}
	},
	func(p *Profile, emit func(uint64)) { // last name
		p.lasts(func(l *term) { emit(l.echo) })
	},
	func(p *Profile, emit func(uint64)) { // first name, ZIP code
		if p.zip != 0 {
			p.firsts(func(f *term) { emit(mix(f.echo, uint64(p.zip))) })
		}
	},
	func(p *Profile, emit func(uint64)) { // first name, city
		if p.city != nil {
			p.firsts(func(f *term) { emit(mix(f.echo, p.city.hash)) })
		}
	},
	func(p *Profile, emit func(uint64)) { // street, ZIP code
		if p.street != nil && p.zip != 0 {
			emit(mix(p.street.hash, uint64(p.zip)))
		}
	},
	func(p *Profile, emit func(uint64)) { // number of the house, ZIP code
		if p.number != nil && p.zip != 0 {
			emit(mix(p.number.hash, uint64(p.zip)))
		}
	},
	func(p *Profile, emit func(uint64)) { // telephone
		if p.phone != 0 {
			emit(p.phone)
		}
	},
	func(p *Profile, emit func(uint64)) { // first name, birth year
		if p.birth.year != 0 {
			p.firsts(func(f *term) { emit(mix(f.echo, uint64(p.birth.year))) })
		}
	},
}

// few is how many records coarsePasses are for.
const few = 50_000

// lasts calls f with each last name, firsts with each first name.
func (p *Profile) lasts(f func(*term)) {
	if p.last != nil {
		f(p.last)
	}
	for _, o := range p.lastToo() {
		f(o.term)
	}
}

func (p *Profile) firsts(f func(*term)) {
	if p.first != nil {
		f(p.first)
	}
	for _, o := range p.firstToo() {
		f(o.term)
	}
}

func (p *Profile) initial() uint64 {
	if p.first == nil {
		return 0
	}
	return uint64(p.first.text[0])
}

func (b birth) key() uint64 { return uint64(b.year)<<16 | uint64(b.month)<<8 | uint64(b.day) }

// monthDay takes day and month in any order.
func (b birth) monthDay() uint64 {
	return uint64(min(b.month, b.day))<<8 | uint64(max(b.month, b.day))
}

// hash is FNV-1a, mixed once more.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h, 0)
}

func mix(h, k uint64) uint64 {
	h = (h ^ k*0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>31) * 0x94D049BB133111EB
	return h ^ h>>29
}

// candidate is a pair to compare: the place of the first profile in the upper
// half, that of the second in the lower.
type candidate uint64

func (c candidate) places() (i, j int) { return int(c >> 32), int(uint32(c)) }

// perRecord is how many pairs a pass may find for each record, and atLeast how
// many however few records there are; of a wide pass it is how many at most. Of
// a pass that finds more, the largest blocks are left out: SMITH, with nothing
// but the year to tell them apart.
const (
	perRecord = 2
	atLeast   = 400_000
)

// filed is a profile under a key.
type filed struct {
	key   uint64
	place uint32
}

// candidates finds the pairs to compare among all, or, if from is more than 0,
// between those before place from and the rest. They come in order, each once.
func candidates(all []*Profile, from int) []candidate {
	f := finder{all: all, from: from}
	eachPass(len(all), f.pass)
	return f.found
}

// eachPass calls f with each pass and how many pairs it may find among n records.
func eachPass(n int, f func(keys pass, most int)) {
	for _, keys := range passes {
		f(keys, max(atLeast, perRecord*n))
	}
	for _, keys := range widePasses {
		f(keys, atLeast)
	}
	if n <= few {
		for _, keys := range coarsePasses {
			f(keys, atLeast)
		}
	}
}

// finder gathers candidates, pass by pass.
type finder struct {
	all          []*Profile
	from         int
	found, fresh []candidate
	file         []filed
}

// block files all under the keys of a pass and calls take with each block, but for
// the largest where there would be more pairs than most.
func (f *finder) block(keys pass, most int, take func([]filed)) {
	f.file = f.file[:0]
	for i, p := range f.all {
		keys(p, func(k uint64) { f.file = append(f.file, filed{k, uint32(i)}) })
	}
	slices.SortFunc(f.file, func(x, y filed) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.place, y.place))
	})
	f.file = slices.Compact(f.file)
	size := largest(f.file, most)
	blocks(f.file, func(block []filed) {
		if len(block) <= size {
			take(block)
		}
	})
}

// pass adds the candidates of one pass, most of them at most.
func (f *finder) pass(keys pass, most int) {
	f.fresh = f.fresh[:0]
	f.block(keys, most, func(block []filed) {
		for x, a := range block {
			for _, b := range block[x+1:] {
				if f.from > 0 && (int(a.place) >= f.from || int(b.place) < f.from) {
					continue
				}
				f.fresh = append(f.fresh, candidate(a.place)<<32|candidate(b.place))
			}
		}
	})
	slices.Sort(f.fresh)
	f.found = union(f.found, f.fresh)
}

// blocks calls f with each run of one key that is longer than one.
func blocks(file []filed, f func([]filed)) {
	for i := 0; i < len(file); {
		j := i + 1
		for j < len(file) && file[j].key == file[i].key {
			j++
		}
		if j > i+1 {
			f(file[i:j])
		}
		i = j
	}
}

// largest returns the size of the largest blocks that can be taken without all
// of them making more pairs than most.
func largest(file []filed, most int) int {
	pairs := map[int]int{}
	blocks(file, func(b []filed) { pairs[len(b)] += len(b) * (len(b) - 1) / 2 })
	sizes := make([]int, 0, len(pairs))
	for n := range pairs {
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	size := 0
	for _, n := range sizes {
		if most -= pairs[n]; most < 0 {
			break
		}
		size = n
	}
	return size
}

// union merges two sorted lists, the second not free of doubles.
func union(a, b []candidate) []candidate {
	b = slices.Compact(b)
	if len(b) == 0 {
		return a
	}
	out := make([]candidate, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}
