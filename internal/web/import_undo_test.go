package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// TestImportUndoneInPart: an undo that was broken off at the command line is shown as
// such, and can be gone on with here.
func TestImportUndoneInPart(t *testing.T) {
	s := sqliteSite(t)
	admin := s.account("admin")
	batch := s.imported("admin")
	ctx, stop := context.WithCancel(t.Context())
	if _, err := s.reg.UndoImport(ctx, demoAdmin, strings.TrimPrefix(batch, "/imports/"), func(int) { stop() }); err == nil {
		t.Fatal("UndoImport that is broken off = nil, want an error")
	}
	for _, path := range []string{"/import", batch} {
		if g := admin.get(path); g.status != http.StatusOK || !strings.Contains(g.body, "; undone in part") {
			t.Errorf("GET %s = %d, want the import undone in part", path, g.status)
		}
	}
	if g := admin.post(batch, nil); g.status != http.StatusSeeOther || !strings.Contains(g.header.Get("Location"), "import-undone") {
		t.Errorf("undo = %d %s, want it done", g.status, g.header.Get("Location"))
	}
	if g := admin.get(batch); !strings.Contains(g.body, "; undone ") || strings.Contains(g.body, "undone in part") {
		t.Error("the batch does not say that it was undone")
	}
}
