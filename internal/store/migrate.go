package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrate brings the schema up to what this program needs, and the rights of the
// program with it. Run it as the owner of the database; run again it changes
// nothing. Several may run at once.
func (db *DB) Migrate(ctx context.Context) error {
	return db.withOwner(func(owner *sql.DB, p *goose.Provider) error {
		release, err := db.engine.lock(ctx, owner)
		if err != nil {
			return fmt.Errorf("wait for another migration: %w", err)
		}
		defer release()
		// On SQLite, which has no such lock, another process may come between;
		// then what is missing is less at the next try.
		for try := range mostTries {
			if _, err = p.Up(ctx); err == nil || ctx.Err() != nil {
				break
			}
			pause(afterMeet, try)
		}
		if err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		if err := db.engine.protect(ctx, owner); err != nil {
			return err
		}
		db.current.Store(true)
		return nil
	})
}

// Pending reports whether migrations are missing.
func (db *DB) Pending(ctx context.Context) (bool, error) {
	var pending bool
	err := db.withOwner(func(_ *sql.DB, p *goose.Provider) (err error) {
		pending, err = p.HasPending(ctx)
		return err
	})
	return pending, err
}

// Ready returns an error that says what to do if migrations are missing. A
// database newer than the program is fine: migrations are written so that the
// program before goes on working. What it writes then is found by what it knows of:
// the clients whom it enters after migration 20 not by their birth certificates.
func (db *DB) Ready(ctx context.Context) error {
	if db.current.Load() {
		return nil
	}
	pending, err := db.Pending(context.WithoutCancel(ctx))
	if err != nil {
		return fmt.Errorf("look for migrations: %w", err)
	}
	if pending {
		return errors.New("the database is not set up for this version of openiis: run openiis migrate")
	}
	db.current.Store(true)
	return nil
}

func (db *DB) withOwner(f func(*sql.DB, *goose.Provider) error) (err error) {
	owner, dialect, err := db.engine.owner()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.Close()) }()
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, owner, files,
		goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(migrations...), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	return f(owner, p)
}
