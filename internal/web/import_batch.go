package web

import (
	"context"
	"net/http"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

var batchPage = newPage[*batchScreen]("import/batch")

// batchScreen is what became of a file that was taken in.
type batchScreen struct {
	Action  string
	Row     batchRow
	Trouble string // why it was given up
	Undone  string // when
	MayUndo bool
	Kept    []iis.ClientID
	Groups  []rowGroup
	Bad     string
	IDLabel string
}

func (s *Server) showBatch(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), actor(r)
	b, kept, err := s.reg.ImportedBatch(ctx, a, r.PathValue("batch"))
	if err != nil {
		return err
	}
	sc := &batchScreen{Action: batchPath(b.ID), IDLabel: s.reg.Options().IDLabel, Kept: kept,
		Row: batchRow{Kind: kindWords[b.Kind], By: b.UserName, At: at(b.Started), Outcome: batchOutcome(b)}}
	touched := b.Counts[string(registry.ImportAdded)] + b.Counts[string(registry.ImportChanged)]
	sc.MayUndo = b.Undone.IsZero() && (touched > 0 || b.Finished.IsZero())
	if !b.Undone.IsZero() {
		sc.Undone = at(b.Undone)
	}
	u, err := s.reg.UploadOf(ctx, a, b.ID)
	if iis.KindOf(err) == iis.NotFound { // of another, or forgotten since
		return batchPage.show(w, r, http.StatusOK, sc)
	}
	if err != nil {
		return err
	}
	v, err := s.reg.ReviewUpload(ctx, a, u.ID)
	if err != nil {
		return err
	}
	sc.Trouble = u.Trouble
	if sc.Groups, err = s.rowGroups(r, v); err != nil {
		return err
	}
	if v.Counts[registry.ImportWrong].Rows+v.Counts[registry.ImportPossible].Rows+v.Counts[registry.ImportHeld].Rows > 0 {
		sc.Bad = uploadPath(u.ID) + "/rows.csv"
	}
	return batchPage.show(w, r, http.StatusOK, sc)
}

// undoBatch takes a file back.
func (s *Server) undoBatch(w http.ResponseWriter, r *http.Request) error {
	batch := r.PathValue("batch")
	if _, err := s.reg.UndoImport(context.WithoutCancel(r.Context()), actor(r), batch, nil); err != nil {
		return err
	}
	return done(w, r, batchPath(batch), "import-undone")
}
