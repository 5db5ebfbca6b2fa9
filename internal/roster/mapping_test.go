package roster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

// TestGuess: columns are known by our names, by those of other programs, and by
// nothing that only looks like them.
func TestGuess(t *testing.T) {
	for _, test := range []struct {
		kind        Kind
		names, want string // with commas between
	}{
		{Clients, "last_name,First Name,BIRTH_DATE", "last_name,first_name,birth_date"},
		{Clients, "Surname,Given Name,DOB,Sex,MRN,Zip Code", "last_name,first_name,birth_date,gender,chart_number,zip"},
		// Infinite Campus, as its ad hoc exports name them.
		{Clients, "student.personID,student.studentNumber,student.stateID,student.lastName,student.firstName,student.middleName,student.suffix,student.birthdate,student.gender,student.grade,address.addressLine1,address.city,address.state,address.zip,householdPhone",
			",chart_number,,last_name,first_name,middle_name,suffix,birth_date,gender,,street,city,state,zip,phone"},
		{Clients, "Patient Last Name,Patient First Name,Patient DOB,Patient ID,Mother's Maiden Name", "last_name,first_name,birth_date,chart_number,mother_maiden_last"},
		{Clients, "Legal Last Name,Last Name", ",last_name"},
		{Clients, "phone,home phone,x_phone", "phone,,"},
		{Clients, "name,note,,42", ",,,"},
		{Clients, "student,patient,client", ",,"},
		{Immunizations, "Patient ID,Last,First,DOB,Vaccination Date,CVX Code,Lot #,Exp Date,MVX,Site,Route,VIS Date", "chart_number,last_name,first_name,birth_date,date,cvx,lot,expiration,manufacturer,site,route,vis_date"},
		{Immunizations, "registry_id,date,ndc,lot_number", "registry_id,date,ndc,lot"},
	} {
		names := strings.Split(test.names, ",")
		got := Guess(test.kind, names, nil)
		if diff := cmp.Diff(strings.Split(test.want, ","), got.Columns); diff != "" {
			t.Errorf("Guess(%s, %q) (-want +got):\n%s", test.kind, test.names, diff)
		}
	}
}

// TestGuessDates: the order of dates is what none of them speaks against.
func TestGuessDates(t *testing.T) {
	for dates, want := range map[string]DateOrder{
		"":                                  MonthFirst,
		"03/04/2019":                        MonthFirst,
		"03/04/2019 21.03.2019":             DayFirst,
		"03/21/2019 21/03/2019":             MonthFirst, // whatever is chosen, some are wrong
		"2019-03-21 2019-04-03":             YearFirst,
		"20190321":                          YearFirst,
		"03212019":                          MonthFirst,
		"21032019":                          DayFirst,
		"2019-03-21 03/04/2019":             MonthFirst,
		"x 12 1/2 99/99/2019 aa/bb/cccc":    MonthFirst,
		"2019-03-21T00:00:00 9/21/09T00:00": MonthFirst,
	} {
		if got := guessDates(strings.Fields(dates)); got != want {
			t.Errorf("guessDates(%q) = %s, want %s", dates, got, want)
		}
	}
}

// TestFit: the order of dates that was chosen for another file stays unless a date
// speaks against it.
func TestFit(t *testing.T) {
	for _, test := range []struct {
		was   DateOrder
		dates string
		want  DateOrder
	}{
		{DayFirst, "03/04/2019", DayFirst},
		{DayFirst, "03/21/2019", MonthFirst},
		{MonthFirst, "21.03.2019", DayFirst},
		{MonthFirst, "2019-03-21", MonthFirst},
		{MonthFirst, "20190321", YearFirst},
		{YearFirst, "2019/03/21 2019-03-21", YearFirst},
		{YearFirst, "03/21/2019", MonthFirst},
		{DayFirst, "x", DayFirst},
		{DayFirst, "", DayFirst},
	} {
		var records [][]string
		for s := range strings.FieldsSeq(test.dates) {
			records = append(records, []string{s})
		}
		m := Mapping{Columns: []string{"birth_date"}, Dates: test.was}
		if got := m.Fit(Clients, records).Dates; got != test.want {
			t.Errorf("%s for %q = %s, want %s", test.was, test.dates, got, test.want)
		}
	}
}

// TestDateOrder: a date is read as one day alone, whatever the order, or not at all.
func TestDateOrder(t *testing.T) {
	for _, test := range []struct {
		order DateOrder
		text  string
		want  string // "" is refused
	}{
		{MonthFirst, "03/04/2019", "2019-03-04"},
		{DayFirst, "03/04/2019", "2019-04-03"},
		{DayFirst, "3.4.2019", "2019-04-03"},
		{DayFirst, "03042019", "2019-04-03"},
		{DayFirst, "21 Sep 2009", "2009-09-21"},
		{DayFirst, "09/21/2009", ""},
		{DayFirst, "2009/09/21", ""},
		{YearFirst, "2009/09/21", "2009-09-21"},
		{YearFirst, "20090921", "2009-09-21"},
		{YearFirst, "09/21/2009", ""},
		{YearFirst, "2009-21-09", ""},
		{MonthFirst, "2009-09-21 00:00:00", "2009-09-21"},
		{MonthFirst, "9/21/2009 12:00:00 AM", "2009-09-21"},
		{DayFirst, "2009-09-21T00:00", "2009-09-21"},
		{DayFirst, "2009-09-21", "2009-09-21"},
		{DayFirst, "31.02.2009", ""},
		{DayFirst, "", ""},
	} {
		text, err := test.order.ordered(test.text)
		got := ""
		if err == nil {
			got, err = iis.FieldBirthDate.Read(text, iis.Date{Year: 2026, Month: 11, Day: 23})
		}
		if err != nil {
			got = ""
		}
		if got != test.want {
			t.Errorf("%s as %s = %q, %v; want %q", test.text, test.order, got, err, test.want)
		}
	}
}

// TestMappedReader: columns are read as is said, in whatever order, and others not
// at all.
func TestMappedReader(t *testing.T) {
	const file = "Familie,Tag,Note,Vor\nNeu,21.03.2019,=1+1,Nora\nAlt,03/21/2019,,Adam\n"
	m := Mapping{Columns: []string{"last_name", "birth_date", "", "first_name"}, Dates: DayFirst}
	x, err := NewMappedReader(strings.NewReader(file), Clients, m)
	if err != nil {
		t.Fatal(err)
	}
	row, err := x.Read()
	want := iis.Values{iis.FieldLast: "Neu", iis.FieldFirst: "Nora", iis.FieldBirthDate: "03/21/2019"}
	if diff := cmp.Diff(want, row.Values); err != nil || diff != "" {
		t.Errorf("first row, %v (-want +got):\n%s", err, diff)
	}
	if _, err := x.Read(); err == nil || err.Error() != "line 3: Birth Date is not in the order day, month, year" {
		t.Errorf("a date of another order = %v, want a refusal", err)
	}
	for _, sep := range []string{";", "\t"} {
		x, err := NewMappedReader(strings.NewReader(strings.ReplaceAll(file, ",", sep)), Clients, m)
		if err != nil {
			t.Fatal(err)
		}
		if row, err := x.Read(); err != nil || !cmp.Equal(want, row.Values) {
			t.Errorf("first row with %q between = %v, %v; want %v", sep, row.Values, err, want)
		}
	}
	n, err := ReadNamed(strings.NewReader(`{"columns":{"Familie":"last_name","Vor":"first_name","Tag":"birth_date","Note":""},"dates":"dmy"}`))
	if err != nil {
		t.Fatal(err)
	}
	if x, err = NewNamedReader(strings.NewReader(file), Clients, n); err != nil {
		t.Fatal(err)
	}
	if row, err = x.Read(); err != nil || !cmp.Equal(want, row.Values) {
		t.Errorf("first row by names = %v, %v; want %v", row.Values, err, want)
	}
	for _, wrong := range []string{`{"columns":{"Familie":"last_name"}}`, `{"columns":{"Familie":"shoe_size","Vor":"","Tag":"","Note":""}}`,
		`{"columns":{"Familie":"last_name","Vor":"","Tag":"","Note":"","Absent":"city"}}`} {
		if n, err = ReadNamed(strings.NewReader(wrong)); err != nil {
			t.Fatal(err)
		}
		if _, err := NewNamedReader(strings.NewReader(file), Clients, n); err == nil {
			t.Errorf("NewNamedReader(%s) reads the file, want an error", wrong)
		}
	}
	for _, wrong := range []string{``, `[]`, `{"column":{}}`, `{"columns":{},"dates":"ydm"}`} {
		if _, err := ReadNamed(strings.NewReader(wrong)); err == nil {
			t.Errorf("ReadNamed(%s) = nil, want an error", wrong)
		}
	}
	for _, wrong := range []Mapping{
		{Columns: []string{"last_name"}},
		{Columns: []string{"last_name", "last_name", "", ""}},
		{Columns: []string{"", "birth_date", "", "first_name"}},
	} {
		if _, err := NewMappedReader(strings.NewReader(file), Clients, wrong); err == nil {
			t.Errorf("NewMappedReader(%q) reads the file, want an error", wrong.Columns)
		}
	}
}
