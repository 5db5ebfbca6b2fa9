package web

import (
	"context"
	"errors"
	"net/http"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

var batchPage = newPage[*batchScreen]("import/batch")

// batchScreen is what became of a file that was taken in.
type batchScreen struct {
	Action  string
	Row     batchRow
	Trouble string          // why it was given up
	Undone  string          // when
	Working *progressScreen // of an undo that goes on
	MayUndo bool
	Kept    []iis.ClientID
	Groups  []rowGroup
	Bad     string
	More    string // query of the next page, if one group is shown
	Path    string // of the whole page then
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
	touched := b.Counts[string(registry.ImportAdded)] + b.Counts[string(registry.ImportChanged)] + b.Counts[string(registry.ImportHeld)]
	sc.MayUndo = b.Undone.IsZero() && b.UndoAsked.IsZero() && (touched > 0 || b.Finished.IsZero())
	if !b.Undone.IsZero() {
		sc.Undone = at(b.Undone)
	}
	if b.Undone.IsZero() && !b.UndoAsked.IsZero() {
		if sc.Working, err = s.undoProgress(r, b); err != nil {
			return err
		}
		return batchPage.show(w, r, http.StatusOK, sc)
	}
	u, err := s.reg.UploadOf(ctx, a, b.ID)
	if iis.KindOf(err) == iis.NotFound { // of another, or forgotten since
		return batchPage.show(w, r, http.StatusOK, sc)
	}
	if err != nil {
		return err
	}
	if u.State == registry.UploadTaking {
		return done(w, r, uploadPath(u.ID), "")
	}
	v, err := s.reg.ReviewUpload(ctx, a, u.ID)
	if err != nil {
		return err
	}
	sc.Trouble = u.Trouble
	g, more, err := s.oneGroup(r, v)
	switch {
	case err != nil:
		return err
	case !b.Undone.IsZero():
	case g.Outcome != "":
		sc.Groups, sc.More, sc.Path, sc.MayUndo = []rowGroup{g}, more, sc.Action, false
	default:
		if sc.Groups, err = s.rowGroups(r, v); err != nil {
			return err
		}
	}
	if v.Counts[registry.ImportWrong].Rows+v.Counts[registry.ImportPossible].Rows+v.Counts[registry.ImportHeld].Rows > 0 {
		sc.Bad = uploadPath(u.ID) + "/rows.csv"
	}
	return batchPage.show(w, r, http.StatusOK, sc)
}

// undoProgress tells how far taking a batch back has come.
func (s *Server) undoProgress(r *http.Request, b registry.ImportBatch) (*progressScreen, error) {
	u, err := s.reg.UndoProgress(r.Context(), actor(r), b.ID)
	if err != nil {
		return nil, err
	}
	text := "Taking back " + registry.Grouped(u.Done) + " of " + registry.Grouped(u.Total) + map[bool]string{true: " client", false: " clients"}[u.Total == 1]
	if !u.Working {
		text += ", waits for its turn"
	}
	return &progressScreen{Path: batchPath(b.ID), Text: text, Done: u.Done, Total: max(u.Total, 1),
		Mailed: b.UndoneBy == actor(r).User && s.mailed(r)}, nil
}

// undoBatch takes a file back.
func (s *Server) undoBatch(w http.ResponseWriter, r *http.Request) error {
	ctx, batch := r.Context(), r.PathValue("batch")
	if err := s.reg.StartUndo(ctx, actor(r), batch); err != nil {
		return err
	}
	err := s.reg.WorkUndo(ctx, batch, inlineWork)
	if err != nil && iis.KindOf(err) != iis.Conflict && !errors.Is(err, context.Canceled) {
		return err
	}
	b, _, err := s.reg.ImportedBatch(ctx, actor(r), batch)
	if err != nil {
		return err
	}
	notice := ""
	if !b.Undone.IsZero() {
		notice = "import-undone"
	}
	return done(w, r, batchPath(batch), notice)
}
