package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"openiis.org/iis"
)

// NameHit is one row of a client that a lookup by name or birth date came upon.
type NameHit struct {
	Client iis.ClientID
	iis.NameKey
}

func scanName(r *sql.Rows) (NameHit, error) {
	var h NameHit
	return h, r.Scan(&h.Client, &h.Last, &h.First, &h.BirthDate, &h.Former, &h.LastPart, &h.FirstPart)
}

// Lookup is one way to rows of names: a few steps down an index. Names takes
// several ways in one statement.
type Lookup struct {
	write    func(s *statement)
	order    string   // columns of client_name, where a limit must not cut off just anybody
	from, to iis.Date // bounds of the birth date; zero for any
	way      index    // the index that the lookup goes by
}

// index is an index of client_name. PostgreSQL takes that of birth dates wherever
// dates are bounded, and then goes through all who were born in a year; so in a
// lookup by last name their bounds are compared with what it does not know to be
// a column of an index.
type index string

const (
	byName           index = "COALESCE(n.birth_date, n.birth_date)"
	byBirth, bySound index = "n.birth_date", "n.birth_date"
)

// statement is a statement being written.
type statement struct {
	strings.Builder
	args []any
}

// arg appends an argument and returns its placeholder.
func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return fmt.Sprintf("$%d", len(s.args))
}

// Born narrows a lookup to birth dates from a day to another, both included.
func (l Lookup) Born(from, to iis.Date) Lookup {
	l.from, l.to = from, to
	return l
}

// Names returns the rows that the lookups lead to, at most limit of each, and
// whether there are more.
func (tx *Tx) Names(ctx context.Context, to Audience, limit int, ways ...Lookup) (hits []NameHit, more bool, err error) {
	if len(ways) == 0 {
		return nil, false, nil
	}
	s := allOf(ways, to, limit)
	counts := make([]int, len(ways))
	rows, err := tx.query(ctx, s.String(), s.args...)
	hits, err = collect(rows, err, func(r *sql.Rows) (NameHit, error) {
		var h NameHit
		var way int
		err := r.Scan(&way, &h.Client, &h.Last, &h.First, &h.BirthDate, &h.Former, &h.LastPart, &h.FirstPart)
		counts[min(max(way, 0), len(counts)-1)]++
		return h, err
	})
	return hits, slices.Max(counts) >= limit, err
}

// allOf writes the statement that takes all the ways; its rows begin with the
// place of theirs.
func allOf(ways []Lookup, to Audience, limit int) *statement {
	s := &statement{args: to.args()}
	most := s.arg(limit)
	for i, l := range ways {
		if i > 0 {
			s.WriteString("\nUNION ALL")
		}
		// A limit is written $n + 0: where it is $n alone, SQLite looks at its value
		// to plan, and so prepares the statement anew each time it runs.
		fmt.Fprintf(s, "\nSELECT %d, client_id, last, first, birth_date, former, last_part, first_part\nFROM (", i)
		l.write(s)
		if !l.from.IsZero() {
			fmt.Fprintf(s, "\n\tAND %[1]s >= %[2]s AND %[1]s <= %[3]s", l.way, s.arg(l.from), s.arg(l.to))
		}
		if l.order != "" {
			s.WriteString("\nORDER BY " + l.order)
		}
		fmt.Fprintf(s, "\nLIMIT %s + 0) way%d", most, i)
	}
	return s
}

const (
	nameColumns = `
SELECT n.client_id, n.last, n.first, n.birth_date, n.former, n.last_part, n.first_part`
	selectNames = nameColumns + `
FROM client_name n` + shown

	// shown leaves out the rows n of clients who are hidden from the audience whose
	// two arguments are the first of the statement.
	shown = `
WHERE ($1 OR n.shown_to = '' OR n.shown_to = $2)`

	inOrder = "n.last, n.first, n.birth_date, n.client_id"
)

// beginning returns the bounds of all folded names that begin with s, the
// second not included. Folded names hold no character after U+10FFFD.
func beginning(s string) (from, to string) { return s, s + "\U0010FFFD" }

// Called leads to rows with the last name and a first name that begins with first,
// by first name and birth date.
func Called(last, first string) Lookup {
	return Lookup{way: byName, order: inOrder, write: func(s *statement) {
		a, b := beginning(first)
		fmt.Fprintf(s, selectNames+`
	AND n.last = %s AND n.first >= %s AND n.first < %s`, s.arg(last), s.arg(a), s.arg(b))
	}}
}

// Beginning leads to rows whose last name goes on after last, and whose first name
// begins with first, in order of the names.
func Beginning(last, first string) Lookup { return lastBeginning(">", last, first) }

// Starting is Called and Beginning in one.
func Starting(last, first string) Lookup { return lastBeginning(">=", last, first) }

func lastBeginning(than, last, first string) Lookup {
	if first == "" {
		return Lookup{way: byName, order: inOrder, write: func(s *statement) {
			a, b := beginning(last)
			fmt.Fprintf(s, selectNames+`
	AND n.last %s %s AND n.last < %s`, than, s.arg(a), s.arg(b))
		}}
	}
	// Thousands may have a last name that hardly anyone with the first name has:
	// step from one last name to the next and look for the first name under each.
	return Lookup{way: byName, write: func(s *statement) {
		a, b := beginning(last)
		c, d := beginning(first)
		fmt.Fprintf(s, `
WITH RECURSIVE step (last) AS (
	SELECT MIN(last)
	FROM client_name
	WHERE last %[1]s %[2]s AND last < %[3]s
	UNION ALL
	SELECT (
		SELECT MIN(n.last)
		FROM client_name n
		WHERE n.last > step.last AND n.last < %[3]s)
	FROM step
	WHERE step.last IS NOT NULL
)`+nameColumns+`
FROM step
JOIN client_name n ON n.last = step.last`+shown+`
	AND n.first >= %[4]s AND n.first < %[5]s`, than, s.arg(a), s.arg(b), s.arg(c), s.arg(d))
	}}
}

// Among leads to rows whose last name is one of lasts and whose first name is one
// of firsts, no more than 64 of each; without firsts any first name.
func Among(lasts, firsts []string) Lookup {
	if len(firsts) == 0 {
		return Lookup{way: byName, write: func(s *statement) {
			s.WriteString(with(union(&s.args, "last", lasts)) + selectWanted + `
	AND n.last = w.last`)
		}}
	}
	return Lookup{way: byName, write: func(s *statement) {
		s.WriteString(with(pairs(&s.args, "last", lasts, "first", firsts)) + selectWanted + `
	AND n.last = w.last AND n.first = w.first`)
	}}
}

// AmongBeginning leads to rows whose last name is one of lasts, no more than 64,
// and whose first name begins with first.
func AmongBeginning(lasts []string, first string) Lookup {
	return Lookup{way: byName, write: func(s *statement) {
		a, b := beginning(first)
		s.WriteString(with(union(&s.args, "last", lasts)) + selectWanted)
		fmt.Fprintf(s, `
	AND n.last = w.last AND n.first >= %s AND n.first < %s`, s.arg(a), s.arg(b))
	}}
}

// AmongBorn leads to rows whose last name is one of lasts and whose birth date is
// one of dates, no more than 64 of each.
func AmongBorn(lasts []string, dates []iis.Date) Lookup {
	return Lookup{way: byBirth, write: func(s *statement) {
		s.WriteString(with(pairs(&s.args, "last", lasts, "birth_date", dates)) + selectWanted + `
	AND n.last = w.last AND n.birth_date = w.birth_date`)
	}}
}

// Sounding leads to rows that sound like both names.
func Sounding(lastSound, firstSound string) Lookup {
	return Lookup{way: bySound, write: func(s *statement) {
		fmt.Fprintf(s, selectNames+`
	AND n.last_sound = %s AND n.first_sound = %s`, s.arg(lastSound), s.arg(firstSound))
	}}
}

// Named leads to rows with a first name that begins with first or is one of
// others, no more than 64, whatever the last name; Anybody to all rows. Both are
// for a few birth dates, by Born: there is no other way to them than to go through
// all who were born then, in order.
func Named(first string, others []string) Lookup {
	return Lookup{way: byBirth, order: inOrderBorn, write: func(s *statement) {
		from, to := beginning(first)
		fmt.Fprintf(s, selectNames+`
	AND (n.first >= %s AND n.first < %s OR n.first IN (%s))`, s.arg(from), s.arg(to), union(&s.args, "first", others))
	}}
}

// Anybody leads to all rows; see Named.
func Anybody() Lookup {
	return Lookup{way: byBirth, order: inOrderBorn, write: func(s *statement) { s.WriteString(selectNames) }}
}

const inOrderBorn = "n.birth_date, n.last, n.first, n.client_id"

// BornLike leads to those born on a day whose last name begins like one of lasts,
// or whose first name like one of firsts. Beginnings are not empty.
func BornLike(day iis.Date, lasts, firsts []string) Lookup {
	return Lookup{way: byBirth, write: func(s *statement) {
		var some []string
		for _, like := range []struct {
			column     string
			beginnings []string
		}{{"last", lasts}, {"first", firsts}} {
			for _, b := range like.beginnings {
				from, to := beginning(b)
				some = append(some, fmt.Sprintf("n.%[1]s >= %[2]s AND n.%[1]s < %[3]s", like.column, s.arg(from), s.arg(to)))
			}
		}
		fmt.Fprintf(s, selectNames+`
	AND n.birth_date = %s
	AND (%s)`, s.arg(day), strings.Join(some, " OR "))
	}}
}
