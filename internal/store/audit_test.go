package store_test

import (
	"testing"

	"openiis.org/iis/internal/store"
)

// verified returns the report on an audit trail that must be whole.
func verified(t *testing.T, db *store.DB) store.Report {
	t.Helper()
	r, err := db.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("VerifyAudit() = %v", r)
	}
	return r
}
