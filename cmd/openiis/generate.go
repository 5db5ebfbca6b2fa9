package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
	"openiis.org/iis/internal/sample"
)

// generate is the command that writes invented people to a file.
type generate struct {
	Clients int    `env:"-" default:"2000" placeholder:"N" help:"How many (${default}), at most 10,000,000."`
	Seed    uint64 `env:"-" default:"1" help:"The same seed gives the same people."`
	Output  string `env:"-" short:"o" default:"-" placeholder:"FILE" type:"path" help:"File to write; - is the standard output."`
}

func (generate) Help() string {
	return `Writes a population of invented people as comma-separated values that "openiis import clients" reads.
Four columns more say what only the generator knows: x_id, x_household, x_duplicate_of and x_twin_of. The rows name the organizations of the demonstration: take the file into
its data, or name one of yours in their place.

Examples:

  openiis generate --clients 1000 -o people.csv
  openiis generate --clients 1000000 --seed 7 | gzip > million.csv.gz`
}

// Run writes the file.
func (g generate) Run(ctx context.Context, st streams) (err error) {
	if g.Clients < 0 || g.Clients > sample.Most {
		return fmt.Errorf("%w: --clients is a number from 0 to %s", errUsage, registry.Grouped(sample.Most))
	}
	w := st.out
	if g.Output != "-" {
		f, err := os.Create(g.Output)
		if err != nil {
			return err
		}
		defer func() {
			if cerr := f.Close(); err == nil {
				err = cerr
			}
		}()
		w = f
	}
	return g.write(ctx, w, st.err)
}

func (g generate) write(ctx context.Context, w, errs io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	out, err := roster.NewWriter(buffered, "x_id", "x_household", "x_duplicate_of", "x_twin_of")
	if err != nil {
		return err
	}
	names := map[iis.OrganizationID]string{}
	for _, o := range sample.Organizations() {
		names[o.ID] = o.Name
	}
	p, n := newProgress(errs, "clients", g.Clients), 0
	for person := range sample.WithoutDoses(g.Seed, g.Clients) {
		m := person.Memberships[0]
		rec := iis.Record{Client: person.Client, Membership: m}
		err := out.Write(names[m.Organization], rec, string(person.Client.ID), strconv.Itoa(person.Household),
			string(person.DuplicateOf), string(person.Twin))
		if err != nil {
			return err
		}
		if n++; n%1000 == 0 {
			p.at(n)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	p.done(n)
	return buffered.Flush()
}
