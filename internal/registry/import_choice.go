package registry

import (
	"cmp"
	"context"
	"slices"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// What a person may choose for a row that may be of a client on file, besides the
// ID of that client.
const (
	chooseNew = "new" // it is of a new client
	chooseOut = "out" // it is left out
)

// ChooseUploadRows notes what the actor has chosen for rows that may be of a client
// on file, by their numbers: the ID of one of those clients, "new", "out", or ""
// for nothing yet.
func (r *Registry) ChooseUploadRows(ctx context.Context, a iis.Actor, id string, choices map[int]string) error {
	return r.changeUpload(ctx, a, id, "choices", []store.UploadState{UploadChecked}, func(tx *store.Tx, u *store.Upload) error {
		return choose(ctx, tx, *u, choices)
	})
}

func choose(ctx context.Context, tx *store.Tx, u store.Upload, choices map[int]string) error {
	for no, choice := range choices {
		row, err := tx.UploadRow(ctx, u.ID, no)
		if err != nil {
			return err
		}
		if row.Outcome != string(ImportPossible) || choice != "" && !mayChoose(u, row.Alike, choice) {
			return iis.Errorf(iis.Invalid, "There is no such choice for the row.")
		}
		if row.Choice == choice {
			continue
		}
		if err := tx.ChooseUploadRow(ctx, u.ID, no, choice); err != nil {
			return err
		}
	}
	return nil
}

// mayChoose reports whether something can be chosen for a row that may be of some
// clients.
func mayChoose(u store.Upload, alike []iis.ClientID, choice string) bool {
	return slices.Contains(alike, iis.ClientID(choice)) || choice == chooseOut || choice == chooseNew && u.Kind == string(ImportOfClients)
}

// telling are the fields by which a row tells who somebody is: those that the matcher
// compares, and the number that he has at the organization.
var telling = []iis.Field{
	iis.FieldChart, iis.FieldLast, iis.FieldFirst, iis.FieldMiddle, iis.FieldSuffix, iis.FieldBirthDate, iis.FieldGender,
	iis.FieldMaidenLast, iis.FieldMotherFirst, iis.FieldPhone, iis.FieldEmail,
	iis.FieldStreet, iis.FieldPOBox, iis.FieldCity, iis.FieldState, iis.FieldZip,
}

// choiceMark tells what a row says of the person from all else that it could say.
func choiceMark(row uploadRow, o iis.OrganizationID) string {
	said := iis.Values{"": row.Client}
	for _, f := range telling {
		said[f] = row.Values[f]
	}
	return rowMark(iis.OrganizationID(cmp.Or(row.Organization, string(o))), normal(said))
}

// choose marks a row for which something can be chosen, and gives it what was chosen
// for it before the file was checked anew if it still says the same of the person. That
// it is of a new client was said of those whom it was like then: it does not stand
// beside another.
func (w *uploadWork) choose(ctx context.Context, tx *store.Tx, row uploadRow, became *store.UploadRow) error {
	if became.Outcome != string(ImportPossible) {
		return nil
	}
	became.Mark = choiceMark(row, w.Organization)
	was := w.kept[row.no]
	if was.Mark != became.Mark || !mayChoose(w.Upload, became.Alike, was.Choice) {
		return nil
	}
	another := func(id iis.ClientID) bool { return !slices.Contains(was.Alike, id) }
	if was.Choice == chooseNew && slices.ContainsFunc(became.Alike, another) {
		return nil
	}
	became.Choice = was.Choice
	return tx.DropUploadChoice(ctx, w.ID, row.no)
}

// lostChoices are the lines of the rows whose choices were not kept when the file was
// checked anew, and for which nothing is chosen since.
func lostChoices(ctx context.Context, tx *store.Tx, upload string) (lines []int, err error) {
	kept, err := tx.KeptUploadChoices(ctx, upload)
	for _, c := range kept {
		lines = append(lines, c.Line)
	}
	return lines, err
}
