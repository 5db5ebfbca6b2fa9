package paper

import (
	"strconv"

	"openiis.org/iis"
)

// Genuine says of an issued record what whoever holds it may know: when it was
// issued, for which initials and year of birth, how many doses are on it, and
// whether it would still say the same.
func Genuine(lang Language, issued iis.Date, initials string, year, doses int, changed bool) Text {
	l, n := labelGenuine, labelDoses
	if changed {
		l = labelChanged
	}
	if doses == 1 {
		n = labelDose
	}
	say := func(sentence, count string) string {
		return fill(sentence, []string{"date", issued.US(), "initials", initials, "year", strconv.Itoa(year),
			"doses", fill(count, []string{"n", strconv.Itoa(doses)})})
	}
	return both(lang, say(l.English, n.English), say(l.Spanish, n.Spanish))
}

// VerifyWords are the words of the page that verifies records, for anyone.
type VerifyWords struct {
	Title, Code, Where, Birth, TypeBirth, ShowDoses, Verify, Another, NotShown, WrongBirth, NotACode Text
}

// WordsOfVerify returns the words in a language.
func WordsOfVerify(lang Language) VerifyWords {
	return VerifyWords{
		Title: labelVerify.in(lang), Code: labelCode.in(lang), Where: labelWhereCode.in(lang), Birth: labelBirth.in(lang),
		TypeBirth: labelTypeBirth.in(lang), ShowDoses: labelShowDoses.in(lang), Verify: labelVerifyNow.in(lang),
		Another: labelAnother.in(lang), NotShown: labelNotShown.in(lang), WrongBirth: labelWrongBirth.in(lang), NotACode: labelNotACode.in(lang),
	}
}

// Doses is what an official record says of the client's immunizations, without
// saying whose they are.
func Doses(f Facts, o Options) Document {
	w := writer{lang: o.Language}
	w.Title = labelVerify.English
	w.shots(f)
	w.comments(labelImmunity, f.kind(iis.KindImmunity))
	w.comments(labelExemptions, f.kind(iis.KindExemption))
	w.small(labelDates)
	return w.Document
}
