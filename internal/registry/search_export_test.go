package registry

import (
	"context"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// PutSearchKeys lets tests file clients that they write themselves.
func (r *Registry) PutSearchKeys(ctx context.Context, tx *store.Tx, before, after iis.Record) error {
	return r.putSearchKeys(ctx, tx, before, after)
}

// LookalikesIn lets tests ask what EnterClient asks.
func (r *Registry) LookalikesIn(ctx context.Context, a iis.Actor, c iis.Client) (found []Found, hidden bool, err error) {
	return found, hidden, r.update(ctx, func(tx *store.Tx) error {
		found, _, hidden, err = r.lookalikes(ctx, tx, a, store.Known{Client: c})
		return err
	})
}

// LikelyIn lets benchmarks decide who an incoming record is of.
func (r *Registry) LikelyIn(ctx context.Context, tx *store.Tx, k store.Known) (ids []iis.ClientID, err error) {
	all, err := r.likely(ctx, tx, k)
	for _, l := range all {
		ids = append(ids, l.client.ID)
	}
	return ids, err
}

// FindIn lets benchmarks look for clients without what follows in Find.
func (r *Registry) FindIn(ctx context.Context, tx *store.Tx, a iis.Actor, q Query) (ids []iis.ClientID, err error) {
	hits, _, err := r.find(ctx, tx, a, q)
	for _, h := range hits {
		ids = append(ids, h.id)
	}
	return ids, err
}
