package cdsi

import (
	"fmt"
	"strconv"
	"strings"
)

// Period is a length of time as the data writes it, such as
// "12 months - 4 days": months, in which a year is twelve, and days, in which a
// week is seven. Either may be negative.
type Period struct {
	Months, Days int
	Text         string // as the data writes it; "" for no period
}

// IsZero reports whether the data gives no period. "0 days" is one.
func (p Period) IsZero() bool { return p.Text == "" }

// maxPeriod bounds the number of a term, far above any age.
const maxPeriod = 100_000

// ParsePeriod reads a period. The empty text, and "n/a", is no period.
func ParsePeriod(s string) (Period, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || strings.EqualFold(s, "n/a") {
		return Period{}, nil
	}
	p, sign := Period{Text: s}, 1
	words := strings.Fields(strings.NewReplacer("+", " + ", "-", " - ").Replace(s))
	for i := 0; ; {
		if len(words)-i < 2 {
			return Period{}, fmt.Errorf("%q is not a period", s)
		}
		n, err := strconv.Atoi(words[i])
		if err != nil || n < 0 || n > maxPeriod {
			return Period{}, fmt.Errorf("%q is not a period", s)
		}
		switch n *= sign; strings.TrimSuffix(strings.ToLower(words[i+1]), "s") {
		case "year":
			p.Months += 12 * n
		case "month":
			p.Months += n
		case "week":
			p.Days += 7 * n
		case "day":
			p.Days += n
		default:
			return Period{}, fmt.Errorf("%q has no unit of years, months, weeks or days", s)
		}
		if i += 2; i == len(words) {
			return p, nil
		}
		switch words[i] {
		case "+":
			sign = 1
		case "-":
			sign = -1
		default:
			return Period{}, fmt.Errorf("%q is not a period", s)
		}
		i++
	}
}
