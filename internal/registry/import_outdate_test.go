package registry_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestImportTogether takes in the same rows one by one and many at once, on copies of one
// database in which a third of them are on file and some hidden. What becomes of each is
// the same, though of those taken in at once it is found beforehand who they are of.
func TestImportTogether(t *testing.T) {
	for seed := range uint64(16) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 77))
			rows := crowd(r, seed)
			body, rest := someOnFile(t, r, rows)
			for _, o := range []registry.ImportOptions{{}, {EnterPossible: true}, {DryRun: true}} {
				run := func(atOnce int) []string {
					path := t.TempDir() + "/copy.db"
					if err := os.WriteFile(path, body, 0o600); err != nil {
						t.Fatal(err)
					}
					db, err := store.Open(t.Context(), "file:"+path)
					if err != nil {
						t.Fatal(err)
					}
					defer db.Close()
					return becameOf(t, registry.New(db, registry.Options{}), o, rest, atOnce)
				}
				compareRows(t, run(50), run(1))
			}
		})
	}
}

// TestImportTogetherEach is TestImportTogether on both engines, from nothing.
func TestImportTogetherEach(t *testing.T) {
	for seed := range uint64(3) {
		rows := crowd(rand.New(rand.NewPCG(seed, 78)), seed)
		for _, o := range []registry.ImportOptions{{}, {EnterPossible: true}} {
			reg, _ := importer(t, storetest.SQLite(t))
			alone := becameOf(t, reg, o, rows, 1)
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				reg, _ := importer(t, db)
				compareRows(t, becameOf(t, reg, o, rows, 50), alone)
			})
		}
	}
}

func compareRows(t *testing.T, together, alone []string) {
	t.Helper()
	for i := range alone {
		if together[i] != alone[i] {
			t.Errorf("row %d became %q among others, want %q as alone", i, together[i], alone[i])
		}
	}
}

// someOnFile takes in the first third of the rows, locks some of their clients, and has
// a person decide about some of the others. It returns the database and the other rows.
func someOnFile(t *testing.T, r *rand.Rand, rows []registry.ImportRow) (body []byte, rest []registry.ImportRow) {
	url := storetest.SQLiteURL(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	reg, _ := importer(t, db)
	var onFile []iis.ClientID
	for _, row := range rows[:len(rows)/3] {
		if _, results := take(t, reg, registry.ImportOptions{EnterPossible: true}, row); results[0].Outcome == registry.ImportAdded {
			onFile = append(onFile, results[0].Client)
		}
	}
	rest = rows[len(rows)/3:]
	for _, id := range onFile {
		if r.IntN(5) > 0 {
			continue
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			rec, err := tx.ClientRecord(t.Context(), id, "")
			if err != nil {
				return err
			}
			rec.Client.LockedTo, rec.Client.Version = sample.Organizations()[r.IntN(3)].ID, rec.Client.Version+1
			if err := tx.PutClient(t.Context(), rec.Client); err != nil {
				return err
			}
			return tx.PutNames(t.Context(), rec.Client, match.NamesOf(rec.Client, rec.Aliases))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range rest {
		switch n := r.IntN(12); {
		case n == 0:
			rest[i].New = true
		case n == 1 && len(onFile) > 0:
			rest[i].Same = onFile[r.IntN(len(onFile))]
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if body, err = os.ReadFile(strings.TrimPrefix(url, "file:")); err != nil {
		t.Fatal(err)
	}
	return body, rest
}

// becameOf takes in rows, so many at once, and says what became of each: a new client by
// the row that he came with.
func becameOf(t *testing.T, reg *registry.Registry, o registry.ImportOptions, rows []registry.ImportRow, atOnce int) (all []string) {
	imp, err := reg.NewImport(t.Context(), operator, o)
	if err != nil {
		t.Fatal(err)
	}
	came := map[iis.ClientID]string{}
	name := func(id iis.ClientID) string {
		if n, ok := came[id]; ok {
			return n
		}
		return string(id)
	}
	for some := range slices.Chunk(rows, atOnce) {
		results, err := imp.Clients(t.Context(), some)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range results {
			if one.Outcome == registry.ImportAdded && one.Client != "" {
				came[one.Client] = fmt.Sprint("who came with row ", len(all))
			}
			like, wrong := map[string]bool{}, ""
			for _, id := range one.Like {
				like[name(id)] = true
			}
			if one.Err != nil && len(one.Like) == 0 {
				wrong = one.Err.Error()
			}
			all = append(all, fmt.Sprint(one.Outcome, " ", name(one.Client), " ", one.Fields, " like ", slices.Sorted(maps.Keys(like)), wrong))
		}
	}
	return all
}

// crowd is rows of a few families: some people several times, with slips, with names,
// birth dates and telephones of others, with chart numbers of two clinics that clash,
// deceased ones, and rows that lack what is required.
func crowd(r *rand.Rand, seed uint64) []registry.ImportRow {
	var rows []registry.ImportRow
	var people []iis.Client
	for p := range sample.WithoutDoses(seed+100, 9) {
		people = append(people, p.Client)
	}
	other := func() iis.Client { return people[r.IntN(len(people))] }
	for i, p := range people {
		for n := range 2 + r.IntN(7) {
			c := p
			for range min(n, 1) * r.IntN(4) {
				c = slipped(r, c)
			}
			if r.IntN(8) == 0 {
				c.Name.Last = other().Name.Last
			}
			if r.IntN(12) == 0 {
				c.Name.First = other().Name.First
			}
			if r.IntN(10) == 0 {
				c.Name.Last += "-" + other().Name.Last
			}
			if r.IntN(12) == 0 {
				c.BirthDate = other().BirthDate
			}
			if r.IntN(12) == 0 {
				c.Phone = other().Phone
			}
			if r.IntN(15) == 0 && c.Name.First != "" {
				c.Name.First = c.Name.First[:1]
			}
			row := rowOf(c, sample.Organizations()[r.IntN(2)].ID, "charts")
			switch k := r.IntN(8); {
			case k < 3:
				delete(row.Values, iis.FieldChart)
			case k == 3:
				row.Values[iis.FieldChart] = fmt.Sprint("C", i/2)
			case k < 6:
				row.Values[iis.FieldChart] = fmt.Sprint("C", i)
			}
			if r.IntN(6) == 0 {
				delete(row.Values, iis.FieldGender)
			}
			if r.IntN(30) == 0 {
				delete(row.Values, iis.FieldBirthDate)
			}
			if r.IntN(30) == 0 {
				delete(row.Values, iis.FieldFirst)
			}
			if r.IntN(15) == 0 {
				row.Values[iis.FieldStatus] = "Deceased"
				row.Values[iis.FieldDeathSource] = "Family"
			}
			rows = append(rows, row)
		}
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// TestLookalikesBornASlipAway: a birth date that is a slip away and a first name that is
// missing, an initial, a beginning, or written in a way that sounds otherwise.
func TestLookalikesBornASlipAway(t *testing.T) {
	for _, test := range []struct{ onFile, entered string }{
		{"Abebe", ""}, {"Abebe", "A"}, {"Christopher", "Christoph"}, {"Elizabeth", "Elizabe"}, {"Daniel", "Dani"}, {"Sebastian", "Sebatsain"},
	} {
		reg, _ := importer(t, storetest.SQLite(t))
		take(t, reg, registry.ImportOptions{}, row("last", "Alemu", "first", test.onFile, "birth", "2000-07-20", "gender", "F",
			"street", "3982 Oak Ave SW", "city", "Winona", "state", "MN", "zip", "55987"))
		found, _, err := reg.LookalikesIn(t.Context(), operator, iis.Client{
			Name: iis.Name{Last: "Alemu", First: test.entered}, BirthDate: iis.Date{Year: 2000, Month: 4, Day: 20}, Gender: iis.Female,
			Address: iis.Address{Street: "3982 Oak Ave SW", City: "Winona", State: "MN", Zip: "55987"},
		})
		if err != nil || len(found) != 1 {
			t.Errorf("%q is like %d clients, %v, want 1 who is %q on file", test.entered, len(found), err, test.onFile)
		}
	}
}

// TestImportTogetherSettled: rows about whom an earlier one of the same transaction settles
// what was open when all were looked for.
func TestImportTogetherSettled(t *testing.T) {
	near := []string{"street", "5 New St", "city", "Winona", "state", "MN", "zip", "55987", "phone", "507-454-1234", "maiden", "Osterberg", "mother", "Ingrid"}
	far := []string{"street", "77 Far Rd", "city", "Duluth", "state", "MN", "zip", "55802"}
	at := func(where []string, values ...string) registry.ImportRow { return row(append(values, where...)...) }
	onFile := []registry.ImportRow{
		at(near, "last", "Lindqvist", "first", "Marta", "birth", "2012-05-03", "gender", "F", "chart", "A1"),
		at(far, "last", "Lindquist", "first", "Marta", "birth", "1999-01-01", "gender", "F", "chart", "A2"),
		at(near, "last", "Lindquist", "first", "Marta", "birth", "2012-05-30", "gender", "F", "chart", "A2"),
	}
	for _, test := range []struct {
		name        string
		first, then registry.ImportRow
		options     registry.ImportOptions
	}{
		{
			name:  "another who has the chart number of one like him becomes somebody else",
			first: at(far, "last", "Lindquist", "first", "Marta", "birth", "1999-01-01", "gender", "M", "chart", "A2", "phone", "218-727-9999", "maiden", "Zabel", "mother", "Ute"),
			then:  at(near, "last", "Lindqvisst", "first", "Marta", "birth", "2012-05-30", "gender", "F", "chart", "A1"),
		},
		{
			name:    "a check writes nothing",
			first:   row("last", "Lindqvist", "first", "Marta", "birth", "2012-05-03", "chart", "A1", "status", "Deceased", "death-source", "Family"),
			then:    row("last", "Lindqvist", "first", "Martha", "birth", "2012-05-03", "gender", "F"),
			options: registry.ImportOptions{DryRun: true},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			begin := func() *registry.Registry {
				reg, _ := importer(t, storetest.SQLite(t))
				for _, row := range onFile {
					take(t, reg, registry.ImportOptions{}, row)
				}
				return reg
			}
			_, together := take(t, begin(), test.options, test.first, test.then)
			reg := begin()
			take(t, reg, test.options, test.first)
			_, alone := take(t, reg, test.options, test.then)
			if got, want := together[1].Outcome, alone[0].Outcome; got != want {
				t.Errorf("the second row is %s in one transaction, want %s as in two", got, want)
			}
		})
	}
}
