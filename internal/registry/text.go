package registry

import (
	"fmt"
	"strconv"

	iis "openiis.org/iis"

	"golang.org/x/text/unicode/norm"
)

// normal returns typed values with every text in Unicode's composed form, so
// that the same name typed on two keyboards is stored once.
func normal(typed iis.Values) iis.Values {
	out := make(iis.Values, len(typed))
	for f, s := range typed {
		out[f] = norm.NFC.String(s)
	}
	return out
}

// mostWords is how many characters a reason or a problem may be told in.
const mostWords = 1000

// Grouped writes a number with commas between the thousands.
func Grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", Grouped(n/1000), n%1000)
}
