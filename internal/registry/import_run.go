package registry

import (
	"context"
	"errors"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// uploadTurn is how long one file is worked on before the next has its turn.
const uploadTurn = 15 * time.Second

// RunUploads looks at files that were sent, takes them in and takes them back, when
// it is asked for or was left unfinished by whatever program, until ctx ends.
// Failed is told what kept it from going on with one; it is tried again later.
func (r *Registry) RunUploads(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(sweepBeat)
	defer tick.Stop()
	wake(r.uploads) // a program before this one may have left something
	var trouble time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.uploads:
		case <-tick.C:
			if time.Since(trouble) < sweepLease {
				continue
			}
		}
		for again := true; again && ctx.Err() == nil; {
			var err error
			if again, err = r.turn(ctx); err != nil && ctx.Err() == nil {
				failed(err)
				again, trouble = false, time.Now()
			}
		}
	}
}

// turn works on each file that is open for a while, and reports whether there was
// any.
func (r *Registry) turn(ctx context.Context) (worked bool, err error) {
	var open []store.Upload
	var undos []store.ImportBatch
	var now time.Time
	err = r.view(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		if open, err = tx.OpenUploads(ctx, now.Add(-uploadLife)); err != nil {
			return err
		}
		undos, err = tx.OpenUndos(ctx)
		return err
	})
	for _, u := range open {
		if r.held(ctx, u.Holder, u.Moved, now) {
			continue
		}
		worked = true
		if e := r.workUpload(ctx, u.ID, uploadTurn, true); iis.KindOf(e) != iis.Conflict && iis.KindOf(e) != iis.NotFound {
			err = errors.Join(err, e)
		}
	}
	for _, b := range undos {
		if r.held(ctx, b.UndoHolder, b.UndoMoved, now) {
			continue
		}
		worked = true
		if e := r.workUndo(ctx, b.ID, uploadTurn, true); iis.KindOf(e) != iis.Conflict {
			err = errors.Join(err, e)
		}
	}
	return worked, err
}

// WorkUpload looks what would become of a file's rows, or takes them in, for as
// long as within; what is left then is for RunUploads. What becomes of a row is
// written in the transaction that does it, so that whatever ends the program loses
// and doubles nothing. A file that another works on is a Conflict; one that is not
// to be worked on is left alone.
func (r *Registry) WorkUpload(ctx context.Context, id string, within time.Duration) error {
	return r.workUpload(ctx, id, within, false)
}

// workUpload is WorkUpload; behind says that nobody waits for it to end.
func (r *Registry) workUpload(ctx context.Context, id string, within time.Duration, behind bool) error {
	until := time.Now().Add(within)
	holder, gone, err := r.newHolder(ctx, func(tx *store.Tx) (string, error) {
		u, err := tx.Upload(ctx, id)
		return u.Holder, err
	})
	if err != nil {
		return err
	}
	var w *uploadWork
	err = r.update(ctx, func(tx *store.Tx) error {
		w = nil
		u, err := tx.Upload(ctx, id)
		if err != nil || u.State != UploadChecking && u.State != UploadTaking {
			return err
		}
		done, err := tx.UploadRowsDone(ctx, id, u.State == UploadTaking)
		if err != nil {
			return err
		}
		taken, err := tx.TakeUpload(ctx, id, holder, gone, len(done), tx.Now.Add(-sweepLease))
		if err == nil && !taken {
			err = iis.Errorf(iis.Conflict, "Another program works on this file now.")
		}
		if err != nil {
			return err
		}
		u.Holder = holder
		w = &uploadWork{reg: r, behind: behind, Upload: u, done: done, kept: map[int]store.UploadChoice{}}
		if w.Body, err = tx.UploadBody(ctx, id); err != nil {
			return err
		}
		if w.choices, err = tx.UploadChoices(ctx, id); err != nil || u.State == UploadTaking {
			return err
		}
		kept, err := tx.KeptUploadChoices(ctx, id)
		for _, c := range kept {
			w.kept[c.No] = c
		}
		return err
	})
	if err != nil || w == nil {
		return err
	}
	finished, err := w.run(ctx, until)
	if iis.KindOf(err) == iis.Denied || iis.KindOf(err) == iis.Invalid || errors.Is(err, errImportUndone) {
		return w.stop(ctx, err)
	}
	if !finished {
		// Whoever comes next need not wait for this one; if even this fails, he does.
		_ = r.update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ReleaseUpload(ctx, id, holder) })
	}
	if !finished && err == nil {
		wake(r.uploads)
	}
	return err
}
