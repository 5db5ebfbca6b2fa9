package pair

import (
	"fmt"
	"slices"
)

// Decision is what a policy says of two records.
type Decision struct {
	Answer Answer
	Score  float64 // bits
	Grades Grades
	guard  int // of the policy, 1 the first; 0 if none changed the answer
}

// Decide compares two profiles and decides.
func (p *Policy) Decide(c *Comparer, a, b *Profile) Decision {
	return p.judge(a, b, c.Compare(a, b), 0)
}

// judge decides by the grades of a pair, with more tenths of a bit from beside
// them.
func (p *Policy) judge(a, b *Profile, g Grades, more int32) Decision {
	total, person := p.score(a, b, &g)
	total += more
	d := Decision{Answer: AnswerDifferent, Score: float64(total) / 10, Grades: g}
	switch {
	case total >= p.same && person >= p.floor:
		d.Answer = AnswerSame
	case total >= p.possible:
		d.Answer = AnswerPossible
	}
	p.guard(&d, "")
	return d
}

// For is a decision for a purpose: the guards that are for it alone hold as well.
func (p *Policy) For(purpose string, d Decision) Decision {
	p.guard(&d, purpose)
	return d
}

// guard applies the guards for a purpose.
func (p *Policy) guard(d *Decision, purpose string) {
	for i := range p.rules {
		r := &p.rules[i]
		if r.purpose != purpose || !r.holds(&d.Grades) {
			continue
		}
		switch {
		case r.most != "" && d.Answer.rank() > r.most.rank():
			d.Answer, d.guard = r.most, i+1
		case r.least != "" && d.Answer.rank() < r.least.rank():
			d.Answer, d.guard = r.least, i+1
		}
	}
}

// score sums the weights in tenths of a bit: of all fields, and of those that
// tell the person.
func (p *Policy) score(a, b *Profile, g *Grades) (total, person int32) {
	household := int32(0)
	for f, grade := range g {
		if p.household[f] {
			household += p.weights[f][grade]
		} else {
			person += p.weights[f][grade]
		}
	}
	if g[LastName] == Same {
		if n := int32(a.last.rare); p.household[LastName] {
			household += n
		} else {
			person += n
		}
	}
	if g[FirstName] == Same {
		person += int32(a.first.rare)
	}
	return person + min(household, p.cap), person
}

func (r *rule) holds(g *Grades) bool {
	for _, c := range r.when {
		if !c.holds(g) {
			return false
		}
	}
	for _, c := range r.unless {
		if c.holds(g) {
			return false
		}
	}
	return true
}

// Why tells in words how two records agree, field by field, and which guard, if
// any, made the answer another than the sum would.
func (p *Policy) Why(a, b *Profile, d Decision) []string {
	var why []string
	for f, g := range d.Grades {
		if s := words(Field(f), g, a, b); s != "" {
			why = append(why, fieldWords[f]+": "+s)
		}
	}
	if d.guard > 0 {
		why = append(why, fmt.Sprintf("%s at %s: %s", d.bound(p), d.Answer, p.Guards[d.guard-1].Why))
	}
	return why
}

// MaybeTwins reports whether the two may be twins: whether the policy's guard of
// that name holds for them, though the sum alone may have kept them apart.
func (p *Policy) MaybeTwins(d Decision) bool {
	i := slices.IndexFunc(p.Guards, func(g Guard) bool { return g.Name == "twins" })
	return i >= 0 && p.rules[i].holds(&d.Grades)
}

func (d Decision) bound(p *Policy) string {
	if p.Guards[d.guard-1].Most != "" {
		return "held"
	}
	return "kept"
}

// words says a grade.
func words(f Field, g Grade, a, b *Profile) string {
	both := func(x, y *term) string {
		if x == nil || y == nil {
			return ""
		}
		return x.text + " for " + y.text
	}
	names := ""
	switch f {
	case LastName:
		names = both(a.last, b.last)
	case FirstName:
		names = both(a.first, b.first)
	case MiddleName:
		names = both(a.middle, b.middle)
	case MotherMaiden:
		names = both(a.maiden, b.maiden)
	case MotherFirst:
		names = both(a.mother, b.mother)
	}
	name := names != ""
	switch g {
	case Missing:
		return ""
	case Same:
		return "same"
	case Different:
		return "different"
	case Nickname:
		return names + " (nickname)"
	case Part:
		if f == BirthField {
			return "two of year, month and day agree"
		}
		return names + " (part of the name)"
	case Former:
		return "same as a former or other name"
	case Slip:
		switch f {
		case BirthField:
			return "one slip apart"
		case Identifiers:
			return "one slip apart"
		}
		return names + " (one letter)"
	case Sound:
		return names + " (sounds alike)"
	case Beginning:
		return names + " (beginning)"
	case Close:
		switch {
		case name:
			return names + " (much alike)"
		case f == BirthField:
			return "within ten days"
		}
		return "much alike"
	case Initial:
		return names + " (initial)"
	case Swapped:
		switch f {
		case BirthField:
			return "day and month swapped"
		case MiddleName:
			return "swapped with the first name"
		}
		return "first and last name swapped"
	case Crossed:
		return "the last name of one is the first name of the other"
	case Middle:
		return "the middle name of the other"
	case Placeholder:
		return "stands for none yet"
	case SameMonth:
		return "same year and month, the day is not known"
	case SameYear:
		return "same year, the rest is not known"
	case SameDay:
		return "the same day of the year, a generation apart"
	case Far:
		return "a generation apart"
	case OneSided:
		if f == BirthOrder {
			return "only one is known to be of a multiple birth"
		}
		return "only one has it"
	case Unordered:
		return "both of a multiple birth, the order is not known of both"
	case SameOther:
		return "same number"
	case OtherDiffer:
		return "numbers differ"
	case Mixed:
		return "one agrees, another does not"
	case Near:
		return "street much alike, city and ZIP code not"
	case SameZip:
		return "same ZIP code, another street"
	case SameCity:
		return "same city, another street"
	}
	return ""
}
