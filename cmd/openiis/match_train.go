package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/sample"
)

func (matchTrain) Help() string {
	return `Makes a policy: from a file of records, how often the fields agree between records of one person and between
those of two, without knowing who is who. The guards and what else no records tell come from the policy that
training starts from. The same records give the same policy. How the shipped one was made stands in it.

Examples:

  openiis match train --a registry.ndjson --name 2026-11 -o ours.json
  openiis match train --population 200000 --seed 7 -o invented.json`
}

// Run makes the policy.
func (m matchTrain) Run(ctx context.Context, st streams) error {
	if (m.A == "") == (m.Population == 0) {
		return fmt.Errorf("%w: --a or --population, and not both", errUsage)
	}
	if m.Population < 0 || m.Population > sample.Most {
		return fmt.Errorf("%w: --population is a number from 1 to %s", errUsage, grouped(sample.Most))
	}
	book := pair.NewBook(pair.Start())
	var profiles []*pair.Profile
	about := "Estimated from records by \"openiis match train\"."
	if m.A != "" {
		out := bufio.NewWriter(st.err) // where faults of lines go
		all, err := readPeople(ctx, book, m.A, st, out, newEncoder(out))
		if err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		profiles = all.profiles
	} else {
		about = fmt.Sprintf("Made by \"openiis match train --population %d --seed %d --name %s\" from invented people.", m.Population, m.Seed, m.Name)
		for person := range sample.Population(m.Seed, m.Population) {
			if err := ctx.Err(); err != nil {
				return err
			}
			p, err := book.Prepare(factsOf(person))
			if err != nil {
				return err
			}
			profiles = append(profiles, p)
		}
	}
	c := pair.Find(profiles, nil)
	p, tr, err := pair.Train(pair.Start(), book, c)
	if err != nil {
		return err
	}
	p.About = about
	if m.Name != "" {
		p.Version = m.Name
	}
	b, err := p.JSON()
	if err != nil {
		return err
	}
	fmt.Fprintf(st.err, "%d records, %d pairs compared, %.0f of one person expected\n", len(profiles), c.Len(), tr.Matches)
	if m.Output == "-" {
		_, err = st.out.Write(b)
		return err
	}
	return os.WriteFile(m.Output, b, 0o644)
}

// factsOf is what a registry knows of an invented person.
func factsOf(p sample.Person) pair.Facts {
	return pair.FactsOf(p.Client, p.Aliases, []iis.Membership(p.Memberships))
}
