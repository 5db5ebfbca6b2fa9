package registry_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

var june = iis.Date{Year: 2026, Month: 6, Day: 1}

// find searches and returns the results one a line: name, strength, reasons,
// and what the client was.
func (w world) find(t *testing.T, a iis.Actor, q registry.Query) []string {
	t.Helper()
	res, err := w.Find(t.Context(), a, q)
	if err != nil {
		t.Fatal(err)
	}
	if res.Count < len(res.Found) || res.More != (res.Count == registry.CountedClients) {
		t.Errorf("%d found, %d counted, more %v", len(res.Found), res.Count, res.More)
	}
	var lines []string
	for _, f := range res.Found {
		n := f.Client.Name
		line := fmt.Sprintf("%s, %s %s: %s", n.Last, n.First, f.Strength, strings.Join(f.Reasons, ", "))
		if f.Was != "" {
			line += "; was " + f.Was + " until " + iis.DateOf(f.Until).US()
		}
		lines = append(lines, line)
	}
	return lines
}

// ducks enters the clients of most tests: DON, once DICK, and who is near him.
func (w world) ducks(t *testing.T) (don iis.ClientID) {
	don = w.enter(t, clerk, iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009", "gender": "M",
		"maiden": "DRAKE", "mother": "HORTENSE", "phone": "651-201-4629", "chart": "A-123",
		"street": "123 1ST ST SE", "city": "SAINT PAUL", "state": "MN", "zip": "55112"})
	w.save(t, clerk, don, iis.Values{"last": "DUCK"})
	for _, v := range []iis.Values{
		{"last": "DUCK", "first": "DAISY", "birth": "01/07/2010", "gender": "F"},
		{"last": "DUKE", "first": "DONNA", "birth": "09/12/2009", "gender": "F"},
		{"last": "O'Neil", "first": "Zoë Ann", "birth": "02/29/2012", "gender": "F"},
		{"last": "Smith-Jones", "first": "Mary", "birth": "03/03/2013", "gender": "F"},
		{"last": "GOOSE", "first": "GUS", "birth": "04/05/2014", "gender": "M", "chart": "9-2009"},
		{"last": "Ng", "first": "", "birth": "11/30/2001", "gender": "U", "chart": "1999"},
	} {
		w.enter(t, clerk, v)
	}
	return don
}

func TestFind(t *testing.T) {
	each(t, registry.Options{IDLabel: "MIIC ID"}, func(t *testing.T, w world) {
		don := w.ducks(t)
		until := iis.DateOf(w.record(t, clerk, don).Aliases[0].Until).US()
		was := "; was DICK, DON until " + until
		born := iis.PartialDate{Year: 2009, Month: 9, Day: 21}
		for _, test := range []struct {
			name string
			q    registry.Query
			want []string
		}{
			{"exactly", registry.Query{Last: "Duck", First: "Don", BirthDate: born},
				[]string{"DUCK, DON Strong: same birth date, same name" + was}},
			{"misspelled", registry.Query{Last: "duk", First: "donald", BirthDate: born},
				[]string{"DUCK, DON Strong: same birth date, sounds like Duk, DON = Donald" + was}},
			{"former name", registry.Query{Last: "dick", First: "don", BirthDate: born},
				[]string{"DUCK, DON Strong: former name, same birth date, same name" + was}},
			{"former name alone", registry.Query{Last: "dick"},
				[]string{"DUCK, DON Possible: former name, same last name" + was}},
			{"former name misspelled, no birth date", registry.Query{Last: "dickk", First: "dom"},
				[]string{"DUCK, DON Possible: former name, sounds like Dickk, first name one letter apart" + was}},
			{"letters swapped in both names", registry.Query{Last: "gosoe", First: "gsu"},
				[]string{"GOOSE, GUS Possible: sounds like Gosoe, sounds like Gsu"}},
			{"sounds alike", registry.Query{Last: "gooz", First: "gus"},
				[]string{"GOOSE, GUS Possible: sounds like Gooz, same first name"}},
			{"names swapped", registry.Query{Last: "don", First: "duck"},
				[]string{"DUCK, DON Possible: same name, first and last name swapped" + was}},
			{"date swapped", registry.Query{Last: "goose", First: "gus", BirthDate: iis.PartialDate{Year: 2014, Month: 5, Day: 4}},
				[]string{"GOOSE, GUS Strong: digits of the birth date swapped, same name"}},
			{"year off", registry.Query{Last: "goose", First: "gus", BirthDate: iis.PartialDate{Year: 2013, Month: 4, Day: 5}},
				[]string{"GOOSE, GUS Strong: birth year one off, same name"}},
			{"year off and misspelled", registry.Query{Last: "gose", First: "gus", BirthDate: iis.PartialDate{Year: 2013, Month: 4, Day: 5}},
				[]string{"GOOSE, GUS Possible: birth year one off, sounds like Gose, same first name"}},
			{"another date", registry.Query{Last: "goose", First: "gus", BirthDate: iis.PartialDate{Year: 1950, Month: 11, Day: 30}},
				[]string{"GOOSE, GUS Weak: other birth date, same name"}},
			{"birth date alone", registry.Query{BirthDate: born},
				[]string{"DUCK, DON Possible: same birth date" + was}},
			{"beginnings", registry.Query{Last: "goo", First: "g"},
				[]string{"GOOSE, GUS Weak: last name begins with Goo, same initial of the first name"}},
			{"two letters are a whole name", registry.Query{Last: "go"}, nil},
			{"two letters that are one", registry.Query{Last: "ng"}, []string{"Ng,  Possible: same last name"}},
			{"marks and apostrophes", registry.Query{Last: "ONEIL", First: "Zoe"},
				[]string{"O'Neil, Zoë Ann Possible: same last name, part of a double first name"}},
			{"spaces", registry.Query{Last: "o neil", First: "zoeann"},
				[]string{"O'Neil, Zoë Ann Possible: same name"}},
			{"half of a double name", registry.Query{Last: "jones", First: "mary"},
				[]string{"Smith-Jones, Mary Possible: part of a double last name, same first name"}},
			{"double name asked", registry.Query{Last: "goose-gander", First: "gus"},
				[]string{"GOOSE, GUS Possible: part of a double last name, same first name"}},
			{"ID", registry.Query{ID: string(don)}, []string{"DUCK, DON Strong: same MIIC ID" + was}},
			{"ID and another name", registry.Query{ID: string(don), Last: "goose"},
				[]string{"DUCK, DON Possible: same MIIC ID, other last name" + was, "GOOSE, GUS Possible: same last name"}},
			{"ID and another name, misspelled", registry.Query{ID: string(don), Last: "gosoe"},
				[]string{"DUCK, DON Possible: same MIIC ID, other last name" + was, "GOOSE, GUS Possible: sounds like Gosoe"}},
			{"ID and another birth date", registry.Query{ID: string(don), Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 1951}},
				[]string{"DUCK, DON Possible: same MIIC ID, other birth date, same name" + was}},
			{"chart number", registry.Query{ID: "a123"}, []string{"DUCK, DON Strong: same chart number" + was}},
			{"chart number that may be a year", registry.ParseQuick("1999", june), []string{"Ng,  Strong: same chart number"}},
			{"chart number that may be a month", registry.ParseQuick("9-2009", june), []string{"GOOSE, GUS Strong: same chart number"}},
			{"unknown ID", registry.Query{ID: "999999999999"}, nil},
			{"unknown ID and a name", registry.Query{ID: "999999999999", Last: "goose"}, []string{"GOOSE, GUS Possible: same last name"}},
			{"phone", registry.Query{Phone: "(651) 201 4629"}, []string{"DUCK, DON Possible: same phone" + was}},
			{"mother's maiden name", registry.Query{MotherMaidenLast: "drake"},
				[]string{"DUCK, DON Possible: same mother's maiden name" + was}},
			{"mother's maiden name and birth date", registry.Query{MotherMaidenLast: "drake", BirthDate: born},
				[]string{"DUCK, DON Possible: same birth date, same mother's maiden name" + was}},
			{"mother misspelled", registry.Query{MotherMaidenLast: "drak", MotherFirst: "hortense", BirthDate: born},
				[]string{"DUCK, DON Possible: same birth date, mother's maiden name one letter apart, same mother's first name" + was}},
			{"quick", registry.ParseQuick("don duck 9/21/09", june),
				[]string{"DUCK, DON Strong: same birth date, same name" + was}},
			{"quick, other order", registry.ParseQuick("duck don", june),
				[]string{"DUCK, DON Possible: same name" + was}},
			{"quick, first name and date", registry.ParseQuick("don 09/21/2009", june),
				[]string{"DUCK, DON Possible: same birth date, same first name" + was}},
			{"nobody", registry.Query{Last: "NOBODY", First: "ATALL", BirthDate: born}, nil},
			{"markup and SQL", registry.Query{Last: "'; DROP TABLE client; --", First: "<script>"}, nil},
			{"a very long name", registry.Query{Last: strings.Repeat("long ", 5_000), First: strings.Repeat("é", 10_000)}, nil},
			{"not UTF-8", registry.Query{Last: "\xff\xfe\x00goose"}, []string{"GOOSE, GUS Possible: same last name"}},
		} {
			if diff := cmp.Diff(test.want, w.find(t, clerk, test.q)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.name, diff)
			}
		}
		if got := w.find(t, clerk2, registry.Query{ID: "A123"}); got != nil {
			t.Errorf("the chart number of another organization finds %q", got)
		}
		res, err := w.Find(t.Context(), clerk, registry.Query{Last: "duck", First: "don"})
		if err != nil || len(res.Found) != 1 || res.Found[0].ChartNumber != "A-123" || res.Found[0].Client.ID != don {
			t.Errorf("Find = %+v, %v; want chart number A-123", res, err)
		}
		res, err = w.Find(t.Context(), clerk2, registry.Query{Last: "duck", First: "don"})
		if err != nil || len(res.Found) != 1 || res.Found[0].ChartNumber != "" {
			t.Errorf("Riverside sees the chart number of Test Clinic: %+v, %v", res, err)
		}
	})
}

// TestFindFormer follows guide 21: after each change of name or birth date the
// client is found by what was and by what is, and each time once.
func TestFindFormer(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.enter(t, clerk, iis.Values{"last": "DICK", "first": "DON", "birth": "09/12/2009", "gender": "M", "phone": "651-201-4629"})
		w.save(t, clerk, id, iis.Values{"last": "DUCK"})
		w.save(t, clerk, id, iis.Values{"birth": "09/21/2009", "phone": "651-201-4630"})
		w.save(t, clerk, id, iis.Values{"first": "DONALD"})
		old, now := iis.PartialDate{Year: 2009, Month: 9, Day: 12}, iis.PartialDate{Year: 2009, Month: 9, Day: 21}
		for _, q := range []registry.Query{
			{Last: "DUCK", First: "DONALD", BirthDate: now},
			{Last: "DICK", First: "DON", BirthDate: old},
			{Last: "DICK", First: "DON", BirthDate: now},
			{Last: "DUCK", First: "DONALD", BirthDate: old},
			{Last: "DUCK", First: "DON"}, {Last: "DICK"}, {BirthDate: old}, {Phone: "6512014630"},
		} {
			res, err := w.Find(t.Context(), clerk2, q)
			if err != nil || len(res.Found) != 1 || res.Count != 1 || res.Found[0].Client.ID != id || res.Found[0].Was == "" {
				t.Errorf("Find(%+v) = %+v, %v; want the one client", q, res, err)
			}
		}
		if got := w.find(t, clerk, registry.Query{Phone: "6512014629"}); got != nil {
			t.Errorf("by the former phone number: %q", got)
		}
		res, err := w.Find(t.Context(), clerk, registry.Query{BirthDate: old})
		if err != nil || len(res.Found) != 1 || res.Found[0].Was != "DUCK, DON 09/12/2009" || res.Found[0].Reasons[0] != "former birth date" {
			t.Errorf("by the former birth date: %+v, %v", res, err)
		}
	})
}

// TestFindHidden compares the answers of a database where a client is hidden
// with one where he never was: nothing may differ.
func TestFindHidden(t *testing.T) {
	queries := []registry.Query{
		{Last: "DUCK", First: "DON", BirthDate: iis.PartialDate{Year: 2009, Month: 9, Day: 21}},
		{Last: "DUK", First: "DON", BirthDate: iis.PartialDate{Year: 2009, Month: 9, Day: 21}},
		{Last: "DICK"}, {Last: "DUCK"}, {Last: "DU"}, {Last: "DUC", First: "D"}, {Last: "DUKC", First: "DONN"},
		{BirthDate: iis.PartialDate{Year: 2009, Month: 9, Day: 21}},
		{Phone: "6512014629"}, {ID: "A-123"}, {MotherMaidenLast: "DRAKE"},
	}
	answers := func(t *testing.T, w world, a iis.Actor) (all []string) {
		for _, q := range queries {
			all = append(all, fmt.Sprintf("%+v: %q", q, w.find(t, a, q)))
		}
		return all
	}
	others := func(t *testing.T, w world) {
		w.enter(t, clerk, iis.Values{"last": "DUCK", "first": "DAISY", "birth": "09/21/2009", "gender": "F"})
		w.enter(t, clerk, iis.Values{"last": "DUKE", "first": "DONNA", "birth": "09/12/2009", "gender": "F"})
	}
	var without []string
	each(t, registry.Options{}, func(t *testing.T, w world) {
		others(t, w)
		without = answers(t, w, clerk2)
	})
	for _, hide := range []string{"lock", "decease"} {
		t.Run(hide, func(t *testing.T) {
			each(t, registry.Options{}, func(t *testing.T, w world) {
				don := w.ducksAlone(t)
				others(t, w)
				unseen := []iis.Actor{clerk2, nurse}
				if hide == "lock" {
					w.save(t, clerk, don, iis.Values{"sharing": "No"})
				} else {
					w.bury(t, don)
					unseen = append(unseen, clerk)
				}
				for _, a := range unseen {
					if diff := cmp.Diff(without, answers(t, w, a)); diff != "" {
						t.Errorf("%s learns of a hidden client (-without +with)\n%s", a.UserName, diff)
					}
				}
				if got := w.find(t, helpdesk, queries[0]); len(got) == 0 {
					t.Errorf("the help desk does not find a hidden client")
				}
				if hide == "lock" {
					if got := w.find(t, clerk, queries[9]); len(got) != 1 {
						t.Errorf("the holder finds %q by chart number", got)
					}
				}
			})
		})
	}
}

func (w world) ducksAlone(t *testing.T) iis.ClientID {
	don := w.enter(t, clerk, iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009", "gender": "M",
		"maiden": "DRAKE", "phone": "651-201-4629", "chart": "A-123"})
	w.save(t, clerk, don, iis.Values{"last": "DUCK"})
	return don
}

// bury marks a client as deceased.
func (w world) bury(t *testing.T, id iis.ClientID) {
	t.Helper()
	f := form(id, iis.Values{"status": "Deceased", "death-source": "Family"})
	f.DeathConfirmed = true
	if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.Deceased || err != nil {
		t.Fatalf("the save of Deceased = %q, %v", out, err)
	}
}

// TestFindMany counts no further than is shown, and not the hidden ones.
func TestFindMany(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		fill := func(from, n int, lockedTo iis.OrganizationID) {
			err := w.db.Update(t.Context(), func(tx *store.Tx) error {
				for i := from; i < from+n; i++ {
					c := iis.Client{ID: iis.ClientID(fmt.Sprint(100_000 + i)), Name: iis.Name{Last: "SMITH", First: fmt.Sprintf("A%03d", i)},
						BirthDate: iis.Date{Year: 2001, Month: 1, Day: 1}, Gender: iis.Female, LockedTo: lockedTo, Created: tx.Now, Updated: tx.Now}
					if err := tx.InsertClient(t.Context(), c); err != nil {
						return err
					}
					if err := w.PutSearchKeys(t.Context(), tx, iis.Record{}, iis.Record{Client: c}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		queries := []registry.Query{
			{Last: "SMITH"}, {Last: "SMI"}, {Last: "SMITT"}, {Last: "SMITH", First: "A"},
			{BirthDate: iis.PartialDate{Year: 2001, Month: 1, Day: 1}},
			{Last: "SMITH", BirthDate: iis.PartialDate{Year: 2001, Month: 1, Day: 1}},
			{BirthDate: iis.PartialDate{Year: 2001, Month: 1}},
			{Last: "SMITH", BirthDate: iis.PartialDate{Year: 2001, Month: 1}},
			{Last: "SMI", First: "A", BirthDate: iis.PartialDate{Year: 2001}},
		}
		check := func(when string, n int, more bool) {
			for _, q := range queries {
				res, err := w.Find(t.Context(), clerk, q)
				if err != nil || res.Count != n || res.More != more || len(res.Found) != registry.ShownClients ||
					res.Found[0].Client.Name.First != "A000" {
					t.Errorf("%s: Find(%+v) = %d shown, %d counted, more %v, %v; want 20, %d, %v",
						when, q, len(res.Found), res.Count, res.More, err, n, more)
				}
			}
		}
		fill(0, 200, "")
		check("200", 200, false)
		fill(200, 400, "OTHER")
		check("200 and 400 hidden", 200, false)
		fill(600, 1, "")
		check("201", 200, true)
	})
}

func TestFindRefused(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		for _, test := range []struct {
			q    registry.Query
			a    iis.Actor
			want iis.Kind
		}{
			{registry.Query{}, clerk, iis.Invalid},
			{registry.Query{Last: " - "}, clerk, iis.Invalid},
			{registry.Query{First: "DON"}, clerk, iis.Invalid},
			{registry.Query{Phone: "1234"}, clerk, iis.Invalid},
			{registry.Query{Gender: iis.Male, Address: "ELM ST"}, clerk, iis.Invalid},
			{registry.Query{BirthDate: iis.PartialDate{Year: 2009}}, clerk, iis.Invalid},
			{registry.Query{BirthDate: iis.PartialDate{Year: 2009}, Gender: iis.Male}, clerk, iis.Invalid},
			{registry.ParseQuick("2009", june), clerk, iis.Invalid},
			{registry.ParseQuick("9/2009", june), clerk, ""},
			{registry.Query{Last: "DUCK"}, actorOf("nobody", testClinic, ""), iis.Denied},
			{registry.Query{Last: "DUCK"}, viewer, ""},
			{registry.Query{Last: "DUCK"}, nurse, ""},
		} {
			if _, err := w.Find(t.Context(), test.a, test.q); iis.KindOf(err) != test.want {
				t.Errorf("Find(%+v) = %v, want %q", test.q, err, test.want)
			}
		}
	})
}

// TestFindIsRecorded: who was disclosed is in the audit trail, what was typed is
// not.
func TestFindIsRecorded(t *testing.T) {
	url := storetest.SQLiteURL(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := world{registry.New(db, registry.Options{}), db}
	don := w.ducksAlone(t)
	if _, err := w.Find(t.Context(), viewer, registry.Query{Last: "DUKC", First: "DONALD", BirthDate: iis.PartialDate{Year: 2009, Month: 9, Day: 21}}); err != nil {
		t.Fatal(err)
	}
	searches := storetest.Texts(t, url, `SELECT user_name || detail FROM audit WHERE action = 'client.search' AND user_id = 'U-viewer'`)
	if len(searches) != 1 {
		t.Fatalf("recorded %q, want one search by the viewer", searches)
	}
	detail, ok := strings.CutPrefix(searches[0], viewer.UserName)
	var d iis.Detail
	if err := json.Unmarshal([]byte(detail), &d); err != nil {
		t.Fatal(err)
	}
	want := iis.Detail{Found: []iis.ClientID{don}, Note: "last, first, birth date"}
	if diff := cmp.Diff(want, d); diff != "" || !ok {
		t.Errorf("recorded %s -want +got\n%s", searches[0], diff)
	}
}

func TestSaveSearch(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		q := registry.Query{Last: "DUCK", First: "DÖN", BirthDate: iis.PartialDate{Year: 2009, Month: 9, Day: 21}, AnyOrder: true,
			Gender: iis.Male, ID: "1", Phone: "2", MotherMaidenLast: "3", MotherFirst: "4", Address: "5", Middle: "6"}
		id, err := w.SaveSearch(t.Context(), clerk, q)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.SearchOf(t.Context(), clerk, id); err != nil || got != q {
			t.Errorf("SearchOf = %+v, %v; want %+v", got, err, q)
		}
		for _, born := range []iis.PartialDate{{}, {Year: 2009}, {Year: 2009, Month: 9}} {
			q := registry.Query{Last: "DUCK", BirthDate: born}
			id, err := w.SaveSearch(t.Context(), clerk, q)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := w.SearchOf(t.Context(), clerk, id); err != nil || got != q {
				t.Errorf("SearchOf = %+v, %v; want %+v", got, err, q)
			}
		}
		// As it was written before a date could be known in part.
		var before registry.Query
		err = json.Unmarshal([]byte(`{"Last":"DUCK","First":"","Middle":"","BirthDate":"2009-09-21"}`), &before)
		if want := (registry.Query{Last: "DUCK", BirthDate: q.BirthDate}); err != nil || before != want {
			t.Errorf("an older search is read as %+v, %v; want %+v", before, err, want)
		}
		elsewhere := clerk
		elsewhere.Organization = riverside.ID
		for _, a := range []iis.Actor{viewer, clerk2, helpdesk, elsewhere} {
			if got, err := w.SearchOf(t.Context(), a, id); iis.KindOf(err) != iis.NotFound || got != (registry.Query{}) {
				t.Errorf("SearchOf by %s of %s = %+v, %v; want not found", a.UserName, a.Organization, got, err)
			}
		}
		if _, err := w.SearchOf(t.Context(), clerk, "NONE"); iis.KindOf(err) != iis.NotFound {
			t.Errorf("SearchOf of no search = %v", err)
		}
	})
}

func TestLookalikes(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		don := w.ducks(t)
		born := iis.Date{Year: 2009, Month: 9, Day: 21}
		client := func(last, first string, b iis.Date) iis.Client {
			return iis.Client{Name: iis.Name{Last: last, First: first}, BirthDate: b, Gender: iis.Male, Phone: "651-201-4629"}
		}
		for _, test := range []struct {
			c    iis.Client
			want bool
		}{
			{client("DUCK", "DON", born), true},
			{client("Dick", "Donald", born), true},
			{client("DUK", "DON", born), true},
			{client("DUCK", "DON", iis.Date{Year: 2009, Month: 9, Day: 12}), true},
			{client("DUCK", "HUEY", iis.Date{Year: 2015, Month: 1, Day: 2}), false},
			{client("MOUSE", "MIA", born), false},
		} {
			found, _, err := w.LookalikesIn(t.Context(), clerk2, test.c)
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.ContainsFunc(found, func(f registry.Found) bool { return f.Client.ID == don }); got != test.want {
				t.Errorf("LookalikesIn(%s, %s %v) hold DON: %v, want %v", test.c.Name.Last, test.c.Name.First, test.c.BirthDate, got, test.want)
			}
		}
		w.save(t, clerk, don, iis.Values{"sharing": "No"})
		mother := client("DUK", "DONALD", born)
		mother.Phone, mother.MotherMaidenLast = "", "Drake"
		stranger := client("DUK", "DONALD", born)
		stranger.Phone = "651-999-9999"
		for _, test := range []struct {
			name string
			c    iis.Client
			want bool
		}{
			{"the same", client("Duck", "Don", born), true},
			{"former name", client("Dick", "Don", born), true},
			{"one letter, nickname, same phone", client("DUK", "DONALD", born), true},
			{"one letter, nickname, same mother", mother, true},
			{"one letter, nickname, another phone", stranger, false},
			{"another birth date", client("Duck", "Don", iis.Date{Year: 2009, Month: 9, Day: 22}), false},
			{"no birth date", client("Duck", "Don", iis.Date{}), false},
			{"another first name", client("Duck", "Huey", born), false},
		} {
			found, hidden, err := w.LookalikesIn(t.Context(), clerk2, test.c)
			if err != nil || hidden != test.want {
				t.Errorf("%s: hidden %v, %v; want %v", test.name, hidden, err, test.want)
			}
			if slices.ContainsFunc(found, func(f registry.Found) bool { return f.Client.ID == don }) {
				t.Errorf("%s: a locked client is shown", test.name)
			}
			if _, hidden, err = w.LookalikesIn(t.Context(), clerk, test.c); err != nil || hidden {
				t.Errorf("%s: hidden from the holder: %v, %v", test.name, hidden, err)
			}
		}
	})
}

// TestFindFollowsVisibility: locking, unlocking, death and its taking back decide from
// the same moment on who finds a client, and who counts him.
func TestFindFollowsVisibility(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		found := func(who iis.Actor) (all [3]int) {
			for i, q := range []registry.Query{
				{Last: "DICK", First: "DON"},
				{Last: "DIKC", First: "DON"},
				{Last: "DICK", First: "DON", BirthDate: iis.Date{Year: 2009, Month: 9, Day: 21}.Partial()},
			} {
				res, err := w.Find(t.Context(), who, q)
				if err != nil {
					t.Fatal(err)
				}
				all[i] = res.Count
			}
			return all
		}
		want := func(step string, holder, other, desk int) {
			t.Helper()
			for _, see := range []struct {
				who  iis.Actor
				want int
			}{{clerk, holder}, {clerk2, other}, {helpdesk, desk}} {
				if got := found(see.who); got != [3]int{see.want, see.want, see.want} {
					t.Errorf("%s: %s finds %v, want %d of each", step, see.who.UserName, got, see.want)
				}
			}
		}
		want("at first", 1, 1, 1)
		w.save(t, clerk, id, iis.Values{"sharing": "No"})
		want("locked", 1, 0, 1)
		w.save(t, clerk, id, iis.Values{"sharing": "Yes"})
		want("unlocked", 1, 1, 1)
		w.bury(t, id)
		want("deceased", 0, 0, 1)
		if err := w.Undecease(t.Context(), helpdesk, id); err != nil {
			t.Fatal(err)
		}
		want("taken back", 1, 1, 1)
	})
}
