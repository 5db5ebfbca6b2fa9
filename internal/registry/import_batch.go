package registry

import (
	"context"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// ImportList is how many batches a list of imports tells at most.
const ImportList = 200

// ImportBatch is one file that was taken in.
type ImportBatch = store.ImportBatch

// Imports lists what was taken in for the actor's organization, or by anybody for
// staff; newest first.
func (r *Registry) Imports(ctx context.Context, a iis.Actor) (list []store.ImportBatch, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return nil, err
	}
	of := a.Organization
	if a.May(iis.ActForAny) {
		of = ""
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		list, err = tx.ImportBatches(ctx, of, ImportList)
		return err
	})
	return list, err
}

// ImportedBatch returns one batch of the list, and of one that was undone the
// clients of whom something stayed and whom the actor may see, at most ImportList of
// them.
func (r *Registry) ImportedBatch(ctx context.Context, a iis.Actor, id string) (b store.ImportBatch, kept []iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return b, nil, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		kept = nil
		if b, err = ownBatch(ctx, tx, a, id); err != nil {
			return err
		}
		all, err := tx.ImportKept(ctx, id, ImportList)
		if err != nil {
			return err
		}
		for _, one := range all {
			seen, _, err := r.onFile(ctx, tx, a, one) // one who is hidden since is not told
			if err != nil {
				return err
			}
			if seen != "" {
				kept = append(kept, seen)
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: kept, Note: "clients of an import that was undone"})
	})
	return b, kept, err
}

// ownBatch returns a batch that the actor may undo; there is none for anybody else.
func ownBatch(ctx context.Context, tx *store.Tx, a iis.Actor, id string) (store.ImportBatch, error) {
	b, err := tx.ImportBatch(ctx, id)
	if err == nil && b.Organization != a.Organization && !a.May(iis.ActForAny) {
		return store.ImportBatch{}, iis.Errorf(iis.NotFound, "no such import")
	}
	return b, err
}
