package sample

import (
	"openiis.org/iis"
)

// adulthood writes what adults are given besides flu and COVID-19 vaccine.
func (h *history) adulthood() {
	born := h.p.Client.BirthDate
	grown := born.AddMonths(19 * 12)
	if h.care.none || grown.After(h.last) || h.chance(.12) {
		return
	}
	h.tetanus(grown)
	if born.Year < 1990 && h.chance(.1) {
		h.hepatitisB(grown)
	}
	if born.Year >= 1957 && h.given[mmr] < 2 && h.chance(.2) && h.visit(h.dayBetween(latest(grown, day(1979, 1, 1)), h.last), clinic) {
		h.give(mmr2, mmr)
	}
	if h.given[hepA] == 0 && h.chance(.08) && h.visit(h.dayBetween(latest(grown, day(1998, 1, 1)), h.last), clinic) { // travels
		h.give(havrix18, hepA)
		if h.chance(.6) && h.visit(h.day.AddDays(h.between(183, 400)), clinic) {
			h.give(havrix18, hepA)
		}
	}
	h.zoster(born)
	h.pneumococcal(born)
	h.rsv(born)
}

// tetanus gives a Tdap once and boosters every ten years.
func (h *history) tetanus(grown iis.Date) {
	from := latest(grown, day(2003, 6, 1))
	if h.given[tdap] > 0 {
		from = h.latest[tdap].AddMonths(118)
	} else {
		from = h.dayBetween(from, earliest(h.last, from.AddMonths(144)))
	}
	for h.chance(.62) && !from.After(h.last) && h.visit(from, clinic) {
		p := h.either(boostrix, adacel)
		if p == nil || h.given[tdap] > 0 && h.chance(.5) {
			p = h.either(tenivac, td)
		}
		h.give(p, tdap)
		from = from.AddMonths(120).AddDays(h.between(-60, 700))
	}
}

// hepatitisB gives an adult series: of two doses since there is one.
func (h *history) hepatitisB(grown iis.Date) {
	first := h.dayBetween(latest(grown, day(1995, 1, 1)), h.last)
	p, after := engerixAdult, []int{0, h.between(28, 50), h.between(170, 260)}
	switch {
	case heplisav.on(first) && h.chance(.6):
		p, after = heplisav, []int{0, h.between(28, 60)}
	case h.care.style%2 == 0:
		p = recombivaxAdult
	}
	for i, n := range after {
		if i > 0 && !h.chance(.85) || !h.visit(first.AddDays(n), clinic) {
			return
		}
		h.give(p, hepB)
	}
}

func (h *history) zoster(born iis.Date) {
	if sixty := born.AddMonths(60 * 12); sixty.Before(day(2017, 6, 1)) && h.chance(.25) {
		if h.visit(h.dayBetween(latest(sixty, day(2006, 9, 1)), day(2017, 9, 30)), walkIn) {
			h.give(one(h.day, zostavax))
		}
	}
	from := latest(born.AddMonths(50*12), day(2018, 3, 1))
	switch {
	case !from.Before(h.last):
	case !h.chance(.42):
		if h.chance(.04) && h.visit(h.dayBetween(from, h.last), clinic) {
			h.refuse(shingrix)
		}
	case h.visit(h.dayBetween(from, earliest(h.last, from.AddMonths(96))), walkIn):
		h.give(shingrix)
		if h.chance(.82) && h.visit(h.day.AddDays(h.between(60, 190)), walkIn) {
			h.give(shingrix)
		}
	}
}

// pneumococcal follows what was recommended from 65 years at the time, and from
// 50 since the end of 2024.
func (h *history) pneumococcal(born iis.Date) {
	old := born.AddMonths(65 * 12)
	switch {
	case old.Before(day(2014, 9, 1)):
		if h.chance(.6) && h.visit(h.dayBetween(latest(old, day(2000, 1, 1)), day(2014, 8, 31)), clinic) {
			h.give(pneumovax)
			if h.chance(.55) && h.visit(h.dayBetween(latest(h.day.AddDays(370), day(2014, 10, 1)), day(2018, 12, 31)), walkIn) {
				h.give(prevnar13)
			}
		}
	case old.Before(day(2021, 11, 1)):
		if h.chance(.6) && h.visit(old.AddDays(h.between(5, 300)), clinic) {
			h.give(one(h.day, prevnar13, prevnar20))
			if h.chance(.6) && h.visit(h.day.AddDays(h.between(370, 700)), clinic) {
				h.give(pneumovax)
			}
		}
	case !old.After(h.last):
		if h.chance(.55) && h.visit(old.AddDays(h.between(5, 400)), walkIn) {
			h.give(h.either(prevnar20, capvaxive))
		}
	default:
		if from := latest(born.AddMonths(50*12), day(2024, 11, 1)); from.Before(h.last) && h.chance(.15) && h.visit(h.dayBetween(from, h.last), walkIn) {
			h.give(h.either(prevnar20, capvaxive))
		}
	}
}

func (h *history) rsv(born iis.Date) {
	from := latest(born.AddMonths(75*12), day(2023, 9, 1))
	if from.Before(h.last) && h.chance(.38) && h.visit(h.dayBetween(from, h.last), walkIn) {
		h.give(h.either(arexvy, abrysvo, mResvia))
	}
}
