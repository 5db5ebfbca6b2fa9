package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
