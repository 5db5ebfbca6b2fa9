package registry

import (
	"context"
	"slices"
	"unicode/utf8"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// Merging is what one asks for who has looked at two records and found them to be
// of one person.
type Merging struct {
	Survivor, Other iis.ClientID
	// Versions of the two as the page showed them: if either was saved since, the
	// answer is a Conflict.
	SurvivorVersion, OtherVersion int64
	Chosen                        map[iis.Field]iis.Whose
	Reason                        string
}

// AskSecond is the outcome of a merge that needs a second person: the two may be
// twins.
const AskSecond Outcome = "ask-second"

// MergeClients makes two records one: the survivor gets all that is on file of the
// other, whose ID leads to the survivor from then on. It can be undone at any time:
// UnmergeClients. Records that may be of twins are merged when a second person
// asks for the same.
func (r *Registry) MergeClients(ctx context.Context, a iis.Actor, m Merging) (out Outcome, err error) {
	if err := r.may(ctx, a, iis.MergeClient); err != nil {
		return "", err
	}
	if utf8.RuneCountInString(m.Reason) > mostWords || !utf8.ValidString(m.Reason) {
		return "", iis.Problems(iis.Problem{Field: "reason", Text: "Reason is too long: at most 1,000 characters."})
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		out = ""
		s, o, err := r.pair(ctx, tx, a, m.Survivor, m.Other)
		if err != nil {
			return err
		}
		if s.Client.Version != m.SurvivorVersion || o.Client.Version != m.OtherVersion {
			return iis.Errorf(iis.Conflict, "Someone has saved one of the two records meanwhile. Look at them again before merging.")
		}
		if err := iis.MayMerge(s, o); err != nil {
			return err
		}
		policy, err := r.policy(ctx, tx)
		if err != nil {
			return err
		}
		d, _, err := decision(policy, s, o)
		if err != nil {
			return err
		}
		if policy.MaybeTwins(d) {
			second, err := tx.AskMerge(ctx, m.Survivor, m.Other, a.User)
			if err != nil {
				return err
			}
			if !second {
				out = AskSecond
				return record(ctx, tx, a, iis.ActionAskMerge, m.Survivor, iis.Detail{Subject: string(m.Other), Reason: m.Reason})
			}
		}
		out = Saved
		return r.merge(ctx, tx, a, s, o, m)
	})
	return out, err
}

// pair loads two clients whom the actor may see, in full.
func (r *Registry) pair(ctx context.Context, tx *store.Tx, a iis.Actor, survivor, other iis.ClientID) (s, o iis.Whole, err error) {
	for _, one := range []struct {
		id iis.ClientID
		w  *iis.Whole
	}{{survivor, &s}, {other, &o}} {
		_, err := r.visible(ctx, tx, a, one.id)
		if iis.MovedTo(err) != "" {
			err = iis.Errorf(iis.Conflict, "One of the two records has been merged meanwhile. Look at them again.")
		}
		if err != nil {
			return s, o, err
		}
		if *one.w, err = tx.Whole(ctx, one.id); err != nil {
			return s, o, err
		}
	}
	return s, o, nil
}

func (r *Registry) merge(ctx context.Context, tx *store.Tx, a iis.Actor, s, o iis.Whole, m Merging) error {
	merged := s.Absorb(o, m.Chosen, a, tx.Now, r.today(tx))
	gone := iis.Whole{Record: iis.Record{Client: o.Client}}
	gone.Client.Version++
	gone.Client.Updated, gone.Client.UpdatedBy, gone.Client.UpdatedByName = tx.Now, a.Organization, a.OrgName
	if err := r.replace(ctx, tx, s, merged); err != nil {
		return err
	}
	// Nothing leads to the other any more but its ID.
	if err := tx.PutWhole(ctx, gone); err != nil {
		return err
	}
	if err := tx.PutNames(ctx, o.Client.ID, nil); err != nil {
		return err
	}
	if err := tx.PutKeys(ctx, o.Client.ID, keysOf(o), nil); err != nil {
		return err
	}
	// Whoever looks by a number that only the other record had finds the survivor.
	if err := tx.PutKeys(ctx, s.Client.ID, nil, without(keysOf(o), keysOf(merged))); err != nil {
		return err
	}
	if err := tx.SetMergedInto(ctx, o.Client.ID, s.Client.ID); err != nil {
		return err
	}
	if err := tx.MoveDoseProblems(ctx, o.Client.ID, s.Client.ID, nil); err != nil {
		return err
	}
	kept := store.Merge{ID: iis.NewID(), Survivor: s.Client.ID, Other: o.Client.ID, WasSurvivor: s, WasOther: o,
		Reason: m.Reason, User: a.User, By: a.Organization, At: tx.Now}
	var err error
	if kept.Merged, err = tx.Whole(ctx, s.Client.ID); err != nil {
		return err
	}
	if err := tx.PutMerge(ctx, kept); err != nil {
		return err
	}
	if err := tx.DecideDuplicate(ctx, s.Client.ID, o.Client.ID, store.PairMerged, a.User, m.Reason); err != nil {
		return err
	}
	// Whoever may be the other may be the survivor now.
	waiting, err := tx.WaitingWith(ctx, o.Client.ID)
	if err != nil {
		return err
	}
	for _, d := range waiting {
		if d.A == o.Client.ID {
			d.A = d.B
		}
		if d.B = s.Client.ID; d.A == d.B {
			continue
		}
		if _, err := tx.FindDuplicate(ctx, d); err != nil {
			return err
		}
	}
	changes := iis.Differences(s.Record, merged.Record)
	if err := record(ctx, tx, a, iis.ActionMerge, s.Client.ID, iis.Detail{
		Version: merged.Client.Version, Changes: changes, Subject: string(o.Client.ID), Reason: m.Reason, Note: kept.ID,
	}); err != nil {
		return err
	}
	return record(ctx, tx, a, iis.ActionMergedInto, o.Client.ID, iis.Detail{
		Version: gone.Client.Version, Subject: string(s.Client.ID), Reason: m.Reason, Note: kept.ID,
	})
}

// replace writes a whole client in place of what was on file, with the keys to
// find him by.
func (r *Registry) replace(ctx context.Context, tx *store.Tx, before, after iis.Whole) error {
	if err := tx.PutWhole(ctx, after); err != nil {
		return err
	}
	names := match.NamesOf(after.Client, after.Aliases)
	if err := tx.PutNames(ctx, after.Client.ID, names); err != nil {
		return err
	}
	r.vocab.add(names)
	was, is := keysOf(before), keysOf(after)
	return tx.PutKeys(ctx, after.Client.ID, without(was, is), without(is, was))
}

// keysOf are the keys of a whole client, the chart numbers of all organizations
// among them.
func keysOf(w iis.Whole) []iis.Key {
	keys := match.KeysOf(w.Client, iis.Membership{})
	for _, m := range w.Memberships {
		if k := match.ChartKey(m.Organization, m.ChartNumber); k != "" && m.ChartNumber != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// UnmergeClients undoes a merge into a client: both records are there again, with
// whatever was edited since. The merges into one client are undone newest first
// where one stands on another.
func (r *Registry) UnmergeClients(ctx context.Context, a iis.Actor, survivor iis.ClientID, merge string) (other iis.ClientID, err error) {
	if err := r.may(ctx, a, iis.MergeClient); err != nil {
		return "", err
	}
	err = r.update(ctx, func(tx *store.Tx) error {
		_, err := r.visible(ctx, tx, a, survivor)
		if into := iis.MovedTo(err); into != "" {
			return iis.Errorf(iis.Conflict, "Client %s was merged into %s later. Undo that first.", survivor, into)
		}
		if err != nil {
			return err
		}
		m, err := tx.Merge(ctx, merge)
		switch {
		case iis.KindOf(err) == iis.NotFound || err == nil && m.Survivor != survivor:
			return errNoMerge()
		case err != nil:
			return err
		case !m.Undone.IsZero():
			return iis.Errorf(iis.Conflict, "This merge has been undone already.")
		}
		other = m.Other
		now, err := tx.Whole(ctx, m.Survivor)
		if err != nil {
			return err
		}
		row, err := tx.Client(ctx, m.Other)
		if err != nil {
			return err
		}
		s, o := iis.Part(m.WasSurvivor, m.WasOther, m.Merged, now, a, tx.Now)
		o.Client.Version = row.Version + 1
		if err := r.replace(ctx, tx, now, s); err != nil {
			return err
		}
		if err := tx.PutKeys(ctx, s.Client.ID, without(keysOf(m.WasOther), keysOf(s)), nil); err != nil {
			return err
		}
		if err := r.replace(ctx, tx, iis.Whole{Record: iis.Record{Client: iis.Client{ID: m.Other}}}, o); err != nil {
			return err
		}
		if err := tx.SetMergedInto(ctx, m.Other, ""); err != nil {
			return err
		}
		mine := func(id iis.DoseID) bool {
			return slices.ContainsFunc(o.Doses, func(d iis.Dose) bool { return d.ID == id })
		}
		if err := tx.MoveDoseProblems(ctx, m.Survivor, m.Other, mine); err != nil {
			return err
		}
		if err := tx.UndoMerge(ctx, m.ID, a.User); err != nil {
			return err
		}
		// They were told apart by a person: nobody is asked again.
		if err := tx.DecideDuplicate(ctx, m.Survivor, m.Other, store.PairDifferent, a.User, "unmerged"); err != nil {
			return err
		}
		if err := record(ctx, tx, a, iis.ActionUnmerge, m.Survivor, iis.Detail{
			Version: s.Client.Version, Changes: iis.Differences(now.Record, s.Record), Subject: string(m.Other), Note: m.ID,
		}); err != nil {
			return err
		}
		return record(ctx, tx, a, iis.ActionUnmerge, m.Other, iis.Detail{Version: o.Client.Version, Subject: string(m.Survivor), Note: m.ID})
	})
	return other, err
}

// errNoMerge is the answer for a merge that never was, or not into this client.
func errNoMerge() error {
	return iis.Errorf(iis.Conflict, "No such merge into this record stands. Look at its Names and IDs again.")
}
