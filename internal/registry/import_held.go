package registry

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// hold keeps a row for the help desk. Its code comes from the row, so that the
// same row again is the same entry.
func (m *Import) hold(ctx context.Context, tx *store.Tx, a iis.Actor, values iis.Values, changes []iis.Change) (Imported, error) {
	body, err := json.Marshal(iis.Draft{Changes: changes})
	if err != nil {
		return Imported{}, err
	}
	sum := sha256.Sum256(append([]byte(a.Organization+"\x00"), body...))
	letters := base32.StdEncoding.EncodeToString(sum[:])
	for at := 0; at+6 <= len(letters); at += 6 {
		code := letters[at : at+6]
		was, err := tx.HeldEntry(ctx, code)
		switch {
		case err == nil && was.Organization == a.Organization && was.Body == string(body):
			return Imported{Outcome: ImportHeld, Code: code}, m.holdAgain(ctx, tx, a, was)
		case err == nil:
			continue // another entry has this code
		case iis.KindOf(err) != iis.NotFound:
			return Imported{}, err
		}
		id := iis.NewID()
		err = tx.PutHeldEntry(ctx, store.HeldEntry{
			ID: id, Code: code, User: a.User, Organization: a.Organization,
			Body: string(body), Reason: "import", Held: tx.Now,
		})
		if err != nil {
			return Imported{}, err
		}
		if err := tx.HoldImport(ctx, m.batch, id, true); err != nil {
			return Imported{}, err
		}
		return Imported{Outcome: ImportHeld, Code: code},
			record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Reason: "import"})
	}
	return Imported{}, iis.Errorf(iis.Busy, "no code is free for the entry")
}

// holdAgain notes that a row was held before. It waits anew if it was dropped only
// because the import that held it was undone.
func (m *Import) holdAgain(ctx context.Context, tx *store.Tx, a iis.Actor, h store.HeldEntry) error {
	if h.Outcome == heldUndone {
		if err := tx.ReopenHeldEntry(ctx, h.Code); err != nil {
			return err
		}
		if err := record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: h.Code, Reason: "import"}); err != nil {
			return err
		}
	}
	return tx.HoldImport(ctx, m.batch, h.ID, false)
}

// dropHeld resolves the entries that a batch alone has held and that wait, and
// returns how many there were.
func dropHeld(ctx context.Context, tx *store.Tx, a iis.Actor, batch string) (int, error) {
	codes, err := tx.ImportHeld(ctx, batch)
	if err != nil {
		return 0, err
	}
	for _, code := range codes {
		if err := tx.ResolveHeldEntry(ctx, code, a.User, heldUndone); err != nil {
			return 0, err
		}
		if err := record(ctx, tx, a, iis.ActionHold, "", iis.Detail{Subject: code, Note: heldUndone, Reason: "import " + batch}); err != nil {
			return 0, err
		}
	}
	return len(codes), nil
}

// markedDeceased returns the client of a row that says he is deceased, and whom the
// organization itself has marked so: since then it cannot see him, and the row is not
// news.
func markedDeceased(ctx context.Context, tx *store.Tx, q *incoming) (iis.ClientID, error) {
	if q.values[iis.FieldStatus] != string(iis.StatusDeceased) {
		return "", nil
	}
	rows, err := tx.NamesCalledBorn(ctx, everyone, q.told.Last, q.told.First, q.born, manyRows)
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		c, err := tx.Client(ctx, row.Client)
		if err != nil {
			return "", err
		}
		if c.Deceased() && c.Death.By == q.actor.Organization && (c.LockedTo == "" || c.LockedTo == q.actor.Organization) {
			return c.ID, nil
		}
	}
	return "", nil
}
