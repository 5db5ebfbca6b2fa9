package registry_test

import (
	"context"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/mail/mailtest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// mailWorld is a registry with an outbox, a user with an address, a mail server, and a
// clock that tests move.
type mailWorld struct {
	t      *testing.T
	db     *store.DB
	reg    *registry.Registry
	server *mailtest.Server
	post   registry.Post
	clock  *ahead
	failed []string
}

// ahead is a clock that stands.
type ahead struct {
	mu  sync.Mutex
	now time.Time
}

func (c *ahead) read() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (w *mailWorld) pass(d time.Duration) {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	w.clock.now = w.clock.now.Add(d)
}

// eachMail runs f on both engines.
func eachMail(t *testing.T, f func(t *testing.T, w *mailWorld)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, ...store.Option) *store.DB{"SQLite": storetest.SQLite, "PostgreSQL": storetest.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			w := &mailWorld{t: t, clock: &ahead{now: time.Date(2026, 11, 23, 15, 4, 0, 0, time.UTC)}}
			w.db = open(t, store.WithClock(w.clock.read))
			w.reg = registry.New(w.db, registry.Options{Mail: true, Zone: time.UTC})
			w.server = mailtest.Start(t, false)
			w.post = registry.Post{Site: "Test Registry", Home: "https://registry.example.org",
				Send: mail.Server{Addr: w.server.Addr, From: "registry@example.org", Name: "Test Registry"}.Send}
			w.user("u1", "one@example.org")
			w.user("u2", "two@example.org")
			f(t, w)
		})
	}
}

func (w *mailWorld) update(f func(ctx context.Context, tx *store.Tx) error) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.db.Update(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *mailWorld) user(id iis.UserID, email string) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *store.Tx) error {
		return tx.PutUser(ctx, iis.User{ID: id, UserName: string(id), Email: email, State: iis.UserActive, Created: tx.Now})
	})
}

// put puts a mail to a user into the outbox.
func (w *mailWorld) put(id string, user iis.UserID) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *store.Tx) error {
		return tx.AddMail(ctx, store.Mail{ID: id, User: user, About: store.MailChecked, Kind: "clients", Total: 10_000, Attention: 12})
	})
}

// send tries what is due, until nothing is.
func (w *mailWorld) send() {
	w.t.Helper()
	for w.reg.SendDue(w.t.Context(), w.post, func(err error) { w.failed = append(w.failed, err.Error()) }) {
	}
}

// came are the users to whom messages came, and their IDs, oldest first.
func (w *mailWorld) came() (list []string) {
	w.t.Helper()
	for _, r := range w.server.Received() {
		m, err := netmail.ReadMessage(strings.NewReader(r.Text))
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, r.To+" "+m.Header.Get("Message-ID"))
	}
	return list
}

func (w *mailWorld) wantCame(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.came()); diff != "" {
		w.t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// wantFailed checks what was said of tries that failed, and that no address was.
func (w *mailWorld) wantFailed(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.failed); diff != "" {
		w.t.Errorf("failures (-want +got):\n%s", diff)
	}
	for _, f := range w.failed {
		if strings.Contains(f, "@") {
			w.t.Errorf("the failure %q holds an address", f)
		}
	}
	w.failed = nil
}

// desk is somebody who sees the system status.
var mailDesk = iis.Actor{User: "u-desk", UserName: "desk", Organization: "desk", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}

func (w *mailWorld) status() registry.MailStatus {
	w.t.Helper()
	s, err := w.reg.SystemStatus(w.t.Context(), mailDesk)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Mail
}
