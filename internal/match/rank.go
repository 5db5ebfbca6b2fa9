package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	Readings []Reading
	middle   *Name
	maiden   *Name
	mother   *Name
	phone    string
	address  []string
	most     int // the score of a client who agrees in everything
	rest     int // what of it the fields besides name and birth date can add
}

// Reading is one way of taking the typed words for last and first name.
type Reading struct {
	Last, First *Name
	// Swapped: what was typed as the last name is taken for the first.
	Swapped bool
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

// weights are tenths of bits, roughly: how much more often a field agrees so
// between two records of one person than between those of two. They are kept
// small in number and are judged by the searches in testdata.
var weights = struct {
	last, first, birth, middle, maiden, mother [levels]int
	phone, address, otherGender, swapped       int
}{
	last: [levels]int{Same: 90, OneApart: 65, Part: 65, Beginning: 50, Sounding: 45, TwoApart: 45,
		Similar: 30, Initial: 10, Different: -40},
	first: [levels]int{Same: 70, Nickname: 58, OneApart: 50, Part: 50, Beginning: 45, Sounding: 35, TwoApart: 35,
		Similar: 22, Initial: 25, Different: -50},
	birth: [levels]int{Same: 110, DaySwapped: 62, OneDigit: 60, YearApart: 60, CloseDate: 45, SameMonth: 60, SameYear: 30,
		Different: -35},
	middle: [levels]int{Same: 15, Nickname: 12, OneApart: 10, Initial: 8, Beginning: 8, Sounding: 6, TwoApart: 6,
		Part: 8, Similar: 4, Different: -8},
	maiden: [levels]int{Same: 45, OneApart: 30, Part: 25, Beginning: 25, Sounding: 22, TwoApart: 20,
		Similar: 12, Different: -15},
	mother: [levels]int{Same: 25, Nickname: 18, OneApart: 16, Part: 15, Beginning: 12, Sounding: 10, TwoApart: 10,
		Similar: 6, Initial: 6, Different: -8},
	phone:       50,
	address:     25,
	otherGender: -12,
	swapped:     -20,
}

// asMiddle is what a first name counts that is the client's middle name.
const asMiddle = 40

// NewQuery makes a query of what was typed.
func NewQuery(p Person) *Query {
	q := &Query{asked: p, Readings: readings(p), phone: Phone(p.Phone)}
	q.middle, q.maiden, q.mother = NewFirst(p.Middle), NewLast(p.MotherMaidenLast), NewFirst(p.MotherFirst)
	q.address = Tokens(p.Address)
	w := &weights
	add := func(asked bool, n int) {
		if asked {
			q.rest += n
		}
	}
	add(q.middle.Text() != "", w.middle[Same])
	add(q.maiden.Text() != "", w.maiden[Same])
	add(q.mother.Text() != "", w.mother[Same])
	add(q.phone != "", w.phone)
	add(len(q.address) > 0, w.address)
	q.most = q.rest
	names := 0
	for _, r := range q.Readings {
		n := 0
		if r.Last.Text() != "" {
			n += w.last[Same]
		}
		if r.First.Text() != "" {
			n += w.first[Same]
		}
		names = max(names, n)
	}
	q.most += names
	switch b := p.BirthDate; {
	case b.Day != 0:
		q.most += w.birth[Same]
	case b.Month != 0:
		q.most += w.birth[SameMonth]
	case b.Year != 0:
		q.most += w.birth[SameYear]
	}
	q.most = min(q.most, enough)
	return q
}

// enough is the score of full name and birth date. What more is asked can make
// up for what disagrees, but nobody is a lesser answer for having moved.
const enough = 270

// maxReadings bounds how many ways a long line of names is taken.
const maxReadings = 6

func readings(p Person) []Reading {
	var all []Reading
	add := func(last, first string, swapped bool) {
		r := Reading{NewLast(last), NewFirst(first), swapped}
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
func (q *Query) NamesOnly() bool { return q.rest == 0 && q.asked.Gender == "" }

// Full reports whether enough was asked that one client may be meant by it.
func (q *Query) Full() bool { return q.most >= 200 }

// Names compares one row of a client. It allocates nothing.
func (q *Query) Names(row iis.NameKey) Evidence {
	best := Evidence{Row: row, Birth: ComparePartial(q.asked.BirthDate, row.BirthDate), Score: -1 << 20}
	birth := weights.birth[best.Birth]
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
		e.Score += weights.last[e.Last] + weights.first[e.First]
		if r.Swapped {
			e.Score += weights.swapped
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

// Complete adds what the client's other fields say.
func (q *Query) Complete(e Evidence, c *iis.Client) Evidence {
	w := &weights
	if len(q.Readings) > 0 {
		r := &q.Readings[e.Reading]
		if l, _ := r.First.Compare(Fold(c.Name.Middle)); (e.First == Different || e.First == Unsaid) && r.First.Text() != "" &&
			(l == Same || l == Nickname) {
			e.Score += asMiddle - w.first[e.First]
			e.First, e.AsMiddle = l, true
		}
	}
	level := func(n *Name, onFile string, weights *[levels]int) Level {
		if n.Text() == "" {
			return Unsaid
		}
		l, _ := n.Compare(Fold(onFile))
		e.Score += weights[l]
		return l
	}
	e.Middle = level(q.middle, c.Name.Middle, &w.middle)
	e.Maiden = level(q.maiden, c.MotherMaidenLast, &w.maiden)
	e.Mother = level(q.mother, c.MotherFirst, &w.mother)
	if on := Phone(c.Phone); q.phone != "" && on != "" {
		e.Phone = Different
		if on == q.phone || len(q.phone) == 7 && strings.HasSuffix(on, q.phone) {
			e.Phone = Same
			e.Score += w.phone
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
		switch e.Score += w.address * found / len(q.address); {
		case found == len(q.address):
			e.Address = Same
		case found*2 >= len(q.address):
			e.Address = Similar
		}
	}
	if g := q.asked.Gender; (g == iis.Male || g == iis.Female) && (c.Gender == iis.Male || c.Gender == iis.Female) {
		e.Gender = Same
		if g != c.Gender {
			e.Gender = Different
			e.Score += w.otherGender
		}
	}
	return e
}

// acceptFrom is the share of the best score, in percent, from which a client is
// an answer at all.
const acceptFrom = 45

// Accepts reports whether a client with this evidence is an answer.
func (q *Query) Accepts(e Evidence) bool {
	if len(q.Readings) == 0 && q.maiden.Text() != "" && e.Maiden <= Different && e.Phone != Same {
		return false // a birth date in common with somebody else's child
	}
	return e.Score*100 >= acceptFrom*q.most || e.Phone == Same && (e.Last == Unsaid || e.Last >= Sounding)
}

// Hopeful reports whether a client may still become an answer once Complete has
// added what the other fields say.
func (q *Query) Hopeful(e Evidence) bool {
	score := e.Score + q.rest
	if e.First == Different {
		score += asMiddle - weights.first[Different]
	}
	return score*100 >= acceptFrom*q.most
}

// Strength returns how likely the client is the one asked for. A field that
// disagrees keeps it from being Strong, and so does asking too little.
func (q *Query) Strength(e Evidence) Strength {
	disagrees := e.Last == Different || e.First == Different || e.Birth == Different || e.Last == Unsaid && len(q.Readings) > 0
	switch {
	case e.Score*100 >= 74*q.most && !disagrees && q.Full():
		return Strong
	case e.Score*100 >= 60*q.most && e.Birth != Different:
		return Possible
	}
	return Weak
}

// Reasons says in words, the weightiest first, why the client is an answer.
func (q *Query) Reasons(e Evidence) []string {
	var why []string
	say := func(s string) {
		if s != "" {
			why = append(why, s)
		}
	}
	say(map[Level]string{
		Same: "same birth date", DaySwapped: "digits of the birth date swapped", OneDigit: "one digit of the birth date differs",
		YearApart: "birth year one off", CloseDate: "birth day and month close", Different: "other birth date",
		SameMonth: "born in " + q.asked.BirthDate.Words(), SameYear: "born in " + q.asked.BirthDate.Words(), YearOff: "birth year one off",
	}[e.Birth])
	if len(q.Readings) > 0 {
		r := q.Readings[e.Reading]
		switch {
		case e.Last == Same && e.First == Same && !e.AsMiddle:
			say("same name")
		default:
			say(nameReason("last name", r.Last, e.Last, e.LastSounds, e.Row.Last))
			if e.AsMiddle {
				say("middle name " + Display(r.First.typed))
			} else {
				say(nameReason("first name", r.First, e.First, e.FirstSounds, e.Row.First))
			}
		}
		if r.Swapped {
			say("first and last name swapped")
		}
	}
	if e.Phone == Same {
		say("same phone")
	}
	say(nameReason("mother's maiden name", q.maiden, e.Maiden, false, ""))
	say(nameReason("mother's first name", q.mother, e.Mother, false, ""))
	say(map[Level]string{Same: "same middle name", Initial: "middle initial"}[e.Middle])
	say(map[Level]string{Same: "same address", Similar: "address in part"}[e.Address])
	if e.Gender == Different {
		say("other gender")
	}
	return why
}

// nameReason says how one name agrees; onFile is the folded name of the row,
// "" where it is not to be named.
func nameReason(what string, asked *Name, l Level, sounds bool, onFile string) string {
	switch l {
	case Same:
		return "same " + what
	case Nickname:
		if onFile == "" {
			return what + " by a nickname"
		}
		return onFile + " = " + Display(asked.typed)
	case OneApart, TwoApart, Sounding:
		switch {
		case sounds:
			return "sounds like " + Display(asked.typed)
		case l == OneApart:
			return what + " one letter apart"
		case l == TwoApart:
			return what + " two letters apart"
		}
		return what + " sounds the same"
	case Beginning:
		return what + " begins with " + Display(asked.typed)
	case Part:
		return "part of a double " + what
	case Similar:
		return what + " similar"
	case Initial:
		return "same initial of the " + what
	case Different:
		return "other " + what
	}
	return ""
}

// Display returns a typed name for use in a sentence: as typed, with a capital.
func Display(typed string) string {
	typed = strings.Join(strings.Fields(typed), " ")
	r, n := utf8.DecodeRuneInString(typed)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + typed[n:]
}
