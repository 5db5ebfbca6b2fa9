package forecast

import (
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

func date(t testing.TB, s string) iis.Date {
	t.Helper()
	d, err := iis.ParseDate(s)
	if err != nil {
		t.Fatalf("date %q: %v", s, err)
	}
	return d
}

func TestDay(t *testing.T) {
	for d := iis.DateOf(time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC)); d.Year < 2105; d = d.AddDays(1) {
		n := dayOf(d)
		if got := n.date(); got != d {
			t.Fatalf("dayOf(%v).date() = %v", d, got)
		}
		if next := dayOf(d.AddDays(1)); next != n+1 {
			t.Fatalf("dayOf(%v) = %d, and the day after is %d", d, n, next)
		}
	}
	for s, want := range map[string]day{"1970-01-01": 0, "1900-01-01": firstDay, "2999-12-31": lastDay, "": noDay} {
		if got := dayOf(date(t, s)); got != want {
			t.Errorf("dayOf(%q) = %d, want %d", s, got, want)
		}
	}
	for _, d := range []iis.Date{{Year: 2025, Month: 2, Day: 29}, {Year: 2025, Month: 13, Day: 1}, {Year: -1 << 60, Month: 1, Day: 1}, {Year: 2025, Month: 4, Day: -3}} {
		if got := dayOf(d); got != noDay {
			t.Errorf("dayOf(%#v) = %d, want no day", d, got)
		}
	}
}

// TestAdd holds the arithmetic of dates to its rules.
func TestAdd(t *testing.T) {
	for _, test := range []struct{ rule, from, period, want string }{
		{"CALCDT-1", "2000-01-01", "1 year", "2001-01-01"},
		{"CALCDT-1", "2004-07-04", "65 years", "2069-07-04"},
		{"CALCDT-2", "2000-01-15", "6 months", "2000-07-15"},
		{"CALCDT-2", "2000-11-15", "3 months", "2001-02-15"},
		{"CALCDT-3", "2000-01-01", "4 weeks", "2000-01-29"},
		{"CALCDT-3", "2000-02-28", "2 days", "2000-03-01"},
		{"CALCDT-4", "2000-01-01", "0 days", "2000-01-01"},
		{"CALCDT-5", "2000-03-31", "6 months", "2000-10-01"},
		{"CALCDT-5", "2000-08-31", "6 months", "2001-03-01"},
		{"CALCDT-5", "2004-02-29", "1 year", "2005-03-01"},
		{"CALCDT-5", "2004-02-29", "4 years", "2008-02-29"},
		{"CALCDT-5", "2004-08-31", "18 months", "2006-03-01"},
		{"CALCDT-6", "2000-01-31", "6 months - 4 days", "2000-07-27"},
		{"CALCDT-6", "2000-08-31", "6 months - 4 days", "2001-02-25"},
		{"CALCDT-6", "2000-01-01", "5 months + 4 weeks", "2000-06-29"},
		{"CALCDT-6", "2000-05-10", "16 years - 4 months", "2016-01-10"},
		{"CALCDT-6", "2000-12-31", "2 months", "2001-03-01"},
	} {
		p, err := cdsi.ParsePeriod(test.period)
		if err != nil {
			t.Fatal(err)
		}
		got := dayOf(date(t, test.from)).add(period{int32(p.Months), int32(p.Days)}).date()
		if got.String() != test.want {
			t.Errorf("%s: %s + %s = %s, want %s", test.rule, test.from, test.period, got, test.want)
		}
	}
	if got := noDay.add(period{months: 1, days: 3}); got != noDay {
		t.Errorf("no day and a month = %d", got)
	}
	for _, p := range []period{{months: 1 << 30}, {months: -1 << 30}} {
		dayOf(date(t, "2000-01-01")).add(p)
	}
}
