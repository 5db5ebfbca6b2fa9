package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/pgtest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/signin"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/web"
	"openiis.org/iis/internal/webtest"
)

// site is the whole program behind its pages: a database with the guide's
// people, the demonstration's accounts and the hidden clients below, served on
// an address of this machine.
type site struct {
	t    testing.TB
	db   *store.DB
	reg  *registry.Registry
	in   *signin.SignIn
	web  *web.Server
	url  string
	log  *logged
	now  *clock
	name string // of the engine
	data string // address of the database
}

// clock is the time of a site: that of the machine, moved by what a test says.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// logged keeps what the program wrote to its log.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// each runs f on a site on SQLite and on one on PostgreSQL.
func each(t *testing.T, f func(t *testing.T, s *site)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { f(t, sqliteSite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, postgresSite(t)) })
}

func sqliteSite(t *testing.T) *site { t.Helper(); return sqliteSiteFor(t) }

// sqliteSiteFor is sqliteSite for a test of any kind.
func sqliteSiteFor(t testing.TB) *site {
	t.Helper()
	filled, err := sqliteWorld()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "openiis.db")
	if err := os.WriteFile(path, filled, 0o600); err != nil {
		t.Fatal(err)
	}
	return newSite(t, "file:"+path)
}

func postgresSite(t *testing.T) *site {
	t.Helper()
	pgtest.Template(t, "openiis_world", fill)
	return newSite(t, pgtest.Clone(t, "openiis_world"))
}

// sqliteWorld is a filled database; copying it takes a fraction of filling it.
var sqliteWorld = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "openiis-world-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "world.db")
	if err := fill("file:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func newSite(t testing.TB, url string) *site {
	t.Helper()
	return newSiteOf(t, url, registry.Options{IDLabel: "MIIC ID", HelpDesk: "helpdesk@example.org", Zone: time.UTC, Mail: true})
}

// newSiteOf is newSite with a registry of its own settings.
func newSiteOf(t testing.TB, url string, options registry.Options) *site {
	t.Helper()
	s := &site{t: t, now: &clock{}, log: &logged{}, data: url}
	var err error
	if s.db, err = store.Open(t.Context(), url, store.WithClock(s.now.now)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	s.name = string(s.db.Engine())
	s.reg = registry.New(s.db, options)
	s.in = signin.New(s.db, s.now.now)
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	t.Cleanup(func() {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Errorf("logged: %s", line)
			}
		}
	})
	s.web, err = web.New(s.reg, s.in, web.Settings{
		Region: "Demonstration Region", Release: "0.1", Demo: true, Log: log, Now: s.now.now,
		Help: web.HelpDesk{Agency: "Sample Department of Health", Address: "PO Box 1, Saint Paul, MN 55101",
			Email: "helpdesk@example.org", Phone: "651-555-0100", Format: "To obtain this information in a different format, call: 651-555-0101."},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hs := s.web.HTTPServer(l.Addr().String())
	go hs.Serve(l)
	t.Cleanup(func() { hs.Close() })
	s.url = "http://" + l.Addr().String()
	return s
}

// Clients of which most people must not learn anything. Whatever could be shown
// of one holds a text that is nowhere else.
const (
	openClient   iis.ClientID = "777000101"
	lockedClient iis.ClientID = "777000102" // to Riverside Clinic
	deadClient   iis.ClientID = "777000103"
	noClient     iis.ClientID = "777000109" // was never given to anyone
)

// canaries are the texts that give a hidden client away.
var canaries = []string{"CANARY", "777-0102", "7770102", "777-0103", "7770103", "CHART-X"}

// leak returns the canary in an answer, "" if there is none.
func leak(answer string) string {
	up := strings.ToUpper(answer)
	for _, c := range canaries {
		if strings.Contains(up, c) {
			return c
		}
	}
	return ""
}

// fill makes the world of the tests in an empty database.
func fill(url string) (err error) {
	ctx := context.Background()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	hash, err := signin.Hash(ctx, sample.Password)
	if err != nil {
		return err
	}
	organizations := slices.Concat(sample.Organizations(), matrixOrganizations())
	err = db.Update(ctx, func(tx *store.Tx) error {
		for _, o := range organizations {
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		for _, a := range sample.Accounts() {
			if err := errors.Join(tx.PutUser(ctx, a.User), tx.PutPassword(ctx, a.User.ID, hash)); err != nil {
				return err
			}
			for _, g := range a.Grants {
				i := slices.IndexFunc(organizations, func(o iis.Organization) bool { return o.ID == g.Organization })
				if err := tx.PutGrant(ctx, iis.Grant{User: a.User.ID, Organization: organizations[i], Role: g.Role}); err != nil {
					return err
				}
			}
		}
		for _, n := range sample.Announcements() {
			if err := tx.PutAnnouncement(ctx, n); err != nil {
				return err
			}
		}
		return putMatrix(ctx, tx)
	})
	if err != nil {
		return err
	}
	err = registry.New(db, registry.Options{}).Load(ctx, func(yield func(registry.Arrival) bool) {
		for _, p := range sample.GuidePeople() {
			if !yield(registry.Arrival{Record: iis.Record{Client: p.Client, Aliases: p.Aliases, Contacts: p.Contacts, Comments: p.Comments}, Memberships: p.Memberships}) {
				return
			}
		}
		for _, a := range hidden() {
			if !yield(a) {
				return
			}
		}
	}, nil)
	if err != nil {
		return err
	}
	return issueHidden(ctx, db)
}

// issueHidden issues a record for the open client and for each of the hidden
// ones, as if before it was hidden.
func issueHidden(ctx context.Context, db *store.DB) error {
	reg := registry.New(db, registry.Options{Zone: time.UTC})
	desk := iis.Actor{User: "user-helpdesk", OrgType: iis.RegistryStaff, Role: iis.HelpDesk}
	o := paper.Options{Language: paper.English}
	for _, id := range []iis.ClientID{openClient, lockedClient, deadClient} {
		m, err := reg.PrintImmunizations(ctx, desk, id, "for the record")
		if err != nil {
			return err
		}
		f := m.Facts()
		err = db.Update(ctx, func(tx *store.Tx) error {
			return tx.PutIssuedRecord(ctx, store.IssuedRecord{Code: recordCode(id), Client: id, Kind: o.Kind(), Language: string(o.Language),
				Digest: paper.Digest(f, o), Doses: len(f.Shots), Issued: tx.Now, User: "user-clerk2", By: sample.RiversideClinic})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hidden are an open client, one locked to Riverside Clinic and a deceased one,
// alike but for the canaries of the last two.
func hidden() []registry.Arrival {
	arrival := func(id iis.ClientID, mark string) registry.Arrival {
		name := iis.Name{Last: mark + "last", First: mark + "first", Middle: mark + "middle"}
		phone := "612-777-0" + string(id[6:])
		c := iis.Client{
			ID: id, Version: 3, Name: name, Gender: iis.Female, BirthDate: iis.Date{Year: 1991, Month: 3, Day: int(id[8]-'0') + 3},
			MotherMaidenLast: mark + "maiden", MotherFirst: mark + "mother", BirthCertificate: mark + "-1",
			Address:        iis.Address{Street: "1 " + mark + " Street", City: mark + "ville", State: "MN", Zip: "55101", County: mark},
			AddressUpdated: iis.Date{Year: 2024, Month: 1, Day: 2}, Phone: phone, Email: mark + "@example.org",
			Created: time.Date(2024, 1, 2, 15, 0, 0, 0, time.UTC), Updated: time.Date(2024, 5, 6, 15, 0, 0, 0, time.UTC), UpdatedBy: sample.RiversideClinic,
		}
		return registry.Arrival{
			Record: iis.Record{
				Client: c,
				Aliases: []iis.Alias{{ID: "a1", Name: iis.Name{Last: mark + "former", First: mark + "first"}, BirthDate: c.BirthDate,
					Until: c.Updated, By: sample.RiversideClinic}},
				Contacts: []iis.Contact{{ID: "c1", Position: 1, Name: iis.Name{Last: mark + "contact", First: mark + "kin"}, Relation: iis.Mother,
					Phone: phone, Address: iis.Address{Street: "2 " + mark + " Street", City: "Edina", State: "MN", Zip: "55424"}}},
				Comments: []iis.Comment{{ID: "k1", Code: sample.GuidePeople()[0].Comments[0].Code, Date: iis.Date{Year: 2023, Month: 2, Day: 3},
					By: sample.RiversideClinic, Entered: c.Created}},
				Doses: []iis.Dose{{ID: "d1", Kind: iis.Historical, Date: iis.Date{Year: 2023, Month: 2, Day: 3}, Vaccine: "115", Source: iis.SourceUnspecified,
					Provider: mark + " Pharmacy", By: sample.RiversideClinic, Entered: c.Created}},
			},
			Memberships: []iis.Membership{
				{Organization: sample.RiversideClinic, ChartNumber: "CHART-" + mark, Status: iis.Active, Reminders: true, OnFile: true},
				{Organization: sample.TestClinic, ChartNumber: "CHART-X" + mark, Status: iis.Active, Reminders: true, OnFile: true},
			},
		}
	}
	seen, locked, dead := arrival(openClient, "Open"), arrival(lockedClient, "CanaryL"), arrival(deadClient, "CanaryD")
	seen.Memberships[1].ChartNumber = "OPEN-1"
	locked.Record.Client.LockedTo = sample.RiversideClinic
	dead.Record.Client.Death = iis.Death{Date: iis.Date{Year: 2024, Month: 4, Day: 1}, Source: iis.DeathSources[0],
		Recorded: time.Date(2024, 5, 6, 15, 0, 0, 0, time.UTC), By: sample.RiversideClinic}
	return []registry.Arrival{seen, locked, dead}
}

// Roles of every organization type, each with a user of its own and a session.

func matrixOrg(t iis.OrgType) iis.OrganizationID {
	return iis.OrganizationID("matrix-" + strings.ReplaceAll(strings.ToLower(string(t)), " ", "-"))
}

func matrixUser(r iis.Role, t iis.OrgType) iis.UserID {
	return iis.UserID(strings.ReplaceAll(strings.ToLower(fmt.Sprintf("matrix-%s-%s", r, t)), " ", "-"))
}

func matrixOrganizations() []iis.Organization {
	var list []iis.Organization
	for _, t := range iis.OrgTypes {
		list = append(list, iis.Organization{ID: matrixOrg(t), Name: "Matrix " + string(t), Type: t, City: "Saint Paul", Active: true})
	}
	return list
}

// putMatrix makes a user of every role at an organization of every type, also
// where the policy gives that role nothing there.
func putMatrix(ctx context.Context, tx *store.Tx) error {
	for _, o := range matrixOrganizations() {
		for _, r := range iis.Roles {
			id := matrixUser(r, o.Type)
			u := iis.User{ID: id, UserName: string(id), Name: "M. " + string(r), State: iis.UserActive, Created: tx.Now}
			if err := errors.Join(tx.PutUser(ctx, u), tx.PutGrant(ctx, iis.Grant{User: id, Organization: o, Role: r})); err != nil {
				return err
			}
		}
	}
	return nil
}

// session begins a session for a user without asking for a password, and
// returns its cookie.
func (s *site) session(u iis.UserID, org iis.OrganizationID) *http.Cookie {
	s.t.Helper()
	token := iis.NewID() + iis.NewID()
	sum := sha256.Sum256([]byte(token))
	err := s.db.Update(s.t.Context(), func(tx *store.Tx) error {
		return tx.PutSession(s.t.Context(), iis.Session{TokenHash: hex.EncodeToString(sum[:]), User: u, Organization: org, Created: tx.Now, Seen: tx.Now})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Cookie{Name: "openiis", Value: token}
}

// view reads the database.
func (s *site) view(f func(ctx context.Context, tx *store.Tx) error) {
	s.t.Helper()
	ctx := s.t.Context()
	if err := s.db.View(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// record reads a client as one organization sees it, past every rule.
func (s *site) record(id iis.ClientID, org iis.OrganizationID) (rec iis.Record) {
	s.t.Helper()
	s.view(func(ctx context.Context, tx *store.Tx) (err error) {
		rec, err = tx.ClientRecord(ctx, id, org)
		return err
	})
	return rec
}

// events reads the audit trail of a client, newest first.
func (s *site) events(id iis.ClientID) (events []store.StoredEvent) {
	s.t.Helper()
	s.view(func(ctx context.Context, tx *store.Tx) (err error) {
		events, err = tx.EventsSince(ctx, id, -1)
		return err
	})
	return events
}

// visitors runs f once for each way to visit a site: posting forms without a
// browser, in Chromium without script, and with.
func visitors(t *testing.T, f func(t *testing.T, s *site, v webtest.Visitor)) {
	t.Helper()
	each(t, func(t *testing.T, s *site) {
		run := func(name string, visitor func(t *testing.T, s *site) webtest.Visitor) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				fresh := s.fresh(t)
				f(t, fresh, visitor(t, fresh))
			})
		}
		run("forms", func(t *testing.T, s *site) webtest.Visitor { return webtest.NewForms(t, s.url) })
		run("no script", func(t *testing.T, s *site) webtest.Visitor { return webtest.NewBrowser(t, s.url, false) })
		run("script", func(t *testing.T, s *site) webtest.Visitor { return webtest.NewBrowser(t, s.url, true) })
	})
}

// fresh is another site on the same engine, as the world was made.
func (s *site) fresh(t *testing.T) *site {
	t.Helper()
	if s.db.Engine() == store.PostgreSQL {
		return postgresSite(t)
	}
	return sqliteSite(t)
}
