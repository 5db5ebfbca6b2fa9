package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

const (
	// killedRows is how many rows the file has in whose work the program is killed.
	killedRows = 1200
	// soon is how long after a kill the next program is to be at it, starting included:
	// less than the lease of the one that was killed.
	soon = 20 * time.Second
)

// TestKillImport kills the program while it checks a file, takes it in and takes it
// back: the next one goes on without waiting for the lease of the first, and every row
// is looked at, taken in and taken back once.
func TestKillImport(t *testing.T) {
	eachEngine(t, func(t *testing.T, address string) {
		fillForKill(t, address)
		s := newSession(t)
		db, err := store.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		reg := registry.New(db, registry.Options{})
		admin := iis.Actor{User: "user-admin", UserName: "admin", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}
		var text strings.Builder
		text.WriteString("last_name,first_name,birth_date,gender\n")
		random := rand.New(rand.NewPCG(3, 4))
		letters := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteByte('A' + byte(random.IntN(26)))
			}
			return b.String()
		}
		for range killedRows {
			fmt.Fprintf(&text, "%s,%s,%d-%02d-%02d,M\n", letters(9), letters(7), 1930+random.IntN(90), 1+random.IntN(12), 1+random.IntN(28))
		}
		id, err := reg.KeepUpload(t.Context(), admin, registry.ImportOfClients, text.String())
		if err != nil {
			t.Fatal(err)
		}
		upload := func() registry.Upload {
			t.Helper()
			u, err := reg.Upload(t.Context(), admin, id)
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		start := func() *running {
			p := s.start("serve", "--database", address, "--listen", "127.0.0.1:0")
			go func() {
				for range p.lines { // so that the program does not wait for its log to be read
				}
			}()
			return p
		}
		await := func(what string, f func() bool) {
			t.Helper()
			tick, limit := time.NewTicker(2*time.Millisecond), time.After(2*time.Minute)
			defer tick.Stop()
			for !f() {
				select {
				case <-tick.C:
				case <-limit:
					t.Fatalf("in two minutes it does not come to pass: %s", what)
				}
			}
		}
		// cut lets a program work until it is in the midst of something, kills it, and
		// lets another go on to the end.
		cut := func(what string, amid, goesOn, ended func() bool) {
			t.Helper()
			p := start()
			await(what+" begins", amid)
			if err := p.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-p.done
			killed := time.Now()
			if ended() {
				t.Fatalf("%s: done before the program was killed", what)
			}
			p = start()
			await(what+" goes on", func() bool { return goesOn() || ended() })
			if took := time.Since(killed); took > soon {
				t.Errorf("%s goes on %s after the kill, want it within %s", what, took.Round(time.Millisecond), soon)
			}
			await(what+" ends", ended)
			p.stop()
		}
		var from int
		amid := func() bool { from = upload().Done; return from > killedRows/10 }
		goesOn := func() bool { return upload().Done > from+100 }

		if err := reg.CheckUpload(t.Context(), admin, id, upload().Mapping); err != nil {
			t.Fatal(err)
		}
		cut("the check", amid, goesOn, func() bool { return upload().State == registry.UploadChecked })
		if err := reg.ApproveUpload(t.Context(), admin, id, registry.Approval{Sure: []string{registry.GuardFew}}); err != nil {
			t.Fatal(err)
		}
		cut("taking in", amid, goesOn, func() bool { return upload().State == registry.UploadTaken })
		batch := upload().Batch
		b, _, err := reg.ImportedBatch(t.Context(), admin, batch)
		if err != nil || b.Counts[string(registry.ImportAdded)] != killedRows {
			t.Fatalf("taken in = %v, %v; want %d new", b.Counts, err, killedRows)
		}
		var clients []iis.ClientID
		err = db.View(t.Context(), func(tx *store.Tx) (err error) {
			clients, err = tx.ImportTouched(t.Context(), batch, "", killedRows+1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := reg.StartUndo(t.Context(), admin, batch); err != nil {
			t.Fatal(err)
		}
		undone := func() int {
			t.Helper()
			u, err := reg.UndoProgress(t.Context(), admin, batch)
			if err != nil {
				t.Fatal(err)
			}
			return u.Done
		}
		cut("the undo", func() bool { from = undone(); return from > killedRows/10 }, func() bool { return undone() > from+100 }, func() bool {
			b, _, err := reg.ImportedBatch(t.Context(), admin, batch)
			return err == nil && !b.Undone.IsZero()
		})
		err = db.View(t.Context(), func(tx *store.Tx) error {
			for _, client := range clients {
				events, err := tx.Events(t.Context(), client, 0)
				if err != nil {
					return err
				}
				if len(events) != 2 || events[0].Action != iis.ActionUndoImport || events[1].Action != iis.ActionImport {
					return fmt.Errorf("client %s has %d events, want one of the import and one of the undo", client, len(events))
				}
			}
			return nil
		})
		if err != nil || len(clients) != killedRows {
			t.Errorf("%d clients were entered, want %d; %v", len(clients), killedRows, err)
		}
		s.run(0, "", "verify-audit", "--database", address)
	})
}
