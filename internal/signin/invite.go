package signin

import (
	"context"
	"crypto/rand"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// errInvite is the answer to a link that was used, has expired or never was.
var errInvite = iis.Errorf(iis.NotFound, "This link cannot be used any more. Ask the person who gave it to you for a new one.")

// Invited returns whose invitation a token is.
func (s *SignIn) Invited(ctx context.Context, token string) (iis.User, error) {
	var u iis.User
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		u, err = invited(ctx, tx, token)
		return err
	})
	return u, err
}

func invited(ctx context.Context, tx *store.Tx, token string) (iis.User, error) {
	u, err := tx.UserByInvite(ctx, tokenHash(token))
	if iis.KindOf(err) == iis.NotFound || err == nil && u.State == iis.UserDeactivated {
		return iis.User{}, errInvite
	}
	return u, err
}

// Accept sets the password of an invited person and begins a session. The
// invitation is used up, and sessions from before a reset end.
func (s *SignIn) Accept(ctx context.Context, invite, fresh, again string) (string, error) {
	u, err := s.Invited(ctx, invite)
	if err != nil {
		return "", err
	}
	if err := checkChoice(u, fresh, again); err != nil {
		return "", err
	}
	hash, err := Hash(ctx, fresh)
	if err != nil {
		return "", err
	}
	token, _, err := s.begin(ctx, u.ID, func(tx *store.Tx, u *iis.User) error {
		if _, err := invited(ctx, tx, invite); err != nil {
			return err
		}
		if err := tx.PutPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := tx.DeleteSessionsOf(ctx, u.ID, ""); err != nil {
			return err
		}
		u.State, u.MustSet = iis.UserActive, false
		return tx.Record(ctx, iis.Event{Action: iis.ActionPassword, User: u.ID, UserName: u.UserName,
			Detail: iis.Detail{Subject: string(u.ID), Note: "invitation accepted"}})
	})
	return token, err
}

// NewInvite makes a token for a one-time link, and its hash to store.
func NewInvite() (token, hash string) {
	token = rand.Text() + rand.Text()
	return token, tokenHash(token)
}
