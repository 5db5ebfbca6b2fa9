package registry

import (
	"context"
	"fmt"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// actor is who has sent the file, as he may act now.
func (w *uploadWork) actor(ctx context.Context) (a iis.Actor, err error) {
	err = w.reg.view(ctx, func(tx *store.Tx) error {
		a, err = actorNow(ctx, tx, w.User, w.Organization)
		return err
	})
	if err == nil && !a.May(iis.ImportClients) {
		err = errNoRole
	}
	return a, err
}

var errNoRole = iis.Errorf(iis.Denied, "Whoever has sent the file may not import for the organization any more.")

// actorNow is a user acting for an organization, as the policy and his roles are
// now; Denied if he does not any more.
func actorNow(ctx context.Context, tx *store.Tx, user iis.UserID, org iis.OrganizationID) (a iis.Actor, err error) {
	u, err := tx.User(ctx, user)
	if iis.KindOf(err) == iis.NotFound || err == nil && u.State != iis.UserActive {
		return a, errNoRole
	}
	if err != nil {
		return a, err
	}
	grants, err := tx.Grants(ctx, user)
	if err != nil {
		return a, err
	}
	o, err := tx.Organization(ctx, org)
	if err != nil {
		return a, fmt.Errorf("organization of an upload: %w", err)
	}
	for _, g := range grants {
		is := g.Organization
		one := iis.Actor{User: u.ID, UserName: u.UserName, Name: u.Name, Organization: is.ID, OrgName: is.Name, OrgType: is.Type, Role: g.Role}
		switch {
		case !is.Active || !o.Active:
		case is.ID == org:
			return one, nil
		case one.May(iis.ActForAny):
			one.Organization, one.OrgName = o.ID, o.Name
			a = one
		}
	}
	if a.User == "" {
		return a, errNoRole
	}
	return a, nil
}
