package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	iis "openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Upload is a file that a user has sent to be taken in for his organization. It
// is kept for a day.
type Upload struct {
	ID    string
	Kind  ImportKind
	Text  string
	Rows  []UploadRow // what would become of each, or what has
	Taken bool
	Batch string // "" until it was taken in
}

// UploadRow is what becomes of one row of a file.
type UploadRow struct {
	Line    int           `json:"l"`
	Outcome ImportOutcome `json:"o"`
	Client  iis.ClientID  `json:"c,omitempty"`
	Reason  string        `json:"r,omitempty"` // why it is not taken in; never what it holds
}

// uploadLife is how long a file is kept.
const uploadLife = 24 * time.Hour

// KeepUpload keeps a file with what would become of its rows, and returns its ID.
func (r *Registry) KeepUpload(ctx context.Context, a iis.Actor, u Upload) (string, error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return "", err
	}
	rows, err := json.Marshal(u.Rows)
	if err != nil {
		return "", fmt.Errorf("encode the rows of an upload: %w", err)
	}
	id := iis.NewID()
	return id, r.update(ctx, func(tx *store.Tx) error {
		return tx.PutUpload(ctx, store.Upload{ID: id, User: a.User, Organization: a.Organization, Kind: string(u.Kind), Body: u.Text, Outcomes: string(rows)})
	})
}

// Upload returns a file to who has sent it, while he acts for the same
// organization. To anybody else there is none.
func (r *Registry) Upload(ctx context.Context, a iis.Actor, id string) (u Upload, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return u, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		kept, err := tx.Upload(ctx, id)
		if err != nil {
			return err
		}
		u, err = ownUpload(tx, a, kept)
		return err
	})
	return u, err
}

// UploadOf returns the file that a batch was made of, as Upload does.
func (r *Registry) UploadOf(ctx context.Context, a iis.Actor, batch string) (u Upload, err error) {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return u, err
	}
	err = r.view(ctx, func(tx *store.Tx) error {
		kept, err := tx.UploadOfBatch(ctx, batch)
		if err != nil {
			return err
		}
		u, err = ownUpload(tx, a, kept)
		return err
	})
	return u, err
}

func ownUpload(tx *store.Tx, a iis.Actor, kept store.Upload) (Upload, error) {
	if kept.User != a.User || kept.Organization != a.Organization || tx.Now.Sub(kept.Made) > uploadLife {
		return Upload{}, iis.Errorf(iis.NotFound, "no such upload")
	}
	u := Upload{ID: kept.ID, Kind: ImportKind(kept.Kind), Text: kept.Body, Taken: !kept.Taken.IsZero(), Batch: kept.Batch}
	if err := json.Unmarshal([]byte(kept.Outcomes), &u.Rows); err != nil {
		return u, fmt.Errorf("read the rows of upload %s: %w", kept.ID, err)
	}
	return u, nil
}

// TakeUpload is Upload for who begins to take the file in: it can be done once.
func (r *Registry) TakeUpload(ctx context.Context, a iis.Actor, id string) (u Upload, err error) {
	if u, err = r.Upload(ctx, a, id); err != nil {
		return u, err
	}
	return u, r.update(ctx, func(tx *store.Tx) error { return tx.TakeUpload(ctx, id) })
}

// FinishUpload notes what has become of the rows of a file that was taken in.
func (r *Registry) FinishUpload(ctx context.Context, a iis.Actor, u Upload) error {
	if err := r.may(ctx, a, iis.ImportClients); err != nil {
		return err
	}
	rows, err := json.Marshal(u.Rows)
	if err != nil {
		return fmt.Errorf("encode the rows of upload %s: %w", u.ID, err)
	}
	return r.update(ctx, func(tx *store.Tx) error { return tx.FinishUpload(ctx, u.ID, u.Batch, string(rows)) })
}

// DropUpload forgets a file that is not to be taken in.
func (r *Registry) DropUpload(ctx context.Context, a iis.Actor, id string) error {
	if _, err := r.Upload(ctx, a, id); err != nil {
		return err
	}
	return r.update(ctx, func(tx *store.Tx) error { return tx.DeleteUpload(ctx, id) })
}
