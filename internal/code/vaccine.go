package code

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"openiis.org/iis"
)

// Vaccine is what CDC says of a CVX code.
type Vaccine struct {
	CVX        iis.CVX
	Short      string // short description: "DTaP-Hep B-IPV"
	Name       string // in full
	Status     Status
	NonVaccine bool     // immune globulin, antitoxin, skin test, adjuvant, or nothing given
	Groups     []string // CDC's vaccine groups: "DTAP", "HepB", "POLIO"

	names []string // of the groups, as GroupsOf gives them
}

// unknownVaccine stands for a dose of which nobody knows what it was.
const unknownVaccine iis.CVX = "999"

// VaccineOf returns the vaccine of a code. Codes compare as numbers: "8" finds
// the vaccine 08.
func VaccineOf(cvx iis.CVX) (Vaccine, bool) {
	v := loaded().vaccine(cvx)
	if v == nil {
		return Vaccine{}, false
	}
	return *v, true
}

func (t *table) vaccine(cvx iis.CVX) *Vaccine {
	if v := t.byCVX[cvx]; v != nil {
		return v
	}
	return t.byCVX[Canonical(string(cvx))]
}

// Canonical returns a code as CDC writes it, with two digits at least and no
// other zeros before it: "8", " 08" and "008" are 08. What is not a number is
// left as it came.
func Canonical(s string) iis.CVX {
	digits := strings.TrimSpace(s)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return iis.CVX(s)
	}
	for len(digits) > 2 && digits[0] == '0' {
		digits = digits[1:]
	}
	if len(digits) == 1 {
		digits = "0" + digits
	}
	return iis.CVX(digits)
}

// Vaccines returns every vaccine, by short description.
func Vaccines() []Vaccine { return slices.Clone(loaded().vaccines) }

// Offered returns the vaccines that a clerk can choose from who records one
// given today: the active ones, without immune globulins and the like.
func Offered() []Vaccine {
	return vaccines(func(v *Vaccine) bool { return v.Status == Active && !v.NonVaccine })
}

// Recordable returns the vaccines that a clerk can choose from who copies an old
// record: also inactive ones, unspecified formulations and those of other
// countries. Those that were never on the market are left out, and so is 999,
// which says nothing.
func Recordable() []Vaccine {
	return vaccines(func(v *Vaccine) bool {
		return v.Status != NeverActive && v.Status != Pending && !v.NonVaccine && v.CVX != unknownVaccine
	})
}

func vaccines(keep func(*Vaccine) bool) []Vaccine {
	var list []Vaccine
	for i := range loaded().vaccines {
		if v := &loaded().vaccines[i]; keep(v) {
			list = append(list, *v)
		}
	}
	return list
}

// Label returns what a person reads for a code: the short description, or the
// code itself if it is in no table.
func Label(cvx iis.CVX) string {
	switch v := loaded().vaccine(cvx); {
	case v != nil:
		return v.Short
	case strings.TrimSpace(string(cvx)) == "":
		return "No vaccine code"
	}
	return fmt.Sprintf("CVX %s (not in the code table)", cvx)
}

// ProductLabel returns the label of a vaccine with the trade name in brackets,
// "DTaP-Hep B-IPV [Pediarix]"; without a trade name the label alone.
func ProductLabel(cvx iis.CVX, tradeName string) string {
	if tradeName == "" {
		return Label(cvx)
	}
	return Label(cvx) + " [" + tradeName + "]"
}

// compareNumbers compares canonical codes as numbers.
func compareNumbers(a, b iis.CVX) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// addVaccine takes a code, its status, N if it is no vaccine, CDC's groups, ours
// where CDC has none, the short description, and the full one if it differs.
func (t *table) addVaccine(f []string) error {
	s, err := status(f[1])
	if err != nil {
		return err
	}
	v := Vaccine{CVX: iis.CVX(f[0]), Status: s, NonVaccine: f[2] == "N", Short: f[5], Name: cmp.Or(f[6], f[5]), Groups: list(f[3])}
	if v.names = list(f[4]); v.names == nil {
		if v.names, err = t.names(v.Groups); err != nil {
			return err
		}
	}
	t.vaccines = append(t.vaccines, v)
	return nil
}

// list reads values joined by semicolons.
func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}
