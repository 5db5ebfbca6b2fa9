package code

import (
	"errors"
	"slices"
	"strings"

	"openiis.org/iis"
)

// Package is a vaccine as it is packed: a vial or syringe, which is a unit of
// use, or the carton in which those are sold.
type Package struct {
	NDC        iis.NDC
	CVX        iis.CVX
	MVX        iis.MVX // "" if CDC does not say
	TradeName  string
	UnitOfUse  bool
	UnitOfSale bool
	From, To   iis.Date // sold from and to; zero To if it still is
}

// PackagesOf returns the packages of an NDC, those of a manufacturer that still
// exists first. Nearly every NDC has one; some have a choice, for the dose makes
// them two vaccines (Engerix-B: adult and dialysis) or the firm was sold. An NDC
// that is not known has none.
func PackagesOf(ndc iis.NDC) []Package { return slices.Clone(loaded().packages[ndc]) }

var errNDC = errors.New("enter the NDC with its hyphens, such as 49281-286-10, or all 11 digits of it")

// ReadNDC reads an NDC as it is written on packages and in messages: in 10 digits
// with hyphens (4-4-2, 5-3-2 or 5-4-1), in 11 digits (5-4-2) with hyphens or
// without, or as the 14 digits of a GTIN under a bar code. In 10 digits without
// hyphens it can be read only if it is in the table. An NDC that is not in the
// table is read all the same.
func ReadNDC(s string) (iis.NDC, error) {
	s = strings.TrimSpace(s)
	if len(s) > 14 || strings.Trim(s, "0123456789-") != "" {
		return "", errNDC
	}
	parts := strings.Split(s, "-")
	switch len(parts) {
	case 1:
		return readDigits(s)
	case 3:
		short := 0
		for i, want := range []int{5, 4, 2} {
			if len(parts[i]) == want-1 {
				parts[i] = "0" + parts[i]
				short++
			}
			if len(parts[i]) != want {
				return "", errNDC
			}
		}
		if short <= 1 {
			return iis.NDC(strings.Join(parts, "-")), nil
		}
	}
	return "", errNDC
}

// readDigits reads an NDC without hyphens.
func readDigits(s string) (iis.NDC, error) {
	switch len(s) {
	case 11:
		return iis.NDC(s[:5] + "-" + s[5:9] + "-" + s[9:]), nil
	case 14: // indicator digit, "03" for an NDC, the NDC, check digit
		if s[1:3] != "03" || !checks(s) {
			return "", errNDC
		}
		s = s[3:13]
		fallthrough
	case 10:
		var found iis.NDC
		for _, form := range []string{"0" + s, s[:5] + "0" + s[5:], s[:9] + "0" + s[9:]} {
			ndc, _ := readDigits(form)
			if len(loaded().packages[ndc]) == 0 || ndc == found {
				continue
			}
			if found != "" {
				return "", errNDC
			}
			found = ndc
		}
		if found != "" {
			return found, nil
		}
	}
	return "", errNDC
}

// checks reports whether the last digit of a GTIN agrees with the others.
func checks(gtin string) bool {
	sum := 0
	for i, c := range []byte(gtin) {
		n := int(c - '0')
		if i%2 == 0 {
			n *= 3
		}
		sum += n
	}
	return sum%10 == 0
}

// addPackage takes an NDC, the vaccine, the manufacturer, U and S for units of
// use and of sale, the days from and to which it was sold, and the trade name.
func (t *table) addPackage(f []string) error {
	from, err := iis.ParseDate(f[4])
	if err != nil {
		return err
	}
	to, err := iis.ParseDate(f[5])
	ndc := iis.NDC(f[0])
	t.packages[ndc] = append(t.packages[ndc], Package{
		NDC: ndc, CVX: iis.CVX(f[1]), MVX: iis.MVX(f[2]), TradeName: f[6],
		UnitOfUse: strings.Contains(f[3], "U"), UnitOfSale: strings.Contains(f[3], "S"), From: from, To: to,
	})
	return err
}
