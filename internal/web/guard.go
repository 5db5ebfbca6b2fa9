package web

import (
	"context"
	"errors"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"openiis.org/iis"
	"openiis.org/iis/internal/signin"
)

// visit is who a request is from. It hangs on the context of every request;
// without a session its Actor may do nothing.
type visit struct {
	signin.Visit
	server  *Server
	pattern string // of the route
}

func (v *visit) signedIn() bool { return v != nil && v.Actor.User != "" }

type visitKey struct{}

func withVisit(ctx context.Context, v *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

func visitOf(r *http.Request) *visit {
	v, _ := r.Context().Value(visitKey{}).(*visit)
	return v
}

// actor returns who asks, in the organization acted for.
func actor(r *http.Request) iis.Actor { return visitOf(r).Actor }

// guard lets a request through to the handler of a route if its policy allows.
func (s *Server) guard(t Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitOf(r).pattern = t.Path
		if err := s.admit(w, r, t); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Server) admit(w http.ResponseWriter, r *http.Request, t Route) error {
	if strings.HasPrefix(t.Path, "/static/") || t.Path == "/healthz" {
		return t.handle(w, r)
	}
	v := visitOf(r)
	if token := s.token(r); token != "" {
		who, err := s.signin.Who(r.Context(), token, background(r))
		if err != nil && iis.KindOf(err) != iis.Denied {
			return err
		}
		v.Visit = who
	}
	file := r.Method == http.MethodPost && t.Path == importPath && isMultipart(r)
	if r.Method == http.MethodPost && !file {
		if err := readForm(w, r); err != nil {
			return err
		}
	}
	if t.Policy == Public {
		return t.handle(w, r)
	}
	if !v.signedIn() {
		return s.askSignIn(w, r)
	}
	if v.User.MustSet && t.Path != "/account" && t.Path != "/signout" {
		http.Redirect(w, r, "/account", http.StatusSeeOther)
		return nil
	}
	if t.Policy != SignedIn {
		if err := s.reg.May(r.Context(), v.Actor, t.Policy); err != nil {
			return err
		}
	}
	if file { // read for nobody who may not send one
		if err := readUpload(w, r); err != nil {
			return err
		}
	}
	if r.Method == http.MethodPost && formOfOrganization(t) && r.PostForm.Get("org") != string(v.Actor.Organization) {
		return errOtherOrganization
	}
	return t.handle(w, r)
}

// formOfOrganization reports whether a form on the route must say for which
// organization it was filled in, so that one left in another tab is not taken
// for the wrong one. The registry asks the same of the forms about one client,
// and keeps what was typed in them as a draft.
func formOfOrganization(t Route) bool {
	return t.Path != "/signout" && t.Path != "/session" && !strings.HasPrefix(t.Path, "/clients/")
}

// background reports whether a request was made by the page itself, which does
// not keep a session alive.
func background(r *http.Request) bool { return r.Header.Get("X-Background") == "1" }

// askSignIn sends someone without a session to sign in, and back afterwards.
func (s *Server) askSignIn(w http.ResponseWriter, r *http.Request) error {
	if background(r) {
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	to := "/signin"
	if next := s.showable(r); next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// showable returns the path of the request if it can be asked for with GET.
func (s *Server) showable(r *http.Request) string {
	get := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: r.URL.Path}, Host: r.Host}
	if _, pattern := s.mux.Handler(get); pattern == "" {
		return "/"
	}
	return localPath(r.URL.Path)
}

// localPath returns p if it is a path of this site, else "/": a link to sign in
// cannot send anyone elsewhere.
func localPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(p, "/") ||
		strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") || !utf8.ValidString(p) {
		return "/"
	}
	return u.EscapedPath()
}

var (
	errTooLarge          = errors.New("the form is too large")
	errBadForm           = errors.New("the form cannot be read")
	errOtherOrganization = errors.New("the form was made for another organization")
)

// readForm reads a posted form, of which every name and value is valid UTF-8
// without NUL, so that no later layer has to ask.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	ct, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength != 0 && (err != nil || ct != "application/x-www-form-urlencoded") {
		return errBadForm
	}
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return errTooLarge
		}
		return errBadForm
	}
	n := 0
	for name, values := range r.PostForm {
		if n += len(values); n > maxFields || !plain(name) {
			return errBadForm
		}
		for _, v := range values {
			if !plain(v) {
				return errBadForm
			}
		}
	}
	return nil
}

func plain(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// address returns the network address a request came from.
func (s *Server) address(r *http.Request) string {
	if s.set.Proxied {
		if f := r.Header.Values("X-Forwarded-For"); len(f) > 0 {
			parts := strings.Split(f[len(f)-1], ",")
			return strings.TrimSpace(parts[len(parts)-1])
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
