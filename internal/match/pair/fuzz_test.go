package pair

import (
	"encoding/json"
	"testing"
)

// FuzzDecide: whatever two records say, they are prepared or refused, and decided
// the same in either order.
func FuzzDecide(f *testing.F) {
	f.Add([]byte(`{"last":"O'Núñez-Berg Jr","first":"Mary Ann","aliases":[{"last":"Berg"}],"birthDate":"2009-09","ids":[{"system":"SSN","value":"219-09-9998"}]}`),
		[]byte(`{"last":"Nunez","first":"Maryann","birthDate":"2O09-9-2I","street":"PO Box 7, Apt 3","phone":"+1 (651) 555-0123","multipleBirth":true}`))
	f.Add([]byte(`{"first":"Twin A","middle":"NMN","suffix":"III","zip":"55112-0001","email":"a@b.c","birthOrder":2}`),
		[]byte(`{"first":"Иван","last":"\u0000","street":"12 1st St N","city":"—","motherMaidenLast":"von der","motherFirst":"X"}`))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var x, y Facts
		if json.Unmarshal(one, &x) != nil || json.Unmarshal(two, &y) != nil {
			return
		}
		book := NewBook(Shipped())
		a, errA := book.Prepare(x)
		b, errB := book.Prepare(y)
		if errA != nil || errB != nil {
			return
		}
		var c Comparer
		d, e := Shipped().Decide(&c, a, b), Shipped().Decide(&c, b, a)
		if d != e {
			t.Errorf("Decide(a, b) = %+v, Decide(b, a) = %+v", d, e)
		}
		Shipped().Why(a, b, d)
		if d := Shipped().Decide(&c, a, a); d.Score < 0 && d.Grades[FirstName] != Placeholder {
			t.Errorf("Decide(a, a) = %+v, want no score below 0", d)
		}
	})
}
