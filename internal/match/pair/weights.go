package pair

import (
	"math"
	"slices"

	"openiis.org/iis/internal/match"
)

// Weights returns what a search counts by this policy. What is typed is no whole
// record, and differs from one otherwise than two records do: names are typed by
// ear, by their beginning, from memory. So a policy's weights are taken by rules:
//
//   - Strangers are called as was typed equally often, whatever of it a client
//     agrees with. So no grade is taken for rarer among strangers than Same.
//   - Records are seldom the beginning of one another, and a policy knows little of
//     that. So each level of a name counts as many tenths of Same at least as its
//     place says, from Different, the first, to Same, the tenth; and less than the
//     next.
//   - What disagrees may be hearsay. So it takes no more than it would have given;
//     and half of that at least, since it was asked for.
//   - How rare the asked name is is the same of everybody who is called so. So it
//     counts of those who are not: the rarer it is, the more it takes.
//
// A grade that the policy does not have is taken from Start.
func (p *Policy) Weights() *match.Weights {
	w := &match.Weights{
		RareLast:    func(name string) int { return int(p.rareness(&p.lastNames, name)) },
		RareFirst:   func(name string) int { return int(p.rareness(&p.firstNames, name)) },
		Phone:       p.agrees(PhoneField),
		OtherGender: p.disagrees(GenderField, Different),
	}
	p.name(LastName, &w.Last)
	p.name(FirstName, &w.First)
	p.name(MiddleName, &w.Middle)
	p.name(MotherMaiden, &w.Maiden)
	p.name(MotherFirst, &w.Mother)
	p.born(&w.Birth)

	last, first := w.Last[match.Same], w.First[match.Same]
	// Half of a first name at least: it stands in another place.
	w.AsMiddle = min(max(p.typed(FirstName, Middle), first/2), first-1)
	// Both names are right, and only their places are not: no worse than a nickname.
	swapped, _ := p.likelihoods(LastName, Swapped)
	right, _ := p.likelihoods(LastName, Same)
	w.Swapped = min(max(weigh(swapped/right), w.First[match.Nickname]-first), -1)
	// Without its area code a number is still most of one.
	w.LocalPhone = min(max(p.typed(PhoneField, Close), w.Phone/2), w.Phone-1)
	// A city alone is an address too: those of one name who live there are many.
	w.Address = min(p.agrees(AddressField), last/2)
	// Where a cap leaves nothing beside the last name, the rest still tells who of
	// that name is meant.
	w.Household = max(int(p.cap), last+last/2)
	return w
}

// graded are the grades that the levels of a name between Same and Different are
// taken from.
var graded = map[match.Level]Grade{
	match.Nickname: Nickname, match.OneApart: Slip, match.Part: Part, match.Beginning: Beginning,
	match.TwoApart: Close, match.Sounding: Sound, match.Similar: Close, match.Initial: Initial,
}

// name weighs the levels of a name.
func (p *Policy) name(f Field, w *match.Scale) {
	same := p.agrees(f)
	w[match.Same] = same
	for l := match.Same - 1; l > match.Different; l-- {
		w[l] = same * int(l) / int(match.Same)
		if g := graded[l]; slices.Contains(fieldGrades[f], g) {
			w[l] = max(w[l], p.typed(f, g))
		}
		w[l] = min(w[l], w[l+1]-1)
	}
	w[match.Different] = p.disagrees(f, Different)
}

// born weighs the levels of a birth date. Of one that is known in part, a month
// counts less than a date by the days it has, and a year likewise. One year off
// counts nothing where the day is not known: it is a slip, and many are born then.
func (p *Policy) born(w *match.Scale) {
	const days = 365.25
	same := p.agrees(BirthField)
	less := func(n int) int { return max(1, min(n, same-1)) }
	w[match.Same] = same
	w[match.DaySwapped] = less(p.typed(BirthField, Swapped))
	w[match.OneDigit] = less(p.typed(BirthField, Slip))
	w[match.YearApart] = w[match.OneDigit]
	w[match.CloseDate] = less(p.typed(BirthField, Close))
	w[match.SameMonth] = less(min(p.typed(BirthField, SameMonth), same-weigh(days/12)))
	w[match.SameYear] = less(min(p.typed(BirthField, SameYear), same-weigh(days), w[match.SameMonth]-1))
	w[match.Different] = p.disagrees(BirthField, Part, Different, SameDay, Far)
}

// agrees is what it counts, in tenths of a bit, that a field is the same: one bit
// at least.
func (p *Policy) agrees(f Field) int {
	m, u := p.likelihoods(f, Same)
	return max(weigh(m/u), 10)
}

// typed is what a grade counts with strangers as frequent as those of Same.
func (p *Policy) typed(f Field, g Grade) int {
	m, u := p.likelihoods(f, g)
	_, strangers := p.likelihoods(f, Same)
	return weigh(m / max(u, strangers))
}

// disagrees is what it counts that a field has one of these grades.
func (p *Policy) disagrees(f Field, grades ...Grade) int {
	m, u := 0.0, 0.0
	for _, g := range grades {
		a, b := p.likelihoods(f, g)
		m, u = m+a, u+b
	}
	same := p.agrees(f)
	return min(max(weigh(m/u), -same), -same/2)
}

// likelihoods are how often a grade is found between two records of one person,
// and of two.
func (p *Policy) likelihoods(f Field, g Grade) (m, u float64) {
	mu, ok := p.Fields[fieldNames[f]][gradeNames[g]]
	if !ok {
		mu = Start().Fields[fieldNames[f]][gradeNames[g]]
	}
	return mu[0], mu[1]
}

// weigh is a ratio of likelihoods in tenths of a bit.
func weigh(ratio float64) int { return int(tenths(math.Log2(ratio))) }
