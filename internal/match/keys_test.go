package match

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"openiis.org/iis"
)

func day(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }

func TestNamesOf(t *testing.T) {
	born, once := day(2009, 9, 21), day(2009, 9, 12)
	row := func(last, first string, birth iis.Date, former, lastPart, firstPart bool) iis.NameKey {
		return iis.NameKey{Last: last, First: first, LastSound: Sound(last), FirstSound: Sound(first),
			BirthDate: birth, Former: former, LastPart: lastPart, FirstPart: firstPart}
	}
	for _, test := range []struct {
		name    string
		client  iis.Client
		aliases []iis.Alias
		want    []iis.NameKey
	}{
		{"one name", iis.Client{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: born}, nil,
			[]iis.NameKey{row("DUCK", "DON", born, false, false, false)}},
		{"formerly", iis.Client{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: born},
			[]iis.Alias{{Name: iis.Name{Last: "Dick", First: "Don"}, BirthDate: born}},
			[]iis.NameKey{row("DUCK", "DON", born, false, false, false), row("DICK", "DON", born, true, false, false)}},
		{"other birth date", iis.Client{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: born},
			[]iis.Alias{{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: once}},
			[]iis.NameKey{row("DUCK", "DON", born, false, false, false), row("DUCK", "DON", once, true, false, false)}},
		{"both, crosswise", iis.Client{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: born},
			[]iis.Alias{{Name: iis.Name{Last: "Dick", First: "Don"}, BirthDate: once}},
			[]iis.NameKey{row("DUCK", "DON", born, false, false, false), row("DUCK", "DON", once, true, false, false),
				row("DICK", "DON", born, true, false, false), row("DICK", "DON", once, true, false, false)}},
		{"only the middle name changed", iis.Client{Name: iis.Name{Last: "Duck", First: "Don"}, BirthDate: born},
			[]iis.Alias{{Name: iis.Name{Last: "DUCK", First: "DON", Middle: "X"}, BirthDate: born}},
			[]iis.NameKey{row("DUCK", "DON", born, false, false, false)}},
		{"double name", iis.Client{Name: iis.Name{Last: "Smith-Jones Jr", First: "Mary Ann"}}, nil,
			[]iis.NameKey{
				row("SMITHJONES", "MARYANN", iis.Date{}, false, false, false), row("SMITHJONES", "MARY", iis.Date{}, false, false, true),
				row("SMITH", "MARYANN", iis.Date{}, false, true, false), row("SMITH", "MARY", iis.Date{}, false, true, true),
				row("JONES", "MARYANN", iis.Date{}, false, true, false), row("JONES", "MARY", iis.Date{}, false, true, true)}},
		{"formerly a part of a double name, and before that the whole", iis.Client{Name: iis.Name{Last: "Dick", First: "Don"}, BirthDate: born},
			[]iis.Alias{{ID: "b", Name: iis.Name{Last: "Duck", First: "Don"}}, {ID: "a", Name: iis.Name{Last: "Duck-Drake", First: "Don"}}},
			[]iis.NameKey{row("DICK", "DON", born, false, false, false), row("DUCKDRAKE", "DON", born, true, false, false), row("DUCK", "DON", born, true, false, false),
				row("DRAKE", "DON", born, true, true, false)}},
		{"particle", iis.Client{Name: iis.Name{Last: "van der Berg", First: "O"}}, nil,
			[]iis.NameKey{row("VANDERBERG", "O", iis.Date{}, false, false, false), row("BERG", "O", iis.Date{}, false, true, false)}},
		{"one name only", iis.Client{Name: iis.Name{Last: "Jr"}}, nil,
			[]iis.NameKey{row("JR", "", iis.Date{}, false, false, false)}},
	} {
		if diff := cmp.Diff(test.want, NamesOf(test.client, test.aliases)); diff != "" {
			t.Errorf("%s: NamesOf -want +got\n%s", test.name, diff)
		}
	}
}

func TestNamesOfAnything(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([A-D]{0,3}[ -]){0,9}`))
	rapid.Check(t, func(t *rapid.T) {
		c := iis.Client{Name: iis.Name{Last: text.Draw(t, "last"), First: text.Draw(t, "first")}}
		var aliases []iis.Alias
		for i := range rapid.IntRange(0, 12).Draw(t, "aliases") {
			aliases = append(aliases, iis.Alias{Name: iis.Name{Last: text.Draw(t, "last"), First: text.Draw(t, "first")},
				BirthDate: day(2000+i%3, 1, 1)})
		}
		keys := NamesOf(c, aliases)
		if len(keys) < 1 || len(keys) > maxRows || keys[0].Former || keys[0].LastPart || keys[0].FirstPart {
			t.Fatalf("NamesOf = %d rows, first %+v", len(keys), keys[0])
		}
	})
}

func TestKeysOf(t *testing.T) {
	c := iis.Client{Phone: "(651) 201-4629", MotherMaidenLast: "O'Drake", BirthDate: day(2009, 9, 21)}
	m := iis.Membership{Organization: "CLINIC", ChartNumber: "a-12 3"}
	want := []iis.Key{"P6512014629", "MODRAKE|2009-09-21", "CCLINIC|A123"}
	if diff := cmp.Diff(want, KeysOf(c, m)); diff != "" {
		t.Errorf("KeysOf -want +got\n%s", diff)
	}
	if got := KeysOf(iis.Client{}, iis.Membership{Organization: "CLINIC"}); got != nil {
		t.Errorf("KeysOf of nothing = %q", got)
	}
	from, to := MotherKeys("O'Drake", iis.PartialDate{})
	for _, k := range []iis.Key{MotherKey("ODRAKE", iis.Date{}), MotherKey("o drake", day(1, 1, 1))} {
		if k < from || k >= to {
			t.Errorf("%q is not from %q to %q", k, from, to)
		}
	}
	if k := MotherKey("ODRAKES", day(2009, 9, 21)); from <= k && k < to {
		t.Errorf("%q is from %q to %q", k, from, to)
	}
	for _, born := range []iis.PartialDate{{Year: 2009}, {Year: 2009, Month: 9}, {Year: 2009, Month: 9, Day: 21}} {
		from, to := MotherKeys("O'Drake", born)
		for d, want := range map[iis.Date]bool{day(2009, 9, 21): true, day(2009, 9, 22): born.Day == 0, day(2009, 10, 1): born.Month == 0,
			day(2009, 8, 31): born.Month == 0, day(2008, 9, 21): false, day(2010, 9, 21): false, {}: false} {
			if k := MotherKey("ODRAKE", d); (from <= k && k < to) != want {
				t.Errorf("%q is from %q to %q: %v, want %v", k, from, to, !want, want)
			}
		}
	}
}

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"(651) 201-4629": "6512014629", "+1 651 201 4629": "6512014629", "201-4629": "2014629", "": "", "123": "", "x": "",
		"+49 30 1234567": "49301234567",
	} {
		if got := Phone(in); got != want {
			t.Errorf("Phone(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]bool{"555-555-5555": true, "651-999-9999": true, "": true, "651-201-4629": false} {
		if got := PlaceholderPhone(in); got != want {
			t.Errorf("PlaceholderPhone(%q) = %v, want %v", in, got, want)
		}
	}
}
