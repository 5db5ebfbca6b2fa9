package registry

import (
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Guard is a reason to look again before a file is taken in.
type Guard struct {
	Name     string // GuardFew, GuardNames or GuardTwice
	Rows, Of int    // how many rows, and of how many
	Before   []store.ImportBatch
}

// The guards.
const (
	GuardFew   = "few"   // hardly a row is of a client on file
	GuardNames = "names" // many rows change a name or birth date
	GuardTwice = "twice" // the same file was taken in before
)

const (
	fewUpload      = 20 // in a shorter file, few rows of clients on file mean nothing
	fewUploadShare = 5  // one in so many has to be of a client on file
	manyNames      = 5  // so many rows may change a name or birth date
	manyNamesOf    = 20 // or one in so many of those of clients on file
	guardBatches   = 3  // that are told
)

// guardWords say what is to be looked at.
var guardWords = map[string]string{
	GuardFew:   "Few rows are of clients on file.",
	GuardNames: "Many names or birth dates would change.",
	GuardTwice: "The same file was taken in before.",
}

// Review tells what would become of a file's rows.
type Review struct {
	Upload
	Counts map[ImportOutcome]store.UploadCount
	Guards []Guard
	Lost   []int // lines of rows whose choices the check has not kept, in order
}

// ReviewUpload tells what would become, or has become, of the rows of a file.
func (r *Registry) ReviewUpload(ctx context.Context, a iis.Actor, id string) (v Review, err error) {
	if v.Upload, err = r.Upload(ctx, a, id); err != nil {
		return v, err
	}
	return v, r.view(ctx, func(tx *store.Tx) error {
		if v.Counts, err = uploadCounts(ctx, tx, id); err != nil {
			return err
		}
		if v.Guards, err = guards(ctx, tx, a, v.Upload.Upload, v.Counts); err != nil || v.State != UploadChecked {
			return err
		}
		v.Lost, err = lostChoices(ctx, tx, id)
		return err
	})
}

// uploadCounts are how many rows of a file would become, or have become, what.
func uploadCounts(ctx context.Context, tx *store.Tx, id string) (map[ImportOutcome]store.UploadCount, error) {
	kept, err := tx.CountUploadRows(ctx, id)
	counts := make(map[ImportOutcome]store.UploadCount, len(kept))
	for outcome, c := range kept {
		counts[ImportOutcome(outcome)] = c
	}
	return counts, err
}

// guards are the reasons to look again before a file is taken in.
func guards(ctx context.Context, tx *store.Tx, a iis.Actor, u store.Upload, counts map[ImportOutcome]store.UploadCount) (list []Guard, err error) {
	n := func(outcomes ...ImportOutcome) (rows int) {
		for _, o := range outcomes {
			rows += counts[o].Rows
		}
		return rows
	}
	known, all := n(ImportSame, ImportChanged, ImportPossible), n(ImportSame, ImportChanged, ImportPossible, ImportAdded)
	if u.Kind == string(ImportOfImmunizations) { // it adds no clients: a row that is new is of one on file
		known, all = n(ImportSame, ImportChanged, ImportAdded, ImportPossible), u.Total
	}
	if all >= fewUpload && known*fewUploadShare < all {
		list = append(list, Guard{Name: GuardFew, Rows: known, Of: all})
	}
	if renames, of := counts[ImportChanged].Renames, n(ImportSame, ImportChanged); renames >= manyNames && renames*manyNamesOf > of {
		list = append(list, Guard{Name: GuardNames, Rows: renames, Of: of})
	}
	of := a.Organization
	if a.May(iis.ActForAny) {
		of = ""
	}
	before, err := tx.ImportsOfDigest(ctx, of, u.Digest, guardBatches)
	before = slices.DeleteFunc(before, func(b store.ImportBatch) bool { return b.ID == u.Batch })
	if len(before) > 0 {
		list = append(list, Guard{Name: GuardTwice, Rows: u.Total, Of: u.Total, Before: before})
	}
	return list, err
}

// ReviewRow is a row of a file with the clients whose it may be.
type ReviewRow struct {
	store.UploadRow
	Like   []iis.Client // those whom the actor may see, the likeliest first
	OnFile iis.Client   // the row's client, if there is one whom the actor may see
}

// UploadRows returns the rows of an outcome after a number, in order of the file;
// with renames only those that change a name or birth date.
func (r *Registry) UploadRows(ctx context.Context, a iis.Actor, id string, outcome ImportOutcome, renames bool, after, limit int) (list []ReviewRow, err error) {
	u, err := r.Upload(ctx, a, id)
	if err != nil {
		return nil, err
	}
	read := func(tx *store.Tx) error {
		list = nil
		rows, err := tx.UploadRows(ctx, id, string(outcome), renames, after, limit)
		if err != nil {
			return err
		}
		var found []iis.ClientID
		for _, row := range rows {
			one := ReviewRow{UploadRow: row}
			if one.Client, one.OnFile, err = r.onFile(ctx, tx, a, row.Client); err != nil {
				return err
			}
			if one.OnFile.ID != "" {
				found = append(found, one.OnFile.ID)
			}
			if one.Like, err = r.alike(ctx, tx, a, row.Alike, nil); err != nil {
				return err
			}
			for _, c := range one.Like {
				found = append(found, c.ID)
			}
			if len(row.Alike) > 0 {
				one.Reason = alikeReason(one.Like)
			}
			list = append(list, one)
		}
		if len(found) == 0 {
			return nil
		}
		slices.Sort(found)
		return record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: slices.Compact(found), Note: "rows of a file to import", Subject: u.ID})
	}
	return list, r.update(ctx, read)
}

// alike are those of some clients whom the actor may see. Those asked for before are
// in the cache, if there is one.
func (r *Registry) alike(ctx context.Context, tx *store.Tx, a iis.Actor, ids []iis.ClientID, cache map[iis.ClientID]iis.Client) (list []iis.Client, err error) {
	for _, id := range ids {
		c, known := cache[id]
		if !known {
			if _, c, err = r.onFile(ctx, tx, a, id); err != nil {
				return nil, err
			}
			if cache != nil {
				cache[id] = c
			}
		}
		if c.ID != "" {
			list = append(list, c)
		}
	}
	return list, nil
}

// alikeReason says of a row whom it may be.
func alikeReason(like []iis.Client) string {
	if len(like) == 0 {
		return "may be of a client on file: have the file checked again"
	}
	ids := make([]iis.ClientID, 0, len(like))
	for _, c := range like {
		ids = append(ids, c.ID)
	}
	return iis.TextOf(likeText(ids))
}

// onFile is a client of a row as the actor may see him now; neither ID nor client of
// one who is hidden or was withdrawn since, the ID alone of one who was merged.
func (r *Registry) onFile(ctx context.Context, tx *store.Tx, a iis.Actor, id iis.ClientID) (iis.ClientID, iis.Client, error) {
	if id == "" {
		return "", iis.Client{}, nil
	}
	rec, err := r.visible(ctx, tx, a, id)
	switch iis.KindOf(err) {
	case iis.NotFound:
		return "", iis.Client{}, nil
	case iis.Moved:
		return id, iis.Client{}, nil
	}
	return id, rec.Client, err
}

// BadUploadRows returns all rows of a file that are not, or would not be, taken in,
// for who has sent it to mend them.
func (r *Registry) BadUploadRows(ctx context.Context, a iis.Actor, id string) (list []store.UploadRow, err error) {
	u, err := r.Upload(ctx, a, id)
	if err != nil {
		return nil, err
	}
	var found []iis.ClientID                     // whom the rows name
	err = r.view(ctx, func(tx *store.Tx) error { // there may be many: nobody waits for them
		list, found = nil, nil
		seen := map[iis.ClientID]iis.Client{}
		for _, o := range []ImportOutcome{ImportWrong, ImportPossible, ImportHeld} {
			rows, err := tx.UploadRows(ctx, id, string(o), false, 0, u.Total)
			if err != nil {
				return err
			}
			for i, row := range rows {
				if len(row.Alike) == 0 {
					continue
				}
				like, err := r.alike(ctx, tx, a, row.Alike, seen)
				if err != nil {
					return err
				}
				rows[i].Reason = alikeReason(like)
			}
			list = append(list, rows...)
		}
		slices.SortFunc(list, func(a, b store.UploadRow) int { return a.No - b.No })
		for id, c := range seen {
			if c.ID != "" {
				found = append(found, id)
			}
		}
		slices.Sort(found)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, r.update(ctx, func(tx *store.Tx) error {
		if len(found) > 0 {
			err := record(ctx, tx, a, iis.ActionSearch, "", iis.Detail{Found: found, Note: "rows of a file that were not taken in"})
			if err != nil {
				return err
			}
		}
		return recordUpload(ctx, tx, a, u.Upload, "rows not taken in")
	})
}

// Approval is what is said when a file is to be taken in.
type Approval struct {
	Choices       map[int]string // as of ChooseUploadRows
	EnterPossible bool           // close matches for which nothing was chosen are entered as new clients
	Sure          []string       // guards that somebody has looked at
}

// ApproveUpload asks that a file be taken in, as a batch: WorkUpload does it. The
// error is Invalid if there is a guard that nobody has looked at.
func (r *Registry) ApproveUpload(ctx context.Context, a iis.Actor, id string, p Approval) error {
	return r.changeUpload(ctx, a, id, "approved", []store.UploadState{UploadChecked}, func(tx *store.Tx, u *store.Upload) error {
		if err := choose(ctx, tx, *u, p.Choices); err != nil {
			return err
		}
		counts, err := uploadCounts(ctx, tx, id)
		if err != nil {
			return err
		}
		list, err := guards(ctx, tx, a, *u, counts)
		if err != nil {
			return err
		}
		var problems []iis.Problem
		for _, g := range list {
			if !slices.Contains(p.Sure, g.Name) {
				problems = append(problems, iis.Problem{Field: iis.Field("sure-" + g.Name), Text: guardWords[g.Name] + " Confirm that you have looked at this, or cancel the import."})
			}
		}
		if len(problems) > 0 {
			return iis.Problems(problems...)
		}
		u.State, u.Batch = UploadTaking, iis.NewID()
		u.EnterPossible = p.EnterPossible && u.Kind == string(ImportOfClients)
		return tx.BeginImport(ctx, store.ImportBatch{ID: u.Batch, Kind: u.Kind, Digest: u.Digest, User: a.User, UserName: a.UserName, Organization: a.Organization})
	})
}
