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
	Near  []iis.Date    // days that are a slip away from Born
	Names []iis.NameKey // folded, the name that he has first
	// Nicknames are what else he may be called, of which a few are tried.
	Nicknames []string
	// Namesakes asks for some who are called so and were born at another time too.
	Namesakes bool
}

// Like are the rows of those who are like one who is sought.
type Like struct {
	Hits []NameHit // without a name for whoever has one of the keys
	// Cut is set if more were born on the day whose names could be the one sought than
	// are taken.
	Cut bool
}

const (
	// keyRows is how many clients are taken by one key, namesakes how many who have
	// but the name: what more have tells nothing.
	keyRows   = 64
	namesakes = 30
	// bornRows is how many rows are taken of those born on a day. Only a date that
	// stands for an unknown one has more that are like anybody; see LikeBornInCrowd.
	bornRows = 300
	// calledRows is how many rows are taken of those who are called or sound so.
	calledRows = 300
	// soundDays is how far apart two who sound alike may be born.
	soundDays = 400
	// How many of each are tried: keys at a time, parts of a last name, nicknames, and
	// days that are a slip away, of which there are about 40.
	keysTried, lastParts, nicknames, nearDates = 6, 2, 8, 48
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
	OR octet_length(last) IN ($12, $13) AND substr(last, 2) IN ($8, $2)
	OR octet_length(first) IN ($14, $15) AND substr(first, 2) IN ($10, $3))`

// Told is who a row of a file tells of by what it says exactly.
type Told struct {
	To          Audience // who looks for him
	Chart       iis.Key
	Last, First string // folded
	Born        iis.Date
}

// Identity is who on file has what is told.
type Identity struct {
	Charted []iis.ClientID // who have the chart number
	Called  []NameHit      // who have the name and the birth date; parts of double names are left out
}

// told looks for the name $3 and $4, the birth date $5 and the key $6.
var told = forEach{args: 6, one: fmt.Sprintf(`
SELECT #, n.client_id, n.last, n.first, n.birth_date, n.former, n.last_part, n.first_part
FROM (SELECT client_id, last, first, birth_date, former, last_part, first_part, shown_to
FROM client_name
WHERE last = $3 AND first = $4 AND birth_date = $5 AND NOT last_part AND NOT first_part
LIMIT %[1]d) n%[2]s
UNION ALL
SELECT #, n.client_id, '', '', NULL, FALSE, FALSE, FALSE
FROM (SELECT client_id FROM client_key WHERE value = $6 ORDER BY client_id LIMIT %[1]d) n
JOIN client c ON c.id = n.client_id
WHERE %[3]s`, keyRows, shown, visible)}

// Identified returns for each who is told of the clients whom the audience may see and
// who have the chart number, or exactly the name and the birth date.
func (tx *Tx) Identified(ctx context.Context, who ...Told) ([]Identity, error) {
	asks := make([]ask, len(who))
	for i, t := range who {
		asks[i] = ask{i, t.To.args(t.Last, t.First, t.Born, t.Chart)}
	}
	all, err := tx.each(ctx, &told, asks, len(who))
	ids := make([]Identity, len(who))
	for i, hits := range all {
		for _, h := range hits {
			if h.BirthDate.IsZero() {
				ids[i].Charted = append(ids[i].Charted, h.Client)
			} else {
				ids[i].Called = append(ids[i].Called, h)
			}
		}
		slices.Sort(ids[i].Charted)
	}
	return ids, err
}

// likeBorn has for arguments a day, the names as likeNames takes them, and keys.
var likeBorn = forEach{args: 15 + lastParts + nicknames + keysTried, one: someOf(`
FROM client_name
WHERE birth_date = $1 AND `+likeNames, bornRows) + keyed(16+lastParts+nicknames)}

// keyed goes on with those who have one of the keys, which are the arguments from
// one on.
func keyed(first int) string {
	var b strings.Builder
	for i := range keysTried {
		fmt.Fprintf(&b, `
UNION ALL
SELECT #, k.client_id, '', '', NULL, FALSE, FALSE, FALSE
FROM (SELECT client_id FROM client_key WHERE value = $%d ORDER BY client_id LIMIT %d) k`, first+i, keyRows)
	}
	return b.String()
}

// LikeBorn returns, of each who is sought, whoever has one of the keys, and the rows
// of those born on the day whose names could be the one sought.
func (tx *Tx) LikeBorn(ctx context.Context, who ...Sought) ([]Like, error) {
	var asks []ask
	for i, s := range who {
		for keys := range slices.Chunk(s.Keys, keysTried) {
			asks = append(asks, ask{i, s.bornArgs(keys)})
			s.Born = iis.Date{} // is asked for
		}
		if !s.Born.IsZero() {
			asks = append(asks, ask{i, s.bornArgs(nil)})
		}
	}
	all, err := tx.each(ctx, &likeBorn, asks, len(who))
	like := make([]Like, len(who))
	for i, hits := range all {
		named := 0
		for _, h := range hits {
			if !h.BirthDate.IsZero() {
				named++
			}
		}
		like[i] = Like{hits, named >= bornRows}
	}
	return like, err
}

// bornArgs are the arguments of likeBorn. Whoever has no name was born on no day.
func (s Sought) bornArgs(keys []iis.Key) []any {
	name := s.name()
	last, first := cmp.Or(name.Last, name.First), cmp.Or(name.First, name.Last) // one name alone may be either
	if last == "" {
		s.Born = iis.Date{}
	}
	args := append([]any{s.Born, last, first}, initials(last, first)...)
	args = append(args, misbegun(last)...)
	args = append(args, misbegun(first)...)
	for _, name := range []string{last, first} {
		_, n := utf8.DecodeRuneInString(name)
		args = append(args, len(name), len(name)+n) // another first letter, and one too many
	}
	args = append(args, padded(s.lasts()[min(len(s.lasts()), 1):], lastParts, last)...)
	args = append(args, padded(s.Nicknames, nicknames, first)...)
	return append(args, padded(keys, keysTried, "")...) // no key is empty
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

// likeCalled has for arguments two last names, the near dates, twice the sound of two
// names and the days from and to, and the name of a namesake.
var likeCalled = forEach{args: 2 + nearDates + 2*4 + 2, one: calledNear +
	"\nUNION ALL" + sounding(3+nearDates) + "\nUNION ALL" + sounding(7+nearDates) +
	"\nUNION ALL" + someOf(fmt.Sprintf(`
FROM client_name
WHERE last = $%d AND first = $%d`, 11+nearDates, 12+nearDates), namesakes)}

// calledNear is for those who have one of the last names and one of the near dates.
var calledNear = someOf(fmt.Sprintf(`
FROM (%s
SELECT n.client_id, n.last, n.first, n.birth_date, n.former, n.last_part, n.first_part
FROM wanted w
CROSS JOIN client_name n
WHERE n.last = w.last AND n.birth_date = w.birth_date) called`,
	with(pairsOf("last", numbered(1, 2), "birth_date", numbered(3, nearDates)))), calledRows)

// sounding is for those who sound alike.
func sounding(first int) string {
	return someOf(fmt.Sprintf(`
FROM client_name
WHERE last_sound = $%d AND first_sound = $%d AND birth_date >= $%d AND birth_date <= $%d`, first, first+1, first+2, first+3), calledRows)
}

// LikeCalled returns, of each who is sought, rows of those who have the last name and
// were born on one of the near dates, and of those who sound alike and were born a year
// before or after at most. Where no birth date is known, or namesakes are asked for, it
// returns a few of those who are called exactly so.
func (tx *Tx) LikeCalled(ctx context.Context, who ...Sought) ([][]NameHit, error) {
	var asks []ask
	for i, s := range who {
		if args := s.calledArgs(); args != nil {
			asks = append(asks, ask{i, args})
		}
	}
	return tx.each(ctx, &likeCalled, asks, len(who))
}

// calledArgs are the arguments of likeCalled, nil without a name. What does not
// lead anywhere is NULL.
func (s Sought) calledArgs() []any {
	name := s.name()
	if name.Last == "" && name.First == "" {
		return nil
	}
	args := make([]any, 0, likeCalled.args)
	lasts := s.lasts()
	for i := range 2 {
		if i < len(lasts) && len(s.Near) > 0 {
			args = append(args, lasts[i])
		} else {
			args = append(args, nil)
		}
	}
	for i := range nearDates {
		if i < len(s.Near) {
			args = append(args, s.Near[i])
		} else {
			args = append(args, nil)
		}
	}
	for i := range 2 {
		if i < len(s.Names) && s.Names[i].LastSound != "" && s.Names[i].FirstSound != "" && !s.Born.IsZero() {
			args = append(args, s.Names[i].LastSound, s.Names[i].FirstSound, s.Born.AddDays(-soundDays), s.Born.AddDays(soundDays))
		} else {
			args = append(args, nil, nil, nil, nil)
		}
	}
	if (s.Born.IsZero() || s.Namesakes) && name.Last != "" && name.First != "" {
		return append(args, name.Last, name.First)
	}
	return append(args, nil, nil)
}

// name is the name that somebody has first.
func (s Sought) name() (k iis.NameKey) {
	if len(s.Names) > 0 {
		k = s.Names[0]
	}
	return k
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

// someOf is some for each of several.
func someOf(where string, limit int) string {
	return strings.Replace(some(where, limit), "SELECT ", "SELECT #, ", 1)
}

// numbered are n placeholders from one on.
func numbered(first, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", first+i)
	}
	return list
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
func padded[T any](values []T, n int, other T) []any {
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
