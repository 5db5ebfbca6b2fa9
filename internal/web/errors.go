package web

import (
	"bytes"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"openiis.org/iis"
)

// statuses is the table from kinds of errors to those of HTTP. Invalid is
// usually answered by the form itself, shown again.
var statuses = map[iis.Kind]int{
	iis.Invalid:  http.StatusUnprocessableEntity,
	iis.NotFound: http.StatusNotFound,
	iis.Denied:   http.StatusForbidden,
	iis.Conflict: http.StatusConflict,
	iis.Busy:     http.StatusServiceUnavailable,
	iis.Internal: http.StatusInternalServerError,
}

// errorData is what the page of an error says.
type errorData struct {
	Heading   string
	Text      string
	Details   []string
	Again     bool   // trying again may help
	Reference string // of a fault of ours, to be found in the log
}

var errorPage = newPage[errorData]("error/error")

// fail answers an error that a handler returned.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errTooLarge):
		s.status(w, r, http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, errBadForm):
		s.status(w, r, http.StatusBadRequest)
		return
	case errors.Is(err, errOtherOrganization):
		s.answer(w, r, http.StatusConflict, errorData{
			Heading: "You are acting for another organization now",
			Text: "This page was opened while you were acting for a different organization. Nothing was saved or searched. " +
				"Go back, reload the page, and try again; or switch organizations first.",
		})
		return
	}
	if to := iis.MovedTo(err); to != "" {
		s.moved(w, r, to)
		return
	}
	kind := iis.KindOf(err)
	status := statuses[kind]
	if status == 0 || kind == iis.Internal {
		s.crash(w, r, err)
		return
	}
	data := wordsFor(status)
	if text := iis.TextOf(err); text != "" {
		data.Text = text
	}
	for _, p := range iis.ProblemsIn(err) {
		data.Details = append(data.Details, p.Text)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	s.answer(w, r, status, data)
}

// moved answers for a client who was merged into another. Whoever only looks is
// led to the survivor, with a notice; a form was made for a record that is no more,
// and says so.
func (s *Server) moved(w http.ResponseWriter, r *http.Request, to iis.ClientID) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		path := clientPath(to) + strings.TrimPrefix(r.URL.Path, clientPath(clientID(r)))
		if err := done(w, r, path, "merged"); err == nil {
			return
		}
	}
	s.answer(w, r, http.StatusConflict, errorData{
		Heading: "This record was merged meanwhile",
		Text: "It is part of " + s.reg.Options().IDLabel + " " + string(to) + " now. Nothing was saved. " +
			"Go back to see what you typed, open that client and enter it there.",
	})
}

// status answers with the page of a status that comes from HTTP itself.
func (s *Server) status(w http.ResponseWriter, r *http.Request, status int) {
	s.answer(w, r, status, wordsFor(status))
}

func wordsFor(status int) errorData {
	switch status {
	case http.StatusBadRequest:
		return errorData{Heading: "The request could not be read", Text: "What your browser sent holds characters or a form that cannot be read. Nothing was saved. Go back and type it again."}
	case http.StatusForbidden:
		return errorData{Heading: "You cannot do this", Text: "This request came from another site, or asks for what your role does not let you do. Nothing was saved."}
	case http.StatusNotFound:
		return errorData{Heading: "Not found", Text: "There is nothing at this address that you can open."}
	case http.StatusMethodNotAllowed:
		return errorData{Heading: "This cannot be done here", Text: "The address does not answer this kind of request."}
	case http.StatusConflict:
		return errorData{Heading: "Someone else was faster", Text: "Meanwhile this was changed by someone else. Nothing was saved."}
	case http.StatusRequestEntityTooLarge:
		return errorData{Heading: "The form is too large", Text: "What was sent is larger than any form of this program. Nothing was saved."}
	case http.StatusUnprocessableEntity:
		return errorData{Heading: "This could not be done", Text: "Something that was entered is not accepted. Nothing was saved."}
	case http.StatusServiceUnavailable:
		return errorData{Heading: "The registry is busy", Text: "Nothing was saved. Please try again shortly.", Again: true}
	}
	return errorData{Heading: "Something went wrong", Text: "Nothing was saved."}
}

// answer writes the page of an error, or what is left of it if even that fails.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, status int, data errorData) {
	if background(r) {
		w.WriteHeader(status)
		return
	}
	if err := errorPage.show(w, r, status, data); err != nil {
		s.set.Log.ErrorContext(r.Context(), "error page", slog.Any("error", err))
		write(w, r, http.StatusInternalServerError, s.broken)
	}
}

// crash answers a fault of ours: the log gets what is known, the person a
// reference to it and nothing more.
func (s *Server) crash(w http.ResponseWriter, r *http.Request, err error) {
	ref := rand.Text()[:8]
	v := visitOf(r)
	s.set.Log.ErrorContext(r.Context(), "fault", slog.String("reference", ref), slog.String("route", v.pattern),
		slog.String("user", string(v.Actor.User)), slog.Any("error", err), slog.String("stack", string(debug.Stack())))
	if sw, ok := w.(*statusWriter); ok && sw.status != 0 {
		return // the answer has begun
	}
	if background(r) {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	write(w, r, http.StatusInternalServerError, bytes.ReplaceAll(s.broken, []byte(blankReference), []byte(ref)))
}

// blankReference stands in the page that is rendered at start-up: when
// something is broken, rendering may be.
const blankReference = "REFERENCE"

func (s *Server) renderBroken() ([]byte, error) {
	return errorPage.render(s.shell(&visit{server: s}, "/"), brokenData(blankReference), nil)
}

func brokenData(ref string) errorData {
	return errorData{Heading: "We're sorry", Reference: ref,
		Text: "Something went wrong here. It has been logged. What you typed on a client's screen is kept as a draft; please try again."}
}
