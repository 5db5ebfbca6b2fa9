package registry

import (
	"context"
	"fmt"
	"iter"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// Arrival is a whole client with all organizations that have him, to be put
// into an empty registry as it is.
type Arrival struct {
	Record      iis.Record // its Membership is not looked at
	Memberships []iis.Membership
}

// loadBatch is how many clients one transaction of Load holds: enough that a
// page which many of them touch is written once, few enough that nobody waits
// long for it.
const loadBatch = 500

// Load fills a registry with clients for demonstrations, tests and benchmarks,
// by no rule but the form of the tables, and records one event for each. each is
// told now and then how many are in; it may be nil.
func (r *Registry) Load(ctx context.Context, people iter.Seq[Arrival], each func(n int)) error {
	names := map[iis.OrganizationID]string{}
	err := r.view(ctx, func(tx *store.Tx) error {
		all, err := tx.Organizations(ctx)
		for _, o := range all {
			names[o.ID] = o.Name
		}
		return err
	})
	if err != nil {
		return err
	}
	n, batch := 0, make([]Arrival, 0, loadBatch)
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := r.update(ctx, func(tx *store.Tx) error {
			for _, p := range batch {
				if err := r.load(ctx, tx, p, names); err != nil {
					return fmt.Errorf("load client %s: %w", p.Record.Client.ID, err)
				}
			}
			return nil
		})
		n += len(batch)
		batch = batch[:0]
		if each != nil && err == nil {
			each(n)
		}
		return err
	}
	for p := range people {
		if batch = append(batch, p); len(batch) == loadBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func (r *Registry) load(ctx context.Context, tx *store.Tx, p Arrival, names map[iis.OrganizationID]string) error {
	rec := p.Record
	id := rec.Client.ID
	rec.Membership = iis.Membership{}
	if err := r.put(ctx, tx, iis.Record{}, rec); err != nil {
		return err
	}
	for _, m := range p.Memberships {
		if err := tx.PutMembership(ctx, id, m); err != nil {
			return err
		}
		if k := match.ChartKey(m.Organization, m.ChartNumber); m.ChartNumber != "" && k != "" {
			if err := tx.PutKeys(ctx, id, nil, []iis.Key{k}); err != nil {
				return err
			}
		}
	}
	by := rec.Client.UpdatedBy
	return tx.Record(ctx, iis.Event{Action: iis.ActionImport, UserName: "openiis", Organization: by, OrgName: names[by],
		Client: id, Detail: iis.Detail{Version: rec.Client.Version, Note: "loaded"}})
}
