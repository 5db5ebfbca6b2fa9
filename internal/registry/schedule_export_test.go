package registry

import (
	"context"

	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/store"
)

// ScheduleIn is the schedule in force in a transaction.
func (r *Registry) ScheduleIn(ctx context.Context, tx *store.Tx) (*forecast.Schedule, error) {
	return r.schedule(ctx, tx)
}

// SchedulesKept is how many schedules are kept ready.
func (r *Registry) SchedulesKept() int {
	r.schedules.mu.Lock()
	defer r.schedules.mu.Unlock()
	return len(r.schedules.list)
}
