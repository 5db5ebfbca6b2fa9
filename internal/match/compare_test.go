package match

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openiis.org/iis"
)

func TestCompareNames(t *testing.T) {
	for _, test := range []struct {
		asked  *Name
		onFile string
		want   Level
		sounds bool
	}{
		{NewLast("duck"), "DUCK", Same, false},
		{NewLast("duk"), "DUCK", OneApart, true},
		{NewLast("duk"), "DUKE", OneApart, true},
		{NewLast("dick"), "DUCK", OneApart, true},
		{NewLast("duck"), "", Unsaid, false},
		{NewLast(""), "DUCK", Unsaid, false},
		{NewLast("an"), "ANDERSON", Beginning, false},
		{NewLast("a"), "ANDERSON", Initial, false},
		{NewLast("anderson"), "A", Initial, false},
		{NewLast("b"), "ANDERSON", Different, false},
		{NewLast("kathryn"), "CATHERINE", Sounding, true},
		{NewLast("andersen-hill"), "ANDERSEN", Part, false},
		{NewLast("johansson"), "JOHANSEN", TwoApart, true},
		{NewLast("hernandez"), "FERNANDES", TwoApart, false},
		{NewLast("washburn"), "WASHBURNE", OneApart, true},
		{NewLast("fitzgerald"), "FITZGARD", Similar, false},
		{NewLast("martinsson"), "MARTINEZ", Similar, false},
		{NewLast("duck"), "GOOSE", Different, false},
		{NewLast("li"), "LE", Sounding, true},
		{NewFirst("donald"), "DON", Nickname, false},
		{NewFirst("don"), "DONALD", Nickname, false},
		{NewLast("robert"), "BOB", Different, false},
	} {
		got, sounds := test.asked.Compare(test.onFile)
		if got != test.want || sounds != test.sounds {
			t.Errorf("Compare(%q, %q) = %v %v, want %v %v", test.asked.Text(), test.onFile, got, sounds, test.want, test.sounds)
		}
	}
}

func TestCompareDates(t *testing.T) {
	asked := day(2009, 9, 21)
	for _, test := range []struct {
		asked, d iis.Date
		want     Level
	}{
		{asked, asked, Same},
		{asked, iis.Date{}, Unsaid},
		{iis.Date{}, asked, Unsaid},
		{asked, day(2009, 9, 12), DaySwapped},
		{day(2009, 4, 5), day(2009, 5, 4), DaySwapped},
		{day(2009, 12, 1), day(2009, 1, 12), DaySwapped},
		{asked, day(2008, 9, 21), YearApart},
		{asked, day(2010, 9, 21), YearApart},
		{asked, day(2019, 9, 21), OneDigit},
		{asked, day(2009, 8, 21), OneDigit},
		{asked, day(2009, 9, 22), OneDigit},
		{asked, day(2090, 9, 21), DaySwapped},
		{asked, day(2009, 9, 30), CloseDate},
		{asked, day(2009, 10, 1), CloseDate},
		{day(2009, 12, 28), day(2010, 1, 3), CloseDate},
		{asked, day(2009, 3, 2), Different},
		{asked, day(1959, 9, 12), Different},
	} {
		if got := CompareDates(test.asked, test.d); got != test.want {
			t.Errorf("CompareDates(%v, %v) = %v, want %v", test.asked, test.d, got, test.want)
		}
	}
}

func TestNearDates(t *testing.T) {
	if got := NearDates(iis.Date{}); got != nil {
		t.Errorf("NearDates of no date = %v", got)
	}
	near := NearDates(day(2004, 2, 29))
	if slices.Contains(near, day(2003, 2, 29)) {
		t.Errorf("NearDates holds a day there was not")
	}
	dates := rapid.Custom(func(t *rapid.T) iis.Date {
		return day(1890, 1, 1).AddDays(rapid.IntRange(0, 70_000).Draw(t, "days"))
	})
	rapid.Check(t, func(t *rapid.T) {
		d := dates.Draw(t, "d")
		near := NearDates(d)
		if len(near) == 0 || len(near) > 64 {
			t.Fatalf("NearDates(%v) has %d", d, len(near))
		}
		for _, e := range near {
			if l := CompareDates(d, e); l == Same || l == Different || l == Unsaid || e.AddDays(0) != e {
				t.Fatalf("NearDates(%v) holds %v, which is %v", d, e, l)
			}
		}
		for _, y := range []int{-1, 1} {
			if e := day(d.Year+y, d.Month, d.Day); e.AddDays(0) == e && !slices.Contains(near, e) {
				t.Fatalf("NearDates(%v) lacks %v", d, e)
			}
		}
		if e := day(d.Year, monthOf(d.Day), int(d.Month)); d.Day <= 12 && e != d && !slices.Contains(near, e) {
			t.Fatalf("NearDates(%v) lacks %v", d, e)
		}
	})
}

// TestCompareDatesBothWays: which of two dates was asked makes no difference.
func TestCompareDatesBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := day(2000, 1, 1).AddDays(rapid.IntRange(0, 800).Draw(t, "a"))
		b := day(2000, 1, 1).AddDays(rapid.IntRange(0, 800).Draw(t, "b"))
		if l, m := CompareDates(a, b), CompareDates(b, a); l != m {
			t.Fatalf("CompareDates(%v, %v) = %v, the other way %v", a, b, l, m)
		}
	})
}

func TestComparePartial(t *testing.T) {
	on := day(2009, 9, 21)
	for _, test := range []struct {
		asked iis.PartialDate
		d     iis.Date
		want  Level
	}{
		{iis.PartialDate{}, on, Unsaid},
		{iis.PartialDate{Year: 2009}, iis.Date{}, Unsaid},
		{iis.PartialDate{Year: 2009, Month: 9}, on, SameMonth},
		{iis.PartialDate{Year: 2009}, on, SameYear},
		{iis.PartialDate{Year: 2008}, on, YearOff},
		{iis.PartialDate{Year: 2010, Month: 9}, on, YearOff},
		{iis.PartialDate{Year: 2010, Month: 8}, on, Different},
		{iis.PartialDate{Year: 2009, Month: 8}, on, Different},
		{iis.PartialDate{Year: 2007}, on, Different},
		{on.Partial(), on, Same},
		{on.Partial(), day(2009, 9, 12), DaySwapped},
	} {
		if got := ComparePartial(test.asked, test.d); got != test.want {
			t.Errorf("ComparePartial(%v, %v) = %v, want %v", test.asked, test.d, got, test.want)
		}
	}
}
