package pair

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPoliciesReadBack: a policy written is the policy read.
func TestPoliciesReadBack(t *testing.T) {
	for _, p := range []*Policy{Start(), Shipped()} {
		b, err := p.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadPolicy(b)
		if err != nil {
			t.Fatalf("%s: %v", p.Version, err)
		}
		c, err := again.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(b), string(c)); diff != "" {
			t.Errorf("%s read back (-want +got):\n%s", p.Version, diff)
		}
		if again.weights != p.weights {
			t.Errorf("%s read back has other weights", p.Version)
		}
	}
	b, err := Shipped().JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, policyJSON) {
		t.Error("policy.json is not as a policy is written; it was changed by hand")
	}
}

// TestShippedKeepsTheGuards: what no records tell is that of the start.
func TestShippedKeepsTheGuards(t *testing.T) {
	if diff := cmp.Diff(Start().Guards, Shipped().Guards); diff != "" {
		t.Errorf("guards (-start +shipped):\n%s", diff)
	}
	if diff := cmp.Diff(Start().Placeholders, Shipped().Placeholders); diff != "" {
		t.Errorf("placeholders (-start +shipped):\n%s", diff)
	}
	if diff := cmp.Diff(Start().Strong, Shipped().Strong); diff != "" {
		t.Errorf("strong systems (-start +shipped):\n%s", diff)
	}
}

// TestEveryGradeHasItsLikelihoods: a grade without a weight would count nothing
// without anybody noticing.
func TestEveryGradeHasItsLikelihoods(t *testing.T) {
	for _, p := range []*Policy{Start(), Shipped()} {
		for f := range fields {
			for _, g := range fieldGrades[f] {
				if _, ok := p.Fields[fieldNames[f]][gradeNames[g]]; !ok {
					t.Errorf("%s has no %s %s", p.Version, fieldNames[f], gradeNames[g])
				}
				if words(f, g, &Profile{}, &Profile{}) == "" && g != Missing {
					t.Errorf("%s %s has no words", fieldNames[f], gradeNames[g])
				}
			}
		}
	}
}

func TestReadPolicyRefuses(t *testing.T) {
	whole, err := Shipped().JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, old, new, want string }{
		{"no JSON", "{", "", "policy: "},
		{"an unknown member", `"cap":`, `"cup": 1, "cap":`, "unknown field"},
		{"no version", `"version": "2026-11d"`, `"version": ""`, "there is no version"},
		{"thresholds crossed", `"same": 28`, `"same": 2`, "same is less than possible"},
		{"a field that is none", `"household": [`, `"household": ["shoe size",`, `"shoe size" is no field`},
		{"a grade that is none", `"gender": {"different"`, `"gender": {"purple"`, `"purple" is no grade of gender`},
		{"a likelihood of nothing", `"different":[`, `"different":[0,1],"same":[`, "is not two likelihoods"},
		{"a guard of nothing", `"when":{"first":["placeholder"]}`, `"when":{}`, "guard placeholder: it has no when"},
		{"a guard that says nothing", `"unless":{"ids":["same","sameOther"]},"most":"possible"`, `"unless":{"ids":["same"]}`, "guard placeholder: it has no most"},
		{"an answer that is none", `"most":"possible"`, `"most":"perhaps"`, `"perhaps" is no answer`},
		{"a guard on a field that is none", `"when":{"first":["placeholder"]}`, `"when":{"shoe":["same"]}`, "it names a field that is none"},
	} {
		text := strings.Replace(string(whole), test.old, test.new, 1)
		if text == string(whole) {
			t.Errorf("%s: the policy does not hold %s", test.name, test.old)
			continue
		}
		if _, err := ReadPolicy([]byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: ReadPolicy = %v, want %q in it", test.name, err, test.want)
		}
	}
}

// TestTrainingIsRepeatable: the same records give the same policy, however often.
func TestTrainingIsRepeatable(t *testing.T) {
	var first []byte
	for range 2 {
		book := NewBook(Start())
		var all []*Profile
		for _, k := range invented(3, 6000) {
			p, err := book.Prepare(k.facts)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
		p, tr, err := Train(Start(), book, Find(all, nil))
		if err != nil {
			t.Fatal(err)
		}
		if tr.Matches < 100 || tr.Matches > 260 { // 3 of 100 are entered twice
			t.Errorf("%.0f of one person expected, want about 180", tr.Matches)
		}
		b, err := p.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		} else if diff := cmp.Diff(string(first), string(b)); diff != "" {
			t.Errorf("trained again (-first +second):\n%s", diff)
		}
	}
}

// TestTooFewToLearnFrom: of a handful of records nothing is learned.
func TestTooFewToLearnFrom(t *testing.T) {
	book := NewBook(Start())
	var all []*Profile
	for _, k := range invented(3, 50) {
		p, err := book.Prepare(k.facts)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	for _, c := range []*Candidates{Find(all, nil), Find(nil, nil), Find(nil, all), Given(nil)} {
		p, _, err := Train(Start(), book, c)
		if err != nil || p != Shipped() {
			t.Errorf("Train = %v, %v, want the shipped policy", p.Version, err)
		}
	}
}

func TestMaybeTwins(t *testing.T) {
	p := Shipped()
	tests := []struct {
		name string
		a, b Facts
		want bool
	}{
		{"another first name", Facts{Last: "Duck", First: "Anna", BirthDate: "2019-09-21"}, Facts{Last: "Duck", First: "Berta", BirthDate: "2019-09-21"}, true},
		{"a name that is like it", Facts{Last: "Duck", First: "Anna", BirthDate: "2019-09-21"}, Facts{Last: "Duck", First: "Hanna", BirthDate: "2019-09-21"}, true},
		{"a nickname", Facts{Last: "Duck", First: "Don", BirthDate: "2019-09-21"}, Facts{Last: "Duck", First: "Donald", BirthDate: "2019-09-21"}, false},
		{"another birth date", Facts{Last: "Duck", First: "Anna", BirthDate: "2019-09-21"}, Facts{Last: "Duck", First: "Berta", BirthDate: "2018-09-21"}, false},
		{"one name", Facts{Last: "Duck", First: "Anna", BirthDate: "2019-09-21"}, Facts{Last: "Duck", First: "Anna", BirthDate: "2019-09-21"}, false},
	}
	for _, test := range tests {
		book := NewBook(p)
		a, errA := book.Prepare(test.a)
		b, errB := book.Prepare(test.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := p.MaybeTwins(p.Decide(&Comparer{}, a, b)); got != test.want {
			t.Errorf("MaybeTwins of %s = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestForARoster(t *testing.T) {
	p := Shipped()
	don := Facts{Last: "Duck", First: "Don", BirthDate: "2009-09-21", Gender: "M", MotherMaidenLast: "Brown"}
	tests := []struct {
		name string
		row  Facts
		want Answer
	}{
		{"name and birth date", Facts{Last: "Duck", First: "Don", BirthDate: "2009-09-21"}, AnswerSame},
		{"another gender", Facts{Last: "Duck", First: "Don", BirthDate: "2009-09-21", Gender: "F"}, AnswerPossible},
		{"another maiden name of the mother", Facts{Last: "Duck", First: "Don", BirthDate: "2009-09-21", MotherMaidenLast: "Green"}, AnswerPossible},
		{"another birth date", Facts{Last: "Duck", First: "Don", BirthDate: "2009-09-22"}, AnswerPossible},
	}
	for _, test := range tests {
		book := NewBook(p)
		a, errA := book.Prepare(test.row)
		b, errB := book.Prepare(don)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		d := p.Decide(&Comparer{}, a, b)
		if d.Answer == AnswerSame {
			t.Errorf("of %s, Decide = %s without a purpose", test.name, d.Answer)
		}
		got := p.For(Roster, d)
		if got.Answer.rank() > test.want.rank() || test.want == AnswerSame && got.Answer != test.want {
			t.Errorf("of %s, For(Roster) = %s, want %s at most", test.name, got.Answer, test.want)
		}
		if why := p.Why(a, b, got); test.want == AnswerSame && !slices.Contains(why, "kept at same: the same name and birth date, and nothing personal differs") {
			t.Errorf("of %s, Why = %q; want the guard named", test.name, why)
		}
	}
}
