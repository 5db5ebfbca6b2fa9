package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"openiis.org/iis"
)

// Sought is somebody who is looked for among all on file, hidden clients too, by
// what of him may be on file in another spelling.
type Sought struct {
	Keys  []iis.Key // that tell him from nearly all others
	Born  iis.Date
	Names []iis.NameKey // folded, the name that he has first
	// Nicknames are what else he may be called, of which a few are tried.
	Nicknames []string
}

const (
	// keyRows is how many clients are taken by one key, namesakes how many who have
	// but the name: what more have tells nothing.
	keyRows   = 64
	namesakes = 30
	// bornRows is how many rows are taken of those born on a day. Only a date that
	// stands for an unknown one has more that are like anybody; see LikeBornInCrowd.
	bornRows = 300
	// soundRows is how many rows are taken of those who sound alike.
	soundRows = 300
	// lastParts and nicknames are how many of each are tried.
	lastParts, nicknames = 2, 8
)

// likeNames is the condition for a row to have a name that could be the one sought
// in another spelling: the same first letter of the last or the first name, the two
// swapped, a slip in the very first letter of one, a part of a double name, a
// nickname. It lets through a sixth of all rows of a day. Each row of the day is held
// against it: a list after IN, or substr of every name, takes PostgreSQL twice as long.
var likeNames = `(last >= $4 AND last < $5 OR first >= $6 AND first < $7
	OR last >= $6 AND last < $7 AND first >= $4 AND first < $5
	OR last = $3 OR last = $8 OR last = $9 OR first = $2 OR first = $10 OR first = $11` +
	either("last", 16, lastParts) + either("first", 16+lastParts, nicknames) + `
	OR octet_length(last) = $12 AND substr(last, 2) = $8 OR octet_length(last) = $13 AND substr(last, 2) = $2
	OR octet_length(first) = $14 AND substr(first, 2) = $10 OR octet_length(first) = $15 AND substr(first, 2) = $3)`

// Identified returns the clients whom the audience may see and who have the chart
// number, and the rows of those with exactly the name and the birth date, parts of
// double names left out.
func (tx *Tx) Identified(ctx context.Context, to Audience, chart iis.Key, last, first string, born iis.Date, limit int) (charted []iis.ClientID, called []NameHit, err error) {
	rows, err := tx.query(ctx, fmt.Sprintf(`%s
FROM (SELECT client_id, last, first, birth_date, former, last_part, first_part, shown_to
FROM client_name
WHERE last = $3 AND first = $4 AND birth_date = $5 AND NOT last_part AND NOT first_part
LIMIT %[2]d) n%[3]s
UNION ALL
SELECT n.client_id, '', '', NULL, FALSE, FALSE, FALSE
FROM (SELECT client_id FROM client_key WHERE value = $6 ORDER BY client_id LIMIT %[2]d) n
JOIN client c ON c.id = n.client_id
WHERE %[4]s`, nameColumns, limit, shown, visible),
		to.args(last, first, born, chart)...)
	hits, err := collect(rows, err, scanName)
	for _, h := range hits {
		if h.BirthDate.IsZero() {
			charted = append(charted, h.Client)
		} else {
			called = append(called, h)
		}
	}
	slices.Sort(charted)
	return charted, called, err
}

// LikeBorn returns whoever has one of the keys, as rows without a name, and the rows
// of those born on the day whose names could be the one sought. cut is set if there
// were more of these than are taken.
func (tx *Tx) LikeBorn(ctx context.Context, s Sought) (hits []NameHit, cut bool, err error) {
	var parts []string
	var args []any
	if !s.Born.IsZero() && len(s.Names) > 0 && s.Names[0].Last+s.Names[0].First != "" {
		last, first := cmp.Or(s.Names[0].Last, s.Names[0].First), cmp.Or(s.Names[0].First, s.Names[0].Last) // one name alone may be either
		args = append([]any{s.Born, last, first}, initials(last, first)...)
		args = append(args, misbegun(last)...)
		args = append(args, misbegun(first)...)
		for _, name := range []string{last, first} {
			_, n := utf8.DecodeRuneInString(name)
			args = append(args, len(name), len(name)+n) // another first letter, and one too many
		}
		args = append(args, padded(s.lasts()[min(len(s.lasts()), 1):], lastParts, last)...)
		args = append(args, padded(s.Nicknames, nicknames, first)...)
		parts = append(parts, some(`
FROM client_name
WHERE birth_date = $1 AND `+likeNames, bornRows))
	}
	for _, k := range s.Keys {
		args = append(args, k)
		parts = append(parts, fmt.Sprintf(`
SELECT k.client_id, '', '', NULL, FALSE, FALSE, FALSE
FROM (SELECT client_id FROM client_key WHERE value = $%d ORDER BY client_id LIMIT %d) k`, len(args), keyRows))
	}
	if len(parts) == 0 {
		return nil, false, nil
	}
	rows, err := tx.query(ctx, strings.Join(parts, "\nUNION ALL"), args...)
	hits, err = collect(rows, err, scanName)
	named := 0
	for _, h := range hits {
		if !h.BirthDate.IsZero() {
			named++
		}
	}
	return hits, named >= bornRows, err
}

// LikeBornInCrowd returns rows of those born on the day who have the last name, or of
// whom both names begin as those sought. It is for a day on which more were born whose
// names could be the one sought than LikeBorn takes, such as 1 January, which is
// written where the day is not known.
func (tx *Tx) LikeBornInCrowd(ctx context.Context, s Sought) ([]NameHit, error) {
	last, first := s.Names[0].Last, s.Names[0].First
	rows, err := tx.query(ctx, some(`
FROM client_name
WHERE birth_date = $1 AND last = $2`, bornRows)+`
UNION ALL`+some(`
FROM client_name
WHERE birth_date = $1 AND last >= $3 AND last < $4 AND first >= $5 AND first < $6`, bornRows),
		append([]any{s.Born, last}, initials(last, first)...)...)
	return collect(rows, err, scanName)
}

// LikeCalled returns rows of those who have the last name and were born on one of
// the near dates, of those who sound alike and were born from one day to another, and
// a few of those who are called exactly so.
func (tx *Tx) LikeCalled(ctx context.Context, s Sought, near []iis.Date, from, to iis.Date) ([]NameHit, error) {
	var parts []string
	var args []any
	with := ""
	if lasts := s.lasts(); len(near) > 0 && len(lasts) > 0 {
		with = wantedBorn(&args, lasts[:min(len(lasts), 2)], near)
		parts = append(parts, nameColumns+`
FROM wanted w
CROSS JOIN client_name n
WHERE n.last = w.last AND n.birth_date = w.birth_date`)
	}
	for _, k := range s.Names[:min(len(s.Names), 2)] {
		if k.LastSound != "" && k.FirstSound != "" && !s.Born.IsZero() {
			n := len(args)
			args = append(args, k.LastSound, k.FirstSound, from, to)
			parts = append(parts, some(fmt.Sprintf(`
FROM client_name
WHERE last_sound = $%d AND first_sound = $%d AND birth_date >= $%d AND birth_date <= $%d`, n+1, n+2, n+3, n+4), soundRows))
		}
	}
	if len(s.Names) > 0 && s.Names[0].Last != "" && s.Names[0].First != "" {
		n := len(args)
		args = append(args, s.Names[0].Last, s.Names[0].First)
		parts = append(parts, some(fmt.Sprintf(`
FROM client_name
WHERE last = $%d AND first = $%d`, n+1, n+2), namesakes))
	}
	if len(parts) == 0 {
		return nil, nil
	}
	rows, err := tx.query(ctx, with+strings.Join(parts, "\nUNION ALL"), args...)
	return collect(rows, err, scanName)
}

// lasts are the last names sought, each once, none empty.
func (s Sought) lasts() (all []string) {
	for _, k := range s.Names {
		if k.Last != "" && !slices.Contains(all, k.Last) {
			all = append(all, k.Last)
		}
	}
	return all
}

// some writes a query for a number of rows of client_name at most.
func some(where string, limit int) string {
	return fmt.Sprintf(`%s
FROM (SELECT client_id, last, first, birth_date, former, last_part, first_part%s
LIMIT %d) n`, nameColumns, where, limit)
}

// wantedBorn writes the table of all lasts with all dates; see with. Their number is
// made up to a multiple, so that few statements need preparing.
func wantedBorn(args *[]any, lasts []string, dates []iis.Date) string {
	const step = 8
	dates = dates[:min(len(dates), 64)]
	var b strings.Builder
	b.WriteString("\nWITH wanted AS MATERIALIZED (SELECT last, birth_date FROM client_name WHERE 1 = 0")
	first := len(*args) + len(lasts) + 1
	for i, last := range lasts {
		*args = append(*args, last)
		for j := range (len(dates) + step - 1) / step * step {
			fmt.Fprintf(&b, " UNION ALL SELECT $%d, $%d", first-len(lasts)+i, first+j)
		}
	}
	for j := range (len(dates) + step - 1) / step * step {
		*args = append(*args, dates[min(j, len(dates)-1)])
	}
	b.WriteString(")")
	return b.String()
}

// initials are the bounds of all names that begin with the first letter of each name.
func initials(names ...string) (bounds []any) {
	for _, name := range names {
		_, n := utf8.DecodeRuneInString(name)
		a, b := beginning(name[:n])
		if n == 0 {
			b = "" // no name begins so
		}
		bounds = append(bounds, a, b)
	}
	return bounds
}

// misbegun is a name without its first letter, and with the first two swapped; a name
// of one letter is left as it is.
func misbegun(name string) []any {
	_, n := utf8.DecodeRuneInString(name)
	if n == len(name) {
		return []any{name, name}
	}
	_, m := utf8.DecodeRuneInString(name[n:])
	return []any{name[n:], name[n:n+m] + name[:n] + name[n+m:]}
}

// padded are n values, made up with another where there are fewer.
func padded(values []string, n int, other string) []any {
	all := make([]any, n)
	for i := range all {
		if all[i] = other; i < len(values) {
			all[i] = values[i]
		}
	}
	return all
}

// either goes on with a condition: or the column is one of n arguments from one on.
func either(column string, first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " OR %s = $%d", column, first+i)
	}
	return b.String()
}
