package registry

import (
	"context"
	"time"

	"openiis.org/iis/internal/store"
)

// held reports whether somebody does some work, by his last sign of life: else others
// may go on with it.
func (r *Registry) held(ctx context.Context, holder string, moved, now time.Time) bool {
	return holder != "" && now.Sub(moved) < sweepLease && !r.db.Gone(ctx, holder)
}

// newHolder is a name for whoever goes on with some work, and who has held it if he is
// gone; was tells who held it last.
func (r *Registry) newHolder(ctx context.Context, was func(tx *store.Tx) (string, error)) (holder, gone string, err error) {
	holder = r.db.NewHolder(ctx)
	err = r.view(ctx, func(tx *store.Tx) (err error) {
		gone, err = was(tx)
		return err
	})
	if err == nil && !r.db.Gone(ctx, gone) {
		gone = ""
	}
	return holder, gone, err
}
