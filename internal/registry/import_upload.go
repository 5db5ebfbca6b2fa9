package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/roster"
	"openiis.org/iis/internal/store"
)

const (
	// MostUpload is how large a file may be that is sent through a browser, in bytes,
	// and MostUploadRows how many rows it may have. Larger ones are for the command
	// line.
	MostUpload     = 10 << 20
	MostUploadRows = 50_000
	// mostUploads is how many files of one user may wait.
	mostUploads = 20
)

// uploadLife is how long a file is kept, unless it is being taken in then.
var uploadLife = 24 * time.Hour

// How far a file that was sent has come.
const (
	UploadColumns  = store.UploadColumns
	UploadChecking = store.UploadChecking
	UploadChecked  = store.UploadChecked
	UploadTaking   = store.UploadTaking
	UploadTaken    = store.UploadTaken
)

// Upload is a file that a user has sent to be taken in for his organization. It
// is kept for a day, and until it is taken in if that was begun.
type Upload struct {
	store.Upload
	Mapping roster.Mapping
	Done    int       // rows that were looked at, or taken in
	Now     time.Time // at which all this was so
}

// Working reports whether somebody works on the file, as far as is known.
func (u Upload) Working() bool { return u.Holder != "" && u.Now.Sub(u.Moved) < sweepLease }

// Left is how long the work on the file will take at the speed it has had; 0 if
// that is not known yet.
func (u Upload) Left() time.Duration {
	done, took := u.Done-u.BegunAt, u.Now.Sub(u.Begun)
	if !u.Working() || done <= 0 || took < time.Second {
		return 0
	}
	return took / time.Duration(done) * time.Duration(u.Total-u.Done)
}

// KeepUpload keeps a file, with a guess of how its columns are read or as the
// organization has read the last one with the same names, and returns its ID. The
// error is Invalid if it is no file that can be read.
func (r *Registry) KeepUpload(ctx context.Context, a iis.Actor, kind ImportKind, text string) (id string, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return "", err
	}
	names, records, total, err := glance(kind, text)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	id = iis.NewID()
	guess := roster.Guess(roster.Kind(kind), names, records) // beside the transaction: others wait for it
	return id, r.update(ctx, func(tx *store.Tx) error {
		open, err := tx.UploadsOf(ctx, a.User, a.Organization, tx.Now.Add(-uploadLife))
		if err != nil {
			return err
		}
		if len(open) >= mostUploads {
			return iis.Problems(iis.Problem{Field: "file", Text: "Too many files are not taken in yet: take some in, or cancel them, first."})
		}
		m, err := r.knownColumns(ctx, tx, a.Organization, kind, names)
		if iis.KindOf(err) == iis.NotFound {
			m, err = guess, nil
		}
		if err != nil {
			return err
		}
		m = m.Fit(roster.Kind(kind), records)
		u := store.Upload{ID: id, User: a.User, Organization: a.Organization, Kind: string(kind), Body: text,
			Digest: hex.EncodeToString(sum[:]), Total: total, State: UploadColumns}
		if err := setMapping(&u, m); err != nil {
			return err
		}
		if err := tx.PutUpload(ctx, u); err != nil {
			return err
		}
		return recordUpload(ctx, tx, a, u, "sent")
	})
}

// recordUpload records what was done with a file.
func recordUpload(ctx context.Context, tx *store.Tx, a iis.Actor, u store.Upload, what string) error {
	return record(ctx, tx, a, iis.ActionUpload, "", iis.Detail{Subject: u.Kind, Note: u.ID, Reason: what})
}

// glanced is how many rows are looked at to guess in which order dates are written.
const glanced = 2000

// glance reads the names of a file's columns and some of its rows, and counts all.
func glance(kind ImportKind, text string) (names []string, records [][]string, total int, err error) {
	wrong := func(f iis.Field, text string) error { return iis.Problems(iis.Problem{Field: f, Text: text}) }
	switch {
	case kind != ImportOfClients && kind != ImportOfImmunizations:
		return nil, nil, 0, wrong("kind", "What the file holds is not chosen: choose it.")
	case text == "":
		return nil, nil, 0, wrong("file", "File is missing or empty: choose a file of comma-separated values.")
	case len(text) > MostUpload:
		return nil, nil, 0, wrong("file", "File is larger than 10 MB: take it in parts, or ask the help desk.")
	case !utf8.ValidString(text) || strings.Contains(text, "\x00"):
		return nil, nil, 0, wrong("file", "File is not text in UTF-8: save it as \"CSV UTF-8\".")
	}
	names, records, err = roster.Glance(strings.NewReader(text), glanced)
	switch {
	case err != nil:
		return nil, nil, 0, wrong("file", "File cannot be read: "+err.Error()+".")
	case countNames(names) > roster.MostColumns:
		return nil, nil, 0, wrong("file", "File has more than 200 columns: leave out those that are not needed.")
	case len(names) > 2*roster.MostColumns:
		return nil, nil, 0, wrong("file", "File has more than 400 columns with its notes: leave out those that are not needed.")
	}
	x, err := roster.NewMappedReader(strings.NewReader(text), "", roster.Mapping{Columns: make([]string, len(names))})
	if err != nil {
		return nil, nil, 0, wrong("file", "File cannot be read: "+err.Error()+".")
	}
	for {
		_, err := x.Read()
		_, bad := errors.AsType[*roster.RowError](err)
		switch {
		case errors.Is(err, io.EOF) && total == 0:
			return nil, nil, 0, wrong("file", "File has no rows after the names of its columns.")
		case errors.Is(err, io.EOF):
			return names, records, total, nil
		case err != nil && !bad:
			return nil, nil, 0, wrong("file", "File cannot be read: "+err.Error()+".")
		}
		if total++; total > MostUploadRows {
			return nil, nil, 0, wrong("file", "File has more than 50,000 rows: take it in parts, or ask the help desk.")
		}
	}
}

// countNames counts the columns that are not notes.
func countNames(names []string) int {
	_, order := namesDigest(names)
	return len(order)
}

// Upload returns a file to who has sent it, while he acts for the same
// organization. To anybody else there is none.
func (r *Registry) Upload(ctx context.Context, a iis.Actor, id string) (u Upload, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return u, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		kept, err := tx.Upload(ctx, id)
		if err == nil {
			u, err = ownUpload(ctx, tx, a, kept)
		}
		return err
	})
	return u, err
}

// UploadText is Upload with the text of the file.
func (r *Registry) UploadText(ctx context.Context, a iis.Actor, id string) (u Upload, err error) {
	if u, err = r.Upload(ctx, a, id); err != nil {
		return u, err
	}
	return u, r.view(ctx, func(tx *store.Tx) error {
		u.Body, err = tx.UploadBody(ctx, id)
		return err
	})
}

// UploadOf returns the file that a batch was made of, as Upload does.
func (r *Registry) UploadOf(ctx context.Context, a iis.Actor, batch string) (u Upload, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return u, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		kept, err := tx.UploadOfBatch(ctx, batch)
		if err == nil {
			u, err = ownUpload(ctx, tx, a, kept)
		}
		return err
	})
	return u, err
}

// Uploads returns the files that the actor has sent for the organization he acts
// for and that are not taken in, newest first.
func (r *Registry) Uploads(ctx context.Context, a iis.Actor) (list []Upload, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return nil, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		list = nil
		kept, err := tx.UploadsOf(ctx, a.User, a.Organization, tx.Now.Add(-uploadLife))
		if err != nil {
			return err
		}
		for _, k := range kept {
			u, err := ownUpload(ctx, tx, a, k)
			if err != nil {
				return err
			}
			list = append(list, u)
		}
		return nil
	})
	return list, err
}

var errNoUpload = iis.Errorf(iis.NotFound, "no such upload")

func ownUpload(ctx context.Context, tx *store.Tx, a iis.Actor, kept store.Upload) (u Upload, err error) {
	old := tx.Now.Sub(kept.Made) > uploadLife && kept.State != UploadTaking
	if kept.User != a.User || kept.Organization != a.Organization || old {
		return u, errNoUpload
	}
	u = Upload{Upload: kept, Now: tx.Now}
	if u.Mapping, err = mappingOf(kept); err != nil {
		return u, err
	}
	if u.State == UploadChecking || u.State == UploadTaking {
		u.Done, err = tx.CountUploadRowsDone(ctx, u.ID, u.State == UploadTaking)
	}
	return u, err
}

// changeUpload lets f change a file of the actor's that is in one of some states,
// and records what was done.
func (r *Registry) changeUpload(ctx context.Context, a iis.Actor, id, what string, in []store.UploadState, f func(tx *store.Tx, u *store.Upload) error) error {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error {
		u, err := tx.Upload(ctx, id)
		if err != nil {
			return err
		}
		if _, err := ownUpload(ctx, tx, a, u); err != nil {
			return err
		}
		was := u.State
		if !slices.Contains(in, was) {
			return iis.Errorf(iis.Conflict, "Another page has gone on with this file meanwhile.")
		}
		if err := f(tx, &u); err != nil {
			return err
		}
		if u.ID != "" {
			if err := tx.SetUpload(ctx, u, was); err != nil {
				return err
			}
		}
		u.ID = id
		return recordUpload(ctx, tx, a, u, what)
	})
}

// DropUpload forgets a file that is not to be taken in.
func (r *Registry) DropUpload(ctx context.Context, a iis.Actor, id string) error {
	return r.changeUpload(ctx, a, id, "dropped", []store.UploadState{UploadColumns, UploadChecking, UploadChecked}, func(tx *store.Tx, u *store.Upload) error {
		u.ID = ""
		return tx.DeleteUpload(ctx, id)
	})
}

// forgetUploads forgets files that were sent long ago, some at a time.
func forgetUploads(ctx context.Context, tx *store.Tx) error {
	ids, err := tx.UploadsBefore(ctx, tx.Now.Add(-uploadLife), 20)
	for _, id := range ids {
		if err := tx.DeleteUpload(ctx, id); err != nil {
			return err
		}
	}
	return err
}

func setMapping(u *store.Upload, m roster.Mapping) error {
	columns, err := json.Marshal(m.Columns)
	if err != nil {
		return fmt.Errorf("encode the columns of upload %s: %w", u.ID, err)
	}
	u.Columns, u.Dates = string(columns), string(m.Dates)
	return nil
}

func mappingOf(u store.Upload) (m roster.Mapping, err error) {
	m.Dates = roster.DateOrder(u.Dates)
	if err := json.Unmarshal([]byte(u.Columns), &m.Columns); err != nil {
		return m, fmt.Errorf("read the columns of upload %s: %w", u.ID, err)
	}
	return m, nil
}
