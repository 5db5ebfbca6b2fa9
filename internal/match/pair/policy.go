package pair

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"openiis.org/iis/internal/match"
)

// Policy is all that decides whether two records are one person's: how likely
// each grade of agreement is between two records of one person and between two
// of two, how much together is enough, and the guards that no sum gets past. It
// is data with a version; a change of policy is a change of a file. It does not
// change while it is used.
type Policy struct {
	Version string `json:"version"`
	About   string `json:"about,omitempty"`

	// Same and Possible are the scores, in bits, from which two records are one
	// person's, or may be.
	Same     float64 `json:"same"`
	Possible float64 `json:"possible"`

	// Household names the fields in which those of one household agree; together
	// they count Cap bits at most. The others tell the person, and Same asks for
	// Floor bits of them.
	Household []string `json:"household"`
	Cap       float64  `json:"cap"`
	Floor     float64  `json:"floor"`

	// Partner is what it adds to a pair between two lists that neither of its
	// records has another like it: nearly every record of one list is known to
	// have its like in the other. It is 0 unless the lists themselves showed it.
	Partner float64 `json:"partner,omitempty"`

	// Fields holds for each grade of each field [m, u]: how often it is found
	// between two records of one person, and of two, where both say anything.
	Fields map[string]map[string][2]float64 `json:"fields"`

	// Names are how many of a million have a name: agreeing in a rare one tells
	// more. Clip is how many bits that may add or take.
	Names Names `json:"names"`

	Guards []Guard `json:"guards"`

	// Placeholders are first names that stand for none yet: every word of such
	// a name is one of them. Strong are the systems that number people, each
	// person once. Vague are names of systems that do not say whose numbers they
	// are: that two MRN differ tells nothing, that two of one clinic do, much.
	Placeholders []string `json:"placeholders"`
	Strong       []string `json:"strong"`
	Vague        []string `json:"vague,omitempty"`

	weights               [fields][grades]int32 // tenths of a bit
	household             [fields]bool
	same, possible        int32
	cap, floor, partner   int32
	lastNames, firstNames frequencies
	rules                 []rule
	placeholders, strongs map[string]bool
	vagues                map[string]bool
}

// Names are the frequencies of names.
type Names struct {
	Clip  float64            `json:"clip"`
	Last  map[string]float64 `json:"last"`
	First map[string]float64 `json:"first"`
	// LastAny and FirstAny are how often two people agree in any name, per
	// million.
	LastAny  float64 `json:"lastAny"`
	FirstAny float64 `json:"firstAny"`
}

// Guard is a rule about certain pairs. It holds where every field of When has
// one of the grades named, and none of Unless has. A list that begins with "not"
// names those it must not have; "missing" is a grade here as well.
type Guard struct {
	Name   string              `json:"name"`
	Why    string              `json:"why"`
	When   map[string][]string `json:"when"`
	Unless map[string][]string `json:"unless,omitempty"`
	Most   Answer              `json:"most,omitempty"`  // the answer is this at most
	Least  Answer              `json:"least,omitempty"` // the answer is this at least
	// Households marks a guard against those who live together. Train leaves it
	// out where the records do not show that people do.
	Households bool `json:"households,omitempty"`
	// Caution marks a guard that asks a person to look where the sum would do:
	// Train leaves it out as well there, and learns from the pairs it holds.
	Caution bool `json:"caution,omitempty"`
	// For is the purpose that the guard is for, "" for any; see Policy.For.
	For string `json:"for,omitempty"`
}

// Roster is the purpose of telling whose a row of a roster is: rosters often hold no
// more than names and birth dates.
const Roster = "roster"

// Answer is what a policy says of two records.
type Answer string

// The answers.
const (
	AnswerSame      Answer = "same"
	AnswerPossible  Answer = "possible"
	AnswerDifferent Answer = "different"
)

func (a Answer) rank() int {
	switch a {
	case AnswerSame:
		return 2
	case AnswerPossible:
		return 1
	}
	return 0
}

// rule is a Guard made ready.
type rule struct {
	when, unless []condition
	most, least  Answer
	caution      bool
	purpose      string
}

type condition struct {
	field Field
	mask  uint32 // a bit for each grade
}

func (c condition) holds(g *Grades) bool { return c.mask&(1<<g[c.field]) != 0 }

// frequencies are bits×10 by name.
type frequencies struct {
	bits map[string]int16
	rest int16 // of a name not listed
}

//go:embed start.json
var startJSON []byte

//go:embed policy.json
var policyJSON []byte

// Start is the policy that training starts from: likelihoods set by hand, and
// the guards.
var Start = sync.OnceValue(func() *Policy { return mustRead(startJSON) })

// Shipped is the policy that is used where no other is given. "openiis match
// train" made it from invented people.
var Shipped = sync.OnceValue(func() *Policy { return mustRead(policyJSON) })

func mustRead(b []byte) *Policy {
	p, err := ReadPolicy(b)
	if err != nil {
		panic(err)
	}
	return p
}

// ReadPolicy reads a policy from JSON and checks it.
func ReadPolicy(b []byte) (*Policy, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	p := new(Policy)
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if err := p.prepare(); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return p, nil
}

// prepare checks the policy and makes it ready.
func (p *Policy) prepare() error {
	if p.Version == "" {
		return errors.New("there is no version")
	}
	if !(p.Same >= p.Possible) {
		return errors.New("same is less than possible")
	}
	if len(p.Fields) == 0 {
		return errors.New("there are no fields")
	}
	p.same, p.possible, p.cap, p.floor, p.partner = tenths(p.Same), tenths(p.Possible), tenths(p.Cap), tenths(p.Floor), tenths(p.Partner)
	for _, name := range p.Household {
		f, err := fieldOf(name)
		if err != nil {
			return err
		}
		p.household[f] = true
	}
	for name, list := range p.Fields {
		f, err := fieldOf(name)
		if err != nil {
			return err
		}
		for grade, mu := range list {
			g, err := gradeOf(f, grade)
			if err != nil {
				return err
			}
			if !(mu[0] > 0 && mu[0] <= 1 && mu[1] > 0 && mu[1] <= 1) {
				return fmt.Errorf("%s %s is not two likelihoods", name, grade)
			}
			p.weights[f][g] = tenths(math.Log2(mu[0] / mu[1]))
		}
	}
	p.rules = nil
	for _, g := range p.Guards {
		r, err := g.rule()
		if err != nil {
			return fmt.Errorf("guard %s: %w", g.Name, err)
		}
		p.rules = append(p.rules, r)
	}
	p.lastNames = newFrequencies(p.Names.Last, p.Names.LastAny, p.Names.Clip)
	p.firstNames = newFrequencies(p.Names.First, p.Names.FirstAny, p.Names.Clip)
	p.placeholders, p.strongs, p.vagues = foldedSet(p.Placeholders), foldedSet(p.Strong), foldedSet(p.Vague)
	return nil
}

func (g Guard) rule() (rule, error) {
	r := rule{most: g.Most, least: g.Least, caution: g.Caution, purpose: g.For}
	for _, a := range []Answer{g.Most, g.Least} {
		if a != "" && a != AnswerSame && a != AnswerPossible && a != AnswerDifferent {
			return r, fmt.Errorf("%q is no answer", a)
		}
	}
	if (g.Most == "") == (g.Least == "") {
		return r, errors.New("it has no most, or both most and least")
	}
	if len(g.When) == 0 {
		return r, errors.New("it has no when")
	}
	var err error
	if r.when, err = conditions(g.When); err != nil {
		return r, err
	}
	r.unless, err = conditions(g.Unless)
	return r, err
}

func conditions(m map[string][]string) ([]condition, error) {
	var all []condition
	for f := range fields {
		list, ok := m[fieldNames[f]]
		if !ok {
			continue
		}
		c := condition{field: f}
		not := len(list) > 0 && list[0] == "not"
		if not {
			list = list[1:]
		}
		for _, name := range list {
			if name == fieldMissing {
				c.mask |= 1 << Missing
				continue
			}
			g, err := gradeOf(f, name)
			if err != nil {
				return nil, err
			}
			c.mask |= 1 << g
		}
		if not {
			c.mask = ^c.mask
		}
		all = append(all, c)
	}
	if len(all) != len(m) {
		return nil, errors.New("it names a field that is none")
	}
	return all, nil
}

const fieldMissing = "missing"

func fieldOf(name string) (Field, error) {
	if i := slices.Index(fieldNames[:], name); i >= 0 {
		return Field(i), nil
	}
	return 0, fmt.Errorf("%q is no field", name)
}

func gradeOf(f Field, name string) (Grade, error) {
	for _, g := range fieldGrades[f] {
		if gradeNames[g] == name {
			return g, nil
		}
	}
	return 0, fmt.Errorf("%q is no grade of %s", name, fieldNames[f])
}

func tenths(bits float64) int32 { return int32(math.Round(bits * 10)) }

func newFrequencies(perMillion map[string]float64, anyTwo, clip float64) frequencies {
	f := frequencies{bits: make(map[string]int16, len(perMillion))}
	if anyTwo <= 0 {
		return f
	}
	bits := func(n float64) int16 {
		return int16(tenths(max(-clip, min(clip, math.Log2(anyTwo/n)))))
	}
	least := math.Inf(1)
	for name, n := range perMillion {
		f.bits[name] = bits(n)
		least = min(least, n)
	}
	if len(perMillion) > 0 {
		f.rest = bits(least / 2)
	}
	return f
}

func (p *Policy) rareness(f *frequencies, name string) int16 {
	if n, ok := f.bits[name]; ok {
		return n
	}
	return f.rest
}

// strong reports whether the folded name of a system is that of one which
// numbers people.
func (p *Policy) strong(system string) bool {
	if p.strongs[system] {
		return true
	}
	for s := range p.strongs {
		if len(s) > 5 && strings.Contains(system, s) || len(s) > 2 && strings.HasSuffix(system, s) {
			return true
		}
	}
	return false
}

func foldedSet(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[match.Fold(s)] = true
	}
	return m
}
