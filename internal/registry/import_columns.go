package registry

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/roster"
	"openiis.org/iis/internal/store"
)

// SetUploadColumns says how the columns of a file are read.
func (r *Registry) SetUploadColumns(ctx context.Context, a iis.Actor, id string, m roster.Mapping) error {
	return r.changeUpload(ctx, a, id, "columns", []store.UploadState{UploadColumns}, func(tx *store.Tx, u *store.Upload) error {
		return fitMapping(u, m)
	})
}

// CheckUpload says how the columns of a file are read, and asks that it be looked
// what would become of its rows: WorkUpload does it. The next file with the same
// names of columns is read the same way. The error is Invalid if something that is
// needed is not among the columns.
func (r *Registry) CheckUpload(ctx context.Context, a iis.Actor, id string, m roster.Mapping) error {
	return r.changeUpload(ctx, a, id, "check", []store.UploadState{UploadColumns}, func(tx *store.Tx, u *store.Upload) error {
		if err := fitMapping(u, m); err != nil {
			return err
		}
		if err := m.Missing(roster.Kind(u.Kind)); err != nil {
			return iis.Problems(iis.Problem{Field: "columns", Text: sentence(err.Error())})
		}
		body, err := tx.UploadBody(ctx, id)
		if err != nil {
			return err
		}
		names, _, err := roster.Glance(strings.NewReader(body), 0)
		if err != nil {
			return fmt.Errorf("read the columns of upload %s: %w", id, err)
		}
		u.State, u.Trouble = UploadChecking, ""
		return keepColumns(ctx, tx, u, names, m)
	})
}

// ColumnsAgain forgets what would become of a file's rows: its columns are to be
// read in another way.
func (r *Registry) ColumnsAgain(ctx context.Context, a iis.Actor, id string) error {
	return r.changeUpload(ctx, a, id, "columns again", []store.UploadState{UploadChecking, UploadChecked}, func(tx *store.Tx, u *store.Upload) error {
		u.State = UploadColumns
		return tx.DeleteUploadRows(ctx, id)
	})
}

// fitMapping takes a mapping for a file if it has as many columns.
func fitMapping(u *store.Upload, m roster.Mapping) error {
	was, err := mappingOf(*u)
	if err != nil {
		return err
	}
	known := roster.Kind(u.Kind).Columns()
	for _, name := range m.Columns {
		if name != "" && !slices.ContainsFunc(known, func(c roster.Column) bool { return c.Name == name }) {
			return iis.Errorf(iis.Invalid, "There is no such column.")
		}
	}
	if len(m.Columns) != len(was.Columns) || !slices.Contains(roster.DateOrders, m.Dates) {
		return iis.Errorf(iis.Invalid, "The form does not fit the file: open the file again.")
	}
	return setMapping(u, m)
}

// sentence makes one of what a package says in passing.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// namesDigest tells files with the same names of columns from all others, in
// whatever order these are; columns that are notes do not count. Beside it are the
// places of the columns in the order of their names. The names themselves are not
// kept: a file may have none, and begin with a person.
func namesDigest(names []string) (digest string, order []int) {
	for i, name := range names {
		if !strings.HasPrefix(strings.ToLower(name), roster.Note) {
			order = append(order, i)
		}
	}
	fold := func(i int) string { return strings.ToLower(strings.Join(strings.Fields(names[i]), " ")) }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(fold(i), fold(j)) })
	h := sha256.New()
	for _, i := range order {
		h.Write([]byte(fold(i) + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)), order
}

// knownColumns is how an organization has read the last file with such names of
// columns; NotFound if there was none.
func (r *Registry) knownColumns(ctx context.Context, tx *store.Tx, org iis.OrganizationID, kind ImportKind, names []string) (m roster.Mapping, err error) {
	digest, order := namesDigest(names)
	text, dates, err := tx.UploadColumnsFor(ctx, org, string(kind), digest)
	if err != nil {
		return m, err
	}
	var sorted []string
	if err := json.Unmarshal([]byte(text), &sorted); err != nil || len(sorted) != len(order) {
		return m, iis.Errorf(iis.NotFound, "not known how these columns are read")
	}
	m = roster.Mapping{Columns: make([]string, len(names)), Dates: roster.DateOrder(dates)}
	for n, i := range order {
		m.Columns[i] = sorted[n]
	}
	return m, nil
}

// keepColumns remembers how the columns of a file are read.
func keepColumns(ctx context.Context, tx *store.Tx, u *store.Upload, names []string, m roster.Mapping) error {
	digest, order := namesDigest(names)
	sorted := make([]string, 0, len(order))
	for _, i := range order {
		sorted = append(sorted, m.Columns[i])
	}
	text, err := json.Marshal(sorted)
	if err != nil {
		return fmt.Errorf("encode the columns of upload %s: %w", u.ID, err)
	}
	return tx.PutUploadColumns(ctx, u.Organization, u.Kind, digest, string(text), string(m.Dates))
}
