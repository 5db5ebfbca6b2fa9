package paper

import (
	"strings"

	"openiis.org/iis"
)

// Options are what is chosen when an official record is issued.
type Options struct {
	Language        Language
	Recommendations bool
	Comments        bool // other than immunity and exemptions, which are always on it
}

// Language is what the labels of a record are printed in. Names, dates and codes
// are never translated: a family reads the record, and a school.
type Language string

// The languages of records.
const (
	English Language = "en"
	Spanish Language = "en+es" // English and Spanish
)

// Label is the language in words.
func (l Language) Label() string {
	if l == Spanish {
		return "English + Spanish"
	}
	return "English"
}

// Languages are those that a site prints records in, which with englishOnly is
// one.
func Languages(englishOnly bool) []Language {
	if englishOnly {
		return []Language{English}
	}
	return []Language{English, Spanish}
}

// official is the kind of record that is issued.
const official = "official"

// Kind says in a stored row what the record holds: "official+recommendations".
func (o Options) Kind() string {
	k := official
	if o.Recommendations {
		k += "+recommendations"
	}
	if o.Comments {
		k += "+comments"
	}
	return k
}

// OptionsOf are the options of a stored row.
func OptionsOf(kind string, language string) Options {
	o := Options{Language: English}
	if Language(language) == Spanish {
		o.Language = Spanish
	}
	for part := range strings.SplitSeq(kind, "+") {
		switch part {
		case "recommendations":
			o.Recommendations = true
		case "comments":
			o.Comments = true
		}
	}
	return o
}

// keptKinds are the kinds of comments on every official record.
var keptKinds = []iis.CommentKind{iis.KindImmunity, iis.KindExemption}
