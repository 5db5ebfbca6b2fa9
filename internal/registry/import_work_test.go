package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// work works on a file to its end, by turns of a registry that was just begun.
func work(t *testing.T, db *store.DB, id string) (turns int) {
	t.Helper()
	for turns = 1; ; turns++ {
		reg := registry.New(db, registry.Options{})
		if err := reg.WorkUpload(t.Context(), id, 0); err != nil {
			t.Fatal(err)
		}
		if u := uploadNow(t, reg, id); u.State != registry.UploadChecking && u.State != registry.UploadTaking {
			return turns
		}
	}
}

// TestUploadResumes: a file that is looked at and taken in by one turn after another,
// each of a program that was just begun, becomes what it would have become at once:
// every row is looked at and taken in once.
func TestUploadResumes(t *testing.T) {
	registry.SetUploadStep(t, 7)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		text := newcomers(30) + "Bad,Bea,2001-02-30,F,\nshort\n" + "Duck,Don,2009-09-21,,\nAAAAA,Nils,1970-01-01,M,N-0\n"
		u := send(t, reg, registry.ImportOfClients, text)
		if turns := work(t, db, u.ID); turns < 4 {
			t.Errorf("checked in %d turns, want one for each 7 rows", turns)
		}
		if got, want := outcomes(t, reg, u.ID), "31 new, 1 same, 2 wrong"; got != want {
			t.Errorf("the check = %s, want %s", got, want)
		}
		u = approve(t, reg, u.ID, registry.Approval{Sure: []string{registry.GuardFew}})
		if u.State != registry.UploadTaking || u.Total != 34 || u.Done != 0 {
			t.Errorf("approved: %s, %d of %d rows; want taking, 0 of 34", u.State, u.Done, u.Total)
		}
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		if u = uploadNow(t, reg, u.ID); u.Done == 0 || u.Done >= u.Total {
			t.Errorf("%d of %d rows after the first turn, want some", u.Done, u.Total)
		}
		work(t, db, u.ID)
		want := "30 new, 2 same, 2 wrong" // the last row is the first once more
		if got := outcomes(t, reg, u.ID); got != want {
			t.Errorf("taken in = %s, want %s", got, want)
		}
		b, _, err := reg.ImportedBatch(t.Context(), sender, u.Batch)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]int{"new": 30, "same": 2, "wrong": 2}, b.Counts); diff != "" || b.Finished.IsZero() {
			t.Errorf("the batch, finished %s (-want +got):\n%s", b.Finished, diff)
		}
		touched, entered := 0, 0
		err = db.View(t.Context(), func(tx *store.Tx) error {
			touched, entered = 0, 0
			ids, err := tx.ImportTouched(t.Context(), u.Batch, "", 100)
			for _, id := range ids {
				events, err := tx.Events(t.Context(), id, 0)
				if err != nil {
					return err
				}
				touched, entered = touched+1, entered+len(events)
			}
			return err
		})
		if err != nil || touched != 30 || entered != 30 {
			t.Errorf("%d clients and %d events of the batch (%v), want 30 and 30", touched, entered, err)
		}
	})
}

// TestUploadOneAtATime: while somebody works on a file nobody else does, until he has
// given no sign of life for a while; what he then still writes is refused.
func TestUploadOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(3))
		take := func(holder string, since time.Duration) (taken bool) {
			t.Helper()
			err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
				taken, err = tx.TakeUpload(t.Context(), u.ID, holder, "", 0, tx.Now.Add(since))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return taken
		}
		if !take("first", -time.Minute) {
			t.Fatal("nobody works on the file, and it cannot be taken")
		}
		if err := reg.WorkUpload(t.Context(), u.ID, time.Minute); iis.KindOf(err) != iis.Conflict {
			t.Errorf("work on a file on which another works = %v, want a conflict", err)
		}
		if !take("second", time.Hour) { // as if an hour had gone by
			t.Fatal("a file on which nobody has worked for an hour cannot be taken")
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.HoldsUpload(t.Context(), u.ID, "first") })
		if iis.KindOf(err) != iis.Conflict {
			t.Errorf("a step of who has lost the file = %v, want a conflict", err)
		}
		// Whoever says anew how the columns are read ends the work that went on.
		if err := reg.ColumnsAgain(t.Context(), sender, u.ID); err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), func(tx *store.Tx) error { return tx.HoldsUpload(t.Context(), u.ID, "second") })
		if iis.KindOf(err) != iis.Conflict {
			t.Errorf("a step on a file whose columns are said anew = %v, want a conflict", err)
		}
		row := store.UploadRow{No: 1, Line: 2, Outcome: "new"}
		add := func() error {
			return db.Update(t.Context(), func(tx *store.Tx) error { return tx.AddUploadRow(t.Context(), u.ID, row) })
		}
		if err := add(); err != nil {
			t.Fatal(err)
		}
		if err := add(); iis.KindOf(err) != iis.Conflict {
			t.Errorf("a row looked at twice = %v, want a conflict", err)
		}
		if err := reg.DropUpload(t.Context(), sender, u.ID); err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), func(tx *store.Tx) error { return tx.HoldsUpload(t.Context(), u.ID, "second") })
		if iis.KindOf(err) != iis.Conflict {
			t.Errorf("a step on a file that was dropped = %v, want a conflict", err)
		}
		if err := reg.WorkUpload(t.Context(), u.ID, time.Minute); iis.KindOf(err) != iis.NotFound {
			t.Errorf("work on a file that was dropped = %v, want not found", err)
		}
	})
}

// TestUploadRoleLost: who loses his role while his file waits is not worked for.
func TestUploadRoleLost(t *testing.T) {
	registry.SetUploadStep(t, 5)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		first, second := send(t, reg, registry.ImportOfClients, newcomers(12)), send(t, reg, registry.ImportOfClients, newcomers(12))
		work(t, db, second.ID)
		second = approve(t, reg, second.ID, registry.Approval{})
		if err := reg.WorkUpload(t.Context(), second.ID, 0); err != nil {
			t.Fatal(err)
		}
		grantSender(t, db, iis.ReportsOnly)
		work(t, db, first.ID)
		work(t, db, second.ID)
		first, second = uploadNow(t, reg, first.ID), uploadNow(t, reg, second.ID)
		if first.State != registry.UploadColumns || first.Trouble == "" {
			t.Errorf("the file to be checked is %s, trouble %q; want columns with trouble", first.State, first.Trouble)
		}
		if second.State != registry.UploadTaken || second.Trouble == "" {
			t.Errorf("the file to be taken in is %s, trouble %q; want given up with trouble", second.State, second.Trouble)
		}
		b, _, err := reg.ImportedBatch(t.Context(), sender, second.Batch)
		if err != nil || !b.Finished.IsZero() {
			t.Errorf("the batch that was given up: finished %s, %v; want not finished", b.Finished, err)
		}
	})
}

// TestUndoInTurns: a batch is taken back by one turn after another, and not twice.
func TestUndoInTurns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(6))
		work(t, db, u.ID)
		u = approve(t, reg, u.ID, registry.Approval{})
		if err := reg.StartUndo(t.Context(), sender, u.Batch); iis.KindOf(err) != iis.Conflict {
			t.Errorf("undo of what is being taken in = %v, want a conflict", err)
		}
		if _, err := reg.UndoImport(t.Context(), operator, u.Batch, nil); iis.KindOf(err) != iis.Conflict {
			t.Errorf("UndoImport of what is being taken in = %v, want a conflict", err)
		}
		work(t, db, u.ID)
		if err := reg.StartUndo(t.Context(), sender, u.Batch); err != nil {
			t.Fatal(err)
		}
		if err := reg.StartUndo(t.Context(), sender, u.Batch); iis.KindOf(err) != iis.Conflict {
			t.Errorf("undo asked twice = %v, want a conflict", err)
		}
		turns := 0
		for range 20 {
			b, _, err := reg.ImportedBatch(t.Context(), sender, u.Batch)
			if err != nil {
				t.Fatal(err)
			}
			if !b.Undone.IsZero() {
				break
			}
			turns++
			if err := registry.New(db, registry.Options{}).WorkUndo(t.Context(), u.Batch, 0); err != nil {
				t.Fatal(err)
			}
		}
		p, err := reg.UndoProgress(t.Context(), sender, u.Batch)
		if err != nil || p.Done != 6 || p.Total != 6 || turns < 3 {
			t.Errorf("undone %d of %d in %d turns, %v; want 6 of 6 in some", p.Done, p.Total, turns, err)
		}
	})
}

// TestUploadOfUndone: when the batch of a file was undone while the file is taken in,
// nothing more is written, and its sender is told.
func TestUploadOfUndone(t *testing.T) {
	registry.SetUploadStep(t, 5)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(12))
		work(t, db, u.ID)
		u = approve(t, reg, u.ID, registry.Approval{})
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		before := state(t, db)["clients"]
		err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.UndoImport(t.Context(), u.Batch, operator.User) })
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		if u = uploadNow(t, reg, u.ID); u.State != registry.UploadTaken || u.Trouble == "" {
			t.Errorf("the file is %s, trouble %q; want given up with trouble", u.State, u.Trouble)
		}
		if diff := cmp.Diff(before, state(t, db)["clients"]); diff != "" {
			t.Errorf("clients (-when it was undone +after):\n%s", diff)
		}
	})
}

// TestUploadTakenAgainDuringUndo: a batch is not marked as undone while its file is
// being taken in, whenever that began.
func TestUploadTakenAgainDuringUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(2))
		work(t, db, u.ID)
		u = approve(t, reg, u.ID, registry.Approval{})
		work(t, db, u.ID)
		set := func(is, was store.UploadState) {
			t.Helper()
			up := uploadNow(t, reg, u.ID).Upload
			up.State = is
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.SetUpload(t.Context(), up, was) }); err != nil {
				t.Fatal(err)
			}
		}
		_, err := reg.UndoImport(t.Context(), sender, u.Batch, func(n int) {
			if n == 2 {
				set(store.UploadTaking, store.UploadTaken)
			}
		})
		if iis.KindOf(err) != iis.Conflict {
			t.Errorf("UndoImport = %v, want a conflict", err)
		}
		set(store.UploadTaken, store.UploadTaking)
		if _, err := reg.UndoImport(t.Context(), sender, u.Batch, nil); err != nil {
			t.Errorf("UndoImport when the file is taken in = %v, want it done", err)
		}
	})
}

// TestUploadOlderThanItsLife: a file that was approved in time is taken in to its end
// and can be seen meanwhile, however old it becomes; one that only waits is forgotten.
func TestUploadOlderThanItsLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u, waits := send(t, reg, registry.ImportOfClients, newcomers(3)), send(t, reg, registry.ImportOfClients, newcomers(4))
		work(t, db, u.ID)
		u = approve(t, reg, u.ID, registry.Approval{})
		registry.SetUploadLife(t, -time.Hour)
		if got, err := reg.Upload(t.Context(), sender, u.ID); err != nil || got.State != registry.UploadTaking {
			t.Errorf("Upload of an old file that is being taken in = %s, %v; want it", got.State, err)
		}
		if list, err := reg.Uploads(t.Context(), sender); err != nil || len(list) != 1 || list[0].ID != u.ID {
			t.Errorf("Uploads = %d files, %v; want the one that is being taken in", len(list), err)
		}
		if worked, err := reg.Turn(t.Context()); err != nil || !worked {
			t.Errorf("Turn = %t, %v; want work", worked, err)
		}
		for _, id := range []string{u.ID, waits.ID} {
			if _, err := reg.Upload(t.Context(), sender, id); iis.KindOf(err) != iis.NotFound {
				t.Errorf("Upload of an old file = %v, want NotFound", err)
			}
		}
		b, _, err := reg.ImportedBatch(t.Context(), sender, u.Batch)
		if err != nil || b.Counts["new"] != 3 || b.Finished.IsZero() {
			t.Errorf("the batch = %v, finished %s, %v; want 3 new, finished", b.Counts, b.Finished, err)
		}
		if worked, err := reg.Turn(t.Context()); err != nil || worked {
			t.Errorf("the next Turn = %t, %v; want nothing to do", worked, err)
		}
	})
}
