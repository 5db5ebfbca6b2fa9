package registry

import (
	"context"
	"slices"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Unmerging is what one asks for who undoes a merge.
type Unmerging struct {
	Survivor iis.ClientID // who has all of it now
	Merge    string
	// Version of the survivor as the page showed him: if he was saved since, the
	// answer is a Conflict.
	Version int64
	Sorting iis.Sorting // of what was set since
}

// UnmergeClients undoes a merge into a client, or into one who went into him: both
// records are there again, with whatever was edited since. Merges that were made
// later stand: they are made again without the record that leaves.
func (r *Registry) UnmergeClients(ctx context.Context, a iis.Actor, u Unmerging) (other iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.MergeClient); err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		m, now, err := r.standing(ctx, tx, a, u.Survivor, u.Merge)
		if err != nil {
			return err
		}
		if now.Client.Version != u.Version {
			return iis.Errorf(iis.Conflict, "Someone has saved the record meanwhile. Look at it again before taking it apart.")
		}
		other = m.undone.Other
		return r.unmerge(ctx, tx, a, m, now, u.Sorting)
	})
	return other, err
}

// standing loads a merge that stands, with all that depends on it, and who has all of
// it now.
func (r *Registry) standing(ctx context.Context, tx *store.Tx, a iis.Actor, survivor iis.ClientID, merge string) (unwinding, iis.Whole, error) {
	_, err := r.visible(ctx, tx, a, survivor)
	if into := iis.MovedTo(err); into != "" {
		survivor, err = into, nil
	}
	if err != nil {
		return unwinding{}, iis.Whole{}, err
	}
	under, err := tx.MergesUnder(ctx, survivor)
	if err != nil {
		return unwinding{}, iis.Whole{}, err
	}
	i := slices.IndexFunc(under, func(m store.Merge) bool { return m.ID == merge })
	if i < 0 {
		return unwinding{}, iis.Whole{}, errNoMerge()
	}
	now, err := tx.Whole(ctx, survivor)
	return unwind(under[i], under[i+1:]), now, err
}

// unwinding is a merge that is undone and the later ones, oldest first, that were
// made with what it made.
type unwinding struct {
	undone store.Merge
	later  []store.Merge
}

// unwind picks of later merges those that depend on one.
func unwind(undone store.Merge, later []store.Merge) unwinding {
	u := unwinding{undone: undone}
	holds := []iis.ClientID{undone.Survivor} // what came of it, merge by merge
	for _, m := range later {
		switch {
		case slices.Contains(holds, m.Other):
			holds = append(holds, m.Survivor)
		case !slices.Contains(holds, m.Survivor):
			continue
		}
		u.later = append(u.later, m)
	}
	return u
}

// back takes the later merges apart, the newest first, beginning with who has all of
// it now. It returns the records as they are then, and what each merge had made of
// its survivor as edited since.
func (u unwinding) back(now iis.Whole, a iis.Actor, at time.Time) (live map[iis.ClientID]iis.Whole, current []iis.Whole) {
	live = map[iis.ClientID]iis.Whole{now.Client.ID: now}
	current = make([]iis.Whole, len(u.later))
	for i, m := range slices.Backward(u.later) {
		current[i] = live[m.Survivor]
		live[m.Survivor], live[m.Other] = iis.Part(m.WasSurvivor, m.WasOther, m.Merged, current[i], nil, a, at)
	}
	return live, current
}

// again makes the later merges again of what is left without the one undone.
func (u unwinding) again(live map[iis.ClientID]iis.Whole, current []iis.Whole, a iis.Actor, zone *time.Location) {
	for i := range u.later {
		m := &u.later[i]
		s, o := live[m.Survivor], live[m.Other]
		m.Merged = s.AbsorbAgain(o, m.WasSurvivor, m.WasOther, m.Merged, current[i], a, m.At, iis.DateOf(m.At.In(zone)))
		m.WasSurvivor, m.WasOther = s, o
		live[m.Survivor] = m.Merged
		delete(live, m.Other)
	}
}

func (r *Registry) unmerge(ctx context.Context, tx *store.Tx, a iis.Actor, u unwinding, now iis.Whole, whose iis.Sorting) error {
	m := u.undone
	row, err := tx.Client(ctx, m.Other)
	if err != nil {
		return err
	}
	hadSurvivor, err := keysUnder(ctx, tx, now)
	if err != nil {
		return err
	}
	live, current := u.back(now, a, tx.Now)
	survivor, other := iis.Part(m.WasSurvivor, m.WasOther, m.Merged, live[m.Survivor], whose, a, tx.Now)
	live[m.Survivor] = survivor
	u.again(live, current, a, r.opts.Zone)
	is := live[now.Client.ID]
	is.Client.Version = now.Client.Version + 1
	other.Client.Version = row.Version + 1
	for _, c := range []*iis.Client{&is.Client, &other.Client} {
		c.Updated, c.UpdatedBy, c.UpdatedByName = tx.Now, a.Organization, a.OrgName
	}
	if err := r.putWhole(ctx, tx, is); err != nil {
		return err
	}
	if err := r.putWhole(ctx, tx, other); err != nil {
		return err
	}
	if err := tx.SetMergedInto(ctx, m.Other, ""); err != nil {
		return err
	}
	mine := func(id iis.DoseID) bool {
		return slices.ContainsFunc(other.Doses, func(d iis.Dose) bool { return d.ID == id })
	}
	if err := tx.MoveDoseProblems(ctx, now.Client.ID, m.Other, mine); err != nil {
		return err
	}
	if err := tx.UndoMerge(ctx, m.ID, a.User); err != nil {
		return err
	}
	for _, l := range u.later {
		if err := tx.PutMergeAgain(ctx, l); err != nil {
			return err
		}
	}
	if err := putKeys(ctx, tx, is, hadSurvivor); err != nil {
		return err
	}
	if err := putKeys(ctx, tx, other, nil); err != nil {
		return err
	}
	if err := r.toldApart(ctx, tx, a, m, now.Client.ID); err != nil {
		return err
	}
	about := iis.Detail{Subject: string(now.Client.ID), Note: m.ID, Version: other.Client.Version}
	if err := record(ctx, tx, a, iis.ActionUnmerge, m.Other, about); err != nil {
		return err
	}
	about = iis.Detail{Subject: string(m.Other), Note: m.ID}
	if m.Survivor != now.Client.ID {
		if err := record(ctx, tx, a, iis.ActionUnmerge, m.Survivor, about); err != nil {
			return err
		}
	}
	about.Version, about.Changes = is.Client.Version, iis.Differences(now.Record, is.Record)
	return record(ctx, tx, a, iis.ActionUnmerge, now.Client.ID, about)
}

// toldApart notes that the two of an undone merge were told apart by a person: nobody
// is asked again, of them or of those whom the survivor went into. What is known of
// the others who are in who has all of it now is made known of him anew, so that
// nothing is left of what came with the one who is gone.
func (r *Registry) toldApart(ctx context.Context, tx *store.Tx, a iis.Actor, m store.Merge, now iis.ClientID) error {
	under, err := tx.MergesUnder(ctx, now)
	if err != nil {
		return err
	}
	if err := tx.DecideDuplicate(ctx, m.Survivor, m.Other, store.PairDifferent, a.User, "unmerged"); err != nil {
		return err
	}
	return tx.CarryPairsAgain(ctx, m, under)
}

// errNoMerge is the answer for a merge that never was, was undone, or was not into
// this client.
func errNoMerge() error {
	return iis.Errorf(iis.Conflict, "No such merge into this record stands. Look at its Names and IDs again.")
}

// MergedRecord is a record that went into a client, and can come back.
type MergedRecord struct {
	Merge       string
	Other, Into iis.ClientID // Into is the client, or one who went into him later
	At          time.Time
	By          string // "clerk, Test Clinic", or the organization alone
	Reason      string
	Charts      []string // the chart numbers of the other, "C-2 at Test Clinic", that the actor may see
}

// merged returns the records that went into a client, newest first. The people of
// other organizations are not named.
func merged(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (list []MergedRecord, err error) {
	all, err := tx.MergesUnder(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(all) {
		o, err := tx.Organization(ctx, m.By)
		if err != nil {
			return nil, err
		}
		by := o.Name
		if m.By == a.Organization || a.May(iis.SeeHidden) {
			name, err := userName(ctx, tx, m.User)
			if err != nil {
				return nil, err
			}
			by = name + ", " + by
		}
		row := MergedRecord{Merge: m.ID, Other: m.Other, Into: m.Survivor, At: m.At, By: by, Reason: m.Reason}
		for _, of := range m.WasOther.Memberships {
			if of.ChartNumber == "" || of.Organization != a.Organization && !a.May(iis.SeeHidden) {
				continue
			}
			o, err := tx.Organization(ctx, of.Organization)
			if err != nil {
				return nil, err
			}
			row.Charts = append(row.Charts, of.ChartNumber+" at "+o.Name)
		}
		list = append(list, row)
	}
	return list, nil
}

// Merged is a merge as the page asks whether to undo it.
type Merged struct {
	Record iis.Record // of who has all of it now
	MergedRecord
	Was   [2]iis.Client // the survivor and the other, as they were
	Since []iis.Sorted  // what was set since, of Now
	Now   iis.Whole     // the survivor, without what went into him later
	Orgs  map[iis.OrganizationID]string
}

// Merged returns a merge into a client that stands. The view is recorded.
func (r *Registry) Merged(ctx context.Context, a iis.Actor, id iis.ClientID, merge string) (m Merged, err error) {
	if err := r.may(ctx, a, iis.MergeClient); err != nil {
		return m, err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		m = Merged{Orgs: map[iis.OrganizationID]string{}}
		if m.Record, err = r.visible(ctx, tx, a, id); err != nil {
			return err
		}
		u, now, err := r.standing(ctx, tx, a, id, merge)
		if err != nil {
			return err
		}
		list, err := merged(ctx, tx, a, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x MergedRecord) bool { return x.Merge == merge })
		kept := u.undone
		live, _ := u.back(now, a, tx.Now)
		m.MergedRecord, m.Was = list[i], [2]iis.Client{kept.WasSurvivor.Client, kept.WasOther.Client}
		m.Now, m.Since = live[kept.Survivor], iis.SinceMerge(kept.Merged, live[kept.Survivor])
		for _, o := range m.Now.Memberships {
			org, err := tx.Organization(ctx, o.Organization)
			if err != nil {
				return err
			}
			m.Orgs[org.ID] = org.Name
		}
		return record(ctx, tx, a, iis.ActionView, id, iis.Detail{Subject: "merge with " + string(m.Other)})
	})
	return m, err
}
