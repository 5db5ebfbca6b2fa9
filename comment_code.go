package iis

import (
	"slices"
	"sync"
)

// CommentCode names a coded comment, such as "immunity-hepb". The codes are our
// own and never change their meaning: other systems know the standard codes of
// the row behind them.
type CommentCode string

// CommentKind groups the comments as the list shows them.
type CommentKind string

const (
	KindImmunity         CommentKind = "Immunity"
	KindExemption        CommentKind = "Medical exemption"
	KindRefusal          CommentKind = "Refusal"
	KindContraindication CommentKind = "Contraindication"
	KindReaction         CommentKind = "Reaction"
	KindIndication       CommentKind = "Special indication"
)

// CommentKinds lists every kind in the order of the list.
var CommentKinds = []CommentKind{KindImmunity, KindExemption, KindRefusal, KindContraindication, KindReaction, KindIndication}

// Concept is a code of a standard code system.
type Concept struct {
	System string // SNOMED CT, CDCPHINVS, LOINC, HL7 0322, CVX
	Code   string
}

// CommentRow says what a coded comment is: its words, its standard codes and
// what it will do to a forecast.
type CommentRow struct {
	Code  CommentCode
	Kind  CommentKind
	Label string // "Immunity: Titer Hepatitis B"
	// Groups are the CDSi vaccine groups it is about; none if it is about the
	// client as such.
	Groups   []string
	Concepts []Concept // standard codes, the one to send first
	CDSi     []string  // CDSi coded observations, such as 019
	NIP      string    // legacy two-digit code, where known
	Effect   string    // a sentence or two for a clerk
	Brief    string    // the same in the listing: "Hep B: Immune"
	// NeedsDate is set where the Applies-To Date must be given.
	NeedsDate bool
	// EndMonths and EndDays are how long the comment counts from the Applies-To
	// Date; both 0 if it does not end. See Ends.
	EndMonths, EndDays int
}

// Ends returns the first day on which a comment that applies to a day no longer
// counts; the zero Date if it does not end or the day is not known.
func (r CommentRow) Ends(applies Date) Date {
	if applies.IsZero() || r.EndMonths == 0 && r.EndDays == 0 {
		return Date{}
	}
	return applies.AddMonths(r.EndMonths).AddDays(r.EndDays)
}

// CommentGroup is the comments of one kind, for the groups of a select list.
type CommentGroup struct {
	Kind CommentKind
	Rows []CommentRow
}

// commentIndex is made on first use: most programs that import iis never ask.
var commentIndex = sync.OnceValue(func() *comments {
	rows := slices.Concat(immunityComments(), exemptionComments(), refusalComments(),
		contraindicationComments(), reactionComments(), indicationComments())
	x := &comments{
		rows:    rows,
		code:    make(map[CommentCode]int, len(rows)),
		label:   make(map[string]int, len(rows)),
		cdsi:    make(map[string]int, len(rows)),
		concept: make(map[Concept][]int, len(rows)),
	}
	for _, k := range CommentKinds {
		x.groups = append(x.groups, CommentGroup{Kind: k})
	}
	for i, r := range rows {
		x.code[r.Code] = i
		x.label[foldText(r.Label)] = i
		for _, c := range r.CDSi {
			x.cdsi[c] = i
		}
		for _, c := range r.Concepts {
			x.concept[c] = append(x.concept[c], i)
		}
		g := slices.Index(CommentKinds, r.Kind)
		x.groups[g].Rows = append(x.groups[g].Rows, r)
	}
	return x
})

type comments struct {
	rows    []CommentRow
	groups  []CommentGroup
	code    map[CommentCode]int
	label   map[string]int
	cdsi    map[string]int
	concept map[Concept][]int
}

// CommentRows lists every comment in the order of the screen: by kind, then as
// a clerk looks for it. The slice is the caller's, what is in it is not to be
// changed.
func CommentRows() []CommentRow { return slices.Clone(commentIndex().rows) }

// CommentsByKind lists the comments of each kind, in the same order.
func CommentsByKind() []CommentGroup { return slices.Clone(commentIndex().groups) }

// CommentRowOf returns what a comment's code means.
func CommentRowOf(code CommentCode) (CommentRow, bool) {
	x := commentIndex()
	i, ok := x.code[code]
	if !ok {
		return CommentRow{}, false
	}
	return x.rows[i], true
}

// CommentLabeled returns the comment with that label, whatever its case, as
// another system's file would name it.
func CommentLabeled(label string) (CommentRow, bool) {
	x := commentIndex()
	i, ok := x.label[foldText(label)]
	if !ok {
		return CommentRow{}, false
	}
	return x.rows[i], true
}

// CommentOfCDSi returns the one comment that stands for a CDSi coded
// observation, such as 019.
func CommentOfCDSi(observation string) (CommentRow, bool) {
	x := commentIndex()
	i, ok := x.cdsi[observation]
	if !ok {
		return CommentRow{}, false
	}
	return x.rows[i], true
}

// CommentsOfConcept returns the comments that a standard code may mean: one for
// most codes, several where the code is wider than our comments.
func CommentsOfConcept(c Concept) []CommentRow {
	x := commentIndex()
	var out []CommentRow
	for _, i := range x.concept[c] {
		out = append(out, x.rows[i])
	}
	return out
}

// Label returns the words for the comment; an unknown code is shown as it is,
// so that nothing stored is hidden.
func (c CommentCode) Label() string {
	if r, ok := CommentRowOf(c); ok {
		return r.Label
	}
	return string(c)
}
