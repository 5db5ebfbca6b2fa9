package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
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
	Clients       importClients       `cmd:"" help:"Take in a roster of clients."`
	Immunizations importImmunizations `cmd:"" help:"Take in immunizations of clients on file."`
	List          importList          `cmd:"" help:"List the files that were taken in."`
	Undo          importUndo          `cmd:"" help:"Take back what a file has brought in."`
}

// importing is what the commands that take in a file have in common.
type importing struct {
	File string `arg:"" help:"File of comma-separated values; - is the standard input."`
	database
	Organization string `env:"-" placeholder:"NAME" help:"Organization of rows that name none, by name or ID."`
	Errors       string `env:"-" placeholder:"FILE" type:"path" help:"Where rows go that were not taken in. Without it: FILE.errors.csv."`
	Map          string `env:"-" placeholder:"FILE" type:"path" help:"How columns of other names are read: {\"columns\":{\"Surname\":\"last_name\",\"Note\":\"\"},\"dates\":\"dmy\"}."`
	DryRun       bool   `env:"-" help:"Change nothing: write what would become of each row to FILE.check.csv."`
}

// importClients is the command that takes in a roster.
type importClients struct {
	importing
	EnterPossible bool `env:"-" help:"Enter rows that may be of a client on file as new ones, for review as possible duplicates."`
}

func (importClients) Help() string {
	return `Takes in clients row by row, by the rules that a Save on the screen follows. Columns: see docs/guide/import.md.

A row is for the client with its chart number at its organization, or else for whom the matcher finds to be the
same; else for a new one. A row that may be of a client on file, but not surely, is not taken in. Empty values
change nothing. Taking in the same file again changes nothing.
Rows that were not taken in go to FILE.errors.csv with the reason: mend them there and take that file in.
Ends with 1 if there are rows that are wrong or possible. "openiis import undo" takes all of it back.

Examples:

  openiis import clients roster.csv --organization "Test Clinic" --dry-run
  openiis import clients roster.csv --organization "Test Clinic"
  openiis import clients all.csv --database postgres://openiis@db/registry`
}

// importImmunizations is the command that takes in immunizations.
type importImmunizations struct {
	importing
}

func (importImmunizations) Help() string {
	return `Takes in immunizations, one a row. Columns: see docs/guide/import.md.

A row is for the client with its registry ID, or its chart number at its organization, or for whom the matcher
finds to be the same. It never enters a client. A dose of the same client, day and vaccine that the organization
has on file is amended, not added again; what other organizations have recorded is left alone. Taking in the
same file again changes nothing.
Rows that were not taken in go to FILE.errors.csv with the reason: mend them there and take that file in.
Ends with 1 if there are such rows. "openiis import undo" takes all of it back.

Examples:

  openiis import immunizations doses.csv --organization "Test Clinic"`
}

const (
	// importRows is how many rows of clients share a transaction.
	importRows = 50
	// importWindow is how many rows of immunizations are put in order by clients at
	// a time.
	importWindow = 400
)

// Run takes the file in.
func (c importClients) Run(ctx context.Context, st streams) error {
	return c.run(ctx, st, roster.NewReader, registry.ImportOptions{Kind: registry.ImportOfClients, EnterPossible: c.EnterPossible, DryRun: c.DryRun})
}

// Run takes the file in.
func (c importImmunizations) Run(ctx context.Context, st streams) error {
	return c.run(ctx, st, roster.NewDoseReader, registry.ImportOptions{Kind: registry.ImportOfImmunizations, DryRun: c.DryRun})
}

func (c importing) run(ctx context.Context, st streams, read func(io.Reader) (*roster.Reader, error), o registry.ImportOptions) (err error) {
	in := st.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	if c.Map != "" {
		if read, err = mappedBy(c.Map, roster.Kind(o.Kind)); err != nil {
			return err
		}
	}
	sum := sha256.New()
	rows, err := read(io.TeeReader(in, sum))
	if err != nil {
		return err
	}
	makeRoom()
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	imp, err := registry.New(db, registry.Options{}).NewImport(ctx, operator(), o)
	if err != nil {
		return err
	}
	t := taking{
		rows: rows, organization: c.Organization, take: imp.Clients, size: importRows,
		wrong:    &rowFile{path: cmp.Or(c.Errors, c.beside("errors")), header: append(rows.Header(), "x_line", "x_reason")},
		progress: newProgress(st.err, "rows", 0), count: map[registry.ImportOutcome]int{},
	}
	if o.Kind == registry.ImportOfImmunizations {
		t.take, t.size = imp.Immunizations, importWindow
	}
	if o.DryRun {
		t.check = &rowFile{path: c.beside("check"), header: []string{"x_line", "x_outcome", "x_client", "x_reason"}}
		t.wrong = nil
	}
	err = errors.Join(t.all(ctx), t.wrong.close(), t.check.close())
	if err == nil {
		err = imp.Finish(ctx, hex.EncodeToString(sum.Sum(nil)), t.count)
	}
	t.progress.done(t.read)
	return errors.Join(err, t.tell(st.out, imp.Batch(), err == nil))
}

// mappedBy reads files as a mapping says that stands in a file.
func mappedBy(file string, k roster.Kind) (func(io.Reader) (*roster.Reader, error), error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n, err := roster.ReadNamed(f)
	return func(r io.Reader) (*roster.Reader, error) { return roster.NewNamedReader(r, k, n) }, err
}

// tell sums up.
func (t *taking) tell(out io.Writer, batch string, whole bool) error {
	n := func(o registry.ImportOutcome) string { return registry.Grouped(t.count[o]) }
	held := n(registry.ImportHeld) + " held for the help desk, "
	if t.check != nil {
		held = "" // a check does not tell them from new ones
	}
	fmt.Fprintf(out, "%s new, %s changed, %s same, %s%s possible, %s wrong\n", n(registry.ImportAdded),
		n(registry.ImportChanged), n(registry.ImportSame), held, n(registry.ImportPossible), n(registry.ImportWrong))
	if t.check != nil {
		fmt.Fprintf(out, "nothing was changed; each row with what would become of it: %s\n", t.check.path)
	}
	if t.wrong != nil && t.wrong.rows > 0 {
		fmt.Fprintf(out, "%s rows with the reason: %s\n", registry.Grouped(t.wrong.rows), t.wrong.path)
	}
	if batch != "" && t.count[registry.ImportAdded]+t.count[registry.ImportChanged]+t.count[registry.ImportHeld] > 0 {
		fmt.Fprintf(out, "to take it back: openiis import undo %s\n", batch)
	}
	if whole && t.count[registry.ImportWrong]+t.count[registry.ImportPossible] > 0 {
		return errTold
	}
	return nil
}

// beside names a file beside the one that is taken in.
func (c importing) beside(what string) string {
	if c.File == "-" {
		return "import." + what + ".csv"
	}
	return c.File + "." + what + ".csv"
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

// taking is a file being taken in.
type taking struct {
	rows         *roster.Reader
	take         func(context.Context, []registry.ImportRow) ([]registry.Imported, error)
	size         int // rows at a time
	organization string
	wrong        *rowFile // of rows that were not taken in
	check        *rowFile // of a dry run, of every row
	progress     *progress

	read  int
	count map[registry.ImportOutcome]int
}

func (t *taking) all(ctx context.Context) error {
	batch := make([]roster.Row, 0, t.size)
	for {
		row, err := t.rows.Read()
		bad, isBad := errors.AsType[*roster.RowError](err)
		switch {
		case isBad:
			// The rows before it come first in the files too.
			if err := t.flush(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
			t.read++
			if err := t.became(bad.Line, bad.Record, registry.Imported{Outcome: registry.ImportWrong}, bad.Text); err != nil {
				return err
			}
		case err == nil:
			t.read++
			batch = append(batch, row)
		case !errors.Is(err, io.EOF):
			return errors.Join(t.flush(ctx, batch), fmt.Errorf("after line %d: %w", t.read+1, err))
		}
		if len(batch) == t.size || errors.Is(err, io.EOF) {
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
		rows[i] = registry.ImportRow{Organization: cmp.Or(b.Organization, t.organization), Client: b.Client, Values: b.Values}
	}
	results, err := t.take(ctx, rows)
	if err != nil {
		return err
	}
	for i, r := range results {
		reason := ""
		switch {
		case r.Err != nil:
			reason = words(r.Err)
		case r.Code != "":
			reason = "kept for the help desk under the code " + r.Code
		}
		if err := t.became(batch[i].Line, batch[i].Record, r, reason); err != nil {
			return err
		}
	}
	return nil
}

// became notes what became of a row, and why it was not taken in.
func (t *taking) became(line int, record []string, r registry.Imported, reason string) error {
	t.count[r.Outcome]++
	at := strconv.Itoa(line)
	switch {
	case t.check != nil:
		return t.check.add(at, string(r.Outcome), string(r.Client), reason)
	case reason == "":
		return nil
	}
	row := make([]string, len(t.wrong.header)-2, len(t.wrong.header))
	copy(row, record)
	return t.wrong.add(append(row, at, reason)...)
}

// rowFile is a file with a line for each row of another, or for some. It is made
// when there is one; only its owner can read it, since it holds people.
type rowFile struct {
	path   string
	header []string
	rows   int
	file   *os.File
	csv    *csv.Writer
}

func (w *rowFile) add(values ...string) error {
	if w.file == nil {
		f, err := os.OpenFile(w.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		w.file, w.csv = f, csv.NewWriter(f)
		if err := w.csv.Write(w.header); err != nil {
			return err
		}
	}
	w.rows++
	return w.csv.Write(values)
}

func (w *rowFile) close() error {
	if w == nil || w.file == nil {
		return nil
	}
	w.csv.Flush()
	return errors.Join(w.csv.Error(), w.file.Close())
}
