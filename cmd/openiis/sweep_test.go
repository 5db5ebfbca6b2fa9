package main

import (
	"testing"
	"time"
)

func TestNextAt(t *testing.T) {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	const form = "2006-01-02 15:04 MST"
	for _, test := range []struct{ now, want string }{
		{"2026-11-22 01:59 CST", "2026-11-22 02:30 CST"},
		{"2026-11-22 02:30 CST", "2026-11-23 02:30 CST"},
		{"2026-12-31 23:00 CST", "2027-01-01 02:30 CST"},
		{"2026-03-08 01:00 CST", "2026-03-08 03:30 CDT"}, // the hour that is left out
		{"2026-11-01 03:00 CST", "2026-11-02 02:30 CST"},
	} {
		now, err := time.ParseInLocation(form, test.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextAt(now, 2, 30).Format(form); got != test.want {
			t.Errorf("nextAt(%s) = %s, want %s", test.now, got, test.want)
		}
	}
}
