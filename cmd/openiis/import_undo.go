package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// importList is the command that lists what was taken in.
type importList struct {
	database
}

func (importList) Help() string {
	return `Lists the files that were taken in, newest first: the batch to undo one by, when, what, by whom, how many rows
became what, and whether it was undone.

Examples:

  openiis import list --database file:registry.db`
}

// Run prints the list.
func (c importList) Run(ctx context.Context, st streams) (err error) {
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := registry.New(db, registry.Options{}).Imports(ctx, operator())
	if err != nil {
		return err
	}
	for _, b := range list {
		fmt.Fprintf(st.out, "%s  %s  %-13s  %s  %s\n", b.ID, b.Started.Format(time.DateTime), b.Kind, b.UserName, outcome(b))
	}
	return nil
}

// outcome says what became of a batch.
func outcome(b store.ImportBatch) string {
	var rows []string
	for _, o := range slices.Sorted(maps.Keys(b.Counts)) {
		rows = append(rows, registry.Grouped(b.Counts[o])+" "+o)
	}
	s := strings.Join(rows, ", ")
	switch {
	case b.Finished.IsZero():
		s = "not finished"
	case s == "":
		s = "no rows"
	}
	switch {
	case !b.Undone.IsZero():
		s += ", undone " + b.Undone.Format(time.DateTime)
	case !b.UndoBegun.IsZero():
		s += ", undone in part"
	}
	return s
}

// importUndo is the command that takes a file back.
type importUndo struct {
	Batch string `arg:"" help:"What \"openiis import list\" or the import itself has printed."`
	database
}

func (importUndo) Help() string {
	return `Takes back what a file has brought in: clients that it entered, values that it set, doses that it added, and entries
that it has held for the help desk and nobody has resolved.
What somebody has worked on since stays, and is listed by registry ID. The audit trail keeps all of it.
Interrupted, it goes on where it stopped when it is asked again.

Examples:

  openiis import undo 3V5QG4H7OJ2D5X2V4TXQZK7M2E --database file:registry.db`
}

// Run takes the batch back.
func (c importUndo) Run(ctx context.Context, st streams) (err error) {
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p := newProgress(st.err, "clients", 0)
	out, err := registry.New(db, registry.Options{}).UndoImport(ctx, operator(), c.Batch, p.at)
	if err != nil {
		return err
	}
	fmt.Fprintf(st.out, "%s clients removed, %s set back, %s kept in part or whole\n", registry.Grouped(out.Removed), registry.Grouped(out.Changed), registry.Grouped(len(out.Kept)))
	if out.Held > 0 {
		fmt.Fprintf(st.out, "%s entries held for the help desk dropped\n", registry.Grouped(out.Held))
	}
	for _, k := range out.Kept {
		what := "was worked on since, and stays"
		var fields []string
		for _, f := range k.Fields {
			if s := f.Label(); s != "" && !slices.Contains(fields, s) {
				fields = append(fields, s)
			}
		}
		if len(fields) > 0 {
			what = "was changed since, and keeps: " + strings.Join(fields, ", ")
		}
		fmt.Fprintf(st.out, "client %s %s\n", k.Client, what)
	}
	return nil
}
