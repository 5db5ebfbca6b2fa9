package sample

import (
	"math/rand/v2"
	"time"

	"openiis.org/iis"
)

// Today is the day on which the population is as it is. It is fixed, so that
// the same seed gives the same people whenever it is asked.
var Today = iis.Date{Year: 2026, Month: time.November, Day: 1}

// draw is where chance comes from. It is set anew for each household, so that
// a household depends on nothing but the seed and its number.
type draw struct {
	*rand.Rand
	source *rand.PCG
}

func newDraw() draw {
	source := rand.NewPCG(0, 0)
	return draw{rand.New(source), source}
}

// reset makes what follows depend on the seed and the number alone.
func (d draw) reset(seed, number uint64) { d.source.Seed(mix(seed), mix(number+1)) }

// mix spreads neighbouring numbers apart (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true for the given share of calls.
func (d draw) chance(share float64) bool { return d.Float64() < share }

// between draws from low to high, both included.
func (d draw) between(low, high int) int { return low + d.IntN(high-low+1) }

// dayBetween draws a day from a to b, both included; a if b is not after it.
func (d draw) dayBetween(a, b iis.Date) iis.Date {
	span := days(a, b)
	if span <= 0 {
		return a
	}
	return a.AddDays(d.IntN(span + 1))
}

// momentOn draws an instant in the working hours of a day.
func (d draw) momentOn(day iis.Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 13, 0, d.IntN(9*60*60), 0, time.UTC)
}

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func days(a, b iis.Date) int {
	return int((midnight(b).Unix() - midnight(a).Unix()) / (24 * 60 * 60))
}

func midnight(d iis.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// pick draws one of the list, each as likely as the others.
func pick[T any](d draw, list []T) T { return list[d.IntN(len(list))] }

// table draws values as often as their weights say, in constant time
// (Vose's alias method).
type table[T any] struct {
	values []T
	keep   []float64 // chance that a column gives its own value
	other  []int32   // what it gives otherwise
}

func newTable[T any](values []T, weights []float64) *table[T] {
	n := len(values)
	t := &table[T]{values: values, keep: make([]float64, n), other: make([]int32, n)}
	total := 0.0
	for _, w := range weights {
		total += w
	}
	scaled := make([]float64, n)
	var small, large []int32
	for i, w := range weights {
		scaled[i] = w * float64(n) / total
		if scaled[i] < 1 {
			small = append(small, int32(i))
		} else {
			large = append(large, int32(i))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		t.keep[s], t.other[s] = scaled[s], l
		scaled[l] -= 1 - scaled[s]
		if scaled[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		t.keep[i], t.other[i] = 1, i
	}
	return t
}

func (t *table[T]) draw(d draw) T {
	i := d.IntN(len(t.values))
	if d.Float64() < t.keep[i] {
		return t.values[i]
	}
	return t.values[t.other[i]]
}

// ranked makes a table in which a value's weight falls with its place in the
// list, as the commonness of names does.
func ranked(values ...string) *table[string] {
	weights := make([]float64, len(values))
	for i := range weights {
		weights[i] = 1 / (float64(i) + 4)
	}
	return newTable(values, weights)
}
