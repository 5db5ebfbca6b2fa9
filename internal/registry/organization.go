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
	Drafts       int // changes of clients begun there and not saved
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
			drafts, err := tx.Drafts(ctx, a.User, o.ID)
			if err != nil {
				return err
			}
			for _, d := range drafts {
				if len(d.Changes) > 0 {
					w.Drafts++
				}
			}
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
