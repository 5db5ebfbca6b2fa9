package registry

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/roster"
	"openiis.org/iis/internal/store"
)

// Rows of clients share a transaction; those of immunizations are put in order by
// clients first.
var (
	uploadStep     = 50
	uploadStepDose = 200
)

// uploadWork is the work on one file.
type uploadWork struct {
	store.Upload
	reg     *Registry
	behind  bool                       // nobody waits for it to end
	done    []int                      // numbers of the rows that need nothing more, in order
	choices map[int]string             // what a person has chosen for rows
	kept    map[int]store.UploadChoice // and before the file was checked anew
	taking  *Import
	beat    time.Time
}

// uploadRow is a row of a file, or what is wrong with it.
type uploadRow struct {
	roster.Row
	no    int
	wrong string
}

// run goes on with the file until it is done, or until a time.
func (w *uploadWork) run(ctx context.Context, until time.Time) (finished bool, err error) {
	a, err := w.actor(ctx)
	if err != nil {
		return false, err
	}
	o := ImportOptions{Kind: ImportKind(w.Kind), DryRun: w.State == UploadChecking, Batch: w.Batch}
	if w.taking, err = w.reg.NewImport(ctx, a, o); err != nil {
		return false, err
	}
	m, err := mappingOf(w.Upload)
	if err != nil {
		return false, err
	}
	x, err := roster.NewMappedReader(strings.NewReader(w.Body), roster.Kind(w.Kind), m)
	if err != nil {
		return false, iis.Errorf(iis.Invalid, "File cannot be read: %s.", err.Error())
	}
	size := uploadStep
	if w.Kind == string(ImportOfImmunizations) {
		size = uploadStepDose
	}
	w.beat = time.Now()
	step := make([]uploadRow, 0, size)
	for no, ended := 1, false; !ended; no++ {
		row, err := x.Read()
		bad, isBad := errors.AsType[*roster.RowError](err)
		ended = errors.Is(err, io.EOF)
		_, done := slices.BinarySearch(w.done, no)
		switch {
		case ended, done:
		case isBad:
			step = append(step, uploadRow{roster.Row{Line: bad.Line, Record: bad.Record}, no, bad.Text})
		case err != nil:
			return false, iis.Errorf(iis.Invalid, "File cannot be read: %s.", err.Error())
		default:
			step = append(step, uploadRow{row, no, ""})
		}
		if len(step) < size && !ended {
			continue
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := w.step(ctx, a, step); err != nil {
			return false, err
		}
		step = step[:0]
		if !ended && time.Now().After(until) {
			return false, nil
		}
	}
	return true, w.finish(ctx, a)
}

// step looks at some rows or takes them in.
func (w *uploadWork) step(ctx context.Context, a iis.Actor, rows []uploadRow) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := w.actor(ctx); err != nil {
		return err
	}
	var good []uploadRow
	var given []ImportRow
	var bad []uploadRow
	for _, row := range rows {
		choice := w.choices[row.no]
		if row.wrong != "" || choice == chooseOut {
			bad = append(bad, row)
			continue
		}
		one := ImportRow{Organization: cmp.Or(row.Organization, string(a.Organization)), Client: row.Client, Values: row.Values}
		switch {
		case w.State == UploadChecking:
		case choice == chooseNew, choice == "" && w.EnterPossible:
			one.New = true
		default:
			one.Same = iis.ClientID(choice)
		}
		good, given = append(good, row), append(given, one)
	}
	if len(bad) > 0 {
		err := w.reg.update(ctx, func(tx *store.Tx) error {
			if err := tx.HoldsUpload(ctx, w.ID, w.Holder); err != nil {
				return err
			}
			for _, row := range bad {
				became := store.UploadRow{Outcome: string(ImportWrong), Reason: row.wrong}
				if row.wrong == "" {
					became.Outcome, became.Reason = string(ImportPossible), "left out, as was chosen"
				}
				if err := w.keep(ctx, tx, row, became); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	w.taking.noted = func(ctx context.Context, tx *store.Tx, i int, became Imported) error {
		if i == 0 || w.Kind == string(ImportOfImmunizations) {
			if err := tx.HoldsUpload(ctx, w.ID, w.Holder); err != nil {
				return err
			}
		}
		return w.keep(ctx, tx, good[i], keptRow(became))
	}
	in := w.taking.Clients
	if w.Kind == string(ImportOfImmunizations) {
		in = w.taking.Immunizations
	}
	if _, err := in(ctx, given); err != nil {
		return err
	}
	if time.Since(w.beat) < sweepBeat {
		return nil
	}
	w.beat = time.Now()
	return w.reg.update(ctx, func(tx *store.Tx) error { return tx.MoveUpload(ctx, w.ID, w.Holder) })
}

// keep notes what would become, or has become, of a row.
func (w *uploadWork) keep(ctx context.Context, tx *store.Tx, row uploadRow, became store.UploadRow) error {
	became.No, became.Line, became.Cells = row.no, row.Line, row.Record
	if w.State == UploadChecking {
		if err := w.choose(ctx, tx, row, &became); err != nil {
			return err
		}
		return tx.AddUploadRow(ctx, w.ID, became)
	}
	return tx.TakeUploadRow(ctx, w.ID, became)
}

// keptRow is what became of a row, as it is kept.
func keptRow(r Imported) store.UploadRow {
	k := store.UploadRow{Outcome: string(r.Outcome), Client: r.Client, Alike: r.Like, Reason: rowReason(r)}
	if len(r.Like) > 0 {
		k.Reason = "" // whoever asks is told those whom he may see
	}
	for _, f := range r.Fields {
		k.Fields = append(k.Fields, string(f))
		k.Renames = k.Renames || slices.Contains(renaming, f)
	}
	return k
}

// renaming are the fields by which people are known.
var renaming = []iis.Field{iis.FieldLast, iis.FieldFirst, iis.FieldBirthDate}

// rowReason says why a row is not taken in.
func rowReason(r Imported) string {
	if r.Err == nil {
		if r.Code != "" {
			return "kept for the help desk under the code " + r.Code
		}
		return ""
	}
	parts := []string{iis.TextOf(r.Err)}
	for _, p := range iis.ProblemsIn(r.Err) {
		parts = append(parts, p.Text)
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// finish notes that every row was looked at or taken in.
func (w *uploadWork) finish(ctx context.Context, a iis.Actor) error {
	defer wake(w.reg.mails)
	return w.reg.update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldsUpload(ctx, w.ID, w.Holder); err != nil {
			return err
		}
		u, was, what, about := w.Upload, w.State, "checked", store.MailChecked
		u.State = UploadChecked
		if was == UploadTaking {
			u.State, what, about = UploadTaken, "taken in", store.MailTaken
			counts, err := tx.CountUploadRows(ctx, w.ID)
			if err != nil {
				return err
			}
			rows := make(map[string]int, len(counts))
			for outcome, c := range counts {
				rows[outcome] = c.Rows
			}
			if err := tx.FinishImport(ctx, w.Batch, w.Digest, rows); err != nil {
				return err
			}
		}
		if err := tx.SetUpload(ctx, u, was); err != nil {
			return err
		}
		if err := w.tell(ctx, tx, a, about); err != nil {
			return err
		}
		return recordUpload(ctx, tx, a, u, what)
	})
}

// stop gives the file up for a reason that its sender is told.
func (w *uploadWork) stop(ctx context.Context, why error) error {
	defer wake(w.reg.mails)
	return w.reg.update(ctx, func(tx *store.Tx) error {
		if err := tx.HoldsUpload(ctx, w.ID, w.Holder); err != nil {
			return err
		}
		u, was, about := w.Upload, w.State, store.MailCheckStopped
		u.State, u.Trouble = UploadColumns, iis.TextOf(why)
		if was == UploadTaking {
			u.State, about = UploadTaken, store.MailTakingStopped
		} else if err := tx.DeleteUploadRows(ctx, w.ID); err != nil {
			return err
		}
		if err := tx.SetUpload(ctx, u, was); err != nil {
			return err
		}
		if iis.KindOf(why) != iis.Denied { // else the file is not his to look at any more
			if err := w.tell(ctx, tx, iis.Actor{}, about); err != nil {
				return err
			}
		}
		e := iis.Event{Action: iis.ActionUpload, User: w.User, Organization: w.Organization, Detail: iis.Detail{Subject: w.Kind, Note: w.ID, Reason: "stopped"}}
		return tx.Record(ctx, e)
	})
}
