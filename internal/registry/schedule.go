package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/store"
)

// schedule returns the schedule in force in a transaction: the one that was
// chosen, or else the one inside the program. A choice made elsewhere holds from
// the next transaction on. The caller may use it after the transaction.
//
// If this program cannot read the chosen one, the one inside the program stands
// in, since doses are given and must be recorded: every answer names the schedule
// it comes from, and the system page and the home page of staff raise the alarm.
func (r *Registry) schedule(ctx context.Context, tx *store.Tx) (*forecast.Schedule, error) {
	hash, err := tx.CurrentSchedule(ctx)
	if err != nil {
		return nil, err
	}
	s, err := r.scheduleOf(ctx, tx, hash)
	if errors.Is(err, errUnreadable) {
		return program()
	}
	return s, err
}

// errUnreadable is part of the error of a schedule whose form in the database
// is not one that this program reads.
var errUnreadable = errors.New("the loaded form cannot be read by this program")

// scheduleOf returns the schedule of a hash, of "" the one inside the program.
func (r *Registry) scheduleOf(ctx context.Context, tx *store.Tx, hash string) (*forecast.Schedule, error) {
	if hash == "" {
		return program()
	}
	if s := r.schedules.get(hash); s != nil {
		return s, nil
	}
	compact, err := tx.ScheduleBody(ctx, hash)
	if err != nil {
		return nil, err
	}
	s, err := forecast.Unpack(compact)
	if err != nil {
		return nil, fmt.Errorf("schedule %s: %w: %w", hash, errUnreadable, err)
	}
	if s.Hash != hash {
		return nil, fmt.Errorf("schedule %s: %w: it is the content of %s", hash, errUnreadable, s.Hash)
	}
	r.schedules.put(s)
	return s, nil
}

// ScheduleState is a schedule and how it stands today. Of the one inside the
// program, Loaded and LoadedBy are zero.
type ScheduleState struct {
	iis.Schedule
	Program    bool // inside the program
	Current    bool
	Unreadable bool // by this program; what follows is not known then
	Lapsed     []LapsedSeason
}

// Name says a schedule as people call it: by its version.
func (s ScheduleState) Name() string {
	if s.Program {
		return s.Version + " (in the program)"
	}
	return s.Version
}

// Short is the beginning of the hash, enough to tell schedules apart by eye.
func (s ScheduleState) Short() string { return s.Hash[:min(len(s.Hash), 8)] }

// Key names the schedule to UseSchedule and no other.
func (s ScheduleState) Key() string {
	if s.Program {
		return insideProgram
	}
	return s.Hash
}

// insideProgram is the name of the schedule inside the program, whatever its
// version.
const insideProgram = "program"

// LapsedSeason is a vaccine group of which a season has ended, with no later one
// in the schedule: what is said of its vaccines is out of date.
type LapsedSeason struct {
	VaccineGroup string
	Ended        iis.Date // the last day of the season
	// Part says that the group has a season too that goes on: only some series
	// are out of date.
	Part bool
}

// lapsed returns the vaccine groups with a season that has ended, by name. Each
// has the latest end: an earlier season of the same group is over because a
// later one followed.
func lapsed(s *forecast.Schedule, today iis.Date) []LapsedSeason {
	ended := s.Lapsed(today)
	byGroup := map[string]LapsedSeason{}
	for _, n := range ended {
		l := byGroup[n.VaccineGroup]
		l.VaccineGroup = n.VaccineGroup
		if l.Ended.Before(n.End) {
			l.Ended = n.End
		}
		byGroup[n.VaccineGroup] = l
	}
	for _, n := range s.Seasons() {
		if l, ok := byGroup[n.VaccineGroup]; ok && !slices.Contains(ended, n) {
			l.Part = true
			byGroup[n.VaccineGroup] = l
		}
	}
	return slices.SortedFunc(maps.Values(byGroup), func(a, b LapsedSeason) int { return cmp.Compare(a.VaccineGroup, b.VaccineGroup) })
}

// Schedules returns every schedule that can be put in force: those loaded, the
// one loaded last first, and at the end the one inside the program.
func (r *Registry) Schedules(ctx context.Context, a iis.Actor) (all []ScheduleState, err error) {
	if err := r.may(ctx, a, iis.ManageSchedule); err != nil {
		return nil, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		all, err = r.scheduleStates(ctx, tx)
		return err
	})
	return all, err
}

func (r *Registry) scheduleStates(ctx context.Context, tx *store.Tx) ([]ScheduleState, error) {
	loaded, err := tx.Schedules(ctx)
	if err != nil {
		return nil, err
	}
	current, err := tx.CurrentSchedule(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ScheduleState, 0, len(loaded)+1)
	for _, l := range loaded {
		all = append(all, ScheduleState{Schedule: l, Current: l.Hash == current})
	}
	all = append(all, ScheduleState{Program: true, Current: current == ""})
	for i := range all {
		s, err := r.scheduleOf(ctx, tx, all[i].Hash)
		if errors.Is(err, errUnreadable) {
			all[i].Unreadable = true
			continue
		}
		if err != nil {
			return nil, err
		}
		all[i].Hash, all[i].Version, all[i].Source = s.Hash, s.Version, s.Source
		all[i].Lapsed = lapsed(s, r.today(tx))
	}
	return all, nil
}

// LoadedSchedule says what LoadSchedule has done.
type LoadedSchedule struct {
	ScheduleState
	Known bool // it was there before
	// Namesakes are other schedules of the same version.
	Namesakes []ScheduleState
}

// versions are what the version of a release can be.
var versions = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$`)

// LoadSchedule reads a release of CDSi supporting data, strictly, keeps it
// beside those that are there and, if use is set, puts it in force. A release
// that holds anything that is not understood is refused, and the Invalid error
// names the file and the element. One that is the schedule inside the program is
// not kept twice.
func (r *Registry) LoadSchedule(ctx context.Context, a iis.Actor, fsys fs.FS, version string, use bool) (done LoadedSchedule, err error) {
	if err := r.may(ctx, a, iis.ManageSchedule); err != nil {
		return done, err
	}
	if !versions.MatchString(version) {
		return done, iis.Errorf(iis.Invalid, "%q is not the version of a release, which is like 4.64.", version)
	}
	compact, err := forecast.Pack(fsys, version)
	if err != nil {
		return done, refusedRelease(err)
	}
	s, err := forecast.Unpack(compact)
	if err != nil {
		return done, err
	}
	inside, err := program()
	if err != nil {
		return done, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		done = LoadedSchedule{}
		before, err := r.scheduleStates(ctx, tx)
		if err != nil {
			return err
		}
		for _, b := range before {
			done.Known = done.Known || b.Hash == s.Hash
		}
		if s.Hash != inside.Hash {
			err := tx.PutSchedule(ctx, iis.Schedule{Hash: s.Hash, Version: s.Version, Source: s.Source, LoadedBy: a.UserName}, compact)
			if err != nil {
				return err
			}
		}
		if err := record(ctx, tx, a, iis.ActionScheduleLoad, "", iis.Detail{Subject: s.Hash, Note: s.Version}); err != nil {
			return err
		}
		if use {
			if err := useSchedule(ctx, tx, a, before, ScheduleState{Schedule: iis.Schedule{Hash: s.Hash, Version: s.Version}, Program: s.Hash == inside.Hash}); err != nil {
				return err
			}
		}
		after, err := r.scheduleStates(ctx, tx)
		for _, n := range after {
			switch {
			case n.Hash == s.Hash:
				done.ScheduleState = n
			case n.Version == s.Version:
				done.Namesakes = append(done.Namesakes, n)
			}
		}
		return err
	})
	return done, err
}

// mostFaults is how many faults of a release are told.
const mostFaults = 25

// refusedRelease tells what is wrong with a release.
func refusedRelease(err error) error {
	lines := strings.Split(err.Error(), "\n")
	if more := len(lines) - mostFaults; more > 1 {
		lines = append(lines[:mostFaults], fmt.Sprintf("and %d more", more))
	}
	return iis.Errorf(iis.Invalid, "Nothing was loaded: this is not a release that can be relied on.\n%s", strings.Join(lines, "\n"))
}

// UseSchedule puts a schedule in force: one named by its version, its hash or
// the beginning of that. "program" is the one inside the program.
func (r *Registry) UseSchedule(ctx context.Context, a iis.Actor, name string) (used ScheduleState, err error) {
	if err := r.may(ctx, a, iis.ManageSchedule); err != nil {
		return used, err
	}
	if strings.TrimSpace(name) == "" {
		return used, iis.Errorf(iis.Invalid, "Name a schedule.")
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		all, err := r.scheduleStates(ctx, tx)
		if err != nil {
			return err
		}
		if used, err = named(all, name); err != nil {
			return err
		}
		if used.Unreadable {
			return iis.Errorf(iis.Invalid, "Schedule %s cannot be read by this version of openiis. Load its release again.", used.Version)
		}
		err = useSchedule(ctx, tx, a, all, used)
		used.Current = true
		return err
	})
	return used, err
}

// shortestHash is how much of a hash must be given.
const shortestHash = 4

// named finds the one schedule that people mean.
func named(all []ScheduleState, name string) (ScheduleState, error) {
	name = strings.TrimSpace(name)
	ways := []func(ScheduleState) bool{
		func(s ScheduleState) bool { return s.Hash == name || s.Program && name == insideProgram },
		func(s ScheduleState) bool { return s.Version == name || s.Program && s.Name() == name },
		func(s ScheduleState) bool { return len(name) >= shortestHash && strings.HasPrefix(s.Hash, name) },
	}
	for _, is := range ways {
		found := slices.Collect(func(yield func(ScheduleState) bool) {
			for _, s := range all {
				if is(s) && !yield(s) {
					return
				}
			}
		})
		switch {
		case len(found) == 1 || len(found) > 1 && !slices.ContainsFunc(found, func(s ScheduleState) bool { return s.Hash != found[0].Hash }):
			return found[0], nil // or one that was loaded and has since come with the program
		case len(found) > 1:
			var words []string
			for _, s := range found {
				words = append(words, s.Short()+" is "+s.Name())
			}
			return ScheduleState{}, iis.Errorf(iis.Invalid, "More than one schedule is called %s. Name one by its hash: %s.", name, strings.Join(words, ", "))
		}
	}
	return ScheduleState{}, iis.Errorf(iis.NotFound, "No schedule is called %q.", name)
}

// useSchedule puts a schedule in force, if it is not, and records that.
func useSchedule(ctx context.Context, tx *store.Tx, a iis.Actor, all []ScheduleState, s ScheduleState) error {
	i := slices.IndexFunc(all, func(s ScheduleState) bool { return s.Current })
	if all[i].Hash == s.Hash && all[i].Program == s.Program {
		return nil
	}
	hash := s.Hash
	if s.Program {
		hash = "" // whatever a later program brings is then in force
	}
	if err := tx.UseSchedule(ctx, hash); err != nil {
		return err
	}
	return record(ctx, tx, a, iis.ActionScheduleUse, "", iis.Detail{Subject: s.Hash, Note: s.Name() + " instead of " + all[i].Name() + " " + all[i].Short()})
}
