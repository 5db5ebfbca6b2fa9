package registry

import (
	"context"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Workplace is an organization the actor can act for.
type Workplace struct {
	Organization iis.Organization
	Role         iis.Role
	Drafts       int // of clients, begun there and not saved
}

// Workplaces returns the organizations the actor can switch to, by name: those
// where he has a role, or every active one for the registry's own staff.
func (r *Registry) Workplaces(ctx context.Context, a iis.Actor) (all []Workplace, err error) {
	err = r.view(ctx, func(tx *store.Tx) error {
		all = nil
		grants, err := tx.Grants(ctx, a.User)
		if err != nil {
			return err
		}
		roles := map[iis.OrganizationID]iis.Role{}
		var places []iis.Organization
		for _, g := range grants {
			roles[g.Organization.ID] = g.Role
			places = append(places, g.Organization)
		}
		if a.May(iis.ActForAny) {
			if places, err = tx.Organizations(ctx); err != nil {
				return err
			}
		}
		for _, o := range places {
			if !o.Active {
				continue
			}
			w := Workplace{Organization: o, Role: roles[o.ID]}
			if w.Role == "" {
				w.Role = a.Role
			}
			there := a
			there.Organization = o.ID
			if role := roles[o.ID]; role != "" {
				there.Role, there.OrgType = role, o.Type
			}
			drafts, err := homeDrafts(ctx, tx, there)
			if err != nil {
				return err
			}
			w.Drafts = len(drafts)
			all = append(all, w)
		}
		return nil
	})
	return all, err
}

// Organizations returns every organization, by name, for those who manage users
// anywhere.
func (r *Registry) Organizations(ctx context.Context, a iis.Actor) (all []iis.Organization, err error) {
	if err := r.may(ctx, a, iis.ManageAnyUsers); err != nil {
		return nil, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		all, err = tx.Organizations(ctx)
		return err
	})
	return all, err
}
