package registry

import (
	"context"
	"errors"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Undoing tells how taking a batch back stands.
type Undoing struct {
	Done, Total int       // clients
	Now         time.Time // at which it was so
	Working     bool      // somebody works on it, as far as is known
}

// UndoProgress tells how taking a batch back stands, for who may do it.
func (r *Registry) UndoProgress(ctx context.Context, a iis.Actor, batch string) (u Undoing, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return u, err
	}
	return u, r.view(ctx, func(tx *store.Tx) error {
		b, err := ownBatch(ctx, tx, a, batch)
		if err != nil {
			return err
		}
		u.Now, u.Working = tx.Now, b.UndoHolder != "" && tx.Now.Sub(b.UndoMoved) < sweepLease
		u.Done, _, u.Total, err = tx.CountImportTouched(ctx, batch)
		return err
	})
}

// StartUndo asks that a batch be taken back: WorkUndo does it. One that is being
// taken in or back, or was taken back, is a Conflict.
func (r *Registry) StartUndo(ctx context.Context, a iis.Actor, batch string) error {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		b, err := ownBatch(ctx, tx, a, batch)
		if err != nil {
			return err
		}
		if err := stillTaken(ctx, tx, batch); err != nil {
			return err
		}
		if !b.Undone.IsZero() {
			return iis.Errorf(iis.Conflict, "This import has been undone already.")
		}
		if err := tx.AskUndo(ctx, batch, a.User, a.Organization, r.opts.Mail); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionUpload, "", iis.Detail{Subject: b.Kind, Note: batch, Reason: "undo asked"})
	})
}

// WorkUndo takes a batch back for which StartUndo was asked, for as long as within;
// what is left then is for RunUploads. A batch on which another works is a Conflict;
// one that is not to be taken back is left alone.
func (r *Registry) WorkUndo(ctx context.Context, batch string, within time.Duration) error {
	return r.workUndo(ctx, batch, within, false)
}

// workUndo is WorkUndo; behind says that nobody waits for it to end.
func (r *Registry) workUndo(ctx context.Context, batch string, within time.Duration, behind bool) error {
	until, beat := time.Now().Add(within), time.Now()
	holder, gone, err := r.newHolder(ctx, func(tx *store.Tx) (string, error) {
		b, err := tx.ImportBatch(ctx, batch)
		return b.UndoHolder, err
	})
	if err != nil {
		return err
	}
	var a iis.Actor
	open := false
	err = r.update(ctx, func(tx *store.Tx) error {
		open = false
		b, err := tx.ImportBatch(ctx, batch)
		if err != nil || b.UndoAsked.IsZero() || !b.Undone.IsZero() {
			return err
		}
		a, err = actorNow(ctx, tx, b.UndoneBy, b.UndoFor)
		if err == nil && !a.May(iis.ImportClients) {
			err = errNoRole
		}
		if iis.KindOf(err) == iis.Denied { // nobody asks for it any more
			if err := tx.DropUndo(ctx, batch); err != nil {
				return err
			}
			return tx.Record(ctx, iis.Event{Action: iis.ActionUpload, User: b.UndoneBy, Organization: b.UndoFor,
				Detail: iis.Detail{Subject: b.Kind, Note: batch, Reason: "undo stopped"}})
		}
		if err != nil {
			return err
		}
		taken, err := tx.TakeUndo(ctx, batch, holder, gone, tx.Now.Add(-sweepLease))
		if err == nil && !taken {
			err = iis.Errorf(iis.Conflict, "Another program takes this import back now.")
		}
		open = err == nil
		return err
	})
	if err != nil || !open {
		return err
	}
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	_, err = r.undoImport(work, a, batch, behind, func(int) {
		switch {
		case time.Now().After(until):
			cancel(errTurnEnds)
		case time.Since(beat) > sweepBeat:
			beat = time.Now()
			if err := r.update(ctx, func(tx *store.Tx) error { return tx.MoveUndo(ctx, batch, holder) }); err != nil {
				cancel(err)
			}
		}
	})
	wake(r.mails)
	if cause := context.Cause(work); err != nil && cause != nil {
		err = cause
	}
	// Whoever comes next need not wait for this one; if even this fails, he does.
	_ = r.update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ReleaseUndo(ctx, batch, holder) })
	if errors.Is(err, errTurnEnds) {
		wake(r.uploads)
		return nil
	}
	return err
}

// errTurnEnds is why work ends that goes on later.
var errTurnEnds = iis.Errorf(iis.Busy, "the turn of this work has ended")

// Undone is what undoing an import has done.
type Undone struct {
	Batch   store.ImportBatch
	Removed int // clients whom it had entered
	Changed int // clients on file of whom something is as before
	Held    int // entries that it had held for the help desk and nobody has resolved
	Kept    []KeptImport
}

// KeptImport is a client of whom something stays as it was imported, because
// somebody has worked on it since.
type KeptImport struct {
	Client iis.ClientID
	Fields []iis.Field // that stay; none if all of a client stays whom it had entered
}

// UndoImport takes a batch back: who was entered by it goes, unless somebody has
// worked on his record since; each field that it set and that still has the
// imported value is as before; doses that it added go unless they were changed; what
// it has held for the help desk goes, unless it was resolved or another import has
// held it too.
// From its beginning nothing more comes into the batch. What was interrupted goes on
// where it stopped. A batch whose file is being taken in, or that is undone already, is
// a Conflict. each is told of how many clients it has been done; it may be nil.
func (r *Registry) UndoImport(ctx context.Context, a iis.Actor, batch string, each func(n int)) (out Undone, err error) {
	return r.undoImport(ctx, a, batch, true, each)
}

// undoImport is UndoImport. Whoever asked for it on a page is told by e-mail if he was
// promised it and tell is set: nobody waits for it on that page.
func (r *Registry) undoImport(ctx context.Context, a iis.Actor, batch string, tell bool, each func(n int)) (out Undone, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return out, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if out.Batch, err = ownBatch(ctx, tx, a, batch); err != nil {
			return err
		}
		if !out.Batch.Undone.IsZero() {
			return iis.Errorf(iis.Conflict, "this import has been undone already")
		}
		if err := stillTaken(ctx, tx, batch); err != nil {
			return err
		}
		return tx.BeginUndo(ctx, batch)
	})
	if err != nil {
		return out, err
	}
	n, after := 0, iis.ClientID("")
	for {
		var ids []iis.ClientID
		err := r.view(ctx, func(tx *store.Tx) error {
			ids, err = tx.ImportTouched(ctx, batch, after, loadBatch)
			return err
		})
		if err != nil {
			return out, err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			if err := r.takeBack(ctx, a, batch, id, &out); err != nil {
				return out, err
			}
			if n++; each != nil {
				each(n)
			}
		}
		after = ids[len(ids)-1]
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		if err := stillTaken(ctx, tx, batch); err != nil {
			return err
		}
		left, err := tx.ImportTouched(ctx, batch, "", 1)
		if err != nil {
			return err
		}
		if len(left) > 0 { // taken in since it was looked who is
			return errTakingIn
		}
		asked, err := tx.ImportBatch(ctx, batch)
		if err != nil {
			return err
		}
		if err := tx.UndoImport(ctx, batch, a.User); err != nil {
			return err
		}
		if out.Held, err = dropHeld(ctx, tx, a, batch); err != nil {
			return err
		}
		if tell {
			if err := r.tellUndone(ctx, tx, asked); err != nil {
				return err
			}
		}
		return record(ctx, tx, a, iis.ActionUndoImport, "", iis.Detail{Subject: out.Batch.Kind, Note: batch})
	})
	return out, err
}

var errTakingIn = iis.Errorf(iis.Conflict, "This file is still being taken in. Wait until that is done.")

// stillTaken answers nil unless the file that a batch is made of is being taken in:
// then a Conflict.
func stillTaken(ctx context.Context, tx *store.Tx, batch string) error {
	u, err := tx.UploadOfBatch(ctx, batch)
	switch {
	case iis.KindOf(err) == iis.NotFound: // taken in from the command line, or forgotten since
		return nil
	case err == nil && u.State == UploadTaking:
		return errTakingIn
	}
	return err
}
