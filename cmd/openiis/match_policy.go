package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"openiis.org/iis/internal/registry"
)

// policyLoad is the command that takes a matching policy in.
type policyLoad struct {
	Path string `arg:"" help:"File that \"openiis match train\" has written."`
	database
	Keep bool `env:"-" help:"Load it beside the current policy, which stays in force."`
}

func (policyLoad) Help() string {
	return `Takes in a matching policy and makes it current: within a second, programs that run on the database decide by it whether
two records are one person's, on every screen, in imports, and in the next sweep. Nothing needs to be started again. Pairs that
wait to be reviewed keep their answer until a sweep comes upon them again.

What a version says never changes: a policy that says something else needs another version.

Examples:

  openiis match load ours.json
  openiis match load ours.json --keep --database postgres://openiis@db/registry`
}

// Run loads the policy.
func (c policyLoad) Run(ctx context.Context, st streams) error {
	body, err := os.ReadFile(c.Path)
	if err != nil {
		return err
	}
	return c.with(ctx, func(reg *registry.Registry) error {
		s, err := reg.LoadMatchPolicy(ctx, operator(), body, !c.Keep)
		if err != nil {
			return err
		}
		if s.Program {
			fmt.Fprintf(st.out, "Matching policy %s is the one in the program.\n", s.Version)
		} else {
			fmt.Fprintf(st.out, "Matching policy %s is loaded.\n", s.Version)
		}
		tellPolicy(st.out, s)
		return nil
	})
}

// tellPolicy says whether a matching policy is current.
func tellPolicy(w io.Writer, s registry.MatchPolicyState) {
	if s.Current {
		fmt.Fprintln(w, "It is the current policy.")
	} else {
		fmt.Fprintf(w, "It is not the current policy. To make it so: openiis match use %s\n", s.Key())
	}
}

// policyList is the command that lists matching policies.
type policyList struct {
	database
}

func (policyList) Help() string {
	return `Lists the matching policies that can be made current: those loaded, the last one first, and the one in the program.

Examples:

  openiis match list
  openiis match list --database postgres://openiis@db/registry`
}

// Run lists them.
func (c policyList) Run(ctx context.Context, st streams) error {
	return c.with(ctx, func(reg *registry.Registry) error {
		all, err := reg.MatchPolicies(ctx, operator())
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(st.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "VERSION\tCURRENT\tLOADED\tBY\tABOUT")
		for _, s := range all {
			current, loaded, about := "", "", s.About
			if s.Current {
				current = "current"
			}
			if !s.Program {
				loaded = s.Loaded.Local().Format("2006-01-02 15:04")
			}
			if s.Unreadable {
				about = "cannot be read by this program"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Name(), dash(current), dash(loaded), dash(s.LoadedBy), dash(about))
		}
		return w.Flush()
	})
}

// policyUse is the command that makes a matching policy the current one.
type policyUse struct {
	Policy string `arg:"" help:"Version of the policy; \"program\" is the one in the program."`
	database
}

func (policyUse) Help() string {
	return `Makes a loaded matching policy the current one, within a second for all programs that run on the database.

Examples:

  openiis match use ours-2026-11
  openiis match use program`
}

// Run makes it current.
func (c policyUse) Run(ctx context.Context, st streams) error {
	return c.with(ctx, func(reg *registry.Registry) error {
		s, err := reg.UseMatchPolicy(ctx, operator(), c.Policy)
		if err != nil {
			return err
		}
		fmt.Fprintf(st.out, "Matching policy %s.\n", s.Name())
		tellPolicy(st.out, s)
		return nil
	})
}
