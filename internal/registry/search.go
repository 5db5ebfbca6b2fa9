package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/store"
)

// Query is what is asked for in a search: whatever is known of the client, as
// typed. The zero field was not asked.
type Query struct {
	Last, First, Middle string
	// AnyOrder is set for a name typed in one box: Last and First are then but
	// the likeliest reading of its words.
	AnyOrder bool `json:",omitzero"`
	// IDOrDate is set for digits that may be either: ID and BirthDate are then two
	// readings of them, and the ID leads.
	IDOrDate         bool            `json:",omitzero"`
	BirthDate        iis.PartialDate `json:",omitzero"`
	Gender           iis.Gender      `json:",omitzero"`
	ID               string          `json:",omitzero"` // registry ID, or chart number of the acting organization
	Phone            string          `json:",omitzero"`
	MotherMaidenLast string          `json:",omitzero"`
	MotherFirst      string          `json:",omitzero"`
	Address          string          `json:",omitzero"` // any of street, city and zip
}

// Strength says in a word how likely a found client is the one asked for.
type Strength = match.Strength

const (
	Strong   = match.Strong
	Possible = match.Possible
	Weak     = match.Weak
)

const (
	// ShownClients is how many found clients are shown.
	ShownClients = 20
	// CountedClients is up to where found clients are counted.
	CountedClients = 200
)

// Results are the answer to a search.
type Results struct {
	Found []Found // best first, at most ShownClients
	Count int     // how many match; at most CountedClients
	More  bool    // more than CountedClients match: a birth date or first name should be added
}

// Found is a client that a search found, and why.
type Found struct {
	Client   iis.Client
	Strength Strength
	Reasons  []string // in words: "same birth date", "DON = Donald"
	// Was is a former name or birth date of the client, the one that was asked for
	// if it was: "DICK, DON". It held until Until.
	Was         string
	Until       time.Time
	ChartNumber string // of the acting organization
}

// Find looks for clients. Spelling, nicknames, former names, swapped names and
// slips in the birth date are tried as far as nobody likelier is found. A client
// hidden from the actor plays no part in it. The search and who it disclosed are
// recorded; what was typed is not.
func (r *Registry) Find(ctx context.Context, a iis.Actor, q Query) (res Results, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return res, err
	}
	if err := q.validate(); err != nil {
		return res, err
	}
	var hits []hit
	var more bool
	err = r.view(ctx, func(tx *store.Tx) error {
		hits, more, err = r.find(ctx, tx, a, q)
		return err
	})
	if err != nil {
		return res, err
	}
	count := len(hits)
	if more {
		count = CountedClients
	}
	shown := hits[:min(len(hits), ShownClients)]
	err = r.update(ctx, func(tx *store.Tx) error {
		res = Results{Count: count, More: more}
		ids := make([]iis.ClientID, 0, len(shown))
		for _, h := range shown {
			f, err := r.found(ctx, tx, a, h)
			if iis.KindOf(err) == iis.NotFound { // hidden since it was found
				res.Count--
				continue
			}
			if err != nil {
				return err
			}
			res.Found = append(res.Found, f)
			ids = append(ids, f.Client.ID)
		}
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: ids, Note: q.fields()})
	})
	return res, err
}

// SaveSearch keeps a search under an ID of its own, so that the address of the
// page with its results holds no name. Tidy forgets it after a day.
func (r *Registry) SaveSearch(ctx context.Context, a iis.Actor, q Query) (id iis.SearchID, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return "", err
	}
	id = iis.SearchID(iis.NewID())
	return id, r.update(ctx, func(tx *store.Tx) error {
		return tx.PutSearch(ctx, id, a.User, a.Organization, q)
	})
}

// SearchOf returns a search that the same user made for the same organization;
// to anyone else it answers NotFound.
func (r *Registry) SearchOf(ctx context.Context, a iis.Actor, id iis.SearchID) (q Query, err error) {
	if err := r.may(ctx, a, iis.ViewClient); err != nil {
		return q, err
	}
	return q, r.view(ctx, func(tx *store.Tx) error {
		q = Query{}
		return tx.Search(ctx, id, a.User, a.Organization, &q)
	})
}

// validate refuses what would find nobody in particular.
func (q Query) validate() error {
	switch {
	case match.Fold(q.ID) != "", q.leads():
		return nil
	case q.BirthDate.Year != 0:
		return errYearAlone()
	case match.Fold(q.First) != "":
		return iis.Problems(iis.Problem{Field: iis.FieldLast, Text: "Add a last name or a birth date."})
	case strings.TrimSpace(q.Phone) != "":
		return iis.Problems(iis.Problem{Field: iis.FieldPhone, Text: "Enter the phone number with its area code."})
	}
	return iis.Problems(iis.Problem{Text: "Enter a last name, a birth date, a phone number, the mother's maiden name, " +
		"or an ID or chart number."})
}

func errYearAlone() error {
	return iis.Problems(iis.Problem{Field: iis.FieldBirthDate,
		Text: "A birth year alone finds too many clients. Add the month, or a last or first name."})
}

// leads reports whether what was asked besides the ID leads to somebody.
func (q Query) leads() bool {
	return match.Fold(q.Last) != "" || q.BirthDate.Month != 0 || match.Phone(q.Phone) != "" || match.Fold(q.MotherMaidenLast) != "" ||
		q.BirthDate.Year != 0 && match.Fold(q.First) != ""
}

// fields names what was asked, without what was typed.
func (q Query) fields() string {
	var names []string
	for _, f := range []struct {
		asked bool
		name  string
	}{
		{q.Last != "", "last"}, {q.First != "", "first"}, {q.Middle != "", "middle"},
		{!q.BirthDate.IsZero(), "birth date"}, {q.Gender != "", "gender"}, {q.ID != "", "ID or chart number"},
		{q.Phone != "", "phone"}, {q.MotherMaidenLast != "", "mother's maiden name"},
		{q.MotherFirst != "", "mother's first name"}, {q.Address != "", "address"},
	} {
		if f.asked {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}

func (q Query) person() match.Person {
	return match.Person{
		Last: q.Last, First: q.First, Middle: q.Middle, AnyOrder: q.AnyOrder,
		BirthDate: q.BirthDate, Gender: q.Gender, Phone: q.Phone,
		MotherMaidenLast: q.MotherMaidenLast, MotherFirst: q.MotherFirst, Address: q.Address,
	}
}

// found loads what is shown of a hit; NotFound if the actor may not see it any
// more.
func (r *Registry) found(ctx context.Context, tx *store.Tx, a iis.Actor, h hit) (Found, error) {
	c, err := tx.Client(ctx, h.id)
	if err != nil {
		return Found{}, err
	}
	if !c.VisibleTo(a) {
		return Found{}, errUnknownClient()
	}
	m, err := tx.Membership(ctx, h.id, a.Organization)
	if err != nil {
		return Found{}, err
	}
	aliases, err := tx.Aliases(ctx, h.id)
	if err != nil {
		return Found{}, err
	}
	f := Found{Client: c, Strength: h.strength, Reasons: slices.Clone(h.reasons), ChartNumber: m.ChartNumber}
	f.was(aliases, h.evidence.Row)
	return f, nil
}

// was tells a former name or birth date: that of the row by which the client
// was found, or else the newest.
func (f *Found) was(aliases []iis.Alias, row iis.NameKey) {
	c := f.Client
	tell := func(a iis.Alias) string {
		name := displayName(a.Name)
		switch same := match.Fold(a.Name.Last) == match.Fold(c.Name.Last) && match.Fold(a.Name.First) == match.Fold(c.Name.First); {
		case !same && row.Former && !a.BirthDate.IsZero() && row.BirthDate == a.BirthDate && a.BirthDate != c.BirthDate:
			return name + " " + a.BirthDate.US()
		case !same:
			return name
		case a.BirthDate != c.BirthDate:
			return a.BirthDate.US()
		}
		return ""
	}
	if row.Former {
		now := match.NamesOf(c, nil)
		sameName := hasName(now, row)
		for _, a := range aliases {
			then := match.NamesOf(iis.Client{Name: a.Name, BirthDate: a.BirthDate}, nil)
			byName, byBirth := !sameName && hasName(then, row), row.BirthDate != c.BirthDate && row.BirthDate == a.BirthDate
			if !byName && !byBirth {
				continue
			}
			why := "former birth date"
			if byName {
				why = "former name"
			}
			f.Reasons = slices.Insert(f.Reasons, 0, why)
			f.Was, f.Until = tell(a), a.Until
			return
		}
	}
	for _, a := range aliases {
		if f.Was = tell(a); f.Was != "" {
			f.Until = a.Until
			return
		}
	}
}

func hasName(keys []iis.NameKey, row iis.NameKey) bool {
	return slices.ContainsFunc(keys, func(k iis.NameKey) bool { return k.Last == row.Last && k.First == row.First })
}

// displayName is a name as result lists show it: DICK, DON.
func displayName(n iis.Name) string {
	return strings.ToUpper(strings.Trim(strings.TrimSpace(n.Last)+", "+strings.TrimSpace(n.First), ", "))
}

// putSearchKeys files a client as he stands after a save, where that differs
// from before; the zero Record stands for a client not yet on file. The chart
// number filed is that of the record's organization.
func (r *Registry) putSearchKeys(ctx context.Context, tx *store.Tx, before, after iis.Record) error {
	seen := before.Client.LockedTo == after.Client.LockedTo && before.Client.Deceased() == after.Client.Deceased()
	if !seen || !sameNames(before, after) {
		var was []iis.NameKey
		if before.Client.ID != "" {
			was = match.NamesOf(before.Client, before.Aliases)
		}
		if names := match.NamesOf(after.Client, after.Aliases); !seen || !slices.Equal(was, names) {
			put := tx.PutNames
			if before.Client.ID == "" {
				put = tx.AddNames
			}
			if err := put(ctx, after.Client, names); err != nil {
				return err
			}
			r.vocab.add(names)
		}
	}
	var wasKeys []iis.Key
	if before.Client.ID != "" {
		wasKeys = match.KeysOf(before.Client, before.Membership)
	}
	return changeKeys(ctx, tx, after.Client.ID, wasKeys, match.KeysOf(after.Client, after.Membership))
}

// sameNames reports whether two states of a record surely have the same names to
// be found by: most saves are not about names, and working them out takes time.
func sameNames(before, after iis.Record) bool {
	return before.Client.ID == after.Client.ID && before.Client.Name == after.Client.Name &&
		before.Client.BirthDate == after.Client.BirthDate && len(before.Aliases) == len(after.Aliases)
}

// without returns what of a is not in b.
func without(a, b []iis.Key) []iis.Key {
	return slices.DeleteFunc(slices.Clone(a), func(k iis.Key) bool { return slices.Contains(b, k) })
}

// hit is a client that was found, before anything of him is loaded.
type hit struct {
	id       iis.ClientID
	evidence match.Evidence
	strength Strength
	reasons  []string
}

func compareHits(a, b hit) int {
	return cmp.Or(
		cmp.Compare(b.evidence.Score, a.evidence.Score),
		cmp.Compare(a.evidence.Row.Last, b.evidence.Row.Last),
		cmp.Compare(a.evidence.Row.First, b.evidence.Row.First),
		a.evidence.Row.BirthDate.Compare(b.evidence.Row.BirthDate),
		cmp.Compare(a.id, b.id))
}
