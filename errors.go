package iis

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what went wrong in terms the asker can act on. Each door has one
// table from Kind to its own codes.
type Kind string

const (
	Invalid  Kind = "invalid"   // what was sent breaks a rule; Problems says where
	NotFound Kind = "not found" // no such thing, or none this actor may know of
	Denied   Kind = "denied"    // the actor may not do this at all
	Moved    Kind = "moved"     // the client was merged: Error.To is the survivor
	Conflict Kind = "conflict"  // someone else changed the same fields meanwhile
	Busy     Kind = "busy"      // try again shortly
	Internal Kind = "internal"  // our fault; nothing more is said outside
)

// Problem is one thing wrong with one field, and how to mend it.
type Problem struct {
	Field Field  // which field, "" for the whole
	Text  string // a sentence for the person who typed it; never a client's data
}

// Error is an answer that may be told to the asker. It never holds a name, a
// birth date or any other detail of a client.
type Error struct {
	Kind     Kind
	Text     string
	Problems []Problem // of an Invalid
	Clashes  []Clash   // of a Conflict
	To       ClientID  // of a Moved
}

// Clash is a field that two people changed at once.
type Clash struct {
	Field              Field
	Was, Theirs, Yours string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Text != "" {
		b.WriteString(": " + e.Text)
	}
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "; %s: %s", p.Field, p.Text)
	}
	return b.String()
}

// Errorf makes an Error of a kind.
func Errorf(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// Problems makes an Invalid error of what is wrong, or nil if nothing is.
func Problems(ps ...Problem) error {
	if len(ps) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Problems: ps}
}

// KindOf returns the kind of err: "" for nil, Internal for anything that is
// not an *Error.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// TextOf returns what may be said of err outside; "" for Internal.
func TextOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind != Internal {
		return e.Text
	}
	return ""
}

// MovedTo returns the survivor that a Moved error names; "" for any other.
func MovedTo(err error) ClientID {
	if e, ok := errors.AsType[*Error](err); ok && e.Kind == Moved {
		return e.To
	}
	return ""
}

// ProblemsIn returns the problems of an Invalid error.
func ProblemsIn(err error) []Problem {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Problems
	}
	return nil
}

// ClashesIn returns the clashes of a Conflict error.
func ClashesIn(err error) []Clash {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Clashes
	}
	return nil
}
