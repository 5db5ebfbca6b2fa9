package pair

import (
	"testing"
	"time"

	"openiis.org/iis"
)

func TestParseBirth(t *testing.T) {
	for _, test := range []struct {
		in   string
		want birth
		ok   bool
	}{
		{"", birth{}, true},
		{"2009-09-21", birth{2009, 9, 21}, true},
		{" 20090921 ", birth{2009, 9, 21}, true},
		{"2009-09-21T10:30:00Z", birth{2009, 9, 21}, true},
		{"2009-9-1", birth{2009, 9, 1}, true},
		{"2009-09", birth{2009, 9, 0}, true},
		{"200909", birth{2009, 9, 0}, true},
		{"2009", birth{2009, 0, 0}, true},
		{"2009-00-00", birth{2009, 0, 0}, true},
		{"2009-00-21", birth{2009, 0, 0}, true},
		{"1965-13-10", birth{1965, 13, 10}, true}, // as somebody wrote it
		{"1900-01-01", birth{}, true},
		{"l977o220", birth{1977, 2, 20}, true},
		{"2009/09/21", birth{2009, 9, 21}, true},
		{"19770 23", birth{}, true}, // a digit is lost, and nobody knows which
		{"soon", birth{}, false},
		{"last May", birth{}, false},
		{"21", birth{}, false},
	} {
		got, err := parseBirth(test.in)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("parseBirth(%q) = %v, %v, want %v, error %v", test.in, got, err, test.want, !test.ok)
		}
	}
}

func TestCompareBirths(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want Grade
	}{
		{"2009-09-21", "2009-09-21", Same},
		{"2009-09-21", "", Missing},
		{"2009-09-21", "2009-09", SameMonth},
		{"2009-09", "2009-09", SameMonth},
		{"2009-09", "2009", SameYear},
		{"2009-09-21", "2009-08", Different},
		{"2009", "2010", Different},
		{"2009", "1979", Far},
		{"2009-04-05", "2009-05-04", Swapped},
		{"2009-09-21", "2009-09-12", Slip},
		{"2009-09-21", "2009-09-22", Slip},
		{"2009-09-30", "2009-10-01", Slip},
		{"2009-09-21", "2008-09-21", Slip},
		{"2009-09-21", "2019-09-21", Slip},
		{"2009-09-21", "1909-09-21", Slip}, // the century
		{"2009-09-21", "2009-09-14", Close},
		{"2009-09-21", "2009-01-21", Slip},
		{"2009-09-21", "2009-12-21", Part},
		{"2009-09-21", "2009-09-03", Part},
		{"2009-09-21", "2001-12-03", Different},
		{"2009-09-21", "1981-09-21", SameDay},
		{"2009-09-21", "1979-03-02", Far},
		{"2009-02-30", "2009-02-30", Same}, // no calendar has it, and both say it
	} {
		a, err := parseBirth(test.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := parseBirth(test.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := compareBirths(a, b); got != test.want {
			t.Errorf("compareBirths(%s, %s) = %s, want %s", test.a, test.b, gradeNames[got], gradeNames[test.want])
		}
		if got := compareBirths(b, a); got != test.want {
			t.Errorf("compareBirths(%s, %s) = %s, want %s", test.b, test.a, gradeNames[got], gradeNames[test.want])
		}
	}
}

// TestGrades holds one field at a time.
func TestGrades(t *testing.T) {
	yes, no := true, false
	ids := func(pairs ...string) []FactsID {
		var list []FactsID
		for i := 0; i+1 < len(pairs); i += 2 {
			list = append(list, FactsID{pairs[i], pairs[i+1]})
		}
		return list
	}
	for _, test := range []struct {
		name  string
		field Field
		a, b  Facts
		want  Grade
	}{
		{"marks and apostrophes", LastName, Facts{Last: "O'Núñez"}, Facts{Last: "onunez"}, Same},
		{"a suffix after the name", LastName, Facts{Last: "Duck Jr."}, Facts{Last: "Duck"}, Same},
		{"a part", LastName, Facts{Last: "Duck-Goose"}, Facts{Last: "Goose"}, Part},
		{"two double names", LastName, Facts{Last: "Duck-Goose"}, Facts{Last: "Duck-Swan"}, Close},
		{"a particle is no part", LastName, Facts{Last: "De Vos"}, Facts{Last: "De Wit"}, Different},
		{"a former name", LastName, Facts{Last: "Duck", Aliases: []FactsName{{Last: "Swan"}}}, Facts{Last: "Swan"}, Former},
		{"one letter", LastName, Facts{Last: "Andersen"}, Facts{Last: "Anderson"}, Slip},
		{"a sound", LastName, Facts{Last: "Reyes"}, Facts{Last: "Raise"}, Sound},
		{"names in the other's place", LastName, Facts{Last: "Tran", First: "Minh"}, Facts{Last: "Minh", First: "Tran"}, Swapped},
		{"the same, one letter wrong", LastName, Facts{Last: "Lindqvist", First: "Amelia"}, Facts{Last: "Amelia", First: "Lindquist"}, Swapped},
		{"three names turned round", LastName, Facts{Last: "Tran", First: "Minh", Middle: "Anh"}, Facts{Last: "Anh", First: "Tran", Middle: "Minh"}, Swapped},
		{"one in the other's place", LastName, Facts{Last: "Tran", First: "Minh"}, Facts{Last: "Berg", First: "Tran"}, Crossed},
		{"a single name", LastName, Facts{Last: "Pawhtoo"}, Facts{Last: "Pawhtoo"}, Same},
		{"not given", LastName, Facts{}, Facts{Last: "Duck"}, Missing},
		{"a nickname", FirstName, Facts{First: "Donald"}, Facts{First: "Don"}, Nickname},
		{"the first of two", FirstName, Facts{First: "Mary Ann"}, Facts{First: "Mary"}, Part},
		{"two names many have", FirstName, Facts{First: "Anna"}, Facts{First: "Hanna"}, Close},
		{"the other's middle name", FirstName, Facts{First: "Rose", Middle: "Amelia"}, Facts{First: "Amelia"}, Middle},
		{"an initial", FirstName, Facts{First: "A"}, Facts{First: "Amelia"}, Initial},
		{"the beginning", FirstName, Facts{First: "Evangel"}, Facts{First: "Evangeline"}, Beginning},
		{"no name yet", FirstName, Facts{First: "Baby Boy"}, Facts{First: "Otto"}, Placeholder},
		{"none on both", FirstName, Facts{First: "BABYGIRL"}, Facts{First: "Twin B"}, Placeholder},
		{"not known", FirstName, Facts{First: "UNK"}, Facts{First: "Otto"}, Placeholder},
		{"middle initial", MiddleName, Facts{Middle: "R."}, Facts{Middle: "Rose"}, Initial},
		{"no middle name", MiddleName, Facts{Middle: "NMN"}, Facts{Middle: "Rose"}, Missing},
		{"junior and senior", SuffixField, Facts{Suffix: "Jr"}, Facts{Last: "Duck Sr"}, Different},
		{"junior and second", SuffixField, Facts{Suffix: "Jr."}, Facts{Suffix: "II"}, Same},
		{"one suffix", SuffixField, Facts{Suffix: "III"}, Facts{}, OneSided},
		{"unknown gender", GenderField, Facts{Gender: "U"}, Facts{Gender: "M"}, Missing},
		{"gender in words", GenderField, Facts{Gender: "male"}, Facts{Gender: "M"}, Same},
		{"single births", BirthOrder, Facts{MultipleBirth: &no, BirthOrder: 1}, Facts{MultipleBirth: &no, BirthOrder: 1}, Missing},
		{"the second of one, the flag missing", BirthOrder, Facts{MultipleBirth: &yes, BirthOrder: 1}, Facts{BirthOrder: 2}, Different},
		{"both known", BirthOrder, Facts{MultipleBirth: &yes, BirthOrder: 1}, Facts{MultipleBirth: &yes, BirthOrder: 2}, Different},
		{"one of a multiple birth", BirthOrder, Facts{MultipleBirth: &yes}, Facts{}, OneSided},
		{"one number", Identifiers, Facts{IDs: ids("SSN", "512-77-8391")}, Facts{IDs: ids("ssn", "512778391")}, Same},
		{"one digit", Identifiers, Facts{IDs: ids("SSN", "512778391")}, Facts{IDs: ids("SSN", "512778931")}, Slip},
		{"two numbers", Identifiers, Facts{IDs: ids("SSN", "512778391")}, Facts{IDs: ids("SSN", "640219937")}, Different},
		{"two systems", Identifiers, Facts{IDs: ids("SSN", "512778391")}, Facts{IDs: ids("Medicaid", "512778391")}, Missing},
		{"one agrees, one does not", Identifiers, Facts{IDs: ids("SSN", "512778391", "Medicaid", "88112")},
			Facts{IDs: ids("SSN", "640219937", "Medicaid", "88112")}, Mixed},
		{"chart numbers", Identifiers, Facts{IDs: ids("clinic 4", "A-17")}, Facts{IDs: ids("clinic 4", "A17")}, SameOther},
		{"other chart numbers", Identifiers, Facts{IDs: ids("clinic 4", "A-17")}, Facts{IDs: ids("clinic 4", "B-90")}, OtherDiffer},
		{"numbers that are none", Identifiers, Facts{IDs: ids("SSN", "999-99-9999")}, Facts{IDs: ids("SSN", "512778391")}, Missing},
		{"one house", AddressField, Facts{Street: "418 N. Birch St, Apt 3", Zip: "55057"}, Facts{Street: "418 North Birch Street", Zip: "55057-1200"}, Same},
		{"a number in letters", AddressField, Facts{Street: "123 1st St SE", Zip: "55112"}, Facts{Street: "123 First Street SE", Zip: "55112"}, Same},
		{"a letter of the street", AddressField, Facts{Street: "418 Birch Hollow Ln", City: "Duluth"}, Facts{Street: "418 Birhc Hollow Lane", City: "Duluth"}, Close},
		{"another town", AddressField, Facts{Street: "12 Main St", City: "Duluth", Zip: "55804"}, Facts{Street: "12 Main St", City: "Winona", Zip: "55987"}, Near},
		{"another street", AddressField, Facts{Street: "12 Main St", Zip: "55804"}, Facts{Street: "9 Oak St", Zip: "55804"}, SameZip},
		{"the town only", AddressField, Facts{City: "Duluth"}, Facts{City: "DULUTH"}, SameCity},
		{"post office boxes", AddressField, Facts{Street: "P.O. Box 17", Zip: "55804"}, Facts{Street: "PO BOX 17", Zip: "55804"}, Same},
		{"elsewhere", AddressField, Facts{Street: "12 Main St", Zip: "55804"}, Facts{Street: "9 Oak St", Zip: "55112"}, Different},
		{"one telephone", PhoneField, Facts{Phone: "(507) 555-0142"}, Facts{Phone: "+1 507 555 0142"}, Same},
		{"another area code", PhoneField, Facts{Phone: "507-555-0142"}, Facts{Phone: "555-0142"}, Close},
		{"two digits swapped", PhoneField, Facts{Phone: "507-555-0142"}, Facts{Phone: "507-555-0124"}, Close},
		{"a telephone for all", PhoneField, Facts{Phone: "507-555-5555"}, Facts{Phone: "507-555-5555"}, Missing},
		{"e-mail", EmailField, Facts{Email: "A.Duck@pond.example"}, Facts{Email: "a.duck@pond.example "}, Same},
		{"a letter of the e-mail", EmailField, Facts{Email: "aduck@pond.example"}, Facts{Email: "adcuk@pond.example"}, Close},
		{"no e-mail", EmailField, Facts{Email: "none"}, Facts{Email: "none"}, Missing},
		{"maiden name", MotherMaiden, Facts{MotherMaidenLast: "Okafor"}, Facts{MotherMaidenLast: "OKAFOR"}, Same},
		{"mother's nickname", MotherFirst, Facts{MotherFirst: "Elizabeth"}, Facts{MotherFirst: "Liz"}, Nickname},
		{"mother not known", MotherFirst, Facts{MotherFirst: "Unknown"}, Facts{MotherFirst: "Unknown"}, Missing},
	} {
		book := NewBook(Shipped())
		a, err := book.Prepare(test.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := book.Prepare(test.b)
		if err != nil {
			t.Fatal(err)
		}
		var c Comparer
		if got := c.Compare(a, b)[test.field]; got != test.want {
			t.Errorf("%s = %s, want %s", test.name, gradeNames[got], gradeNames[test.want])
		}
	}
}

func TestFactsOf(t *testing.T) {
	c := iis.Client{
		Name: iis.Name{Last: "Duck", First: "Donald"}, BirthDate: iis.Date{Year: 2009, Month: time.September, Day: 21},
		BirthCertificate: "123-45", Address: iis.Address{POBox: "PO Box 7", Zip: "55112"},
	}
	f := FactsOf(c, []iis.Alias{{Name: iis.Name{Last: "Drake"}}}, []iis.Membership{{Organization: "o1", ChartNumber: "77"}, {Organization: "o2"}})
	if f.BirthDate != "2009-09-21" || f.Street != "PO Box 7" || len(f.Aliases) != 1 || len(f.IDs) != 2 || f.IDs[1].System != "chart o1" {
		t.Errorf("FactsOf = %+v", f)
	}
}
