package paper

import (
	"slices"
	"testing"
	"time"

	"openiis.org/iis"
)

func timeOf(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// duck are facts with something of everything.
func duck() Facts {
	return Facts{
		Client: "6714871", Name: iis.Name{Last: "DUCK", First: "Don", Middle: "F", Suffix: "JR"}, Birth: day(2009, 9, 21),
		AsOf: day(2026, 11, 22), Schedule: "4.64",
		Shots: []Shot{
			{Date: day(2009, 11, 25), Vaccine: "110", TradeName: "Pediarix", Verdicts: []Verdict{{"DTaP/Tdap/Td", Valid}, {"HepB", Valid}, {"Polio", Valid}}},
			{Date: day(2010, 9, 20), Vaccine: "03", Verdicts: []Verdict{{"MMR", NotValid}}},
		},
		Comments: []iis.Comment{
			{Code: "immunity-varicella-titer", Date: day(2020, 1, 1)},
			{Code: "exemption-hepa", Date: day(2021, 1, 1)},
			{Code: "cdsi-014", Date: day(2022, 1, 1)},
		},
		Due: []Due{
			{"Cholera", NotRecommended, iis.Date{}, iis.Date{}, iis.Date{}},
			{"MMR", Overdue, day(2010, 10, 18), day(2010, 12, 21), day(2011, 1, 20)},
			{"Polio", DueNow, day(2010, 1, 1), day(2010, 1, 20), iis.Date{}},
			{"Zoster", DueLater, day(2059, 9, 21), day(2059, 9, 21), iis.Date{}},
		},
		Lapsed: []string{"Influenza"},
	}
}

// fix gives the facts comments that the table of comments knows.
func fix(t *testing.T, f Facts) Facts {
	t.Helper()
	for i, k := range []iis.CommentKind{iis.KindImmunity, iis.KindExemption, iis.KindIndication} {
		rows := iis.CommentRows()
		j := slices.IndexFunc(rows, func(r iis.CommentRow) bool { return r.Kind == k && r.EndDays == 0 && r.EndMonths == 0 })
		if j < 0 {
			t.Fatalf("no comment of kind %s", k)
		}
		f.Comments[i].Code = rows[j].Code
	}
	return f
}

// TestDigest: the digest changes with all that the record says, and with nothing
// else.
func TestDigest(t *testing.T) {
	all := Options{Language: English, Recommendations: true, Comments: true}
	plain := Options{Language: English}
	if a, b := Digest(fix(t, duck()), all), Digest(fix(t, duck()), all); a != b {
		t.Errorf("Digest = %s and then %s, want the same", a, b)
	}
	for name, change := range map[string]func(*Facts){
		"client":        func(f *Facts) { f.Client = "6714872" },
		"last name":     func(f *Facts) { f.Name.Last = "MALLARD" },
		"first name":    func(f *Facts) { f.Name.First = "Donald" },
		"middle name":   func(f *Facts) { f.Name.Middle = "" },
		"suffix":        func(f *Facts) { f.Name.Suffix = "SR" },
		"name moved":    func(f *Facts) { f.Name.First, f.Name.Middle = "Don F", "" },
		"birth date":    func(f *Facts) { f.Birth = day(2009, 9, 22) },
		"a dose more":   func(f *Facts) { f.Shots = append(f.Shots, f.Shots[1]) },
		"a dose less":   func(f *Facts) { f.Shots = f.Shots[:1] },
		"dose date":     func(f *Facts) { f.Shots[0].Date = day(2009, 11, 26) },
		"vaccine":       func(f *Facts) { f.Shots[1].Vaccine = "94" },
		"trade name":    func(f *Facts) { f.Shots[1].TradeName = "M-M-R II" },
		"verdict":       func(f *Facts) { f.Shots[1].Verdicts[0].Mark = Valid },
		"vaccine group": func(f *Facts) { f.Shots[0].Verdicts = f.Shots[0].Verdicts[:2] },
		"immunity":      func(f *Facts) { f.Comments = f.Comments[1:] },
		"immunity date": func(f *Facts) { f.Comments[0].Date = day(2020, 1, 2) },
		"exemption":     func(f *Facts) { f.Comments = slices.Delete(f.Comments, 1, 2) },
	} {
		for _, o := range []Options{plain, all} {
			f := fix(t, duck())
			change(&f)
			if Digest(f, o) == Digest(fix(t, duck()), o) {
				t.Errorf("%s: Digest with %+v is unchanged", name, o)
			}
		}
	}
	for name, test := range map[string]struct {
		change    func(*Facts)
		with, not Options // the digests that change and that do not
	}{
		"other comment":  {func(f *Facts) { f.Comments = f.Comments[:2] }, Options{Comments: true}, Options{Recommendations: true}},
		"standing":       {func(f *Facts) { f.Due[1].Standing = DueNow }, Options{Recommendations: true}, Options{Comments: true}},
		"earliest":       {func(f *Facts) { f.Due[1].Earliest = day(2010, 10, 19) }, Options{Recommendations: true}, plain},
		"recommended":    {func(f *Facts) { f.Due[1].Recommended = day(2010, 12, 22) }, Options{Recommendations: true}, plain},
		"past due":       {func(f *Facts) { f.Due[1].PastDue = iis.Date{} }, Options{Recommendations: true}, plain},
		"a group less":   {func(f *Facts) { f.Due = f.Due[:2] }, Options{Recommendations: true}, plain},
		"lapsed seasons": {func(f *Facts) { f.Lapsed = nil }, Options{Recommendations: true}, plain},
	} {
		f := fix(t, duck())
		test.change(&f)
		if Digest(f, test.with) == Digest(fix(t, duck()), test.with) {
			t.Errorf("%s: Digest with %+v is unchanged", name, test.with)
		}
		if Digest(f, test.not) != Digest(fix(t, duck()), test.not) {
			t.Errorf("%s: Digest with %+v changes", name, test.not)
		}
	}
	for name, change := range map[string]func(*Facts){
		"the day":                        func(f *Facts) { f.AsOf = day(2027, 1, 1) },
		"the rules' version":             func(f *Facts) { f.Schedule = "4.65" },
		"another order":                  func(f *Facts) { slices.Reverse(f.Shots); slices.Reverse(f.Comments); f.Sort() },
		"what is not recommended at all": func(f *Facts) { f.Due = f.Due[1:] },
	} {
		f := fix(t, duck())
		change(&f)
		if Digest(f, all) != Digest(fix(t, duck()), all) {
			t.Errorf("%s: Digest changes", name)
		}
	}
	other := all
	other.Language = Spanish
	if Digest(duck(), all) != Digest(duck(), other) {
		t.Error("the language changes the digest")
	}
}
