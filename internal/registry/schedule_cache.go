package registry

import (
	"slices"
	"sync"

	"openiis.org/iis/internal/forecast"
)

// program is the schedule inside the program, made ready once.
var program = sync.OnceValues(forecast.Shipped)

// mostSchedules is how many schedules are kept ready, some hundred kilobytes
// each: the current one, and others as they are listed.
const mostSchedules = 4

// schedules are those that were made ready last, the latest use first. What a
// hash stands for never changes, so that nothing here is ever out of date.
type schedules struct {
	mu   sync.Mutex
	list []*forecast.Schedule
}

// get returns the schedule of a hash, or nil if it is not kept.
func (c *schedules) get(hash string) *forecast.Schedule {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.list, func(s *forecast.Schedule) bool { return s.Hash == hash })
	if i < 0 {
		return nil
	}
	s := c.list[i]
	copy(c.list[1:], c.list[:i])
	c.list[0] = s
	return s
}

// put keeps a schedule, in the place of the one that was not used for longest.
func (c *schedules) put(s *forecast.Schedule) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// Another may have made it ready at the same time.
	c.list = slices.DeleteFunc(c.list, func(o *forecast.Schedule) bool { return o.Hash == s.Hash })
	if len(c.list) == mostSchedules {
		c.list = slices.Delete(c.list, mostSchedules-1, mostSchedules)
	}
	c.list = slices.Insert(c.list, 0, s)
}
