package store

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// together is for how many one statement looks.
const together = 4

// forEach is a query for one that can be asked for several in one statement, each
// with as many arguments: $1 is the first of them, # their place among the several.
type forEach struct {
	one  string
	args int

	alone, many sync.Once
	text        [2]string // for one, and for as many as go together
}

// ask is one for whom a forEach is asked.
type ask struct {
	place int // among those the caller knows
	args  []any
}

// each asks for all and returns the rows of each, by the places. Of a statement
// there are two texts only, so that it is seldom prepared: where fewer are left than
// go together, the rest of it asks with NULL for nobody.
func (tx *Tx) each(ctx context.Context, f *forEach, asks []ask, places int) ([][]NameHit, error) {
	all := make([][]NameHit, places)
	for some := range slices.Chunk(asks, together) {
		n := together
		if len(some) == 1 {
			n = 1
		}
		args := make([]any, 0, n*f.args)
		for _, a := range some {
			args = append(args, a.args...)
		}
		for len(args) < n*f.args {
			args = append(args, nil)
		}
		rows, err := tx.query(ctx, f.of(n), args...)
		_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var i int
			var h NameHit
			err = r.Scan(&i, &h.Client, &h.Last, &h.First, &h.BirthDate, &h.Former, &h.LastPart, &h.FirstPart)
			at := some[min(max(i, 0), len(some)-1)].place
			all[at] = append(all[at], h)
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// of returns the text for one or for as many as go together.
func (f *forEach) of(n int) string {
	if n == 1 {
		f.alone.Do(func() { f.text[0] = f.write(1) })
		return f.text[0]
	}
	f.many.Do(func() { f.text[1] = f.write(together) })
	return f.text[1]
}

var placeholder = regexp.MustCompile(`#|\$[0-9]+`)

func (f *forEach) write(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString("\nUNION ALL")
		}
		b.WriteString(placeholder.ReplaceAllStringFunc(f.one, func(s string) string {
			if s == "#" {
				return strconv.Itoa(i)
			}
			k, _ := strconv.Atoi(s[1:])
			return fmt.Sprintf("$%d", i*f.args+k)
		}))
	}
	return b.String()
}
