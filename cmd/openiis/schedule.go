package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"openiis.org/iis/internal/registry"
)

// schedules groups the commands about the rules that forecasts follow.
type schedules struct {
	Load scheduleLoad `cmd:"" help:"Take in a release of CDC's CDSi supporting data."`
	List scheduleList `cmd:"" help:"List the schedules that are loaded."`
	Use  scheduleUse  `cmd:"" help:"Make a loaded schedule the current one."`
}

// scheduleLoad is the command that takes a release in.
type scheduleLoad struct {
	Path string `arg:"" help:"Folder or zip file with the XML files of a release."`
	database
	Version string `env:"-" placeholder:"V" help:"Version of the release, such as 4.65. Without it: the one in the name of the folder or file."`
	Keep    bool   `env:"-" help:"Load it beside the current schedule, which stays in force."`
}

func (scheduleLoad) Help() string {
	return `Takes in a release of CDC's CDSi supporting data, as it can be had from cdc.gov, and makes it current: from the next page
on, programs that run on the database follow it. Nothing needs to be started again.

The release is checked strictly. If there is anything in it that openiis does not understand, nothing is loaded and
each fault is named with its file and line.

Examples:

  openiis schedule load supporting-data-4.65
  openiis schedule load cdsi.zip --version 4.65 --keep --database postgres://openiis@db/registry`
}

// Run loads the release.
func (c scheduleLoad) Run(ctx context.Context, st streams) error {
	rel, err := openRelease(c.Path)
	if err != nil {
		return err
	}
	defer rel.close()
	if c.Version != "" {
		rel.version = c.Version
	}
	if rel.version == "" {
		return fmt.Errorf("%w: neither %s nor a folder in it is named for the version of the release: say it with --version, such as --version 4.65", errUsage, c.Path)
	}
	return c.with(ctx, func(reg *registry.Registry) error {
		done, err := reg.LoadSchedule(ctx, operator(), rel.files, rel.version, !c.Keep)
		if err != nil {
			return err
		}
		switch {
		case done.Program:
			fmt.Fprintf(st.out, "Schedule %s, hash %s, is the one in the program.\n", done.Version, done.Short())
		case done.Known:
			fmt.Fprintf(st.out, "Schedule %s, hash %s, was loaded before.\n", done.Version, done.Short())
		default:
			fmt.Fprintf(st.out, "Schedule %s, hash %s, is loaded.\n", done.Version, done.Short())
		}
		for _, n := range done.Namesakes {
			fmt.Fprintf(st.out, "Schedule %s, hash %s, has the same version and other content.\n", n.Name(), n.Short())
		}
		tellCurrent(st.out, done.ScheduleState)
		return nil
	})
}

// tellCurrent says whether a schedule is current, and what is out of date in it.
func tellCurrent(w io.Writer, s registry.ScheduleState) {
	if s.Current {
		fmt.Fprintln(w, "It is the current schedule.")
	} else {
		fmt.Fprintf(w, "It is not the current schedule. To make it so: openiis schedule use %s\n", s.Key())
	}
	for _, l := range s.Lapsed {
		fmt.Fprintf(w, "Its season of %s ended on %s: look for a newer release.\n", l.VaccineGroup, l.Ended.US())
	}
}

// scheduleList is the command that lists schedules.
type scheduleList struct {
	database
}

func (scheduleList) Help() string {
	return `Lists the schedules that can be made current: those loaded, the last one first, and the one in the program. Lapsed are vaccine
groups of which a season has ended: what is recommended of them is shown as not known until a newer release is current.

Examples:

  openiis schedule list
  openiis schedule list --database postgres://openiis@db/registry`
}

// Run lists them.
func (c scheduleList) Run(ctx context.Context, st streams) error {
	return c.with(ctx, func(reg *registry.Registry) error {
		all, err := reg.Schedules(ctx, operator())
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(st.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "VERSION\tHASH\tCURRENT\tLOADED\tBY\tLAPSED\tSOURCE")
		for _, s := range all {
			current, loaded, by := "", "", s.LoadedBy
			if s.Current {
				current = "current"
			}
			if !s.Program {
				loaded = s.Loaded.Local().Format("2006-01-02 15:04")
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Name(), s.Short(), dash(current), dash(loaded), dash(by), dash(lapsedGroups(s)), s.Source)
		}
		return w.Flush()
	})
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// lapsedGroups names what is out of date in a schedule.
func lapsedGroups(s registry.ScheduleState) string {
	if s.Unreadable {
		return "cannot be read"
	}
	var groups []string
	for _, l := range s.Lapsed {
		groups = append(groups, l.VaccineGroup+" "+l.Ended.String())
	}
	return strings.Join(groups, ", ")
}

// scheduleUse is the command that makes a schedule the current one.
type scheduleUse struct {
	Schedule string `arg:"" help:"Version or hash of the schedule; \"program\" is the one in the program."`
	database
}

func (scheduleUse) Help() string {
	return `Makes a loaded schedule the current one. From the next page on, programs that run on the database follow it.

Examples:

  openiis schedule use 4.65
  openiis schedule use 71edb4b7
  openiis schedule use program`
}

// Run makes it current.
func (c scheduleUse) Run(ctx context.Context, st streams) error {
	return c.with(ctx, func(reg *registry.Registry) error {
		s, err := reg.UseSchedule(ctx, operator(), c.Schedule)
		if err != nil {
			return err
		}
		fmt.Fprintf(st.out, "Schedule %s, hash %s.\n", s.Name(), s.Short())
		tellCurrent(st.out, s)
		return nil
	})
}

// with runs f over the registry in the database.
func (d database) with(ctx context.Context, f func(*registry.Registry) error) error {
	db, err := d.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(registry.New(db, registry.Options{})), db.Close())
}
