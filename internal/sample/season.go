package sample

import (
	"time"

	"openiis.org/iis"
)

// influenza writes the flu shots of every season since the registry began, of
// those who take them.
func (h *history) influenza() {
	born := h.p.Client.BirthDate
	if h.care.none {
		return
	}
	habit := .03
	if h.chance(.6) {
		habit = .6
	}
	before := 0
	for year := max(2003, born.Year); year <= Today.Year; year++ {
		from, to := seasonOf(year)
		from = latest(from, born.AddMonths(6))
		if !from.Before(to) || from.After(h.last) {
			continue
		}
		age := years(born, from)
		share := habit
		switch {
		case age >= 65 || age < 5:
			share *= 1.25
		case age >= 10 && age < 50:
			share *= .75
		}
		if year < 2010 {
			share /= 2
		}
		if !h.chance(share) {
			if h.chance(.004) && h.visit(h.dayBetween(from, to), clinic) {
				h.refuse(h.flu(age))
			}
			continue
		}
		// Most come in autumn.
		first := earliest(h.dayBetween(from, to), h.dayBetween(from, to))
		where := clinic
		if age >= 12 {
			where = walkIn
		}
		if !h.visit(first, where) {
			continue
		}
		h.give(h.flu(age))
		if before++; before == 1 && age < 9 && h.chance(.65) && h.visit(first.AddDays(h.between(28, 60)), where) {
			h.give(h.flu(age))
		}
	}
}

// flu is a flu vaccine of the day at hand for an age in years.
func (h *history) flu(age int) *product {
	d := h.day
	if age >= 65 && h.chance(.7) {
		if p := h.either(fluHigh3, fluad3, fluHighQuad, fluadQuad, fluHigh); p != nil {
			return p
		}
	}
	if age >= 2 && age < 18 && d.Year != 2016 && d.Year != 2017 && h.chance(.12) {
		if p := one(d, fluMist3, fluMistQuad, fluMistOld); p != nil {
			return p
		}
	}
	if age < 3 && h.chance(.5) {
		if p := one(d, fluQuadPeds); p != nil {
			return p
		}
	}
	if age < 4 {
		return one(d, flu3, fluQuad, fluFree, fluOld)
	}
	return h.either(flu3, fluarix3, flucelvax3, fluQuad, fluarixQuad, flulaval, flucelvax, fluFree, fluOld)
}

// covid writes the doses of the campaigns against COVID-19.
func (h *history) covid() {
	born := h.p.Client.BirthDate
	if h.care.none {
		return
	}
	age := years(born, iis.Date{Year: 2021, Month: time.June, Day: 1})
	if born.After(day(2021, 6, 1)) {
		age = 0
	}
	likes := .1
	switch {
	case age >= 18:
		likes = .74
	case age >= 12:
		likes = .6
	case age >= 5:
		likes = .4
	}
	if !h.chance(likes) {
		if h.chance(.02) && h.visit(h.dayBetween(latest(day(2021, 4, 1), born.AddMonths(6)), day(2022, 12, 31)), clinic) {
			h.refuse(h.covidVaccine(h.day))
		}
		return
	}
	if first := h.covidFirst(age); !first.IsZero() {
		h.covidSeries(first)
	}
	for year := 2021; year <= Today.Year; year++ {
		share := []float64{.5, .3, .26, .24, .2, .2}[year-2021]
		if years(born, day(year, 10, 1)) >= 65 {
			share = min(.75, share*1.7)
		}
		if years(born, day(year, 10, 1)) < 12 {
			share /= 3
		}
		from := day(year, 10, 1)
		if year != 2021 {
			from = day(year, 9, 10)
		}
		if born.AddMonths(24).After(from) || !h.chance(share) {
			continue
		}
		d := earliest(h.dayBetween(from, day(year+1, 1, 31)), h.dayBetween(from, day(year+1, 1, 31)))
		if !h.latest[corona].IsZero() && days(h.latest[corona], d) < 150 {
			continue
		}
		if h.visit(d, walkIn) {
			h.give(h.covidVaccine(d), corona)
		}
	}
}

// covidFirst draws the day of the first dose, from when the age was let in.
func (h *history) covidFirst(age int) iis.Date {
	born := h.p.Client.BirthDate
	switch {
	case age >= 65:
		return h.dayBetween(day(2021, 1, 10), day(2021, 4, 30))
	case age >= 18:
		return h.dayBetween(day(2021, 3, 1), day(2021, 9, 30))
	case age >= 12:
		return h.dayBetween(day(2021, 5, 15), day(2021, 10, 31))
	case age >= 5:
		return h.dayBetween(latest(day(2021, 11, 5), born.AddMonths(61)), day(2022, 3, 31))
	case born.AddMonths(6).Before(day(2022, 12, 1)):
		return h.dayBetween(latest(day(2022, 6, 22), born.AddMonths(6)), day(2023, 1, 31))
	}
	return iis.Date{}
}

// covidSeries gives the first two doses, three to the youngest.
func (h *history) covidSeries(first iis.Date) {
	age := years(h.p.Client.BirthDate, first)
	p, next := pfizer, []int{h.between(20, 30)}
	switch x := h.Float64(); {
	case age < 5:
		p, next = pfizerInfant, []int{h.between(21, 40), h.between(100, 140)}
	case age < 12:
		p = pfizerChild
	case age < 18 || x < .58:
	case x < .94:
		p, next = moderna, []int{h.between(28, 38)}
	case janssen.on(first):
		p, next = janssen, nil
	}
	if !h.visit(first, walkIn) {
		return
	}
	h.give(one(first, p), corona)
	for _, n := range next {
		if !h.chance(.95) || !h.visit(first.AddDays(n), walkIn) {
			return
		}
		h.give(one(h.day, p), corona)
	}
}

// covidVaccine is a vaccine against COVID-19 of a day for the age of it.
func (h *history) covidVaccine(d iis.Date) *product {
	switch age := years(h.p.Client.BirthDate, d); {
	case age < 5:
		return one(d, spikevaxPeds, pfizerInfant)
	case age < 12:
		return one(d, comirnaty5, pfizerChild)
	case age >= 65 && h.chance(.3) && mNexspike.on(d):
		return mNexspike
	}
	return h.either(comirnaty, spikevax, bivalent, bivalentMod, pfizer, moderna)
}
