package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"openiis.org/iis"
	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
)

func (matchTrain) Help() string {
	return `Makes a policy: from records, how often the fields agree between records of one person and between those of two,
without knowing who is who. The guards and what else no records tell come from the policy that training starts
from. The same records give the same policy. How the shipped one was made stands in it.

What it writes decides nothing until it is taken in: look at it, try it with "openiis match link --policy", and
"openiis match load" makes it the current one.

Examples:

  openiis match train --on-file --name ours-2026-11 -o ours.json
  openiis match train --a people.ndjson -o people.json
  openiis match train --population 200000 --seed 7 -o invented.json`
}

// Run makes the policy.
func (m matchTrain) Run(ctx context.Context, st streams) error {
	given := 0
	for _, is := range []bool{m.A != "", m.OnFile, m.Population != 0} {
		if is {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("%w: one of --a, --on-file and --population", errUsage)
	}
	if m.Population < 0 || m.Population > sample.Most {
		return fmt.Errorf("%w: --population is a number from 1 to %s", errUsage, registry.Grouped(sample.Most))
	}
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // as in matchLink
	t, about, err := m.train(ctx, st)
	if err != nil {
		return err
	}
	policy := *t.Policy
	policy.About = about
	if m.Name != "" {
		policy.Version = m.Name
	}
	b, err := policy.JSON()
	if err != nil {
		return err
	}
	fmt.Fprintf(st.err, "%d records, %d pairs compared, %.0f of one person expected\n", t.Records, t.Pairs, t.Matches)
	if t.Policy == pair.Shipped() {
		fmt.Fprintln(st.err, "These are too few to learn from: what is written is the policy in the program.")
	}
	if m.Output == "-" {
		_, err = st.out.Write(b)
		return err
	}
	return os.WriteFile(m.Output, b, 0o644)
}

// train makes the policy and says how.
func (m matchTrain) train(ctx context.Context, st streams) (t registry.TrainedPolicy, about string, err error) {
	if m.OnFile {
		about = "Estimated from the clients on file by \"openiis match train --on-file\"."
		err = m.with(ctx, func(reg *registry.Registry) error {
			p := newProgress(st.err, "clients read", 0)
			t, err = reg.TrainMatchPolicy(ctx, operator(), p.at)
			return err
		})
		return t, about, err
	}
	book := pair.NewBook(pair.Start())
	var profiles []*pair.Profile
	if m.A != "" {
		about = "Estimated from records by \"openiis match train\"."
		out := bufio.NewWriter(st.err) // where faults of lines go
		all, err := readPeople(ctx, book, m.A, st, out, newEncoder(out))
		if err != nil {
			return t, "", err
		}
		if err := out.Flush(); err != nil {
			return t, "", err
		}
		profiles = all.profiles
	} else {
		about = fmt.Sprintf("Made by \"openiis match train --population %d --seed %d --name %s\" from invented people.", m.Population, m.Seed, m.Name)
		for person := range sample.Population(m.Seed, m.Population) {
			if err := ctx.Err(); err != nil {
				return t, "", err
			}
			p, err := book.Prepare(factsOf(person))
			if err != nil {
				return t, "", err
			}
			profiles = append(profiles, p)
		}
	}
	c := pair.Find(profiles, nil)
	p, training, err := pair.Train(pair.Start(), book, c)
	return registry.TrainedPolicy{Policy: p, Records: len(profiles), Pairs: c.Len(), Matches: training.Matches}, about, err
}

// factsOf is what a registry knows of an invented person.
func factsOf(p sample.Person) pair.Facts {
	return pair.FactsOf(p.Client, p.Aliases, []iis.Membership(p.Memberships))
}
