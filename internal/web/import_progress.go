package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

var progressPage = newPage[*progressScreen]("import/progress")

// progressScreen tells how far the work on a file has come.
type progressScreen struct {
	Path, Kind  string
	Title, Text string
	Done, Total int
	MayCancel   bool
	Mailed      bool // who looks at it is told by e-mail when it is done
}

func uploadProgress(u registry.Upload) *progressScreen {
	sc := &progressScreen{Path: uploadPath(u.ID), Kind: kindWords[u.Kind], Title: "Checking the file", Text: uploadWords(u),
		Done: u.Done, Total: u.Total, MayCancel: u.State == registry.UploadChecking}
	if u.State == registry.UploadTaking {
		sc.Title = "Taking the file in"
	}
	return sc
}

// mailed reports whether who asks is told by e-mail when work goes on behind the
// pages and ends there.
func (s *Server) mailed(r *http.Request) bool {
	return s.reg.Options().Mail && visitOf(r).User.Mailable()
}

// uploadWords say how far a file has come.
func uploadWords(u registry.Upload) string {
	var doing string
	switch u.State {
	case registry.UploadColumns:
		return "its columns are to be looked at"
	case registry.UploadChecked:
		return "checked: waits for your approval"
	case registry.UploadTaken:
		return "taken in"
	case registry.UploadChecking:
		doing = "Checking "
	case registry.UploadTaking:
		doing = "Taking in "
	}
	text := doing + registry.Grouped(u.Done) + " of " + registry.Grouped(u.Total) + " rows"
	switch left := u.Left(); {
	case !u.Working():
		text += ", waits for its turn"
	case left > 0:
		text += ", " + about(left)
	}
	return text
}

// about says how long something takes, not too exactly.
func about(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return "a few seconds"
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return "about " + count(int(d.Round(time.Minute)/time.Minute), "minute", "minutes")
	}
	return "about " + count(int(d.Round(time.Hour)/time.Hour), "hour", "hours")
}

// workUpload begins the work on a file, so that what is short is done when the next
// page comes. If somebody does it already, that is all right.
func (s *Server) workUpload(ctx context.Context, id string) error {
	err := s.reg.WorkUpload(ctx, id, inlineWork)
	if iis.KindOf(err) == iis.Conflict || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// afterWork leads to the page of a file on which was worked.
func (s *Server) afterWork(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("upload")
	if err := s.workUpload(r.Context(), id); err != nil {
		return err
	}
	return done(w, r, uploadPath(id), "")
}
