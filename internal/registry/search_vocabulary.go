package registry

import (
	"context"
	"sync"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// vocabularies are the names on file, by which misspelled ones are put right.
// They are read when first needed and then kept up to date.
type vocabularies struct {
	last, first match.Vocabulary

	mu    sync.Mutex
	asked time.Time // when the names were last read
}

const (
	// vocabularyAge is how old the vocabulary may be. What this process itself
	// saves is in it at once; this is for others on the same database.
	vocabularyAge = time.Second
	// vocabularyOverlap is longer than a transaction that adds names may take, and
	// than the clocks of two machines on one database may differ.
	vocabularyOverlap = time.Minute
)

func (v *vocabularies) refresh(ctx context.Context, tx *store.Tx) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.asked.IsZero() && tx.Now.Sub(v.asked).Abs() < vocabularyAge {
		return nil
	}
	var since time.Time
	if !v.asked.IsZero() {
		since = v.asked.Add(-vocabularyOverlap)
	}
	lasts, firsts, err := tx.VocabularySince(ctx, since)
	if err != nil {
		return err
	}
	v.last.Add(lasts...)
	v.first.Add(firsts...)
	v.asked = tx.Now
	return nil
}

// Warm reads what searches need in memory, so that the first one does not wait
// for it: about a second for a million clients. It makes the current schedule
// ready too.
func (r *Registry) Warm(ctx context.Context) error {
	return r.view(ctx, func(tx *store.Tx) error {
		if _, err := r.scheduleAlarm(ctx, tx); err != nil {
			return err
		}
		return r.vocab.refresh(ctx, tx)
	})
}

// add puts in the names of a client that is being saved. Should the save come
// to nothing, a name that leads nowhere does no harm.
func (v *vocabularies) add(names []iis.NameKey) {
	for _, k := range names {
		v.last.Add(k.Last)
		v.first.Add(k.First)
	}
}
