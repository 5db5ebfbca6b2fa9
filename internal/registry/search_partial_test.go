package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// TestFindPartialDate searches with as much of a birth date as is known.
func TestFindPartialDate(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		don := w.ducks(t)
		was := "; was DICK, DON until " + iis.DateOf(w.record(t, clerk, don).Aliases[0].Until).US()
		year, month := iis.PartialDate{Year: 2009}, iis.PartialDate{Year: 2009, Month: 9}
		duck, donna := "DUCK, DON ", "DUKE, DONNA "
		for _, test := range []struct {
			name string
			q    registry.Query
			want []string
		}{
			{"month", registry.Query{Last: "duck", First: "don", BirthDate: month}, []string{duck + "Strong: born in September 2009, same name" + was,
				donna + "Possible: born in September 2009, sounds like Duck, first name begins with Don"}},
			{"year", registry.Query{Last: "duck", First: "don", BirthDate: year}, []string{duck + "Possible: born in 2009, same name" + was,
				donna + "Possible: born in 2009, sounds like Duck, first name begins with Don"}},
			{"last name", registry.Query{Last: "duck", BirthDate: month}, []string{duck + "Possible: born in September 2009, same last name" + was}},
			{"last name of several, narrowed", registry.Query{Last: "duck", BirthDate: iis.PartialDate{Year: 2010}},
				[]string{"DUCK, DAISY Possible: born in 2010, same last name"}},
			{"beginnings", registry.Query{Last: "duk", First: "d", BirthDate: month},
				[]string{duck + "Possible: born in September 2009, sounds like Duk, same initial of the first name" + was,
					donna + "Possible: born in September 2009, sounds like Duk, same initial of the first name"}},
			{"misspelled and a nickname", registry.Query{Last: "dukc", First: "donald", BirthDate: month},
				[]string{duck + "Strong: born in September 2009, sounds like Dukc, DON = Donald" + was}},
			{"last name misspelled", registry.Query{Last: "dukc", BirthDate: year},
				[]string{duck + "Possible: born in 2009, sounds like Dukc" + was, donna + "Possible: born in 2009, sounds like Dukc"}},
			{"former name", registry.Query{Last: "dick", First: "don", BirthDate: year},
				[]string{duck + "Possible: former name, born in 2009, same name" + was,
					donna + "Possible: born in 2009, sounds like Dick, first name begins with Don"}},
			{"names swapped", registry.Query{Last: "don", First: "duck", BirthDate: year},
				[]string{duck + "Possible: born in 2009, same name, first and last name swapped" + was}},
			{"one box, first name and month", registry.ParseQuick("don sep 2009", june),
				[]string{duck + "Possible: born in September 2009, same first name" + was,
					donna + "Possible: born in September 2009, first name begins with Don"}},
			{"one box, any order", registry.ParseQuick("2009 duck don", june), []string{duck + "Possible: born in 2009, same name" + was,
				donna + "Possible: born in 2009, sounds like Duck, first name begins with Don"}},
			{"first name and year", registry.Query{First: "donald", BirthDate: year}, []string{duck + "Possible: born in 2009, DON = Donald" + was}},
			{"a year off", registry.Query{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2008}},
				[]string{duck + "Possible: birth year one off, same name" + was,
					donna + "Weak: birth year one off, sounds like Duck, first name begins with Don"}},
			{"a year off, with the month", registry.Query{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 2010, Month: 9}},
				[]string{duck + "Possible: birth year one off, same name" + was}},
			{"quite another year", registry.Query{Last: "duck", First: "don", BirthDate: iis.PartialDate{Year: 1951}},
				[]string{duck + "Weak: other birth date, same name" + was}},
			{"month alone", registry.Query{BirthDate: month},
				[]string{duck + "Possible: born in September 2009" + was, donna + "Possible: born in September 2009"}},
			{"month that nobody was born in", registry.Query{BirthDate: iis.PartialDate{Year: 2009, Month: 10}}, nil},
			{"mother and month", registry.Query{MotherMaidenLast: "drake", BirthDate: month},
				[]string{duck + "Possible: born in September 2009, same mother's maiden name" + was}},
			{"mother and another month", registry.Query{MotherMaidenLast: "drake", BirthDate: iis.PartialDate{Year: 2009, Month: 8}}, nil},
			{"mother and year", registry.Query{MotherMaidenLast: "drake", BirthDate: year},
				[]string{duck + "Possible: born in 2009, same mother's maiden name" + was}},
			{"phone and year", registry.Query{Phone: "651-201-4629", BirthDate: year}, []string{duck + "Possible: born in 2009, same phone" + was}},
			{"a number that is no chart number, but a month", registry.ParseQuick("2014-04", june), []string{"GOOSE, GUS Possible: born in April 2014"}},
		} {
			if diff := cmp.Diff(test.want, w.find(t, clerk, test.q)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.name, diff)
			}
		}
	})
}
