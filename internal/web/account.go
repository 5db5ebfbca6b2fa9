package web

import (
	"net/http"

	"openiis.org/iis"
)

// accountData is the page "manage my account".
type accountData struct {
	User     iis.User
	Grants   []iis.Grant
	Sessions []accountSession
	Others   int
	Keys     bool
	Mail     bool // e-mail about files can be turned on and off
	Lengths  passwordLengths
}

type accountSession struct {
	iis.Session
	OrgName string
	Here    bool
}

var accountPage = newPage[accountData]("account/account")

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	return s.account(w, r, http.StatusOK, nil)
}

func (s *Server) account(w http.ResponseWriter, r *http.Request, status int, problems []iis.Problem) error {
	v := visitOf(r)
	all, err := s.reg.Sessions(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	d := accountData{User: v.User, Grants: v.Grants, Keys: shellOf(r).Keys, Lengths: lengths,
		Mail: s.reg.Options().Mail && v.Actor.May(iis.ImportClients)}
	for _, se := range all {
		row := accountSession{Session: se, Here: se.TokenHash == v.Session.TokenHash}
		for _, g := range v.Grants {
			if g.Organization.ID == se.Organization {
				row.OrgName = g.Organization.Name
			}
		}
		if row.Here {
			row.OrgName = v.Actor.OrgName
		} else {
			d.Others++
		}
		d.Sessions = append(d.Sessions, row)
	}
	return accountPage.show(w, r, status, d, problems...)
}

func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	switch r.PostForm.Get("do") {
	case "password":
		token, err := s.signin.ChangePassword(r.Context(), v.Visit, s.token(r), s.address(r),
			r.PostForm.Get("old"), r.PostForm.Get("new"), r.PostForm.Get("again"))
		if err != nil {
			problems, err := refused(err)
			if err != nil {
				return err
			}
			return s.account(w, r, http.StatusUnprocessableEntity, problems)
		}
		s.setToken(w, r, token)
		return done(w, r, "/account", "password")
	case "others":
		if err := s.reg.EndOtherSessions(r.Context(), v.Actor, v.Session.TokenHash); err != nil {
			return err
		}
		return done(w, r, "/account", "signed-out-there")
	case "keys":
		c := &http.Cookie{Name: keysCookie, Value: "off", Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
			Secure: !s.loopback(r), SameSite: http.SameSiteLaxMode}
		if r.PostForm.Get("keys") == iis.Yes {
			c.Value = "on"
		}
		http.SetCookie(w, c)
		return done(w, r, "/account", "shortcuts")
	case "mail":
		if err := s.reg.TurnMail(r.Context(), v.Actor, r.PostForm.Get("mail") == iis.Yes); err != nil {
			return err
		}
		return done(w, r, "/account", "mail")
	}
	return errBadForm
}
