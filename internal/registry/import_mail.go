package registry

import (
	"context"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// tell has the sender of a file told by e-mail that the work on it has ended, in the
// transaction that ends it. Where a page waits for that he sees it at once, and is
// told nothing more.
func (w *uploadWork) tell(ctx context.Context, tx *store.Tx, a iis.Actor, about store.MailAbout) error {
	if !w.behind || !w.reg.opts.Mail {
		return nil
	}
	counts, err := uploadCounts(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	m := store.Mail{User: w.User, About: about, Kind: w.Kind, Total: w.Total}
	for _, o := range []ImportOutcome{ImportWrong, ImportPossible, ImportHeld} {
		m.Attention += counts[o].Rows
	}
	if about == store.MailChecked {
		list, err := guards(ctx, tx, a, w.Upload, counts)
		if err != nil {
			return err
		}
		m.Asks = len(list) > 0
	}
	return w.reg.tell(ctx, tx, m)
}

// tellUndone has whoever asked for it on a page told by e-mail that a batch was taken
// back, if he was promised it. What ends the work, such as the command line, need not
// know a mail server: it is sent by a program that does.
func (r *Registry) tellUndone(ctx context.Context, tx *store.Tx, b store.ImportBatch) error {
	if !b.UndoMail || b.UndoAsked.IsZero() {
		return nil
	}
	_, kept, all, err := tx.CountImportTouched(ctx, b.ID)
	if err != nil {
		return err
	}
	return putMail(ctx, tx, store.Mail{User: b.UndoneBy, About: store.MailUndone, Kind: b.Kind, Total: all, Attention: kept})
}
