package registry

import (
	"context"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Sessions returns the actor's own sessions, the one used last first.
func (r *Registry) Sessions(ctx context.Context, a iis.Actor) (all []iis.Session, err error) {
	err = r.view(ctx, func(tx *store.Tx) error {
		all, err = tx.SessionsOf(ctx, a.User)
		return err
	})
	return all, err
}

// EndOtherSessions signs the actor out everywhere but in the session of the
// token's hash.
func (r *Registry) EndOtherSessions(ctx context.Context, a iis.Actor, keep string) error {
	return r.update(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteSessionsOf(ctx, a.User, keep); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionSignOut, "", iis.Detail{Note: "other sessions"})
	})
}
