package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// endFor is how long what goes on behind the pages may take to stop, such as to note
// that an e-mail was sent.
const endFor = 10 * time.Second

// background is what goes on behind the pages.
type background struct {
	sync.WaitGroup
	stop   context.CancelFunc
	logger *slog.Logger
}

// behind returns a context for what goes on behind the pages, and the means to end it.
func behind(ctx context.Context, logger *slog.Logger) (context.Context, *background) {
	ctx, stop := context.WithCancel(ctx)
	return ctx, &background{stop: stop, logger: logger}
}

// end stops what goes on, and waits until it has, endFor at most.
func (b *background) end() {
	b.stop()
	ended := make(chan struct{})
	go func() { b.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(endFor):
		b.logger.Warn("work behind the pages was cut off", "after", endFor)
	}
}
