package sample

import (
	"slices"

	"openiis.org/iis"
)

// kind is a disease, or several, that a child's routine doses are against.
type kind int

const (
	dtap kind = iota
	polio
	hepB
	hib
	pcv
	rota
	mmr
	varicella
	hepA
	hpv
	menACWY
	tdap
	corona
	antiRSV
	kinds
)

// visits are the ages in months at which a child is seen, those of the schedule
// and some more at which it is caught up.
var visits = []int{0, 2, 4, 6, 12, 15, 18, 24, 48, 60}

// routine is when a child's doses against one thing are due.
type routine struct {
	ages []int // months, of each dose
	gaps []int // days since the dose before, at least
	to   int   // months after which none is begun or caught up
}

var routines = [...]routine{
	dtap:      {[]int{2, 4, 6, 15, 48}, []int{0, 28, 28, 183, 183}, 60},
	polio:     {[]int{2, 4, 6, 48}, []int{0, 28, 28, 183}, 60},
	hepB:      {[]int{0, 2, 6}, []int{0, 28, 112}, 60},
	hib:       {[]int{2, 4, 6, 12}, []int{0, 28, 28, 56}, 24},
	pcv:       {[]int{2, 4, 6, 12}, []int{0, 28, 28, 56}, 24},
	rota:      {[]int{2, 4, 6}, []int{0, 28, 28}, 6},
	mmr:       {[]int{12, 48}, []int{0, 28}, 60},
	varicella: {[]int{12, 48}, []int{0, 84}, 60},
	hepA:      {[]int{12, 18}, []int{0, 183}, 60},
}

// onFile is the share of people of a year of birth whose childhood is on file.
func onFile(year int) float64 {
	switch {
	case year >= 2002:
		return .97
	case year >= 1994:
		return .8
	case year >= 1985:
		return .5
	case year >= 1970:
		return .2
	}
	return .03
}

// childhood writes the visits from birth to school.
func (h *history) childhood() {
	born := h.p.Client.BirthDate
	if !h.chance(onFile(born.Year)) {
		h.care.none = h.care.none || h.chance(.1)
		return
	}
	before := iis.Date{}
	for _, months := range visits {
		day, hasty := h.comes(born, before, months)
		switch {
		case day.After(h.last):
			return
		case h.care.none:
			if months >= 2 && h.chance(.12) && h.visit(day, clinic) {
				h.refuse(one(day, pentacel, daptacel, infanrix))
				h.refuse(one(day, prevnar20, prevnar13))
			}
			continue
		case months == 0 && (born.Year < 1992 || !h.chance(.76)), months > 0 && h.chance(h.care.missed):
			continue
		}
		where := clinic
		if months == 0 {
			where = maternity
		}
		if h.visit(day, where) {
			h.seen(months, hasty)
			h.antibody(months)
			before = day
		}
	}
}

// comes draws the day on which a child comes to the visit of an age: a little
// late as a rule, sometimes too early, and then hasty says that it is too soon
// after the visit before.
func (h *history) comes(born, before iis.Date, months int) (day iis.Date, hasty bool) {
	day = born.AddMonths(months)
	late := 0
	switch x := h.Float64(); {
	case months == 0:
		return born.AddDays(h.IntN(3) / 2), false
	case x < .6:
		late = h.between(0, 6)
	case x < .85:
		late = h.between(2, 9+h.care.slow)
	default:
		late = h.between(7, 20+3*h.care.slow)
	}
	switch x := h.Float64(); {
	case months == 12 && x < .03, months == 48 && x < .02: // within the days of grace
		late = -h.between(1, 4)
	case months == 12 && x < .036, months == 48 && x < .024:
		late = -h.between(6, 30)
	case (months == 4 || months == 6) && !before.IsZero() && days(born, before) > 40 && x < .016:
		if x < .008 {
			return before.AddDays(h.between(14, 23)), true
		}
		return before.AddDays(h.between(24, 27)), true
	}
	day = day.AddDays(late)
	if !before.IsZero() && months > 2 {
		day = latest(day, before.AddDays(28))
	}
	return day, false
}

// due reports whether the next dose against a thing is due at the visit at hand.
func (h *history) due(k kind, months int, hasty bool) bool {
	r, n := routines[k], h.given[k]
	born := h.p.Client.BirthDate
	if n >= len(r.ages) || r.ages[n] > months || months > r.to {
		return false
	}
	if n > 0 && !hasty && days(h.latest[k], h.day) < r.gaps[n] {
		return false
	}
	firstBirthday := born.AddMonths(12)
	switch k {
	case dtap:
		// The fourth dose does for a child who got it after the fourth birthday.
		return n < 4 || h.latest[k].Before(born.AddMonths(48))
	case polio:
		return n < 3 || months >= 48
	case hib, pcv: // one after the first birthday is enough
		return h.day.Before(firstBirthday) || n == 0 || h.latest[k].Before(firstBirthday)
	case rota:
		return n == 0 && days(born, h.day) < 104 || n > 0 && days(born, h.day) < 240 && !(n == 2 && h.care.style%2 == 0)
	case mmr, varicella, hepA:
		return true
	}
	return true
}

// seen gives a child what is due at a visit, in the combinations that the clinic
// buys.
func (h *history) seen(months int, hasty bool) {
	var want [kinds]bool
	for k := range routines {
		want[k] = h.due(kind(k), months, hasty)
	}
	if months == 0 {
		h.give(h.either(engerixPeds, recombivaxPeds), hepB)
		return
	}
	// A combination gives what is in it, due or not.
	take := func(p *product, against ...kind) {
		if p == nil {
			return
		}
		h.give(p, against...)
		for _, k := range against {
			want[k] = false
		}
	}
	style := h.care.style
	switch d := h.day; {
	case !want[dtap] || !want[polio]:
	case months <= 6 && style < 3 && want[hib] && vaxelis.on(d):
		take(vaxelis, dtap, polio, hib, hepB)
	case months <= 6 && style < 5 && pediarix.on(d):
		take(pediarix, dtap, polio, hepB)
	case months <= 6 && want[hib] && pentacel.on(d):
		take(pentacel, dtap, polio, hib)
	case months >= 48 && h.given[dtap] == 4 && style != 7:
		take(h.either(kinrix, quadracel), dtap, polio)
	}
	if want[dtap] && months == 15 && want[hib] && style >= 5 && pentacel.on(h.day) {
		take(pentacel, dtap, hib)
	}
	if want[dtap] {
		take(h.either(daptacel, infanrix, tripedia, dtp), dtap)
	}
	if want[polio] {
		take(one(h.day, ipol, orimune), polio)
	}
	if want[hepB] {
		take(h.either(engerixPeds, recombivaxPeds), hepB)
	}
	if want[hib] {
		take(h.either(actHib, pedvax, hiberix, hibTiter), hib)
	}
	if want[pcv] {
		p := one(h.day, prevnar20, prevnar13, prevnar7)
		if style == 4 && vaxneuvance.on(h.day) {
			p = vaxneuvance
		}
		take(p, pcv)
	}
	if want[rota] {
		p := rotaTeq
		if style%2 == 0 && rotarix.on(h.day) {
			p = rotarix
		}
		take(one(h.day, p), rota)
	}
	if want[mmr] && want[varicella] && proQuad.on(h.day) && (months >= 48 && h.chance(.55) || h.chance(.06)) {
		take(proQuad, mmr, varicella)
	}
	if want[mmr] {
		p := mmr2
		if style == 6 {
			p = priorix
		}
		take(one(h.day, p, mmr2), mmr)
	}
	if want[varicella] {
		take(one(h.day, varivax), varicella)
	}
	if want[hepA] {
		take(h.either(havrix, vaqta), hepA)
	}
}

// antibody gives an infant the one dose against RSV at a visit of the season: the
// larger one from four months.
func (h *history) antibody(months int) {
	if m := h.day.Month; months > 6 || m > 3 && m < 10 || h.given[antiRSV] > 0 || !h.chance(.5) {
		return
	}
	p := beyfortusSmall
	if months >= 4 {
		p = beyfortusLarge
	}
	h.give(one(h.day, p), antiRSV)
}

// either is the product of those that the clinic buys.
func (h *history) either(products ...*product) *product {
	some := slices.DeleteFunc(products, func(p *product) bool { return !p.on(h.day) })
	if len(some) == 0 {
		return nil
	}
	return some[h.care.style%len(some)]
}

// youth writes the visits at 11 and 16 years.
func (h *history) youth() {
	c := &h.p.Client
	if h.care.none || c.BirthDate.Year < 1992 || !h.chance(.9) {
		return
	}
	if !h.chance(1.5*h.care.missed) && h.visit(c.BirthDate.AddMonths(132).AddDays(h.between(0, 200+4*h.care.slow)), clinic) {
		h.give(h.either(boostrix, adacel, td), tdap)
		if h.chance(.9) {
			h.give(h.either(menveo, menactra, menQuadfi), menACWY)
		}
		if h.chance(.78) {
			h.papilloma()
		} else if h.chance(.1) {
			h.refuse(one(h.day, gardasil9, gardasil))
		}
	}
	if h.chance(.25+h.care.missed) || !h.visit(c.BirthDate.AddMonths(192).AddDays(h.between(0, 300)), clinic) {
		return
	}
	h.give(h.either(menveo, menactra, menQuadfi), menACWY)
	if p := h.either(bexsero, trumenba); p != nil && h.chance(.35) {
		h.give(p)
		if h.chance(.7) && h.visit(h.day.AddDays(h.between(183, 300)), clinic) {
			h.give(p)
		}
	}
}

// papilloma begins the HPV series at the visit at hand and goes on with it: two
// doses for those who begin before 15, three until 2016.
func (h *history) papilloma() {
	c := &h.p.Client
	first := h.day
	p := one(first, gardasil9, gardasil)
	if p == nil || c.Gender == iis.Male && first.Before(day(2011, 10, 1)) {
		return
	}
	h.give(p, hpv)
	next := []int{h.between(170, 365)}
	if first.Before(day(2016, 12, 1)) {
		next = []int{h.between(56, 100), h.between(180, 300)}
	}
	for _, after := range next {
		if !h.chance(.85) || !h.visit(first.AddDays(after), clinic) {
			return
		}
		h.give(one(h.day, gardasil9, gardasil), hpv)
	}
}
