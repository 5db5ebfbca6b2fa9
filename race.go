package iis

import "slices"

// Declined stands for "Prefer not to say" in Client.Race and Client.Ethnicity.
const Declined = "declined"

// RaceRow is one choice of the Race or the Ethnicity list.
type RaceRow = Choice

// RaceCodes lists the races, of which a client may have several, in the order
// in which Client.Race keeps them. CDCREC (HL7 table 0005) but for Declined.
var RaceCodes = []RaceRow{
	{"1002-5", "American Indian or Alaska Native"},
	{"2028-9", "Asian"},
	{"2054-5", "Black or African American"},
	{"2076-8", "Native Hawaiian or Other Pacific Islander"},
	{"2106-3", "White"},
	{"2131-1", "Other Race"},
	{Declined, "Prefer not to say"},
}

// EthnicityCodes lists the ethnicities, of which a client has at most one.
// CDCREC (HL7 table 0189) but for Declined; "" means not on file.
var EthnicityCodes = []RaceRow{
	{"2135-2", "Hispanic or Latino"},
	{"2186-5", "Not Hispanic or Latino"},
	{Declined, "Prefer not to say"},
}

// SortRaces returns the codes in the order of RaceCodes, each once; codes that
// are not in the list come last, so that nothing stored is lost.
func SortRaces(codes []string) []string {
	var out, unknown []string
	for _, row := range RaceCodes {
		if slices.Contains(codes, row.Code) {
			out = append(out, row.Code)
		}
	}
	for _, c := range codes {
		if !listed(RaceCodes, c) && !slices.Contains(unknown, c) {
			unknown = append(unknown, c)
		}
	}
	return append(out, unknown...)
}

func listed(rows []Choice, code string) bool {
	return slices.ContainsFunc(rows, func(r Choice) bool { return r.Code == code })
}
