package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// rowMark tells a row from every other. The event of an import holds it, so that
// a row that was taken in before does not undo what was saved since.
func rowMark(o iis.OrganizationID, values iis.Values) string {
	h := sha256.New()
	h.Write([]byte(o))
	for _, f := range slices.Sorted(maps.Keys(values)) {
		h.Write([]byte("\x00" + string(f) + "\x00" + values[f]))
	}
	return "row " + hex.EncodeToString(h.Sum(nil)[:16])
}

// takenIn reports whether the row was taken in for the client before, by an import
// that was not undone.
func takenIn(ctx context.Context, tx *store.Tx, id iis.ClientID, mark string) (bool, error) {
	taken, err := marksOf(ctx, tx, id)
	return taken[mark], err
}

// marksOf returns the marks of the rows that were taken in for the client, by
// imports that were not undone.
func marksOf(ctx context.Context, tx *store.Tx, id iis.ClientID) (map[string]bool, error) {
	events, err := tx.FindEvents(ctx, store.EventQuery{Client: id, Actions: importActions})
	return marksIn(events), err
}

var importActions = []iis.Action{iis.ActionImport, iis.ActionUndoImport}

// readMarks reads the marks of the clients whom rows may change.
func (m *Import) readMarks(ctx context.Context, tx *store.Tx, all []*incoming) error {
	var ids []iis.ClientID
	for _, q := range all {
		if id := q.client(); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	of := map[iis.ClientID][]store.StoredEvent{}
	for some := range slices.Chunk(ids, store.MostKnown) {
		events, err := tx.FindEvents(ctx, store.EventQuery{Client: some[0], Also: some[1:], Actions: importActions})
		if err != nil {
			return err
		}
		for _, e := range events {
			of[e.Client] = append(of[e.Client], e)
		}
	}
	for _, q := range all {
		q.marks = marksIn(of[q.client()])
	}
	return nil
}

// marksIn are the marks in the events of one client.
func marksIn(events []store.StoredEvent) map[string]bool {
	marks, undone := map[string]bool{}, undoneOf(events)
	for _, e := range events {
		if e.Action != iis.ActionImport || undone[e.Detail.Note] {
			continue
		}
		// An event of immunizations holds the marks of several rows.
		for m := range strings.SplitSeq(e.Detail.Subject, ", ") {
			marks[m] = true
		}
	}
	return marks
}

// undoneOf returns the batches that were undone for the client of the events.
func undoneOf(events []store.StoredEvent) map[string]bool {
	undone := map[string]bool{}
	for _, e := range events {
		if e.Action == iis.ActionUndoImport {
			undone[e.Detail.Note] = true
		}
	}
	return undone
}
