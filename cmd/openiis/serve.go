package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"openiis.org/iis/internal/store"
)

// serve is the command for real use.
type serve struct {
	database
	Listen     string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on (${default})."`
	AnchorFile string `placeholder:"FILE" type:"path" help:"Write the anchors of the audit trail to this file too; keep it on another machine."`
	settings
}

func (serve) Help() string {
	return `Serves the registry until it is told to end (Ctrl-C or SIGTERM); requests that have begun are finished first.

The program speaks plain HTTP: put a proxy in front that ends TLS, and say --trusted-proxy.
With SQLite the tables are set up by themselves; on PostgreSQL run "openiis migrate" first.
The first account is made with "openiis user add".

Examples:

  openiis serve
  openiis serve --database file:/var/lib/openiis/registry.db --id-label "MIIC ID"
  OPENIIS_DATABASE=postgres://openiis@db/registry openiis serve --listen :8080 --trusted-proxy --url https://registry.example.org`
}

// Run serves until ctx ends.
func (s serve) Run(ctx context.Context, io streams) (err error) {
	logger := s.logger(io.err, slog.LevelInfo)
	slog.SetDefault(logger)
	if !s.Proxy && !local(s.Listen) {
		return fmt.Errorf("%w: on %s other machines would send passwords and records in the clear: "+
			"put a proxy in front that ends TLS and say --trusted-proxy, or listen on 127.0.0.1", errUsage, s.Listen)
	}
	l, err := listen(s.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	var opts []store.Option
	if s.AnchorFile != "" {
		opts = append(opts, store.WithAnchorFile(s.AnchorFile))
	}
	db, err := s.open(ctx, opts...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ctx, work := behind(ctx, logger)
	defer work.end()
	srv, tidy, err := s.server(ctx, &work.WaitGroup, db, logger, nil)
	if err != nil {
		return err
	}
	db.StartAnchors(anchorEvery)
	logger.Info("openiis is ready", "address", address(l), "engine", db.Engine(), "version", buildVersion())
	err = serveOn(ctx, l, srv, tidy, logger)
	logger.Info("openiis has ended")
	return err
}
