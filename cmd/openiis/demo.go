package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/signin"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/web"
)

// demo is the command that shows the program with invented people.
type demo struct {
	Listen   string `env:"-" default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on (${default})."`
	Clients  int    `env:"-" default:"2000" placeholder:"N" help:"How many clients to invent (${default})."`
	Seed     uint64 `env:"-" default:"1" help:"The same seed gives the same people."`
	Data     string `env:"-" placeholder:"DIR" type:"path" help:"Keep the data in this folder, and start on what is there. Without it: a temporary folder, removed at the end."`
	Database string `env:"-" placeholder:"URL" help:"Keep the data there instead, such as postgres://USER@HOST/NAME."`
	Verbose  bool   `env:"-" short:"v" help:"Log every request."`
}

func (demo) Help() string {
	return `Invents clients with their immunizations, forty organizations and seven accounts, and serves them on this machine.
The people of the guide are among them: 6714871 DUCK, DON and 14883406 BRIGHT, RAINBOW FANCYPANTS.

Examples:

  openiis demo
  openiis demo --clients 100000 --seed 7 --data ./demo
  openiis demo --database postgres://postgres@localhost/demo --listen 127.0.0.1:9000`
}

// Run fills the database, unless it is filled already, and serves it.
func (d demo) Run(ctx context.Context, st streams) (err error) {
	if d.Clients < 0 || d.Clients > sample.Most {
		return fmt.Errorf("%w: --clients is a number from 0 to %s", errUsage, registry.Grouped(sample.Most))
	}
	set := d.settings()
	least := slog.LevelWarn
	if d.Verbose {
		least = slog.LevelInfo
	}
	logger := set.logger(st.err, least)
	slog.SetDefault(logger)
	l, err := listen(d.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	url, remove, err := d.place()
	if err != nil {
		return err
	}
	defer remove()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ctx, work := behind(ctx, logger)
	defer work.end()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if err := d.fill(ctx, db, st.err); err != nil {
		return err
	}
	set.URL = address(l)
	srv, tidy, err := set.server(ctx, &work.WaitGroup, db, logger, tryAccounts())
	if err != nil {
		return err
	}
	db.StartAnchors(anchorEvery)
	tell(st.out, address(l))
	if !local(d.Listen) {
		fmt.Fprintln(st.err, "Signing in works on this machine only: from another one a browser would have to reach it over TLS.")
	}
	return serveOn(ctx, l, srv, tidy, logger)
}

// tryAccounts names the accounts on the page to sign in.
func tryAccounts() []web.Account {
	var all []web.Account
	for _, a := range sample.Accounts() {
		all = append(all, web.Account{UserName: a.User.UserName, Password: sample.Password, What: string(a.Grants[0].Role) + ": " + a.For})
	}
	return all
}

// settings are those of the demonstration.
func (d demo) settings() settings {
	return settings{
		Name: "Open Immunization Registry", IDLabel: "MIIC ID", Region: "Demonstration Region", URL: d.url(),
		Verify: string(registry.VerifyRemind), LogFormat: "text", TimeZone: "",
		Agency: "Sample Department of Health", Address: "PO Box 1, Saint Paul, MN 55101",
		Email: "helpdesk@example.org", Phone: "651-555-0100",
		Format: "To obtain this information in a different format, call: 651-555-0101.",
	}
}

// url is where the demonstration is reached from this machine.
func (d demo) url() string {
	host, port, err := net.SplitHostPort(d.Listen)
	if err != nil {
		return ""
	}
	return "http://" + net.JoinHostPort(cmp.Or(host, "localhost"), port)
}

// place returns where the data goes, and what removes it in the end.
func (d demo) place() (url string, remove func(), err error) {
	remove = func() {}
	switch {
	case d.Database != "" && d.Data != "":
		return "", nil, fmt.Errorf("%w: give --data or --database, not both", errUsage)
	case d.Database != "":
		return d.Database, remove, nil
	case d.Data != "":
		err = os.MkdirAll(d.Data, 0o700)
		return "file:" + filepath.Join(d.Data, "openiis.db"), remove, err
	}
	dir, err := os.MkdirTemp("", "openiis-demo-")
	if err != nil {
		return "", nil, err
	}
	return "file:" + filepath.Join(dir, "openiis.db"), func() { os.RemoveAll(dir) }, nil
}

// fill puts in the organizations, the people and last of all the accounts, so
// that whoever finds those knows that the rest is there. What is filled stays as
// it is.
func (d demo) fill(ctx context.Context, db *store.DB, errs io.Writer) error {
	var clients int64
	filled := false
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		if clients, err = tx.CountClients(ctx); err != nil {
			return err
		}
		_, err = tx.User(ctx, sample.Accounts()[0].User.ID)
		if filled = err == nil; iis.KindOf(err) == iis.NotFound {
			err = nil
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case filled:
		fmt.Fprintf(errs, "Starting on the %s clients that are there; --clients and --seed are not looked at.\n", registry.Grouped(int(clients)))
		return nil
	case clients > 0:
		return fmt.Errorf("the database holds %s clients and no accounts of the demonstration: it was left half filled, or it is not one. Choose another place", registry.Grouped(int(clients)))
	}
	err = db.Update(ctx, func(tx *store.Tx) error {
		for _, o := range sample.Organizations() {
			if err := tx.PutOrganization(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	guide := sample.GuidePeople()
	p := newProgress(errs, "clients invented", d.Clients+len(guide))
	reg := registry.New(db, registry.Options{})
	if err := reg.Load(ctx, arrivals(guide, d.Seed, d.Clients), p.at); err != nil {
		return err
	}
	p.done(d.Clients + len(guide))
	if d.Clients <= mostSwept {
		if _, err := reg.Sweep(ctx, nil); err != nil {
			return err
		}
	}
	return d.furnish(ctx, db)
}

// mostSwept is up to how many clients the demonstration looks for duplicates among
// them before it begins, so that some are there to review: it takes less than a
// second for ten thousand.
const mostSwept = 10_000

// arrivals are the guide's people, then the population.
func arrivals(guide []sample.Person, seed uint64, n int) iter.Seq[registry.Arrival] {
	arrival := func(p sample.Person) registry.Arrival {
		return registry.Arrival{
			Record:      iis.Record{Client: p.Client, Aliases: p.Aliases, Contacts: p.Contacts, Comments: p.Comments, Doses: p.Doses},
			Memberships: p.Memberships,
		}
	}
	return func(yield func(registry.Arrival) bool) {
		for _, p := range guide {
			if !yield(arrival(p)) {
				return
			}
		}
		for p := range sample.Population(seed, n) {
			if !yield(arrival(p)) {
				return
			}
		}
	}
}

// furnish makes the accounts and the announcements.
func (demo) furnish(ctx context.Context, db *store.DB) error {
	accounts := sample.Accounts()
	hashes := make([]string, len(accounts))
	for i := range accounts {
		var err error
		if hashes[i], err = signin.Hash(ctx, sample.Password); err != nil {
			return err
		}
	}
	organizations := sample.Organizations()
	return db.Update(ctx, func(tx *store.Tx) error {
		for i, a := range accounts {
			if err := tx.PutUser(ctx, a.User); err != nil {
				return err
			}
			if err := tx.PutPassword(ctx, a.User.ID, hashes[i]); err != nil {
				return err
			}
			for _, g := range a.Grants {
				at := slices.IndexFunc(organizations, func(o iis.Organization) bool { return o.ID == g.Organization })
				if err := tx.PutGrant(ctx, iis.Grant{User: a.User.ID, Organization: organizations[at], Role: g.Role}); err != nil {
					return err
				}
			}
			err := tx.Record(ctx, iis.Event{Action: iis.ActionUserChange, UserName: "openiis",
				Detail: iis.Detail{Subject: string(a.User.ID), Note: "account of the demonstration"}})
			if err != nil {
				return err
			}
		}
		for _, n := range sample.Announcements() {
			if err := tx.PutAnnouncement(ctx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell prints where the demonstration is and who can sign in.
func tell(out io.Writer, address string) {
	fmt.Fprintf(out, "\nopeniis demonstration, all people are invented:\n\n  %s\n\n", address)
	names := map[iis.OrganizationID]string{}
	for _, o := range sample.Organizations() {
		names[o.ID] = o.Name
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  user name\trole\torganization\t")
	for _, a := range sample.Accounts() {
		for i, g := range a.Grants {
			name, purpose := a.User.UserName, a.For
			if i > 0 { // the same account at another organization
				name, purpose = "", ""
			}
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", name, g.Role, names[g.Organization], purpose)
		}
	}
	w.Flush()
	fmt.Fprintf(out, "\n  password of all: %s\n\nPress Ctrl-C to end.\n", sample.Password)
}
