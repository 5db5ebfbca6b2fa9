// Package web is the door for people: pages and forms over HTTP. It translates
// a request into one call of package registry and the answer into one page. It
// never decides who may do what, beyond asking the policy before a handler
// runs, and never touches the database.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/signin"
)

// Server answers every request for a page, a form or a file of the program.
type Server struct {
	reg    *registry.Registry
	signin *signin.SignIn
	set    Settings

	mux    *http.ServeMux
	routes []Route
	origin *http.CrossOriginProtection
	broken []byte // the page for our own faults, rendered at start-up

	waiting waiting // problems, by organization
}

// Public and SignedIn are the policies of routes that ask for no permission.
const (
	Public   iis.Permission = "public"
	SignedIn iis.Permission = "signed in"
)

// Route is one line of the table of routes: what is asked, and what the policy
// must allow before its handler runs.
type Route struct {
	Method string
	Path   string
	Policy iis.Permission
	handle handler
}

// handler answers a request. An error it returns is answered by Server.fail.
type handler func(w http.ResponseWriter, r *http.Request) error

// table is every route there is. A handler never needs to ask whether someone
// is signed in or may do the thing as such; which clients are visible is asked
// by the registry.
func (s *Server) table() []Route {
	return slices.Concat([]Route{
		{"GET", "/{$}", SignedIn, s.home},
		{"GET", "/signin", Public, s.showSignIn},
		{"POST", "/signin", Public, s.signIn},
		{"POST", "/signout", SignedIn, s.signOut},
		{"POST", "/session", SignedIn, s.stay},
		{"GET", "/account", SignedIn, s.showAccount},
		{"POST", "/account", SignedIn, s.changeAccount},
		{"GET", "/invite/{token}", Public, s.showInvite},
		{"POST", "/invite/{token}", Public, s.acceptInvite},
		{"GET", "/organization", SignedIn, s.showOrganizations},
		{"POST", "/organization", SignedIn, s.switchOrganization},
		{"GET", "/announcements", SignedIn, s.listAnnouncements},
		{"GET", "/announcements/{id}", SignedIn, s.showAnnouncement},
		{"GET", "/announcements/new", iis.ManageAnnouncement, s.newAnnouncement},
		{"POST", "/announcements/new", iis.ManageAnnouncement, s.postAnnouncement},
		{"GET", "/announcements/{id}/edit", iis.ManageAnnouncement, s.editAnnouncement},
		{"POST", "/announcements/{id}", iis.ManageAnnouncement, s.postAnnouncement},

		{"GET", "/users", iis.ManageUsers, s.listUsers},
		{"GET", "/users/new", iis.ManageUsers, s.newUser},
		{"POST", "/users/new", iis.ManageUsers, s.inviteUser},
		{"GET", "/users/{id}", iis.ManageUsers, s.showUser},
		{"POST", "/users/{id}", iis.ManageUsers, s.changeUser},
		{"GET", "/held", iis.ResolveHeldEntry, s.listHeld},
		{"GET", "/held/{code}", iis.ResolveHeldEntry, s.showHeld},
		{"POST", "/held/{code}", iis.ResolveHeldEntry, s.resolveHeld},
		{"GET", "/system", iis.ManageSchedule, s.showSystem},
		{"POST", "/system", iis.ManageSchedule, s.useInForce},

		{"GET", "/help", Public, s.listHelp},
		{"GET", "/help/{topic}", Public, s.showHelp},
		{"GET", "/helpdesk", Public, s.showHelpDesk},
		{"GET", "/accessibility", Public, s.showAccessibility},
		{"GET", "/privacy", Public, s.showPrivacy},
		{"GET", "/static/{file}", Public, s.static},
		{"GET", "/healthz", Public, s.healthz},
	}, s.clientRoutes(), s.doseRoutes(), s.recordRoutes(), s.duplicateRoutes(), s.importRoutes())
}

const (
	maxBody   = 1 << 20
	maxFields = 5000
)

// New returns the server. It fails if a route has no policy or a template does
// not parse: neither is found out by a user.
func New(reg *registry.Registry, in *signin.SignIn, set Settings) (*Server, error) {
	s := &Server{reg: reg, signin: in, set: set.filled(), origin: http.NewCrossOriginProtection()}
	zone.Store(reg.Options().Zone)
	if err := s.register(s.table()); err != nil {
		return nil, err
	}
	var err error
	s.broken, err = s.renderBroken()
	return s, err
}

func (s *Server) register(routes []Route) error {
	mux := http.NewServeMux()
	for _, t := range routes {
		if t.Policy == "" || t.handle == nil {
			return fmt.Errorf("route %s %s has no policy or no handler", t.Method, t.Path)
		}
		mux.Handle(t.Method+" "+t.Path, s.guard(t))
	}
	s.mux, s.routes = mux, routes
	return nil
}

// Routes returns the table of routes, for tests of the policy.
func (s *Server) Routes() []Route { return s.routes }

// HTTPServer returns a server for addr whose time-outs keep slow or silent
// clients from holding it.
func (s *Server) HTTPServer(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.set.Log.Handler(), slog.LevelWarn),
	}
}

// ServeHTTP answers a request: headers first, so that no answer is without
// them, then whatever refuses a request before a handler sees it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.set.Now()
	sw := &statusWriter{ResponseWriter: w}
	v := &visit{server: s}
	r = r.WithContext(withVisit(r.Context(), v))
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.crash(sw, r, fmt.Errorf("panic: %v", p))
		}
		s.log(r, sw.status, s.set.Now().Sub(start), v)
	}()
	s.headers(sw.Header(), r)
	s.serve(sw, r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if err := s.origin.Check(r); err != nil {
		s.status(w, r, http.StatusForbidden)
		return
	}
	if _, pattern := s.mux.Handler(r); pattern == "" {
		// The mux knows 404 from 405 and names the methods allowed; only its
		// words are not ours.
		rec := &statusWriter{ResponseWriter: discard{w.Header()}}
		s.mux.ServeHTTP(rec, r)
		s.status(w, r, rec.status)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// csp lets a page load nothing but the program's own style, script and images.
const csp = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

func (s *Server) headers(h http.Header, r *http.Request) {
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.secure(r) {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// secure reports whether the person's browser reached us over TLS.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.set.Proxied && r.Header.Get("X-Forwarded-Proto") == "https"
}

// log writes one line a request. It holds the route, never the address asked
// for: that could hold what a person typed.
func (s *Server) log(r *http.Request, status int, took time.Duration, v *visit) {
	route := v.pattern
	if route == "" {
		route = "none"
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	s.set.Log.LogAttrs(r.Context(), level, "request", slog.String("method", method(r)), slog.String("route", route),
		slog.Int("status", status), slog.Duration("took", took), slog.String("user", string(v.Actor.User)))
}

func method(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS":
		return r.Method
	}
	return "other"
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(code int) {
	if w.status == 0 {
		w.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// discard takes the headers of an answer and drops its body.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

var _ http.Handler = (*Server)(nil)
