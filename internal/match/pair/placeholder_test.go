package pair

import "testing"

func TestPlaceholderNames(t *testing.T) {
	book := NewBook(Shipped())
	for _, test := range []struct {
		want  bool
		names []string
	}{
		{true, []string{"Baby Boy", "BABYBOY", "BabyBoy2", "Baby-Girl A", "B.B.", "BB1", "Babya", "New Born", "NB Male", "Newborn Twin B", "GirlTwin", "Boy Twin A",
			"Infant of Ngozi", "Girl/Ngozi", "Ngozi's Boy", "Boy Lindqvist", "Lindqvist, Baby", "BabyBoyLindqvist", "Okafor Girl", "Daughter of somebody",
			"Not Named", "No First Name", "NFN", "Unknown", "Unknown Male", "Triplet C", "Twin 2", "XX"}},
		{false, []string{"Amelia", "Boyd", "Malea", "Sona", "Sonia", "Babylon", "Twila", "Testa", "Onesta", "Baby Jane", "Mary of Ngozi", "Lindqvist", "Ngozi", "A", "", "Бэби"}},
	} {
		for _, name := range test.names {
			p, err := book.Prepare(Facts{Last: "Lindqvist", First: name, MotherFirst: "Ngozi", MotherMaidenLast: "Okafor"})
			if err != nil {
				t.Fatal(err)
			}
			if p.placeholder != test.want {
				t.Errorf("Prepare(%q).placeholder = %v, want %v", name, p.placeholder, test.want)
			}
		}
	}
}
