package cdsi

import "testing"

func TestParsePeriod(t *testing.T) {
	for s, want := range map[string]Period{
		"":                       {},
		"n/a":                    {},
		" N/A ":                  {},
		"0 days":                 {0, 0, "0 days"},
		"1 day":                  {0, 1, "1 day"},
		"6 weeks":                {0, 42, "6 weeks"},
		"12 months - 4 days":     {12, -4, "12 months - 4 days"},
		"5 months + 4 weeks":     {5, 28, "5 months + 4 weeks"},
		"1 years - 4 days":       {12, -4, "1 years - 4 days"},
		"16 years - 4 months":    {188, 0, "16 years - 4 months"},
		" 19 years - 4 days":     {228, -4, "19 years - 4 days"},
		"46 Years":               {552, 0, "46 Years"},
		"2 years+1 month-3 days": {25, -3, "2 years+1 month-3 days"},
	} {
		if got, err := ParsePeriod(s); err != nil || got != want {
			t.Errorf("ParsePeriod(%q) = %+v, %v, want %+v", s, got, err, want)
		}
	}
	for _, s := range []string{"6", "weeks", "6 fortnights", "6 weeks 4", "6 weeks 4 days", "6 weeks -", "-4 days", "six weeks", "1000000 days", "6 weeks * 2 days", "1.5 years"} {
		if got, err := ParsePeriod(s); err == nil {
			t.Errorf("ParsePeriod(%q) = %+v, want an error", s, got)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	f.Add("12 months - 4 days")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if q, err := ParsePeriod(p.Text); err != nil || q != p {
			t.Errorf("ParsePeriod(%q) = %+v, and again %+v, %v", s, p, q, err)
		}
	})
}
