package main

import (
	"context"
	"fmt"

	"openiis.org/iis/internal/store"
)

// migrate is the command that sets up and updates tables.
type migrate struct {
	database
}

func (migrate) Help() string {
	return `Brings the tables of a database up to what this version needs. Run again it changes nothing.

On PostgreSQL run it as the owner of the database: it makes the role openiis_app, which the program works as
and which can read and add to the audit trail but never change it.

Examples:

  openiis migrate --database file:registry.db
  openiis migrate --database postgres://owner@db.example.org/registry`
}

// Run migrates the database.
func (m migrate) Run(ctx context.Context, io streams) error {
	db, err := store.Open(ctx, m.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	pending, err := db.Pending(ctx)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if pending {
		fmt.Fprintln(io.out, "The tables are set up.")
	} else {
		fmt.Fprintln(io.out, "The tables were up to date.")
	}
	return nil
}
