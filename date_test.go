package iis

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadDate(t *testing.T) {
	today := Date{2026, time.November, 22}
	day := Date{2009, time.September, 21}
	for _, test := range []struct {
		typed string
		want  Date
		ok    bool
	}{
		{"", Date{}, true},
		{"  ", Date{}, true},
		{"09/21/2009", day, true},
		{" 9/21/2009 ", day, true},
		{"9/21/09", day, true},
		{"09-21-2009", day, true},
		{"9-21-09", day, true},
		{"9.21.2009", day, true},
		{"9 21 2009", day, true},
		{"09212009", day, true},
		{"092109", day, true},
		{"2009-09-21", day, true},
		{"Sep 21 2009", day, true},
		{"Sep. 21, 2009", day, true},
		{"sept 21 2009", day, true},
		{"SEPTEMBER 21, 2009", day, true},
		{"Sep/21/09", day, true},

		// The latest year of the two digits that is not after today.
		{"11/22/26", Date{2026, time.November, 22}, true},
		{"11/23/26", Date{1926, time.November, 23}, true},
		{"01/01/27", Date{1927, time.January, 1}, true},
		{"12/31/99", Date{1999, time.December, 31}, true},
		{"01/01/00", Date{2000, time.January, 1}, true},

		{"02/29/2000", Date{2000, time.February, 29}, true},
		{"02/29/24", Date{2024, time.February, 29}, true},
		{"02/29/1900", Date{}, false},
		{"02/29/2025", Date{}, false},
		{"02/29/30", Date{}, false}, // 1930
		{"02/30/2024", Date{}, false},
		{"04/31/2024", Date{}, false},
		{"13/01/2009", Date{}, false},
		{"21/09/2009", Date{}, false},
		{"00/21/2009", Date{}, false},
		{"09/00/2009", Date{}, false},
		{"09/32/2009", Date{}, false},

		{"09/21", Date{}, false},
		{"09/21/209", Date{}, false},
		{"09/21/20009", Date{}, false},
		{"09/21/0000", Date{}, false},
		{"0000-01-01", Date{}, false},
		{"09/+1/2009", Date{}, false},
		{"+9/21/2009", Date{}, false},
		{"09/21/+209", Date{}, false},
		{"09/021/2009", Date{}, false},
		{"9212009", Date{}, false},
		{"20090921", Date{}, false},
		{"2009-9-21", Date{}, false},
		{"21 Sep 2009", Date{}, false},
		{"Se 21 2009", Date{}, false},
		{"Sepp 21 2009", Date{}, false},
		{"09/21/2009 10:00", Date{}, false},
		{"unknown", Date{}, false},
		{"９/21/2009", Date{}, false},
		{"éé/éé/éééé", Date{}, false},
		{"éééé", Date{}, false},
		{strings.Repeat("9", 1000), Date{}, false},
		{strings.Repeat("/", 1000), Date{}, false},
	} {
		got, err := ReadDate(test.typed, today)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("ReadDate(%.40q) = %v, %v, want %v, ok %v", test.typed, got, err, test.want, test.ok)
		}
	}
}

func TestAge(t *testing.T) {
	for _, test := range []struct {
		born, at            string
		years, months, days int
	}{
		{"2009-09-21", "2009-09-21", 0, 0, 0},
		{"2009-09-21", "2009-09-22", 0, 0, 1},
		{"2009-09-21", "2009-10-20", 0, 0, 29},
		{"2009-09-21", "2009-10-21", 0, 1, 0},
		{"2009-09-21", "2010-09-20", 0, 11, 30},
		{"2009-09-21", "2010-09-21", 1, 0, 0},
		{"2009-12-31", "2010-01-01", 0, 0, 1},
		{"2015-02-14", "2015-06-16", 0, 4, 2},

		// Born on the last day of a month.
		{"2023-01-31", "2023-02-28", 0, 0, 28},
		{"2023-01-31", "2023-03-01", 0, 1, 0},
		{"2023-01-31", "2023-03-02", 0, 1, 1},
		{"2023-01-31", "2023-03-30", 0, 1, 29},
		{"2023-01-31", "2023-03-31", 0, 2, 0},
		{"2024-01-31", "2024-02-29", 0, 0, 29},
		{"2024-08-31", "2024-09-30", 0, 0, 30},
		{"2024-08-31", "2024-10-01", 0, 1, 0},
		{"2024-08-31", "2024-10-31", 0, 2, 0},

		// Born on a leap day.
		{"2004-02-29", "2005-02-28", 0, 11, 30},
		{"2004-02-29", "2005-03-01", 1, 0, 0},
		{"2004-02-29", "2008-02-28", 3, 11, 30},
		{"2004-02-29", "2008-02-29", 4, 0, 0},
		{"2004-02-29", "2104-02-29", 100, 0, 0},
		{"1904-02-29", "2000-02-28", 95, 11, 30},
		{"2004-02-28", "2004-02-29", 0, 0, 1},
		{"2004-02-28", "2004-03-01", 0, 0, 2},
	} {
		y, m, d := mustDate(t, test.born).Age(mustDate(t, test.at))
		if y != test.years || m != test.months || d != test.days {
			t.Errorf("age of %s on %s = %d years %d months %d days, want %d, %d, %d", test.born, test.at, y, m, d, test.years, test.months, test.days)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, test := range []struct {
		d    string
		n    int
		want string
	}{
		{"2024-03-31", 6, "2024-10-01"}, // the examples of CALCDT-5
		{"2024-08-31", 6, "2025-03-01"},
		{"2024-01-31", 1, "2024-03-01"},
		{"2024-01-29", 1, "2024-02-29"},
		{"2023-01-29", 1, "2023-03-01"},
		{"2024-12-15", 1, "2025-01-15"},
		{"2024-12-31", 11, "2025-12-01"},
		{"2024-03-31", -1, "2024-03-01"},
		{"2024-01-15", -1, "2023-12-15"},
		{"2024-02-29", 12, "2025-03-01"},
		{"2024-02-29", 0, "2024-02-29"},
	} {
		if got := mustDate(t, test.d).AddMonths(test.n).String(); got != test.want {
			t.Errorf("%s and %d months = %s, want %s", test.d, test.n, got, test.want)
		}
	}
}

// Any age, counted back from the day of birth, is that day again, and a day
// later nobody is younger.
func TestAgeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		born := Date{1890, time.January, 1}.AddDays(rapid.IntRange(0, 50_000).Draw(t, "born"))
		at := born.AddDays(rapid.IntRange(0, 45_000).Draw(t, "days later"))
		y, m, d := born.Age(at)
		if y < 0 || m < 0 || m > 11 || d < 0 || d > 30 {
			t.Fatalf("age of %s on %s = %d years %d months %d days", born, at, y, m, d)
		}
		if back := born.AddMonths(12*y + m).AddDays(d); back != at {
			t.Fatalf("%s and %d years %d months %d days = %s, want %s", born, y, m, d, back, at)
		}
		y2, m2, d2 := born.Age(at.AddDays(1))
		if before, after := (y*12+m)*32+d, (y2*12+m2)*32+d2; after <= before {
			t.Fatalf("age of %s: %d-%d-%d on %s and %d-%d-%d a day later", born, y, m, d, at, y2, m2, d2)
		}
	})
}

func TestParseDate(t *testing.T) {
	for _, s := range []string{"2009-09-21", "0001-01-01", "9999-12-31", "2024-02-29", ""} {
		d, err := ParseDate(s)
		if err != nil || d.String() != s {
			t.Errorf("ParseDate(%q) = %v, %v, want it back", s, d, err)
		}
	}
	for _, s := range []string{"2009-9-21", "09/21/2009", "2023-02-29", "0000-01-01", "2009-09-21 ", "20090921", "x"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		}
	}
}

func TestDateForms(t *testing.T) {
	d := Date{2009, time.September, 21}
	if got := d.US(); got != "09/21/2009" {
		t.Errorf("US() = %q, want 09/21/2009", got)
	}
	if got := (Date{}).US() + (Date{}).String(); got != "" {
		t.Errorf("the unknown date shows as %q, want nothing", got)
	}
	b, err := json.Marshal([]Date{d, {}})
	if err != nil || string(b) != `["2009-09-21",""]` {
		t.Errorf("as JSON: %s, %v", b, err)
	}
	var back []Date
	if err := json.Unmarshal(b, &back); err != nil || len(back) != 2 || back[0] != d || !back[1].IsZero() {
		t.Errorf("from JSON: %v, %v", back, err)
	}
}

func TestDateInStore(t *testing.T) {
	d := Date{2009, time.September, 21}
	for _, v := range []any{"2009-09-21", "2009-09-21T00:00:00Z", "2009-09-21 00:00:00+00:00", time.Date(2009, 9, 21, 0, 0, 0, 0, time.UTC)} {
		var got Date
		if err := got.Scan(v); err != nil || got != d {
			t.Errorf("Scan(%v) = %v, %v, want %v", v, got, err, d)
		}
	}
	got := d
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("Scan(nil) = %v, %v, want the unknown date", got, err)
	}
	if err := got.Scan(20090921); err == nil {
		t.Error("Scan(number): want an error")
	}
	if v, err := d.Value(); v != "2009-09-21" || err != nil {
		t.Errorf("Value() = %v, %v", v, err)
	}
	if v, err := (Date{}).Value(); v != nil || err != nil {
		t.Errorf("Value() of the unknown date = %v, %v, want NULL", v, err)
	}
}

func TestDateOrder(t *testing.T) {
	days := []Date{{2008, time.December, 31}, {2009, time.January, 1}, {2009, time.January, 2}, {2009, time.February, 1}}
	for i, a := range days {
		for j, b := range days {
			want := max(-1, min(1, i-j))
			if got := a.Compare(b); got != want || a.Before(b) != (want < 0) || a.After(b) != (want > 0) {
				t.Errorf("%s.Compare(%s) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func FuzzReadDate(f *testing.F) {
	for _, s := range []string{"", "09/21/2009", "9/21/09", "Sep 21, 2009", "2009-09-21", "02/29/2023", "//", "+1/-1/+009", "é"} {
		f.Add(s)
	}
	today := Date{2026, time.November, 22}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ReadDate(s, today)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("ReadDate(%q) = %v and an error", s, d)
			}
			return
		}
		if d.IsZero() {
			if strings.TrimSpace(s) != "" {
				t.Errorf("ReadDate(%q) = unknown, want an error", s)
			}
			return
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Errorf("ReadDate(%q) = %v, which reads back as %v, %v", s, d, back, err)
		}
		if back, err := ReadDate(d.US(), today); err != nil || back != d {
			t.Errorf("ReadDate(%q) = %v, which reads back from %q as %v, %v", s, d, d.US(), back, err)
		}
	})
}

func mustDate(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
