package registry

import (
	"slices"
	"unicode/utf8"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// known reports whether a last name that was asked for is on file as it was
// spelled, as far as this process knows. Where none is, other spellings are tried
// in the same statement: that saves a round trip, and is all that depends on it.
func (f *finder) known() bool {
	return slices.ContainsFunc(f.q.Readings, func(r match.Reading) bool {
		return !r.Swapped && f.vocab.last.Has(r.Last.Text())
	})
}

// born looks for a birth date, with or without names: first for those born on
// the day who are called or sound as asked, then for last names one letter away
// and names swapped, then for those of whom a name begins as asked, then among all
// born on it, so that no spelling is too wrong. Only if nobody fits well, slips in
// the date are tried.
func (f *finder) born(day iis.Date) {
	called, near := f.bornCalled(day)
	if f.known() {
		f.try(called...)
		if f.settle(); slices.ContainsFunc(f.hits, exact) {
			return
		}
		called = nil
	}
	for _, r := range f.q.Readings {
		if r.Last.Text() != "" && !r.Swapped {
			near = append(near, store.AmongBorn(f.lasts(r, manyProbes), []iis.Date{day}))
		}
	}
	f.try(append(called, near...)...)
	if f.settle(); f.hasStrong() {
		return
	}
	if lasts, firsts := f.initials(); len(lasts)+len(firsts) > 0 {
		f.try(store.BornLike(day, lasts, firsts))
		if f.settle(); f.hasStrong() {
			return
		}
	}
	rows, err := f.tx.NamesBorn(f.ctx, day, bornRows)
	f.fail(err)
	if len(rows) < bornRows || len(f.q.Readings) == 0 {
		f.look(rows, false)
	}
	if f.settle(); len(f.q.Readings) > 0 && !f.hasStrong() {
		f.bornAbout(day)
	}
}

// bornCalled leads to those born on the day who are called or sound as asked; or
// so with their names swapped.
func (f *finder) bornCalled(day iis.Date) (called, swapped []store.Lookup) {
	for _, r := range f.q.Readings {
		if r.Last.Text() == "" || r.First.Text() == "" {
			continue
		}
		ways := append(f.sounding(r, day, day), store.AmongBorn(f.whole(r.Last), []iis.Date{day}))
		if r.Swapped {
			swapped = append(swapped, ways...)
		} else {
			called = append(called, ways...)
		}
	}
	return called, swapped
}

// bornAbout looks for those born on a day that may have been meant.
func (f *finder) bornAbout(day iis.Date) {
	var ways []store.Lookup
	for _, r := range f.q.Readings {
		if r.Last.Text() != "" && !r.Swapped {
			ways = append(ways, store.AmongBorn(f.lasts(r, 4), match.NearDates(day)))
			ways = append(ways, f.sounding(r, day.AddDays(-400), day.AddDays(400))...)
		}
	}
	f.try(ways...)
	f.settle()
	f.bornWhenever()
}

// bornWhenever looks for the right name with quite another date, if nobody was
// found.
func (f *finder) bornWhenever() {
	if !f.nobody() {
		return
	}
	var ways []store.Lookup
	for _, r := range f.q.Readings {
		if r.Last.Text() != "" && r.First.Text() != "" {
			ways = append(ways, store.Among([]string{r.Last.Text()}, []string{r.First.Text()}))
		}
	}
	f.try(ways...)
}

// called looks for names, without a birth date or with one of which not all is
// known: then among those born in the month or the year, and if there is nobody,
// a year before and after.
func (f *finder) called() {
	if f.ask.BirthDate.IsZero() {
		f.names(iis.Date{}, iis.Date{})
		return
	}
	from, to := f.ask.BirthDate.Bounds()
	f.names(from, to)
	if f.settle(); f.nobody() {
		f.names(from.AddMonths(-12), to.AddMonths(12))
		f.settle()
		f.bornWhenever()
	}
}

// names looks for names with a birth date of these two days or between, or any
// date if they are zero.
func (f *finder) names(from, to iis.Date) {
	known := f.known()
	var called, longer, near []store.Lookup
	for _, r := range f.q.Readings {
		last, first := r.Last.Text(), r.First.Text()
		begins := len(last) > 2 && !r.Swapped // shorter ones are taken as whole names
		switch {
		case last == "" && from.IsZero():
		case last == "":
			called = append(called, store.Named(first, f.firsts(r, manyProbes)).Born(from, to))
		case begins && !known:
			called = append(called, store.Starting(last, first).Born(from, to))
		case begins:
			longer = append(longer, store.Beginning(last, first).Born(from, to))
			fallthrough
		default:
			called = append(called, store.Called(last, first).Born(from, to))
		}
	}
	tried := false
	if !known {
		var probes int
		if near, probes = f.near(from, to); probes <= fewProbes {
			called, tried = append(called, near...), true
		}
	}
	if n := f.try(called...); n < fewHits {
		f.try(longer...)
	}
	if f.settle(); !tried && len(f.hits) < fewHits {
		if near == nil {
			near, _ = f.near(from, to)
		}
		f.try(near...)
	}
	if f.settle(); !f.nobody() {
		return
	}
	var lasts []store.Lookup
	for _, r := range f.q.Readings {
		if r.Last.Text() != "" && r.First.Text() == "" {
			lasts = append(lasts, store.Among(f.lasts(r, manyProbes), nil).Born(from, to))
		}
	}
	f.try(lasts...)
}

// near leads to those of whom both names are spelled or sound a little otherwise,
// or the first name is a nickname or the beginning of one, in so many probes.
func (f *finder) near(from, to iis.Date) (ways []store.Lookup, probes int) {
	for _, r := range f.q.Readings {
		first := r.First.Text()
		if r.Last.Text() == "" || first == "" || r.Swapped {
			continue
		}
		lasts, firsts := f.lasts(r, manyProbes), f.firsts(r, manyProbes)
		probes += len(lasts) * len(firsts)
		ways = append(ways, store.Among(lasts, firsts).Born(from, to))
		if utf8.RuneCountInString(first) <= shortFirst {
			ways = append(ways, store.AmongBeginning(lasts, first).Born(from, to))
		}
		ways = append(ways, f.sounding(r, from, to)...)
	}
	return ways, probes
}

// sounding leads to those who sound like both names of a reading.
func (f *finder) sounding(r match.Reading, from, to iis.Date) []store.Lookup {
	if r.Last.Sound() == "" || r.First.Text() == "" {
		return nil
	}
	return []store.Lookup{store.Sounding(r.Last.Sound(), r.First.Sound()).Born(from, to)}
}

// whole is a name with the parts of a double one.
func (f *finder) whole(n *match.Name) []string { return append([]string{n.Text()}, n.Parts()...) }

// initials are the first letters of the names that were asked for, nicknames too.
func (f *finder) initials() (lasts, firsts []string) {
	add := func(to *[]string, name string) {
		if _, n := utf8.DecodeRuneInString(name); n > 0 && !slices.Contains(*to, name[:n]) {
			*to = append(*to, name[:n])
		}
	}
	for _, r := range f.q.Readings {
		add(&lasts, r.Last.Text())
		add(&firsts, r.First.Text())
		for _, n := range match.Nicknames(r.First.Text()) {
			add(&firsts, n)
		}
	}
	return lasts, firsts
}

// lasts are the last names worth trying for a reading, the asked one first, at
// most n.
func (f *finder) lasts(r match.Reading, n int) []string {
	f.fail(f.vocab.refresh(f.ctx, f.tx))
	all := f.vocab.last.Near(f.whole(r.Last), r.Last.Text())
	return all[:min(len(all), n)]
}

// firsts are the first names worth trying, with nicknames.
func (f *finder) firsts(r match.Reading, n int) []string {
	all := append(f.whole(r.First), match.Nicknames(r.First.Text())...)
	f.fail(f.vocab.refresh(f.ctx, f.tx))
	all = f.vocab.first.Near(all, r.First.Text())
	return all[:min(len(all), n)]
}
