package pair

import (
	"cmp"
	"slices"
	"strings"

	"openiis.org/iis/internal/match"
)

// address puts the address of a record into its profile: the number of the
// house, the name of the street without what is usual in streets, city and ZIP
// code. A unit is left out: it is missing as often as not, and the same house
// is what tells.
func (b *Book) address(p *Profile, f Facts) {
	street := f.Street
	if i := strings.IndexAny(street, ",;\n"); i > 0 && strings.ContainsAny(street[:i], "0123456789") {
		street = street[:i]
	}
	var number string
	var name []string
	tokens := match.Tokens(street)
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case units[t]:
			i++ // and what it is the unit of
		case number == "" && digitFirst(t) && !ordinal(t):
			number = t
		case t == "P" && i+1 < len(tokens) && tokens[i+1] == "O":
			name = append(name, "PO")
			i++
		case streetWords[t] && len(tokens) > 1:
		default:
			name = append(name, cmp.Or(ordinals[t], t))
		}
	}
	if len(name) == 0 { // a street called like one of the words
		for _, t := range tokens {
			if !digitFirst(t) && !units[t] {
				name = append(name, t)
			}
		}
	}
	s := strings.Join(name, "")
	if !noName[s] {
		p.number, p.street = b.word(number), b.word(match.Fold(s))
	}
	if c := match.Fold(f.City); !noName[c] {
		p.city = b.word(c)
	}
	p.zip = zip(f.Zip)
}

// zip is the first five characters of a postal code as a number; 0 for none.
// Codes with letters are taken whole.
func zip(s string) uint32 {
	v := match.Fold(s)
	if len(v) < 3 || strings.Count(v, v[:1]) == len(v) {
		return 0
	}
	if !slices.ContainsFunc([]byte(v), func(c byte) bool { return c < '0' || c > '9' }) {
		v = v[:min(5, len(v))]
	}
	n := uint32(0)
	for i := range len(v) {
		n = n*37 + uint32(v[i]) - '0' + 1
	}
	return n
}

func digitFirst(t string) bool { return t[0] >= '0' && t[0] <= '9' }

// ordinal reports whether a token is like 5TH, the name of a street.
func ordinal(t string) bool {
	return len(t) > 2 && (strings.HasSuffix(t, "TH") || strings.HasSuffix(t, "ST") || strings.HasSuffix(t, "ND") || strings.HasSuffix(t, "RD"))
}

// ordinals are the numbers of streets that are as often written in letters.
var ordinals = map[string]string{"FIRST": "1ST", "SECOND": "2ND", "THIRD": "3RD", "FOURTH": "4TH", "FIFTH": "5TH",
	"SIXTH": "6TH", "SEVENTH": "7TH", "EIGHTH": "8TH", "NINTH": "9TH", "TENTH": "10TH", "ELEVENTH": "11TH", "TWELFTH": "12TH"}

// units begin the part of an address that is inside the house.
var units = set("APT APARTMENT UNIT STE SUITE FLAT RM ROOM LOT FL FLOOR TRLR SPC BLDG")

// streetWords are the kinds and directions of streets, which are written in
// many ways and left out as often.
var streetWords = set("ST STREET STR AVE AVENUE AV RD ROAD DR DRIVE LN LANE CT COURT CIR CIRCLE CRES CRESCENT PL PLACE " +
	"BLVD BOULEVARD WAY TER TERRACE TRL TRAIL PKWY PARKWAY HWY HIGHWAY SQ SQUARE CCT CIRCUIT CL CLOSE " +
	"N S E W NE NW SE SW NORTH SOUTH EAST WEST NORTHEAST NORTHWEST SOUTHEAST SOUTHWEST")

// address grades where two records say somebody lives.
func (c *Comparer) address(a, b *Profile) Grade {
	zipKnown, zipSame := a.zip != 0 && b.zip != 0, a.zip == b.zip
	cityKnown := a.city != nil && b.city != nil
	citySame := cityKnown && c.equal(a.city, b.city)
	placeSame := zipKnown && zipSame || citySame
	placeOther := (zipKnown || cityKnown) && !placeSame
	if a.street != nil && b.street != nil {
		sameStreet := c.equal(a.street, b.street)
		numbers := a.number != nil && b.number != nil
		sameNumber := numbers && c.equal(a.number, b.number)
		g := Missing
		switch {
		case sameStreet && (sameNumber || !numbers && placeSame):
			g = Same
		case sameStreet && numbers && placeSame && c.near1(a.number.text, b.number.text),
			sameNumber && c.streetsNear(a.street.text, b.street.text),
			!numbers && placeSame && c.streetsNear(a.street.text, b.street.text),
			sameNumber && zipKnown && zipSame && citySame:
			g = Close
		}
		switch {
		case g != Missing && placeOther:
			return Near
		case g != Missing:
			return g
		}
	} else if a.street == nil && b.street == nil && a.number != nil && b.number != nil && c.equal(a.number, b.number) && zipKnown && zipSame {
		return Same
	}
	// One without a street says less of where somebody lives.
	street := a.street != nil && b.street != nil
	switch {
	case zipKnown && zipSame:
		return SameZip
	case citySame:
		return SameCity
	case street || zipKnown || cityKnown:
		return Different
	}
	return Missing
}

func (c *Comparer) near1(s, t string) bool { return c.distance(s, t) <= 1 }

// streetsNear reports whether two names of streets are one, with a slip or two,
// or with more words in one of them.
func (c *Comparer) streetsNear(s, t string) bool {
	if len(s) > len(t) {
		s, t = t, s
	}
	if len(s) >= 4 && strings.HasPrefix(t, s) {
		return true
	}
	p := c.set(s)
	if len(t)-len(s) <= 2 && p.Distance(t) <= 1+min(1, len(s)/6) {
		return true
	}
	return p.JaroWinkler(t) >= 0.93
}
