package registry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// mailer is a registry with a mail server over the database of uploader, whose sender
// has an e-mail address.
func mailer(t *testing.T, db *store.DB) *registry.Registry {
	t.Helper()
	uploader(t, db)
	changeSender(t, db, func(u *iis.User) { u.Email = "sender@example.org" })
	return registry.New(db, registry.Options{Mail: true, Zone: time.UTC})
}

func changeSender(t *testing.T, db *store.DB, change func(*iis.User)) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		u, err := tx.User(t.Context(), sender.User)
		if err != nil {
			return err
		}
		change(&u)
		return tx.PutUser(t.Context(), u)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// outbox is the mail that waits.
func outbox(t *testing.T, db *store.DB) (list []store.Mail) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) (err error) {
		list, err = tx.DueMail(t.Context(), 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(list, func(a, b store.Mail) int { return a.Made.Compare(b.Made) })
	return list
}

// behind works behind the pages on whatever is open.
func behind(t *testing.T, reg *registry.Registry) {
	t.Helper()
	for again := true; again; {
		var err error
		if again, err = reg.Turn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// mixed is a file of which 30 rows are of nobody on file, one is of a client on file,
// one may be of him, and two cannot be read.
func mixed() string {
	return newcomers(30) + "Bad,Bea,2001-02-30,F,\nshort\n" + "Duck,Don,2009-09-21,M,\nDuck,Donald,2009-09-21,,\n"
}

var sameMail = cmpopts.IgnoreFields(store.Mail{}, "ID", "Made", "Next", "State")

// TestMailOfUpload: what ends behind the pages puts one mail into the outbox, in the
// transaction that ends it: whoever looks finds both or neither.
func TestMailOfUpload(t *testing.T) {
	registry.SetUploadStep(t, 7)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := mailer(t, db)
		u := send(t, reg, registry.ImportOfClients, mixed())
		stop, watched := make(chan struct{}), make(chan error, 1)
		go func() { // ends when it is told, or has seen one without the other
			for {
				err := db.View(t.Context(), func(tx *store.Tx) error {
					now, err := tx.Upload(t.Context(), u.ID)
					if err != nil {
						return err
					}
					n, _, err := tx.CountMail(t.Context())
					if err == nil && (now.State == store.UploadChecked) != (n == 1) {
						err = fmt.Errorf("the file is %s and %d mails wait", now.State, n)
					}
					return err
				})
				select {
				case <-stop:
					watched <- err
					return
				default:
				}
				if err != nil {
					watched <- err
					return
				}
			}
		}()
		behind(t, reg)
		close(stop)
		if err := <-watched; err != nil {
			t.Error(err)
		}
		if got, want := outcomes(t, reg, u.ID), "30 new, 1 possible, 1 same, 2 wrong"; got != want {
			t.Fatalf("the check = %s, want %s", got, want)
		}
		checked := store.Mail{User: sender.User, About: store.MailChecked, Kind: "clients", Total: 34, Attention: 3, Asks: true}
		if diff := cmp.Diff([]store.Mail{checked}, outbox(t, db), sameMail); diff != "" {
			t.Errorf("after the check (-want +got):\n%s", diff)
		}
		u = approve(t, reg, u.ID, registry.Approval{Sure: []string{registry.GuardFew}})
		behind(t, reg)
		taken := store.Mail{User: sender.User, About: store.MailTaken, Kind: "clients", Total: 34, Attention: 3}
		if diff := cmp.Diff([]store.Mail{checked, taken}, outbox(t, db), sameMail); diff != "" {
			t.Errorf("after the file was taken in (-want +got):\n%s", diff)
		}
		if err := reg.StartUndo(t.Context(), sender, u.Batch); err != nil {
			t.Fatal(err)
		}
		behind(t, reg)
		undone := store.Mail{User: sender.User, About: store.MailUndone, Kind: "clients", Total: 30}
		if diff := cmp.Diff([]store.Mail{checked, taken, undone}, outbox(t, db), sameMail); diff != "" {
			t.Errorf("after the undo (-want +got):\n%s", diff)
		}
	})
}

// TestMailOfStopped: who has sent a file is told that it cannot be gone on with.
func TestMailOfStopped(t *testing.T) {
	registry.SetUploadStep(t, 5)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := mailer(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(12))
		work(t, db, u.ID)
		u = approve(t, reg, u.ID, registry.Approval{})
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.UndoImport(t.Context(), u.Batch, operator.User) })
		if err != nil {
			t.Fatal(err)
		}
		behind(t, reg)
		stopped := store.Mail{User: sender.User, About: store.MailTakingStopped, Kind: "clients", Total: 12}
		if diff := cmp.Diff([]store.Mail{stopped}, outbox(t, db), sameMail); diff != "" {
			t.Errorf("after the file was given up (-want +got):\n%s", diff)
		}
	})
}

// TestMailOfNothing: nobody is told by e-mail what he sees on the next page, what he
// may not look at any more, or though he does not want it; and without a mail server
// nothing is kept.
func TestMailOfNothing(t *testing.T) {
	for name, test := range map[string]struct {
		options registry.Options
		change  func(*iis.User)
		work    func(t *testing.T, reg *registry.Registry, db *store.DB, id string)
	}{
		"no mail server":         {},
		"no address":             {options: registry.Options{Mail: true}, change: func(u *iis.User) { u.Email = "" }},
		"not wanted":             {options: registry.Options{Mail: true}, change: func(u *iis.User) { u.NoMail = true }},
		"while the page waits":   {options: registry.Options{Mail: true}, work: waiting},
		"without the role":       {options: registry.Options{Mail: true}, work: demoted},
		"a deactivated account":  {options: registry.Options{Mail: true}, change: func(u *iis.User) { u.State = iis.UserDeactivated }},
		"dropped, then finished": {options: registry.Options{Mail: true}, work: dropped},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				mailer(t, db)
				reg := registry.New(db, test.options)
				u := send(t, reg, registry.ImportOfClients, newcomers(3))
				if test.change != nil {
					changeSender(t, db, test.change)
				}
				if test.work != nil {
					test.work(t, reg, db, u.ID)
				}
				behind(t, reg)
				if got := outbox(t, db); len(got) != 0 {
					t.Errorf("the outbox holds %v, want nothing", got)
				}
			})
		})
	}
}

// waiting works on a file while a page waits for it: its check, taking it in, and the
// undo.
func waiting(t *testing.T, reg *registry.Registry, db *store.DB, id string) {
	t.Helper()
	if err := reg.WorkUpload(t.Context(), id, time.Minute); err != nil {
		t.Fatal(err)
	}
	u := approve(t, reg, id, registry.Approval{})
	if err := reg.WorkUpload(t.Context(), id, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := reg.StartUndo(t.Context(), sender, u.Batch); err != nil {
		t.Fatal(err)
	}
	if err := reg.WorkUndo(t.Context(), u.Batch, time.Minute); err != nil {
		t.Fatal(err)
	}
	if b, _, err := reg.ImportedBatch(t.Context(), sender, u.Batch); err != nil || b.Undone.IsZero() {
		t.Errorf("the import is undone: %v, %v", !b.Undone.IsZero(), err)
	}
}

func demoted(t *testing.T, _ *registry.Registry, db *store.DB, _ string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutGrant(t.Context(), iis.Grant{User: sender.User, Organization: iis.Organization{ID: sender.Organization}, Role: iis.ReportsOnly})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func dropped(t *testing.T, reg *registry.Registry, _ *store.DB, id string) {
	t.Helper()
	if err := reg.DropUpload(t.Context(), sender, id); err != nil {
		t.Fatal(err)
	}
}

// TestMailUndoByCommand: whoever asked for an undo on a page is told by e-mail though it
// is the command line that ends it, which knows of no mail server.
func TestMailUndoByCommand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := mailer(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(10))
		behind(t, reg)
		u = approve(t, reg, u.ID, registry.Approval{})
		behind(t, reg)
		before := len(outbox(t, db))
		if err := reg.StartUndo(t.Context(), sender, u.Batch); err != nil {
			t.Fatal(err)
		}
		if _, err := registry.New(db, registry.Options{}).UndoImport(t.Context(), operator, u.Batch, nil); err != nil {
			t.Fatal(err)
		}
		behind(t, reg)
		mails := outbox(t, db)[before:]
		if len(mails) != 1 || mails[0].User != sender.User || mails[0].About != store.MailUndone {
			t.Errorf("the mails of the undo are %+v, want one to who has asked for it", mails)
		}
	})
}
