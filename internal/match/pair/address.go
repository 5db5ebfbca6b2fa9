package pair

import (
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
			name = append(name, t)
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

// units begin the part of an address that is inside the house.
var units = set("APT APARTMENT UNIT STE SUITE FLAT RM ROOM LOT FL FLOOR TRLR SPC BLDG")

// streetWords are the kinds and directions of streets, which are written in
// many ways and left out as often.
var streetWords = set("ST STREET STR AVE AVENUE AV RD ROAD DR DRIVE LN LANE CT COURT CIR CIRCLE CRES CRESCENT PL PLACE " +
	"BLVD BOULEVARD WAY TER TERRACE TRL TRAIL PKWY PARKWAY HWY HIGHWAY SQ SQUARE CCT CIRCUIT CL CLOSE " +
	"N S E W NE NW SE SW NORTH SOUTH EAST WEST NORTHEAST NORTHWEST SOUTHEAST SOUTHWEST")
