package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

const selectAnnouncement = `
SELECT a.id, a.posted, a.title, a.body, r.user_id IS NOT NULL
FROM announcement a
LEFT JOIN announcement_read r ON r.announcement_id = a.id AND r.user_id = $1`

func announcementFields(a *iis.Announcement) []any {
	return []any{&a.ID, &a.Posted, &a.Title, &a.Body, &a.Read}
}

// Announcements returns the notices of the home page, newest first, each with
// whether the user has read it (guide 7).
func (tx *Tx) Announcements(ctx context.Context, user iis.UserID) ([]iis.Announcement, error) {
	rows, err := tx.query(ctx, selectAnnouncement+`
ORDER BY a.posted DESC, a.title, a.id`, user)
	return collect(rows, err, func(r *sql.Rows) (iis.Announcement, error) {
		var a iis.Announcement
		return a, r.Scan(announcementFields(&a)...)
	})
}

// Announcement returns one notice, with whether the user has read it.
func (tx *Tx) Announcement(ctx context.Context, user iis.UserID, id iis.AnnouncementID) (iis.Announcement, error) {
	var a iis.Announcement
	err := tx.queryRow(ctx, selectAnnouncement+`
WHERE a.id = $2`, user, id).Scan(announcementFields(&a)...)
	return a, notFound(err, "no such announcement")
}

// PutAnnouncement writes a notice, new or changed. Who has read it stays.
func (tx *Tx) PutAnnouncement(ctx context.Context, a iis.Announcement) error {
	return wrap(tx.exec(ctx, `
INSERT INTO announcement (id, posted, title, body)
VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE
SET posted = excluded.posted, title = excluded.title, body = excluded.body`,
		a.ID, a.Posted, a.Title, a.Body), "write announcement", a.ID)
}

// DeleteAnnouncement removes a notice and who has read it.
func (tx *Tx) DeleteAnnouncement(ctx context.Context, id iis.AnnouncementID) error {
	err := tx.exec(ctx, `
DELETE FROM announcement_read
WHERE announcement_id = $1`, id)
	if err != nil {
		return err
	}
	n, err := tx.execN(ctx, `
DELETE FROM announcement
WHERE id = $1`, id)
	return orMissing(n, err, "no such announcement")
}

// ReadAnnouncement notes that the user has opened a notice; again changes
// nothing.
func (tx *Tx) ReadAnnouncement(ctx context.Context, user iis.UserID, id iis.AnnouncementID) error {
	return tx.exec(ctx, `
INSERT INTO announcement_read (user_id, announcement_id)
VALUES ($1, $2)
ON CONFLICT (user_id, announcement_id) DO NOTHING`, user, id)
}
