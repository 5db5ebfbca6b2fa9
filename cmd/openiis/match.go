package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"openiis.org/iis/internal/match/pair"
)

// matching groups the commands that tell whether records are of one person.
type matching struct {
	Pairs matchPairs `cmd:"" help:"Decide given pairs of records."`
	Link  matchLink  `cmd:"" help:"Find the pairs within one file or between two."`
	Train matchTrain `cmd:"" help:"Make a policy from records, from the clients on file, or from invented people."`
	Load  policyLoad `cmd:"" help:"Take in a policy for the registry to decide by."`
	List  policyList `cmd:"" help:"List the policies of the registry."`
	Use   policyUse  `cmd:"" help:"Make a loaded policy the current one."`
	Sweep matchSweep `cmd:"" help:"Look for duplicates among all clients on file."`
}

// policyFlags choose what decides.
type policyFlags struct {
	Policy string `env:"-" type:"existingfile" placeholder:"FILE" help:"Policy to decide by, instead of the shipped one."`
	Train  bool   `env:"-" help:"Decide by a policy estimated from the input itself."`
}

func (f policyFlags) policy() (*pair.Policy, error) {
	switch {
	case f.Policy != "" && f.Train:
		return nil, fmt.Errorf("%w: --policy or --train, not both", errUsage)
	case f.Policy == "":
		return pair.Shipped(), nil
	}
	b, err := os.ReadFile(f.Policy)
	if err != nil {
		return nil, err
	}
	return pair.ReadPolicy(b)
}

// matchRecord is a person of the input.
type matchRecord struct {
	ID json.RawMessage `json:"id"`
	pair.Facts
}

// matchPairs is the command that decides given pairs.
type matchPairs struct {
	policyFlags
}

func (matchPairs) Help() string {
	return `Reads pairs from the standard input, one JSON object a line, and writes the answers to the standard
output, one object a line in the same order: same, possible or different, the score in bits, and why.

  {"id":"1","a":{"last":"Duck","first":"Donald","birthDate":"2009-09-21","phone":"651-555-0100"},
            "b":{"last":"Duck","first":"Don","birthDate":"2009-09-21","phone":"651-555-0100"}}

(in one line). A person may have id, last, first, middle, suffix, aliases [{last, first}], birthDate (2009-09-21, 2009-09 or 2009),
gender, street, city, state, zip, phone, email, motherMaidenLast, motherFirst, multipleBirth, birthOrder and
ids [{system, value}]. A line that cannot be read is answered with its error, and the rest go on.

Examples:

  openiis match pairs < pairs.ndjson > answers.ndjson
  openiis match pairs --policy ours.json < pairs.ndjson`
}

// matchPair is a line of the input.
type matchPair struct {
	ID json.RawMessage `json:"id"`
	A  *matchRecord    `json:"a"`
	B  *matchRecord    `json:"b"`
}

// matchAnswer is a line of the output of matchPairs, matchLinked of matchLink.
type (
	matchAnswer struct {
		ID     json.RawMessage `json:"id"`
		Answer pair.Answer     `json:"answer"`
		Score  float64         `json:"score"`
		Why    []string        `json:"why"`
	}

	matchLinked struct {
		A      json.RawMessage `json:"a"`
		B      json.RawMessage `json:"b"`
		Answer pair.Answer     `json:"answer"`
		Score  float64         `json:"score"`
	}
)

// Run answers every line.
func (m matchPairs) Run(ctx context.Context, st streams) error {
	p, err := m.policy()
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(st.out, 1<<16)
	if m.Train {
		err = trainedPairs(ctx, st.in, out)
	} else {
		err = eachPair(ctx, p, st.in, out)
	}
	return errors.Join(err, out.Flush())
}

// freshBook is after how many pairs the texts held are let go.
const freshBook = 10_000

// eachPair answers line by line.
func eachPair(ctx context.Context, p *pair.Policy, in io.Reader, out *bufio.Writer) error {
	e := newEncoder(out)
	book, n := pair.NewBook(p), 0
	var c pair.Comparer
	return eachLine(ctx, in, out, func(line []byte) error {
		if n++; n%freshBook == 0 {
			book = pair.NewBook(p)
		}
		id, a, b, err := readPair(book, line)
		if err != nil {
			return e.Encode(failure{identity(id), err.Error()})
		}
		return e.Encode(answerPair(p, &c, id, a, b))
	})
}

// trainedPairs reads all pairs, estimates a policy from them, and answers.
func trainedPairs(ctx context.Context, in io.Reader, out *bufio.Writer) error {
	type read struct {
		id  json.RawMessage
		err error
	}
	var lines []read
	var profiles []*pair.Profile
	book := pair.NewBook(pair.Start())
	err := eachLine(ctx, in, out, func(line []byte) error {
		id, a, b, err := readPair(book, line)
		lines = append(lines, read{bytes.Clone(identity(id)), err})
		if err == nil {
			profiles = append(profiles, a, b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p, _, err := pair.Train(pair.Start(), book, pair.Given(profiles))
	if err != nil {
		return err
	}
	e := newEncoder(out)
	var c pair.Comparer
	for _, l := range lines {
		if l.err != nil {
			err = e.Encode(failure{l.id, l.err.Error()})
		} else {
			err = e.Encode(answerPair(p, &c, l.id, profiles[0], profiles[1]))
			profiles = profiles[2:]
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func readPair(book *pair.Book, line []byte) (id json.RawMessage, a, b *pair.Profile, err error) {
	var mp matchPair
	if err := json.Unmarshal(line, &mp); err != nil {
		return lineID(line), nil, nil, fault(err)
	}
	if mp.A == nil || mp.B == nil {
		return mp.ID, nil, nil, errors.New("there is no a or no b")
	}
	if a, err = book.Prepare(mp.A.Facts); err != nil {
		return mp.ID, nil, nil, fmt.Errorf("a: %w", err)
	}
	if b, err = book.Prepare(mp.B.Facts); err != nil {
		return mp.ID, nil, nil, fmt.Errorf("b: %w", err)
	}
	return mp.ID, a, b, nil
}

func answerPair(p *pair.Policy, c *pair.Comparer, id json.RawMessage, a, b *pair.Profile) matchAnswer {
	d := p.Decide(c, a, b)
	why := p.Why(a, b, d)
	if why == nil {
		why = []string{}
	}
	return matchAnswer{identity(id), d.Answer, d.Score, why}
}

// matchLink is the command that finds pairs.
type matchLink struct {
	A string `env:"-" name:"a" required:"" placeholder:"FILE" help:"File of persons, one JSON object a line; - is the standard input."`
	B string `env:"-" name:"b" placeholder:"FILE" help:"A second file: pairs of one person of each."`
	policyFlags
}

func (matchLink) Help() string {
	return `Finds the pairs of records that are, or may be, one person's, within one file or between two. Writes one JSON
object a line, in the order of the first file, and the number of pairs compared to the standard error.

  {"a":"17","b":"932","answer":"same","score":41.3}

The records are lines as "openiis match pairs" reads persons, each with its id. A line that cannot be read is
answered with its error first, and the rest go on.

Examples:

  openiis match link --a people.ndjson
  openiis match link --a ours.ndjson --b theirs.ndjson --train > links.ndjson`
}

// Run finds the pairs.
func (m matchLink) Run(ctx context.Context, st streams) error {
	if m.A == "-" && m.B == "-" {
		return fmt.Errorf("%w: only one of --a and --b is the standard input", errUsage)
	}
	p, err := m.policy()
	if err != nil {
		return err
	}
	// Nearly all that is held is held to the end: collecting more often costs
	// little and saves half the memory.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	out := bufio.NewWriterSize(st.out, 1<<16)
	err = m.link(ctx, p, st, out)
	return errors.Join(err, out.Flush())
}

func (m matchLink) link(ctx context.Context, p *pair.Policy, st streams, out *bufio.Writer) error {
	e := newEncoder(out)
	book := pair.NewBook(p)
	first, err := readPeople(ctx, book, m.A, st, out, e)
	if err != nil {
		return err
	}
	second := first
	var c *pair.Candidates
	if m.B == "" {
		c = pair.Find(first.profiles, nil)
	} else {
		if second, err = readPeople(ctx, book, m.B, st, out, e); err != nil {
			return err
		}
		if second.profiles == nil {
			second.profiles = []*pair.Profile{}
		}
		c = pair.Find(first.profiles, second.profiles)
	}
	if m.Train {
		if p, _, err = pair.Train(pair.Start(), book, c); err != nil {
			return err
		}
	}
	err = c.Link(p, func(l pair.Linked) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return e.Encode(matchLinked{first.id(l.A), second.id(l.B), l.Answer, l.Score})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(st.err, "%d pairs compared\n", c.Len())
	return nil
}

// people are the records of a file. The ids stand in one run of bytes, each
// from where the one before ends.
type people struct {
	profiles []*pair.Profile
	ids      []byte
	ends     []int
}

func (p *people) id(i int) json.RawMessage {
	from := 0
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.ids[from:p.ends[i]]
}

func readPeople(ctx context.Context, book *pair.Book, name string, st streams, out *bufio.Writer, e *json.Encoder) (*people, error) {
	in := st.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	all := new(people)
	err := eachLine(ctx, in, out, func(line []byte) error {
		var r matchRecord
		if err := json.Unmarshal(line, &r); err != nil {
			return e.Encode(failure{identity(lineID(line)), fault(err).Error()})
		}
		if len(r.ID) == 0 || string(r.ID) == "null" {
			return e.Encode(failure{identity(nil), "there is no id"})
		}
		p, err := book.Prepare(r.Facts)
		if err != nil {
			return e.Encode(failure{identity(r.ID), err.Error()})
		}
		all.profiles = append(all.profiles, p)
		all.ids = append(all.ids, identity(r.ID)...)
		all.ends = append(all.ends, len(all.ids))
		return nil
	})
	return all, err
}

// matchTrain is the command that makes a policy.
type matchTrain struct {
	A          string `env:"-" name:"a" placeholder:"FILE" help:"File of persons, one JSON object a line; - is the standard input."`
	OnFile     bool   `env:"-" help:"Use the clients on file in the registry."`
	Population int    `env:"-" placeholder:"N" help:"Use N invented people."`
	Seed       uint64 `env:"-" default:"1" help:"The same seed gives the same people."`
	Name       string `env:"-" placeholder:"VERSION" help:"Version to write into the policy."`
	Output     string `env:"-" short:"o" default:"-" placeholder:"FILE" type:"path" help:"File to write; - is the standard output."`
	database
}
