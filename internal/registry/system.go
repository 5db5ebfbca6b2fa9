package registry

import (
	"context"
	"errors"
	"slices"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// SystemStatus is how the system is, for those who run it.
type SystemStatus struct {
	Engine    store.Engine
	Today     iis.Date
	Schedules []ScheduleState    // as Schedules returns them
	Policies  []MatchPolicyState // as MatchPolicies returns them
	Mail      MailStatus
}

// Current returns the schedule in force.
func (s SystemStatus) Current() ScheduleState {
	return s.Schedules[slices.IndexFunc(s.Schedules, func(s ScheduleState) bool { return s.Current })]
}

// Policy returns the matching policy in force.
func (s SystemStatus) Policy() MatchPolicyState {
	return s.Policies[slices.IndexFunc(s.Policies, func(s MatchPolicyState) bool { return s.Current })]
}

// SystemStatus returns how the system is.
func (r *Registry) SystemStatus(ctx context.Context, a iis.Actor) (s SystemStatus, err error) {
	if err := r.may(ctx, a, iis.ManageSchedule); err != nil {
		return s, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		s = SystemStatus{Engine: r.db.Engine(), Today: r.today(tx)}
		if s.Schedules, err = r.scheduleStates(ctx, tx); err != nil {
			return err
		}
		if s.Policies, err = policyStates(ctx, tx); err != nil {
			return err
		}
		s.Mail, err = r.mailStatus(ctx, tx)
		return err
	})
	return s, err
}

// ScheduleAlarm is what the schedule in force must have done about it.
type ScheduleAlarm struct {
	Unreadable bool
	Lapsed     []LapsedSeason
}

// Groups names the vaccine groups that are out of date.
func (s ScheduleAlarm) Groups() []string {
	var names []string
	for _, l := range s.Lapsed {
		names = append(names, l.VaccineGroup)
	}
	return names
}

// scheduleAlarm returns what is wrong with the schedule in force, zero if
// nothing is.
func (r *Registry) scheduleAlarm(ctx context.Context, tx *store.Tx) (alarm ScheduleAlarm, err error) {
	hash, err := tx.CurrentSchedule(ctx)
	if err != nil {
		return alarm, err
	}
	s, err := r.scheduleOf(ctx, tx, hash)
	if errors.Is(err, errUnreadable) {
		return ScheduleAlarm{Unreadable: true}, nil
	}
	if err != nil {
		return alarm, err
	}
	return ScheduleAlarm{Lapsed: lapsed(s, r.today(tx))}, nil
}
