package web

import (
	"net"
	"net/http"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/signin"
)

// Names of the cookie that holds a session's token. Browsers keep a __Host-
// cookie only if it is Secure; the plain one serves a loopback address without
// TLS alone (docs/decisions/0005-session-cookie.md).
const (
	secureCookie = "__Host-openiis"
	plainCookie  = "openiis"
	keysCookie   = "openiis-keys"
)

// loopback reports whether the request came over plain HTTP from this machine
// to this machine, with no proxy between: as the demonstration is used.
func (s *Server) loopback(r *http.Request) bool {
	if r.TLS != nil || s.set.Proxied {
		return false
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || strings.HasPrefix(name, "X-Forwarded-") {
			return false
		}
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return local != nil && isLoopback(local.String()) && isLoopback(r.RemoteAddr) && isLoopback(r.Host)
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// token returns the session token of a request, "" if it has none.
func (s *Server) token(r *http.Request) string {
	name := secureCookie
	if s.loopback(r) {
		name = plainCookie
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// setToken gives the browser a token; with "" it forgets the one it has.
func (s *Server) setToken(w http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{Name: secureCookie, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.loopback(r) {
		c.Name, c.Secure = plainCookie, false
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// signInData is the page to sign in.
type signInData struct {
	UserName string
	Next     string
	Refused  string
	Accounts []Account
}

var signInPage = newPage[signInData]("signin/signin")

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	if visitOf(r).signedIn() {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return signInPage.show(w, r, http.StatusOK, signInData{Next: next, Accounts: s.set.Accounts})
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.PostForm.Get("next"))
	token, _, err := s.signin.Enter(r.Context(), r.PostForm.Get("user"), r.PostForm.Get("password"), s.address(r))
	if iis.KindOf(err) == iis.Denied {
		return signInPage.show(w, r, http.StatusUnprocessableEntity,
			signInData{UserName: clip(r.PostForm.Get("user"), 64), Next: next, Accounts: s.set.Accounts},
			iis.Problem{Field: "user", Text: iis.TextOf(err)})
	}
	if err != nil {
		return err
	}
	// A session that was open in this browser does not go on beside the new one.
	if old := s.token(r); old != "" && visitOf(r).signedIn() {
		if err := s.signin.Leave(r.Context(), actor(r), old); err != nil {
			return err
		}
	}
	s.setToken(w, r, token)
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.signin.Leave(r.Context(), actor(r), s.token(r)); err != nil {
		return err
	}
	s.setToken(w, r, "")
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return done(w, r, "/signin", "signed-out")
}

// stay answers the button "Stay signed in": asking was all that was needed.
func (s *Server) stay(w http.ResponseWriter, r *http.Request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// passwordLengths are shown beside fields for a new password.
type passwordLengths struct{ Min, Max int }

var lengths = passwordLengths{signin.MinPassword, signin.MaxPassword}
