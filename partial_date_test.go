package iis

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadPartialDate(t *testing.T) {
	today := Date{2026, time.November, 22}
	year, month, day := PartialDate{Year: 2009}, PartialDate{Year: 2009, Month: time.September}, PartialDate{2009, time.September, 21}
	for _, test := range []struct {
		typed string
		want  PartialDate
		ok    bool
	}{
		{"", PartialDate{}, true},
		{"2009", year, true},
		{" 2009 ", year, true},
		{"9/2009", month, true},
		{"09/2009", month, true},
		{"09-2009", month, true},
		{"9.2009", month, true},
		{"9 2009", month, true},
		{"2009-09", month, true},
		{"2009/9", month, true},
		{"Sep 2009", month, true},
		{"sept. 2009", month, true},
		{"SEPTEMBER, 2009", month, true},
		{"2009 Sep", month, true},
		{"9/21/09", day, true},
		{"Sep 21 2009", day, true},
		{"2009-09-21", day, true},
		{"09212009", day, true},

		{"9/09", PartialDate{}, false}, // a month and a day, or a month and a year
		{"Sep 09", PartialDate{}, false},
		{"Sep", PartialDate{}, false},
		{"13/2009", PartialDate{}, false},
		{"0/2009", PartialDate{}, false},
		{"2009-00", PartialDate{}, false},
		{"0000", PartialDate{}, false},
		{"209", PartialDate{}, false},
		{"20009", PartialDate{}, false},
		{"9/20009", PartialDate{}, false},
		{"2009 2010", PartialDate{}, false},
		{"02/30/2009", PartialDate{}, false},
		{"soon", PartialDate{}, false},
		{"٢٠٠٩", PartialDate{}, false},
	} {
		got, err := ReadPartialDate(test.typed, today)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("ReadPartialDate(%q) = %v, %v; want %v, ok %v", test.typed, got, err, test.want, test.ok)
		}
	}
}

func TestPartialDateForms(t *testing.T) {
	for _, test := range []struct {
		date           PartialDate
		iso, us, words string
		first, last    string
	}{
		{PartialDate{}, "", "", "", "", ""},
		{PartialDate{Year: 2009}, "2009", "2009", "2009", "2009-01-01", "2009-12-31"},
		{PartialDate{Year: 2009, Month: 9}, "2009-09", "09/2009", "September 2009", "2009-09-01", "2009-09-30"},
		{PartialDate{Year: 2012, Month: 2}, "2012-02", "02/2012", "February 2012", "2012-02-01", "2012-02-29"},
		{PartialDate{Year: 9999, Month: 12}, "9999-12", "12/9999", "December 9999", "9999-12-01", "9999-12-31"},
		{PartialDate{2009, 9, 21}, "2009-09-21", "09/21/2009", "09/21/2009", "2009-09-21", "2009-09-21"},
	} {
		first, last := test.date.Bounds()
		got := [5]string{test.date.String(), test.date.US(), test.date.Words(), first.String(), last.String()}
		if want := [5]string{test.iso, test.us, test.words, test.first, test.last}; got != want {
			t.Errorf("%#v = %q, want %q", test.date, got, want)
		}
		if _, whole := test.date.Whole(); whole != (test.date.Day != 0) {
			t.Errorf("%#v is whole: %v", test.date, whole)
		}
	}
	for _, s := range []string{"209", "2009-9", "2009-13", "2009-09-31", "0000", "2009-09-2", "x009"} {
		if d, err := ParsePartialDate(s); err == nil {
			t.Errorf("ParsePartialDate(%q) = %v, want an error", s, d)
		}
	}
}

// TestPartialDateRoundTrip reads what was written, in JSON and as clerks see it.
func TestPartialDateRoundTrip(t *testing.T) {
	today := Date{2026, time.November, 22}
	rapid.Check(t, func(t *rapid.T) {
		whole := DateOf(Date{Year: 1}.time().AddDate(0, 0, rapid.IntRange(366, 3_650_000).Draw(t, "day")))
		d := whole.known(rapid.SampledFrom([]int{4, 7, 10}).Draw(t, "letters"))
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back PartialDate
		if err := json.Unmarshal(text, &back); err != nil || back != d {
			t.Fatalf("%s is read as %v, %v", text, back, err)
		}
		if back, err := ReadPartialDate(d.US(), today); err != nil || back != d {
			t.Fatalf("ReadPartialDate(%q) = %v, %v", d.US(), back, err)
		}
		if first, last := d.Bounds(); first.After(whole) || last.Before(whole) {
			t.Fatalf("%v is not between %v and %v, the bounds of %v", whole, first, last, d)
		}
	})
}
