package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/signin"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/web"
)

// database says where the data is.
type database struct {
	Database string `default:"file:openiis.db" placeholder:"URL" help:"Where the data is: file:PATH (SQLite) or postgres://USER@HOST/NAME (PostgreSQL 15 or later); ${default} if not given."`
}

// open opens the database. A database of SQLite has one program and one owner,
// so its tables are brought up to date at once; on PostgreSQL that is a step of
// its own, done by the owner of the tables.
func (d database) open(ctx context.Context, opts ...store.Option) (*store.DB, error) {
	db, err := store.Open(ctx, d.Database, opts...)
	if err != nil {
		return nil, err
	}
	if db.Engine() == store.SQLite {
		err = db.Migrate(ctx)
	} else {
		err = db.Ready(ctx)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// settings are what a site says about itself and how strict it is.
type settings struct {
	Name      string `default:"Open Immunization Registry" group:"Settings of the site:" help:"Name of the registry, beside the logo."`
	IDLabel   string `name:"id-label" default:"Registry ID" group:"Settings of the site:" help:"What the ID of a client is called."`
	Region    string `default:"Production Region" group:"Settings of the site:" help:"Which installation this is, in the left column."`
	URL       string `name:"url" placeholder:"URL" group:"Settings of the site:" help:"Where people reach the program, such as https://registry.example.org."`
	TimeZone  string `placeholder:"ZONE" group:"Settings of the site:" help:"Where a day begins, such as America/Chicago. Without it: the zone of the machine."`
	Verify    string `enum:"remind,require,off" default:"remind" group:"Settings of the site:" help:"Whether three confirmed details are asked for before an edit of a name or birth date: remind, require or off."`
	English   bool   `name:"english-only" group:"Settings of the site:" help:"Print records for families in English alone. Without it they can also be had with Spanish labels, which no native speaker has reviewed yet."`
	Agency    string `group:"Help desk:" help:"Who runs the registry."`
	Address   string `name:"help-address" group:"Help desk:" help:"Postal address."`
	Email     string `name:"help-email" group:"Help desk:" help:"E-mail address."`
	Phone     string `name:"help-phone" group:"Help desk:" help:"Telephone number."`
	Site      string `name:"help-site" placeholder:"URL" group:"Help desk:" help:"Web address of the agency's pages about the registry."`
	Format    string `name:"different-format" placeholder:"TEXT" group:"Help desk:" help:"How to obtain information in a different format, a whole sentence."`
	Proxy     bool   `name:"trusted-proxy" group:"Operation:" help:"A proxy that ends TLS stands in front: believe its X-Forwarded-For and X-Forwarded-Proto."`
	SweepAt   string `placeholder:"HH:MM" group:"Operation:" help:"When to look through all clients for duplicates every day, such as 02:00. Without it: only when somebody asks."`
	LogFormat string `enum:"json,text" default:"json" group:"Operation:" help:"How log lines are written: json or text."`
	mailSettings
}

// server puts the parts of the program together over a database. Accounts that
// anyone may try make it a demonstration. What goes on behind the pages until ctx ends
// is in work: the database stays open for it.
func (s settings) server(ctx context.Context, work *sync.WaitGroup, db *store.DB, logger *slog.Logger, accounts []web.Account) (*web.Server, tidier, error) {
	zone, err := s.zone()
	if err != nil {
		return nil, nil, err
	}
	post, err := s.post(s.Name, strings.TrimSuffix(s.URL, "/"))
	if err != nil {
		return nil, nil, err
	}
	reg := registry.New(db, registry.Options{
		IDLabel: s.IDLabel, Verify: registry.VerifyPolicy(s.Verify), HelpDesk: s.Email, Zone: zone, Mail: post.Send != nil,
	})
	if err := reg.Warm(ctx); err != nil {
		return nil, nil, err
	}
	if err := sweepOn(ctx, reg, s.SweepAt, zone, logger); err != nil {
		return nil, nil, err
	}
	uploadsOn(ctx, work, reg, logger)
	mailOn(ctx, work, reg, post, logger)
	in := signin.New(db, nil)
	srv, err := web.New(reg, in, web.Settings{
		Name: s.Name, Region: s.Region, Release: release, Version: buildVersion(), Demo: len(accounts) > 0, Accounts: accounts,
		URL: strings.TrimSuffix(s.URL, "/"), Proxied: s.Proxy, Log: logger, EnglishOnly: s.English,
		Help: web.HelpDesk{Agency: s.Agency, Address: s.Address, Email: s.Email, Phone: s.Phone, Site: s.Site, Format: s.Format},
	})
	return srv, tidier{in.Tidy, reg.Tidy}, err
}

func (s settings) zone() (*time.Location, error) {
	if s.TimeZone == "" {
		return time.Local, nil
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("%w: there is no time zone %q: --time-zone takes a name such as America/Chicago", errUsage, s.TimeZone)
	}
	return zone, nil
}

// logger writes the log. It never holds who a client is: see package web.
func (s settings) logger(w io.Writer, least slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: least}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}
