package sample

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
)

// censusTable holds the 88,799 last and 5,494 first names of the US Census
// Bureau's "Frequently Occurring Surnames and First Names from the 1990
// Census" and how common they are: facts in the public domain, compiled by
// census_gen.go.
//
//go:embed census.txt.gz
var censusTable []byte

// census is the lists of the table, in proper case.
var census = sync.OnceValue(func() map[string]*table[string] {
	z, err := gzip.NewReader(bytes.NewReader(censusTable))
	if err != nil {
		panic(err) // the table is part of the program
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	lists := make(map[string]*table[string])
	var list string
	var names []string
	var weights []float64
	weight := 0.0
	finish := func() {
		if list != "" {
			lists[list] = newTable(names, weights)
		}
		names, weights = nil, nil
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "# "):
			finish()
			list = line[2:]
		case strings.HasPrefix(line, "= "):
			n, err := strconv.Atoi(line[2:])
			if err != nil {
				panic(err)
			}
			// The rarest are given as 0.000 %: fewer than one in 200,000.
			weight = max(float64(n), 0.19)
		default:
			names = append(names, proper(line))
			weights = append(weights, weight)
		}
	}
	finish()
	return lists
})

// proper writes a name of the census, all capitals and letters, as its bearers
// do: Smith, McDonald, O'Brien.
func proper(s string) string {
	if full, ok := apostrophes[s]; ok {
		return full
	}
	s = s[:1] + strings.ToLower(s[1:])
	if len(s) > 4 && strings.HasPrefix(s, "Mc") {
		return "Mc" + strings.ToUpper(s[2:3]) + s[3:]
	}
	return s
}

// apostrophes are the names that the census writes without one.
var apostrophes = map[string]string{
	"OBRIEN": "O'Brien", "OCONNOR": "O'Connor", "ONEAL": "O'Neal", "ONEILL": "O'Neill", "ONEIL": "O'Neil",
	"ODONNELL": "O'Donnell", "OCONNELL": "O'Connell", "OLEARY": "O'Leary", "OKEEFE": "O'Keefe", "OHARA": "O'Hara",
	"OROURKE": "O'Rourke", "OMALLEY": "O'Malley", "OREILLY": "O'Reilly", "OTOOLE": "O'Toole", "OSHEA": "O'Shea",
	"OGRADY": "O'Grady", "OHARE": "O'Hare", "ODELL": "O'Dell", "ODAY": "O'Day", "OSULLIVAN": "O'Sullivan",
	"DANGELO": "D'Angelo", "DAMICO": "D'Amico", "DAGOSTINO": "D'Agostino", "DANDREA": "D'Andrea",
}
