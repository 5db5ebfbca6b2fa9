package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// TestUploadChoices: rows that may be of a client on file become what a person has
// chosen, and nobody can be chosen who is not among those found.
func TestUploadChoices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		text := "last_name,first_name,birth_date,gender,email\n" +
			"Duck,Donald,2009-09-21,M,one@example.org\n" +
			"Duck,Donny,2009-09-21,M,\n" +
			"Duck,Donovan,2009-09-21,M,\n" +
			"Duck,Dona,2009-09-21,M,\n"
		u := send(t, reg, registry.ImportOfClients, text)
		work(t, db, u.ID)
		rows, err := reg.UploadRows(t.Context(), sender, u.ID, registry.ImportPossible, false, 0, 9)
		if err != nil || len(rows) != 4 || len(rows[0].Like) != 1 || rows[0].Like[0].ID != sample.Don {
			t.Fatalf("close matches = %+v, %v; want four rows that may be Don", rows, err)
		}
		for _, bad := range []string{string(sample.SameNameElder), "777", "robot"} {
			if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: bad}); iis.KindOf(err) != iis.Invalid {
				t.Errorf("the choice %q = %v, want invalid", bad, err)
			}
		}
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: string(sample.Don), 2: "out"}); err != nil {
			t.Fatal(err)
		}
		before := wholeOf(t, db, sample.Don)
		u = approve(t, reg, u.ID, registry.Approval{Choices: map[int]string{2: "new", 3: "out"}})
		work(t, db, u.ID)
		if got, want := outcomes(t, reg, u.ID), "1 changed, 1 new, 2 possible"; got != want {
			t.Errorf("taken in = %s, want %s", got, want)
		}
		after := wholeOf(t, db, sample.Don)
		if after.Client.Email != "one@example.org" || after.Client.Name != before.Client.Name {
			t.Errorf("Don = %s with %s, want his name and the e-mail of the first row", after.Client.Name.First, after.Client.Email)
		}
		fresh, err := reg.UploadRows(t.Context(), sender, u.ID, registry.ImportAdded, false, 0, 9)
		if err != nil || len(fresh) != 1 || fresh[0].No != 2 {
			t.Fatalf("new = %+v, %v; want the second row", fresh, err)
		}
		// The two wait for a second look, as with every such entry.
		err = db.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Duplicate(t.Context(), sample.Don, fresh[0].Client)
			return err
		})
		if err != nil {
			t.Errorf("the pair of Don and the new client: %v", err)
		}
	})
}

// TestUploadChoicesOfImmunizations: an immunization of somebody who may be on file is
// that client's if a person says so, and never a new client's.
func TestUploadChoicesOfImmunizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		text := "last_name,first_name,birth_date,gender,date,cvx,lot\n" +
			"Duck,Donald,2009-09-21,M,2015-10-01,141,A1\nDuck,Donald,2009-09-21,M,2016-10-01,141,B2\n"
		u := send(t, reg, registry.ImportOfImmunizations, text)
		work(t, db, u.ID)
		if got, want := outcomes(t, reg, u.ID), "2 possible"; got != want {
			t.Fatalf("the check = %s, want %s", got, want)
		}
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: "new"}); iis.KindOf(err) != iis.Invalid {
			t.Errorf("a new client for an immunization = %v, want invalid", err)
		}
		before := len(wholeOf(t, db, sample.Don).Doses)
		approve(t, reg, u.ID, registry.Approval{EnterPossible: true, Choices: map[int]string{1: string(sample.Don)}})
		work(t, db, u.ID)
		if got, want := outcomes(t, reg, u.ID), "1 new, 1 possible"; got != want {
			t.Errorf("taken in = %s, want %s", got, want)
		}
		if got := len(wholeOf(t, db, sample.Don).Doses) - before; got != 1 {
			t.Errorf("%d immunizations more, want 1", got)
		}
	})
}

// TestUploadRowsHideClients: a client who is hidden since the check is told with no row.
func TestUploadRowsHideClients(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, "last_name,first_name,birth_date,gender,email\n"+
			"Duck,Don,2009-09-21,M,don@example.org\nDuck,Donald,2009-09-21,M,\n")
		work(t, db, u.ID)
		ask := func() (changed, possible []registry.ReviewRow) {
			t.Helper()
			changed, err := reg.UploadRows(t.Context(), sender, u.ID, registry.ImportChanged, false, 0, 9)
			if err != nil {
				t.Fatal(err)
			}
			possible, err = reg.UploadRows(t.Context(), sender, u.ID, registry.ImportPossible, false, 0, 9)
			if err != nil || len(changed) != 1 || len(possible) != 1 {
				t.Fatalf("%d changed, %d possible, %v; want 1 and 1", len(changed), len(possible), err)
			}
			return changed, possible
		}
		changed, possible := ask()
		if changed[0].OnFile.ID != sample.Don || possible[0].Like[0].ID != sample.Don {
			t.Errorf("clients of the rows = %s, %v; want Don", changed[0].OnFile.ID, possible[0].Like)
		}
		if !strings.Contains(possible[0].Reason, "may be the client "+string(sample.Don)) {
			t.Errorf("reason = %q, want the client's ID", possible[0].Reason)
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.Client(t.Context(), sample.Don)
			if err != nil {
				return err
			}
			c.LockedTo, c.Version = sample.RiversideClinic, c.Version+1
			return tx.PutClient(t.Context(), c)
		})
		if err != nil {
			t.Fatal(err)
		}
		changed, possible = ask()
		if changed[0].Client != "" || changed[0].OnFile.ID != "" || len(possible[0].Like) > 0 {
			t.Errorf("rows of a hidden client tell %q, %q, %v; want nothing", changed[0].Client, changed[0].OnFile.ID, possible[0].Like)
		}
		bad, err := reg.BadUploadRows(t.Context(), sender, u.ID)
		if err != nil || len(bad) != 1 || strings.Contains(possible[0].Reason+bad[0].Reason, string(sample.Don)) {
			t.Errorf("reasons = %q, %q, %v; want none with the ID of a hidden client", possible[0].Reason, bad[0].Reason, err)
		}
	})
}

// TestUploadGuards: what looks wrong as a whole has to be confirmed, each by itself.
func TestUploadGuards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		names := func(id string) (list []string) {
			t.Helper()
			v, err := reg.ReviewUpload(t.Context(), sender, id)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range v.Guards {
				list = append(list, fmt.Sprintf("%s %d of %d", g.Name, g.Rows, g.Of))
			}
			return list
		}
		u := send(t, reg, registry.ImportOfClients, newcomers(20))
		work(t, db, u.ID)
		if got := names(u.ID); !slices.Equal(got, []string{"few 0 of 20"}) {
			t.Errorf("guards of a file of strangers = %q, want few", got)
		}
		if err := reg.ApproveUpload(t.Context(), sender, u.ID, registry.Approval{Sure: []string{"names"}}); len(iis.ProblemsIn(err)) != 1 {
			t.Errorf("approval that confirms another guard = %v, want one problem", err)
		}
		approve(t, reg, u.ID, registry.Approval{Sure: []string{registry.GuardFew}})
		work(t, db, u.ID)
		// The same file once more, and then with other names beside the chart numbers.
		again := send(t, reg, registry.ImportOfClients, newcomers(20))
		work(t, db, again.ID)
		if got := names(again.ID); !slices.Equal(got, []string{"twice 20 of 20"}) {
			t.Errorf("guards of the same file = %q, want twice", got)
		}
		other := strings.ReplaceAll(newcomers(20), "Nils", "Nora")
		shifted := send(t, reg, registry.ImportOfClients, other)
		work(t, db, shifted.ID)
		if got := names(shifted.ID); !slices.Equal(got, []string{"names 20 of 20"}) {
			t.Errorf("guards of a file with other first names = %q (%s), want names", got, outcomes(t, reg, shifted.ID))
		}
		// What is undone does not count any more.
		if err := reg.StartUndo(t.Context(), sender, uploadNow(t, reg, u.ID).Batch); err != nil {
			t.Fatal(err)
		}
		if err := reg.WorkUndo(t.Context(), uploadNow(t, reg, u.ID).Batch, time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := names(again.ID); len(got) != 0 {
			t.Errorf("guards of a file that was undone = %q, want none", got)
		}
	})
}
