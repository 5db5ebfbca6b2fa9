package main

import (
	"context"
	"log/slog"
	"sync"

	"openiis.org/iis/internal/registry"
)

// uploadsOn looks at files that were sent through a browser, takes them in and takes
// them back behind the pages until ctx ends: what is asked for there, and what was
// cut off. work is told when that has stopped.
func uploadsOn(ctx context.Context, work *sync.WaitGroup, reg *registry.Registry, logger *slog.Logger) {
	work.Go(func() {
		reg.RunUploads(ctx, func(err error) { logger.Error("go on with files to import", "error", err) })
	})
}
