package code

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"openiis.org/iis"
)

// Scanned is what a package says of itself: its NDC, and in a 2D bar code also
// the lot and the last day it may be given.
type Scanned struct {
	NDC     iis.NDC
	Lot     string
	Expires iis.Date
}

// Scan reads an NDC as it is typed, or the text of a 2D bar code (GS1 DataMatrix)
// as a scanner types it, with or without brackets. The error finishes a sentence
// that begins with the field.
func Scan(s string) (Scanned, error) {
	s = strings.TrimSpace(s)
	if ndc, err := ReadNDC(s); err == nil {
		return Scanned{NDC: ndc}, nil
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "]d2"), "]C1")
	if bracketed := strings.HasPrefix(s, "("); bracketed {
		// Each bracket begins an element, and so ends the one before.
		s = strings.NewReplacer("(", groupSeparator, ")", "", " ", "").Replace(s)
	}
	var found Scanned
	for s != "" {
		s = strings.TrimLeft(s, groupSeparator+" ")
		if len(s) < 2 {
			break
		}
		ai, rest := s[:2], s[2:]
		switch ai {
		case "01":
			if len(rest) < 14 {
				return Scanned{}, errNoBarCode
			}
			ndc, err := ReadNDC(rest[:14])
			if err != nil {
				return Scanned{}, errNoBarCode
			}
			found.NDC, s = ndc, rest[14:]
		case "17", "11":
			if len(rest) < 6 {
				return Scanned{}, errNoBarCode
			}
			if ai == "17" {
				found.Expires = expiryOf(rest[:6])
			}
			s = rest[6:]
		case "10", "21": // of any length, to the separator or the end
			var value string
			value, s, _ = strings.Cut(rest, groupSeparator)
			if ai == "10" {
				found.Lot = strings.TrimSpace(value)
			}
		default:
			s = "" // nothing else on a vial is of use here
		}
	}
	if found.NDC == "" {
		return Scanned{}, errNoBarCode
	}
	return found, nil
}

var errNoBarCode = errors.New("cannot be read: scan the code on the vial, or type the NDC with its hyphens")

// groupSeparator ends an element of a bar code that is of any length.
const groupSeparator = "\x1d"

// expiryOf reads the six digits of an expiration date, year first; the day 00 is
// the last one of the month.
func expiryOf(s string) iis.Date {
	n, err := strconv.Atoi(s)
	if err != nil {
		return iis.Date{}
	}
	d := iis.Date{Year: 2000 + n/10000, Month: time.Month(n / 100 % 100), Day: max(n%100, 1)}
	if d.Month < 1 || d.Month > 12 {
		return iis.Date{}
	}
	if n%100 == 0 {
		return d.AddMonths(1).AddDays(-1)
	}
	if _, err := iis.ParseDate(d.String()); err != nil {
		return iis.Date{}
	}
	return d
}
