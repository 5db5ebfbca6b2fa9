package registry

import (
	"context"
	"slices"
	"time"
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
	iis.MergeChoice
	Reason string
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
	choice, err := settled(ctx, tx, s, o, m.MergeChoice)
	if err != nil {
		return err
	}
	merged := s.Absorb(o, choice, a, tx.Now, r.today(tx))
	gone := iis.Whole{Record: iis.Record{Client: o.Client}}
	gone.Client.Version++
	gone.Client.Updated, gone.Client.UpdatedBy, gone.Client.UpdatedByName = tx.Now, a.Organization, a.OrgName
	hadSurvivor, err := keysUnder(ctx, tx, s)
	if err != nil {
		return err
	}
	hadOther, err := keysUnder(ctx, tx, o)
	if err != nil {
		return err
	}
	if err := r.putWhole(ctx, tx, merged); err != nil {
		return err
	}
	// Nothing leads to the other any more but its ID.
	if err := tx.PutWhole(ctx, gone); err != nil {
		return err
	}
	if err := tx.PutNames(ctx, gone.Client, nil); err != nil {
		return err
	}
	if err := tx.PutKeys(ctx, o.Client.ID, hadOther, nil); err != nil {
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
	if kept.Merged, err = tx.Whole(ctx, s.Client.ID); err != nil {
		return err
	}
	if err := tx.PutMerge(ctx, kept); err != nil {
		return err
	}
	if err := putKeys(ctx, tx, kept.Merged, hadSurvivor); err != nil {
		return err
	}
	if err := tx.DecideDuplicate(ctx, s.Client.ID, o.Client.ID, store.PairMerged, a.User, m.Reason); err != nil {
		return err
	}
	if err := tx.CarryPairs(ctx, kept); err != nil {
		return err
	}
	if err := record(ctx, tx, a, iis.ActionMergedInto, o.Client.ID, iis.Detail{
		Version: gone.Client.Version, Subject: string(s.Client.ID), Reason: m.Reason, Note: kept.ID,
	}); err != nil {
		return err
	}
	changes := append(iis.Differences(s.Record, merged.Record), leftOut(o, merged, choice)...)
	return record(ctx, tx, a, iis.ActionMerge, s.Client.ID, iis.Detail{
		Version: merged.Client.Version, Changes: changes, Subject: string(o.Client.ID), Reason: m.Reason, Note: kept.ID,
	})
}

// settled is a choice with what is kept of every field that differs: where nothing
// was chosen, never a blank value, else the one set last.
func settled(ctx context.Context, tx *store.Tx, s, o iis.Whole, c iis.MergeChoice) (iis.MergeChoice, error) {
	fields := map[iis.Field]iis.Whose{}
	when, err := bothSet(ctx, tx, s, o)
	if err != nil {
		return c, err
	}
	for _, f := range iis.MergeFields(s.Record, o.Record) {
		if fields[f] = c.Fields[f]; fields[f] != iis.Survivors && fields[f] != iis.Others {
			fields[f] = iis.Prefer(s.Record, o.Record, f, [2]time.Time{when[0][f], when[1][f]})
		}
	}
	return iis.MergeChoice{Fields: fields, Without: c.Without}, nil
}

// bothSet tells of two clients when each field of the one and of the other was set.
func bothSet(ctx context.Context, tx *store.Tx, x, y iis.Whole) (when [2]map[iis.Field]time.Time, err error) {
	for i, w := range []iis.Whole{x, y} {
		if when[i], err = fieldsSet(ctx, tx, w); err != nil {
			return when, err
		}
	}
	return when, nil
}

// fieldsSet tells when each field of a client that a merge chooses of was set: by
// the audit trail, else when the client came on file.
func fieldsSet(ctx context.Context, tx *store.Tx, w iis.Whole) (map[iis.Field]time.Time, error) {
	events, err := tx.EventsSince(ctx, w.Client.ID, 0)
	if err != nil {
		return nil, err
	}
	when := map[iis.Field]time.Time{}
	for _, f := range iis.MergeFields(iis.Record{}, w.Record) {
		when[f] = w.Client.Created
	}
	for _, e := range events {
		for _, c := range e.Detail.Changes {
			if f := c.Field; !when[f].IsZero() && c.New != "" && c.New != c.Old {
				when[f] = e.At
			}
		}
	}
	return when, nil
}

// leftOut tells of the contacts of the other record that the merged one does without,
// as of rows that were deleted.
func leftOut(o, merged iis.Whole, c iis.MergeChoice) (changes []iis.Change) {
	left := iis.Record{}
	for _, r := range o.Contacts {
		there := slices.ContainsFunc(merged.Contacts, func(m iis.Contact) bool { return m.ID == r.ID || iis.SameContact(m, r) })
		if c.Without[r.ID] && !there {
			left.Contacts = append(left.Contacts, r)
		}
	}
	for _, c := range iis.Differences(left, iis.Record{}) {
		if _, _, _, ok := c.Field.Row(); ok {
			changes = append(changes, c)
		}
	}
	return changes
}

// replace writes a whole client in place of what was on file, with the names and the
// keys to find him by.
func (r *Registry) replace(ctx context.Context, tx *store.Tx, before, after iis.Whole) error {
	if err := r.putWhole(ctx, tx, after); err != nil {
		return err
	}
	return changeKeys(ctx, tx, after.Client.ID, keysOf(before), keysOf(after))
}

// putWhole writes a whole client in place of what was on file, with the names to find
// him by.
func (r *Registry) putWhole(ctx context.Context, tx *store.Tx, w iis.Whole) error {
	if err := tx.PutWhole(ctx, w); err != nil {
		return err
	}
	names := match.NamesOf(w.Client, w.Aliases)
	r.vocab.add(names)
	return tx.PutNames(ctx, w.Client, names)
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

// keysUnder are the keys that lead to a client: his own, and those of the records
// that went into him, so that whoever looks by a number that only one of them had
// finds him.
func keysUnder(ctx context.Context, tx *store.Tx, w iis.Whole) ([]iis.Key, error) {
	keys := keysOf(w)
	under, err := tx.MergesUnder(ctx, w.Client.ID)
	for _, m := range under {
		keys = append(keys, keysOf(m.WasOther)...)
	}
	slices.Sort(keys)
	return slices.Compact(keys), err
}

// changeKeys gives a client keys in place of others. What a record that went into him
// was found by leads to him still.
func changeKeys(ctx context.Context, tx *store.Tx, id iis.ClientID, was, is []iis.Key) error {
	drop, add := without(was, is), without(is, was)
	if len(drop) > 0 {
		under, err := tx.MergesUnder(ctx, id)
		if err != nil {
			return err
		}
		for _, m := range under {
			drop = without(drop, keysOf(m.WasOther))
		}
	}
	if len(drop)+len(add) == 0 {
		return nil
	}
	return tx.PutKeys(ctx, id, drop, add)
}

// putKeys makes keysUnder of a client the keys that lead to him, in place of those
// that did.
func putKeys(ctx context.Context, tx *store.Tx, w iis.Whole, had []iis.Key) error {
	keys, err := keysUnder(ctx, tx, w)
	if err != nil {
		return err
	}
	return tx.PutKeys(ctx, w.Client.ID, without(had, keys), keys)
}
