package main

import (
	"context"
	"fmt"

	"openiis.org/iis/internal/store"
)

// verifyAudit is the command that proves the audit trail.
type verifyAudit struct {
	database
	AnchorFile string `placeholder:"FILE" type:"path" help:"The file that serve --anchor-file has written."`
}

func (verifyAudit) Help() string {
	return `Computes the hash chains of the audit trail anew, while the registry goes on working.

It ends with 0 if every row is as it was written, and with 1 and the first bad row if one was changed, removed,
inserted or moved. With the anchor file it also finds out if the newest anchors were removed.

Examples:

  openiis verify-audit --database file:registry.db
  openiis verify-audit --database postgres://openiis@db/registry --anchor-file anchors.log`
}

// Run verifies the audit trail.
func (v verifyAudit) Run(ctx context.Context, io streams) error {
	var opts []store.Option
	if v.AnchorFile != "" {
		opts = append(opts, store.WithAnchorFile(v.AnchorFile))
	}
	db, err := store.Open(ctx, v.Database, opts...)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := db.VerifyAudit(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(io.out, report)
	if report.OK() {
		return nil
	}
	for _, f := range report.Faults[1:] {
		fmt.Fprintf(io.out, "also %v\n", f)
	}
	return errTold
}
