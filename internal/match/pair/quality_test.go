package pair

import (
	"testing"
	"time"
)

// figures are how well links agree with the truth.
type figures struct {
	right, wrong, missed int
	possibleRight        int
	possible             int
}

func (f figures) precision() float64 { return float64(f.right) / float64(max(1, f.right+f.wrong)) }
func (f figures) recall() float64    { return float64(f.right) / float64(max(1, f.right+f.missed)) }
func (f figures) f1() float64 {
	return 2 * float64(f.right) / float64(max(1, 2*f.right+f.wrong+f.missed))
}

// links links one list of records, or two, with a policy of its own, and counts.
func links(t testing.TB, first, second []known, policy *Policy, train bool) figures {
	t.Helper()
	start := time.Now()
	book := NewBook(policy)
	prepare := func(list []known) []*Profile {
		if list == nil {
			return nil
		}
		all := make([]*Profile, len(list))
		for i, k := range list {
			p, err := book.Prepare(k.facts)
			if err != nil {
				t.Fatal(err)
			}
			all[i] = p
		}
		return all
	}
	c := Find(prepare(first), prepare(second))
	if train {
		var tr Training
		var err error
		if policy, tr, err = Train(Start(), book, c); err != nil {
			t.Fatal(err)
		}
		t.Logf("training: %+v same %.1f", tr, policy.Same)
	}
	truth := map[string]int{}
	n := 0
	for _, k := range first {
		truth[k.truth]++
	}
	if second == nil {
		for _, k := range truth {
			n += k * (k - 1) / 2
		}
		second = first
	} else {
		for _, k := range second {
			n += truth[k.truth]
		}
	}
	var f figures
	if err := c.Link(policy, func(l Linked) error {
		same := first[l.A].truth == second[l.B].truth
		switch {
		case l.Answer == AnswerSame && same:
			f.right++
		case l.Answer == AnswerSame:
			f.wrong++
		default:
			f.possible++
			if same {
				f.possibleRight++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	f.missed = n - f.right
	t.Logf("%d candidates, precision %.4f, recall %.4f, F1 %.4f, %+v, %v", c.Len(), f.precision(), f.recall(), f.f1(), f, time.Since(start).Round(time.Millisecond))
	return f
}

func TestFebrl4(t *testing.T) {
	f := links(t, febrl(t, "dataset4a.csv"), febrl(t, "dataset4b.csv"), Shipped(), true)
	if f.f1() < 0.999 {
		t.Errorf("F1 of FEBRL 4 = %.4f, want 0.999", f.f1())
	}
}

func TestFebrl1(t *testing.T) {
	f := links(t, febrl(t, "dataset1.csv"), nil, Shipped(), true)
	if f.f1() < 0.999 {
		t.Errorf("F1 of FEBRL 1 = %.4f, want 0.999", f.f1())
	}
}

func TestRLdata10000(t *testing.T) {
	f := links(t, rldata(t), nil, Shipped(), true)
	if f.f1() < 0.95 {
		t.Errorf("F1 of RLdata10000 = %.4f, want 0.95", f.f1())
	}
}

func TestUganda(t *testing.T) {
	f := links(t, uganda(t), nil, Shipped(), true)
	if f.f1() < 0.999 {
		t.Errorf("F1 of Uganda = %.4f, want 0.999", f.f1())
	}
}

// TestAIRA holds the shipped policy against what experts of registries answer.
func TestAIRA(t *testing.T) {
	for _, name := range []string{"AIRA-A.txt", "AIRA-B.txt", "MIIS-B.txt", "MIIS-C.txt"} {
		for _, ids := range []bool{true, false} {
			judge(t, name, ids)
		}
	}
}

func judge(t *testing.T, name string, ids bool) {
	p := Shipped()
	book := NewBook(p)
	var c Comparer
	count := map[[2]Answer]int{}
	n, right := 0, 0
	for _, l := range mismo(t, name, ids) {
		a, err := book.Prepare(l.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := book.Prepare(l.b)
		if err != nil {
			t.Fatal(err)
		}
		d := p.Decide(&c, a, b)
		count[[2]Answer{l.want, d.Answer}]++
		n++
		if d.Answer == l.want {
			right++
		}
	}
	t.Logf("%s ids %v: %.4f %v", name, ids, float64(right)/float64(n), count)
}
