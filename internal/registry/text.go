package registry

import (
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
