package match

import (
	"slices"
	"strings"

	"openiis.org/iis"
)

// Person is what is asked for: whatever is known of somebody, as typed.
type Person struct {
	Last, First, Middle string
	// AnyOrder is set where the words of a name were typed in one box: Last and
	// First are then but the likeliest reading of them.
	AnyOrder         bool
	BirthDate        iis.PartialDate
	Gender           iis.Gender // "" if not asked
	Phone            string
	MotherMaidenLast string
	MotherFirst      string
	Address          string // any of street, city and zip
}

// Strength says in a word how likely a client is the one asked for.
type Strength string

const (
	Strong   Strength = "Strong"
	Possible Strength = "Possible"
	Weak     Strength = "Weak"
)

// Query is a Person made ready to be compared with many clients. It does not
// change and may be used by many goroutines.
type Query struct {
	asked    Person
	w        *Weights
	Readings []Reading
	middle   *Name
	maiden   *Name
	mother   *Name
	phone    string
	address  []string
	most     int // the score of a client who agrees in everything
	// named is the score of one who agrees in name and birth date, if these were
	// asked: nobody is a lesser answer for having moved.
	named int
	// What the fields besides can add: the client's own, and those of his household,
	// which have room for less together than each by itself.
	own, home, room int
}

// Reading is one way of taking the typed words for last and first name.
type Reading struct {
	Last, First *Name
	// Swapped: what was typed as the last name is taken for the first.
	Swapped bool
	// What it counts that somebody is called otherwise.
	otherLast, otherFirst int
}

// Evidence is how a client, seen under one of its rows, agrees with a Query.
type Evidence struct {
	Row                     iis.NameKey
	Reading                 int // of Query.Readings
	Last, First, Birth      Level
	LastSounds, FirstSounds bool
	// Filled by Complete.
	Middle, Maiden, Mother, Phone, Address, Gender Level
	AsMiddle                                       bool // First is the client's middle name

	Score int
}

// NewQuery makes a query of what was typed, with what each agreement counts.
func NewQuery(p Person, w *Weights) *Query {
	q := &Query{asked: p, w: w, Readings: readings(p), phone: Phone(p.Phone)}
	q.middle, q.maiden, q.mother = NewFirst(p.Middle), NewLast(p.MotherMaidenLast), NewFirst(p.MotherFirst)
	q.address = Tokens(p.Address)
	add := func(to *int, asked bool, n int) {
		if asked {
			*to += n
		}
	}
	add(&q.own, q.middle.Text() != "", w.Middle[Same])
	add(&q.home, q.maiden.Text() != "", w.Maiden[Same])
	add(&q.home, q.mother.Text() != "", w.Mother[Same])
	add(&q.home, q.phone != "", q.phoneWeight())
	add(&q.home, len(q.address) > 0, w.Address)
	last, named := 0, 0
	for i := range q.Readings {
		r := &q.Readings[i]
		r.otherLast = w.Last.other(r.Last, w.RareLast)
		r.otherFirst = w.First.other(r.First, w.RareFirst)
		n := 0
		if r.Last.Text() != "" {
			n, last = w.Last[Same], w.Last[Same]
		}
		if r.First.Text() != "" {
			n += w.First[Same]
		}
		named = max(named, n)
	}
	q.room = min(q.home, w.Household-last)
	switch b := p.BirthDate; {
	case b.Day != 0:
		named += w.Birth[Same]
	case b.Month != 0:
		named += w.Birth[SameMonth]
	case b.Year != 0:
		named += w.Birth[SameYear]
	}
	q.most = min(named+q.own+q.room, w.enough())
	q.named = named
	if named == 0 {
		q.named = q.most
	}
	return q
}

// phoneWeight is what the telephone that was asked for counts.
func (q *Query) phoneWeight() int {
	if len(q.phone) == localPhone {
		return q.w.LocalPhone
	}
	return q.w.Phone
}

// localPhone is how many digits a telephone number has without its area code.
const localPhone = 7

// maxReadings bounds how many ways a long line of names is taken.
const maxReadings = 6

func readings(p Person) []Reading {
	var all []Reading
	add := func(last, first string, swapped bool) {
		r := Reading{Last: NewLast(last), First: NewFirst(first), Swapped: swapped}
		if r.Last.Text() == "" && r.First.Text() == "" || len(all) == maxReadings {
			return
		}
		if !slices.ContainsFunc(all, func(o Reading) bool {
			return o.Last.Text() == r.Last.Text() && o.First.Text() == r.First.Text()
		}) {
			all = append(all, r)
		}
	}
	add(p.Last, p.First, false)
	switch words := append(strings.Fields(p.First), strings.Fields(p.Last)...); {
	case !p.AnyOrder:
		if len(all) == 1 && all[0].Last.Text() != "" && all[0].First.Text() != "" {
			add(p.First, p.Last, true)
		}
	case len(words) == 1:
		if !p.BirthDate.IsZero() {
			add("", words[0], false)
		}
	default:
		for k := len(words) - 1; k > 0; k-- {
			add(strings.Join(words[k:], " "), strings.Join(words[:k], " "), false)
			add(strings.Join(words[:len(words)-k], " "), strings.Join(words[len(words)-k:], " "), false)
		}
	}
	return all
}

// NamesOnly reports whether nothing but name and birth date was asked, so that
// Complete has hardly anything to add.
func (q *Query) NamesOnly() bool { return q.own+q.home == 0 && q.asked.Gender == "" }

// Names compares one row of a client. It allocates nothing.
func (q *Query) Names(row iis.NameKey) Evidence {
	w := q.w
	best := Evidence{Row: row, Birth: ComparePartial(q.asked.BirthDate, row.BirthDate), Score: -1 << 20}
	birth := w.Birth[best.Birth]
	for i := range q.Readings {
		r := &q.Readings[i]
		e := Evidence{Row: row, Reading: i, Birth: best.Birth, Score: birth}
		e.Last, e.LastSounds = r.Last.Compare(row.Last)
		e.First, e.FirstSounds = r.First.Compare(row.First)
		if e.Last == Same && row.LastPart {
			e.Last = Part
		}
		if e.First == Same && row.FirstPart {
			e.First = Part
		}
		e.Score += w.Last.weigh(e.Last, r.otherLast) + w.First.weigh(e.First, r.otherFirst)
		if r.Swapped {
			e.Score += w.Swapped
		}
		if e.Score > best.Score {
			best = e
		}
	}
	if len(q.Readings) == 0 {
		best.Score = birth
	}
	if row.Former {
		best.Score-- // the present name first, all else equal
	}
	return best
}

// Complete adds what the client's other fields say. Those in which a household
// agrees count together what Weights.Household lets them. That somebody has another
// telephone or address counts nothing: people move.
func (q *Query) Complete(e Evidence, c *iis.Client) Evidence {
	w := q.w
	if len(q.Readings) > 0 {
		r := &q.Readings[e.Reading]
		if l, _ := r.First.Compare(Fold(c.Name.Middle)); (e.First == Different || e.First == Unsaid) && r.First.Text() != "" &&
			(l == Same || l == Nickname) {
			e.Score += w.AsMiddle - w.First.weigh(e.First, r.otherFirst)
			e.First, e.AsMiddle = l, true
		}
	}
	home := 0
	level := func(n *Name, onFile string, weights *Scale, to *int) Level {
		if n.Text() == "" {
			return Unsaid
		}
		l, _ := n.Compare(Fold(onFile))
		*to += weights[l]
		return l
	}
	e.Middle = level(q.middle, c.Name.Middle, &w.Middle, &e.Score)
	e.Maiden = level(q.maiden, c.MotherMaidenLast, &w.Maiden, &home)
	e.Mother = level(q.mother, c.MotherFirst, &w.Mother, &home)
	if on := Phone(c.Phone); q.phone != "" && on != "" {
		e.Phone = Different
		if on == q.phone || len(q.phone) == localPhone && strings.HasSuffix(on, q.phone) {
			e.Phone = Same
			home += q.phoneWeight()
		}
	}
	if len(q.address) > 0 {
		on := Tokens(c.Address.Street + " " + c.Address.Other + " " + c.Address.POBox + " " +
			c.Address.City + " " + c.Address.State + " " + c.Address.Zip)
		found := 0
		for _, t := range q.address {
			if slices.Contains(on, t) {
				found++
			}
		}
		if len(on) > 0 {
			e.Address = Different
		}
		switch home += w.Address * found / len(q.address); {
		case found == len(q.address):
			e.Address = Same
		case found*2 >= len(q.address):
			e.Address = Similar
		}
	}
	if home != 0 {
		e.Score += home * q.room / q.home
	}
	if g := q.asked.Gender; (g == iis.Male || g == iis.Female) && (c.Gender == iis.Male || c.Gender == iis.Female) {
		e.Gender = Same
		if g != c.Gender {
			e.Gender = Different
			e.Score += w.OtherGender
		}
	}
	return e
}

// How much of what there could be makes an answer, in percent. Policies differ in
// how much there could be, and not in what is much of it. The searches of the tests judge
// these, under the policy of the program and others.
const (
	acceptFrom  = 36 // of Query.named: an answer at all
	despiteName = 44 // of Query.named: the same, though a name disagrees
	possible    = 60 // of Query.named
	strong      = 74 // of Query.most
)

// Accepts reports whether a client with this evidence is an answer.
func (q *Query) Accepts(e Evidence) bool {
	switch {
	case e.Phone == Same && (e.Last == Unsaid || e.Last >= Sounding):
		return true
	case len(q.Readings) == 0 && q.maiden.Text() != "" && e.Maiden <= Different:
		return false // a birth date in common with somebody else's child
	case e.Last == Different && e.First <= Different && e.Birth <= Different:
		return false // a telephone or a mother in common with somebody of another name
	}
	return q.reaches(e)
}

// reaches reports whether the score is that of an answer. Whoever is called exactly
// as asked is one, whenever he was born.
func (q *Query) reaches(e Evidence) bool {
	switch {
	case e.Last == Same && e.First == Same && !e.AsMiddle:
		return true
	case e.Last == Different || e.First == Different:
		return e.Score*100 >= despiteName*q.named
	}
	return e.Score*100 >= acceptFrom*q.named
}

// Hopeful reports whether a client may still become an answer once Complete has
// added what the other fields say.
func (q *Query) Hopeful(e Evidence) bool {
	e.Score += q.own + q.room
	if e.First == Different {
		e.Score += q.w.AsMiddle - q.Readings[e.Reading].otherFirst
		e.First = Part
	}
	return q.reaches(e)
}

// Full reports whether enough was asked that one client may be meant by it: of his
// name, and of what tells him from his household.
func (q *Query) Full() bool {
	own := !q.asked.BirthDate.IsZero() || slices.ContainsFunc(q.Readings, func(r Reading) bool { return r.First.Text() != "" })
	return len(q.Readings) > 0 && own && q.most*100 >= strong*q.w.enough()
}

// Strength returns how likely the client is the one asked for. A field that
// disagrees keeps it from being Strong, and so does asking too little.
func (q *Query) Strength(e Evidence) Strength {
	disagrees := e.Last == Different || e.First == Different || e.Birth == Different || e.Last == Unsaid && len(q.Readings) > 0
	switch {
	case e.Score*100 >= strong*q.most && !disagrees && q.Full():
		return Strong
	case e.Score*100 >= possible*q.named && e.Birth != Different:
		return Possible
	}
	return Weak
}
