package pair

import (
	"bufio"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// openData is where the open data stands whose truth is known. It is not part
// of the project; tests of it are skipped where it is absent.
const openData = "../../../../shared/data/matching"

func openFile(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(openData, name))
	if os.IsNotExist(err) {
		t.Skipf("the open data is not here: %s", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// table reads a file of comma-separated values as a map by column for each row.
func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	r := csv.NewReader(openFile(t, name))
	r.TrimLeadingSpace = true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[strings.TrimSpace(rows[0][i])] = strings.TrimSpace(v)
		}
		all = append(all, m)
	}
	return all
}

// known is a record whose true identity is known.
type known struct {
	facts Facts
	truth string
}

// febrl reads one of the data sets of FEBRL (Australian National University):
// invented Australians, duplicates with errors.
func febrl(t testing.TB, name string) []known {
	var all []known
	for _, r := range table(t, "febrl/"+name) {
		k := known{truth: strings.Split(r["rec_id"], "-")[1]}
		k.facts = Facts{First: r["given_name"], Last: r["surname"], BirthDate: r["date_of_birth"],
			Street: strings.TrimSpace(r["street_number"] + " " + r["address_1"]), City: r["suburb"], State: r["state"], Zip: r["postcode"]}
		if r["soc_sec_id"] != "" {
			k.facts.IDs = []FactsID{{"SSN", r["soc_sec_id"]}}
		}
		all = append(all, k)
	}
	return all
}

// rldata reads RLdata10000 of the R package RecordLinkage: German names and
// birth dates, a tenth of them duplicates.
func rldata(t testing.TB) []known {
	var all []known
	two := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	for _, r := range table(t, "rldata/RLdata10000.csv") {
		all = append(all, known{truth: r["ent"], facts: Facts{First: r["fname_c1"], Middle: r["fname_c2"],
			Last: strings.TrimSpace(r["lname_c1"] + " " + r["lname_c2"]), BirthDate: r["by"] + "-" + two(r["bm"]) + "-" + two(r["bd"])}})
	}
	return all
}

// uganda reads the data set of OpenCR: invented people of Uganda.
func uganda(t testing.TB) []known {
	var all []known
	for _, r := range table(t, "opencr/uganda_data_v21_20201501.csv") {
		all = append(all, known{truth: strings.Split(r["rec_id"], "-")[1], facts: Facts{First: r["given_name"], Last: r["surname"],
			Gender: r["sex"], BirthDate: r["date_of_birth"], Phone: strings.ReplaceAll(r["phone_number"], " ", ""),
			IDs: []FactsID{{"uganda_nin", r["uganda_nin"]}, {"art_number", r["art_number"]}}}})
	}
	return all
}

// labelled is a pair with the answer that experts of registries want.
type labelled struct {
	a, b Facts
	want Answer
}

// mismo reads a file of labelled pairs of AIRA or of Michigan's registry.
func mismo(t testing.TB, name string, withIDs bool) []labelled {
	var all []labelled
	var l labelled
	s := bufio.NewScanner(openFile(t, "mismo/"+name))
	for s.Scan() {
		head, rest, _ := strings.Cut(s.Text(), ":")
		rest = strings.TrimSpace(rest)
		switch head {
		case "TEST":
			l = labelled{}
		case "EXPECT":
			switch rest {
			case "Match":
				l.want = AnswerSame
			case "Possible Match":
				l.want = AnswerPossible
			case "Not a Match":
				l.want = AnswerDifferent
			}
		case "PATIENT A":
			l.a = mismoFacts(rest, withIDs)
		case "PATIENT B":
			l.b = mismoFacts(rest, withIDs)
			if l.want != "" {
				all = append(all, l)
			}
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func mismoFacts(line string, withIDs bool) Facts {
	m := map[string]string{}
	for kv := range strings.SplitSeq(line, ",") {
		k, v, _ := strings.Cut(kv, "=")
		m[strings.TrimSpace(k)] = strings.TrimSpace(v)
	}
	f := Facts{Last: m["nameLast"], First: m["nameFirst"], Middle: m["nameMiddle"], Suffix: m["nameSuffix"],
		Gender: m["gender"], Street: strings.TrimSpace(m["addressStreet1"] + " " + m["addressStreet2"]), City: m["addressCity"],
		State: m["addressState"], Zip: m["addressZip"], Phone: m["phone"],
		MotherMaidenLast: m["motherMaidenName"], MotherFirst: m["guardianNameFirst"]}
	if d := m["birthDate"]; len(d) == 8 {
		f.BirthDate = d[:4] + "-" + d[4:6] + "-" + d[6:]
	}
	if a := m["nameAlias"]; a != "" {
		f.Aliases = []FactsName{{First: a}}
	}
	if n := m["birthOrder"]; len(n) == 1 {
		f.BirthOrder = int(n[0] - '0')
	}
	if s := m["birthStatus"]; s != "" {
		yes := s == "Y"
		f.MultipleBirth = &yes
	}
	if withIDs {
		for _, system := range []string{"mrns", "ssn", "medicaid"} {
			if v := m[system]; v != "" {
				f.IDs = append(f.IDs, FactsID{system, v})
			}
		}
	}
	return f
}
