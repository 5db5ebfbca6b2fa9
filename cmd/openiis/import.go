package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
)

// imports groups the commands that take in files.
type imports struct {
	Clients importClients `cmd:"" help:"Take in a roster of clients."`
}

// importClients is the command that takes in a roster.
type importClients struct {
	File string `arg:"" help:"File of comma-separated values, one client a row; - is the standard input."`
	database
	Organization string `env:"-" placeholder:"NAME" help:"Organization of rows that name none, by name or ID."`
	Errors       string `env:"-" placeholder:"FILE" type:"path" help:"Where rows go that were not taken in. Without it: FILE.errors.csv."`
}

func (importClients) Help() string {
	return `Takes in clients row by row, by the rules that a Save on the screen follows. Columns: see docs/guide/import.md.

A row is for the client with its chart number at its organization, or else with exactly its last name, first name
and birth date; else for a new one. Empty values change nothing. Taking in the same file again changes nothing.
Rows that are wrong go to FILE.errors.csv with the reason: mend them there and take that file in.
Ends with 1 if there are such rows.

Examples:

  openiis import clients roster.csv --organization "Test Clinic"
  openiis import clients all.csv --database postgres://openiis@db/registry`
}

// importBatch is how many rows share a transaction.
const importBatch = 50

// Run takes the file in.
func (c importClients) Run(ctx context.Context, st streams) (err error) {
	in := st.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	rows, err := roster.NewReader(in)
	if err != nil {
		return err
	}
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	imp, err := registry.New(db, registry.Options{}).NewImport(ctx, operator())
	if err != nil {
		return err
	}
	t := taking{
		rows: rows, into: imp, organization: c.Organization,
		wrong:    &wrongRows{path: cmp.Or(c.Errors, c.errorFile()), header: rows.Header()},
		progress: newProgress(st.err, "rows", 0), count: map[registry.ImportOutcome]int{},
	}
	err = errors.Join(t.all(ctx), t.wrong.close())
	t.progress.done(t.read)
	fmt.Fprintf(st.out, "%s new, %s changed, %s same, %s held for the help desk, %s wrong\n",
		grouped(t.count[registry.ImportAdded]), grouped(t.count[registry.ImportChanged]),
		grouped(t.count[registry.ImportSame]), grouped(t.count[registry.ImportHeld]), grouped(t.bad))
	if err == nil && t.wrong.rows > 0 {
		fmt.Fprintf(st.out, "%s rows with the reason: %s\n", grouped(t.wrong.rows), t.wrong.path)
	}
	if err == nil && t.bad > 0 {
		return errTold
	}
	return err
}

func (c importClients) errorFile() string {
	if c.File == "-" {
		return "import.errors.csv"
	}
	return c.File + ".errors.csv"
}

// operator is whoever runs the program on its machine: as staff of the registry,
// recorded under the name of the system's account.
func operator() iis.Actor {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return iis.Actor{UserName: name + " (command line)", Name: name, OrgType: iis.RegistryStaff, Role: iis.HelpDesk}
}

// taking is a roster being taken in.
type taking struct {
	rows         *roster.Reader
	into         *registry.Import
	organization string
	wrong        *wrongRows
	progress     *progress

	read, bad int
	count     map[registry.ImportOutcome]int
}

func (t *taking) all(ctx context.Context) error {
	batch := make([]roster.Row, 0, importBatch)
	for {
		row, err := t.rows.Read()
		bad, isBad := errors.AsType[*roster.RowError](err)
		switch {
		case isBad:
			// The rows before it come first in the file of errors too.
			if err := t.flush(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
			t.read++
			t.bad++
			if err := t.wrong.add(bad.Line, bad.Record, bad.Text); err != nil {
				return err
			}
		case err == nil:
			t.read++
			batch = append(batch, row)
		case !errors.Is(err, io.EOF):
			return errors.Join(t.flush(ctx, batch), fmt.Errorf("after line %d: %w", t.read+1, err))
		}
		if len(batch) == importBatch || errors.Is(err, io.EOF) {
			if err := t.flush(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
			t.progress.at(t.read)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

func (t *taking) flush(ctx context.Context, batch []roster.Row) error {
	if err := ctx.Err(); err != nil || len(batch) == 0 {
		return err
	}
	rows := make([]registry.ImportRow, len(batch))
	for i, b := range batch {
		rows[i] = registry.ImportRow{Organization: cmp.Or(b.Organization, t.organization), Values: b.Values}
	}
	results, err := t.into.Clients(ctx, rows)
	if err != nil {
		return err
	}
	for i, r := range results {
		switch {
		case r.Err != nil:
			t.bad++
			err = t.wrong.add(batch[i].Line, batch[i].Record, words(r.Err))
		case r.Outcome == registry.ImportHeld:
			t.count[r.Outcome]++
			err = t.wrong.add(batch[i].Line, batch[i].Record, "kept for the help desk under the code "+r.Code)
		default:
			t.count[r.Outcome]++
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wrongRows is the file of rows that were not taken in. It is made when there is
// one; only its owner can read it, since it holds people.
type wrongRows struct {
	path   string
	header []string
	rows   int
	file   *os.File
	csv    *csv.Writer
}

func (w *wrongRows) add(line int, record []string, reason string) error {
	if w.file == nil {
		f, err := os.OpenFile(w.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		w.file, w.csv = f, csv.NewWriter(f)
		if err := w.csv.Write(append(w.header, "x_line", "x_reason")); err != nil {
			return err
		}
	}
	w.rows++
	row := make([]string, len(w.header), len(w.header)+2)
	copy(row, record)
	return w.csv.Write(append(row, strconv.Itoa(line), reason))
}

func (w *wrongRows) close() error {
	if w.file == nil {
		return nil
	}
	w.csv.Flush()
	return errors.Join(w.csv.Error(), w.file.Close())
}
